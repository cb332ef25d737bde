/* SPDX-License-Identifier: MIT */
/*
 * Reads what the judge asks for, and nothing else. Files of a process are opened through its open
 * /proc/PID directory, which never becomes another process's, even if the PID is reused.
 *
 * Others wrote most of what is read here, and some would like to mislead the reader, stop it or
 * fill its memory. So each file and the whole run have a limit of bytes. A read that can block is
 * given up after a while (patience.h). Only regular files are opened. A file of a container is
 * looked up below the container's root, as the container itself would find it.
 *
 * That root may not be open to the caller: to ordinary users that of root's processes, to root that
 * of a process 1 that is protected. If it is also the caller's own, it is opened as that.
 *
 * Borrowed privileges (borrowed.h) are in effect only for namespace links and, of root's processes,
 * for other links and files.
 */
#pragma once

#include "kernel/procfs.h"
#include "label/trial.h"

/* One process and what is known of it. Zeroed is closed. */
struct witness {
    struct evidence evidence;
    char *buffers[FACT_FILE]; /* of evidence.facts */
    const struct procfs *fs;
    char mnt_ns[20]; /* FACT_MNT_NS, if it was set and not read */
    int dir;         /* /proc/PID, once something was asked for; else -1 */
    bool open;
    bool is_gone;                                     /* its directory could not be opened */
    enum { ROOT_UNKNOWN, ROOT_OTHER, ROOT_OWN } root; /* whether it is the caller's */
};

/* Prepares a witness, and reads nothing. `name` must stay until witness_close(). */
void witness_open(struct witness *witness, const struct procfs *fs, const char *name, uint32_t pid,
                  uint32_t uid);
void witness_close(struct witness *witness);

/* Sets FACT_MNT_NS, so that it need not be read. Does nothing if the inode is 0. */
void witness_set_mnt_ns(struct witness *witness, uint32_t inode);

/* Reads a fact. Valid until witness_close(); `at` is NULL if it cannot be read. */
struct text witness_fact(struct witness *witness, enum fact fact);

/* Reads a file below the root of the process into *buffer; free() that. `path` is absolute.
 * *readable: it could be seen whether the file exists. */
struct text witness_file(struct witness *witness, const char *path, char **buffer, bool *readable);

/* The same for the names in a directory (FACT_NAMES). */
struct text witness_names(struct witness *witness, const char *path, char **buffer, bool *readable);

/* What tells its root directory from others, unless it changed that within its mount namespace;
 * empty: nothing. */
struct text witness_root(struct witness *witness);

/* Whether the process still exists, with these PIDs, this parent and this user. If so, all that was
 * read through the witness is of that process, and the parent's evidence of that parent. */
bool witness_is(struct witness *witness, const struct nstree_process *process);

/* Whether its real user is still evidence.uid. If not, another user controlled what was read. */
bool witness_has_uid(struct witness *witness);

/* The inode of one of its namespaces (`mnt`, `net`, …); 0 if it cannot be read. */
uint32_t witness_namespace(struct witness *witness, const char *type);
