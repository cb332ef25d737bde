/* SPDX-License-Identifier: MIT */
/* Cgroups of processes, for places that nothing exact shows. */
#pragma once

#include "scan/scanner.h"

/* Reads cgroups where there is a process that nothing else places: that of the process, and those
 * of the inits that it could belong to. Returns 0 or -ENOMEM. */
int scan_cgroups(struct scanner *scanner);
