/* SPDX-License-Identifier: MIT */
/* Memory of a tree: allocations do not move or change, and no size overflows. */
#include "build.h"

#include <errno.h>

static void arena_keeps_its_allocations(void **state)
{
    enum { N = 20000 };
    struct arena arena = {0};
    char **texts = calloc(N, sizeof *texts);

    (void)state;
    assert_non_null(texts);
    for (unsigned i = 0; i < N; i++) {
        char text[32];
        int len = snprintf(text, sizeof text, "%u", i * 7919);

        texts[i] = arena_string(&arena, text, (size_t)len);
        assert_non_null(texts[i]);
    }
    for (unsigned i = 0; i < N; i++)
        assert_int_equal(strtoul(texts[i], NULL, 10), i * 7919);
    free(texts);
    arena_free(&arena);
    assert_null(arena.chunks);
}

static void arena_is_aligned_for_numbers(void **state)
{
    struct arena arena = {0};

    (void)state;
    for (size_t size = 1; size < 200; size++) {
        unsigned char *bytes = arena_alloc(&arena, size);

        assert_non_null(bytes);
        assert_int_equal((uintptr_t)bytes % sizeof(uint32_t), 0);
        memset(bytes, 0xff, size);
    }
    arena_free(&arena);
}

static void arena_takes_more_than_a_chunk(void **state)
{
    struct arena arena = {0};
    char *before = arena_string(&arena, "before", 6);
    char *large = arena_alloc(&arena, (size_t)3 << 20);
    char *after = arena_string(&arena, "after", 5);

    (void)state;
    assert_non_null(large);
    memset(large, 'x', (size_t)3 << 20);
    assert_string_equal(before, "before");
    assert_string_equal(after, "after");
    arena_free(&arena);
}

static void arena_refuses_sizes_that_overflow(void **state)
{
    struct arena arena = {0};

    (void)state;
    assert_null(arena_alloc(&arena, SIZE_MAX));
    assert_null(arena_alloc(&arena, SIZE_MAX - 1));
    assert_null(arena_alloc(&arena, SIZE_MAX / 2 + 1));
    assert_null(arena_string(&arena, "", SIZE_MAX));
    arena_free(&arena);
}

static void arena_string_cuts_and_ends(void **state)
{
    struct arena arena = {0};

    (void)state;
    assert_string_equal(arena_string(&arena, "abcdef", 3), "abc");
    assert_string_equal(arena_string(&arena, "", 0), "");
    assert_memory_equal(arena_string(&arena, "a\0b", 3), "a\0b", 4);
    arena_free(&arena);
}

static void arena_merge_moves_all(void **state)
{
    struct arena into = {0}, from = {0}, empty = {0};

    (void)state;
    char *first = arena_string(&into, "first", 5);
    char *second = arena_string(&from, "second", 6);
    char *large = arena_alloc(&from, 100000);
    assert_non_null(large);
    memset(large, 'y', 100000);
    arena_merge(&into, &from);
    assert_null(from.chunks);
    arena_merge(&into, &empty);
    arena_merge(&empty, &into); /* into an empty one */
    assert_null(into.chunks);
    arena_free(&from); /* does not free what was moved */
    arena_free(&into);
    char *third = arena_string(&empty, "third", 5);
    assert_string_equal(first, "first");
    assert_string_equal(second, "second");
    assert_string_equal(third, "third");
    assert_int_equal(large[99999], 'y');
    arena_free(&empty);
}

static void array_grows_and_keeps(void **state)
{
    uint64_t *items = NULL;
    size_t capacity = 0;
    unsigned moves = 0;

    (void)state;
    for (size_t n = 0; n < 100000; n++) {
        size_t before = capacity;
        uint64_t *room = array_room(items, &capacity, n + 1, sizeof *items);

        assert_non_null(room);
        assert_true(capacity >= n + 1);
        moves += capacity != before;
        items = room;
        items[n] = n * 3;
    }
    for (size_t n = 0; n < 100000; n++)
        assert_int_equal(items[n], n * 3);
    assert_true(moves < 60); /* it grows by a factor, not by a step */
    free(items);
}

static void array_is_as_it_was_without_memory(void **state)
{
    size_t capacity = 0;
    char *items = array_room(NULL, &capacity, 10, 1);
    size_t before = capacity;

    (void)state;
    assert_non_null(items);
    assert_true(before >= 10);
    items[9] = 'z';
    assert_null(array_room(items, &capacity, SIZE_MAX, 1));
    assert_null(array_room(items, &capacity, SIZE_MAX / 4, 64));
    assert_int_equal(capacity, before);
    assert_int_equal(items[9], 'z');
    assert_ptr_equal(array_room(items, &capacity, 10, 1), items);
    free(items);
}

static void map_holds_keys_of_every_kind(void **state)
{
    enum { N = 50000 };
    struct map map = {0};

    (void)state;
    assert_int_equal(map_get(&map, 5), MAP_NONE);
    for (uint32_t i = 0; i < N; i++) { /* consecutive inodes, inits, and keys with only high bits */
        assert_int_equal(map_put(&map, NSTREE_INITIAL_INODE + i, i), 0);
        assert_int_equal(map_put(&map, key_of_init(i + 1), i + N), 0);
        assert_int_equal(map_put(&map, (uint64_t)(i + 1) << 40, i + 2 * N), 0);
    }
    assert_int_equal(map.used, 3 * N);
    assert_true(map.capacity > map.used);
    for (uint32_t i = 0; i < N; i++) {
        assert_int_equal(map_get(&map, NSTREE_INITIAL_INODE + i), i);
        assert_int_equal(map_get(&map, key_of_init(i + 1)), i + N);
        assert_int_equal(map_get(&map, (uint64_t)(i + 1) << 40), i + 2 * N);
    }
    assert_int_equal(map_get(&map, NSTREE_INITIAL_INODE - 1), MAP_NONE);
    assert_int_equal(map_get(&map, UINT64_MAX), MAP_NONE);
    assert_int_equal(map_get(&map, KEY_UNKNOWN), MAP_NONE);
    map_free(&map);
    assert_int_equal(map_get(&map, NSTREE_INITIAL_INODE), MAP_NONE);
}

static void map_put_replaces(void **state)
{
    struct map map = {0};

    (void)state;
    assert_int_equal(map_put(&map, 7, 1), 0);
    assert_int_equal(map_put(&map, 7, 2), 0);
    assert_int_equal(map_put(&map, 7, 0), 0);
    assert_int_equal(map_get(&map, 7), 0);
    assert_int_equal(map.used, 1);
    map_free(&map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arena_keeps_its_allocations),
        cmocka_unit_test(arena_is_aligned_for_numbers),
        cmocka_unit_test(arena_takes_more_than_a_chunk),
        cmocka_unit_test(arena_refuses_sizes_that_overflow),
        cmocka_unit_test(arena_string_cuts_and_ends),
        cmocka_unit_test(arena_merge_moves_all),
        cmocka_unit_test(array_grows_and_keeps),
        cmocka_unit_test(array_is_as_it_was_without_memory),
        cmocka_unit_test(map_holds_keys_of_every_kind),
        cmocka_unit_test(map_put_replaces),
    };

    return cmocka_run_group_tests_name("mem", tests, NULL, NULL);
}
