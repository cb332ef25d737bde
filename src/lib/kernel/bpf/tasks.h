/* SPDX-License-Identifier: MIT */
/*
 * What the BPF programs write. Both sides are built together and run on the same machine, so it is
 * plain structs without padding.
 *
 * tasks.bpf.c, for by_bpf.c: of each process one task_head, then head.levels times a task_level,
 * outermost first, then, of a kernel thread only, a task_kthread.
 *
 * unborn.bpf.c, for unborn.c: of each thread that keeps a namespace without a process, and does not
 * share that with its main thread, one unborn, then head.levels times an unborn_level, from the
 * root to that namespace.
 */
#ifndef NSTREE_BPF_TASKS_H
#define NSTREE_BPF_TASKS_H

#include <stdint.h>

/* Bits of task_struct.flags (include/linux/sched.h); unchanged since 3.8. */
#define TASK_IS_WORKER 0x00000020U  /* PF_WQ_WORKER */
#define TASK_IS_KTHREAD 0x00200000U /* PF_KTHREAD */

struct task_head {
    uint32_t ppid; /* its parent's number in the reader's namespace, 0: outside it */
    uint32_t uid;
    uint32_t flags;      /* task_struct.flags */
    uint32_t state;      /* task_struct.__state */
    uint32_t exit_state; /* task_struct.exit_state */
    uint32_t threads;    /* 0 unless it has exited */
    uint32_t levels;
    uint32_t mnt_ns; /* inode of its mount namespace; 0 unless it is an init, or if it has none */
    char comm[16];
};

struct task_level {
    uint32_t number; /* its number in this namespace */
    uint32_t inode;  /* of this namespace */
    uint32_t apart;  /* 1: another user namespace owns it than owns the root; 0 also where that is
                      * not asked, or was told of this inode before */
};

struct task_kthread {
    char full_name[64]; /* empty: comm is all of it */
    char desc[32];      /* of a workqueue's worker: what it works at, or did last */
    uint32_t busy;      /* it works at it now */
};

struct unborn {
    uint32_t pid, tid; /* numbers in the root of the process, and of the thread */
    uint32_t levels;
};

struct unborn_level {
    uint32_t inode;
    uint32_t user_ns; /* inode of the user namespace that owns it */
    uint32_t owner;   /* uid that owns that user namespace */
};

#endif
