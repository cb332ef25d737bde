/* SPDX-License-Identifier: MIT */
/* Loads the BPF programs of bpf/. */
#pragma once

#include <stdbool.h>

#include "nstree.h"

/* Whether the programs are built in. */
bool bpf_is_built_in(void);

enum bpf_stream { BPF_TASKS, BPF_UNBORN };

/*
 * Loads a program. `owners` makes that of BPF_TASKS compare the owners of namespaces. Returns a
 * descriptor to read the records of bpf/tasks.h from, or, with the reason in *err unless that is
 * NULL,
 *
 *   -EOPNOTSUPP  it is not built in, or this kernel cannot run it
 *   -EACCES      not permitted
 *   -EINTR       signals interrupted every attempt to load it
 *   -ENOMEM, -EMFILE, -EIO
 */
int bpf_open(enum bpf_stream stream, bool owners, struct nstree_error *err);
