/* SPDX-License-Identifier: MIT */
#ifndef NSTREE_OTHERS_H
#define NSTREE_OTHERS_H

#include "tree.h"

/* Works out, in a finished tree, which namespaces share what: puts behind the inodes of each
 * namespace's `others` the indexes, plus 1, of the namespaces that have each first. Returns 0 or
 * -ENOMEM. */
int others_link(struct nstree *tree);

#endif
