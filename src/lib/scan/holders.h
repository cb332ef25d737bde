/* SPDX-License-Identifier: MIT */
/*
 * What keeps namespaces, process by process, as far as /proc shows it: open descriptors, bind
 * mounts, pid_for_children. Everything of a process is looked up through its directory, which is
 * held open. Once the process is gone, lookups fail with ESRCH.
 */
#pragma once

#include "scan/ledger.h"

/* Zeroed with `ledger` set is ready. */
struct holders {
    struct ledger *ledger;
    struct map roots;  /* a set: mount namespaces, with root directory, whose mounts were read */
    struct map mounts; /* a set: IDs of mounts that were found */
};

/* Looks at the descriptors of a process, at the pid_for_children of its threads, and at its mounts,
 * unless an earlier process had the same ones. Returns as ledger_place(). */
int holders_search(struct holders *holders, const struct nstree_process *process);
void holders_end(struct holders *holders);
