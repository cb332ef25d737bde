/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * The part of the BPF scanner that runs in the kernel: called once for every thread that the reader
 * can see from its PID namespace, in the order of their numbers, it writes what /proc would show of
 * each process into the stream that bpf.c reads.
 *
 * The kernel's structs are named here only as far as they are read: the loader finds out where each
 * member is on the running kernel (CO-RE), so that neither that kernel's headers nor its BTF are
 * needed to build this. What a member means has not changed from Linux 5.17 to 6.18.
 *
 * The iterator walks the PID namespace of whoever opened it (bpf_iter_init_task_common() in
 * kernel/bpf/task_iter.c), and it holds the task and the RCU read lock during a call.
 */
#include "tasks.h"

/* Types that libbpf's headers expect to find. */
typedef uint8_t __u8;
typedef int16_t __s16;
typedef uint16_t __u16, __be16, __sum16;
typedef int32_t __s32;
typedef uint32_t __u32, __be32, __wsum;
typedef int64_t __s64;
typedef uint64_t __u64, __be64;

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#define LEVELS_MAX 33 /* NSTREE_LEVELS_MAX: nstree.h is not for here */
#define PIDTYPE_TGID 1

/*
 * Kernel memory is read by bpf_probe_read_kernel() (BPF_CORE_READ() below) also where the verifier
 * would allow to follow a pointer directly: since Linux 6.2 it looks for the type of every pointer
 * that is loaded from a trusted one by name among all types of the kernel, several times, which
 * made loading this three times as slow. Plain numbers of the task are no matter.
 */

#define KERNEL __attribute__((preserve_access_index))

struct ns_common {
    unsigned int inum;
} KERNEL;

typedef struct {
    unsigned int val;
} KERNEL kuid_t;

struct user_namespace {
    kuid_t owner;
    struct ns_common ns;
} KERNEL;

struct pid_namespace {
    struct user_namespace *user_ns;
    struct ns_common ns;
} KERNEL;

struct upid {
    int nr;
    struct pid_namespace *ns;
} KERNEL;

struct pid {
    unsigned int level;
    struct upid numbers[1];
} KERNEL;

struct cred {
    kuid_t uid;
} KERNEL;

struct signal_struct {
    int nr_threads;
    struct pid *pids[2];
} KERNEL;

struct task_struct {
    unsigned int __state;
    unsigned int flags;
    int exit_state;
    int pid, tgid;
    struct task_struct *real_parent;
    struct pid *thread_pid;
    void *worker_private;
    const struct cred *real_cred;
    char comm[16];
    struct signal_struct *signal;
} KERNEL;

struct kthread {
    void *data;
    char *full_name;
} KERNEL;

struct worker {
    void *current_work;
    void *pool;
    char desc[24]; /* 32 since Linux 6.8 */
} KERNEL;

struct seq_file;

struct bpf_iter_meta {
    struct seq_file *seq;
} KERNEL;

struct bpf_iter__task {
    struct bpf_iter_meta *meta;
    struct task_struct *task;
} KERNEL;

/* Set by bpf.c: fill in task_level.user_ns and owner. */
uint32_t want_owners;

/* The PID namespace of the reader: the root of the tree, and the same for all processes. */
static struct {
    const struct pid_namespace *ns; /* 0: not looked for yet */
    uint32_t level;
    struct task_level facts; /* what is said of it; no number */
} root;

/* The address of pid->numbers[i]. */
static __always_inline const struct upid *number_at(const struct pid *pid, unsigned int i)
{
    return (const void *)((const char *)pid + bpf_core_field_offset(struct pid, numbers) +
                          i * bpf_core_type_size(struct upid));
}

/*
 * Not inlined, so that all that is read of namespaces stands together, after all that is read of
 * struct pid and struct kthread. The kernel remembers where it found the last 31 types by a hash of
 * their names; those of pid_namespace and user_namespace are those of pid and kthread, so that
 * taking turns between them costs a walk through all types of the kernel each time.
 */
static __noinline void fill_level(struct task_level *out, const struct pid_namespace *ns)
{
    out->inode = BPF_CORE_READ(ns, ns.inum);
    if (want_owners) {
        const struct user_namespace *user_ns = BPF_CORE_READ(ns, user_ns);

        out->user_ns = BPF_CORE_READ(user_ns, ns.inum);
        out->owner = BPF_CORE_READ(user_ns, owner.val);
    }
}

static __always_inline void find_root(void)
{
    const struct task_struct *self = (const void *)bpf_get_current_task();
    const struct pid *pid = BPF_CORE_READ(self, thread_pid);

    root.level = BPF_CORE_READ(pid, level);
    const struct upid *number = number_at(pid, root.level);
    root.ns = BPF_CORE_READ(number, ns);
    fill_level(&root.facts, root.ns);
}

