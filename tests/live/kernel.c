/* SPDX-License-Identifier: MIT */
/*
 * kernel-facts [PROC]: the kernel's own answers about every process of a procfs (/proc), one a
 * line, for the live tests to compare with what nstree says. It shares nothing with nstree, and is
 * as naive as can be, so that the two cannot be wrong in the same way: no inference, no speed, no
 * care for processes that come and go.
 *
 *     process PID INODE NSPID,NSPID,...     INODE as readlink(2) of ns/pid says, "-" if it may not
 *     namespace INODE PARENT LEVEL          PARENT by NS_GET_PARENT, "-" where the kernel refuses
 *
 * LEVEL is how many numbers precede the last one in the NSpid of a member; a namespace that no
 * process is a member of, found only as a parent, is one level above its child.
 * Exit status: 0, or 2 if PROC cannot be read.
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
#include <sys/stat.h>
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

/* Notes this namespace and those above it, as far as the kernel tells. */
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

/* The numbers of the NSpid line, separated by commas; how many. */
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

/* What pid:[INODE] says; 0 if the link may not be read, -1 if the process is gone. */
static long read_link(const char *path)
{
    char text[64] = "";
    long inode = 0;

    if (readlink(path, text, sizeof text - 1) < 0)
        return errno == ENOENT || errno == ESRCH ? -1 : 0;
    return sscanf(text, "pid:[%ld]", &inode) == 1 ? inode : 0;
}

static void tell_process(struct facts *facts, const char *proc, const char *pid)
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

static void tell_namespaces(const struct facts *facts)
{
    for (size_t i = 0; i < facts->n; i++) {
        const struct namespace *ns = &facts->found[i];

        if (ns->parent == 0)
            printf("namespace %lu - %d\n", ns->inode, ns->level);
        else
            printf("namespace %lu %lu %d\n", ns->inode, ns->parent, ns->level);
    }
}

int main(int argc, char **argv)
{
    const char *proc = argc > 1 ? argv[1] : "/proc";
    struct facts facts = {.found = NULL};
    DIR *dir = opendir(proc);

    if (dir == NULL) {
        perror(proc);
        return 2;
    }
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        if (isdigit((unsigned char)entry->d_name[0]))
            tell_process(&facts, proc, entry->d_name);
    }
    closedir(dir);
    tell_namespaces(&facts);
    free(facts.found);
    return fflush(stdout) == 0 ? 0 : 2;
}
