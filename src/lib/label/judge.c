/* SPDX-License-Identifier: MIT */
/*
 * The judge. What there is to know of engines is in engines.c: this asks for what their rules want,
 * takes the first that says something, and puts the label together.
 *
 * Whose word that is says whose(): what a user can make up himself is his, and the label names him;
 * what he notes in files is not even read, which may_tell() refuses.
 *
 * The one rule over all others is applied in one place, is_new(): what a process inherits (cgroup,
 * mounts, variables, files at its root) says something of a namespace only if the init of the
 * namespace around it, and its own parent process, do not show the same. A sandbox within a
 * container shows the container's id, and is not that container.
 */
#include "label/judge.h"

#include <stdio.h>
#include <string.h>

#include "label/cgroup.h"
#include "label/engines.h"

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

/* Whether root's parent process stands for the init, whoever that runs as. Not that of orphans: the
 * init of the namespace around adopts anybody's. */
static bool is_vouched(struct trial *trial)
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
           (who == WHO_INIT && is_vouched(trial) && trial_in_user_ns(trial, who));
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
    if (trial->n_files == LABEL_FILES_MAX || strlen(path) >= sizeof file->path)
        return (struct text){0};
    strcpy(file->path, path);
    trial->request.who = who;
    trial->request.fact = FACT_FILE;
    trial->request.path = file->path;
    trial->missing = true;
    return (struct text){0};
}

void label_answer(struct trial *trial, struct text text, bool readable)
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

/* What one rule says of one process. No zeroing: most rules find nothing, and all are asked of
 * every namespace. */
static bool ask(struct trial *trial, const struct rule *rule, enum who who, struct found *found)
{
    found->who = who;
    found->kind = rule->kind;
    found->id[0] = found->name[0] = found->note[0] = '\0';
    return rule->signal(trial, found);
}

static bool is_same(const struct found *a, const struct found *b)
{
    return a->kind == b->kind && strcmp(a->id, b->id) == 0 && strcmp(a->name, b->name) == 0;
}

/* The rule over all others: what was found of the init is found neither of the init of the
 * namespace around nor of the parent process; and at least one of them could be looked at. */
static bool is_new(struct trial *trial, const struct rule *rule, const struct found *found)
{
    static const enum who others[] = {WHO_OUTER, WHO_PARENT};
    bool compared = false;

    for (size_t i = 0; i < 2; i++) {
        struct found other;

        if (!trial->who[others[i]])
            continue;
        trial->unreadable = false;
        bool has = ask(trial, rule, others[i], &other);
        if (trial->missing || (has && is_same(found, &other)))
            return false;
        compared = compared || !trial->unreadable;
    }
    return compared;
}

/* Whether no one but root can have made up what a rule found. */
static bool is_roots_word(struct trial *trial, const struct rule *rule)
{
    if (rule->teller == BY_PARENT)
        return trial_is_roots(trial, WHO_PARENT);
    if (is_vouched(trial))
        return true;
    if (rule->teller == BY_CGROUP)
        return !cgroup_user(trial_get(trial, WHO_INIT, FACT_CGROUP)) &&
               (trial_is_roots(trial, WHO_PARENT) || trial_is_roots(trial, WHO_INIT));
    return trial_is_roots(trial, WHO_INIT);
}

/* The user whose word it is, to be said with it; 0 where it goes without saying: it is root's, or
 * who looks is that user. An init can run as one of the IDs that were lent to its user (subuid(5)),
 * so its parent is asked first. */
static uint32_t whose(struct trial *trial, const struct rule *rule, bool roots)
{
    const struct evidence *init = trial->who[WHO_INIT], *parent = trial->who[WHO_PARENT];
    uint32_t uid = 0;

    if (roots)
        return 0;
    if (rule->teller == BY_CGROUP)
        uid = cgroup_user(trial_get(trial, WHO_INIT, FACT_CGROUP));
    if (uid == 0)
        uid = parent && (parent->uid != 0 || rule->teller == BY_PARENT) ? parent->uid : init->uid;
    return uid == trial->caller ? 0 : uid;
}

/* The last of a rule that has found something: who says so. False where only root can. */
static bool judge_teller(struct trial *trial, const struct rule *rule, struct found *found)
{
    bool roots = is_roots_word(trial, rule);

    found->uid = whose(trial, rule, roots);
    return roots || !engine_kinds[found->kind].roots_only;
}

/* Room for the last part of a label, which is never cut off. */
#define WHOSE_BYTES sizeof " of uid 4294967295"

/* `TITLE NAME (ID)`, or what of it there is, and whose it is. */
static void compose(const struct found *found, const struct rule *rule, struct label *out)
{
    const size_t room = sizeof out->text - WHOSE_BYTES;
    const char *title = engine_kinds[found->kind].title;
    bool hex = text_is_hex(text_of(found->id), 12);
    const char *id = found->id, *note = found->note;
    char behind[192] = "";

    if (id[0] && (found->name[0] || note[0]))
        snprintf(behind, sizeof behind, "%.*s%s%s", hex ? 12 : 64, id, note[0] ? ", " : "", note);
    else
        snprintf(behind, sizeof behind, "%s", note);
    out->kind = engine_kinds[found->kind].word;
    out->evidence = rule->evidence;
    snprintf(out->text, room, "%s%s%s", title, title[0] && found->name[0] ? " " : "", found->name);
    size_t used = strlen(out->text);
    if (behind[0])
        snprintf(out->text + used, room - used, " (%s)", behind);
    else if (id[0])
        snprintf(out->text + used, room - used, " %.*s", hex ? 12 : 64, id);
    used = strlen(out->text);
    if (found->uid != 0)
        snprintf(out->text + used, sizeof out->text - used, " of uid %u", (unsigned)found->uid);
}

bool label_judge(struct trial *trial, struct label *out)
{
    out->kind = out->evidence = NULL;
    out->text[0] = '\0';
    for (; trial->rule < engine_n_rules; trial->rule++) {
        const struct rule *rule = &engine_rules[trial->rule];
        struct found found;

        trial->missing = false;
        bool hit = ask(trial, rule, WHO_INIT, &found);
        if (hit && !trial->missing && rule->inherited)
            hit = is_new(trial, rule, &found);
        if (hit && !trial->missing && engine_kinds[found.kind].settle)
            hit = engine_kinds[found.kind].settle(trial, &found);
        if (hit && !trial->missing)
            hit = judge_teller(trial, rule, &found);
        if (trial->missing)
            return false;
        if (hit) {
            compose(&found, rule, out);
            return true;
        }
    }
    return true;
}

void label_root(uint32_t inode, bool wsl, const char *host, struct label *out)
{
    bool initial = inode == 4026531836U;

    *out = (struct label){.evidence = "inode"};
    if (initial && wsl) {
        out->kind = "wsl";
        snprintf(out->text, sizeof out->text, "WSL 2 VM");
    } else if (initial) {
        out->kind = "host";
        snprintf(out->text, sizeof out->text, "host%s%s", host[0] ? " " : "", host);
    } else {
        out->kind = "container";
        snprintf(out->text, sizeof out->text, "this container");
    }
}
