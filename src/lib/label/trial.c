/* SPDX-License-Identifier: MIT */
#include "label/trial.h"

#include <string.h>

struct text trial_get(struct trial *trial, enum who who, enum fact fact)
{
    const struct evidence *evidence = trial->who[who];

    if (!evidence) {
        trial->unreadable = true;
        return (struct text){0};
    }
    if (evidence->read & 1U << fact) {
        trial->unreadable = trial->unreadable || !evidence->facts[fact].at;
        return evidence->facts[fact];
    }
    if (!trial->missing) {
        trial->request.who = who;
        trial->request.fact = fact;
        trial->request.path = NULL;
    }
    trial->missing = true;
    return (struct text){0};
}

/* Where the link cannot be read the uid alone has to do: one who is not root in the user namespace
 * of who looks is seen as 0 there only if root has made him so. */
bool trial_in_user_ns(struct trial *trial, enum who who)
{
    bool unreadable = trial->unreadable;
    struct text space = trial_get(trial, who, FACT_USER_NS);

    trial->unreadable = unreadable;
    return !space.at || !trial->user_ns.at || text_equal(space, trial->user_ns);
}

bool trial_is_roots(struct trial *trial, enum who who)
{
    return trial->who[who] && trial->who[who]->uid == 0 && trial_in_user_ns(trial, who);
}

bool trial_is_vouched(struct trial *trial)
{
    const struct evidence *parent = trial->who[WHO_PARENT], *outer = trial->who[WHO_OUTER];

    return parent && !(outer && outer->pid == parent->pid) && trial_is_roots(trial, WHO_PARENT);
}

/*
 * Whether files beneath the root of that process are believed, and looked at at all. Root's are;
 * the caller's own are, for whom it is no news and who opens them as himself. A user's root can be
 * made of anything, and lead to any file (mount_namespaces(7)): what is not known to be one of
 * these is refused. The init of root's container may run as anybody, as long as it has not gone to
 * a user namespace where it could mount.
 */
static bool may_tell(struct trial *trial, enum who who)
{
    uint32_t uid = trial->who[who]->uid;

    if (uid != 0 && uid == trial->caller)
        return true;
    return trial_is_roots(trial, who) ||
           (who == WHO_INIT && trial_is_vouched(trial) && trial_in_user_ns(trial, who));
}

struct text trial_file(struct trial *trial, enum who who, const char *path)
{
    if (!trial->who[who] || trial->missing) {
        trial->unreadable = true;
        return (struct text){0};
    }
    for (size_t i = 0; i < trial->n_files; i++) {
        const struct file_evidence *file = &trial->files[i];

        if (file->who == who && strcmp(file->path, path) == 0) {
            trial->unreadable = trial->unreadable || !file->readable;
            return file->text;
        }
    }
    struct file_evidence *file = &trial->files[trial->n_files];
    if (!may_tell(trial, who) || trial->missing) {
        trial->unreadable = true;
        return (struct text){0};
    }
    if (trial->n_files == TRIAL_FILES_MAX || strlen(path) >= sizeof file->path)
        return (struct text){0};
    strcpy(file->path, path);
    trial->request.who = who;
    trial->request.fact = FACT_FILE;
    trial->request.path = file->path;
    trial->missing = true;
    return (struct text){0};
}

void trial_answer(struct trial *trial, struct text text, bool readable)
{
    if (trial->request.fact == FACT_FILE) {
        struct file_evidence *file = &trial->files[trial->n_files++];

        file->who = trial->request.who;
        file->text = text;
        file->readable = readable;
    } else {
        struct evidence *evidence = trial->who[trial->request.who];

        evidence->facts[trial->request.fact] = text;
        evidence->read |= 1U << trial->request.fact;
    }
}

bool trial_is_named(const struct trial *trial, enum who who, const char *name)
{
    return trial->who[who] && strcmp(trial->who[who]->name, name) == 0;
}

bool trial_is_program(struct trial *trial, enum who who, const char *program)
{
    const struct evidence *evidence = trial->who[who];

    if (!evidence || strncmp(evidence->name, program, 15) != 0)
        return false;
    struct text args = trial_get(trial, who, FACT_CMDLINE);
    if (args.len > 0 && !text_starts(text_base(args_first(args)), program))
        return false;
    struct text exe = trial_get(trial, who, FACT_EXE), base = text_base(exe);
    return !trial->missing && (!exe.at || text_starts(base, program) ||
                               text_starts(base, "busybox") || text_starts(base, "toybox"));
}

struct text trial_parent_args(struct trial *trial, const char *program)
{
    if (!trial_is_program(trial, WHO_PARENT, program))
        return (struct text){0};
    return trial_get(trial, WHO_PARENT, FACT_CMDLINE);
}

bool trial_own_mounts(struct trial *trial)
{
    static const enum who others[] = {WHO_OUTER, WHO_PARENT};

    if (trial->mounts == MOUNTS_UNKNOWN) {
        bool unreadable = trial->unreadable;
        struct text own = trial_get(trial, WHO_INIT, FACT_MNT_NS);
        bool shared = false;

        for (size_t i = 0; i < 2 && !trial->missing && own.at; i++) {
            struct text other = trial_get(trial, others[i], FACT_MNT_NS);

            shared = shared || (other.at && text_equal(own, other));
        }
        trial->unreadable = unreadable; /* that says nothing against what is found later */
        if (!trial->missing)
            trial->mounts = shared ? MOUNTS_SHARED : MOUNTS_OWN;
    }
    return trial->mounts == MOUNTS_OWN;
}

bool trial_own_root(struct trial *trial)
{
    static const enum who others[] = {WHO_OUTER, WHO_PARENT};
    struct mount own, other;

    if (!trial_own_mounts(trial))
        return false;
    bool unreadable = trial->unreadable, differs = true;
    if (!mount_at(trial_get(trial, WHO_INIT, FACT_MOUNTS), "/", &own))
        return false;
    for (size_t i = 0; i < 2 && !trial->missing; i++) {
        if (mount_at(trial_get(trial, others[i], FACT_MOUNTS), "/", &other))
            differs = differs &&
                      !(text_equal(own.device, other.device) && text_equal(own.root, other.root));
    }
    trial->unreadable = unreadable;
    return differs && !trial->missing;
}
