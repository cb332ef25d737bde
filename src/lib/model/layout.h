/* SPDX-License-Identifier: MIT */
#ifndef NSTREE_LAYOUT_H
#define NSTREE_LAYOUT_H

#include "model/tree.h"

/* Makes the arrays of namespaces and processes that nstree.h describes out of nodes and drafts that
 * place_all() has placed, and points tree->by_key at the namespaces. Returns 0 or -ENOMEM. */
int layout_all(struct nstree *tree);

#endif
