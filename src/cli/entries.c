/* SPDX-License-Identifier: MIT */
#include "cli/entries.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/describe.h"

static int add(struct entries *entries, const struct entry *entry)
{
    struct entry *items =
        array_room(entries->items, &entries->capacity, entries->n + 1, sizeof *items);

    if (!items)
        return -ENOMEM;
    entries->items = items;
    items[entries->n++] = *entry;
    return 0;
}

/* Kernel threads are left out, unless they were asked for. */
static int add_processes(const struct selection *selection, const struct look *look,
                         struct entries *entries)
{
    const struct nstree_ns *root = nstree_root(selection->tree);
    int rc = 0;

    for (size_t i = 0; i < root->n_inside && rc == 0; i++) {
        const struct nstree_process *process = &root->members[i];

        if (selection_is_paths(selection) ? selection_has(selection, process)
                                          : look_shows(look, selection, process))
            rc = add(entries, &(struct entry){.ns = process->ns, .process = process});
    }
    return rc;
}

/* A namespace that is shown with its members, then the containers that share it. */
static int add_namespace(const struct selection *selection, const struct look *look,
                         const struct nstree_ns *ns, struct entries *entries)
{
    const struct nstree_container *sharer = NULL;
    int rc = 0;

    if (selection_shown(selection, ns) == SHOWN_MEMBERS)
        rc = add(entries, &(struct entry){.ns = ns, .process = ns->init});
    while (rc == 0 && (sharer = describe_next_sharer(look, selection, ns, sharer)))
        rc = add(entries, &(struct entry){ns, sharer->init, sharer});
    return rc;
}

int entries_make(const struct selection *selection, const struct look *look,
                 struct entries *entries)
{
    const struct nstree_ns *root = nstree_root(selection->tree);
    int rc = 0;

    *entries = (struct entries){0};
    if (!look->summary)
        return add_processes(selection, look, entries);
    for (size_t i = 0; i <= root->below && rc == 0; i++) {
        if (selection_shown(selection, &root[i]) != SHOWN_NOT)
            rc = add_namespace(selection, look, &root[i], entries);
    }
    return rc;
}

static void write_marks(FILE *out, const struct look *look, const struct nstree *tree,
                        const struct entry *entry)
{
    if (entry->container) {
        describe_mark(out, look, "shares this namespace");
    } else if (look->summary) {
        describe_inferred(out, look, entry->ns->inferred);
        describe_namespace_marks(out, look, entry->ns);
    } else {
        describe_process_marks(out, look, tree, entry->process);
    }
}

char *entry_marks(const struct look *look, const struct nstree *tree, const struct entry *entry)
{
    char *marks = NULL;
    size_t size;
    FILE *out = open_memstream(&marks, &size);

    if (!out)
        return NULL;
    write_marks(out, look, tree, entry);
    if (fclose(out) != 0) {
        free(marks);
        return NULL;
    }
    if (size > 0) /* without the blank before the first one */
        memmove(marks, marks + 1, size);
    return marks;
}

void entries_free(struct entries *entries)
{
    free(entries->items);
}
