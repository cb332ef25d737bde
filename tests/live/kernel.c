/* SPDX-License-Identifier: MIT */
/*
 * kernel-facts [PROC]: prints the kernel's answers about every process of a procfs (/proc), one a
 * line. The live tests compare them with nstree. It shares no code with nstree, and is as naive as
 * possible, so that both are not wrong in the same way: no inference, no speed, no care for
 * processes that come and go.
 *
 *     process PID INODE NSPID,NSPID,...     INODE by readlink(2) of ns/pid, "-" if refused
 *     namespace INODE PARENT LEVEL          PARENT by NS_GET_PARENT, "-" if refused
 *
 * LEVEL is the count of PIDs before the last one in the NSpid of a member. A namespace without
 * members, found only as a parent, is one level above its child.
 *
 * kernel-facts --around COMMAND [ARGUMENT...]: runs the command between two looks at /proc. After
 * its output it prints `facts STATUS`, its exit status, then the namespaces, and a line for each
 * process that was there all the time, with its parent and the parent's namespace (0: not known)
 * before and after:
 *
 *     same PID INODE NSPID,NSPID,... PPID INODE PPID INODE
 *
 * A process is the same if its directory in /proc has the same inode, and it has the same start
 * time. The directory of the first look stays open, so its inode is not used again. If a parent is
 * still the parent after its namespace was read, it was that process all the time: a dead one does
 * not come back, and no process becomes the child of a younger one (find_new_reaper() in
 * kernel/exit.c).
 *
 * Exit status: 0, or 2 if PROC cannot be read or the command cannot be run.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define GET_PARENT _IO(0xb7, 0x2) /* NS_GET_PARENT, ioctl_nsfs(2) */

struct namespace
{
    unsigned long inode, parent; /* 0: not known */
    int level;
};

struct facts {
    struct namespace *found;
    size_t n;
};

static bool is_known(const struct facts *facts, unsigned long inode)
{
    for (size_t i = 0; i < facts->n; i++) {
        if (facts->found[i].inode == inode)
            return true;
    }
    return false;
}

static void add(struct facts *facts, unsigned long inode, unsigned long parent, int level)
{
    struct namespace *found = realloc(facts->found, (facts->n + 1) * sizeof *found);

    if (found == NULL) {
        perror("kernel-facts");
        exit(2);
    }
    found[facts->n++] = (struct namespace){.inode = inode, .parent = parent, .level = level};
    facts->found = found;
}

static unsigned long inode_of(int fd)
{
    struct stat st;

    return fstat(fd, &st) == 0 ? st.st_ino : 0;
}

/* Notes this namespace and those above it that the kernel shows. */
static void climb(struct facts *facts, const char *path, int level)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    while (fd >= 0 && !is_known(facts, inode_of(fd))) {
        int above = ioctl(fd, GET_PARENT);

        add(facts, inode_of(fd), above < 0 ? 0 : inode_of(above), level--);
        close(fd);
        fd = above;
    }
    if (fd >= 0)
        close(fd);
}

/* The PIDs of the NSpid line, separated by commas. Returns their count. */
static int read_chain(const char *path, char *chain, size_t size)
{
    FILE *file = fopen(path, "re");
    char *line = NULL;
    size_t room = 0;
    int n = 0;

    chain[0] = '\0';
    while (file != NULL && getline(&line, &room, file) >= 0) {
        char *number = strncmp(line, "NSpid:", 6) == 0 ? strtok(line + 6, " \t\n") : NULL;

        for (; number != NULL; number = strtok(NULL, " \t\n")) {
            size_t used = strlen(chain);

            snprintf(chain + used, size - used, "%s%s", n == 0 ? "" : ",", number);
            n++;
        }
    }
    free(line);
    if (file != NULL)
        fclose(file);
    return n;
}

/* The inode of a link pid:[INODE]; 0 if it may not be read, -1 if the process is gone. */
static long read_link(const char *path)
{
    char text[64] = "";
    long inode = 0;

    if (readlink(path, text, sizeof text - 1) < 0)
        return errno == ENOENT || errno == ESRCH ? -1 : 0;
    return sscanf(text, "pid:[%ld]", &inode) == 1 ? inode : 0;
}

static void print_process(struct facts *facts, const char *proc, const char *pid)
{
    char path[PATH_MAX], chain[33 * 12];
    long inode;
    int numbers;

    snprintf(path, sizeof path, "%s/%s/status", proc, pid);
    numbers = read_chain(path, chain, sizeof chain);
    snprintf(path, sizeof path, "%s/%s/ns/pid", proc, pid);
    inode = read_link(path);
    if (numbers == 0 || inode < 0)
        return;
    if (inode == 0) {
        printf("process %s - %s\n", pid, chain);
        return;
    }
    printf("process %s %ld %s\n", pid, inode, chain);
    if (!is_known(facts, (unsigned long)inode))
        climb(facts, path, numbers - 1);
}

static void print_namespaces(const struct facts *facts)
{
    for (size_t i = 0; i < facts->n; i++) {
        const struct namespace *ns = &facts->found[i];

        if (ns->parent == 0)
            printf("namespace %lu - %d\n", ns->inode, ns->level);
        else
            printf("namespace %lu %lu %d\n", ns->inode, ns->parent, ns->level);
    }
}

