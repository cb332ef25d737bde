/* SPDX-License-Identifier: MIT */
/* Which processes are nodes of a picture. Where a parent has several children that nothing tells
 * apart but their numbers, as a server its workers, one node stands for them all: a hundred of them
 * say no more than one, and nobody would find anything else between them. */
#ifndef PICTURE_NODES_H
#define PICTURE_NODES_H

#include "cli/render.h"

struct picture_node {
    uint32_t stands_for; /* so many processes; 0: another node does for this one, or none */
    uint32_t last;       /* the highest number of these, in their own namespace */
};

struct picture_nodes {
    const struct selection *selection;
    struct picture_node *items; /* by index from the root's first */
};

/* Returns 0 or -ENOMEM. End with picture_nodes_free(). */
int picture_nodes_make(const struct selection *selection, const struct look *look,
                       struct picture_nodes *out);
void picture_nodes_free(struct picture_nodes *nodes);

static inline const struct picture_node *picture_nodes_of(const struct picture_nodes *nodes,
                                                          const struct nstree_process *process)
{
    return &nodes->items[process - nstree_root(nodes->selection->tree)->members];
}

#endif
