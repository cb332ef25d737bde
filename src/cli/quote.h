/* SPDX-License-Identifier: MIT */
/* Text put in quotes for a language that gives some characters a meaning. It comes after escape.c:
 * that one makes text harmless to a terminal, this one to the reader of a picture's source. */
#ifndef QUOTE_H
#define QUOTE_H

#include <stdio.h>

/* What stands for each ASCII character; NULL: itself. Other bytes stand for themselves. */
struct quoting {
    const char *of[128];
    /* What is put between a character of `sticky` and a letter, or itself, behind it, for readers
     * that look for such pairs when they have taken the quotes away. NULL: there are none. */
    const char *sticky, *apart;
};

struct quote {
    FILE *stream; /* to be written to */
    FILE *out;
    const struct quoting *quoting;
    unsigned char before; /* the character that was quoted last, or 0 */
};

/* Opens quote->stream: what is written to it arrives quoted on `out`. Returns 0 or -ENOMEM. End it
 * with quote_close(). */
int quote_open(struct quote *quote, FILE *out, const struct quoting *quoting);

/* Ends one text: all of it has arrived, and what is written next is another. */
void quote_end(struct quote *quote);
void quote_close(struct quote *quote);

#endif
