/* SPDX-License-Identifier: MIT */
/* The kinds of PID namespaces, and what a rule finds out about one. */
#pragma once

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
    KIND_SINGULARITY,
    KIND_FIRECRACKER,
    KIND_BUILDAH,
    KIND_DOCKER_BUILD,
    KIND_BUILDKIT,
    KIND_VIRTIOFSD,
    KIND_BAZEL,
    KIND_PASTA,
    KIND_PASST,
    KIND_ROOTLESSKIT,
    KIND_BUBBLEWRAP,
    KIND_RUNC,
    KIND_CRUN,
    KIND_YOUKI,
    KIND_RUNTIME,
    KIND_NIX,
    KIND_GUIX,
    KIND_CONTAINER,
    KIND_UNSHARE,
    KIND_SYSTEMD,
    KIND_COUNT
};

/* The first two are set before a signal is tried. What is not known is empty. */
struct found {
    enum who who;   /* the process to look at */
    enum kind kind; /* the rule's, which the signal may replace by a more exact one */
    char id[72];    /* of the container, whole */
    char name[320]; /* as its engine calls it */
    char k8s_namespace[72];
    char pod[256];   /* in Kubernetes and Podman */
    char image[256]; /* as people call it */
    char shown[416]; /* in the label in place of the name */
    char detail[96]; /* in the label behind name and ID */
    bool hides_id;   /* the label has no ID: its first 12 digits otherwise */
    uint32_t init;   /* PID of its init by the engine's notes, in the engine's PID namespace */
    uint32_t uid;    /* the user that the label names; 0: none */
};
