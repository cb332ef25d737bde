/* SPDX-License-Identifier: MIT */
/* Namespaces without members: what empty.c, which knows them, and holders.c, which looks for what
 * keeps them, have to tell each other. */
#ifndef NSTREE_EMPTY_H
#define NSTREE_EMPTY_H

#include "scan/scan.h"

struct empty {
    struct scanner *scanner;
    struct map known;  /* inodes of namespaces that have members */
    struct map states; /* of the others that were met: enum state, or how often placing failed */
    struct map roots;  /* mount namespaces, each with a root directory, whose mounts were read */
    struct map mounts; /* ids of mounts that were met */
    bool doubt;        /* some processes, or what they are members of, cannot be seen */
};

/* Whether a namespace may have no members. */
bool empty_concerns(const struct empty *empty, uint32_t inode);

/* Notes what keeps it. Returns 0 or -ENOMEM. */
int empty_keep(struct empty *empty, uint32_t inode, const struct nstree_keeper *keeper);

/* Whether its place is not known yet, and an open descriptor of it could tell. */
bool empty_is_unplaced(const struct empty *empty, uint32_t inode);

/* Places it by an open descriptor. Returns 0, where the kernel does not tell its place too,
 * -ENOMEM, -EMFILE or -ENFILE. */
int empty_place(struct empty *empty, uint32_t inode, int fd);

/* Looks at one process's descriptors, at the pid_for_children of its threads, and at its mounts
 * unless they are those of a process before it. Returns as empty_place(). */
int holders_search(struct empty *empty, const struct nstree_process *process);

#endif
