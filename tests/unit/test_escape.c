/* SPDX-License-Identifier: MIT */
/* Text that others chose, made harmless. The decoder is compared with the table of RFC 3629,
 * section 4, as ranges of bytes, and not with another decoder. */
#include "build.h"

#include "base/utf8.h"
#include "cli/escape.h"

/* UTF8-octets of RFC 3629, section 4: a row for each alternative, its bytes as ranges. */
static const struct {
    size_t len;
    unsigned char from[4], to[4];
} rfc3629[] = {
    {1, {0x00}, {0x7f}},
    {2, {0xc2, 0x80}, {0xdf, 0xbf}},
    {3, {0xe0, 0xa0, 0x80}, {0xe0, 0xbf, 0xbf}},
    {3, {0xe1, 0x80, 0x80}, {0xec, 0xbf, 0xbf}},
    {3, {0xed, 0x80, 0x80}, {0xed, 0x9f, 0xbf}},
    {3, {0xee, 0x80, 0x80}, {0xef, 0xbf, 0xbf}},
    {4, {0xf0, 0x90, 0x80, 0x80}, {0xf0, 0xbf, 0xbf, 0xbf}},
    {4, {0xf1, 0x80, 0x80, 0x80}, {0xf3, 0xbf, 0xbf, 0xbf}},
    {4, {0xf4, 0x80, 0x80, 0x80}, {0xf4, 0x8f, 0xbf, 0xbf}},
};

/* Bytes of the character at bytes[0..len), or 0. */
static size_t oracle_length(const unsigned char *bytes, size_t len)
{
    for (size_t row = 0; row < COUNT(rfc3629); row++) {
        size_t i = 0;

        while (i < rfc3629[row].len && i < len && bytes[i] >= rfc3629[row].from[i] &&
               bytes[i] <= rfc3629[row].to[i])
            i++;
        if (i == rfc3629[row].len)
            return i;
    }
    return 0;
}

