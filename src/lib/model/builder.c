/* SPDX-License-Identifier: MIT */
#include "model/builder.h"

#include <errno.h>
#include <string.h>

int builder_new(struct builder **out)
{
    struct builder *builder = calloc(1, sizeof *builder);

    if (!builder)
        return -ENOMEM;
    builder->info.host = builder->info.kernel = "";
    builder->info.complete = true;
    if (builder_node(builder, KEY_UNKNOWN, 0) == MAP_NONE) {
        builder_free(builder);
        return -ENOMEM;
    }
    *out = builder;
    return 0;
}

void builder_free(struct builder *builder)
{
    if (!builder)
        return;
    arena_free(&builder->arena);
    map_free(&builder->by_key);
    free(builder->drafts);
    free(builder->nodes);
    free(builder->cgroups);
    free(builder->keepers);
    free(builder->containers);
    free(builder->order);
    free(builder);
}

int builder_reserve(struct builder *builder, size_t more)
{
    struct draft *drafts = array_room(builder->drafts, &builder->drafts_capacity,
                                      builder->n_drafts + more, sizeof *drafts);

    if (!drafts)
        return -ENOMEM;
    builder->drafts = drafts;
    return 0;
}

struct nstree_usage *builder_usage(struct builder *builder, const struct nstree_usage *usage)
{
    struct nstree_usage *copy = arena_alloc_wide(&builder->arena, sizeof *copy);

    if (copy)
        *copy = *usage;
    return copy;
}

int builder_add_process(struct builder *builder, const struct record *record)
{
    if (record->levels == 0 || record->levels > NSTREE_LEVELS_MAX) {
        builder->info.malformed++;
        return 0;
    }
    size_t bytes = record->levels * sizeof *record->nspid;
    uint32_t *nspid = arena_alloc(&builder->arena, bytes);
    char *name = arena_string(&builder->arena, record->name, record->name_len);
    struct nstree_usage *usage = NULL;
    char *args = NULL;

    if (record->args && record->args_len > 0)
        args = arena_string(&builder->arena, record->args, record->args_len);
    if (record->usage)
        usage = builder_usage(builder, record->usage);
    if (!nspid || !name || (record->args && record->args_len > 0 && !args) ||
        (record->usage && !usage) || builder_reserve(builder, 1) != 0)
        return -ENOMEM;
    memcpy(nspid, record->nspid, bytes);
    builder->drafts[builder->n_drafts++] = (struct draft){
        .process = {.nspid = nspid,
                    .name = name,
                    .args = args,
                    .others = record->others,
                    .usage = usage,
                    .pid = record->nspid[0],
                    .ppid = record->ppid,
                    .uid = record->uid,
                    .flags = record->flags,
                    .levels = record->levels,
                    .state = record->state},
        .key = record->levels > 1 ? record->ns : KEY_UNKNOWN,
        .dir = record->dir,
        .mnt_ns = record->mnt_ns,
        .container = record->container,
        .since = record->since,
        .read = record->read,
        .deferred = record->deferred,
        .node = MAP_NONE,
        .cgroup = MAP_NONE,
    };
    return 0;
}

int builder_set_cgroup(struct builder *builder, size_t index, const struct cgroup_keys *keys)
{
    struct cgroup_keys *cgroups = array_room(builder->cgroups, &builder->cgroups_capacity,
                                             builder->n_cgroups + 1, sizeof *cgroups);

    if (!cgroups)
        return -ENOMEM;
    builder->cgroups = cgroups;
    builder->drafts[index].cgroup = (uint32_t)builder->n_cgroups;
    cgroups[builder->n_cgroups++] = *keys;
    return 0;
}

const struct cgroup_keys *builder_cgroup(const struct builder *builder, uint32_t index)
{
    static const struct cgroup_keys nothing;

    return index == MAP_NONE ? &nothing : &builder->cgroups[index];
}

