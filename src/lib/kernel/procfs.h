/* SPDX-License-Identifier: MIT */
/*
 * Every system call on a procfs and its namespace links. All of it is relative to one held
 * directory; the only file that meets processes which end while it looks at them.
 */
#ifndef NSTREE_PROCFS_H
#define NSTREE_PROCFS_H

#include "kernel/borrowed.h"
#include "kernel/nsfs.h"
#include "kernel/open.h"
#include "record.h"

struct patience;

struct procfs {
    int fd;
    bool live; /* it is the kernel's, not a recorded tree: namespaces can be asked about */
    struct borrowed borrowed;  /* what of it may be looked at by privileges that are lent */
    struct patience *patience; /* for what may never come back; NULL: it is waited for */
};

/* Opens a procfs, or a recorded one, for which nothing is lent. Returns 0 or the negative errno of
 * open(2). End with procfs_close(). */
int procfs_open(const char *path, struct procfs *out);
void procfs_close(struct procfs *fs);

/* A process as the directory lists it. */
struct procfs_entry {
    uint64_t inode; /* of its directory, which is the process's own: a reused PID has another. 0:
                     * not known */
    uint32_t pid;
    uint16_t since; /* the moment in which it had that inode (struct scanner); for the record */
};

/* All processes that the directory lists, ascending as the kernel gives them, into *out; free()
 * them. Returns 0, -ENOMEM, or the negative errno of getdents64(2). */
int procfs_list(const struct procfs *fs, struct procfs_entry **out, size_t *n);

/* How many links the directory has: by the kernel's own counter one of each process of the machine,
 * in whatever PID namespace (proc_root_getattr() in fs/proc/root.c), and what procfs_fixed_links()
 * says. 0 if that cannot be had. */
size_t procfs_links(const struct procfs *fs);

/* The links that are no processes': 2, and one of each other directory. 0 if that cannot be had. */
size_t procfs_fixed_links(const struct procfs *fs);

/* Opens a file of a procfs for reading, below `dir`; `flags` are added. In a recorded tree nothing
 * but a regular file is opened: to open a device can have effects, and a FIFO waits. Returns a
 * descriptor or a negative errno, -EINVAL for what is no regular file. */
int procfs_open_file(const struct procfs *fs, int dir, const char *path, int flags);

/* What an errno of a process's file means for the scan: -ESRCH gone, -EACCES denied, -ENOMEM,
 * -EMFILE or -ENFILE no further; -EBADMSG anything else. */
int procfs_error(int error);

/* What reads processes one after another. Zeroed with `fs` set is ready; one a thread. */
struct procfs_reader {
    const struct procfs *fs;
    char *status, *cgroup; /* buffers that grow */
    size_t status_size, cgroup_size;
    struct record record; /* the last process; what it points to is lent until the next */
    uint32_t nspid[NSTREE_LEVELS_MAX];
    char name[64];
    bool denied;   /* the last process is nested and its ns/pid may not be read */
    bool defers;   /* leave the ns/pid of those alone that are no init: record.deferred */
    bool outsider; /* most ns/pid may not be read: that one may not is no sign of a process that
                    * ends, as it is for root */
};

void procfs_reader_free(struct procfs_reader *reader);

/*
 * Reads a process into reader->record: 3 system calls for a member of the root, 5 for a nested one
 * (6 where the inode of its directory is not known or has changed, 3 if the reader is defers and
 * the process is no init, 4 if it is an outsider and may not read the link). All that is reported
 * was one process's: what is read by path is read while the path is known to lead to it.
 *
 *   -ESRCH       it is gone, or its PID is a thread's number and no process's
 *   -EACCES      its status may not be read
 *   -EBADMSG     its status could not be understood
 *   -EOPNOTSUPP  its status has no NSpid
 *   -ENOMEM, -EMFILE, -ENFILE
 */
int procfs_read(struct procfs_reader *reader, const struct procfs_entry *entry);

/* Fills in the inode of an entry, 0 where there is no such process. */
void procfs_look_up(const struct procfs *fs, struct procfs_entry *entry);

/* Whether a process is still the one that was listed with this inode; also false where that cannot
 * be told. */
bool procfs_is_same(const struct procfs *fs, const struct procfs_entry *entry);

/* The first line of a file at the top, such as sys/kernel/hostname, into text[0..size),
 * NUL-terminated. Returns its length; 0 if it cannot be read. */
size_t procfs_line(const struct procfs *fs, const char *path, char *text, size_t size);

/* The number that /proc/self has in this procfs; 0 if it is not to be seen from there. */
uint32_t procfs_self(const struct procfs *fs);

/* The inode of the PID namespace of `pid`, or 0 if the link cannot be read. */
uint32_t procfs_inode(const struct procfs *fs, uint32_t pid);

/* Whether it may hide processes of others (hidepid, proc(5)); also true where that cannot be
 * told. */
bool procfs_hides(const struct procfs *fs);

/* A hash of the cgroup file of `pid` (cgroups(7)), which any user can read; 0 if it cannot be. */
uint64_t procfs_cgroup(struct procfs_reader *reader, uint32_t pid);

/* An open descriptor of the PID namespace of `pid`, if it is still `inode`; else a negative errno.
 * Only for a live procfs. */
int procfs_open_ns(const struct procfs *fs, uint32_t pid, uint32_t inode);

#endif
