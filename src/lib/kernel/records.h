/* SPDX-License-Identifier: MIT */
/*
 * Takes the record of bpf/tasks.h at the start of bytes[0..len). Pure. Each function returns the
 * size of the record, 0 if it is not all there, or -EIO if it is none. They are inline because a
 * scan calls one of them for every process.
 */
#pragma once

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/types.h>

#include "kernel/bpf/tasks.h"
#include "nstree.h"

/* A process. Its strings are NUL-terminated. */
struct task {
    struct task_head head;
    struct task_level levels[NSTREE_LEVELS_MAX]; /* head.levels of them */
    struct task_kthread kthread;                 /* only of a kernel thread */
};

static inline ssize_t records_take_task(const char *bytes, size_t len, struct task *task)
{
    struct task_head *head = &task->head;

    if (len < sizeof *head)
        return 0;
    memcpy(head, bytes, sizeof *head);
    if (head->levels == 0 || head->levels > NSTREE_LEVELS_MAX)
        return -EIO;
    const size_t levels = head->levels * sizeof *task->levels;
    const size_t kthread = head->flags & TASK_IS_KTHREAD ? sizeof task->kthread : 0;
    if (len < sizeof *head + levels + kthread)
        return 0;
    memcpy(task->levels, bytes + sizeof *head, levels);
    head->comm[sizeof head->comm - 1] = '\0';
    if (kthread > 0) {
        memcpy(&task->kthread, bytes + sizeof *head + levels, sizeof task->kthread);
        task->kthread.full_name[sizeof task->kthread.full_name - 1] = '\0';
        task->kthread.desc[sizeof task->kthread.desc - 1] = '\0';
    }
    return (ssize_t)(sizeof *head + levels + kthread);
}

/* A PID namespace without a process, and those above it. */
struct unborn_chain {
    struct unborn head;
    struct unborn_level levels[NSTREE_LEVELS_MAX]; /* head.levels of them, at least 2 */
};

static inline ssize_t records_take_unborn(const char *bytes, size_t len, struct unborn_chain *chain)
{
    struct unborn *head = &chain->head;

    if (len < sizeof *head)
        return 0;
    memcpy(head, bytes, sizeof *head);
    if (head->levels < 2 || head->levels > NSTREE_LEVELS_MAX)
        return -EIO;
    const size_t levels = head->levels * sizeof *chain->levels;
    if (len < sizeof *head + levels)
        return 0;
    memcpy(chain->levels, bytes + sizeof *head, levels);
    return (ssize_t)(sizeof *head + levels);
}
