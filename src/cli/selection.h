/* SPDX-License-Identifier: MIT */
/* Which namespaces and processes of a tree are shown. */
#pragma once

#include "cli/options.h"
#include "nstree.h"

/* What is shown of a namespace. */
enum shown {
    SHOWN_NOT = 0,
    SHOWN_LINE,   /* an ancestor of something shown: its line, no members */
    SHOWN_MEMBERS /* its line and its members */
};

struct selection {
    const struct nstree *tree;
    unsigned char *namespaces;  /* enum shown, by index from the root */
    unsigned char *processes;   /* 1: selected by itself, by index from the root's first */
    unsigned char *containers;  /* 1: asked for, by index; others can be shown with a namespace */
    unsigned char *asked;       /* 1: for --quiet: asked for, or the init of what was */
    size_t n_selected;          /* of `processes` */
    bool whole;                 /* some namespaces are shown with all members */
    bool quiet;                 /* only PIDs are shown, so owners of containers have to be said */
    bool nested;                /* members of the root are left out, unless asked for */
    struct pid_list finds;      /* the PIDs that were looked for at any level, sorted */
    struct thread_list threads; /* threads that were asked for, sorted by process; lent */
    void (*report)(const char *words); /* reports an operand that names nothing */
    uint32_t missing;                  /* how many operands name nothing */
    bool wrong;                        /* an operand is wrong usage */
};

/* Selects what `options` asks for. Operands that name nothing are reported and counted. Returns 0
 * or -ENOMEM. Call selection_free() in any case. */
int selection_make(const struct nstree *tree, const struct options *options,
                   void (*report)(const char *words), struct selection *out);
void selection_free(struct selection *selection);

/* Whether only processes are selected, one by one: then each has a line at every level. */
static inline bool selection_is_paths(const struct selection *selection)
{
    return !selection->whole;
}

static inline enum shown selection_shown(const struct selection *selection,
                                         const struct nstree_ns *ns)
{
    return (enum shown)selection->namespaces[ns - nstree_root(selection->tree)];
}

/* Whether a process is selected by itself. */
static inline bool selection_picks(const struct selection *selection,
                                   const struct nstree_process *process)
{
    return selection->processes[process - nstree_root(selection->tree)->members];
}

/* Whether a process is shown: selected by itself, or a member of a namespace shown whole. */
bool selection_has(const struct selection *selection, const struct nstree_process *process);

/* Whether a container that shares a namespace is shown. */
bool selection_has_container(const struct selection *selection,
                             const struct nstree_container *container);

/* Whether this PID was looked for at any level. */
bool selection_matches(const struct selection *selection, uint32_t pid);

/* The threads of this process that were asked for: *n of them. */
const struct thread *selection_threads(const struct selection *selection,
                                       const struct nstree_process *process, size_t *n);
