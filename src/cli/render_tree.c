/* SPDX-License-Identifier: MIT */
/* The tree as text. Namespaces are an array in the order of the tree, so nothing recurses. */
#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/number.h"
#include "cli/describe.h"
#include "cli/prefix.h"
#include "cli/put.h"
#include "cli/render.h"

/* A selected process, with its PID in the namespace that is being drawn. */
struct item {
    uint32_t pid;
    const struct nstree_process *process;
};

struct drawing {
    const struct selection *selection;
    const struct look *look;
    FILE *out;
    uint32_t *last_child; /* by index of a namespace: that of its last shown child; 0: none */
    struct item *items;   /* buffer of draw_paths() */
    size_t items_size;
    struct prefix prefix;
    size_t prefix_len[NSTREE_LEVELS_MAX]; /* by level: for the items of a namespace */
};

static size_t index_of(const struct drawing *drawing, const struct nstree_ns *ns)
{
    return (size_t)(ns - nstree_root(drawing->selection->tree));
}

/* Finds the last shown child of each namespace. Children follow their parents. */
static int find_last_children(struct drawing *drawing)
{
    const struct nstree_ns *root = nstree_root(drawing->selection->tree);

    drawing->last_child = calloc(root->below + 1, sizeof *drawing->last_child);
    if (!drawing->last_child)
        return -ENOMEM;
    for (size_t i = root->below; i > 0; i--) {
        uint32_t *last = &drawing->last_child[index_of(drawing, root[i].parent)];

        if (*last == 0 && selection_shown(drawing->selection, &root[i]) != SHOWN_NOT)
            *last = (uint32_t)i;
    }
    return 0;
}

static void write_chain(FILE *out, const struct nstree_process *process)
{
    put_text(out, " [");
    describe_chain(out, process, ' ');
    put_char(out, ']');
}

/* A selected process at one of its levels. The lines of one process together are its chain; those
 * of several each have it, by which they can be told apart. */
static void draw_path(const struct drawing *drawing, const struct item *item, uint32_t level,
                      bool last)
{
    bool match = selection_matches(drawing->selection, item->pid);
    const struct look *look = drawing->look;
    FILE *out = drawing->out;

    prefix_draw(&drawing->prefix, out, last);
    style_paint(out, match && look->color, PAINT_MATCH);
    describe_number(out, item->pid);
    style_paint(out, match && look->color, PAINT_END);
    if (!look->args) {
        put_char(out, ' ');
        describe_name(out, look, item->process);
    }
    if (level > 0 && (drawing->selection->n_selected > 1 || drawing->selection->whole))
        write_chain(out, item->process);
    if (level + 1 == item->process->levels)
        describe_process_marks(out, look, drawing->selection->tree, item->process);
    if (match)
        describe_mark(out, look, "match");
    if (level + 1 == item->process->levels)
        describe_threads(out, look, drawing->selection, item->process);
    if (look->verbose && level + 1 == item->process->levels)
        describe_process_others(out, look, drawing->selection->tree, item->process);
    describe_tail(out, look, item->process);
    put_char(out, '\n');
}

static void draw_member(const struct drawing *drawing, const struct nstree_process *process,
                        bool last)
{
    prefix_draw(&drawing->prefix, drawing->out, last);
    describe_member(drawing->out, drawing->look, drawing->selection->tree, process);
    describe_tail(drawing->out, drawing->look, process);
    put_char(drawing->out, '\n');
}

/* The members of the root, of which there is at least one, in one line. */
static void draw_left_out(const struct drawing *drawing, const struct nstree_ns *ns, bool last)
{
    prefix_draw(&drawing->prefix, drawing->out, last);
    describe_left_out(drawing->out, ns);
    put_char(drawing->out, '\n');
}

/* The members of a namespace. */
static void draw_members(const struct drawing *drawing, const struct nstree_ns *ns, bool last)
{
    size_t kthreads = 0;
    const struct nstree_process *held = NULL;

    if (drawing->selection->nested && !ns->parent) {
        draw_left_out(drawing, ns, last);
        return;
    }
    for (size_t i = 0; i < ns->n_members; i++) {
        const struct nstree_process *process = &ns->members[i];

        if (process->flags & NSTREE_PROCESS_KTHREAD && !drawing->look->kthreads) {
            kthreads++;
            continue;
        }
        if (held) /* drawn one late: only then is it known not to be the last */
            draw_member(drawing, held, false);
        held = process;
    }
    if (held)
        draw_member(drawing, held, last && kthreads == 0);
    if (kthreads > 0) {
        prefix_draw(&drawing->prefix, drawing->out, last);
        describe_kthreads(drawing->out, kthreads);
        put_char(drawing->out, '\n');
    }
}

