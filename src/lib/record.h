/* SPDX-License-Identifier: MIT */
/*
 * What every source (procfs, a recording, BPF) reports: one record a process and, for what is known
 * of namespaces beyond their members, one record a namespace. The tree is made of nothing else.
 */
#pragma once

#include "nstree.h"

/*
 * The key of a namespace: its inode, or, where that could not be read, a number above all inodes
 * that is made of what names it instead (its init, or else the smallest PID in it and its level).
 * It is nstree_ns.id.
 */
#define KEY_UNKNOWN 0
#define KEY_UNREADABLE (UINT64_C(1) << 32)

static inline uint64_t key_of_init(uint32_t pid)
{
    return KEY_UNREADABLE | pid;
}

static inline uint64_t key_of_level(uint32_t pid, uint32_t level)
{
    return KEY_UNREADABLE | (uint64_t)(level + 1) << 24 | pid;
}

static inline uint32_t key_inode(uint64_t key)
{
    return key < KEY_UNREADABLE ? (uint32_t)key : 0;
}

/* The inode of the initial user namespace (PROC_USER_INIT_INO in include/linux/proc_ns.h), as
 * NSTREE_INITIAL_INODE is that of the initial PID namespace. */
#define USER_INITIAL_INODE 4026531837U

/* The longest name that is kept. A comm has 15 bytes, but the kernel shows 63 of a workqueue's
 * worker (proc_task_name() in fs/proc/array.c). */
#define NAME_BYTES_MAX 63

/* The PID of a process in its own namespace: 1 is that of the init. */
static inline uint32_t own_pid(const struct nstree_process *process)
{
    return process->nspid[process->levels - 1];
}

static inline bool is_init(const struct nstree_process *process)
{
    return own_pid(process) == 1;
}

/* One process. Pointers are lent for the call that hands the record over. */
struct record {
    uint64_t ns;           /* key of its own namespace, or KEY_UNKNOWN; ignored where levels is 1 */
    uint64_t dir;          /* inode of its /proc/N when that was listed, 0 if it was not */
    const uint32_t *nspid; /* outermost first; nspid[0] is pid */
    const char *name;
    const char *args; /* NULL if there are none */
    uint32_t name_len;
    uint32_t args_len;
    const uint32_t *others;           /* as in nstree_process; the tree's */
    const struct nstree_usage *usage; /* NULL: not asked for, or not known */
    uint32_t pid;
    uint32_t ppid;
    uint32_t uid;
    uint32_t flags;     /* NSTREE_PROCESS_*: KTHREAD, LEADERLESS; a recording may set them all */
    uint32_t mnt_ns;    /* inode of its mount namespace, 0 if that was not read */
    uint16_t since;     /* moment from which `dir` is known (struct scanner), 0 if it is not */
    uint32_t container; /* one more than its index (builder.h); 0: that of its namespace */
    uint16_t read;      /* moment in which its status was read, 0 where nothing can change */
    uint8_t levels;
    char state;
    bool deferred; /* its namespace was not asked for yet: it likely follows from its parent's */
};

/* One namespace: what the kernel (or a recording) says of it apart from its members. */
struct ns_record {
    uint64_t ns;     /* key; never KEY_UNKNOWN */
    uint64_t parent; /* key, or KEY_UNKNOWN */
    uint64_t total;  /* members that were counted, or NSTREE_TOTAL_UNKNOWN to count those seen */
    uint64_t
        inferred;     /* of them, those whose place is inferred, at least; ignored if not counted */
    uint64_t zombies; /* of them; only in a recording, NSTREE_TOTAL_UNKNOWN: not recorded */
    uint64_t nsid;    /* as in nstree_ns */
    const struct nstree_usage *usage; /* only in a recording; the tree's */
    uint32_t level;
    uint32_t user_ns;
    uint32_t owner_uid;
    uint32_t flags; /* NSTREE_NS_INFERRED and NSTREE_NS_AMBIGUOUS only */
    bool unsure;    /* that no member was seen does not say that it has none */
    bool vacant;    /* no process is to be guessed to be in it */
    /* As in nstree_ns; the tree's, or of static storage. */
    const char *kind, *label, *evidence;
    const uint32_t *others;
    uint32_t container; /* one more than its index (builder.h); 0: none */
};

/* A record of a namespace with its place, and nothing else known of it. */
static inline struct ns_record ns_record_at(uint64_t key, uint64_t parent, uint32_t level)
{
    return (struct ns_record){.ns = key,
                              .parent = parent,
                              .total = NSTREE_TOTAL_UNKNOWN,
                              .level = level,
                              .owner_uid = NSTREE_UID_UNKNOWN};
}
