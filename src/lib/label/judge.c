/* SPDX-License-Identifier: MIT */
/*
 * Tries the rules of engines.c one after another, believes the first that finds something, and puts
 * the label together.
 *
 * What a process inherits (cgroup, mounts, variables) says something about a
 * namespace only if neither the parent process nor the init of the parent namespace shows the same:
 * a sandbox within a container shows the container's ID, but is not that container. is_new() checks
 * that for all rules.
 *
 * A user can forge the signals of his own processes. A label that rests on them names the user
 * (author_uid()). Files below the roots of such processes are not even opened (trial_file()).
 */
#include "label/judge.h"

#include <stdio.h>
#include <string.h>

#include "label/cgroup.h"
#include "label/engines.h"
#include "label/wsl.h"
#include "nstree.h"

/* Applies one rule to one process. *found is not zeroed as a whole: all rules are applied to each
 * namespace, and most of them find nothing. */
static bool apply(struct trial *trial, const struct rule *rule, enum who who, struct found *found)
{
    found->who = who;
    found->kind = rule->kind;
    found->id[0] = found->name[0] = found->shown[0] = found->detail[0] = '\0';
    found->k8s_namespace[0] = found->pod[0] = found->image[0] = '\0';
    found->hides_id = false;
    found->init = 0;
    return (!rule->parent || trial_is_program(trial, WHO_PARENT, rule->parent)) &&
           (!rule->signal || rule->signal(trial, found));
}

static bool is_same(const struct found *a, const struct found *b)
{
    return a->kind == b->kind && strcmp(a->id, b->id) == 0 && strcmp(a->name, b->name) == 0;
}

/* Whether the init did not inherit what was found. At least one of the processes that it can have
 * inherited from must be readable. */
static bool is_new(struct trial *trial, const struct rule *rule, const struct found *found)
{
    bool compared = false;

    for (size_t i = 0; i < 2; i++) {
        struct found other;

        if (!trial->evidence[trial_around[i]])
            continue;
        trial->unreadable = false;
        bool has = apply(trial, rule, trial_around[i], &other);
        if (trial->missing || (has && is_same(found, &other)))
            return false;
        compared = compared || !trial->unreadable;
    }
    return compared;
}

/* Whether the namespace of a service is root's. Another user can make one only in a user namespace
 * of his own, and cannot if the init is in the caller's. */
static bool is_service_of_root(struct trial *trial)
{
    const struct evidence *init = trial->evidence[WHO_INIT];

    return !cgroup_user(trial_get(trial, WHO_INIT, FACT_CGROUP)) &&
           trial_is_root(trial, WHO_PARENT) && trial_in_user_ns(trial, WHO_INIT) &&
           (init->uid == 0 || init->facts[FACT_USER_NS].at);
}

/* Whether only root can have forged the signal of a rule. */
static bool is_from_root(struct trial *trial, const struct rule *rule)
{
    if (rule->author == BY_SERVICE)
        return is_service_of_root(trial);
    if (rule->author == BY_PARENT)
        return trial_is_root(trial, WHO_PARENT);
    if (trial_started_by_root(trial))
        return true;
    if (rule->author == BY_CGROUP)
        return !cgroup_user(trial_get(trial, WHO_INIT, FACT_CGROUP)) &&
               (trial_is_root(trial, WHO_PARENT) || trial_is_root(trial, WHO_INIT));
    return trial_is_root(trial, WHO_INIT);
}

/* The user that the label names as the author of the signal; 0 if that is root or the caller. The
 * parent is asked first: an init can run as one of its user's subordinate IDs (subuid(5)). */
static uint32_t author_uid(struct trial *trial, const struct rule *rule)
{
    const struct evidence *init = trial->evidence[WHO_INIT], *parent = trial->evidence[WHO_PARENT];
    uint32_t uid = 0;

    if (rule->author == BY_CGROUP || rule->author == BY_SERVICE)
        uid = cgroup_user(trial_get(trial, WHO_INIT, FACT_CGROUP));
    if (uid == 0)
        uid = parent && (parent->uid != 0 || rule->author == BY_PARENT) ? parent->uid : init->uid;
    return uid == trial->caller ? 0 : uid;
}

