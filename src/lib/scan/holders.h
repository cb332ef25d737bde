/* SPDX-License-Identifier: MIT */
/*
 * What keeps namespaces, process by process, as far as /proc shows it: open descriptors, bind
 * mounts, pid_for_children. Everything of a process is reached through its directory, which is held
 * open and leads nowhere (ESRCH) once the process is gone.
 */
#ifndef NSTREE_SCAN_HOLDERS_H
#define NSTREE_SCAN_HOLDERS_H

#include "scan/ledger.h"

/* Zeroed with `ledger` set is ready. */
struct holders {
    struct ledger *ledger;
    struct map roots;  /* a set: mount namespaces, with a root directory, whose mounts were read */
    struct map mounts; /* a set: ids of mounts that were met */
};

/* Looks at the descriptors of one process, at the pid_for_children of its threads, and at its
 * mounts unless they are those of a process before it. Returns as ledger_place(). */
int holders_search(struct holders *holders, const struct nstree_process *process);
void holders_end(struct holders *holders);

#endif
