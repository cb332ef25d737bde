/* SPDX-License-Identifier: MIT */
/*
 * forest SEED [--storm PID_MAX] [--cgroup DIR]: makes a random forest of PID namespaces for the
 * live tests, prints "ready", and holds it until standard input ends or it gets SIGTERM, SIGINT or
 * SIGHUP. Then it kills and reaps all that it made, and exits.
 *
 * The seed alone determines the forest: namespaces up to DEPTH_MAX deep and their members;
 * processes that joined from any level above (setns(2), then fork); children made with
 * CLONE_PARENT, also inits, whose parents are then several levels up; orphans, adopted by an init
 * or a subreaper; zombies, dead inits; other users. With --cgroup some processes are in cgroups in
 * DIR, not always in those of the other members of their namespace.
 *
 * First it makes a plan, in shared memory. Then each process makes its planned children, one at a
 * time, when the gardener (process 0 of the plan) orders it. So a seed always gives the same
 * forest. When all are born they take their final roles, and some of them die.
 *
 * With --storm the forest is in its own PID namespace with kernel.pid_max PID_MAX (Linux 6.14,
 * pid_table_root_permissions() in kernel/pid.c), its own /proc and mount namespace. A line
 * "init PID" names its init. Some processes then have short-lived children all the time, which nest
 * and join, too, so that PIDs are soon used again.
 *
 * Nothing survives: see nest.c. Every process asks for the death signal, except those whose parent
 * is to die. Every process reads from a pipe that only the first process can write to. A storm is
 * in one PID namespace.
 *
 * Exit status: 0; 1 failure; 2 wrong usage; 77 this machine does not allow it, with the reason on
 * standard error. Needs root and Linux 5.10.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "end.h"

enum {
    EXIT_FAILED = 1,
    EXIT_USAGE = 2,
    EXIT_SKIP = 77,
    PLANTS_MAX = 700,
    DEPTH_MAX = 28,
    CGROUPS_MAX = 6,
    NOBODY = 65534,
    PATIENCE = 30,      /* seconds for one process to carry out an order */
    LINGERING_MAX = 60, /* processes of a storm that stay for a while */
    BRIEF_MAX = 30,     /* processes that stay for some milliseconds */
};

/* Orders to a process. Other values are the index of a process to make. */
enum { FINISH = UINT32_MAX - 1, DIE = UINT32_MAX };

enum how { PLAIN, NAMESPACE, JOIN };

/* A process of the forest. */
struct plant {
    uint32_t maker, parent; /* differ with CLONE_PARENT */
    uint32_t place;         /* the init of its namespace; 0: the gardener's */
    uint32_t level;
    enum how how;
    uint32_t uid;
    int cgroup; /* -1: its maker's */
    bool dies, reaps, adopts, readable, storms;

    _Atomic uint32_t order; /* a futex */
    _Atomic int pid;        /* as in /proc; 0 until it is born, or if it cannot be */
};

static struct {
    struct plant plant[PLANTS_MAX];
    uint32_t n;
    uint64_t random;
    _Atomic uint32_t done; /* a futex: how many orders were carried out */
    _Atomic int lingering, brief;
} * forest; /* shared by all processes */

static bool made;       /* this is a process of the forest, not its gardener */
static int life_in;     /* a pipe that ends with the first process */
static int life_out;    /* held only by the first process */
static int signals;     /* signalfd */
static pid_t container; /* the init of a storm */
static const char *cgroup_top;
static int cgroups[CGROUPS_MAX], n_cgroups;

/* ---- Chance ---------------------------------------------------------------------------------- */

