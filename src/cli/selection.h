/* SPDX-License-Identifier: MIT */
/* Which namespaces and processes of a tree are to be shown. */
#ifndef SELECTION_H
#define SELECTION_H

#include "cli/options.h"
#include "nstree.h"

/* What is shown of a namespace. */
enum shown {
    SHOWN_NOT = 0,
    SHOWN_LINE,   /* on the way to something: its line, no members */
    SHOWN_MEMBERS /* its line and its members */
};

struct selection {
    const struct nstree *tree;
    unsigned char *namespaces; /* by index from the root: enum shown */
    unsigned char
        *processes;        /* by index from the root's first: 1 if asked for; NULL: no PIDs were */
    struct pid_list finds; /* the numbers of --find, sorted; lent */
    uint32_t missing;      /* how many operands name nothing */
};

/* Says to `report` what an operand names that is not there. */
typedef void report_missing(const char *what);

/* Works out what `options` asks for. Operands that name nothing are reported and counted. Returns 0
 * or -ENOMEM. End with selection_free(). */
int selection_make(const struct nstree *tree, const struct options *options, report_missing *report,
                   struct selection *out);
void selection_free(struct selection *selection);

/* Whether processes were asked for one by one: then each has a line at every level. */
static inline bool selection_is_paths(const struct selection *selection)
{
    return selection->processes != NULL;
}

static inline enum shown selection_shown(const struct selection *selection,
                                         const struct nstree_ns *ns)
{
    return (enum shown)selection->namespaces[ns - nstree_root(selection->tree)];
}

/* Whether a process is one of those shown: asked for, or a member of a namespace shown whole. */
bool selection_has(const struct selection *selection, const struct nstree_process *process);

/* Whether `number` is one that --find looks for. */
bool selection_matches(const struct selection *selection, uint32_t number);

#endif
