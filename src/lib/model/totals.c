/* SPDX-License-Identifier: MIT */
#include "model/totals.h"

#include <errno.h>

#include "base/number.h"

/* A sum over processes. */
struct sum {
    uint64_t n, zombies, inferred;
    struct nstree_usage usage; /* `start` is not used */
};

struct filling {
    const struct builder *builder;
    struct nstree *tree;
    struct nstree_usage *next; /* room for those of namespaces and containers; NULL: none */
    struct sum *containers;    /* one a container */
};

static bool is_zombie(const struct nstree_process *process)
{
    return process->state == 'Z' && !(process->flags & NSTREE_PROCESS_LEADERLESS);
}

static void add_process(const struct filling *filling, struct sum *sum,
                        const struct nstree_process *process)
{
    static const struct nstree_usage unknown = {NSTREE_USAGE_UNKNOWN, NSTREE_USAGE_UNKNOWN,
                                                NSTREE_USAGE_UNKNOWN, NSTREE_USAGE_UNKNOWN};
    const struct nstree_usage *usage = process->usage ? process->usage : &unknown;

    sum->n++;
    sum->zombies += is_zombie(process);
    sum->inferred += (process->flags & NSTREE_PROCESS_INFERRED) != 0;
    if (!filling->next)
        return;
    add_known(&sum->usage.rss, usage->rss);
    add_known(&sum->usage.cpu, usage->cpu);
    add_known(&sum->usage.threads, usage->threads);
}

/* How many processes there are: those that were counted or, where that says something, those that
 * were seen. `unsure`: that none was seen says nothing. */
static uint64_t total_of(const struct filling *filling, uint64_t counted, bool unsure,
                         const struct sum *sum)
{
    if (counted != NSTREE_TOTAL_UNKNOWN && counted >= sum->n)
        return counted;
    return filling->builder->info.partial || (unsure && sum->n == 0) ? NSTREE_TOTAL_UNKNOWN
                                                                     : sum->n;
}

/* What is known of the zombies among `total`, of which those in the sum were seen. */
static uint64_t zombies_of(const struct filling *filling, uint64_t recorded, uint64_t total,
                           const struct sum *sum)
{
    if (filling->builder->info.source == NSTREE_SOURCE_RECORDING &&
        recorded != NSTREE_TOTAL_UNKNOWN && recorded >= sum->zombies)
        return recorded;
    return total == sum->n ? sum->zombies : NSTREE_TOTAL_UNKNOWN;
}

/* The usage of `total` processes, of which those in the sum were seen. */
static const struct nstree_usage *usage_of(struct filling *filling,
                                           const struct nstree_usage *recorded, uint64_t total,
                                           const struct nstree_process *init, const struct sum *sum)
{
    struct nstree_usage *usage = filling->next;

    if (!usage)
        return NULL;
    if (filling->builder->info.source == NSTREE_SOURCE_RECORDING && recorded)
        return recorded;
    filling->next++;
    *usage = sum->usage;
    if (total != sum->n)
        usage->rss = usage->cpu = usage->threads = NSTREE_USAGE_UNKNOWN;
    usage->start = init && init->usage ? init->usage->start : NSTREE_USAGE_UNKNOWN;
    return usage;
}

static void fill_namespace(struct filling *filling, uint32_t at)
{
    const struct builder *builder = filling->builder;
    const struct ns_record *facts = &builder->nodes[builder->order[at]].facts;
    struct nstree *tree = filling->tree;
    struct nstree_ns *ns = &tree->namespaces[at];
    struct sum sum = {.n = 0};

    for (size_t i = 0; i < ns->n_members; i++) {
        const struct nstree_process *process = &ns->members[i];

        add_process(filling, &sum, process);
        if (process->container && process->container->ns == ns)
            add_process(filling, &filling->containers[process->container - tree->containers],
                        process);
    }
    ns->total = total_of(filling, facts->total, facts->unsure, &sum);
    if (ns->inferred < sum.inferred) /* recorded members may be more than those that are here */
        ns->inferred = sum.inferred;
    ns->zombies = zombies_of(filling, facts->zombies, ns->total, &sum);
    ns->usage = usage_of(filling, facts->usage, ns->total, ns->init, &sum);
}

/* Containers are in the order of the builder's. */
static void fill_container(struct filling *filling, size_t i)
{
    const struct nstree_container *recorded = &filling->builder->containers[i].facts;
    struct nstree_container *container = &filling->tree->containers[i];
    const struct sum *sum = &filling->containers[i];

    container->total = total_of(filling, recorded->total, false, sum);
    container->zombies = zombies_of(filling, recorded->zombies, container->total, sum);
    container->usage = usage_of(filling, recorded->usage, container->total, container->init, sum);
}

/* Whether the usage of anything was asked for, or recorded. */
static bool has_usage(const struct builder *builder)
{
    for (size_t i = 0; i < builder->n_drafts; i++) {
        if (builder->drafts[i].process.usage)
            return true;
    }
    for (size_t i = 0; i < builder->n_nodes; i++) {
        if (builder->nodes[i].facts.usage)
            return true;
    }
    return false;
}

int totals_fill(const struct builder *builder, struct nstree *tree)
{
    const size_t n = builder->n_order + tree->n_containers;
    AUTO_FREE struct sum *sums = calloc(tree->n_containers + 1, sizeof *sums);
    struct filling filling = {.builder = builder, .tree = tree, .containers = sums};

    if (has_usage(builder)) {
        filling.next = arena_alloc_wide(&tree->arena, n * sizeof *filling.next);
        if (!filling.next)
            return -ENOMEM;
    }
    if (!sums)
        return -ENOMEM;
    for (uint32_t at = 0; at < builder->n_order; at++)
        fill_namespace(&filling, at);
    for (size_t i = 0; i < tree->n_containers; i++)
        fill_container(&filling, i);
    return 0;
}
