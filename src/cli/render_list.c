/* SPDX-License-Identifier: MIT */
/* One line per process, for awk: NS PNS LEVEL PID CHAIN NAME; or one per namespace and per
 * container that shares one: NS PNS LEVEL INIT PROCS CHAIN NAME. Only the last field can contain
 * blanks, and none a tab. A tab precedes the label, and another one the marks, so that all fields
 * before them keep their places. */
#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "cli/describe.h"
#include "cli/escape.h"
#include "cli/put.h"
#include "cli/render.h"
#include "cli/sort.h"

/* Room for the fields before the name and a blank after each. */
#define LINE_BYTES (2 * (NSTREE_ID_SIZE + 1) + 3 * (NUMBER_BYTES + 1) + CHAIN_BYTES + 1)

/* The first three fields, which all lines have. */
static char *compose_place(char *at, const struct nstree_ns *ns)
{
    at = compose_id(at, ns);
    *at++ = ' ';
    at = ns->parent ? compose_id(at, ns->parent) : stpcpy(at, "-");
    *at++ = ' ';
    at = compose_number(at, ns->level);
    *at++ = ' ';
    return at;
}

/* Writes all fields but the name. */
static void write_numbers(FILE *out, const struct nstree_process *process)
{
    char line[LINE_BYTES], *at = compose_place(line, process->ns);

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

static void write_process(FILE *out, const struct look *look, const struct nstree_process *process)
{
    write_numbers(out, process);
    describe_name(out, look, process);
    write_rest(out, look, process);
    put_char(out, '\n');
}

/* The fields of a namespace or container, up to the name of its init. */
static void write_space(FILE *out, const struct look *look, const struct entry *entry)
{
    const struct nstree_process *init = entry->process;
    uint64_t total = entry->container ? entry->container->total : entry->ns->total;
    char line[LINE_BYTES], *at = compose_place(line, entry->ns);

    at = init ? compose_number(at, init->pid) : stpcpy(at, "-");
    *at++ = ' ';
    at = total != NSTREE_TOTAL_UNKNOWN ? compose_number(at, total) : stpcpy(at, "-");
    *at++ = ' ';
    at = init ? compose_chain(at, init, ',') : stpcpy(at, "-");
    *at++ = ' ';
    put_bytes(out, line, (size_t)(at - line));
    if (init)
        describe_name(out, look, init);
    else
        put_char(out, '-');
}

/* Returns 0 or -ENOMEM. */
static int write_summary(FILE *out, const struct look *look, const struct nstree *tree,
                         const struct entry *entry)
{
    const char *label =
        entry->container ? entry->container->label : describe_label(look, entry->ns);
    AUTO_FREE char *marks = entry_marks(look, tree, entry);

    if (!marks)
        return -ENOMEM;
    write_space(out, look, entry);
    if (label || *marks)
        put_char(out, '\t');
    if (label)
        escape_write(out, label, strlen(label), look->utf8);
    if (*marks)
        put_char(out, '\t');
    put_text(out, marks);
    put_char(out, '\n');
    return 0;
}

static int sort(const struct selection *selection, const struct look *look, struct entries *entries)
{
    struct values values;
    int rc = values_begin(&values, selection->tree, look);

    if (rc == 0)
        rc = sort_entries(entries, &values, look->columns);
    values_end(&values);
    return rc;
}

int render_list(const struct selection *selection, const struct look *look, FILE *out)
{
    struct entries entries;
    int rc = entries_make(selection, look, &entries);

    if (rc == 0 && look->columns && look->columns->sorted)
        rc = sort(selection, look, &entries);
    for (size_t i = 0; i < entries.n && rc == 0; i++) {
        if (look->summary)
            rc = write_summary(out, look, selection->tree, &entries.items[i]);
        else
            write_process(out, look, entries.items[i].process);
    }
    entries_free(&entries);
    return rc;
}