/* Whether a rule shows which container a process is in that shares a PID namespace. */
static bool is_of_members(const struct rule *rule)
{
    return engine_kinds[rule->kind].flags & SHARING &&
           (rule->author == BY_CGROUP || rule->author == BY_PARENT);
}

/* Whether a rule finds something in a namespace that is to be believed; also false if an answer is
 * missing. */
static bool try_rule(struct trial *trial, const struct rule *rule, struct found *found)
{
    trial->missing = false;
    if (!apply(trial, rule, WHO_INIT, found) || trial->missing)
        return false;
    if (rule->inherited && !trial->member && !is_new(trial, rule, found))
        return false;
    const struct engine_kind *kind = &engine_kinds[found->kind];
    if (kind->find_name && (!kind->find_name(trial, found) || trial->missing))
        return false;
    bool from_root = is_from_root(trial, rule);
    found->uid = from_root ? 0 : author_uid(trial, rule);
    return (from_root || !(engine_kinds[found->kind].flags & ROOT_ONLY)) && !trial->missing;
}

/* Room for the last part of a label, which is never cut off. */
#define UID_BYTES sizeof " of uid 4294967295"

/* `TITLE NAME (ID, DETAIL) of uid UID`, or as much of it as there is. */
static void compose(const struct rule *rule, struct label *out)
{
    const struct found *found = &out->found;
    const char *title = engine_kinds[found->kind].title, *detail = found->detail;
    const char *name = found->shown[0] ? found->shown : found->name;
    int digits = text_is_hex(text_of(found->id), 12) ? 12 : 64;
    bool id = found->id[0] && !found->hides_id, brackets = detail[0] || (id && name[0]);

    out->kind = engine_kinds[found->kind].word;
    out->container = engine_kinds[found->kind].flags & CONTAINER;
    out->evidence = rule->evidence;
    snprintf(out->text, sizeof out->text - UID_BYTES, "%s%s%s%s%.*s%s%s%s", title,
             title[0] && name[0] ? " " : "", name,
             brackets ? " ("
             : id     ? " "
                      : "",
             id ? digits : 0, found->id, id && detail[0] ? ", " : "", detail, brackets ? ")" : "");
    size_t used = strlen(out->text);
    if (found->uid != 0)
        snprintf(out->text + used, sizeof out->text - used, " of uid %u", (unsigned)found->uid);
}

/* Tries the rules for the distributions of WSL, by the init and process 2 alone: the processes that
 * they can have inherited from cannot be seen. */
static bool judge_distribution(struct trial *trial, struct label *out)
{
    *out = (struct label){"container", "inode", "this container", false, {0}};
    for (size_t i = 0; i < engine_n_rules && trial->wsl && trial->evidence[WHO_INIT]; i++) {
        const struct rule *rule = &engine_rules[i];

        trial->missing = false;
        bool finds = rule->kind == KIND_WSL && apply(trial, rule, WHO_INIT, &out->found);
        if (trial->missing)
            return false;
        if (finds) {
            compose(rule, out);
            out->container = false;
            return true;
        }
    }
    return true;
}

static bool judge_root(struct trial *trial, struct label *out)
{
    const char *host = trial->host;

    if (trial->root != NSTREE_INITIAL_INODE)
        return judge_distribution(trial, out);
    trial->missing = false;
    if (!trial->wsl) {
        *out = (struct label){.kind = "host", .evidence = "inode"};
        snprintf(out->text, sizeof out->text, "host%s%s", host[0] ? " " : "", host);
    } else if (wsl_is_wslc(trial)) {
        *out = (struct label){"wsl", "variable WSLC_ROOT_INIT", "WSL 2 VM (wslc)", false, {0}};
    } else {
        *out = (struct label){"wsl", "inode", "WSL 2 VM", false, {0}};
    }
    return !trial->missing;
}

bool judge_namespace(struct trial *trial, struct label *out)
{
    if (trial->root != 0)
        return judge_root(trial, out);
    out->kind = out->evidence = NULL;
    out->container = false;
    out->text[0] = '\0';
    for (; trial->rule < engine_n_rules; trial->rule++) {
        const struct rule *rule = &engine_rules[trial->rule];

        if ((!trial->member || is_of_members(rule)) && try_rule(trial, rule, &out->found)) {
            compose(rule, out);
            return true;
        }
        if (trial->missing)
            return false;
    }
    return true;
}
