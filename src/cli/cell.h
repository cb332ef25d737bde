/* SPDX-License-Identifier: MIT */
/* A value as the text of a table. */
#pragma once

#include "cli/put.h"
#include "cli/values.h"

struct cell {
    const char *text; /* in `buffer`, in `owned` or lent by the tree; no NUL ends it */
    size_t len;
    char *owned; /* to be freed, or NULL */
    char buffer[CHAIN_BYTES];
};

/* Makes the cell of a value, behind `indent` blanks; `-` of one that is not known. Returns 0 or
 * -ENOMEM. Call cell_free() in any case. */
int cell_make(struct cell *cell, const struct values *values, const struct value *value,
              unsigned indent);
void cell_free(struct cell *cell);

/* How many columns of a terminal it takes. */
size_t cell_width(const struct cell *cell);
