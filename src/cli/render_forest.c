/* SPDX-License-Identifier: MIT */
/*
 * The tree as text, with each process below its parent process and each namespace below the parent
 * of its init: both trees in one.
 *
 * Every line is a node with an index: first the processes, then the counts of kernel threads (one
 * per namespace), the containers that share a namespace, and the namespaces. Siblings have the same
 * order. Nodes are linked in three arrays, so that nothing recurses, however deep the tree.
 *
 * Where processes were asked for, all others are nodes as well at first, and those that lead to
 * none of them are taken out. With --summary, those are that lead to no namespace or container.
 *
 * A line is indented by three columns for each ancestor, but not for more than 64: there can be as
 * many as there are processes, and each line would be as long. Deeper nodes are drawn in the last
 * column, with their parent in words.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/describe.h"
#include "cli/escape.h"
#include "cli/prefix.h"
#include "cli/put.h"
#include "cli/render.h"

#define NONE UINT32_MAX

/* The deepest column. Namespaces alone nest 33 deep, each with an init. */
#define DEPTH_MAX 64

struct forest {
    const struct selection *selection;
    const struct look *look;
    FILE *out;
    const struct nstree_ns *root;              /* the first of n_namespaces */
    const struct nstree_container *containers; /* the first of n_containers; none: no lines */
    uint32_t n_processes, n_namespaces, n_containers, n_nodes;
    uint32_t *parent;   /* by node; NONE: it has no line, or is the root */
    uint32_t *first;    /* by node: its first child, or NONE */
    uint32_t *next;     /* by node: its next sibling, or NONE */
    uint32_t *kthreads; /* by namespace: how many have no line */
    uint32_t depth;     /* of the node that is being drawn; 0: the root */
    struct prefix prefix;
};

static uint32_t node_of_process(const struct forest *forest, const struct nstree_process *process)
{
    return (uint32_t)(process - forest->root->members);
}

static uint32_t node_of_namespace(const struct forest *forest, const struct nstree_ns *ns)
{
    return forest->n_nodes - forest->n_namespaces + (uint32_t)(ns - forest->root);
}

static bool is_kthread_count(const struct forest *forest, uint32_t node)
{
    return node >= forest->n_processes && node < forest->n_processes + forest->n_namespaces;
}

static const struct nstree_ns *namespace_at(const struct forest *forest, uint32_t node)
{
    return &forest->root[node - (forest->n_nodes - forest->n_namespaces)];
}

/* Of the first container. */
static uint32_t first_container(const struct forest *forest)
{
    return forest->n_processes + forest->n_namespaces;
}

static bool is_container(const struct forest *forest, uint32_t node)
{
    return node >= first_container(forest) && node < first_container(forest) + forest->n_containers;
}

/* Whether a process is a node, at least at first. */
static bool is_placed(const struct forest *forest, const struct nstree_process *process)
{
    return selection_is_paths(forest->selection) ||
           look_shows(forest->look, forest->selection, process);
}

/* The process with this PID in the root, or NULL. */
static const struct nstree_process *find(const struct forest *forest, uint32_t pid)
{
    return pid ? nstree_find_process(forest->selection->tree, forest->root, pid) : NULL;
}

/* The parent node of something in `ns`: the process with the PID `ppid` in the root if it is a
 * member of `ns`, else `ns` itself. */
static uint32_t find_parent(const struct forest *forest, const struct nstree_ns *ns, uint32_t ppid)
{
    const struct nstree_process *parent = find(forest, ppid);

    if (parent && parent->ns == ns && is_placed(forest, parent))
        return node_of_process(forest, parent);
    return node_of_namespace(forest, ns);
}

static void place_processes(struct forest *forest)
{
    for (uint32_t i = 0; i < forest->n_processes; i++) {
        const struct nstree_process *process = &forest->root->members[i];

        forest->parent[i] = NONE;
        if (is_placed(forest, process))
            forest->parent[i] = find_parent(forest, process->ns, process->ppid);
        else if (selection_has(forest->selection, process) && !forest->look->summary)
            forest->kthreads[process->ns - forest->root]++;
    }
}

/* A container is placed like a namespace: below the parent of its init. */
static void place_containers(struct forest *forest)
{
    for (uint32_t i = 0; i < forest->n_containers; i++) {
        const struct nstree_container *container = &forest->containers[i];
        const struct nstree_ns *ns = container->ns;
        uint32_t *parent = &forest->parent[first_container(forest) + i];

        *parent = NONE;
        if (ns && describe_is_sharer(forest->look, ns, container) &&
            selection_has_container(forest->selection, container))
            *parent = find_parent(forest, ns, container->init ? container->init->ppid : 0);
    }
}

static void place_namespaces(struct forest *forest)
{
    for (uint32_t i = 0; i < forest->n_namespaces; i++) {
        const struct nstree_ns *ns = &forest->root[i];
        uint32_t node = node_of_namespace(forest, ns);

        forest->parent[forest->n_processes + i] = forest->kthreads[i] > 0 ? node : NONE;
        forest->parent[node] = NONE;
        if (ns->parent && selection_shown(forest->selection, ns) != SHOWN_NOT)
            forest->parent[node] = find_parent(forest, ns->parent, ns->init ? ns->init->ppid : 0);
    }
}

