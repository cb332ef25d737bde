/* SPDX-License-Identifier: MIT */
/* The interface of all renderers, render_*.c: each writes a selection of a tree to a stream, in its
 * format. The caller checks the stream for write errors (ferror(3)). */
#pragma once

#include "cli/selection.h"
#include "cli/style.h"
#include "cli/users.h"

/* How to show a tree. */
struct look {
    const struct glyphs *glyphs;
    bool utf8;     /* false: the terminal is known to use another charset */
    bool color;    /* in colour */
    bool args;     /* command lines in place of names */
    bool kthreads; /* kernel threads one by one */
    bool summary;  /* namespaces only */
    bool wide;     /* nothing joined: in pictures, one node per process */
    bool labels;   /* what each namespace is */
    bool verbose;  /* how that is known, and which namespaces of other types are shared */
    uint32_t self; /* the PID of this program in the root; 0: none */
    const struct users *users; /* NULL: users have no names */
};

/* Whether a process has its own line or node. Kernel threads are only counted by default. */
static inline bool look_shows(const struct look *look, const struct selection *selection,
                              const struct nstree_process *process)
{
    return selection_has(selection, process) &&
           (look->kthreads || !(process->flags & NSTREE_PROCESS_KTHREAD));
}

/* Returns 0 or -ENOMEM. */
int render_tree(const struct selection *selection, const struct look *look, FILE *out);
int render_forest(const struct selection *selection, const struct look *look, FILE *out);
int render_list(const struct selection *selection, const struct look *look, FILE *out);
int render_json(const struct selection *selection, const struct look *look, FILE *out);
int render_dot(const struct selection *selection, const struct look *look, FILE *out);
int render_mermaid(const struct selection *selection, const struct look *look, FILE *out);
