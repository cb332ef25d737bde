/* SPDX-License-Identifier: MIT */
/*
 * The engines that namespaces are labelled by: what there is to be known of each. engines.c has the
 * two tables and says how to add one; judge.c judges by them.
 */
#ifndef NSTREE_ENGINES_H
#define NSTREE_ENGINES_H

#include "label/kinds.h"

/* How a kind is called: in JSON, and on a line. `find_name`, if there is one, looks for a name for
 * people once the kind is known, and has the last doubts: false where it is not so after all.
 * `roots_only`: nobody but root can run it, so that of others it is not believed. */
struct kind_words {
    const char *word, *title;
    bool (*find_name)(struct trial *, struct found *);
    bool roots_only;
};

extern const struct kind_words engine_kinds[];

/* Who says what a signal is: who could have made it up. */
enum teller {
    BY_INIT,   /* the init, or who started it: its name, mounts, variables, files */
    BY_PARENT, /* the parent process */
    BY_CGROUP, /* who may make cgroups there: root, or the user to whom systemd has left them */
};

/* One signal of one kind. */
struct rule {
    const char *evidence;
    enum kind kind;
    bool inherited; /* it passes from process to process: counts only if it is new */
    enum teller teller;
    const char *parent; /* if set, the parent process must be this program */
    bool (*signal)(struct trial *, struct found *); /* NULL: the parent is enough */
};

/* In the order in which they are trusted: the first that says something is right. */
extern const struct rule engine_rules[];
extern const size_t engine_n_rules;

#endif
