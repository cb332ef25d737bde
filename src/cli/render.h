/* SPDX-License-Identifier: MIT */
/* The renderers: each a function of a tree, a selection and a look, onto a stream. Write errors are
 * the stream's (ferror), for the caller to look at once. */
#ifndef RENDER_H
#define RENDER_H

#include "cli/selection.h"
#include "cli/style.h"

/* How it is to look. */
struct look {
    const struct glyphs *glyphs;
    bool utf8;     /* whether the terminal is not known to read another charset */
    bool color;    /* whether to colour */
    bool args;     /* command lines in place of names */
    bool kthreads; /* kernel threads one by one */
    bool summary;  /* namespaces only */
    bool wide;     /* nothing shortened: in pictures, each process by itself */
    bool labels;   /* what namespaces are, as far as that is known */
    bool verbose;  /* how that is known, and what they share */
    uint32_t self; /* this program's own number in the root; 0: none */
};

/* Whether a process has a line or node of its own: kernel threads may only be counted. */
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

#endif
