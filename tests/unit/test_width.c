/* SPDX-License-Identifier: MIT */
/* The width of characters: some by hand, then all that the C library knows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <locale.h>
#include <wchar.h>

#include "base/utf8.h"
#include "cli/width.h"
#include "skip.h"

/* EastAsianWidth.txt and UnicodeData.txt of Unicode 15.0, looked up by hand. */
static void widths_of_unicode(void **state)
{
    static const struct {
        const char *row;
        uint32_t point;
        unsigned width;
    } rows[] = {
        {"space", ' ', 1},
        {"tilde", '~', 1},
        {"e with acute", 0xe9, 1},
        {"combining grave, the first that combines", 0x300, 0},
        {"the one before it", 0x2ff, 1},
        {"combining double breve below, the last of its block", 0x36f, 0},
        {"Greek heta, after that block", 0x370, 1},
        {"Hangul choseong kiyeok", 0x1100, 2},
        {"Hangul jungseong filler joins", 0x1160, 0},
        {"Hangul jongseong, the last", 0x11ff, 0},
        {"horizontal ellipsis is ambiguous", 0x2026, 1},
        {"box drawing is ambiguous", 0x251c, 1},
        {"watch", 0x231a, 2},
        {"ideographic space", 0x3000, 2},
        {"ideographic level tone mark combines", 0x302a, 0},
        {"Hangul letter nieun, the glyph of the last item", 0x3134, 2},
        {"Yijing hexagram", 0x4dc0, 1},
        {"CJK ideograph, the first", 0x4e00, 2},
        {"Hangul syllable, the first", 0xac00, 2},
        {"Hangul syllable, the last", 0xd7a3, 2},
        {"private use", 0xe000, 1},
        {"variation selector", 0xfe0f, 0},
        {"fullwidth A", 0xff21, 2},
        {"halfwidth katakana", 0xff71, 1},
        {"replacement character", 0xfffd, 1},
        {"whale", 0x1f40b, 2},
        {"CJK extension B", 0x20000, 2},
        {"plane 3, the last", 0x3fffd, 2},
        {"the last of all", 0x10ffff, 1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (width_of(rows[i].point) != rows[i].width)
            fail_msg("%s: %u, not %u", rows[i].row, width_of(rows[i].point), rows[i].width);
    }
}

/* Ambiguous characters that are wide for glibc, and those that Unicode 16 made wide. */
static bool is_disputed(uint32_t point)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        {0x3248, 0x324f}, {0x2630, 0x2637}, {0x268a, 0x268f}, {0x4dc0, 0x4dff}, {0x1d300, 0x1d376},
    };

    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        if (point >= ranges[i].first && point <= ranges[i].last)
            return true;
    }
    return false;
}

static void agrees_with_the_c_library(void **state)
{
    unsigned compared = 0, differ = 0;

    (void)state;
#ifndef __GLIBC__
    SKIP("only glibc's table is of a Unicode as new as this one");
#endif
    if (!setlocale(LC_ALL, "C.UTF-8"))
        SKIP("there is no locale C.UTF-8");
    for (uint32_t point = 0x20; point < 0x110000; point++) {
        int width = wcwidth((wchar_t)point);

        if (width < 0 || is_harmful(point) || is_disputed(point))
            continue;
        compared++;
        if (width_of(point) == (unsigned)width)
            continue;
        differ++;
        print_message("U+%04X: %u, not %d\n", point, width_of(point), width);
    }
    assert_true(compared > 100000);
    assert_int_equal(differ, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(widths_of_unicode),
        cmocka_unit_test(agrees_with_the_c_library),
    };

    return cmocka_run_group_tests_name("width", tests, NULL, NULL);
}
