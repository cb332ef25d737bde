/* SPDX-License-Identifier: MIT */
/*
 * libnstree: the nested PID namespaces of a Linux machine, as one tree.
 *
 * Ownership: a struct nstree owns every namespace, process and string reached from it. All pointers
 * handed out are lent; they stay valid and unchanged until nstree_free() ends them all at once.
 *
 * Errors: a function that can fail returns 0 or a negative errno from the set that its comment
 * lists, and never another. On failure *out is untouched. The library never prints, exits or
 * aborts, keeps no global state, and touches no signal. Distinct trees can be used from distinct
 * threads; one tree can be read from any number of threads at once.
 *
 * Words: a process is a *member* of its own (innermost) PID namespace only. *Level* is the nesting
 * depth as seen through the procfs that was read: the namespace of that procfs mount is level 0 and
 * is the *root* of the tree, whatever its level on the machine. The *init* is the member whose PID
 * in its own namespace is 1. *NSpid* is the chain of PIDs of a process, outermost first
 * (proc_pid_status(5)). *Exact*: the kernel reported it, or it follows from pid_namespaces(7) with
 * certainty. *Inferred*: the likeliest of what remains possible.
 */
#ifndef NSTREE_H
#define NSTREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

#define NSTREE_VERSION "0.1.0"

#if defined(__GNUC__)
#define NSTREE_MUST_CHECK __attribute__((warn_unused_result))
#else
#define NSTREE_MUST_CHECK
#endif

/* PIDs in the longest NSpid chain: the initial PID namespace and 32 levels below it
 * (MAX_PID_NS_LEVEL in the kernel's include/linux/pid_namespace.h). */
#define NSTREE_LEVELS_MAX 33

/* The largest pid_max that the kernel allows (PID_MAX_LIMIT in include/linux/threads.h): every PID
 * is smaller than this. */
#define NSTREE_PID_LIMIT 4194304

/* The inode of the initial PID namespace, the same on every Linux machine since 3.8
 * (PROC_PID_INIT_INO in include/linux/proc_ns.h). */
#define NSTREE_INITIAL_INODE 4026531836U

/* A uid that is not known. The kernel never gives this one to a process (user_namespaces(7)). */
#define NSTREE_UID_UNKNOWN UINT32_MAX

struct nstree;
struct nstree_ns;
struct nstree_container;

/* A number of struct nstree_usage that is not known. */
#define NSTREE_USAGE_UNKNOWN UINT64_MAX

/* What a process uses, or what all members of a namespace or all processes of a container use
 * together. Later versions add members at the end only. */
struct nstree_usage {
    /* When it began, in hundredths of a second since the Epoch, with the boot as a whole second
     * (btime, proc_stat(5)). Of its init. */
    uint64_t start;
    uint64_t rss;     /* resident memory in KiB (VmRSS): pages that are shared count for each */
    uint64_t cpu;     /* CPU time used (utime and stime), in hundredths of a second */
    uint64_t threads; /* threads */
};

/* Bits of nstree_process.flags. */
enum nstree_process_flag {
    /* A kernel thread. They are members of the initial PID namespace only. */
    NSTREE_PROCESS_KTHREAD = 1 << 0,
    /* Its place in the tree is inferred: the kernel did not report which namespace it is a member
     * of, and what it did report does not decide that. */
    NSTREE_PROCESS_INFERRED = 1 << 1,
    /* More than one namespace remains possible, or one that is not in the tree; the process is in
     * the likeliest. Implies NSTREE_PROCESS_INFERRED. Without this flag, that one means that exact
     * facts rule out all other namespaces. */
    NSTREE_PROCESS_AMBIGUOUS = 1 << 2,
    /* It came in from outside: its parent is in another PID namespace and it is not the init, as
     * with setns(2) and fork(2), nsenter(1), docker exec. */
    NSTREE_PROCESS_ENTERED = 1 << 3,
    /* Its main thread has exited and is a zombie while other threads run on. */
    NSTREE_PROCESS_LEADERLESS = 1 << 4,
    /* It was asked for: only in a recording (nstree_save_options.matches), never in a scan. */
    NSTREE_PROCESS_MATCH = 1 << 5,
};

