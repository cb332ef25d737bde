/* SPDX-License-Identifier: MIT */
#include "label/trial.h"

#include <string.h>

const enum who trial_around[2] = {WHO_OUTER, WHO_PARENT};

/* Makes this the request, if there is none yet. Returns the empty answer. */
static struct text request(struct trial *trial, enum who who, enum fact fact, const char *path)
{
    if (!trial->missing) {
        trial->request.who = who;
        trial->request.fact = fact;
        trial->request.path = path;
    }
    trial->missing = true;
    return (struct text){0};
}

static struct text unreadable(struct trial *trial)
{
    trial->unreadable = true;
    return (struct text){0};
}

void trial_answer(struct trial *trial, struct text text, bool readable)
{
    if (trial->request.fact >= FACT_FILE) {
        struct file_evidence *file = &trial->files[trial->n_files++];

        file->who = trial->request.who;
        file->fact = trial->request.fact;
        file->text = text;
        file->readable = readable;
    } else {
        struct evidence *evidence = trial->evidence[trial->request.who];

        evidence->facts[trial->request.fact] = text;
        evidence->read |= 1U << trial->request.fact;
    }
}

struct text trial_get(struct trial *trial, enum who who, enum fact fact)
{
    const struct evidence *evidence = trial->evidence[who];

    if (!evidence)
        return unreadable(trial);
    if (!(evidence->read & 1U << fact))
        return request(trial, who, fact, NULL);
    trial->unreadable = trial->unreadable || !evidence->facts[fact].at;
    return evidence->facts[fact];
}

/* If the link cannot be read, the UID alone must do: another user namespace shows 0 to the caller
 * only where root mapped it. */
bool trial_in_user_ns(struct trial *trial, enum who who)
{
    bool before = trial->unreadable;
    struct text link = trial_get(trial, who, FACT_USER_NS);

    trial->unreadable = before;
    return !link.at || !trial->user_ns.at || text_equal(link, trial->user_ns);
}

bool trial_is_root(struct trial *trial, enum who who)
{
    return trial->evidence[who] && trial->evidence[who]->uid == 0 && trial_in_user_ns(trial, who);
}

/* The init of the parent namespace does not count: it adopts anybody's orphans. */
bool trial_started_by_root(struct trial *trial)
{
    const struct evidence *parent = trial->evidence[WHO_PARENT],
                          *outer = trial->evidence[WHO_OUTER];

    return parent && !(outer && outer->pid == parent->pid) && trial_is_root(trial, WHO_PARENT);
}

/*
 * Whether files below the root of a process are believed, and opened at all. Those of root's
 * processes are. So are those of the caller's own: they deceive nobody else, and are opened with
 * the caller's own rights. Another user's root can be made of anything and lead to any file
 * (mount_namespaces(7)), and is refused. The init of a container of root's may run as any user, but
 * not in a user namespace, where it could mount.
 */
static bool may_open_files(struct trial *trial, enum who who)
{
    uint32_t uid = trial->evidence[who]->uid;

    if (uid != 0 && uid == trial->caller)
        return true;
    return trial_is_root(trial, who) ||
           (who == WHO_INIT && trial_started_by_root(trial) && trial_in_user_ns(trial, who));
}

static struct text beneath(struct trial *trial, enum who who, enum fact fact, const char *path)
{
    if (!trial->evidence[who] || trial->missing)
        return unreadable(trial);
    for (size_t i = 0; i < trial->n_files; i++) {
        const struct file_evidence *file = &trial->files[i];

        if (file->who == who && file->fact == fact && strcmp(file->path, path) == 0) {
            trial->unreadable = trial->unreadable || !file->readable;
            return file->text;
        }
    }
    if (!may_open_files(trial, who) || trial->missing)
        return unreadable(trial);
    struct file_evidence *file = &trial->files[trial->n_files];
    if (trial->n_files == TRIAL_FILES_MAX || strlen(path) >= sizeof file->path)
        return (struct text){0};
    strcpy(file->path, path);
    return request(trial, who, fact, file->path);
}

struct text trial_file(struct trial *trial, enum who who, const char *path)
{
    return beneath(trial, who, FACT_FILE, path);
}

struct text trial_names(struct trial *trial, enum who who, const char *path)
{
    return beneath(trial, who, FACT_NAMES, path);
}

bool trial_is_named(const struct trial *trial, enum who who, const char *name)
{
    return trial->evidence[who] && strcmp(trial->evidence[who]->name, name) == 0;
}

bool trial_runs(struct trial *trial, enum who who, const char *program)
{
    struct text args = trial_get(trial, who, FACT_CMDLINE);

    if (args.len > 0 && !text_starts(text_base(args_first(args)), program))
        return false;
    struct text exe = trial_get(trial, who, FACT_EXE), base = text_base(exe);
    return !trial->missing && (!exe.at || text_is(exe, "/") || text_starts(base, program) ||
                               text_starts(base, "busybox") || text_starts(base, "toybox"));
}

bool trial_is_program(struct trial *trial, enum who who, const char *program)
{
    const struct evidence *evidence = trial->evidence[who];

    return evidence && strncmp(evidence->name, program, COMM_LEN) == 0 &&
           trial_runs(trial, who, program);
}

struct text trial_parent_args(struct trial *trial, const char *program)
{
    if (!trial_is_program(trial, WHO_PARENT, program))
        return (struct text){0};
    return trial_get(trial, WHO_PARENT, FACT_CMDLINE);
}

static bool inherits_mounts(struct trial *trial)
{
    struct text own = trial_get(trial, WHO_INIT, FACT_MNT_NS);
    bool inherited = false;

    if (!own.at)
        return false;
    for (size_t i = 0; i < 2 && !trial->missing; i++) {
        struct text other = trial_get(trial, trial_around[i], FACT_MNT_NS);

        inherited = inherited || (other.at && text_equal(own, other));
    }
    return inherited;
}

bool trial_own_mounts(struct trial *trial)
{
    bool before = trial->unreadable;

    if (trial->mounts == MOUNTS_UNKNOWN) {
        bool inherited = inherits_mounts(trial);
        trial->unreadable = before; /* an unreadable link does not weaken what is found later */
        if (!trial->missing)
            trial->mounts = inherited ? MOUNTS_INHERITED : MOUNTS_OWN;
    }
    return trial->mounts == MOUNTS_OWN;
}

bool trial_own_root(struct trial *trial)
{
    struct mount own, other;

    if (!trial_own_mounts(trial))
        return false;
    bool before = trial->unreadable, differs = true;
    if (!mount_at(trial_get(trial, WHO_INIT, FACT_MOUNTS), "/", &own))
        return false;
    for (size_t i = 0; i < 2 && !trial->missing; i++) {
        if (mount_at(trial_get(trial, trial_around[i], FACT_MOUNTS), "/", &other))
            differs = differs &&
                      !(text_equal(own.device, other.device) && text_equal(own.root, other.root));
    }
    trial->unreadable = before;
    return differs && !trial->missing;
}
