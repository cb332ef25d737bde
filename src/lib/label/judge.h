/* SPDX-License-Identifier: MIT */
/*
 * What a PID namespace is, by what its init, the parent process of its init and the init of the
 * parent namespace show in /proc. Pure: the caller reads what is asked for, and nothing else, so
 * that a namespace that is easily recognized costs little.
 *
 *     struct trial trial = {.evidence = {…}};
 *     while (!judge_namespace(&trial, &label))
 *         trial_answer(&trial, …what trial.request names…);
 */
#pragma once

#include "label/kinds.h"

struct label {
    const char *kind;     /* a word; NULL: nothing is known */
    const char *evidence; /* the signal that it rests on */
    char text[640];       /* not escaped: anybody may have chosen the names in it */
    bool container;       /* it is that of a container: found.name and found.id are its own */
    struct found found;   /* its parts; not of the root */
};

/*
 * Judges as far as the evidence goes. Returns true when *out is final; false when trial->request
 * must be answered first.
 *
 * With trial->member, WHO_INIT is any process, and the question is which container it is in. Then
 * WHO_PARENT is the shim or monitor that keeps the container, if there is one, and nothing else is
 * known. That is asked where the PID namespace does not tell: where containers share it.
 *
 * With trial->root, it is the root namespace, of which nothing but WHO_INIT and WHO_SECOND is
 * known.
 */
bool judge_namespace(struct trial *trial, struct label *out);
