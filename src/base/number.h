/* SPDX-License-Identifier: MIT */
/* Numbers: parsed from text and put into it, compared, hashed. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Parses all of text[0..len) as a decimal number of at most `max` into *out. Returns 0, -EINVAL
 * where anything but digits is there (or nothing), -ERANGE where it is larger. */
int parse_u64(const char *text, size_t len, uint64_t max, uint64_t *out);

/* The same for 32 bits. */
int parse_u32(const char *text, size_t len, uint32_t max, uint32_t *out);

/* The most digits that a number has. */
#define NUMBER_BYTES 20

/* Puts the digits of a number at `at`. Returns where they end. */
char *compose_number(char *at, uint64_t number);

/* Compares two numbers as qsort(3) wants it: less than, equal to or greater than 0. */
static inline int compare_numbers(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

/* A number that is not known, in sums. */
#define NUMBER_UNKNOWN UINT64_MAX

/* Adds a number to a sum, which is not known if a part is not, or if it would overflow. */
static inline void add_known(uint64_t *sum, uint64_t more)
{
    bool known = *sum != NUMBER_UNKNOWN && more < NUMBER_UNKNOWN - *sum;

    *sum = known ? *sum + more : NUMBER_UNKNOWN;
}

/* The FNV-1a hash of bytes[0..len), continued from `hash`; begin with HASH_BEGIN. */
#define HASH_BEGIN UINT64_C(0xcbf29ce484222325)
static inline uint64_t hash_bytes(uint64_t hash, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * UINT64_C(0x100000001b3);
    return hash;
}
