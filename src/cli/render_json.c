/* SPDX-License-Identifier: MIT */
/* The model as JSON, as the library saves it. */
#include <errno.h>

#include "base/mem.h"
#include "cli/render.h"

int render_json(const struct selection *selection, const struct look *look, FILE *out)
{
    const struct nstree_ns *root = nstree_root(selection->tree);
    AUTO_FREE unsigned char *processes = malloc(root->n_inside + 1);
    struct nstree_save_options options = {.size = sizeof options};

    if (!processes)
        return -ENOMEM;
    for (size_t i = 0; i < root->n_inside; i++)
        processes[i] = selection_has(selection, &root->members[i]);
    options.namespaces = selection->namespaces;
    options.processes = processes;
    if (!look->labels)
        options.flags |= NSTREE_SAVE_NO_LABELS;
    if (selection_is_paths(selection)) /* members were not counted */
        options.flags |= NSTREE_SAVE_NO_TOTALS;
    int rc = nstree_save(selection->tree, &options, out);
    return rc == -EIO ? 0 : rc; /* the caller looks at the stream */
}
