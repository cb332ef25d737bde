/* SPDX-License-Identifier: MIT */
#include "cli/style.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

static const struct glyphs glyphs[] = {
    [STYLE_HANGUL] =
        {.item = "|- ", .last = "\u3134 ", .below = "|  ", .blank = "   ", .cut = "\u2026"},
    [STYLE_UNICODE] = {.item = "\u251c\u2500 ",
                       .last = "\u2514\u2500 ",
                       .below = "\u2502  ",
                       .blank = "   ",
                       .cut = "\u2026"},
    [STYLE_ASCII] = {.item = "|- ", .last = "`- ", .below = "|  ", .blank = "   ", .cut = "..."},
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

    /* The name counts even if that locale is not installed: it describes the terminal. */
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

/* SGR sequences (console_codes(4)), legible on dark and light backgrounds. */
static const char *const paints[] = {
    [PAINT_END] = "\033[m",       [PAINT_NAMESPACE] = "\033[1;36m", [PAINT_LABEL] = "\033[32m",
    [PAINT_MATCH] = "\033[1;31m", [PAINT_MARK] = "\033[33m",        [PAINT_SELF] = "\033[1m",
};

void style_paint(FILE *out, bool color, enum paint paint)
{
    if (color)
        fputs(paints[paint], out);
}

bool style_color(enum color color, FILE *out)
{
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

    if (color != COLOR_AUTO)
        return color == COLOR_ALWAYS;
    if (no_color && *no_color)
        return false;
    return term && *term && strcmp(term, "dumb") != 0 && isatty(fileno(out));
}

unsigned style_columns(FILE *out)
{
    const char *variable = getenv("COLUMNS");
    struct winsize size;
    char *end;

    if (variable && *variable >= '1' && *variable <= '9') {
        unsigned long columns = strtoul(variable, &end, 10);

        if (*end == '\0' && columns <= 65535) /* ws_col has 16 bits */
            return (unsigned)columns;
    }
    return ioctl(fileno(out), TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}
