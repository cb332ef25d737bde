/* SPDX-License-Identifier: MIT */
/*
 * A property of the tree builder: all places that are marked exact are right, however little was
 * read, and so are those that are inferred and not ambiguous.
 *
 * A small model of the kernel makes random machines (fork, unshare, setns, CLONE_PARENT, exit,
 * adoption, by the rules of pid_namespaces(7) and of the kernel functions that place.c names). The
 * builder gets all facts of a machine, a part of them, or only chains and PPids, in a shuffled
 * order. The sequence of random numbers is the same in every run.
 *
 * Some readers also get cgroups, which name containers: those of inits, and of processes that
 * entered from outside. Such a process can be of the container that it entered, as with docker
 * exec, or of one that shares its namespace; or its cgroup stays that of its maker. A place that is
 * one of several is never in a namespace whose init is of another container (and another pod).
 */
#include "build.h"

#define R NSTREE_INITIAL_INODE

enum { PROCESSES_MAX = 2000, NAMESPACES_MAX = 500, PIDS_MAX = 30000 };

struct model_ns {
    uint32_t parent, level, init; /* indexes */
    uint32_t last;                /* the last PID that was allocated */
    bool used[PIDS_MAX];          /* PIDs in use */
};

struct model_process {
    uint32_t nspid[NSTREE_LEVELS_MAX + 1];
    uint32_t ns, parent; /* indexes */
    uint32_t maker;      /* index; the parent can change */
    uint32_t container;  /* index, 0: none */
    bool dead, hidden;
};

struct model_container {
    uint32_t around; /* index */
    uint32_t pod;
};

static struct model {
    struct model_process processes[PROCESSES_MAX];
    struct model_ns namespaces[NAMESPACES_MAX];
    struct model_container containers[PROCESSES_MAX + 1];
    uint32_t n_processes, n_namespaces, n_containers;
    uint32_t span; /* PIDs wrap around after so many */
    unsigned joined, two_up, execs, sidecars;
} model;

static uint64_t random_state;

/* splitmix64. */
static uint32_t below(uint32_t n)
{
    uint64_t z = (random_state += UINT64_C(0x9e3779b97f4a7c15));

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (uint32_t)((z ^ (z >> 31)) % n);
}

/* Like alloc_pid(): the next free PID, from 2 again after the last. */
static uint32_t new_number(struct model_ns *ns)
{
    uint32_t number = ns->last;

    do {
        number = number >= model.span ? (ns->last > 0 ? 2 : 1) : number + 1;
    } while (ns->used[number]);
    ns->used[number] = true;
    ns->last = number;
    return number;
}

static void new_process(uint32_t ns, uint32_t parent)
{
    struct model_process *process = &model.processes[model.n_processes];

    *process = (struct model_process){.ns = ns, .parent = parent, .maker = parent};
    for (uint32_t n = ns;; n = model.namespaces[n].parent) {
        process->nspid[model.namespaces[n].level] = new_number(&model.namespaces[n]);
        if (model.namespaces[n].level == 0)
            break;
    }
    model.n_processes++;
}

/* A namespace below `ns`, with an init that is a child of `parent`. */
static void new_namespace(uint32_t ns, uint32_t parent)
{
    if (model.n_namespaces == NAMESPACES_MAX || model.namespaces[ns].level == 32)
        return;
    struct model_ns *made = &model.namespaces[model.n_namespaces];
    memset(made, 0, sizeof *made);
    made->parent = ns;
    made->level = model.namespaces[ns].level + 1;
    made->init = model.n_processes;
    new_process(model.n_namespaces++, parent);
}

static bool is_at_or_below(uint32_t ns, uint32_t above)
{
    while (model.namespaces[ns].level > model.namespaces[above].level)
        ns = model.namespaces[ns].parent;
    return ns == above;
}

/* A namespace that process `p` may enter: its own or one below. */
static uint32_t some_below(uint32_t p)
{
    for (int tries = 0; tries < 8; tries++) {
        uint32_t ns = below(model.n_namespaces);

        if (is_at_or_below(ns, model.processes[p].ns))
            return ns;
    }
    return model.processes[p].ns;
}

