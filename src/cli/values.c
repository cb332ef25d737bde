/* SPDX-License-Identifier: MIT */
#include "cli/values.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "cli/describe.h"
#include "cli/users.h"

static const struct value none = {.kind = VALUE_NONE};

static struct value number(uint64_t n)
{
    return (struct value){.kind = VALUE_NUMBER, .number = n};
}

/* A number, unless it is the one that stands for an unknown. */
static struct value known(uint64_t n, uint64_t unknown, enum value_kind kind)
{
    return n == unknown ? none : (struct value){.kind = kind, .number = n};
}

static struct value text(const char *words)
{
    return words && *words ? (struct value){.kind = VALUE_TEXT, .text = words} : none;
}

static struct value id(const struct nstree_ns *ns)
{
    return ns ? (struct value){.kind = VALUE_ID, .ns = ns} : none;
}

/* What the members of a namespace use, without those below. Nobody uses nothing. */
static struct sums sums_of(const struct nstree_ns *ns, bool part)
{
    const struct nstree_usage *usage = ns->usage;
    uint64_t unknown = ns->total == 0 ? 0 : NSTREE_USAGE_UNKNOWN;

    if (part) /* namespaces below can have been left out */
        return (struct sums){NSTREE_USAGE_UNKNOWN, NSTREE_USAGE_UNKNOWN, NSTREE_USAGE_UNKNOWN};
    return (struct sums){ns->total, usage ? usage->rss : unknown, usage ? usage->cpu : unknown};
}

/* Sums up from the leaves to the root. Children follow their parents. */
static void sum_up(struct sums *sums, const struct nstree *tree)
{
    const struct nstree_ns *root = nstree_root(tree);
    bool part = nstree_info(tree)->partial || nstree_info(tree)->selected;

    for (size_t i = 0; i <= root->below; i++)
        sums[i] = sums_of(&root[i], part);
    for (size_t i = root->below; i > 0; i--) {
        struct sums *parent = &sums[root[i].parent - root];

        add_known(&parent->inside, sums[i].inside);
        add_known(&parent->rss, sums[i].rss);
        add_known(&parent->cpu, sums[i].cpu);
    }
}

int values_begin(struct values *values, const struct nstree *tree, const struct look *look)
{
    *values = (struct values){.tree = tree, .look = look};
    if (!look->summary)
        return 0;
    values->sums = calloc(nstree_root(tree)->below + 1, sizeof *values->sums);
    if (!values->sums)
        return -ENOMEM;
    sum_up(values->sums, tree);
    return 0;
}

void values_end(struct values *values)
{
    free(values->sums);
}

/* The usage of a process, namespace or container, or NULL. */
static const struct nstree_usage *usage_of(const struct look *look, const struct entry *entry)
{
    if (entry->container)
        return entry->container->usage;
    if (look->summary)
        return entry->ns->usage;
    return entry->process->usage;
}

static struct value get_usage(const struct values *values, enum column column,
                              const struct entry *entry)
{
    const struct nstree_usage *usage = usage_of(values->look, entry);
    int64_t taken = nstree_info(values->tree)->taken;

    if (!usage)
        return none;
    switch (column) {
    case COLUMN_RSS:
        return known(usage->rss, NSTREE_USAGE_UNKNOWN, VALUE_NUMBER);
    case COLUMN_CPU:
        return known(usage->cpu, NSTREE_USAGE_UNKNOWN, VALUE_HUNDREDTHS);
    case COLUMN_THREADS:
        return known(usage->threads, NSTREE_USAGE_UNKNOWN, VALUE_NUMBER);
    case COLUMN_START:
        return known(usage->start, NSTREE_USAGE_UNKNOWN, VALUE_TIME);
    default: /* COLUMN_AGE */
        if (usage->start == NSTREE_USAGE_UNKNOWN || taken <= 0)
            return none;
        uint64_t began = usage->start / 100, now = (uint64_t)taken;
        return (struct value){.kind = VALUE_AGE, .number = began < now ? now - began : 0};
    }
}

/* The container of an entry; of a namespace, the one that its init is in. */
static const struct nstree_container *container_of(const struct look *look,
                                                   const struct entry *entry)
{
    if (!look->labels)
        return NULL;
    if (entry->container)
        return entry->container;
    return look->summary ? entry->ns->container : entry->process->container;
}

/* What an entry is, in a word or for people. A process is in a container; one that is in none can
 * be in a namespace that something else made. */
static const char *label_of(const struct look *look, const struct entry *entry, bool kind)
{
    const struct nstree_container *container = container_of(look, entry);
    const struct nstree_ns *ns = entry->ns;

    if (!look->labels)
        return NULL;
    if (entry_is_namespace(look, entry) || (!container && ns->parent))
        return kind ? ns->kind : ns->label;
    return !container ? NULL : kind ? container->kind : container->label;
}

static struct value get_label(const struct values *values, enum column column,
                              const struct entry *entry)
{
    const struct nstree_container *container = container_of(values->look, entry);

    switch (column) {
    case COLUMN_KIND:
        return text(label_of(values->look, entry, true));
    case COLUMN_CNAME:
        return text(container ? container->name : NULL);
    case COLUMN_CID:
        return text(container ? container->id : NULL);
    default: /* COLUMN_CONTAINER, COLUMN_LABEL */
        return text(label_of(values->look, entry, false));
    }
}

