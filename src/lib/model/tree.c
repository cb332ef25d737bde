/* SPDX-License-Identifier: MIT */
/* The store of what sources report, and the finished tree's look-ups. Which namespace a process is
 * in, and which is the parent of which, is place.c's; the order of it all is layout.c's. */
#include "model/tree.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "model/layout.h"
#include "model/place.h"

int tree_new(struct nstree **out)
{
    struct nstree *tree = calloc(1, sizeof *tree);

    if (!tree)
        return -ENOMEM;
    tree->info.host = tree->info.kernel = "";
    if (tree_node(tree, KEY_UNKNOWN, 0) == MAP_NONE) {
        nstree_free(tree);
        return -ENOMEM;
    }
    *out = tree;
    return 0;
}

void nstree_free(struct nstree *tree)
{
    if (!tree)
        return;
    arena_free(&tree->arena);
    map_free(&tree->by_key);
    free(tree->drafts);
    free(tree->nodes);
    free(tree->processes);
    free(tree->namespaces);
    free(tree->by_pid);
    free(tree->mnt_ns);
    free(tree->keeper_drafts);
    free(tree->keepers);
    free(tree);
}

int tree_reserve(struct nstree *tree, size_t more)
{
    struct draft *drafts =
        array_room(tree->drafts, &tree->drafts_capacity, tree->n_drafts + more, sizeof *drafts);

    if (!drafts)
        return -ENOMEM;
    tree->drafts = drafts;
    return 0;
}

int tree_add_process(struct nstree *tree, const struct record *record)
{
    if (record->levels == 0 || record->levels > NSTREE_LEVELS_MAX) {
        tree->info.malformed++;
        return 0;
    }
    size_t bytes = record->levels * sizeof *record->nspid;
    uint32_t *nspid = arena_alloc(&tree->arena, bytes);
    char *name = arena_string(&tree->arena, record->name, record->name_len);
    char *args = NULL;

    if (record->args && record->args_len > 0)
        args = arena_string(&tree->arena, record->args, record->args_len);
    if (!nspid || !name || (record->args && record->args_len > 0 && !args) ||
        tree_reserve(tree, 1) != 0)
        return -ENOMEM;
    memcpy(nspid, record->nspid, bytes);
    tree->drafts[tree->n_drafts++] = (struct draft){
        .process = {.nspid = nspid,
                    .name = name,
                    .args = args,
                    .pid = record->nspid[0],
                    .ppid = record->ppid,
                    .uid = record->uid,
                    .flags = record->flags,
                    .levels = record->levels,
                    .state = record->state},
        .key = record->levels > 1 ? record->ns : KEY_UNKNOWN,
        .cgroup = record->cgroup,
        .dir = record->dir,
        .mnt_ns = record->mnt_ns,
        .since = record->since,
        .read = record->read,
        .unasked = record->unasked,
        .node = MAP_NONE,
    };
    return 0;
}

uint32_t tree_node(struct nstree *tree, uint64_t key, uint32_t level)
{
    uint32_t index = map_get(&tree->by_key, key);

    if (index != MAP_NONE)
        return index;
    struct node *nodes =
        array_room(tree->nodes, &tree->nodes_capacity, tree->n_nodes + 1, sizeof *nodes);
    if (!nodes)
        return MAP_NONE;
    tree->nodes = nodes;
    index = (uint32_t)tree->n_nodes;
    if (key != KEY_UNKNOWN && map_put(&tree->by_key, key, index) != 0)
        return MAP_NONE;
    nodes[tree->n_nodes++] = (struct node){
        .facts = {.ns = key,
                  .total = NSTREE_TOTAL_UNKNOWN,
                  .level = level,
                  .owner_uid = NSTREE_UID_UNKNOWN},
        .parent = MAP_NONE,
        .init = MAP_NONE,
    };
    return index;
}

/* Level 0 names the root, which is there from the start. */
static int add_root(struct nstree *tree, const struct ns_record *record)
{
    struct node *root = &tree->nodes[0];
    uint32_t known = map_get(&tree->by_key, record->ns);

    if (known == MAP_NONE && root->facts.ns == KEY_UNKNOWN) {
        if (map_put(&tree->by_key, record->ns, 0) != 0)
            return -ENOMEM;
        root->facts = *record;
        root->facts.parent = KEY_UNKNOWN;
        root->facts.flags = 0; /* which speak of a parent */
        root->told = true;
    } else if (known != 0) {
        root->contradicted = true;
    }
    return 0;
}

