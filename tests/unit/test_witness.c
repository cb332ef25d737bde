/* SPDX-License-Identifier: MIT */
/* Reads files that others wrote. Reading any of them ends, is bounded, and does not leave a
 * container's root. Each test has its own directory in place of /proc. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <linux/openat2.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "label/witness.h"
#include "skip.h"

#ifndef SYS_openat2
#define SYS_openat2 437
#endif

#ifndef RENAME_EXCHANGE
#define RENAME_EXCHANGE 2
#endif

#define PID 77

struct place {
    char dir[64];
    struct procfs fs;
    struct witness witness;
};

static void make(const struct place *place, const char *path, const char *content)
{
    char full[300];

    snprintf(full, sizeof full, "%s/%s", place->dir, path);
    FILE *file = fopen(full, "w");
    assert_non_null(file);
    fputs(content, file);
    assert_int_equal(fclose(file), 0);
}

/* The last two results stay valid. */
static const char *in(const struct place *place, const char *path)
{
    static char full[2][300];
    static int turn;

    turn = !turn;
    snprintf(full[turn], sizeof full[turn], "%s/%s", place->dir, path);
    return full[turn];
}

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);

    assert_non_null(place);
    *state = place;
    strcpy(place->dir, "/tmp/nstree-witness.XXXXXX");
    assert_non_null(mkdtemp(place->dir));
    assert_int_equal(mkdir(in(place, "77"), 0700), 0);
    assert_int_equal(mkdir(in(place, "77/root"), 0700), 0);
    assert_int_equal(mkdir(in(place, "77/root/run"), 0700), 0);
    make(place, "outside", "secret");
    assert_int_equal(procfs_open(place->dir, &place->fs), 0);
    assert_false(place->fs.live);
    witness_open(&place->witness, &place->fs, "init", PID, 0);
    return 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *where)
{
    (void)st;
    (void)type;
    (void)where;
    return remove(path);
}

