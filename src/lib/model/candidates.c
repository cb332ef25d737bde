/* SPDX-License-Identifier: MIT */
#include "model/candidates.h"

#include <errno.h>

#include "base/number.h"

struct candidate {
    uint64_t cgroup;
    uint64_t key;
    uint32_t init; /* its PID; MAP_NONE for none */
    uint32_t node; /* MAP_NONE: not to be chosen */
};

static uint64_t taken_key(uint32_t node, uint32_t pid)
{
    return (uint64_t)node << 24 | pid;
}

/* A key of candidates.full. Mixed as in splitmix64, so that different things get different keys. */
static uint64_t full_key(uint32_t level, uint64_t cgroup, uint32_t pid)
{
    uint64_t x = cgroup ^ ((uint64_t)level << 56 | (uint64_t)pid << 24 | 1);

    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return (x ^ x >> 31) | 1;
}

void candidates_free(struct candidates *candidates)
{
    for (size_t i = 0; i < NSTREE_LEVELS_MAX; i++)
        free(candidates->levels[i].items);
    map_free(&candidates->taken);
    map_free(&candidates->full);
}

int candidates_take(struct candidates *candidates, const struct builder *builder,
                    const struct draft *draft)
{
    const struct node *nodes = builder->nodes;

    for (uint32_t n = draft->node; n != MAP_NONE && n != 0; n = nodes[n].parent) {
        uint32_t pid = draft->process.nspid[nodes[n].facts.level];

        if (set_add(&candidates->taken, taken_key(n, pid)) != 0)
            return -ENOMEM;
    }
    return 0;
}

int candidates_add(struct candidates *candidates, struct builder *builder, uint32_t node)
{
    struct node *added = &builder->nodes[node];
    struct candidate_list *list = &candidates->levels[added->facts.level];
    struct candidate *items =
        array_room(list->items, &list->capacity, list->n + 1, sizeof *list->items);

    if (!items)
        return -ENOMEM;
    list->items = items;
    added->candidate = (uint32_t)list->n;
    items[list->n++] = (struct candidate){
        .cgroup = added->cgroup,
        .key = added->facts.ns,
        .init = added->init == MAP_NONE ? MAP_NONE : builder->drafts[added->init].process.pid,
        .node = node,
    };
    return 0;
}

static int by_choice(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;

    return compare_numbers(x->cgroup, y->cgroup) ?: compare_numbers(x->init, y->init)
           ?: compare_numbers(x->key, y->key);
}

static void sort_list(struct candidate_list *list, struct builder *builder)
{
    if (list->n > 0)
        qsort(list->items, list->n, sizeof *list->items, by_choice);
    for (size_t i = 0; i < list->n; i++)
        builder->nodes[list->items[i].node].candidate = (uint32_t)i;
    list->sorted = list->n;
}

int candidates_count(struct candidates *candidates, struct builder *builder)
{
    if (candidates->counted)
        return 0;
    for (uint32_t i = 0; i < builder->n_drafts; i++) {
        const struct draft *draft = &builder->drafts[i];

        if (draft->node == MAP_NONE)
            continue;
        /* Of several inits, which no kernel shows, the first counts: as in order.c. */
        if (is_init(&draft->process) && builder->nodes[draft->node].init == MAP_NONE) {
            builder->nodes[draft->node].cgroup = draft->cgroup;
            builder->nodes[draft->node].init = i;
        }
        if (candidates_take(candidates, builder, draft) != 0)
            return -ENOMEM;
    }
    for (uint32_t n = 1; n < builder->n_nodes; n++) {
        if (candidates_add(candidates, builder, n) != 0)
            return -ENOMEM;
    }
    for (size_t i = 0; i < NSTREE_LEVELS_MAX; i++)
        sort_list(&candidates->levels[i], builder);
    for (uint32_t n = 1; n < builder->n_nodes; n++) {
        if (builder->nodes[n].facts.vacant)
            candidates->levels[builder->nodes[n].facts.level]
                .items[builder->nodes[n].candidate]
                .node = MAP_NONE;
    }
    candidates->counted = true;
    return 0;
}

void candidates_replace(struct candidates *candidates, struct builder *builder, uint32_t n,
                        uint32_t other)
{
    struct candidate_list *list = &candidates->levels[builder->nodes[n].facts.level];

    list->items[builder->nodes[n].candidate].node = MAP_NONE;
    list->items[builder->nodes[other].candidate].node = n;
    builder->nodes[n].candidate = builder->nodes[other].candidate;
}

/* Whether a process with the chain of `draft` could be in node `n`, somewhere below node `above`:
 * no other process has one of its PIDs in a namespace on the way up. */
static bool fits(const struct candidates *candidates, const struct builder *builder,
                 const struct draft *draft, uint32_t n, uint32_t above)
{
    const struct node *nodes = builder->nodes;

    for (; n != MAP_NONE && nodes[n].facts.level > nodes[above].facts.level; n = nodes[n].parent) {
        uint32_t pid = draft->process.nspid[nodes[n].facts.level];

        if (set_has(&candidates->taken, taken_key(n, pid)))
            return false;
    }
    return n == above;
}

/* The index of the first item whose cgroup is not less than `cgroup`. */
static size_t first_of(const struct candidate_list *list, uint64_t cgroup)
{
    size_t low = 0, high = list->sorted;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (list->items[middle].cgroup < cgroup)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The most candidates that one search tries, or crafted input could cost the product of processes
 * and namespaces. */
#define MISSES_MAX 256

/* The first candidate of a range that fits. A PID that is taken stays taken, so the next search for
 * the same one begins behind those that have it. */
static uint32_t search(struct candidates *candidates, const struct builder *builder,
                       const struct draft *draft, uint32_t level, uint32_t above, uint64_t cgroup,
                       size_t from, size_t to)
{
    const struct candidate *items = candidates->levels[level].items;
    uint32_t pid = draft->process.nspid[level];
    uint64_t key = full_key(level, cgroup, pid);
    uint32_t full = map_get(&candidates->full, key);
    size_t at = from + (full == MAP_NONE ? 0 : full), begin = at;

    while (at < to && (items[at].node == MAP_NONE ||
                       set_has(&candidates->taken, taken_key(items[at].node, pid))))
        at++;
    if (at != begin) /* without memory for it the next search only takes longer */
        (void)map_put(&candidates->full, key, (uint32_t)(at - from));
    for (size_t end = at + MISSES_MAX; at < to && at < end; at++) {
        if (items[at].node != MAP_NONE && fits(candidates, builder, draft, items[at].node, above))
            return items[at].node;
    }
    return MAP_NONE;
}

uint32_t candidates_likeliest(struct candidates *candidates, const struct builder *builder,
                              const struct draft *draft, uint32_t level, uint32_t above)
{
    const struct candidate_list *list = &candidates->levels[level];
    uint32_t best = MAP_NONE;

    if (draft->cgroup != 0) {
        size_t from = first_of(list, draft->cgroup), to = first_of(list, draft->cgroup + 1);

        best = search(candidates, builder, draft, level, above, draft->cgroup, from, to);
    }
    if (best == MAP_NONE)
        best = search(candidates, builder, draft, level, above, 0, 0, list->n);
    return best;
}
