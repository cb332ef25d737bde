/* SPDX-License-Identifier: MIT */
/* Escapes bytes that somebody else chose, for a terminal and for one line. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Whether escape_write() changes nothing in text[0..len), in any charset. */
bool escape_is_plain(const char *text, size_t len);

/* Writes text[0..len): printable characters as they are; a backslash doubled; newline, tab and
 * carriage return as \n, \t, \r; harmful characters as \xNN below U+0080, else \uNNNN or
 * \U00NNNNNN; bytes that are not UTF-8 as \xNN. Without `utf8`, the terminal is known to use
 * another charset, and all non-ASCII characters are written as \u. */
void escape_write(FILE *out, const char *text, size_t len, bool utf8);