uint32_t builder_node(struct builder *builder, uint64_t key, uint32_t level)
{
    uint32_t index = map_get(&builder->by_key, key);

    if (index != MAP_NONE)
        return index;
    struct node *nodes =
        array_room(builder->nodes, &builder->nodes_capacity, builder->n_nodes + 1, sizeof *nodes);
    if (!nodes)
        return MAP_NONE;
    builder->nodes = nodes;
    index = (uint32_t)builder->n_nodes;
    if (key != KEY_UNKNOWN && map_put(&builder->by_key, key, index) != 0)
        return MAP_NONE;
    nodes[builder->n_nodes++] = (struct node){
        .facts = ns_record_at(key, KEY_UNKNOWN, level),
        .parent = MAP_NONE,
        .init = MAP_NONE,
        .cgroup = MAP_NONE,
    };
    return index;
}

/* A record of level 0 names the root, which is there from the start. */
static int add_root(struct builder *builder, const struct ns_record *record)
{
    struct node *root = &builder->nodes[0];
    uint32_t known = map_get(&builder->by_key, record->ns);

    if (known == MAP_NONE && root->facts.ns == KEY_UNKNOWN) {
        if (map_put(&builder->by_key, record->ns, 0) != 0)
            return -ENOMEM;
        root->facts = *record;
        root->facts.parent = KEY_UNKNOWN;
        root->facts.flags = 0; /* which speak of a parent */
        root->reported = true;
    } else if (known != 0) {
        root->contradicted = true;
    }
    return 0;
}

int builder_add_ns(struct builder *builder, const struct ns_record *record)
{
    if (record->ns == KEY_UNKNOWN || record->level >= NSTREE_LEVELS_MAX)
        return 0;
    if (record->level == 0)
        return add_root(builder, record);
    uint32_t index = builder_node(builder, record->ns, record->level);
    if (index == MAP_NONE)
        return -ENOMEM;
    struct node *node = &builder->nodes[index];
    if (index == 0) {
        node->contradicted = true;
    } else if (!node->reported) {
        node->facts = *record;
        node->reported = true;
    } else if (node->facts.level != record->level || node->facts.parent != record->parent) {
        node->contradicted = true;
    }
    return 0;
}

uint64_t builder_root_key(const struct builder *builder)
{
    return builder->nodes[0].facts.ns;
}

/* The node `key`, if that was reported; else NULL. */
static struct node *find_reported(const struct builder *builder, uint64_t key)
{
    uint32_t index = map_get(&builder->by_key, key);

    return index != MAP_NONE && builder->nodes[index].reported ? &builder->nodes[index] : NULL;
}

bool builder_has_ns(const struct builder *builder, uint64_t key)
{
    return find_reported(builder, key) != NULL;
}

bool builder_is_linked(const struct builder *builder, uint64_t key)
{
    const struct node *node = find_reported(builder, key);

    return key == KEY_UNKNOWN ||
           (node && (node->facts.level <= 1 || node->facts.parent != KEY_UNKNOWN));
}

uint32_t builder_level(const struct builder *builder, uint64_t key)
{
    const struct node *node = find_reported(builder, key);

    return node ? node->facts.level : MAP_NONE;
}

void builder_qualify_ns(struct builder *builder, uint64_t key, bool unsure, bool vacant)
{
    struct node *node = find_reported(builder, key);

    if (node) {
        node->facts.unsure = unsure;
        node->facts.vacant = vacant;
    }
}

void builder_forget_ns(struct builder *builder, uint64_t key)
{
    struct node *node = find_reported(builder, key);

    if (node && node != builder->nodes)
        node->reported = node->contradicted = false;
}

int builder_add_keeper(struct builder *builder, uint64_t key, const struct nstree_keeper *keeper)
{
    struct keeper_draft *drafts = array_room(builder->keepers, &builder->keepers_capacity,
                                             builder->n_keepers + 1, sizeof *drafts);
    struct nstree_keeper copy = *keeper;

    if (!drafts)
        return -ENOMEM;
    builder->keepers = drafts;
    if (keeper->name)
        copy.name = arena_string(&builder->arena, keeper->name, strlen(keeper->name));
    if (keeper->path)
        copy.path = arena_string(&builder->arena, keeper->path, strlen(keeper->path));
    if ((keeper->name && !copy.name) || (keeper->path && !copy.path))
        return -ENOMEM;
    drafts[builder->n_keepers++] = (struct keeper_draft){.key = key, .keeper = copy};
    return 0;
}

