/* SPDX-License-Identifier: MIT */
/*
 * nest: makes real processes in real PID namespaces for the live tests. Prints what it made, then
 * "ready", and holds everything until standard input ends or it gets SIGTERM, SIGINT or SIGHUP.
 * Then it kills and reaps all that it made, and exits.
 *
 * Why a C program and not unshare(1): tests need shapes that no tool makes (an init whose parent is
 * two levels up, a dead init, given PIDs at every level), need to know when they are there, and
 * must always clean up.
 *
 * Nothing survives, for three independent reasons. Every process asks for SIGKILL when its parent
 * dies (PR_SET_PDEATHSIG). The death of an init kills its namespace. And every process waits in
 * read(2) on a pipe that only nest can write to: if its parent died before it could ask for the
 * signal, it sees the end of that pipe. (getppid(2) does not show this: it is 0 for every parent
 * outside the namespace, dead or alive.) If nest itself is killed, the system's init has to reap
 * the dead. Until then they are zombies, and an init whose namespace was entered from outside
 * cannot finish dying.
 *
 * Output, one line for each process and each namespace, PIDs as in nest's own PID namespace:
 *     proc PID COMMAND ROLE [DETAIL]
 *     ns INODE COMMAND ROLE [DETAIL] PID      PID is its init, or its keeper; INODE can be "-"
 *     ready
 * The lines are in no particular order, and only valid if "ready" follows. A dead child of nest
 * stays a zombie until the end, also if the test killed it.
 *
 * Nest learns these PIDs from the credentials of a Unix socket, which the kernel translates from
 * one PID namespace to another. So /proc may belong to nest's namespace or to any above it.
 *
 * Exit status: 0; 1 failure; 2 wrong usage; 77 this machine does not allow it, with the reason on
 * standard error. Needs root and Linux 5.10.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "end.h"

#define GET_PARENT _IO(0xb7, 0x2) /* NS_GET_PARENT, ioctl_nsfs(2) */

enum {
    EXIT_FAILED = 1,
    EXIT_USAGE = 2,
    EXIT_SKIP = 77,
    LEVELS_MAX = 32, /* PID namespaces below the initial one, pid_namespaces(7) */
    NAME_SIZE = 16,  /* comm with its NUL, prctl(2) */
    TEXT_SIZE = 512, /* one report */
    WATCHDOG = 60,   /* seconds without any report that count as a failure */
};

/* struct clone_args up to set_tid_size, clone(2). */
struct clone3_arguments {
    uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
    uint64_t set_tid, set_tid_size;
};

/* PIDs that a process is to get, innermost first as in clone3. */
struct pids {
    pid_t pid[LEVELS_MAX + 1];
    unsigned n;
};

static struct {
    bool made;    /* this is a process that nest made, not nest */
    int life_in;  /* a pipe that ends with nest; in a made process it is LIFE */
    int life_out; /* held only by nest */
    int inbox;    /* receives reports; held only by nest */
    int outbox;   /* sends reports */
    int signals;  /* signalfd */
    pid_t *child; /* nest's own children, not reaped before the end */
    size_t n_children, room;
} nest;

/* ---- The end --------------------------------------------------------------------------------- */

/* Kills and reaps everything. nest is the subreaper of orphans, and an init is reaped only after
 * its namespace is empty. So if no child is left, nothing is left. */
static void end_all(void)
{
    for (size_t i = 0; i < nest.n_children; i++)
        kill(nest.child[i], SIGKILL);
    close(nest.life_out);
    while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
        continue;
}

/* Ends nest with a message. A made process sends nest a report that ends it. */
__attribute__((format(printf, 2, 3))) static _Noreturn void fail(int status, const char *format,
                                                                 ...)
{
    char text[TEXT_SIZE];
    va_list args;
    int start = nest.made ? snprintf(text, sizeof text, "error %d ", status) : 0;

    va_start(args, format);
    vsnprintf(text + start, sizeof text - (size_t)start, format, args);
    va_end(args);
    if (nest.made) {
        send(nest.outbox, text, strlen(text), MSG_NOSIGNAL);
        _exit(status);
    }
    fflush(stdout);
    fprintf(stderr, "nest: %s\n", text);
    end_all();
    exit(status);
}

static _Noreturn void fail_errno(const char *what)
{
    int status = errno == EPERM || errno == ENOSYS ? EXIT_SKIP : EXIT_FAILED;

    fail(status, "%s: %s", what, strerror(errno));
}