/* One process (thread group). Lent by the tree. Later versions add members at the end only. */
struct nstree_process {
    const struct nstree_ns *ns; /* the namespace that it is a member of; never NULL */
    const uint32_t *nspid;      /* `levels` PIDs, outermost first; nspid[0] == pid */
    const char *name;           /* the kernel's comm, unescaped bytes: any but NUL; may be empty */
    const char *args;           /* command line, NULs as spaces; NULL: empty, or not asked for */
    uint32_t pid;               /* in the root namespace */
    uint32_t ppid;              /* of its parent, in the root; 0: it is outside, or there is none */
    uint32_t uid;               /* real uid in the reader's user namespace */
    uint32_t flags;             /* enum nstree_process_flag */
    uint8_t levels;             /* PIDs in nspid: ns->level + 1 */
    char state;                 /* 'R', 'S', 'D', 'T', 't', 'Z', 'X', 'I', …: proc_pid_stat(5) */

    /* The container that it is in. Not always ns->container: containers can share a PID namespace.
     * NULL: none is known, or none was asked for. */
    const struct nstree_container *container;

    /* NSTREE_TYPES inodes of its other namespaces, 0 where one is not known; NULL: not asked for
     * (nstree_options.others_of). */
    const uint32_t *others;

    /* NULL: not asked for (NSTREE_WANT_USAGE), or not known. */
    const struct nstree_usage *usage;
};

/* Bits of nstree_ns.flags. */
enum nstree_ns_flag {
    /* Its parent is inferred. (Not set on the root.) */
    NSTREE_NS_INFERRED = 1 << 0,
    /* Its inode could not be read from any process in it: nstree_ns.inode is 0. */
    NSTREE_NS_UNREADABLE = 1 << 1,
    /* More than one namespace remains possible as its parent, or one that is not in the tree; the
     * likeliest is its parent here. Implies NSTREE_NS_INFERRED. */
    NSTREE_NS_AMBIGUOUS = 1 << 2,
};

/* What keeps a PID namespace that no process is a member of. */
enum nstree_keeper_how {
    NSTREE_KEEPER_FD = 1,   /* an open descriptor: `fd` of `pid` */
    NSTREE_KEEPER_MOUNT,    /* a bind mount of its nsfs file, at `path` as `pid` sees it */
    NSTREE_KEEPER_CHILDREN, /* the pid_for_children of `pid` (namespaces(7)) */
    NSTREE_KEEPER_THREAD,   /* the pid_for_children of thread `tid` of `pid` */
    /* Something that no procfs shows, such as a descriptor in flight. The kernel lists the
     * namespace (listns(2), Linux 6.19), and nothing else is known. */
    NSTREE_KEEPER_UNSEEN,
};

/* One thing that keeps a namespace. Lent by the tree. Later versions add members at the end only.
 */
struct nstree_keeper {
    enum nstree_keeper_how how;
    uint32_t pid;     /* of a process, in the root; 0: none */
    uint32_t tid;     /* of a thread of that process, in the root; 0: none */
    uint32_t fd;      /* only NSTREE_KEEPER_FD */
    const char *name; /* of the process, as nstree_process.name; NULL: not known */
    const char *path; /* only NSTREE_KEEPER_MOUNT: unescaped bytes, any but NUL; else NULL */
};

/* One PID namespace. Lent by the tree. Later versions add members at the end only.
 *
 * Namespaces are one array in the order of the tree, each before its children. The namespaces below
 * `ns` are ns[1] … ns[ns->below]. Its first child is ns[1] where ns->below > 0. The sibling after a
 * child c is c[1 + c->below] while that is still below the parent. Siblings are ordered by the PID
 * that their init has in the parent; without an init, by the smallest PID that a process inside has
 * there. In a recording of a selection they stay as recorded.
 *
 * Processes are one array as well, grouped by namespace in that order and sorted by their PID in
 * their own namespace. members[0] … members[n_members - 1] are the members; members[0] …
 * members[n_inside - 1] are all processes in this namespace or below it. */
