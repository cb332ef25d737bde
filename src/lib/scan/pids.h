/* SPDX-License-Identifier: MIT */
/* A few processes without reading all: each one, the namespaces above it, and their inits. */
#pragma once

#include "scan/scanner.h"

/* Reads only `pids` and what places and names the namespaces that they are in. Also returns -EAGAIN
 * where that takes reading all. */
int scan_pids(struct scanner *scanner, const uint32_t *pids, size_t n);
