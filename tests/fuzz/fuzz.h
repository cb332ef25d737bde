/* SPDX-License-Identifier: MIT */
/* For all fuzz targets: bytes as a source of decisions, and checks that stop the run. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Not assert(): NDEBUG must not remove the checks. */
#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/* The entry point for libFuzzer and replay.c. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The rest of an input. Past its end it yields zeros. */
struct input {
    const uint8_t *at, *end;
};

static inline uint8_t take_byte(struct input *input)
{
    return input->at < input->end ? *input->at++ : 0;
}

static inline uint32_t take_word(struct input *input)
{
    uint32_t value = 0;

    for (int i = 0; i < 4; i++)
        value = value << 8 | take_byte(input);
    return value;
}

/* A copy of exactly `len` bytes, so that a sanitizer sees a read beyond them. */
static inline char *exact_copy(const void *data, size_t len)
{
    char *copy = malloc(len ? len : 1);

    CHECK(copy);
    if (len > 0)
        memcpy(copy, data, len);
    return copy;
}
