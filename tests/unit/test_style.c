/* SPDX-License-Identifier: MIT */
/* Glyphs and colours by terminal, locale and environment. */
#include "build.h"

#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <unistd.h>

#include "cli/style.h"
#include "skip.h"

static void set(const char *name, const char *value)
{
    assert_int_equal(value ? setenv(name, value, 1) : unsetenv(name), 0);
}

/* Like the program at its start: with a locale that is not installed, it stays in C. */
static void load_locale(const char *all, const char *ctype, const char *lang)
{
    set("LC_ALL", all);
    set("LC_CTYPE", ctype);
    set("LANG", lang);
    setlocale(LC_ALL, "C");
    setlocale(LC_ALL, "");
}

/* The charset in a name counts, whether or not the locale is installed. */
static void charset_by_the_locale_variables(void **state)
{
    static const struct {
        const char *row, *all, *ctype, *lang;
        bool other;
    } rows[] = {
        {"none", NULL, NULL, NULL, false},
        {"empty ones", "", "", "", false},
        {"C", NULL, NULL, "C", false},
        {"POSIX", NULL, NULL, "POSIX", false},
        {"LC_ALL=C", "C", NULL, NULL, false},
        {"C.UTF-8", NULL, NULL, "C.UTF-8", false},
        {"C.utf8", NULL, NULL, "C.utf8", false},
        {"xx_XX.UTF-8", NULL, NULL, "xx_XX.UTF-8", false},
        {"xx_XX.utf8@modifier", NULL, NULL, "xx_XX.utf8@modifier", false},
        {"ko_KR.EUC-KR", NULL, NULL, "ko_KR.EUC-KR", true},
        {"de_DE.ISO-8859-15@euro", NULL, NULL, "de_DE.ISO-8859-15@euro", true},
        {"ja_JP.SJIS in LC_CTYPE", NULL, "ja_JP.SJIS", NULL, true},
        {"UTF-16 is not UTF-8", NULL, NULL, "xx_XX.UTF-16", true},
        {"UTF-88 is not UTF-8", NULL, NULL, "xx_XX.UTF-88", true},
        {"LC_ALL before LANG", "xx_XX.UTF-8", NULL, "ko_KR.EUC-KR", false},
        {"LC_ALL before LC_CTYPE", "ko_KR.EUC-KR", "xx_XX.UTF-8", "xx_XX.UTF-8", true},
        {"LC_CTYPE before LANG", NULL, "ko_KR.EUC-KR", "xx_XX.UTF-8", true},
        {"LC_ALL=C before all", "C", "ko_KR.EUC-KR", "ko_KR.EUC-KR", false},
        {"an empty LC_ALL does not count", "", NULL, "ko_KR.EUC-KR", true},
        {"an empty LC_CTYPE does not count", "", "", "ko_KR.EUC-KR", true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        load_locale(rows[i].all, rows[i].ctype, rows[i].lang);
        ROW_INT(rows[i].row, style_other_charset(), rows[i].other);
    }
}

static void unknown_locale_that_names_no_charset(void **state)
{
    (void)state;
    load_locale(NULL, NULL, "xx_XX");
    const char *loaded = setlocale(LC_CTYPE, NULL), *charset = nl_langinfo(CODESET);
    if (strcmp(loaded, "C") != 0 && strcmp(charset, "UTF-8") != 0)
        SKIP("a locale xx_XX is installed here, and its charset is not UTF-8");
    assert_false(style_other_charset());
}

static void auto_is_hangul_or_ascii(void **state)
{
    (void)state;
    assert_int_equal(style_auto(false), STYLE_HANGUL);
    assert_int_equal(style_auto(true), STYLE_ASCII);
}

/* Every glyph is three columns wide; hangul's nieun alone is two columns wide. */
static void glyphs_of_each_style(void **state)
{
    static const struct {
        const char *row;
        enum style style;
        const char *item, *last, *below, *blank;
    } rows[] = {
        {"hangul", STYLE_HANGUL, "|- ", "\xe3\x84\xb4 ", "|  ", "   "},
        {"unicode", STYLE_UNICODE, "\xe2\x94\x9c\xe2\x94\x80 ", "\xe2\x94\x94\xe2\x94\x80 ",
         "\xe2\x94\x82  ", "   "},
        {"ascii", STYLE_ASCII, "|- ", "`- ", "|  ", "   "},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct glyphs *glyphs = style_glyphs(rows[i].style);

        ROW_TEXT(rows[i].row, glyphs->item, rows[i].item);
        ROW_TEXT(rows[i].row, glyphs->last, rows[i].last);
        ROW_TEXT(rows[i].row, glyphs->below, rows[i].below);
        ROW_TEXT(rows[i].row, glyphs->blank, rows[i].blank);
    }
}

/* A stream to a new terminal, which lives as long as its master side. */
static FILE *terminal(int *master)
{
    *master = posix_openpt(O_RDWR | O_NOCTTY);
    if (*master < 0 || grantpt(*master) != 0 || unlockpt(*master) != 0)
        return NULL;
    const char *name = ptsname(*master);
    return name ? fopen(name, "r+") : NULL;
}

static void colour_on_a_terminal(void **state)
{
    static const struct {
        const char *row;
        enum color color;
        const char *no_color, *term;
        bool want;
    } rows[] = {
        {"auto", COLOR_AUTO, NULL, "xterm", true},
        {"an empty NO_COLOR is none", COLOR_AUTO, "", "xterm", true},
        {"NO_COLOR", COLOR_AUTO, "1", "xterm", false},
        {"NO_COLOR=0 too", COLOR_AUTO, "0", "xterm", false},
        {"dumb", COLOR_AUTO, NULL, "dumb", false},
        {"an empty TERM", COLOR_AUTO, NULL, "", false},
        {"no TERM", COLOR_AUTO, NULL, NULL, false},
        {"never", COLOR_NEVER, NULL, "xterm", false},
        {"always", COLOR_ALWAYS, NULL, "xterm", true},
        {"always, whatever NO_COLOR says", COLOR_ALWAYS, "1", "dumb", true},
    };
    int master;
    FILE *out = terminal(&master);

    (void)state;
    if (!out)
        SKIP("no pseudo terminal can be had here");
    for (size_t i = 0; i < COUNT(rows); i++) {
        set("NO_COLOR", rows[i].no_color);
        set("TERM", rows[i].term);
        ROW_INT(rows[i].row, style_color(rows[i].color, out), rows[i].want);
    }
    fclose(out);
    close(master);
}

static void no_colour_into_a_file(void **state)
{
    FILE *out = tmpfile();

    (void)state;
    assert_non_null(out);
    set("NO_COLOR", NULL);
    set("TERM", "xterm");
    assert_false(style_color(COLOR_AUTO, out));
    assert_true(style_color(COLOR_ALWAYS, out));
    fclose(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(charset_by_the_locale_variables),
        cmocka_unit_test(unknown_locale_that_names_no_charset),
        cmocka_unit_test(auto_is_hangul_or_ascii),
        cmocka_unit_test(glyphs_of_each_style),
        cmocka_unit_test(colour_on_a_terminal),
        cmocka_unit_test(no_colour_into_a_file),
    };

    return cmocka_run_group_tests_name("style", tests, NULL, NULL);
}
