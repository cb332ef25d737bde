/* SPDX-License-Identifier: MIT */
#include "base/mem.h"

#include <errno.h>
#include <string.h>

#define CHUNK_BYTES ((size_t)64 << 10)

struct arena_chunk {
    struct arena_chunk *next;
    uint32_t bytes[];
};

void *arena_alloc(struct arena *arena, size_t size)
{
    const size_t align = sizeof(uint32_t);

    if (size > SIZE_MAX / 2)
        return NULL;
    size = (size + align - 1) / align * align;
    if (size > (size_t)(arena->end - arena->at)) {
        size_t room = size > CHUNK_BYTES ? size : CHUNK_BYTES;
        struct arena_chunk *chunk = malloc(sizeof *chunk + room);

        if (!chunk)
            return NULL;
        chunk->next = arena->chunks;
        arena->chunks = chunk;
        arena->at = (char *)chunk->bytes;
        arena->end = arena->at + room;
    }
    void *result = arena->at;
    arena->at += size;
    return result;
}

void *arena_alloc_wide(struct arena *arena, size_t size)
{
    const size_t align = sizeof(uint64_t);
    char *room = size < SIZE_MAX / 2 ? arena_alloc(arena, size + align - 1) : NULL;

    return room ? room + (align - (uintptr_t)room % align) % align : NULL;
}

char *arena_string(struct arena *arena, const char *text, size_t len)
{
    char *copy = len < SIZE_MAX ? arena_alloc(arena, len + 1) : NULL;

    if (copy) {
        memcpy(copy, text, len);
        copy[len] = '\0';
    }
    return copy;
}

void arena_merge(struct arena *into, struct arena *from)
{
    struct arena_chunk **tail = &into->chunks;

    /* Behind the chunk that `into` is filling: what is free in `from` is given up. */
    while (*tail)
        tail = &(*tail)->next;
    *tail = from->chunks;
    *from = (struct arena){0};
}

void arena_free(struct arena *arena)
{
    struct arena_chunk *next;

    for (struct arena_chunk *chunk = arena->chunks; chunk; chunk = next) {
        next = chunk->next;
        free(chunk);
    }
    *arena = (struct arena){0};
}

void *array_room(void *items, size_t *capacity, size_t needed, size_t size)
{
    if (items && needed <= *capacity)
        return items;
    size_t more = *capacity + *capacity / 2 + 16;
    if (more < needed)
        more = needed;
    if (more > SIZE_MAX / 2 / size)
        return NULL;
    void *grown = realloc(items, more * size);
    if (grown)
        *capacity = more;
    return grown;
}

/* Where `key` is or would go. */
static struct map_slot *map_slot(const struct map *map, uint64_t key)
{
    size_t mask = map->capacity - 1, at = map_hash(key) & mask;

    while (map->slots[at].key != 0 && map->slots[at].key != key)
        at = (at + 1) & mask;
    return &map->slots[at];
}

static int map_grow(struct map *map)
{
    struct map bigger = {.capacity = map->capacity ? map->capacity * 2 : 64, .used = map->used};

    bigger.slots = calloc(bigger.capacity, sizeof *bigger.slots);
    if (!bigger.slots)
        return -ENOMEM;
    for (size_t i = 0; i < map->capacity; i++) {
        if (map->slots[i].key != 0)
            *map_slot(&bigger, map->slots[i].key) = map->slots[i];
    }
    free(map->slots);
    *map = bigger;
    return 0;
}

uint32_t map_get(const struct map *map, uint64_t key)
{
    if (map->capacity == 0 || key == 0)
        return MAP_NONE;
    const struct map_slot *slot = map_slot(map, key);
    return slot->key == key ? slot->value : MAP_NONE;
}

int map_put(struct map *map, uint64_t key, uint32_t value)
{
    if (map->used >= map->capacity / 2 && map_grow(map) != 0)
        return -ENOMEM;
    struct map_slot *slot = map_slot(map, key);
    if (slot->key == 0) {
        slot->key = key;
        map->used++;
    }
    slot->value = value;
    return 0;
}

void map_free(struct map *map)
{
    free(map->slots);
    *map = (struct map){0};
}
