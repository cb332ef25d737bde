/* SPDX-License-Identifier: MIT */
/* Parsers. The status files follow proc_pid_status() of each kernel's fs/proc/array.c. */
#include "build.h"

#include <errno.h>

#include "base/number.h"
#include "kernel/parse.h"

/* Linux 6.10 and later: Kthread. */
#define STATUS_NEW(name, kthread, nspid)                                                           \
    "Name:\t" name "\nUmask:\t0022\nState:\tS (sleeping)\nTgid:\t251599\nNgid:\t0\n"               \
    "Pid:\t251599\nPPid:\t251353\nTracerPid:\t0\nUid:\t1000\t1001\t1002\t1003\n"                   \
    "Gid:\t5\t5\t5\t5\nFDSize:\t64\nGroups:\t4 24 27 \nNStgid:\t251599\t13\n"                      \
    "NSpid:\t" nspid "\nNSpgid:\t251599\t13\nNSsid:\t251353\t1\nKthread:\t" kthread "\n"           \
    "VmPeak:\t    5644 kB\nVmSize:\t    5644 kB\nThreads:\t1\nSigQ:\t0/1\n"

/* Before 6.10. `memory` is the VmPeak line and those after it, or nothing for a kernel thread. */
#define STATUS_OLD(name, state, tgid, ppid, nspid, memory, threads)                                \
    "Name:\t" name "\nUmask:\t0000\nState:\t" state "\nTgid:\t" tgid "\nNgid:\t0\nPid:\t" tgid     \
    "\nPPid:\t" ppid "\nTracerPid:\t0\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nFDSize:\t64\n"          \
    "Groups:\t \nNStgid:\t" nspid "\nNSpid:\t" nspid "\nNSpgid:\t0\nNSsid:\t0\n" memory            \
    "Threads:\t" threads "\nSigQ:\t0/1\n"

#define MEMORY "VmPeak:\t    5644 kB\nVmSize:\t    5644 kB\nVmLck:\t       0 kB\n"

/* RHEL 7's 3.10: no Umask, a Ngid after Tgid, NSpid before the memory. */
#define STATUS_RHEL7                                                                               \
    "Name:\tsleep\nState:\tS (sleeping)\nTgid:\t2083\nNgid:\t0\nPid:\t2083\nPPid:\t2065\n"         \
    "TracerPid:\t0\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nFDSize:\t64\nGroups:\t1 2 3 \n"            \
    "NStgid:\t2083\t1\nNSpid:\t2083\t1\nNSpgid:\t2083\t1\nNSsid:\t2083\t1\n"                       \
    "VmPeak:\t    1572 kB\nVmSize:\t    1568 kB\nThreads:\t1\n"

/* 3.16: no NSpid at all. */
#define STATUS_TOO_OLD                                                                             \
    "Name:\tsleep\nState:\tS (sleeping)\nTgid:\t2083\nNgid:\t0\nPid:\t2083\nPPid:\t2065\n"         \
    "TracerPid:\t0\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nFDSize:\t64\nGroups:\t \n"                 \
    "VmPeak:\t    1572 kB\nVmSize:\t    1568 kB\nThreads:\t1\n"

