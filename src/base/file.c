/* SPDX-License-Identifier: MIT */
#include "base/file.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_openat2 /* the same on all architectures */
#define SYS_openat2 437
#endif

#define FIRST_BYTES ((size_t)8 << 10)

int file_open(int dir, const char *path, int flags, uint64_t resolve)
{
    struct {
        uint64_t flags, mode, resolve;
    } how = {.flags = (uint64_t)(unsigned)flags, .resolve = resolve};
    int fd = (int)syscall(SYS_openat2, dir, path, &how, sizeof how);

    return fd < 0 ? -errno : fd;
}

ssize_t file_read(int fd, char **buffer, size_t *size, size_t max, bool in_pieces)
{
    size_t len = 0;

    for (;;) {
        if (len == *size) {
            size_t more = *size ? *size * 4 : FIRST_BYTES;
            char *grown = realloc(*buffer, more < max ? more : max);

            if (!grown)
                return -ENOMEM;
            *buffer = grown;
            *size = more < max ? more : max;
        }
        ssize_t got = pread(fd, *buffer + len, *size - len, (off_t)len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -errno;
        len += (size_t)got;
        if (got == 0 || len == max || (!in_pieces && len < *size))
            return (ssize_t)len;
    }
}