/* ---- Processes ------------------------------------------------------------------------------- */

/* The first generation closes the descriptors of nest, above all the writing end of the pipe. */
static void leave_nest(void)
{
    take_life(nest.life_in);
    close(nest.life_out);
    close(nest.inbox);
    close(nest.signals);
    nest.made = true;
}

static void remember(pid_t pid)
{
    if (nest.n_children == nest.room) {
        size_t room = nest.room == 0 ? 64 : nest.room * 2;
        pid_t *child = realloc(nest.child, room * sizeof *child);

        if (child == NULL) {
            kill(pid, SIGKILL);
            fail(EXIT_FAILED, "out of memory");
        }
        nest.child = child;
        nest.room = room;
    }
    nest.child[nest.n_children++] = pid;
}

static pid_t clone3_call(uint64_t flags, const struct pids *pids)
{
    struct clone3_arguments args = {
        .flags = flags,
        /* With CLONE_PARENT the kernel uses the caller's, and refuses any other. */
        .exit_signal = (flags & CLONE_PARENT) != 0 ? 0 : SIGCHLD,
    };

    if (pids != NULL) {
        args.set_tid = (uint64_t)(uintptr_t)pids->pid;
        args.set_tid_size = pids->n;
    }
    return (pid_t)syscall(SYS_clone3, &args, sizeof args);
}

/* Like fork(2), with the flags and PIDs of clone3(2). */
static pid_t try_spawn(uint64_t flags, const struct pids *pids)
{
    /* fork() where possible: threads need the libc to know of it. */
    pid_t pid = flags == 0 && pids == NULL ? fork() : clone3_call(flags, pids);

    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (!nest.made)
            leave_nest();
    } else if (pid > 0 && !nest.made) {
        remember(pid);
    }
    return pid;
}

static pid_t spawn(uint64_t flags)
{
    pid_t pid = try_spawn(flags, NULL);

    if (pid < 0 && errno == ENOSPC)
        fail(EXIT_SKIP,
             "clone3: no further PID namespace: they end %d levels below the initial one"
             " (is nest itself in a nested one?) or at user.max_pid_namespaces",
             LEVELS_MAX);
    if (pid < 0)
        fail_errno((flags & CLONE_NEWPID) != 0 ? "clone3 with CLONE_NEWPID" : "fork");
    return pid;
}

/* Later children of this thread are born in the namespace of that process. */
static void enter(pid_t pid)
{
    int fd = (int)syscall(SYS_pidfd_open, pid, 0);

    if (fd < 0)
        fail_errno("pidfd_open");
    if (setns(fd, CLONE_NEWPID) != 0)
        fail_errno("setns");
    close(fd);
}

static void go_home(void)
{
    enter(getpid());
}

/* Waits for the death of a child, and leaves it a zombie. */
static void await_death(pid_t pid)
{
    siginfo_t info;

    while (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) != 0) {
        if (errno != EINTR)
            fail_errno("waitid");
    }
}

static void set_name(const char *name)
{
    prctl(PR_SET_NAME, name);
}

/* Does nothing until nest is gone. */
static _Noreturn void hold(void)
{
    hold_on(LIFE);
}

/* ---- Reports --------------------------------------------------------------------------------- */

/* Sends lines for nest to print. nest replaces each "@" by the PID of this process. */
__attribute__((format(printf, 1, 2))) static void report(const char *format, ...)
{
    char text[TEXT_SIZE];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    while (send(nest.outbox, text, strlen(text), MSG_NOSIGNAL) < 0) {
        if (errno != EINTR)
            _exit(EXIT_FAILED);
    }
}

/* The inode of a namespace file in decimal, or "-". */
static const char *inode_text(const char *path, char text[static 24])
{
    struct stat st;

    if (stat(path, &st) == 0)
        snprintf(text, 24, "%llu", (unsigned long long)st.st_ino);
    else
        strcpy(text, "-");
    return text;
}

static void report_init(const char *command, const char *role)
{
    char inode[24];

    inode_text("/proc/self/ns/pid", inode);
    report("proc @ %s %s\nns %s %s %s @\n", command, role, inode, command, role);
}

static _Noreturn void hold_as_init(const char *command, const char *role)
{
    set_name("nest-init");
    report_init(command, role);
    hold();
}

