/* SPDX-License-Identifier: MIT */
/* One line per process, for awk: NS PNS LEVEL PID CHAIN NAME. Only the last field can contain
 * blanks, and none a tab. A tab precedes the label of a nested namespace, and another one the marks
 * of what is inferred, so that all fields before them keep their places. */
#include <string.h>

#include "cli/describe.h"
#include "cli/escape.h"
#include "cli/put.h"
#include "cli/render.h"

/* Room for the first five fields and a blank after each. */
#define LINE_BYTES (2 * (NSTREE_ID_SIZE + 1) + 2 * (NUMBER_BYTES + 1) + CHAIN_BYTES + 1)

/* Writes all fields but the name. */
static void write_numbers(FILE *out, const struct nstree_process *process)
{
    char line[LINE_BYTES], *at = compose_id(line, process->ns);

    *at++ = ' ';
    at = process->ns->parent ? compose_id(at, process->ns->parent) : stpcpy(at, "-");
    *at++ = ' ';
    at = compose_number(at, process->ns->level);
    *at++ = ' ';
    at = compose_number(at, process->pid);
    *at++ = ' ';
    at = compose_chain(at, process, ',');
    *at++ = ' ';
    put_bytes(out, line, (size_t)(at - line));
}

/* The label of its container, where the namespace has another, or else of its namespace; and what
 * is inferred: the place of the process, and the parent of its namespace. */
static void write_rest(FILE *out, const struct look *look, const struct nstree_process *process)
{
    const struct nstree_ns *ns = process->ns;
    const struct nstree_container *own = describe_own_container(look, process);
    const char *label = own ? own->label : ns->parent ? describe_label(look, ns) : NULL;
    const char *place = describe_process_doubt(process), *parent = describe_namespace_doubt(ns);

    if (label || place || parent)
        put_char(out, '\t');
    if (label)
        escape_write(out, label, strlen(label), look->utf8);
    if (place)
        fprintf(out, "\t(%s)", place);
    if (parent)
        fprintf(out, "%c(%s)", place ? ' ' : '\t', parent);
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
        write_numbers(out, process);
        describe_name(out, look, process);
        write_rest(out, look, process);
        put_char(out, '\n');
    }
    return 0;
}
