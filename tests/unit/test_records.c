/* SPDX-License-Identifier: MIT */
/* Records of the BPF programs, byte for byte by hand. A head has 48 bytes, a level 20, the rest of
 * a kernel thread 100. Head and level of a namespace without a process have 12 each. */

#include "build.h"

#include <errno.h>

#include "kernel/records.h"

#define HEAD 48
#define LEVEL 20
#define UNBORN_LEVEL 12
#define KTHREAD 100

/* Little pieces of a record. */
struct bytes {
    char at[4096];
    size_t n;
};

static void put_numbers(struct bytes *bytes, size_t n, const uint32_t numbers[])
{
    memcpy(bytes->at + bytes->n, numbers, n * sizeof *numbers);
    bytes->n += n * sizeof *numbers;
}

static void put_text(struct bytes *bytes, const char *text, size_t size)
{
    memset(bytes->at + bytes->n, 0, size);
    memcpy(bytes->at + bytes->n, text, strlen(text) < size ? strlen(text) : size);
    bytes->n += size;
}

#define NUMBERS(bytes, ...)                                                                        \
    put_numbers(bytes, sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t),                 \
                (const uint32_t[]){__VA_ARGS__})

/* ppid, uid, flags, state, exit_state, threads, levels, mnt_ns, comm */
static void put_plain(struct bytes *bytes)
{
    NUMBERS(bytes, 1, 1000, 0x400000, 1, 0, 0, 1, 0);
    put_text(bytes, "bash", 16);
    NUMBERS(bytes, 42, 4026531836, 0, 8, 0);
}

static void put_nested(struct bytes *bytes)
{
    NUMBERS(bytes, 42, 65534, 0, 0, 32, 2, 3, 4026532001);
    put_text(bytes, "fifteen-letters-more", 16); /* no NUL */
    NUMBERS(bytes, 43, 4026531836, 0, 1, 0, 7, 4026532100, 1, 2, 0, 1, 4026532200, 1, 3, 7);
}

static void put_kthread(struct bytes *bytes)
{
    NUMBERS(bytes, 2, 0, TASK_IS_KTHREAD | TASK_IS_WORKER, 0x402, 0, 0, 1, 0);
    put_text(bytes, "kworker/u8:1-ev", 16);
    NUMBERS(bytes, 44, 4026531836, 0, 8, 0);
    put_text(bytes, "0123456789012345678901234567890123456789012345678901234567890123", 64);
    put_text(bytes, "events_unbound_of_31_characters!", 32);
    NUMBERS(bytes, 1);
}

static void expect_plain(const struct task *task)
{
    assert_int_equal(task->head.ppid, 1);
    assert_int_equal(task->head.uid, 1000);
    assert_int_equal(task->head.flags, 0x400000);
    assert_int_equal(task->head.state, 1);
    assert_int_equal(task->head.levels, 1);
    assert_string_equal(task->head.comm, "bash");
    assert_int_equal(task->levels[0].pid, 42);
    assert_int_equal(task->levels[0].inode, 4026531836);
}

static void expect_nested(const struct task *task)
{
    static const struct task_level levels[] = {
        {43, 4026531836, 0, 1, 0}, {7, 4026532100, 1, 2, 0}, {1, 4026532200, 1, 3, 7}};

    assert_int_equal(task->head.ppid, 42);
    assert_int_equal(task->head.uid, 65534);
    assert_int_equal(task->head.exit_state, 32);
    assert_int_equal(task->head.threads, 2);
    assert_int_equal(task->head.mnt_ns, 4026532001);
    assert_string_equal(task->head.comm, "fifteen-letters");
    assert_int_equal(task->head.levels, 3);
    assert_memory_equal(task->levels, levels, sizeof levels);
}

