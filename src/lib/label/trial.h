/* SPDX-License-Identifier: MIT */
/*
 * One namespace before the judge: the evidence that is known of its init and of the processes
 * around it, and what rules may ask of it. Pure: what is not known yet is requested, and whoever
 * drives the judge answers.
 */
#ifndef NSTREE_TRIAL_H
#define NSTREE_TRIAL_H

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

#define TRIAL_FILES_MAX 16

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

    /* What is asked for, where judge_namespace() returns false. `path` only with FACT_FILE. */
    struct {
        enum who who;
        enum fact fact;
        const char *path;
    } request;

    /* The judge's own. */
    struct file_evidence files[TRIAL_FILES_MAX];
    size_t n_files;
    size_t rule;
    enum { MOUNTS_UNKNOWN, MOUNTS_SHARED, MOUNTS_OWN } mounts;
    bool missing;    /* something was asked for that is not known yet */
    bool unreadable; /* something that was asked for cannot be read */
};

/*
 * Asking. Each of these notes what is not known yet, and the function that asked is called again
 * when that was answered: it may go on as if there were nothing.
 */

/* One fact of a process, and a file beneath its root: only of root's processes and the caller's. */
struct text trial_get(struct trial *trial, enum who who, enum fact fact);
struct text trial_file(struct trial *trial, enum who who, const char *path);

bool trial_is_named(const struct trial *trial, enum who who, const char *name);

/* Whether a process is the program that it says it is, by its name (of which the kernel keeps 15
 * bytes), then its first word and its file as far as those can be read. Busybox has many names. */
bool trial_is_program(struct trial *trial, enum who who, const char *program);

/* The command line of the parent process, if that is this program. */
struct text trial_parent_args(struct trial *trial, const char *program);

/* Whether a process is in the user namespace of who looks, as far as can be told; and root there.
 */
bool trial_in_user_ns(struct trial *trial, enum who who);
bool trial_is_roots(struct trial *trial, enum who who);

/* Whether the init does not share the mounts of those around it: cheap to see, and an engine's
 * containers never do. One who does shows no mount and no marker file of its own either. */
bool trial_own_mounts(struct trial *trial);

/* Whether it has another root directory than those around it: more than mounts of its own. */
bool trial_own_root(struct trial *trial);

/* Whether root's parent process stands for the init, whoever that runs as. Not that of orphans: the
 * init of the namespace around adopts anybody's. */
bool trial_is_vouched(struct trial *trial);

/* Answers the request. `text` is lent until the trial is over, that of a process (not of a file)
 * until its evidence is. `readable` false: it may be there, but could not be looked at. */
void trial_answer(struct trial *trial, struct text text, bool readable);

#endif
