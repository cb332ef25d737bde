/* SPDX-License-Identifier: MIT */
#include "style.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* One row a style, in the order of enum style. */
static const struct glyphs glyphs[] = {
    [STYLE_HANGUL] = {.item = "|- ", .last = "\u3134 ", .below = "|  ", .blank = "   "},
    [STYLE_UNICODE] = {.item = "\u251c\u2500 ",
                       .last = "\u2514\u2500 ",
                       .below = "\u2502  ",
                       .blank = "   "},
    [STYLE_ASCII] = {.item = "|- ", .last = "`- ", .below = "|  ", .blank = "   "},
};

const struct glyphs *style_glyphs(enum style style)
{
    return &glyphs[style == STYLE_AUTO ? STYLE_HANGUL : style];
}

static const char *locale_name(void)
{
    static const char *const variables[] = {"LC_ALL", "LC_CTYPE", "LANG"};

    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        const char *value = getenv(variables[i]);

        if (value && *value)
            return value;
    }
    return "C";
}

static bool is_utf8(const char *charset, size_t len)
{
    return (len == 5 && strncasecmp(charset, "UTF-8", len) == 0) ||
           (len == 4 && strncasecmp(charset, "UTF8", len) == 0);
}

bool style_other_charset(void)
{
    const char *name = locale_name(), *charset = strchr(name, '.');

    /* What the name says counts even where that locale is not installed: it is the terminal's. */
    if (charset)
        return !is_utf8(charset + 1, strcspn(charset + 1, "@"));
    if (strcmp(name, "C") == 0 || strcmp(name, "POSIX") == 0)
        return false;
    const char *loaded = setlocale(LC_CTYPE, NULL);
    if (!loaded || strcmp(loaded, "C") == 0)
        return false;
    charset = nl_langinfo(CODESET);
    return !is_utf8(charset, strlen(charset));
}

enum style style_auto(bool other_charset)
{
    return other_charset ? STYLE_ASCII : STYLE_HANGUL;
}

bool style_color(enum color color, FILE *out)
{
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

    if (color != COLOR_AUTO)
        return color == COLOR_ALWAYS;
    if (no_color && *no_color)
        return false;
    return term && strcmp(term, "dumb") != 0 && isatty(fileno(out));
}
