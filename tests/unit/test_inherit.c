/* SPDX-License-Identifier: MIT */
/*
 * Namespaces that follow from a parent's. The processes are this test and its child, in a tree with
 * false facts (they are nested, in namespace 42), so inherited facts differ from those that are
 * read.
 */
#include "house.h"

#include <unistd.h>

#include "skip.h"

#define FAKE 42

/* Adds a process with `levels` PIDs; the innermost is its PID, too. */
static void add(struct house *house, uint32_t pid, uint32_t ppid, uint8_t levels, uint64_t ns,
                uint64_t dir)
{
    const uint32_t nspid[] = {pid, pid, pid};
    const struct record record = {
        .ns = ns,
        .dir = dir,
        .nspid = nspid,
        .name = "p",
        .name_len = 1,
        .pid = pid,
        .ppid = ppid,
        .levels = levels,
        .state = 'S',
        .deferred = ns == KEY_UNKNOWN,
    };

    assert_int_equal(builder_add_process(house->scanner.builder, &record), 0);
}

/* The namespace of a process in the end; 0 if it is unknown, or the root, as it really is. */
static uint64_t key_of(struct house *house, uint32_t pid)
{
    struct builder *builder = house->scanner.builder;

    assert_int_equal(builder_sort(builder), 0);
    uint32_t index = builder_find(builder, pid);
    assert_int_not_equal(index, MAP_NONE);
    assert_false(builder->drafts[index].deferred);
    return builder->drafts[index].key;
}

static void follows_from_the_parent(void **state)
{
    struct house *house = *state;

    add(house, house->child, house->parent, 2, KEY_UNKNOWN, dir_of(house->child));
    add(house, house->parent, 1, 2, FAKE, dir_of(house->parent));
    assert_int_equal(scan_inherited(&house->scanner), 0);
    assert_int_equal(key_of(house, house->child), FAKE);
}

static void follows_over_two_generations(void **state)
{
    struct house *house = *state;
    uint32_t init = (uint32_t)getppid();
    char path[32];
    struct stat st;

    snprintf(path, sizeof path, "/proc/%u", (unsigned)init);
    if (stat(path, &st) != 0)
        SKIP("/proc does not show the parent of this test");
    add(house, house->child, house->parent, 2, KEY_UNKNOWN, dir_of(house->child));
    add(house, house->parent, init, 2, KEY_UNKNOWN, dir_of(house->parent));
    add(house, init, 0, 2, FAKE, dir_of(init));
    assert_int_equal(scan_inherited(&house->scanner), 0);
    assert_int_equal(key_of(house, house->child), FAKE);
    assert_int_equal(key_of(house, house->parent), FAKE);
}

static void is_asked_where_the_parent_is_another_one_by_now(void **state)
{
    struct house *house = *state;

    add(house, house->child, house->parent, 2, KEY_UNKNOWN, dir_of(house->child));
    add(house, house->parent, 1, 2, FAKE, dir_of(house->parent) + 1);
    assert_int_equal(scan_inherited(&house->scanner), 0);
    assert_int_equal(key_of(house, house->child), house->inode);
}

static void is_asked_where_the_parent_is_elsewhere_or_unknown(void **state)
{
    struct house *house = *state;

    add(house, house->child, house->parent, 3, KEY_UNKNOWN, dir_of(house->child));
    add(house, house->parent, 1, 2, KEY_UNKNOWN, dir_of(house->parent));
    assert_int_equal(scan_inherited(&house->scanner), 0);
    assert_int_equal(key_of(house, house->child), house->inode);
    assert_int_equal(key_of(house, house->parent), house->inode);
}

static void is_read_anew_where_it_is_another_one_by_now(void **state)
{
    struct house *house = *state;

    add(house, house->child, house->parent, 3, KEY_UNKNOWN, dir_of(house->child) + 1);
    add(house, house->parent, 1, 2, FAKE, dir_of(house->parent));
    assert_int_equal(scan_inherited(&house->scanner), 0);
    assert_int_equal(builder_sort(house->scanner.builder), 0);
    assert_int_equal(house->scanner.builder->n_drafts, 2);
    uint32_t index = builder_find(house->scanner.builder, house->child);
    const struct draft *draft = &house->scanner.builder->drafts[index];
    assert_int_not_equal(draft->process.levels, 3); /* 3 was made up */

    assert_int_equal(draft->process.ppid, house->parent);
    assert_int_equal(house->scanner.builder->info.gone, 0);
}

static void is_gone_where_it_ended(void **state)
{
    struct house *house = *state;

    add(house, house->child, house->parent, 3, KEY_UNKNOWN, dir_of(house->child));
    add(house, house->parent, 1, 2, FAKE, dir_of(house->parent));
    kill((pid_t)house->child, SIGKILL);
    waitpid((pid_t)house->child, NULL, 0);
    assert_int_equal(scan_inherited(&house->scanner), 0);
    assert_int_equal(builder_sort(house->scanner.builder), 0);
    assert_int_equal(house->scanner.builder->n_drafts, 1);
    assert_int_equal(house->scanner.builder->info.gone, 1);
}

static void parents_in_a_circle_are_asked(void **state)
{
    struct house *house = *state;

    add(house, house->child, house->parent, 2, KEY_UNKNOWN, dir_of(house->child));
    add(house, house->parent, house->child, 2, KEY_UNKNOWN, dir_of(house->parent));
    assert_int_equal(scan_inherited(&house->scanner), 0);
    assert_int_equal(key_of(house, house->child), house->inode);
    assert_int_equal(key_of(house, house->parent), house->inode);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(follows_from_the_parent),
        TEST(follows_over_two_generations),
        TEST(is_asked_where_the_parent_is_another_one_by_now),
        TEST(is_asked_where_the_parent_is_elsewhere_or_unknown),
        TEST(is_read_anew_where_it_is_another_one_by_now),
        TEST(is_gone_where_it_ended),
        TEST(parents_in_a_circle_are_asked),
    };

    return cmocka_run_group_tests_name("deferred", tests, NULL, NULL);
}
