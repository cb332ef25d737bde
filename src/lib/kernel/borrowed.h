/* SPDX-License-Identifier: MIT */
/*
 * Privileges that are not the caller's own. File capabilities or a set-user-ID bit lend them to an
 * ordinary user. They must not give this user access to any other file. So they are used for the
 * few things below, and everything else is opened as the caller, with no capability in effect.
 *
 * In effect (borrowed_lend(), and all of a scan before labels) for
 *   - directories of the procfs, its loadavg and self, and of each process status, stat (whose
 *     times are for everybody to read), ns/, task/TID/status and task/TID/ns/;
 *     with --all also the links in fd/ that are searched for namespaces
 *   - ioctls on namespaces, BPF programs, listns(2) and file handles of what it lists
 *   - of root's processes (may_follow() in witness.c): exe, cwd, root, and the files of engines
 * below that root at the paths that names.c and pods.h know
 *   - -n /proc/PID/ns/pid, spelled exactly like that (nstree_path_inode())
 *
 * Not in effect (borrowed_withhold(), and all of labels) for
 *   - cmdline, environ, cgroup, mountinfo and comm of any process
 *   - exe, cwd, root and files below it of all other processes
 *   - the caller's own root, where that takes the place of a process's (witness.c)
 *   - anything else that the user names
 *
 * Capabilities are per thread, and so is all of this. Nothing here makes a system call if nothing
 * is borrowed.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* The borrowed capabilities; 0: none. */
struct borrowed {
    uint64_t effective;
};

/* Finds out whether the calling thread has borrowed privileges: capabilities in effect, although
 * its real or effective UID is not root's. Returns 0, or -EACCES if it cannot drop them. */
int borrowed_look(struct borrowed *out);

/* A change of what is in effect, for the length of a scope. */
struct loan {
    bool changed;
    uint64_t before;
};

void loan_end(const struct loan *loan);

/* For a local variable: undoes the change at the end of its scope. */
#define AUTO_LOAN __attribute__((cleanup(loan_end), unused))

struct loan borrowed_lend(const struct borrowed *borrowed);
struct loan borrowed_withhold(const struct borrowed *borrowed);
