/* SPDX-License-Identifier: MIT */
#include "base/json_pull.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

/* As deep as jansson reads, too. */
#define DEPTH_MAX 2048

/* The longest name that is looked for is far below this, also if every character is an escape. */
#define NAME_MAX_BYTES 128

int pull_fail(struct json_pull *pull, const char *why)
{
    snprintf(pull->why, sizeof pull->why, "%s", why);
    return -EBADMSG;
}

size_t pull_line(const struct json_pull *pull)
{
    size_t line = 1;

    for (const char *at = pull->text; at < pull->at; at++)
        line += *at == '\n';
    return line;
}

void pull_begin(struct json_pull *pull, const char *text, size_t len)
{
    *pull = (struct json_pull){.text = text, .at = text, .end = text + len};
}

struct json_pull pull_again(const struct json_pull *pull, struct piece piece)
{
    const char *at = piece.at ? piece.at : pull->end;

    return (struct json_pull){.text = pull->text, .at = at, .end = at + piece.len};
}

static void skip_blanks(struct json_pull *pull)
{
    while (pull->at < pull->end &&
           (*pull->at == ' ' || *pull->at == '\t' || *pull->at == '\n' || *pull->at == '\r'))
        pull->at++;
}

/* Takes this character, if it is the next that is not blank. */
static bool take(struct json_pull *pull, char c)
{
    skip_blanks(pull);
    if (pull->at == pull->end || *pull->at != c)
        return false;
    pull->at++;
    return true;
}

