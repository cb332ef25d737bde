/* SPDX-License-Identifier: MIT */
/* Reads a stream ahead, in a thread of its own, while what has come is worked at: the kernel takes
 * longer to write the stream of a BPF iterator than the tree takes to take it in. */
#ifndef NSTREE_AHEAD_H
#define NSTREE_AHEAD_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* What may be put in front of what was read: a rest of what was read before. */
#define AHEAD_ROOM ((size_t)1 << 10)
#define AHEAD_BYTES ((size_t)64 << 10)
#define AHEAD_PIECES 4

struct ahead {
    int fd;
    bool threaded;
    pthread_t thread;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t moved;
    uint32_t n_read, n_used; /* pieces that were read, and that were given back */
    bool stop;
    char *bytes; /* AHEAD_PIECES times room and piece */
    ssize_t got[AHEAD_PIECES];
};

/* Begins to read `fd`, which stays the caller's, with or without a thread. Returns 0 or -ENOMEM.
 * End with ahead_end(). */
int ahead_begin(struct ahead *ahead, int fd, bool threaded);

/* The next piece into *bytes, which is NULL before the first; AHEAD_ROOM bytes before it may be
 * written to as well. Lent until the next call. Returns its length, 0 at the end, or the negative
 * errno of read(2). Once it has returned 0 or an error it must not be called again. */
ssize_t ahead_next(struct ahead *ahead, char **bytes);

void ahead_end(struct ahead *ahead);

#endif
