/* SPDX-License-Identifier: MIT */
#include "model/certain.h"

#include <errno.h>

/* The most candidates that are looked at for one process: with more than one left, its place is
 * one of several anyway. It keeps crafted input from costing the product of processes and
 * namespaces. */
#define LOOKS_MAX 256

static uint64_t taken_key(uint32_t node, uint32_t pid)
{
    return (uint64_t)node << 24 | pid;
}

static bool is_exact_link(const struct node *node)
{
    return node->parent != MAP_NONE && !(node->facts.flags & NSTREE_NS_INFERRED);
}

static bool is_exact(const struct draft *draft)
{
    return draft->node != MAP_NONE && !(draft->process.flags & NSTREE_PROCESS_INFERRED);
}

void certain_free(struct certain *certain)
{
    map_free(&certain->taken);
    free(certain->nodes);
}

/* Notes the PIDs of a process in its namespace and in those above, as far as these are certain. */
static int take(struct certain *certain, const struct builder *builder, const struct draft *draft)
{
    const struct node *nodes = builder->nodes;

    for (uint32_t n = draft->node; n != 0; n = nodes[n].parent) {
        if (set_add(&certain->taken, taken_key(n, draft->process.nspid[nodes[n].facts.level])) != 0)
            return -ENOMEM;
        if (!is_exact_link(&nodes[n]))
            break;
    }
    return 0;
}

/* Lists the nodes by level: counts them, then puts each at its place. */
static int list_nodes(struct certain *certain, const struct builder *builder)
{
    size_t at[NSTREE_LEVELS_MAX];

    certain->nodes = malloc(builder->n_nodes * sizeof *certain->nodes);
    if (!certain->nodes)
        return -ENOMEM;
    for (size_t n = 1; n < builder->n_nodes; n++)
        certain->from[builder->nodes[n].facts.level + 1]++;
    for (size_t level = 0; level < NSTREE_LEVELS_MAX; level++) {
        at[level] = certain->from[level];
        certain->from[level + 1] += certain->from[level];
    }
    for (uint32_t n = 1; n < builder->n_nodes; n++)
        certain->nodes[at[builder->nodes[n].facts.level]++] = n;
    return 0;
}

int certain_count(struct certain *certain, const struct builder *builder)
{
    int rc = certain->counted ? 0 : list_nodes(certain, builder);

    for (size_t i = 0; i < builder->n_drafts && rc == 0 && !certain->counted; i++) {
        if (is_exact(&builder->drafts[i]) && !builder->drafts[i].fleeting)
            rc = take(certain, builder, &builder->drafts[i]);
    }
    certain->counted = rc == 0;
    return rc;
}

uint32_t certain_above(const struct builder *builder, const struct draft *draft)
{
    uint32_t index = builder_parent(builder, draft);

    if (index == MAP_NONE || !is_exact(&builder->drafts[index]) ||
        builder->drafts[index].process.levels >= draft->process.levels)
        return 0;
    return builder->drafts[index].node;
}

/* Whether two nodes of one level are certainly two namespaces. One that only a process has shown
 * can be the same as one whose init has shown nothing. */
static bool are_two(const struct node *a, const struct node *b)
{
    return a != b && ((a->init != MAP_NONE && b->init != MAP_NONE) ||
                      (key_inode(a->facts.ns) && key_inode(b->facts.ns)));
}

/* Whether a process is certainly not in or below node `n`: on the way up to `above` one of its PIDs
 * is taken, or the way leads elsewhere. Where the way is not certain, nothing is. */
static bool is_ruled_out(const struct certain *certain, const struct builder *builder,
                         const struct draft *draft, uint32_t n, uint32_t above)
{
    const struct node *nodes = builder->nodes;

    for (; nodes[n].facts.level > nodes[above].facts.level; n = nodes[n].parent) {
        uint32_t pid = draft->process.nspid[nodes[n].facts.level];

        if (set_has(&certain->taken, taken_key(n, pid)))
            return true;
        if (!is_exact_link(&nodes[n]))
            return false;
    }
    return are_two(&nodes[n], &nodes[above]);
}

enum left certain_left(const struct certain *certain, const struct builder *builder,
                       const struct draft *draft, uint32_t level, uint32_t above, bool unread,
                       uint32_t *only)
{
    size_t end = certain->from[level + 1], looks = 0;
    uint32_t found = MAP_NONE;

    if (builder->unseen || draft->init_unread)
        return LEFT_SEVERAL;
    for (size_t i = certain->from[level]; i < end; i++) {
        uint32_t n = certain->nodes[i];

        if (builder->nodes[n].init == MAP_NONE || (unread && key_inode(builder->nodes[n].facts.ns)))
            continue;
        if (looks++ == LOOKS_MAX)
            return LEFT_SEVERAL;
        if (is_ruled_out(certain, builder, draft, n, above))
            continue;
        if (found != MAP_NONE)
            return LEFT_SEVERAL;
        found = n;
    }
    *only = found;
    return found == MAP_NONE ? LEFT_NONE : LEFT_ONE;
}
