/* SPDX-License-Identifier: MIT */
/*
 * Whether a PPid means the process that was read. The processes are this test and its child, in a
 * tree with false facts (they are in a namespace with the key 42), so facts that were read again
 * differ from those that were believed.
 */
#include "house.h"

#include <unistd.h>

#include "skip.h"

#define FAKE 42
#define READ 5 /* the moment in which both were read */

static int set_up_tree(void **state)
{
    int rc = set_up(state);
    struct house *house = *state;

    house->scanner.moment = READ;
    add_reported(house->scanner.builder, NSTREE_INITIAL_INODE, KEY_UNKNOWN, 0);
    add_reported(house->scanner.builder, FAKE, NSTREE_INITIAL_INODE, 1);
    return rc;
}

static void add(struct house *house, uint32_t pid, uint32_t ppid, uint32_t own, uint64_t ns,
                uint64_t dir, uint16_t since)
{
    const uint32_t nspid[] = {pid, own};
    const struct record record = {
        .ns = ns,
        .dir = dir,
        .since = since,
        .read = READ,
        .nspid = nspid,
        .name = "p",
        .name_len = 1,
        .pid = pid,
        .ppid = ppid,
        .levels = 2,
        .state = 'S',
    };

    assert_int_equal(builder_add_process(house->scanner.builder, &record), 0);
}

/* The parent is the init of 42. The child shows no inode, and is in its parent's namespace. */
static void add_family(struct house *house, uint64_t parent_dir, uint16_t parent_since)
{
    add(house, house->parent, 1, 1, FAKE, parent_dir, parent_since);
    add(house, house->child, house->parent, 7, KEY_UNKNOWN, dir_of(house->child), 1);
    assert_int_equal(builder_sort(house->scanner.builder), 0);
}

static const struct draft *draft_of(const struct house *house, uint32_t pid)
{
    uint32_t index = builder_find(house->scanner.builder, pid);

    return index == MAP_NONE ? NULL : &house->scanner.builder->drafts[index];
}

/* Whether the draft has the true facts of a process. */
static bool is_true(const struct draft *draft)
{
    return draft && draft->process.nspid[draft->process.levels - 1] != 7 &&
           !(draft->process.levels == 2 && draft->key == FAKE);
}

static void a_parent_that_was_there_before_and_is_still(void **state)
{
    struct house *house = *state;

    add_family(house, dir_of(house->parent), 1);
    assert_int_equal(scan_prove(&house->scanner), 0);
    assert_int_equal(draft_of(house, house->child)->process.levels, 2);
    assert_false(draft_of(house, house->child)->parent_unsure);
}

static void a_parent_that_is_another_process_by_now(void **state)
{
    struct house *house = *state;

    add_family(house, dir_of(house->parent) + 1, 1);
    assert_int_equal(scan_prove(&house->scanner), 0);
    assert_true(is_true(draft_of(house, house->child)));
    assert_true(is_true(draft_of(house, house->parent)));
}

/* A process that was seen after the child was read may not be the one that its PPid meant. */
static void a_parent_that_was_met_after_the_child_was_read(void **state)
{
    struct house *house = *state;

    add_family(house, dir_of(house->parent), READ + 1);
    assert_int_equal(scan_prove(&house->scanner), 0);
    assert_true(is_true(draft_of(house, house->child)));
}

static void a_parent_without_any_evidence(void **state)
{
    struct house *house = *state;

    add_family(house, 0, 0);
    assert_int_equal(scan_prove(&house->scanner), 0);
    assert_true(is_true(draft_of(house, house->child)));
}

/* A parent that was not read and does not exist: reading again does not find it. */
static void a_parent_that_is_not_there(void **state)
{
    struct house *house = *state;
    pid_t none = fork();

    if (none == 0)
        _exit(0);
    assert_int_equal(waitpid(none, NULL, 0), none);
    add(house, house->child, (uint32_t)none, 7, KEY_UNKNOWN, dir_of(house->child) + 1, 1);
    assert_int_equal(scan_prove(&house->scanner), 0);
    assert_true(is_true(draft_of(house, house->child)));
    assert_int_equal(draft_of(house, house->child)->process.ppid, house->parent);
}

/* If only elimination could place it, its namespace can be gone as well. */
static void one_that_only_elimination_places_and_that_is_gone(void **state)
{
    struct house *house = *state;
    const uint64_t dir = dir_of(house->child);

    add(house, house->parent, 1, 1, FAKE, dir_of(house->parent), 1);
    kill((pid_t)house->child, SIGKILL);
    waitpid((pid_t)house->child, NULL, 0);
    add(house, house->child, 0, 7, KEY_UNKNOWN, dir, 1);
    assert_int_equal(builder_sort(house->scanner.builder), 0);
    assert_int_equal(scan_prove(&house->scanner), 0);
    assert_null(draft_of(house, house->child));
    assert_int_equal(house->scanner.builder->info.gone, 1);
}

/* Then all are listed once more. Those on the list existed at the same time. */
static void one_that_only_elimination_places_has_all_listed(void **state)
{
    struct house *house = *state;

    if (access("/proc/1/status", R_OK) != 0)
        SKIP("/proc hides PID 1 (hidepid)");
    add(house, house->parent, 1, 1, FAKE, dir_of(house->parent), 1);
    add(house, house->child, 0, 7, KEY_UNKNOWN, dir_of(house->child), 1);
    assert_int_equal(builder_sort(house->scanner.builder), 0);
    assert_int_equal(scan_prove(&house->scanner), 0);
    assert_non_null(draft_of(house, 1)); /* it was not read before */
    assert_false(draft_of(house, house->child)->init_unread);
    assert_false(draft_of(house, house->child)->fleeting);
    assert_false(draft_of(house, house->parent)->fleeting);
}

/* In a recorded tree nothing changes, so nothing has to be proven. */
static void a_recorded_tree_does_not_change(void **state)
{
    struct house *house = *state;

    house->fs.live = false;
    add_family(house, 0, 0);
    assert_int_equal(scan_prove(&house->scanner), 0);
    assert_false(draft_of(house, house->child)->parent_unsure);
    house->fs.live = true;
}

#undef TEST
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up_tree, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_parent_that_was_there_before_and_is_still),
        TEST(a_parent_that_is_another_process_by_now),
        TEST(a_parent_that_was_met_after_the_child_was_read),
        TEST(a_parent_without_any_evidence),
        TEST(a_parent_that_is_not_there),
        TEST(one_that_only_elimination_places_and_that_is_gone),
        TEST(one_that_only_elimination_places_has_all_listed),
        TEST(a_recorded_tree_does_not_change),
    };

    return cmocka_run_group_tests_name("prove", tests, NULL, NULL);
}
