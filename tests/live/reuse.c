/* SPDX-License-Identifier: MIT */
/*
 * reuse WHERE UID PROGRAM [ARGUMENT...]: runs a program that reads /proc, as UID. Gives the PID of
 * a process to another one exactly when the program is about to read it, and has read its child.

 *
 * A PID namespace with its own /proc contains the inits 30 of namespace A and 40 of namespace B;
 * 200 in A; and 100, its child, in A. The program is traced (ptrace(2)). When it opens 200/status
 * for the first time, 200 ends, 30 adopts 100, and another process becomes 200: in B if WHERE is
 * `inner`, outside of both if it is `outer`. Then the program continues. Everything ends with it.
 *
 * Exit status: that of the program; 1 failure; 2 wrong usage; 3 the program never opened that file;
 * 77 this machine does not allow it. Needs root and Linux 5.5 (clone3() with set_tid).
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SYS_clone3
#define SYS_clone3 435
#endif

enum { INIT_A = 30, INIT_B = 40, CHILD = 100, REUSED = 200 };
enum { EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_NEVER = 3, EXIT_SKIP = 77 };

/* struct clone_args up to set_tid_size, clone(2). */
struct clone3_arguments {
    uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
    uint64_t set_tid, set_tid_size;
};

/* Each process waits for orders at its pipe, and answers at DONE. */
enum { TO_A, TO_X, TO_B, DONE, PIPES };
static int pipes[PIPES][2];

static _Noreturn void give_up(int status, const char *what)
{
    fprintf(stderr, "reuse: %s: %s\n", what, strerror(errno));
    exit(status);
}

static void notify(int whom)
{
    if (write(pipes[whom][1], "", 1) != 1)
        give_up(EXIT_FAILED, "write");
}

static void await(int whom)
{
    char byte;

    if (read(pipes[whom][0], &byte, 1) != 1)
        give_up(EXIT_FAILED, "read");
}

/* Like fork(2), with these PIDs: in the innermost namespace, and in its parent (0: any). */
static pid_t fork_as(uint64_t flags, pid_t inner, pid_t outer)
{
    pid_t pids[] = {inner, outer};
    struct clone3_arguments arguments = {.flags = flags,
                                         .exit_signal = SIGCHLD,
                                         .set_tid = (uint64_t)(uintptr_t)pids,
                                         .set_tid_size = outer ? 2 : 1};
    pid_t pid = (pid_t)syscall(SYS_clone3, &arguments, sizeof arguments);

    if (pid < 0)
        give_up(errno == ENOSYS || errno == EPERM ? EXIT_SKIP : EXIT_FAILED, "clone3");
    if (pid == 0)
        prctl(PR_SET_PDEATHSIG, SIGKILL);
    return pid;
}

static _Noreturn void stay(void)
{
    notify(DONE);
    for (;;)
        pause();
}

/* The process that becomes another. Its child has a smaller PID, and is read before it. */
static _Noreturn void be_x(void)
{
    notify(DONE);
    await(TO_X);
    if (fork_as(0, 3, CHILD) == 0) {
        prctl(PR_SET_PDEATHSIG, 0); /* it survives its parent */
        stay();
    }
    for (;;)
        pause();
}

static _Noreturn void be_a(void)
{
    notify(DONE);
    await(TO_A);
    pid_t x = fork_as(0, 2, REUSED);
    if (x == 0)
        be_x();
    await(TO_A);
    kill(x, SIGKILL);
    if (waitpid(x, NULL, 0) != x)
        give_up(EXIT_FAILED, "waitpid");
    stay();
}

static _Noreturn void be_b(void)
{
    notify(DONE);
    await(TO_B);
    if (fork_as(0, 2, REUSED) == 0)
        stay();
    for (;;)
        pause();
}

static void plant(void)
{
    if (fork_as(CLONE_NEWPID, 1, INIT_A) == 0)
        be_a();
    await(DONE);
    notify(TO_A);
    await(DONE);
    notify(TO_X);
    await(DONE);
    if (fork_as(CLONE_NEWPID, 1, INIT_B) == 0)
        be_b();
    await(DONE);
}

