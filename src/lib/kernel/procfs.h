/* SPDX-License-Identifier: MIT */
/*
 * The system calls on a procfs, all of them relative to one open directory. Processes can end
 * between any two of them, which only this file and holders.c have to handle.
 */
#pragma once

#include "kernel/borrowed.h"
#include "kernel/nsfs.h"
#include "kernel/open.h"
#include "kernel/stat.h"
#include "record.h"

struct patience;

struct procfs {
    int fd;
    bool live; /* it is the kernel's, not a recorded tree: namespaces can be asked about */
    struct borrowed borrowed;
    struct patience *patience; /* for reads that may never return; NULL: wait for them */
};

/* Opens a procfs, or a recorded one, with no borrowed privileges. Returns 0 or the negative errno
 * of open(2). End with procfs_close(). */
int procfs_open(const char *path, struct procfs *out);
void procfs_close(struct procfs *fs);

/* A process as the directory lists it. */
struct procfs_entry {
    uint64_t inode; /* of its directory: a reused PID has another. 0: not known */
    uint32_t pid;
    uint16_t since; /* the moment in which it had that inode (struct scanner); for the record */
};

/* Lists all processes, in the kernel's order, which ascends. free() *out. Returns 0 or a negative
 * errno. */
int procfs_list(const struct procfs *fs, struct procfs_entry **out, size_t *n);

/* The link count of the directory. The kernel counts one for each process of the machine, in any
 * PID namespace (proc_root_getattr() in fs/proc/root.c), beyond procfs_fixed_links(). 0 if it is
 * not known. */
size_t procfs_links(const struct procfs *fs);

/* The links that do not count processes: 2, and one for each other directory. 0 if not known. */
size_t procfs_fixed_links(const struct procfs *fs);

/* Opens a file below `dir` for reading, with additional `flags`. In a recorded tree only regular
 * files are opened, as opening a device can have effects: all others are -EINVAL. Returns a
 * descriptor or a negative errno. */
int procfs_open_file(const struct procfs *fs, int dir, const char *path, int flags);

/* Classifies an errno from a file of a process: -ESRCH if it is gone, -EACCES, -ENOMEM, -EMFILE,
 * -ENFILE, and -EBADMSG for anything else. */
int procfs_error(int error);

/* Reads processes, one after another. Zeroed with `fs` set is ready. Each thread has its own. */
struct procfs_reader {
    const struct procfs *fs;
    char *status, *cgroup; /* buffers that grow */
    size_t status_size, cgroup_size;
    size_t cgroup_len;    /* what procfs_cgroup() has read into `cgroup` */
    struct record record; /* the last process; what it points to is lent until the next */
    uint32_t nspid[NSTREE_LEVELS_MAX];
    char name[NAME_BYTES_MAX + 1];
    const struct stat_clock *clock; /* read the usage, too; NULL: that was not asked for */
    struct nstree_usage usage;
    bool denied;   /* the last process is nested, and its ns/pid may not be read */
    bool flat;     /* a process without NSpid is a member of the root, with one PID */
    bool defers;   /* read ns/pid of inits only: record.deferred */
    bool outsider; /* most ns/pid may not be read. For root, one that may not be read is a sign that
                    * its process ends */
};

void procfs_reader_free(struct procfs_reader *reader);

/*
 * Reads a process into reader->record. All of the record is of one process: paths are only used
 * while they are known to lead to it. Takes 3 system calls for a member of the root, 5 for a nested
 * process (6 if the inode of its directory is not known or has changed, 3 if its link is deferred,
 * 4 if an outsider may not read the link). With a clock, 3 more. Returns 0 or
 *
 *   -ESRCH       it is gone, or its PID is that of a thread only
 *   -EACCES      its status may not be read
 *   -EBADMSG     its status could not be understood
 *   -EOPNOTSUPP  its status has no NSpid
 *   -ENOMEM, -EMFILE, -ENFILE
 */
int procfs_read(struct procfs_reader *reader, const struct procfs_entry *entry);

/* Sets the inode of an entry, to 0 if there is no such process. */
void procfs_look_up(const struct procfs *fs, struct procfs_entry *entry);

/* Whether a process is still the one that was listed with this inode. False if not known. */
bool procfs_is_same(const struct procfs *fs, const struct procfs_entry *entry);

/* Reads the first line of a file, such as sys/kernel/hostname, into text[0..size), NUL-terminated.
 * Returns its length, 0 if it cannot be read. */
size_t procfs_line(const struct procfs *fs, const char *path, char *text, size_t size);

/* What the times of this procfs count in. */
struct stat_clock procfs_clock(const struct procfs *fs);

/* The PID of the caller in this procfs; 0 if it does not show the caller. */
uint32_t procfs_self(const struct procfs *fs);

/* The inode of the PID namespace of `pid`, 0 if the link cannot be read. */
uint32_t procfs_inode(const struct procfs *fs, uint32_t pid);

/* Whether it may hide processes of other users (hidepid, proc(5)). True if not known. */
bool procfs_hides(const struct procfs *fs);

/* A hash of the cgroup file of `pid` (cgroups(7)), 0 if it cannot be read. Any user can. */
uint64_t procfs_cgroup(struct procfs_reader *reader, uint32_t pid);

/* Opens the PID namespace of `pid`, if that is still `inode`. Only for a live procfs. Returns a
 * descriptor or a negative errno. */
int procfs_open_ns(const struct procfs *fs, uint32_t pid, uint32_t inode);
