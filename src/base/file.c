/* SPDX-License-Identifier: MIT */
#include "base/file.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define BYTES_FIRST ((size_t)8 << 10)

static int grow(char **buffer, size_t *size, size_t max)
{
    size_t wanted = *size ? *size * 4 : BYTES_FIRST;

    if (wanted > max)
        wanted = max;
    char *grown = realloc(*buffer, wanted);
    if (!grown)
        return -ENOMEM;
    *buffer = grown;
    *size = wanted;
    return 0;
}

ssize_t file_read(int fd, char **buffer, size_t *size, size_t max, bool in_pieces)
{
    size_t len = 0;

    for (;;) {
        if (len == *size && len < max && grow(buffer, size, max) != 0)
            return -ENOMEM;
        ssize_t got = read(fd, *buffer + len, *size - len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -errno;
        len += (size_t)got;
        if (got == 0 || len == max || (!in_pieces && len < *size))
            return (ssize_t)len;
    }
}