/* Section 3 of the RFC: the x bits, from the highest. */
static uint32_t oracle_point(const unsigned char *bytes, size_t len)
{
    static const unsigned mask[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    uint32_t point = bytes[0] & mask[len];

    for (size_t i = 1; i < len; i++)
        point = point * 64 + (bytes[i] - 0x80U);
    return point;
}

static void compare(const unsigned char *bytes, size_t len)
{
    uint32_t point = 0xdeadbeef;
    char *exact = malloc(len); /* so that a sanitizer sees reads behind it */
    size_t want = oracle_length(bytes, len);

    assert_non_null(exact);
    memcpy(exact, bytes, len);
    size_t got = utf8_decode(exact, len, &point);
    free(exact);
    if (got != want || (want > 0 && point != oracle_point(bytes, want)))
        fail_msg("%02x %02x %02x %02x, %zu bytes: %zu U+%04X, not %zu", bytes[0],
                 len > 1 ? bytes[1] : 0, len > 2 ? bytes[2] : 0, len > 3 ? bytes[3] : 0, len, got,
                 point, want);
}

static void decodes_every_one_two_and_three_bytes(void **state)
{
    (void)state;
    for (unsigned a = 0; a < 256; a++) {
        compare((unsigned char[]){(unsigned char)a}, 1);
        for (unsigned b = 0; b < 256; b++) {
            compare((unsigned char[]){(unsigned char)a, (unsigned char)b}, 2);
            for (unsigned c = a < 0xc0 ? 256 : 0; c < 256; c++)
                compare((unsigned char[]){(unsigned char)a, (unsigned char)b, (unsigned char)c}, 3);
        }
    }
}

/* Around every limit of the table. */
static void decodes_four_bytes_around_every_edge(void **state)
{
    static const unsigned char edges[] = {0x00, 0x40, 0x7f, 0x80, 0x81, 0x8f, 0x90, 0x9f,
                                          0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xe0, 0xf0, 0xff};

    (void)state;
    for (unsigned a = 0xe0; a < 256; a++)
        for (size_t b = 0; b < COUNT(edges); b++)
            for (size_t c = 0; c < COUNT(edges); c++)
                for (size_t d = 0; d < COUNT(edges); d++) {
                    unsigned char bytes[] = {(unsigned char)a, edges[b], edges[c], edges[d]};

                    for (size_t len = 1; len <= 4; len++)
                        compare(bytes, len);
                }
}

/* By name, from UnicodeData.txt, PropList.txt (Bidi_Control, Cc, Zl, Zp) and
 * DerivedCoreProperties.txt (Default_Ignorable_Code_Point); and their neighbours, which are
 * ordinary.
 */
static void knows_harmful_characters(void **state)
{
    static const struct {
        const char *name;
        uint32_t point;
        bool harmful;
    } rows[] = {
        {"NUL", 0x00, true},
        {"BEL", 0x07, true},
        {"ESC", 0x1b, true},
        {"US", 0x1f, true},
        {"space", 0x20, false},
        {"tilde", 0x7e, false},
        {"DEL", 0x7f, true},
        {"first of C1", 0x80, true},
        {"CSI", 0x9b, true},
        {"last of C1", 0x9f, true},
        {"NBSP", 0xa0, false},
        {"e acute", 0xe9, false},
        {"soft hyphen", 0xad, true},
        {"registered sign", 0xae, false},
        {"combining almost equal above, before", 0x34c, false},
        {"combining grapheme joiner", 0x34f, true},
        {"combining right arrowhead above, behind", 0x350, false},
        {"arabic letter mark", 0x61c, true},
        {"arabic question mark", 0x61f, false},
        {"hangul choseong yeorinhieuh, before", 0x115e, false},
        {"hangul choseong filler", 0x115f, true},
        {"hangul jungseong filler", 0x1160, true},
        {"hangul jungseong a, behind", 0x1161, false},
        {"khmer independent vowel qaa, before", 0x17b3, false},
        {"khmer vowel inherent aq", 0x17b4, true},
        {"khmer vowel inherent aa", 0x17b5, true},
        {"khmer vowel sign aa, behind", 0x17b6, false},
        {"mongolian nirugu, before", 0x180a, false},
        {"mongolian free variation selector one", 0x180b, true},
        {"mongolian vowel separator", 0x180e, true},
        {"mongolian free variation selector four", 0x180f, true},
        {"mongolian digit zero, behind", 0x1810, false},
        {"zero width space", 0x200b, true},
        {"zero width non-joiner", 0x200c, true},
        {"zero width joiner", 0x200d, true},
        {"left-to-right mark", 0x200e, true},
        {"right-to-left mark", 0x200f, true},
        {"hyphen", 0x2010, false},
        {"horizontal ellipsis", 0x2026, false},
        {"line separator", 0x2028, true},
        {"paragraph separator", 0x2029, true},
        {"left-to-right embedding", 0x202a, true},
        {"pop directional formatting", 0x202c, true},
        {"right-to-left override", 0x202e, true},
        {"narrow no-break space", 0x202f, false},
        {"word joiner", 0x2060, true},
        {"left-to-right isolate", 0x2066, true},
        {"pop directional isolate", 0x2069, true},
        {"superscript zero", 0x2070, false},
        {"hangul letter nieun", 0x3134, false},
        {"hangul letter i, before", 0x3163, false},
        {"hangul filler", 0x3164, true},
        {"hangul letter ssangnieun, behind", 0x3165, false},
        {"hangul syllable ga", 0xac00, false},
        {"arabic ligature, before", 0xfdff, false},
        {"variation selector-1", 0xfe00, true},
        {"variation selector-16", 0xfe0f, true},
        {"presentation form for vertical comma, behind", 0xfe10, false},
        {"byte order mark", 0xfeff, true},
        {"fullwidth exclamation mark", 0xff01, false},
        {"halfwidth katakana semi-voiced sound mark, before", 0xff9f, false},
        {"halfwidth hangul filler", 0xffa0, true},
        {"halfwidth hangul letter kiyeok, behind", 0xffa1, false},
        {"interlinear annotation anchor", 0xfff9, true},
        {"object replacement character", 0xfffc, false},
        {"replacement character", 0xfffd, false},
        {"shorthand format letter overlap", 0x1bca0, true},
        {"shorthand format up step", 0x1bca3, true},
        {"musical symbol combining flag-5, before", 0x1d172, false},
        {"musical symbol begin beam", 0x1d173, true},
        {"musical symbol end phrase", 0x1d17a, true},
        {"musical symbol combining accent, behind", 0x1d17b, false},
        {"grinning face", 0x1f600, false},
        {"tag latin small letter a", 0xe0061, true},
        {"cancel tag", 0xe007f, true},
        {"variation selector-17", 0xe0100, true},
        {"variation selector-256", 0xe01ef, true},
        {"reserved, ignorable", 0xe0fff, true},
        {"behind what is reserved", 0xe1000, false},
        {"last of Unicode", 0x10ffff, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        ROW_INT(rows[i].name, is_harmful(rows[i].point), rows[i].harmful);
}

static char *escaped(const char *text, size_t len, bool utf8)
{
    char *out = NULL;
    size_t size;
    FILE *stream = open_memstream(&out, &size);

    assert_non_null(stream);
    escape_write(stream, text, len, utf8);
    assert_int_equal(fclose(stream), 0);
    assert_int_equal(strlen(out), size); /* no NUL gets through */
    return out;
}

static void writes_harmless_text(void **state)
{
    static const struct {
        const char *name, *text, *utf8, *other;
    } rows[] = {
        {"empty", "", "", ""},
        {"plain", "kworker/0:1-ev", "kworker/0:1-ev", "kworker/0:1-ev"},
        {"quotes and brackets", "a\"b'c[d](e)", "a\"b'c[d](e)", "a\"b'c[d](e)"},
        {"newline", "a\nb", "a\\nb", "a\\nb"},
        {"tab", "\ta", "\\ta", "\\ta"},
        {"carriage return", "a\r", "a\\r", "a\\r"},
        {"escape", "\033[31m", "\\x1b[31m", "\\x1b[31m"},
        {"bell", "\a", "\\x07", "\\x07"},
        {"DEL", "\177", "\\x7f", "\\x7f"},
        {"backslash", "a\\nb", "a\\\\nb", "a\\\\nb"},
        {"C1 control",
         "\xc2\x9b"
         "31m",
         "\\u009b31m", "\\u009b31m"},
        {"bidirectional",
         "a\xe2\x80\xae"
         "b",
         "a\\u202eb", "a\\u202eb"},
        {"zero width",
         "a\xe2\x80\x8b"
         "b",
         "a\\u200bb", "a\\u200bb"},
        {"filler for a name", "\xe3\x85\xa4", "\\u3164", "\\u3164"},
        {"variation selector", "a\xef\xb8\x8f", "a\\ufe0f", "a\\ufe0f"},
        {"tag", "\xf3\xa0\x81\xa1", "\\U000e0061", "\\U000e0061"},
        {"hangul", "\xe3\x84\xb4", "\xe3\x84\xb4", "\\u3134"},
        {"emoji", "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80", "\\U0001f600"},
        {"latin 1", "caf\xe9", "caf\\xe9", "caf\\xe9"},
        {"cut after one of three", "ab\xe3", "ab\\xe3", "ab\\xe3"},
        {"cut after two of three", "ab\xe3\x84", "ab\\xe3\\x84", "ab\\xe3\\x84"},
        {"cut, then a letter",
         "\xe3\x84"
         "z",
         "\\xe3\\x84z", "\\xe3\\x84z"},
        {"cut, then whole", "\xe3\x84\xe3\x84\xb4", "\\xe3\\x84\xe3\x84\xb4", "\\xe3\\x84\\u3134"},
        {"overlong newline", "\xc0\x8a", "\\xc0\\x8a", "\\xc0\\x8a"},
        {"surrogate", "\xed\xa0\x80", "\\xed\\xa0\\x80", "\\xed\\xa0\\x80"},
        {"cut, then a newline", "\xf0\x9f\n", "\\xf0\\x9f\\n", "\\xf0\\x9f\\n"},
        {"stray continuation", "\x9b[31m", "\\x9b[31m", "\\x9b[31m"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *utf8 = escaped(rows[i].text, strlen(rows[i].text), true);
        char *other = escaped(rows[i].text, strlen(rows[i].text), false);

        ROW_TEXT(rows[i].name, utf8, rows[i].utf8);
        ROW_TEXT(rows[i].name, other, rows[i].other);
        free(utf8);
        free(other);
    }
}

static void counts_its_bytes(void **state)
{
    char *nul = escaped("a\0b", 3, true), *cut = escaped("\xe3\x84\xb4", 2, true);

    (void)state;
    assert_string_equal(nul, "a\\x00b");
    assert_string_equal(cut, "\\xe3\\x84"); /* the third byte is not part of it */
    free(nul);
    free(cut);
}

/* Any two bytes: the output has no control byte, and for other charsets only ASCII. */
static void nothing_raw_gets_through(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 65536; i++) {
        const char text[] = {(char)(i >> 8), (char)(i & 255)};

        for (int utf8 = 0; utf8 < 2; utf8++) {
            char *out = escaped(text, sizeof text, utf8);

            for (const char *at = out; *at; at++) {
                unsigned char c = (unsigned char)*at;

                if (c < ' ' || c == 0x7f || (c >= 0x80 && !utf8))
                    fail_msg("%02x %02x came out as %s", i >> 8, i & 255, out);
            }
            free(out);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decodes_every_one_two_and_three_bytes),
        cmocka_unit_test(decodes_four_bytes_around_every_edge),
        cmocka_unit_test(knows_harmful_characters),
        cmocka_unit_test(writes_harmless_text),
        cmocka_unit_test(counts_its_bytes),
        cmocka_unit_test(nothing_raw_gets_through),
    };

    return cmocka_run_group_tests_name("escape", tests, NULL, NULL);
}