static bool is_model_init(uint32_t p)
{
    return model.namespaces[model.processes[p].ns].init == p;
}

/* Its children are adopted in its own namespace. It is reaped, or stays a zombie. */
static void end_process(uint32_t p)
{
    struct model_process *process = &model.processes[p];

    if (is_model_init(p))
        return; /* all members would die with it */
    process->dead = true;
    for (uint32_t i = 0; i < model.n_processes; i++) {
        if (model.processes[i].parent == p)
            model.processes[i].parent = model.namespaces[process->ns].init;
    }
}

/* CLONE_PARENT: processes that `p` makes in or below its namespace are children of its parent. An
 * init may not use it. */
static void clone_parent(uint32_t p)
{
    uint32_t parent = model.processes[p].parent;

    if (is_model_init(p))
        return;
    if (below(2)) {
        model.two_up += model.namespaces[model.processes[p].ns].level >
                        model.namespaces[model.processes[parent].ns].level;
        new_namespace(model.processes[p].ns, parent);
    } else {
        new_process(some_below(p), parent);
    }
}

static void make_machine(uint32_t n_processes, uint32_t depth)
{
    memset(&model, 0, sizeof model);
    model.span = 2 * n_processes + 50;
    model.n_namespaces = 1;
    new_process(0, 0);
    while (model.n_processes < n_processes) {
        /* In deep machines, the latest process makes the next. */
        uint32_t p = below(100) < depth ? model.n_processes - 1 : below(model.n_processes);
        uint32_t what = below(100);

        if (model.processes[p].dead)
            p = 0;
        if (what < 45) {
            new_process(model.processes[p].ns, p);
        } else if (what < 45 + depth / 2) {
            new_namespace(model.processes[p].ns, p);
        } else if (what < 93) {
            uint32_t ns = some_below(p);

            model.joined += ns != model.processes[p].ns;
            new_process(ns, p);
        } else if (what < 97) {
            clone_parent(p);
        } else {
            end_process(below(model.n_processes));
        }
    }
}

static uint32_t new_container(uint32_t around, uint32_t pod)
{
    uint32_t made = model.n_containers++;

    model.containers[made] = (struct model_container){around, pod ? pod : made};
    return made;
}

/* The container of a process that entered the namespace of another: that one's, its maker's, or a
 * new one beside that one, in its pod or in none. */
static uint32_t entered_container(uint32_t maker, uint32_t entered)
{
    const struct model_container *other = &model.containers[entered];
    uint32_t what = below(10);

    if (what < 3)
        return maker;
    if (what < 6) {
        model.execs++;
        return entered;
    }
    model.sidecars++;
    return new_container(other->around, what < 8 ? other->pod : 0);
}

/* Puts the processes of a machine into containers. */
static void contain(void)
{
    model.n_containers = 1; /* none */
    for (uint32_t p = 1; p < model.n_processes; p++) {
        struct model_process *process = &model.processes[p];
        const struct model_process *maker = &model.processes[process->maker];
        const struct model_process *init = &model.processes[model.namespaces[process->ns].init];

        process->container = maker->container;
        if (is_model_init(p) && below(2))
            process->container = new_container(maker->container, 0);
        else if (!is_model_init(p) && process->ns != maker->ns)
            process->container = entered_container(maker->container, init->container);
    }
}

/* The facts that a reader gets. */
struct reader {
    const char *name;
    uint32_t known;    /* percent of processes whose ns/pid can be read */
    uint32_t reported; /* percent of those whose namespaces' parents the kernel reports */
    uint32_t hidden;   /* percent of processes that are not seen at all */
    bool cgroups;      /* they can be read, and name containers */
};

static uint64_t inode(uint32_t ns)
{
    return R + ns;
}

/* Like the scanner: reports a namespace and those above it. */
static void report(struct builder *builder, uint32_t ns)
{
    for (; model.namespaces[ns].level > 0; ns = model.namespaces[ns].parent)
        add_reported(builder, inode(ns), inode(model.namespaces[ns].parent),
                     model.namespaces[ns].level);
}