int tree_add_ns(struct nstree *tree, const struct ns_record *record)
{
    if (record->ns == KEY_UNKNOWN || record->level >= NSTREE_LEVELS_MAX)
        return 0;
    if (record->level == 0)
        return add_root(tree, record);
    uint32_t index = tree_node(tree, record->ns, record->level);
    if (index == MAP_NONE)
        return -ENOMEM;
    struct node *node = &tree->nodes[index];
    if (index == 0) {
        node->contradicted = true;
    } else if (!node->told) {
        node->facts = *record;
        node->told = true;
    } else if (node->facts.level != record->level || node->facts.parent != record->parent) {
        node->contradicted = true;
    }
    return 0;
}

uint64_t tree_root_key(const struct nstree *tree)
{
    return tree->nodes[0].facts.ns;
}

bool tree_has_ns(const struct nstree *tree, uint64_t key)
{
    uint32_t index = map_get(&tree->by_key, key);

    return index != MAP_NONE && tree->nodes[index].told;
}

bool tree_is_linked(const struct nstree *tree, uint64_t key)
{
    uint32_t index = map_get(&tree->by_key, key);

    if (key == KEY_UNKNOWN)
        return true;
    if (index == MAP_NONE || !tree->nodes[index].told)
        return false;
    return tree->nodes[index].facts.level <= 1 || tree->nodes[index].facts.parent != KEY_UNKNOWN;
}

int tree_add_keeper(struct nstree *tree, uint64_t key, const struct nstree_keeper *keeper)
{
    struct keeper_draft *drafts = array_room(tree->keeper_drafts, &tree->keeper_drafts_capacity,
                                             tree->n_keeper_drafts + 1, sizeof *drafts);
    struct nstree_keeper copy = *keeper;

    if (!drafts)
        return -ENOMEM;
    tree->keeper_drafts = drafts;
    if (keeper->name)
        copy.name = arena_string(&tree->arena, keeper->name, strlen(keeper->name));
    if (keeper->path)
        copy.path = arena_string(&tree->arena, keeper->path, strlen(keeper->path));
    if ((keeper->name && !copy.name) || (keeper->path && !copy.path))
        return -ENOMEM;
    drafts[tree->n_keeper_drafts++] = (struct keeper_draft){.key = key, .keeper = copy};
    return 0;
}

uint32_t tree_level(const struct nstree *tree, uint64_t key)
{
    uint32_t index = map_get(&tree->by_key, key);

    return index != MAP_NONE && tree->nodes[index].told ? tree->nodes[index].facts.level : MAP_NONE;
}

void tree_doubt_ns(struct nstree *tree, uint64_t key, bool unsure, bool vacant)
{
    uint32_t index = map_get(&tree->by_key, key);

    if (index == MAP_NONE)
        return;
    tree->nodes[index].facts.unsure = unsure;
    tree->nodes[index].facts.vacant = vacant;
}

void tree_forget_ns(struct nstree *tree, uint64_t key)
{
    uint32_t index = map_get(&tree->by_key, key);

    if (index != MAP_NONE && index != 0)
        tree->nodes[index].told = tree->nodes[index].contradicted = false;
}

void tree_forget_process(struct nstree *tree, size_t index)
{
    tree->drafts[index].process.levels = 0;
}

int tree_merge(struct nstree *into, struct nstree *from)
{
    if (tree_reserve(into, from->n_drafts) != 0)
        return -ENOMEM;
    for (size_t i = 0; i < from->n_nodes; i++) {
        const struct node *node = &from->nodes[i];

        if (!node->told)
            continue;
        if (tree_add_ns(into, &node->facts) != 0)
            return -ENOMEM;
        uint32_t index = map_get(&into->by_key, node->facts.ns);
        if (node->contradicted && index != MAP_NONE) /* none: another root was told of before */
            into->nodes[index].contradicted = true;
    }
    if (from->n_drafts > 0)
        memcpy(into->drafts + into->n_drafts, from->drafts, from->n_drafts * sizeof *from->drafts);
    into->n_drafts += from->n_drafts;
    from->n_drafts = 0;
    arena_merge(&into->arena, &from->arena);
    into->info.denied += from->info.denied;
    into->info.hidden += from->info.hidden;
    into->info.malformed += from->info.malformed;
    into->info.gone += from->info.gone;
    return 0;
}

/* Where the ascending run that begins at `from` ends. */
static size_t run_end(const uint64_t *items, size_t from, size_t n)
{
    size_t end = from + 1;

    while (end < n && items[end - 1] < items[end])
        end++;
    return end;
}

/* Merges from[a..b) and from[b..end) into to[a..end). */
static void merge(const uint64_t *from, uint64_t *to, size_t a, size_t b, size_t end)
{
    const size_t middle = b;

    for (size_t i = a; i < end; i++)
        to[i] = b == end || (a < middle && from[a] <= from[b]) ? from[a++] : from[b++];
}

/* Sorts by merging runs two and two. There are few: each thread has read in the order of PIDs.
 * Returns which of the two arrays holds the result; both have n elements. */
