/* SPDX-License-Identifier: MIT */
/*
 * Command lines, after all else that is read of processes: one that does not come must not keep its
 * process out of the tree. Helper processes read them in batches, several at a time where that
 * pays. Of a batch that stops, what it has brought is taken, and the rest goes to another helper.
 */
#ifndef NSTREE_SCAN_ARGS_H
#define NSTREE_SCAN_ARGS_H

#include "scan/scanner.h"

/* Reads the command lines of all drafts, which are sorted, and counts those that cannot be read.
 * Returns 0 or -ENOMEM. */
int scan_args(struct scanner *scanner);

#endif
