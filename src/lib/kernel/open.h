/* SPDX-License-Identifier: MIT */
/* Opening files that belong to others: without waiting, without effects, and nothing but what was
 * looked at before. */
#ifndef NSTREE_OPEN_H
#define NSTREE_OPEN_H

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdint.h>

#ifndef RESOLVE_CACHED /* Linux 5.12 */
#define RESOLVE_CACHED 0x20
#endif

/* A recorded tree may hold anything: do not wait for a FIFO, and do not take a terminal. On the
 * kernel's procfs these flags change nothing. */
#define OPEN_SAFELY (O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)

/* openat2(2), Linux 5.6, with these RESOLVE_* flags. Returns a descriptor or a negative errno. */
int open_resolved(int dir, const char *path, int flags, uint64_t resolve);

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

#endif
