/* SPDX-License-Identifier: MIT */
/*
 * libnstree: the nested PID namespaces of a Linux machine, as one tree.
 *
 * Ownership, in one sentence: a struct nstree owns every namespace, process and string reached from
 * it, all pointers handed out are lent and stay valid and unchanged until nstree_free() ends them
 * all at once.
 *
 * Errors: a function that can fail returns 0 or a negative errno out of the set that its comment
 * lists, and never another. On failure *out is untouched. The library never prints, never exits,
 * never aborts, keeps no global state, and touches no signal. Distinct trees can be used from
 * distinct threads; one finished tree can be read from any number of threads at once.
 *
 * Words: a process is a *member* of its own (innermost) PID namespace only. *Level* is the nesting
 * depth as seen through the procfs that was read: the namespace of that procfs mount is level 0 and
 * is the *root* of the tree, whatever its level on the machine. The *init* is the member whose PID
 * in its own namespace is 1. *NSpid* is the chain of numbers of a process, outermost first
 * (proc_pid_status(5)). *Exact*: the kernel said so, or it follows from pid_namespaces(7) with
 * certainty; *inferred*: the best guess of what remains possible.
 */
#ifndef NSTREE_H
#define NSTREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define NSTREE_VERSION "0.1.0"

#if defined(__GNUC__)
#define NSTREE_MUST_CHECK __attribute__((warn_unused_result))
#else
#define NSTREE_MUST_CHECK
#endif

/* Numbers in the longest NSpid chain: the initial PID namespace and 32 levels below it
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

/* What is said of a process, bits of nstree_process.flags. */
enum nstree_process_flag {
    /* A kernel thread. They are members of the initial PID namespace only. */
    NSTREE_PROCESS_KTHREAD = 1 << 0,
    /* Its place in the tree is inferred: the kernel did not say which namespace it is a member of,
     * and what it did say leaves more than certainty. */
    NSTREE_PROCESS_INFERRED = 1 << 1,
    /* More than one namespace remains possible, or one that is not in the tree; it stands in the
     * likeliest. Implies NSTREE_PROCESS_INFERRED, which without this says that what is exact rules
     * out all others. */
    NSTREE_PROCESS_AMBIGUOUS = 1 << 2,
    /* It came in from outside: its parent is in another PID namespace and it is not the init, as
     * with setns(2) and fork(2), nsenter(1), docker exec. */
    NSTREE_PROCESS_ENTERED = 1 << 3,
    /* Its main thread has exited and is a zombie while other threads run on. */
    NSTREE_PROCESS_LEADERLESS = 1 << 4,
};

/* One process (thread group). Lent by the tree. Later versions add members at the end only. */
struct nstree_process {
    const struct nstree_ns *ns; /* the namespace that it is a member of; never NULL */
    const uint32_t *nspid;      /* `levels` numbers, outermost first; nspid[0] == pid */
    const char *name;           /* the kernel's comm, unescaped bytes: any but NUL; may be empty */
    const char *args; /* command line, its NULs as spaces; NULL if not asked for or empty */
    uint32_t pid;     /* its number in the root namespace */
    uint32_t ppid;    /* its parent's number in the root namespace; 0: outside it, or none */
    uint32_t uid;     /* real uid in the reader's user namespace */
    uint32_t flags;   /* enum nstree_process_flag */
    uint8_t levels;   /* numbers in nspid: ns->level + 1 */
    char state;       /* 'R', 'S', 'D', 'T', 't', 'Z', 'X', 'I', …: proc_pid_stat(5) */
};

/* What is said of a namespace, bits of nstree_ns.flags. */
enum nstree_ns_flag {
    /* Its parent is inferred. (Not set on the root.) */
    NSTREE_NS_INFERRED = 1 << 0,
    /* No process was seen in it that says its inode: nstree_ns.inode is 0. */
    NSTREE_NS_UNREADABLE = 1 << 1,
    /* More than one namespace remains possible as its parent, or one that is not in the tree; it
     * stands in the likeliest. Implies NSTREE_NS_INFERRED. */
    NSTREE_NS_AMBIGUOUS = 1 << 2,
};

