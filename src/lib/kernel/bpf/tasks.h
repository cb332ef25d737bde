/* SPDX-License-Identifier: MIT */
/*
 * The records that the BPF programs write and that records.h takes apart. Both sides are built
 * together and run on the same machine, so these are plain structs without padding.
 *
 * tasks.bpf.c writes for each process a task_head, then head.levels times a task_level, outermost
 * first, then, for a kernel thread only, a task_kthread.
 *
 * unborn.bpf.c writes for each thread that keeps a namespace without a process, unless its main
 * thread keeps the same one, an unborn, then head.levels times an unborn_level, from the root to
 * that namespace.
 */
#pragma once

#include <stdint.h>

/* Bits of task_struct.flags (include/linux/sched.h); unchanged since 3.8. */
#define TASK_IS_WORKER 0x00000020U  /* PF_WQ_WORKER */
#define TASK_IS_KTHREAD 0x00200000U /* PF_KTHREAD */

#define COMM_BYTES 16 /* TASK_COMM_LEN: with the NUL */

struct task_head {
    uint32_t ppid; /* in the reader's namespace; 0: the parent is outside it */
    uint32_t uid;
    uint32_t flags;      /* task_struct.flags */
    uint32_t state;      /* task_struct.__state */
    uint32_t exit_state; /* task_struct.exit_state */
    uint32_t threads;    /* 0 unless it has exited */
    uint32_t levels;
    uint32_t mnt_ns; /* inode of its mount namespace; 0 unless it is an init, or if it has none */
    char comm[COMM_BYTES];
};

struct task_level {
    uint32_t pid;   /* in this namespace */
    uint32_t inode; /* of this namespace */
    uint32_t apart; /* 1: its owner user namespace is not that of the root. 0 also if that was not
                     * asked for, or was reported with this inode before */
    uint32_t id_low, id_high; /* the ID of this namespace, 0 before Linux 6.18 and as above */
};

struct task_kthread {
    char full_name[64]; /* empty: comm is all of it */
    char desc[32];      /* of a workqueue's worker: what it runs, or ran last */
    uint32_t busy;      /* it runs that now */
};

struct unborn {
    uint32_t pid, tid; /* of the process and of the thread, in the root namespace */
    uint32_t levels;
};

struct unborn_level {
    uint32_t inode;
    uint32_t user_ns; /* inode of its owner user namespace */
    uint32_t owner;   /* UID that owns that user namespace */
};
