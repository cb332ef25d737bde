/* SPDX-License-Identifier: MIT */
/*
 * Two things that were reported of one inode and that cannot both be. Inodes are used again at once
 * when a namespace ends: a process that was read before may have been in another namespace of the
 * same inode, and be dead.
 */
#ifndef NSTREE_SCAN_CONTRADICTIONS_H
#define NSTREE_SCAN_CONTRADICTIONS_H

#include "scan/scanner.h"

/* Reads the processes of such namespaces again, until nothing contradicts. */
int scan_contradictions(struct scanner *scanner);

#endif
