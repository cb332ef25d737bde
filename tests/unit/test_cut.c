/* SPDX-License-Identifier: MIT */
/* Lines cut at a width, and text put in quotes. The expectations are written by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/cut.h"
#include "cli/quote.h"

#define ELLIPSIS "\xe2\x80\xa6"
#define NIEUN "\xe3\x84\xb4" /* U+3134: two columns */
#define ACUTE "e\xcc\x81"    /* an e and U+0301: one */
#define RED "\033[1;31m"
#define END "\033[m"

static char *cut_text(const char *text, unsigned columns, const char *ellipsis)
{
    char *result = NULL;
    size_t size;
    FILE *out = open_memstream(&result, &size);
    struct cut cut;

    assert_non_null(out);
    assert_int_equal(cut_open(&cut, out, columns, ellipsis), 0);
    fputs(text, cut.stream);
    assert_int_equal(cut_close(&cut), 0);
    assert_int_equal(fclose(out), 0);
    return result;
}

static void cuts_at_the_width(void **state)
{
    static const struct {
        const char *row, *text, *ellipsis;
        unsigned columns;
        const char *want;
    } rows[] = {
        {"nothing", "", ELLIPSIS, 5, ""},
        {"an empty line", "\n\n", ELLIPSIS, 5, "\n\n"},
        {"just fits", "12345\n", ELLIPSIS, 5, "12345\n"},
        {"one too many", "123456\n", ELLIPSIS, 5, "1234" ELLIPSIS "\n"},
        {"each line alone", "12345\n1234567\n1\n", ELLIPSIS, 5, "12345\n1234" ELLIPSIS "\n1\n"},
        {"no newline at the end", "123456", ELLIPSIS, 5, "1234" ELLIPSIS},
        {"three dots", "1234567\n", "...", 5, "12...\n"},
        {"three dots, just fits", "12345\n", "...", 5, "12345\n"},
        {"no room for the dots", "12345\n", "...", 3, "123\n"},
        {"one column", "12\n", ELLIPSIS, 1, "1\n"},
        {"wide, just fits", NIEUN "12\n", ELLIPSIS, 4, NIEUN "12\n"},
        {"wide, too many", NIEUN "123\n", ELLIPSIS, 4, NIEUN "1" ELLIPSIS "\n"},
        {"wide over the last column", "123" NIEUN "\n", ELLIPSIS, 4, "123" ELLIPSIS "\n"},
        {"wide over the ellipsis", "12" NIEUN "4\n", ELLIPSIS, 4, "12" ELLIPSIS "\n"},
        {"combining takes none", ACUTE "2345\n", ELLIPSIS, 5, ACUTE "2345\n"},
        {"combining stays with its letter", "123" ACUTE "56\n", ELLIPSIS, 5,
         "123" ACUTE ELLIPSIS "\n"},
        {"colour takes none", RED "12345" END "\n", ELLIPSIS, 5, RED "12345" END "\n"},
        {"colour is closed", RED "123456" END "7\n", ELLIPSIS, 5, RED "1234" ELLIPSIS END "\n"},
        {"no UTF-8: one a byte", "\xff\xff\xff\xff\n", ELLIPSIS, 3, "\xff\xff" ELLIPSIS "\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *got = cut_text(rows[i].text, rows[i].columns, rows[i].ellipsis);

        if (strcmp(got, rows[i].want) != 0)
            fail_msg("%s: got \"%s\", not \"%s\"", rows[i].row, got, rows[i].want);
        free(got);
    }
}

static void parts_of_a_line(void **state)
{
    char *result = NULL;
    size_t size;
    FILE *out = open_memstream(&result, &size);
    struct cut cut;

    (void)state;
    assert_non_null(out);
    assert_int_equal(cut_open(&cut, out, 3, "."), 0);
    fputs("1 ", out);
    fputs("abcd", cut.stream);
    cut_end(&cut);
    fputs(" 2 ", out);
    cut_end(&cut);
    fputs("efg", cut.stream);
    cut_end(&cut);
    assert_int_equal(cut_close(&cut), 0);
    assert_int_equal(fclose(out), 0);
    assert_string_equal(result, "1 ab. 2 efg");
    free(result);
}

/* Longer than any buffer, so it arrives in pieces, and one ends within a character. */
static void a_line_in_pieces(void **state)
{
    enum { N = 100000 };
    char *text = malloc(N * 3 + 2), *got;

    (void)state;
    assert_non_null(text);
    for (size_t i = 0; i < N; i++)
        memcpy(text + i * 3, NIEUN, 3);
    strcpy(text + N * 3, "\n");
    got = cut_text(text, 2 * N, ELLIPSIS);
    assert_true(strcmp(got, text) == 0);
    free(got);
    got = cut_text(text, 2 * N - 1, ELLIPSIS);
    assert_int_equal(strlen(got), (N - 1) * 3 + strlen(ELLIPSIS "\n"));
    assert_true(strcmp(got + (N - 1) * 3, ELLIPSIS "\n") == 0);
    free(got);
    free(text);
}

static void quotes_as_the_table_says(void **state)
{
    static const struct quoting quoting = {
        .of = {['"'] = "\\\"", ['\n'] = "<br>", [':'] = "#"}, .sticky = ":$", .apart = "^"};
    char *result = NULL;
    size_t size;
    FILE *out = open_memstream(&result, &size);
    struct quote quote;

    (void)state;
    assert_non_null(out);
    assert_int_equal(quote_open(&quote, out, &quoting), 0);
    fputs("[\"", out);
    fputs("a\"b\n\xff" NIEUN, quote.stream);
    quote_end(&quote);
    fputs("\"]\n", out);
    fputs("a:b:[$$$1:", quote.stream);
    quote_end(&quote);
    putc('\n', out);
    fputs("x", quote.stream); /* another text */
    quote_close(&quote);
    assert_int_equal(fclose(out), 0);
    assert_string_equal(result, "[\"a\\\"b<br>\xff" NIEUN "\"]\na#^b#[$^$^$1#\nx");
    free(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cuts_at_the_width),
        cmocka_unit_test(parts_of_a_line),
        cmocka_unit_test(a_line_in_pieces),
        cmocka_unit_test(quotes_as_the_table_says),
    };

    return cmocka_run_group_tests_name("cut", tests, NULL, NULL);
}
