/* SPDX-License-Identifier: MIT */
/*
 * A process that does reads which may never return, in place of the caller.
 *
 * A thread would not do. The wait for a FUSE server that has taken the request cannot be killed
 * (request_wait_answer() in fs/fuse/dev.c), and a process is not reaped, nor its standard output
 * closed, before its last thread is gone. A helper has its own memory and descriptors, so the
 * caller does not depend on its fate. It sends no signal when it ends, and wait(2) does not see it.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The most that one errand returns. */
#define HELPER_ROOM ((size_t)1 << 20)

/* Memory that both share. */
struct helper_shared {
    atomic_uint progress;               /* counts the finished parts of an errand */
    _Alignas(8) char room[HELPER_ROOM]; /* for structs, too */
};

/*
 * What a helper is sent to do. It gets a copy, with its own descriptor in `dir`. run() may use
 * system calls, its arguments and the shared room, but neither the heap nor any lock: the caller's
 * other threads, which could hold it, do not exist in the helper.
 */
struct errand {
    /* Returns how many bytes it has put into the room, or a negative errno. *fd, -1 at first, is
     * handed over to the caller. */
    ssize_t (*run)(const struct errand *errand, struct helper_shared *shared, int *fd);
    int dir;       /* of the caller; -1: none */
    uint32_t n;    /* for run() */
    size_t max;    /* for run() */
    uint64_t lend; /* capabilities that run() may put in effect; there are no others */
    bool live;     /* `dir` is on the kernel's procfs */
    char path[416];
};

/* Zeroed is ready: helper_send() makes the process. */
struct helper {
    pid_t pid; /* 0: there is no process */
    int sock;
    bool near;                    /* run on the caller's CPU, as the caller waits meanwhile */
    int cpu;                      /* that one; -1: any */
    bool spent;                   /* `shared` belongs to a helper that was given up */
    struct helper_shared *shared; /* NULL before the first errand; valid until the next */
};

/* The room of the next errand, which may hold its arguments; NULL without memory. */
struct helper_shared *helper_room(struct helper *helper);

/* Sends an idle helper. Returns 0, -EAGAIN without a process, -ENOMEM, -EMFILE or -ENFILE. */
int helper_send(struct helper *helper, const struct errand *errand);

/* Whether it is back, or comes back within so many milliseconds. */
bool helper_is_back(const struct helper *helper, int milliseconds);

/* Whether it waits for nothing but a CPU, as far as /proc shows it. */
bool helper_is_running(const struct helper *helper);

/* Once helper_is_back(): gets what run() has returned, and the descriptor that it has handed over,
 * or -1. Returns false if the helper has died instead. */
bool helper_answer(struct helper *helper, ssize_t *result, int *fd);

/* Kills a helper without waiting for its end. Returns its PID, for helper_reap(). The contents of
 * the room stay valid until the next errand. */
pid_t helper_give_up(struct helper *helper);

/* Reaps a helper if it has ended. Returns whether it has. */
bool helper_reap(pid_t pid);

/* Ends an idle helper, if there is one. */
void helper_end(struct helper *helper);
