/* SPDX-License-Identifier: MIT */
/* Namespaces that have no process yet, as the program of bpf/unborn.bpf.c reports them. */
#ifndef NSTREE_SCAN_UNBORN_H
#define NSTREE_SCAN_UNBORN_H

#include "scan/scanner.h"

/* Reports them and what keeps them, where BPF can be used. All processes have been read and the
 * drafts are sorted. Returns 0, also where it cannot, or -ENOMEM. */
int scan_unborn(struct scanner *scanner);

#endif
