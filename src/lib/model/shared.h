/* SPDX-License-Identifier: MIT */
#ifndef NSTREE_OTHERS_H
#define NSTREE_OTHERS_H

#include "model/tree.h"

/* Works out, in a finished tree, which namespaces share what: puts behind the inodes of each
 * namespace's `others` how far before it in the array is the namespace that has each first, plus 1;
 * 0 where that is not known. Returns 0 or -ENOMEM. */
int others_link(struct nstree *tree);

#endif
