/* SPDX-License-Identifier: MIT */
/* Stat files, written by hand as do_task_stat() and show_stat() of the kernel write them. */
#include "build.h"

#include <errno.h>
#include <time.h>

#include "kernel/stat.h"

#define UNKNOWN NSTREE_USAGE_UNKNOWN

/* Fields 3 to 22: state, 10 that are not used, utime, stime, 6 that are not used, starttime. */
#define FIELDS(user, system, start)                                                                \
    " S 1 70 70 0 -1 4194560 100 0 2 0 " user " " system " 7 8 20 0 3 0 " start
#define REST                                                                                       \
    " 9999 111 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0\n"

static void parses_times_of_processes(void **state)
{
    static const struct stat_clock clock = {.boot = 1700000000, .hertz = 100};
    static const struct {
        const char *row, *text;
        int rc;
        uint64_t start, cpu;
    } rows[] = {
        {"plain", "70 (sh)" FIELDS("12", "3", "250") REST, 0, 170000000250, 15},
        {"a name that ends early", "70 (a) R 1 (b)" FIELDS("1", "2", "3") REST, 0, 170000000003, 3},
        {"a name that is all fields",
         "70 () R 1 1 1 1 1 1 1 1 1 1 5 5 1 1 1 1 1 1 5 ())" FIELDS("1", "2", "3") REST, 0,
         170000000003, 3},
        {"a newline in a name", "70 (a\n70 (b)" FIELDS("1", "2", "3") REST, 0, 170000000003, 3},
        {"an empty name", "70 ()" FIELDS("0", "0", "0") REST, 0, 170000000000, 0},
        {"cut in the start", "70 (sh)" FIELDS("1", "2", "3"), -EBADMSG, UNKNOWN, UNKNOWN},
        {"cut before the start", "70 (sh) S 1 70 70 0 -1 0 1 0 2 0 1 2 7 8 ", -EBADMSG, UNKNOWN,
         UNKNOWN},
        {"no name", "70 sh S 1 1", -EBADMSG, UNKNOWN, UNKNOWN},
        {"nothing", "", -EBADMSG, UNKNOWN, UNKNOWN},
        {"a negative time", "70 (sh)" FIELDS("-1", "2", "3") REST, -EBADMSG, UNKNOWN, UNKNOWN},
        {"no time that can be", "70 (sh)" FIELDS("1", "18446744073709551615", "3") REST, -EBADMSG,
         UNKNOWN, UNKNOWN},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct nstree_usage usage = {.rss = 5, .threads = 6};

        ROW_INT(rows[i].row, stat_parse(rows[i].text, strlen(rows[i].text), &clock, &usage),
                rows[i].rc);
        ROW_INT(rows[i].row, usage.start, rows[i].start);
        ROW_INT(rows[i].row, usage.cpu, rows[i].cpu);
        ROW_INT(rows[i].row, usage.rss, 5);
    }
}

static void counts_in_the_ticks_of_the_machine(void **state)
{
    const struct stat_clock fast = {.boot = 10, .hertz = 1024};
    const struct stat_clock unknown = {.boot = UNKNOWN, .hertz = 100};
    static const char text[] = "70 (sh)" FIELDS("1024", "512", "2048") REST;
    struct nstree_usage usage;

    (void)state;
    assert_int_equal(stat_parse(text, sizeof text - 1, &fast, &usage), 0);
    assert_int_equal(usage.start, 1200);
    assert_int_equal(usage.cpu, 150);
    assert_int_equal(stat_parse(text, sizeof text - 1, &unknown, &usage), 0);
    assert_true(usage.start == UNKNOWN);
    assert_int_equal(usage.cpu, 1536);
}

static void finds_the_boot_of_a_recorded_machine(void **state)
{
    static const struct {
        const char *row, *text;
        uint64_t boot;
    } rows[] = {
        {"there", "cpu  1 2 3\nintr 5 0\nctxt 9\nbtime 1732000000\nprocesses 5\n", 1732000000},
        {"not there", "cpu  1 2 3\nctxt 9\n", UNKNOWN},
        {"cut", "cpu  1 2 3\nbtime 17320", UNKNOWN},
        {"no number", "cpu 1\nbtime x\n", UNKNOWN},
        {"in another line", "cpu btime 5\n", UNKNOWN},
        {"too large", "cpu\nbtime 99999999999999\n", UNKNOWN},
        {"nothing", "", UNKNOWN},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        ROW_INT(rows[i].row, stat_clock_of(rows[i].text, strlen(rows[i].text)).boot, rows[i].boot);
}

/* That of this machine is btime of /proc/stat, unless a time namespace has another. */
static void knows_the_boot_of_this_machine(void **state)
{
    static char text[1 << 20];
    FILE *file = fopen("/proc/stat", "re");

    (void)state;
    assert_non_null(file);
    size_t len = fread(text, 1, sizeof text, file);
    fclose(file);
    const struct stat_clock here = stat_clock_here(), want = stat_clock_of(text, len);
    assert_int_equal(here.boot, want.boot);
    assert_int_equal(here.hertz, want.hertz);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parses_times_of_processes),
        cmocka_unit_test(counts_in_the_ticks_of_the_machine),
        cmocka_unit_test(finds_the_boot_of_a_recorded_machine),
        cmocka_unit_test(knows_the_boot_of_this_machine),
    };

    return cmocka_run_group_tests_name("stat", tests, NULL, NULL);
}
