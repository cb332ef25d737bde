/* SPDX-License-Identifier: MIT */
/*
 * Arbitrary files in place of a procfs: a scan ends, with a well-formed tree or with an error that
 * nstree.h lists.
 *
 * The input is text. A line `>PATH` begins a file, `=PATH` a link, `+PATH` is a directory. The text
 * up to the next such line is the content of the file or the target of the link. No path leads out
 * of the directory, which is in TMPDIR and removed afterwards.
 */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "model/tree.h"

#define PATH_BYTES 96
#define ENTRIES_MAX 400

#define EVERYTHING                                                                                 \
    (NSTREE_WANT_ARGS | NSTREE_WANT_OWNERS | NSTREE_WANT_EMPTY | NSTREE_WANT_LABELS |              \
     NSTREE_WANT_OTHERS | NSTREE_WANT_USAGE)

/* The end of the line or of the text. */
static const char *line_end(const char *at, const char *end)
{
    const char *newline = memchr(at, '\n', (size_t)(end - at));

    return newline ? newline : end;
}

static bool begins_entry(const char *at, const char *end)
{
    return at < end && (*at == '>' || *at == '=' || *at == '+');
}

/* Copies a path if it stays below a directory. */
static bool take_path(const char *at, size_t len, char path[PATH_BYTES])
{
    if (len == 0 || len >= PATH_BYTES || memchr(at, '\0', len) || at[0] == '/')
        return false;
    memcpy(path, at, len);
    path[len] = '\0';
    return !strstr(path, "..");
}

static void make_parents(int dir, char *path)
{
    for (char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdirat(dir, path, 0755);
        *slash = '/';
    }
}

static void make_file(int dir, const char *path, const char *text, size_t len)
{
    int fd = openat(dir, path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);

    if (fd < 0)
        return; /* a directory, or below a file */
    CHECK(len == 0 || write(fd, text, len) == (ssize_t)len);
    close(fd);
}

/* exe and cwd are read and never followed. */
static bool may_lead_anywhere(const char *path)
{
    const char *name = strrchr(path, '/');

    return name && (strcmp(name, "/exe") == 0 || strcmp(name, "/cwd") == 0);
}

static void make_link(int dir, const char *path, const char *text, size_t len)
{
    char target[PATH_BYTES];

    while (len > 0 && text[len - 1] == '\n')
        len--;
    if (may_lead_anywhere(path) && len > 0 && len < sizeof target && !memchr(text, '\0', len)) {
        memcpy(target, text, len);
        target[len] = '\0';
    } else if (!take_path(text, len, target)) {
        return;
    }
    (void)!symlinkat(target, dir, path);
}

static void make_tree(int dir, const char *at, const char *end)
{
    char path[PATH_BYTES];

    for (int n = 0; at < end && n < ENTRIES_MAX; n++) {
        const char *name = at + 1, *name_end = line_end(at, end);
        const char *text = name_end < end ? name_end + 1 : end, *text_end = text;
        char kind = *at;

        while (text_end < end && !begins_entry(text_end, end)) {
            text_end = line_end(text_end, end);
            text_end += text_end < end;
        }
        if (begins_entry(at, end) && take_path(name, (size_t)(name_end - name), path)) {
            make_parents(dir, path);
            if (kind == '>')
                make_file(dir, path, text, (size_t)(text_end - text));
            else if (kind == '=')
                make_link(dir, path, text, (size_t)(text_end - text));
            else
                mkdirat(dir, path, 0755);
        }
        at = text_end;
    }
}

static int take_away(const char *path, const struct stat *st, int type, struct FTW *where)
{
    (void)st;
    (void)type;
    (void)where;
    return remove(path);
}

static void check_all(struct nstree *tree)
{
    struct selection selection;
    struct prints prints;

    check_tree(tree);
    tree->info.source = NSTREE_SOURCE_RECORDING; /* as after loading */
    select_all(tree, &selection);
    print_all(&selection, &prints);
    check_round_trip(&prints);
    prints_free(&prints);
    selection_free(&selection);
}

static void scan(const char *proc)
{
    const struct nstree_options options = {
        .size = sizeof options, .proc = proc, .want = EVERYTHING};
    struct nstree *tree = NULL;
    struct nstree_error err = {""};
    int rc = nstree_scan(&options, &tree, &err);

    if (rc == 0) {
        check_all(tree);
    } else {
        CHECK(rc == -ENODATA || rc == -EACCES || rc == -EOPNOTSUPP || rc == -EIO);
        CHECK(!tree && err.text[0] && memchr(err.text, '\0', sizeof err.text));
    }
    nstree_free(tree);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *tmp = getenv("TMPDIR"), *text = (const char *)data;
    char proc[4096];

    snprintf(proc, sizeof proc, "%s/nstree-fuzz-XXXXXX", tmp ? tmp : "/tmp");
    CHECK(mkdtemp(proc));
    int dir = open(proc, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    CHECK(dir >= 0);
    make_tree(dir, text, text + size);
    close(dir);
    scan(proc);
    CHECK(nftw(proc, take_away, 8, FTW_DEPTH | FTW_PHYS) == 0);
    return 0;
}
