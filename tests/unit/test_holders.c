/* SPDX-License-Identifier: MIT */
/* Keepers of namespaces, in directories that the test makes. No namespace of such a tree is opened,
 * so the test only checks the notes: one line for each, written by hand. */
#include "made.h"

#include <errno.h>

#include "kernel/patience.h"
#include "scan/holders.h"

/* A mount of the PID namespace with that inode. */
#define MOUNT(id, inode, path) id " 28 0:4 pid:[" inode "] " path " rw shared:3 - nsfs nsfs rw\n"
#define OTHER_MOUNT "36 35 98:0 / / rw - ext4 /dev/root rw\n"

struct search {
    struct scanner scanner;
    struct patience patience;
    struct ledger ledger;
    struct holders holders;
};

/* The root, 100, has a member, and so has 101. */
static struct search *begin(struct made *made)
{
    struct search *search = calloc(1, sizeof *search);

    assert_non_null(search);
    made->fs.patience = &search->patience;
    search->scanner.fs = search->scanner.reader.fs = &made->fs;
    search->scanner.builder = new_builder();
    add_reported(search->scanner.builder, 100, KEY_UNKNOWN, 0);
    add_row(search->scanner.builder, &(struct row){.nspid = {1}});
    add_row(search->scanner.builder, &(struct row){.nspid = {9, 1}, .ns = 101});
    assert_int_equal(ledger_begin(&search->ledger, &search->scanner), 0);
    search->holders.ledger = &search->ledger;
    return search;
}

static void end(struct search *search)
{
    holders_end(&search->holders);
    ledger_end(&search->ledger);
    builder_free(search->scanner.builder);
    patience_end(&search->patience);
    free(search);
}

static void look_at(struct search *search, uint32_t pid, char state, uint32_t flags)
{
    struct nstree_process process = {.name = "sh", .pid = pid, .flags = flags, .state = state};

    assert_int_equal(holders_search(&search->holders, &process), 0);
}

/* The notes since the last call, one line each. */
static void expect(const char *row, struct search *search, const char *want)
{
    static const char *const hows[] = {[NSTREE_KEEPER_FD] = "fd",
                                       [NSTREE_KEEPER_MOUNT] = "mount",
                                       [NSTREE_KEEPER_CHILDREN] = "children",
                                       [NSTREE_KEEPER_THREAD] = "thread"};
    struct builder *builder = search->scanner.builder;
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    for (size_t i = 0; i < builder->n_keepers; i++) {
        const struct nstree_keeper *keeper = &builder->keepers[i].keeper;

        fprintf(out, "%u %s of %u %s", (unsigned)builder->keepers[i].key, hows[keeper->how],
                (unsigned)keeper->pid, keeper->name);
        if (keeper->how == NSTREE_KEEPER_FD)
            fprintf(out, " %u", (unsigned)keeper->fd);
        if (keeper->how == NSTREE_KEEPER_THREAD)
            fprintf(out, " %u", (unsigned)keeper->tid);
        fprintf(out, "%s%s\n", keeper->path ? " " : "", keeper->path ? keeper->path : "");
    }
    assert_int_equal(fclose(out), 0);
    ROW_TEXT(row, text, want);
    free(text);
    builder->n_keepers = 0;
}

static void descriptors(void **state)
{
    struct made *made = *state;
    struct search *search = begin(made);

    made_dir(made, "10/fd");
    look_at(search, 10, 'S', 0);
    expect("none is open", search, "");
    made_link(made, "10/fd/0", "/dev/null");
    made_link(made, "10/fd/1", "socket:[200]");
    made_link(made, "10/fd/2", "pid:[100]"); /* the root, and one with members */
    made_link(made, "10/fd/3", "pid:[101]");
    made_link(made, "10/fd/4", "mnt:[200]");
    made_file(made, "10/fd/5", "pid:[200]");
    made_fifo(made, "10/fd/6");
    made_link(made, "10/fd/x", "pid:[200]");
    made_link(made, "10/fd/-7", "pid:[200]");
    look_at(search, 10, 'S', 0);
    expect("none is of a namespace without members", search, "");
    made_link(made, "10/fd/2147483647", "pid:[200]");
    look_at(search, 10, 'S', 0);
    expect("the largest descriptor", search, "200 fd of 10 sh 2147483647\n");
    unlinkat(made->dir, "10/fd/2147483647", 0);
    made_link(made, "10/fd/2147483648", "pid:[200]");
    look_at(search, 10, 'S', 0);
    expect("one more than that", search, "");
    look_at(search, 11, 'S', 0);
    expect("a process that is gone", search, "");
    assert_int_equal(search->scanner.builder->info.unsearched, 0);
    end(search);
}

