/* SPDX-License-Identifier: MIT */
/*
 * Two things that were reported of one inode and that cannot both be. Inodes are used again at once
 * when a namespace ends: a process that was read before may have been in another namespace of the
 * same inode, and be dead.
 */
#pragma once

#include "scan/scanner.h"

/* Reads the processes of such namespaces again, until nothing contradicts. */
int scan_contradictions(struct scanner *scanner);
