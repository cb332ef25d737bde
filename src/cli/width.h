/* SPDX-License-Identifier: MIT */
/* How many columns of a terminal a character takes. Not wcwidth(3): that one knows nothing but
 * ASCII in the C locale, which is the locale of the debug shells where most names are looked at. */
#ifndef WIDTH_H
#define WIDTH_H

#include <stdint.h>

/* 0 for what combines with the character before it, 2 for what is East Asian Wide or Fullwidth
 * (Unicode Standard Annex 11), else 1. Ambiguous characters count as 1. For printable characters:
 * controls are escaped before anybody asks. */
unsigned width_of(uint32_t point);

#endif
