/* SPDX-License-Identifier: MIT */
#include "text.h"

#include <string.h>

#include "escape.h"

/* Digits and blanks are put together before they are written: a call of stdio costs more than they
 * do, and there are a dozen of them in a line. */
#define NUMBER_BYTES 20
#define CHAIN_BYTES (NSTREE_LEVELS_MAX * 11)

/* Puts the digits of a number at `at`. Returns where they end. */
static char *put_number(char *at, uint64_t number)
{
    char digits[NUMBER_BYTES];
    size_t n = sizeof digits;

    do {
        digits[--n] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    memcpy(at, digits + n, sizeof digits - n);
    return at + sizeof digits - n;
}

static char *put_chain(char *at, const struct nstree_process *process, char between)
{
    for (size_t i = 0; i < process->levels; i++) {
        if (i > 0)
            *at++ = between;
        at = put_number(at, process->nspid[i]);
    }
    return at;
}

void text_number(FILE *out, uint64_t number)
{
    char text[NUMBER_BYTES];
    const char *end = put_number(text, number);

    fwrite(text, 1, (size_t)(end - text), out);
}

void text_chain(FILE *out, const struct nstree_process *process, char between)
{
    char text[CHAIN_BYTES];
    const char *end = put_chain(text, process, between);

    fwrite(text, 1, (size_t)(end - text), out);
}

void text_name(FILE *out, const struct look *look, const struct nstree_process *process)
{
    const char *name = look->args && process->args ? process->args : process->name;

    escape_write(out, name, strlen(name), look->utf8);
}

void text_inode(FILE *out, const struct nstree_ns *ns)
{
    fputs("pid:[", out);
    if (ns->inode)
        text_number(out, ns->inode);
    else
        putc('?', out);
    putc(']', out);
}

/* The same, and where there is no inode whose namespace it is. */
static void write_pid(FILE *out, const struct nstree_ns *ns)
{
    text_inode(out, ns);
    if (!ns->inode && ns->init) {
        fputs(" of ", out);
        text_number(out, ns->init->pid);
    }
}

const char *text_label(const struct look *look, const struct nstree_ns *ns)
{
    return look->labels ? ns->label : NULL;
}

/* Whose it is goes without saying where the namespace around it is the same user's. */
static bool is_owner_worth_saying(const struct nstree_ns *ns)
{
    return ns->parent && ns->owner_uid != NSTREE_UID_UNKNOWN &&
           ns->parent->owner_uid != NSTREE_UID_UNKNOWN && ns->owner_uid != ns->parent->owner_uid;
}

bool text_namespace(FILE *out, const struct look *look, const struct nstree_ns *ns)
{
    const char *label = text_label(look, ns);
    const char *name = label ? label : ns->init ? ns->init->name : "";
    bool owner = is_owner_worth_saying(ns);

    style_paint(out, look->color, ns->inode ? PAINT_NAMESPACE : PAINT_MARK);
    write_pid(out, ns);
    style_paint(out, look->color, PAINT_END);
    if (name[0]) {
        putc(' ', out);
        style_paint(out, look->color, PAINT_LABEL);
        escape_write(out, name, strlen(name), look->utf8);
        style_paint(out, look->color, PAINT_END);
    }
    if (owner) {
        fputs(", owned by uid ", out);
        text_number(out, ns->owner_uid);
    }
    return name[0] || owner;
}

/* The types that `ns` has in common with the namespace `with`, after what was written before. */
static void write_shared(FILE *out, const struct nstree *tree, const struct nstree_ns *ns,
                         const struct nstree_ns *with, const char **before)
{
    bool any = false;

    for (int type = 0; type < NSTREE_TYPES; type++) {
        if (nstree_shared(tree, ns, (enum nstree_type)type) != with)
            continue;
        fputs(any ? ", " : *before, out);
        fputs(nstree_type_name((enum nstree_type)type), out);
        any = true;
    }
    if (!any)
        return;
    fputs(with == ns ? " own" : " shared with ", out);
    if (with != ns)
        write_pid(out, with);
    *before = "; ";
}

void text_namespace_details(FILE *out, const struct look *look, const struct nstree *tree,
                            const struct nstree_ns *ns)
{
    const char *before = " (";

    if (text_label(look, ns) && ns->evidence) {
        fputs(" (known by: ", out);
        escape_write(out, ns->evidence, strlen(ns->evidence), look->utf8);
        putc(')', out);
    }
    write_shared(out, tree, ns, ns, &before);
    for (int type = 0; type < NSTREE_TYPES; type++) {
        const struct nstree_ns *with = nstree_shared(tree, ns, (enum nstree_type)type);
        bool told = with == ns || !with;

        for (int earlier = 0; earlier < type && !told; earlier++)
            told = nstree_shared(tree, ns, (enum nstree_type)earlier) == with;
        if (!told)
            write_shared(out, tree, ns, with, &before);
    }
    if (before[0] == ';')
        putc(')', out);
}

void text_mark(FILE *out, const struct look *look, const char *words)
{
    putc(' ', out);
    style_paint(out, look->color, PAINT_MARK);
    fprintf(out, "(%s)", words);
    style_paint(out, look->color, PAINT_END);
}

void text_process_marks(FILE *out, const struct look *look, const struct nstree_process *process)
{
    if (process->flags & NSTREE_PROCESS_LEADERLESS)
        text_mark(out, look, "main thread exited");
    else if (process->state == 'Z')
        text_mark(out, look, "zombie");
    if (process->flags & NSTREE_PROCESS_ENTERED)
        text_mark(out, look, "entered from outside");
    if (process->flags & NSTREE_PROCESS_AMBIGUOUS)
        text_mark(out, look, "inferred, one of several places");
    else if (process->flags & NSTREE_PROCESS_INFERRED)
        text_mark(out, look, "inferred");
}

void text_namespace_marks(FILE *out, const struct look *look, const struct nstree_ns *ns)
{
    if (ns->total == 0)
        text_mark(out, look, "no members");
    else if (!ns->init)
        text_mark(out, look, "init not seen");
    if (ns->flags & NSTREE_NS_INFERRED)
        text_mark(out, look, "parent inferred");
    if (!ns->parent && ns->inode && ns->inode != NSTREE_INITIAL_INODE)
        text_mark(out, look, "not the initial PID namespace: outer levels are hidden");
}

bool text_count(FILE *out, const struct nstree_ns *ns)
{
    if (ns->total == 0 || ns->total == NSTREE_TOTAL_UNKNOWN)
        return false;
    text_number(out, ns->total);
    fputs(ns->total == 1 ? " process" : " processes", out);
    return true;
}

void text_heading(FILE *out, const struct look *look, const struct nstree *tree,
                  const struct nstree_ns *ns, bool counted)
{
    bool named = text_namespace(out, look, ns);

    if (counted && ns->total != 0 && ns->total != NSTREE_TOTAL_UNKNOWN) {
        fputs(named ? ", " : " ", out);
        text_count(out, ns);
    }
    text_namespace_marks(out, look, ns);
    text_keepers(out, look, ns);
    if (look->verbose)
        text_namespace_details(out, look, tree, ns);
}

void text_member(FILE *out, const struct look *look, const struct nstree_process *process)
{
    char text[CHAIN_BYTES + 3], *at = put_number(text, process->nspid[process->ns->level]);

    *at++ = ' ';
    fwrite(text, 1, (size_t)(at - text), out);
    text_name(out, look, process);
    if (process->levels > 1) {
        text[0] = ' ';
        text[1] = '[';
        at = put_chain(text + 2, process, ' ');
        *at++ = ']';
        fwrite(text, 1, (size_t)(at - text), out);
    }
    if (process->flags || process->state == 'Z')
        text_process_marks(out, look, process);
}

void text_kthreads(FILE *out, uint64_t n)
{
    putc('(', out);
    text_number(out, n);
    fputs(n == 1 ? " kernel thread)" : " kernel threads)", out);
}

/* How many of what keeps a namespace are named. */
#define KEEPERS_SHOWN 3

static void text_keeper(FILE *out, const struct look *look, const struct nstree_keeper *keeper)
{
    switch (keeper->how) {
    case NSTREE_KEEPER_FD:
        fprintf(out, "fd %u of ", keeper->fd);
        break;
    case NSTREE_KEEPER_MOUNT:
        fputs("mount ", out);
        escape_write(out, keeper->path, strlen(keeper->path), look->utf8);
        fputs(" of ", out);
        break;
    case NSTREE_KEEPER_CHILDREN:
        fputs("pid_for_children of ", out);
        break;
    case NSTREE_KEEPER_THREAD:
        fprintf(out, "pid_for_children of thread %u of ", keeper->tid);
        break;
    case NSTREE_KEEPER_UNSEEN:
        fputs("what /proc does not show", out);
        return;
    }
    text_number(out, keeper->pid);
    if (keeper->name && keeper->name[0]) {
        putc(' ', out);
        escape_write(out, keeper->name, strlen(keeper->name), look->utf8);
    }
}

void text_keepers(FILE *out, const struct look *look, const struct nstree_ns *ns)
{
    if (ns->n_keepers == 0)
        return;
    putc(' ', out);
    style_paint(out, look->color, PAINT_MARK);
    for (size_t i = 0; i < ns->n_keepers && i < KEEPERS_SHOWN; i++) {
        fputs(i == 0 ? "(held by " : ", ", out);
        text_keeper(out, look, &ns->keepers[i]);
    }
    if (ns->n_keepers > KEEPERS_SHOWN)
        fprintf(out, " and %zu more", ns->n_keepers - KEEPERS_SHOWN);
    putc(')', out);
    style_paint(out, look->color, PAINT_END);
}