static void parses_the_status_of_every_kernel(void **state)
{
    static const struct {
        const char *row, *text, *name;
        uint32_t tgid, ppid, uid;
        unsigned levels;
        uint32_t nspid[3];
        char state;
        bool kthread;
    } rows[] = {
        {"6.18",
         STATUS_NEW("sleep", "0", "251599\t13"),
         "sleep",
         251599,
         251353,
         1000,
         2,
         {251599, 13},
         'S',
         false},
        {"6.18, kernel thread",
         STATUS_NEW("kworker/R-mm", "1", "251599"),
         "kworker/R-mm",
         251599,
         251353,
         1000,
         1,
         {251599},
         'S',
         true},
        {"5.10",
         STATUS_OLD("bash", "R (running)", "77", "5", "77\t6\t1", MEMORY, "1"),
         "bash",
         77,
         5,
         0,
         3,
         {77, 6, 1},
         'R',
         false},
        {"3.10 of RHEL 7", STATUS_RHEL7, "sleep", 2083, 2065, 0, 2, {2083, 1}, 'S', false},
        {"5.10, kthreadd",
         STATUS_OLD("kthreadd", "S (sleeping)", "2", "0", "2", "", "1"),
         "kthreadd",
         2,
         0,
         0,
         1,
         {2},
         'S',
         true},
        {"5.10, its child",
         STATUS_OLD("rcu_gp", "I (idle)", "3", "2", "3", "", "1"),
         "rcu_gp",
         3,
         2,
         0,
         1,
         {3},
         'I',
         true},
        {"5.10, usermode helper",
         STATUS_OLD("modprobe", "R (running)", "90", "2", "90", MEMORY, "1"),
         "modprobe",
         90,
         2,
         0,
         1,
         {90},
         'R',
         false},
        {"5.10, init",
         STATUS_OLD("init", "S (sleeping)", "1", "0", "1", MEMORY, "1"),
         "init",
         1,
         0,
         0,
         1,
         {1},
         'S',
         false},
        {"5.10, child of PID 2 in a nested namespace",
         STATUS_OLD("sh", "S (sleeping)", "9", "2", "9\t4", "", "1"),
         "sh",
         9,
         2,
         0,
         2,
         {9, 4},
         'S',
         false},
        {"6.18, usermode helper of PID 2",
         "Name:\tx\nState:\tS (sleeping)\nTgid:\t9\nPPid:\t2\n"
         "Uid:\t0\t0\t0\t0\nNSpid:\t9\nKthread:\t0\n",
         "x",
         9,
         2,
         0,
         1,
         {9},
         'S',
         false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct status status;

        for (int whole = 0; whole < 2; whole++) {
            ROW_INT(rows[i].row, parse_status(rows[i].text, strlen(rows[i].text), whole, &status),
                    0);
            ROW_TEXT(rows[i].row, status.name, rows[i].name);
            ROW_INT(rows[i].row, status.name_len, strlen(rows[i].name));
            ROW_INT(rows[i].row, status.tgid, rows[i].tgid);
            ROW_INT(rows[i].row, status.ppid, rows[i].ppid);
            ROW_INT(rows[i].row, status.uid, rows[i].uid);
            ROW_INT(rows[i].row, status.state, rows[i].state);
            ROW_INT(rows[i].row, status.kthread, rows[i].kthread);
            ROW_INT(rows[i].row, status.levels, rows[i].levels);
            for (size_t n = 0; n < rows[i].levels; n++)
                ROW_INT(rows[i].row, status.nspid[n], rows[i].nspid[n]);
        }
    }
}

/* A zombie has no memory lines. With other threads, only its main thread has exited. */
static void parses_zombies(void **state)
{
    static const struct {
        const char *row, *text;
        unsigned levels, threads;
    } rows[] = {
        {"dead", STATUS_OLD("sh", "Z (zombie)", "70", "5", "70\t6", "", "1"), 2, 1},
        {"leaderless", STATUS_OLD("java", "Z (zombie)", "70", "5", "70", "", "23"), 1, 23},
        {"child of kthreadd", STATUS_OLD("modprobe", "Z (zombie)", "70", "2", "70", "", "1"), 1, 1},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct status status;

        ROW_INT(rows[i].row, parse_status(rows[i].text, strlen(rows[i].text), false, &status), 0);
        ROW_INT(rows[i].row, status.state, 'Z');
        ROW_INT(rows[i].row, status.threads, rows[i].threads);
        ROW_INT(rows[i].row, status.levels, rows[i].levels);
        ROW_INT(rows[i].row, status.kthread, false);
    }
}

/* VmRSS of what has memory, in KiB beyond 32 bits, too. A kernel thread and a zombie have none; of
 * a zombie whose threads run on, it is not known. */
static void parses_the_usage(void **state)
{
#define LINES(state, more)                                                                         \
    "Name:\tVmRSS:\t7 kB\nState:\t" state "\nTgid:\t70\nPPid:\t5\nUid:\t0\nNSpid:\t70\n" more
    static const struct {
        const char *row, *text;
        int rc;
        uint64_t rss;
        unsigned threads;
    } rows[] = {
        {"old", LINES("S", "VmSize:\t 3060 kB\nVmRSS:\t    1708 kB\nThreads:\t3\n"), 0, 1708, 3},
        {"new", LINES("S", "Kthread:\t0\nVmSize:\t 9 kB\nVmRSS:\t 5 kB\nThreads:\t1\n"), 0, 5, 1},
        {"large", LINES("R", "VmRSS:\t99999999999 kB\nThreads:\t1\n"), 0, 99999999999, 1},
        {"kthread", LINES("S", "Kthread:\t1\nThreads:\t1\n"), 0, 0, 1},
        {"zombie", LINES("Z", "Threads:\t1\n"), 0, 0, 1},
        {"leaderless", LINES("Z", "Threads:\t2\n"), 0, NSTREE_USAGE_UNKNOWN, 2},
        {"no VmRSS", LINES("S", "VmSize:\t9 kB\nThreads:\t1\n"), 0, NSTREE_USAGE_UNKNOWN, 1},
        {"forged", LINES("S", "Kthread:\t0\n"), 0, NSTREE_USAGE_UNKNOWN, 0},
        {"cut before VmRSS", LINES("S", "Kthread:\t0\nVmSize:\t 9 kB\n"), -EAGAIN, 0, 0},
        {"cut before Threads", LINES("S", "VmRSS:\t 5 kB\n"), -EAGAIN, 0, 0},
        {"no number", LINES("S", "VmRSS:\tkB\nThreads:\t1\n"), -EBADMSG, 0, 0},
        {"negative", LINES("S", "VmRSS:\t-5 kB\nThreads:\t1\n"), -EBADMSG, 0, 0},
        {"the first counts", LINES("S", "VmRSS:\t5 kB\nVmRSS:\t6 kB\nThreads:\t1\n"), 0, 5, 1},
    };
#undef LINES

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct status status;
        bool whole = strcmp(rows[i].row, "forged") == 0;
        int rc = parse_status_usage(rows[i].text, strlen(rows[i].text), whole, &status);

        ROW_INT(rows[i].row, rc, rows[i].rc);
        if (rc != 0)
            continue;
        ROW_INT(rows[i].row, status.rss, rows[i].rss);
        ROW_INT(rows[i].row, status.threads, rows[i].threads);
    }
}

