/* SPDX-License-Identifier: MIT */
/* Which processes are nodes of a picture. Children of one parent that differ only in their PIDs, as
 * the workers of a server do, are joined to one node: a hundred of them would say no more, and hide
 * everything else. */
#pragma once

#include "cli/render.h"

struct picture_node {
    uint32_t count; /* of processes that it shows; 0: it is not drawn */
    uint32_t last;  /* the highest PID of those joined, in their own namespace */
};

struct picture_nodes {
    const struct selection *selection;
    struct picture_node *items; /* by index from the root's first */
};

/* Returns 0 or -ENOMEM. Call picture_nodes_free() in any case. */
int picture_nodes_make(const struct selection *selection, const struct look *look,
                       struct picture_nodes *out);
void picture_nodes_free(struct picture_nodes *nodes);

static inline const struct picture_node *picture_nodes_of(const struct picture_nodes *nodes,
                                                          const struct nstree_process *process)
{
    return &nodes->items[process - nstree_root(nodes->selection->tree)->members];
}
