/* SPDX-License-Identifier: MIT */
/* Which other types of namespaces the inits of PID namespaces share. Pure. */
#pragma once

#include "model/tree.h"

/* Fills tree->shared: for each namespace and type how far before it in the array the first one is
 * that has the same inode, plus 1; 0 where that is not known. Returns 0 or -ENOMEM. */
int shared_link(struct nstree *tree);