/* The result does not depend on how much of a file has been read. */
static void a_cut_file_is_asked_for_again_or_right(void **state)
{
    static const char *const texts[] = {
        STATUS_NEW("sleep", "0", "251599\t13"),
        STATUS_NEW("a\\nNSpid:\\t1", "1", "251599"),
        STATUS_OLD("bash", "R (running)", "77", "5", "77\t6\t1", MEMORY, "1"),
        STATUS_OLD("kthreadd", "S (sleeping)", "2", "0", "2", "", "1"),
        STATUS_OLD("java", "Z (zombie)", "70", "5", "70", "", "23"),
        STATUS_RHEL7,
    };

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct status want, got;
        size_t len = strlen(texts[i]), again = 0;

        assert_int_equal(parse_status(texts[i], len, true, &want), 0);
        for (size_t cut = 0; cut <= len; cut++) {
            char *exact = malloc(cut + 1);

            assert_non_null(exact);
            memcpy(exact, texts[i], cut);
            exact[cut] = '\n'; /* beyond the text: must not be taken for a line end */
            int rc = parse_status(exact, cut, false, &got);
            free(exact);
            if (rc != -EAGAIN && (rc != 0 || memcmp(&got, &want, sizeof got) != 0))
                fail_msg("file %zu cut at %zu: %d, %s, %u levels", i, cut, rc, got.name,
                         got.levels);
            again += rc == -EAGAIN;
        }
        assert_in_range(again, len / 2, len);
    }
}

