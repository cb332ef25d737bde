/* SPDX-License-Identifier: MIT */
/*
 * The engines that namespaces are labelled by: what there is to be known of each, and what its
 * functions may ask. engines.c has the two tables and says how to add one; label.c judges by them.
 */
#ifndef NSTREE_ENGINES_H
#define NSTREE_ENGINES_H

#include "label/judge.h"

enum kind {
    KIND_NONE,
    KIND_DOCKER,
    KIND_K8S,
    KIND_PODMAN,
    KIND_CONTAINERD,
    KIND_LINUXKIT,
    KIND_NSPAWN,
    KIND_LXC,
    KIND_LXD,
    KIND_INCUS,
    KIND_WAYDROID,
    KIND_WSL,
    KIND_WSL_SYSTEM,
    KIND_DOCKER_DESKTOP,
    KIND_FLATPAK,
    KIND_NOMAD,
    KIND_GVISOR,
    KIND_CHROMIUM,
    KIND_FIREJAIL,
    KIND_NSJAIL,
    KIND_MINIJAIL,
    KIND_APPTAINER,
    KIND_FIRECRACKER,
    KIND_BUILDAH,
    KIND_BUBBLEWRAP,
    KIND_RUNC,
    KIND_CRUN,
    KIND_CONTAINER,
    KIND_UNSHARE,
    KIND_SYSTEMD,
};

/* What a signal is asked, and what it says. */
struct found {
    enum who who;   /* whose evidence is looked at */
    enum kind kind; /* that of the rule, unless the signal knows better */
    char id[72];    /* of the container: shown in 12 digits */
    char name[320]; /* for people */
    char note[96];  /* behind both */
    uint32_t uid;   /* whose word it is, if that has to be said; else 0 */
};

/* How a kind is called: in JSON, and on a line. `settle`, if there is one, looks for a name for
 * people once the kind is known, and has the last doubts: false where it is not so after all.
 * `roots_only`: nobody but root can run it, so that of others it is not believed. */
struct kind_words {
    const char *word, *title;
    bool (*settle)(struct trial *, struct found *);
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
    bool (*signal)(struct trial *, struct found *);
};

/* In the order in which they are trusted: the first that says something is right. */
extern const struct rule engine_rules[];
extern const size_t engine_n_rules;

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

#endif
