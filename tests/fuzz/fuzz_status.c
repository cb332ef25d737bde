/* SPDX-License-Identifier: MIT */
/* The parsers of files in /proc: status files cut off anywhere, namespace links, command lines,
 * numbers. */
#include <errno.h>

#include "base/number.h"
#include "fuzz.h"
#include "kernel/parse.h"
#include "kernel/stat.h"

static void check_status(const struct status *status)
{
    CHECK(status->levels >= 1 && status->levels <= NSTREE_LEVELS_MAX);
    for (size_t i = 0; i < status->levels; i++)
        CHECK(status->nspid[i] >= 1 && status->nspid[i] < NSTREE_PID_LIMIT);
    CHECK(status->tgid < NSTREE_PID_LIMIT && status->ppid < NSTREE_PID_LIMIT);
    CHECK(status->name_len <= NAME_BYTES_MAX);
    CHECK(strnlen(status->name, sizeof status->name) == status->name_len);
    /* A letter: --load would refuse anything else. */
    CHECK((status->state >= 'A' && status->state <= 'Z') ||
          (status->state >= 'a' && status->state <= 'z'));
}

static bool is_same(const struct status *a, const struct status *b)
{
    return a->levels == b->levels &&
           memcmp(a->nspid, b->nspid, a->levels * sizeof *a->nspid) == 0 && a->tgid == b->tgid &&
           a->ppid == b->ppid && a->uid == b->uid && a->threads == b->threads &&
           a->state == b->state && a->kthread == b->kthread && strcmp(a->name, b->name) == 0;
}

/* Times of a process, and the boot in a stat file of the machine. */
static void check_stat(const uint8_t *data, size_t size)
{
    char *text = exact_copy(data, size);
    const struct stat_clock clock = stat_clock_of(text, size);
    struct nstree_usage usage;
    int rc = stat_parse(text, size, &clock, &usage);

    CHECK(rc == 0 || rc == -EBADMSG);
    CHECK(rc == 0 || (usage.start == NSTREE_USAGE_UNKNOWN && usage.cpu == NSTREE_USAGE_UNKNOWN));
    CHECK(usage.cpu == NSTREE_USAGE_UNKNOWN || usage.cpu <= USAGE_MAX);
    CHECK(usage.start == NSTREE_USAGE_UNKNOWN || usage.start <= 2 * USAGE_MAX);
    free(text);
}

/* With the usage, the rest is the same, unless more text is needed. */
static void check_usage(const char *text, size_t len, bool whole, int rc, struct status *status)
{
    struct status other;
    int usage = parse_status_usage(text, len, whole, &other);

    CHECK(usage == rc || (rc == 0 && (usage == -EAGAIN || usage == -EBADMSG || usage == -ESRCH)));
    if (usage == 0)
        CHECK(other.levels == status->levels && other.tgid == status->tgid);
}

static int parse_prefix(const uint8_t *data, size_t len, bool whole, struct status *status)
{
    char *text = exact_copy(data, len);

    memset(status, 0xa5, sizeof *status);
    int rc = parse_status(text, len, whole, status);
    CHECK(rc == 0 || rc == -EOPNOTSUPP || rc == -EBADMSG || rc == -ESRCH ||
          (rc == -EAGAIN && !whole));
    if (rc == 0)
        check_status(status);
    check_usage(text, len, whole, rc, status);
    free(text);
    return rc;
}

/* Cuts the text everywhere. Once a part gives a result, no text after it changes that. */
static void check_cuts(const uint8_t *data, size_t size)
{
    size_t step = 1 + size / 256;
    struct status first, other;
    int result = -EAGAIN;

    for (size_t len = 0; len <= size; len += step) {
        if (result == -EAGAIN) {
            parse_prefix(data, len, true, &other);
            result = parse_prefix(data, len, false, &first);
        } else {
            CHECK(parse_prefix(data, len, false, &other) == result);
            CHECK(result != 0 || is_same(&first, &other));
            CHECK(parse_prefix(data, len, true, &other) == result);
            CHECK(result != 0 || is_same(&first, &other));
        }
    }
    int rc = parse_prefix(data, size, true, &other);
    CHECK(result == -EAGAIN || rc == result);
}

static void check_link(const uint8_t *data, size_t size)
{
    char *text = exact_copy(data, size), again[24];
    uint32_t inode = 0, same = 0;

    if (parse_ns_link(text, size, &inode) == 0) {
        int len = snprintf(again, sizeof again, "pid:[%u]", inode);

        CHECK(inode != 0);
        CHECK(parse_ns_link(again, (size_t)len, &same) == 0 && same == inode);
    }
    free(text);
}

static void check_number(const uint8_t *data, size_t size)
{
    char *text = exact_copy(data, size), again[24];
    uint64_t value = 0;
    size_t zeros = 0;

    if (parse_u64(text, size, UINT64_MAX, &value) == 0) {
        snprintf(again, sizeof again, "%llu", (unsigned long long)value);
        while (zeros + 1 < size && text[zeros] == '0')
            zeros++;
        CHECK(strlen(again) == size - zeros && memcmp(again, text + zeros, size - zeros) == 0);
        CHECK(value == 0 || parse_u64(text, size, value - 1, &value) == -ERANGE);
    }
    free(text);
}

static void check_cmdline(const uint8_t *data, size_t size)
{
    char *text = exact_copy(data, size);
    size_t len = parse_cmdline(text, size);

    CHECK(len <= size);
    CHECK(len == 0 || !memchr(text, '\0', len));
    CHECK(len == 0 || data[len - 1] != '\0');
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_cuts(data, size);
    check_link(data, size);
    check_number(data, size);
    check_cmdline(data, size);
    check_stat(data, size);
    return 0;
}