static uint64_t *sort_runs(uint64_t *items, uint64_t *spare, size_t n)
{
    while (n > 0 && run_end(items, 0, n) < n) {
        uint64_t *swap = items;

        for (size_t a = 0, end; a < n; a = end) {
            size_t b = run_end(items, a, n);

            end = b < n ? run_end(items, b, n) : n;
            merge(items, spare, a, b, end);
        }
        items = spare;
        spare = swap;
    }
    return items;
}

/* Moves drafts so that the one whose index is the low half of handles[i] stands at i: along each
 * cycle, one after another. */
static void permute(struct draft *drafts, uint64_t *handles, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct draft first = drafts[i];
        size_t to = i, from = (uint32_t)handles[i];

        if (from == i)
            continue;
        while (from != i) {
            drafts[to] = drafts[from];
            handles[to] = to;
            to = from;
            from = (uint32_t)handles[to];
        }
        drafts[to] = first;
        handles[to] = to;
    }
}

/* Sorts by PID, of which each handle has one above and the draft's index below. */
static int sort_drafts(struct draft *drafts, size_t n)
{
    AUTO_FREE uint64_t *handles = malloc(n * 2 * sizeof *handles);

    if (!handles)
        return -ENOMEM;
    for (size_t i = 0; i < n; i++)
        handles[i] = (uint64_t)drafts[i].process.pid << 32 | i;
    permute(drafts, sort_runs(handles, handles + n, n), n);
    return 0;
}

int tree_sort(struct nstree *tree)
{
    struct draft *drafts = tree->drafts;
    size_t kept = 0, n = tree->n_drafts;
    bool sorted = true;

    for (size_t i = 0; i < n; i++) {
        if (drafts[i].process.levels == 0)
            continue;
        if (kept < i)
            drafts[kept] = drafts[i];
        if (kept > 0 && drafts[kept - 1].process.pid >= drafts[kept].process.pid)
            sorted = false;
        kept++;
    }
    tree->n_drafts = kept;
    if (sorted)
        return 0;
    int rc = sort_drafts(drafts, kept);
    if (rc != 0)
        return rc;
    n = kept;
    kept = 1;
    for (size_t i = 1; i < n; i++) {
        if (drafts[i].process.pid != drafts[kept - 1].process.pid)
            drafts[kept++] = drafts[i];
    }
    tree->n_drafts = kept;
    return 0;
}

uint32_t tree_draft(const struct nstree *tree, uint32_t pid)
{
    size_t low = 0, high = tree->n_drafts;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (tree->drafts[middle].process.pid < pid)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == tree->n_drafts || tree->drafts[low].process.pid != pid)
        return MAP_NONE;
    return (uint32_t)low;
}

uint32_t tree_parent(const struct nstree *tree, const struct draft *draft)
{
    if (draft->process.ppid == 0 || draft->parent_unsure)
        return MAP_NONE;
    return tree_draft(tree, draft->process.ppid);
}

bool tree_is_stray(const struct nstree *tree, const struct draft *draft)
{
    const struct nstree_process *process = &draft->process;

    if (process->levels == 1 || draft->key != KEY_UNKNOWN || is_init(process))
        return false;
    uint32_t parent = tree_parent(tree, draft);
    return parent == MAP_NONE || tree->drafts[parent].process.levels != process->levels;
}

/*
 * The root is the initial PID namespace if kernel threads are seen in it, whose inode is the same
 * everywhere; and no kernel thread is in any other. (The second matters before Linux 6.10, where a
 * kernel thread is told by its parent and by having no memory, as some dying process may be.)
 */
static int settle_root(struct nstree *tree)
{
    uint32_t two = tree_draft(tree, 2);
    bool kthreads = two != MAP_NONE && tree->drafts[two].process.levels == 1 &&
                    tree->drafts[two].process.flags & NSTREE_PROCESS_KTHREAD;
    struct node *root = &tree->nodes[0];

    if (root->facts.ns == KEY_UNKNOWN && kthreads &&
        map_get(&tree->by_key, NSTREE_INITIAL_INODE) == MAP_NONE) {
        if (map_put(&tree->by_key, NSTREE_INITIAL_INODE, 0) != 0)
            return -ENOMEM;
        root->facts.ns = NSTREE_INITIAL_INODE;
    }
    for (size_t i = 0; i < tree->n_drafts; i++) {
        struct nstree_process *process = &tree->drafts[i].process;

        if (root->facts.ns != NSTREE_INITIAL_INODE || process->levels > 1)
            process->flags &= ~(uint32_t)NSTREE_PROCESS_KTHREAD;
    }
    if (root->facts.ns == KEY_UNKNOWN && tree->n_drafts > 0) {
        const struct nstree_process *first = &tree->drafts[0].process;
        bool is_init = first->pid == 1 && first->levels == 1;
        root->facts.ns = is_init ? key_of_init(1) : key_of_level(first->pid, 0);
    }
    return 0;
}