/* The whole file is cut, so needed lines are missing. */
static void a_whole_file_has_all_lines(void **state)
{
    static const struct {
        const char *row, *text;
        int want;
    } rows[] = {
        {"empty", "", -EBADMSG},
        {"newlines", "\n\n\n", -EBADMSG},
        {"not a status file", "hello world\n", -EBADMSG},
        {"too old", STATUS_TOO_OLD, -EOPNOTSUPP},
        {"no Name", "State:\tS\nTgid:\t5\nPPid:\t1\nUid:\t0\nNSpid:\t5\n", -EBADMSG},
        {"no State", "Name:\ta\nTgid:\t5\nPPid:\t1\nUid:\t0\nNSpid:\t5\n", -EBADMSG},
        {"no Tgid", "Name:\ta\nState:\tS\nPPid:\t1\nUid:\t0\nNSpid:\t5\n", -EBADMSG},
        {"no PPid", "Name:\ta\nState:\tS\nTgid:\t5\nUid:\t0\nNSpid:\t5\n", -EBADMSG},
        {"no Uid", "Name:\ta\nState:\tS\nTgid:\t5\nPPid:\t1\nNSpid:\t5\n", -EBADMSG},
        {"no NSpid", "Name:\ta\nState:\tS\nTgid:\t5\nPPid:\t1\nUid:\t0\n", -EOPNOTSUPP},
        {"all, and nothing else", "Name:\ta\nState:\tS\nTgid:\t5\nPPid:\t1\nUid:\t0\nNSpid:\t5\n",
         0},
        {"no last newline", "Name:\ta\nState:\tS\nTgid:\t5\nPPid:\t1\nUid:\t0\nNSpid:\t5", 0},
        {"another order", "NSpid:\t5\nUid:\t0\nPPid:\t1\nTgid:\t5\nState:\tS\nName:\ta\n", 0},
        {"Tgid too large", "Name:\ta\nState:\tS\nTgid:\t4194304\nPPid:\t1\nUid:\t0\nNSpid:\t5\n",
         -EBADMSG},
        {"PPid no number", "Name:\ta\nState:\tS\nTgid:\t5\nPPid:\tx\nUid:\t0\nNSpid:\t5\n",
         -EBADMSG},
        {"Uid too large", "Name:\ta\nState:\tS\nTgid:\t5\nPPid:\t1\nUid:\t4294967296\nNSpid:\t5\n",
         -EBADMSG},
        {"State is no letter", "Name:\ta\nState:\t5\nTgid:\t5\nPPid:\t1\nUid:\t0\nNSpid:\t5\n",
         -EBADMSG},
        {"State is empty", "Name:\ta\nState:\t\nTgid:\t5\nPPid:\t1\nUid:\t0\nNSpid:\t5\n",
         -EBADMSG},
        {"a longer key", "Names:\ta\nState:\tS\nTgid:\t5\nPPid:\t1\nUid:\t0\nNSpid:\t5\n",
         -EBADMSG},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct status status;

        ROW_INT(rows[i].row, parse_status(rows[i].text, strlen(rows[i].text), true, &status),
                rows[i].want);
    }
}

