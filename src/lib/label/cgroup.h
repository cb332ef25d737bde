/* SPDX-License-Identifier: MIT */
/*
 * What engines say in the paths of the cgroups that they make: the lines of /proc/N/cgroup
 * (cgroups(7)). Pure.
 */
#ifndef NSTREE_CGROUP_H
#define NSTREE_CGROUP_H

#include "label/kinds.h"

/* What the deepest component that an engine made says. */
struct cgroup {
    enum kind kind; /* KIND_NONE: no component is an engine's */
    struct text id, name;
    struct text pod;  /* uid of the pod right above it */
    struct text task; /* of ECS */
    unsigned depth;
};

/* Of all hierarchies: v1 can know more than v2, as with Docker in Docker. */
struct cgroup cgroup_deepest(struct text lines);

/* The user to whom systemd has left the part of the tree where a process is (user-UID.slice, see
 * systemd.special(7)), so that names below say nothing of root's; 0 for none, and for root. */
uint32_t cgroup_user(struct text lines);

/* The last component of the longest path. */
struct text cgroup_leaf(struct text lines);

#endif
