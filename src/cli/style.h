/* SPDX-License-Identifier: MIT */
/* What a tree is drawn with, and which of it a terminal is given. */
#ifndef STYLE_H
#define STYLE_H

#include <stdbool.h>
#include <stdio.h>

#include "cli/options.h"

/* The first four are each three columns wide. */
struct glyphs {
    const char *item;  /* in front of an item that others follow */
    const char *last;  /* in front of the last one */
    const char *below; /* in front of what is below an item that others follow */
    const char *blank; /* in front of what is below the last one */
    const char *cut;   /* at the end of a line that was cut at the terminal's width */
};

/* The glyphs of a style; auto is for style_auto() to settle. */
const struct glyphs *style_glyphs(enum style style);

/* The charset that the locale in the environment names differs from UTF-8. The C and POSIX locales
 * name none: they are common in debug shells, whose terminals read UTF-8 all the same. Looks at
 * LC_ALL, LC_CTYPE and LANG in that order, as setlocale(3) does; it must have been called. */
bool style_other_charset(void);

/* What auto means here. */
enum style style_auto(bool other_charset);

/* What is coloured. Colour adds to what is said in words and never says anything by itself. */
enum paint {
    PAINT_END, /* back to the terminal's own */
    PAINT_NAMESPACE,
    PAINT_LABEL, /* what a namespace is */
    PAINT_SELF,  /* this program's own process */
    PAINT_MATCH, /* what --find looks for */
    PAINT_MARK,  /* (…) at the end of a line: inferred, entered, zombie; a namespace not read */
};

/* Changes the colour, if there is to be colour. */
void style_paint(FILE *out, bool color, enum paint paint);

/* Whether to colour what goes to `out`: no-color.org, isatty(3), TERM. */
bool style_color(enum color color, FILE *out);

/* The columns of the terminal that `out` leads to, or 0 if it is none or does not say: COLUMNS if
 * that is a number, as users of ps(1) and ls(1) expect, else TIOCGWINSZ (ioctl_tty(2)). */
unsigned style_columns(FILE *out);

#endif
