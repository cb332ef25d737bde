/* SPDX-License-Identifier: MIT */
/* Reads a stream ahead, in a thread of its own, while what has come is worked at: the kernel takes
 * longer to write the stream of a BPF iterator than the tree takes to take it in. */
#ifndef NSTREE_AHEAD_H
#define NSTREE_AHEAD_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* The most that may be left of a piece: more than the longest record. */
#define READAHEAD_ROOM ((size_t)1 << 10)
#define READAHEAD_BYTES ((size_t)64 << 10)
#define READAHEAD_PIECES 4

struct readahead {
    int fd;
    bool threaded;
    bool held; /* a piece is lent */
    pthread_t thread;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t moved;
    uint32_t n_read, n_used; /* pieces that were read, and that were given back */
    bool stop;
    char *bytes; /* READAHEAD_PIECES times room and piece */
    char *end;   /* of what was lent */
    ssize_t got[READAHEAD_PIECES];
};

/* Begins to read `fd`, which stays the caller's, with or without a thread. Returns 0 or -ENOMEM.
 * End with readahead_end(). */
int readahead_begin(struct readahead *readahead, int fd, bool threaded);

/*
 * More into *bytes, lent until the next call: first the `left` bytes that the caller could not use
 * yet of what it was lent before (0 at first, at most READAHEAD_ROOM), then the next piece. Returns
 * how many bytes that are, 0 at the end, or
 *
 *   -EIO   too much is left, or anything at the end
 *   other  the negative errno of read(2)
 *
 * Once it has returned 0 or an error it must not be called again.
 */
ssize_t readahead_next(struct readahead *readahead, size_t left, char **bytes);

void readahead_end(struct readahead *readahead);

#endif
