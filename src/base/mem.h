/* SPDX-License-Identifier: MIT */
/*
 * Memory of a tree: an arena that strings and chains are laid in and that never moves them, a
 * growing array, and a map from 64-bit keys to indexes. All sizes are checked; nothing aborts.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Function-local buffers and descriptors end with their scope. */
static inline void cleanup_free(void *variable)
{
    void *pointer;

    memcpy(&pointer, variable, sizeof pointer);
    free(pointer);
}

static inline void cleanup_close(const int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

#define AUTO_FREE __attribute__((cleanup(cleanup_free)))
#define AUTO_CLOSE __attribute__((cleanup(cleanup_close)))

struct arena_chunk;

/* Zeroed is empty. */
struct arena {
    struct arena_chunk *chunks; /* the newest first */
    char *at, *end;             /* what is free in it */
};

/* `size` bytes aligned for uint32_t, which stay where they are until arena_free(); NULL without
 * memory. */
void *arena_alloc(struct arena *arena, size_t size);

/* The same, aligned for uint64_t. */
void *arena_alloc_wide(struct arena *arena, size_t size);

/* A NUL-terminated copy of text[0..len), or NULL without memory. */
char *arena_string(struct arena *arena, const char *text, size_t len);

/* Makes all that `from` holds `into`'s. `from` is empty then. */
void arena_merge(struct arena *into, struct arena *from);

void arena_free(struct arena *arena);

/* The array `items` (of *capacity elements of `size` bytes) with room for `needed`, perhaps moved;
 * or NULL without memory: then it is as it was. */
void *array_room(void *items, size_t *capacity, size_t needed, size_t size);

/* Key to index. Zeroed is empty. Keys are never 0. */
struct map {
    struct map_slot *slots;
    size_t capacity; /* a power of two, or 0 */
    size_t used;
};

struct map_slot {
    uint64_t key;
    uint32_t value;
};

#define MAP_NONE UINT32_MAX

/* Spreads keys by a multiplication: many are consecutive, as inodes are. */
static inline size_t map_hash(uint64_t key)
{
    return (size_t)((key * UINT64_C(0x9E3779B97F4A7C15)) >> 32);
}

/* The value of `key`, or MAP_NONE. */
uint32_t map_get(const struct map *map, uint64_t key);

/* Sets the value of `key`. Returns 0 or -ENOMEM. */
int map_put(struct map *map, uint64_t key, uint32_t value);

void map_free(struct map *map);

#define AUTO_MAP __attribute__((cleanup(map_free)))

/* The same as a set of keys. set_add() returns 0 or -ENOMEM. */
static inline bool set_has(const struct map *set, uint64_t key)
{
    return map_get(set, key) != MAP_NONE;
}

static inline int set_add(struct map *set, uint64_t key)
{
    return map_put(set, key, 0);
}
