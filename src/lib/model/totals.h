/* SPDX-License-Identifier: MIT */
/* What the members of each namespace, and the processes of each container, are together: how many,
 * how many of them zombies or in an inferred place, and their usage. */
#pragma once

#include "model/builder.h"
#include "model/tree.h"

/* Sets these of all namespaces and containers, which have their processes. Of a recording
 * they are what was recorded, if it was. Returns 0 or -ENOMEM. */
int totals_fill(const struct builder *builder, struct nstree *tree);
