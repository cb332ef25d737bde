/* SPDX-License-Identifier: MIT */
/*
 * Namespaces are nested boxes, in the order of the tree. By default they contain their members,
 * some joined (picture_nodes.h), each with a line from its parent process. With --summary they only
 * say how many. With --pid and --find they contain the selected processes, once at every level,
 * with a line from level to level.
 */
#include "cli/picture.h"

#include <errno.h>

#include "cli/cut.h"
#include "cli/describe.h"
#include "cli/picture_nodes.h"
#include "cli/picture_rows.h"

struct picture {
    const struct picture_words *words;
    const struct selection *selection;
    const struct look *look;
    FILE *out;
    struct quote *quote;
    struct cut *cut; /* of command lines, into the quote */
    struct picture_nodes nodes;
};

static void indent(const struct picture *picture, uint32_t level)
{
    for (uint32_t i = 0; i <= level; i++)
        fputs("  ", picture->out);
}

/* The name of the node of a process, or of a process at one level. */
static void write_process(const struct picture *picture, const struct nstree_process *process)
{
    putc('p', picture->out);
    describe_number(picture->out, process->pid);
}

static void write_level(const struct picture *picture, const struct nstree_process *process,
                        uint32_t level)
{
    write_process(picture, process);
    putc('_', picture->out);
    describe_number(picture->out, level);
}

/* The columns of a command line: one that is as long as it may be would be all of the picture. */
#define ARGS_COLUMNS 40

/* The name of a process, or its command line. */
static void write_name(const struct picture *picture, const struct nstree_process *process)
{
    if (!picture->look->args || picture->look->wide) {
        describe_name(picture->quote->stream, picture->look, process);
        return;
    }
    describe_name(picture->cut->stream, picture->look, process);
    cut_end(picture->cut);
}

/* The id of a namespace, in characters that all languages allow in a name. */
static void write_id(const struct picture *picture, const struct nstree_ns *ns)
{
    char id[NSTREE_ID_SIZE];

    for (const char *at = nstree_ns_id(ns, id); *at; at++)
        putc(*at == '?' ? 'u' : *at == '.' ? '_' : *at, picture->out);
}

/* Ends a quoted text. `words` follow it. */
static void unquote(const struct picture *picture, const char *words)
{
    quote_end(picture->quote);
    fputs(words, picture->out);
}

/* With --args, the command line of an init. */
static void write_tail(const struct picture *picture, const struct nstree_process *init)
{
    if (!picture->look->args || !describe_raw_name(picture->look, init)[0])
        return;
    putc(' ', picture->quote->stream);
    write_name(picture, init);
}

static void open_box(const struct picture *picture, const struct nstree_ns *ns)
{
    FILE *text = picture->quote->stream;

    indent(picture, ns->level);
    fputs(picture->words->box, picture->out);
    write_id(picture, ns);
    fputs(picture->words->box_text, picture->out);
    describe_namespace(text, picture->look, ns);
    if (!selection_is_paths(picture->selection))
        describe_count(text, picture->look, ns, picture->words->box_count);
    describe_namespace_marks(text, picture->look, ns);
    if (picture->look->summary && ns->init)
        write_tail(picture, ns->init);
    unquote(picture, picture->words->box_open);
    if (picture->words->box_first) {
        indent(picture, ns->level + 1);
        fputs(picture->words->box_first, picture->out);
    }
}

static void close_box(const struct picture *picture, uint32_t level)
{
    indent(picture, level);
    fputs(picture->words->box_close, picture->out);
}

/* `PID NAME`, and the whole chain in a nested namespace. */
static void write_member(const struct picture *picture, const struct nstree_process *process)
{
    FILE *text = picture->quote->stream;

    describe_own_pid(text, process);
    putc(' ', text);
    write_name(picture, process);
    if (process->levels > 1) {
        putc('\n', text);
        describe_chain(text, process, ' ');
    }
}

/* `N*[NAME]`, as in pstree(1), and the range of their PIDs. */
static void write_members(const struct picture *picture, const struct nstree_process *first,
                          const struct picture_node *node)
{
    FILE *text = picture->quote->stream;

    describe_number(text, node->count);
    fputs("*[", text);
    write_name(picture, first);
    fputs("]\nfrom ", text);
    describe_own_pid(text, first);
    fputs(" to ", text);
    describe_number(text, node->last);
}

