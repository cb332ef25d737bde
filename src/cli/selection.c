/* SPDX-License-Identifier: MIT */
#include "cli/selection.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/number.h"
#include "cli/miss.h"
#include "cli/pids.h"
#include "cli/resolve.h"

static size_t index_of(const struct selection *selection, const struct nstree_ns *ns)
{
    return (size_t)(ns - nstree_root(selection->tree));
}

/* Shows the lines of `ns` and of its ancestors. */
static void show_path(struct selection *selection, const struct nstree_ns *ns)
{
    for (; ns; ns = ns->parent) {
        unsigned char *shown = &selection->namespaces[index_of(selection, ns)];

        if (*shown != SHOWN_NOT)
            return;
        *shown = SHOWN_LINE;
    }
}

static void show_whole(struct selection *selection, const struct nstree_ns *ns)
{
    show_path(selection, ns->parent);
    memset(selection->namespaces + index_of(selection, ns), SHOWN_MEMBERS, ns->below + 1);
    selection->whole = true;
}

static size_t index_of_process(const struct selection *selection,
                               const struct nstree_process *process)
{
    return (size_t)(process - nstree_root(selection->tree)->members);
}

static size_t index_of_container(const struct selection *selection,
                                 const struct nstree_container *container)
{
    size_t n;

    return (size_t)(container - nstree_containers(selection->tree, &n));
}

static void ask_for(struct selection *selection, const struct nstree_process *process)
{
    if (process)
        selection->asked[index_of_process(selection, process)] = 1;
}

/* Selects a process by itself. */
static void pick(struct selection *selection, const struct nstree_process *process)
{
    unsigned char *picked = &selection->processes[index_of_process(selection, process)];

    selection->n_selected += !*picked;
    *picked = 1;
    show_path(selection, process->ns);
}

static void select_process(struct selection *selection, const struct nstree_process *process)
{
    pick(selection, process);
    ask_for(selection, process);
}

/* A container that shares a namespace is its processes. Where the whole namespace is shown, as with
 * a pod, so are they. */
static void select_sharer(struct selection *selection, const struct nstree_container *container)
{
    const struct nstree_ns *root = nstree_root(selection->tree);

    selection->containers[index_of_container(selection, container)] = 1;
    ask_for(selection, container->init);
    if (container->ns && selection_shown(selection, container->ns) == SHOWN_MEMBERS)
        return;
    for (size_t i = 0; i < root->n_inside; i++) {
        if (root->members[i].container == container)
            pick(selection, &root->members[i]);
    }
}

static void select_thing(struct selection *selection, const struct thing *thing)
{
    const struct nstree_container *container = thing->container;
    char words[MISS_BYTES];

    if (selection->quiet && miss_owner(selection->tree, thing, words))
        selection->report(words);
    if (thing->process) {
        select_process(selection, thing->process);
    } else if (container && !resolve_owns(container)) {
        select_sharer(selection, container);
    } else {
        show_whole(selection, resolve_inside(thing));
        ask_for(selection, resolve_inside(thing)->init);
    }
}

/* Reports an operand that names nothing, and counts it. */
static void miss(struct selection *selection, const char *words)
{
    selection->report(words);
    selection->missing++;
}

/* Reports an operand that is wrong usage, the first of them. */
static void refuse(struct selection *selection, const char *words)
{
    if (!selection->wrong)
        selection->report(words);
    selection->wrong = true;
}

/* Resolves an operand of --ns, and reports it if it names nothing. */
static int find_place(struct selection *selection, const struct options *options,
                      const struct ns_operand *operand, struct resolved *out)
{
    char words[MISS_BYTES];
    int rc = resolve_ns(selection->tree, operand, out);

    if (rc != 0)
        return rc;
    if (out->what == WHAT_SEVERAL)
        refuse(selection, miss_several(operand->text, out, words));
    else if (out->n == 0 && miss_is_usage(operand))
        refuse(selection, miss_range(operand, words));
    else if (out->n == 0)
        miss(selection, miss_namespace(selection->tree, options, operand, words));
    return 0;
}

/* Finds all that --ns names. */
static int find_places(struct selection *selection, const struct options *options,
                       struct resolved *out)
{
    for (size_t i = 0; i < options->namespaces.n; i++) {
        AUTO_RESOLVED struct resolved one = {0};
        int rc = find_place(selection, options, &options->namespaces.items[i], &one);

        for (size_t k = 0; k < one.n && rc == 0; k++)
            rc = resolved_add(out, one.what, one.things[k]);
        if (rc != 0)
            return rc;
    }
    return 0;
}

/* --pid with --ns, in each of these places. */
static void select_inside(struct selection *selection, const struct resolved *places, uint32_t pid)
{
    char words[MISS_BYTES];
    bool found = false;

    for (size_t i = 0; i < places->n; i++) {
        const struct nstree_ns *ns = resolve_inside(&places->things[i]);
        const struct nstree_process *process =
            ns ? nstree_find_process(selection->tree, ns, pid) : NULL;

        if (process)
            select_process(selection, process);
        found |= process != NULL;
    }
    if (!found)
        miss(selection, miss_inside(selection->tree, places, pid, words));
}

