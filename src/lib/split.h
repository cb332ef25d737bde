/* SPDX-License-Identifier: MIT */
/* A JSON object member by member, and an array in it element by element, so that what is large need
 * not be in memory as a whole. What stands between the values is read here, the values by jansson.
 */
#ifndef NSTREE_SPLIT_H
#define NSTREE_SPLIT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* `text` is lent. On failure `where` says in which line of it, and why. */
struct split {
    const char *text, *at, *end;
    bool first; /* nothing was read since the bracket that opens what is read */
    json_error_t where;
};

/* Begins at the object that the text has to be. Returns false where it is something else. */
bool split_begin(struct split *split, const char *text, size_t len);

/* Goes to the next member's value. Returns 1 with its name, which is to be released, 0 behind the
 * last if nothing more follows, or -EBADMSG. */
int split_member(struct split *split, json_t **name);

/* Reads the value that stands here, to be released. Returns NULL where there is none. */
json_t *split_value(struct split *split);

/* Says why what was read last cannot be, in `where`. Returns -EBADMSG. */
int split_fail(struct split *split, const char *what);

/* Whether an array stands here, whose elements are to be read next: all of them. */
bool split_enter(struct split *split);

/* Reads the next element. Returns 1 with it, to be released, 0 behind the last, or -EBADMSG. */
int split_element(struct split *split, json_t **element);

#endif
