/* SPDX-License-Identifier: MIT */
/*
 * What a PID namespace is, told from what its init, its init's parent process and the init of the
 * namespace around it leave in /proc. Pure: whoever drives it reads what is asked for, and nothing
 * else is read, so that what is told by little costs little.
 *
 *     struct trial trial = {.who = {…}};
 *     while (!label_judge(&trial, &label))
 *         label_answer(&trial, …what trial.request names…);
 */
#ifndef NSTREE_LABEL_H
#define NSTREE_LABEL_H

#include <stdint.h>

#include "label/text.h"

struct notes;

/* Whose evidence. */
enum who {
    WHO_INIT,   /* the init of the namespace */
    WHO_PARENT, /* its parent process, if that is a member of the namespace around */
    WHO_OUTER,  /* the init of the namespace around */
    WHO_SECOND, /* process 2 of the namespace; WSL only */
    WHO_COUNT
};

/* What of it, in /proc/N. */
enum fact {
    FACT_CGROUP,
    FACT_CMDLINE,
    FACT_ENVIRON,
    FACT_MOUNTS,  /* mountinfo */
    FACT_MNT_NS,  /* the link ns/mnt */
    FACT_USER_NS, /* the link ns/user */
    FACT_EXE,     /* the link exe */
    FACT_CWD,     /* the link cwd */
    FACT_FILE,    /* a file beneath its root */
};

/* What is known of one process. */
struct evidence {
    const char *name;             /* comm */
    uint32_t pid;                 /* its number in the root */
    uint32_t uid;                 /* in the reader's user namespace */
    uint32_t read;                /* bits of enum fact: was asked for */
    struct text facts[FACT_FILE]; /* at NULL: cannot be read */
};

/* A file that was asked for. */
struct file_evidence {
    enum who who;
    bool readable; /* it, or that it is not there, could be told */
    char path[400];
    struct text text; /* at NULL: it is not there, or cannot be read */
};

#define LABEL_FILES_MAX 16

/* One namespace before the judge. Zeroed, with the first part filled in, is ready. */
struct trial {
    struct evidence *who[WHO_COUNT]; /* NULL: there is no such process, or it may not be heard */
    uint32_t number;                 /* of the init in the namespace around */
    bool wsl;                        /* the kernel is Microsoft's */
    bool nested_user_ns;             /* its owner is not the root's, or not known */
    struct notes *notes;             /* lists that were parsed before; NULL: none */
    bool borrowed;                   /* who looks does so by privileges of the program's */
    uint32_t caller;                 /* uid of who looks; 0 with a recorded tree, too */
    struct text user_ns;             /* its link ns/user; at NULL: not known */

    /* What is asked for, where label_judge() returns false. `path` only with FACT_FILE. */
    struct {
        enum who who;
        enum fact fact;
        const char *path;
    } request;

    /* The judge's own. */
    struct file_evidence files[LABEL_FILES_MAX];
    size_t n_files;
    size_t rule;
    enum { MOUNTS_UNKNOWN, MOUNTS_SHARED, MOUNTS_OWN } mounts;
    bool missing;    /* something was asked for that is not known yet */
    bool unreadable; /* something that was asked for cannot be read */
};

/* What was found. */
struct label {
    const char *kind;     /* a word; NULL: nothing is known */
    const char *evidence; /* which signal said so */
    char text[448];       /* raw: names in it come from anybody */
};

/* Judges as far as the evidence goes. Returns true when *out is the verdict; false when
 * trial->request is to be answered first. */
bool label_judge(struct trial *trial, struct label *out);

/* Answers the request. `text` is lent until the trial is over, that of a process (not of a file)
 * until its evidence is. `readable` false: it may be there, but could not be looked at. */
void label_answer(struct trial *trial, struct text text, bool readable);

/* What the root is. `host` may be empty. */
void label_root(uint32_t inode, bool wsl, const char *host, struct label *out);

#endif
