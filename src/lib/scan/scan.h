/* SPDX-License-Identifier: MIT */
/* What the scan of a procfs consists of: the steps that scan.c puts in order. */
#ifndef NSTREE_SCAN_H
#define NSTREE_SCAN_H

#include <pthread.h>

#include "kernel/procfs.h"
#include "model/builder.h"

/* Namespaces that one of several threads has asked about, or is asking about. */
struct claims {
    pthread_mutex_t lock;
    struct map taken; /* inode to 0 */
};

/* One thread's share of a scan: what it reads with and what it has read. */
struct scanner {
    const struct procfs *fs;
    struct procfs_reader reader;
    struct builder *builder;
    uint32_t want;
    uint16_t moment;  /* counts what comes one after another: lists, reads, looks */
    uint16_t listed;  /* the moment of the last list */
    bool few;         /* only some processes are asked for: calls are to be few, too */
    uint64_t too_old; /* processes whose status has no NSpid */
    struct {          /* the inits of namespaces, as they are learned of: only if asked for */
        uint32_t pids[NSTREE_LEVELS_MAX];
        uint32_t n;
        bool ask;
        bool untold; /* the kernel did not tell one of them, or there were too many at once */
    } inits;
    struct claims *claims; /* what threads share; NULL: there is one only */
};

/* The last moment: what is read in it is never proven to be of before or after anything. */
#define SCAN_MOMENT_MAX UINT16_MAX

/* Begins the next moment. */
static inline void scan_next_moment(struct scanner *scanner)
{
    if (scanner->moment < SCAN_MOMENT_MAX)
        scanner->moment++;
}

/* Reads one process and, where it is the first seen of its namespace, asks about that and about
 * those above it. That it is gone, hidden or malformed is counted in the tree. Returns 1 if it was
 * added, 0 if not, -ENOMEM, -EMFILE or -ENFILE. */
int scan_process(struct scanner *scanner, const struct procfs_entry *entry);

/* Asks about the namespace `key` that process `pid`, with `levels` numbers, has shown, and about
 * those above it, unless that was done. Returns 0 or as scan_process(). */
int scan_shown(struct scanner *scanner, uint32_t pid, uint64_t key, uint32_t levels);

/* Asks again about namespaces of which processes were seen, but nothing was learnt: whoever claimed
 * them was too late. Returns 0 or as scan_process(). */
int scan_unlearnt(struct scanner *scanner);

/* Tells the tree which namespace the root is, by a member of it. Returns 1, 0 where its link cannot
 * be read, or -ENOMEM. */
int scan_root(struct scanner *scanner, uint32_t pid);

/* Tells the tree of a namespace that no process showed, by an open descriptor of it (which stays
 * open), and of those above it. To be called once nstree_info.foreign is known. Returns 0, -EXDEV
 * where it is not below the root, -ENOMEM, -EMFILE, -ENFILE, or another negative errno where the
 * kernel does not tell its place. */
int scan_namespace(struct scanner *scanner, int fd, uint32_t inode);

/* Finds the namespaces without members, and what keeps each. All processes have been read and the
 * drafts are sorted. Returns 0 or as scan_process(). */
int scan_empty(struct scanner *scanner);

/* Reads all of `entries`, in several threads where that pays. Returns 0 or as scan_process(). */
int scan_all(struct scanner *scanner, const struct procfs_entry *entries, size_t n);

/* The same of a process that is not on a list, in a moment of its own. */
int scan_pid(struct scanner *scanner, uint32_t pid);

/* Lists the procfs again, and reads what the tree does not have, or has of another process that had
 * the PID before. The drafts are sorted. Returns 0, as scan_process(), or the negative errno of the
 * list. */
int scan_missing(struct scanner *scanner);

/* The same after all were read, and sorts the drafts: those that could not be read then are met
 * again, and not counted twice. Returns 0 or as scan_process(). */
int scan_again(struct scanner *scanner);

/* Finds out whose PPid may mean another process than the one that was read, and from which PIDs
 * nothing follows (struct draft). All processes have been read and the drafts are sorted. Returns 0
 * or as scan_process(). */
int scan_prove(struct scanner *scanner);

/* Finds out the namespaces of processes that are unasked. Returns 0 or as scan_process(). */
int scan_unasked(struct scanner *scanner);

/* In how many threads scan_all() would read n processes; 0 stands for one. */
size_t scan_threads(size_t n);

/* Reads only `pids` and what places and names the namespaces that they are in. Returns 0, -EAGAIN
 * where that cannot be had without reading all, or as scan_process(). */
int scan_some(struct scanner *scanner, const uint32_t *pids, size_t n);

/* Reads all processes by BPF. Returns 0 or as bpf_open(), with the reason in *err. */
int scan_bpf(struct scanner *scanner, struct nstree_error *err);

/* Tells the tree of the namespaces that have no process yet, and what keeps them, where BPF can be
 * used. All processes have been read and the drafts are sorted. Returns 0, also where it cannot, or
 * -ENOMEM. */
int scan_unborn(struct scanner *scanner);

/* Reads the command lines of all processes that are in the tree. All else of them has been read,
 * and the drafts are sorted. What cannot be read is counted. Returns 0 or -ENOMEM. */
int scan_args(struct scanner *scanner);

/* Whether scan_bpf() is likely to be faster than scan_all() on this machine now. */
bool scan_bpf_pays(const struct scanner *scanner);

/* Whether the procfs is that of the caller's own PID namespace, so that numbers that the kernel
 * gives the caller are numbers of that procfs. */
bool scan_is_own(struct scanner *scanner);

/* Names the namespaces that finish_places() has placed, as far as NSTREE_WANT_LABELS asks for it,
 * and notes the other namespaces of their inits, as far as NSTREE_WANT_OTHERS does. What cannot be
 * read is left out. Returns 0 or -ENOMEM. */
int scan_labels(struct scanner *scanner);

#endif
