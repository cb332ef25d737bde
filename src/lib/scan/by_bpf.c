/* SPDX-License-Identifier: MIT */
#include "scan/by_bpf.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/cores.h"
#include "base/error.h"
#include "kernel/bpf.h"
#include "kernel/readahead.h"
#include "kernel/records.h"
#include "scan/all.h"
#include "scan/process.h"

/* States of a task (include/linux/sched.h), the same since Linux 4.14. The last two bits were
 * unused before Linux 5.16 and 6.1. */
#define STATE_REPORTED 0x7fU
#define STATE_IDLE 0x402U /* TASK_UNINTERRUPTIBLE | TASK_NOLOAD */
#define STATE_RTLOCK_WAIT 0x1000U
#define STATE_FROZEN 0x8000U

/* As __task_state_index() in include/linux/sched.h and task_state_array[] in fs/proc/array.c.
 * (Linux 6.1 to 6.8 show a frozen task as running. Later kernels, and this, do not.) */
static char state_letter(const struct task_head *head)
{
    static const char letters[] = "RSDTtXZP";
    uint32_t state = (head->state | head->exit_state) & STATE_REPORTED;
    int bits = 0;

    if (head->state & (STATE_RTLOCK_WAIT | STATE_FROZEN))
        return 'D';
    if ((head->state & STATE_IDLE) == STATE_IDLE)
        return 'I';
    while (state >> bits)
        bits++;
    return letters[bits];
}

/* A scan by BPF. */
struct sink {
    struct scanner *scanner;
    enum { LONG_UNKNOWN, LONG_FULL, LONG_CUT } workers; /* how /proc shows their longer names */
    bool init_left_out;    /* the first process was not the init, which was then read by procfs */
    struct ns_record root; /* only its owner and its ID */
    struct ns_record last; /* the namespace of the last process: only its place */
};

/* Whether /proc truncates the name of this workqueue worker. It does before Linux 6.11, although it
 * shows other kernel threads in full. The first such worker is read to find out. */
static bool is_cut(struct sink *sink, const struct task *task)
{
    const struct procfs_entry entry = {.pid = task->levels[0].pid};
    const size_t len = strlen(task->kthread.full_name);
    struct procfs_reader *reader = &sink->scanner->reader;

    if (!(task->head.flags & TASK_IS_WORKER) || len < sizeof task->head.comm)
        return false;
    if (sink->workers == LONG_UNKNOWN && procfs_read(reader, &entry) == 0)
        sink->workers = reader->record.name_len < len ? LONG_CUT : LONG_FULL;
    return sink->workers == LONG_CUT;
}

/* Composes the name of a kernel thread. A workqueue worker has what it runs (+) or ran last (-)
 * appended, as by wq_worker_comm() in kernel/workqueue.c. */
static size_t kthread_name(struct sink *sink, const struct task *task,
                           char name[NAME_BYTES_MAX + 1])
{
    const struct task_kthread *kthread = &task->kthread;
    const bool full = kthread->full_name[0] != '\0' && !is_cut(sink, task);
    const char *mark = kthread->desc[0] == '\0' ? "" : kthread->busy ? "+" : "-";
    int len = snprintf(name, NAME_BYTES_MAX + 1, "%.63s%s%.31s",
                       full ? kthread->full_name : task->head.comm, mark, kthread->desc);

    return len > NAME_BYTES_MAX ? NAME_BYTES_MAX : (size_t)len;
}

/* Opens the namespace of a process at `level`. Returns a descriptor or a negative errno. */
static int open_level(const struct procfs *fs, const struct task *task, uint32_t level)
{
    uint32_t at = task->head.levels - 1;
    int fd = procfs_open_ns(fs, task->levels[0].pid, task->levels[at].inode);

    for (; fd >= 0 && at > level; at--) {
        int parent = ns_parent(fd, NULL);

        close(fd);
        fd = parent;
    }
    return fd;
}

/* Fills in the ID and the owner of the namespace of a process at `level`: in most cases that of the
 * root. */
static void fill_facts(const struct sink *sink, const struct task *task, uint32_t level,
                       struct ns_record *record)
{
    const struct task_level *its = &task->levels[level];

