/* SPDX-License-Identifier: MIT */
/* Pictures: nested boxes, nodes in them, lines between nodes. A language for pictures is a table of
 * words. */
#pragma once

#include "cli/quote.h"
#include "cli/render.h"

struct picture_words {
    const char *begin, *end; /* of the whole */
    /* A box: `box ID box_text TEXT box_open`, its contents, `box_close`. In TEXT, `box_count`
     * precedes the count of processes. `box_first` begins the contents, or is NULL. */
    const char *box, *box_text, *box_count, *box_open, *box_first, *box_close;
    /* A node: `NAME node_text TEXT node_end`; without a border: `note_text`, `note_end`. */
    const char *node_text, *node_end;
    const char *note_text, *note_end;
    const char *filler; /* follows the name of the only node of an empty box, or NULL */
    /* Lines, `NAME between NAME after`: from a parent process to its child, from a process at one
     * level to the same at the next, and from a box to the next in its row; this one is not
     * visible, and NULL if there is none (picture_rows.h). */
    struct picture_line {
        const char *between, *after;
    } child, same, row;
    struct quoting quoting; /* of TEXT; a newline in it is a new line in the picture */
};

/* Draws a selection. Returns 0 or -ENOMEM. */
int picture_draw(const struct picture_words *words, const struct selection *selection,
                 const struct look *look, FILE *out);
