/* SPDX-License-Identifier: MIT */
/*
 * Names for people, from the files in which engines keep them; no daemon is asked. Pure.
 */
#pragma once

#include "label/kinds.h"

/* These complete what was found, as engine_kind.find_name. They return false where the files show
 * that the namespace is not of this kind. */
bool names_docker(struct trial *trial, struct found *found);
bool names_k8s(struct trial *trial, struct found *found);
bool names_containerd(struct trial *trial, struct found *found);
bool names_podman_pod(struct trial *trial, struct found *found);
bool names_lxc(struct trial *trial, struct found *found);
bool names_firejail(struct trial *trial, struct found *found);
bool names_buildah(struct trial *trial, struct found *found);
bool names_runtime(struct trial *trial, struct found *found);

/* Whether the state of runc or crun, if there is one, does not say that it runs another init. */
bool names_state(struct trial *trial, struct found *found);

/* Whether a program of this comm stays as the parent of a container, and adopts what that leaves:
 * then the driver looks for WHO_PEER among its children. */
bool names_keeps_container(const char *comm);

/* Splits the title of LXC's monitor process, `[lxc monitor] PATH NAME` in one string. Returns false
 * if the parent process is no such monitor. */
bool names_lxc_monitor(struct trial *trial, struct text *path, struct text *name);
