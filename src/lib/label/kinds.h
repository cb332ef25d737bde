/* SPDX-License-Identifier: MIT */
/* The kinds of namespaces, and what is found of one. */
#ifndef NSTREE_KINDS_H
#define NSTREE_KINDS_H

#include "label/trial.h"

enum kind {
    KIND_NONE,
    KIND_DOCKER,
    KIND_K8S,
    KIND_PODMAN,
    KIND_CONTAINERD,
    KIND_LINUXKIT,
    KIND_NSPAWN,
    KIND_LXC,
    KIND_LXD,
    KIND_INCUS,
    KIND_WAYDROID,
    KIND_WSL,
    KIND_WSL_SYSTEM,
    KIND_DOCKER_DESKTOP,
    KIND_FLATPAK,
    KIND_NOMAD,
    KIND_GVISOR,
    KIND_CHROMIUM,
    KIND_FIREJAIL,
    KIND_NSJAIL,
    KIND_MINIJAIL,
    KIND_APPTAINER,
    KIND_FIRECRACKER,
    KIND_BUILDAH,
    KIND_BUBBLEWRAP,
    KIND_RUNC,
    KIND_CRUN,
    KIND_CONTAINER,
    KIND_UNSHARE,
    KIND_SYSTEMD,
};

/* What a signal is asked, and what it says. */
struct found {
    enum who who;   /* whose evidence is looked at */
    enum kind kind; /* that of the rule, unless the signal knows better */
    char id[72];    /* of the container: shown in 12 digits */
    char name[320]; /* for people */
    char note[96];  /* behind both */
    uint32_t uid;   /* whose word it is, if that has to be said; else 0 */
};

#endif
