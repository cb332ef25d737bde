/* SPDX-License-Identifier: MIT */
/*
 * Records to tree. Pure: no system call, nothing known of /proc. Any records whatever, in any
 * order, give a well-formed tree (one root, every level one below its parent's) or -ENOMEM.
 *
 * A tree is built (tree_new, tree_add_*, tree_merge), then finished once, then only read.
 */
#ifndef NSTREE_TREE_H
#define NSTREE_TREE_H

#include "base/mem.h"
#include "record.h"

/* A process while the tree is built. */
struct draft {
    struct nstree_process process;
    uint64_t key;    /* of its own namespace, as its record has it */
    uint64_t cgroup; /* likewise, and what follows */
    uint64_t dir;
    uint32_t mnt_ns;
    uint32_t node; /* index of its namespace, once placed; MAP_NONE before */
    uint16_t since, read;
    uint16_t until;         /* moment in which it was last seen to have `dir` still; 0: never */
    bool unasked : 1;       /* as in struct record */
    bool parent_unsure : 1; /* its PPid can mean another process than the one that was read */
    bool fleeting : 1;      /* it may have ended before others began: its PIDs rule nothing out */
    bool unsettled : 1;     /* the init of its namespace may not have been read */
};

/* A namespace while the tree is built. */
struct node {
    struct ns_record facts;
    uint32_t parent;   /* index, MAP_NONE while unknown and for the root */
    uint32_t init;     /* index of a draft, or MAP_NONE */
    uint64_t cgroup;   /* of its init, 0 if it was not read */
    uint32_t rank;     /* its index in the rank of its level (rank.h) */
    bool told;         /* tree_add_ns() was told of it */
    bool contradicted; /* two different things were said of it */
};

/* What keeps a namespace, while the tree is built. */
struct keeper_draft {
    uint64_t key; /* of the namespace */
    struct nstree_keeper keeper;
};

struct nstree {
    struct nstree_info info;
    struct arena arena; /* names, command lines, chains, the strings of info */

    /* While it is built. */
    struct draft *drafts;
    size_t n_drafts, drafts_capacity;
    struct node *nodes; /* [0] is the root */
    size_t n_nodes, nodes_capacity;
    struct keeper_draft *keeper_drafts;
    size_t n_keeper_drafts, keeper_drafts_capacity;
    bool unseen; /* there may be namespaces of which no process was seen */

    /* Once it is finished. */
    struct nstree_process *processes;
    struct nstree_ns *namespaces;
    struct nstree_keeper *keepers;
    uint32_t *by_pid; /* indexes of processes, sorted by PID */
    uint32_t *mnt_ns; /* of each namespace, that of its init's record */

    struct map by_key; /* index of a node; of a namespace once it is finished */
};

/* An empty tree into *out. Returns 0 or -ENOMEM. */
int tree_new(struct nstree **out);

/* Makes room for `more` processes. Returns 0 or -ENOMEM. */
int tree_reserve(struct nstree *tree, size_t more);

/* Adds a copy of a record. A record that cannot be (no or too many numbers) is counted as malformed
 * and left out. Returns 0 or -ENOMEM. */
int tree_add_process(struct nstree *tree, const struct record *record);

/* Adds what is known of a namespace, and its parent if that is known and new. Where it contradicts
 * what was said before, what was said before stands, and the node says so. Returns 0 or -ENOMEM. */
int tree_add_ns(struct nstree *tree, const struct ns_record *record);

/* Adds a copy of one thing that keeps the namespace `key`. It is dropped where that turns out to
 * have members, or never to have been added. Returns 0 or -ENOMEM. */
int tree_add_keeper(struct nstree *tree, uint64_t key, const struct nstree_keeper *keeper);

/* The key of the root, or KEY_UNKNOWN. */
uint64_t tree_root_key(const struct nstree *tree);

/* Whether tree_add_ns() was told of `key`. */
bool tree_has_ns(const struct nstree *tree, uint64_t key);

/* Whether the parent of `key` is known: it was told of, it is the root or at level 1; also where it
 * is KEY_UNKNOWN. */
bool tree_is_linked(const struct nstree *tree, uint64_t key);

/* The level of `key`, if tree_add_ns() was told of it; else MAP_NONE. */
uint32_t tree_level(const struct nstree *tree, uint64_t key);

/* Sets ns_record.unsure and ns_record.vacant of `key`, if tree_add_ns() was told of it. */
void tree_doubt_ns(struct nstree *tree, uint64_t key, bool unsure, bool vacant);

/* Takes back what was said of `key`, and a process (an index of drafts). */
void tree_forget_ns(struct nstree *tree, uint64_t key);
void tree_forget_process(struct nstree *tree, size_t index);

/* Whether neither an inode nor an init nor a parent of the same level says which namespace a
 * process is in. Drafts are sorted by PID. */
bool tree_is_stray(const struct nstree *tree, const struct draft *draft);

/* Sorts the drafts by PID, and leaves out those taken back and all but the first of each PID.
 * Returns 0 or -ENOMEM. */
int tree_sort(struct nstree *tree);

/* Moves all that `from` has been told to `into` (but keepers, which threads do not look for).
 * Returns 0 or -ENOMEM. Then `from` is empty, and to be freed as ever. */
int tree_merge(struct nstree *into, struct nstree *from);

/* Sorts, places every process, and links. Returns 0 or -ENOMEM. */
int tree_finish(struct nstree *tree);

/* The index of the draft with this PID, or MAP_NONE. Drafts are sorted by PID. (For place.c.) */
uint32_t tree_draft(const struct nstree *tree, uint32_t pid);

/* The same of the process that the PPid of `draft` is known to mean. */
uint32_t tree_parent(const struct nstree *tree, const struct draft *draft);

/* The index of the node `key`, which is created at `level` if it is new; MAP_NONE without memory.
 * An old node keeps its level. */
uint32_t tree_node(struct nstree *tree, uint64_t key, uint32_t level);

#endif
