/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * What the BPF programs here have in common.
 *
 * The kernel's structs are named only as far as they are read: the loader finds out where each
 * member is on the running kernel (CO-RE), so that neither that kernel's headers nor its BTF are
 * needed to build this. What a member means has not changed from Linux 5.17 to 7.2.
 *
 * The iterator walks the PID namespace of whoever opened it (bpf_iter_init_task_common() in
 * kernel/bpf/task_iter.c), and it holds the task and the RCU read lock during a call. It calls the
 * program for one task after another, never for two at once.
 */
#ifndef NSTREE_BPF_KERNEL_H
#define NSTREE_BPF_KERNEL_H

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
    struct task_struct *child_reaper;
    unsigned int level;
    struct pid_namespace *parent;
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

struct mnt_namespace {
    struct ns_common ns;
} KERNEL;

struct nsproxy {
    struct mnt_namespace *mnt_ns;
    struct pid_namespace *pid_ns_for_children;
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
    struct task_struct *real_parent, *group_leader;
    struct pid *thread_pid;
    void *worker_private;
    const struct cred *real_cred;
    char comm[16];
    struct nsproxy *nsproxy;
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

/* The PID namespace of the reader: the root of the tree, and the same for all processes. */
static const struct pid_namespace *root_ns; /* 0: not looked for yet */
static uint32_t root_level;

/* The address of pid->numbers[i]. A struct upid has been its number and its namespace, and nothing
 * else, since Linux 4.15 (include/linux/pid.h): it is read as a whole, and need not be looked for.
 */
static __always_inline const void *number_at(const struct pid *pid, unsigned int i)
{
    return (const char *)pid + bpf_core_field_offset(struct pid, numbers) + i * sizeof(struct upid);
}

static __always_inline void read_number(struct upid *number, const struct pid *pid, unsigned int i)
{
    bpf_probe_read_kernel(number, sizeof *number, number_at(pid, i));
}

static __always_inline void find_root(void)
{
    const struct task_struct *self = (const void *)bpf_get_current_task();
    const struct pid *pid = BPF_CORE_READ(self, thread_pid);
    struct upid number;

    root_level = BPF_CORE_READ(pid, level);
    read_number(&number, pid, root_level);
    root_ns = number.ns;
}

/* The kernel lends bpf_probe_read_kernel() and bpf_seq_write() only to programs whose licence is
 * compatible with its own. */
char LICENSE[] SEC("license") = "Dual MIT/GPL";

#endif