struct nstree_ns {
    const struct nstree_ns *parent;       /* NULL for the root only */
    const struct nstree_process *init;    /* NULL if it is dead and reaped, or was not seen */
    const struct nstree_process *members; /* this process and those that follow; see above */
    size_t n_members;                     /* members that the tree holds */
    size_t n_inside;                      /* members of this and of all namespaces below */
    size_t below;                         /* namespaces below this one */

    /* Members that were counted. More than n_members where a selection was recorded;
     * NSTREE_TOTAL_UNKNOWN where only a part was read, or where none was seen and there may be
     * some. */
    uint64_t total;

    uint64_t id;        /* unique in the tree; the inode where that is known. See nstree_ns_id() */
    uint32_t inode;     /* as in pid:[INODE]; 0 if it could not be read */
    uint32_t user_ns;   /* inode of the owner user namespace (NS_GET_USERNS); 0: unknown */
    uint32_t owner_uid; /* uid that owns it (NS_GET_OWNER_UID); NSTREE_UID_UNKNOWN */
    uint32_t level;     /* 0 is the root */
    uint32_t flags;     /* enum nstree_ns_flag */

    /* What keeps it although no process is a member of it: only with NSTREE_WANT_EMPTY. None where
     * its child namespaces keep it. */
    const struct nstree_keeper *keepers;
    size_t n_keepers;

    /* What made it (docker, k8s, podman, nspawn, lxc, …) or what the root is: a word; the same for
     * people, with its name, any bytes but NUL; and by what that is known. NULL: not known, or not
     * asked for. */
    const char *kind;
    const char *label;
    const char *evidence;

    /* NSTREE_TYPES inodes of its init's other namespaces, 0 where one is not known; NULL: not asked
     * for. See nstree_shared(). */
    const uint32_t *others;

    /* How many of the members that were counted have an inferred place
     * (NSTREE_PROCESS_INFERRED). */
    uint64_t inferred;

    /* The container that its init is in: the one that it was made for, which `label` names, or
     * one around. NULL: none is known, or none was asked for. */
    const struct nstree_container *container;

    uint64_t nsid; /* the kernel's ID, never used again (NS_GET_ID, Linux 6.18); 0: not known */

    /* Members that are zombies (NSTREE_PROCESS_LEADERLESS is none), of those that were counted;
     * NSTREE_TOTAL_UNKNOWN where `total` is, and where a recording does not say. */
    uint64_t zombies;

    /* Of its members together. NULL: not asked for (NSTREE_WANT_USAGE), or not known. */
    const struct nstree_usage *usage;
};

/*
 * One container, as an engine calls it. Most have a PID namespace of their own: then ns->container
 * leads back to the container. Others share one (docker run --pid=host, a pod of Kubernetes with
 * shareProcessNamespace): then it does not, and processes lead to it. All texts are unescaped
 * bytes, any but NUL; NULL: not known. Lent by the tree. Later versions add members at the end
 * only.
 */
struct nstree_container {
    const char *kind;          /* as nstree_ns.kind; never NULL, and so the next two */
    const char *label;         /* for people, as nstree_ns.label */
    const char *evidence;      /* by what it is known */
    const char *name;          /* in Kubernetes: of the container; NULL for the sandbox of a pod */
    const char *id;            /* the whole ID */
    const char *k8s_namespace; /* only in Kubernetes */
    const char *pod;           /* the pod of Kubernetes or Podman that it belongs to */
    const char *image;         /* the image that it was made from */

    const struct nstree_ns *ns;        /* the PID namespace of its init; NULL only in a recording
                                        * of a selection without it */
    const struct nstree_process *init; /* its first process; NULL: not known */
    uint64_t total;   /* its processes in `ns`; NSTREE_TOTAL_UNKNOWN where only a part was read */
    uint64_t zombies; /* of those; NSTREE_TOTAL_UNKNOWN as above */

    /* Of those together. NULL: not asked for (NSTREE_WANT_USAGE), or not known. */
    const struct nstree_usage *usage;
};

/* The other types of namespaces (namespaces(7)), indexes of nstree_ns.others. */
enum nstree_type {
    NSTREE_MNT,
    NSTREE_NET,
    NSTREE_IPC,
    NSTREE_UTS,
    NSTREE_USER,
    NSTREE_CGROUP,
    NSTREE_TIME,
    NSTREE_TYPES
};

