/* SPDX-License-Identifier: MIT */
#include "kernel/open.h"

#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_openat2 /* the same on all architectures */
#define SYS_openat2 437
#endif

int open_resolved(int dir, const char *path, int flags, uint64_t resolve)
{
    const struct open_how how = {.flags = (uint64_t)(unsigned)flags, .resolve = resolve};
    long fd = syscall(SYS_openat2, dir, path, &how, sizeof how);

    return fd < 0 ? -errno : (int)fd;
}

DIR *open_directory(int dir, const char *path)
{
    int fd = openat(dir, path, OPEN_SAFELY | O_DIRECTORY | O_NOFOLLOW);
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
    int fd = openat(dir, link, OPEN_SAFELY);
    if (fd >= 0)
        return fd;
    snprintf(link, sizeof link, "/proc/self/fd/%d", path);
    fd = open(link, OPEN_SAFELY);
    return fd < 0 ? -errno : fd;
}
