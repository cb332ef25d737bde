/* SPDX-License-Identifier: MIT */
#include "cli/picture_nodes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/number.h"
#include "cli/describe.h"

/* Joining two or three nodes saves too little room. */
#define JOINED_MIN 4

/* A process with children differs from its siblings by them. */
static void mark_parents(const struct picture_nodes *nodes, bool *is_parent)
{
    const struct nstree *tree = nodes->selection->tree;
    const struct nstree_ns *root = nstree_root(tree);

    for (size_t i = 0; i < root->n_inside; i++) {
        const struct nstree_process *parent = NULL;

        if (nodes->items[i].count > 0 && root->members[i].ppid)
            parent = nstree_find_process(tree, root, root->members[i].ppid);
        if (parent)
            is_parent[parent - root->members] = true;
    }
}

struct leaf {
    const struct nstree_process *process;
    const char *name; /* or command line */
};

/* 0: they differ only in their PIDs. */
static int compare(const struct leaf *left, const struct leaf *right)
{
    const struct nstree_process *a = left->process, *b = right->process;

    if (a->ppid != b->ppid)
        return compare_numbers(a->ppid, b->ppid);
    if (a->ns != b->ns)
        return a->ns < b->ns ? -1 : 1; /* both in one array */
    if (a->container != b->container)
        return a->container < b->container ? -1 : 1; /* the same */
    if (a->flags != b->flags)
        return compare_numbers(a->flags, b->flags);
    if ((a->state == 'Z') != (b->state == 'Z'))
        return a->state == 'Z' ? 1 : -1;
    return strcmp(left->name, right->name);
}

static int compare_leaves(const void *left, const void *right)
{
    const struct leaf *a = left, *b = right;
    int rc = compare(a, b);

    return rc != 0 ? rc : a->process < b->process ? -1 : 1; /* by PID */
}

/* Joins leaves[0..n), which are all equal, to the node of the first. */
static void join(const struct picture_nodes *nodes, const struct leaf *leaves, size_t n)
{
    const struct nstree_process *first = nstree_root(nodes->selection->tree)->members;
    const struct nstree_process *last = leaves[n - 1].process;

    if (n < JOINED_MIN)
        return;
    for (size_t i = 0; i < n; i++)
        nodes->items[leaves[i].process - first].count = 0;
    nodes->items[leaves[0].process - first] =
        (struct picture_node){.count = (uint32_t)n, .last = last->nspid[last->levels - 1]};
}

static int join_leaves(const struct picture_nodes *nodes, const struct look *look)
{
    const struct nstree_ns *root = nstree_root(nodes->selection->tree);
    AUTO_FREE bool *is_parent = calloc(root->n_inside + 1, sizeof *is_parent);
    AUTO_FREE struct leaf *leaves = calloc(root->n_inside + 1, sizeof *leaves);
    size_t n = 0, first = 0;

    if (!is_parent || !leaves)
        return -ENOMEM;
    mark_parents(nodes, is_parent);
    for (size_t i = 0; i < root->n_inside; i++) {
        const struct nstree_process *process = &root->members[i];

        if (nodes->items[i].count > 0 && !is_parent[i])
            leaves[n++] = (struct leaf){process, describe_raw_name(look, process)};
    }
    qsort(leaves, n, sizeof *leaves, compare_leaves);
    for (size_t i = 1; i <= n; i++) {
        if (i < n && compare(&leaves[first], &leaves[i]) == 0)
            continue;
        join(nodes, leaves + first, i - first);
        first = i;
    }
    return 0;
}

int picture_nodes_make(const struct selection *selection, const struct look *look,
                       struct picture_nodes *out)
{
    const struct nstree_ns *root = nstree_root(selection->tree);

    *out = (struct picture_nodes){.selection = selection,
                                  .items = calloc(root->n_inside + 1, sizeof *out->items)};
    if (!out->items)
        return -ENOMEM;
    for (size_t i = 0; i < root->n_inside; i++)
        out->items[i].count = look_shows(look, selection, &root->members[i]);
    return look->wide ? 0 : join_leaves(out, look);
}

void picture_nodes_free(struct picture_nodes *nodes)
{
    free(nodes->items);
    nodes->items = NULL;
}
