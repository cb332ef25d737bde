/* SPDX-License-Identifier: MIT */
/* What the languages for pictures share: boxes in boxes, nodes in them, lines between nodes. A
 * language is a table of words. */
#ifndef PICTURE_H
#define PICTURE_H

#include "cli/quote.h"
#include "cli/render.h"

struct picture_words {
    const char *begin, *end; /* of the whole */
    /* A box: `box ID box_text TEXT box_open`, what is in it, `box_close`. `box_count` stands in
     * TEXT before the number of processes; `box_first` is the first that is in a box, or NULL. */
    const char *box, *box_text, *box_count, *box_open, *box_first, *box_close;
    /* A node: `NAME node_text TEXT node_end`; one without a border: `note_text`, `note_end`. */
    const char *node_text, *node_end;
    const char *note_text, *note_end;
    const char *filler; /* behind the name of a node that only keeps an empty box up, or NULL */
    /* Lines, `NAME between NAME after`: from a parent to its child, and from a number of a process
     * to that at its next level. */
    struct picture_line {
        const char *between, *after;
    } child, same;
    struct quoting quoting; /* of text; its newline begins a new line in the picture */
};

/* Draws a selection. Returns 0 or -ENOMEM. */
int picture_draw(const struct picture_words *words, const struct selection *selection,
                 const struct look *look, FILE *out);

#endif
