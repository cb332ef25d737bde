/* SPDX-License-Identifier: MIT */
/*
 * Plays the parent of a container. Copied under the name of an engine's program, and run with its
 * arguments, it looks like that program. Its environment controls it:
 *
 *     FORGE_NEW       new namespaces: `u` (user, the caller's ID is 0 there) and `m` (mount)
 *     FORGE_ROOT      its root directory: a mount, to which it changes after
 *     FORGE_PARENT    a shell command, in which $PPID is its PID
 *     FORGE_TITLE     its command line after that, as one word
 *     FORGE_CHILD_NEW new namespaces of its child, `u` and `m`, beside the PID namespace
 *     FORGE_CHILD_ROOT, FORGE_CHILD_FIRST
 *                     like FORGE_ROOT and FORGE_PARENT, for the child
 *     FORGE_CHILD_UID the user that the child becomes
 *     FORGE_CHILD     a shell command that the child executes; else it only waits
 *     FORGE_CHILD_READY set: that command executes this program again, and it is ready then
 *     FORGE_CHILD_NAME the name of a child that waits
 *
 * Prints the PID of the child once all of that is done. Ends with its standard input; the child
 * ends with it. Exit status 77: this machine does not allow it.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SKIPPED 77

static _Noreturn void give_up(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(SKIPPED);
}

static bool has(const char *variable, char letter)
{
    const char *letters = getenv(variable);

    return letters && strchr(letters, letter);
}

static void write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);

    if (fd < 0 || write(fd, text, strlen(text)) < 0)
        give_up(path);
    close(fd);
}

static void map_ids(unsigned uid, unsigned gid)
{
    char text[40];

    write_file("/proc/self/setgroups", "deny");
    snprintf(text, sizeof text, "0 %u 1", uid);
    write_file("/proc/self/uid_map", text);
    snprintf(text, sizeof text, "0 %u 1", gid);
    write_file("/proc/self/gid_map", text);
}

static void make_new(const char *variable)
{
    unsigned uid = getuid(), gid = getgid();
    bool user = has(variable, 'u'), mnt = has(variable, 'm');

    if (unshare((user ? CLONE_NEWUSER : 0) | (mnt ? CLONE_NEWNS : 0)) != 0)
        give_up(user ? "a user namespace" : "a mount namespace");
    if (user)
        map_ids(uid, gid);
    if (mnt && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
        give_up("private mounts");
}

static void run(const char *command)
{
    if (command && system(command) != 0)
        give_up(command);
}

/* Runs a command, then changes to a root directory. */
static void enter(const char *root, const char *command)
{
    if (root && mount(root, root, NULL, MS_BIND, NULL) != 0)
        give_up(root);
    run(command);
    if (root && (chroot(root) != 0 || chdir("/") != 0))
        give_up(root);
}

/* The shell that executes the command is not what is waited for. */
static void pass_on(int ready)
{
    char text[16];

    snprintf(text, sizeof text, "%d", ready);
    if (fcntl(ready, F_SETFD, 0) != 0 || setenv("FORGE_READY", text, 1) != 0)
        give_up("FORGE_READY");
}

static _Noreturn void be_child(int ready)
{
    const char *name = getenv("FORGE_CHILD_NAME");
    const char *command = getenv("FORGE_CHILD"), *uid = getenv("FORGE_CHILD_UID");

    make_new("FORGE_CHILD_NEW");
    enter(getenv("FORGE_CHILD_ROOT"), getenv("FORGE_CHILD_FIRST"));
    if (uid && setuid((uid_t)strtoul(uid, NULL, 10)) != 0)
        give_up("setuid");
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* setuid() resets it */
    if (name)
        prctl(PR_SET_NAME, name);
    if (command && getenv("FORGE_CHILD_READY"))
        pass_on(ready);
    if (command) {
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        give_up("sh");
    }
    close(ready);
    for (;;)
        pause();
}

/* Like LXC's monitor. PR_SET_MM needs CAP_SYS_RESOURCE, so this overwrites the arguments, and the
 * rest of them with NULs. */
static void set_title(char **argv)
{
    const char *title = getenv("FORGE_TITLE");
    char *end = argv[0];

    for (size_t i = 0; argv[i]; i++)
        end = argv[i] + strlen(argv[i]);
    if (title && strlen(title) <= (size_t)(end - argv[0])) {
        memset(argv[0], 0, (size_t)(end - argv[0]));
        memcpy(argv[0], title, strlen(title));
    }
}

int main(int argc, char **argv)
{
    const char *passed = getenv("FORGE_READY");
    int ready[2];
    char byte;

    if (passed)
        close((int)strtol(passed, NULL, 10));
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_CHILD_SUBREAPER, 1); /* as shims and conmon */
    make_new("FORGE_NEW");
    enter(getenv("FORGE_ROOT"), getenv("FORGE_PARENT"));
    (void)argc;
    set_title(argv);
    if (pipe2(ready, O_CLOEXEC) != 0)
        give_up("pipe2");
    int flags = CLONE_NEWPID | SIGCHLD;
    long child = syscall(SYS_clone, flags, NULL, NULL, NULL, NULL);
    if (child < 0)
        give_up("clone");
    if (child == 0) {
        close(ready[0]);
        be_child(ready[1]);
    }
    close(ready[1]);
    if (read(ready[0], &byte, 1) != 0 || waitpid((pid_t)child, NULL, WNOHANG) != 0) {
        errno = ECHILD;
        give_up("child");
    }
    printf("%ld\n", child);
    fflush(stdout);
    while (read(STDIN_FILENO, &byte, 1) > 0)
        ;
    kill((pid_t)child, SIGKILL);
    waitpid((pid_t)child, NULL, 0);
    return 0;
}
