/* SPDX-License-Identifier: MIT */
/*
 * Command lines. They are read last, so that one that never arrives does not keep its process out
 * of the tree. Helper processes read them in batches, several at a time if there are enough. If a
 * helper is stuck, what it has read is used, and another helper gets the rest of its batch.
 */
#pragma once

#include "scan/scanner.h"

/* Reads the command lines of all drafts, which are sorted. Counts those that cannot be read.
 * Returns 0 or -ENOMEM. */
int scan_args(struct scanner *scanner);
