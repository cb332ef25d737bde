/* SPDX-License-Identifier: MIT */
/*
 * The judge. What there is to know of engines is in engines.c: this asks for what their rules want,
 * takes the first that says something, and puts the label together.
 *
 * Whose word that is says whose(): what a user can make up himself is his, and the label names him;
 * what he notes in files is not even read, which trial_file() refuses.
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

/* What one rule says of one process. No zeroing: most rules find nothing, and all are asked of
 * every namespace. */
static bool ask(struct trial *trial, const struct rule *rule, enum who who, struct found *found)
{
    found->who = who;
    found->kind = rule->kind;
    found->id[0] = found->name[0] = found->note[0] = '\0';
    return (!rule->parent || trial_is_program(trial, WHO_PARENT, rule->parent)) &&
           (!rule->signal || rule->signal(trial, found));
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
    if (trial_is_vouched(trial))
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

bool judge_namespace(struct trial *trial, struct label *out)
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
        if (hit && !trial->missing && engine_kinds[found.kind].find_name)
            hit = engine_kinds[found.kind].find_name(trial, &found);
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

void judge_root(uint32_t inode, bool wsl, const char *host, struct label *out)
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
