/* SPDX-License-Identifier: MIT */
/* Opens and reads files that others may have made. */
#pragma once

#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Does not wait for a FIFO, and does not take a terminal. Neither matters on procfs. */
#define OPEN_FLAGS (O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)

/* RESOLVE_* of linux/openat2.h, which can be older than the running kernel. */
#define OPEN_NO_MAGICLINKS 0x02
#define OPEN_NO_SYMLINKS 0x04
#define OPEN_IN_ROOT 0x10
#define OPEN_CACHED 0x20 /* Linux 5.12 */

/* openat2(2), Linux 5.6. Returns a descriptor or a negative errno. */
int file_open(int dir, const char *path, int flags, uint64_t resolve);

/* Reads a file from its start into *buffer, which has *size bytes and grows to at most `max`. A
 * short read is the end, as procfs returns all it has at once; but for `in_pieces` only an empty
 * one is. Returns the number of bytes or a negative errno. */
ssize_t file_read(int fd, char **buffer, size_t *size, size_t max, bool in_pieces);
