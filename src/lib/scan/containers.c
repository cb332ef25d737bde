/* SPDX-License-Identifier: MIT */
#include "scan/containers.h"

#include <errno.h>
#include <string.h>

#include "base/number.h"
#include "label/cgroup.h"
#include "label/names.h"

/* What is known of a container's init. */
struct start {
    uint32_t noted;    /* its PID by the engine's notes, 0: none */
    uint32_t level;    /* of the PID namespace in which that counts */
    uint32_t starters; /* children of the process that keeps it: the init, and what was executed */
    uint32_t first;    /* the PID of the first of them */
};

struct deciding {
    struct scanner *scanner;
    struct builder *builder;
    struct asking *asking;
    struct start *starts; /* by container */
    size_t starts_capacity;
    uint64_t *around;    /* by node: the identity of its init's cgroup; AROUND_UNKNOWN at first */
    bool *shared;        /* by node: containers share it */
    struct map known;    /* identity to container, one more than its index */
    struct map keepers;  /* a set of PIDs */
    bool parents_hidden; /* parents that were not read are no sign that a process is the first */
    bool any;            /* some process is in another container than its namespace */
};

#define AROUND_UNKNOWN UINT64_MAX

static struct draft *parent_of(const struct deciding *deciding, const struct draft *draft)
{
    uint32_t parent = builder_parent(deciding->builder, draft);

    return parent == MAP_NONE ? NULL : &deciding->builder->drafts[parent];
}

/* The process that is the init of a node, or NULL. */
static struct draft *init_of(const struct deciding *deciding, uint32_t node)
{
    uint32_t init = deciding->builder->nodes[node].init;

    return init == MAP_NONE ? NULL : &deciding->builder->drafts[init];
}

/* Whether a process is the init of a nested namespace. */
static bool is_nested_init(const struct draft *draft)
{
    return draft->process.levels > 1 && is_init(&draft->process);
}

/* The namespace in which a process would be if it were in no container of its own. */
static uint32_t node_around(const struct deciding *deciding, const struct draft *draft)
{
    return is_nested_init(draft) ? deciding->builder->nodes[draft->node].parent : draft->node;
}

static uint64_t read_identity(struct witness *witness)
{
    struct evidence *evidence = &witness->evidence;

    if (!(evidence->read & 1U << FACT_CGROUP))
        evidence->facts[FACT_CGROUP] = witness_fact(witness, FACT_CGROUP);
    evidence->read |= 1U << FACT_CGROUP;
    struct cgroup cgroup = cgroup_deepest(evidence->facts[FACT_CGROUP]);
    return cgroup_identity(&cgroup);
}

/* The identity of the init's cgroup: what all of the namespace shows, if it is not shared. */
static uint64_t identity_around(struct deciding *deciding, uint32_t node)
{
    uint64_t *identity = &deciding->around[node];
    const struct draft *init = init_of(deciding, node);
    struct witness witness;

    if (*identity != AROUND_UNKNOWN)
        return *identity;
    *identity = 0;
    if (init) {
        asking_witness(deciding->asking, &witness, &init->process);
        *identity = read_identity(&witness);
        witness_close(&witness);
    }
    return *identity;
}

static uint64_t identity_of_label(const struct nstree_container *facts)
{
    uint64_t hash = hash_bytes(HASH_BEGIN, facts->kind, strlen(facts->kind) + 1);

    return hash_bytes(hash, facts->label, strlen(facts->label)) | 1;
}

/* Makes a container known by its cgroup and by its label. */
static int make_known(struct deciding *deciding, uint32_t container)
{
    const struct container_draft *draft = &deciding->builder->containers[container - 1];
    struct start *starts = array_room(deciding->starts, &deciding->starts_capacity,
                                      deciding->builder->n_containers, sizeof *starts);

    if (!starts)
        return -ENOMEM;
    deciding->starts = starts;
    starts[container - 1] = (struct start){0};
    if (draft->cgroup != 0 && map_put(&deciding->known, draft->cgroup, container) != 0)
        return -ENOMEM;
    return map_put(&deciding->known, identity_of_label(&draft->facts), container);
}

