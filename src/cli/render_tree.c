/* SPDX-License-Identifier: MIT */
/* The tree as text. Namespaces are walked in the order that they stand in, so nothing recurses. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "render.h"
#include "text.h"

#define COLOR_NAMESPACE "\033[1;36m"
#define COLOR_MATCH "\033[1;31m"
#define COLOR_END "\033[m"

/* One process line of the namespace that is being drawn, where each level has its own. */
struct line {
    uint32_t number;
    const struct nstree_process *process;
};

struct drawing {
    const struct selection *selection;
    const struct look *look;
    FILE *out;
    uint32_t *last_child; /* by index of a namespace: that of its last shown child, 0 for none */
    struct line *lines;   /* room for as many as there are processes asked for */
    size_t lines_size;
    /* What stands in front of the items of the namespace at each level. */
    char prefix[NSTREE_LEVELS_MAX * 8];
    size_t prefix_len[NSTREE_LEVELS_MAX + 1];
};

static size_t index_of(const struct drawing *drawing, const struct nstree_ns *ns)
{
    return (size_t)(ns - nstree_root(drawing->selection->tree));
}

/* Notes the last shown child of each namespace; children stand behind their parents. */
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

static void draw_prefix(const struct drawing *drawing, uint32_t level, bool last)
{
    const struct glyphs *glyphs = drawing->look->glyphs;

    fwrite(drawing->prefix, 1, drawing->prefix_len[level], drawing->out);
    fputs(last ? glyphs->last : glyphs->item, drawing->out);
}

static void set_color(const struct drawing *drawing, const char *color)
{
    if (drawing->look->color)
        fputs(color, drawing->out);
}

static void draw_process(const struct drawing *drawing, const struct line *line, uint32_t level,
                         bool last)
{
    const struct nstree_process *process = line->process;
    bool paths = selection_is_paths(drawing->selection);
    bool match = selection_matches(drawing->selection, line->number);
    FILE *out = drawing->out;

    draw_prefix(drawing, level, last);
    if (match)
        set_color(drawing, COLOR_MATCH);
    text_number(out, line->number);
    if (match)
        set_color(drawing, COLOR_END);
    putc(' ', out);
    text_name(out, drawing->look, process);
    if (!paths && process->levels > 1) {
        fputs(" [", out);
        text_chain(out, process, ' ');
        putc(']', out);
    }
    if (level + 1 == process->levels)
        text_process_marks(out, process);
    if (match)
        fputs(" (match)", out);
    putc('\n', out);
}

static void draw_kthreads(const struct drawing *drawing, size_t n, bool last)
{
    draw_prefix(drawing, 0, last);
    fprintf(drawing->out, "(%zu kernel thread%s)\n", n, n == 1 ? "" : "s");
}

/* The members of a namespace that is shown whole. */
static void draw_members(const struct drawing *drawing, const struct nstree_ns *ns, bool last)
{
    size_t kthreads = 0;
    struct line held = {0};

    for (size_t i = 0; i < ns->n_members; i++) {
        const struct nstree_process *process = &ns->members[i];

        if (process->flags & NSTREE_PROCESS_KTHREAD && !drawing->look->kthreads) {
            kthreads++;
            continue;
        }
        if (held.process) /* only when another follows is it known which is the last */
            draw_process(drawing, &held, ns->level, false);
        held = (struct line){process->nspid[ns->level], process};
    }
    if (held.process)
        draw_process(drawing, &held, ns->level, last && kthreads == 0);
    if (kthreads > 0)
        draw_kthreads(drawing, kthreads, last);
}

static int by_number(const void *a, const void *b)
{
    const struct line *x = a, *y = b;

    return x->number < y->number ? -1 : x->number > y->number;
}

/* The processes that were asked for and are in this namespace or below it, by their number here. */
static int draw_paths(struct drawing *drawing, const struct nstree_ns *ns, bool last)
{
    size_t n = 0;

    for (size_t i = 0; i < ns->n_inside; i++) {
        const struct nstree_process *process = &ns->members[i];

        if (!selection_has(drawing->selection, process))
            continue;
        if (n == drawing->lines_size) {
            size_t size = n * 2 + 16;
            struct line *lines = realloc(drawing->lines, size * sizeof *lines);

            if (!lines)
                return -ENOMEM;
            drawing->lines = lines;
            drawing->lines_size = size;
        }
        drawing->lines[n++] = (struct line){process->nspid[ns->level], process};
    }
    if (n > 0)
        qsort(drawing->lines, n, sizeof *drawing->lines, by_number);
    for (size_t i = 0; i < n; i++)
        draw_process(drawing, &drawing->lines[i], ns->level, last && i + 1 == n);
    return 0;
}

static void draw_count(const struct drawing *drawing, const struct nstree_ns *ns)
{
    if (selection_is_paths(drawing->selection) || ns->total == 0 ||
        ns->total == NSTREE_TOTAL_UNKNOWN)
        return;
    fputs(ns->init && ns->init->name[0] ? ", " : " ", drawing->out);
    text_number(drawing->out, ns->total);
    fputs(ns->total == 1 ? " process" : " processes", drawing->out);
}

/* The line of a namespace, and what is to stand in front of what is in it. */
static void draw_heading(struct drawing *drawing, const struct nstree_ns *ns)
{
    const struct glyphs *glyphs = drawing->look->glyphs;
    uint32_t level = ns->level;

    if (ns->parent) {
        bool last = drawing->last_child[index_of(drawing, ns->parent)] == index_of(drawing, ns);
        const char *more = last ? glyphs->blank : glyphs->below;
        size_t len = drawing->prefix_len[level - 1];

        draw_prefix(drawing, level - 1, last);
        memcpy(drawing->prefix + len, more, strlen(more));
        drawing->prefix_len[level] = len + strlen(more);
    }
    set_color(drawing, COLOR_NAMESPACE);
    text_namespace(drawing->out, drawing->look, ns);
    set_color(drawing, COLOR_END);
    draw_count(drawing, ns);
    text_namespace_marks(drawing->out, ns);
    text_keepers(drawing->out, drawing->look, ns);
    putc('\n', drawing->out);
}

static int draw_namespace(struct drawing *drawing, const struct nstree_ns *ns)
{
    bool last = drawing->last_child[index_of(drawing, ns)] == 0;

    draw_heading(drawing, ns);
    if (selection_is_paths(drawing->selection))
        return draw_paths(drawing, ns, last);
    if (!drawing->look->summary && selection_shown(drawing->selection, ns) == SHOWN_MEMBERS)
        draw_members(drawing, ns, last);
    return 0;
}

int render_tree(const struct selection *selection, const struct look *look, FILE *out)
{
    const struct nstree_ns *root = nstree_root(selection->tree);
    struct drawing drawing = {.selection = selection, .look = look, .out = out};
    int rc = find_last_children(&drawing);

    for (size_t i = 0; i <= root->below && rc == 0; i++) {
        if (selection_shown(selection, &root[i]) != SHOWN_NOT)
            rc = draw_namespace(&drawing, &root[i]);
    }
    free(drawing.last_child);
    free(drawing.lines);
    return rc;
}
