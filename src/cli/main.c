/* SPDX-License-Identifier: MIT */
/* The command. It uses libnstree through nstree.h only. */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "cli/cut.h"
#include "cli/needed.h"
#include "cli/privilege.h"
#include "cli/render.h"
#include "cli/report.h"

enum { EXIT_DONE = 0, EXIT_MISSING = 1, EXIT_FAILED = 2, EXIT_UNSEEN = 3 };

/* Fills closed standard streams with descriptors that cannot be used: no other file gets them, and
 * a write to them still fails. */
static void guard_streams(void)
{
    for (int fd = 0; fd <= 2; fd++) {
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
            (void)!open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
    }
}

/* Turns paths into inodes while there are privileges to open them. */
static int resolve_namespaces(struct ns_list *list)
{
    for (size_t i = 0; i < list->n; i++) {
        struct ns_operand *operand = &list->items[i];
        int rc = operand_is_path(operand) ? nstree_path_inode(operand->text, &operand->inode) : 0;

        if (rc == -EINVAL)
            return report_failure("'%s' is not a PID namespace", operand->text);
        if (rc != 0 && rc != -ENOENT)
            return report_failure("'%s': %s", operand->text, strerror(-rc));
    }
    return 0;
}

static int load(const struct options *options, struct nstree **tree)
{
    struct nstree_error err;
    bool is_stdin = strcmp(options->load, "-") == 0, borrowed = privilege_is_borrowed();
    const char *name = is_stdin ? "standard input" : options->load;
    AUTO_CLOSE int fd = -1;

    /* Root may read any file. Borrowed privileges must not open what the user names. */
    if (borrowed && privilege_drop() != 0)
        return report_failure("cannot drop privileges");
    if (!is_stdin)
        fd = open(options->load, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    int error = errno;
    if (!borrowed && privilege_drop() != 0)
        return report_failure("cannot drop privileges");
    if (!is_stdin && fd < 0)
        return report_failure("%s: %s", name, strerror(error));
    int rc = nstree_load(is_stdin ? STDIN_FILENO : fd, tree, &err);
    return rc == 0 ? 0 : report_failure("%s: %s", name, err.text);
}

/* What is shared is shown by --verbose, but not in a list. */
static bool shows_shared(const struct options *options)
{
    return options->verbose && options->format != FORMAT_LIST;
}

static bool reads_usage(const struct options *options)
{
    return options->usage || options->format == FORMAT_OPENMETRICS;
}

static uint32_t choose_reads(const struct options *options)
{
    return (options->args ? NSTREE_WANT_ARGS : 0U) | columns_want(&options->columns) |
           (options->all ? NSTREE_WANT_EMPTY : 0U) |
           (options->format != FORMAT_LIST ? NSTREE_WANT_OWNERS : 0U) |
           (options->no_labels ? 0U : NSTREE_WANT_LABELS) |
           (reads_usage(options) ? NSTREE_WANT_USAGE : 0U) |
           (shows_shared(options) ? NSTREE_WANT_OTHERS : 0U);
}

static int scan(struct options *options, struct nstree **tree)
{
    struct nstree_error err;
    struct pid_list needed = {0};

    if (needed_find(options, &needed) != 0) {
        free(needed.items);
        return report_failure("%s", strerror(ENOMEM));
    }
    AUTO_FREE uint32_t *pids = needed.items;
    /* Which namespaces are shared follows from all inits; what a process keeps, and which are its
     * ancestors, from all processes. */
    bool by_pid = needed.n > 0 && !shows_shared(options) && !options->all && !options->forest;
    const struct nstree_options how = {
        .size = sizeof how,
        .proc = options->proc,
        .pids = by_pid ? pids : NULL,
        .n_pids = by_pid ? needed.n : 0,
        .source = options->source,
        .want = choose_reads(options),
        .others_of = pids,
        .n_others_of = needed.n,
    };

    int rc = nstree_scan(&how, tree, &err);
    if (privilege_drop() != 0) {
        if (rc == 0)
            nstree_free(*tree);
        return report_failure("cannot drop privileges");
    }
    if (rc == -ENOENT && by_pid && options->proc == NULL) {
        report_text(err.text);
        return EXIT_MISSING;
    }
    return rc == 0 ? 0 : report_failure("%s", err.text);
}

/* Does everything that needs privileges, and gives them up. */
static int read_tree(struct options *options, struct nstree **tree)
{
    bool trusted = !privilege_is_borrowed() || (!options->proc && !options->load);
    int rc = privilege_begin(trusted, options->all);

    if (rc != 0)
        return report_failure("cannot set capabilities: %s", strerror(-rc));
    rc = resolve_namespaces(&options->namespaces) ?: resolve_namespaces(&options->whats);
    if (rc != 0)
        return rc;
    return options->load ? load(options, tree) : scan(options, tree);
}

/* Checks that all output was written. A reader that closes its end of a pipe is no failure. */
static int finish_output(void)
{
    int failed = ferror(stdout), error = errno;

    if ((fflush(stdout) != 0 || fclose(stdout) != 0) && !failed) {
        failed = 1;
        error = errno;
    }
    if (!failed || error == EPIPE)
        return EXIT_DONE;
    return report_failure("standard output: %s", strerror(error));
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
        .columns = &options->columns,
    };
}

