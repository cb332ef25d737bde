/* SPDX-License-Identifier: MIT */
#include "text.h"

#include <string.h>

#include "escape.h"

void text_number(FILE *out, uint64_t number)
{
    char digits[20];
    size_t at = sizeof digits;

    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    fwrite(digits + at, 1, sizeof digits - at, out);
}

void text_chain(FILE *out, const struct nstree_process *process, char between)
{
    for (size_t i = 0; i < process->levels; i++) {
        if (i > 0)
            putc(between, out);
        text_number(out, process->nspid[i]);
    }
}

void text_name(FILE *out, const struct look *look, const struct nstree_process *process)
{
    const char *name = look->args && process->args ? process->args : process->name;

    escape_write(out, name, strlen(name), look->utf8);
}

void text_namespace(FILE *out, const struct look *look, const struct nstree_ns *ns)
{
    fputs("pid:[", out);
    if (ns->inode)
        text_number(out, ns->inode);
    else
        putc('?', out);
    putc(']', out);
    if (!ns->inode && ns->init) {
        fputs(" of ", out);
        text_number(out, ns->init->pid);
    }
    if (ns->init && ns->init->name[0]) {
        putc(' ', out);
        escape_write(out, ns->init->name, strlen(ns->init->name), look->utf8);
    }
}

void text_process_marks(FILE *out, const struct nstree_process *process)
{
    if (process->flags & NSTREE_PROCESS_LEADERLESS)
        fputs(" (main thread exited)", out);
    else if (process->state == 'Z')
        fputs(" (zombie)", out);
    if (process->flags & NSTREE_PROCESS_ENTERED)
        fputs(" (entered from outside)", out);
    if (process->flags & NSTREE_PROCESS_AMBIGUOUS)
        fputs(" (inferred, one of several places)", out);
    else if (process->flags & NSTREE_PROCESS_INFERRED)
        fputs(" (inferred)", out);
}

void text_namespace_marks(FILE *out, const struct nstree_ns *ns)
{
    if (ns->total == 0)
        fputs(" (no members)", out);
    else if (!ns->init)
        fputs(" (init not seen)", out);
    if (ns->flags & NSTREE_NS_INFERRED)
        fputs(" (parent inferred)", out);
    if (!ns->parent && ns->inode && ns->inode != NSTREE_INITIAL_INODE)
        fputs(" (not the initial PID namespace: outer levels are hidden)", out);
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
    for (size_t i = 0; i < ns->n_keepers && i < KEEPERS_SHOWN; i++) {
        fputs(i == 0 ? " (held by " : ", ", out);
        text_keeper(out, look, &ns->keepers[i]);
    }
    if (ns->n_keepers > KEEPERS_SHOWN)
        fprintf(out, " and %zu more", ns->n_keepers - KEEPERS_SHOWN);
    if (ns->n_keepers > 0)
        putc(')', out);
}
