/* SPDX-License-Identifier: MIT */
/* Which namespaces a process could be in, by what is certain alone. Nothing that was inferred, and
 * no likelihood such as an equal cgroup, rules anything out here. So "only one is left" says more
 * than "one is the likeliest" (candidates.h). */
#pragma once

#include "model/builder.h"

/* Zeroed is empty. */
struct certain {
    struct map taken; /* (node, PID): of processes that are exactly there, and last */
    uint32_t *nodes;  /* all but the root, by level */
    size_t from[NSTREE_LEVELS_MAX + 1]; /* where those of each level begin in it */
    bool counted;
};

/* What is left. */
enum left {
    LEFT_NONE,    /* all that are known are ruled out */
    LEFT_ONE,     /* and no other is possible */
    LEFT_SEVERAL, /* or some that are not known are possible */
};

/* Takes in what is certain: all that is placed and not INFERRED, and the inits of all namespaces
 * (node.init). Once; nodes that are made up later have no init. Returns 0 or -ENOMEM. */
int certain_count(struct certain *certain, const struct builder *builder);
void certain_free(struct certain *certain);

/* The namespace that a process is certainly in or below: its parent's, if that is exact; else the
 * root. */
uint32_t certain_above(const struct builder *builder, const struct draft *draft);

/* Which namespace of `level`, somewhere below node `above`, a process with the chain of `draft`
 * can be in or below, into *only if only one is left. Where all processes were read (prove.c),
 * each namespace has an init among them; a node without one is then another node whose identity
 * is not known yet, and no candidate. With `unread`, only nodes whose inode is not known are
 * candidates. */
enum left certain_left(const struct certain *certain, const struct builder *builder,
                       const struct draft *draft, uint32_t level, uint32_t above, bool unread,
                       uint32_t *only);
