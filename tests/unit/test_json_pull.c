/* SPDX-License-Identifier: MIT */
/* JSON parsed in place: which texts are JSON, compared with jansson, and their values. */
#include "build.h"

#include <jansson.h>

#include "base/json_pull.h"

/* Whether the whole text is one value. */
static bool is_json(const char *text, size_t len, struct json_pull *pull)
{
    struct piece piece;

    pull_begin(pull, text, len);
    return pull_value(pull, &piece) == 0 && pull_ended(pull);
}

static bool jansson_reads(const char *text, size_t len)
{
    json_t *value = json_loadb(text, len, JSON_DECODE_ANY, NULL);
    bool is = value != NULL;

    json_decref(value);
    return is;
}

static const char *const values[] = {
    "0",
    "-0",
    "1",
    "-1",
    "01",
    "-",
    "+1",
    ".5",
    "1.",
    "1.5",
    "1.5e",
    "1e5",
    "1E+5",
    "1e-5",
    "1e+",
    "-01",
    "0.0",
    "00",
    "0x1",
    "1 2",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "-9223372036854775809",
    "99999999999999999999",
    "1.0e3x",
    "true",
    "false",
    "null",
    "tru",
    "True",
    "truex",
    "nul",
    "",
    " ",
    "\t1\r\n",
    "\f1",
    "1,",
    ",1",
    "[]",
    "[",
    "]",
    "[1",
    "[1,",
    "[1,]",
    "[,1]",
    "[1 2]",
    "[1,2]",
    "[[]",
    "[]]",
    "[[],[]]",
    "[}",
    "{}",
    "{",
    "}",
    "{]",
    "{1:2}",
    "{\"a\"}",
    "{\"a\":}",
    "{\"a\":1}",
    "{\"a\":1,}",
    "{,}",
    "{\"a\":1 \"b\":2}",
    "{\"a\":1,\"b\":[{}]}",
    "{\"a\" : 1 , \"b\" : 2}",
    "{\"a\":1}}",
    "{\"a\"1}",
    "{\"a\":1,\"a\":2}",
    "{\"\":1}",
    "{\"\\u0000\":1}",
    "{\"\\n\":1}",
    "{\"\xff\":1}",
    "{a:1}",
    "\"",
    "\"a",
    "\"a\"",
    "\"a\"b",
    "\"\\\"\"",
    "\"\\",
    "\"\\\"",
    "\"\\\\\"",
    "\"\\/\\b\\f\\n\\r\\t\"",
    "\"\\a\"",
    "\"\\u\"",
    "\"\\u12\"",
    "\"\\u123g\"",
    "\"\\u00e9\"",
    "\"\\u00E9\"",
    "\"\\uFFFF\"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"\\udc00\"",
    "\"\\ud83d\\ude00\"",
    "\"\\ud83d\\u0041\"",
    "\"\\ud83dx\"",
    "\"\\ud83d\\ud83d\"",
    "\"\\U0041\"",
    "\"\x01\"",
    "\"\x1f\"",
    "\"\x7f\"",
    "\"\n\"",
    "\"\xc3\xa9\"",
    "\"\xc3\"",
    "\"\xc3(\"",
    "\"\xa9\"",
    "\"\xc0\x80\"",
    "\"\xc1\xbf\"",
    "\"\xe0\x80\x80\"",
    "\"\xe0\x9f\xbf\"",
    "\"\xe0\xa0\x80\"",
    "\"\xed\x9f\xbf\"",
    "\"\xed\xa0\x80\"",
    "\"\xef\xbf\xbf\"",
    "\"\xf0\x80\x80\x80\"",
    "\"\xf0\x90\x80\x80\"",
    "\"\xf4\x8f\xbf\xbf\"",
    "\"\xf4\x90\x80\x80\"",
    "\"\xf5\x80\x80\x80\"",
    "\"\xf0\x9f\x98\"",
    "\"\xff\"",
    "'a'",
    "/**/1",
    "[1]//",
    "\xef\xbb\xbf[1]",
    "nan",
    "-inf",
};

static void accepts_the_json_of_jansson(void **state)
{
    struct json_pull pull;

    (void)state;
    for (size_t i = 0; i < COUNT(values); i++)
        ROW_INT(values[i], is_json(values[i], strlen(values[i]), &pull),
                jansson_reads(values[i], strlen(values[i])));
}

/* Replaces each byte of a text by each other one. */
static void damaged_json_as_jansson_reads_it(void **state)
{
    static const char text[] = "{\"a\": [-12, 0.5e+1, \"\\u00e9\\n\xc3\xa9\", true],\n\"b\": {}}";
    static const char bytes[] = "\"\\[]{}:,0-.eutn \n\x01\xc3\xff/";
    char damaged[sizeof text];
    struct json_pull pull;

    (void)state;
    for (size_t i = 0; i < sizeof text - 1; i++) {
        for (size_t b = 0; b < sizeof bytes - 1; b++) {
            strcpy(damaged, text);
            damaged[i] = bytes[b];
            ROW_INT(damaged, is_json(damaged, sizeof text - 1, &pull),
                    jansson_reads(damaged, sizeof text - 1));
        }
        damaged[i] = '\0'; /* jansson skips it */
        ROW_INT(damaged, is_json(damaged, sizeof text - 1, &pull), 0);
        ROW_INT(text, is_json(text, i, &pull), 0);
    }
}