/* The process that keeps the container of a process: its nearest ancestor of such a name. Only a
 * few ancestors are known where only some processes were read; then these are read. Returns whether
 * there is one; its name then is the tree's. */
static bool find_keeper(struct deciding *deciding, const struct draft *draft,
                        struct nstree_process *keeper)
{
    struct builder *builder = deciding->builder;
    uint32_t pid = draft->process.ppid;

    for (int steps = 0; steps < 64 && pid != 0; steps++) {
        uint32_t index = builder_find(builder, pid);
        struct procfs_reader *reader = &deciding->scanner->reader;

        if (index != MAP_NONE) {
            *keeper = builder->drafts[index].process;
        } else if (builder->info.partial &&
                   procfs_read(reader, &(struct procfs_entry){.pid = pid}) == 0) {
            const struct record *record = &reader->record;
            char *name = arena_string(&builder->arena, record->name, record->name_len);

            *keeper = (struct nstree_process){.name = name ? name : "",
                                              .pid = pid,
                                              .ppid = record->ppid,
                                              .uid = record->uid,
                                              .levels = record->levels};
        } else {
            return false;
        }
        if (names_keeps_container(keeper->name))
            return true;
        pid = keeper->ppid;
    }
    return false;
}

/* Whether a process is a child of one that keeps containers. */
static bool is_kept(const struct deciding *deciding, const struct draft *draft)
{
    return draft->process.ppid != 0 && set_has(&deciding->keepers, draft->process.ppid);
}

/* Notes what a process of a container says about its init. */
static void note_start(struct deciding *deciding, const struct draft *draft, uint32_t container)
{
    struct start *start = &deciding->starts[container - 1];
    struct container_draft *facts = &deciding->builder->containers[container - 1];
    const struct nstree_process *process = &draft->process;

    if (start->noted != 0 && start->level < process->levels &&
        (process->nspid[start->level] == start->noted || process->pid == start->noted)) {
        facts->init = process->pid;
        facts->ns = deciding->builder->nodes[draft->node].facts.ns;
    }
    if (is_kept(deciding, draft) && start->starters++ == 0)
        start->first = process->pid;
}

/* Adds the container of a process. */
static int add_container(struct deciding *deciding, const struct draft *draft,
                         const struct label *label, uint64_t identity, uint32_t level,
                         uint32_t *out)
{
    struct container_draft container = {.ns = deciding->builder->nodes[draft->node].facts.ns,
                                        .cgroup = identity};

    asking_describe(label, &container.facts);
    *out = map_get(&deciding->known, identity_of_label(&container.facts));
    if (*out != MAP_NONE)
        return 0;
    if (builder_add_container(deciding->builder, &container) != 0)
        return -ENOMEM;
    *out = (uint32_t)deciding->builder->n_containers;
    if (make_known(deciding, *out) != 0)
        return -ENOMEM;
    deciding->starts[*out - 1].noted = label->found.init;
    deciding->starts[*out - 1].level = level;
    return 0;
}

/* Judges a process whose container is not known yet. *out is MAP_NONE where it has none. */
static int judge_member(struct deciding *deciding, const struct draft *draft,
                        struct witness *witness, uint64_t identity, uint32_t *out)
{
    struct nstree_process keeper;
    struct witness parent = {0};
    bool kept = find_keeper(deciding, draft, &keeper);
    struct witness *witnesses[WHO_COUNT] = {
        [WHO_INIT] = witness, [WHO_PARENT] = kept ? &parent : NULL};
    struct trial trial = {.member = true};
    struct label label;
    int rc = 0;

    if (kept)
        asking_witness(deciding->asking, &parent, &keeper);
    asking_judge(deciding->asking, &trial, witnesses, &label);
    if (label.container && witness_is(witness, &draft->process) &&
        (!kept || witness_has_uid(&parent)))
        rc = add_container(deciding, draft, &label, identity, kept ? keeper.levels - 1U : 0, out);
    if (kept)
        witness_close(&parent);
    return rc;
}

