/* SPDX-License-Identifier: MIT */
#include "base/number.h"

#include <errno.h>
#include <stdbool.h>

int parse_u64(const char *text, size_t len, uint64_t max, uint64_t *out)
{
    uint64_t value = 0;
    bool over = false;

    if (len == 0)
        return -EINVAL;
    for (size_t i = 0; i < len; i++) {
        unsigned digit = (unsigned char)text[i] - (unsigned)'0';

        if (digit > 9)
            return -EINVAL;
        if (i >= 19) /* 19 digits always fit, and what follows may not */
            over = over || value > (UINT64_MAX - digit) / 10;
        value = value * 10 + digit;
    }
    if (over || value > max)
        return -ERANGE;
    *out = value;
    return 0;
}

int parse_u32(const char *text, size_t len, uint32_t max, uint32_t *out)
{
    uint64_t value;
    int rc = parse_u64(text, len, max, &value);

    if (rc == 0)
        *out = (uint32_t)value;
    return rc;
}

char *compose_number(char *at, uint64_t number)
{
    char digits[NUMBER_BYTES];
    size_t n = sizeof digits;

    do {
        digits[--n] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    for (; n < sizeof digits; n++) /* a few, so that a call to copy them would cost more */
        *at++ = digits[n];
    return at;
}
