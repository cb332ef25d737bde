/* SPDX-License-Identifier: MIT */
/*
 * nstree: the command. It sees libnstree only through nstree.h.
 *
 *   options.c    the command line into a struct; the table of options
 *   privilege.c  capabilities
 *   selection.c  what of the tree is asked for
 *   render_*.c   a tree and a selection onto a stream, one file a format
 *   describe.c   words and marks that the formats share; labels go here
 *   prefix.c     what stands in front of the lines of a tree
 *   style.c      glyphs, locale, colour, width of the terminal
 *   cut.c        lines cut at that width; width.c knows how wide a character is
 *   picture.c    what the formats for pictures share; quote.c quotes text in them
 *   escape.c     what others chose, made harmless
 *   report.c     what is said on standard error
 */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cut.h"
#include "cli/privilege.h"
#include "cli/render.h"
#include "cli/report.h"

enum { EXIT_DONE = 0, EXIT_MISSING = 1, EXIT_FAILED = 2, EXIT_UNSEEN = 3 };

/* Closed standard streams are filled with what cannot be used, so that nothing else gets their
 * number and a write to them still fails. */
static void guard_streams(void)
{
    for (int fd = 0; fd <= 2; fd++) {
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
            (void)!open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
    }
}

/* Paths become inodes while the privileges to look at them are there. */
static int resolve_namespaces(struct ns_list *list)
{
    for (size_t i = 0; i < list->n; i++) {
        struct ns_operand *operand = &list->items[i];
        int rc = operand->inode ? 0 : nstree_path_inode(operand->text, &operand->inode);

        if (rc == -EINVAL)
            return fail("--ns: '%s' is not a PID namespace", operand->text);
        if (rc != 0 && rc != -ENOENT)
            return fail("--ns: '%s': %s", operand->text, strerror(-rc));
    }
    return 0;
}

