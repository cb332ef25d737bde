/* SPDX-License-Identifier: MIT */
/*
 * PID namespaces that no process is a member of. Something keeps each: holders.c finds what /proc
 * shows of that, and listns(2), where there is one, lists the rest.
 */
#ifndef NSTREE_SCAN_EMPTY_H
#define NSTREE_SCAN_EMPTY_H

#include "scan/scanner.h"

/* Reports them, and what keeps each. All processes have been read and the drafts are sorted. */
int scan_empty(struct scanner *scanner);

#endif
