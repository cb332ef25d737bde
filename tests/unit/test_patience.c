/* SPDX-License-Identifier: MIT */
/* Reads that never return: how long and how often the run waits for them, and what is left. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/patience.h"
#include "skip.h"

#define SOMEBODY 1001

struct stage {
    struct patience patience;
    int ends[2]; /* of a pipe that errands read */
};

static int set_up(void **state)
{
    struct stage *stage = calloc(1, sizeof *stage);

    assert_non_null(stage);
    assert_int_equal(pipe2(stage->ends, O_CLOEXEC), 0);
    *state = stage;
    return 0;
}

static int tear_down(void **state)
{
    struct stage *stage = *state;

    patience_end(&stage->patience);
    close(stage->ends[0]);
    if (stage->ends[1] >= 0)
        close(stage->ends[1]);
    free(stage);
    return 0;
}

static ssize_t run_read(const struct errand *errand, struct helper_shared *shared, int *fd)
{
    (void)fd;
    return read(errand->dir, shared->room, errand->max);
}

static ssize_t read_pipe(struct stage *stage, uint32_t uid, const char **bytes)
{
    const struct errand errand = {.run = run_read, .dir = stage->ends[0], .max = 64};

    return patience_read(&stage->patience, &errand, uid, bytes, NULL);
}

/* The helper is made once, and returns the data. */
static void test_reads(void **state)
{
    struct stage *stage = *state;
    const char *bytes;

    for (int i = 0; i < 3; i++) {
        pid_t before = stage->patience.helper.pid;

        assert_int_equal(write(stage->ends[1], "word", 4), 4);
        assert_int_equal(read_pipe(stage, SOMEBODY, &bytes), 4);
        assert_memory_equal(bytes, "word", 4);
        assert_true(before == 0 || before == stage->patience.helper.pid);
    }
    assert_int_equal(stage->patience.unanswered, 0);
}

static ssize_t run_fail(const struct errand *errand, struct helper_shared *shared, int *fd)
{
    (void)errand;
    (void)shared;
    (void)fd;
    return -ETIMEDOUT;
}

/* Whatever an errand returns, it is no failure of the helper. */
static void test_errors(void **state)
{
    struct stage *stage = *state;
    const struct errand errand = {.run = run_fail, .dir = -1};

    assert_int_equal(patience_read(&stage->patience, &errand, 0, NULL, NULL), -ETIMEDOUT);
    assert_int_equal(stage->patience.given_up, 0);
    assert_int_equal(stage->patience.unanswered, 0);
    assert_true(stage->patience.helper.pid > 0);
}

static ssize_t run_open(const struct errand *errand, struct helper_shared *shared, int *fd)
{
    (void)shared;
    *fd = open(errand->path, O_RDONLY | O_CLOEXEC);
    return *fd < 0 ? -errno : 0;
}

static void test_descriptors(void **state)
{
    struct stage *stage = *state;
    struct errand errand = {.run = run_open, .dir = -1, .path = "/dev/null"};
    int fd;

    assert_int_equal(patience_read(&stage->patience, &errand, 0, NULL, &fd), 0);
    assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
    close(fd);
    strcpy(errand.path, "/nonexistent");
    assert_int_equal(patience_read(&stage->patience, &errand, 0, NULL, &fd), -ENOENT);
    assert_int_equal(fd, -1);
}

/* Waits for the end of helpers that were given up. Until then they may read what is written now. */
static void bury(const struct stage *stage)
{
    for (size_t i = 0; i < stage->patience.n_stuck; i++)
        assert_int_equal(waitpid(stage->patience.stuck[i], NULL, __WALL), stage->patience.stuck[i]);
}

/* A helper that does not return is given up, and ends when it is killed. The next errand has
 * another one. */
static void test_gives_up(void **state)
{
    struct stage *stage = *state;
    const char *bytes;

    assert_int_equal(read_pipe(stage, SOMEBODY, &bytes), -ETIMEDOUT);
    assert_null(bytes);
    assert_int_equal(stage->patience.given_up, 1);
    assert_int_equal(stage->patience.unanswered, 1);
    assert_int_equal(stage->patience.n_stuck, 1);
    bury(stage);
    assert_true(helper_reap(stage->patience.stuck[0]));
    assert_int_equal(write(stage->ends[1], "word", 4), 4);
    assert_int_equal(read_pipe(stage, SOMEBODY, &bytes), 4);
    assert_memory_equal(bytes, "word", 4);
}

