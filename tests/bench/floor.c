/* SPDX-License-Identifier: MIT */
/*
 * What a scan of /proc cannot do without, and nothing else: list the processes, open, read and
 * close the status of each, read the ns/pid link of those whose NSpid has more than one number. It
 * prints nothing, keeps nothing, and does not care whether a PID was reused in between. nstree is
 * measured against it.
 *
 *   floor [PROC]
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Whether NSpid has more than one number. */
static int is_nested(const char *status)
{
    const char *line = strstr(status, "\nNSpid:\t");

    if (!line)
        return 0;
    line += strlen("\nNSpid:\t");
    return line[strspn(line, "0123456789")] == '\t';
}

static void read_process(int proc, const char *pid)
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
    if (!is_nested(status))
        return;
    snprintf(path, sizeof path, "%s/ns/pid", pid);
    if (readlinkat(proc, path, link, sizeof link) < 0)
        return;
}

int main(int argc, char **argv)
{
    DIR *dir = opendir(argc > 1 ? argv[1] : "/proc");
    const struct dirent *entry;

    if (!dir)
        return 2;
    while ((entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
            read_process(dirfd(dir), entry->d_name);
    }
    closedir(dir);
    return 0;
}
