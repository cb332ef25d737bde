/* SPDX-License-Identifier: MIT */
#include "cli/put.h"

#include <string.h>

char *compose_chain(char *at, const struct nstree_process *process, char between)
{
    for (size_t i = 0; i < process->levels; i++) {
        if (i > 0)
            *at++ = between;
        at = compose_number(at, process->nspid[i]);
    }
    return at;
}

char *compose_id(char *at, const struct nstree_ns *ns)
{
    char id[NSTREE_ID_SIZE];

    return ns->inode ? compose_number(at, ns->inode) : stpcpy(at, nstree_ns_id(ns, id));
}
