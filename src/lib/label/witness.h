/* SPDX-License-Identifier: MIT */
/*
 * Reads what the judge asks for, and nothing else. A process's files are opened through its held
 * /proc/N directory, which never becomes another process's, however often the PID is reused.
 *
 * What is read here was often written by others, some of whom would like to lead the reader astray,
 * stop it or fill its memory: sizes are bounded, of one file and of the whole run; what could wait
 * is given up after a while (patience.h); nothing but regular files is opened, and a file of a
 * container is looked up beneath the container's root as the container itself would find it.
 *
 * Privileges that are borrowed are out of effect meanwhile (borrowed.h), but for what is lent here:
 * links of namespaces and, of processes of root's, links and files.
 */
#ifndef NSTREE_EVIDENCE_H
#define NSTREE_EVIDENCE_H

#include "kernel/procfs.h"
#include "label/trial.h"

/* The evidence of one process, with what it is read through. Zeroed is closed. */
struct witness {
    struct evidence evidence;
    char *buffers[FACT_FILE]; /* what evidence.facts point to */
    const struct procfs *fs;
    char mnt_ns[20]; /* what evidence.facts says of it without having been read */
    int dir;         /* /proc/N, once something was asked for; else -1 */
    bool open;
    bool is_gone; /* its directory could not be opened */
};

/* Readies a witness without reading anything. `name` is lent. */
void witness_open(struct witness *witness, const struct procfs *fs, const char *name, uint32_t pid,
                  uint32_t uid);
void witness_close(struct witness *witness);

/* Answers FACT_MNT_NS beforehand, where the source has told that inode; 0 does nothing. */
void witness_set_mnt_ns(struct witness *witness, uint32_t inode);

/* One fact into *out, which is lent until witness_close(). at is NULL where it cannot be read. */
struct text witness_fact(struct witness *witness, enum fact fact);

/* A file beneath the root of a process into *buffer, which is to be freed. `path` is absolute.
 * *readable tells whether it, or its absence, could be seen. */
struct text witness_file(struct witness *witness, const char *path, char **buffer, bool *readable);

/* Whether the witness is still there and has these numbers and this parent: then all that was read
 * through it is of that process, and the parent's evidence of that parent. */
bool witness_is(struct witness *witness, const struct nstree_process *process);

/* Whether its real user is still who evidence.uid says; else what was read of it was another's. */
bool witness_has_uid(struct witness *witness);

/* The inode of one of its namespaces (`mnt`, `net`, …); 0 where it cannot be read. */
uint32_t witness_namespace(struct witness *witness, const char *type);

#endif
