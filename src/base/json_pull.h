/* SPDX-License-Identifier: MIT */
/*
 * JSON (RFC 8259) read where it lies: a reader goes from value to value, and says where each begins
 * and ends. Nothing is built and nothing allocated, so what is read costs no memory beyond its
 * text.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* `text` is lent. On failure `why` says what is wrong, and pull_line() where. */
struct json_pull {
    const char *text, *at, *end;
    size_t hint;  /* the name to look for first: members mostly come in one order */
    bool first;   /* nothing was read since the bracket that opens what is read */
    char why[64]; /* one line */
};

/* The text of one value. Zeroed is: none. */
struct piece {
    const char *at;
    size_t len;
};

/* Begins at the first value of the text. */
void pull_begin(struct json_pull *pull, const char *text, size_t len);

/* Begins at a value that was read before, and ends behind it; at nothing if it is none. */
struct json_pull pull_again(const struct json_pull *pull, struct piece piece);

/* Skips the value here. Returns 0 with its text, or -EBADMSG. */
int pull_value(struct json_pull *pull, struct piece *piece);

/* Whether this bracket, [ or {, is here. If so, all that is in it has to be read next. */
bool pull_enter(struct json_pull *pull, char bracket);

/* Goes to the next element of an array. Returns 1, 0 behind the last, or -EBADMSG. */
int pull_element(struct json_pull *pull);

/* Goes to the value of the next member of an object. Returns 1 with which of the names it has, or n
 * if none; 0 behind the last, or -EBADMSG. */
int pull_member(struct json_pull *pull, const char *const names[], size_t n, size_t *name);

/* Whether nothing follows. */
bool pull_ended(struct json_pull *pull);

/* Sets `why`. Returns -EBADMSG. */
int pull_fail(struct json_pull *pull, const char *why);

/* The line of the text that is being read. */
size_t pull_line(const struct json_pull *pull);

bool piece_is_null(struct piece piece);
bool piece_is_string(struct piece piece);

/* Returns 0, or -EBADMSG where it is neither true nor false. */
int piece_bool(struct piece piece, bool *out);

/* The bytes of a string, which has no NUL: in the text where it has no escapes, else put into room,
 * which has at least piece.len bytes. */
struct piece piece_bytes(struct piece piece, char *room);

/* Whether piece_bytes() needs that room. */
bool piece_has_escapes(struct piece piece);
