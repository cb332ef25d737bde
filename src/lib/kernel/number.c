/* SPDX-License-Identifier: MIT */
/* nstree_number_process(). No borrowed privilege is in effect: a copy of the program with file
 * capabilities says of processes that hidepid hides no more than the caller could read. */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/mem.h"
#include "kernel/borrowed.h"
#include "kernel/parse.h"
#include "kernel/procfs.h"

/* Tgid is the fourth line (fs/proc/array.c, task_state()), and an escaped name has 64 bytes at
 * most. What follows may be cut. */
#define STATUS_BYTES 4096

static int read_process(const struct procfs *fs, uint32_t number, uint32_t *pid)
{
    char path[32], text[STATUS_BYTES];
    struct status status = {0};

    snprintf(path, sizeof path, "%u/status", (unsigned)number);
    AUTO_CLOSE int fd = procfs_open_file(fs, fs->fd, path, 0);
    if (fd < 0)
        return fd;
    ssize_t len = read(fd, text, sizeof text);
    if (len < 0)
        return -errno;
    int rc = parse_status(text, (size_t)len, true, &status);
    if ((rc != 0 && rc != -EOPNOTSUPP) || status.tgid == 0)
        return rc == -ESRCH ? rc : -EINVAL;
    *pid = status.tgid;
    return 0;
}

int nstree_number_process(const char *proc, uint32_t number, uint32_t *pid)
{
    struct borrowed borrowed;
    struct procfs fs;

    if (borrowed_look(&borrowed) != 0)
        return -EACCES;
    AUTO_LOAN struct loan loan = borrowed_withhold(&borrowed);
    int rc = procfs_open(proc ? proc : "/proc", &fs);
    if (rc == 0) {
        rc = read_process(&fs, number, pid);
        procfs_close(&fs);
    }
    switch (rc) {
    case 0:
    case -ENOENT:
    case -EACCES:
    case -EINVAL:
        return rc;
    case -ENOTDIR:
    case -ESRCH:
        return -ENOENT;
    case -EPERM:
        return -EACCES;
    default:
        return -EIO;
    }
}