static ssize_t run_late(const struct errand *errand, struct helper_shared *shared, int *fd)
{
    (void)errand;
    (void)shared;
    (void)fd;
    usleep(3 * PATIENCE_SLICE_MS * 1000);
    return 5;
}

static void test_late(void **state)
{
    struct stage *stage = *state;
    const struct errand errand = {.run = run_late, .dir = -1};

    assert_int_equal(patience_read(&stage->patience, &errand, SOMEBODY, NULL, NULL), 5);
    assert_int_equal(stage->patience.unanswered, 0);
    assert_true(stage->patience.waited > 0);
    uint32_t waited = stage->patience.waited;
    assert_int_equal(patience_read(&stage->patience, &errand, 0, NULL, NULL), 5);
    assert_int_equal(stage->patience.waited, waited); /* root's does not count */
}

static void test_limit_of_users(void **state)
{
    struct stage *stage = *state;
    const char *bytes;

    for (int i = 0; i < PATIENCE_EACH; i++)
        assert_int_equal(read_pipe(stage, SOMEBODY, &bytes), -ETIMEDOUT);
    assert_int_equal(stage->patience.given_up, PATIENCE_EACH);
    bury(stage);
    assert_int_equal(write(stage->ends[1], "word", 4), 4);
    assert_int_equal(read_pipe(stage, SOMEBODY, &bytes), -ETIMEDOUT);
    assert_int_equal(stage->patience.given_up, PATIENCE_EACH); /* it did not try */
    assert_int_equal(stage->patience.unanswered, PATIENCE_EACH + 1);
    /* Others are still tried. On a busy machine one try can be too short. */
    ssize_t got = -ETIMEDOUT;
    for (int i = 0; i < PATIENCE_EACH && got == -ETIMEDOUT; i++) {
        got = read_pipe(stage, SOMEBODY + 1, &bytes);
        if (got == -ETIMEDOUT)
            assert_int_equal(write(stage->ends[1], "word", 4), 4);
    }
    assert_in_range(got, 4, 4 * PATIENCE_EACH);
}

static void test_limit_of_all(void **state)
{
    struct stage *stage = *state;
    const char *bytes;

    for (int i = 0; i < PATIENCE_ALL; i++)
        assert_int_equal(read_pipe(stage, 0, &bytes), -ETIMEDOUT);
    assert_false(patience_lasts(&stage->patience, 0));
    assert_false(patience_lasts(&stage->patience, SOMEBODY));
    bury(stage);
    assert_int_equal(write(stage->ends[1], "word", 4), 4);
    assert_int_equal(read_pipe(stage, 0, &bytes), -ETIMEDOUT);
    assert_int_equal(stage->patience.unanswered, PATIENCE_ALL + 1);
}

static void test_limit_of_time(void **state)
{
    struct stage *stage = *state;

    stage->patience.waited = PATIENCE_WAIT_ALL;
    assert_false(patience_lasts(&stage->patience, SOMEBODY));
    assert_true(patience_lasts(&stage->patience, 0));
}

static ssize_t run_parts(const struct errand *errand, struct helper_shared *shared, int *fd)
{
    (void)fd;
    for (uint32_t i = 0; i < errand->n; i++) {
        usleep(8 * PATIENCE_SLICE_MS * 1000);
        atomic_fetch_add(&shared->progress, 1);
    }
    return errand->n;
}

/* Each part has the patience of an errand. */
static void test_parts(void **state)
{
    struct stage *stage = *state;
    const struct errand errand = {.run = run_parts, .dir = -1, .n = 3};

    assert_int_equal(patience_read(&stage->patience, &errand, SOMEBODY, NULL, NULL), 3);
    assert_int_equal(stage->patience.unanswered, 0);
}

static ssize_t run_die(const struct errand *errand, struct helper_shared *shared, int *fd)
{
    (void)errand;
    (void)shared;
    (void)fd;
    kill(getpid(), SIGKILL); /* musl's raise(3) would send it to the caller */
    return 0;
}

