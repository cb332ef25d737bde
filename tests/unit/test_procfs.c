/* SPDX-License-Identifier: MIT */
/* Processes in directories that the test makes in place of a procfs: their records, and each return
 * value. Expectations are written by hand. */
#include "made.h"

#include <errno.h>
#include <sys/resource.h>

/* A status file as Linux 6.12 writes it, with the first lines that are not read. */
#define STATUS(name, state, tgid, ppid, uid, groups, nspid, kthread)                               \
    "Name:\t" name "\nUmask:\t0022\nState:\t" state "\nTgid:\t" tgid "\nNgid:\t0\nPid:\t10\n"      \
    "PPid:\t" ppid "\nTracerPid:\t0\nUid:\t" uid "\t0\t0\t0\nGid:\t0\t0\t0\t0\nFDSize:\t64\n"      \
    "Groups:\t" groups "\nNStgid:\t10\n" nspid "Kthread:\t" kthread "\nThreads:\t2\n"
#define PLAIN STATUS("sh", "S (sleeping)", "10", "1", "1000", " ", "NSpid:\t10\n", "0")
#define NESTED STATUS("sh", "S (sleeping)", "10", "1", "1000", " ", "NSpid:\t10\t7\n", "0")
#define INIT STATUS("sh", "S (sleeping)", "10", "1", "1000", " ", "NSpid:\t10\t1\n", "0")
#define TWELVE STATUS("sh", "S", "12", "1", "0", "", "NSpid:\t12\n", "0")
#define LEVELS_32                                                                                  \
    "\t2\t3\t4\t5\t6\t7\t8\t9\t1\t1\t1\t1\t1\t1\t1\t1\t1\t1\t1\t1\t1\t1\t1\t1\t1\t1"               \
    "\t1\t1\t1\t1\t1\t1"

static void opens_directories_only(void **state)
{
    const struct made *made = *state;
    struct procfs fs;
    char path[96];

    assert_false(made->fs.live);
    snprintf(path, sizeof path, "%s/none", made->path);
    assert_int_equal(procfs_open(path, &fs), -ENOENT);
    made_file(made, "file", "");
    snprintf(path, sizeof path, "%s/file", made->path);
    assert_int_equal(procfs_open(path, &fs), -ENOTDIR);
    made_dir(made, "closed");
    assert_int_equal(fchmodat(made->dir, "closed", 0, 0), 0);
    snprintf(path, sizeof path, "%s/closed", made->path);
    begin_ordinary();
    int rc = procfs_open(path, &fs);
    end_ordinary();
    assert_int_equal(rc, -EACCES);
}

static void knows_the_procfs_of_the_kernel(void **state)
{
    struct procfs fs;

    (void)state;
    assert_int_equal(procfs_open("/proc", &fs), 0);
    assert_true(fs.live);
    assert_int_equal(procfs_self(&fs), getpid());
    procfs_close(&fs);
}

static int by_pid(const void *a, const void *b)
{
    const struct procfs_entry *one = a, *other = b;

    return one->pid < other->pid ? -1 : one->pid > other->pid;
}

static void lists_pids(void **state)
{
    static const char *const others[] = {
        "0",  "01", "1a", "a1",  "self",    "sys",        "-1",
        "+1", "1 ", " 1", "1.5", "4194304", "4294967297", "99999999999999999999999999"};
    static const char *const pids[] = {"1", "2", "10", "7", "4194303"};
    static const uint32_t want[] = {1, 2, 7, 10, 4194303};
    const struct made *made = *state;
    struct procfs_entry *entries = NULL;
    char path[16];
    size_t n = 99;

    assert_int_equal(procfs_list(&made->fs, &entries, &n), 0);
    assert_int_equal(n, 0);
    free(entries);
    for (size_t i = 0; i < COUNT(others); i++)
        made_dir(made, others[i]);
    for (size_t i = 0; i < COUNT(pids); i++)
        made_dir(made, pids[i]);
    assert_int_equal(procfs_list(&made->fs, &entries, &n), 0);
    assert_int_equal(n, COUNT(want));
    qsort(entries, n, sizeof *entries, by_pid);
    for (size_t i = 0; i < n; i++) {
        snprintf(path, sizeof path, "%u", (unsigned)want[i]);
        assert_int_equal(entries[i].pid, want[i]);
        assert_int_equal(entries[i].inode, made_inode(made, path));
    }
    free(entries);
}