static _Noreturn void hold_as(const char *name, const char *command, const char *role)
{
    set_name(name);
    report("proc @ %s %s\n", command, role);
    hold();
}

/* Receives one report: its text, NUL-terminated, and the PID of the sender in this namespace. */
static pid_t receive(char text[static TEXT_SIZE])
{
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(struct ucred))];
    } control;
    struct iovec data = {.iov_base = text, .iov_len = TEXT_SIZE - 1};
    struct msghdr message = {.msg_iov = &data,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control};
    struct ucred sender;
    ssize_t length;

    do
        length = recvmsg(nest.inbox, &message, 0);
    while (length < 0 && errno == EINTR);
    if (length < 0 && errno == EAGAIN)
        fail(EXIT_FAILED, "a made process did not report within %d s", WATCHDOG);
    if (length < 0 || CMSG_FIRSTHDR(&message) == NULL)
        fail_errno("recvmsg");
    text[length] = '\0';
    memcpy(&sender, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof sender);
    return sender.pid;
}

static void print_report(const char *text, pid_t pid)
{
    for (; *text != '\0'; text++) {
        if (*text == '@')
            printf("%d", (int)pid);
        else
            putchar(*text);
    }
}

/* Prints that many reports. Returns the PID of the process with this command and role. */
static pid_t await_reports(size_t due, const char *wanted)
{
    static const char prefix[] = "proc @ ";
    char text[TEXT_SIZE];
    pid_t found = 0;

    for (size_t i = 0; i < due; i++) {
        pid_t pid = receive(text);
        size_t length = strlen(wanted);

        if (strncmp(text, "error ", 6) == 0) {
            char *message;
            int status = (int)strtol(text + 6, &message, 10);

            fail(status, "%s", message + 1);
        }
        print_report(text, pid);
        if (strncmp(text, prefix, sizeof prefix - 1) == 0 &&
            strncmp(text + sizeof prefix - 1, wanted, length) == 0 &&
            text[sizeof prefix - 1 + length] == '\n')
            found = pid;
    }
    return found;
}

/* ---- Arguments ------------------------------------------------------------------------------- */

static unsigned parse_number(const char *text, unsigned min, unsigned max)
{
    char *end;
    unsigned long value;

    errno = 0;
    value = strtoul(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || value < min || value > max)
        fail(EXIT_USAGE, "%s: not a number from %u to %u", text, min, max);
    return (unsigned)value;
}

static unsigned next_number(char ***args, const char *what, unsigned min, unsigned max)
{
    if (**args == NULL)
        fail(EXIT_USAGE, "%s is missing", what);
    return parse_number(*(*args)++, min, max);
}

/* Parses "a,b,c", outermost first as in NSpid, into the order of clone3. */
static void parse_pids(char *list, struct pids *out)
{
    struct pids given = {.n = 0};

    for (char *item = strtok(list, ","); item != NULL; item = strtok(NULL, ",")) {
        if (given.n == LEVELS_MAX + 1)
            fail(EXIT_USAGE, "--pids: more than %d", LEVELS_MAX + 1);
        given.pid[given.n++] = (pid_t)parse_number(item, 1, 4194303);
    }
    out->n = given.n;
    for (unsigned i = 0; i < given.n; i++)
        out->pid[i] = given.pid[given.n - 1 - i];
}

/* ---- chain N [--pids A,B,...]: nested namespaces, an init in each, a sleeper innermost ------- */

static void spawn_sleeper(const struct pids *pids, const char *role)
{
    pid_t pid;

    if (pids == NULL) {
        pid = spawn(0);
    } else {
        pid = try_spawn(0, pids);
        if (pid < 0)
            fail(EXIT_SKIP, "clone3 with set_tid: %s%s", strerror(errno),
                 errno == EINVAL   ? " (a PID above kernel.pid_max?)"
                 : errno == EEXIST ? " (one of the PIDs is in use)"
                                   : "");
    }
    if (pid == 0)
        hold_as("nest-sleeper", "chain", role);
}

/* Makes the namespaces of `level` to `depth`, each init the parent of the next. */
static void spawn_chain(const char *command, unsigned level, unsigned depth, bool sleeper,
                        const struct pids *pids)
{
    char role[32];

    if (spawn(CLONE_NEWPID) > 0)
        return;
    if (level < depth) {
        spawn_chain(command, level + 1, depth, sleeper, pids);
    } else if (sleeper) {
        snprintf(role, sizeof role, "sleeper %u", level);
        spawn_sleeper(pids, role);
    }
    snprintf(role, sizeof role, "init %u", level);
    hold_as_init(command, role);
}

