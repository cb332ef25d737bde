/* SPDX-License-Identifier: MIT */
/* The model as JSON, as the library saves it. */
#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "cli/describe.h"
#include "cli/render.h"

/* Adds the namespaces that describe_process_others() names, and those above them. */
static void add_users(const struct selection *selection, unsigned char *namespaces)
{
    const struct nstree_ns *root = nstree_root(selection->tree);

    for (size_t i = 0; i < root->n_inside; i++) {
        const struct nstree_process *process = &root->members[i];

        for (int type = 0; process->others && type < NSTREE_TYPES; type++) {
            const struct nstree_ns *ns = NULL;

            if (selection_has(selection, process))
                ns = describe_user(selection->tree, process, (enum nstree_type)type);
            for (; ns; ns = ns->parent)
                namespaces[ns - root] |= SHOWN_LINE;
        }
    }
}

/* Whether a summary, too, needs a process: the first one of a container, or all of one whose first
 * is not known. The inits of namespaces are saved in any case. */
static bool stands_for_container(const struct look *look, const struct nstree_process *process)
{
    const struct nstree_container *container = look->labels ? process->container : NULL;

    return container && (!container->init || container->init == process);
}

int render_json(const struct selection *selection, const struct look *look, FILE *out)
{
    const struct nstree_ns *root = nstree_root(selection->tree);
    AUTO_FREE unsigned char *processes = malloc(root->n_inside + 1);
    AUTO_FREE unsigned char *namespaces = malloc(root->below + 1);
    struct nstree_save_options options = {.size = sizeof options};

    if (!processes || !namespaces)
        return -ENOMEM;
    memcpy(namespaces, selection->namespaces, root->below + 1);
    add_users(selection, namespaces);
    for (size_t i = 0; i < root->n_inside; i++)
        processes[i] = selection_has(selection, &root->members[i]) &&
                       (!look->summary || stands_for_container(look, &root->members[i]));
    options.namespaces = namespaces;
    options.processes = processes;
    if (selection->n_selected > 0)
        options.matches = selection->processes;
    if (!look->labels)
        options.flags |= NSTREE_SAVE_NO_LABELS;
    if (selection_is_paths(selection)) /* members were not counted */
        options.flags |= NSTREE_SAVE_NO_TOTALS;
    int rc = nstree_save(selection->tree, &options, out);
    return rc == -EIO ? 0 : rc; /* the caller looks at the stream */
}