static void reports_why_it_cannot_list(void **state)
{
    const struct made *made = *state;
    struct procfs_entry *entries = NULL;
    size_t n = 0;

    made_file(made, "file", "");
    const struct procfs fs = {.fd = openat(made->dir, "file", O_RDONLY | O_CLOEXEC)};
    assert_int_equal(procfs_list(&fs, &entries, &n), -ENOTDIR);
    assert_null(entries);
    close(fs.fd);
}

/* Links that do not count a process: 2, and one for each directory before the first process. */
static void counts_fixed_links(void **state)
{
    const struct made *made = *state;

    assert_int_equal(procfs_fixed_links(&made->fs), 0); /* no process */
    made_dir(made, "1");
    made_dir(made, "2");
    assert_int_equal(procfs_fixed_links(&made->fs), 2);
}

/* All return values that follow from a status file alone. The PID is 10. */
static void status_files(void **state)
{
    static const struct {
        const char *row, *status;
        int rc;
    } rows[] = {
        {"a member of the root", PLAIN, 0},
        {"nested", NESTED, 0},
        {"33 levels", STATUS("sh", "S", "10", "1", "0", "", "NSpid:\t10" LEVELS_32 "\n", "0"), 0},
        {"34 levels", STATUS("sh", "S", "10", "1", "0", "", "NSpid:\t10" LEVELS_32 "\t1\n", "0"),
         -EBADMSG},
        {"a thread", STATUS("sh", "S", "9", "1", "0", "", "NSpid:\t10\n", "0"), -ESRCH},
        {"released: Tgid 0", STATUS("sh", "S", "0", "0", "0", "", "NSpid:\t10\n", "0"), -ESRCH},
        {"released: NSpid 0", STATUS("sh", "S", "10", "0", "0", "", "NSpid:\t0\n", "0"), -ESRCH},
        {"of another process", STATUS("sh", "S", "10", "1", "0", "", "NSpid:\t11\t10\n", "0"),
         -EBADMSG},
        {"no NSpid", STATUS("sh", "S (sleeping)", "10", "1", "0", " ", "", "0"), -EOPNOTSUPP},
        {"NSpid is empty", STATUS("sh", "S", "10", "1", "0", " ", "NSpid:\t\n", "0"), -EBADMSG},
        {"NSpid is no number", STATUS("sh", "S", "10", "1", "0", " ", "NSpid:\tx\n", "0"),
         -EBADMSG},
        {"no such PID", STATUS("sh", "S", "10", "4194304", "0", " ", "NSpid:\t10\n", "0"),
         -EBADMSG},
        {"cut before NSpid", "Name:\tsh\nState:\tS\nTgid:\t10\nPPid:\t1\nUid:\t0\t0\t0\t0\n",
         -EOPNOTSUPP},
        {"cut before Uid", "Name:\tsh\nState:\tS\nTgid:\t10\nPPid:\t1\n", -EBADMSG},
        {"cut within NSpid", "Name:\tsh\nState:\tS\nTgid:\t10\nPPid:\t1\nUid:\t0\nNSpid:\t10\t", 0},
        {"empty", "", -EBADMSG},
        {"garbage", "\377\376\t:\n\n::Name\nName\n", -EBADMSG},
    };
    const struct made *made = *state;
    struct procfs_reader reader = {.fs = &made->fs};

    for (size_t i = 0; i < COUNT(rows); i++) {
        made_file(made, "10/status", rows[i].status);
        ROW_INT(rows[i].row, procfs_read(&reader, &(struct procfs_entry){.pid = 10}), rows[i].rc);
    }
    procfs_reader_free(&reader);
}

