/* SPDX-License-Identifier: MIT */
/*
 * What is known of one PID namespace while it is judged, and what rules may ask about it. Pure: the
 * first question that cannot be answered yet becomes the request, and the driver answers that.
 */
#pragma once

#include <stdint.h>

#include "label/text.h"

/* The length of a comm (TASK_COMM_LEN in include/linux/sched.h, without its NUL). */
#define COMM_LEN 15

struct notes;

/* The processes that are looked at. */
enum who {
    WHO_INIT,        /* the init of the namespace */
    WHO_PARENT,      /* its parent process, if that is a member of the parent namespace */
    WHO_OUTER,       /* the init of the parent namespace */
    WHO_SECOND,      /* process 2 of the namespace, a child of its init; WSL only */
    WHO_PEER,        /* a child of the shim or conmon that is in its namespace */
    WHO_GRANDPARENT, /* the parent process of WHO_PARENT; WSL only */
    WHO_COUNT
};

/* What is read of a process, in /proc/PID. */
enum fact {
    FACT_CGROUP,
    FACT_CMDLINE,
    FACT_ENVIRON,
    FACT_MOUNTS,  /* mountinfo */
    FACT_MNT_NS,  /* the link ns/mnt */
    FACT_USER_NS, /* the link ns/user */
    FACT_EXE,     /* the link exe */
    FACT_CWD,     /* the link cwd */
    FACT_FILE,    /* a file below its root */
    FACT_NAMES,   /* the names in a directory below its root that only root can write, one a line */
};

/* What is known of one process. */
struct evidence {
    const char *name;             /* comm */
    uint32_t pid;                 /* in the root namespace */
    uint32_t uid;                 /* in the caller's user namespace */
    uint32_t read;                /* bits of enum fact: those that were answered */
    struct text facts[FACT_FILE]; /* `at` is NULL: cannot be read */
};

/* A file, or a directory, that was requested. */
struct file_evidence {
    enum who who;
    enum fact fact;
    bool readable; /* its content, or that it does not exist, is known */
    char path[400];
    struct text text; /* `at` is NULL: it does not exist, or cannot be read */
};

#define TRIAL_FILES_MAX 16

/* Ready if zeroed and the first part is filled in. */
struct trial {
    struct evidence *evidence[WHO_COUNT]; /* NULL: no such process, or it must not be considered */
    uint32_t outer_pid;                   /* of the init, in the parent namespace */
    bool wsl;                             /* a kernel of WSL 2 */
    bool member;                          /* the "init" is any process; see judge.h */
    uint32_t root;                        /* of the root: its inode; 0: another namespace */
    const char *host;                     /* of the root: the machine's name, may be empty */
    struct text distribution;             /* of the root: WSL's that the caller is in, if known */
    bool nested_user_ns;                  /* its owner is not the root namespace's, or unknown */
    struct notes *notes;                  /* lists that were parsed before */
    bool borrowed;                        /* the caller's privileges come from the program's file */
    uint32_t caller;                      /* the caller's UID; 0 with a recorded procfs, too */
    struct text user_ns;                  /* the caller's link ns/user; `at` is NULL: unknown */

    /* The question, where judge_namespace() returns false. `path` is set only with FACT_FILE and
     * FACT_NAMES. */
    struct {
        enum who who;
        enum fact fact;
        const char *path;
    } request;

    /* The state of the judge. */
    struct file_evidence files[TRIAL_FILES_MAX];
    size_t n_files;
    size_t rule;
    enum { MOUNTS_UNKNOWN, MOUNTS_INHERITED, MOUNTS_OWN } mounts;
    bool missing;    /* an answer is not known yet: there is a request */
    bool unreadable; /* something that was requested cannot be read */
    bool refuted;    /* the init is in a container without a PID namespace of its own */
};

/* Answers the request. `text` must stay until the trial is over, that of a process (not of a file)
 * as long as its evidence. `readable` is false where a file may exist, but could not be looked at.
 */
void trial_answer(struct trial *trial, struct text text, bool readable);

/* The processes that the init can have inherited from: WHO_OUTER and WHO_PARENT. */
extern const enum who trial_around[2];

/* A fact of a process. */
struct text trial_get(struct trial *trial, enum who who, enum fact fact);

/* A file below the root of a process; only if that belongs to root or to the caller. */
struct text trial_file(struct trial *trial, enum who who, const char *path);

/* The same for the names in a directory. */
struct text trial_names(struct trial *trial, enum who who, const char *path);

/* Whether the comm of a process is `name`. */
bool trial_is_named(const struct trial *trial, enum who who, const char *name);

/* Whether a process runs this program: by its comm, which the kernel cuts, and by the two below. */
bool trial_is_program(struct trial *trial, enum who who, const char *program);

/* Whether its first argument and its exe, if they can be read, begin with the name. Busybox and
 * toybox run as any program. crun runs from a copy of its file, which has no name. */
bool trial_runs(struct trial *trial, enum who who, const char *program);

/* The command line of the parent process, if that runs this program. */
struct text trial_parent_args(struct trial *trial, const char *program);

/* Whether a process is, as far as known, in the caller's user namespace; and also root. */
bool trial_in_user_ns(struct trial *trial, enum who who);
bool trial_is_root(struct trial *trial, enum who who);

/* Whether a process of root's started the init, whatever user that runs as. */
bool trial_started_by_root(struct trial *trial);

/* Whether the init has a mount namespace that neither its parent process nor the init of the parent
 * namespace is in. That is cheap to see, and true of the containers of all engines. Without one,
 * the init has no mounts and no marker files of its own. */
bool trial_own_mounts(struct trial *trial);

/* Whether it also has a root directory that those two do not have. */
bool trial_own_root(struct trial *trial);
