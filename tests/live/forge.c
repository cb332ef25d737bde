/* SPDX-License-Identifier: MIT */
/*
 * Plays the parent of a container: copied under the name of an engine's program and run with its
 * words, it looks like that, and what it is told by its environment makes its namespaces.
 *
 *     FORGE_NEW       of `u` (user, the caller's own ID is 0 there) and `m` (mount): its own
 *     FORGE_PARENT    a shell command, after that; $$PPID is its number
 *     FORGE_ROOT      its root directory, after that
 *     FORGE_CHILD_NEW of `u` and `m`: its child's own, beside the PID namespace
 *     FORGE_CHILD     a shell command of its child, which stays: else it only waits
 *     FORGE_NAME      the name of that child
 *
 * Prints the number of its child once all of that is done, and ends with its standard input; the
 * child ends with it. Exit status 77: the machine does not let it.
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
        give_up("unshare");
    if (user)
        map_ids(uid, gid);
    if (mnt && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
        give_up("mount");
}

static void run(const char *command)
{
    if (command && system(command) != 0)
        give_up(command);
}

static _Noreturn void be_child(int ready)
{
    const char *name = getenv("FORGE_NAME");
    const char *command = getenv("FORGE_CHILD");

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    make_new("FORGE_CHILD_NEW");
    if (name)
        prctl(PR_SET_NAME, name);
    if (command) {
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        give_up("sh");
    }
    close(ready);
    for (;;)
        pause();
}

int main(void)
{
    const char *root = getenv("FORGE_ROOT");
    int ready[2];
    char byte;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    make_new("FORGE_NEW");
    run(getenv("FORGE_PARENT"));
    if (root && (chroot(root) != 0 || chdir("/") != 0))
        give_up(root);
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
