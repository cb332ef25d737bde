/* SPDX-License-Identifier: MIT */
#include "cli/selection.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/number.h"

static size_t index_of(const struct nstree *tree, const struct nstree_ns *ns)
{
    return (size_t)(ns - nstree_root(tree));
}

/* Shows the line of `ns` and of all above it. */
static void show_way(struct selection *selection, const struct nstree_ns *ns)
{
    for (; ns; ns = ns->parent) {
        unsigned char *shown = &selection->namespaces[index_of(selection->tree, ns)];

        if (*shown != SHOWN_NOT)
            return;
        *shown = SHOWN_LINE;
    }
}

static void show_whole(struct selection *selection, const struct nstree_ns *ns)
{
    show_way(selection, ns->parent);
    memset(selection->namespaces + index_of(selection->tree, ns), SHOWN_MEMBERS, ns->below + 1);
}

static void pick(struct selection *selection, const struct nstree_process *process)
{
    selection->processes[process - nstree_root(selection->tree)->members] = 1;
    show_way(selection, process->ns);
}

static void missing(struct selection *selection, report_missing *report, const char *format,
                    const char *operand)
{
    char text[512];

    snprintf(text, sizeof text, format, operand);
    report(text);
    selection->missing++;
}

/* The namespace that an operand of --ns names, or NULL. */
static const struct nstree_ns *find_ns(const struct selection *selection,
                                       const struct ns_operand *operand)
{
    return operand->inode ? nstree_find_ns(selection->tree, operand->inode) : NULL;
}

/* --pid, in the root or in each --ns. */
static void pick_pid(struct selection *selection, const struct options *options, uint32_t pid,
                     report_missing *report)
{
    const struct nstree_process *process = NULL;
    bool found = false;
    char text[48];

    if (options->namespaces.n == 0)
        process = nstree_find_process(selection->tree, nstree_root(selection->tree), pid);
    if (process)
        pick(selection, process);
    found = process != NULL;
    for (size_t i = 0; i < options->namespaces.n; i++) {
        const struct nstree_ns *ns = find_ns(selection, &options->namespaces.items[i]);

        process = ns ? nstree_find_process(selection->tree, ns, pid) : NULL;
        if (process)
            pick(selection, process);
        found = found || process;
    }
    snprintf(text, sizeof text, "%u", pid);
    if (!found && options->namespaces.n == 0)
        missing(selection, report, "no process %s", text);
    else if (!found)
        missing(selection, report, "no process %s in the namespace given by --ns", text);
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

bool selection_matches(const struct selection *selection, uint32_t number)
{
    return find_pid(&selection->finds, number) != NULL;
}

/* Takes over the numbers of --find, sorted, each once. */
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

/* --find: picks every process with one of the numbers at any level, and notes which were found. */
static int pick_finds(struct selection *selection, report_missing *report)
{
    const struct nstree_ns *root = nstree_root(selection->tree);
    const struct pid_list *finds = &selection->finds;
    AUTO_FREE bool *found = calloc(finds->n, sizeof *found);

    if (!found)
        return -ENOMEM;
    for (size_t i = 0; i < root->n_inside; i++) {
        const struct nstree_process *process = &root->members[i];

        for (size_t level = 0; level < process->levels; level++) {
            const uint32_t *hit = find_pid(finds, process->nspid[level]);

            if (hit) {
                found[hit - finds->items] = true;
                pick(selection, process);
            }
        }
    }
    for (size_t i = 0; i < finds->n; i++) {
        char text[48];

        snprintf(text, sizeof text, "%u", finds->items[i]);
        if (!found[i])
            missing(selection, report, "no process has PID %s at any level", text);
    }
    return 0;
}

/* What is said of an operand of --ns that is not there, as far as that can be known. */
static const char *words_for_missing(const struct nstree *tree, const struct options *options,
                                     const struct ns_operand *operand)
{
    const struct nstree_ns *root = nstree_root(tree);

    for (size_t i = 0; i <= root->below; i++) {
        if (root[i].flags & NSTREE_NS_UNREADABLE)
            return "no PID namespace %s among those that could be read";
    }
    /* A file that is one keeps it. */
    if (strchr(operand->text, '/') && operand->inode && !options->all && !options->load)
        return "no process here is a member of PID namespace %s (--all also shows empty ones)";
    return "no PID namespace %s here";
}

static void check_namespaces(struct selection *selection, const struct options *options,
                             report_missing *report)
{
    for (size_t i = 0; i < options->namespaces.n; i++) {
        const struct ns_operand *operand = &options->namespaces.items[i];

        if (!find_ns(selection, operand))
            missing(selection, report, words_for_missing(selection->tree, options, operand),
                    operand->text);
    }
}

int selection_make(const struct nstree *tree, const struct options *options, report_missing *report,
                   struct selection *out)
{
    const struct nstree_ns *root = nstree_root(tree);

    *out = (struct selection){.tree = tree};
    out->namespaces = calloc(root->below + 1, 1);
    if (options->pids.n > 0 || options->finds.n > 0)
        out->processes = calloc(root->n_inside + 1, 1);
    if (!out->namespaces || ((options->pids.n > 0 || options->finds.n > 0) && !out->processes))
        return -ENOMEM;
    check_namespaces(out, options, report);
    for (size_t i = 0; i < options->pids.n; i++)
        pick_pid(out, options, options->pids.items[i], report);
    if (options->finds.n > 0) {
        sort_finds(out, options->finds);
        return pick_finds(out, report);
    }
    if (options->pids.n > 0)
        return 0;
    for (size_t i = 0; i < options->namespaces.n; i++) {
        const struct nstree_ns *ns = find_ns(out, &options->namespaces.items[i]);

        if (ns)
            show_whole(out, ns);
    }
    if (options->namespaces.n == 0)
        show_whole(out, root);
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