/* What keeps a PID namespace that no process is a member of. */
enum nstree_keeper_how {
    NSTREE_KEEPER_FD = 1,   /* an open descriptor: `fd` of `pid` */
    NSTREE_KEEPER_MOUNT,    /* a bind mount of its nsfs file, at `path` as `pid` sees it */
    NSTREE_KEEPER_CHILDREN, /* the pid_for_children of `pid` (namespaces(7)) */
    NSTREE_KEEPER_THREAD,   /* the pid_for_children of thread `tid` of `pid` */
    NSTREE_KEEPER_UNSEEN, /* something that no procfs shows, as a descriptor that is in flight: the
                           * kernel lists the namespace (listns(2), Linux 6.19), and that is all */
};

/* One of several, perhaps. Lent by the tree. Later versions add members at the end only. */
struct nstree_keeper {
    enum nstree_keeper_how how;
    uint32_t pid;     /* a process, by its number in the root; 0: none */
    uint32_t tid;     /* a thread of it, likewise; 0: none */
    uint32_t fd;      /* only NSTREE_KEEPER_FD */
    const char *name; /* of the process, as nstree_process.name; NULL: not known */
    const char *path; /* only NSTREE_KEEPER_MOUNT: unescaped bytes, any but NUL; else NULL */
};

/* One PID namespace. Lent by the tree. Later versions add members at the end only.
 *
 * Namespaces stand in one array in the order of the tree, each before its children, so that the
 * namespaces below `ns` are ns[1] … ns[ns->below], its first child is ns[1] where ns->below > 0,
 * and the sibling that follows a child c is c[1 + c->below] while that is still below the parent.
 * Siblings are ordered by the number that their init has in the parent; without an init, by the
 * smallest number that a process inside has there, and of a recorded selection as it was recorded.
 *
 * Processes likewise stand in one array, grouped by namespace in that same order and sorted by
 * their number in their own namespace: members[0] … members[n_members - 1] are the members,
 * members[0] … members[n_inside - 1] all that is in this namespace or below it. */
struct nstree_ns {
    const struct nstree_ns *parent;       /* NULL for the root only */
    const struct nstree_process *init;    /* NULL if it is dead and reaped, or was not seen */
    const struct nstree_process *members; /* this process and those that follow; see above */
    size_t n_members;                     /* members that the tree holds */
    size_t n_inside;                      /* members of this and of all namespaces below */
    size_t below;                         /* namespaces below this one */
    uint64_t total; /* members that were counted; more than n_members where a selection was
                     * recorded; NSTREE_TOTAL_UNKNOWN where only a part was read, or there may be
                     * some although none was seen */
    uint64_t id;    /* unique in the tree; the inode where that is known. See nstree_ns_id() */
    uint32_t inode; /* as in pid:[INODE]; 0 if it could not be read */
    uint32_t
        user_ns; /* inode of the owning user namespace (NS_GET_USERNS); 0: unknown, not asked */
    uint32_t owner_uid; /* uid that owns it (NS_GET_OWNER_UID); NSTREE_UID_UNKNOWN */
    uint32_t level;     /* 0 is the root */
    uint32_t flags;     /* enum nstree_ns_flag */
    const struct nstree_keeper *keepers; /* what keeps it although no process is a member of it; */
    size_t n_keepers;  /* only with NSTREE_WANT_EMPTY. None where its child namespaces keep it */
    const char *kind;  /* what made it, a word (docker, k8s, podman, nspawn, lxc, …), or what the
                        * root is; NULL: not known, or not asked for */
    const char *label; /* the same for people, with its name: any bytes but NUL; NULL as `kind` */
    const char *evidence;   /* which signal said so; NULL as `kind` */
    const uint32_t *others; /* NSTREE_TYPES inodes of its init's other namespaces, 0 where that
                             * is not known; NULL: not asked for. See nstree_shared() */
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
    NSTREE_SOURCE_AUTO = 0,  /* the one likely to be faster, of those that can do it here */
    NSTREE_SOURCE_PROCFS,    /* reads /proc */
    NSTREE_SOURCE_BPF,       /* a BPF task iterator: Linux 5.17, CAP_BPF and CAP_PERFMON; only for
                              * /proc, only where it is that of the caller's own PID namespace, not
                              * with NSTREE_WANT_ARGS; reads all even where `pids` are given */
    NSTREE_SOURCE_RECORDING, /* only in nstree_info: the tree came from nstree_load() */
};

