/* SPDX-License-Identifier: MIT */
/* The BPF scanner's way into the kernel: loading the program of bpf/tasks.bpf.c. */
#ifndef NSTREE_BPF_H
#define NSTREE_BPF_H

#include <stdbool.h>

#include "nstree.h"

/* Whether the program was built in. */
bool bpf_is_built_in(void);

enum bpf_stream { BPF_TASKS, BPF_UNBORN };

/*
 * Loads a program; `owners` says whether that of BPF_TASKS is to tell of the owners of namespaces.
 * Returns a descriptor from which the stream that bpf/tasks.h describes can be read, or, with the
 * reason in *err if that is not NULL,
 *
 *   -EOPNOTSUPP  it is not built in, or this kernel cannot run it
 *   -EACCES      not permitted
 *   -EINTR       signals kept it from being loaded, again and again
 *   -ENOMEM, -EMFILE, -EIO
 */
int bpf_open(enum bpf_stream stream, bool owners, struct nstree_error *err);

#endif
