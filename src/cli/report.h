/* SPDX-License-Identifier: MIT */
/* Standard error: each report is one line, escaped. */
#pragma once

#include "cli/options.h"

/* `nstree: TEXT`. */
void report_text(const char *text);

/* The same, formatted. Returns 2, the exit status of a failure. */
__attribute__((format(printf, 1, 2))) int report_failure(const char *format, ...);

/* What could not be seen of a tree and what would help, if anything could not. */
void report_unseen(const struct nstree *tree);

/* Which namespace the PIDs that are asked for belong to, where that is not the user's own. */
void report_counting(const struct nstree *tree, const struct options *options);
