/* SPDX-License-Identifier: MIT */
/* What stands in front of the lines of a tree: three columns for each item that they are below. */
#ifndef PREFIX_H
#define PREFIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "cli/style.h"

/* Zeroed but for its glyphs is: below nothing. Its bytes are one array, whatever the depth. */
struct prefix {
    const struct glyphs *glyphs;
    char *text;
    size_t len, size;
};

/* Goes below an item, which is the last of its siblings or not. Returns 0 or -ENOMEM. */
int prefix_enter(struct prefix *prefix, bool last);

/* Comes back from below such an item. */
void prefix_leave(struct prefix *prefix, bool last);

/* Begins the line of an item. */
void prefix_draw(const struct prefix *prefix, FILE *out, bool last);

void prefix_free(struct prefix *prefix);

#endif
