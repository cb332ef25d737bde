/* SPDX-License-Identifier: MIT */
/* UTF-8 decoded, and which of its characters can do harm. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether it is an ASCII letter, in any locale, unlike isalpha(3). */
static inline bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Decodes the UTF-8 character at text[0..len), len > 0, into *point. Returns its length, or 0 if it
 * is invalid: stray, truncated, overlong, a surrogate, above U+10FFFF (RFC 3629). */
size_t utf8_decode(const char *text, size_t len, uint32_t *point);

/* Whether a character can control a terminal, or reorder or hide the text around it: controls (C0,
 * DEL, C1), line and paragraph separators, bidirectional controls and invisible characters
 * (Unicode's Default_Ignorable_Code_Point: zero-width characters, fillers, variation selectors). */
bool is_harmful(uint32_t point);