/* What a scan is to read beyond the tree itself, bits of nstree_options.want. */
enum nstree_want {
    NSTREE_WANT_ARGS = 1 << 0,   /* command lines */
    NSTREE_WANT_OWNERS = 1 << 1, /* owner_uid and user_ns of every namespace */
    NSTREE_WANT_EMPTY = 1 << 2,  /* namespaces without a member too, with what keeps them: reads the
                                  * descriptors of all processes. No effect with pids */
    NSTREE_WANT_LABELS = 1 << 3, /* kind, label and evidence: reads of inits and their parents */
    NSTREE_WANT_OTHERS = 1 << 4, /* the other namespaces of every init */
};

/* How to scan. Zero every byte and set `size`; zeros mean the defaults. Later versions add members
 * at the end and go by `size`. */
struct nstree_options {
    size_t size;          /* sizeof(struct nstree_options) */
    const char *proc;     /* the procfs to read; NULL: /proc */
    const uint32_t *pids; /* read only these (numbers in the root) and what places them; the */
    size_t n_pids;        /* tree then lacks all others and the totals are unknown. 0: read all */
    enum nstree_source source;
    uint32_t want; /* enum nstree_want */
};

/* A failure in words, for people: what was being done, to what, and the cause. */
struct nstree_error {
    char text[512]; /* one line, NUL-terminated, without a newline */
};

/* What is known of the machine and of the scan as a whole. Lent by the tree. */
struct nstree_info {
    const char *host;   /* nodename of uname(2), or of the recording; never NULL */
    const char *kernel; /* release of uname(2), or of the recording; never NULL */
    int64_t taken;      /* when, in seconds since the Epoch (UTC) */
    enum nstree_source source;
    bool complete;      /* nothing was denied, malformed, unsearched, given up, left out or failed,
                         * nothing is inferred, the root's init was seen */
    bool partial;       /* only nstree_options.pids were read */
    bool selected;      /* a recording of a selection: namespaces were left out of it */
    bool foreign;       /* the caller is no member of the root: its own numbers are none of these */
    uint64_t denied;    /* nested processes whose ns/pid may not be read */
    uint64_t hidden;    /* processes whose status may not be read (hidepid, proc(5)) */
    uint64_t malformed; /* processes whose status could not be understood */
    uint64_t gone;      /* processes that ended while they were read: normal */
    uint64_t unsearched; /* processes whose descriptors may not be looked at (NSTREE_WANT_EMPTY) */
    uint32_t self; /* the caller's own number in the root, 0 if it has none, or of a recording */
    uint64_t given_up; /* files and command lines of others that did not come within the time that
                        * nstree_scan() waits for them, or were not tried any more after such */
    uint64_t left_out; /* the same that were left out or cut: more than a scan reads in all */
    uint64_t failed;   /* reads that failed for want of descriptors, memory or processes */
};

