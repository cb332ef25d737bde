/* SPDX-License-Identifier: MIT */
/* What the names of cgroups show, in the lines of /proc/PID/cgroup (cgroups(7)). Pure. */
#pragma once

#include "label/kinds.h"

/* A cgroup that an engine made. */
struct cgroup {
    enum kind kind; /* KIND_NONE: there is none */
    struct text id, name;
    struct text pod;  /* the UID of the pod directly above it */
    struct text task; /* of ECS */
    struct text path; /* up to and with the component that names the container */
    bool in_pod;      /* the component above names a pod: of Kubernetes, ECS or Podman */
    unsigned depth;
};

/* The deepest of them, in any hierarchy: v1 can show more than v2, as with Docker in Docker. */
struct cgroup cgroup_deepest(struct text lines);

/* A number for the container that a cgroup is of, 0: of none. It stands for the whole path: whoever
 * may make cgroups in a part of the tree can give them any name, but not that path. */
uint64_t cgroup_identity(const struct cgroup *cgroup);

/* The deepest of those around it, in the same hierarchy. */
struct cgroup cgroup_around(const struct cgroup *cgroup);

/* The user to whom systemd delegated this part of the tree (user-UID.slice, systemd.special(7)),
 * who can choose all names below it; 0 if that is nobody or root. */
uint32_t cgroup_user(struct text lines);

/* The last component of the path that says most. */
struct text cgroup_leaf(struct text lines);

/* The name of the service of systemd's that a process is in, or that the cgroup around it was
 * delegated to (Delegate=, systemd.resource-control(5)); empty if there is none. */
struct text cgroup_service(struct text lines);