/* No process is its own ancestor, but a recording can say so, and a scan in which a PID was reused.
 * Such a cycle would not be linked to the root and never be drawn, so it is broken up. Visits each
 * process twice. Returns 0 or -ENOMEM. */
static int break_cycles(struct forest *forest)
{
    enum { UNSEEN, ON_PATH, DONE };
    AUTO_FREE unsigned char *state = calloc(forest->n_processes + 1, 1);

    if (!state)
        return -ENOMEM;
    for (uint32_t i = 0; i < forest->n_processes; i++) {
        uint32_t node = i;

        for (; node < forest->n_processes && state[node] == UNSEEN; node = forest->parent[node])
            state[node] = ON_PATH;
        uint32_t met = node;
        bool is_cycle = node < forest->n_processes && state[node] == ON_PATH;
        node = i;
        for (; node < forest->n_processes && state[node] == ON_PATH; node = forest->parent[node])
            state[node] = DONE;
        if (is_cycle)
            forest->parent[met] = node_of_namespace(forest, forest->root->members[met].ns);
    }
    return 0;
}

/* Keeps a node and all that it hangs on. */
static void keep(const struct forest *forest, uint32_t node, unsigned char *kept)
{
    for (; node != NONE && !kept[node]; node = forest->parent[node])
        kept[node] = 1;
}

/* Takes out the processes that lead to nothing that was asked for. Visits each node twice. Returns
 * 0 or -ENOMEM. */
static int prune(struct forest *forest)
{
    bool paths = selection_is_paths(forest->selection);
    AUTO_FREE unsigned char *kept = calloc(forest->n_nodes, 1);

    if (!kept)
        return -ENOMEM;
    for (uint32_t node = 0; node < forest->n_nodes; node++) {
        if (node >= first_container(forest)
                ? forest->parent[node] != NONE
                : paths && node < forest->n_processes &&
                      selection_has(forest->selection, &forest->root->members[node]))
            keep(forest, node, kept);
    }
    for (uint32_t node = 0; node < forest->n_processes; node++) {
        if (!kept[node])
            forest->parent[node] = NONE;
    }
    return 0;
}

/* Links children and siblings. Going backwards, each becomes the first child. */
static void link_nodes(struct forest *forest)
{
    for (uint32_t node = 0; node < forest->n_nodes; node++)
        forest->first[node] = forest->next[node] = NONE;
    for (uint32_t node = forest->n_nodes; node-- > 0;) {
        uint32_t parent = forest->parent[node];

        if (parent == NONE)
            continue;
        forest->next[node] = forest->first[parent];
        forest->first[parent] = node;
    }
}

/* Names the parent of the init where the tree does not show it: it is not a member of the parent
 * namespace, or was not seen. */
static void draw_origin(const struct forest *forest, const struct nstree_ns *ns)
{
    const struct nstree_process *parent = ns->init ? find(forest, ns->init->ppid) : NULL;
    FILE *out = forest->out;

    if (!ns->init)
        return; /* marked already */
    if (!parent) {
        describe_mark(out, forest->look,
                      ns->init->ppid ? "parent of its init not seen"
                                     : "parent of its init is outside");
        return;
    }
    describe_mark_begin(out, forest->look);
    put_text(out, "parent of its init: ");
    describe_own_pid(out, parent);
    put_char(out, ' ');
    escape_write(out, parent->name, strlen(parent->name), forest->look->utf8);
    put_text(out, " in ");
    describe_inode(out, parent->ns);
    describe_mark_end(out, forest->look);
}

static void draw_namespace(const struct forest *forest, uint32_t node)
{
    const struct nstree_ns *ns = namespace_at(forest, node);

    bool paths = selection_is_paths(forest->selection);

    describe_heading(forest->out, forest->look, forest->selection->tree, ns, !paths);
    if (ns->parent && (paths || selection_shown(forest->selection, ns->parent) == SHOWN_MEMBERS) &&
        forest->parent[node] == node_of_namespace(forest, ns->parent))
        draw_origin(forest, ns);
}

/* A process. Of those that were asked for, PIDs that --find looks for are marked, and --verbose
 * says more. */
static void draw_process(const struct forest *forest, const struct nstree_process *process)
{
    const struct selection *selection = forest->selection;
    const struct look *look = forest->look;
    bool match = false;

    describe_member(forest->out, look, selection->tree, process);
    if (!selection_is_paths(selection) || !selection_has(selection, process))
        return;
    for (size_t i = 0; i < process->levels; i++)
        match |= selection_matches(selection, process->nspid[i]);
    if (match)
        describe_mark(forest->out, look, "match");
    if (look->verbose)
        describe_process_others(forest->out, look, selection->tree, process);
}

/* The command line that ends a line. */
static void draw_tail(const struct forest *forest, uint32_t node)
{
    const struct nstree_process *process = NULL;

    if (node < forest->n_processes)
        process = &forest->root->members[node];
    else if (forest->look->summary && node >= first_container(forest) &&
             !is_container(forest, node))
        process = namespace_at(forest, node)->init;
    if (process)
        describe_tail(forest->out, forest->look, process);
}

