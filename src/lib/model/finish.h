/* SPDX-License-Identifier: MIT */
/* From what sources have reported to the tree. */
#ifndef NSTREE_FINISH_H
#define NSTREE_FINISH_H

#include "model/builder.h"

/* Sorts, places every process, links every namespace, and sets builder->order. Nothing but
 * descriptions of namespaces and facts about the scan may be added then. Returns 0 or -ENOMEM. */
int finish_places(struct builder *builder);

/* Makes a tree of what the builder holds, into *out; finish_places() was called. The builder is
 * empty then, and has to be freed as ever. Returns 0 or -ENOMEM. */
int finish_tree(struct builder *builder, struct nstree **out);

#endif
