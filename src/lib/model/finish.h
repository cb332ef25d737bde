/* SPDX-License-Identifier: MIT */
/* Turns what sources have reported into the tree. */
#pragma once

#include "model/builder.h"

/* Sorts, places every process, links every namespace, and sets builder->order. Only descriptions of
 * namespaces and facts about the scan may be added after that. Returns 0 or -ENOMEM. */
int finish_places(struct builder *builder);

/* Makes a tree of what the builder holds, into *out, after finish_places(). The builder is empty
 * then, and still has to be freed. Returns 0 or -ENOMEM. */
int finish_tree(struct builder *builder, struct nstree **out);
