/* SPDX-License-Identifier: MIT */
/* Escapes of arbitrary text: the output is harmless, and can be decoded to the same bytes. */
#include <stdbool.h>

#include "base/utf8.h"
#include "cli/escape.h"
#include "fuzz.h"

/* A row of the table of well-formed sequences in RFC 3629, section 4. */
struct form {
    size_t n;
    unsigned char first[2], second[2];
};

static const struct form forms[] = {
    {1, {0x00, 0x7f}, {0x80, 0xbf}}, {2, {0xc2, 0xdf}, {0x80, 0xbf}},
    {3, {0xe0, 0xe0}, {0xa0, 0xbf}}, {3, {0xe1, 0xec}, {0x80, 0xbf}},
    {3, {0xed, 0xed}, {0x80, 0x9f}}, {3, {0xee, 0xef}, {0x80, 0xbf}},
    {4, {0xf0, 0xf0}, {0x90, 0xbf}}, {4, {0xf1, 0xf3}, {0x80, 0xbf}},
    {4, {0xf4, 0xf4}, {0x80, 0x8f}},
};

/* Bytes of the character at `at`, or 0. */
static size_t well_formed(const unsigned char *at, size_t len)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        const struct form *form = &forms[i];

        if (at[0] < form->first[0] || at[0] > form->first[1])
            continue;
        if (form->n > len || (form->n > 1 && (at[1] < form->second[0] || at[1] > form->second[1])))
            return 0;
        for (size_t k = 2; k < form->n; k++) {
            if (at[k] < 0x80 || at[k] > 0xbf)
                return 0;
        }
        return form->n;
    }
    return 0;
}

/* Writes a character as UTF-8. Returns its bytes. */
static size_t encode(uint32_t point, char out[4])
{
    static const unsigned char marks[] = {0, 0, 0xc0, 0xe0, 0xf0};
    size_t n = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;

    for (size_t i = n - 1; i > 0; i--, point >>= 6)
        out[i] = (char)(0x80 | (point & 0x3f));
    out[0] = (char)(marks[n] | point);
    return n;
}

static void check_decode(const uint8_t *data, size_t size)
{
    char again[4];

    for (size_t at = 0; at < size; at++) {
        char *text = exact_copy(data + at, size - at < 4 ? size - at : 4);
        uint32_t point = UINT32_MAX;
        size_t n = utf8_decode(text, size - at < 4 ? size - at : 4, &point);

        CHECK(n == well_formed(data + at, size - at));
        CHECK(n == 0 || (encode(point, again) == n && memcmp(again, text, n) == 0));
        free(text);
    }
}

/* Decodes one escape or character at `at` to its bytes in `out`. Returns its length. */
static size_t take_back(const char *at, FILE *out)
{
    static const char letters[] = "n\nt\tr\r\\\\";
    size_t digits = at[0] != '\\' ? 0 : at[1] == 'x' ? 2 : at[1] == 'u' ? 4 : at[1] == 'U' ? 8 : 0;
    char bytes[4], number[9] = "";

    if (at[0] != '\\') {
        putc(at[0], out);
        return 1;
    }
    if (digits == 0) {
        const char *letter = memchr(letters, at[1], sizeof letters - 1);

        CHECK(letter && (letter - letters) % 2 == 0);
        putc(letter[1], out);
        return 2;
    }
    memcpy(number, at + 2, digits);
    CHECK(strspn(number, "0123456789abcdef") == digits);
    uint32_t point = (uint32_t)strtoul(number, NULL, 16);
    if (digits == 2)
        putc((int)point, out);
    else
        fwrite(bytes, 1, encode(point, bytes), out);
    return 2 + digits;
}

/* Checks for characters that may be on a line of a terminal. */
static void check_harmless(const char *text, size_t len, bool utf8)
{
    for (size_t at = 0; at < len;) {
        size_t n = well_formed((const unsigned char *)text + at, len - at);
        unsigned char first = (unsigned char)text[at];
        uint32_t point = 0;

        CHECK(n > 0 && (n == 1 || utf8));
        CHECK(first >= 0x20 && first != 0x7f);
        CHECK(n == 1 || (utf8_decode(text + at, n, &point) == n && point >= 0xa0));
        CHECK(point != 0x61c && (point < 0x200b || point > 0x200f)); /* marks, zero width */
        CHECK(point < 0x2028 || point > 0x202e);                     /* separators, embeddings */
        CHECK(point < 0x2060 || point > 0x206f);                     /* isolates, word joiner */
        CHECK(point != 0xfeff && (point < 0xe0000 || point > 0xe0fff));
        CHECK(point != 0x3164 && point != 0xffa0 && (point < 0xfe00 || point > 0xfe0f));
        at += n;
    }
}

static void check_escape(const uint8_t *data, size_t size, bool utf8)
{
    char *given = exact_copy(data, size), *text = NULL, *back = NULL;
    size_t len, back_len;
    FILE *out = open_memstream(&text, &len);

    CHECK(out);
    escape_write(out, given, size, utf8);
    CHECK(fclose(out) == 0);
    check_harmless(text, len, utf8);
    out = open_memstream(&back, &back_len);
    CHECK(out);
    for (size_t at = 0; at < len;)
        at += take_back(text + at, out);
    CHECK(fclose(out) == 0);
    CHECK(back_len == size && memcmp(back, given, size) == 0);
    free(given);
    free(text);
    free(back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_decode(data, size);
    check_escape(data, size, true);
    check_escape(data, size, false);
    return 0;
}
