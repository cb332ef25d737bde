/* SPDX-License-Identifier: MIT */
#include "kernel/stat.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "base/number.h"

/* Fields of a stat file, counted from 1. The second, the name in parentheses, can contain blanks
 * and parentheses itself; those behind it cannot. */
enum { FIELD_STATE = 3, FIELD_UTIME = 14, FIELD_STIME = 15, FIELD_START = 22 };

static uint64_t ticks_a_second(void)
{
    long hertz = sysconf(_SC_CLK_TCK);

    return hertz > 0 ? (uint64_t)hertz : 100;
}

/* Whether the caller is in a time namespace of its own on a kernel that shifts CLOCK_BOOTTIME there
 * and not field 22, as Linux 5.10 was seen to do; 6.1 shifts both. */
static bool is_shifted_alone(void)
{
    static const char initial[] = "time:[4026531834]"; /* PROC_TIME_INIT_INO */
    char link[64];
    unsigned major = 0, minor = 0;
    struct utsname name;
    ssize_t len = readlink("/proc/self/ns/time", link, sizeof link);

    if (len <= 0 || (len == sizeof initial - 1 && memcmp(link, initial, (size_t)len) == 0))
        return false;
    return uname(&name) != 0 || sscanf(name.release, "%u.%u", &major, &minor) != 2 || major < 5 ||
           (major == 5 && minor < 11);
}

/*
 * The second in which the machine was booted, as btime of /proc/stat has it (getboottime64() in
 * kernel/time/timekeeping.c), but from two clocks. In a time namespace the kernel shifts
 * CLOCK_BOOTTIME and field 22 alike (timens_add_boottime_ns() in do_task_stat() of
 * fs/proc/array.c), and btime only since Linux 5.11. And something else can be mounted over
 * /proc/stat in a container. It is not known where the two are not shifted alike.
 */
struct stat_clock stat_clock_here(void)
{
    struct stat_clock clock = {.boot = NSTREE_USAGE_UNKNOWN, .hertz = ticks_a_second()};
    struct timespec now, up;

    if (clock_gettime(CLOCK_REALTIME, &now) == 0 && clock_gettime(CLOCK_BOOTTIME, &up) == 0 &&
        now.tv_sec > up.tv_sec && !is_shifted_alone())
        clock.boot = (uint64_t)(now.tv_sec - up.tv_sec - (now.tv_nsec < up.tv_nsec));
    return clock;
}

struct stat_clock stat_clock_of(const char *text, size_t len)
{
    static const char key[] = "\nbtime ";
    struct stat_clock clock = {.boot = NSTREE_USAGE_UNKNOWN, .hertz = ticks_a_second()};
    const char *at = memmem(text, len, key, sizeof key - 1);

    if (!at)
        return clock;
    at += sizeof key - 1;
    size_t left = len - (size_t)(at - text);
    const char *end = memchr(at, '\n', left);
    uint64_t boot;
    if (end && parse_u64(at, (size_t)(end - at), USAGE_MAX / 100, &boot) == 0)
        clock.boot = boot;
    return clock;
}

/* Moves *at behind the blank after the field that begins there. Returns whether there is one. */
static bool skip_field(const char **at, const char *end)
{
    const char *blank = memchr(*at, ' ', (size_t)(end - *at));

    if (blank)
        *at = blank + 1;
    return blank != NULL;
}

/* Takes the number of a field, from the field *number on, where *at is. Returns 0 or -EBADMSG. */
static int take_field(const char **at, const char *end, int *number, int wanted, uint64_t *out)
{
    for (; *number < wanted; ++*number) {
        if (!skip_field(at, end))
            return -EBADMSG;
    }
    const char *blank = memchr(*at, ' ', (size_t)(end - *at));
    if (!blank)
        return -EBADMSG;
    return parse_u64(*at, (size_t)(blank - *at), USAGE_MAX, out) == 0 ? 0 : -EBADMSG;
}

/* Ticks as hundredths of a second: up to 2^40 ticks, at 100 a second on nearly all machines. */
static uint64_t hundredths(const struct stat_clock *clock, uint64_t ticks)
{
    uint64_t value = ticks * 100 / clock->hertz;

    return value <= USAGE_MAX ? value : NSTREE_USAGE_UNKNOWN;
}

int stat_parse(const char *text, size_t len, const struct stat_clock *clock,
               struct nstree_usage *out)
{
    const char *at = memrchr(text, ')', len), *end = text + len;
    uint64_t user, system, start;
    int number = FIELD_STATE - 1;

    out->start = out->cpu = NSTREE_USAGE_UNKNOWN;
    if (!at || take_field(&at, end, &number, FIELD_UTIME, &user) != 0 ||
        take_field(&at, end, &number, FIELD_STIME, &system) != 0 ||
        take_field(&at, end, &number, FIELD_START, &start) != 0)
        return -EBADMSG;
    out->cpu = hundredths(clock, user + system);
    start = hundredths(clock, start);
    if (clock->boot != NSTREE_USAGE_UNKNOWN && start != NSTREE_USAGE_UNKNOWN)
        out->start = clock->boot * 100 + start;
    return 0;
}