/* The most brackets that jansson allows, and one more. */
static void depth_is_bounded(void **state)
{
    static const char *const pairs[][2] = {{"[", "]"}, {"{\"\":", "}"}};
    char text[2 * 2049 * 4 + 8];
    struct json_pull pull;

    (void)state;
    for (size_t p = 0; p < COUNT(pairs); p++) {
        for (size_t depth = 2048; depth <= 2049; depth++) {
            char *at = text;

            for (size_t i = 0; i < depth; i++)
                at = stpcpy(at, i + 1 == depth && p == 1 ? "{" : pairs[p][0]);
            for (size_t i = 0; i < depth; i++)
                at = stpcpy(at, pairs[p][1]);
            ROW_INT(pairs[p][0], is_json(text, (size_t)(at - text), &pull), depth == 2048);
            ROW_INT(pairs[p][0], jansson_reads(text, (size_t)(at - text)), depth == 2048);
        }
        ROW_HAS(pairs[p][0], pull.why, "depth");
    }
}

static void names_the_fault(void **state)
{
    static const struct {
        const char *text, *why;
        size_t line;
    } rows[] = {
        {"[1,\n2\n3]", "',' or ']' expected", 3},
        {"{\"a\":\n\n1]", "',' or '}' expected", 3},
        {"{\"a\"\n1}", "':' expected", 2},
        {"{\n1}", "string expected", 2},
        {"[\n\n\"\xff\"]", "unable to decode byte 0xff", 3},
        {"\"\x1b\"", "control character 0x1b", 1},
        {"\"\\x\"", "invalid escape", 1},
        {"\n99999999999999999999", "too big integer", 2},
        {"-99999999999999999999", "too big negative integer", 1},
        {"\"a", "premature end of input", 1},
        {"[\n", "premature end of input", 2},
        {"hello", "invalid token", 1},
    };
    struct json_pull pull;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        ROW_INT(rows[i].text, is_json(rows[i].text, strlen(rows[i].text), &pull), 0);
        ROW_TEXT(rows[i].text, pull.why, rows[i].why);
        ROW_INT(rows[i].text, pull_line(&pull), rows[i].line);
    }
}

/* Members are found by their names, with or without escapes; others are skipped. */
static void members_are_found(void **state)
{
    static const char text[] =
        "{\"b\":[1,{\"a\":2}],\"x\":{\"a\":[]},\"\\u0061\":\"q\" , \"ab\":1}";
    static const char *const names[] = {"a", "b"};
    static const struct {
        size_t name;
        const char *value;
    } want[] = {{1, "[1,{\"a\":2}]"}, {2, "{\"a\":[]}"}, {0, "\"q\""}, {2, "1"}};
    struct json_pull pull;
    struct piece piece = {0};
    size_t name, n = 0;

    (void)state;
    pull_begin(&pull, text, sizeof text - 1);
    assert_true(pull_enter(&pull, '{'));
    for (; pull_member(&pull, names, COUNT(names), &name) == 1; n++) {
        assert_int_equal(pull_value(&pull, &piece), 0);
        assert_int_equal(name, want[n].name);
        assert_int_equal(piece.len, strlen(want[n].value));
        assert_memory_equal(piece.at, want[n].value, piece.len);
    }
    assert_int_equal(n, COUNT(want));
    assert_true(pull_ended(&pull));
}

static void elements_are_found(void **state)
{
    static const char text[] = " [ 1 , [2,3] , {} ] x";
    struct json_pull pull, inner;
    struct piece piece, array;
    size_t n = 0;

    (void)state;
    pull_begin(&pull, text, sizeof text - 1);
    assert_int_equal(pull_value(&pull, &array), 0);
    inner = pull_again(&pull, array);
    assert_true(pull_enter(&inner, '['));
    for (; pull_element(&inner) == 1; n++)
        assert_int_equal(pull_value(&inner, &piece), 0);
    assert_int_equal(n, 3);
    assert_int_equal(piece.len, 2);
    assert_true(pull_ended(&inner));
    assert_false(pull_ended(&pull));
}

static void strings_are_decoded(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(values); i++) {
        size_t len = strlen(values[i]);
        json_t *want = json_loadb(values[i], len, JSON_DECODE_ANY, NULL);
        struct json_pull pull;
        struct piece piece;

        if (json_is_string(want)) {
            char *room = malloc(len);

            assert_true(is_json(values[i], len, &pull));
            pull_begin(&pull, values[i], len);
            assert_int_equal(pull_value(&pull, &piece), 0);
            assert_true(piece_is_string(piece));
            piece = piece_bytes(piece, room);
            ROW_INT(values[i], piece.len, json_string_length(want));
            assert_memory_equal(piece.at, json_string_value(want), piece.len);
            free(room);
        }
        json_decref(want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepts_the_json_of_jansson),
        cmocka_unit_test(damaged_json_as_jansson_reads_it),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(names_the_fault),
        cmocka_unit_test(members_are_found),
        cmocka_unit_test(elements_are_found),
        cmocka_unit_test(strings_are_decoded),
    };

    return cmocka_run_group_tests_name("json_pull", tests, NULL, NULL);
}