    if (!(sink->scanner->want & NSTREE_WANT_OWNERS))
        return;
    record->nsid = (uint64_t)its->id_high << 32 | its->id_low;
    record->user_ns = sink->root.user_ns;
    record->owner_uid = sink->root.owner_uid;
    bool no_id = record->nsid == 0 && sink->root.nsid != 0; /* not where the program looks */
    if (!its->apart && !no_id)
        return;
    AUTO_CLOSE int fd = open_level(sink->scanner->fs, task, level);
    if (no_id && fd >= 0)
        record->nsid = ns_id(fd);
    if (!its->apart)
        return;
    record->user_ns = 0;
    record->owner_uid = NSTREE_UID_UNKNOWN;
    if (fd >= 0)
        ns_owner(fd, record);
}

/* Reports the namespace of a process, unless the last process had the same, and those above it up
 * to one that is known. Its own is reported again even if it is known: the builder detects an inode
 * that was another namespace's before. */
static int add_namespaces(struct sink *sink, const struct task *task)
{
    struct builder *builder = sink->scanner->builder;
    const struct task_level *levels = task->levels;
    const uint32_t own = task->head.levels - 1;
    const struct ns_record *last = &sink->last;
    const uint64_t parent = own > 0 ? levels[own - 1].inode : KEY_UNKNOWN;

    if (last->ns == levels[own].inode && last->parent == parent && last->level == own)
        return 0;
    sink->last = ns_record_at(levels[own].inode, parent, own);
    for (uint32_t level = own + 1; level-- > 0;) {
        struct ns_record record = ns_record_at(
            levels[level].inode, level > 0 ? levels[level - 1].inode : KEY_UNKNOWN, level);
        bool known = builder_has_ns(builder, record.ns);

        if (!known)
            fill_facts(sink, task, level, &record);
        int rc = builder_add_ns(builder, &record);
        if (rc != 0 || known)
            return rc;
    }
    return 0;
}

/*
 * The iterator of some kernels leaves out processes that any user can see in /proc (seen: the init
 * of a virtual machine). A missing init shows this, as every PID namespace with a reader has one,
 * and it comes first. It is read now to keep the order.
 */
static int find_init(struct sink *sink, const struct task *first)
{
    if (sink->scanner->builder->n_drafts > 0 || first->levels[0].pid == 1)
        return 0;
    sink->init_left_out = true;
    return scan_process(sink->scanner, &(struct procfs_entry){.pid = 1});
}

static int add_process(struct sink *sink, const struct task *task)
{
    const struct task_head *head = &task->head;
    const bool is_kthread = head->flags & TASK_IS_KTHREAD;
    uint32_t nspid[NSTREE_LEVELS_MAX];
    char name[NAME_BYTES_MAX + 1];
    struct record record = {
        .ns = task->levels[head->levels - 1].inode,
        .nspid = nspid,
        .name = is_kthread ? name : head->comm,
        .name_len = (uint32_t)(is_kthread ? kthread_name(sink, task, name) : strlen(head->comm)),
        .pid = task->levels[0].pid,
        .ppid = head->ppid,
        .uid = head->uid,
        .flags = is_kthread ? NSTREE_PROCESS_KTHREAD : 0,
        .mnt_ns = head->mnt_ns,
        .levels = (uint8_t)head->levels,
        .state = state_letter(head),
        .read = sink->scanner->moment,
    };

    for (uint32_t i = 0; i < head->levels; i++)
        nspid[i] = task->levels[i].pid;
    if (record.state == 'Z' && head->threads > 1)
        record.flags |= NSTREE_PROCESS_LEADERLESS;
    return builder_add_process(sink->scanner->builder, &record);
}

static ssize_t take_process(void *context, const char *bytes, size_t len)
{
    struct task task;
    ssize_t size = records_take_task(bytes, len, &task);

    if (size <= 0)
        return size;
    int rc = find_init(context, &task);
    if (rc == 0)
        rc = add_process(context, &task);
    if (rc == 0)
        rc = add_namespaces(context, &task);
    return rc == 0 ? size : rc;
}

/*
 * Adds what the iterator has left out: more processes than the init may be missing. The kernel's
 * counter of processes shows whether that is so, and costs much less than a list, but it also
 * counts processes outside the root. Processes that came or ended meanwhile do not matter, so the
 * smaller count is used, before or now.
 */