static void make_chain(char ***args)
{
    unsigned depth = next_number(args, "chain: N", 1, LEVELS_MAX);
    struct pids pids = {.n = 0};

    if (**args != NULL && strcmp(**args, "--pids") == 0) {
        if (*++*args == NULL)
            fail(EXIT_USAGE, "--pids: the list is missing");
        parse_pids(*(*args)++, &pids);
        if (pids.n != depth + 1)
            fail(EXIT_USAGE, "--pids: chain %u needs %u PIDs", depth, depth + 1);
    }
    spawn_chain("chain", 1, depth, true, pids.n > 0 ? &pids : NULL);
    await_reports(depth + 1, "");
}

/* ---- siblings N M: sibling namespaces, M members each ---------------------------------------- */

static _Noreturn void hold_sibling(const char *command, unsigned number, unsigned members)
{
    char role[32];

    snprintf(role, sizeof role, "member %u", number);
    for (unsigned i = 1; i < members; i++) {
        if (spawn(0) == 0)
            hold_as("nest-member", command, role);
    }
    snprintf(role, sizeof role, "init %u", number);
    hold_as_init(command, role);
}

static void spawn_siblings(const char *command, unsigned count, unsigned members)
{
    for (unsigned i = 1; i <= count; i++) {
        if (spawn(CLONE_NEWPID) == 0)
            hold_sibling(command, i, members);
    }
}

static void make_siblings(char ***args)
{
    unsigned count = next_number(args, "siblings: N", 1, 1000000);
    unsigned members = next_number(args, "siblings: M", 1, 1000000);

    spawn_siblings("siblings", count, members);
    await_reports((size_t)count * members, "");
}

/* ---- crowd P S M: P plain processes, and S siblings with M members each ---------------------- */

static void make_crowd(char ***args)
{
    unsigned plain = next_number(args, "crowd: P", 0, 1000000);
    unsigned count = next_number(args, "crowd: S", 0, 1000000);
    unsigned members = next_number(args, "crowd: M", 1, 1000000);

    spawn_siblings("crowd", count, members);
    for (unsigned i = 0; i < plain; i++) {
        if (spawn(0) == 0)
            hold_as("nest-plain", "crowd", "plain");
    }
    await_reports(plain + (size_t)count * members, "");
}

/* ---- twoup: an init whose parent is two levels up -------------------------------------------- */

