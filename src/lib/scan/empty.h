/* SPDX-License-Identifier: MIT */
/*
 * PID namespaces without members. Something keeps each of them: holders.c finds what /proc shows of
 * it, and listns(2), if the kernel has it, lists the rest.
 */
#pragma once

#include "scan/scanner.h"

/* Reports these, and what keeps each. All processes have been read and the drafts are sorted. */
int scan_empty(struct scanner *scanner);