/* Whether no line follows in the column of this one. The deepest column contains all descendants of
 * one node. There, only leaves can be last, and no path upwards is taken twice, as each node is the
 * last child of one parent. */
static bool is_last(const struct forest *forest, uint32_t node)
{
    if (forest->depth >= DEPTH_MAX && forest->first[node] != NONE)
        return false;
    for (uint32_t depth = forest->depth; depth > DEPTH_MAX; depth--) {
        if (forest->next[node] != NONE)
            return false;
        node = forest->parent[node];
    }
    return forest->next[node] == NONE;
}

/* Names the parent of a node in the same column. */
static void draw_parent(const struct forest *forest, uint32_t node)
{
    uint32_t parent = forest->parent[node];
    FILE *out = forest->out;

    describe_mark_begin(out, forest->look);
    if (parent < forest->n_processes) {
        put_text(out, "child of ");
        describe_own_pid(out, &forest->root->members[parent]);
    } else {
        put_text(out, "in ");
        describe_inode(out, namespace_at(forest, parent));
    }
    describe_mark_end(out, forest->look);
}

static void draw_node(const struct forest *forest, uint32_t node)
{
    if (forest->parent[node] != NONE)
        prefix_draw(&forest->prefix, forest->out, is_last(forest, node));
    if (node < forest->n_processes)
        draw_process(forest, &forest->root->members[node]);
    else if (is_kthread_count(forest, node))
        describe_kthreads(forest->out, forest->kthreads[node - forest->n_processes]);
    else if (is_container(forest, node))
        describe_sharer(forest->out, forest->look,
                        &forest->containers[node - first_container(forest)]);
    else
        draw_namespace(forest, node);
    if (forest->depth > DEPTH_MAX)
        draw_parent(forest, node);
    draw_tail(forest, node);
    put_char(forest->out, '\n');
}

/* Descends from a node to its first child. Returns 0 or -ENOMEM. */
static int enter(struct forest *forest, uint32_t node)
{
    uint32_t depth = forest->depth++;

    if (depth == 0 || depth >= DEPTH_MAX)
        return 0;
    return prefix_enter(&forest->prefix, forest->next[node] == NONE);
}

/* Returns to a node from its last child. */
static void leave(struct forest *forest, uint32_t node)
{
    uint32_t depth = --forest->depth;

    if (depth > 0 && depth < DEPTH_MAX)
        prefix_leave(&forest->prefix, forest->next[node] == NONE);
}

/* Draws the root and everything below it. Returns 0 or -ENOMEM. */
static int draw(struct forest *forest)
{
    const uint32_t root = node_of_namespace(forest, forest->root);
    uint32_t node = root;
    int rc = 0;

    while (rc == 0) {
        draw_node(forest, node);
        if (forest->first[node] != NONE) {
            rc = enter(forest, node);
            node = forest->first[node];
            continue;
        }
        while (node != root && forest->next[node] == NONE) {
            node = forest->parent[node];
            leave(forest, node);
        }
        if (node == root)
            return 0;
        node = forest->next[node];
    }
    return rc;
}

static int allocate(struct forest *forest)
{
    forest->parent = malloc(forest->n_nodes * sizeof *forest->parent);
    forest->first = malloc(forest->n_nodes * sizeof *forest->first);
    forest->next = malloc(forest->n_nodes * sizeof *forest->next);
    forest->kthreads = calloc(forest->n_namespaces, sizeof *forest->kthreads);
    return forest->parent && forest->first && forest->next && forest->kthreads ? 0 : -ENOMEM;
}

/* Hangs each node on its parent. Returns 0 or -ENOMEM. */
static int place(struct forest *forest)
{
    place_processes(forest);
    place_containers(forest);
    place_namespaces(forest);
    int rc = break_cycles(forest);
    if (rc == 0 && (forest->look->summary || selection_is_paths(forest->selection)))
        rc = prune(forest);
    return rc;
}

int render_forest(const struct selection *selection, const struct look *look, FILE *out)
{
    const struct nstree_ns *root = nstree_root(selection->tree);
    size_t n_containers = 0;
    struct forest forest = {.selection = selection,
                            .look = look,
                            .out = out,
                            .root = root,
                            .n_processes = (uint32_t)root->n_inside,
                            .n_namespaces = (uint32_t)root->below + 1,
                            .prefix.glyphs = look->glyphs};

    if (look->summary)
        forest.containers = nstree_containers(selection->tree, &n_containers);
    forest.n_containers = (uint32_t)n_containers;
    forest.n_nodes = forest.n_processes + 2 * forest.n_namespaces + forest.n_containers;
    int rc = allocate(&forest);
    if (rc == 0)
        rc = place(&forest);
    if (rc == 0) {
        link_nodes(&forest);
        rc = draw(&forest);
    }
    free(forest.parent);
    free(forest.first);
    free(forest.next);
    free(forest.kthreads);
    prefix_free(&forest.prefix);
    return rc;
}