/* Processes that have ended, and kernel threads, hold nothing. */
static void processes_that_hold_descriptors(void **state)
{
    static const struct {
        const char *row;
        char state;
        uint32_t flags;
        const char *want;
    } rows[] = {
        {"sleeping", 'S', 0, "200 fd of 10 sh 3\n"},
        {"a zombie", 'Z', 0, ""},
        {"a zombie with threads", 'Z', NSTREE_PROCESS_LEADERLESS, "200 fd of 10 sh 3\n"},
        {"a kernel thread", 'I', NSTREE_PROCESS_KTHREAD, ""},
    };
    struct made *made = *state;
    struct search *search = begin(made);

    made_link(made, "10/fd/3", "pid:[200]");
    for (size_t i = 0; i < COUNT(rows); i++) {
        look_at(search, 10, rows[i].state, rows[i].flags);
        expect(rows[i].row, search, rows[i].want);
    }
    end(search);
}

static void children_of_threads(void **state)
{
    struct made *made = *state;
    struct search *search = begin(made);

    made_link(made, "10/ns/pid_for_children", "pid:[200]");
    made_link(made, "10/task/10/ns/pid_for_children", "pid:[200]");
    made_link(made, "10/task/11/ns/pid_for_children", "pid:[200]");
    look_at(search, 10, 'S', 0);
    expect("all the same", search, "200 children of 10 sh\n");
    made_link(made, "10/task/11/ns/pid_for_children", "pid:[201]");
    look_at(search, 10, 'S', 0);
    expect("one apart", search, "200 children of 10 sh\n201 thread of 10 sh 11\n");
    made_link(made, "10/ns/pid_for_children", "pid:[100]");
    look_at(search, 10, 'S', 0);
    expect("the main thread has its own", search, "201 thread of 10 sh 11\n");
    made_link(made, "10/task/11/ns/pid_for_children", "pid:[101]");
    look_at(search, 10, 'S', 0);
    expect("all have members", search, "");
    end(search);
}

/* If the main thread has ended, another thread has the descriptors of the process. */
static void descriptors_of_a_thread(void **state)
{
    struct made *made = *state;
    struct search *search = begin(made);

    made_dir(made, "10/fd");
    made_link(made, "10/task/11/fd/5", "pid:[200]");
    look_at(search, 10, 'S', 0);
    expect("the main thread is there", search, "");
    look_at(search, 10, 'Z', NSTREE_PROCESS_LEADERLESS);
    expect("it has ended", search, "200 fd of 10 sh 5\n");
    end(search);
}

static void mounts(void **state)
{
    struct made *made = *state;
    struct search *search = begin(made);

    made_link(made, "10/ns/mnt", "mnt:[500]");
    made_link(made, "10/root", "/");
    made_file(made, "10/mountinfo",
              OTHER_MOUNT MOUNT("40", "200", "/run/a\\040b") "nonsense\n" MOUNT(
                  "41", "101", "/run/inhabited") MOUNT("42", "201", "/run/c"));
    look_at(search, 10, 'S', 0);
    expect("first", search, "200 mount of 10 sh /run/a b\n201 mount of 10 sh /run/c\n");
    /* Another process in the same mount namespace. */
    made_link(made, "11/ns/mnt", "mnt:[500]");
    made_link(made, "11/root", "/");
    made_file(made, "11/mountinfo", MOUNT("43", "202", "/run/d"));
    look_at(search, 11, 'S', 0);
    expect("the same mounts", search, "");
    /* With another root, mountinfo has other mounts; 42 was found before. */
    made_link(made, "11/root", "/srv");
    made_file(made, "11/mountinfo", MOUNT("42", "201", "/run/c") MOUNT("43", "202", "/run/d"));
    look_at(search, 11, 'S', 0);
    expect("another root", search, "202 mount of 11 sh /run/d\n");
    end(search);
}

/* Without the links, the first mount identifies the mount namespace. */
static void mounts_of_an_unknown_namespace(void **state)
{
    struct made *made = *state;
    struct search *search = begin(made);

    made_file(made, "10/mountinfo", OTHER_MOUNT MOUNT("40", "200", "/a"));
    look_at(search, 10, 'S', 0);
    expect("first", search, "200 mount of 10 sh /a\n");
    made_file(made, "11/mountinfo", OTHER_MOUNT MOUNT("41", "201", "/b"));
    look_at(search, 11, 'S', 0);
    expect("the same first mount", search, "");
    made_file(made, "11/mountinfo", MOUNT("41", "201", "/b") OTHER_MOUNT);
    look_at(search, 11, 'S', 0);
    expect("another", search, "201 mount of 11 sh /b\n");
    end(search);
}

