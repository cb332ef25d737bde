/* SPDX-License-Identifier: MIT */
/* How many columns a character takes on a terminal. wcwidth(3) knows only ASCII in the C locale,
 * which is that of most debug shells. */
#pragma once

#include <stdint.h>

/* 0 for combining characters, 2 for East Asian Wide and Fullwidth ones (Unicode Standard Annex 11),
 * else 1, also for Ambiguous ones. Control characters must be escaped before. */
unsigned width_of(uint32_t point);
