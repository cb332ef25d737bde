/* SPDX-License-Identifier: MIT */
/* Quotes text for a language in which some characters have a meaning. escape.c comes first: it
 * makes text harmless to a terminal, this to a program that reads the picture. */
#pragma once

#include <stdio.h>

/* What replaces each ASCII character; NULL: nothing. Other bytes are never replaced. */
struct quoting {
    const char *of[128];
    /* `apart` is put between a character of `sticky` and a letter or the same character after it,
     * for programs that interpret such pairs after unquoting. NULL: there are none. */
    const char *sticky, *apart;
};

struct quote {
    FILE *stream; /* for the text */
    FILE *out;
    const struct quoting *quoting;
    unsigned char before; /* the last byte of the text, or 0 */
};

/* Opens quote->stream. What is written to it is quoted on `out`. Returns 0 or -ENOMEM. Close it
 * with quote_close(). */
int quote_open(struct quote *quote, FILE *out, const struct quoting *quoting);

/* Ends a text: all of it is written to `out`, and the next is quoted independently. */
void quote_end(struct quote *quote);
void quote_close(struct quote *quote);