/* A process at one look. */
struct seen {
    int dir; /* its directory in /proc */
    int pid, ppid;
    unsigned long directory;      /* its inode */
    unsigned long inode, outside; /* its namespace and its parent's, 0 if they may not be read */
    unsigned long long start;
    char chain[33 * 12];
};

struct looks {
    struct seen *seen;
    size_t n;
};

/* The parent and the start time, proc_pid_stat(5). The name before them can be anything. */
static bool read_stat(struct seen *seen)
{
    char text[2048] = "";
    int fd = openat(seen->dir, "stat", O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    const char *name_end = strrchr(text, ')');

    if (fd >= 0)
        close(fd);
    return length > 0 && name_end != NULL &&
           sscanf(name_end,
                  ") %*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d "
                  "%llu",
                  &seen->ppid, &seen->start) == 2;
}

/* The namespace of the parent; 0 if that came or went. */
static void look_at_parent(struct seen *seen)
{
    struct seen again = {.dir = seen->dir};
    char path[64];
    long inode;

    snprintf(path, sizeof path, "/proc/%d/ns/pid", seen->ppid);
    inode = read_link(path);
    if (inode > 0 && read_stat(&again) && again.ppid == seen->ppid)
        seen->outside = (unsigned long)inode;
}

/* Reads all of one process, through its open directory. Returns false if it is gone. */
static bool look(int pid, struct seen *seen)
{
    char path[64];
    struct stat directory;
    long inode;

    *seen = (struct seen){.pid = pid};
    snprintf(path, sizeof path, "/proc/%d", pid);
    seen->dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (seen->dir < 0)
        return false;
    snprintf(path, sizeof path, "/proc/self/fd/%d/ns/pid", seen->dir);
    inode = read_link(path);
    snprintf(path, sizeof path, "/proc/self/fd/%d/status", seen->dir);
    seen->inode = inode > 0 ? (unsigned long)inode : 0;
    if (inode >= 0 && read_chain(path, seen->chain, sizeof seen->chain) > 0 &&
        fstat(seen->dir, &directory) == 0 && read_stat(seen)) {
        seen->directory = directory.st_ino;
        look_at_parent(seen);
        return true;
    }
    close(seen->dir);
    return false;
}

static void look_at_all(struct looks *looks)
{
    DIR *dir = opendir("/proc");

    if (dir == NULL) {
        perror("/proc");
        exit(2);
    }
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        struct seen *seen = realloc(looks->seen, (looks->n + 1) * sizeof *seen);

        if (seen == NULL) {
            perror("kernel-facts");
            exit(2);
        }
        looks->seen = seen;
        looks->n +=
            isdigit((unsigned char)entry->d_name[0]) && look(atoi(entry->d_name), &seen[looks->n]);
    }
    closedir(dir);
}

/* Prints a process that is still the same, and notes its namespaces through the directory of the
 * first look. */
static void print_same(struct facts *facts, const struct seen *before)
{
    struct seen after;
    char path[64];
    int level = 0;

    if (!look(before->pid, &after))
        return;
    close(after.dir);
    if (after.directory != before->directory || after.start != before->start ||
        after.inode != before->inode || strcmp(after.chain, before->chain) != 0)
        return;
    for (const char *at = before->chain; *at != '\0'; at++)
        level += *at == ',';
    if (before->inode == 0)
        printf("same %d - ", before->pid);
    else
        printf("same %d %lu ", before->pid, before->inode);
    printf("%s %d %lu %d %lu\n", before->chain, before->ppid, before->outside, after.ppid,
           after.outside);
    snprintf(path, sizeof path, "/proc/self/fd/%d/ns/pid", before->dir);
    if (before->inode != 0 && !is_known(facts, before->inode))
        climb(facts, path, level);
}

/* Runs the command with its usual limit of descriptors. */
static int run(char **command, const struct rlimit *files)
{
    int status;
    pid_t pid = fork();

    if (pid == 0) {
        setrlimit(RLIMIT_NOFILE, files);
        execvp(command[0], command);
        perror(command[0]);
        _exit(2);
    }
    if (pid < 0 || waitpid(pid, &status, 0) < 0) {
        perror("fork");
        exit(2);
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int print_around(char **command)
{
    struct rlimit files, most;
    struct facts facts = {.found = NULL};
    struct looks looks = {.seen = NULL};

    getrlimit(RLIMIT_NOFILE, &files);
    most = (struct rlimit){.rlim_cur = files.rlim_max, .rlim_max = files.rlim_max};
    setrlimit(RLIMIT_NOFILE, &most);
    look_at_all(&looks);
    printf("facts %d\n", run(command, &files));
    for (size_t i = 0; i < looks.n; i++)
        print_same(&facts, &looks.seen[i]);
    print_namespaces(&facts);
    free(facts.found);
    free(looks.seen);
    return fflush(stdout) == 0 ? 0 : 2;
}

static int print_all(const char *proc)
{
    struct facts facts = {.found = NULL};
    DIR *dir = opendir(proc);

    if (dir == NULL) {
        perror(proc);
        return 2;
    }
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        if (isdigit((unsigned char)entry->d_name[0]))
            print_process(&facts, proc, entry->d_name);
    }
    closedir(dir);
    print_namespaces(&facts);
    free(facts.found);
    return fflush(stdout) == 0 ? 0 : 2;
}

int main(int argc, char **argv)
{
    if (argc > 2 && strcmp(argv[1], "--around") == 0)
        return print_around(argv + 2);
    return print_all(argc > 1 ? argv[1] : "/proc");
}
