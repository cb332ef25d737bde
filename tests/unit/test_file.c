/* SPDX-License-Identifier: MIT */
/* Files of any size are read in full, up to the limit, and paths do not leave the root. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <unistd.h>

#include "base/file.h"

#define BYTES 100000

/* An unlinked file of that many bytes. A block that is read twice or skipped shows. */
static int make(size_t len)
{
    char path[] = "/tmp/nstree-file.XXXXXX", text[BYTES];
    int fd = mkstemp(path);

    assert_true(fd >= 0);
    unlink(path);
    for (size_t i = 0; i < len; i++)
        text[i] = (char)(i % 251);
    assert_int_equal(write(fd, text, len), len);
    return fd;
}

static void test_sizes(void **state)
{
    static const size_t sizes[] = {0, 1, 8191, 8192, 8193, 32768, BYTES - 1, BYTES};
    char *buffer = NULL;
    size_t size = 0;

    (void)state;
    for (size_t i = 0; i < 2 * (sizeof sizes / sizeof *sizes); i++) {
        size_t len = sizes[i / 2];
        int fd = make(len);

        assert_int_equal(file_read(fd, &buffer, &size, BYTES, i % 2), len);
        for (size_t at = 0; at < len; at++)
            assert_int_equal(buffer[at], (char)(at % 251));
        close(fd);
    }
    assert_int_equal(size, BYTES);
    free(buffer);
}

static void test_limit(void **state)
{
    char room[101] = {0}, *buffer = room;
    size_t size = 100;
    int fd = make(BYTES);

    (void)state;
    assert_int_equal(file_read(fd, &buffer, &size, 100, true), 100);
    assert_ptr_equal(buffer, room); /* it is full, and did not grow */
    assert_int_equal(room[100], 0);
    buffer = NULL;
    size = 0;
    assert_int_equal(file_read(fd, &buffer, &size, 9000, false), 9000);
    assert_int_equal(size, 9000);
    free(buffer);
    assert_int_equal(file_read(-1, &(char *){room}, &(size_t){100}, 100, false), -EBADF);
    close(fd);
}

static void test_root(void **state)
{
    int root = open("/proc/self", O_PATH | O_DIRECTORY | O_CLOEXEC);
    int fd = file_open(root, "/../stat", O_RDONLY | O_CLOEXEC, OPEN_IN_ROOT);
    char text[256] = "", *buffer = text;
    size_t size = sizeof text - 1;

    (void)state;
    if (root < 0 || fd == -ENOSYS)
        skip(); /* no /proc; or a kernel before 5.6, or qemu-user */
    assert_true(file_read(fd, &buffer, &size, size, false) > 0);
    assert_int_not_equal(strncmp(text, "cpu", 3), 0); /* not /proc/stat */
    close(fd);
    assert_int_equal(file_open(root, "cwd/.", O_PATH | O_CLOEXEC, OPEN_NO_MAGICLINKS), -ELOOP);
    close(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_limit),
        cmocka_unit_test(test_root),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
