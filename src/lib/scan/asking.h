/* SPDX-License-Identifier: MIT */
/* Answers the questions of the judge (judge.h) from a procfs, and keeps what many of them need. */
#pragma once

#include "label/judge.h"
#include "label/notes.h"
#include "label/witness.h"

/* A list of containers, which is asked for each of them. */
struct asked_list {
    char place[500]; /* where it was read; empty: it was not */
    struct text text;
    bool readable;
    char *buffer; /* of it */
};

#define ASKING_LISTS 4

/* Zeroed with `fs` and `wsl` set, then asking_begin(), is ready. */
struct asking {
    const struct procfs *fs;
    bool wsl;         /* a kernel of WSL 2 */
    uint32_t caller;  /* the caller's UID; 0 with a recorded procfs, too */
    char user_ns[64]; /* the link of the caller */
    struct notes notes;
    struct asked_list lists[ASKING_LISTS]; /* the first ones */
};

void asking_begin(struct asking *asking);
void asking_end(struct asking *asking);

/* Prepares a witness for a process, and reads nothing. */
void asking_witness(const struct asking *asking, struct witness *witness,
                    const struct nstree_process *process);

/* Judges with what the witnesses say: WHO_COUNT of them, NULL where there is none. `trial` is
 * zeroed but for what depends on the namespace. */
void asking_judge(struct asking *asking, struct trial *trial, struct witness *const *witnesses,
                  struct label *label);

/* The container that a label is of. Lent by the label. */
void asking_describe(const struct label *label, struct nstree_container *out);