/* A descriptor for the namespace of a process, without its PID in /proc. */
static int namespace_of(pid_t pid)
{
    int fd;

    enter(pid);
    fd = open("/proc/self/ns/pid_for_children", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        fail_errno("/proc/self/ns/pid_for_children");
    go_home();
    return fd;
}

/* Proves with NS_GET_PARENT that one process's namespace is the parent of the other's. */
static void check_parent(pid_t parent, pid_t child)
{
    struct stat expected, actual;
    int outer = namespace_of(parent);
    int inner = namespace_of(child);
    int above = ioctl(inner, GET_PARENT);

    if (above < 0)
        fail_errno("NS_GET_PARENT");
    if (fstat(outer, &expected) != 0 || fstat(above, &actual) != 0)
        fail_errno("fstat");
    if (expected.st_ino != actual.st_ino)
        fail(EXIT_FAILED, "twoup: the new namespace is not below the one that was entered");
    close(above);
    close(inner);
    close(outer);
}

/*
 * Namespace "outer" gets a member whose parent is nest, since nest forked it. That member creates a
 * namespace: below its own, as always. But with CLONE_PARENT the new init is a child of nest, too.
 * Now only the kernel knows that this namespace is below "outer".
 */
static void make_twoup(char ***args)
{
    pid_t outer, init;

    (void)args;
    if (spawn(CLONE_NEWPID) == 0)
        hold_as_init("twoup", "outer");
    outer = await_reports(1, "twoup outer");
    enter(outer);
    if (spawn(0) == 0) {
        if (spawn(CLONE_NEWPID | CLONE_PARENT) == 0)
            hold_as_init("twoup", "init");
        hold_as("nest-creator", "twoup", "creator");
    }
    go_home();
    init = await_reports(2, "twoup init");
    remember(init);
    check_parent(outer, init);
}

/* ---- joined: processes that entered from one and from two levels up -------------------------- */

static void make_joined(char ***args)
{
    pid_t inner;

    (void)args;
    spawn_chain("joined", 1, 2, false, NULL);
    inner = await_reports(2, "joined init 2");
    enter(nest.child[nest.n_children - 1]); /* the init of level 1 */
    if (spawn(0) == 0)
        hold_as("nest-entered", "joined", "entered 1");
    enter(inner);
    if (spawn(0) == 0)
        hold_as("nest-entered", "joined", "entered 2");
    go_home();
    await_reports(2, "");
}

/* ---- zombies: a dead member, a dead init, a dead main thread --------------------------------- */

/* The state of this process's main thread. A zombie also if it cannot be read. */
static bool leader_is_dead(void)
{
    char line[1024] = "";
    FILE *file = fopen("/proc/self/stat", "re");
    const char *name_end;

    if (file == NULL)
        return true;
    if (fgets(line, sizeof line, file) == NULL)
        line[0] = '\0';
    fclose(file);
    name_end = strrchr(line, ')');
    return name_end != NULL && strncmp(name_end, ") Z", 3) == 0;
}

static void *outlive_leader(void *unused)
{
    (void)unused;
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* a thread does not inherit it */
    /* There is no event for the death of a main thread. */
    while (!leader_is_dead() && !life_ended(LIFE, 0))
        sched_yield();
    report("proc @ zombies leaderless\n");
    hold();
}

static _Noreturn void hold_leaderless(void)
{
    pthread_t thread;

    set_name("nest-leaderless");
    errno = pthread_create(&thread, NULL, outlive_leader, NULL);
    if (errno != 0)
        fail_errno("pthread_create");
    /* Not pthread_exit(): in a static glibc program, it loads a shared library. */
    for (;;)
        syscall(SYS_exit, 0);
}

/* An init that does not reap one child, and has another one with a dead main thread. */
static _Noreturn void hold_zombies(void)
{
    pid_t pid = spawn(0);

    if (pid == 0) {
        set_name("nest-zombie");
        report("proc @ zombies zombie\n");
        _exit(0);
    }
    await_death(pid);
    if (spawn(0) == 0)
        hold_leaderless();
    hold_as_init("zombies", "init");
}

static void make_zombies(char ***args)
{
    pid_t pid;

    (void)args;
    if (spawn(CLONE_NEWPID) == 0)
        hold_zombies();
    pid = spawn(CLONE_NEWPID);
    if (pid == 0) {
        set_name("nest-dead-init");
        report_init("zombies", "dead-init");
        _exit(0);
    }
    await_death(pid);
    await_reports(4, "");
}

/* ---- names: what processes can call themselves ----------------------------------------------- */

static const char *const hostile_names[] = {
    "new\nline",
    "\ttab\t",
    "back\\slash\\n",
    "\033[31mred\033[0m",
    "\xff\xfe\xc0\xaf\x80", /* not UTF-8 */
    "\nNSpid:\t1",          /* a line of status */
    ") R 1 (",              /* a field of stat */
    "",
    "a\xed\x95\x9c\xea\xb8\x80\xec\x9d\xb4\xeb\xa6\x84\xec\x9d\xb4", /* byte 16 cuts a character */
    "c1\xc2\x9b"
    "31m", /* U+009B, CSI */
    "raw\x9b"
    "31m", /* the same in one byte */
    "gpj\xe2\x80\xae"
    "exe",                   /* U+202E, right to left from here */
    "zero\xe2\x80\x8bwidth", /* U+200B */
    "\r\a\b\x7f",
    "\"},{\"pid\":1", /* JSON */
    " [1 2] ",        /* brackets, spaces at both ends */
    "pid:[402653183", /* looks like a namespace */
};

/* Takes a name, and reports in hexadecimal how the kernel has it ("-" if it is empty). */
static _Noreturn void hold_name(const char *name, bool init)
{
    char kept[NAME_SIZE] = "", hex[2 * NAME_SIZE] = "-", role[64];

    set_name(name);
    prctl(PR_GET_NAME, kept);
    for (size_t i = 0; i < NAME_SIZE - 1 && kept[i] != '\0'; i++)
        snprintf(hex + 2 * i, 3, "%02x", (unsigned)(unsigned char)kept[i]);
    snprintf(role, sizeof role, "%s %s", init ? "init" : "plain", hex);
    if (init)
        report_init("names", role);
    else
        report("proc @ names %s\n", role);
    hold();
}

static void make_names(char ***args)
{
    const size_t count = sizeof hostile_names / sizeof hostile_names[0];

    (void)args;
    for (size_t i = 0; i < count; i++) {
        if (spawn(0) == 0)
            hold_name(hostile_names[i], false);
        if (spawn(CLONE_NEWPID) == 0)
            hold_name(hostile_names[i], true);
    }
    await_reports(2 * count, "");
}

/* ---- empty: namespaces without a member, each kept by a process outside it ------------------- */

static const char children_link[] = "/proc/thread-self/ns/pid_for_children";

/* Makes a namespace whose init dies. It stays this thread's pid_for_children. */
static void make_dead_namespace(void)
{
    pid_t pid;

    if (unshare(CLONE_NEWPID) != 0)
        fail_errno("unshare");
    pid = spawn(0);
    if (pid == 0)
        _exit(0);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        continue;
}

/* A descriptor for such a namespace. Nothing else keeps it. */
static int open_dead_namespace(void)
{
    int fd;

    make_dead_namespace();
    fd = open(children_link, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        fail_errno(children_link);
    go_home();
    return fd;
}

static _Noreturn void hold_empty(const char *inode, const char *how)
{
    report("proc @ empty %s\nns %s empty %s @\n", how, inode, how);
    hold();
}

static const char *inode_of(int fd, char text[static 24])
{
    char path[64];

    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return inode_text(path, text);
}

static _Noreturn void hold_by_fd(void)
{
    char inode[24];

    inode_of(open_dead_namespace(), inode);
    set_name("nest-fd");
    hold_empty(inode, "fd");
}

/* A bind mount of the namespace's file in a mount namespace of its own, so that it ends with us. */
static _Noreturn void hold_by_mount(void)
{
    char inode[24], source[64];
    int fd = open_dead_namespace();
    int file;

    inode_of(fd, inode);
    set_name("nest-mount");
    if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
        fail_errno("private mount namespace");
    if (mount("nest", "/tmp", "tmpfs", 0, NULL) != 0)
        fail_errno("tmpfs on /tmp");
    file = open("/tmp/pidns", O_RDONLY | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0)
        fail_errno("/tmp/pidns");
    close(file);
    snprintf(source, sizeof source, "/proc/self/fd/%d", fd);
    if (mount(source, "/tmp/pidns", NULL, MS_BIND, NULL) != 0)
        fail_errno("bind mount of a namespace");
    close(fd);
    hold_empty(inode, "mount");
}

static _Noreturn void hold_by_children(void)
{
    char inode[24];

    make_dead_namespace();
    set_name("nest-children");
    hold_empty(inode_text(children_link, inode), "pid_for_children");
}

static _Noreturn void hold_unborn(void)
{
    if (unshare(CLONE_NEWPID) != 0)
        fail_errno("unshare");
    set_name("nest-unborn");
    hold_empty("-", "unborn");
}

static void *hold_in_thread(void *unused)
{
    char inode[24];

    (void)unused;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    make_dead_namespace();
    hold_empty(inode_text(children_link, inode), "thread");
}

static _Noreturn void hold_by_thread(void)
{
    pthread_t thread;

    set_name("nest-thread");
    errno = pthread_create(&thread, NULL, hold_in_thread, NULL);
    if (errno != 0)
        fail_errno("pthread_create");
    hold();
}

/* A descriptor that was sent over a socket and not received. */
static _Noreturn void hold_in_flight(void)
{
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control = {.bytes = ""};
    char byte = 0, inode[24];
    struct iovec data = {.iov_base = &byte, .iov_len = 1};
    struct msghdr message = {.msg_iov = &data,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control};
    int fd = open_dead_namespace();
    int pair[2];

    inode_of(fd, inode);
    set_name("nest-flight");
    control.header.cmsg_level = SOL_SOCKET;
    control.header.cmsg_type = SCM_RIGHTS;
    control.header.cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(&control.header), &fd, sizeof fd);
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0 || sendmsg(pair[0], &message, 0) != 1)
        fail_errno("sending a descriptor");
    close(fd);
    hold_empty(inode, "flight");
}