/* `name` as the kernel writes it, and the name that the process has. */
static void unescapes_names(void **state)
{
#define X21 "xxxxxxxxxxxxxxxxxxxxx"
    static const struct {
        const char *row, *written, *name;
    } rows[] = {
        {"plain", "sleep", "sleep"},
        {"empty", "", ""},
        {"newline", "a\\nb", "a\nb"},
        {"backslash", "a\\\\b", "a\\b"},
        {"backslash, then n", "a\\\\nb", "a\\nb"},
        {"three backslashes and n", "\\\\\\n", "\\\n"},
        {"a lone backslash at the end", "a\\", "a\\"},
        {"tab first", "\ta", "\ta"},
        {"tab within", "a\tb", "a\tb"},
        {"blanks around", " a ", " a "},
        {"controls", "\x01\x1b[2J\x7f\r\b", "\x01\x1b[2J\x7f\r\b"},
        {"not UTF-8", "\xff\xe3\x84", "\xff\xe3\x84"},
        {"a status line", "\\nNSpid:\t1\\nPPid:\t7", "\nNSpid:\t1\nPPid:\t7"},
        {"a stat line", ") R 1 (", ") R 1 ("},
        {"a colon", "Uid:\t0", "Uid:\t0"},
        {"63 bytes", X21 X21 X21, X21 X21 X21},
        {"64 bytes", X21 X21 X21 "y", X21 X21 X21},
    };
#undef X21

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct status status;
        char text[512];

        snprintf(text, sizeof text,
                 "Name:\t%s\nState:\tS\nTgid:\t5\nPPid:\t1\nUid:\t0\nNSpid:\t5\nKthread:\t0\n",
                 rows[i].written);
        ROW_INT(rows[i].row, parse_status(text, strlen(text), false, &status), 0);
        ROW_TEXT(rows[i].row, status.name, rows[i].name);
        ROW_INT(rows[i].row, status.name_len, strlen(status.name));
        ROW_INT(rows[i].row, status.levels, 1);
        ROW_INT(rows[i].row, status.nspid[0], 5);
        ROW_INT(rows[i].row, status.ppid, 1);
    }
}

/* An escape that begins in the last kept byte is still one character. */
static void an_escape_at_the_limit_of_a_name_is_one_byte(void **state)
{
    char text[256], name[NAME_BYTES_MAX + 1];
    struct status status;

    (void)state;
    memset(name, 'x', NAME_BYTES_MAX - 1);
    name[NAME_BYTES_MAX - 1] = '\0';
    snprintf(text, sizeof text,
             "Name:\t%s\\nzz\nState:\tS\nTgid:\t5\nPPid:\t1\nUid:\t0\nNSpid:\t5\nKthread:\t0\n",
             name);
    assert_int_equal(parse_status(text, strlen(text), false, &status), 0);
    assert_int_equal(status.name_len, NAME_BYTES_MAX);
    assert_int_equal(status.name[NAME_BYTES_MAX - 1], '\n');
}

static void an_nul_byte_stays_out_of_names(void **state)
{
    static const char text[] = "Name:\ta\0b\nState:\tS\nTgid:\t5\nPPid:\t1\nUid:\t0\nNSpid:\t5\n";
    struct status status;

    (void)state;
    assert_int_equal(parse_status(text, sizeof text - 1, true, &status), 0);
    assert_int_equal(status.name_len, strlen(status.name));
}

/* A chain of n PIDs, 1000 and up. The caller owns the text. */
static char *status_of_levels(unsigned n)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    fputs("Name:\ta\nState:\tS\nTgid:\t1000\nPPid:\t1\nUid:\t0\nNSpid:", out);
    for (unsigned i = 0; i < n; i++)
        fprintf(out, "\t%u", 1000 + i);
    fputs("\nKthread:\t0\n", out);
    assert_int_equal(fclose(out), 0);
    return text;
}

static void takes_chains_of_1_to_33_numbers(void **state)
{
    (void)state;
    for (unsigned n = 1; n <= NSTREE_LEVELS_MAX; n++) {
        char *text = status_of_levels(n);
        struct status status;

        assert_int_equal(parse_status(text, strlen(text), false, &status), 0);
        assert_int_equal(status.levels, n);
        for (unsigned i = 0; i < n; i++)
            assert_int_equal(status.nspid[i], 1000 + i);
        free(text);
    }
    assert_int_equal(NSTREE_LEVELS_MAX, 33);
}

