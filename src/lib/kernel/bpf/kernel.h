/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * What the BPF programs have in common.
 *
 * Of the kernel's structs only the members that are read are declared. The loader finds where each
 * member is on the running kernel (CO-RE), so neither that kernel's headers nor its BTF are needed
 * to build this. The members have kept their meaning from Linux 5.17 to 7.2.
 *
 * The iterator walks the PID namespace of the process that opened it (bpf_iter_init_task_common()
 * in kernel/bpf/task_iter.c). It holds the task and the RCU read lock during a call, and calls the
 * program for one task after another, never for two at once.
 */
#pragma once

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

#define LEVELS_MAX 33 /* NSTREE_LEVELS_MAX of nstree.h */

/*
 * Kernel memory is read by bpf_probe_read_kernel() (BPF_CORE_READ() below), even where the verifier
 * allows to follow a pointer directly. Since Linux 6.2 it searches all types of the kernel, several
 * times, for the type of each pointer that is loaded from a trusted one, which made loading three
 * times as slow. Plain numbers of the task cost nothing.
 */

#define KERNEL __attribute__((preserve_access_index))

struct ns_common {
    unsigned int inum;
    __u64 ns_id; /* since Linux 6.18 */
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
    char comm[COMM_BYTES];
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

/* The PID namespace of the reader, which is the root of the tree. */
static const struct pid_namespace *root_ns; /* NULL: not looked for yet */
static uint32_t root_level;

/* The address of pid->numbers[i]. Since Linux 4.15, a struct upid has these two members and no
 * other (include/linux/pid.h), so it is read as a whole. */
static __always_inline const void *upid_at(const struct pid *pid, unsigned int i)
{
    return (const char *)pid + bpf_core_field_offset(struct pid, numbers) + i * sizeof(struct upid);
}

static __always_inline void read_upid(struct upid *upid, const struct pid *pid, unsigned int i)
{
    bpf_probe_read_kernel(upid, sizeof *upid, upid_at(pid, i));
}

static __always_inline void find_root(void)
{
    const struct task_struct *self = (const void *)bpf_get_current_task();
    const struct pid *pid = BPF_CORE_READ(self, thread_pid);
    struct upid upid;

    root_level = BPF_CORE_READ(pid, level);
    read_upid(&upid, pid, root_level);
    root_ns = upid.ns;
}

/* bpf_probe_read_kernel() and bpf_seq_write() are only for programs with a licence compatible with
 * the kernel's. */
char LICENSE[] SEC("license") = "Dual MIT/GPL";