static void make_empty(char ***args)
{
    (void)args;
    if (spawn(0) == 0)
        hold_by_fd();
    if (spawn(0) == 0)
        hold_by_mount();
    if (spawn(0) == 0)
        hold_by_children();
    if (spawn(0) == 0)
        hold_unborn();
    if (spawn(0) == 0)
        hold_by_thread();
    if (spawn(0) == 0)
        hold_in_flight();
    await_reports(6, "");
}

/* ---- storm W: processes and namespaces that come and go, beside some that stay --------------- */

static void reap_children(void)
{
    while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
        continue;
}

/* A short-lived process, and a namespace with a member and a namespace below it. Failures are
 * ignored: PIDs can run out in a storm. */
static void gust(void)
{
    if (try_spawn(0, NULL) == 0)
        _exit(0);
    if (try_spawn(CLONE_NEWPID, NULL) == 0) {
        if (try_spawn(0, NULL) == 0)
            _exit(0);
        if (try_spawn(CLONE_NEWPID, NULL) == 0)
            _exit(0);
        reap_children();
        _exit(0);
    }
    reap_children();
}

static void make_storm(char ***args)
{
    unsigned workers = next_number(args, "storm: W", 1, 1000);

    spawn_chain("storm-chain", 1, 3, false, NULL);
    spawn_siblings("storm-siblings", 4, 2);
    await_reports(3 + 4 * 2, "");
    for (unsigned i = 0; i < workers; i++) {
        if (spawn(0) == 0) {
            set_name("nest-storm");
            report("proc @ storm worker\n");
            while (!life_ended(LIFE, 0))
                gust();
            _exit(0);
        }
    }
    await_reports(workers, "");
}