static int complete(struct scanner *scanner, size_t links_before)
{
    const struct builder *builder = scanner->builder;
    size_t links = procfs_links(scanner->fs), fixed = procfs_fixed_links(scanner->fs);
    if (links > links_before)
        links = links_before;
    if (builder_root_key(builder) == NSTREE_INITIAL_INODE && fixed != 0 &&
        builder->n_drafts + fixed >= links)
        return 0;
    return scan_missing(scanner);
}

/* Asks for the owner and the ID of the root, the PID namespace of the caller. */
static void ask_root(struct sink *sink)
{
    const struct procfs *fs = sink->scanner->fs;
    const uint32_t self = (uint32_t)getpid();
    AUTO_CLOSE int fd = procfs_open_ns(fs, self, procfs_inode(fs, self));

    if (fd < 0)
        return;
    ns_owner(fd, &sink->root);
    sink->root.nsid = ns_id(fd);
}

int scan_bpf(struct scanner *scanner, struct nstree_error *err)
{
    const size_t links = procfs_links(scanner->fs);
    AUTO_CLOSE int fd = bpf_open(BPF_TASKS, scanner->want & NSTREE_WANT_OWNERS, err);

    if (fd < 0)
        return fd == -EINTR ? -EIO : fd;
    struct sink sink = {.scanner = scanner, .root.owner_uid = NSTREE_UID_UNKNOWN};
    scan_next_moment(scanner);
    ask_root(&sink);
    /* Too much if there are processes outside the root, but unused memory costs nothing. */
    int rc = builder_reserve(scanner->builder, links);
    if (rc == 0)
        rc = readahead_run(fd, !scanner->only_pids && count_cores() > 1, take_process, &sink);
    if (rc != 0)
        return error_set(err, rc == -ENOMEM ? rc : -EIO, "bpf: cannot read: %s", strerror(-rc));
    return sink.init_left_out || scanner->builder->n_drafts == 0 ? complete(scanner, links) : 0;
}

bool scan_is_own(struct scanner *scanner)
{
    const struct procfs_entry self = {.pid = procfs_self(scanner->fs)};

    return scanner->fs->live && self.pid == (uint32_t)getpid() &&
           procfs_read(&scanner->reader, &self) == 0 && scanner->reader.record.levels == 1;
}

/*
 * Costs in nanoseconds, without what both sources have in common. Measured on two cores with Linux
 * 6.18, whole runs with 440 to 10,220 processes. The sources break even at about 480 processes on
 * one core, and at 600 on two. With thousands of processes a second core adds 0.6 to the work of
 * the first, but little near that point. More cores were not measured.
 */
#define COST_LOAD 4000000.0     /* to load the BPF program and to open the iterator */
#define COST_BPF_PROCESS 1100.0 /* a process by BPF */
#define COST_BPF_THREAD 400.0   /* any other thread by BPF, which is visited and left out */
#define COST_PROCFS 9400.0      /* a process by procfs, on one core */
#define MORE_BY_A_CORE 0.25     /* what one more core adds to the work of the first */

/* How many processes and threads there are at most, by the kernel's counters for the whole machine.
 * In a young PID namespace, the last PID is a closer limit. */
static bool count_tasks(const struct procfs *fs, double *processes, double *threads)
{
    char text[128];
    unsigned long running, all, last;

    if (procfs_line(fs, "loadavg", text, sizeof text) == 0 ||
        sscanf(text, "%*s %*s %*s %lu/%lu %lu", &running, &all, &last) != 3)
        return false;
    *processes = (double)procfs_links(fs);
    *threads = (double)all;
    if (*processes > (double)last && procfs_inode(fs, procfs_self(fs)) != NSTREE_INITIAL_INODE) {
        *processes = (double)last;
        *threads = (double)last;
    }
    return true;
}

bool scan_bpf_pays(const struct scanner *scanner)
{
    double processes, threads;

    if (!bpf_is_built_in() || !count_tasks(scanner->fs, &processes, &threads))
        return false;
    size_t cores = scan_threads((size_t)processes);
    double speed = cores > 1 ? 1 + MORE_BY_A_CORE * (double)(cores - 1) : 1;
    double others = threads > processes ? threads - processes : 0;
    return COST_LOAD + COST_BPF_PROCESS * processes + COST_BPF_THREAD * others <
           COST_PROCFS * processes / speed;
}