static void test_death(void **state)
{
    struct stage *stage = *state;
    const struct errand errand = {.run = run_die, .dir = -1};
    const char *bytes;

    assert_int_equal(patience_read(&stage->patience, &errand, 0, NULL, NULL), -EAGAIN);
    assert_int_equal(stage->patience.wanting, 1);
    assert_int_equal(stage->patience.unanswered, 0);
    assert_int_equal(write(stage->ends[1], "word", 4), 4);
    assert_int_equal(read_pipe(stage, 0, &bytes), 4);
}

/* If no helper can be made, nothing is read. */
static void test_no_helper(void **state)
{
    struct stage *stage = *state;
    struct rlimit before, none;
    const char *bytes;

    assert_int_equal(write(stage->ends[1], "word", 4), 4);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    none = (struct rlimit){.rlim_cur = (rlim_t)stage->ends[1] + 1, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    assert_int_equal(read_pipe(stage, SOMEBODY, &bytes), -EMFILE);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_null(bytes);
    assert_int_equal(stage->patience.wanting, 1);
    assert_int_equal(read_pipe(stage, SOMEBODY, &bytes), 4);
}

/* A helper keeps no descriptor of the caller, so readers of a pipe see its end. */
static void test_keeps_nothing_open(void **state)
{
    struct stage *stage = *state;
    int other[2];
    const char *bytes;
    char byte;

    assert_int_equal(pipe2(other, O_CLOEXEC), 0);
    assert_int_equal(write(stage->ends[1], "word", 4), 4);
    assert_int_equal(read_pipe(stage, SOMEBODY, &bytes), 4);
    close(other[1]);
    alarm(20);
    assert_int_equal(read(other[0], &byte, 1), 0);
    alarm(0);
    close(other[0]);
}

static int end(void *unused)
{
    (void)unused;
    return 0;
}

/* A helper is not visible to wait(2), and sends no signal. */

static void test_unseen(void **state)
{
    struct stage *stage = *state;
    char stack[16384];
    const char *bytes;

    pid_t child = clone(end, stack + sizeof stack, 0, NULL);
    if (child < 0 && errno == EINVAL)
        SKIP("no child that sends no signal can be made here (qemu-user)");
    assert_int_equal(waitpid(child, NULL, __WALL), child);
    assert_int_equal(write(stage->ends[1], "word", 4), 4);
    assert_int_equal(read_pipe(stage, SOMEBODY, &bytes), 4);
    errno = 0;
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

static void test_budget(void **state)
{
    const struct budget_limits limits = {.root = 10 << 10, .each = 4 << 10, .others = 6 << 10};
    struct budget budget = {0};

    (void)state;
    assert_int_equal(budget_left(&budget, &limits, 0, 100), 100);
    assert_int_equal(budget_left(&budget, &limits, 0, 1 << 20), 10 << 10);
    budget_take(&budget, 0, 9 << 10);
    assert_int_equal(budget_left(&budget, &limits, 0, 1 << 20), 1 << 10);
    assert_int_equal(budget_left(&budget, &limits, 7, 1 << 20), 4 << 10);
    budget_take(&budget, 7, 3 << 10);
    assert_int_equal(budget_left(&budget, &limits, 7, 1 << 20), 1 << 10);
    assert_int_equal(budget_left(&budget, &limits, 8, 1 << 20), 3 << 10);
    budget_take(&budget, 7, 5 << 10);
    assert_int_equal(budget_left(&budget, &limits, 7, 1 << 20), 0);
    assert_int_equal(budget_left(&budget, &limits, 8, 1 << 20), 0);
    map_free(&budget.each);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_reads),        TEST(test_errors),
        TEST(test_descriptors),  TEST(test_gives_up),
        TEST(test_late),         TEST(test_limit_of_users),
        TEST(test_limit_of_all), TEST(test_limit_of_time),
        TEST(test_parts),        TEST(test_death),
        TEST(test_no_helper),    TEST(test_keeps_nothing_open),
        TEST(test_unseen),       cmocka_unit_test(test_budget),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