/* splitmix64 */
static uint64_t next_random(uint64_t *state)
{
    uint64_t x = *state += UINT64_C(0x9e3779b97f4a7c15);

    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

/* A value from `min` to `max`. */
static uint32_t between(uint32_t min, uint32_t max)
{
    return min + (uint32_t)(next_random(&forest->random) % (max - min + 1));
}

static bool chance(uint32_t percent)
{
    return between(0, 99) < percent;
}

/* ---- The end --------------------------------------------------------------------------------- */

static void remove_cgroups(void)
{
    char path[PATH_MAX];

    for (int i = 0; i < n_cgroups; i++) {
        snprintf(path, sizeof path, "%s/%d", cgroup_top, i);
        rmdir(path);
    }
}

/* As in nest: this process is the subreaper of orphans, and an init is reaped only after its
 * namespace is empty. So if no child is left, nothing is left. */
static void end_all(void)
{
    close(life_out);
    if (container > 0)
        kill(container, SIGKILL);
    while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
        continue;
    remove_cgroups();
}

/* Ends the first process, or the init of a storm, which ends the first. */
__attribute__((format(printf, 2, 3))) static _Noreturn void fail(int status, const char *format,
                                                                 ...)
{
    va_list args;

    fputs("forest: ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    if (getpid() != 1)
        end_all();
    exit(status);
}

static _Noreturn void fail_errno(const char *what)
{
    int status = errno == EPERM || errno == ENOSYS || errno == ENOSPC ? EXIT_SKIP : EXIT_FAILED;

    fail(status, "%s: %s", what, strerror(errno));
}

/* ---- The plan -------------------------------------------------------------------------------- */

static bool is_init(uint32_t i)
{
    return forest->plant[i].place == i;
}

/* Whether namespace `above` is an ancestor of `below`; both by their inits. */
static bool contains(uint32_t above, uint32_t below)
{
    while (forest->plant[below].level > forest->plant[above].level)
        below = forest->plant[forest->plant[below].maker].place;
    return below == above;
}

/* A member planned in a namespace. There is at least its init. */
static uint32_t some_member(uint32_t place, uint32_t n)
{
    uint32_t start = between(0, n - 1);

    for (uint32_t i = 0; i < n; i++) {
        if (forest->plant[(start + i) % n].place == place)
            return (start + i) % n;
    }
    return place;
}

/* A process joins a namespace from any namespace above it. */
static void plan_join(uint32_t i, struct plant *plant)
{
    uint32_t target = forest->plant[between(0, i - 1)].place, above = target;

    if (target == 0)
        return;
    for (uint32_t up = between(1, forest->plant[target].level); up > 0; up--)
        above = forest->plant[forest->plant[above].maker].place;
    plant->how = JOIN;
    plant->maker = some_member(above, i);
    plant->place = target;
    plant->level = forest->plant[target].level;
}

/* Often a member of the youngest namespace makes the next, so that chains get long. */
static void plan_namespace(uint32_t i, struct plant *plant, uint32_t depth, bool deep)
{
    uint32_t youngest = i - 1;

    while (!is_init(youngest))
        youngest--;
    if (deep)
        plant->maker = some_member(youngest, i);
    if (forest->plant[plant->maker].level >= depth)
        return;
    plant->how = NAMESPACE;
    plant->place = i;
    plant->level = forest->plant[plant->maker].level + 1;
}

/* An init cannot make siblings (copy_process() in kernel/fork.c). If the maker joined from outside,
 * the parent of a new init can be outside, too. */
static void plan_parent(struct plant *plant)
{
    const struct plant *maker = &forest->plant[plant->maker];
    bool siblings = !is_init(plant->maker) && chance(maker->how == JOIN ? 40 : 10);

    plant->parent = siblings ? maker->parent : plant->maker;
}

static void plan_fate(uint32_t i, struct plant *plant, bool storm)
{
    static const uint32_t users[] = {0, 0, 0, 1001, 1002, NOBODY, NOBODY};

    plant->dies = chance(is_init(i) ? 3 : 14);
    plant->adopts = chance(15);
    /* Else the zombies of a storm would use up all PIDs. */
    plant->reaps = chance(50) || (storm && (is_init(i) || plant->adopts));
    plant->uid = users[between(0, sizeof users / sizeof *users - 1)];
    plant->readable = chance(70);
    plant->cgroup = (int)between(0, CGROUPS_MAX - 1);
    if (!chance(plant->how == PLAIN ? 2 : 40))
        plant->cgroup = -1;
}

static void plan_one(uint32_t i, uint32_t depth, uint32_t nesting, bool deep, bool storm)
{
    struct plant *plant = &forest->plant[i];
    uint32_t maker = between(0, i - 1), what = between(0, 99);

    *plant = (struct plant){.maker = maker,
                            .place = forest->plant[maker].place,
                            .level = forest->plant[maker].level,
                            .cgroup = -1};
    if (what < nesting)
        plan_namespace(i, plant, depth, deep && chance(60));
    else if (what < nesting + 25)
        plan_join(i, plant);
    plan_parent(plant);
    plan_fate(i, plant, storm);
}

/* Some long-lived processes make the storm, also in inner namespaces. */
static void plan_storm(void)
{
    for (uint32_t workers = between(4, 8); workers > 0; workers--) {
        struct plant *plant = &forest->plant[between(1, forest->n - 1)];

        plant->storms = !plant->dies;
        plant->uid = 0;
        plant->reaps = false;
    }
}

static void plan_forest(uint64_t seed, bool storm)
{
    uint32_t size, depth, nesting = between(20, 45);

    forest->random = seed * 2 + storm;
    size = between(1, 100);
    if (storm)
        forest->n = between(30, 110);
    else
        forest->n = size <= 85 ? between(30, 200) : between(200, PLANTS_MAX);
    size = between(1, 100);
    depth = size <= 60 ? between(2, 6) : size <= 85 ? between(7, 14) : between(20, DEPTH_MAX);
    if (storm && chance(70)) /* so PIDs are used again at the same level more often */
        depth = between(1, 2);
    forest->plant[0] = (struct plant){.cgroup = -1};
    for (uint32_t i = 1; i < forest->n; i++)
        plan_one(i, depth, nesting, depth > 6, storm);
    if (storm)
        plan_storm();
}

/* ---- Processes ------------------------------------------------------------------------------- */

static void wake(_Atomic uint32_t *word)
{
    syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

static void report_done(void)
{
    atomic_fetch_add(&forest->done, 1);
    wake(&forest->done);
}

/* Waits until a shared word changes. */
static void await_change(_Atomic uint32_t *word, uint32_t old)
{
    const struct timespec second = {.tv_sec = 1};

    for (unsigned waited = 0; atomic_load(word) == old;) {
        if (syscall(SYS_futex, word, FUTEX_WAIT, old, &second, NULL, 0) != 0 && errno == ETIMEDOUT)
            waited++;
        if (life_ended(life_in, 0))
            _exit(0);
        if (!made && waited > PATIENCE)
            fail(EXIT_FAILED, "a process of the forest does not answer");
    }
}

/* Like fork(2), with flags of clone3(2). These are the first members of its struct. */
static pid_t clone_with(uint64_t flags)
{
    struct {
        uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
    } args = {.flags = flags, .exit_signal = (flags & CLONE_PARENT) != 0 ? 0 : SIGCHLD};
    pid_t pid = (pid_t)syscall(SYS_clone3, &args, sizeof args);

    if (pid == 0)
        prctl(PR_SET_PDEATHSIG, SIGKILL);
    return pid;
}

/* The first generation closes the descriptors of the gardener. */
static void leave_gardener(void)
{
    take_life(life_in);
    life_in = LIFE;
    if (life_out >= 0)
        close(life_out);
    close(signals);
    made = true;
}

/* Later children are born in the namespace of that process. "self": in the caller's own. */
static bool enter(const char *process)
{
    char path[64];
    int fd;
    bool entered;

    snprintf(path, sizeof path, "/proc/%s/ns/pid", process);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    entered = fd >= 0 && setns(fd, CLONE_NEWPID) == 0;
    if (fd >= 0)
        close(fd);
    return entered;
}

static bool enter_plant(uint32_t i)
{
    char number[16];

    snprintf(number, sizeof number, "%d", atomic_load(&forest->plant[i].pid));
    return enter(number);
}

/* The PID of this process in the PID namespace of /proc (proc_self_get_link() in
 * fs/proc/self.c). */
static int own_pid(void)
{
    char text[16] = "";

    return readlink("/proc/self", text, sizeof text - 1) < 0 ? 0 : atoi(text);
}

/* ---- Storm ----------------------------------------------------------------------------------- */

/* Lives for some milliseconds. */
static _Noreturn void linger(uint64_t *random, _Atomic int *count, uint32_t least, uint32_t most)
{
    life_ended(life_in, (int)(least + next_random(random) % (most - least)));
    atomic_fetch_sub(count, 1);
    _exit(0);
}

/* Takes a PID that was used before. If there are many such processes, only for a moment. */
static void gust_brief(uint64_t *random)
{
    bool many = atomic_fetch_add(&forest->brief, 1) >= BRIEF_MAX;
    pid_t pid = clone_with(0);

    if (pid == 0)
        linger(random, &forest->brief, 0, many ? 1 : 15);
    if (pid < 0)
        atomic_fetch_sub(&forest->brief, 1);
}

/* A short-lived child whose own children stay as orphans. */
static void gust_orphans(uint64_t *random)
{
    pid_t pid;

    if (atomic_fetch_add(&forest->lingering, 1) >= LINGERING_MAX || (pid = clone_with(0)) < 0) {
        atomic_fetch_sub(&forest->lingering, 1);
        return;
    }
    if (pid > 0)
        return;
    prctl(PR_SET_PDEATHSIG, 0);
    *random ^= (uint64_t)own_pid() << 32;
    for (uint64_t n = 1 + next_random(random) % 4; n > 0; n--) {
        /* Meanwhile PIDs wrap around: else parents have smaller ones, and are read first. */
        life_ended(life_in, (int)(next_random(random) % 20));
        atomic_fetch_add(&forest->lingering, 1);
        pid = clone_with(0);
        if (pid == 0) {
            prctl(PR_SET_PDEATHSIG, 0);
            linger(random, &forest->lingering, 100, 500);
        }
        if (pid < 0)
            atomic_fetch_sub(&forest->lingering, 1);
    }
    linger(random, &forest->lingering, 0, 150);
}

/* A short-lived namespace with a member and another namespace in it. */
static void gust_namespace(void)
{
    pid_t pid = clone_with(CLONE_NEWPID);

    if (pid > 0)
        waitpid(pid, NULL, 0);
    if (pid != 0)
        return;
    if (clone_with(0) == 0)
        _exit(0);
    if (clone_with(CLONE_NEWPID) == 0)
        _exit(0);
    while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
        continue;
    _exit(0);
}

/* A process in a namespace below this one. */
static void gust_join(uint32_t me, uint64_t *random)
{
    uint32_t other = (uint32_t)(next_random(random) % forest->n);
    uint32_t place = forest->plant[other].place;

    if (!contains(forest->plant[me].place, place) || atomic_load(&forest->plant[place].pid) <= 0 ||
        !enter_plant(place))
        return;
    if (next_random(random) % 2 == 0)
        gust_orphans(random);
    else
        gust_brief(random);
    enter("self");
}

/* Makes short-lived children as fast as possible. Failures are ignored: PIDs can run out. */
static _Noreturn void storm(uint32_t me)
{
    uint64_t random = me * UINT64_C(0x9e3779b9);

    nice(5); /* so that the tested program gets its turn */
    while (!life_ended(life_in, 0)) {
        uint64_t what = next_random(&random) % 16;

        if (what == 0)
            gust_namespace();
        else if (what < 11)
            gust_join(me, &random);
        else if (what < 13)
            gust_orphans(&random);
        else
            gust_brief(&random);
        /* Not always, so that there are zombies. */
        while (next_random(&random) % 16 != 0 && waitpid(-1, NULL, WNOHANG) > 0)
            continue;
    }
    _exit(0);
}

/* ---- Growing --------------------------------------------------------------------------------- */

static void take_uid(const struct plant *plant)
{
    if (plant->uid == 0)
        return;
    if (setgroups(0, NULL) != 0 || setresgid(plant->uid, plant->uid, plant->uid) != 0 ||
        setresuid(plant->uid, plant->uid, plant->uid) != 0)
        _exit(EXIT_FAILED);
    /* If 0, not even its user may read its links, proc_pid_get_link() in fs/proc/base.c. */
    prctl(PR_SET_DUMPABLE, plant->readable ? 1 : 0);
}

/* Takes its final role. It has no more processes to make. */
static void finish(uint32_t me)
{
    const struct plant *plant = &forest->plant[me];

    if (plant->adopts)
        prctl(PR_SET_CHILD_SUBREAPER, 1);
    signal(SIGCHLD, plant->reaps ? SIG_IGN : SIG_DFL);
    take_uid(plant);
    /* The change of user has reset it. */
    prctl(PR_SET_PDEATHSIG, forest->plant[plant->parent].dies ? 0 : SIGKILL);
    report_done();
    if (plant->storms)
        storm(me);
    if (!plant->dies)
        hold_on(life_in);
}

static _Noreturn void grow_as(uint32_t me);

/* Makes process `i` of the plan, or leaves it out if that fails. */
static void make_one(uint32_t i)
{
    const struct plant *plant = &forest->plant[i];
    uint64_t flags = (plant->how == NAMESPACE ? CLONE_NEWPID : 0U) |
                     (plant->parent != plant->maker ? CLONE_PARENT : 0U);
    bool joined = plant->how == JOIN && enter_plant(plant->place);
    pid_t pid = plant->how == JOIN && !joined ? -1 : clone_with(flags);

    if (pid == 0)
        grow_as(i);
    if (joined)
        enter("self");
    if (pid < 0)
        report_done();
}

static _Noreturn void grow_as(uint32_t me)
{
    struct plant *plant = &forest->plant[me];
    char name[16];
    uint32_t order = 0;

    if (!made)
        leave_gardener();
    snprintf(name, sizeof name, "forest-%u", me);
    prctl(PR_SET_NAME, name);
    if (n_cgroups > 0 && plant->cgroup >= 0 && write(cgroups[plant->cgroup], "0", 1) < 0)
        plant->cgroup = -1;
    atomic_store(&plant->pid, own_pid());
    report_done();
    for (;;) {
        await_change(&plant->order, order);
        order = atomic_load(&plant->order);
        if (order == DIE)
            _exit(0);
        if (order == FINISH)
            finish(me);
        else
            make_one(order);
    }
}

static void give_order(uint32_t i, uint32_t order)
{
    atomic_store(&forest->plant[i].order, order);
    wake(&forest->plant[i].order);
}

static bool is_born(uint32_t i)
{
    return i == 0 || atomic_load(&forest->plant[i].pid) > 0;
}

static uint32_t make_all(void)
{
    uint32_t born = 0;

    for (uint32_t i = 1; i < forest->n; i++) {
        const struct plant *plant = &forest->plant[i];
        uint32_t before = atomic_load(&forest->done);

        if (!is_born(plant->maker) || (plant->how == JOIN && !is_born(plant->place)))
            continue;
        if (plant->maker == 0)
            make_one(i);
        else
            give_order(plant->maker, i);
        await_change(&forest->done, before);
        born += is_born(i);
    }
    return born;
}

static void finish_all(uint32_t born)
{
    uint32_t before = atomic_load(&forest->done);

    for (uint32_t i = 1; i < forest->n; i++) {
        if (is_born(i))
            give_order(i, FINISH);
    }
    for (uint32_t now = before; now - before < born; now = atomic_load(&forest->done))
        await_change(&forest->done, now);
}

/* An init ends only when its namespace is empty (zap_pid_ns_processes() in kernel/pid_namespace.c).
 * If a parent outside never reaps a zombie in it, that is never. So inits are only waited for
 * briefly. */
static void let_die(bool inits)
{
    for (uint32_t i = 1; i < forest->n; i++) {
        struct pollfd end = {.events = POLLIN};

        if (!forest->plant[i].dies || !is_born(i) || is_init(i) != inits)
            continue;
        end.fd = (int)syscall(SYS_pidfd_open, atomic_load(&forest->plant[i].pid), 0);
        give_order(i, DIE);
        if (end.fd >= 0) {
            poll(&end, 1, inits ? 20 : PATIENCE * 1000);
            close(end.fd);
        }
    }
}

static void grow(void)
{
    uint32_t born;

    atomic_store(&forest->plant[0].pid, own_pid());
    born = make_all();
    if (born < forest->n / 2)
        fail(EXIT_SKIP,
             "only %u of %u processes could be made (not root, or deep in PID namespaces?)", born,
             forest->n);
    finish_all(born);
    let_die(false);
    let_die(true);
}

/* ---- The namespace of a storm ---------------------------------------------------------------- */

static const char pid_max_path[] = "/proc/sys/kernel/pid_max";

static int read_pid_max(void)
{
    FILE *file = fopen(pid_max_path, "re");
    int value = 0;

    if (file == NULL || fscanf(file, "%d", &value) != 1)
        fail_errno(pid_max_path);
    fclose(file);
    return value;
}

static bool write_pid_max(int value)
{
    int fd = open(pid_max_path, O_WRONLY | O_CLOEXEC);
    bool written = fd >= 0 && dprintf(fd, "%d\n", value) > 0;

    if (fd >= 0)
        close(fd);
    return written;
}

/* Proves with a harmless change that a new namespace has its own kernel.pid_max. */
static void check_pid_max(void)
{
    int before = read_pid_max();
    pid_t pid = clone_with(CLONE_NEWPID);

    if (pid < 0)
        fail_errno("clone3 with CLONE_NEWPID");
    if (pid == 0)
        _exit(!write_pid_max(before - 1));
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    if (read_pid_max() == before)
        return;
    write_pid_max(before);
    fail(EXIT_SKIP, "PID namespaces have no kernel.pid_max of their own (Linux 6.14)");
}

/* The init is the gardener, and reaps. It has no standard input, but standard error. */
static _Noreturn void grow_storm(int pid_max, int ready)
{
    close(life_out);
    life_out = -1;
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("proc", "/proc", "proc", 0, NULL) != 0)
        fail_errno("/proc of a new PID namespace");
    if (!write_pid_max(pid_max))
        fail_errno(pid_max_path);
    grow();
    signal(SIGCHLD, SIG_IGN);
    while (waitpid(-1, NULL, WNOHANG) > 0)
        continue;
    if (write(ready, "", 1) != 1)
        _exit(EXIT_FAILED);
    dup2(life_in, STDOUT_FILENO);
    dup2(life_in, STDERR_FILENO);
    close(ready);
    hold_on(life_in);
}

static void start_storm(int pid_max)
{
    int ready[2], status = EXIT_FAILED;
    char byte;

    check_pid_max();
    if (pipe2(ready, O_CLOEXEC) != 0)
        fail_errno("pipe2");
    container = clone_with(CLONE_NEWPID | CLONE_NEWNS);
    if (container < 0)
        fail_errno("clone3 with CLONE_NEWPID");
    if (container == 0) {
        close(ready[0]);
        grow_storm(pid_max, ready[1]);
    }
    close(ready[1]);
    if (read(ready[0], &byte, 1) != 1) {
        waitpid(container, &status, 0);
        exit(WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILED);
    }
    close(ready[0]);
    printf("init %d\n", (int)container);
}

/* ---- main ------------------------------------------------------------------------------------ */

static void make_cgroups(const char *top)
{
    char path[PATH_MAX];

    cgroup_top = top;
    for (n_cgroups = 0; n_cgroups < CGROUPS_MAX; n_cgroups++) {
        snprintf(path, sizeof path, "%s/%d", top, n_cgroups);
        if (mkdir(path, 0755) != 0)
            fail_errno(path);
        snprintf(path, sizeof path, "%s/%d/cgroup.procs", top, n_cgroups);
        cgroups[n_cgroups] = open(path, O_WRONLY | O_CLOEXEC);
        if (cgroups[n_cgroups] < 0)
            fail_errno(path);
    }
}

static void open_channels(void)
{
    int life[2];

    signals = block_signals();
    if (signals < 0 || pipe2(life, O_CLOEXEC) != 0)
        fail_errno("signalfd or pipe2");
    life_in = life[0];
    life_out = life[1];
}

static _Noreturn void usage(void)
{
    fputs("usage: forest SEED [--storm PID_MAX] [--cgroup DIR]\n", stderr);
    exit(EXIT_USAGE);
}

int main(int argc, char **argv)
{
    const char *storm_max = NULL;

    if (argc < 2 || argc % 2 != 0)
        usage();
    close_others();
    open_channels();
    forest = mmap(NULL, sizeof *forest, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (forest == MAP_FAILED || prctl(PR_SET_CHILD_SUBREAPER, 1) != 0)
        fail_errno("mmap or PR_SET_CHILD_SUBREAPER");
    for (int i = 2; i < argc; i += 2) {
        if (strcmp(argv[i], "--storm") == 0)
            storm_max = argv[i + 1];
        else if (strcmp(argv[i], "--cgroup") == 0)
            make_cgroups(argv[i + 1]);
        else
            usage();
    }
    plan_forest(strtoull(argv[1], NULL, 10), storm_max != NULL);
    if (storm_max != NULL)
        start_storm(atoi(storm_max));
    else
        grow();
    puts("ready");
    if (fflush(stdout) != 0)
        fail_errno("standard output");
    await_end(signals);
    end_all();
    return 0;
}