#define NSTREE_TOTAL_UNKNOWN UINT64_MAX

/* Which scanner reads the machine. */
enum nstree_source {
    /* The one that is likely to be faster, of those that work here. */
    NSTREE_SOURCE_AUTO = 0,
    /* Reads /proc. */
    NSTREE_SOURCE_PROCFS,
    /* A BPF task iterator: Linux 5.17, CAP_BPF and CAP_PERFMON. Only for /proc, only where that is
     * of the caller's own PID namespace, not with NSTREE_WANT_ARGS or NSTREE_WANT_USAGE. With
     * `pids`, the procfs is read, and BPF only where that is not enough. */
    NSTREE_SOURCE_BPF,
    /* Only in nstree_info: the tree came from nstree_load(). */
    NSTREE_SOURCE_RECORDING,
};

/* What a scan is to read beyond the tree itself, bits of nstree_options.want. */
enum nstree_want {
    /* Command lines. */
    NSTREE_WANT_ARGS = 1 << 0,
    /* owner_uid, user_ns and nsid of every namespace. */
    NSTREE_WANT_OWNERS = 1 << 1,
    /* Namespaces without members too, and what keeps them: reads the descriptors of all processes.
     * No effect with pids. */
    NSTREE_WANT_EMPTY = 1 << 2,
    /* kind, label, evidence and containers: reads files of inits, of their parents, and of
     * processes that entered a namespace from outside or share one with another container. */
    NSTREE_WANT_LABELS = 1 << 3,
    /* The other namespaces of every init. */
    NSTREE_WANT_OTHERS = 1 << 4,
    /* The usage of every process, namespace and container: reads /proc/N/stat of every process. */
    NSTREE_WANT_USAGE = 1 << 5,
};

/* How to scan. Zero every byte and set `size`; zeros mean the defaults. Later versions add members
 * at the end and go by `size`. */
struct nstree_options {
    size_t size;      /* sizeof(struct nstree_options) */
    const char *proc; /* the procfs to read; NULL: /proc */

    /* Read only these (PIDs in the root) and what places them. The tree then lacks all other
     * processes, and the totals are unknown. Where that is not enough, all are read, and `partial`
     * is false. n_pids 0: read all. */
    const uint32_t *pids;
    size_t n_pids;

    enum nstree_source source;
    uint32_t want; /* enum nstree_want */

    /* With NSTREE_WANT_OTHERS, read the other namespaces of these processes (PIDs in the root),
     * too. */
    const uint32_t *others_of;
    size_t n_others_of;
};

/* What nstree_save() leaves out, bits of nstree_save_options.flags. */
enum nstree_save_flag {
    NSTREE_SAVE_NO_ARGS = 1 << 0,   /* command lines */
    NSTREE_SAVE_NO_LABELS = 1 << 1, /* kind, label, evidence and containers */
    NSTREE_SAVE_NO_TOTALS = 1 << 2, /* how many members a namespace has, unless it has none */
};

/* What to save. Zero every byte and set `size`; zeros mean the whole tree. Later versions add
 * members at the end and go by `size`. */
struct nstree_save_options {
    size_t size; /* sizeof(struct nstree_save_options) */

    /* One byte for each namespace from nstree_root() on, nonzero to save it. NULL: save all. */
    const unsigned char *namespaces;

    /* One byte for each process from nstree_root()->members on, nonzero to save it. NULL: save the
     * members of all namespaces that are saved. Saved in any case are the inits of these, and the
     * parents of saved processes that entered from outside, if the parents' namespaces are. */
    const unsigned char *processes;

    uint32_t flags; /* enum nstree_save_flag */

    /* One byte for each process from nstree_root()->members on, nonzero if it was asked for. NULL:
     * those with NSTREE_PROCESS_MATCH. */
    const unsigned char *matches;
};

/* A failure in words, for people: what was being done, to what, and why it failed. */
struct nstree_error {
    char text[512]; /* one line, NUL-terminated, without a newline */
};

/* How many of the processes that were not searched are named. */
#define NSTREE_UNSEARCHED_MAX 8

/* The machine and the scan as a whole. Lent by the tree. Later versions add members at the end
 * only. */
