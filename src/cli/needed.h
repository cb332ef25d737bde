/* SPDX-License-Identifier: MIT */
/* Which processes have to be read for what is asked for. */
#pragma once

#include "cli/options.h"

/* Looks up the numbers that may be PIDs of the root, in the procfs that is to be read: puts the
 * processes of threads in their place and notes these threads. Sets *out to the processes that are
 * all that has to be read, or leaves it empty: then all are needed. free() out->items. Returns 0 or
 * -ENOMEM. */
int needed_find(struct options *options, struct pid_list *out);
