/* SPDX-License-Identifier: MIT */
/* Opens directories, and what was looked at before. */
#pragma once

#include <dirent.h>

/* Opens a directory, no link to one. Returns NULL with errno if that fails. */
DIR *open_directory(int dir, const char *path);

static inline void cleanup_closedir(DIR *const *dir)
{
    if (*dir)
        closedir(*dir);
}

#define AUTO_CLOSEDIR __attribute__((cleanup(cleanup_closedir)))

/* Opens for reading what an O_PATH descriptor refers to, wherever its path leads by now. `self` is
 * the path from `dir` to the `self` of a procfs. If that is not the caller's, /proc/self is used.
 * Returns a descriptor or a negative errno. */
int reopen(int dir, const char *self, int path);
