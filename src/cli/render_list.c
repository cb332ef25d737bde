/* SPDX-License-Identifier: MIT */
/* One line a process, for awk: NS PNS LEVEL PID CHAIN NAME. Only the last field can hold blanks,
 * and no field a tab: what a nested namespace is follows behind one, so that the fields before it
 * stay what they are. */
#include <string.h>

#include "escape.h"
#include "render.h"
#include "text.h"

static void write_id(FILE *out, const struct nstree_ns *ns)
{
    char id[NSTREE_ID_SIZE];

    fputs(ns ? nstree_ns_id(ns, id) : "-", out);
}

static void write_label(FILE *out, const struct look *look, const struct nstree_ns *ns)
{
    const char *label = text_label(look, ns);

    if (ns->parent && label) {
        putc('\t', out);
        escape_write(out, label, strlen(label), look->utf8);
    }
}

int render_list(const struct selection *selection, const struct look *look, FILE *out)
{
    const struct nstree_ns *root = nstree_root(selection->tree);

    for (size_t i = 0; i < root->n_inside; i++) {
        const struct nstree_process *process = &root->members[i];

        if (!selection_has(selection, process) ||
            (process->flags & NSTREE_PROCESS_KTHREAD && !look->kthreads &&
             !selection_is_paths(selection)))
            continue;
        write_id(out, process->ns);
        putc(' ', out);
        write_id(out, process->ns->parent);
        putc(' ', out);
        text_number(out, process->ns->level);
        putc(' ', out);
        text_number(out, process->pid);
        putc(' ', out);
        text_chain(out, process, ',');
        putc(' ', out);
        text_name(out, look, process);
        write_label(out, look, process->ns);
        putc('\n', out);
    }
    return 0;
}
