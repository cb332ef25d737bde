/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * The part of the BPF scanner that runs in the kernel: called once for every thread that the reader
 * can see from its PID namespace, in the order of their numbers, it writes what /proc would show of
 * each process into the stream that by_bpf.c reads.
 */
#include "kernel.h"

#define PIDTYPE_TGID 1
#define TOLD_MAX 1024 /* a power of two */

/* Set by bpf.c: fill in task_level.apart. */
uint32_t want_owners;

/* What is written of a process, put together here: one write costs less than several. */
static struct {
    struct task_head head;
    struct task_level levels[LEVELS_MAX];
} out;

/* What is the same of all processes: the inode of the root, and which user namespace owns it. */
static uint32_t root_inode;
static const struct user_namespace *root_owner;

/* Namespaces whose owners were told by a member, each where its inode says. That never changes. */
static uint32_t told[TOLD_MAX];

/*
 * Not inlined, so that all that is read of namespaces stands together, after all that is read of
 * struct pid. The kernel remembers where it found the last 31 types by a hash of their names; that
 * of pid_namespace is that of pid, so that taking turns between them costs a walk through all types
 * of the kernel each time. So does user_namespace with kthread: only its address is looked at here,
 * and who owns the few that are owned apart is for the reader to ask.
 */
static __noinline void fill_level(struct task_level *level, const struct pid_namespace *ns)
{
    const uint32_t inode = BPF_CORE_READ(ns, ns.inum);

    level->inode = inode;
    if (want_owners && told[inode % TOLD_MAX] != inode)
        level->apart = BPF_CORE_READ(ns, user_ns) != root_owner;
}

/* The same of the root, once. */
static __noinline void fill_root(void)
{
    root_inode = BPF_CORE_READ(root_ns, ns.inum);
    root_owner = BPF_CORE_READ(root_ns, user_ns);
}

/* The number in the root of its parent, 0 if that cannot be seen from there. As in
 * task_state() in fs/proc/array.c: the real parent's process, also if a thread of it is it. */
static __always_inline uint32_t parent_number(const struct task_struct *task)
{
    const struct task_struct *parent = BPF_CORE_READ(task, real_parent);
    struct upid number;

    if (root_level == 0)
        return (uint32_t)BPF_CORE_READ(parent, tgid);
    const struct pid *pid = BPF_CORE_READ(parent, signal, pids[PIDTYPE_TGID]);
    if (!pid || BPF_CORE_READ(pid, level) < root_level)
        return 0;
    read_number(&number, pid, root_level);
    return number.ns == root_ns ? (uint32_t)number.nr : 0;
}

/* A comm has 15 bytes; what /proc shows of a kernel thread is longer (proc_task_name() in
 * fs/proc/array.c, wq_worker_comm() in kernel/workqueue.c). */
static __always_inline void fill_kthread(struct task_kthread *kthread,
                                         const struct task_struct *task)
{
    const struct kthread *private = BPF_CORE_READ(task, worker_private);
    const char *full_name = BPF_CORE_READ(private, full_name);

    if (full_name)
        bpf_probe_read_kernel_str(kthread->full_name, sizeof kthread->full_name, full_name);
    if (!(task->flags & TASK_IS_WORKER))
        return;
    const struct worker *worker = BPF_CORE_READ(private, data);
    if (!BPF_CORE_READ(worker, pool))
        return;
    bpf_probe_read_kernel_str(kthread->desc, sizeof kthread->desc, worker->desc);
    kthread->busy = BPF_CORE_READ(worker, current_work) != 0;
}

static __always_inline void fill_head(const struct task_struct *task)
{
    out.head.ppid = parent_number(task);
    out.head.uid = BPF_CORE_READ(task, real_cred, uid.val);
    out.head.flags = task->flags;
    out.head.state = task->__state;
    out.head.exit_state = (uint32_t)task->exit_state;
    out.head.threads = 0;
    if (out.head.exit_state) /* of others it does not matter */
        out.head.threads = (uint32_t)BPF_CORE_READ(task, signal, nr_threads);
    bpf_probe_read_kernel(out.head.comm, sizeof out.head.comm, task->comm);
}

/* Its number in a namespace below the root. */
static long fill_number(unsigned int i, const struct pid **pid)
{
    struct upid number;

    i++;
    if (i >= LEVELS_MAX)
        return 1;
    read_number(&number, *pid, root_level + i);
    out.levels[i] = (struct task_level){.number = (uint32_t)number.nr};
    fill_level(&out.levels[i], number.ns);
    return 0;
}

/* Its number in each namespace from the reader's to its own. The loop is the kernel's (bpf_loop(),
 * Linux 5.17), so that the verifier need not go round it. */
static __always_inline void fill_numbers(const struct task_struct *task, const struct pid *pid,
                                         uint32_t last)
{
    struct upid number = {.nr = task->tgid};

    if (root_level > 0)
        read_number(&number, pid, root_level);
    out.levels[0] = (struct task_level){.number = (uint32_t)number.nr, .inode = root_inode};
    if (last > 0)
        bpf_loop(last, fill_number, &pid, 0);
}

SEC("iter/task")
int nstree_tasks(struct bpf_iter__task *ctx)
{
    const struct task_struct *task = ctx->task;
    struct seq_file *seq = ctx->meta->seq;

    if (!task || task->pid != task->tgid)
        return 0;
    const struct pid *pid = BPF_CORE_READ(task, thread_pid);
    if (!pid) /* it is being released, and /proc does not list it any more */
        return 0;
    if (!root_ns) {
        find_root();
        fill_root();
    }
    /* In 64 bits, where the verifier can follow what the compiler makes of it. */
    const uint64_t level = BPF_CORE_READ(pid, level), last = level - root_level;
    if (last >= LEVELS_MAX)
        return 0;
    fill_head(task);
    out.head.levels = (uint32_t)last + 1;
    fill_numbers(task, pid, (uint32_t)last);
    out.head.mnt_ns = 0;
    if (out.levels[last].number == 1)
        out.head.mnt_ns = BPF_CORE_READ(task, nsproxy, mnt_ns, ns.inum);
    const uint32_t size = sizeof out.head + ((uint32_t)last + 1) * sizeof *out.levels;
    const uint32_t own = out.levels[last].inode;
    /* What does not fit any more is asked for again, by the next read. */
    if (bpf_seq_write(seq, &out, size) == 0)
        told[own % TOLD_MAX] = own;
    if (out.head.flags & TASK_IS_KTHREAD) {
        struct task_kthread kthread = {0};

        fill_kthread(&kthread, task);
        bpf_seq_write(seq, &kthread, sizeof kthread);
    }
    return 0;
}