static void mountinfo_that_is_no_file(void **state)
{
    struct made *made = *state;
    struct search *search = begin(made);

    made_fifo(made, "10/mountinfo");
    made_dir(made, "11/mountinfo");
    made_file(made, "12/real", MOUNT("40", "200", "/a"));
    made_link(made, "12/mountinfo", "real");
    made_file(made, "13/mountinfo", "");
    for (uint32_t pid = 10; pid <= 13; pid++)
        look_at(search, pid, 'S', 0);
    expect("no mounts", search, "");
    end(search);
}

/* A line is longer than the buffer, and arrives in pieces. The next one is read, too, without a
 * newline at its end. */
static void lines_of_any_length(void **state)
{
    static const size_t lengths[] = {1, 4095, 4096, 36863, 36864, 36865, 73728, 200000};
    struct made *made = *state;
    struct search *search = begin(made);

    for (size_t i = 0; i < COUNT(lengths); i++) {
        static const char last[] = " 28 0:4 pid:[200] /a rw - nsfs nsfs rw";
        char *text = malloc(lengths[i] + 100), row[32], path[32];

        assert_non_null(text);
        memset(text, 'x', lengths[i]);
        int n = sprintf(text + lengths[i], "\n%zu%s", 40 + i, last);
        snprintf(path, sizeof path, "%zu/mountinfo", 10 + i);
        made_bytes(made, path, text, lengths[i] + (size_t)n);
        free(text);
        snprintf(row, sizeof row, "%zu bytes", lengths[i]);
        look_at(search, (uint32_t)(10 + i), 'S', 0);
        snprintf(path, sizeof path, "200 mount of %zu sh /a\n", 10 + i);
        expect(row, search, path);
    }
    assert_int_equal(search->patience.beyond, 0);
    end(search);
}

/* At most 16 MiB of one process are read. */
static void no_more_than_a_bound(void **state)
{
    const size_t max = (size_t)16 << 20;
    struct made *made = *state;
    struct search *search = begin(made);
    char *text = malloc(max + 100);

    assert_non_null(text);
    memset(text, 'x', max);
    const int n = sprintf(text, "%s", MOUNT("40", "200", "/a"));
    text[n] = 'x';
    int end_of_text = sprintf(text + max - 1, "\n%s", MOUNT("41", "201", "/b"));
    made_bytes(made, "10/mountinfo", text, max - 1 + (size_t)end_of_text);
    free(text);
    look_at(search, 10, 'S', 0);
    expect("16 MiB", search, "200 mount of 10 sh /a\n");
    assert_int_equal(search->patience.beyond, 1);
    end(search);
}

/* Processes with unreadable parts are counted once; the other parts are read. */
static void counts_unreadable_processes(void **state)
{
    struct made *made = *state;
    struct search *search = begin(made);
    const struct nstree_info *info = &search->scanner.builder->info;

    made_dir(made, "10/fd");
    made_link(made, "10/ns/pid_for_children", "pid:[200]");
    made_file(made, "11/mountinfo", MOUNT("40", "201", "/a"));
    assert_int_equal(fchmodat(made->dir, "10/fd", 0, 0), 0);
    assert_int_equal(fchmodat(made->dir, "11/mountinfo", 0, 0), 0);
    begin_ordinary();
    look_at(search, 10, 'S', 0);
    look_at(search, 11, 'S', 0);
    end_ordinary();
    expect("the rest", search, "200 children of 10 sh\n");
    assert_int_equal(info->unsearched, 2);
    assert_int_equal(info->n_unsearched_pids, 2);
    assert_int_equal(info->unsearched_pids[0], 10);
    assert_int_equal(info->unsearched_pids[1], 11);
    begin_ordinary();
    for (size_t i = 0; i < NSTREE_UNSEARCHED_MAX; i++)
        look_at(search, 10, 'S', 0);
    end_ordinary();
    assert_int_equal(info->unsearched, 2 + NSTREE_UNSEARCHED_MAX);
    assert_int_equal(info->n_unsearched_pids, NSTREE_UNSEARCHED_MAX);
    assert_int_equal(info->unsearched_pids[NSTREE_UNSEARCHED_MAX - 1], 10);
    end(search);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MADE_TEST(descriptors),
        MADE_TEST(processes_that_hold_descriptors),
        MADE_TEST(children_of_threads),
        MADE_TEST(descriptors_of_a_thread),
        MADE_TEST(mounts),
        MADE_TEST(mounts_of_an_unknown_namespace),
        MADE_TEST(mountinfo_that_is_no_file),
        MADE_TEST(lines_of_any_length),
        MADE_TEST(no_more_than_a_bound),
        MADE_TEST(counts_unreadable_processes),
    };

    return cmocka_run_group_tests_name("holders", tests, NULL, NULL);
}