/* --pid alone. */
static void select_pid(struct selection *selection, uint32_t pid)
{
    const struct nstree_process *process =
        nstree_find_process(selection->tree, nstree_root(selection->tree), pid);
    char words[MISS_BYTES];

    if (process)
        select_process(selection, process);
    else
        miss(selection, miss_pid(selection->tree, pid, words));
}

static int compare_pids(const void *a, const void *b)
{
    return compare_numbers(*(const uint32_t *)a, *(const uint32_t *)b);
}

/* The element of a sorted list that is this PID, or NULL. */
static const uint32_t *find_pid(const struct pid_list *list, uint32_t pid)
{
    return list->n > 0 ? bsearch(&pid, list->items, list->n, sizeof pid, compare_pids) : NULL;
}

bool selection_matches(const struct selection *selection, uint32_t pid)
{
    return find_pid(&selection->finds, pid) != NULL;
}

/* Sorts the PIDs that are looked for at any level, and drops duplicates. */
static void sort_finds(struct pid_list *finds)
{
    size_t kept = 0;

    if (finds->n > 0)
        qsort(finds->items, finds->n, sizeof *finds->items, compare_pids);
    for (size_t i = 0; i < finds->n; i++) {
        if (kept == 0 || finds->items[kept - 1] != finds->items[i])
            finds->items[kept++] = finds->items[i];
    }
    finds->n = kept;
}

/* Marks the processes in all that --ns names, or all without it. */
static void mark_inside(const struct selection *selection, const struct resolved *places,
                        bool everywhere, unsigned char *inside)
{
    const struct nstree_ns *root = nstree_root(selection->tree);

    memset(inside, everywhere, root->n_inside + 1);
    for (size_t i = 0; i < places->n; i++) {
        const struct nstree_container *container = places->things[i].container;
        const struct nstree_ns *ns = resolve_inside(&places->things[i]);
        bool sharer = container && !resolve_owns(container);

        for (size_t k = 0; ns && k < ns->n_inside; k++) {
            if (!sharer || ns->members[k].container == container)
                inside[index_of_process(selection, &ns->members[k])] = 1;
        }
    }
}

/* --find: selects every process that has one of the PIDs at any level, of those inside --ns. */
static int select_finds(struct selection *selection, const struct resolved *places, bool everywhere)
{
    const struct nstree_ns *root = nstree_root(selection->tree);
    const struct pid_list *finds = &selection->finds;
    char words[MISS_BYTES];
    AUTO_FREE bool *found = calloc(finds->n, sizeof *found);
    AUTO_FREE unsigned char *inside = malloc(root->n_inside + 1);

    if (!found || !inside)
        return -ENOMEM;
    mark_inside(selection, places, everywhere, inside);
    for (size_t i = 0; i < root->n_inside; i++) {
        const struct nstree_process *process = &root->members[i];

        for (size_t level = 0; inside[i] && level < process->levels; level++) {
            const uint32_t *hit = find_pid(finds, process->nspid[level]);

            if (!hit)
                continue;
            found[hit - finds->items] = true;
            select_process(selection, process);
        }
    }
    for (size_t i = 0; i < finds->n; i++) {
        if (!found[i])
            miss(selection, miss_find(&selection->threads, finds->items[i], everywhere, words));
    }
    return 0;
}

/* --all: shows the namespaces without members that the selected processes keep. */
static void show_kept(struct selection *selection)
{
    const struct nstree_ns *root = nstree_root(selection->tree);

    for (size_t i = 0; i <= root->below; i++) {
        for (size_t k = 0; k < root[i].n_keepers; k++) {
            uint32_t pid = root[i].keepers[k].pid;
            const struct nstree_process *process =
                pid ? nstree_find_process(selection->tree, root, pid) : NULL;

            if (process && selection_has(selection, process))
                show_path(selection, &root[i]);
        }
    }
}

/* Selects what WHAT names, and says what a number was taken for that is none of the root's. */
static int select_what(struct selection *selection, const struct options *options,
                       const struct ns_operand *operand)
{
    AUTO_RESOLVED struct resolved found = {0};
    char words[MISS_BYTES];
    int rc = resolve_what(selection->tree, operand, &found);

    if (rc != 0)
        return rc;
    if (found.what == WHAT_SEVERAL) {
        refuse(selection, miss_several(operand->text, &found, words));
        return 0;
    }
    for (size_t i = 0; i < found.n; i++)
        select_thing(selection, &found.things[i]);
    if (found.n == 0 && !found.inside && miss_is_usage(operand))
        refuse(selection, miss_range(operand, words));
    else if (found.n == 0)
        miss(selection, miss_what(selection->tree, options, operand, &found, words));
    else if (miss_taken(operand, &found, options->quiet, words))
        selection->report(words);
    return found.what == WHAT_LEVEL ? pids_add(&selection->finds, found.pid) : 0;
}