static void expect_kthread(const struct task *task)
{
    assert_int_equal(task->head.ppid, 2);
    assert_int_equal(task->head.state, 0x402);
    assert_string_equal(task->head.comm, "kworker/u8:1-ev");
    assert_int_equal(task->levels[0].pid, 44);
    assert_string_equal(task->kthread.full_name,
                        "012345678901234567890123456789012345678901234567890123456789012");
    assert_string_equal(task->kthread.desc, "events_unbound_of_31_characters");
    assert_int_equal(task->kthread.busy, 1);
}

/* A copy of exactly these bytes, so that a sanitizer sees reads beyond them; free() it. */
static char *exactly(const char *bytes, size_t n)
{
    char *copy = malloc(n ? n : 1);

    assert_non_null(copy);
    memcpy(copy, bytes, n);
    return copy;
}

/* Three tasks of 68, 108 and 168 bytes. Wherever the stream is cut, whole ones are taken. */
static void tasks_of_a_stream_that_is_cut(void **state)
{
    static void (*const expect[])(const struct task *) = {expect_plain, expect_nested,
                                                          expect_kthread};
    static const int sizes[] = {68, 108, 168};
    struct bytes stream = {.n = 0};

    (void)state;
    put_plain(&stream);
    put_nested(&stream);
    put_kthread(&stream);
    assert_int_equal(stream.n, 344);
    for (size_t cut = 0; cut <= 344; cut++) {
        const size_t whole = cut < 68 ? 0 : cut < 176 ? 1 : cut < 344 ? 2 : 3;
        char *bytes = exactly(stream.at, cut);
        size_t at = 0;

        for (size_t i = 0; i < whole; i++) {
            struct task task;

            memset(&task, 0x55, sizeof task);
            assert_int_equal(records_take_task(bytes + at, cut - at, &task), sizes[i]);
            expect[i](&task);
            at += (size_t)sizes[i];
        }
        struct task task;
        assert_int_equal(records_take_task(bytes + at, cut - at, &task), 0);
        free(bytes);
    }
}

static void levels_of_a_task(void **state)
{
    static const struct {
        uint32_t levels, flags;
        ssize_t size;
    } rows[] = {
        {0, 0, -EIO},
        {1, 0, HEAD + LEVEL},
        {2, TASK_IS_KTHREAD, HEAD + 2 * LEVEL + KTHREAD},
        {33, 0, HEAD + 33 * LEVEL},
        {33, TASK_IS_KTHREAD, HEAD + 33 * LEVEL + KTHREAD},
        {34, 0, -EIO},
        {UINT32_MAX, 0, -EIO},
        {UINT32_MAX / LEVEL + 1, 0, -EIO}, /* the size overflows 32 bits */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct bytes record = {.n = 0};
        struct task task;
        char row[32];

        snprintf(row, sizeof row, "%u levels", (unsigned)rows[i].levels);
        NUMBERS(&record, 1, 0, rows[i].flags, 0, 0, 0, rows[i].levels, 0);
        put_text(&record, "p", 16);
        for (uint32_t level = 0; level < 33; level++)
            NUMBERS(&record, 100 + level, 200 + level, 0, 0, 0);
        char *all = exactly(record.at, sizeof record.at);
        ROW_INT(row, records_take_task(all, sizeof record.at, &task), rows[i].size);
        free(all);
        if (rows[i].size < 0)
            continue;
        ROW_INT(row, task.levels[rows[i].levels - 1].pid, 99 + rows[i].levels);
        ROW_INT(row, task.levels[rows[i].levels - 1].inode, 199 + rows[i].levels);
        char *cut = exactly(record.at, (size_t)rows[i].size - 1);
        ROW_INT(row, records_take_task(cut, (size_t)rows[i].size - 1, &task), 0);
        free(cut);
    }
}