/* The number in the root of its parent, 0 if that cannot be seen from there. As in
 * task_state() in fs/proc/array.c: the real parent's process, also if a thread of it is it. */
static __always_inline uint32_t parent_number(const struct task_struct *task)
{
    const struct task_struct *parent = BPF_CORE_READ(task, real_parent);

    if (root.level == 0)
        return (uint32_t)BPF_CORE_READ(parent, tgid);
    const struct pid *pid = BPF_CORE_READ(parent, signal, pids[PIDTYPE_TGID]);
    if (!pid || BPF_CORE_READ(pid, level) < root.level)
        return 0;
    const struct upid *number = number_at(pid, root.level);
    return BPF_CORE_READ(number, ns) == root.ns ? (uint32_t)BPF_CORE_READ(number, nr) : 0;
}

/* A comm has 15 bytes; what /proc shows of a kernel thread is longer (proc_task_name() in
 * fs/proc/array.c, wq_worker_comm() in kernel/workqueue.c). */
static __always_inline void fill_kthread(struct task_kthread *out, const struct task_struct *task)
{
    const struct kthread *kthread = BPF_CORE_READ(task, worker_private);
    const char *full_name = BPF_CORE_READ(kthread, full_name);

    if (full_name)
        bpf_probe_read_kernel_str(out->full_name, sizeof out->full_name, full_name);
    if (!(task->flags & TASK_IS_WORKER))
        return;
    const struct worker *worker = BPF_CORE_READ(kthread, data);
    if (!BPF_CORE_READ(worker, pool))
        return;
    bpf_probe_read_kernel_str(out->desc, sizeof out->desc, worker->desc);
    out->busy = BPF_CORE_READ(worker, current_work) != 0;
}

static __always_inline void fill_head(struct task_head *out, const struct task_struct *task)
{
    out->ppid = parent_number(task);
    out->uid = BPF_CORE_READ(task, real_cred, uid.val);
    out->flags = task->flags;
    out->state = task->__state;
    out->exit_state = (uint32_t)task->exit_state;
    if (out->exit_state) /* of others it does not matter */
        out->threads = (uint32_t)BPF_CORE_READ(task, signal, nr_threads);
    bpf_probe_read_kernel(out->comm, sizeof out->comm, task->comm);
}

struct level_writer {
    struct seq_file *seq;
    const struct pid *pid;
};

/* Writes the number of a process in one namespace below the root. */
static long write_level(unsigned int i, struct level_writer *writer)
{
    const struct upid *number = number_at(writer->pid, root.level + 1 + i);
    struct task_level level = {.number = (uint32_t)BPF_CORE_READ(number, nr)};

    fill_level(&level, BPF_CORE_READ(number, ns));
    bpf_seq_write(writer->seq, &level, sizeof level);
    return 0;
}

/* Writes its number in each namespace from the reader's to its own. The loop is the kernel's
 * (bpf_loop(), Linux 5.17), so that the verifier need not go round it. */
static __always_inline void write_levels(struct seq_file *seq, const struct task_struct *task,
                                         const struct pid *pid, unsigned int n)
{
    const struct upid *number = number_at(pid, root.level);
    struct level_writer writer = {.seq = seq, .pid = pid};
    struct task_level level = root.facts;

    level.number = (uint32_t)(root.level == 0 ? task->tgid : BPF_CORE_READ(number, nr));
    bpf_seq_write(seq, &level, sizeof level);
    if (n > 1)
        bpf_loop(n - 1, write_level, &writer, 0);
}

SEC("iter/task")
int nstree_tasks(struct bpf_iter__task *ctx)
{
    const struct task_struct *task = ctx->task;
    struct seq_file *seq = ctx->meta->seq;
    struct task_head head = {0};

    if (!task || task->pid != task->tgid)
        return 0;
    const struct pid *pid = BPF_CORE_READ(task, thread_pid);
    if (!pid) /* it is being released, and /proc does not list it any more */
        return 0;
    if (!root.ns)
        find_root();
    fill_head(&head, task);
    head.levels = BPF_CORE_READ(pid, level) - root.level + 1;
    if (head.levels > LEVELS_MAX)
        return 0;
    bpf_seq_write(seq, &head, sizeof head);
    write_levels(seq, task, pid, head.levels);
    if (head.flags & TASK_IS_KTHREAD) {
        struct task_kthread kthread = {0};

        fill_kthread(&kthread, task);
        bpf_seq_write(seq, &kthread, sizeof kthread);
    }
    return 0;
}

/* The kernel lends bpf_probe_read_kernel() and bpf_seq_write() only to programs whose licence is
 * compatible with its own. */
char LICENSE[] SEC("license") = "Dual MIT/GPL";