/* What was asked for when a recording was made of single processes: their members were not counted
 * then. Returns whether anything was. */
static bool select_recorded(struct selection *selection)
{
    const struct nstree_ns *root = nstree_root(selection->tree);

    for (size_t i = 0; i < root->n_inside && root->total == NSTREE_TOTAL_UNKNOWN; i++) {
        if (root->members[i].flags & NSTREE_PROCESS_MATCH)
            select_process(selection, &root->members[i]);
    }
    return selection->n_selected > 0;
}

/* All of the tree, or what is recorded as asked for. */
static void select_all(struct selection *selection)
{
    const struct nstree_ns *root = nstree_root(selection->tree);

    if (select_recorded(selection))
        return;
    show_whole(selection, root);
    for (size_t i = selection->nested ? 1 : 0; i <= root->below; i++)
        ask_for(selection, root[i].init);
}

static int allocate(struct selection *selection)
{
    const struct nstree_ns *root = nstree_root(selection->tree);
    size_t n;

    (void)nstree_containers(selection->tree, &n);
    selection->namespaces = calloc(root->below + 1, 1);
    selection->processes = calloc(root->n_inside + 1, 1);
    selection->asked = calloc(root->n_inside + 1, 1);
    selection->containers = calloc(n + 1, 1);
    bool all = selection->namespaces && selection->processes && selection->asked;
    return all && selection->containers ? 0 : -ENOMEM;
}

/* --pid, alone or inside --ns. */
static void select_pids(struct selection *selection, const struct options *options,
                        const struct resolved *places)
{
    const struct pid_list *pids = &options->pids;

    for (size_t i = 0; i < pids->n; i++) {
        if (options->namespaces.n > 0)
            select_inside(selection, places, pids->items[i]);
        else
            select_pid(selection, pids->items[i]);
    }
}

/* --find. */
static int select_numbers(struct selection *selection, const struct options *options,
                          const struct resolved *places)
{
    const struct pid_list *finds = &options->finds;
    int rc = 0;

    for (size_t i = 0; i < finds->n && rc == 0; i++)
        rc = pids_add(&selection->finds, finds->items[i]);
    sort_finds(&selection->finds);
    return rc != 0 || finds->n == 0 ? rc
                                    : select_finds(selection, places, options->namespaces.n == 0);
}

/* --ns, --pid and --find. */
static int select_places(struct selection *selection, const struct options *options)
{
    AUTO_RESOLVED struct resolved places = {0};
    int rc = find_places(selection, options, &places);

    if (rc != 0 || selection->wrong)
        return rc;
    select_pids(selection, options, &places);
    for (size_t i = 0; i < places.n && options->pids.n + options->finds.n == 0; i++)
        select_thing(selection, &places.things[i]);
    return select_numbers(selection, options, &places);
}

int selection_make(const struct nstree *tree, const struct options *options,
                   void (*report)(const char *words), struct selection *out)
{
    bool some = options->pids.n + options->finds.n + options->namespaces.n + options->whats.n > 0;

    *out = (struct selection){
        .tree = tree,
        .report = report,
        .nested = options->nested,
        .quiet = options->quiet,
        .threads = options->threads,
    };
    if (allocate(out) != 0)
        return -ENOMEM;
    if (!some)
        select_all(out);
    int rc = select_places(out, options);
    for (size_t i = 0; i < options->whats.n && rc == 0; i++)
        rc = select_what(out, options, &options->whats.items[i]);
    sort_finds(&out->finds);
    if (rc == 0 && options->all && selection_is_paths(out))
        show_kept(out);
    return rc;
}

void selection_free(struct selection *selection)
{
    free(selection->namespaces);
    free(selection->processes);
    free(selection->asked);
    free(selection->containers);
    free(selection->finds.items);
}

bool selection_has(const struct selection *selection, const struct nstree_process *process)
{
    if (selection_picks(selection, process))
        return true;
    return selection_shown(selection, process->ns) == SHOWN_MEMBERS &&
           !(selection->nested && !process->ns->parent);
}

bool selection_has_container(const struct selection *selection,
                             const struct nstree_container *container)
{
    return selection->containers[index_of_container(selection, container)] ||
           selection_shown(selection, container->ns) == SHOWN_MEMBERS;
}

const struct thread *selection_threads(const struct selection *selection,
                                       const struct nstree_process *process, size_t *n)
{
    const struct thread_list *threads = &selection->threads;
    size_t low = 0, high = threads->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (threads->items[middle].pid < process->pid)
            low = middle + 1;
        else
            high = middle;
    }
    for (*n = 0; low + *n < threads->n && threads->items[low + *n].pid == process->pid;)
        ++*n;
    return *n > 0 ? threads->items + low : NULL;
}
