/* SPDX-License-Identifier: MIT */
/* Glyphs and colours, and what the terminal supports. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "cli/options.h"

/* The first four are three columns wide. */
struct glyphs {
    const char *item;  /* before an item that is not the last of its siblings */
    const char *last;  /* before the last one */
    const char *below; /* before the descendants of the former */
    const char *blank; /* before the descendants of the latter */
    const char *cut;   /* ends a line that was cut at the width of the terminal */
};

/* The glyphs of a style. Resolve STYLE_AUTO with style_auto() first. */
const struct glyphs *style_glyphs(enum style style);

/* Whether the locale names a charset other than UTF-8. The C and POSIX locales name none: they are
 * common in debug shells, whose terminals use UTF-8 all the same. Reads LC_ALL, LC_CTYPE and LANG
 * in that order, as setlocale(3) does. Call that first. */
bool style_other_charset(void);

/* The style that STYLE_AUTO means. */
enum style style_auto(bool other_charset);

/* What is coloured. Colour never says anything that the text does not. */
enum paint {
    PAINT_END, /* the terminal's default */
    PAINT_NAMESPACE,
    PAINT_LABEL, /* what a namespace is */
    PAINT_SELF,  /* this program's own process */
    PAINT_MATCH, /* what --find looks for */
    PAINT_MARK,  /* marks in parentheses; a namespace that was not read */
};

/* Changes the colour, if `color`. */
void style_paint(FILE *out, bool color, enum paint paint);

/* Whether to colour what goes to `out`: no-color.org, isatty(3), TERM. */
bool style_color(enum color color, FILE *out);

/* The columns of the terminal behind `out`; 0: unknown, or not a terminal. COLUMNS takes precedence
 * over TIOCGWINSZ (ioctl_tty(2)), also where that is no terminal, as in ps(1): watch(1) sets it for
 * what it shows. */
unsigned style_columns(FILE *out);