static void fills_a_record(void **state)
{
    static const struct {
        const char *row, *status;
        uint32_t ppid, uid, flags, levels;
        char state;
        const char *name;
    } rows[] = {
        {"plain", PLAIN, 1, 1000, 0, 1, 'S', "sh"},
        {"a kernel thread",
         STATUS("kworker/0:1", "I (idle)", "10", "2", "0", "", "NSpid:\t10\n", "1"), 2, 0,
         NSTREE_PROCESS_KTHREAD, 1, 'I', "kworker/0:1"},
        {"its main thread has ended",
         STATUS("sh", "Z (zombie)", "10", "1", "5", "", "NSpid:\t10\n", "0"), 1, 5,
         NSTREE_PROCESS_LEADERLESS, 1, 'Z', "sh"},
        {"a name with a newline and a backslash",
         STATUS("a\\nb\\\\c", "R", "10", "1", "0", "", "NSpid:\t10\n", "0"), 1, 0, 0, 1, 'R',
         "a\nb\\c"},
        {"an orphan of the largest UID",
         STATUS("sh", "T", "10", "0", "4294967295", "", "NSpid:\t10\t5\t2\n", "0"), 0, 4294967295,
         0, 3, 'T', "sh"},
    };
    const struct made *made = *state;
    struct procfs_reader reader = {.fs = &made->fs};

    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct record *record = &reader.record;

        made_file(made, "10/status", rows[i].status);
        const struct procfs_entry entry = {
            .pid = 10, .inode = made_inode(made, "10"), .since = (uint16_t)(i + 3)};
        ROW_INT(rows[i].row, procfs_read(&reader, &entry), 0);
        ROW_INT(rows[i].row, record->pid, 10);
        ROW_INT(rows[i].row, record->ppid, rows[i].ppid);
        ROW_INT(rows[i].row, record->uid, rows[i].uid);
        ROW_INT(rows[i].row, record->flags, rows[i].flags);
        ROW_INT(rows[i].row, record->levels, rows[i].levels);
        ROW_INT(rows[i].row, record->nspid[0], 10);
        ROW_INT(rows[i].row, record->state, rows[i].state);
        ROW_INT(rows[i].row, record->dir, entry.inode);
        ROW_INT(rows[i].row, record->since, i + 3);
        ROW_INT(rows[i].row, record->name_len, strlen(rows[i].name));
        ROW_TEXT(rows[i].row, record->name, rows[i].name);
    }
    assert_int_equal(reader.record.nspid[1], 5);
    assert_int_equal(reader.record.nspid[2], 2);
    procfs_reader_free(&reader);
}

/* Groups before NSpid: n times "123456 ", so that the buffer has to grow, or cannot. */
static void many_groups(void **state)
{
    static const struct {
        size_t n;
        int rc;
    } rows[] = {
        {600, 0},           {1200, 0}, {20000, 0}, {149000, 0}, /* up to 1 MiB */
        {150000, -EBADMSG},
    };
    const struct made *made = *state;
    struct procfs_reader reader = {.fs = &made->fs};

    for (size_t i = 0; i < COUNT(rows); i++) {
        char *text = NULL, row[32];
        size_t size;
        FILE *out = open_memstream(&text, &size);

        assert_non_null(out);
        fputs("Name:\tsh\nState:\tS\nTgid:\t10\nPPid:\t1\nUid:\t0\t0\t0\t0\nGroups:\t", out);
        for (size_t at = 0; at < rows[i].n; at++)
            fputs("123456 ", out);
        fputs("\nNSpid:\t10\t8\nKthread:\t0\n", out);
        assert_int_equal(fclose(out), 0);
        made_bytes(made, "10/status", text, size);
        free(text);
        snprintf(row, sizeof row, "%zu groups", rows[i].n);
        ROW_INT(row, procfs_read(&reader, &(struct procfs_entry){.pid = 10}), rows[i].rc);
        if (rows[i].rc == 0)
            ROW_INT(row, reader.record.nspid[1], 8);
    }
    procfs_reader_free(&reader);
}