static void refuses_impossible_chains(void **state)
{
    static const unsigned counts[] = {0, 34, 35, 255, 256, 257, 5000};
    static const struct {
        const char *chain;
        int rc;
    } chains[] = {
        {"4194304", -EBADMSG}, {"5\t4194304", -EBADMSG},
        {"-1", -EBADMSG},      {"99999999999999999999", -EBADMSG},
        {"5\tx", -EBADMSG},    {"5x", -EBADMSG},
        {"5,6", -EBADMSG},     {"0x5", -EBADMSG},
        {"+5", -EBADMSG},      {"0", -ESRCH}, /* released while this was written */
        {"5\t0", -ESRCH},      {"0\t0", -ESRCH},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(counts); i++) {
        char *text = status_of_levels(counts[i]), row[32];
        struct status status;

        snprintf(row, sizeof row, "%u PIDs", counts[i]);
        ROW_INT(row, parse_status(text, strlen(text), false, &status), -EBADMSG);
        free(text);
    }
    for (size_t i = 0; i < COUNT(chains); i++) {
        char text[160];
        struct status status;

        snprintf(text, sizeof text,
                 "Name:\ta\nState:\tS\nTgid:\t5\nPPid:\t1\nUid:\t0\nNSpid:\t%s\n", chains[i].chain);
        ROW_INT(chains[i].chain, parse_status(text, strlen(text), true, &status), chains[i].rc);
    }
}

/* No later line changes the value of an earlier one. */
static void the_first_line_of_a_key_counts(void **state)
{
    static const char text[] = "Name:\ta\nState:\tS\nTgid:\t5\nPPid:\t1\nUid:\t7\nName:\tb\n"
                               "State:\tZ\nTgid:\t6\nPPid:\t2\nUid:\t8\nNSpid:\t5\nNSpid:\t6\t7\n";
    struct status status;

    (void)state;
    assert_int_equal(parse_status(text, sizeof text - 1, true, &status), 0);
    assert_string_equal(status.name, "a");
    assert_int_equal(status.state, 'S');
    assert_int_equal(status.tgid, 5);
    assert_int_equal(status.ppid, 1);
    assert_int_equal(status.uid, 7);
    assert_int_equal(status.levels, 1);
}

/* 65,536 groups of ten digits before NSpid. */
static void takes_groups_of_700_kilobytes(void **state)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    struct status status;

    (void)state;
    assert_non_null(out);
    fputs("Name:\ta\nState:\tS\nTgid:\t9\nPPid:\t1\nUid:\t0\nGroups:\t", out);
    for (unsigned i = 0; i < 65536; i++)
        fprintf(out, "%u ", 4000000000U + i);
    fputs("\nNSpid:\t9\t8\t7\nKthread:\t0\n", out);
    assert_int_equal(fclose(out), 0);
    assert_true(size > 700000);
    assert_int_equal(parse_status(text, size, false, &status), 0);
    assert_int_equal(status.levels, 3);
    assert_int_equal(status.nspid[2], 7);
    for (size_t cut = 40; cut < size - 40; cut += 4096)
        assert_int_equal(parse_status(text, cut, false, &status), -EAGAIN);
    free(text);
}

