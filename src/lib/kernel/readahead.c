/* SPDX-License-Identifier: MIT */
#include "kernel/readahead.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *piece(const struct readahead *readahead, uint32_t n)
{
    return readahead->bytes + n % READAHEAD_PIECES * (READAHEAD_ROOM + READAHEAD_BYTES) +
           READAHEAD_ROOM;
}

/* EAGAIN is not the end: an iterator has skipped a million objects in a row (bpf_seq_read() in
 * kernel/bpf/bpf_iter.c). */
static ssize_t read_piece(int fd, char *bytes)
{
    ssize_t got;

    do
        got = read(fd, bytes, READAHEAD_BYTES);
    while (got < 0 && (errno == EINTR || errno == EAGAIN));
    return got < 0 ? -errno : got;
}

/* Waits for a free piece. Returns false once nobody wants another. */
static bool wait_for_room(struct readahead *readahead)
{
    pthread_mutex_lock(&readahead->lock);
    while (readahead->n_read - readahead->n_used == READAHEAD_PIECES && !readahead->stop)
        pthread_cond_wait(&readahead->moved, &readahead->lock);
    bool wanted = !readahead->stop;
    pthread_mutex_unlock(&readahead->lock);
    return wanted;
}

static void *read_all(void *argument)
{
    struct readahead *readahead = argument;
    ssize_t got = 1;

    while (got > 0 && wait_for_room(readahead)) {
        got = read_piece(readahead->fd, piece(readahead, readahead->n_read));
        readahead->got[readahead->n_read % READAHEAD_PIECES] = got;
        pthread_mutex_lock(&readahead->lock);
        readahead->n_read++;
        pthread_cond_signal(&readahead->moved);
        pthread_mutex_unlock(&readahead->lock);
    }
    return NULL;
}

int readahead_begin(struct readahead *readahead, int fd, bool threaded)
{
    *readahead = (struct readahead){
        .fd = fd, .lock = PTHREAD_MUTEX_INITIALIZER, .moved = PTHREAD_COND_INITIALIZER};
    readahead->bytes = malloc(READAHEAD_PIECES * (READAHEAD_ROOM + READAHEAD_BYTES));
    if (!readahead->bytes)
        return -ENOMEM;
    /* Without memory for a thread, without one. */
    readahead->threaded =
        threaded && pthread_create(&readahead->thread, NULL, read_all, readahead) == 0;
    return 0;
}

/* Copies what is left in front of the next piece. */
static void carry(struct readahead *readahead, size_t left, char *next)
{
    if (left > 0)
        memmove(next - left, readahead->end - left, left);
}

/* Waits for the next piece. Then gives the one before it back, as nothing of it is needed. */
static ssize_t exchange(struct readahead *readahead, size_t left, char **next)
{
    pthread_mutex_lock(&readahead->lock);
    while (readahead->n_read - readahead->n_used == readahead->held)
        pthread_cond_wait(&readahead->moved, &readahead->lock);
    *next = piece(readahead, readahead->n_used + readahead->held);
    carry(readahead, left, *next);
    readahead->n_used += readahead->held;
    readahead->held = true;
    ssize_t got = readahead->got[readahead->n_used % READAHEAD_PIECES];
    pthread_cond_signal(&readahead->moved);
    pthread_mutex_unlock(&readahead->lock);
    return got;
}

ssize_t readahead_next(struct readahead *readahead, size_t left, char **bytes)
{
    char *next = piece(readahead, 0);
    ssize_t got;

    if (left > READAHEAD_ROOM)
        return -EIO;
    if (readahead->threaded) {
        got = exchange(readahead, left, &next);
    } else {
        carry(readahead, left, next);
        got = read_piece(readahead->fd, next);
    }
    if (got <= 0)
        return got == 0 && left > 0 ? -EIO : got;
    *bytes = next - left;
    readahead->end = next + got;
    return got + (ssize_t)left;
}

void readahead_end(struct readahead *readahead)
{
    if (readahead->threaded) {
        pthread_mutex_lock(&readahead->lock);
        readahead->stop = true;
        pthread_cond_signal(&readahead->moved);
        pthread_mutex_unlock(&readahead->lock);
        pthread_join(readahead->thread, NULL);
    }
    free(readahead->bytes);
}

int readahead_run(int fd, bool threaded,
                  ssize_t (*take)(void *context, const char *bytes, size_t len), void *context)
{
    struct readahead readahead;
    char *bytes;
    ssize_t got, size = 0;
    size_t left = 0;
    int rc = readahead_begin(&readahead, fd, threaded);

    if (rc != 0)
        return rc;
    while (size >= 0 && (got = readahead_next(&readahead, left, &bytes)) > 0) {
        left = (size_t)got;
        while ((size = take(context, bytes + got - left, left)) > 0)
            left -= (size_t)size;
    }
    readahead_end(&readahead);
    return size < 0 ? (int)size : (int)got;
}
