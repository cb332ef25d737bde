/* SPDX-License-Identifier: MIT */
/*
 * The namespaces that no process was seen to be a member of, and whether each has its place in the
 * tree. Such a namespace is empty, or younger than the list of processes, or its members cannot be
 * seen. The kernel is asked for its init to find out.
 */
#pragma once

#include "scan/scanner.h"

struct ledger {
    struct scanner *scanner;
    struct map inhabited; /* a set: inodes of namespaces that have members */
    struct map states;    /* of the others, by inode */
    bool unseen;          /* some processes, or their namespaces, cannot be seen */
};

/* Notes which namespaces have members, and which ones BPF has reported keepers of. All processes
 * have been read. Returns 0 or -ENOMEM. */
int ledger_begin(struct ledger *ledger, struct scanner *scanner);
void ledger_end(struct ledger *ledger);

/* Whether a namespace may have no members. */
bool ledger_concerns(const struct ledger *ledger, uint32_t inode);

/* Whether it was found, and whether it has its place. */
bool ledger_has(const struct ledger *ledger, uint32_t inode);
bool ledger_is_placed(const struct ledger *ledger, uint32_t inode);

/* Whether its place is not known yet, and could be found out by an open descriptor. */
bool ledger_is_unplaced(const struct ledger *ledger, uint32_t inode);

/* Notes what keeps it. Returns 0 or -ENOMEM. */
int ledger_keep(struct ledger *ledger, uint32_t inode, const struct nstree_keeper *keeper);

/* Places it by an open descriptor. Returns 0, also where the kernel does not report its place,
 * -ENOMEM, -EMFILE or -ENFILE. */
int ledger_place(struct ledger *ledger, uint32_t inode, int fd);

/* Puts the others below the root, and marks them as inferred. Returns 0 or -ENOMEM. */
int ledger_place_rest(struct ledger *ledger);

/* Asks the kernel whether an open namespace has members. *init is the PID of its init, or 0. A
 * caller that is no member of the root namespace sees other PIDs, and cannot conclude anything from
 * an init that it does not see. */
enum ledger_members { MEMBERS_NONE, MEMBERS_SOME, MEMBERS_UNKNOWN };
enum ledger_members ledger_ask_members(const struct ledger *ledger, int fd, uint32_t *init);
