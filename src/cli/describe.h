/* SPDX-License-Identifier: MIT */
/* The words that more than one renderer writes. */
#ifndef DESCRIBE_H
#define DESCRIBE_H

#include "cli/render.h"

/* Numbers, without the cost of a format. */
void describe_number(FILE *out, uint64_t number);

/* The numbers of a chain with `between` between them. */
void describe_chain(FILE *out, const struct nstree_process *process, char between);

/* The PID of a process in its own namespace. */
void describe_own_pid(FILE *out, const struct nstree_process *process);

/* The name of a process, or its command line where that is asked for and there is one; raw. */
const char *describe_raw_name(const struct look *look, const struct nstree_process *process);

/* The same, escaped. */
void describe_name(FILE *out, const struct look *look, const struct nstree_process *process);

/* `pid:[INODE]`. */
void describe_inode(FILE *out, const struct nstree_ns *ns);

/* The label of a namespace, or NULL where there is none or none is wanted. */
const char *describe_label(const struct look *look, const struct nstree_ns *ns);

/* What a namespace is: `pid:[INODE] LABEL`, else with the name of its init, and whose it is if that
 * is another's than the one around it. Returns whether anything stands behind the bracket. */
bool describe_namespace(FILE *out, const struct look *look, const struct nstree_ns *ns);

/* What --verbose adds to it: ` (known by: SIGNAL) (mnt, … own; net, … shared with pid:[INODE])`. */
void describe_namespace_details(FILE *out, const struct look *look, const struct nstree *tree,
                            const struct nstree_ns *ns);

/* ` (` and `)`, around a mark; ` (WORDS)`. */
void describe_mark_begin(FILE *out, const struct look *look);
void describe_mark_end(FILE *out, const struct look *look);
void describe_mark(FILE *out, const struct look *look, const char *words);

/* ` (…)` for each thing that is to be said of a process, or of a namespace. */
void describe_process_marks(FILE *out, const struct look *look,
                            const struct nstree_process *process);
void describe_namespace_marks(FILE *out, const struct look *look, const struct nstree_ns *ns);

/* `before` and `N processes`; nothing if there are none or their number is unknown. */
void describe_count(FILE *out, const struct nstree_ns *ns, const char *before);

/* All that stands in the line of a namespace; `counted`: with the number of its members. */
void describe_heading(FILE *out, const struct look *look, const struct nstree *tree,
                  const struct nstree_ns *ns, bool counted);

/* All that stands in the line of a member, under its number in its own namespace. */
void describe_member(FILE *out, const struct look *look, const struct nstree_process *process);

/* `(N kernel threads)`. */
void describe_kthreads(FILE *out, uint64_t n);

#endif