bool pull_ended(struct json_pull *pull)
{
    skip_blanks(pull);
    return pull->at == pull->end;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The UTF-16 unit of the escape \uXXXX here, or 0 (which is not allowed) if there is none. */
static uint32_t utf16_unit(const char *at, const char *end)
{
    uint32_t unit = 0;

    if (end - at < 6 || at[0] != '\\' || at[1] != 'u')
        return 0;
    for (int i = 2; i < 6; i++) {
        if (hex_digit(at[i]) < 0)
            return 0;
        unit = unit << 4 | (uint32_t)hex_digit(at[i]);
    }
    return unit;
}

/* Reads the escape here. Returns its bytes in the text with the character in *point, or
 * 0 where it is none: a half of a surrogate pair alone is none. */
static size_t read_escape(const char *at, const char *end, uint32_t *point)
{
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    const char *name = end - at >= 2 ? memchr(names, at[1], sizeof names - 1) : NULL;

    if (name) {
        *point = (unsigned char)values[name - names];
        return 2;
    }
    *point = utf16_unit(at, end);
    if (*point < 0xd800 || *point > 0xdfff)
        return *point == 0 ? 0 : 6;
    uint32_t low = *point < 0xdc00 ? utf16_unit(at + 6, end) : 0;
    if (low < 0xdc00 || low > 0xdfff)
        return 0;
    *point = 0x10000 + ((*point - 0xd800) << 10) + (low - 0xdc00);
    return 12;
}

/* Fails at a character that cannot be in a string. */
static int fail_in_string(struct json_pull *pull)
{
    unsigned char c = (unsigned char)*pull->at;

    if (c == '\\')
        return pull_fail(pull, "invalid escape");
    snprintf(pull->why, sizeof pull->why,
             c < 0x20 ? "control character 0x%02x" : "unable to decode byte 0x%02x", c);
    return -EBADMSG;
}

static int skip_string(struct json_pull *pull)
{
    const char *end = pull->end;
    uint32_t point;

    if (!take(pull, '"'))
        return pull_fail(pull, "string expected");
    while (pull->at < end && *pull->at != '"') {
        unsigned char c = (unsigned char)*pull->at;
        size_t n = c >= 0x20; /* most are ASCII */

        if (c >= 0x80)
            n = utf8_decode(pull->at, (size_t)(end - pull->at), &point);
        else if (c == '\\')
            n = read_escape(pull->at, end, &point);
        if (n == 0)
            return fail_in_string(pull);
        pull->at += n;
    }
    return take(pull, '"') ? 0 : pull_fail(pull, "premature end of input");
}

static const char *skip_digits(const char *at, const char *end)
{
    while (at < end && *at >= '0' && *at <= '9')
        at++;
    return at;
}

/* Whether this many digits are an integer of 64 bits. */
static bool is_int64(const char *digits, size_t n, bool negative)
{
    uint64_t value = 0;

    if (n > 19)
        return false;
    for (size_t i = 0; i < n; i++) /* 19 digits are less than 2^64 */
        value = value * 10 + (uint64_t)(digits[i] - '0');
    return value <= (uint64_t)INT64_MAX + negative;
}

/* The end of the fraction and the exponent that a number may have. NULL: no digit where one has to
 * be. */
static const char *skip_fraction(const char *at, const char *end)
{
    if (at < end && *at == '.') {
        const char *digits = ++at;

        at = skip_digits(at, end);
        if (at == digits)
            return NULL;
    }
    if (at < end && (*at == 'e' || *at == 'E')) {
        at += end - at > 1 && (at[1] == '+' || at[1] == '-') ? 2 : 1;
        const char *digits = at;

        at = skip_digits(at, end);
        if (at == digits)
            return NULL;
    }
    return at;
}

static int skip_number(struct json_pull *pull)
{
    const char *at = pull->at, *end = pull->end;
    bool negative = *at == '-';
    const char *digits = at + negative;

    if (digits < end && *digits == '0')
        at = digits + 1;
    else
        at = skip_digits(digits, end);
    const char *behind = at == digits ? NULL : skip_fraction(at, end);
    if (!behind)
        return pull_fail(pull, "invalid number");
    if (behind == at && !is_int64(digits, (size_t)(at - digits), negative))
        return pull_fail(pull, negative ? "too big negative integer" : "too big integer");
    pull->at = behind;
    return 0;
}

static bool take_word(struct json_pull *pull, const char *word)
{
    size_t len = strlen(word);

    if ((size_t)(pull->end - pull->at) < len || memcmp(pull->at, word, len) != 0)
        return false;
    pull->at += len;
    return true;
}

static int skip_scalar(struct json_pull *pull)
{
    if (pull->at == pull->end)
        return pull_fail(pull, "premature end of input");
    if (*pull->at == '"')
        return skip_string(pull);
    if (*pull->at == '-' || (*pull->at >= '0' && *pull->at <= '9'))
        return skip_number(pull);
    return take_word(pull, "true") || take_word(pull, "false") || take_word(pull, "null")
               ? 0
               : pull_fail(pull, "invalid token");
}

bool pull_enter(struct json_pull *pull, char bracket)
{
    bool taken = take(pull, bracket);

    pull->first = pull->first || taken;
    return taken;
}

/* Goes to what follows the opening bracket or a comma. Returns 1, 0 behind the closing bracket, or
 * -EBADMSG. */
static int next(struct json_pull *pull, char closing)
{
    bool first = pull->first;
    char what[] = "',' or '}' expected";

    pull->first = false;
    if (take(pull, closing))
        return 0;
    if (first || take(pull, ','))
        return 1;
    what[8] = closing;
    return pull_fail(pull, what);
}

int pull_element(struct json_pull *pull)
{
    return next(pull, ']');
}

/* Goes behind the name of the next member. Returns 1 with it, or as next(). */
static int next_name(struct json_pull *pull, struct piece *name)
{
    int rc = next(pull, '}');

    if (rc != 1)
        return rc;
    skip_blanks(pull);
    name->at = pull->at;
    rc = skip_string(pull);
    name->len = (size_t)(pull->at - name->at);
    if (rc == 0 && !take(pull, ':'))
        rc = pull_fail(pull, "':' expected");
    return rc == 0 ? 1 : rc;
}

int pull_member(struct json_pull *pull, const char *const names[], size_t n, size_t *name)
{
    struct piece piece;
    char room[NAME_MAX_BYTES];
    int rc = next_name(pull, &piece);

    if (rc != 1)
        return rc;
    *name = n;
    if (piece.len > sizeof room)
        return 1;
    piece = piece_bytes(piece, room);
    for (size_t i = 0, at = pull->hint % n; i < n; i++, at = at + 1 == n ? 0 : at + 1) {
        if (strncmp(names[at], piece.at, piece.len) == 0 && names[at][piece.len] == '\0') {
            *name = at;
            pull->hint = at + 1;
            return 1;
        }
    }
    return 1;
}

/* Goes to where the next value within the `depth` brackets begins, or behind them all. Returns 0 or
 * -EBADMSG. */
static int next_inside(struct json_pull *pull, const char *brackets, size_t *depth)
{
    struct piece name;
    int rc = 0;

    while (rc == 0 && *depth > 0) {
        bool object = brackets[*depth - 1] == '{';

        rc = object ? next_name(pull, &name) : pull_element(pull);
        *depth -= rc == 0;
    }
    return rc < 0 ? rc : 0;
}

int pull_value(struct json_pull *pull, struct piece *piece)
{
    char brackets[DEPTH_MAX];
    size_t depth = 0;
    int rc;

    skip_blanks(pull);
    piece->at = pull->at;
    do {
        skip_blanks(pull);
        char c = pull->at < pull->end ? *pull->at : '\0';
        rc = 0;
        if (c != '[' && c != '{')
            rc = skip_scalar(pull);
        else if (depth == DEPTH_MAX)
            rc = pull_fail(pull, "maximum parsing depth reached");
        else if (pull_enter(pull, c))
            brackets[depth++] = c;
        if (rc == 0)
            rc = next_inside(pull, brackets, &depth);
    } while (rc == 0 && depth > 0);
    piece->len = (size_t)(pull->at - piece->at);
    return rc;
}

bool piece_is_null(struct piece piece)
{
    return piece.len > 0 && piece.at[0] == 'n';
}

bool piece_is_string(struct piece piece)
{
    return piece.len > 0 && piece.at[0] == '"';
}

int piece_bool(struct piece piece, bool *out)
{
    *out = piece.len > 0 && piece.at[0] == 't';
    return *out || (piece.len > 0 && piece.at[0] == 'f') ? 0 : -EBADMSG;
}

bool piece_has_escapes(struct piece piece)
{
    return memchr(piece.at, '\\', piece.len) != NULL;
}

static char *put_utf8(char *to, uint32_t point)
{
    int more = point < 0x80 ? 0 : point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    static const unsigned char lead[] = {0, 0xc0, 0xe0, 0xf0};

    *to++ = (char)(lead[more] | point >> 6 * more);
    while (more-- > 0)
        *to++ = (char)(0x80 | (point >> 6 * more & 0x3f));
    return to;
}

struct piece piece_bytes(struct piece piece, char *room)
{
    const char *at = piece.at + 1, *end = piece.at + piece.len - 1;
    char *to = room;

    if (!piece_has_escapes(piece))
        return (struct piece){at, (size_t)(end - at)};
    while (at < end) {
        uint32_t point = 0;

        if (*at == '\\') {
            at += read_escape(at, end, &point);
            to = put_utf8(to, point);
        } else {
            *to++ = *at++;
        }
    }
    return (struct piece){room, (size_t)(to - room)};
}