/* Like the scanner, which does not read those of zombies. */
static bool has_cgroup(uint32_t p)
{
    const struct model_process *process = &model.processes[p];
    const struct model_ns *own = &model.namespaces[process->ns];
    uint32_t above = model.processes[process->parent].ns;

    return !process->dead && own->level > 0 &&
           (is_model_init(p) || model.namespaces[above].level != own->level);
}

/* Each container has two cgroups, and so have those of no container. */
static void read_cgroup(struct row *row, uint32_t p)
{
    uint32_t container = model.processes[p].container;

    row->cgroup = 1 + 2 * container + p % 2;
    row->container = container;
    row->pod = model.containers[container].pod;
    row->around = model.containers[container].around;
}

static void read_process(struct builder *builder, const struct reader *reader, uint32_t p)
{
    const struct model_process *process = &model.processes[p];
    bool known = below(100) < reader->known;
    struct row row = {.ppid = p == 0 ? 0 : model.processes[process->parent].nspid[0],
                      .ns = known ? inode(process->ns) : KEY_UNKNOWN,
                      .state = process->dead ? 'Z' : 'S'};

    memcpy(row.nspid, process->nspid, sizeof row.nspid);
    if (reader->cgroups && has_cgroup(p))
        read_cgroup(&row, p);
    add_row(builder, &row);
    if (known && below(100) < reader->reported)
        report(builder, process->ns);
}

static struct nstree *read_machine(const struct reader *reader)
{
    static uint32_t order[PROCESSES_MAX];
    struct builder *builder = new_builder();

    for (uint32_t i = 0; i < model.n_processes; i++) {
        uint32_t other = below(i + 1);

        order[i] = order[other];
        order[other] = i;
    }
    add_reported(builder, R, KEY_UNKNOWN, 0);
    for (uint32_t i = 0; i < model.n_processes; i++) {
        struct model_process *process = &model.processes[order[i]];

        process->hidden = order[i] > 0 && below(100) < reader->hidden;
        if (!process->hidden)
            read_process(builder, reader, order[i]);
        builder->info.hidden += process->hidden; /* as with hidepid=1 */
    }
    return finish(builder);
}

/* The model's namespace for each one of the tree: by its inode, else by its exact members.
 * UINT32_MAX if it has neither. */
static uint32_t *match_namespaces(const char *row, const struct nstree *tree,
                                  const uint32_t *by_pid)
{
    const struct nstree_ns *root = nstree_root(tree);
    uint32_t *is = malloc((root->below + 1) * sizeof *is);

    assert_non_null(is);
    for (size_t i = 0; i <= root->below; i++)
        is[i] = root[i].inode ? root[i].inode - R : UINT32_MAX;
    for (size_t i = 0; i < root->n_inside; i++) {
        const struct nstree_process *process = &root->members[i];
        uint32_t *ns = &is[process->ns - root], truth = model.processes[by_pid[process->pid]].ns;

        if (process->flags & NSTREE_PROCESS_INFERRED)
            continue;
        if (*ns == UINT32_MAX)
            *ns = truth;
        if (*ns != truth)
            fail_msg("%s: %u is exactly in %u, and is in %u", row, process->pid, *ns, truth);
    }
    return is;
}

struct counts {
    size_t exact, inferred, parents_exact, parents_inferred;
    size_t only, parents_only; /* inferred, and not ambiguous */
    size_t several, likeliest; /* ambiguous: all, and those in the right place */
};

