/* SPDX-License-Identifier: MIT */
/*
 * cast FILE: plays a tree of processes with given names, command lines, environments and mounts, in
 * PID namespaces. The file has one line for each process, parents before children, with tabs:
 *
 *     DEPTH NEW UID COMM PROGRAM MOUNTS ARGUMENTS ENVIRONMENT
 *
 * NEW are letters: `p`, `m` and `u` for new namespaces (PID, mount, user), `-` for none. COMM is
 * the name after execve(2); `-` leaves it alone. PROGRAM is a copy of this program, which then
 * plays the process: it finds the rest of the script in a descriptor, so that nothing else is to be
 * seen. The last three are lists with US (0x1f) between the words. Words of MOUNTS, `-` for none:
 *
 *     tmpfs:PATH          a tmpfs; its directory is made
 *     proc:PATH           a procfs
 *     bind:FILE:PATH      a bind mount
 *     file:PATH:TEXT      no mount, but a file; its directory is made
 *
 * Prints "ready" when all play, and ends, with all of them, with its standard input. They wait for
 * the end of a pipe that only cast can write to, so they end however cast ends. Exit status 77:
 * this machine does not allow it.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SKIPPED = 77, SCRIPT_FD = 100, LIFE_FD, READY_FD, FIELDS = 8, WORDS_MAX = 32 };
enum { DEPTH, NEW, UID, COMM, PROGRAM, MOUNTS, ARGUMENTS, ENVIRONMENT };

struct part {
    char *fields[FIELDS];
    long depth;
};

static _Noreturn void give_up(const char *what)
{
    fprintf(stderr, "cast: %s: %s\n", what, strerror(errno));
    _exit(SKIPPED);
}

/* Splits text in place, the last word excepted; returns the number of words. */
static size_t split(char *text, char separator, char **words, size_t max)
{
    size_t n = 0;
    char *next = text;

    while (next && *next && n < max) {
        words[n++] = next;
        next = n < max ? strchr(next, separator) : NULL;
        if (next)
            *next++ = '\0';
    }
    return n;
}

static char *read_script(int fd)
{
    struct stat st;
    char *text;

    if (fstat(fd, &st) != 0 || !(text = calloc(1, (size_t)st.st_size + 1)) ||
        pread(fd, text, (size_t)st.st_size, 0) != st.st_size)
        give_up("script");
    return text;
}

static void make_parents(const char *path)
{
    char copy[512];

    snprintf(copy, sizeof copy, "%s", path);
    for (char *at = copy + 1; (at = strchr(at, '/')); *at++ = '/') {
        *at = '\0';
        mkdir(copy, 0755);
    }
}

static void write_file(const char *path, const char *text)
{
    make_parents(path);
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

    if (fd < 0 || write(fd, text, strlen(text)) < 0)
        give_up(path);
    close(fd);
}

static void make_mount(char *word)
{
    char *what[3] = {"", "", ""};

    split(word, ':', what, 3);
    if (strcmp(what[0], "file") == 0) {
        write_file(what[1], what[2]);
    } else if (strcmp(what[0], "bind") == 0) {
        if (mount(what[1], what[2], NULL, MS_BIND, NULL) != 0)
            give_up(what[2]);
    } else {
        make_parents(what[1]);
        mkdir(what[1], 0755);
        if (mount("none", what[1], what[0], 0, NULL) != 0)
            give_up(what[1]);
    }
}

/* Becomes the process of a part. */
static _Noreturn void be(struct part *part, int script)
{
    char *mounts[WORDS_MAX], *arguments[WORDS_MAX + 1] = {0}, *environment[WORDS_MAX + 1] = {0};
    size_t n = split(part->fields[MOUNTS], '\x1f', mounts, WORDS_MAX);

    split(part->fields[ARGUMENTS], '\x1f', arguments, WORDS_MAX);
    split(part->fields[ENVIRONMENT], '\x1f', environment, WORDS_MAX);
    if (strchr(part->fields[NEW], 'm') &&
        (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0))
        give_up("a mount namespace");
    for (size_t i = 0; i < n && mounts[i][0] != '-'; i++)
        make_mount(mounts[i]);
    uid_t uid = (uid_t)strtoul(part->fields[UID], NULL, 10);
    if (uid != 0 && setuid(uid) != 0)
        give_up("setuid");
    if (dup2(script, SCRIPT_FD) < 0)
        give_up("dup2");
    execve(part->fields[PROGRAM], arguments, environment);
    give_up(part->fields[PROGRAM]);
}

/* Starts the process of the script's first line. */
static void start(const char *script, size_t len)
{
    struct part part = {0};
    char *copy = strndup(script, len);
    int fd = memfd_create("script", MFD_CLOEXEC);

    if (!copy || fd < 0 || write(fd, script, len) != (ssize_t)len)
        give_up("memfd");
    copy[strcspn(copy, "\n")] = '\0';
    if (split(copy, '\t', part.fields, FIELDS) != FIELDS)
        give_up("fields");
    const char *new = part.fields[NEW];
    int flags = (strchr(new, 'p') ? CLONE_NEWPID : 0) | (strchr(new, 'u') ? CLONE_NEWUSER : 0);
    long pid = syscall(SYS_clone, (long)flags | SIGCHLD, NULL, NULL, NULL, NULL);
    if (pid < 0)
        give_up("clone");
    if (pid == 0)
        be(&part, fd);
    close(fd);
    free(copy);
}

/* Starts the processes of this depth, with what is below each. */
static void start_all(const char *script, long depth)
{
    while (*script) {
        const char *end = script;

        do {
            end = strchr(end, '\n') + 1;
        } while (*end && strtol(end, NULL, 10) > depth);
        start(script, (size_t)(end - script));
        script = end;
    }
}

/* A process of the script, once it runs under its arguments and with its environment. */
static int play(void)
{
    char *script = read_script(SCRIPT_FD), *rest = strchr(script, '\n') + 1, *fields[FIELDS];
    char byte;

    close(SCRIPT_FD);
    rest[-1] = '\0';
    split(script, '\t', fields, FIELDS);
    if (strcmp(fields[COMM], "-") != 0)
        prctl(PR_SET_NAME, fields[COMM]);
    start_all(rest, strtol(fields[DEPTH], NULL, 10) + 1);
    if (write(READY_FD, ".", 1) != 1)
        return SKIPPED;
    close(READY_FD);
    while (read(LIFE_FD, &byte, 1) < 0 && errno == EINTR)
        ;
    return 0;
}

static size_t count_lines(const char *text)
{
    size_t n = 0;

    for (; *text; text++)
        n += *text == '\n';
    return n;
}

int main(int argc, char **argv)
{
    int life[2], ready[2];
    char byte;

    if (fcntl(SCRIPT_FD, F_GETFD) >= 0)
        return play();
    char *script = read_script(argc > 1 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1);
    size_t left = count_lines(script);
    if (pipe2(life, O_CLOEXEC) != 0 || pipe2(ready, O_CLOEXEC) != 0 || dup2(life[0], LIFE_FD) < 0 ||
        dup2(ready[1], READY_FD) < 0)
        give_up("pipes");
    start_all(script, 0);
    close(LIFE_FD);
    close(READY_FD);
    close(ready[1]);
    while (left > 0 && read(ready[0], &byte, 1) == 1)
        left--;
    if (left == 0 && puts("ready") >= 0 && fflush(stdout) == 0) {
        while (read(STDIN_FILENO, &byte, 1) > 0)
            ;
    }
    close(life[1]);
    while (wait(NULL) > 0)
        ;
    return left == 0 ? 0 : SKIPPED;
}