static int load(const struct options *options, struct nstree **tree)
{
    struct nstree_error err;
    bool is_stdin = strcmp(options->load, "-") == 0;
    const char *name = is_stdin ? "standard input" : options->load;
    int rc, fd = -1;

    /* Root may read any file, who borrows privileges only his own. */
    if (!is_stdin && !privilege_is_borrowed())
        fd = open(options->load, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    int error = errno;
    if (privilege_drop() != 0)
        return fail("cannot drop privileges");
    if (!is_stdin && privilege_is_borrowed()) {
        fd = open(options->load, O_RDONLY | O_CLOEXEC | O_NOCTTY);
        error = errno;
    }
    if (!is_stdin && fd < 0)
        return fail("%s: %s", name, strerror(error));
    rc = nstree_load(is_stdin ? STDIN_FILENO : fd, tree, &err);
    if (fd >= 0)
        close(fd);
    return rc == 0 ? 0 : fail("%s: %s", name, err.text);
}

static int scan(const struct options *options, struct nstree **tree)
{
    struct nstree_error err;
    bool others = options->verbose && options->format != FORMAT_LIST;
    /* Whether a namespace is shared, all inits together tell. */
    bool some = options->pids.n > 0 && options->namespaces.n == 0 && !others;
    struct nstree_options how = {
        .size = sizeof how,
        .proc = options->proc,
        .pids = some ? options->pids.items : NULL,
        .n_pids = some ? options->pids.n : 0,
        .source = options->source,
    };

    if (options->args)
        how.want |= NSTREE_WANT_ARGS;
    if (options->all)
        how.want |= NSTREE_WANT_EMPTY;
    if (options->format != FORMAT_LIST)
        how.want |= NSTREE_WANT_OWNERS;
    if (!options->no_labels)
        how.want |= NSTREE_WANT_LABELS;
    if (others)
        how.want |= NSTREE_WANT_OTHERS;
    int rc = nstree_scan(&how, tree, &err);
    if (privilege_drop() != 0) {
        if (rc == 0)
            nstree_free(*tree);
        return fail("cannot drop privileges");
    }
    if (rc == -ENOENT && some && options->proc == NULL) {
        complain(err.text);
        return EXIT_MISSING;
    }
    return rc == 0 ? 0 : fail("%s", err.text);
}

/* Everything that needs privileges: afterwards there are none. */
static int read_tree(struct options *options, struct nstree **tree)
{
    bool trusted = !privilege_is_borrowed() || (!options->proc && !options->load);
    int rc = privilege_begin(trusted, options->all);

    if (rc != 0)
        return fail("cannot set capabilities: %s", strerror(-rc));
    rc = resolve_namespaces(&options->namespaces);
    if (rc != 0)
        return rc;
    return options->load ? load(options, tree) : scan(options, tree);
}

/* What was written has to have arrived. A reader that has gone away wants no more: that is no
 * failure. */
static int finish_output(void)
{
    int failed = ferror(stdout);
    int error = errno;

    if (fflush(stdout) != 0 && !failed) {
        failed = 1;
        error = errno;
    }
    if (fclose(stdout) != 0 && !failed) {
        failed = 1;
        error = errno;
    }
    if (!failed || error == EPIPE)
        return EXIT_DONE;
    return fail("standard output: %s", strerror(error));
}

static struct look make_look(const struct options *options, const struct nstree *tree)
{
    bool other = style_other_charset();
    enum style style = options->style == STYLE_AUTO ? style_auto(other) : options->style;

    return (struct look){
        .glyphs = style_glyphs(style),
        .utf8 = !other,
        .color = options->format == FORMAT_TREE && style_color(options->color, stdout),
        .args = options->args,
        .kthreads = options->kthreads,
        .summary = options->summary,
        .wide = options->wide,
        .labels = !options->no_labels,
        .verbose = options->verbose,
        .self = nstree_info(tree)->self,
    };
}

/* A tree as lines for people: on a terminal they are cut at its width. */
static int render_lines(const struct selection *selection, const struct options *options,
                        const struct look *look)
{
    unsigned columns = options->wide ? 0 : style_columns(stdout);
    FILE *out = stdout;
    struct cut cut;

    if (columns > 0) {
        if (cut_open(&cut, stdout, columns, look->glyphs->cut) != 0)
            return -ENOMEM;
        out = cut.stream;
    }
    int rc =
        options->forest ? render_forest(selection, look, out) : render_tree(selection, look, out);
    if (columns > 0 && cut_close(&cut) != 0)
        rc = -ENOMEM;
    return rc;
}

static int render(const struct selection *selection, const struct options *options)
{
    struct look look = make_look(options, selection->tree);

    switch (options->format) {
    case FORMAT_LIST:
        return render_list(selection, &look, stdout);
    case FORMAT_JSON:
        return render_json(selection, &look, stdout);
    case FORMAT_DOT:
        return render_dot(selection, &look, stdout);
    case FORMAT_MERMAID:
        return render_mermaid(selection, &look, stdout);
    default:
        return render_lines(selection, options, &look);
    }
}

/* Prints what is asked for of a tree. Nothing is printed where nothing asked for is there. */
static int show(const struct nstree *tree, const struct options *options)
{
    struct selection selection;

    report_counting(tree, options);
    int rc = selection_make(tree, options, complain, &selection), status = EXIT_DONE;
    bool any = rc == 0 && selection_shown(&selection, nstree_root(tree)) != SHOWN_NOT;

    if (any)
        rc = render(&selection, options);
    if (rc == 0)
        status = finish_output();
    else
        status = fail("%s", strerror(-rc));
    if (status == EXIT_DONE && selection.missing > 0)
        status = EXIT_MISSING;
    selection_free(&selection);
    if (status != EXIT_FAILED)
        report_unseen(tree);
    if (status == EXIT_DONE && options->strict && !nstree_info(tree)->complete)
        status = EXIT_UNSEEN;
    return status;
}

static int print_about(const struct options *options)
{
    if (options->help)
        options_help(stdout);
    else
        printf("nstree %s (%s)\n", nstree_version(),
               nstree_has_source(NSTREE_SOURCE_BPF) ? "bpf" : "no bpf");
    return finish_output();
}

int main(int argc, char **argv)
{
    struct options options;
    struct nstree_error err;
    struct nstree *tree = NULL;

    int unprivileged = privilege_rest();
    guard_streams();
    if (unprivileged != 0)
        return fail("cannot set capabilities: %s", strerror(-unprivileged));
    signal(SIGPIPE, SIG_IGN); /* finish_output() tells */
    setlocale(LC_CTYPE, "");
    int status = options_parse(argc, argv, &options, &err);
    if (status != 0) {
        status = fail("%s (see nstree --help)", err.text);
    } else if (options.help || options.version) {
        status = print_about(&options);
    } else {
        status = read_tree(&options, &tree);
        if (status == 0)
            status = show(tree, &options);
    }
    options_free(&options);
    nstree_free(tree);
    return status;
}
