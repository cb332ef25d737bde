/* SPDX-License-Identifier: MIT */
/*
 * All processes as bpf/tasks.bpf.c reports them, each with the inodes of all its PID namespaces;
 * and whether that is likely to be faster than procfs. The kernel walks the PID namespace of the
 * reader, so this is what the caller's own procfs shows.
 */
#pragma once

#include "scan/scanner.h"

/* Returns 0, or as bpf_open() with the reason in *err. */
int scan_bpf(struct scanner *scanner, struct nstree_error *err);

/* Whether scan_bpf() is likely to be faster than scan_all() on this machine now. */
bool scan_bpf_pays(const struct scanner *scanner);

/* Whether the procfs is that of the caller's own PID namespace, so that both have the same PIDs. */
bool scan_is_own(struct scanner *scanner);