/* Neither waited for nor read: only a regular file is. */
static void status_that_is_no_file(void **state)
{
    const struct made *made = *state;
    struct procfs_reader reader = {.fs = &made->fs};

    assert_int_equal(procfs_read(&reader, &(struct procfs_entry){.pid = 10}), -ESRCH);
    made_dir(made, "10");
    assert_int_equal(procfs_read(&reader, &(struct procfs_entry){.pid = 10}), -ESRCH);
    made_dir(made, "11/status");
    made_fifo(made, "12/status");
    int fifo = openat(made->dir, "12/status", O_RDWR | O_CLOEXEC);
    assert_int_equal(write(fifo, TWELVE, strlen(TWELVE)), strlen(TWELVE));
    made_link(made, "13/status", "/dev/zero");
    made_file(made, "14/real", STATUS("sh", "S", "14", "1", "0", "", "NSpid:\t14\n", "0"));
    made_link(made, "14/status", "real");
    made_link(made, "15/status", "status");
    made_link(made, "16/status", "/nowhere");
    made_file(made, "17", PLAIN);
    for (uint32_t pid = 11; pid <= 17; pid++) {
        char row[16];

        snprintf(row, sizeof row, "PID %u", (unsigned)pid);
        ROW_INT(row, procfs_read(&reader, &(struct procfs_entry){.pid = pid}), -EBADMSG);
    }
    close(fifo);
    procfs_reader_free(&reader);
}

static void status_that_may_not_be_read(void **state)
{
    const struct made *made = *state;
    struct procfs_reader reader = {.fs = &made->fs};

    made_file(made, "10/status", PLAIN);
    assert_int_equal(fchmodat(made->dir, "10/status", 0, 0), 0);
    made_file(made, "11/status", PLAIN);
    assert_int_equal(fchmodat(made->dir, "11", 0, 0), 0);
    begin_ordinary();
    int file = procfs_read(&reader, &(struct procfs_entry){.pid = 10});
    int dir = procfs_read(&reader, &(struct procfs_entry){.pid = 11});
    end_ordinary();
    assert_int_equal(file, -EACCES);
    assert_int_equal(dir, -EACCES);
    assert_int_equal(fchmodat(made->dir, "11", 0755, 0), 0);
    procfs_reader_free(&reader);
}

static void descriptors_run_out(void **state)
{
    const struct made *made = *state;
    struct procfs_reader reader = {.fs = &made->fs};
    struct procfs_entry *entries = NULL;
    struct rlimit before;
    size_t n;

    made_file(made, "10/status", PLAIN);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    const struct rlimit none = {.rlim_cur = 0, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    int read = procfs_read(&reader, &(struct procfs_entry){.pid = 10});
    int list = procfs_list(&made->fs, &entries, &n);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_int_equal(read, -EMFILE);
    assert_int_equal(list, -EMFILE);
    procfs_reader_free(&reader);
}

static void namespace_links(void **state)
{
    static const struct {
        const char *row, *link;
        uint32_t inode;
        bool denied;
    } rows[] = {
        {"a link", "pid:[4026532100]", 4026532100, false},
        {"none", NULL, 0, true},
        {"of another type", "mnt:[4026532100]", 0, true},
        {"cut", "pid:[4026532100", 0, true},
        {"too large", "pid:[4294967296]", 0, true},
        {"longer than any", "pid:[00000000000000000000000000000000000000001]", 0, true},
    };
    const struct made *made = *state;
    struct procfs_reader reader = {.fs = &made->fs};

    made_file(made, "10/status", NESTED);
    const struct procfs_entry entry = {.pid = 10, .inode = made_inode(made, "10")};
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (rows[i].link)
            made_link(made, "10/ns/pid", rows[i].link);
        else
            unlinkat(made->dir, "10/ns/pid", 0);
        ROW_INT(rows[i].row, procfs_read(&reader, &entry), 0);
        ROW_INT(rows[i].row, reader.record.ns, rows[i].inode);
        ROW_INT(rows[i].row, reader.denied, rows[i].denied);
        ROW_INT(rows[i].row, reader.record.deferred, false);
        ROW_INT(rows[i].row, procfs_inode(&made->fs, 10), rows[i].inode);
    }
    assert_int_equal(procfs_inode(&made->fs, 11), 0);
    procfs_reader_free(&reader);
}

/* A reader that defers does not read the link of a nested process, unless it is an init or its
 * directory was not listed. */
