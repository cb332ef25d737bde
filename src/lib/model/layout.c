/* SPDX-License-Identifier: MIT */
#include "model/layout.h"

#include <errno.h>
#include <string.h>

#include "base/number.h"
#include "model/tree.h"

/* What becomes of a node. */
struct slot {
    uint32_t members; /* drafts that are members of it, and that have their place already */
    uint32_t at;      /* index among the namespaces; MAP_NONE where it is not shown */
    bool resorted;    /* its members are not in the order of their PIDs */
};

struct layout {
    struct builder *builder;
    struct nstree *tree;
    struct slot *slots; /* one a node */
};

/* The container that a draft or a node names. */
static struct nstree_container *container_of(const struct layout *lay, uint32_t container)
{
    return container == 0 ? NULL : &lay->tree->containers[container - 1];
}

static void fill_namespace(struct layout *lay, uint32_t n, uint32_t at)
{
    const struct node *node = &lay->builder->nodes[n];
    const struct ns_record *facts = &node->facts;
    struct nstree_ns *all = lay->tree->namespaces;

    lay->slots[n].at = at;
    all[at] = (struct nstree_ns){
        .parent = n == 0 ? NULL : &all[lay->slots[node->parent].at],
        .n_members = lay->slots[n].members,
        .n_inside = lay->slots[n].members,
        .id = facts->ns,
        .inode = key_inode(facts->ns),
        .user_ns = facts->user_ns,
        .owner_uid = facts->owner_uid,
        .level = facts->level,
        .flags = facts->flags | (key_inode(facts->ns) ? 0U : (uint32_t)NSTREE_NS_UNREADABLE),
        .kind = facts->kind,
        .label = facts->label,
        .evidence = facts->evidence,
        .others = facts->others,
        .container = container_of(lay, facts->container),
        .nsid = facts->nsid,
        .inferred = facts->total != NSTREE_TOTAL_UNKNOWN ? facts->inferred : 0,
    };
}

static void fill_namespaces(struct layout *lay)
{
    const struct builder *builder = lay->builder;

    for (size_t i = 0; i < builder->n_drafts; i++)
        lay->slots[builder->drafts[i].node].members++;
    for (uint32_t n = 0; n < builder->n_nodes; n++)
        lay->slots[n].at = MAP_NONE;
    for (uint32_t at = 0; at < builder->n_order; at++)
        fill_namespace(lay, builder->order[at], at);
    for (uint32_t n = 0; n < builder->n_nodes; n++)
        lay->slots[n].members = 0;
}

/* Sums up what is below each namespace (children come after their parents) and where the members
 * of each begin. */
static void sum_up(struct layout *lay)
{
    struct nstree_ns *all = lay->tree->namespaces;
    const struct nstree_process *members = lay->tree->processes;

    for (size_t i = lay->builder->n_order - 1; i > 0; i--) {
        struct nstree_ns *parent = &all[all[i].parent - all];

        parent->below += all[i].below + 1;
        parent->n_inside += all[i].n_inside;
    }
    for (size_t i = 0; i < lay->builder->n_order; i++) {
        all[i].members = members;
        members += all[i].n_members;
    }
}

static int compare_members(const void *a, const void *b)
{
    const struct nstree_process *x = a, *y = b;

    return compare_numbers(own_pid(x), own_pid(y)) ?: compare_numbers(x->pid, y->pid);
}

/* Sorts the members of one namespace, which PIDs that wrapped around have left unsorted. Most are
 * sorted as they come. Returns whether these were not. */
static bool sort_members(struct nstree_process *members, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        if (compare_members(&members[i - 1], &members[i]) > 0) {
            qsort(members, n, sizeof *members, compare_members);
            return true;
        }
    }
    return false;
}

static void fill_processes(struct layout *lay)
{
    const struct builder *builder = lay->builder;
    struct nstree *tree = lay->tree;

    for (size_t i = 0; i < builder->n_drafts; i++) {
        struct slot *slot = &lay->slots[builder->drafts[i].node];
        struct nstree_ns *ns = &tree->namespaces[slot->at];
        size_t at = (size_t)(ns->members - tree->processes) + slot->members++;

        tree->processes[at] = builder->drafts[i].process;
        tree->processes[at].ns = ns;
        tree->processes[at].container =
            container_of(lay, builder->drafts[i].container) ?: ns->container;
        tree->by_pid[i] = (uint32_t)at;
    }
    for (uint32_t at = 0; at < builder->n_order; at++) {
        struct nstree_ns *ns = &tree->namespaces[at];
        struct nstree_process *members = &tree->processes[ns->members - tree->processes];

        if (ns->n_members == 0)
            continue;
        lay->slots[builder->order[at]].resorted = sort_members(members, ns->n_members);
        if (is_init(&members[0]))
            ns->init = members;
    }
}

