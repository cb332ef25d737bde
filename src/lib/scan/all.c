/* SPDX-License-Identifier: MIT */
#include "scan/all.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/cores.h"
#include "scan/inherit.h"
#include "scan/namespaces.h"
#include "scan/process.h"

/* A thread costs about as much as 20 processes. Below this many a second one gains nothing. */
#define PIDS_A_THREAD 256
#define THREADS_MAX 8
/* Processes taken at a time: few enough that the threads end together. */
#define PIDS_AT_ONCE 32

struct share {
    const struct procfs_entry *entries;
    size_t n;
    atomic_size_t next;
};

struct worker {
    struct share *share;
    struct scanner scanner;
    pthread_t thread;
    int rc;
};

static int work(struct scanner *scanner, struct share *share)
{
    for (;;) {
        size_t at = atomic_fetch_add_explicit(&share->next, PIDS_AT_ONCE, memory_order_relaxed);
        size_t end = at + PIDS_AT_ONCE < share->n ? at + PIDS_AT_ONCE : share->n;

        if (at >= share->n)
            return 0;
        for (; at < end; at++) {
            int rc = scan_process(scanner, &share->entries[at]);

            if (rc != 0)
                return rc;
        }
    }
}

static void *work_in_thread(void *argument)
{
    struct worker *worker = argument;

    worker->rc = work(&worker->scanner, worker->share);
    return NULL;
}

size_t scan_threads(size_t n)
{
    size_t cores = count_cores(), most = cores < THREADS_MAX ? cores : THREADS_MAX;

    return n / PIDS_A_THREAD < most ? n / PIDS_A_THREAD : most;
}

/* Starts one more thread. Without memory for it, the other threads do its work. */
static bool start(struct worker *worker, struct share *share, const struct scanner *scanner)
{
    *worker = (struct worker){.share = share};
    worker->scanner.fs = worker->scanner.reader.fs = scanner->fs;
    worker->scanner.reader.clock = scanner->reader.clock;
    worker->scanner.reader.flat = scanner->reader.flat;
    worker->scanner.reader.defers = scanner->reader.defers;
    worker->scanner.reader.outsider = scanner->reader.outsider;
    worker->scanner.want = scanner->want;
    worker->scanner.moment = scanner->moment;
    worker->scanner.asked = scanner->asked;
    if (builder_new(&worker->scanner.builder) != 0)
        return false;
    if (pthread_create(&worker->thread, NULL, work_in_thread, worker) == 0)
        return true;
    builder_free(worker->scanner.builder);
    return false;
}

/* Waits for a thread and takes over what it read. */
static int collect(struct worker *worker, struct scanner *scanner)
{
    pthread_join(worker->thread, NULL);
    int rc = worker->rc ?: builder_merge(scanner->builder, worker->scanner.builder);
    scanner->too_old += worker->scanner.too_old;
    procfs_reader_free(&worker->scanner.reader);
    builder_free(worker->scanner.builder);
    return rc;
}

int scan_all(struct scanner *scanner, const struct procfs_entry *entries, size_t n)
{
    struct share share = {.entries = entries, .n = n};
    struct asked asked = {.lock = PTHREAD_MUTEX_INITIALIZER};
    struct worker workers[THREADS_MAX];
    size_t started = 0, threads = scan_threads(n);

    /* Ordinary users may not read the links of many processes. How many count as denied should not
     * depend on what else is there. */
    scanner->reader.defers = scanner->fs->live && geteuid() == 0;
    scanner->asked = threads > 1 ? &asked : NULL;
    while (started + 1 < threads && start(&workers[started], &share, scanner))
        started++;
    int rc = work(scanner, &share);
    for (size_t i = 0; i < started; i++) {
        int its = collect(&workers[i], scanner);
        rc = rc ?: its;
    }
    map_free(&asked.keys);
    scanner->asked = NULL;
    scanner->reader.defers = false;
    rc = rc ?: scan_inherited(scanner);
    return rc == 0 && started > 0 ? scan_unreported(scanner) : rc;
}
