/* SPDX-License-Identifier: MIT */
/* The namespaces that a process could be in, in an order of choice that does not depend on the
 * order of reports. They are found without a look at all of them for every process: many processes
 * that entered many namespaces from outside cost no more than one each. */
#pragma once

#include "model/builder.h"

/* Zeroed is empty. */
struct candidates {
    struct candidate_list {
        struct candidate *items; /* by cgroup, then by init; made-up ones behind those */
        size_t n, sorted, capacity;
    } levels[NSTREE_LEVELS_MAX];
    struct map taken; /* a set of (node, PID) */
    struct map full;  /* (level, cgroup, pid): how many of those that come first have it taken */
    bool counted;
};

/* Lists all nodes, and notes the PIDs of all processes that are placed; once. Returns 0 or
 * -ENOMEM. */
int candidates_count(struct candidates *candidates, struct builder *builder);
void candidates_free(struct candidates *candidates);

/* Notes the PIDs of a process in its namespace and in those above, as far as these are known.
 * Returns 0 or -ENOMEM. */
int candidates_take(struct candidates *candidates, const struct builder *builder,
                    const struct draft *draft);

/* Adds a node that was made up. Returns 0 or -ENOMEM. */
int candidates_add(struct candidates *candidates, struct builder *builder, uint32_t node);

/* Puts node `n` in the place of `other`, which is no candidate any more. */
void candidates_replace(struct candidates *candidates, struct builder *builder, uint32_t n,
                        uint32_t other);

/* The node at `level` below node `above` that `draft` is most likely in or below; MAP_NONE if none
 * fits. One whose init has the same cgroup comes before the others. */
uint32_t candidates_likeliest(struct candidates *candidates, const struct builder *builder,
                              const struct draft *draft, uint32_t level, uint32_t above);