/* A sandbox whose namespace another container of its pod shares stands for the whole pod there. */
static int name_pod(struct deciding *deciding, uint32_t around, uint32_t container)
{
    static const char sandbox[] = " (sandbox)", pod[] = " (pod)";
    struct builder *builder = deciding->builder;
    struct node *node = &builder->nodes[around];

    if (node->facts.container == 0 || !builder->containers[container - 1].facts.pod)
        return 0;
    struct nstree_container *own = &builder->containers[node->facts.container - 1].facts;
    size_t len = strlen(own->label) - strlen(sandbox);
    if (!own->k8s_namespace || own->name || strlen(own->label) < strlen(sandbox) ||
        strcmp(own->label + len, sandbox) != 0)
        return 0;
    char *label = arena_string(&builder->arena, own->label, len + strlen(pod));
    if (!label)
        return -ENOMEM;
    strcpy(label + len, pod);
    own->label = node->facts.label = label;
    return 0;
}

/* Asks one process for its container: that of its namespace, one that is known, or a new one. */
static int decide(struct deciding *deciding, struct draft *draft)
{
    uint32_t around = node_around(deciding, draft), container = MAP_NONE;
    struct witness witness;
    int rc = 0;

    asking_witness(deciding->asking, &witness, &draft->process);
    uint64_t identity = read_identity(&witness);
    if (identity == 0 ? is_kept(deciding, draft) : identity != identity_around(deciding, around)) {
        container = identity == 0 ? MAP_NONE : map_get(&deciding->known, identity);
        if (container == MAP_NONE)
            rc = judge_member(deciding, draft, &witness, identity, &container);
        else if (!witness_is(&witness, &draft->process))
            container = MAP_NONE;
    }
    witness_close(&witness);
    draft->decided = true;
    if (container == MAP_NONE || container == deciding->builder->nodes[around].facts.container)
        return rc;
    draft->container = container;
    note_start(deciding, draft, container);
    deciding->shared[around] = deciding->any = true;
    return name_pod(deciding, around, container);
}

/* Whether a process may be the first of a container that its namespace does not show. */
static bool may_be_first(const struct deciding *deciding, const struct draft *draft)
{
    if (draft->process.flags & NSTREE_PROCESS_KTHREAD || draft->decided)
        return false;
    if (is_nested_init(draft) && deciding->builder->nodes[draft->node].facts.container != 0)
        return false;
    return draft->process.flags & NSTREE_PROCESS_ENTERED || is_kept(deciding, draft) ||
           (deciding->parents_hidden && !(draft->process.pid == 1 && draft->process.levels == 1));
}

/* Whether the init of a shared namespace is the parent of a process: it can have adopted it. */
static bool may_be_adopted(const struct deciding *deciding, const struct draft *draft)
{
    const struct draft *parent = parent_of(deciding, draft);

    if (draft->process.flags & NSTREE_PROCESS_KTHREAD || draft->decided || !parent)
        return false;
    if (is_nested_init(draft) && deciding->builder->nodes[draft->node].facts.container != 0)
        return false;
    uint32_t around = node_around(deciding, draft);
    return deciding->shared[around] && parent == init_of(deciding, around);
}

static int decide_each(struct deciding *deciding,
                       bool (*asked)(const struct deciding *, const struct draft *))
{
    struct builder *builder = deciding->builder;
    int rc = 0;

    for (size_t i = 0; i < builder->n_drafts && rc == 0; i++) {
        if (asked(deciding, &builder->drafts[i]))
            rc = decide(deciding, &builder->drafts[i]);
    }
    return rc;
}

/* Gives a process, and those between, the container of its nearest decided ancestor in the same
 * namespace. A circle of parents, which a forged tree can have, decides nothing. */
static void inherit(const struct deciding *deciding, struct draft *draft)
{
    struct draft *at = draft, *parent;
    uint32_t container;

    while (!at->decided) {
        at->decided = true;
        parent = is_nested_init(at) ? NULL : parent_of(deciding, at);
        if (!parent || parent->node != at->node)
            break;
        at = parent;
    }
    container = at->container;
    while (draft != at) {
        draft->container = container;
        draft = parent_of(deciding, draft);
    }
}

/* The container of a namespace that was not made for one: that of its init, else of the process
 * that made it, else of the namespace around. */
