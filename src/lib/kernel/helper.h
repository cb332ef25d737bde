/* SPDX-License-Identifier: MIT */
/*
 * A process that reads what may never come back, in place of the caller.
 *
 * It is no thread, for a thread can keep its process from ending: the wait for the answer of a FUSE
 * server that has taken the request cannot be killed (request_wait_answer() in fs/fuse/dev.c), and
 * a process is not reaped before its last thread is gone. Nor would whoever reads our standard
 * output see its end. A helper has memory and descriptors of its own, so that nothing of the caller
 * depends on what becomes of it. It sends no signal when it ends, and wait(2) does not see it.
 */
#ifndef NSTREE_HELPER_H
#define NSTREE_HELPER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The most that one errand brings back. */
#define HELPER_ROOM ((size_t)1 << 20)

/* What the two share. */
struct helper_shared {
    atomic_uint progress;               /* an errand of several parts counts them here */
    _Alignas(8) char room[HELPER_ROOM]; /* for structs, too */
};

/*
 * What a helper is sent for: a copy of this, with a descriptor of its own in `dir`. What it runs
 * may use system calls, its argument and the shared room, but not the heap, nor anything with a
 * lock: the caller's other threads are not there to release it.
 */
struct errand {
    /* Returns how many bytes it has put into the room or a negative errno; *fd, -1 at first, is
     * handed over to the caller. */
    ssize_t (*run)(const struct errand *errand, struct helper_shared *shared, int *fd);
    int dir;       /* lent; -1: none */
    uint32_t n;    /* what it is, run() knows */
    size_t max;    /* likewise */
    uint64_t lend; /* capabilities that it may put in effect for this; a helper has none else */
    bool live;     /* `dir` is of the kernel's own procfs */
    char path[416];
};

/* Zeroed is none yet: helper_send() makes it. */
struct helper {
    pid_t pid; /* 0: there is no process */
    int sock;
    bool near;                    /* for one that the caller waits for: to run where that runs */
    int cpu;                      /* there; -1: anywhere */
    bool spent;                   /* `shared` is that of one that was given up */
    struct helper_shared *shared; /* NULL before the first errand; lent until the next */
};

/* The room of the next errand, whose arguments can be put there; NULL without memory. */
struct helper_shared *helper_room(struct helper *helper);

/* Sends a helper, which is idle. Returns 0, -EAGAIN where no process can be made, -ENOMEM, -EMFILE
 * or -ENFILE. */
int helper_send(struct helper *helper, const struct errand *errand);

/* Whether it has come back, or comes within so many milliseconds. */
bool helper_is_back(const struct helper *helper, int milliseconds);

/* Whether it waits for nothing but a processor, as far as /proc shows it. */
bool helper_is_running(const struct helper *helper);

/* What run() has returned into *result, once helper_is_back(), and a descriptor that is the
 * caller's into *fd, -1 if there is none. Returns false if the helper has died instead. */
bool helper_answer(struct helper *helper, ssize_t *result, int *fd);

/* Kills one that does not come back, without waiting for its end. Returns its PID, for
 * helper_reap(). What it has put into the room stays there until the next errand. */
pid_t helper_give_up(struct helper *helper);

/* Takes note of its end, if it has come. Returns whether it has. */
bool helper_reap(pid_t pid);

/* Ends an idle helper, or none. */
void helper_end(struct helper *helper);

#endif
