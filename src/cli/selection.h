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
    unsigned char *namespaces;         /* enum shown, by index from the root */
    unsigned char *processes;          /* 1: selected, by index from the root's first; or NULL */
    size_t n_selected;                 /* processes; 0 without `processes` */
    struct pid_list finds;             /* the PIDs of --find, sorted; lent */
    void (*report)(const char *words); /* reports an operand that names nothing */
    uint32_t missing;                  /* how many operands name nothing */
};

/* Selects what `options` asks for. Operands that name nothing are reported and counted. Returns 0
 * or -ENOMEM. Call selection_free() in any case. */
int selection_make(const struct nstree *tree, const struct options *options,
                   void (*report)(const char *words), struct selection *out);
void selection_free(struct selection *selection);

/* Whether processes are selected one by one: then each has a line at every level. */
static inline bool selection_is_paths(const struct selection *selection)
{
    return selection->processes != NULL;
}

static inline enum shown selection_shown(const struct selection *selection,
                                         const struct nstree_ns *ns)
{
    return (enum shown)selection->namespaces[ns - nstree_root(selection->tree)];
}

/* Whether a process is shown: selected by its PID, or a member of a namespace shown whole. */
bool selection_has(const struct selection *selection, const struct nstree_process *process);

/* Whether --find looks for this PID. */
bool selection_matches(const struct selection *selection, uint32_t pid);
