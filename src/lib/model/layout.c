/* SPDX-License-Identifier: MIT */
/* The order of the finished tree: namespaces in tree order, siblings by the number that their init
 * has in the parent; processes grouped by namespace, sorted by their own number. Every step is
 * linear or a sort. */
#include "model/layout.h"

#include <errno.h>
#include <string.h>

/* What is worked out of a node. */
struct slot {
    uint32_t order;   /* the number that its init (else any process inside) has in the parent */
    uint32_t members; /* drafts that are members of it */
    uint32_t child;   /* first child, an index of `sorted`; MAP_NONE for none */
    uint32_t at;      /* index among the namespaces; MAP_NONE where it is not shown */
    uint32_t newest;  /* order of the child with an init that was met last */
    bool shown;       /* told of by a source, or with processes inside, or with shown nodes below */
    bool resorted;    /* its members do not stand in the order of their PIDs */
};

/* A shown node, in the order of parent, then order, then what follows it here. */
struct sibling {
    uint32_t parent;
    uint32_t order;
    uint32_t recorded; /* where it stands in the recording, if that decides; else 0 */
    uint32_t node;
    uint64_t key;
};

struct layout {
    struct nstree *tree;
    struct slot *slots; /* one a node */
    struct sibling *sorted;
    uint32_t n_shown; /* without the root */
};

/* Counts members and finds inits. Of several inits, which no kernel shows, the first counts. */
static void count_members(struct layout *lay)
{
    struct nstree *tree = lay->tree;

    for (uint32_t n = 0; n < tree->n_nodes; n++)
        lay->slots[n] = (struct slot){.order = UINT32_MAX, .child = MAP_NONE, .at = MAP_NONE};
    for (uint32_t i = 0; i < tree->n_drafts; i++) {
        const struct nstree_process *process = &tree->drafts[i].process;
        struct node *node = &tree->nodes[tree->drafts[i].node];

        lay->slots[tree->drafts[i].node].members++;
        if (is_init(process) && node->init == MAP_NONE)
            node->init = i;
    }
}

/* Marks `n` and all above it as shown, up to where that was done before. */
static void show(struct layout *lay, uint32_t n)
{
    while (n != MAP_NONE && !lay->slots[n].shown) {
        lay->slots[n].shown = true;
        n = lay->tree->nodes[n].parent;
    }
}

/* Lowers the order of every node without an init that the draft is inside of. */
static void order_ancestors(struct layout *lay, const struct draft *draft)
{
    const struct node *nodes = lay->tree->nodes;

    for (uint32_t n = draft->node; n != 0; n = nodes[n].parent) {
        uint32_t number = draft->process.nspid[nodes[n].facts.level - 1];

        if (nodes[n].init == MAP_NONE && number < lay->slots[n].order)
            lay->slots[n].order = number;
    }
}

static void order_nodes(struct layout *lay)
{
    const struct nstree *tree = lay->tree;

    show(lay, 0);
    for (uint32_t n = 1; n < tree->n_nodes; n++) {
        const struct node *node = &tree->nodes[n];

        if (node->told || lay->slots[n].members > 0)
            show(lay, n);
        if (node->init != MAP_NONE)
            lay->slots[n].order = tree->drafts[node->init].process.nspid[node->facts.level - 1];
    }
    for (size_t i = 0; i < tree->n_drafts; i++)
        order_ancestors(lay, &tree->drafts[i]);
}

/* Whether members can be missing by which a namespace without an init was ordered. */
static bool is_selection(const struct nstree *tree)
{
    return tree->info.source == NSTREE_SOURCE_RECORDING &&
           (tree->info.partial || tree->info.selected);
}

/* In a recording of a selection a namespace without an init stays behind the sibling with one that
 * it is recorded behind. Nodes are in the order of the recording. */
static void order_as_recorded(struct layout *lay)
{
    const struct node *nodes = lay->tree->nodes;

    for (uint32_t n = 1; n < lay->tree->n_nodes; n++) {
        uint32_t *newest = &lay->slots[nodes[n].parent].newest;

        if (nodes[n].init == MAP_NONE)
            lay->slots[n].order = *newest;
        else
            *newest = lay->slots[n].order;
    }
}

static int by_parent(const void *a, const void *b)
{
    const struct sibling *x = a, *y = b;

    if (x->parent != y->parent)
        return x->parent < y->parent ? -1 : 1;
    if (x->order != y->order)
        return x->order < y->order ? -1 : 1;
    if (x->recorded != y->recorded)
        return x->recorded < y->recorded ? -1 : 1;
    return x->key < y->key ? -1 : x->key > y->key;
}

