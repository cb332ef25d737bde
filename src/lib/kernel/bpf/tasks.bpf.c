/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * The part of the BPF scanner that runs in the kernel. It is called once for every thread that the
 * reader can see from its PID namespace, in the order of their PIDs, and writes what /proc would
 * show of each process.
 */
#include "kernel.h"

#define PIDTYPE_TGID 1
#define REPORTED_MAX 1024 /* a power of two */

/* Set by bpf.c: fill in task_level.apart. */
uint32_t want_owners;

/* The record of a process is put together here: one write costs less than several. */
static struct {
    struct task_head head;
    struct task_level levels[LEVELS_MAX];
} out;

/* The root namespace: its inode, its ID and its owner user namespace. */
static uint32_t root_inode;
static uint64_t root_id;
static const struct user_namespace *root_owner;

/* Inodes of namespaces that were reported with a member, each at its hash. Owners never change. */
static uint32_t reported[REPORTED_MAX];

/*
 * Not inlined, so that all reads of namespaces stand together, after all reads of struct pid. When
 * the program is loaded, the kernel caches the last 31 types that it found, by a hash of their
 * names. pid_namespace and pid have the same hash, so alternating between them costs a walk through
 * all types of the kernel each time. user_namespace and kthread collide, too: only the address of a
 * user namespace is compared here, and the reader asks for the few other owners.
 */
static __noinline void fill_level(struct task_level *level, const struct pid_namespace *ns)
{
    const uint32_t inode = BPF_CORE_READ(ns, ns.inum);

    level->inode = inode;
    if (!want_owners || reported[inode % REPORTED_MAX] == inode)
        return;
    level->apart = BPF_CORE_READ(ns, user_ns) != root_owner;
    if (bpf_core_field_exists(ns->ns.ns_id)) {
        const uint64_t id = BPF_CORE_READ(ns, ns.ns_id);

        level->id_low = (uint32_t)id;
        level->id_high = (uint32_t)(id >> 32);
    }
}

/* The same for the root, once. */
static __noinline void fill_root(void)
{
    root_inode = BPF_CORE_READ(root_ns, ns.inum);
    root_owner = BPF_CORE_READ(root_ns, user_ns);
    if (bpf_core_field_exists(root_ns->ns.ns_id))
        root_id = BPF_CORE_READ(root_ns, ns.ns_id);
}

/* The PID of its parent in the root, 0 if that cannot be seen from there. As task_state() in
 * fs/proc/array.c: the process of the real parent, which can be any thread of it. */
static __always_inline uint32_t parent_pid(const struct task_struct *task)
{
    const struct task_struct *parent = BPF_CORE_READ(task, real_parent);
    struct upid upid;

    if (root_level == 0)
        return (uint32_t)BPF_CORE_READ(parent, tgid);
    const struct pid *pid = BPF_CORE_READ(parent, signal, pids[PIDTYPE_TGID]);
    if (!pid || BPF_CORE_READ(pid, level) < root_level)
        return 0;
    read_upid(&upid, pid, root_level);
    return upid.ns == root_ns ? (uint32_t)upid.nr : 0;
}

/* /proc shows more of a kernel thread's name than fits into comm (proc_task_name() in
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
    out.head.ppid = parent_pid(task);
    out.head.uid = BPF_CORE_READ(task, real_cred, uid.val);
    out.head.flags = task->flags;
    out.head.state = task->__state;
    out.head.exit_state = (uint32_t)task->exit_state;
    out.head.threads = 0;
    if (out.head.exit_state) /* only used for a zombie */
        out.head.threads = (uint32_t)BPF_CORE_READ(task, signal, nr_threads);
    bpf_probe_read_kernel(out.head.comm, sizeof out.head.comm, task->comm);
}

/* Its PID in a namespace below the root. */
static long fill_pid(unsigned int i, const struct pid **pid)
{
    struct upid upid;

    i++;
    if (i >= LEVELS_MAX)
        return 1;
    read_upid(&upid, *pid, root_level + i);
    out.levels[i] = (struct task_level){.pid = (uint32_t)upid.nr};
    fill_level(&out.levels[i], upid.ns);
    return 0;
}

/* Its PID in each namespace from the reader's to its own. The loop is the kernel's (bpf_loop(),
 * Linux 5.17), so that the verifier need not unroll it. */
static __always_inline void fill_pids(const struct task_struct *task, const struct pid *pid,
                                      uint32_t last)
{
    struct upid upid = {.nr = task->tgid};

    if (root_level > 0)
        read_upid(&upid, pid, root_level);
    out.levels[0] = (struct task_level){.pid = (uint32_t)upid.nr,
                                        .inode = root_inode,
                                        .id_low = (uint32_t)root_id,
                                        .id_high = (uint32_t)(root_id >> 32)};
    if (last > 0)
        bpf_loop(last, fill_pid, &pid, 0);
}

SEC("iter/task")
int nstree_tasks(struct bpf_iter__task *ctx)
{
    const struct task_struct *task = ctx->task;
    struct seq_file *seq = ctx->meta->seq;

    if (!task || task->pid != task->tgid)
        return 0;
    const struct pid *pid = BPF_CORE_READ(task, thread_pid);
    if (!pid) /* it is being released: /proc does not list it any more */
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
    fill_pids(task, pid, (uint32_t)last);
    out.head.mnt_ns = 0;
    if (out.levels[last].pid == 1)
        out.head.mnt_ns = BPF_CORE_READ(task, nsproxy, mnt_ns, ns.inum);
    const uint32_t size = sizeof out.head + ((uint32_t)last + 1) * sizeof *out.levels;
    const uint32_t own = out.levels[last].inode;
    /* A record that does not fit is written again, for the next read. */
    if (bpf_seq_write(seq, &out, size) == 0)
        reported[own % REPORTED_MAX] = own;
    if (out.head.flags & TASK_IS_KTHREAD) {
        struct task_kthread kthread = {0};

        fill_kthread(&kthread, task);
        bpf_seq_write(seq, &kthread, sizeof kthread);
    }
    return 0;
}