static void deferred_links(void **state)
{
    static const struct {
        const char *row, *status;
        bool listed, deferred;
        uint32_t inode;
    } rows[] = {
        {"nested", NESTED, true, true, 0},
        {"an init", INIT, true, false, 4026532100},
        {"not listed", NESTED, false, false, 4026532100},
        {"a member of the root", PLAIN, true, false, 0},
    };
    const struct made *made = *state;
    struct procfs_reader reader = {.fs = &made->fs, .defers = true};

    made_link(made, "10/ns/pid", "pid:[4026532100]");
    for (size_t i = 0; i < COUNT(rows); i++) {
        made_file(made, "10/status", rows[i].status);
        const struct procfs_entry entry = {.pid = 10,
                                           .inode = rows[i].listed ? made_inode(made, "10") : 0};
        ROW_INT(rows[i].row, procfs_read(&reader, &entry), 0);
        ROW_INT(rows[i].row, reader.record.deferred, rows[i].deferred);
        ROW_INT(rows[i].row, reader.record.ns, rows[i].inode);
        ROW_INT(rows[i].row, reader.denied, false);
    }
    procfs_reader_free(&reader);
}

/* The inode of the directory has changed since the list: the open status file decides. */
static void directory_of_another_inode(void **state)
{
    const struct made *made = *state;
    struct procfs_reader reader = {.fs = &made->fs};

    made_file(made, "10/status", NESTED);
    made_link(made, "10/ns/pid", "pid:[4026532100]");
    const struct procfs_entry entry = {.pid = 10, .inode = made_inode(made, "10") + 1};
    assert_int_equal(procfs_read(&reader, &entry), 0);
    assert_int_equal(reader.record.dir, 0); /* the listed inode proves nothing */
    assert_int_equal(reader.record.ns, 4026532100);
    procfs_reader_free(&reader);
}

/* An unreadable link can mean that the process has ended. Outsiders, who may read few links, do not
 * check for that. */
static void links_of_others(void **state)
{
    const struct made *made = *state;
    struct procfs_reader reader = {.fs = &made->fs, .outsider = true};

    made_file(made, "10/status", NESTED);
    const struct procfs_entry entry = {.pid = 10, .inode = made_inode(made, "10") + 1};
    made_link(made, "10/ns/pid", "pid:[4026532100]");
    assert_int_equal(fchmodat(made->dir, "10/ns", 0, 0), 0);
    begin_ordinary();
    int rc = procfs_read(&reader, &entry);
    end_ordinary();
    assert_int_equal(fchmodat(made->dir, "10/ns", 0755, 0), 0);
    assert_int_equal(rc, 0);
    assert_true(reader.denied);
    assert_int_equal(reader.record.ns, 0);
    assert_int_equal(reader.record.dir, entry.inode);
    procfs_reader_free(&reader);
}

static void is_same_process(void **state)
{
    const struct made *made = *state;
    struct procfs_entry entry = {.pid = 10}, none = {.pid = 11, .inode = 5};

    made_dir(made, "10");
    assert_false(procfs_is_same(&made->fs, &entry)); /* its inode is not known */
    procfs_look_up(&made->fs, &entry);
    assert_int_equal(entry.inode, made_inode(made, "10"));
    assert_true(procfs_is_same(&made->fs, &entry));
    procfs_look_up(&made->fs, &none);
    assert_int_equal(none.inode, 0);
    assert_int_equal(renameat(made->dir, "10", made->dir, "12"), 0);
    assert_false(procfs_is_same(&made->fs, &entry));
    made_dir(made, "10"); /* the PID is used again */
    assert_false(procfs_is_same(&made->fs, &entry));
}

