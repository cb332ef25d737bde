/* SPDX-License-Identifier: MIT */
/*
 * The system calls of a scan of /proc, and nothing else: lists the processes, opens, reads and
 * closes the status of each, reads the ns/pid link if NSpid has more than one PID. It prints
 * nothing, keeps nothing, and ignores the reuse of PIDs. The benchmark compares nstree with it.
 *
 * With --inits it reads the links of inits only, because nstree infers the namespaces of other
 * processes without their links. No scan can do with less.
 *
 *   floor [--inits]
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Whether NSpid has more than one PID and, if only inits count, the last one is 1. */
static bool is_wanted(const char *status, bool inits)
{
    const char *line = strstr(status, "\nNSpid:\t");

    if (!line)
        return false;
    line += strlen("\nNSpid:\t");
    const char *more = line + strspn(line, "0123456789"), *end = strchr(line, '\n');
    return *more == '\t' && (!inits || (end && end[-1] == '1' && end[-2] == '\t'));
}

static void read_process(int proc, const char *pid, bool inits)
{
    static char status[65536];
    char path[280], link[64];

    snprintf(path, sizeof path, "%s/status", pid);
    int fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    ssize_t len = read(fd, status, sizeof status - 1);
    close(fd);
    if (len <= 0)
        return;
    status[len] = '\0';
    if (!is_wanted(status, inits))
        return;
    snprintf(path, sizeof path, "%s/ns/pid", pid);
    if (readlinkat(proc, path, link, sizeof link) < 0)
        return;
}

int main(int argc, char **argv)
{
    const bool inits = argc > 1 && strcmp(argv[1], "--inits") == 0;
    DIR *dir = opendir("/proc");
    const struct dirent *entry;

    if (!dir)
        return 2;
    while ((entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
            read_process(dirfd(dir), entry->d_name, inits);
    }
    closedir(dir);
    return 0;
}