int builder_add_container(struct builder *builder, const struct container_draft *container)
{
    struct container_draft *drafts = array_room(builder->containers, &builder->containers_capacity,
                                                builder->n_containers + 1, sizeof *drafts);
    struct container_draft copy = *container;
    struct nstree_container *facts = &copy.facts;
    const char **texts[] = {&facts->kind, &facts->label,         &facts->evidence, &facts->name,
                            &facts->id,   &facts->k8s_namespace, &facts->pod,      &facts->image};

    if (!drafts)
        return -ENOMEM;
    builder->containers = drafts;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (!*texts[i])
            continue;
        *texts[i] = arena_string(&builder->arena, *texts[i], strlen(*texts[i]));
        if (!*texts[i])
            return -ENOMEM;
    }
    drafts[builder->n_containers++] = copy;
    return 0;
}

void builder_forget_process(struct builder *builder, size_t index)
{
    builder->drafts[index].process.levels = 0;
}

/* Moves the drafts, and what their cgroups show. */
static int merge_drafts(struct builder *into, struct builder *from)
{
    size_t first = into->n_drafts;

    if (builder_reserve(into, from->n_drafts) != 0)
        return -ENOMEM;
    if (from->n_drafts > 0)
        memcpy(into->drafts + first, from->drafts, from->n_drafts * sizeof *from->drafts);
    for (size_t i = 0; i < from->n_drafts; i++) {
        uint32_t cgroup = from->drafts[i].cgroup;

        if (cgroup != MAP_NONE && builder_set_cgroup(into, first + i, &from->cgroups[cgroup]) != 0)
            return -ENOMEM;
    }
    into->n_drafts += from->n_drafts;
    from->n_drafts = 0;
    return 0;
}

int builder_merge(struct builder *into, struct builder *from)
{
    for (size_t i = 0; i < from->n_nodes; i++) {
        const struct node *node = &from->nodes[i];

        if (!node->reported)
            continue;
        if (builder_add_ns(into, &node->facts) != 0)
            return -ENOMEM;
        uint32_t index = map_get(&into->by_key, node->facts.ns);
        if (node->contradicted && index != MAP_NONE) /* none: another root was reported before */
            into->nodes[index].contradicted = true;
    }
    if (merge_drafts(into, from) != 0)
        return -ENOMEM;
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

/* Sorts by merging runs in pairs. There are few runs: each thread has read in the order of PIDs.
 * Returns the array that holds the result; both have n elements. */
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

/* Moves drafts so that the one whose index is the low half of handles[i] is at i: along each cycle,
 * one after another. */
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

/* Sorts by PID. Each handle has a PID in its upper half and the index of the draft in its lower. */
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

int builder_sort(struct builder *builder)
{
    struct draft *drafts = builder->drafts;
    size_t kept = 0, n = builder->n_drafts;
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
    builder->n_drafts = kept;
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
    builder->n_drafts = kept;
    return 0;
}

uint32_t builder_find(const struct builder *builder, uint32_t pid)
{
    size_t low = 0, high = builder->n_drafts;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (builder->drafts[middle].process.pid < pid)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == builder->n_drafts || builder->drafts[low].process.pid != pid)
        return MAP_NONE;
    return (uint32_t)low;
}

uint32_t builder_parent(const struct builder *builder, const struct draft *draft)
{
    if (draft->process.ppid == 0 || draft->parent_unsure)
        return MAP_NONE;
    return builder_find(builder, draft->process.ppid);
}

bool builder_is_stray(const struct builder *builder, const struct draft *draft)
{
    const struct nstree_process *process = &draft->process;

    if (process->levels == 1 || draft->key != KEY_UNKNOWN || is_init(process))
        return false;
    uint32_t parent = builder_parent(builder, draft);
    return parent == MAP_NONE || builder->drafts[parent].process.levels != process->levels;
}
