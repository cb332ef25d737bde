/* SPDX-License-Identifier: MIT */
/* The finished tree, which nstree.h hands out. finish.c makes it; nothing writes to it then. */
#pragma once

#include "base/mem.h"
#include "record.h"

struct nstree {
    struct nstree_info info;
    struct arena arena; /* all strings and chains */
    struct nstree_ns *namespaces;
    struct nstree_process *processes;
    struct nstree_keeper *keepers;
    struct nstree_container *containers;
    size_t n_containers;
    struct map by_key; /* index of a namespace */
    uint32_t *by_pid;  /* indexes of processes, sorted by PID */
    uint32_t *shared;  /* NSTREE_TYPES of each namespace (shared.h); NULL where nothing is known */
};
