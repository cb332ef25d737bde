/* SPDX-License-Identifier: MIT */
/*
 * Limits to what other users can cost a run: the time that it waits for them, and the bytes that it
 * reads of theirs. There is one for each run, used by one thread.
 *
 * A helper (helper.h) does all that can block for as long as another user wants, and is given up if
 * it does not return. This is: lookup, open and read of files below another process's root (a FUSE
 * or NFS server may not answer); to open /proc/PID/root itself (on NFS: d_weak_revalidate,
 * complete_walk() in fs/namei.c); and to read /proc/PID/cmdline and environ. The last two take the
 * lock of the process's memory (access_remote_vm() in mm/memory.c), which a thread in mmap(2) can
 * hold while it waits for a page of a file on FUSE. Nothing else that is read in /proc can block.
 *
 * A read is given up after 100 ms, or after 5 ms once 8 reads were given up or users other than
 * root took 1 s in all. A user with 8 reads that were given up gets no more; users other than root
 * get none after 1.2 s in all, and nobody after 64 reads that were given up. So users delay a run
 * by at most 1.3 s, and root's processes by another 8 * 100 + 56 * 5 ms, about 1.1 s. Reads of less
 * than 1 ms do not count, nor does time in which the caller did not run, nor, up to 2 s in all,
 * time in which the helper waited for a CPU: on a busy machine everything takes longer.
 */
#pragma once

#include "base/mem.h"
#include "kernel/helper.h"

/* How long to wait for one read, in slices. */
#define PATIENCE_SLICE_MS 5
#define PATIENCE_SLICES 20
#define PATIENCE_SLICES_LATER 1

/* How many reads that were given up shorten the wait, end it for a user, and end it for all. */
#define PATIENCE_FULL 8
#define PATIENCE_EACH 8
#define PATIENCE_ALL 64

/* How long to wait for users other than root in all, in microseconds. */
#define PATIENCE_WAIT_FULL 1000000U
#define PATIENCE_WAIT_ALL 1200000U
#define PATIENCE_WAIT_LEAST 1000U

/* How many slices helpers may wait for a CPU, in all. */
#define PATIENCE_GRACE 400

/* A slice in which a helper finishes fewer parts than this counts as waiting. */
#define PATIENCE_PARTS 3

/* Limits in bytes: for root's processes, for those of each other user, for those of all others. */
struct budget_limits {
    uint64_t root, each, others;
};
extern const struct budget_limits budget_labels, budget_mounts;

/* Bytes that were read. */
struct budget {
    uint64_t root, others;
    struct map each; /* by UID; below 4 GiB, as each limit is */
};

struct patience {
    struct helper helper;      /* of patience_read() */
    struct map each;           /* reads that were given up, by UID */
    uint32_t given_up;         /* in all */
    uint32_t grace;            /* slices of PATIENCE_GRACE that were used */
    uint32_t waited;           /* for users other than root, in microseconds */
    pid_t stuck[PATIENCE_ALL]; /* helpers that were given up */
    uint32_t n_stuck;
    struct budget labels, mounts;

    /* For nstree_info. */
    uint64_t unanswered; /* reads that did not return in time, or were not tried any more */
    uint64_t beyond;     /* reads that a budget left out or cut short */
    uint64_t wanting;    /* reads without descriptors, memory or processes for them */
};

/* Ends the helpers, and frees everything. */
void patience_end(struct patience *patience);

/* Whether reads for a user's processes are still tried. */
bool patience_lasts(const struct patience *patience, uint32_t uid);

/*
 * Sends a helper on an errand for a process of `uid`, and waits. Returns what errand->run()
 * returns. *bytes are valid until the next errand, and *fd becomes the caller's. Either can be NULL
 * if there are none. Otherwise counts and returns
 *
 *   -ETIMEDOUT                           it was given up, or not tried
 *   -EAGAIN, -ENOMEM, -EMFILE, -ENFILE   there is no helper
 */
ssize_t patience_read(struct patience *patience, const struct errand *errand, uint32_t uid,
                      const char **bytes, int *fd);

/* Waits for a helper that was sent, starting anew with each part that it finishes. Returns 0 with
 * its answer, -ETIMEDOUT if it did not return, which the caller counts by patience_blame(), or
 * -EAGAIN if it has died. In both cases it has been given up. */
int patience_wait(struct patience *patience, struct helper *helper, bool root, ssize_t *result,
                  int *fd);

/* Counts a read that was given up against a user. */
void patience_blame(struct patience *patience, uint32_t uid);

/* How many bytes may still be read of a process of `uid`, at most `max`. */
size_t budget_left(const struct budget *budget, const struct budget_limits *limits, uint32_t uid,
                   size_t max);

/* Counts bytes that were read. */
void budget_take(struct budget *budget, uint32_t uid, size_t bytes);
