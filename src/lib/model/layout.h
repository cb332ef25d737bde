/* SPDX-License-Identifier: MIT */
/* The arrays of the finished tree, as nstree.h describes them. Every step is linear or a sort. */
#pragma once

#include "model/builder.h"

/* Fills an empty tree with what the builder holds: all is placed and in order. Takes the builder's
 * strings over. Returns 0 or -ENOMEM. */
int layout_tree(struct builder *builder, struct nstree *tree);
