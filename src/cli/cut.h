/* SPDX-License-Identifier: MIT */
/* Cuts lines at the width of a terminal, which would wrap them into the glyphs of the tree. A
 * renderer writes onto a stream as ever; only where a width is set is this one put before it, so
 * that what is piped costs nothing more. */
#ifndef CUT_H
#define CUT_H

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

/* Opens cut->stream: what is written to it arrives on `out`, each line with at most `columns`
 * columns. Escape sequences that colour (ESC [ … m) take none and always arrive, so that none stays
 * open. Returns 0 or -ENOMEM. End it with cut_close(). */
int cut_open(struct cut *cut, FILE *out, unsigned columns, const char *ellipsis);

/* Ends the stream and what it holds. Returns 0, or -ENOMEM if a line was lost. Write errors are
 * those of `out`. */
int cut_close(struct cut *cut);

#endif
