/* SPDX-License-Identifier: MIT */
/* The containers of a tree: sorted, and joined to their namespaces and processes. */
#pragma once

#include "model/builder.h"

struct nstree;

/* Puts the containers of a builder in the order of the tree, after order_namespaces() and before
 * layout_tree(). Returns 0 or -ENOMEM. */
int containers_sort(struct builder *builder);

/* Fills in those of the tree, after layout_tree(). */
void containers_join(const struct builder *builder, struct nstree *tree);
