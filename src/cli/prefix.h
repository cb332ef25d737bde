/* SPDX-License-Identifier: MIT */
/* The glyphs in front of the lines of a tree: three columns for each ancestor. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "cli/style.h"

/* Zeroed except for `glyphs`: at the root. The text is one array, whatever the depth. */
struct prefix {
    const struct glyphs *glyphs;
    char *text;
    size_t len, size;
};

/* Descends below an item, which may be the last of its siblings. Returns 0 or -ENOMEM. */
int prefix_enter(struct prefix *prefix, bool last);

/* Returns from below such an item. */
void prefix_leave(struct prefix *prefix, bool last);

/* Begins the line of an item. */
void prefix_draw(const struct prefix *prefix, FILE *out, bool last);

void prefix_free(struct prefix *prefix);
