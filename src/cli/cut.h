/* SPDX-License-Identifier: MIT */
/* Cuts lines at the width of a terminal, which would wrap them into the glyphs of the tree.
 * Renderers write to a stream in any case. Only output to a terminal goes through this one, so that
 * a pipe costs nothing more. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

struct cut {
    FILE *stream; /* for the renderer to write to */
    FILE *out;
    const char *ellipsis; /* ends a line that was cut */
    unsigned columns;
    bool failed; /* out of memory */
    char *line;  /* collected up to its newline */
    size_t len, size;
};

/* Opens cut->stream. What is written to it goes to `out`, with at most `columns` columns a line.
 * Colour sequences (ESC [ … m) take no column and are never cut, so that no colour stays on.
 * Returns 0 or -ENOMEM. Close it with cut_close(). */
int cut_open(struct cut *cut, FILE *out, unsigned columns, const char *ellipsis);

/* Ends a text that is a part of a line: what was written is cut and goes to `out` without a
 * newline. */
void cut_end(struct cut *cut);

/* Closes the stream and writes what it still holds. Returns 0, or -ENOMEM if a line was lost. Write
 * errors are those of `out`. */
int cut_close(struct cut *cut);