/* Compares inferred places with the truth, if exact facts identify the namespaces. */
static void compare_inferred(const char *row, const struct nstree *tree, const uint32_t *is,
                             const uint32_t *by_pid, struct counts *counts)
{
    const struct nstree_ns *root = nstree_root(tree);

    for (size_t i = 0; i < root->n_inside; i++) {
        const struct nstree_process *process = &root->members[i];
        uint32_t truth = model.processes[by_pid[process->pid]].ns, found = is[process->ns - root];

        if (!(process->flags & NSTREE_PROCESS_INFERRED))
            continue;
        if (process->flags & NSTREE_PROCESS_AMBIGUOUS) {
            counts->several++;
            counts->likeliest += found == truth;
            continue;
        }
        counts->only++;
        if (found != UINT32_MAX && found != truth)
            fail_msg("%s: %u is in %u, only inferred, and is in %u", row, process->pid, found,
                     truth);
    }
    for (size_t i = 1; i <= root->below; i++) {
        uint32_t above = is[root[i].parent - root];

        if (!(root[i].flags & NSTREE_NS_INFERRED) || root[i].flags & NSTREE_NS_AMBIGUOUS)
            continue;
        counts->parents_only++;
        if (is[i] != UINT32_MAX && above != UINT32_MAX && above != model.namespaces[is[i]].parent)
            fail_msg("%s: namespace %u is below %u, only inferred, and is below %u", row, is[i],
                     above, model.namespaces[is[i]].parent);
    }
}

/* Whether the cgroup of a process names another container than that of an init. */
static bool contradicts(uint32_t p, uint32_t init)
{
    uint32_t own = model.processes[p].container, other = model.processes[init].container;

    return has_cgroup(p) && has_cgroup(init) && own != 0 && own != other &&
           model.containers[own].pod != model.containers[other].pod;
}

/* What exact facts leave as the only place can contradict; a guess must not. */
static void compare_containers(const char *row, const struct nstree *tree, const uint32_t *by_pid)
{
    const struct nstree_ns *root = nstree_root(tree);

    for (size_t i = 0; i < root->n_inside; i++) {
        const struct nstree_process *process = &root->members[i], *init = process->ns->init;

        if (process->flags & NSTREE_PROCESS_AMBIGUOUS && init &&
            contradicts(by_pid[process->pid], by_pid[init->pid]))
            fail_msg("%s: %u is of another container than %u", row, process->pid, init->pid);
    }
}

static void compare(const char *row, const struct nstree *tree, struct counts *counts)
{
    static uint32_t by_pid[PIDS_MAX];
    static uint32_t found[NAMESPACES_MAX];
    const struct nstree_ns *root = nstree_root(tree);
    size_t seen = 0;

    for (uint32_t p = 0; p < model.n_processes; p++) {
        by_pid[model.processes[p].nspid[0]] = p;
        seen += !model.processes[p].hidden;
    }
    ROW_INT(row, root->n_inside, seen);
    check_tree(row, tree);
    uint32_t *is = match_namespaces(row, tree, by_pid);
    memset(found, 0, sizeof found);
    for (size_t i = 0; i < root->n_inside; i++)
        *(root->members[i].flags & NSTREE_PROCESS_INFERRED ? &counts->inferred : &counts->exact) +=
            1;
    for (size_t i = 1; i <= root->below; i++) {
        uint32_t above = is[root[i].parent - root];

        if (is[i] != UINT32_MAX) {
            /* It may be there twice: by its inode, from a process that entered, and as `?` of its
             * init, whose link could not be read. No fact says that these are the same. */
            uint32_t as = root[i].inode ? 1 : 2;

            if (found[is[i]] & as)
                fail_msg("%s: namespace %u is in it twice", row, is[i]);
            found[is[i]] |= as;
        }
        if (root[i].flags & NSTREE_NS_INFERRED) {
            counts->parents_inferred++;
            continue;
        }
        counts->parents_exact++;
        if (is[i] != UINT32_MAX && above != UINT32_MAX && above != model.namespaces[is[i]].parent)
            fail_msg("%s: namespace %u is exactly below %u, and is below %u", row, is[i], above,
                     model.namespaces[is[i]].parent);
    }
    compare_inferred(row, tree, is, by_pid, counts);
    compare_containers(row, tree, by_pid);
    free(is);
}

