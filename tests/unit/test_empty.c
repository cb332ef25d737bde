/* SPDX-License-Identifier: MIT */
/* Keepers of namespaces without members: in lines of mountinfo (see proc_pid_mountinfo(5)), in the
 * tree, in words and in recordings. Expectations are written by hand. */
#include "build.h"

#include <errno.h>
#include <unistd.h>

#include "cli/describe.h"
#include "kernel/parse.h"

static void test_mount_lines(void **state)
{
    static const struct {
        const char *line;
        int rc;
        uint32_t id, inode;
        const char *path;
    } rows[] = {
        {"36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue\n", 0, 36,
         0, NULL},
        {"412 28 0:4 pid:[4026532999] /run/ns/a rw - nsfs nsfs rw\n", 0, 412, 4026532999,
         "/run/ns/a"},
        {"412 28 0:4 pid:[4026532999] /run/ns/a rw - nsfs nsfs rw", 0, 412, 4026532999,
         "/run/ns/a"},
        {"412 28 0:4 pid:[4026532999] /run/ns/a rw shared:3 master:1 propagate_from:2 - nsfs nsfs "
         "rw",
         0, 412, 4026532999, "/run/ns/a"},
        {"412 28 0:4 pid:[4026532999] /a\\040b\\011c\\012d\\134e rw - nsfs nsfs rw\n", 0, 412,
         4026532999, "/a b\tc\nd\\e"},
        /* Escapes that the kernel does not write stay. */
        {"412 28 0:4 pid:[4026532999] /a\\09\\400\\x\\1 rw - nsfs nsfs rw\n", 0, 412, 4026532999,
         "/a\\09\\400\\x\\1"},
        {"412 28 0:4 pid:[4026532999] /\\303\\266\\377 rw - nsfs nsfs rw\n", 0, 412, 4026532999,
         "/\303\266\377"},
        /* Other namespaces, and lookalikes. */
        {"413 28 0:4 net:[4026532999] /run/netns/a rw - nsfs nsfs rw\n", 0, 413, 0, NULL},
        {"414 28 0:5 pid:[4026532999] /mnt rw - fuse.evil pid:[1] rw\n", 0, 414, 0, NULL},
        {"415 28 0:5 /pid:[4026532999] /mnt rw - nsfs nsfs rw\n", 0, 415, 0, NULL},
        {"415 28 0:5 pid:[0] /mnt rw - nsfs nsfs rw\n", 0, 415, 0, NULL},
        {"415 28 0:5 pid:[4294967296] /mnt rw - nsfs nsfs rw\n", 0, 415, 0, NULL},
        /* Cut off, or no such line. */
        {"", -EINVAL, 0, 0, NULL},
        {"\n", -EINVAL, 0, 0, NULL},
        {"412 28 0:4 pid:[4026532999] /run/ns/a\n", -EINVAL, 0, 0, NULL},
        {"412 28 0:4 pid:[4026532999] /run/ns/a rw shared:3\n", -EINVAL, 0, 0, NULL},
        {"412 28 0:4 pid:[4026532999] /run/ns/a rw -\n", -EINVAL, 0, 0, NULL},
        {"x 28 0:4 pid:[4026532999] /run/ns/a rw - nsfs nsfs rw\n", -EINVAL, 0, 0, NULL},
        {"4294967296 28 0:4 pid:[4026532999] /run/ns/a rw - nsfs nsfs rw\n", -EINVAL, 0, 0, NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct mount_line got = {0};
        char *line = strdup(rows[i].line); /* exact, so that a sanitizer sees reads beyond it */

        assert_non_null(line);
        ROW_INT(rows[i].line, parse_mount_line(line, &got), rows[i].rc);
        if (rows[i].rc == 0) {
            ROW_INT(rows[i].line, got.id, rows[i].id);
            ROW_INT(rows[i].line, got.inode, rows[i].inode);
            ROW_TEXT(rows[i].line, got.path ? got.path : "-", rows[i].path ? rows[i].path : "-");
        }
        free(line);
    }
}

static const struct row the_init = {.nspid = {1}, .name = "init"};

static void keep(struct builder *builder, uint64_t ns, struct nstree_keeper keeper)
{
    assert_int_equal(builder_add_keeper(builder, ns, &keeper), 0);
}

static struct builder *begin(void)
{
    struct builder *builder = new_builder();

    add_reported(builder, NSTREE_INITIAL_INODE, KEY_UNKNOWN, 0);
    add_row(builder, &the_init);
    return builder;
}

/* The marks of a namespace as the tree prints them. The caller owns the result. */
static char *words_of(const struct nstree_ns *ns)
{
    const struct look look = {.utf8 = true};
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    describe_namespace_marks(out, &look, ns);
    assert_int_equal(fclose(out), 0);
    return text;
}

static void expect_words(const struct nstree *tree, uint32_t inode, const char *want)
{
    const struct nstree_ns *ns = nstree_find_ns(tree, inode);

    assert_non_null(ns);
    char *got = words_of(ns);
    ROW_TEXT("words", got, want);
    free(got);
}

static void test_words(void **state)
{
    struct builder *builder = begin();
    char name[] = "sleep", path[] = "/tmp/a\nb";

    (void)state;
    for (uint32_t inode = 101; inode <= 107; inode++)
        add_reported(builder, inode, NSTREE_INITIAL_INODE, 1);
    keep(builder, 101, (struct nstree_keeper){NSTREE_KEEPER_FD, 1234, 0, 5, name, NULL});
    keep(builder, 102, (struct nstree_keeper){NSTREE_KEEPER_MOUNT, 1234, 0, 0, name, path});
    keep(builder, 103, (struct nstree_keeper){NSTREE_KEEPER_CHILDREN, 1234, 0, 0, "\033[m", NULL});
    keep(builder, 104, (struct nstree_keeper){NSTREE_KEEPER_THREAD, 1234, 1240, 0, NULL, NULL});
    keep(builder, 105, (struct nstree_keeper){.how = NSTREE_KEEPER_UNSEEN});
    for (uint32_t fd = 9; fd >= 5; fd--) /* in reverse order of the list */
        keep(builder, 106, (struct nstree_keeper){NSTREE_KEEPER_FD, 1234, 0, fd, name, NULL});
    name[0] = path[0] = 'X'; /* the builder has copies */
    struct nstree *tree = finish(builder);
    expect_words(tree, 101, " (no members) (held by fd 5 of 1234 sleep)");
    expect_words(tree, 102, " (no members) (held by mount /tmp/a\\nb of 1234 sleep)");
    expect_words(tree, 103, " (no members) (held by pid_for_children of 1234 \\x1b[m)");
    expect_words(tree, 104, " (no members) (held by pid_for_children of thread 1240 of 1234)");
    expect_words(tree, 105, " (no members) (held by what /proc does not show)");
    expect_words(tree, 106,
                 " (no members) (held by fd 5 of 1234 sleep, fd 6 of 1234 sleep, "
                 "fd 7 of 1234 sleep and 2 more)");
    expect_words(tree, 107, " (no members)");
    nstree_free(tree);
}

/* Keepers of namespaces that have members, or are not in the tree, are dropped. */
static void test_members_drop_keepers(void **state)
{
    static const struct row member = {.nspid = {20, 1}, .ppid = 1, .ns = 200};
    struct builder *builder = begin();

    (void)state;
    add_reported(builder, 100, NSTREE_INITIAL_INODE, 1);
    add_reported(builder, 200, NSTREE_INITIAL_INODE, 1);
    add_row(builder, &member);
    for (uint64_t key = 100; key <= 300; key += 100)
        keep(builder, key, (struct nstree_keeper){NSTREE_KEEPER_FD, 1, 0, 3, "init", NULL});
    struct nstree *tree = finish(builder);
    assert_int_equal(nstree_find_ns(tree, 100)->n_keepers, 1);
    assert_int_equal(nstree_find_ns(tree, 200)->n_keepers, 0);
    assert_null(nstree_find_ns(tree, 300));
    nstree_free(tree);
}

/* A process that entered from outside, and has no other evidence for its place, is not put into a
 * namespace that is known to be empty. */
static void test_strays_keep_out(void **state)
{
    static const struct row stray = {.nspid = {30, 5}, .ppid = 1};

    (void)state;
    for (int vacant = 0; vacant <= 1; vacant++) {
        struct builder *builder = begin();

        add_reported(builder, 100, NSTREE_INITIAL_INODE, 1);
        add_row(builder, &stray);
        builder_qualify_ns(builder, 100, false, vacant);
        struct nstree *tree = finish(builder);
        ROW_INT(vacant ? "vacant" : "not vacant", nstree_find_ns(tree, 100)->n_members, !vacant);
        nstree_free(tree);
    }
}

/* If members may be unseen, the tree does not say that there are none. */
static void test_doubt(void **state)
{
    struct builder *builder = begin();

    (void)state;
    add_reported(builder, 100, NSTREE_INITIAL_INODE, 1);
    builder_qualify_ns(builder, 100, true, true);
    keep(builder, 100, (struct nstree_keeper){NSTREE_KEEPER_FD, 1, 0, 3, "init", NULL});
    struct nstree *tree = finish(builder);
    assert_true(nstree_find_ns(tree, 100)->total == NSTREE_TOTAL_UNKNOWN);
    expect_words(tree, 100, " (init not seen) (held by fd 3 of 1 init)");
    nstree_free(tree);
}

/* Loads a recording with one namespace, 100, with these members at the end of its object. */
static int load_with(const char *members, struct nstree **tree)
{
    struct nstree_error err;
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    dprintf(ends[1],
            "{\"schema\":1,\"namespaces\":["
            "{\"id\":\"4026531836\",\"ns\":4026531836,\"parent\":null,\"level\":0,\"init\":1,"
            "\"members\":1},"
            "{\"id\":\"100\",\"ns\":100,\"parent\":\"4026531836\",\"level\":1,%s}],"
            "\"processes\":[{\"pid\":1,\"ppid\":0,\"ns\":\"4026531836\",\"nspid\":[1],"
            "\"name\":\"init\",\"state\":\"S\"}]}",
            members);
    close(ends[1]);
    int rc = nstree_load(ends[0], tree, &err);
    close(ends[0]);
    return rc;
}

static void test_load(void **state)
{
    static const struct {
        const char *members, *words;
    } rows[] = {
        {"\"members\":0", " (no members)"},
        {"\"members\":0,\"keepers\":[]", " (no members)"},
        {"\"members\":0,\"keepers\":[{\"how\":\"fd\",\"pid\":7,\"fd\":0,\"name\":\"a\"}]",
         " (no members) (held by fd 0 of 7 a)"},
        {"\"members\":null,\"keepers\":[{\"how\":\"fd\",\"pid\":7,\"fd\":0}]",
         " (init not seen) (held by fd 0 of 7)"},
        {"\"members\":0,\"keepers\":[{\"how\":\"mount\",\"pid\":7,\"path\":\"?\","
         "\"path_hex\":\"2fff\",\"name\":\"?\",\"name_hex\":\"fe\"}]",
         " (no members) (held by mount /\\xff of 7 \\xfe)"},
        {"\"members\":0,\"keepers\":[{\"how\":\"thread\",\"pid\":7,\"tid\":9},{\"how\":"
         "\"pid_for_children\",\"pid\":7}]",
         " (no members) (held by pid_for_children of 7, pid_for_children of thread 9 of 7)"},
        {"\"members\":0,\"keepers\":[{\"how\":\"listns\"}]",
         " (no members) (held by what /proc does not show)"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct nstree *tree = NULL;

        ROW_INT(rows[i].members, load_with(rows[i].members, &tree), 0);
        char *got = words_of(nstree_find_ns(tree, 100));
        ROW_TEXT(rows[i].members, got, rows[i].words);
        free(got);
        nstree_free(tree);
    }
}

static void test_load_refuses(void **state)
{
    static const char *const rows[] = {
        "{}",
        "\"fd\"",
        "[1]",
        "[{}]",
        "[{\"how\":\"magic\",\"pid\":7}]",
        "[{\"how\":\"fd\",\"pid\":7}]",
        "[{\"how\":\"fd\",\"fd\":7}]",
        "[{\"how\":\"fd\",\"pid\":0,\"fd\":7}]",
        "[{\"how\":\"fd\",\"pid\":4194304,\"fd\":7}]",
        "[{\"how\":\"fd\",\"pid\":7,\"fd\":-1}]",
        "[{\"how\":\"fd\",\"pid\":7,\"fd\":\"1\"}]",
        "[{\"how\":\"fd\",\"pid\":7,\"fd\":1,\"tid\":8}]",
        "[{\"how\":\"thread\",\"pid\":7,\"tid\":0}]",
        "[{\"how\":\"fd\",\"pid\":7,\"fd\":1,\"path\":\"/\"}]",
        "[{\"how\":\"fd\",\"pid\":7,\"fd\":1,\"name\":1}]",
        "[{\"how\":\"fd\",\"pid\":7,\"fd\":1,\"name_hex\":\"zz\"}]",
        "[{\"how\":\"mount\",\"pid\":7}]",
        "[{\"how\":\"mount\",\"pid\":7,\"path_hex\":\"2f00\"}]",
        "[{\"how\":\"thread\",\"pid\":7}]",
        "[{\"how\":\"pid_for_children\",\"pid\":7,\"fd\":1}]",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct nstree *tree = NULL;
        char members[200];

        snprintf(members, sizeof members, "\"members\":0,\"keepers\":%s", rows[i]);
        ROW_INT(rows[i], load_with(members, &tree), -EBADMSG);
        assert_null(tree);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mount_lines),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_members_drop_keepers),
        cmocka_unit_test(test_strays_keep_out),
        cmocka_unit_test(test_doubt),
        cmocka_unit_test(test_load),
        cmocka_unit_test(test_load_refuses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
