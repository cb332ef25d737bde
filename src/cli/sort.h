/* SPDX-License-Identifier: MIT */
/* The order of --sort. */
#pragma once

#include "cli/values.h"

/* Sorts entries by the column that columns->sort names. Equal ones stay in the order of the tree.
 * Returns 0 or -ENOMEM. */
int sort_entries(struct entries *entries, const struct values *values,
                 const struct columns *columns);
