/* SPDX-License-Identifier: MIT */
/* Reading ahead: all bytes in order, with and without a thread, for all kinds of readers. */
#include "build.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kernel/readahead.h"

#define BYTES 1000003 /* 16 pieces; the last is not full */

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
            /* Leaves nothing, the most that may be left, or less; nothing of the last piece. */
            left = n + (size_t)got == BYTES ? 0 : n * 3 % (READAHEAD_ROOM + 1);
            memset(bytes, 0x55, (size_t)got - left); /* the reader owns it */
            n += (size_t)got - left;
        }
        assert_int_equal(got, 0);
        assert_int_equal(n, BYTES);
        readahead_end(&readahead);
        close(fd);
    }
}

/* Before any piece, with pieces waiting, and while the thread waits for a free piece. */
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

static void returns_the_error_of_read(void **state)
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

/* Bytes left at the end are a cut record. Longer rests than any record are errors, too. */
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

/* Takes records that begin with their size: how many there were, and after how many it fails. */
struct taker {
    int n, fails_at;
};

static ssize_t take_sized(void *context, const char *bytes, size_t len)
{
    struct taker *taker = context;
    uint16_t size;

    if (len < sizeof size)
        return 0;
    memcpy(&size, bytes, sizeof size);
    if (len < size)
        return 0;
    if (taker->n == taker->fails_at)
        return -ENOMSG;
    for (uint16_t i = sizeof size; i < size; i++)
        assert_int_equal(bytes[i], byte_at(size + i));
    taker->n++;
    return (ssize_t)size;
}

/* A file of `n` records of all possible sizes, without its last `cut` bytes. */
static int file_of_records(int n, off_t cut)
{
    int fd = memfd_create("records", MFD_CLOEXEC);

    assert_true(fd >= 0);
    for (int i = 0; i < n; i++) {
        char record[READAHEAD_ROOM];
        const uint16_t size = (uint16_t)(2 + (size_t)i * 7 % (READAHEAD_ROOM - 1));

        memcpy(record, &size, sizeof size);
        for (uint16_t at = sizeof size; at < size; at++)
            record[at] = byte_at(size + at);
        assert_int_equal(write(fd, record, size), size);
    }
    off_t end = lseek(fd, 0, SEEK_CUR);
    assert_int_equal(ftruncate(fd, end - cut), 0);
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    return fd;
}

static void takes_records(void **state)
{
    static const struct {
        const char *row;
        int n, fails_at;
        off_t cut;
        int rc, taken;
    } rows[] = {
        {"none", 0, -1, 0, 0, 0},
        {"one", 1, -1, 0, 0, 1},
        {"many", 1000, -1, 0, 0, 1000}, /* several pieces */
        {"fails at the first", 10, 0, 0, -ENOMSG, 0},
        {"fails in a later piece", 1000, 900, 0, -ENOMSG, 900},
        {"the last is cut", 1000, -1, 1, -EIO, 999},
    };

    (void)state;
    for (size_t i = 0; i < 2 * COUNT(rows); i++) {
        struct taker taker = {.fails_at = rows[i / 2].fails_at};
        int fd = file_of_records(rows[i / 2].n, rows[i / 2].cut);

        ROW_INT(rows[i / 2].row, readahead_run(fd, i % 2 != 0, take_sized, &taker), rows[i / 2].rc);
        ROW_INT(rows[i / 2].row, taker.n, rows[i / 2].taken);
        close(fd);
    }
    int fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_int_equal(readahead_run(fd, false, take_sized, &(struct taker){0}), -EISDIR);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_all_in_order),
        cmocka_unit_test(can_be_ended_at_any_time),
        cmocka_unit_test(returns_the_error_of_read),
        cmocka_unit_test(nothing_may_be_left),
        cmocka_unit_test(takes_records),
    };

    return cmocka_run_group_tests_name("ahead", tests, NULL, NULL);
}
