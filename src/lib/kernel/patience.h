/* SPDX-License-Identifier: MIT */
/*
 * How much of a run others can cost: how long it waits for them, and how much it reads of theirs.
 * One for each run; for one thread.
 *
 * What can block for as long as somebody likes is sent for through a helper (helper.h) and given up
 * if it does not come back: look-ups, open and read of a file below another process's root (a FUSE
 * server or an NFS server that does not answer), the opening of /proc/N/root itself (on NFS:
 * d_weak_revalidate, complete_walk() in fs/namei.c), and /proc/N/cmdline and environ, which take
 * the lock of the process's memory (access_remote_vm() in mm/memory.c), for which a thread in
 * mmap(2) can make them wait while it waits itself for a page of a file on FUSE. Nothing else in
 * /proc that is read here waits for anybody.
 *
 * The bounds. A read is given up after 100 ms, once 8 were given up or others were waited for for
 * 1 s in all, after 5 ms. Nothing more is tried of a user with 8 reads that were given up, nor of
 * any but root once they were waited for for 1.2 s, nor of anybody after 64 such reads. So users
 * hold up a run for at most 1.3 s, and root's own processes for 8 * 100 + 56 * 5 ms, about 1.1 s,
 * more. Reads that take less than 1 ms count as none. Time in which the caller did not run itself
 * does not count either, nor, up to 2 s in all, that in which the helper waited for a processor: on
 * a busy machine everything takes its time.
 */
#ifndef NSTREE_PATIENCE_H
#define NSTREE_PATIENCE_H

#include "base/mem.h"
#include "kernel/helper.h"

/* So long one read is waited for, in slices. */
#define PATIENCE_SLICE_MS 5
#define PATIENCE_SLICES 20
#define PATIENCE_SLICES_LATER 1

/* Of so many that were given up a user, or the run, has no more. */
#define PATIENCE_FULL 8
#define PATIENCE_EACH 8
#define PATIENCE_ALL 64

/* So long others than root are waited for in all, in microseconds. */
#define PATIENCE_WAIT_FULL 1000000U
#define PATIENCE_WAIT_ALL 1200000U
#define PATIENCE_WAIT_LEAST 1000U

/* So many slices in all a helper may wait for a processor. */
#define PATIENCE_GRACE 400

/* An errand of which fewer parts are done in a slice keeps the caller waiting. */
#define PATIENCE_PARTS 3

/* Bytes that are read of others: of root's processes, of each other user's, of all those. */
struct budget_limits {
    uint64_t root, each, others;
};
extern const struct budget_limits budget_labels, budget_mounts;

/* Zeroed is unused. */
struct budget {
    uint64_t root, others;
    struct map each; /* by uid; below 4 GiB as each limit is */
};

struct patience {
    struct helper helper;      /* of patience_read() */
    struct map each;           /* by uid: how many were given up */
    uint32_t given_up;         /* in all */
    uint32_t grace;            /* slices of PATIENCE_GRACE that were used */
    uint32_t waited;           /* for others than root, in microseconds */
    pid_t stuck[PATIENCE_ALL]; /* helpers that were given up */
    uint32_t n_stuck;
    struct budget labels, mounts;

    /* For nstree_info. */
    uint64_t unanswered; /* reads that did not come back in time, or were not tried any more */
    uint64_t beyond;     /* reads that were left out, or cut, as they were beyond a budget */
    uint64_t wanting;    /* reads for which descriptors, memory or processes were lacking */
};

/* Ends the helpers, and whatever else it has. */
void patience_end(struct patience *patience);

/* Whether reads for a user's processes are still tried. */
bool patience_lasts(const struct patience *patience, uint32_t uid);

/*
 * Sends a helper for something of a process of `uid` and waits. Returns what errand->run() returns
 * (*bytes are lent until the next errand, *fd is the caller's; both can be NULL where there are
 * none), or
 *
 *   -ETIMEDOUT           it was given up, or not tried
 *   -EAGAIN, -ENOMEM, -EMFILE, -ENFILE   no helper could be made
 *
 * All of these are counted.
 */
ssize_t patience_read(struct patience *patience, const struct errand *errand, uint32_t uid,
                      const char **bytes, int *fd);

/* Waits for a helper that was sent. With each part that it gets done it has all the patience anew.
 * Returns 0 and its answer; -ETIMEDOUT if it did not come back, -EAGAIN if it has died: then it has
 * been given up, and for the first patience_blame() is to be called. */
int patience_wait(struct patience *patience, struct helper *helper, bool root, ssize_t *result,
                  int *fd);

/* Counts a read that was given up against a user. */
void patience_blame(struct patience *patience, uint32_t uid);

/* How much may still be read of a process of `uid`: at most `max`. */
size_t budget_left(const struct budget *budget, const struct budget_limits *limits, uint32_t uid,
                   size_t max);

/* Notes what was read. */
void budget_take(struct budget *budget, uint32_t uid, size_t bytes);

#endif
