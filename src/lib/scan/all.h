/* SPDX-License-Identifier: MIT */
/* All processes of a procfs, in several threads where that pays. */
#pragma once

#include "scan/scanner.h"

int scan_all(struct scanner *scanner, const struct procfs_entry *entries, size_t n);

/* In how many threads scan_all() reads n processes; 0 means one. */
size_t scan_threads(size_t n);
