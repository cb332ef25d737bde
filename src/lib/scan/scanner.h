/* SPDX-License-Identifier: MIT */
/*
 * What the steps of a scan share. Each step has a file of its own; scan.c puts them in order.
 *
 * What a step returns, unless it says otherwise: 0, or -ENOMEM, -EMFILE or -ENFILE, which end the
 * scan.
 */
#pragma once

#include <pthread.h>

#include "kernel/procfs.h"
#include "model/builder.h"

/* Namespaces about which one of several threads has asked the kernel, or is asking. */
struct asked {
    pthread_mutex_t lock;
    struct map keys; /* a set */
};

/* One thread's share of a scan: what it reads with and what it has read. */
struct scanner {
    const struct procfs *fs;
    struct procfs_reader reader;
    struct builder *builder;
    uint32_t want;
    const uint32_t *others_of; /* PIDs: of these, too, the other namespaces are read */
    size_t n_others_of;
    uint16_t moment;  /* counts what comes one after another: lists, reads, looks */
    uint16_t listed;  /* the moment of the last list */
    bool only_pids;   /* only some processes are asked for: calls are to be few, too */
    uint64_t too_old; /* processes whose status has no NSpid */
    struct {          /* the inits of namespaces, as they become known: only if asked for */
        uint32_t pids[NSTREE_LEVELS_MAX];
        uint32_t n;
        bool ask;
        bool missing; /* the kernel did not report one of them, or there were too many at once */
    } inits;
    struct asked *asked; /* shared by the threads; NULL: there is only one */
};

/* The last moment: what is read in it is never proven to be of before or after anything. */
#define SCAN_MOMENT_MAX UINT16_MAX

/* Begins the next moment. */
static inline void scan_next_moment(struct scanner *scanner)
{
    if (scanner->moment < SCAN_MOMENT_MAX)
        scanner->moment++;
}