/* Whether names of users are shown: in a column, or of owners that are not the root's. */
static bool shows_users(const struct options *options, const struct nstree *tree)
{
    const struct nstree_ns *root = nstree_root(tree);

    for (size_t i = 0; i <= root->below; i++) {
        if (root[i].owner_uid != NSTREE_UID_UNKNOWN && root[i].owner_uid != root->owner_uid)
            return true;
    }
    return columns_have_users(&options->columns);
}

/* The names of users are those of the machine that nstree runs on: not of another procfs. Read when
 * all privileges are gone. */
static int name_users(const struct options *options, const struct nstree *tree, struct users *users)
{
    *users = (struct users){0};
    if (options->load || options->proc || !shows_users(options, tree))
        return 0;
    return users_read(users, "/etc/passwd");
}

/* On a terminal, lines are cut at its width. */
static int render_lines(const struct selection *selection, const struct options *options,
                        const struct look *look,
                        int (*renderer)(const struct selection *, const struct look *, FILE *))
{
    unsigned columns = options->wide ? 0 : style_columns(stdout);
    FILE *out = stdout;
    struct cut cut;

    if (columns > 0) {
        if (cut_open(&cut, stdout, columns, look->glyphs->cut) != 0)
            return -ENOMEM;
        out = cut.stream;
    }
    int rc = renderer(selection, look, out);
    if (columns > 0 && cut_close(&cut) != 0)
        rc = -ENOMEM;
    return rc;
}

static int render_as(const struct selection *selection, const struct options *options,
                     const struct look *look)
{
    if (options->quiet)
        return render_quiet(selection, look, stdout);
    switch (options->format) {
    case FORMAT_LIST:
        return options->columns.n > 0 ? render_lines(selection, options, look, render_table)
                                      : render_list(selection, look, stdout);
    case FORMAT_JSON:
        return render_json(selection, look, stdout);
    case FORMAT_DOT:
        return render_dot(selection, look, stdout);
    case FORMAT_MERMAID:
        return render_mermaid(selection, look, stdout);
    case FORMAT_OPENMETRICS:
        return render_openmetrics(selection, look, stdout);
    default:
        return render_lines(selection, options, look,
                            options->forest ? render_forest : render_tree);
    }
}

static int render(const struct selection *selection, const struct options *options)
{
    struct look look = make_look(options, selection->tree);
    struct users users;
    int rc = name_users(options, selection->tree, &users);

    look.users = &users;
    if (rc == 0)
        rc = render_as(selection, options, &look);
    users_free(&users);
    return rc;
}

/* Prints the selected part of a tree, if there is any. */
static int show(const struct nstree *tree, const struct options *options)
{
    struct selection selection;

    report_counting(tree, options);
    int rc = selection_make(tree, options, report_text, &selection);
    if (rc == 0 && selection.wrong) {
        selection_free(&selection);
        return EXIT_FAILED;
    }
    if (rc == 0 && selection_shown(&selection, nstree_root(tree)) != SHOWN_NOT)
        rc = render(&selection, options);
    int status = rc == 0 ? finish_output() : report_failure("%s", strerror(-rc));
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

    int unprivileged = privilege_suspend();
    guard_streams();
    if (unprivileged != 0)
        return report_failure("cannot set capabilities: %s", strerror(-unprivileged));
    signal(SIGPIPE, SIG_IGN); /* finish_output() checks for EPIPE */
    setlocale(LC_CTYPE, "");
    int status = options_parse(argc, argv, &options, &err);
    if (status != 0) {
        status = report_failure("%s (see nstree --help)", err.text);
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