static int tear_down(void **state)
{
    struct place *place = *state;

    witness_close(&place->witness);
    procfs_close(&place->fs);
    nftw(place->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(place);
    return 0;
}

/* A read that blocks kills the test; else it would hang. */
static void limit_time(void)
{
    alarm(20);
}

static void assert_fact(struct place *place, enum fact fact, const char *want)
{
    struct text text = witness_fact(&place->witness, fact);

    if (want) {
        assert_int_equal(text.len, strlen(want));
        assert_memory_equal(text.at, want, text.len);
    } else {
        assert_null(text.at);
    }
}

/* The content of a path below the root, or NULL. */
static void assert_file(struct place *place, const char *path, const char *want, bool readable)
{
    char *buffer = NULL;
    bool could;
    struct text text = witness_file(&place->witness, path, &buffer, &could);

    if (want) {
        assert_non_null(text.at);
        assert_int_equal(text.len, strlen(want));
        assert_memory_equal(text.at, want, text.len);
    } else {
        assert_null(text.at);
    }
    assert_int_equal(could, readable);
    free(buffer);
}

/* Files of a container are read by openat2(2) or not at all. Kernels before 5.6, and qemu-user, do
 * not have it. */
static void need_openat2(void)
{
    struct open_how how = {.flags = O_RDONLY | O_DIRECTORY};
    long fd = syscall(SYS_openat2, AT_FDCWD, "/", &how, sizeof how);

    if (fd >= 0) {
        close((int)fd);
    } else if (errno == ENOSYS) {
        SKIP("the kernel has no openat2(2)");
    }
}

/* The procfs in which this process has its own PID. */
static void open_live(struct procfs *live)
{
    if (procfs_open("/proc", live) != 0 || !live->live)
        SKIP("/proc is not procfs");
    if (procfs_self(live) != (uint32_t)getpid())
        SKIP("/proc belongs to another PID namespace");
}

static void test_plain(void **state)
{
    struct place *place = *state;

    need_openat2();
    make(place, "77/cgroup", "0::/docker/x\n");
    make(place, "77/cmdline", "");
    assert_int_equal(symlink("/usr/bin/conmon", in(place, "77/exe")), 0);
    assert_fact(place, FACT_CGROUP, "0::/docker/x\n");
    assert_fact(place, FACT_CMDLINE, "");
    assert_fact(place, FACT_EXE, "/usr/bin/conmon");
    assert_fact(place, FACT_ENVIRON, NULL);
    make(place, "77/root/run/name", "web\n");
    assert_file(place, "/run/name", "web\n", true);
    assert_file(place, "/run/other", NULL, true);
    assert_file(place, "/run/name/below", NULL, true);
}

static void test_no_such_process(void **state)
{
    struct place *place = *state;
    struct witness other;

    witness_open(&other, &place->fs, "gone", 78, 0);
    assert_null(witness_fact(&other, FACT_CGROUP).at);
    char *buffer = NULL;
    bool readable = true;
    assert_null(witness_file(&other, "/run/name", &buffer, &readable).at);
    assert_false(readable); /* whether it exists is not known */
    assert_int_equal(witness_namespace(&other, "mnt"), 0);
    witness_close(&other);
}

static void test_fifos(void **state)
{
    struct place *place = *state;

    need_openat2();
    limit_time();
    assert_int_equal(mkfifo(in(place, "77/cgroup"), 0600), 0);
    assert_int_equal(mkfifo(in(place, "77/status"), 0600), 0);
    assert_int_equal(mkfifo(in(place, "77/root/run/name"), 0600), 0);
    assert_fact(place, FACT_CGROUP, NULL);
    assert_file(place, "/run/name", NULL, true);
    uint32_t nspid[] = {PID};
    struct nstree_process process = {.nspid = nspid, .levels = 1};
    assert_false(witness_is(&place->witness, &process));
}

static void test_other_kinds_of_files(void **state)
{
    struct place *place = *state;

    need_openat2();
    assert_int_equal(mkdir(in(place, "77/cgroup"), 0700), 0);
    assert_int_equal(mkdir(in(place, "77/root/run/directory"), 0700), 0);
    assert_fact(place, FACT_CGROUP, NULL);
    assert_file(place, "/run/directory", NULL, true);
    if (mknod(in(place, "77/root/run/zero"), S_IFCHR | 0600, makedev(1, 5)) != 0)
        SKIP("device nodes cannot be made here");
    assert_file(place, "/run/zero", NULL, true);
}

/* A link leads only to the file that the container itself would find there. */
static void test_links(void **state)
{
    struct place *place = *state;

    need_openat2();
    assert_int_equal(symlink(in(place, "outside"), in(place, "77/cgroup")), 0);
    assert_fact(place, FACT_CGROUP, NULL);
    /* the file itself is a link: not even within */
    assert_int_equal(symlink(in(place, "outside"), in(place, "77/root/run/absolute")), 0);
    assert_int_equal(symlink("../../../outside", in(place, "77/root/run/upwards")), 0);
    assert_file(place, "/run/absolute", NULL, true);
    assert_file(place, "/run/upwards", NULL, true);
    /* a directory on the way is one */
    assert_int_equal(symlink("../../../../../../..", in(place, "77/root/run/up")), 0);
    assert_int_equal(symlink(place->dir, in(place, "77/root/run/away")), 0);
    assert_file(place, "/run/up/outside", NULL, true);
    assert_file(place, "/run/away/outside", NULL, true);
    assert_file(place, "/run/../../../outside", NULL, true);
    make(place, "77/root/here", "inside");
    assert_file(place, "/run/up/here", "inside", true);
    /* for ever */
    assert_int_equal(symlink("ring", in(place, "77/root/run/ring")), 0);
    assert_file(place, "/run/ring/x", NULL, true);
}

/* In a recorded tree, `root` may be any link to anywhere. */
static void test_recorded_root(void **state)
{
    struct place *place = *state;

    assert_int_equal(rmdir(in(place, "77/root/run")), 0);
    assert_int_equal(rmdir(in(place, "77/root")), 0);
    assert_int_equal(symlink(place->dir, in(place, "77/root")), 0);
    assert_file(place, "/outside", NULL, false);
}

static void test_magic_links(void **state)
{
    struct place *place = *state;
    struct procfs live;
    struct witness self;
    char path[400], *buffer = NULL;
    bool readable;

    need_openat2();
    open_live(&live);
    witness_open(&self, &live, "self", (uint32_t)getpid(), 0);
    int fd = open(in(place, "outside"), O_RDONLY);
    assert_true(fd >= 0);
    snprintf(path, sizeof path, "/proc/%d/cwd/.", (int)getpid());
    assert_null(witness_file(&self, path, &buffer, &readable).at);
    /* the same file by its name: above, only the link fails */
    struct text text = witness_file(&self, in(place, "outside"), &buffer, &readable);
    assert_int_equal(text.len, strlen("secret"));
    free(buffer);
    buffer = NULL;
    snprintf(path, sizeof path, "/proc/%d/root/%s", (int)getpid(), in(place, "outside"));
    assert_null(witness_file(&self, path, &buffer, &readable).at);
    free(buffer);
    close(fd);
    witness_close(&self);
    procfs_close(&live);
}

/* The number of names in a directory of the machine; -1: none can be had. */
static int count_names(const char *path, bool readable)
{
    struct procfs live;
    struct witness self;
    char *buffer = NULL;
    bool could;
    int n = 0;

    open_live(&live);
    witness_open(&self, &live, "self", (uint32_t)getpid(), 0);
    struct text text = witness_names(&self, path, &buffer, &could), name;
    assert_int_equal(could, readable);
    if (!text.at)
        n = -1;
    while (text_next(&text, '\n', &name)) {
        assert_true(name.len == 200 || text_is(name, ".") || text_is(name, ".."));
        n++;
    }
    free(buffer);
    witness_close(&self);
    procfs_close(&live);
    return n;
}

/* Names that are lines, in a directory that only root can write. */
static void test_names(void **state)
{
    struct place *place = *state;
    char path[400], logs[300];
    const int all = geteuid() == 0 ? 302 : -1;

    need_openat2();
    strcpy(logs, in(place, "logs"));
    assert_int_equal(mkdir(logs, 0755), 0);
    for (int i = 0; i < 300; i++) {
        snprintf(path, sizeof path, "logs/%0200d", i);
        make(place, path, "");
    }
    make(place, "logs/two\nlines", "");
    assert_int_equal(count_names(logs, all > 0), all);
    assert_int_equal(chmod(logs, 0775), 0);
    assert_int_equal(count_names(logs, false), -1);
    assert_int_equal(chmod(logs, 01777), 0);
    assert_int_equal(count_names(logs, false), -1);
    assert_int_equal(chmod(logs, 0755), 0);
    if (all > 0) {
        assert_int_equal(chown(logs, 1001, 0), 0);
        assert_int_equal(count_names(logs, false), -1);
    }
    strcat(logs, "/none");
    assert_int_equal(count_names(logs, true), -1);
    assert_int_equal(count_names(in(place, "outside"), true), -1);
}

/* A sparse file of a gigabyte. */
static void grow(const struct place *place, const char *path)
{
    make(place, path, "start");
    assert_int_equal(truncate(in(place, path), 1 << 30), 0);
}

static void test_gigabytes(void **state)
{
    struct place *place = *state;
    char *buffer = NULL;
    bool readable;

    need_openat2();
    limit_time();
    grow(place, "77/cgroup");
    grow(place, "77/mountinfo");
    grow(place, "77/root/run/name");
    assert_in_range(witness_fact(&place->witness, FACT_CGROUP).len, 5, 1 << 20);
    assert_in_range(witness_fact(&place->witness, FACT_MOUNTS).len, 5, 1 << 20);
    assert_in_range(witness_file(&place->witness, "/run/name", &buffer, &readable).len, 5, 1 << 20);
    free(buffer);
}

/* Swaps a file and a FIFO until it is stopped. */
struct swapping {
    const struct place *place;
    atomic_bool stop;
};

static void *swap(void *argument)
{
    struct swapping *swapping = argument;
    char file[300], fifo[300];

    strcpy(file, in(swapping->place, "77/root/run/name"));
    strcpy(fifo, in(swapping->place, "77/root/run/fifo"));
    while (!atomic_load(&swapping->stop))
        syscall(SYS_renameat2, AT_FDCWD, file, AT_FDCWD, fifo, RENAME_EXCHANGE);
    return NULL;
}

/* The examined file is opened, even if its path leads elsewhere by then. inotify(7) would report an
 * opened FIFO; O_PATH opens nothing. */
static void test_swapped(void **state)
{
    struct place *place = *state;
    struct swapping swapping = {.place = place};
    unsigned seen[2] = {0};
    pthread_t thread;
    char event[4096];

    need_openat2();
    limit_time();
    make(place, "77/root/run/name", "web");
    assert_int_equal(mkfifo(in(place, "77/root/run/fifo"), 0600), 0);
    int watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    assert_true(watch >= 0);
    assert_true(inotify_add_watch(watch, in(place, "77/root/run/fifo"), IN_OPEN) >= 0);
    assert_int_equal(pthread_create(&thread, NULL, swap, &swapping), 0);
    while (seen[0] < 2000 || seen[1] < 2000) {
        char *buffer = NULL;
        bool readable;
        struct text text = witness_file(&place->witness, "/run/name", &buffer, &readable);

        seen[text.at != NULL]++;
        free(buffer);
    }
    atomic_store(&swapping.stop, true);
    pthread_join(thread, NULL);
    assert_int_equal(read(watch, event, sizeof event), -1);
    assert_int_equal(errno, EAGAIN);
    close(watch);
}

static void test_namespaces(void **state)
{
    struct place *place = *state;
    static const char *const wrong[] = {"",        "net:[]", "mnt:[12]",         "net:[12",
                                        "net:[x]", "net:12", "net:[4294967296]", "net:[1]2]"};

    assert_int_equal(mkdir(in(place, "77/ns"), 0700), 0);
    for (size_t i = 1; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(symlink(wrong[i], in(place, "77/ns/net")), 0);
        if (witness_namespace(&place->witness, "net") != 0)
            fail_msg("%s was taken", wrong[i]);
        assert_int_equal(unlink(in(place, "77/ns/net")), 0);
    }
    assert_int_equal(symlink("net:[4026531992]", in(place, "77/ns/net")), 0);
    assert_int_equal(witness_namespace(&place->witness, "net"), 4026531992U);
}

#define STATUS(PPID, NSPID)                                                                        \
    "Name:\tinit\nState:\tS (sleeping)\nTgid:\t77\nPid:\t77\nPPid:\t" PPID                         \
    "\nUid:\t0\t0\t0\t0\nNSpid:\t" NSPID "\nThreads:\t1\n"

/* The witness must be the process that was read. */
static void test_identity(void **state)
{
    struct place *place = *state;
    uint32_t nspid[] = {77, 1};
    struct nstree_process process = {.nspid = nspid, .pid = 77, .ppid = 5, .levels = 2};

    assert_false(witness_is(&place->witness, &process));
    make(place, "77/status", STATUS("5", "77\t1"));
    assert_true(witness_is(&place->witness, &process));
    make(place, "77/status", STATUS("6", "77\t1")); /* another parent: adopted since */
    assert_false(witness_is(&place->witness, &process));
    make(place, "77/status", STATUS("5", "77\t2"));
    assert_false(witness_is(&place->witness, &process));
    make(place, "77/status", STATUS("5", "77"));
    assert_false(witness_is(&place->witness, &process));
    make(place, "77/status", STATUS("5", "77\t3\t1"));
    assert_false(witness_is(&place->witness, &process));
}

/* Once a process has died, none of its files are read, even if its PID is reused. */

static void test_death(void **state)
{
    struct procfs live;
    struct witness witness;
    int pipe_fds[2];

    (void)state;
    open_live(&live);
    assert_int_equal(pipe(pipe_fds), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        char byte;

        close(pipe_fds[1]);
        _exit(read(pipe_fds[0], &byte, 1) == 0 ? 0 : 1); /* ends with its parent, too */
    }
    uint32_t nspid[] = {(uint32_t)child};
    struct nstree_process process = {.nspid = nspid,
                                     .pid = (uint32_t)child,
                                     .ppid = (uint32_t)getpid(),
                                     .uid = getuid(),
                                     .levels = 1};
    witness_open(&witness, &live, "child", (uint32_t)child, 0);
    assert_non_null(witness_fact(&witness, FACT_CGROUP).at);
    assert_true(witness_is(&witness, &process));
    close(pipe_fds[1]);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_null(witness_fact(&witness, FACT_CMDLINE).at);
    assert_false(witness_is(&witness, &process));
    close(pipe_fds[0]);
    witness_close(&witness);
    procfs_close(&live);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_plain),       TEST(test_no_such_process),
        TEST(test_fifos),       TEST(test_other_kinds_of_files),
        TEST(test_links),       TEST(test_recorded_root),
        TEST(test_magic_links), TEST(test_gigabytes),
        TEST(test_namespaces),  TEST(test_identity),
        TEST(test_death),       TEST(test_swapped),
        TEST(test_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