static void draw_sharer(const struct drawing *drawing, const struct nstree_container *container,
                        bool last)
{
    prefix_draw(&drawing->prefix, drawing->out, last);
    describe_sharer(drawing->out, drawing->look, container);
    put_char(drawing->out, '\n');
}

/* The containers that share a namespace. */
static void draw_sharers(const struct drawing *drawing, const struct nstree_ns *ns, bool last)
{
    const struct selection *selection = drawing->selection;
    const struct nstree_container *held = describe_next_sharer(drawing->look, selection, ns, NULL);

    while (held) {
        const struct nstree_container *next =
            describe_next_sharer(drawing->look, selection, ns, held);

        draw_sharer(drawing, held, last && !next);
        held = next;
    }
}

static int compare_items(const void *a, const void *b)
{
    return compare_numbers(((const struct item *)a)->pid, ((const struct item *)b)->pid);
}

/* The selected processes in this namespace and below it, by their PID in it. */
static int draw_paths(struct drawing *drawing, const struct nstree_ns *ns, bool last)
{
    size_t n = 0;

    for (size_t i = 0; i < ns->n_inside; i++) {
        const struct nstree_process *process = &ns->members[i];

        if (!selection_picks(drawing->selection, process))
            continue;
        struct item *items = array_room(drawing->items, &drawing->items_size, n + 1, sizeof *items);
        if (!items)
            return -ENOMEM;
        drawing->items = items;
        items[n++] = (struct item){process->nspid[ns->level], process};
    }
    if (n > 0)
        qsort(drawing->items, n, sizeof *drawing->items, compare_items);
    for (size_t i = 0; i < n; i++)
        draw_path(drawing, &drawing->items[i], ns->level, last && i + 1 == n);
    return 0;
}

/* The line of a namespace. Sets the prefix of its items. Returns 0 or -ENOMEM. */
static int draw_heading(struct drawing *drawing, const struct nstree_ns *ns)
{
    struct prefix *prefix = &drawing->prefix;
    int rc = 0;

    if (ns->parent) {
        bool last = drawing->last_child[index_of(drawing, ns->parent)] == index_of(drawing, ns);

        prefix->len = drawing->prefix_len[ns->level - 1];
        prefix_draw(prefix, drawing->out, last);
        rc = prefix_enter(prefix, last);
    }
    drawing->prefix_len[ns->level] = prefix->len;
    describe_heading(drawing->out, drawing->look, drawing->selection->tree, ns,
                     !selection_is_paths(drawing->selection));
    if (drawing->look->summary && ns->init)
        describe_tail(drawing->out, drawing->look, ns->init);
    put_char(drawing->out, '\n');
    return rc;
}

static int draw_namespace(struct drawing *drawing, const struct nstree_ns *ns)
{
    bool last = drawing->last_child[index_of(drawing, ns)] == 0;
    int rc = draw_heading(drawing, ns);

    if (rc != 0)
        return rc;
    if (drawing->look->summary)
        draw_sharers(drawing, ns, last);
    else if (selection_shown(drawing->selection, ns) != SHOWN_MEMBERS)
        return draw_paths(drawing, ns, last);
    else
        draw_members(drawing, ns, last);
    return 0;
}

int render_tree(const struct selection *selection, const struct look *look, FILE *out)
{
    const struct nstree_ns *root = nstree_root(selection->tree);
    struct drawing drawing = {
        .selection = selection, .look = look, .out = out, .prefix.glyphs = look->glyphs};
    int rc = find_last_children(&drawing);

    for (size_t i = 0; i <= root->below && rc == 0; i++) {
        if (selection_shown(selection, &root[i]) != SHOWN_NOT)
            rc = draw_namespace(&drawing, &root[i]);
    }
    free(drawing.last_child);
    free(drawing.items);
    prefix_free(&drawing.prefix);
    return rc;
}