static uint32_t container_around(const struct deciding *deciding, const struct node *node)
{
    const struct draft *init =
        !deciding->any || node->init == MAP_NONE ? NULL : &deciding->builder->drafts[node->init];
    const struct draft *maker = init ? parent_of(deciding, init) : NULL;

    if (init && init->container != 0)
        return init->container;
    if (maker && maker->node == node->parent && maker->container != 0)
        return maker->container;
    return deciding->builder->nodes[node->parent].facts.container;
}

/* Spreads what is known. A process in the container of its namespace has none of its own. */
static void spread(struct deciding *deciding)
{
    struct builder *builder = deciding->builder;

    for (size_t i = 0; i < builder->n_drafts && deciding->any; i++)
        inherit(deciding, &builder->drafts[i]);
    for (size_t i = 1; i < builder->n_order; i++) {
        struct node *node = &builder->nodes[builder->order[i]];

        if (node->facts.container == 0)
            node->facts.container = container_around(deciding, node);
    }
    for (size_t i = 0; i < builder->n_drafts && deciding->any; i++) {
        struct draft *draft = &builder->drafts[i];

        if (draft->container == builder->nodes[draft->node].facts.container)
            draft->container = 0;
    }
}

/* The init of a container: as the engine notes it, or the only process that was started in it. That
 * there is no other is known only where all processes were read. */
static void name_inits(struct deciding *deciding)
{
    struct builder *builder = deciding->builder;

    for (size_t i = 0; i < builder->n_containers && !builder->info.partial; i++) {
        const struct start *start = &deciding->starts[i];
        uint32_t first = start->starters == 1 && start->noted == 0
                             ? builder_find(builder, start->first)
                             : MAP_NONE;

        if (builder->containers[i].init != 0 || first == MAP_NONE)
            continue;
        builder->containers[i].init = start->first;
        builder->containers[i].ns = builder->nodes[builder->drafts[first].node].facts.ns;
    }
}

/* Finds the processes that keep containers. *needed: some process may be the first of a container.
 * This is all that is done for most processes of most machines. */
static int look_around(struct deciding *deciding, bool *needed)
{
    const struct builder *builder = deciding->builder;
    bool entered = false;
    int rc = 0;

    for (size_t i = 0; i < builder->n_drafts && rc == 0; i++) {
        const struct nstree_process *process = &builder->drafts[i].process;

        entered = entered || process->flags & NSTREE_PROCESS_ENTERED;
        if (process->name[0] == 'c' && names_keeps_container(process->name))
            rc = set_add(&deciding->keepers, process->pid);
    }
    *needed = entered || deciding->keepers.used > 0 || deciding->parents_hidden;
    return rc;
}

static int decide_all(struct deciding *deciding)
{
    struct builder *builder = deciding->builder;
    int rc = 0;

    deciding->around = malloc(builder->n_nodes * sizeof *deciding->around);
    deciding->shared = calloc(builder->n_nodes, sizeof *deciding->shared);
    if (!deciding->around || !deciding->shared)
        return -ENOMEM;
    memset(deciding->around, 0xff, builder->n_nodes * sizeof *deciding->around);
    for (uint32_t i = 1; i <= builder->n_containers && rc == 0; i++)
        rc = make_known(deciding, i);
    rc = rc ?: decide_each(deciding, may_be_first);
    if (rc == 0 && deciding->any)
        rc = decide_each(deciding, may_be_adopted);
    if (rc == 0)
        name_inits(deciding);
    return rc;
}

int scan_containers(struct scanner *scanner, struct asking *asking)
{
    struct builder *builder = scanner->builder;
    struct deciding deciding = {
        .scanner = scanner,
        .builder = builder,
        .asking = asking,
        .parents_hidden = builder->info.partial || builder_find(builder, 1) == MAP_NONE,
    };
    bool needed;
    int rc = look_around(&deciding, &needed);

    if (rc == 0 && needed)
        rc = decide_all(&deciding);
    if (rc == 0)
        spread(&deciding);
    free(deciding.starts);
    free(deciding.around);
    free(deciding.shared);
    map_free(&deciding.known);
    map_free(&deciding.keepers);
    return rc;
}