/* The indexes of processes by PID. Drafts are in that order, and fill_processes() noted where each
 * went, but not where the members of a namespace were sorted after that. */
static void index_resorted(const struct layout *lay)
{
    struct nstree *tree = lay->tree;

    for (size_t i = 0; i < lay->builder->n_drafts; i++) {
        const struct nstree_process *draft = &lay->builder->drafts[i].process;
        const struct slot *slot = &lay->slots[lay->builder->drafts[i].node];
        const struct nstree_ns *ns = &tree->namespaces[slot->at];
        size_t low = 0, high = ns->n_members;

        if (!slot->resorted)
            continue;
        while (low < high) {
            size_t middle = low + (high - low) / 2;

            if (compare_members(&ns->members[middle], draft) < 0)
                low = middle + 1;
            else
                high = middle;
        }
        tree->by_pid[i] = (uint32_t)(&ns->members[low] - tree->processes);
    }
}

static int compare_keepers(const void *a, const void *b)
{
    const struct keeper_draft *x = a, *y = b;
    const struct nstree_keeper *k = &x->keeper, *l = &y->keeper;

    return compare_numbers(x->key, y->key) ?: compare_numbers(k->how, l->how)
           ?: compare_numbers(k->pid, l->pid) ?: compare_numbers(k->tid, l->tid)
           ?: compare_numbers(k->fd, l->fd)
           ?: strcmp(k->path ? k->path : "", l->path ? l->path : "");
}

/* Gives the namespaces without members what keeps them: each once, for several sources can report
 * the same. */
static void fill_keepers(struct layout *lay)
{
    struct keeper_draft *drafts = lay->builder->keepers;
    struct nstree *tree = lay->tree;
    size_t n = 0;

    if (lay->builder->n_keepers > 0)
        qsort(drafts, lay->builder->n_keepers, sizeof *drafts, compare_keepers);
    for (size_t i = 0; i < lay->builder->n_keepers; i++) {
        uint32_t node = map_get(&tree->by_key, drafts[i].key);
        uint32_t at = node == MAP_NONE ? MAP_NONE : lay->slots[node].at;

        if (at == MAP_NONE || tree->namespaces[at].n_members > 0 ||
            (i > 0 && compare_keepers(&drafts[i - 1], &drafts[i]) == 0))
            continue;
        tree->keepers[n] = drafts[i].keeper;
        if (tree->namespaces[at].n_keepers++ == 0)
            tree->namespaces[at].keepers = &tree->keepers[n];
        n++;
    }
}

/* Makes the map lead to namespaces instead of nodes. */
static void remap_keys(struct layout *lay)
{
    struct map *map = &lay->tree->by_key;

    for (size_t i = 0; i < map->capacity; i++) {
        if (map->slots[i].key != 0)
            map->slots[i].value = lay->slots[map->slots[i].value].at;
    }
}

/* Takes over what the builder holds that the tree has as well. */
static void take_over(struct builder *builder, struct nstree *tree)
{
    tree->info = builder->info;
    tree->arena = builder->arena;
    tree->by_key = builder->by_key;
    builder->arena = (struct arena){0};
    builder->by_key = (struct map){0};
}

int layout_tree(struct builder *builder, struct nstree *tree)
{
    AUTO_FREE struct slot *slots = calloc(builder->n_nodes, sizeof *slots);
    struct layout lay = {.builder = builder, .tree = tree, .slots = slots};
    size_t n = builder->n_drafts ? builder->n_drafts : 1;

    take_over(builder, tree);
    tree->processes = calloc(n, sizeof *tree->processes);
    tree->by_pid = calloc(n, sizeof *tree->by_pid);
    tree->namespaces = calloc(builder->n_order, sizeof *tree->namespaces);
    tree->keepers = calloc(builder->n_keepers + 1, sizeof *tree->keepers);
    tree->containers = calloc(builder->n_containers + 1, sizeof *tree->containers);
    if (!slots || !tree->processes || !tree->by_pid || !tree->namespaces || !tree->keepers ||
        !tree->containers)
        return -ENOMEM;
    fill_namespaces(&lay);
    sum_up(&lay);
    fill_processes(&lay);
    index_resorted(&lay);
    fill_keepers(&lay);
    remap_keys(&lay);
    return 0;
}
