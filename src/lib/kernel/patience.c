/* SPDX-License-Identifier: MIT */
#include "kernel/patience.h"

#include <errno.h>
#include <time.h>

#define MIB ((uint64_t)1 << 20)
static const uint32_t slice = PATIENCE_SLICE_MS * 1000; /* in microseconds */

const struct budget_limits budget_labels = {.root = 64 * MIB, .each = 4 * MIB, .others = 64 * MIB};
const struct budget_limits budget_mounts = {
    .root = 256 * MIB, .each = 16 * MIB, .others = 256 * MIB};

/* Keys of maps are never 0. */
static uint64_t key_of(uint32_t uid)
{
    return (uint64_t)uid + 1;
}

static uint32_t count_of(const struct map *map, uint32_t uid)
{
    uint32_t count = map_get(map, key_of(uid));

    return count == MAP_NONE ? 0 : count;
}

bool patience_lasts(const struct patience *patience, uint32_t uid)
{
    if (patience->given_up >= PATIENCE_ALL)
        return false;
    return uid == 0 ||
           (patience->waited < PATIENCE_WAIT_ALL && count_of(&patience->each, uid) < PATIENCE_EACH);
}

/* Microseconds of a clock that is never set. */
static uint64_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_nsec / 1000;
}

/* How long to wait for a read that has taken `waited` so far. */
static uint32_t limit(const struct patience *patience, uint32_t waited)
{
    bool full =
        patience->given_up < PATIENCE_FULL && patience->waited + waited < PATIENCE_WAIT_FULL;

    return (full ? PATIENCE_SLICES : PATIENCE_SLICES_LATER) * slice;
}

/* Waits for one slice. Returns whether the helper is back. *passed is the time, at most a slice:
 * while the caller was stopped, or had no CPU, it did not wait, and the helper had none either. */
static bool wait_slice(const struct helper *helper, uint32_t *passed)
{
    uint64_t begun = now();
    bool back = helper_is_back(helper, PATIENCE_SLICE_MS);
    uint64_t took = now() - begun;

    *passed = took < slice ? (uint32_t)took : slice;
    return back;
}

/* Whether the time of a helper is over. If it has no CPU, it gets another slice. */
static bool is_overdue(struct patience *patience, const struct helper *helper, uint32_t since,
                       uint32_t *waited)
{
    if (since < limit(patience, *waited))
        return false;
    if (patience->grace >= PATIENCE_GRACE || !helper_is_running(helper))
        return true;
    patience->grace++;
    *waited -= *waited < slice ? *waited : slice;
    return false;
}

static bool wait_for(struct patience *patience, const struct helper *helper, uint32_t *waited)
{
    unsigned seen = 0, progress;
    uint32_t since = 0, passed;
    bool back;

    do {
        back = wait_slice(helper, &passed);
        progress = atomic_load_explicit(&helper->shared->progress, memory_order_acquire);
        if (progress - seen < PATIENCE_PARTS && (!back || progress == 0))
            *waited += passed;
        since = progress == seen ? since + passed : 0;
        seen = progress;
    } while (!back && !is_overdue(patience, helper, since, waited));
    return back;
}

/* There are at most PATIENCE_ALL, besides those that have died. */
static void give_up(struct patience *patience, struct helper *helper)
{
    pid_t pid = helper_give_up(helper);

    if (patience->n_stuck < PATIENCE_ALL)
        patience->stuck[patience->n_stuck++] = pid;
}

int patience_wait(struct patience *patience, struct helper *helper, bool root, ssize_t *result,
                  int *fd)
{
    uint32_t waited = 0;
    bool back = wait_for(patience, helper, &waited);

    if (!root && waited >= PATIENCE_WAIT_LEAST)
        patience->waited += waited;
    if (back && helper_answer(helper, result, fd))
        return 0;
    give_up(patience, helper);
    return back ? -EAGAIN : -ETIMEDOUT;
}

void patience_blame(struct patience *patience, uint32_t uid)
{
    patience->given_up++;
    patience->unanswered++;
    /* Without memory for this, the limits of the run remain. */
    (void)map_put(&patience->each, key_of(uid), count_of(&patience->each, uid) + 1);
}

/* As patience_read(), with the answer in *result. */
static int send_and_wait(struct patience *patience, const struct errand *errand, uint32_t uid,
                         ssize_t *result, int *fd)
{
    patience->helper.near = true;
    int rc = helper_send(&patience->helper, errand);

    if (rc == 0)
        rc = patience_wait(patience, &patience->helper, uid == 0, result, fd);
    if (rc == -ETIMEDOUT)
        patience_blame(patience, uid);
    else if (rc != 0)
        patience->wanting++;
    return rc;
}

ssize_t patience_read(struct patience *patience, const struct errand *errand, uint32_t uid,
                      const char **bytes, int *fd)
{
    ssize_t result = 0;
    int handed = -1;

    if (!patience_lasts(patience, uid)) {
        patience->unanswered++;
        return -ETIMEDOUT;
    }
    int rc = send_and_wait(patience, errand, uid, &result, &handed);
    if (bytes)
        *bytes = rc == 0 ? patience->helper.shared->room : NULL;
    if (fd)
        *fd = handed;
    else if (handed >= 0)
        close(handed);
    return rc == 0 ? result : rc;
}

void patience_end(struct patience *patience)
{
    helper_end(&patience->helper);
    /* Most have ended when they were killed. The kernel ends the others when their wait is over. */
    for (size_t i = 0; i < patience->n_stuck; i++)
        helper_reap(patience->stuck[i]);
    map_free(&patience->each);
    map_free(&patience->labels.each);
    map_free(&patience->mounts.each);
}

static uint64_t rest(uint64_t limit_of_all, uint64_t used)
{
    return used < limit_of_all ? limit_of_all - used : 0;
}

size_t budget_left(const struct budget *budget, const struct budget_limits *limits, uint32_t uid,
                   size_t max)
{
    uint64_t left = rest(limits->root, budget->root);

    if (uid != 0) {
        uint64_t its = rest(limits->each, count_of(&budget->each, uid));

        left = rest(limits->others, budget->others);
        left = its < left ? its : left;
    }
    return left < max ? (size_t)left : max;
}

void budget_take(struct budget *budget, uint32_t uid, size_t bytes)
{
    if (uid == 0) {
        budget->root += bytes;
    } else {
        budget->others += bytes;
        (void)map_put(&budget->each, key_of(uid), count_of(&budget->each, uid) + (uint32_t)bytes);
    }
}
