/* SPDX-License-Identifier: MIT */
/*
 * What sources report, while the tree is built. Pure: no system call, nothing known of /proc.
 *
 * Sources add records; place.c finds out what nobody reported; finish_tree() makes a tree of it
 * all. Any records whatever, in any order, give a well-formed tree or -ENOMEM.
 */
#pragma once

#include "base/mem.h"
#include "record.h"

/* The most containers around the innermost one that are told apart. */
#define CGROUP_AROUND_MAX 4

/* What a cgroup file shows, as numbers that mean nothing else; 0: nothing. */
struct cgroup_keys {
    uint64_t file;                      /* all of it */
    uint64_t container;                 /* the innermost container that it names */
    uint64_t pod;                       /* of that container */
    uint64_t around[CGROUP_AROUND_MAX]; /* containers around it, from the nearest */
};

/* A process while the tree is built. */
struct draft {
    struct nstree_process process;
    uint64_t key; /* of its own namespace, as in struct record, and so the next four */
    uint64_t dir;
    uint32_t mnt_ns, container;
    uint16_t since, read;
    uint32_t node;          /* index of its namespace, once placed; MAP_NONE before */
    uint32_t cgroup;        /* index of builder.cgroups, MAP_NONE if it was not read */
    uint16_t until;         /* moment in which it was last seen to have `dir` still; 0: never */
    bool deferred : 1;      /* as in struct record */
    bool parent_unsure : 1; /* its PPid can mean another process than the one that was read */
    bool fleeting : 1;      /* it may have ended before others began: its PIDs rule nothing out */
    bool init_unread : 1;   /* the init of its namespace may not have been read */
    bool decided : 1;       /* it is known that `container` is right (containers.c) */
};

/* A namespace while the tree is built. */
struct node {
    struct ns_record facts;
    uint32_t parent;    /* index, MAP_NONE while unknown and for the root */
    uint32_t init;      /* index of a draft, or MAP_NONE */
    uint32_t cgroup;    /* of its init, or of the process that it was made up for; MAP_NONE: none */
    uint32_t candidate; /* its index among the candidates (candidates.h) */
    bool reported;      /* by builder_add_ns() */
    bool contradicted;  /* by a later report */
    bool contained;     /* `cgroup` says which container it is of, or that it is of none */
};

/* What keeps a namespace, while the tree is built. */
struct keeper_draft {
    uint64_t key; /* of the namespace */
    struct nstree_keeper keeper;
};

/* A container, while the tree is built. */
struct container_draft {
    struct nstree_container facts; /* its pointers to `ns` and `init` are not set */
    uint64_t ns;                   /* the key of its namespace */
    uint32_t init;                 /* the PID of its init, 0: not known */
    uint64_t cgroup;               /* its identity in cgroups (cgroup.h), 0: not known */
};

struct builder {
    struct nstree_info info; /* `complete` is true unless a source knows that it is not */
    struct arena arena;      /* names, command lines, chains, the strings of info */
    struct draft *drafts;
    size_t n_drafts, drafts_capacity;
    struct node *nodes; /* [0] is the root */
    size_t n_nodes, nodes_capacity;
    struct cgroup_keys *cgroups;
    size_t n_cgroups, cgroups_capacity;
    struct keeper_draft *keepers;
    size_t n_keepers, keepers_capacity;
    struct container_draft *containers;
    size_t n_containers, containers_capacity;
    struct map by_key; /* index of a node */
    uint32_t *order;   /* once all is placed: the nodes that the tree shows, in its order */
    size_t n_order;
    bool unseen; /* there may be namespaces without any process that was seen */
};

/* An empty builder into *out; end it with builder_free(). Returns 0 or -ENOMEM. */
int builder_new(struct builder **out);
void builder_free(struct builder *builder);

/* Makes room for `more` processes. Returns 0 or -ENOMEM. */
int builder_reserve(struct builder *builder, size_t more);

/* Adds a copy of a record. One that cannot be (no PIDs, or too many) is counted as malformed and
 * left out. Returns 0 or -ENOMEM. */
int builder_add_process(struct builder *builder, const struct record *record);

/* A copy in the arena, NULL without memory. */
struct nstree_usage *builder_usage(struct builder *builder, const struct nstree_usage *usage);

/* Sets what the cgroup of a process (an index of drafts) shows. Returns 0 or -ENOMEM. */
int builder_set_cgroup(struct builder *builder, size_t index, const struct cgroup_keys *keys);

/* What builder.cgroups has at an index; nothing for MAP_NONE. */
const struct cgroup_keys *builder_cgroup(const struct builder *builder, uint32_t index);

/* Adds what is known of a namespace, and its parent if that is known and new. Where it contradicts
 * an earlier report, the earlier one stays, and the node is marked. Returns 0 or -ENOMEM. */
int builder_add_ns(struct builder *builder, const struct ns_record *record);

/* Adds a copy of one thing that keeps the namespace `key`. It is dropped where the namespace turns
 * out to have members, or never to have been added. Returns 0 or -ENOMEM. */
int builder_add_keeper(struct builder *builder, uint64_t key, const struct nstree_keeper *keeper);

/* Adds a copy of a container; its index is one less than builder->n_containers then. It is in the
 * tree if its namespace is. Returns 0 or -ENOMEM. */
int builder_add_container(struct builder *builder, const struct container_draft *container);

/* The key of the root, or KEY_UNKNOWN. */
uint64_t builder_root_key(const struct builder *builder);

/* Whether `key` was reported by builder_add_ns(). */
bool builder_has_ns(const struct builder *builder, uint64_t key);

/* Whether the parent of `key` is known: it was reported, or `key` is the root or at level 1. Also
 * true of KEY_UNKNOWN. */
bool builder_is_linked(const struct builder *builder, uint64_t key);

/* The level of `key` if that was reported; else MAP_NONE. */
uint32_t builder_level(const struct builder *builder, uint64_t key);

/* Sets ns_record.unsure and ns_record.vacant of `key`, if that was reported. */
void builder_qualify_ns(struct builder *builder, uint64_t key, bool unsure, bool vacant);

/* Takes back what was reported of `key`, and a process (an index of drafts). */
void builder_forget_ns(struct builder *builder, uint64_t key);
void builder_forget_process(struct builder *builder, size_t index);

/* Whether nothing exact places a process: no inode, no PID 1, no parent of the same level. Drafts
 * are sorted by PID. */
bool builder_is_stray(const struct builder *builder, const struct draft *draft);

/* Sorts the drafts by PID. Leaves out those that were taken back, and all but the first of each
 * PID. Returns 0 or -ENOMEM. */
int builder_sort(struct builder *builder);

/* Moves all that was added to `from` to `into` (but keepers, which threads do not look for).
 * Returns 0 or -ENOMEM. `from` is empty then, and still has to be freed. */
int builder_merge(struct builder *into, struct builder *from);

/* The index of the draft with this PID, or MAP_NONE. Drafts are sorted by PID. */
uint32_t builder_find(const struct builder *builder, uint32_t pid);

/* The same for the process that the PPid of `draft` is proven to mean. */
uint32_t builder_parent(const struct builder *builder, const struct draft *draft);

/* The index of the node `key`, which is created at `level` if it is new (an old one keeps its
 * level); MAP_NONE without memory. */
uint32_t builder_node(struct builder *builder, uint64_t key, uint32_t level);
