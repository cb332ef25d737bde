/* SPDX-License-Identifier: MIT */
#ifndef NSTREE_FILE_H
#define NSTREE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * Reads an open file into *buffer, of *size bytes, which grows as needed. Stops at the end of the
 * file, or after `max` bytes. A procfs gives all that it has at once, so a short read is the end
 * too, unless the file comes `in_pieces`. Returns the bytes read or a negative errno. The buffer
 * stays the caller's in any case; it is full only if there may be more.
 */
ssize_t file_read(int fd, char **buffer, size_t *size, size_t max, bool in_pieces);

#endif
