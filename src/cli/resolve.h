/* SPDX-License-Identifier: MIT */
/* What an operand names: a process, a namespace, a container. Pure: a tree and a text in. */
#pragma once

#include "cli/options.h"
#include "nstree.h"

/* What an operand was taken for. */
enum what {
    WHAT_NOTHING,   /* it fits nothing */
    WHAT_INSIDE,    /* NAME:PID; without a thing: NAME is there, and has no such process */
    WHAT_PID,       /* a PID in the root, or a thread */
    WHAT_NS,        /* an inode or ID of a namespace, of=PID */
    WHAT_LEVEL,     /* a PID at some level below the root */
    WHAT_CONTAINER, /* a name of containers, or an ID */
    WHAT_NAME,      /* a name of processes */
    WHAT_SEVERAL,   /* the beginning of the IDs of several containers */
};

/* One thing that is named; the other two are NULL. */
struct thing {
    const struct nstree_process *process;
    const struct nstree_ns *ns;
    const struct nstree_container *container;
};

/* Zeroed is ready; end with resolved_free(). */
struct resolved {
    enum what what;
    struct thing *things;
    size_t n, capacity;
    const struct nstree_ns *inside; /* WHAT_INSIDE: a namespace that was looked in */
    uint32_t pid;                   /* and the number that was looked for */
};

/* Resolves WHAT, the operand that needs no option: the first that fits of what `enum what` lists.
 * Returns 0 or -ENOMEM. */
int resolve_what(const struct nstree *tree, const struct ns_operand *operand, struct resolved *out);

/* Resolves an operand of --ns: only a namespace or containers. */
int resolve_ns(const struct nstree *tree, const struct ns_operand *operand, struct resolved *out);

/* Adds a thing. Returns 0 or -ENOMEM. */
int resolved_add(struct resolved *out, enum what what, struct thing thing);

void resolved_free(struct resolved *resolved);

#define AUTO_RESOLVED __attribute__((cleanup(resolved_free)))

/* Whether a container has a PID namespace of its own. */
static inline bool resolve_owns(const struct nstree_container *container)
{
    return container->ns && container->ns->container == container;
}

/* The namespace in which the PIDs of a thing count. NULL for a process, and in a recording without
 * it. */
static inline const struct nstree_ns *resolve_inside(const struct thing *thing)
{
    return thing->container ? thing->container->ns : thing->ns;
}
