/* SPDX-License-Identifier: MIT */
/* Processes, one after another, and the namespaces that they show. */
#pragma once

#include "scan/scanner.h"

/* Reads one process and, where it is the first of its namespace, asks about that and about those
 * above it. A process that is gone, hidden or malformed is counted, and not added. */
int scan_process(struct scanner *scanner, const struct procfs_entry *entry);

/* The same of a process that is not on a list, in a moment of its own. */
int scan_pid(struct scanner *scanner, uint32_t pid);

/* Lists the procfs again, and reads what the builder does not have, or has of a process that had
 * the PID before. The drafts are sorted. Also returns the negative errno of the list. */
int scan_missing(struct scanner *scanner);

/* The same after all were read, and sorts the drafts: processes that could not be read before are
 * not counted twice. */
int scan_again(struct scanner *scanner);
