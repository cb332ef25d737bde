/* SPDX-License-Identifier: MIT */
#include "kernel/open.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"

DIR *open_directory(int dir, const char *path)
{
    int fd = openat(dir, path, OPEN_FLAGS | O_DIRECTORY | O_NOFOLLOW);
    DIR *directory = fd < 0 ? NULL : fdopendir(fd);

    if (fd >= 0 && !directory) {
        int error = errno;

        close(fd);
        errno = error;
    }
    return directory;
}

int reopen(int dir, const char *self, int path)
{
    char link[64];

    snprintf(link, sizeof link, "%s/fd/%d", self, path);
    int fd = openat(dir, link, OPEN_FLAGS);
    if (fd >= 0)
        return fd;
    snprintf(link, sizeof link, "/proc/self/fd/%d", path);
    fd = open(link, OPEN_FLAGS);
    return fd < 0 ? -errno : fd;
}