static void draw_member(const struct picture *picture, const struct nstree_process *process,
                        const struct picture_node *node)
{
    indent(picture, process->ns->level + 1);
    write_process(picture, process);
    fputs(picture->words->node_text, picture->out);
    if (node->count == 1)
        write_member(picture, process);
    else
        write_members(picture, process, node);
    describe_process_marks(picture->quote->stream, picture->look, picture->selection->tree,
                           process);
    unquote(picture, picture->words->node_end);
}

static void draw_kthreads(const struct picture *picture, const struct nstree_ns *ns, size_t n)
{
    indent(picture, ns->level + 1);
    putc('n', picture->out);
    write_id(picture, ns);
    fputs(picture->words->note_text, picture->out);
    describe_kthreads(picture->quote->stream, n);
    unquote(picture, picture->words->note_end);
}

static void draw_members(const struct picture *picture, const struct nstree_ns *ns)
{
    size_t kthreads = 0;

    for (size_t i = 0; i < ns->n_members; i++) {
        const struct nstree_process *process = &ns->members[i];
        const struct picture_node *node = picture_nodes_of(&picture->nodes, process);

        if (node->count > 0)
            draw_member(picture, process, node);
        else if (process->flags & NSTREE_PROCESS_KTHREAD && !picture->look->kthreads &&
                 selection_has(picture->selection, process))
            kthreads++;
    }
    if (kthreads > 0)
        draw_kthreads(picture, ns, kthreads);
}

/* The name of the node of a container that shares a namespace. */
static void write_sharer(const struct picture *picture, const struct nstree_ns *ns, size_t index)
{
    putc('c', picture->out);
    write_id(picture, ns);
    fprintf(picture->out, "_%zu", index);
}

static void draw_sharer(const struct picture *picture, const struct nstree_container *container,
                        size_t index)
{
    indent(picture, container->ns->level + 1);
    write_sharer(picture, container->ns, index);
    fputs(picture->words->note_text, picture->out);
    describe_sharer(picture->quote->stream, picture->look, container);
    unquote(picture, picture->words->note_end);
}

/* The containers that share a namespace. Returns how many. */
static size_t draw_sharers(const struct picture *picture, const struct nstree_ns *ns)
{
    const struct nstree_container *container = NULL;
    size_t drawn = 0;

    while ((container = describe_next_sharer(picture->look, picture->selection, ns, container)))
        draw_sharer(picture, container, drawn++);
    return drawn;
}

static void draw_filler(const struct picture *picture, const struct nstree_ns *ns)
{
    if (!picture->words->filler)
        return;
    indent(picture, ns->level + 1);
    putc('n', picture->out);
    write_id(picture, ns);
    fputs(picture->words->filler, picture->out);
}

/* The selected processes in this namespace and below it, by their PID in it. */
static void draw_levels(const struct picture *picture, const struct nstree_ns *ns)
{
    FILE *text = picture->quote->stream;

    for (size_t i = 0; i < ns->n_inside; i++) {
        const struct nstree_process *process = &ns->members[i];

        if (!selection_has(picture->selection, process))
            continue;
        indent(picture, ns->level + 1);
        write_level(picture, process, ns->level);
        fputs(picture->words->node_text, picture->out);
        describe_number(text, process->nspid[ns->level]);
        putc(' ', text);
        write_name(picture, process);
        if (process->ns == ns)
            describe_process_marks(text, picture->look, picture->selection->tree, process);
        if (process->ns == ns)
            describe_threads(text, picture->look, picture->selection, process);
        if (selection_matches(picture->selection, process->nspid[ns->level]))
            describe_mark(text, picture->look, "match");
        unquote(picture, picture->words->node_end);
    }
}

/* Whether a member of a namespace is shown. */
static bool has_member(const struct picture *picture, const struct nstree_ns *ns)
{
    for (size_t i = 0; i < ns->n_members; i++) {
        if (selection_has(picture->selection, &ns->members[i]))
            return true;
    }
    return false;
}

static void draw_box(const struct picture *picture, const struct nstree_ns *ns)
{
    bool members = !picture->look->summary && has_member(picture, ns);

    open_box(picture, ns);
    if (selection_is_paths(picture->selection) && !picture->look->summary)
        draw_levels(picture, ns);
    else if (members)
        draw_members(picture, ns);
    else if ((!picture->look->summary || draw_sharers(picture, ns) == 0) && ns->below == 0)
        draw_filler(picture, ns);
}

