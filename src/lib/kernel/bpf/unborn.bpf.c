/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * PID namespaces that have no process yet. A thread that has called unshare(2) keeps the namespace
 * whose init its next child will be (pid_namespaces(7)). Before Linux 7.2, /proc does not show that
 * namespace until the child is there (pidns_for_children_get() in kernel/pid_namespace.c). Only
 * --all needs this. It is a program of its own, so that the other one loads faster.
 */
#include "kernel.h"

static struct {
    struct unborn head;
    struct unborn_level levels[LEVELS_MAX];
} out;

/* The way up from a namespace to the root. */
struct climb {
    const struct pid_namespace *ns;
    uint32_t level;
};

static __noinline void fill_level(struct unborn_level *level, const struct pid_namespace *ns)
{
    const struct user_namespace *user_ns = BPF_CORE_READ(ns, user_ns);

    level->inode = BPF_CORE_READ(ns, ns.inum);
    level->user_ns = BPF_CORE_READ(user_ns, ns.inum);
    level->owner = BPF_CORE_READ(user_ns, owner.val);
}

/* Fills in one level, and goes one up. */
static long climb_level(unsigned int i, struct climb *climb)
{
    const struct pid_namespace *ns = climb->ns;
    const uint64_t level = climb->level;

    (void)i;
    if (level == 0 || level >= LEVELS_MAX)
        return 1;
    fill_level(&out.levels[level], ns);
    climb->ns = BPF_CORE_READ(ns, parent);
    climb->level--;
    return 0;
}

/* The PID of a thread in the root. */
static __always_inline uint32_t pid_of(const struct task_struct *task)
{
    struct upid upid;

    read_upid(&upid, BPF_CORE_READ(task, thread_pid), root_level);
    return (uint32_t)upid.nr;
}

SEC("iter/task")
int nstree_unborn(struct bpf_iter__task *ctx)
{
    const struct task_struct *task = ctx->task;

    if (!task)
        return 0;
    const struct task_struct *leader = BPF_CORE_READ(task, group_leader);
    const struct pid_namespace *ns = BPF_CORE_READ(task, nsproxy, pid_ns_for_children);
    if (!ns || BPF_CORE_READ(ns, child_reaper))
        return 0;
    /* Most threads keep the same one as their main thread. */
    if (leader != task && BPF_CORE_READ(leader, nsproxy, pid_ns_for_children) == ns)
        return 0;
    if (!root_ns)
        find_root();
    /* In 64 bits, where the verifier can follow what the compiler makes of it. */
    const uint64_t level = BPF_CORE_READ(ns, level), last = level - root_level;
    if (last == 0 || last >= LEVELS_MAX)
        return 0;
    struct climb climb = {.ns = ns, .level = (uint32_t)last};
    bpf_loop((uint32_t)last, climb_level, &climb, 0);
    if (climb.ns != root_ns)
        return 0;
    out.head =
        (struct unborn){.pid = pid_of(leader), .tid = pid_of(task), .levels = (uint32_t)last + 1};
    fill_level(&out.levels[0], root_ns);
    uint32_t size = ((uint32_t)last + 1) * sizeof *out.levels;
    barrier_var(size); /* or the compiler adds by an OR, which the verifier follows less well */
    bpf_seq_write(ctx->meta->seq, &out, size + (uint32_t)sizeof out.head);
    return 0;
}