struct nstree_info {
    const char *host;   /* nodename of uname(2), or of the recording; never NULL */
    const char *kernel; /* release of uname(2), or of the recording; never NULL */
    int64_t taken;      /* when, in seconds since the Epoch (UTC) */
    enum nstree_source source;

    /* Nothing was denied, malformed, unsearched, given up, left out or failed, nothing is inferred,
     * and the root's init was seen. */
    bool complete;

    bool partial;        /* only nstree_options.pids were read */
    bool selected;       /* a recording of a selection: namespaces were left out of it */
    bool foreign;        /* the caller is no member of the root: its own PIDs are none of these */
    uint64_t denied;     /* nested processes whose ns/pid may not be read */
    uint64_t hidden;     /* processes whose status may not be read (hidepid, proc(5)) */
    uint64_t malformed;  /* processes whose status makes no sense */
    uint64_t gone;       /* processes that ended while they were read: normal */
    uint64_t unsearched; /* processes whose descriptors may not be read (NSTREE_WANT_EMPTY) */
    uint32_t self;       /* PID of the caller in the root; 0: none, or a recording */

    /* Files and command lines of other processes: those that did not come within the time that
     * nstree_scan() waits, or were not tried any more after such; those that were left out or cut,
     * being more than a scan reads in all; reads that failed for lack of descriptors, memory or
     * processes. */
    uint64_t given_up;
    uint64_t left_out;
    uint64_t failed;

    /* The PIDs, in the root, of the first NSTREE_UNSEARCHED_MAX of those that `unsearched` counts;
     * NULL where there are none. */
    const uint32_t *unsearched_pids;
    size_t n_unsearched_pids;

    /* No process has an NSpid: Linux before 4.1, or a sandbox such as gVisor. All are members of
     * the root, with one PID, for nested namespaces cannot be seen. Then `complete` is false, and
     * NSTREE_WANT_EMPTY has no effect. */
    bool flat;
};

/*
 * Scans a machine into *out; end it with nstree_free(). `options` may be NULL. `err`, if not NULL,
 * is filled in on failure. Processes that end during the scan are normal. Links that may not be
 * read are a state of the tree (NSTREE_NS_UNREADABLE, nstree_info.denied) and no failure.
 *
 * Facts: proc_pid_status(5), namespaces(7), pid_namespaces(7), ioctl_nsfs(2). Since 0.1.0.
 *
 *   -EINVAL      an option, or options->size, is out of range
 *   -ENOENT      there is no such directory (or, with pids, none of them exists: see nstree_error)
 *   -ENOTDIR     it is not a directory
 *   -EACCES      it may not be read
 *   -ENODATA     it holds no process, so it is no procfs
 *   -EOPNOTSUPP  the source is not available
 *   -EMFILE      out of file descriptors
 *   -ENOMEM      out of memory
 *   -EIO         it could not be read for another reason; *err has it
 */
NSTREE_MUST_CHECK int nstree_scan(const struct nstree_options *options, struct nstree **out,
                                  struct nstree_error *err);

/*
 * Loads a recording, the JSON that `nstree --json` prints, from `fd` (read to its end, not closed)
 * into *out; end it with nstree_free(). Nothing in it is trusted. Whatever it holds, loading takes
 * at most eight times as much memory as the text has bytes, and a few megabytes. Since 0.1.0.
 *
 *   -EBADMSG     not JSON, not a recording, or one that contradicts itself (or has more namespaces
 *                than a text of its length can describe)
 *   -EOPNOTSUPP  a newer schema than this library knows
 *   -EFBIG       larger than 1 GiB
 *   -ENOMEM      out of memory
 *   -EIO         it could not be read; *err says why
 */
NSTREE_MUST_CHECK int nstree_load(int fd, struct nstree **out, struct nstree_error *err);

/*
 * Saves a tree to `out` as a recording, the JSON that nstree_load() loads and `nstree --json`
 * prints. `out` is flushed and not closed. `options` may be NULL: the whole tree is saved. Text
 * that others chose is escaped so that it cannot harm a terminal. Since 0.1.0.
 *
 *   -EINVAL   options->size or options->flags is out of range, or a namespace is selected without
 *             its parent, or a process without its namespace; nothing is written
 *   -EIO      the error indicator of `out` is set (ferror(3)); if this call set it, errno has the
 *             cause
 *   -ENOMEM   out of memory; nothing is written
 */
