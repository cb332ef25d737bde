/* SPDX-License-Identifier: MIT */
/*
 * What a PID namespace is, told from what its init, its init's parent process and the init of the
 * namespace around it leave in /proc. Pure: whoever drives it reads what is asked for, and nothing
 * else is read, so that what is told by little costs little.
 *
 *     struct trial trial = {.who = {…}};
 *     while (!judge_namespace(&trial, &label))
 *         trial_answer(&trial, …what trial.request names…);
 */
#ifndef NSTREE_JUDGE_H
#define NSTREE_JUDGE_H

#include "label/trial.h"

/* What was found. */
struct label {
    const char *kind;     /* a word; NULL: nothing is known */
    const char *evidence; /* which signal said so */
    char text[448];       /* raw: names in it come from anybody */
};

/* Judges as far as the evidence goes. Returns true when *out is the verdict; false when
 * trial->request is to be answered first. */
bool judge_namespace(struct trial *trial, struct label *out);

/* What the root is. `host` may be empty. */
void judge_root(uint32_t inode, bool wsl, const char *host, struct label *out);

#endif