/* Two namespaces, of 36 and of 48 bytes. */
static void unborn_of_a_stream_that_is_cut(void **state)
{
    static const struct unborn_level levels[] = {{4026531836, 4026531837, 0},
                                                 {4026532100, 4026532099, 1000},
                                                 {4026532200, 4026532199, 1001}};
    struct bytes stream = {.n = 0};

    (void)state;
    NUMBERS(&stream, 500, 501, 2, 4026531836, 4026531837, 0, 4026532100, 4026532099, 1000);
    NUMBERS(&stream, 600, 600, 3, 4026531836, 4026531837, 0, 4026532100, 4026532099, 1000,
            4026532200, 4026532199, 1001);
    assert_int_equal(stream.n, 84);
    for (size_t cut = 0; cut <= 84; cut++) {
        char *bytes = exactly(stream.at, cut);
        struct unborn_chain chain;
        const size_t at = cut < 36 ? 0 : 36;

        assert_int_equal(records_take_unborn(bytes, cut, &chain), at);
        if (at) {
            assert_int_equal(chain.head.pid, 500);
            assert_int_equal(chain.head.tid, 501);
            assert_memory_equal(chain.levels, levels, 2 * sizeof *levels);
        }
        assert_int_equal(records_take_unborn(bytes + at, cut - at, &chain), cut < 84 ? 0 : 48);
        free(bytes);
        if (cut < 84)
            continue;
        assert_int_equal(chain.head.pid, 600);
        assert_int_equal(chain.head.levels, 3);
        assert_memory_equal(chain.levels, levels, sizeof levels);
    }
}

static void levels_of_an_unborn(void **state)
{
    static const struct {
        uint32_t levels;
        ssize_t size;
    } rows[] = {{0, -EIO},
                {1, -EIO},
                {2, 12 + 2 * UNBORN_LEVEL},
                {33, 12 + 33 * UNBORN_LEVEL},
                {34, -EIO},
                {UINT32_MAX, -EIO},
                {UINT32_MAX / UNBORN_LEVEL + 1, -EIO}};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct bytes record = {.n = 0};
        struct unborn_chain chain;

        NUMBERS(&record, 500, 501, rows[i].levels);
        char *all = exactly(record.at, sizeof record.at);
        ROW_INT("unborn", records_take_unborn(all, sizeof record.at, &chain), rows[i].size);
        free(all);
        if (rows[i].size < 0)
            continue;
        char *cut = exactly(record.at, (size_t)rows[i].size - 1);
        ROW_INT("unborn", records_take_unborn(cut, (size_t)rows[i].size - 1, &chain), 0);
        free(cut);
    }
}

/* With any bytes, no record goes beyond them, and its strings end. */
static void garbage(void **state)
{
    uint32_t random = 1;
    int taken = 0;

    (void)state;
    for (int round = 0; round < 20000; round++) {
        char noise[1000];
        struct task task;
        struct unborn_chain chain;

        for (size_t i = 0; i < sizeof noise; i++) {
            random = random * 1664525 + 1013904223;
            noise[i] = (char)(random >> 24);
        }
        size_t len = random % sizeof noise;
        uint32_t levels = random >> 8 & 63; /* half of them are valid */
        memcpy(noise + (round % 2 ? 24 : 8), &levels, sizeof levels);
        char *bytes = exactly(noise, len);
        ssize_t task_size = records_take_task(bytes, len, &task);
        ssize_t unborn_size = records_take_unborn(bytes, len, &chain);
        free(bytes);
        assert_true(task_size == -EIO || (task_size >= 0 && (size_t)task_size <= len));
        assert_true(unborn_size == -EIO || (unborn_size >= 0 && (size_t)unborn_size <= len));
        taken += task_size > 0 && unborn_size != 0;
        if (task_size > 0) {
            assert_true(memchr(task.head.comm, '\0', sizeof task.head.comm) != NULL);
            assert_true(task.head.levels >= 1 && task.head.levels <= 33);
        }
    }
    assert_true(taken > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tasks_of_a_stream_that_is_cut),
        cmocka_unit_test(levels_of_a_task),
        cmocka_unit_test(unborn_of_a_stream_that_is_cut),
        cmocka_unit_test(levels_of_an_unborn),
        cmocka_unit_test(garbage),
    };

    return cmocka_run_group_tests_name("records", tests, NULL, NULL);
}
