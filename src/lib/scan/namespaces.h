/* SPDX-License-Identifier: MIT */
/* Namespaces, as the kernel reports them by open descriptors, and those above each. */
#pragma once

#include "scan/scanner.h"

/* Reports the namespace `key` that process `pid` at level `levels` - 1 has shown, and those above
 * it, unless that was done. */
int scan_shown(struct scanner *scanner, uint32_t pid, uint64_t key, uint32_t levels);

/* Asks again about namespaces that processes have shown and that nobody reported: the thread that
 * was first to ask came too late. */
int scan_unreported(struct scanner *scanner);

/* Reports which namespace the root is, by a member of it. Returns 1, 0 where its link cannot be
 * read, or -ENOMEM. */
int scan_root(struct scanner *scanner, uint32_t pid);

/* Reports a namespace that no process has shown, by an open descriptor of it (which stays open),
 * and those above it. nstree_info.foreign is known. Returns 0, -EXDEV where it is not below the
 * root, -ENOMEM, -EMFILE, -ENFILE, or another negative errno where the kernel does not report its
 * place. */
int scan_namespace(struct scanner *scanner, int fd, uint32_t inode);