/*
 * Scans a machine into *out; end it with nstree_free(). `options` may be NULL. `err`, if not NULL,
 * is filled in on failure. That processes end meanwhile is normal; that links may not be read is a
 * state of the tree (NSTREE_NS_UNREADABLE, nstree_info.denied) and no failure.
 *
 * Facts: proc_pid_status(5), namespaces(7), pid_namespaces(7), ioctl_nsfs(2). Since 0.1.0.
 *
 *   -EINVAL      an option is out of range, or options->size is
 *   -ENOENT      there is no such directory (or, with pids, none of them exists: see nstree_error)
 *   -ENOTDIR     it is not a directory
 *   -EACCES      it may not be read
 *   -ENODATA     it holds no process: it is no procfs
 *   -EOPNOTSUPP  this kernel has no NSpid (before 4.1), or not the source that was asked for
 *   -EMFILE      out of file descriptors
 *   -ENOMEM      out of memory
 *   -EIO         anything else that kept it from being read; the cause is in *err
 */
NSTREE_MUST_CHECK int nstree_scan(const struct nstree_options *options, struct nstree **out,
                                  struct nstree_error *err);

/*
 * Loads a recording, the JSON that `nstree --json` prints, from `fd` (read to its end, not closed)
 * into *out; end it with nstree_free(). Nothing in it is trusted; whatever is in it, that takes at
 * most eight times as much memory as the text has bytes, and a few megabytes. Since 0.1.0.
 *
 *   -EBADMSG     not JSON, not a recording, or one that contradicts itself (or has more namespaces
 *                than so much text can tell of)
 *   -EOPNOTSUPP  a newer schema than this library knows
 *   -EFBIG       larger than 1 GiB
 *   -ENOMEM      out of memory
 *   -EIO         it could not be read; the cause is in *err
 */
NSTREE_MUST_CHECK int nstree_load(int fd, struct nstree **out, struct nstree_error *err);

/*
 * The inode of the PID namespace that a path leads to, into *inode: an nsfs file (/proc/N/ns/pid, a
 * bind mount of one), or a recorded link `pid:[INODE]`. Facts: ioctl_nsfs(2). Since 0.1.0.
 *
 *   -ENOENT   there is no such file
 *   -EACCES   it may not be looked at
 *   -EINVAL   it is no PID namespace
 *   -EIO      anything else that kept it from being opened
 */
NSTREE_MUST_CHECK int nstree_path_inode(const char *path, uint32_t *inode);

/* Ends the tree and everything that it lent. NULL is allowed. Since 0.1.0. */
void nstree_free(struct nstree *tree);

/* The facts about the scan as a whole. Never NULL. Since 0.1.0. */
const struct nstree_info *nstree_info(const struct nstree *tree);

/* The root namespace: the first of all nstree_root()->below + 1 namespaces, and its members the
 * first of all nstree_root()->n_inside processes. Never NULL. Since 0.1.0. */
const struct nstree_ns *nstree_root(const struct nstree *tree);

/* The namespace with this inode, or NULL. Since 0.1.0. */
const struct nstree_ns *nstree_find_ns(const struct nstree *tree, uint32_t inode);

/* The process that has the number `pid` in `ns` (as a member of it or of a namespace below it),
 * or NULL. Since 0.1.0. */
const struct nstree_process *nstree_find_process(const struct nstree *tree,
                                                 const struct nstree_ns *ns, uint32_t pid);

/* The number that `process` has in `ns`, or 0 if it cannot be seen from there. Since 0.1.0. */
uint32_t nstree_number_in(const struct nstree_process *process, const struct nstree_ns *ns);

/* Bytes that nstree_ns_id() needs. */
#define NSTREE_ID_SIZE 24

/* Writes the id of `ns` as JSON has it, NUL-terminated, into `id` and returns `id`: the inode in
 * decimal, or, where that is unknown, `?PID` with the root number of its init, or `?PID.LEVEL` with
 * that of another process in it or below it. Since 0.1.0. */
const char *nstree_ns_id(const struct nstree_ns *ns, char id[NSTREE_ID_SIZE]);

/* Whether the library was built with this scanner; whether it works on this machine, nstree_scan()
 * tells. Since 0.1.0. */
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