static void first_lines(void **state)
{
    static const struct {
        const char *row, *bytes, *line;
    } rows[] = {
        {"a line", "host\n", "host"},         {"two", "host\nname\n", "host"},
        {"no newline", "host", "host"},       {"empty", "", ""},
        {"an empty line", "\nhost\n", ""},    {"as long as fits", "1234567\n", "1234567"},
        {"longer", "123456789\n", "1234567"},
    };
    const struct made *made = *state;
    char text[8];

    for (size_t i = 0; i < COUNT(rows); i++) {
        made_file(made, "sys/kernel/hostname", rows[i].bytes);
        memset(text, 0x55, sizeof text);
        ROW_INT(rows[i].row, procfs_line(&made->fs, "sys/kernel/hostname", text, sizeof text),
                strlen(rows[i].line));
        ROW_TEXT(rows[i].row, text, rows[i].line);
    }
    made_fifo(made, "fifo");
    made_link(made, "device", "/dev/urandom");
    made_link(made, "again", "again");
    for (const char *const *path =
             (const char *const[]){"none", "sys", "fifo", "device", "again", NULL};
         *path; path++) {
        memset(text, 0x55, sizeof text);
        ROW_INT(*path, procfs_line(&made->fs, *path, text, sizeof text), 0);
        ROW_TEXT(*path, text, "");
    }
}

static void own_pid_by_self(void **state)
{
    static const struct {
        const char *link;
        uint32_t pid;
    } rows[] = {
        {"1", 1},       {"4194303", 4194303},           {"4194304", 0}, {"10/", 0},
        {"1234x", 0},   {"99999999999999999999999", 0}, {"-1", 0},      {"0", 0},
        {"/proc/1", 0},
    };
    const struct made *made = *state;

    assert_int_equal(procfs_self(&made->fs), 0);
    for (size_t i = 0; i < COUNT(rows); i++) {
        made_link(made, "self", rows[i].link);
        ROW_INT(rows[i].link, procfs_self(&made->fs), rows[i].pid);
    }
    unlinkat(made->dir, "self", 0);
    made_dir(made, "self");
    assert_int_equal(procfs_self(&made->fs), 0);
}

/* A status file with memory, and a stat file of 100 ticks a second, as most machines have. */
#define USED(state, rss, threads)                                                                  \
    "Name:\tsh\nState:\t" state "\nTgid:\t10\nPPid:\t1\nUid:\t0\t0\t0\t0\nNSpid:\t10\n"            \
    "Kthread:\t0\n" rss "Threads:\t" threads "\n"
#define RSS(kib) "VmSize:\t  9999 kB\nVmRSS:\t  " kib " kB\n"
#define TIMES "10 (sh) S 1 1 1 0 -1 0 0 0 0 0 250 50 0 0 20 0 1 0 777 0 0\n"

/* Of a recorded tree, too. What was not recorded is not known. */
static void usage(void **state)
{
    static const struct {
        const char *row, *status, *stat;
        struct nstree_usage want;
    } rows[] = {
        {"all", USED("S", RSS("20"), "3"), TIMES, {170000000777, 20, 300, 3}},
        {"no times", USED("S", RSS("20"), "3"), NULL, {UINT64_MAX, 20, UINT64_MAX, 3}},
        {"no stat file", USED("S", RSS("20"), "3"), "x", {UINT64_MAX, 20, UINT64_MAX, 3}},
        {"a zombie", USED("Z", "", "1"), TIMES, {170000000777, 0, 300, 1}},
        {"a dead main thread", USED("Z", "", "2"), TIMES, {170000000777, 50, 300, 2}},
        {"more than can be",
         USED("S", RSS("1099511627777"), "3"),
         TIMES,
         {170000000777, UINT64_MAX, 300, 3}},
    };
    const struct made *made = *state;
    struct procfs_reader reader = {.fs = &made->fs};

    made_file(made, "stat", "cpu 1\nbtime 1700000000\n");
    made_file(made, "10/task/10/status", USED("Z", "", "2"));
    made_file(made, "10/task/11/status", USED("S", RSS("50"), "2"));
    const struct stat_clock clock = procfs_clock(&made->fs);
    assert_int_equal(clock.boot, 1700000000);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct procfs_entry entry = {.pid = 10};

        made_file(made, "10/status", rows[i].status);
        unlinkat(made->dir, "10/stat", 0);
        if (rows[i].stat)
            made_file(made, "10/stat", rows[i].stat);
        reader.clock = NULL;
        ROW_INT(rows[i].row, procfs_read(&reader, &entry), 0);
        ROW_INT(rows[i].row, reader.record.usage == NULL, true);
        reader.clock = &clock;
        ROW_INT(rows[i].row, procfs_read(&reader, &entry), 0);
        ROW_INT(rows[i].row, reader.record.usage->start, rows[i].want.start);
        ROW_INT(rows[i].row, reader.record.usage->rss, rows[i].want.rss);
        ROW_INT(rows[i].row, reader.record.usage->cpu, rows[i].want.cpu);
        ROW_INT(rows[i].row, reader.record.usage->threads, rows[i].want.threads);
    }
    procfs_reader_free(&reader);
}

