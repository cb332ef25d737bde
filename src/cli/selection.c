/* SPDX-License-Identifier: MIT */
#include "cli/selection.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/number.h"

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
}

static void select_process(struct selection *selection, const struct nstree_process *process)
{
    unsigned char *selected =
        &selection->processes[process - nstree_root(selection->tree)->members];

    selection->n_selected += !*selected;
    *selected = 1;
    show_path(selection, process->ns);
}

/* Reports an operand that names nothing, and counts it. */
__attribute__((format(printf, 2, 3))) static void miss(struct selection *selection,
                                                       const char *format, ...)
{
    char text[512];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    selection->report(text);
    selection->missing++;
}

/* The namespace that an operand of --ns names, or NULL. */
static const struct nstree_ns *find_ns(const struct selection *selection,
                                       const struct ns_operand *operand)
{
    return operand->inode ? nstree_find_ns(selection->tree, operand->inode) : NULL;
}

/* Selects the process with this PID in `ns`. Returns whether there is one. */
static bool select_pid_in(struct selection *selection, const struct nstree_ns *ns, uint32_t pid)
{
    const struct nstree_process *process =
        ns ? nstree_find_process(selection->tree, ns, pid) : NULL;

    if (process)
        select_process(selection, process);
    return process != NULL;
}

/* --pid, in the root or in each --ns. */
static void select_pid(struct selection *selection, const struct ns_list *namespaces, uint32_t pid)
{
    bool in_root = namespaces->n == 0;
    bool found = in_root && select_pid_in(selection, nstree_root(selection->tree), pid);

    for (size_t i = 0; i < namespaces->n; i++)
        found |= select_pid_in(selection, find_ns(selection, &namespaces->items[i]), pid);
    if (!found)
        miss(selection, "no process %u%s", pid, in_root ? "" : " in the namespace given by --ns");
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

/* Sorts the PIDs of --find and drops duplicates. */
static void sort_finds(struct selection *selection, struct pid_list finds)
{
    size_t kept = 0;

    qsort(finds.items, finds.n, sizeof *finds.items, compare_pids);
    for (size_t i = 0; i < finds.n; i++) {
        if (kept == 0 || finds.items[kept - 1] != finds.items[i])
            finds.items[kept++] = finds.items[i];
    }
    finds.n = kept;
    selection->finds = finds;
}

/* Marks the namespaces that --ns names and all below them, by index, or all without it. */
static void mark_inside(const struct selection *selection, const struct ns_list *namespaces,
                        unsigned char *inside)
{
    const struct nstree_ns *root = nstree_root(selection->tree);

    memset(inside, namespaces->n == 0, root->below + 1);
    for (size_t i = 0; i < namespaces->n; i++) {
        const struct nstree_ns *ns = find_ns(selection, &namespaces->items[i]);

        if (ns)
            memset(inside + index_of(selection, ns), 1, ns->below + 1);
    }
}

/* --find: selects every process that has one of the PIDs at any level, of those inside --ns. */
static int select_finds(struct selection *selection, const struct ns_list *namespaces)
{
    const struct nstree_ns *root = nstree_root(selection->tree);
    const struct pid_list *finds = &selection->finds;
    AUTO_FREE bool *found = calloc(finds->n, sizeof *found);
    AUTO_FREE unsigned char *inside = malloc(root->below + 1);

    if (!found || !inside)
        return -ENOMEM;
    mark_inside(selection, namespaces, inside);
    for (size_t i = 0; i < root->n_inside; i++) {
        const struct nstree_process *process = &root->members[i];

        for (size_t level = 0; inside[index_of(selection, process->ns)] && level < process->levels;
             level++) {
            const uint32_t *hit = find_pid(finds, process->nspid[level]);

            if (!hit)
                continue;
            found[hit - finds->items] = true;
            select_process(selection, process);
        }
    }
    for (size_t i = 0; i < finds->n; i++) {
        if (!found[i])
            miss(selection, "no process%s has PID %u at any level",
                 namespaces->n > 0 ? " in the namespace given by --ns" : "", finds->items[i]);
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

static bool is_any_unreadable(const struct nstree_ns *root)
{
    for (size_t i = 0; i <= root->below; i++) {
        if (root[i].flags & NSTREE_NS_UNREADABLE)
            return true;
    }
    return false;
}

/* Reports an operand of --ns that is not in the tree, as far as that can be known. */
static void miss_namespace(struct selection *selection, const struct options *options,
                           const struct ns_operand *operand)
{
    if (is_any_unreadable(nstree_root(selection->tree)))
        miss(selection, "no PID namespace %s among those that could be read", operand->text);
    /* An nsfs file keeps its namespace alive. */
    else if (strchr(operand->text, '/') && operand->inode && !options->all && !options->load)
        miss(selection,
             "no process here is a member of PID namespace %s (--all also shows empty ones)",
             operand->text);
    else
        miss(selection, "no PID namespace %s here", operand->text);
}

/* --ns without --pid, or everything. */
static void show_namespaces(struct selection *selection, const struct ns_list *namespaces)
{
    for (size_t i = 0; i < namespaces->n; i++) {
        const struct nstree_ns *ns = find_ns(selection, &namespaces->items[i]);

        if (ns)
            show_whole(selection, ns);
    }
    if (namespaces->n == 0)
        show_whole(selection, nstree_root(selection->tree));
}

static int allocate(struct selection *selection, bool by_pid)
{
    const struct nstree_ns *root = nstree_root(selection->tree);

    selection->namespaces = calloc(root->below + 1, 1);
    selection->processes = by_pid ? calloc(root->n_inside + 1, 1) : NULL;
    return selection->namespaces && (selection->processes || !by_pid) ? 0 : -ENOMEM;
}

int selection_make(const struct nstree *tree, const struct options *options,
                   void (*report)(const char *words), struct selection *out)
{
    const struct ns_list *namespaces = &options->namespaces;
    bool by_pid = options->pids.n > 0 || options->finds.n > 0;

    *out = (struct selection){.tree = tree, .report = report};
    if (allocate(out, by_pid) != 0)
        return -ENOMEM;
    for (size_t i = 0; i < namespaces->n; i++) {
        if (!find_ns(out, &namespaces->items[i]))
            miss_namespace(out, options, &namespaces->items[i]);
    }
    for (size_t i = 0; i < options->pids.n; i++)
        select_pid(out, namespaces, options->pids.items[i]);
    if (!by_pid)
        show_namespaces(out, namespaces);
    if (options->finds.n > 0) {
        sort_finds(out, options->finds);
        if (select_finds(out, namespaces) != 0)
            return -ENOMEM;
    }
    if (by_pid && options->all)
        show_kept(out);
    return 0;
}

void selection_free(struct selection *selection)
{
    free(selection->namespaces);
    free(selection->processes);
}

bool selection_has(const struct selection *selection, const struct nstree_process *process)
{
    if (selection->processes)
        return selection->processes[process - nstree_root(selection->tree)->members];
    return selection_shown(selection, process->ns) == SHOWN_MEMBERS;
}