/* Lists the shown nodes by parent and order, and tells each parent where its children begin. */
static void sort_siblings(struct layout *lay)
{
    const struct nstree *tree = lay->tree;
    bool recorded = is_selection(tree);
    uint32_t n_shown = 0;

    for (uint32_t n = 1; n < tree->n_nodes; n++) {
        const struct node *node = &tree->nodes[n];

        if (lay->slots[n].shown)
            lay->sorted[n_shown++] =
                (struct sibling){.parent = node->parent,
                                 .order = lay->slots[n].order,
                                 .recorded = recorded && node->init == MAP_NONE ? n : 0,
                                 .node = n,
                                 .key = node->facts.ns};
    }
    qsort(lay->sorted, n_shown, sizeof *lay->sorted, by_parent);
    for (uint32_t i = n_shown; i-- > 0;)
        lay->slots[lay->sorted[i].parent].child = i;
    lay->n_shown = n_shown;
}

/* How many members a namespace has: those that were counted, or those that were seen where that
 * says something. */
static uint64_t total_of(const struct layout *lay, uint32_t n)
{
    const struct ns_record *facts = &lay->tree->nodes[n].facts;
    uint64_t seen = lay->slots[n].members;

    if (facts->total != NSTREE_TOTAL_UNKNOWN && facts->total >= seen)
        return facts->total;
    return lay->tree->info.partial || (facts->unsure && seen == 0) ? NSTREE_TOTAL_UNKNOWN : seen;
}

static void emit_namespace(struct layout *lay, uint32_t n, uint32_t at)
{
    struct nstree *tree = lay->tree;
    const struct node *node = &tree->nodes[n];
    const struct ns_record *facts = &node->facts;

    lay->slots[n].at = at;
    tree->mnt_ns[at] = node->init == MAP_NONE ? 0 : tree->drafts[node->init].mnt_ns;
    tree->namespaces[at] = (struct nstree_ns){
        .parent = n == 0 ? NULL : &tree->namespaces[lay->slots[node->parent].at],
        .n_members = lay->slots[n].members,
        .n_inside = lay->slots[n].members,
        .total = total_of(lay, n),
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
    };
}

/* Walks down the tree, parents first: one cursor a level, and levels are few. */
static void emit_namespaces(struct layout *lay)
{
    uint32_t cursor[NSTREE_LEVELS_MAX + 1] = {lay->slots[0].child};
    uint32_t parent[NSTREE_LEVELS_MAX + 1] = {0};
    uint32_t at = 0;
    int depth = 0;

    emit_namespace(lay, 0, at++);
    while (depth >= 0) {
        uint32_t i = cursor[depth];

        if (i >= lay->n_shown || lay->sorted[i].parent != parent[depth]) {
            depth--;
            continue;
        }
        cursor[depth]++;
        emit_namespace(lay, lay->sorted[i].node, at++);
        depth++;
        parent[depth] = lay->sorted[i].node;
        cursor[depth] = lay->slots[parent[depth]].child;
    }
}

/* Sums up what is below each namespace (children stand behind their parents) and where the members
 * of each begin. */
static void sum_up(struct layout *lay)
{
    struct nstree_ns *all = lay->tree->namespaces;
    const struct nstree_process *members = lay->tree->processes;

    for (uint32_t i = lay->n_shown; i > 0; i--) {
        struct nstree_ns *parent = &all[all[i].parent - all];

        parent->below += all[i].below + 1;
        parent->n_inside += all[i].n_inside;
    }
    for (uint32_t i = 0; i <= lay->n_shown; i++) {
        all[i].members = members;
        members += all[i].n_members;
    }
}

static int by_own_pid(const void *a, const void *b)
{
    const struct nstree_process *x = a, *y = b;
    uint32_t nx = own_pid(x), ny = own_pid(y);

    if (nx != ny)
        return nx < ny ? -1 : 1;
    return x->pid < y->pid ? -1 : x->pid > y->pid;
}

/* Sorts the members of one namespace, which PIDs that wrapped around have left unsorted. Most are
 * sorted as they come. Returns whether these were not. */
static bool sort_members(struct nstree_process *members, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        if (by_own_pid(&members[i - 1], &members[i]) > 0) {
            qsort(members, n, sizeof *members, by_own_pid);
            return true;
        }
    }
    return false;
}

static void emit_processes(struct layout *lay)
{
    struct nstree *tree = lay->tree;
    struct nstree_ns *all = tree->namespaces;

    for (uint32_t n = 0; n < tree->n_nodes; n++)
        lay->slots[n].members = 0; /* from here: how many are there already */
    for (size_t i = 0; i < tree->n_drafts; i++) {
        struct slot *slot = &lay->slots[tree->drafts[i].node];
        struct nstree_ns *ns = &all[slot->at];
        size_t at = (size_t)(ns->members - tree->processes) + slot->members++;

        tree->processes[at] = tree->drafts[i].process;
        tree->processes[at].ns = ns;
        tree->by_pid[i] = (uint32_t)at;
    }
    for (uint32_t n = 0; n < tree->n_nodes; n++) {
        struct nstree_ns *ns = lay->slots[n].at == MAP_NONE ? NULL : &all[lay->slots[n].at];
        struct nstree_process *members =
            ns ? &tree->processes[ns->members - tree->processes] : NULL;

        if (!ns || ns->n_members == 0)
            continue;
        lay->slots[n].resorted = sort_members(members, ns->n_members);
        if (is_init(&members[0]))
            ns->init = members;
    }
}

