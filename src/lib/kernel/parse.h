/* SPDX-License-Identifier: MIT */
/*
 * Parses what /proc contains: namespace links, status files, lines of mountinfo. Pure: no system
 * call, no allocation. Trusts no length and no order.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record.h"

/* What is used of a status file. */
struct status {
    uint32_t nspid[NSTREE_LEVELS_MAX];
    uint32_t tgid;
    uint32_t ppid;
    uint32_t uid;
    uint32_t threads; /* 0 if not known */
    uint64_t rss;     /* only of parse_status_usage(): KiB, or NSTREE_USAGE_UNKNOWN */
    uint32_t name_len;
    uint8_t levels;
    char state;
    bool kthread;
    char name[NAME_BYTES_MAX + 1]; /* unescaped, NUL-terminated */
};

/* Parses the text of a namespace link of this type, `TYPE:[INODE]` (namespaces(7)). Returns 0 or
 * -EINVAL. */
int parse_link(const char *text, size_t len, const char *type, uint32_t *inode);

/* Parses the text of a PID namespace link, `pid:[INODE]`. Returns 0 or -EINVAL. */
int parse_ns_link(const char *text, size_t len, uint32_t *inode);

/*
 * Parses a status file (proc_pid_status(5); fs/proc/array.c). `whole`: no more text follows.
 *
 *   -EAGAIN      the text ends before all that is needed: read more of it
 *   -EOPNOTSUPP  it is whole and has no NSpid line, as before Linux 4.1 and in gVisor: *out has the
 * rest -ESRCH       its PIDs are 0: the process was released while the kernel wrote it -EBADMSG it
 * is no status file
 */
int parse_status(const char *text, size_t len, bool whole, struct status *out);

/* The same, and also `rss` and, of every process, `threads`, which come later in the file. */
int parse_status_usage(const char *text, size_t len, bool whole, struct status *out);

/* What is used of a line of mountinfo. */
struct mount_line {
    uint32_t id;      /* unique among all mounts of the machine */
    uint32_t inode;   /* of the PID namespace that is mounted; 0: something else is */
    const char *path; /* the mount point, unescaped, NUL-terminated; only with an inode */
};

/* Parses a line of a mountinfo file (proc_pid_mountinfo(5)) in place: out->path points into it. The
 * line is NUL-terminated, with or without its newline. Returns 0 or -EINVAL. */
int parse_mount_line(char *line, struct mount_line *out);

/* Makes one line of the text of a cmdline file, in place: cuts NULs at its end, and turns the
 * others into spaces. Returns the new length. */
size_t parse_cmdline(char *text, size_t len);