/* Marks those that came in from outside. The kernel keeps a parent's namespace the same as or an
 * ancestor of its child's, so fewer numbers in the parent's chain mean: another namespace. A parent
 * 0 is outside the root; of those within, only kthreadd has none at all. */
static void mark_entered(struct nstree *tree)
{
    uint32_t ppid = 0, parent = MAP_NONE; /* the one looked for last: siblings follow each other */

    for (size_t i = 0; i < tree->n_drafts; i++) {
        struct nstree_process *process = &tree->drafts[i].process;

        if (is_init(process) || process->flags & NSTREE_PROCESS_KTHREAD ||
            (process->levels == 1 && process->ppid != 0) ||
            (tree->drafts[i].parent_unsure && process->ppid != 0))
            continue;
        if (process->ppid != ppid) {
            ppid = process->ppid;
            parent = tree_draft(tree, ppid);
        }
        if (ppid == 0 ||
            (parent != MAP_NONE && tree->drafts[parent].process.levels < process->levels))
            process->flags |= NSTREE_PROCESS_ENTERED;
    }
}

/* Whether nothing was denied or misunderstood, nothing is inferred, and the root's init was seen:
 * where it was not, others are hidden too (hidepid, proc(5)). */
static bool is_complete(const struct nstree *tree)
{
    const struct nstree_ns *root = tree->namespaces;
    bool inferred = false;

    for (size_t i = 0; i <= root->below; i++)
        inferred = inferred || root[i].flags & (NSTREE_NS_INFERRED | NSTREE_NS_UNREADABLE);
    for (size_t i = 0; i < root->n_inside; i++)
        inferred = inferred || root->members[i].flags & NSTREE_PROCESS_INFERRED;
    return !inferred && root->init &&
           tree->info.denied + tree->info.hidden + tree->info.malformed + tree->info.unsearched ==
               0;
}

int tree_finish(struct nstree *tree)
{
    int rc = tree_sort(tree);
    if (rc == 0)
        rc = settle_root(tree);
    if (rc == 0)
        rc = place_all(tree);
    if (rc != 0)
        return rc;
    mark_entered(tree);
    rc = layout_all(tree);
    if (rc != 0)
        return rc;
    tree->info.complete = is_complete(tree);
    free(tree->drafts);
    free(tree->nodes);
    free(tree->keeper_drafts);
    tree->drafts = NULL;
    tree->nodes = NULL;
    tree->keeper_drafts = NULL;
    tree->n_drafts = tree->drafts_capacity = tree->n_nodes = tree->nodes_capacity = 0;
    return 0;
}

const struct nstree_info *nstree_info(const struct nstree *tree)
{
    return &tree->info;
}

const struct nstree_ns *nstree_root(const struct nstree *tree)
{
    return tree->namespaces;
}

const struct nstree_ns *nstree_find_ns(const struct nstree *tree, uint32_t inode)
{
    uint32_t index = map_get(&tree->by_key, inode);

    return index == MAP_NONE ? NULL : &tree->namespaces[index];
}

/* The process with this number in the root: a binary search. */
static const struct nstree_process *find_in_root(const struct nstree *tree, uint32_t pid)
{
    size_t low = 0, high = tree->namespaces->n_inside;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct nstree_process *process = &tree->processes[tree->by_pid[middle]];

        if (process->pid == pid)
            return process;
        if (process->pid < pid)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const struct nstree_process *nstree_find_process(const struct nstree *tree,
                                                 const struct nstree_ns *ns, uint32_t pid)
{
    if (ns->level == 0)
        return find_in_root(tree, pid);
    for (size_t i = 0; i < ns->n_inside; i++) {
        if (ns->members[i].nspid[ns->level] == pid)
            return &ns->members[i];
    }
    return NULL;
}

uint32_t nstree_number_in(const struct nstree_process *process, const struct nstree_ns *ns)
{
    if (process < ns->members || process >= ns->members + ns->n_inside)
        return 0;
    return process->nspid[ns->level];
}

const char *nstree_ns_id(const struct nstree_ns *ns, char id[NSTREE_ID_SIZE])
{
    uint32_t pid = (uint32_t)ns->id & 0xffffff, level = (uint32_t)(ns->id & UINT32_MAX) >> 24;

    if (ns->id < KEY_UNREADABLE)
        snprintf(id, NSTREE_ID_SIZE, "%u", (unsigned)ns->id);
    else if (level == 0)
        snprintf(id, NSTREE_ID_SIZE, "?%u", pid);
    else
        snprintf(id, NSTREE_ID_SIZE, "?%u.%u", pid, level - 1);
    return id;
}

const char *nstree_version(void)
{
    return NSTREE_VERSION;
}
