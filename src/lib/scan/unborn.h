/* SPDX-License-Identifier: MIT */
/* Namespaces that have no process yet, as the program of bpf/unborn.bpf.c reports them. */
#pragma once

#include "scan/scanner.h"

/* Reports these and what keeps them, if BPF can be used. All processes have been read and the
 * drafts are sorted. Returns 0, also if BPF cannot be used, or -ENOMEM. */
int scan_unborn(struct scanner *scanner);
