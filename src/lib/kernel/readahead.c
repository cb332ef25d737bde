/* SPDX-License-Identifier: MIT */
#include "kernel/readahead.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *piece(const struct ahead *ahead, uint32_t n)
{
    return ahead->bytes + n % AHEAD_PIECES * (AHEAD_ROOM + AHEAD_BYTES) + AHEAD_ROOM;
}

/* EAGAIN is no end: an iterator has met a million objects in a row that it had nothing to say of.
 */
static ssize_t read_piece(int fd, char *bytes)
{
    ssize_t got;

    do
        got = read(fd, bytes, AHEAD_BYTES);
    while (got < 0 && (errno == EINTR || errno == EAGAIN));
    return got < 0 ? -errno : got;
}

/* Waits until there is a free piece. Returns whether there is still anybody who wants it. */
static bool wait_for_room(struct ahead *ahead)
{
    pthread_mutex_lock(&ahead->lock);
    while (ahead->n_read - ahead->n_used == AHEAD_PIECES && !ahead->stop)
        pthread_cond_wait(&ahead->moved, &ahead->lock);
    bool wanted = !ahead->stop;
    pthread_mutex_unlock(&ahead->lock);
    return wanted;
}

static void *read_all(void *argument)
{
    struct ahead *ahead = argument;
    ssize_t got = 1;

    while (got > 0 && wait_for_room(ahead)) {
        got = read_piece(ahead->fd, piece(ahead, ahead->n_read));
        ahead->got[ahead->n_read % AHEAD_PIECES] = got;
        pthread_mutex_lock(&ahead->lock);
        ahead->n_read++;
        pthread_cond_signal(&ahead->moved);
        pthread_mutex_unlock(&ahead->lock);
    }
    return NULL;
}

int ahead_begin(struct ahead *ahead, int fd, bool threaded)
{
    *ahead = (struct ahead){
        .fd = fd, .lock = PTHREAD_MUTEX_INITIALIZER, .moved = PTHREAD_COND_INITIALIZER};
    ahead->bytes = malloc(AHEAD_PIECES * (AHEAD_ROOM + AHEAD_BYTES));
    if (!ahead->bytes)
        return -ENOMEM;
    /* Without memory for a thread, without one. */
    ahead->threaded = threaded && pthread_create(&ahead->thread, NULL, read_all, ahead) == 0;
    return 0;
}

/* Puts what is left in front of the next piece. */
static void carry(struct ahead *ahead, size_t left, char *next)
{
    if (left > 0)
        memmove(next - left, ahead->end - left, left);
}

/* Waits for the next piece, and gives the one before it back once nothing more is needed of it. */
static ssize_t exchange(struct ahead *ahead, size_t left, char **next)
{
    pthread_mutex_lock(&ahead->lock);
    while (ahead->n_read - ahead->n_used == ahead->held)
        pthread_cond_wait(&ahead->moved, &ahead->lock);
    *next = piece(ahead, ahead->n_used + ahead->held);
    carry(ahead, left, *next);
    ahead->n_used += ahead->held;
    ahead->held = true;
    ssize_t got = ahead->got[ahead->n_used % AHEAD_PIECES];
    pthread_cond_signal(&ahead->moved);
    pthread_mutex_unlock(&ahead->lock);
    return got;
}

ssize_t ahead_next(struct ahead *ahead, size_t left, char **bytes)
{
    char *next = piece(ahead, 0);
    ssize_t got;

    if (left > AHEAD_ROOM)
        return -EIO;
    if (ahead->threaded) {
        got = exchange(ahead, left, &next);
    } else {
        carry(ahead, left, next);
        got = read_piece(ahead->fd, next);
    }
    if (got <= 0)
        return got == 0 && left > 0 ? -EIO : got;
    *bytes = next - left;
    ahead->end = next + got;
    return got + (ssize_t)left;
}

void ahead_end(struct ahead *ahead)
{
    if (ahead->threaded) {
        pthread_mutex_lock(&ahead->lock);
        ahead->stop = true;
        pthread_cond_signal(&ahead->moved);
        pthread_mutex_unlock(&ahead->lock);
        pthread_join(ahead->thread, NULL);
    }
    free(ahead->bytes);
}