static void parses_numbers_whole_and_in_range(void **state)
{
    static const struct {
        const char *text;
        uint64_t max;
        int rc;
        uint64_t value;
    } rows[] = {
        {"0", 10, 0, 0},
        {"10", 10, 0, 10},
        {"11", 10, -ERANGE, 0},
        {"007", 10, 0, 7},
        {"", 10, -EINVAL, 0},
        {"-1", 10, -EINVAL, 0},
        {"+1", 10, -EINVAL, 0},
        {" 1", 10, -EINVAL, 0},
        {"1 ", 10, -EINVAL, 0},
        {"12x", 100, -EINVAL, 0},
        {"0x1", 100, -EINVAL, 0},
        {"99999999999999999999x", 100, -EINVAL, 0},
        {"4294967295", UINT32_MAX, 0, UINT32_MAX},
        {"4294967296", UINT32_MAX, -ERANGE, 0},
        {"18446744073709551615", UINT64_MAX, 0, UINT64_MAX},
        {"18446744073709551616", UINT64_MAX, -ERANGE, 0},
        {"18446744073709551620", UINT64_MAX, -ERANGE, 0},
        {"184467440737095516150", UINT64_MAX, -ERANGE, 0},
        {"184467440737095516165", UINT64_MAX, -ERANGE, 0}, /* 2^64 and a digit: 5, if it wraps */
        {"99999999999999999999", UINT64_MAX, -ERANGE, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint64_t value = 4711;

        ROW_INT(rows[i].text, parse_u64(rows[i].text, strlen(rows[i].text), rows[i].max, &value),
                rows[i].rc);
        if (value != (rows[i].rc == 0 ? rows[i].value : 4711)) /* untouched on failure */
            fail_msg("%s: %llu", rows[i].text, (unsigned long long)value);
    }
}

static void parse_u32_counts_its_bytes(void **state)
{
    uint32_t value = 0;

    (void)state;
    assert_int_equal(parse_u32("12345", 3, UINT32_MAX, &value), 0);
    assert_int_equal(value, 123);
    assert_int_equal(parse_u32("1\0002", 3, UINT32_MAX, &value), -EINVAL);
}

static void parses_links(void **state)
{
    static const struct {
        const char *text;
        uint32_t inode; /* 0: not a link */
    } rows[] = {
        {"pid:[4026531836]", 4026531836},
        {"pid:[1]", 1},
        {"pid:[4294967295]", 4294967295},
        {"pid:[4294967296]", 0},
        {"pid:[0]", 0},
        {"pid:[]", 0},
        {"pid:[", 0},
        {"pid:[5", 0},
        {"pid:5]", 0},
        {"pid:[5]x", 0},
        {"pid:[5]]", 0},
        {"pid:[-5]", 0},
        {"pid:[ 5]", 0},
        {"user:[4026531837]", 0},
        {"pid_for_children:[5]", 0},
        {"", 0},
        {"/proc/self/ns/pid", 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint32_t inode = 0;

        ROW_INT(rows[i].text, parse_ns_link(rows[i].text, strlen(rows[i].text), &inode),
                rows[i].inode ? 0 : -EINVAL);
        ROW_INT(rows[i].text, inode, rows[i].inode);
    }
}

static void command_lines_become_one_line(void **state)
{
    static const struct {
        const char *row, *text;
        size_t len;
        const char *want;
    } rows[] = {
        {"arguments", "sleep\0001000\0", 11, "sleep 1000"},
        {"no last NUL", "sleep\0001000", 10, "sleep 1000"},
        {"many NULs (a rewritten argv)", "nginx: master\0\0\0\0", 17, "nginx: master"},
        {"an empty argument within", "sh\0\0a\0", 6, "sh  a"},
        {"empty", "", 0, ""},
        {"only NULs", "\0\0\0", 3, ""},
        {"other controls stay", "a\nb\0", 4, "a\nb"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[64] = {0};

        memcpy(text, rows[i].text, rows[i].len);
        size_t len = parse_cmdline(text, rows[i].len);
        ROW_INT(rows[i].row, len, strlen(rows[i].want));
        text[len] = '\0';
        ROW_TEXT(rows[i].row, text, rows[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parses_the_status_of_every_kernel),
        cmocka_unit_test(parses_zombies),
        cmocka_unit_test(parses_the_usage),
        cmocka_unit_test(a_cut_file_is_asked_for_again_or_right),
        cmocka_unit_test(a_whole_file_has_all_lines),
        cmocka_unit_test(unescapes_names),
        cmocka_unit_test(an_escape_at_the_limit_of_a_name_is_one_byte),
        cmocka_unit_test(an_nul_byte_stays_out_of_names),
        cmocka_unit_test(takes_chains_of_1_to_33_numbers),
        cmocka_unit_test(refuses_impossible_chains),
        cmocka_unit_test(the_first_line_of_a_key_counts),
        cmocka_unit_test(takes_groups_of_700_kilobytes),
        cmocka_unit_test(parses_numbers_whole_and_in_range),
        cmocka_unit_test(parse_u32_counts_its_bytes),
        cmocka_unit_test(parses_links),
        cmocka_unit_test(command_lines_become_one_line),
    };

    return cmocka_run_group_tests_name("parse", tests, NULL, NULL);
}