/* ---- main ------------------------------------------------------------------------------------ */

static const struct {
    const char *name;
    const char *operands;
    void (*make)(char ***args);
} commands[] = {
    {"chain", "N [--pids A,B,...]", make_chain},
    {"siblings", "N M", make_siblings},
    {"twoup", "", make_twoup},
    {"joined", "", make_joined},
    {"zombies", "", make_zombies},
    {"names", "", make_names},
    {"empty", "", make_empty},
    {"storm", "W", make_storm},
    {"crowd", "P S M", make_crowd},
};
static const size_t n_commands = sizeof commands / sizeof commands[0];

static _Noreturn void usage(void)
{
    fputs("usage: nest COMMAND [OPERAND...] [COMMAND...]\n", stderr);
    for (size_t i = 0; i < n_commands; i++)
        fprintf(stderr, "   %s %s\n", commands[i].name, commands[i].operands);
    exit(EXIT_USAGE);
}

static void check_standard_descriptors(void)
{
    for (int fd = 0; fd <= 2; fd++) {
        if (fcntl(fd, F_GETFD) < 0) {
            /* Else one of nest's descriptors would take its place. */
            fprintf(stderr, "nest: standard descriptor %d is closed\n", fd);
            exit(EXIT_USAGE);
        }
    }
}

static void open_channels(void)
{
    struct timeval watchdog = {.tv_sec = WATCHDOG};
    int life[2], box[2], on = 1;

    if (pipe2(life, O_CLOEXEC) != 0)
        fail_errno("pipe2");
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, box) != 0)
        fail_errno("socketpair");
    if (setsockopt(box[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof on) != 0 ||
        setsockopt(box[0], SOL_SOCKET, SO_RCVTIMEO, &watchdog, sizeof watchdog) != 0)
        fail_errno("setsockopt");
    nest.life_in = life[0];
    nest.life_out = life[1];
    nest.inbox = box[0];
    nest.outbox = box[1];
}

static void run_command(char ***args)
{
    const char *name = *(*args)++;

    for (size_t i = 0; i < n_commands; i++) {
        if (strcmp(commands[i].name, name) == 0) {
            commands[i].make(args);
            return;
        }
    }
    fail(EXIT_USAGE, "%s: no such command", name);
}

int main(int argc, char **argv)
{
    char **args = argv + 1;

    if (argc < 2)
        usage();
    check_standard_descriptors();
    close_others();
    nest.signals = block_signals();
    if (nest.signals < 0)
        fail_errno("signalfd");
    open_channels();
    if (prctl(PR_SET_CHILD_SUBREAPER, 1) != 0)
        fail_errno("PR_SET_CHILD_SUBREAPER");
    while (*args != NULL)
        run_command(&args);
    puts("ready");
    if (fflush(stdout) != 0)
        fail_errno("standard output");
    await_end(nest.signals);
    end_all();
    return 0;
}