/* Each machine has the seed of its row, so failures can be repeated. */
static void run(const struct reader *reader, struct counts *counts)
{
    static const struct {
        uint32_t processes, depth;
        int machines;
    } sizes[] = {{6, 30, 400},  {12, 40, 400}, {30, 60, 300},
                 {150, 20, 60}, {2000, 10, 6}, {2000, 90, 4}};
    uint32_t deepest = 0;

    for (size_t size = 0; size < COUNT(sizes); size++) {
        for (int i = 0; i < sizes[size].machines; i++) {
            char row[80];

            random_state = size * 1000 + (uint64_t)i;
            snprintf(row, sizeof row, "%s, machine %zu/%d", reader->name, size, i);
            make_machine(sizes[size].processes, sizes[size].depth);
            if (reader->cgroups)
                contain();
            struct nstree *tree = read_machine(reader);
            compare(row, tree, counts);
            for (size_t n = 0; n <= nstree_root(tree)->below; n++)
                if (nstree_root(tree)[n].level > deepest)
                    deepest = nstree_root(tree)[n].level;
            nstree_free(tree);
        }
    }
    assert_int_equal(deepest, 32); /* some machines are as deep as possible */
}

static void all_is_known(void **state)
{
    static const struct reader reader = {.name = "root", .known = 100, .reported = 100};
    struct counts counts = {0};

    (void)state;
    run(&reader, &counts);
    assert_int_equal(counts.inferred, 0);
    assert_int_equal(counts.parents_inferred, 0);
    assert_true(counts.parents_exact > 5000);
}

/* Ordinary users, with and without own processes. Most places must be exact, or the property would
 * hold for a builder that marks nothing as exact. */
static void exact_places_are_right(void **state)
{
    static const struct reader readers[] = {
        {.name = "nobody"},
        {.name = "some are one's own", .known = 10, .reported = 100},
        {.name = "half, no ioctl", .known = 50},
        {.name = "half, half reported", .known = 50, .reported = 50},
        {.name = "all, no ioctl", .known = 100},
        {.name = "nobody, some hidden", .hidden = 10},
        {.name = "half, many hidden", .known = 50, .reported = 50, .hidden = 40},
        {.name = "nobody, containers", .cgroups = true},
        {.name = "half, containers", .known = 50, .reported = 50, .cgroups = true},
        {.name = "containers, some hidden", .hidden = 10, .cgroups = true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(readers); i++) {
        struct counts counts = {0};

        run(&readers[i], &counts);
        if (counts.exact < counts.inferred || counts.parents_exact < counts.parents_inferred)
            fail_msg("%s: %zu exact, %zu inferred; of namespaces %zu and %zu", readers[i].name,
                     counts.exact, counts.inferred, counts.parents_exact, counts.parents_inferred);
        if (readers[i].known < 100 && counts.inferred == 0)
            fail_msg("%s: nothing had to be inferred", readers[i].name);
        if (readers[i].known == 0 && readers[i].hidden == 0 &&
            (counts.only == 0 || counts.parents_only == 0))
            fail_msg("%s: elimination placed nothing", readers[i].name);
        if (getenv("VERBOSE"))
            print_message("%s: %zu exact, %zu only possible, %zu likeliest of %zu; parents of "
                          "namespaces: %zu exact, %zu inferred, %zu of these only possible\n",
                          readers[i].name, counts.exact, counts.only, counts.likeliest,
                          counts.several, counts.parents_exact, counts.parents_inferred,
                          counts.parents_only);
    }
}

/* The machines have the shapes that are hard to place, and the containers. */
static void machines_have_joiners_and_inits_two_levels_up(void **state)
{
    unsigned joined = 0, two_up = 0, dead = 0, execs = 0, sidecars = 0;

    (void)state;
    for (uint64_t seed = 0; seed < 50; seed++) {
        random_state = seed;
        make_machine(150, 20);
        contain();
        joined += model.joined;
        two_up += model.two_up;
        execs += model.execs;
        sidecars += model.sidecars;
        for (uint32_t p = 0; p < model.n_processes; p++)
            dead += model.processes[p].dead;
    }
    assert_true(joined > 500);
    assert_true(two_up > 20);
    assert_true(dead > 50);
    assert_true(execs > 100);
    assert_true(sidecars > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(machines_have_joiners_and_inits_two_levels_up),
        cmocka_unit_test(all_is_known),
        cmocka_unit_test(exact_places_are_right),
    };

    return cmocka_run_group_tests_name("forest", tests, NULL, NULL);
}
