/* SPDX-License-Identifier: MIT */
#include "model/finish.h"

#include <errno.h>

#include "model/containers.h"
#include "model/layout.h"
#include "model/order.h"
#include "model/place.h"
#include "model/shared.h"
#include "model/totals.h"
#include "model/tree.h"

/* The root is the initial PID namespace, whose inode is the same everywhere, if kernel threads are
 * seen in it. No kernel thread is in any other. (That matters before Linux 6.10, where a kernel
 * thread is known by its parent and by having no memory, as some dying process may be.) */
static int name_root(struct builder *builder)
{
    uint32_t two = builder_find(builder, 2);
    bool kthreads = two != MAP_NONE && builder->drafts[two].process.levels == 1 &&
                    builder->drafts[two].process.flags & NSTREE_PROCESS_KTHREAD;
    struct node *root = &builder->nodes[0];

    if (root->facts.ns == KEY_UNKNOWN && kthreads &&
        map_get(&builder->by_key, NSTREE_INITIAL_INODE) == MAP_NONE) {
        if (map_put(&builder->by_key, NSTREE_INITIAL_INODE, 0) != 0)
            return -ENOMEM;
        root->facts.ns = NSTREE_INITIAL_INODE;
    }
    for (size_t i = 0; i < builder->n_drafts; i++) {
        struct nstree_process *process = &builder->drafts[i].process;

        if (root->facts.ns != NSTREE_INITIAL_INODE || process->levels > 1)
            process->flags &= ~(uint32_t)NSTREE_PROCESS_KTHREAD;
    }
    if (root->facts.ns == KEY_UNKNOWN && builder->n_drafts > 0) {
        const struct nstree_process *first = &builder->drafts[0].process;

        root->facts.ns =
            first->pid == 1 && first->levels == 1 ? key_of_init(1) : key_of_level(first->pid, 0);
    }
    return 0;
}

/* Marks processes that entered from outside. A parent's namespace is the same as or an ancestor of
 * its child's, so fewer PIDs in the parent's chain mean another namespace. A parent 0 is outside
 * the root; of the processes in the initial namespace, only kthreadd and the init have none. A
 * recording says it itself: the PID of a parent that is not proven can be another process's. */
static void mark_entered(struct builder *builder)
{
    uint32_t ppid = 0, parent = MAP_NONE; /* the one looked for last: siblings follow each other */

    if (builder->info.source == NSTREE_SOURCE_RECORDING)
        return;

    for (size_t i = 0; i < builder->n_drafts; i++) {
        struct nstree_process *process = &builder->drafts[i].process;

        if (is_init(process) || process->flags & NSTREE_PROCESS_KTHREAD ||
            (process->levels == 1 && process->ppid != 0) ||
            (builder->drafts[i].parent_unsure && process->ppid != 0))
            continue;
        if (process->ppid != ppid) {
            ppid = process->ppid;
            parent = builder_find(builder, ppid);
        }
        if (ppid == 0 ||
            (parent != MAP_NONE && builder->drafts[parent].process.levels < process->levels))
            process->flags |= NSTREE_PROCESS_ENTERED;
    }
}

/* Whether nothing was denied or misunderstood, nothing is inferred, and the root's init was seen:
 * where it was not, others are hidden too (hidepid, proc(5)). */
static bool is_complete(const struct nstree *tree)
{
    const struct nstree_info *info = &tree->info;
    const struct nstree_ns *root = tree->namespaces;
    bool inferred = false;

    for (size_t i = 0; i <= root->below; i++)
        inferred = inferred || root[i].flags & (NSTREE_NS_INFERRED | NSTREE_NS_UNREADABLE);
    for (size_t i = 0; i < root->n_inside; i++)
        inferred = inferred || root->members[i].flags & NSTREE_PROCESS_INFERRED;
    return !inferred && root->init &&
           info->denied + info->hidden + info->malformed + info->unsearched + info->given_up +
                   info->left_out + info->failed ==
               0;
}

int finish_places(struct builder *builder)
{
    int rc = builder_sort(builder) ?: name_root(builder) ?: place_all(builder);

    if (rc != 0)
        return rc;
    mark_entered(builder);
    return order_namespaces(builder);
}

int finish_tree(struct builder *builder, struct nstree **out)
{
    struct nstree *tree = calloc(1, sizeof *tree);

    if (!tree)
        return -ENOMEM;
    int rc = containers_sort(builder) ?: layout_tree(builder, tree) ?: shared_link(tree);
    if (rc != 0) {
        nstree_free(tree);
        return rc;
    }
    containers_join(builder, tree);
    rc = totals_fill(builder, tree);
    if (rc != 0) {
        nstree_free(tree);
        return rc;
    }
    tree->info.complete = tree->info.complete && is_complete(tree);
    *out = tree;
    return 0;
}