/* By the published values of FNV-1a with 64 bits. */
static void hashes_cgroup_files(void **state)
{
    const struct made *made = *state;
    struct procfs_reader reader = {.fs = &made->fs};
    const size_t max = (size_t)256 << 10;
    char *long_text = malloc(max + 1);

    assert_non_null(long_text);
    assert_true(procfs_cgroup(&reader, 10) == 0);
    made_file(made, "10/cgroup", "");
    assert_true(procfs_cgroup(&reader, 10) == 0);
    made_file(made, "10/cgroup", "a");
    assert_true(procfs_cgroup(&reader, 10) == UINT64_C(0xaf63dc4c8601ec8c));
    made_file(made, "10/cgroup", "foobar");
    assert_true(procfs_cgroup(&reader, 10) == UINT64_C(0x85944171f73967e8));
    made_fifo(made, "11/cgroup");
    assert_true(procfs_cgroup(&reader, 11) == 0);
    made_link(made, "12/cgroup", "../10/cgroup");
    assert_true(procfs_cgroup(&reader, 12) == 0);
    /* Text beyond 256 KiB does not count. */
    memset(long_text, 'x', max + 1);
    made_bytes(made, "10/cgroup", long_text, max - 1);
    uint64_t less = procfs_cgroup(&reader, 10);
    made_bytes(made, "10/cgroup", long_text, max);
    uint64_t all = procfs_cgroup(&reader, 10);
    made_bytes(made, "10/cgroup", long_text, max + 1);
    assert_true(less != all);
    assert_true(procfs_cgroup(&reader, 10) == all);
    free(long_text);
    procfs_reader_free(&reader);
}

static void hides_by_mount_options(void **state)
{
    const struct made *made = *state;
    const struct procfs unknown = {.fd = -1};

    assert_false(procfs_hides(&made->fs));
    assert_true(procfs_hides(&unknown));
}

static void meaning_of_errnos(void **state)
{
    static const int rows[][2] = {
        {ENOENT, -ESRCH},   {ESRCH, -ESRCH},   {EACCES, -EACCES},   {EPERM, -EACCES},
        {ENOMEM, -ENOMEM},  {EMFILE, -EMFILE}, {ENFILE, -ENFILE},   {EIO, -EBADMSG},
        {EINVAL, -EBADMSG}, {ELOOP, -EBADMSG}, {ENOTDIR, -EBADMSG},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        ROW_INT(strerror(rows[i][0]), procfs_error(rows[i][0]), rows[i][1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MADE_TEST(opens_directories_only),
        cmocka_unit_test(knows_the_procfs_of_the_kernel),
        MADE_TEST(lists_pids),
        MADE_TEST(reports_why_it_cannot_list),
        MADE_TEST(counts_fixed_links),
        MADE_TEST(status_files),
        MADE_TEST(fills_a_record),
        MADE_TEST(many_groups),
        MADE_TEST(status_that_is_no_file),
        MADE_TEST(status_that_may_not_be_read),
        MADE_TEST(descriptors_run_out),
        MADE_TEST(namespace_links),
        MADE_TEST(deferred_links),
        MADE_TEST(directory_of_another_inode),
        MADE_TEST(links_of_others),
        MADE_TEST(is_same_process),
        MADE_TEST(first_lines),
        MADE_TEST(usage),
        MADE_TEST(own_pid_by_self),
        MADE_TEST(hashes_cgroup_files),
        MADE_TEST(hides_by_mount_options),
        cmocka_unit_test(meaning_of_errnos),
    };

    return cmocka_run_group_tests_name("procfs", tests, NULL, NULL);
}
