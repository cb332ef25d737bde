/* SPDX-License-Identifier: MIT */
/* Reading a file into a buffer that grows: at once or in pieces, up to a limit, again and again. */
#include "build.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/file.h"

/* A file that holds `n` bytes, the i-th of them i modulo 251. */
static int file_of(size_t n)
{
    char path[] = "/tmp/nstree-file-XXXXXX";
    int fd = mkstemp(path);

    assert_true(fd >= 0);
    unlink(path);
    for (size_t i = 0; i < n; i++) {
        const char byte = (char)(i % 251);
        assert_int_equal(pwrite(fd, &byte, 1, (off_t)i), 1);
    }
    return fd;
}

static void reads_up_to_the_end_or_the_limit(void **state)
{
    static const struct {
        const char *row;
        size_t bytes, max, want, size;
    } rows[] = {
        {"empty", 0, 30000, 0, 8192},
        {"less than the first buffer", 8191, 30000, 8191, 8192},
        {"just that", 8192, 30000, 8192, 30000}, /* full: it had to be asked for more */
        {"more", 8193, 30000, 8193, 30000},
        {"more than the limit", 30001, 30000, 30000, 30000},
        {"limit below the first buffer", 5000, 100, 100, 100},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (int in_pieces = 0; in_pieces < 2; in_pieces++) {
            char *buffer = NULL;
            size_t size = 0;
            int fd = file_of(rows[i].bytes);

            ROW_INT(rows[i].row, file_read(fd, &buffer, &size, rows[i].max, in_pieces),
                    rows[i].want);
            ROW_INT(rows[i].row, size, rows[i].size);
            for (size_t at = 0; at < rows[i].want; at++)
                ROW_INT(rows[i].row, (unsigned char)buffer[at], at % 251);
            free(buffer);
            close(fd);
        }
    }
}

/* A pipe gives what is in it. That is all of it only if nothing more was to come. */
static void a_short_read_can_be_a_piece(void **state)
{
    (void)state;
    for (int in_pieces = 0; in_pieces < 2; in_pieces++) {
        char *buffer = NULL;
        size_t size = 0;
        int ends[2];

        assert_int_equal(pipe2(ends, O_DIRECT), 0); /* each write is read by itself */
        assert_int_equal(write(ends[1], "abc", 3), 3);
        assert_int_equal(write(ends[1], "de", 2), 2);
        close(ends[1]);
        assert_int_equal(file_read(ends[0], &buffer, &size, 100, in_pieces), in_pieces ? 5 : 3);
        assert_memory_equal(buffer, "abcde", in_pieces ? 5 : 3);
        free(buffer);
        close(ends[0]);
    }
}

static void a_buffer_is_used_again(void **state)
{
    char *buffer = NULL;
    size_t size = 0;
    int large = file_of(9000), small = file_of(10);

    (void)state;
    assert_int_equal(file_read(large, &buffer, &size, 30000, false), 9000);
    const char *before = buffer;
    assert_int_equal(file_read(small, &buffer, &size, 30000, false), 10);
    assert_ptr_equal(buffer, before);
    assert_int_equal(size, 30000);
    assert_int_equal(file_read(-1, &buffer, &size, 30000, false), -EBADF);
    assert_ptr_equal(buffer, before);
    free(buffer);
    close(large);
    close(small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_up_to_the_end_or_the_limit),
        cmocka_unit_test(a_short_read_can_be_a_piece),
        cmocka_unit_test(a_buffer_is_used_again),
    };

    return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
