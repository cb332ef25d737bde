/* SPDX-License-Identifier: MIT */
#include "model/order.h"

#include <errno.h>

#include "base/number.h"

/* What the order rests on, by node. */
struct slot {
    uint32_t pid;    /* that its init, or else a process inside, has in the parent */
    uint32_t child;  /* its first child, an index of siblings; MAP_NONE for none */
    uint32_t newest; /* `pid` of the child with an init that was met last */
    bool shown;      /* reported by a source, or with processes inside, or with such a child */
};

/* A shown node, sorted by these members from the first. */
struct sibling {
    uint32_t parent;
    uint32_t pid;
    uint32_t recorded; /* its place in the recording, if that decides; else 0 */
    uint64_t key;
    uint32_t node;
};

struct ordering {
    struct builder *builder;
    struct slot *slots;
    struct sibling *siblings;
    uint32_t n_siblings;
};

/* Of several inits, which no kernel shows, the first counts. */
static void find_inits(struct builder *builder)
{
    for (uint32_t i = 0; i < builder->n_drafts; i++) {
        struct node *node = &builder->nodes[builder->drafts[i].node];

        if (is_init(&builder->drafts[i].process) && node->init == MAP_NONE)
            node->init = i;
    }
}

/* Marks a node and all above it as shown, up to where that was done before. */
static void show(struct ordering *ordering, uint32_t n)
{
    for (; n != MAP_NONE && !ordering->slots[n].shown; n = ordering->builder->nodes[n].parent)
        ordering->slots[n].shown = true;
}

/* Lowers the PID of every node without an init that the draft is inside of. */
static void lower_pids(struct ordering *ordering, const struct draft *draft)
{
    const struct node *nodes = ordering->builder->nodes;

    for (uint32_t n = draft->node; n != 0; n = nodes[n].parent) {
        uint32_t pid = draft->process.nspid[nodes[n].facts.level - 1];

        if (nodes[n].init == MAP_NONE && pid < ordering->slots[n].pid)
            ordering->slots[n].pid = pid;
    }
}

static void fill_slots(struct ordering *ordering)
{
    const struct builder *builder = ordering->builder;

    for (uint32_t n = 0; n < builder->n_nodes; n++) {
        const struct node *node = &builder->nodes[n];
        struct slot *slot = &ordering->slots[n];

        slot->pid = UINT32_MAX;
        slot->child = MAP_NONE;
        if (n > 0 && node->init != MAP_NONE)
            slot->pid = builder->drafts[node->init].process.nspid[node->facts.level - 1];
        if (n == 0 || node->reported)
            show(ordering, n);
    }
    for (size_t i = 0; i < builder->n_drafts; i++) {
        show(ordering, builder->drafts[i].node);
        lower_pids(ordering, &builder->drafts[i]);
    }
}

/* Whether members can be missing by which a namespace without an init was ordered. */
static bool is_selection(const struct builder *builder)
{
    return builder->info.source == NSTREE_SOURCE_RECORDING &&
           (builder->info.partial || builder->info.selected);
}

/* In a recording of a selection a namespace without an init stays behind the sibling with one that
 * it is recorded behind. Nodes are in the order of the recording. */
static void order_as_recorded(struct ordering *ordering)
{
    const struct node *nodes = ordering->builder->nodes;

    for (uint32_t n = 1; n < ordering->builder->n_nodes; n++) {
        uint32_t *newest = &ordering->slots[nodes[n].parent].newest;

        if (nodes[n].init == MAP_NONE)
            ordering->slots[n].pid = *newest;
        else
            *newest = ordering->slots[n].pid;
    }
}

static int compare_siblings(const void *a, const void *b)
{
    const struct sibling *x = a, *y = b;

    return compare_numbers(x->parent, y->parent) ?: compare_numbers(x->pid, y->pid)
           ?: compare_numbers(x->recorded, y->recorded) ?: compare_numbers(x->key, y->key);
}

/* Lists the shown nodes by parent and order, and notes of each parent where its children begin. */
static void sort_siblings(struct ordering *ordering)
{
    const struct builder *builder = ordering->builder;
    struct sibling *siblings = ordering->siblings;
    bool recorded = is_selection(builder);
    uint32_t count = 0;

    for (uint32_t n = 1; n < builder->n_nodes; n++) {
        const struct node *node = &builder->nodes[n];

        if (ordering->slots[n].shown)
            siblings[count++] =
                (struct sibling){.parent = node->parent,
                                 .pid = ordering->slots[n].pid,
                                 .recorded = recorded && node->init == MAP_NONE ? n : 0,
                                 .key = node->facts.ns,
                                 .node = n};
    }
    qsort(siblings, count, sizeof *siblings, compare_siblings);
    for (uint32_t i = count; i-- > 0;)
        ordering->slots[siblings[i].parent].child = i;
    ordering->n_siblings = count;
}

/* Walks down the tree, parents first: one cursor a level, and levels are few. */
static void walk(struct ordering *ordering)
{
    uint32_t cursor[NSTREE_LEVELS_MAX + 1] = {ordering->slots[0].child};
    uint32_t parent[NSTREE_LEVELS_MAX + 1] = {0};
    struct builder *builder = ordering->builder;
    int depth = 0;

    builder->order[builder->n_order++] = 0;
    while (depth >= 0) {
        uint32_t i = cursor[depth]++;

        if (i >= ordering->n_siblings || ordering->siblings[i].parent != parent[depth]) {
            depth--;
            continue;
        }
        uint32_t n = ordering->siblings[i].node;
        builder->order[builder->n_order++] = n;
        depth++;
        parent[depth] = n;
        cursor[depth] = ordering->slots[n].child;
    }
}

int order_namespaces(struct builder *builder)
{
    AUTO_FREE struct slot *slots = calloc(builder->n_nodes, sizeof *slots);
    AUTO_FREE struct sibling *siblings = calloc(builder->n_nodes, sizeof *siblings);
    struct ordering ordering = {.builder = builder, .slots = slots, .siblings = siblings};

    builder->order = calloc(builder->n_nodes, sizeof *builder->order);
    if (!slots || !siblings || !builder->order)
        return -ENOMEM;
    find_inits(builder);
    fill_slots(&ordering);
    if (is_selection(builder))
        order_as_recorded(&ordering);
    sort_siblings(&ordering);
    walk(&ordering);
    return 0;
}