NSTREE_MUST_CHECK int nstree_save(const struct nstree *tree,
                                  const struct nstree_save_options *options, FILE *out);

/*
 * The inode of the PID namespace that a path leads to, into *inode: an nsfs file (/proc/N/ns/pid, a
 * bind mount of one), or a recorded link `pid:[INODE]`. Facts: ioctl_nsfs(2). Since 0.1.0.
 *
 *   -ENOENT   there is no such file
 *   -EACCES   permission denied
 *   -EINVAL   it is no PID namespace
 *   -EIO      it could not be opened for another reason
 */
NSTREE_MUST_CHECK int nstree_path_inode(const char *path, uint32_t *inode);

/*
 * The process that a number belongs to in the procfs `proc` (NULL: /proc), into *pid: the number
 * itself where it is that of a process, another where it is that of a thread, which a procfs has
 * but does not list (proc(5)). Facts: Tgid in proc_pid_status(5). Since 0.1.0.
 *
 *   -ENOENT   there is none, or no such procfs
 *   -EACCES   permission denied
 *   -EINVAL   it has no status that can be understood
 *   -EIO      it could not be read for another reason
 */
NSTREE_MUST_CHECK int nstree_number_process(const char *proc, uint32_t number, uint32_t *pid);

/* Ends the tree and everything that it lent. NULL is allowed. Since 0.1.0. */
void nstree_free(struct nstree *tree);

/* The machine and the scan as a whole. Never NULL. Since 0.1.0. */
const struct nstree_info *nstree_info(const struct nstree *tree);

/* The root namespace: the first of all nstree_root()->below + 1 namespaces, and its members the
 * first of all nstree_root()->n_inside processes. Never NULL. Since 0.1.0. */
const struct nstree_ns *nstree_root(const struct nstree *tree);

/* The namespace with this inode, or NULL. Since 0.1.0. */
const struct nstree_ns *nstree_find_ns(const struct nstree *tree, uint32_t inode);

/* The process that has this PID in `ns` (as a member of it or of a namespace below it), or NULL.
 * Since 0.1.0. */
const struct nstree_process *nstree_find_process(const struct nstree *tree,
                                                 const struct nstree_ns *ns, uint32_t pid);

/* The PID of `process` in `ns`, or 0 if it cannot be seen from there. Since 0.1.0. */
uint32_t nstree_number_in(const struct nstree_process *process, const struct nstree_ns *ns);

/* The containers, into *n how many there are: *n elements in the order of the tree, by the PID of
 * their init where they share a namespace. Since 0.1.0. */
const struct nstree_container *nstree_containers(const struct nstree *tree, size_t *n);

/* Bytes that nstree_ns_id() needs. */
#define NSTREE_ID_SIZE 24

/* Writes the id of `ns` as JSON has it, NUL-terminated, into `id` and returns `id`: the inode in
 * decimal. Where that is unknown: `?PID` with the PID of its init in the root, or `?PID.LEVEL` with
 * that of another process in it or below it. Since 0.1.0. */
const char *nstree_ns_id(const struct nstree_ns *ns, char id[NSTREE_ID_SIZE]);

/* Whether the library was built with this scanner. nstree_scan() fails where it does not work on
 * this machine. Since 0.1.0. */
bool nstree_has_source(enum nstree_source source);

/* The first namespace of the tree whose init is in the same other namespace of this type as the
 * init of `ns`: `ns` itself where no other before it is. NULL where that is not known: where the
 * inodes were not read (nstree_options.pids) or not recorded, or a process outside of the root can
 * be in it as well. Since 0.1.0. */
const struct nstree_ns *nstree_shared(const struct nstree *tree, const struct nstree_ns *ns,
                                      enum nstree_type type);

/* The short name of a type, as in /proc/N/ns: `mnt`, `net`, … Since 0.1.0. */
const char *nstree_type_name(enum nstree_type type);

/* The version of the library in use, as NSTREE_VERSION was when it was built. Since 0.1.0. */
const char *nstree_version(void);

#ifdef __cplusplus
}
#endif

#endif
