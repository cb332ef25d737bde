/* SPDX-License-Identifier: MIT */
/* Which processes are nodes of a picture. Where a parent has several children that nothing tells
 * apart but their numbers, as a server its workers, one node stands for them all: a hundred of them
 * say no more than one, and nobody would find anything else between them. */
#ifndef NODES_H
#define NODES_H

#include "cli/render.h"

struct node {
    uint32_t stands_for; /* so many processes; 0: another node does for this one, or none */
    uint32_t last;       /* the highest number of these, in their own namespace */
};

struct nodes {
    const struct selection *selection;
    struct node *items; /* by index from the root's first */
};

/* Returns 0 or -ENOMEM. End with nodes_free(). */
int nodes_make(const struct selection *selection, const struct look *look, struct nodes *out);
void nodes_free(struct nodes *nodes);

static inline const struct node *nodes_of(const struct nodes *nodes,
                                          const struct nstree_process *process)
{
    return &nodes->items[process - nstree_root(nodes->selection->tree)->members];
}

#endif
