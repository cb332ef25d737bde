/* SPDX-License-Identifier: MIT */
/* What lists and tables have a line for: processes, or namespaces and the containers that share
 * them. */
#pragma once

#include "cli/render.h"

struct entry {
    const struct nstree_ns *ns;               /* the namespace, or the one that it is in */
    const struct nstree_process *process;     /* the process, or the init; NULL: none is known */
    const struct nstree_container *container; /* the one that shares `ns`; NULL: it is none */
};

struct entries {
    struct entry *items;
    size_t n, capacity;
};

/* All that is selected, in the order of the tree. Namespaces that are shown only as ancestors are
 * not among them. Returns 0 or -ENOMEM. Call entries_free() in any case. */
int entries_make(const struct selection *selection, const struct look *look,
                 struct entries *entries);
void entries_free(struct entries *entries);

/* The marks of an entry, as a tree has them at the end of a line, in memory to be freed; NULL
 * without memory. */
char *entry_marks(const struct look *look, const struct nstree *tree, const struct entry *entry);

/* Whether `entry` is a namespace. With look->summary, it is that or a container. */
static inline bool entry_is_namespace(const struct look *look, const struct entry *entry)
{
    return look->summary && !entry->container;
}
