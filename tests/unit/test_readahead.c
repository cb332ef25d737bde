/* SPDX-License-Identifier: MIT */
/* Reading ahead: all bytes in their order, with a thread and without, whatever the reader does. */
#include "build.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kernel/readahead.h"

#define BYTES 1000003 /* 16 pieces, the last of them not whole */

static char byte_at(size_t i)
{
    return (char)(i ^ i >> 8 ^ i >> 16);
}

static int patterned(void)
{
    int fd = memfd_create("pattern", MFD_CLOEXEC);
    char *bytes = malloc(BYTES);

    assert_true(fd >= 0);
    assert_non_null(bytes);
    for (size_t i = 0; i < BYTES; i++)
        bytes[i] = byte_at(i);
    assert_int_equal(write(fd, bytes, BYTES), BYTES);
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    free(bytes);
    return fd;
}

static void gives_all_in_order(void **state)
{
    (void)state;
    for (int threaded = 0; threaded < 2; threaded++) {
        struct readahead readahead;
        char *bytes = NULL;
        size_t n = 0, left = 0;
        ssize_t got;
        int fd = patterned();

        assert_int_equal(readahead_begin(&readahead, fd, threaded), 0);
        assert_int_equal(readahead.threaded, threaded);
        while ((got = readahead_next(&readahead, left, &bytes)) > 0) {
            for (ssize_t i = 0; i < got; i++)
                assert_int_equal(bytes[i], byte_at(n + (size_t)i));
            /* Leaves nothing, all that may be left, and numbers in between; of the last nothing. */
            left = n + (size_t)got == BYTES ? 0 : n * 3 % (READAHEAD_ROOM + 1);
            memset(bytes, 0x55, (size_t)got - left); /* it is ours */
            n += (size_t)got - left;
        }
        assert_int_equal(got, 0);
        assert_int_equal(n, BYTES);
        readahead_end(&readahead);
        close(fd);
    }
}

/* Before any piece, with pieces waiting, and where the thread waits for one to be given back. */
static void can_be_ended_at_any_time(void **state)
{
    (void)state;
    for (int pieces = 0; pieces < 3; pieces++) {
        struct readahead readahead;
        char *bytes = NULL;
        int fd = patterned();

        assert_int_equal(readahead_begin(&readahead, fd, true), 0);
        for (int i = 0; i < pieces; i++)
            assert_int_equal(readahead_next(&readahead, 0, &bytes), READAHEAD_BYTES);
        readahead_end(&readahead);
        close(fd);
    }
}

static void says_what_failed(void **state)
{
    int fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    (void)state;
    assert_true(fd >= 0);
    for (int threaded = 0; threaded < 2; threaded++) {
        struct readahead readahead;
        char *bytes = NULL;

        assert_int_equal(readahead_begin(&readahead, fd, threaded), 0);
        assert_int_equal(readahead_next(&readahead, 0, &bytes), -EISDIR);
        readahead_end(&readahead);
    }
    close(fd);
}

/* What is left at the end was cut off; more than a record can be is no rest of one. */
static void nothing_may_be_left(void **state)
{
    static const size_t cases[] = {1, READAHEAD_ROOM + 1};

    (void)state;
    for (size_t i = 0; i < 2 * COUNT(cases); i++) {
        struct readahead readahead;
        char *bytes = NULL;
        ssize_t got = 0;
        int fd = patterned();

        assert_int_equal(lseek(fd, BYTES - 2000, SEEK_SET), BYTES - 2000);
        assert_int_equal(readahead_begin(&readahead, fd, i % 2 != 0), 0);
        got = readahead_next(&readahead, 0, &bytes);
        assert_int_equal(got, 2000);
        assert_int_equal(readahead_next(&readahead, cases[i / 2], &bytes), -EIO);
        readahead_end(&readahead);
        close(fd);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_all_in_order),
        cmocka_unit_test(can_be_ended_at_any_time),
        cmocka_unit_test(says_what_failed),
        cmocka_unit_test(nothing_may_be_left),
    };

    return cmocka_run_group_tests_name("ahead", tests, NULL, NULL);
}
