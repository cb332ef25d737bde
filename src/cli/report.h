/* SPDX-License-Identifier: MIT */
/* What is said on standard error: one line a thing, made harmless. */
#ifndef REPORT_H
#define REPORT_H

#include "cli/options.h"

/* `nstree: TEXT`. */
void complain(const char *text);

/* The same, formatted. Returns 2, the exit status of what it is said about. */
__attribute__((format(printf, 1, 2))) int fail(const char *format, ...);

/* One line on all that could not be seen of a tree, and what would help; none if nothing. */
void report_unseen(const struct nstree *tree);

/* In which namespace --pid counts, where its user's own numbers are others. */
void report_counting(const struct nstree *tree, const struct options *options);

#endif