/* The indexes of processes by PID. Drafts are in that order, and it is known where each went, but
 * for those that were sorted after that. */
static void index_resorted(const struct layout *lay)
{
    struct nstree *tree = lay->tree;

    for (size_t i = 0; i < tree->n_drafts; i++) {
        const struct nstree_process *draft = &tree->drafts[i].process;
        const struct slot *slot = &lay->slots[tree->drafts[i].node];
        const struct nstree_ns *ns = &tree->namespaces[slot->at];
        size_t low = 0, high = ns->n_members;

        if (!slot->resorted)
            continue;
        while (low < high) {
            size_t middle = low + (high - low) / 2;

            if (by_own_pid(&ns->members[middle], draft) < 0)
                low = middle + 1;
            else
                high = middle;
        }
        tree->by_pid[i] = (uint32_t)(&ns->members[low] - tree->processes);
    }
}

static int by_namespace(const void *a, const void *b)
{
    const struct keeper_draft *x = a, *y = b;
    const struct nstree_keeper *k = &x->keeper, *l = &y->keeper;

    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    if (k->how != l->how)
        return k->how < l->how ? -1 : 1;
    if (k->pid != l->pid)
        return k->pid < l->pid ? -1 : 1;
    if (k->tid != l->tid)
        return k->tid < l->tid ? -1 : 1;
    if (k->fd != l->fd)
        return k->fd < l->fd ? -1 : 1;
    return strcmp(k->path ? k->path : "", l->path ? l->path : "");
}

/* Gives the namespaces without members what keeps them: each once, for several sources can tell of
 * the same. */
static void emit_keepers(struct layout *lay)
{
    struct nstree *tree = lay->tree;
    size_t n = 0;

    if (tree->n_keeper_drafts > 0)
        qsort(tree->keeper_drafts, tree->n_keeper_drafts, sizeof *tree->keeper_drafts,
              by_namespace);
    for (size_t i = 0; i < tree->n_keeper_drafts; i++) {
        uint32_t node = map_get(&tree->by_key, tree->keeper_drafts[i].key);
        uint32_t at = node == MAP_NONE ? MAP_NONE : lay->slots[node].at;

        if (at == MAP_NONE || tree->namespaces[at].n_members > 0 ||
            (i > 0 && by_namespace(&tree->keeper_drafts[i - 1], &tree->keeper_drafts[i]) == 0))
            continue;
        tree->keepers[n] = tree->keeper_drafts[i].keeper;
        if (tree->namespaces[at].n_keepers++ == 0)
            tree->namespaces[at].keepers = &tree->keepers[n];
        n++;
    }
}

static void remap_keys(struct layout *lay)
{
    struct map *map = &lay->tree->by_key;

    for (size_t i = 0; i < map->capacity; i++) {
        if (map->slots[i].key != 0)
            map->slots[i].value = lay->slots[map->slots[i].value].at;
    }
}

int layout_all(struct nstree *tree)
{
    AUTO_FREE struct slot *slots = calloc(tree->n_nodes, sizeof *slots);
    AUTO_FREE struct sibling *sorted = calloc(tree->n_nodes, sizeof *sorted);
    struct layout lay = {.tree = tree, .slots = slots, .sorted = sorted};
    size_t n = tree->n_drafts ? tree->n_drafts : 1;

    tree->processes = calloc(n, sizeof *tree->processes);
    tree->by_pid = calloc(n, sizeof *tree->by_pid);
    tree->namespaces = calloc(tree->n_nodes, sizeof *tree->namespaces);
    tree->mnt_ns = calloc(tree->n_nodes, sizeof *tree->mnt_ns);
    tree->keepers = calloc(tree->n_keeper_drafts + 1, sizeof *tree->keepers);
    if (!slots || !sorted || !tree->processes || !tree->by_pid || !tree->namespaces ||
        !tree->mnt_ns || !tree->keepers)
        return -ENOMEM;
    count_members(&lay);
    order_nodes(&lay);
    if (is_selection(tree))
        order_as_recorded(&lay);
    sort_siblings(&lay);
    emit_namespaces(&lay);
    sum_up(&lay);
    emit_processes(&lay);
    index_resorted(&lay);
    emit_keepers(&lay);
    remap_keys(&lay);
    return 0;
}
