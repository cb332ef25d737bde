/* SPDX-License-Identifier: MIT */
/*
 * Privileges that are not the caller's. File capabilities or a set-user-ID bit lend them to an
 * ordinary user, who must not get at files by them that he could not read himself: they are for the
 * few things below, and everything else is opened as the caller, with no capability in effect. This
 * is the rule, in full; the code that opens something asks for one side or the other of it.
 *
 * In effect for (borrowed_lend(), and all of a scan before labels):
 *   - directories of the procfs, its loadavg and self, and of each process status, ns/ and
 *     task/T/ns/; with --all the descriptor links fd/ that are looked at for namespaces, too
 *   - ioctls on namespaces, BPF programs, listns(2) and handles of what it lists
 *   - of a process of root's (witness.c, may_follow()): exe, cwd, root, and the notes that engines
 * keep beneath that root at the paths that names.c knows
 *   - -n /proc/PID/ns/pid, spelled like that (nstree_path_inode())
 *
 * Not in effect for (borrowed_withhold(), and all of labels):
 *   - cmdline, environ, cgroup, mountinfo and comm of any process
 *   - exe, cwd, root and files beneath it of all other processes
 *   - whatever else the user names
 *
 * Capabilities are per thread, and so is all of this. Where nothing is borrowed none of it makes a
 * system call.
 */
#ifndef NSTREE_BORROWED_H
#define NSTREE_BORROWED_H

#include <stdbool.h>
#include <stdint.h>

/* The capabilities that are borrowed; 0: none are. */
struct borrowed {
    uint64_t effective;
};

/* Looks whether the calling thread has borrowed privileges: it has capabilities in effect, and is
 * not root by both of its user IDs. Returns 0, or -EACCES where it has and cannot part with them.
 */
int borrowed_look(struct borrowed *out);

/* What is in effect for the length of a scope, and what was before. */
struct loan {
    bool changed;
    uint64_t before;
};

void loan_end(const struct loan *loan);

/* For a local variable: whatever was in effect before is again where its scope ends. */
#define AUTO_LOAN __attribute__((cleanup(loan_end), unused))

struct loan borrowed_lend(const struct borrowed *borrowed);
struct loan borrowed_withhold(const struct borrowed *borrowed);

#endif