/* What only namespaces have, and containers that share one in place of them. */
static struct value get_namespace(const struct values *values, enum column column,
                                  const struct entry *entry)
{
    const struct nstree_container *sharer = entry->container;
    const struct nstree_ns *ns = entry->ns;
    uint64_t total = sharer ? sharer->total : ns->total;
    const struct sums *sums =
        sharer || !values->sums ? NULL : &values->sums[ns - nstree_root(values->tree)];

    switch (column) {
    case COLUMN_PROCS:
        return known(total, NSTREE_TOTAL_UNKNOWN, VALUE_NUMBER);
    case COLUMN_ZOMBIES:
        return known(sharer ? sharer->zombies : ns->zombies, NSTREE_TOTAL_UNKNOWN, VALUE_NUMBER);
    case COLUMN_INSIDE:
        return sums ? known(sums->inside, NSTREE_USAGE_UNKNOWN, VALUE_NUMBER) : none;
    case COLUMN_RSSALL:
        return sums ? known(sums->rss, NSTREE_USAGE_UNKNOWN, VALUE_NUMBER) : none;
    case COLUMN_CPUALL:
        return sums ? known(sums->cpu, NSTREE_USAGE_UNKNOWN, VALUE_HUNDREDTHS) : none;
    case COLUMN_NSID:
        return known(ns->nsid, 0, VALUE_NUMBER);
    default: /* COLUMN_USERNS */
        return known(ns->user_ns, 0, VALUE_NUMBER);
    }
}

/* A user by name, or else by number. */
static struct value get_user(const struct look *look, uint32_t uid)
{
    const char *name =
        look->users && uid != NSTREE_UID_UNKNOWN ? users_name(look->users, uid) : NULL;

    return name ? text(name) : known(uid, NSTREE_UID_UNKNOWN, VALUE_NUMBER);
}

/* What a process has, or an init. */
static struct value get_process(const struct values *values, enum column column,
                                const struct nstree_process *process)
{
    if (!process)
        return none;
    switch (column) {
    case COLUMN_PID:
    case COLUMN_INIT:
        return number(process->pid);
    case COLUMN_OWN:
        return number(process->nspid[process->levels - 1]);
    case COLUMN_NSPID:
        return (struct value){.kind = VALUE_CHAIN, .process = process};
    case COLUMN_PPID:
        return number(process->ppid);
    case COLUMN_USER:
        return get_user(values->look, process->uid);
    case COLUMN_UID:
        return known(process->uid, NSTREE_UID_UNKNOWN, VALUE_NUMBER);
    case COLUMN_STATE:
        return (struct value){.kind = VALUE_LETTER, .number = (unsigned char)process->state};
    case COLUMN_NAME:
        return text(describe_raw_name(values->look, process));
    default: /* COLUMN_ARGS, COLUMN_COMMAND */
        return text(process->args ? process->args : process->name);
    }
}

struct value values_get(const struct values *values, enum column column, const struct entry *entry)
{
    switch (column) {
    case COLUMN_NS:
        return id(entry->ns);
    case COLUMN_PNS:
        return id(entry->ns->parent);
    case COLUMN_LEVEL:
        return number(entry->ns->level);
    case COLUMN_OWNER:
        return get_user(values->look, entry->ns->owner_uid);
    case COLUMN_START:
    case COLUMN_AGE:
    case COLUMN_RSS:
    case COLUMN_CPU:
    case COLUMN_THREADS:
        return get_usage(values, column, entry);
    case COLUMN_KIND:
    case COLUMN_CONTAINER:
    case COLUMN_LABEL:
    case COLUMN_CNAME:
    case COLUMN_CID:
        return get_label(values, column, entry);
    case COLUMN_PROCS:
    case COLUMN_INSIDE:
    case COLUMN_ZOMBIES:
    case COLUMN_RSSALL:
    case COLUMN_CPUALL:
    case COLUMN_NSID:
    case COLUMN_USERNS:
        return get_namespace(values, column, entry);
    case COLUMN_MARKS:
        return (struct value){.kind = VALUE_MARKS, .entry = entry};
    default:
        return get_process(values, column, entry->process);
    }
}

/* PID by PID. */
static int compare_chains(const struct nstree_process *a, const struct nstree_process *b)
{
    for (size_t i = 0; i < a->levels && i < b->levels; i++) {
        int order = compare_numbers(a->nspid[i], b->nspid[i]);

        if (order != 0)
            return order;
    }
    return compare_numbers(a->levels, b->levels);
}

/* Users can be names and numbers: numbers come first. */
static int compare_known(const struct value *a, const struct value *b)
{
    if (a->kind != b->kind)
        return compare_numbers(a->kind, b->kind);
    switch (a->kind) {
    case VALUE_TEXT:
        return strcmp(a->text, b->text);
    case VALUE_CHAIN:
        return compare_chains(a->process, b->process);
    case VALUE_ID:
        return compare_numbers(a->ns->id, b->ns->id);
    default:
        return compare_numbers(a->number, b->number);
    }
}

int values_compare(const struct value *a, const struct value *b, bool descending)
{
    if (a->kind == VALUE_NONE || b->kind == VALUE_NONE)
        return compare_numbers(a->kind == VALUE_NONE, b->kind == VALUE_NONE);
    return descending ? compare_known(b, a) : compare_known(a, b);
}
