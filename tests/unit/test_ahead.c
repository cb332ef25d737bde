/* SPDX-License-Identifier: MIT */
/* Reading ahead: all bytes in their order, with a thread and without, whatever the reader does. */
#include "build.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ahead.h"

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
        struct ahead ahead;
        char *bytes = NULL;
        size_t n = 0;
        ssize_t got;
        int fd = patterned();

        assert_int_equal(ahead_begin(&ahead, fd, threaded), 0);
        assert_int_equal(ahead.threaded, threaded);
        while ((got = ahead_next(&ahead, &bytes)) > 0) {
            for (ssize_t i = 0; i < got; i++)
                assert_int_equal(bytes[i], byte_at(n + (size_t)i));
            memset(bytes - AHEAD_ROOM, 0x55, AHEAD_ROOM + (size_t)got); /* it is ours */
            n += (size_t)got;
        }
        assert_int_equal(got, 0);
        assert_int_equal(n, BYTES);
        ahead_end(&ahead);
        close(fd);
    }
}

/* Before any piece, with pieces waiting, and where the thread waits for one to be given back. */
static void can_be_ended_at_any_time(void **state)
{
    (void)state;
    for (int pieces = 0; pieces < 3; pieces++) {
        struct ahead ahead;
        char *bytes = NULL;
        int fd = patterned();

        assert_int_equal(ahead_begin(&ahead, fd, true), 0);
        for (int i = 0; i < pieces; i++)
            assert_int_equal(ahead_next(&ahead, &bytes), AHEAD_BYTES);
        ahead_end(&ahead);
        close(fd);
    }
}

static void says_what_failed(void **state)
{
    int fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    (void)state;
    assert_true(fd >= 0);
    for (int threaded = 0; threaded < 2; threaded++) {
        struct ahead ahead;
        char *bytes = NULL;

        assert_int_equal(ahead_begin(&ahead, fd, threaded), 0);
        assert_int_equal(ahead_next(&ahead, &bytes), -EISDIR);
        ahead_end(&ahead);
    }
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_all_in_order),
        cmocka_unit_test(can_be_ended_at_any_time),
        cmocka_unit_test(says_what_failed),
    };

    return cmocka_run_group_tests_name("ahead", tests, NULL, NULL);
}