static void draw_boxes(const struct picture *picture)
{
    const struct nstree_ns *root = nstree_root(picture->selection->tree);
    uint32_t open = 0; /* open boxes, one a level */

    for (size_t i = 0; i <= root->below; i++) {
        if (selection_shown(picture->selection, &root[i]) == SHOWN_NOT)
            continue;
        while (open > root[i].level)
            close_box(picture, --open);
        draw_box(picture, &root[i]);
        open++;
    }
    while (open > 0)
        close_box(picture, --open);
}

/* Lines from parents to children. */
static void draw_child_lines(const struct picture *picture)
{
    const struct nstree_ns *root = nstree_root(picture->selection->tree);

    for (size_t i = 0; i < root->n_inside; i++) {
        const struct nstree_process *process = &root->members[i], *parent = NULL;

        if (process->ppid && picture_nodes_of(&picture->nodes, process)->count > 0)
            parent = nstree_find_process(picture->selection->tree, root, process->ppid);
        if (!parent || picture_nodes_of(&picture->nodes, parent)->count == 0)
            continue;
        indent(picture, 0);
        write_process(picture, parent);
        fputs(picture->words->child.between, picture->out);
        write_process(picture, process);
        fputs(picture->words->child.after, picture->out);
    }
}

/* Lines from level to level. */
static void draw_level_lines(const struct picture *picture)
{
    const struct nstree_ns *root = nstree_root(picture->selection->tree);

    for (size_t i = 0; i < root->n_inside; i++) {
        const struct nstree_process *process = &root->members[i];

        if (!selection_has(picture->selection, process))
            continue;
        for (uint32_t level = 1; level < process->levels; level++) {
            indent(picture, 0);
            write_level(picture, process, level - 1);
            fputs(picture->words->same.between, picture->out);
            write_level(picture, process, level);
            fputs(picture->words->same.after, picture->out);
        }
    }
}

/* The name of the first node of a box without others in it. */
static void write_first(const struct picture *picture, const struct nstree_ns *ns)
{
    if (describe_next_sharer(picture->look, picture->selection, ns, NULL)) {
        write_sharer(picture, ns, 0);
        return;
    }
    putc('n', picture->out);
    write_id(picture, ns);
}

/* Lines that put the boxes in that of `ns` in rows. */
static void draw_rows_of(const struct picture *picture, const struct nstree_ns *ns)
{
    const struct selection *selection = picture->selection;
    const struct nstree_ns *before = NULL, *box;
    size_t columns = picture_rows_columns(selection, ns), at = 0;

    for (; (box = picture_rows_next(selection, ns, before)); before = box) {
        if (at++ % columns == 0)
            continue;
        indent(picture, 0);
        write_first(picture, picture_rows_right(selection, before));
        fputs(picture->words->row.between, picture->out);
        write_first(picture, picture_rows_left(selection, box));
        fputs(picture->words->row.after, picture->out);
    }
}

static void draw_rows(const struct picture *picture)
{
    const struct nstree_ns *root = nstree_root(picture->selection->tree);

    for (size_t i = 0; i <= root->below && picture->words->row.between; i++) {
        if (selection_shown(picture->selection, &root[i]) != SHOWN_NOT)
            draw_rows_of(picture, &root[i]);
    }
}

static void draw(const struct picture *picture)
{
    fputs(picture->words->begin, picture->out);
    draw_boxes(picture);
    if (selection_is_paths(picture->selection) && !picture->look->summary)
        draw_level_lines(picture);
    else if (!picture->look->summary)
        draw_child_lines(picture);
    else
        draw_rows(picture);
    fputs(picture->words->end, picture->out);
}

static int draw_all(struct picture *picture)
{
    int rc = picture_nodes_make(picture->selection, picture->look, &picture->nodes);

    if (rc == 0)
        draw(picture);
    picture_nodes_free(&picture->nodes);
    return rc;
}

int picture_draw(const struct picture_words *words, const struct selection *selection,
                 const struct look *look, FILE *out)
{
    struct quote quote;
    struct cut cut;
    struct picture picture = {.words = words,
                              .selection = selection,
                              .look = look,
                              .out = out,
                              .quote = &quote,
                              .cut = &cut};
    int rc = quote_open(&quote, out, &words->quoting);

    if (rc != 0)
        return rc;
    rc = cut_open(&cut, quote.stream, ARGS_COLUMNS, look->glyphs->cut);
    if (rc == 0) {
        rc = draw_all(&picture);
        if (cut_close(&cut) != 0)
            rc = -ENOMEM;
    }
    quote_close(&quote);
    return rc;
}
