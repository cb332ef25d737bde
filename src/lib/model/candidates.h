/* SPDX-License-Identifier: MIT */
/* The namespaces that a process could be in, in an order of choice that does not depend on the
 * order of reports. They are found without a look at all of them for every process: many processes
 * that entered many namespaces from outside cost no more than one each. */
#pragma once

#include "model/builder.h"

/* Zeroed is empty. */
struct candidates {
    struct candidate *items; /* of each level by cgroup, then by init; made-up ones behind those */
    size_t n, capacity;
    struct chain *chains; /* of candidates of one level that have something in common */
    size_t n_chains, chains_capacity;
    struct map by_trait; /* index of a chain */
    struct map taken;    /* a set of (node, PID) */
    struct map full;     /* (chain, PID): the last of those that come first and have it taken */
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

/* Adds a node that was made up for `draft`, which is in or below it. Returns 0 or -ENOMEM. */
int candidates_add_made(struct candidates *candidates, struct builder *builder, uint32_t node,
                        const struct draft *draft);

/* Puts node `n` in the place of `other`, which is no candidate any more. */
void candidates_replace(struct candidates *candidates, struct builder *builder, uint32_t n,
                        uint32_t other);

/*
 * The node at `level` below node `above` that `draft` is most likely in or below; MAP_NONE if none
 * fits. Those whose init has the same cgroup come first, then those of the same container, then
 * those of the same pod.
 *
 * The cgroup of a process rules a node out if both name a container, and not the same one or one of
 * the same pod. A process whose cgroup names a container is in no namespace whose init's names
 * none; but it can be below such a one, and below those of the containers around its own.
 */
uint32_t candidates_likeliest(struct candidates *candidates, const struct builder *builder,
                              const struct draft *draft, uint32_t level, uint32_t above);
