/* SPDX-License-Identifier: MIT */
#include "model/candidates.h"

#include <errno.h>

struct candidate {
    uint64_t cgroup;
    uint64_t key;
    uint32_t init; /* its PID; MAP_NONE for none */
    uint32_t node; /* MAP_NONE: not to be chosen */
};

static uint64_t number_key(uint32_t node, uint32_t number)
{
    return (uint64_t)node << 24 | number;
}

/* One key for what `full` is about. Mixed as in splitmix64, so that keys of different things
 * differ. */
static uint64_t full_key(uint32_t level, uint64_t cgroup, uint32_t number)
{
    uint64_t x = cgroup ^ ((uint64_t)level << 56 | (uint64_t)number << 24 | 1);

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
        uint32_t number = draft->process.nspid[nodes[n].facts.level];

        if (map_put(&candidates->taken, number_key(n, number), 0) != 0)
            return -ENOMEM;
    }
    return 0;
}

int candidates_add(struct candidates *candidates, struct builder *builder, uint32_t node)
{
    struct node *added = &builder->nodes[node];
    struct candidate_list *rank = &candidates->levels[added->facts.level];
    struct candidate *items =
        array_room(rank->items, &rank->capacity, rank->n + 1, sizeof *rank->items);

    if (!items)
        return -ENOMEM;
    rank->items = items;
    added->rank = (uint32_t)rank->n;
    items[rank->n++] = (struct candidate){
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

    if (x->cgroup != y->cgroup)
        return x->cgroup < y->cgroup ? -1 : 1;
    if (x->init != y->init)
        return x->init < y->init ? -1 : 1;
    return x->key < y->key ? -1 : x->key > y->key;
}

static void sort_rank(struct candidate_list *rank, struct builder *builder)
{
    if (rank->n > 0)
        qsort(rank->items, rank->n, sizeof *rank->items, by_choice);
    for (size_t i = 0; i < rank->n; i++)
        builder->nodes[rank->items[i].node].rank = (uint32_t)i;
    rank->sorted = rank->n;
}

int candidates_count(struct candidates *candidates, struct builder *builder)
{
    if (candidates->counted)
        return 0;
    for (uint32_t i = 0; i < builder->n_drafts; i++) {
        const struct draft *draft = &builder->drafts[i];

        if (draft->node == MAP_NONE)
            continue;
        /* Of several, which no kernel shows, the first counts: as in layout.c. */
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
        sort_rank(&candidates->levels[i], builder);
    for (uint32_t n = 1; n < builder->n_nodes; n++) {
        if (builder->nodes[n].facts.vacant)
            candidates->levels[builder->nodes[n].facts.level].items[builder->nodes[n].rank].node =
                MAP_NONE;
    }
    candidates->counted = true;
    return 0;
}

void candidates_replace(struct candidates *candidates, struct builder *builder, uint32_t n,
                        uint32_t other)
{
    struct candidate_list *rank = &candidates->levels[builder->nodes[n].facts.level];

    rank->items[builder->nodes[n].rank].node = MAP_NONE;
    rank->items[builder->nodes[other].rank].node = n;
    builder->nodes[n].rank = builder->nodes[other].rank;
}

/* Whether a process with the chain of `draft` could be in node `n`, somewhere below node `above`:
 * none of its numbers is another's in any namespace on the way up. */
static bool fits(const struct candidates *candidates, const struct builder *builder,
                 const struct draft *draft, uint32_t n, uint32_t above)
{
    const struct node *nodes = builder->nodes;

    for (; n != MAP_NONE && nodes[n].facts.level > nodes[above].facts.level; n = nodes[n].parent) {
        uint32_t number = draft->process.nspid[nodes[n].facts.level];

        if (map_get(&candidates->taken, number_key(n, number)) != MAP_NONE)
            return false;
    }
    return n == above;
}

/* Where in items[0..n) of a rank the first is whose cgroup is not below `cgroup`. */
static size_t first_of(const struct candidate_list *rank, uint64_t cgroup)
{
    size_t low = 0, high = rank->sorted;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (rank->items[middle].cgroup < cgroup)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* So many that do not fit are looked at in one search, or crafted input could cost the product of
 * processes and namespaces. */
#define MISSES_MAX 256

/* The first of a range that fits. What was found taken once stays so, so the next search for the
 * same number begins behind that. */
static uint32_t search(struct candidates *candidates, const struct builder *builder,
                       const struct draft *draft, uint32_t level, uint32_t above, uint64_t cgroup,
                       size_t from, size_t to)
{
    const struct candidate *items = candidates->levels[level].items;
    uint32_t number = draft->process.nspid[level];
    uint64_t key = full_key(level, cgroup, number);
    uint32_t full = map_get(&candidates->full, key);
    size_t at = from + (full == MAP_NONE ? 0 : full), begin = at;

    while (at < to && (items[at].node == MAP_NONE ||
                       map_get(&candidates->taken, number_key(items[at].node, number)) != MAP_NONE))
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
    const struct candidate_list *rank = &candidates->levels[level];
    uint32_t best = MAP_NONE;

    if (draft->cgroup != 0) {
        size_t from = first_of(rank, draft->cgroup), to = first_of(rank, draft->cgroup + 1);

        best = search(candidates, builder, draft, level, above, draft->cgroup, from, to);
    }
    if (best == MAP_NONE)
        best = search(candidates, builder, draft, level, above, 0, 0, rank->n);
    return best;
}