static void swap(bool inner)
{
    notify(TO_A);
    await(DONE);
    if (inner)
        notify(TO_B);
    else if (fork_as(0, REUSED, 0) == 0)
        stay();
    await(DONE);
}

static pid_t start(uid_t uid, char **program)
{
    pid_t pid = fork();

    if (pid < 0)
        give_up(EXIT_FAILED, "fork");
    if (pid > 0)
        return pid;
    if (setgroups(0, NULL) != 0 || setresgid(uid, uid, uid) != 0 || setresuid(uid, uid, uid) != 0)
        give_up(EXIT_FAILED, "setuid");
    if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
        give_up(EXIT_SKIP, "ptrace");
    execvp(program[0], program);
    give_up(EXIT_FAILED, program[0]);
}

/* Whether a stopped process is about to open the status of REUSED. */
static bool opens_it(pid_t pid)
{
    static const char wanted[] = "200/status";
    struct __ptrace_syscall_info info = {0};
    char path[sizeof wanted] = "";

    if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, (void *)sizeof info, &info) <= 0 ||
        info.op != PTRACE_SYSCALL_INFO_ENTRY || info.entry.nr != SYS_openat)
        return false;
    struct iovec here = {path, sizeof path};
    struct iovec there = {(void *)(uintptr_t)info.entry.args[1], sizeof path};
    return process_vm_readv(pid, &here, 1, &there, 1, 0) == sizeof path &&
           memcmp(path, wanted, sizeof path) == 0;
}

/* Lets a program, and those that it starts, run to their end. */
static int trace(pid_t program, bool inner)
{
    const long options =
        PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK;
    bool swapped = false;
    int status;
    pid_t pid;

    waitpid(program, &status, 0);
    if (!WIFSTOPPED(status) || ptrace(PTRACE_SETOPTIONS, program, NULL, (void *)options) != 0)
        give_up(EXIT_FAILED, "ptrace");
    ptrace(PTRACE_SYSCALL, program, NULL, NULL);
    while ((pid = waitpid(-1, &status, __WALL)) > 0) {
        if (pid == program && !WIFSTOPPED(status))
            return !swapped ? EXIT_NEVER : WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILED;
        if (!WIFSTOPPED(status))
            continue;
        int signal = WSTOPSIG(status);
        if (signal == (SIGTRAP | 0x80) && !swapped && opens_it(pid)) {
            swap(inner);
            swapped = true;
        }
        if (signal == (SIGTRAP | 0x80) || signal == SIGTRAP || signal == SIGSTOP)
            signal = 0;
        ptrace(PTRACE_SYSCALL, pid, NULL, (void *)(long)signal);
    }
    return EXIT_FAILED;
}

int main(int argc, char **argv)
{
    if (argc < 4 || (strcmp(argv[1], "inner") != 0 && strcmp(argv[1], "outer") != 0)) {
        fputs("usage: reuse inner|outer UID PROGRAM [ARGUMENT...]\n", stderr);
        return EXIT_USAGE;
    }
    for (int i = 0; i < PIPES; i++) {
        if (pipe2(pipes[i], O_CLOEXEC) != 0)
            give_up(EXIT_FAILED, "pipe2");
    }
    if (unshare(CLONE_NEWPID | CLONE_NEWNS) != 0)
        give_up(EXIT_SKIP, "unshare");
    pid_t init = fork();
    int status;
    if (init > 0)
        return waitpid(init, &status, 0) == init && WIFEXITED(status) ? WEXITSTATUS(status)
                                                                      : EXIT_FAILED;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("proc", "/proc", "proc", 0, NULL) != 0)
        give_up(EXIT_SKIP, "mount");
    plant();
    return trace(start((uid_t)atol(argv[2]), argv + 3), strcmp(argv[1], "inner") == 0);
}
