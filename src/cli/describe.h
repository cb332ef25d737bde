/* SPDX-License-Identifier: MIT */
/* Text that several renderers write about a process or a namespace. */
#pragma once

#include "cli/render.h"

/* A number, without the cost of printf(3). */
void describe_number(FILE *out, uint64_t number);

/* The NSpid chain, separated by `between`. */
void describe_chain(FILE *out, const struct nstree_process *process, char between);

/* The PID of a process in its own namespace. */
void describe_own_pid(FILE *out, const struct nstree_process *process);

/* The name of a process, or its command line if that is wanted and known; not escaped. */
const char *describe_raw_name(const struct look *look, const struct nstree_process *process);

/* The same, escaped. */
void describe_name(FILE *out, const struct look *look, const struct nstree_process *process);

/* `pid:[INODE]`. */
void describe_inode(FILE *out, const struct nstree_ns *ns);

/* The label of a namespace, or NULL if there is none or none is wanted. */
const char *describe_label(const struct look *look, const struct nstree_ns *ns);

/* `pid:[INODE] LABEL`, or the name of its init in parentheses in place of the label. Adds the owner
 * where it is not that of the parent. Returns whether anything follows the bracket. */
bool describe_namespace(FILE *out, const struct look *look, const struct nstree_ns *ns);

/* The container of a process, if that is not the one of its namespace and labels are wanted; else
 * NULL. */
const struct nstree_container *describe_own_container(const struct look *look,
                                                      const struct nstree_process *process);

/* Whether a container shares a namespace, and labels are wanted. */
bool describe_is_sharer(const struct look *look, const struct nstree_ns *ns,
                        const struct nstree_container *container);

/* The next container that shares `ns` and is shown, after `last` or, where that is NULL, the first;
 * NULL: there is none. Costs a search only for the first. */
const struct nstree_container *describe_next_sharer(const struct look *look,
                                                    const struct selection *selection,
                                                    const struct nstree_ns *ns,
                                                    const struct nstree_container *last);

/* The line of such a container. */
void describe_sharer(FILE *out, const struct look *look, const struct nstree_container *container);

/* A mark, ` (WORDS)`; or what begins and ends one. */
void describe_mark_begin(FILE *out, const struct look *look);
void describe_mark_end(FILE *out, const struct look *look);
void describe_mark(FILE *out, const struct look *look, const char *words);

/* The marks of a process, or of a namespace. */
void describe_process_marks(FILE *out, const struct look *look, const struct nstree *tree,
                            const struct nstree_process *process);
void describe_namespace_marks(FILE *out, const struct look *look, const struct nstree_ns *ns);

/* The words of the mark that says that a place, or a parent, is inferred; NULL if it is not. */
const char *describe_process_doubt(const struct nstree_process *process);
const char *describe_namespace_doubt(const struct nstree_ns *ns);

/* How many places are inferred, as a mark; nothing if none is. */
void describe_inferred(FILE *out, const struct look *look, uint64_t n);

/* `before` and `N processes`, and ` (N inferred)` if any are; nothing if there are none or their
 * count is unknown. */
void describe_count(FILE *out, const struct look *look, const struct nstree_ns *ns,
                    const char *before);

/* The line of a namespace, with the count of its members if `counted`. */
void describe_heading(FILE *out, const struct look *look, const struct nstree *tree,
                      const struct nstree_ns *ns, bool counted);

/* The line of a member, apart from its tail: its PID in its own namespace, name, chain and
 * marks. */
void describe_member(FILE *out, const struct look *look, const struct nstree *tree,
                     const struct nstree_process *process);

/* What --verbose adds to a process that was asked for: the namespaces of other types in which it is
 * not with the init of its PID namespace, ` (net of pid:[INODE] LABEL; mnt of no known init)`. */
void describe_process_others(FILE *out, const struct look *look, const struct nstree *tree,
                             const struct nstree_process *process);

/* The first namespace whose init has the same other namespace of this type as a process that is not
 * with the init of its own PID namespace; NULL if there is none, or it is with that one. */
const struct nstree_ns *describe_user(const struct nstree *tree,
                                      const struct nstree_process *process, enum nstree_type type);

/* The threads of a process that were asked for: ` (thread 1234)` each. */
void describe_threads(FILE *out, const struct look *look, const struct selection *selection,
                      const struct nstree_process *process);

/* `(N processes)`: the members of the root where --nested leaves them out. */
void describe_left_out(FILE *out, const struct nstree_ns *ns);

/* What ends the line of a process with --args, after all marks, so that a narrow terminal cuts
 * nothing else: its command line, or its name where none is known. Without --args, nothing, and
 * the name follows the PID. */
void describe_tail(FILE *out, const struct look *look, const struct nstree_process *process);

/* `(N kernel threads)`. */
void describe_kthreads(FILE *out, uint64_t n);
