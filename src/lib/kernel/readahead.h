/* SPDX-License-Identifier: MIT */
/* Reads a stream of records. A thread can read ahead while they are processed: the kernel takes
 * longer to write the stream of a BPF iterator than the scan takes to process it. */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* The most that can be left of a piece: more than the longest record. */
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

/*
 * Reads a stream to its end, with or without a thread. take() gets the bytes that are there, and
 * returns the size of the record at their start, 0 if that is not all there, or a negative errno,
 * which ends the reading. Returns 0, what take() or read(2) failed with, -ENOMEM, or -EIO if the
 * stream ends within a record.
 */
int readahead_run(int fd, bool threaded,
                  ssize_t (*take)(void *context, const char *bytes, size_t len), void *context);

/* The steps of readahead_run(). `fd` stays the caller's. Returns 0 or -ENOMEM. End with
 * readahead_end(). */
int readahead_begin(struct readahead *readahead, int fd, bool threaded);

/*
 * Lends *bytes until the next call: first the last `left` bytes of what was lent before (0 at
 * first, at most READAHEAD_ROOM), then the next piece. Returns how many bytes these are, 0 at the
 * end, or
 *
 *   -EIO   more than READAHEAD_ROOM is left, or anything at the end
 *   other  the negative errno of read(2)
 *
 * After 0 or an error it must not be called again.
 */
ssize_t readahead_next(struct readahead *readahead, size_t left, char **bytes);

void readahead_end(struct readahead *readahead);
