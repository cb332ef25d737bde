/* SPDX-License-Identifier: MIT */
#include "model/candidates.h"

#include <errno.h>

#include "base/number.h"

/* What candidates of one level can have in common. */
enum trait {
    ANY,
    OPEN,    /* no container is known of it: it was not read, or there is none */
    UNKNOWN, /* its container is not known */
    SAME_CGROUP,
    SAME_CONTAINER,
    SAME_POD,
    TRAITS
};

struct candidate {
    uint32_t node;         /* MAP_NONE: not to be chosen */
    uint32_t next[TRAITS]; /* the next item of its chain of each trait; MAP_NONE: none */
};

/* A list of items. */
struct chain {
    uint32_t first, last;
};

static uint64_t taken_key(uint32_t node, uint32_t pid)
{
    return (uint64_t)node << 24 | pid;
}

/* A key of candidates.by_trait. Mixed as in splitmix64, so that different things get different
 * keys. */
static uint64_t trait_key(uint32_t level, enum trait trait, uint64_t value)
{
    uint64_t x = value ^ ((uint64_t)level << 56 | (uint64_t)trait << 48 | 1);

    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return (x ^ x >> 31) | 1;
}

void candidates_free(struct candidates *candidates)
{
    free(candidates->items);
    free(candidates->chains);
    map_free(&candidates->by_trait);
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

/* Puts an item at the end of the chain of those that share this value of a trait. */
static int append(struct candidates *candidates, uint32_t item, uint32_t level, enum trait trait,
                  uint64_t value)
{
    uint64_t key = trait_key(level, trait, value);
    uint32_t index = map_get(&candidates->by_trait, key);

    if (index != MAP_NONE) {
        struct chain *chain = &candidates->chains[index];

        candidates->items[chain->last].next[trait] = item;
        chain->last = item;
        return 0;
    }
    struct chain *chains = array_room(candidates->chains, &candidates->chains_capacity,
                                      candidates->n_chains + 1, sizeof *chains);
    if (!chains)
        return -ENOMEM;
    candidates->chains = chains;
    chains[candidates->n_chains] = (struct chain){item, item};
    return map_put(&candidates->by_trait, key, (uint32_t)candidates->n_chains++);
}

/* Puts the item of a node into its chains. Equal cgroups say that an init is in both; what was made
 * up has no init. */
static int append_all(struct candidates *candidates, const struct builder *builder, uint32_t item)
{
    const struct node *node = &builder->nodes[candidates->items[item].node];
    const struct cgroup_keys *keys = builder_cgroup(builder, node->cgroup);
    const uint64_t values[TRAITS] = {
        [ANY] = 1,
        [OPEN] = !node->contained || keys->container == 0,
        [UNKNOWN] = !node->contained,
        [SAME_CGROUP] = node->init != MAP_NONE ? keys->file : 0,
        [SAME_CONTAINER] = keys->container,
        [SAME_POD] = keys->pod,
    };
    int rc = 0;

    for (enum trait trait = 0; trait < TRAITS && rc == 0; trait++) {
        if (values[trait] != 0)
            rc = append(candidates, item, node->facts.level, trait, values[trait]);
    }
    return rc;
}

static int add(struct candidates *candidates, struct builder *builder, uint32_t node)
{
    struct candidate *items = array_room(candidates->items, &candidates->capacity,
                                         candidates->n + 1, sizeof *candidates->items);
    uint32_t item = (uint32_t)candidates->n;

    if (!items)
        return -ENOMEM;
    candidates->items = items;
    builder->nodes[node].candidate = item;
    items[item].node = node;
    memset(items[item].next, 0xff, sizeof items[item].next); /* MAP_NONE */
    candidates->n++;
    return append_all(candidates, builder, item);
}

int candidates_add_made(struct candidates *candidates, struct builder *builder, uint32_t node,
                        const struct draft *draft)
{
    struct node *made = &builder->nodes[node];

    if (builder_cgroup(builder, draft->cgroup)->container != 0) {
        made->cgroup = draft->cgroup;
        made->contained = made->facts.level + 1 == draft->process.levels;
    }
    return add(candidates, builder, node);
}

/* What the order of choice rests on. */
struct rank {
    uint64_t cgroup, key;
    uint32_t init; /* its PID; MAP_NONE for none */
    uint32_t node;
};

static int by_choice(const void *a, const void *b)
{
    const struct rank *x = a, *y = b;

    return compare_numbers(x->cgroup, y->cgroup) ?: compare_numbers(x->init, y->init)
           ?: compare_numbers(x->key, y->key);
}

/* Whether no process is to be guessed to be in a node. An init ends last: zap_pid_ns_processes() in
 * kernel/pid_namespace.c waits until no other process of its namespace has a PID. */
static bool is_vacant(const struct builder *builder, const struct node *node)
{
    if (node->facts.vacant || node->init == MAP_NONE)
        return node->facts.vacant;
    const struct nstree_process *init = &builder->drafts[node->init].process;
    return (init->state == 'Z' || init->state == 'X') && !(init->flags & NSTREE_PROCESS_LEADERLESS);
}

/* Adds all nodes but the root. Vacant ones only have an item. */
static int add_in_order(struct candidates *candidates, struct builder *builder)
{
    size_t n = builder->n_nodes - 1;
    AUTO_FREE struct rank *ranks = malloc((n + 1) * sizeof *ranks);
    int rc = 0;

    if (!ranks)
        return -ENOMEM;
    for (uint32_t i = 1; i <= n; i++) {
        const struct node *node = &builder->nodes[i];

        ranks[i - 1] = (struct rank){
            .cgroup = builder_cgroup(builder, node->cgroup)->file,
            .key = node->facts.ns,
            .init = node->init == MAP_NONE ? MAP_NONE : builder->drafts[node->init].process.pid,
            .node = i,
        };
    }
    qsort(ranks, n, sizeof *ranks, by_choice);
    for (size_t i = 0; i < n && rc == 0; i++) {
        rc = add(candidates, builder, ranks[i].node);
        if (rc == 0 && is_vacant(builder, &builder->nodes[ranks[i].node]))
            candidates->items[i].node = MAP_NONE;
    }
    return rc;
}

int candidates_count(struct candidates *candidates, struct builder *builder)
{
    if (candidates->counted)
        return 0;
    for (uint32_t i = 0; i < builder->n_drafts; i++) {
        const struct draft *draft = &builder->drafts[i];

        if (draft->node == MAP_NONE)
            continue;
        struct node *node = &builder->nodes[draft->node];
        /* Of several inits, which no kernel shows, the first counts: as in order.c. */
        if (is_init(&draft->process) && node->init == MAP_NONE) {
            node->cgroup = draft->cgroup;
            node->contained = draft->cgroup != MAP_NONE;
            node->init = i;
        }
        if (candidates_take(candidates, builder, draft) != 0)
            return -ENOMEM;
    }
    int rc = add_in_order(candidates, builder);
    candidates->counted = rc == 0;
    return rc;
}

void candidates_replace(struct candidates *candidates, struct builder *builder, uint32_t n,
                        uint32_t other)
{
    struct node *nodes = builder->nodes;

    candidates->items[nodes[n].candidate].node = MAP_NONE;
    candidates->items[nodes[other].candidate].node = n;
    nodes[n].candidate = nodes[other].candidate;
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

/* The most candidates that one search tries, or crafted input could cost the product of processes
 * and namespaces. */
#define MISSES_MAX 256

/* Who looks for a node, and where. */
struct query {
    const struct draft *draft;
    uint32_t level, above;
};

/* The first candidate of a chain that fits; none where `value` is 0. A PID that is taken stays
 * taken, so the next search for the same one begins behind those that have it. */
static uint32_t search(struct candidates *candidates, const struct builder *builder,
                       const struct query *query, enum trait trait, uint64_t value)
{
    const struct candidate *items = candidates->items;
    uint64_t key = trait_key(query->level, trait, value);
    uint32_t chain = value == 0 ? MAP_NONE : map_get(&candidates->by_trait, key);
    uint32_t pid = query->draft->process.nspid[query->level];

    if (chain == MAP_NONE)
        return MAP_NONE;
    key = (uint64_t)(chain + 1) << 32 | pid;
    uint32_t begin = map_get(&candidates->full, key), last = begin;
    uint32_t at = last == MAP_NONE ? candidates->chains[chain].first : items[last].next[trait];

    for (; at != MAP_NONE && (items[at].node == MAP_NONE ||
                              set_has(&candidates->taken, taken_key(items[at].node, pid)));
         at = items[at].next[trait])
        last = at;
    if (last != begin) /* without memory for it the next search only takes longer */
        (void)map_put(&candidates->full, key, last);
    for (size_t i = 0; at != MAP_NONE && i < MISSES_MAX; at = items[at].next[trait], i++) {
        if (items[at].node != MAP_NONE &&
            fits(candidates, builder, query->draft, items[at].node, query->above))
            return items[at].node;
    }
    return MAP_NONE;
}

uint32_t candidates_likeliest(struct candidates *candidates, const struct builder *builder,
                              const struct draft *draft, uint32_t level, uint32_t above)
{
    const struct cgroup_keys *keys = builder_cgroup(builder, draft->cgroup);
    const struct query query = {draft, level, above};
    const bool inside = level + 1 == draft->process.levels;
    uint32_t best = search(candidates, builder, &query, SAME_CGROUP, keys->file);

    if (best == MAP_NONE)
        best = search(candidates, builder, &query, SAME_CONTAINER, keys->container);
    if (best == MAP_NONE)
        best = search(candidates, builder, &query, SAME_POD, keys->pod);
    for (size_t i = 0; i < CGROUP_AROUND_MAX && best == MAP_NONE && !inside; i++)
        best = search(candidates, builder, &query, SAME_CONTAINER, keys->around[i]);
    if (best == MAP_NONE)
        best = search(candidates, builder, &query,
                      keys->container == 0 ? ANY
                      : inside             ? UNKNOWN
                                           : OPEN,
                      1);
    return best;
}
