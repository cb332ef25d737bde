/* SPDX-License-Identifier: MIT */
/* The renderers: trees in, text out. Expectations are written by hand from nstree(1). jansson reads
 * the JSON. A recording must give the same tree again. */
#include "build.h"

#include <fcntl.h>
#include <jansson.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/render.h"

#define R NSTREE_INITIAL_INODE

/* All marks and forms. */
static const struct row machine[] = {
    {.nspid = {1}, .name = "init", .args = "/sbin/init splash"},
    {.nspid = {2}, .name = "kthreadd", .flags = NSTREE_PROCESS_KTHREAD},
    {.nspid = {3}, .ppid = 2, .name = "kworker/0:0", .flags = NSTREE_PROCESS_KTHREAD, .state = 'I'},
    {.nspid = {100}, .ppid = 1, .name = "bash", .args = "-bash"},
    {.nspid = {101}, .ppid = 100, .name = "sle\tep", .state = 'Z'},
    {.nspid = {200, 1}, .ppid = 100, .ns = 500, .name = "tini", .args = "tini -- sh\033[1m"},
    {.nspid = {201, 7}, .ppid = 1, .ns = 500, .name = "sh", .uid = 1000},
    {.nspid = {300, 9, 1}, .ppid = 200, .ns = 600, .name = "c\xff"},
    {.nspid = {301, 10, 2},
     .ppid = 300,
     .ns = 600,
     .name = "java",
     .state = 'Z',
     .flags = NSTREE_PROCESS_LEADERLESS},
    {.nspid = {400, 1}, .ppid = 1, .name = "secret"},
    {.nspid = {401, 2}, .ppid = 400, .name = ""},
};

static struct nstree *machine_tree(void)
{
    struct builder *builder = new_builder();
    const struct ns_record owned = {.ns = 500,
                                    .parent = R,
                                    .level = 1,
                                    .owner_uid = 1000,
                                    .user_ns = 4026531837,
                                    .total = NSTREE_TOTAL_UNKNOWN};

    add_reported(builder, R, KEY_UNKNOWN, 0);
    assert_int_equal(builder_add_ns(builder, &owned), 0);
    add_reported(builder, 700, R, 1);
    add_rows(builder, machine, COUNT(machine));
    builder->info.host = "box";
    builder->info.kernel = "6.18.0";
    builder->info.taken = 1795326611;
    builder->info.source = NSTREE_SOURCE_PROCFS;
    struct nstree *tree = finish(builder);
    return tree;
}

static void ignore(const char *what)
{
    (void)what;
}

static struct look plain(void)
{
    return (struct look){.glyphs = style_glyphs(STYLE_HANGUL), .utf8 = true};
}

typedef int renderer(const struct selection *selection, const struct look *look, FILE *out);

static char *render(const struct nstree *tree, const struct options *options,
                    const struct look *look, renderer *how)
{
    static const struct options all = {0};
    struct selection selection;
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    assert_int_equal(selection_make(tree, options ? options : &all, ignore, &selection), 0);
    assert_int_equal(how(&selection, look, out), 0);
    selection_free(&selection);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(strlen(text), size);
    return text;
}

static void expect(const char *row, const struct nstree *tree, const struct options *options,
                   const struct look *look, renderer *how, const char *want)
{
    char *got = render(tree, options, look, how);

    ROW_TEXT(row, got, want);
    free(got);
}

/* Options from literals: lists of PIDs end with 0. */
struct asked {
    uint32_t pids[4], finds[4];
    struct ns_operand ns[4];
    struct options options;
};

static const struct options *ask(struct asked *asked)
{
    struct options *options = &asked->options;

    memset(options, 0, sizeof *options);
    options->pids.items = asked->pids;
    options->finds.items = asked->finds;
    options->namespaces.items = asked->ns;
    while (asked->pids[options->pids.n])
        options->pids.n++;
    while (asked->finds[options->finds.n])
        options->finds.n++;
    while (asked->ns[options->namespaces.n].inode)
        options->namespaces.n++;
    return options;
}

#define NIEUN "\xe3\x84\xb4 "

/* From passwd(5). A name cannot end its parentheses, nor steer a terminal. */
static void owners_have_names(void **state)
{
    static const struct {
        const char *row, *passwd, *want;
    } rows[] = {
        {"a name", "root:x:0:0::/:/bin/sh\nkim:x:1000:1000::/:/bin/sh\n", "uid 1000 (kim),"},
        {"the first counts", "kim:x:1000:\nlee:x:1000:\n", "uid 1000 (kim),"},
        {"another user", "lee:x:1001:1001\n", "uid 1000,"},
        {"no newline at the end", "kim:x:1000:1000", "uid 1000,"},
        {"hostile", "a)\033:x:1000:\n", "uid 1000 (a\\x29\\x1b),"},
        {"empty", "", "uid 1000,"},
    };
    const struct ns_record root = {.ns = R, .user_ns = 1, .total = NSTREE_TOTAL_UNKNOWN},
                           owned = {.ns = 500,
                                    .parent = R,
                                    .level = 1,
                                    .owner_uid = 1000,
                                    .user_ns = 2,
                                    .total = NSTREE_TOTAL_UNKNOWN};
    struct builder *builder = new_builder();

    (void)state;
    assert_int_equal(builder_add_ns(builder, &root), 0);
    assert_int_equal(builder_add_ns(builder, &owned), 0);
    add_rows(builder, machine, COUNT(machine));
    struct nstree *tree = finish(builder);
    for (size_t i = 0; i < COUNT(rows); i++) {
        char path[] = "/tmp/nstree-passwd-XXXXXX";
        int fd = mkstemp(path);
        struct users users;
        struct look look = plain();

        assert_true(fd >= 0);
        assert_int_equal(write(fd, rows[i].passwd, strlen(rows[i].passwd)), strlen(rows[i].passwd));
        close(fd);
        assert_int_equal(users_read(&users, path), 0);
        unlink(path);
        look.users = &users;
        char *text = render(tree, NULL, &look, render_tree);
        ROW_HAS(rows[i].row, text, rows[i].want);
        free(text);
        users_free(&users);
    }
    nstree_free(tree);
}

static void the_tree_has_all_marks(void **state)
{
    struct nstree *tree = machine_tree();
    const struct look look = plain();

    (void)state;
    expect("hangul", tree, NULL, &look, render_tree,
           "pid:[4026531836] (init), 5 processes\n"
           "|- 1 init\n"
           "|- 100 bash\n"
           "|- 101 sle\\tep (zombie)\n"
           "|- (2 kernel threads)\n"
           "|- pid:[500] (tini), 2 processes\n"
           "|  |- 1 tini [200 1]\n"
           "|  |- 7 sh [201 7] (entered from outside, by 1 init)\n"
           "|  " NIEUN "pid:[600] (c\\xff), 2 processes\n"
           "|     |- 1 c\\xff [300 9 1]\n"
           "|     " NIEUN "2 java [301 10 2] (main thread exited)\n"
           "|- pid:[?] of 400 (secret), 2 processes\n"
           "|  |- 1 secret [400 1]\n"
           "|  " NIEUN "2  [401 2]\n" NIEUN "pid:[700] (no members)\n");
    nstree_free(tree);
}

/* A process can call itself as a label reads, and no name may end the parentheses around it. */
static void a_name_is_no_label(void **state)
{
    static const struct row rows[] = {
        {.nspid = {1}, .name = "init"},
        {.nspid = {20, 1}, .ppid = 1, .ns = 500, .name = "docker web"},
        {.nspid = {30, 1}, .ppid = 1, .ns = 600, .name = ") docker web ("},
        {.nspid = {40, 1}, .ppid = 1, .ns = 700, .name = ""}};
    struct nstree *tree = build(rows, COUNT(rows));
    struct look look = plain();

    (void)state;
    look.summary = true;
    expect("tree", tree, NULL, &look, render_tree,
           "pid:[4026531836] (init), 1 process, init 1\n"
           "|- pid:[500] (docker web), 1 process, init 20\n"
           "|- pid:[600] (\\x29 docker web (), 1 process, init 30\n" NIEUN
           "pid:[700] 1 process, init 40\n");
    look.color = true;
    look.labels = true;
    ((struct nstree_ns *)nstree_find_ns(tree, 600))->label = "docker web";
    char *got = render(tree, NULL, &look, render_tree);
    ROW_HAS("name", got, "pid:[500]\033[m (docker web), 1 process, init 20\n");
    ROW_HAS("label", got, "pid:[600]\033[m \033[32mdocker web\033[m, 1 process, init 30\n");
    free(got);
    nstree_free(tree);
}

static void styles(void **state)
{
    static const struct row rows[] = {
        {.nspid = {1}, .name = "a"},
        {.nspid = {20, 1}, .ppid = 1, .ns = 500, .name = "b"},
        {.nspid = {30, 2, 1}, .ppid = 20, .ns = 600, .name = "c"},
        {.nspid = {21, 1}, .ppid = 1, .ns = 700, .name = "\xea\xb0\x80"}};
    static const struct {
        const char *row;
        enum style style;
        bool utf8;
        const char *want;
    } table[] = {
        {"hangul", STYLE_HANGUL, true,
         "pid:[4026531836] (a), 1 process\n|- 1 a\n"
         "|- pid:[500] (b), 1 process\n|  |- 1 b [20 1]\n"
         "|  " NIEUN "pid:[600] (c), 1 process\n|     " NIEUN "1 c [30 2 1]\n" NIEUN
         "pid:[700] (\xea\xb0\x80), 1 process\n   " NIEUN "1 \xea\xb0\x80 [21 1]\n"},
        {"unicode", STYLE_UNICODE, true,
         "pid:[4026531836] (a), 1 process\n\u251c\u2500 1 a\n"
         "\u251c\u2500 pid:[500] (b), 1 process\n\u2502  \u251c\u2500 1 b [20 1]\n"
         "\u2502  \u2514\u2500 pid:[600] (c), 1 process\n\u2502     \u2514\u2500 1 c [30 2 1]\n"
         "\u2514\u2500 pid:[700] (\xea\xb0\x80), 1 process\n   \u2514\u2500 1 \xea\xb0\x80 [21 "
         "1]\n"},
        {"ascii", STYLE_ASCII, false,
         "pid:[4026531836] (a), 1 process\n|- 1 a\n"
         "|- pid:[500] (b), 1 process\n|  |- 1 b [20 1]\n"
         "|  `- pid:[600] (c), 1 process\n|     `- 1 c [30 2 1]\n"
         "`- pid:[700] (\\uac00), 1 process\n   `- 1 \\uac00 [21 1]\n"},
    };
    struct nstree *tree = build(rows, COUNT(rows));

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        const struct look look = {.glyphs = style_glyphs(table[i].style), .utf8 = table[i].utf8};

        expect(table[i].row, tree, NULL, &look, render_tree, table[i].want);
    }
    nstree_free(tree);
}

static void looks(void **state)
{
    struct nstree *tree = machine_tree();
    struct look look = plain();
    struct asked branch = {.ns = {{.inode = 500}}}, found = {.finds = {7, 200}};

    (void)state;
    look.summary = true;
    expect("summary", tree, NULL, &look, render_tree,
           "pid:[4026531836] (init), 5 processes, init 1\n"
           "|- pid:[500] (tini), 2 processes, init 200\n"
           "|  " NIEUN "pid:[600] (c\\xff), 2 processes, init 300\n"
           "|- pid:[?] of 400 (secret), 2 processes, init 400\n" NIEUN "pid:[700] (no members)\n");
    look.summary = false;
    look.args = true;
    expect("args of a branch, behind all that is short", tree, ask(&branch), &look, render_tree,
           "pid:[4026531836] (init), 5 processes\n" NIEUN "pid:[500] (tini), 2 processes\n"
           "   |- 1 [200 1] tini -- sh\\x1b[1m\n"
           "   |- 7 [201 7] (entered from outside, by 1 init) sh\n"
           "   " NIEUN "pid:[600] (c\\xff), 2 processes\n"
           "      |- 1 [300 9 1] c\\xff\n"
           "      " NIEUN "2 [301 10 2] (main thread exited) java\n");
    expect("args of paths", tree, ask(&found), &look, render_tree,
           "pid:[4026531836] (init)\n"
           "|- 200 (match) tini -- sh\\x1b[1m\n"
           "|- 201 sh\n" NIEUN "pid:[500] (tini)\n"
           "   |- 1 [200 1] tini -- sh\\x1b[1m\n"
           "   " NIEUN "7 [201 7] (entered from outside, by 1 init) (match) sh\n");
    look.summary = true;
    expect("args of inits", tree, ask(&branch), &look, render_tree,
           "pid:[4026531836] (init), 5 processes, init 1 /sbin/init splash\n" NIEUN
           "pid:[500] (tini), 2 processes, init 200 tini -- sh\\x1b[1m\n"
           "   " NIEUN "pid:[600] (c\\xff), 2 processes, init 300 c\\xff\n");
    look.summary = false;
    look.args = false;
    look.summary = true;
    expect("summary of a branch", tree, ask(&branch), &look, render_tree,
           "pid:[4026531836] (init), 5 processes, init 1\n" NIEUN
           "pid:[500] (tini), 2 processes, init 200\n"
           "   " NIEUN "pid:[600] (c\\xff), 2 processes, init 300\n");
    nstree_free(tree);
}

static void kernel_threads(void **state)
{
    static const struct row one[] = {
        {.nspid = {1}, .name = "init"},
        {.nspid = {2}, .name = "kthreadd", .flags = NSTREE_PROCESS_KTHREAD}};
    struct nstree *tree = build(one, COUNT(one));
    struct look look = plain();
    struct asked kthread = {.pids = {2}};

    (void)state;
    expect("one, last", tree, NULL, &look, render_tree,
           "pid:[4026531836] (init), 2 processes\n|- 1 init\n" NIEUN "(1 kernel thread)\n");
    expect("asked for", tree, ask(&kthread), &look, render_tree,
           "pid:[4026531836] (init)\n" NIEUN "2 kthreadd\n");
    expect("list without", tree, NULL, &look, render_list, "4026531836 - 0 1 1 init\n");
    look.kthreads = true;
    expect("shown", tree, NULL, &look, render_tree,
           "pid:[4026531836] (init), 2 processes\n|- 1 init\n" NIEUN "2 kthreadd\n");
    expect("list with", tree, NULL, &look, render_list,
           "4026531836 - 0 1 1 init\n4026531836 - 0 2 2 kthreadd\n");
    nstree_free(tree);
}

static void paths(void **state)
{
    struct nstree *tree = machine_tree();
    const struct look look = plain();
    struct asked one = {.pids = {301}}, two = {.pids = {201, 300}}, find = {.finds = {9}},
                 inside = {.pids = {9}, .ns = {{.inode = 500}}}, zombie = {.pids = {101}},
                 again = {.finds = {1, 400}};

    (void)state;
    expect("one, a line a level", tree, ask(&one), &look, render_tree,
           "pid:[4026531836] (init)\n"
           "|- 301 java\n" NIEUN "pid:[500] (tini)\n"
           "   |- 10 java\n"
           "   " NIEUN "pid:[600] (c\\xff)\n"
           "      " NIEUN "2 java (main thread exited)\n");
    expect("two merge", tree, ask(&two), &look, render_tree,
           "pid:[4026531836] (init)\n"
           "|- 201 sh\n"
           "|- 300 c\\xff\n" NIEUN "pid:[500] (tini)\n"
           "   |- 7 sh [201 7] (entered from outside, by 1 init)\n"
           "   |- 9 c\\xff [300 9 1]\n"
           "   " NIEUN "pid:[600] (c\\xff)\n"
           "      " NIEUN "1 c\\xff [300 9 1]\n");
    expect("counted in a namespace", tree, ask(&inside), &look, render_tree,
           "pid:[4026531836] (init)\n"
           "|- 300 c\\xff\n" NIEUN "pid:[500] (tini)\n"
           "   |- 9 c\\xff\n"
           "   " NIEUN "pid:[600] (c\\xff)\n"
           "      " NIEUN "1 c\\xff\n");
    expect("the PID that matched is marked", tree, ask(&find), &look, render_tree,
           "pid:[4026531836] (init)\n"
           "|- 300 c\\xff\n" NIEUN "pid:[500] (tini)\n"
           "   |- 9 c\\xff (match)\n"
           "   " NIEUN "pid:[600] (c\\xff)\n"
           "      " NIEUN "1 c\\xff\n");
    expect("at two levels", tree, ask(&again), &look, render_tree,
           "pid:[4026531836] (init)\n"
           "|- 1 init (match)\n"
           "|- 200 tini\n"
           "|- 300 c\\xff\n"
           "|- 400 secret (match)\n"
           "|- pid:[500] (tini)\n"
           "|  |- 1 tini [200 1] (match)\n"
           "|  |- 9 c\\xff [300 9 1]\n"
           "|  " NIEUN "pid:[600] (c\\xff)\n"
           "|     " NIEUN "1 c\\xff [300 9 1] (match)\n" NIEUN "pid:[?] of 400 (secret)\n"
           "   " NIEUN "1 secret [400 1] (match)\n");
    expect("in the root", tree, ask(&zombie), &look, render_tree,
           "pid:[4026531836] (init)\n" NIEUN "101 sle\\tep (zombie)\n");
    nstree_free(tree);
}

/* The chain of a sleep in a container under Docker Desktop on WSL 2, to the column. */
static void the_five_level_tree(void **state)
{
    static const struct row rows[] = {
        {.nspid = {1}, .name = "init"},
        {.nspid = {1201, 1}, .ppid = 1, .ns = 4026532484, .name = "init"},
        {.nspid = {1219, 2, 1}, .ppid = 1201, .ns = 4026532496, .name = "init"},
        {.nspid = {1343, 91, 89, 1}, .ppid = 1219, .ns = 4026532516, .name = "init"},
        {.nspid = {251353, 220307, 220227, 220068, 1},
         .ppid = 1343,
         .ns = 4026532375,
         .name = "bash"},
        {.nspid = {251599, 220553, 220473, 220313, 13},
         .ppid = 251353,
         .ns = 4026532375,
         .name = "sleep"},
    };
    struct nstree *tree = build(rows, COUNT(rows));
    const struct look look = plain();
    struct asked sleep = {.pids = {251599}}, list = {.pids = {251599}};

    (void)state;
    expect("--pid 251599", tree, ask(&sleep), &look, render_tree,
           "pid:[4026531836] (init)\n"
           "|- 251599 sleep\n"
           "\u3134 pid:[4026532484] (init)\n"
           "   |- 220553 sleep\n"
           "   \u3134 pid:[4026532496] (init)\n"
           "      |- 220473 sleep\n"
           "      \u3134 pid:[4026532516] (init)\n"
           "         |- 220313 sleep\n"
           "         \u3134 pid:[4026532375] (bash)\n"
           "            \u3134 13 sleep\n");
    expect("list", tree, ask(&list), &look, render_list,
           "4026532375 4026532516 4 251599 251599,220553,220473,220313,13 sleep\n");
    nstree_free(tree);
}

static void list_of_all(void **state)
{
    struct nstree *tree = machine_tree();
    const struct look look = plain();

    (void)state;
    expect("list", tree, NULL, &look, render_list,
           "4026531836 - 0 1 1 init\n"
           "4026531836 - 0 100 100 bash\n"
           "4026531836 - 0 101 101 sle\\tep\n"
           "500 4026531836 1 200 200,1 tini\n"
           "500 4026531836 1 201 201,7 sh\n"
           "600 500 2 300 300,9,1 c\\xff\n"
           "600 500 2 301 301,10,2 java\n"
           "?400 4026531836 1 400 400,1 secret\n"
           "?400 4026531836 1 401 401,2 \n");
    nstree_free(tree);
}

static void inferred_places_are_marked(void **state)
{
    static const struct row rows[] = {{.nspid = {1}, .name = "init"},
                                      {.nspid = {20, 1}, .ppid = 1, .ns = 500, .name = "a"},
                                      {.nspid = {40, 9}, .ppid = 1, .name = "x"},
                                      {.nspid = {50, 8, 1}, .ppid = 1, .ns = 600, .name = "y"}};
    static const struct row two[] = {{.nspid = {1}, .name = "init"},
                                     {.nspid = {20, 1}, .ppid = 1, .name = "a"},
                                     {.nspid = {21, 1}, .ppid = 1, .name = "b"},
                                     {.nspid = {40, 9}, .ppid = 1, .name = "x"}};
    struct nstree *tree = build(rows, COUNT(rows));
    const struct look look = plain();

    (void)state;
    expect("one place", tree, NULL, &look, render_tree,
           "pid:[4026531836] (init), 1 process\n"
           "|- 1 init\n" NIEUN "pid:[500] (a), 2 processes (1 inferred)\n"
           "   |- 1 a [20 1]\n"
           "   |- 9 x [40 9] (entered from outside, by 1 init) (inferred)\n"
           "   " NIEUN "pid:[600] (y), 1 process (parent inferred)\n"
           "      " NIEUN "1 y [50 8 1]\n");
    nstree_free(tree);
    tree = build(two, COUNT(two));
    char *got = render(tree, NULL, &look, render_tree);
    ROW_HAS("two places", got,
            "9 x [40 9] (entered from outside, by 1 init) (inferred, one of several places)\n");
    free(got);
    nstree_free(tree);
}

/* A namespace that only stands for processes of unknown place can be one whose init is shown. */
/* In a list, the marks follow the label, or an empty field in its place. */
static void a_list_marks_what_is_inferred(void **state)
{
    static const struct row rows[] = {{.nspid = {1}, .name = "init"},
                                      {.nspid = {20, 1}, .ppid = 1, .ns = 500, .name = "a"},
                                      {.nspid = {21, 1}, .ppid = 1, .ns = 600, .name = "b"},
                                      {.nspid = {40, 9}, .ppid = 1, .name = "x"},
                                      {.nspid = {50, 8, 1}, .ppid = 1, .ns = 700, .name = "y"}};
    struct nstree *tree = build(rows, COUNT(rows));
    struct nstree_process *x =
        (struct nstree_process *)nstree_find_process(tree, nstree_root(tree), 40);
    struct nstree_ns *above = (struct nstree_ns *)x->ns;
    struct look look = plain();

    (void)state;
    look.labels = true;
    char *got = render(tree, NULL, &look, render_list);
    ROW_HAS("exact", got, " 20 20,1 a\n");
    ROW_HAS("of several", got, " 40 40,9 x\t\t(inferred, one of several places)\n");
    ROW_HAS("its parent", got, " 50 50,8,1 y\t\t(parent inferred, one of several)\n");
    free(got);
    above->label = "docker web";
    x->flags &= ~(uint32_t)NSTREE_PROCESS_AMBIGUOUS;
    got = render(tree, NULL, &look, render_list);
    ROW_HAS("labelled", got, " 40 40,9 x\tdocker web\t(inferred)\n");
    free(got);
    nstree_free(tree);
}

static void an_init_is_not_seen_or_not_known(void **state)
{
    static const struct row rows[] = {{.nspid = {10}, .ppid = 1, .name = "a"},
                                      {.nspid = {20, 5}, .ppid = 10, .ns = 500, .name = "b"},
                                      {.nspid = {30, 6, 7}, .ppid = 10, .name = "c"}};
    struct nstree *tree = build(rows, COUNT(rows));
    struct look look = plain();

    (void)state;
    look.summary = true;
    char *got = render(tree, NULL, &look, render_tree);
    ROW_HAS("a hidden init of the root", got, "pid:[4026531836] 1 process (init not seen)\n");
    ROW_HAS("a dead init", got, "pid:[500] 1 process (init not seen)\n");
    ROW_HAS("made up", got, "pid:[?] 1 process (1 inferred) (init not known)");
    free(got);
    nstree_free(tree);
}

/* By whom a process entered is said where that is proven: the one with the PID of its parent can be
 * another by now. */
static void a_mark_says_by_whom_a_process_entered(void **state)
{
    static const struct row rows[] = {
        {.nspid = {1}, .name = "init"},
        {.nspid = {10}, .ppid = 1, .name = "shim) (x\033"},
        {.nspid = {20, 1}, .ppid = 10, .ns = 500, .name = "a"},
        {.nspid = {21, 2}, .ppid = 10, .ns = 500, .name = "b"},
        {.nspid = {22, 3}, .ppid = 9, .ns = 500, .name = "c", .flags = NSTREE_PROCESS_ENTERED},
        {.nspid = {23, 4}, .ppid = 20, .ns = 500, .name = "d", .flags = NSTREE_PROCESS_ENTERED},
        {.nspid = {24, 5}, .ppid = 0, .ns = 500, .name = "e"},
        {.nspid = {25, 6}, .ppid = 10, .ns = 500, .name = "f"}};
    struct builder *builder = new_builder();
    const struct look look = plain();

    (void)state;
    add_reported(builder, R, KEY_UNKNOWN, 0);
    add_rows(builder, rows, COUNT(rows));
    builder->drafts[7].parent_unsure = true;
    struct nstree *tree = finish(builder);
    char *got = render(tree, NULL, &look, render_tree);
    ROW_HAS("known", got, "2 b [21 2] (entered from outside, by 10 shim\\x29 (x\\x1b)\n");
    ROW_HAS("not in the tree", got, "3 c [22 3] (entered from outside)\n");
    ROW_HAS("a recording that contradicts itself", got, "4 d [23 4] (entered from outside)\n");
    ROW_HAS("outside the root", got, "5 e [24 5] (entered from outside)\n");
    ROW_HAS("not proven", got, "6 f [25 6]\n");
    free(got);
    nstree_free(tree);
}

/* A type is in the mark only where both inodes are known and differ. */
static void a_process_apart_from_its_init(void **state)
{
    static const struct row rows[] = {{.nspid = {1}, .name = "init"},
                                      {.nspid = {10}, .ppid = 1, .name = "bash"},
                                      {.nspid = {20, 1}, .ppid = 1, .ns = 500, .name = "web"},
                                      {.nspid = {30, 1}, .ppid = 1, .ns = 600, .name = "db"}};
    static const uint32_t root[NSTREE_TYPES] = {11, 12, 13, 14, 15, 0, 17},
                          web[NSTREE_TYPES] = {21, 22, 23, 14, 15, 26, 17},
                          db[NSTREE_TYPES] = {31, 22, 33, 34, 15, 36, 0},
                          bash[NSTREE_TYPES] = {31, 22, 99, 34, 15, 26, 0};
    struct nstree *tree = build(rows, COUNT(rows));
    struct look look = plain();
    struct asked ask_bash = {.pids = {10}};

    (void)state;
    ((struct nstree_ns *)nstree_root(tree))->others = root;
    ((struct nstree_ns *)nstree_find_ns(tree, 500))->others = web;
    ((struct nstree_ns *)nstree_find_ns(tree, 600))->others = db;
    ((struct nstree_ns *)nstree_find_ns(tree, 600))->label = "docker db";
    ((struct nstree_process *)nstree_find_process(tree, nstree_root(tree), 10))->others = bash;
    look.labels = true;
    expect("not verbose", tree, ask(&ask_bash), &look, render_tree,
           "pid:[4026531836] (init)\n" NIEUN "10 bash\n");
    look.verbose = true;
    expect("verbose", tree, ask(&ask_bash), &look, render_tree,
           "pid:[4026531836] (init)\n" NIEUN "10 bash (mnt, uts of pid:[600] docker db; "
           "net of pid:[500] (web); ipc of no known init)\n");
    nstree_free(tree);
}

static void a_root_that_is_not_the_initial_namespace(void **state)
{
    static const struct row rows[] = {{.nspid = {1}, .name = "bash"},
                                      {.nspid = {13}, .ppid = 0, .name = "sleep"}};
    struct builder *builder = new_builder();
    const struct look look = plain();

    (void)state;
    add_reported(builder, 4026532375, KEY_UNKNOWN, 0);
    add_row(builder, &rows[0]);
    add_row(builder, &rows[1]);
    struct nstree *tree = finish(builder);
    char *got = render(tree, NULL, &look, render_tree);
    ROW_HAS("inside", got, "pid:[4026532375] (bash), 2 processes (");
    ROW_HAS("inside", got, "outer levels");
    ROW_HAS("inside", got, ")\n|- 1 bash\n" NIEUN "13 sleep (entered from outside)\n");
    free(got);
    nstree_free(tree);
}

/* Colour adds nothing but escape sequences. */
static void colour_changes_no_words(void **state)
{
    struct nstree *tree = machine_tree();
    struct look look = plain();
    struct asked find = {.finds = {9, 1}};
    char *without = render(tree, ask(&find), &look, render_tree);

    (void)state;
    look.color = true;
    look.self = 301;
    char *with = render(tree, ask(&find), &look, render_tree), *to = with;
    assert_non_null(strchr(with, '\033'));
    for (const char *from = with; *from;) {
        if (*from == '\033')
            from += strcspn(from, "m") + 1;
        else
            *to++ = *from++;
    }
    *to = '\0';
    assert_string_equal(with, without);
    free(with);
    free(without);
    nstree_free(tree);
}

static void the_deepest_tree(void **state)
{
    struct builder *builder = new_builder();
    struct look look = plain();
    struct asked last = {.pids = {33}};

    (void)state;
    add_reported(builder, R, KEY_UNKNOWN, 0);
    for (uint32_t levels = 1; levels <= NSTREE_LEVELS_MAX; levels++) {
        struct row row = {.ppid = levels - 1, .ns = 1000 + levels};

        for (uint32_t i = 0; i < levels; i++)
            row.nspid[i] = levels - i;
        add_row(builder, &row);
    }
    struct nstree *tree = finish(builder);
    look.glyphs = style_glyphs(STYLE_UNICODE); /* the longest in bytes */
    char *got = render(tree, ask(&last), &look, render_tree), want[256];
    snprintf(want, sizeof want, "\n%*s\u2514\u2500 1 p\n", 32 * 3, "");
    ROW_HAS("33 levels", got, want);
    free(got);
    got = render(tree, NULL, &look, render_tree);
    snprintf(want, sizeof want, "\n%*s\u2514\u2500 1 p [33 32 31 30 29 ", 32 * 3, "");
    ROW_HAS("33 levels, with its chain", got, want);
    free(got);
    nstree_free(tree);
}

/* --- JSON --- */

static json_t *rendered_json(const struct nstree *tree, const struct options *options)
{
    const struct look look = plain();
    char *text = render(tree, options, &look, render_json);
    json_error_t error;
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &error);

    if (!root)
        fail_msg("line %d: %s:\n%s", error.line, error.text, text);
    for (const char *at = text; *at; at++) {
        unsigned char c = (unsigned char)*at;

        if ((c < ' ' && c != '\n') || c == 0x7f)
            fail_msg("a control byte in %s", text);
    }
    free(text);
    return root;
}

/* The object of `array` whose member `name` is `value` (JSON text). */
static json_t *find(json_t *root, const char *array, const char *name, const char *value)
{
    json_t *objects = json_object_get(root, array), *object, *found = NULL;
    size_t i;

    json_array_foreach(objects, i, object)
    {
        char *text = json_dumps(json_object_get(object, name), JSON_ENCODE_ANY);

        if (text && strcmp(text, value) == 0)
            found = object;
        free(text);
    }
    if (!found)
        fail_msg("no %s with %s %s", array, name, value);
    return found;
}

static void has(const json_t *object, const char *name, const char *want)
{
    char *text = json_dumps(json_object_get(object, name),
                            JSON_ENCODE_ANY | JSON_COMPACT | JSON_ENSURE_ASCII);

    ROW_TEXT(name, text ? text : "missing", want);
    free(text);
}

/* The members that nstree(1) lists under JSON. */
static void json_has_the_schema(void **state)
{
    struct nstree *tree = machine_tree();
    json_t *root = rendered_json(tree, NULL);

    (void)state;
    has(root, "schema", "1");
    has(root, "nstree", "\"" NSTREE_VERSION "\"");
    has(root, "host", "\"box\"");
    has(root, "kernel", "\"6.18.0\"");
    has(root, "taken", "\"2026-11-22T05:50:11Z\"");
    has(root, "source", "\"procfs\"");
    has(root, "complete", "false");
    assert_int_equal(json_array_size(json_object_get(root, "namespaces")), 5);
    assert_int_equal(json_array_size(json_object_get(root, "processes")), COUNT(machine));

    const json_t *ns = find(root, "namespaces", "id", "\"500\"");
    has(ns, "ns", "500");
    has(ns, "parent", "\"4026531836\"");
    has(ns, "level", "1");
    has(ns, "exact", "true");
    has(ns, "init", "200");
    has(ns, "members", "2");
    has(ns, "owner_uid", "1000");
    has(ns, "user_ns", "4026531837");
    assert_non_null(json_object_get(ns, "kind"));
    assert_non_null(json_object_get(ns, "label"));
    ns = find(root, "namespaces", "id", "\"4026531836\"");
    has(ns, "parent", "null");
    has(ns, "level", "0");
    has(ns, "owner_uid", "null");
    has(ns, "user_ns", "null");
    ns = find(root, "namespaces", "id", "\"?400\"");
    has(ns, "ns", "null");
    has(ns, "init", "400");
    ns = find(root, "namespaces", "id", "\"700\"");
    has(ns, "init", "null");
    has(ns, "members", "0");

    const json_t *process = find(root, "processes", "pid", "301");
    has(process, "ppid", "300");
    has(process, "ns", "\"600\"");
    has(process, "nspid", "[301,10,2]");
    has(process, "name", "\"java\"");
    has(process, "state", "\"Z\"");
    has(process, "uid", "0");
    has(process, "exact", "true");
    has(find(root, "processes", "pid", "201"), "uid", "1000");
    has(find(root, "processes", "pid", "100"), "args", "\"-bash\"");
    has(find(root, "processes", "pid", "300"), "name", "\"c\\uFFFD\"");
    has(find(root, "processes", "pid", "300"), "name_hex", "\"63ff\"");
    has(find(root, "processes", "pid", "400"), "ns", "\"?400\"");
    json_decref(root);
    nstree_free(tree);
}

/* A selection keeps the counts of namespaces shown whole, and inits, which name namespaces. */
static void json_of_a_selection(void **state)
{
    struct nstree *tree = machine_tree();
    struct asked branch = {.ns = {{.inode = 600}}};
    json_t *root = rendered_json(tree, ask(&branch));

    (void)state;
    assert_int_equal(json_array_size(json_object_get(root, "namespaces")), 3);
    assert_int_equal(json_array_size(json_object_get(root, "processes")), 4);
    has(find(root, "namespaces", "id", "\"4026531836\""), "members", "5");
    find(root, "processes", "pid", "1");
    find(root, "processes", "pid", "200");
    find(root, "processes", "pid", "300");
    find(root, "processes", "pid", "301");
    json_decref(root);
    struct asked nothing = {.pids = {77}};
    root = rendered_json(tree, ask(&nothing));
    assert_int_equal(json_array_size(json_object_get(root, "namespaces")), 0);
    assert_int_equal(json_array_size(json_object_get(root, "processes")), 0);
    json_decref(root);
    nstree_free(tree);
}

/* Names and command lines that could harm a terminal, or are no text. */
static const char *const hostile[] = {
    "\n",
    "\t\r",
    "\\",
    "\"",
    "\033]0;x\a",
    "\x01\x7f",
    "\xc2\x9b"
    "31m",
    "\xe2\x80\xae"
    "abc",
    "\xe2\x80\xa8\xe2\x81\xa6",
    "\xef\xbb\xbf",
    "\xf3\xa0\x81\xa1",
    "\xff\xfe",
    "\xe3\x84",
    "caf\xe9",
    "\xed\xa0\x80",
    "\xc0\x8a",
    "\xf4\x90\x80\x80",
    "",
    " ",
    "a b ",
    "[1] (x)",
    "\xf0\x9f\x98\x80\xea\xb0\x80",
    "\xef\xbf\xbd",
    "',:{}]",
    "\\u0041",
    "\xe2\x80",
};

static struct nstree *hostile_tree(void)
{
    struct builder *builder = new_builder();
    const struct row init = {.nspid = {1}, .name = "init"};

    add_reported(builder, R, KEY_UNKNOWN, 0);
    add_row(builder, &init);
    for (uint32_t i = 0; i < COUNT(hostile); i++) {
        const struct row row = {.nspid = {100 + i, 1},
                                .ppid = 1,
                                .ns = 500 + i,
                                .name = hostile[i],
                                .args = hostile[COUNT(hostile) - 1 - i]};

        add_row(builder, &row);
    }
    builder->info.host = builder->info.kernel = "x";
    struct nstree *tree = finish(builder);
    return tree;
}

static const char *const harmful[] = {
    "\033",     "\x7f",         "\t",           "\r",           "\a",
    "\xc2\x9b", "\xe2\x80\xae", "\xe2\x80\xa8", "\xef\xbb\xbf", "\xf3\xa0\x81\xa1",
    "\xff",     "\xed\xa0\x80"};

static void nothing_harmful_in_any_format(void **state)
{
    static renderer *const all[] = {render_tree, render_list, render_json};
    struct nstree *tree = hostile_tree();
    struct look look = plain();

    (void)state;
    for (int args = 0; args < 2; args++) {
        look.args = args;
        for (size_t i = 0; i < COUNT(all); i++) {
            char *text = render(tree, NULL, &look, all[i]);
            size_t lines = 0;

            for (size_t h = 0; h < COUNT(harmful); h++)
                if (strstr(text, harmful[h]))
                    fail_msg("format %zu: harmful %zu in\n%s", i, h, text);
            for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++)
                lines++;
            if (i == 0) /* one line each; names make no lines */
                assert_int_equal(lines, 2 + 2 * COUNT(hostile));
            if (i == 1)
                assert_int_equal(lines, 1 + COUNT(hostile));
            free(text);
        }
    }
    nstree_free(tree);
}

/* All columns of a text in one table, which has a heading. */
static void nothing_harmful_in_a_table(void **state)
{
    static const char list[] = "state,name,args,kind,container,cname,cid,marks,user,nspid,start";
    struct nstree *tree = hostile_tree();
    struct columns columns = {0};
    struct look look = plain();
    size_t lines = 0;

    (void)state;
    assert_int_equal(columns_parse(&columns, list, NULL), 0);
    look.columns = &columns;
    look.labels = true;
    char *text = render(tree, NULL, &look, render_table);
    for (const char *at = text; *at; at++) {
        lines += *at == '\n';
        if ((unsigned char)*at < ' ' && *at != '\n')
            fail_msg("byte %d in\n%s", *at, text);
    }
    for (size_t h = 0; h < COUNT(harmful); h++) {
        if (strstr(text, harmful[h]))
            fail_msg("harmful %zu in\n%s", h, text);
    }
    assert_int_equal(lines, 2 + COUNT(hostile));
    free(text);
    nstree_free(tree);
}

static struct nstree *loaded(const char *row, const char *json)
{
    int fd = memfd_create("recording", MFD_CLOEXEC);
    struct nstree *tree = NULL;
    struct nstree_error err;

    assert_true(fd >= 0);
    assert_int_equal(write(fd, json, strlen(json)), strlen(json));
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    if (nstree_load(fd, &tree, &err) != 0)
        fail_msg("%s: %s in\n%s", row, err.text, json);
    close(fd);
    return tree;
}

/* The recording of a tree renders the same as the tree, byte for byte. A recording of the recording
 * differs only in its source. */
static void round_trip(const char *row, const struct nstree *tree, struct asked *asked)
{
    const struct options *options = asked ? ask(asked) : NULL;
    struct look look = plain();
    char *json = render(tree, options, &look, render_json);
    struct nstree *again = loaded(row, json);

    check_tree(row, again);
    for (unsigned bits = 0; bits < 16; bits++) {
        look = (struct look){.glyphs = style_glyphs(bits & 1 ? STYLE_ASCII : STYLE_HANGUL),
                             .utf8 = !(bits & 1),
                             .args = bits & 2,
                             .kthreads = bits & 4,
                             .summary = bits & 8};
        char *tree_text = render(tree, options, &look, render_tree);
        char *list_text = render(tree, options, &look, render_list);

        expect(row, again, options, &look, render_tree, tree_text);
        expect(row, again, options, &look, render_list, list_text);
        free(tree_text);
        free(list_text);
    }
    char *source = strstr(json, "\"source\":\"procfs\""), *json_again;
    look = plain();
    json_again = render(again, options, &look, render_json);
    if (source) {
        char *want = NULL;
        const char *rest = source + strlen("\"source\":\"procfs\"");

        assert_true(asprintf(&want, "%.*s\"source\":\"recording\"%s", (int)(source - json), json,
                             rest) > 0);
        ROW_TEXT(row, json_again, want);
        free(want);
    }
    free(json_again);
    free(json);
    nstree_free(again);
}

static void a_recording_renders_the_same(void **state)
{
    struct nstree *tree = machine_tree();
    struct asked branch = {.ns = {{.inode = 500}}}, pid = {.pids = {301, 101}},
                 finds = {.finds = {1}}, inside = {.pids = {2}, .ns = {{.inode = 600}}};

    (void)state;
    round_trip("machine", tree, NULL);
    round_trip("--ns", tree, &branch);
    round_trip("--pid", tree, &pid);
    round_trip("--find", tree, &finds);
    round_trip("--ns --pid", tree, &inside);
    nstree_free(tree);
    tree = hostile_tree();
    round_trip("hostile", tree, NULL);
    nstree_free(tree);
}

static void a_recording_keeps_inferred_flags(void **state)
{
    static const struct row rows[] = {
        {.nspid = {1}},
        {.nspid = {20, 1}, .ppid = 1},
        {.nspid = {21, 1}, .ppid = 1},
        {.nspid = {40, 9}, .ppid = 1},
        {.nspid = {41, 10}, .ppid = 40, .state = 'Z', .flags = NSTREE_PROCESS_LEADERLESS},
        {.nspid = {50, 8, 7, 1}, .ppid = 1},
        {.nspid = {51, 1, 6}, .ppid = 1, .ns = 600},
    };
    struct nstree *tree = build(rows, COUNT(rows));
    struct asked stray = {.pids = {40, 50}};

    (void)state;
    round_trip("inferred", tree, NULL);
    round_trip("inferred, --pid", tree, &stray);
    nstree_free(tree);
}

/* A namespace on the way whose init was not seen, but a member was: not empty. */
static void a_recording_of_one_does_not_empty_the_others(void **state)
{
    static const struct row rows[] = {{.nspid = {1}},
                                      {.nspid = {20, 5}, .ppid = 1, .ns = 500},
                                      {.nspid = {30, 6, 1}, .ppid = 20, .ns = 600}};
    struct nstree *tree = build(rows, COUNT(rows));
    struct asked deep = {.pids = {30}};

    (void)state;
    round_trip("--pid 30", tree, &deep);
    nstree_free(tree);
}

/* A root that could not be read, and one of a container. */
static void a_recording_of_another_root(void **state)
{
    static const struct row rows[] = {{.nspid = {1}, .name = "bash"},
                                      {.nspid = {7}, .name = "sleep"},
                                      {.nspid = {20, 1}, .ppid = 1, .ns = 500}};

    (void)state;
    for (int known = 0; known < 2; known++) {
        struct builder *builder = new_builder();

        if (known)
            add_reported(builder, 4026532375, KEY_UNKNOWN, 0);
        add_rows(builder, rows, COUNT(rows));
        struct nstree *tree = finish(builder);
        round_trip(known ? "container" : "unreadable", tree, NULL);
        nstree_free(tree);
    }
}

/* sethostname(2) accepts any bytes. */
static void a_host_name_of_any_bytes(void **state)
{
    static const char *const hosts[] = {"caf\xe9", "a\nb\033", "\xe2\x80\xae", ""};

    (void)state;
    for (size_t i = 0; i < COUNT(hosts); i++) {
        const struct row row = {.nspid = {1}};
        struct builder *builder = new_builder();

        add_reported(builder, R, KEY_UNKNOWN, 0);
        add_row(builder, &row);
        builder->info.host = hosts[i];
        builder->info.kernel = hosts[i];
        struct nstree *tree = finish(builder);
        round_trip(hosts[i], tree, NULL);
        nstree_free(tree);
    }
}

/* Renderers ignore errors of the stream; ferror(3) shows them. */
static void a_full_disk_is_seen_at_the_stream(void **state)
{
    static renderer *const all[] = {render_tree, render_list, render_json};
    struct nstree *tree = machine_tree();
    const struct look look = plain();
    static const struct options options = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(all); i++) {
        FILE *out = fopen("/dev/full", "w");
        struct selection selection;

        assert_non_null(out);
        assert_int_equal(selection_make(tree, &options, ignore, &selection), 0);
        assert_int_equal(all[i](&selection, &look, out), 0);
        assert_true(fflush(out) != 0 || ferror(out));
        selection_free(&selection);
        fclose(out);
    }
    nstree_free(tree);
}

/* Six boxes in the root, five in the third: two in a row. */
static void pictures_have_boxes_in_rows(void **state)
{
    static const struct row rows[] = {
        {.nspid = {1}, .name = "init"},
        {.nspid = {11, 1}, .ppid = 1, .ns = 501},
        {.nspid = {12, 1}, .ppid = 1, .ns = 502},
        {.nspid = {13, 1}, .ppid = 1, .ns = 503},
        {.nspid = {14, 1}, .ppid = 1, .ns = 504},
        {.nspid = {15, 1}, .ppid = 1, .ns = 505},
        {.nspid = {16, 1}, .ppid = 1, .ns = 506},
        {.nspid = {31, 2, 1}, .ppid = 13, .ns = 601},
        {.nspid = {32, 3, 1}, .ppid = 13, .ns = 602},
        {.nspid = {33, 4, 1}, .ppid = 13, .ns = 603},
        {.nspid = {34, 5, 1}, .ppid = 13, .ns = 604},
        {.nspid = {35, 6, 1}, .ppid = 13, .ns = 605},
    };
    struct builder *builder = new_builder();
    struct look look = plain();

    (void)state;
    add_reported(builder, R, KEY_UNKNOWN, 0);
    for (uint32_t i = 1; i <= 6; i++)
        add_reported(builder, 500 + i, R, 1);
    for (uint32_t i = 1; i <= 5; i++)
        add_reported(builder, 600 + i, 503, 2);
    add_rows(builder, rows, COUNT(rows));
    struct nstree *tree = finish(builder);
    look.summary = true;
    char *text = render(tree, NULL, &look, render_dot);
    ROW_TEXT("all", strstr(text, "  n501 -> "),
             "  n501 -> n502 [style=invis]\n"
             "  n602 -> n504 [style=invis]\n"
             "  n505 -> n506 [style=invis]\n"
             "  n601 -> n602 [style=invis]\n"
             "  n603 -> n604 [style=invis]\n"
             "}\n");
    free(text);
    struct asked asked = {.ns = {{.inode = 503}, {.inode = 506}}};
    text = render(tree, ask(&asked), &look, render_dot);
    ROW_TEXT("some", strstr(text, "  n601 -> "),
             "  n601 -> n602 [style=invis]\n"
             "  n603 -> n604 [style=invis]\n"
             "}\n");
    free(text);
    text = render(tree, NULL, &look, render_mermaid);
    assert_null(strstr(text, "invis"));
    free(text);
    look.summary = false;
    text = render(tree, NULL, &look, render_dot);
    assert_null(strstr(text, "invis"));
    free(text);
    nstree_free(tree);
}

/* 40 columns of a command line, which is quoted afterwards. */
static void pictures_cut_command_lines(void **state)
{
#define TEN "123456789 "
    static const struct row rows[] = {
        {.nspid = {1}, .name = "fits", .args = TEN TEN TEN "12345678\"0"},
        {.nspid = {2}, .ppid = 1, .name = "cut", .args = TEN TEN TEN "12345678\"01"},
    };
    struct builder *builder = new_builder();
    struct look look = plain();
    struct asked asked = {.pids = {2}};

    (void)state;
    add_reported(builder, R, KEY_UNKNOWN, 0);
    add_rows(builder, rows, COUNT(rows));
    struct nstree *tree = finish(builder);
    look.args = true;
    char *text = render(tree, NULL, &look, render_dot);
    ROW_HAS("fits", text, "\"1 " TEN TEN TEN "12345678\\\"0\\l\"");
    ROW_HAS("cut", text, "\"2 " TEN TEN TEN "12345678\\\"\xe2\x80\xa6\\l\"");
    free(text);
    text = render(tree, ask(&asked), &look, render_mermaid);
    ROW_HAS("levels", text, "\"2 " TEN TEN TEN "12345678#34;\xe2\x80\xa6\"");
    free(text);
    look.wide = true;
    text = render(tree, NULL, &look, render_dot);
    ROW_HAS("wide", text, "\"2 " TEN TEN TEN "12345678\\\"01\\l\"");
    free(text);
    look.wide = false;
    look.summary = true;
    text = render(tree, NULL, &look, render_dot);
    ROW_HAS("summary", text, "init 1 " TEN TEN TEN "12345678\\\"0\\l\"");
    free(text);
    nstree_free(tree);
#undef TEN
}

/* Each group has one reason why it is not four alike, so its members are drawn one by one. */
static const struct row crowd[] = {
    {.nspid = {1}, .name = "init"},
    {.nspid = {10}, .ppid = 1, .name = "fpm"},
    {.nspid = {11}, .ppid = 10, .name = "w", .args = "w -a"},
    {.nspid = {12}, .ppid = 10, .name = "w", .args = "w -b"},
    {.nspid = {13}, .ppid = 10, .name = "w", .args = "w -c"},
    {.nspid = {19}, .ppid = 10, .name = "w", .args = "w -d"},
    {.nspid = {20}, .ppid = 1, .name = "few"}, /* three, */
    {.nspid = {21}, .ppid = 1, .name = "few"},
    {.nspid = {22}, .ppid = 1, .name = "few"},
    {.nspid = {23}, .ppid = 10, .name = "few"}, /* one of another parent, */
    {.nspid = {24}, .ppid = 1, .name = "few", .state = 'Z'},
    {.nspid = {25}, .ppid = 1, .name = "few"}, /* one with a child */
    {.nspid = {26}, .ppid = 25, .name = "child"},
    {.nspid = {30, 1}, .ppid = 1, .ns = 500, .name = "sh"},
    {.nspid = {31, 2}, .ppid = 1, .ns = 500, .name = "in", .state = 'Z'},
    {.nspid = {32, 3}, .ppid = 1, .ns = 500, .name = "in", .state = 'Z'},
    {.nspid = {33, 4}, .ppid = 1, .ns = 500, .name = "in", .state = 'Z'},
    {.nspid = {34, 5}, .ppid = 1, .ns = 500, .name = "in", .state = 'Z'},
    {.nspid = {35, 6}, .ppid = 1, .ns = 500, .name = "in", .state = 'Z'},
};

static struct nstree *crowd_tree(void)
{
    struct builder *builder = new_builder();

    add_reported(builder, R, KEY_UNKNOWN, 0);
    add_reported(builder, 500, R, 1);
    for (size_t i = 0; i < COUNT(crowd); i++)
        add_row(builder, &crowd[i]);
    struct nstree *tree = finish(builder);
    return tree;
}

static void pictures_join_processes_that_differ_only_in_pid(void **state)
{
    struct nstree *tree = crowd_tree();
    struct look look = plain();

    (void)state;
    expect("by name", tree, NULL, &look, render_mermaid,
           "flowchart LR\n"
           "  subgraph ns4026531836[\"pid#58;[4026531836] (init), 13 processes\"]\n"
           "    direction LR\n"
           "    p1[\"1 init\"]\n"
           "    p10[\"10 fpm\"]\n"
           "    p11[\"4#42;[w]<br/>from 11 to 19\"]\n"
           "    p20[\"20 few\"]\n"
           "    p21[\"21 few\"]\n"
           "    p22[\"22 few\"]\n"
           "    p23[\"23 few\"]\n"
           "    p24[\"24 few (zombie)\"]\n"
           "    p25[\"25 few\"]\n"
           "    p26[\"26 child\"]\n"
           "    subgraph ns500[\"pid#58;[500] (sh), 6 processes\"]\n"
           "      direction LR\n"
           "      p30[\"1 sh<br/>30 1\"]\n"
           "      p31[\"5#42;[in]<br/>from 2 to 6 (zombie) (entered from outside, by 1 init)\"]\n"
           "    end\n"
           "  end\n"
           "  p1 --> p10\n"
           "  p10 --> p11\n"
           "  p1 --> p20\n"
           "  p1 --> p21\n"
           "  p1 --> p22\n"
           "  p10 --> p23\n"
           "  p1 --> p24\n"
           "  p1 --> p25\n"
           "  p25 --> p26\n"
           "  p1 --> p30\n"
           "  p1 --> p31\n");
    look.args = true;
    char *by_args = render(tree, NULL, &look, render_dot);
    assert_non_null(strstr(by_args, "p13 [label=\"13 w -c\\l\"]"));
    assert_non_null(strstr(by_args, "p31 [label=\"5*[in]\\lfrom 2 to 6 "));
    free(by_args);
    look.args = false;
    look.wide = true;
    char *wide = render(tree, NULL, &look, render_dot);
    for (size_t i = 0; i < COUNT(crowd); i++) {
        char node[32];

        snprintf(node, sizeof node, "\n    %sp%u [", crowd[i].nspid[1] ? "  " : "",
                 crowd[i].nspid[0]);
        assert_non_null(strstr(wide, node));
    }
    assert_null(strstr(wide, "*["));
    free(wide);
    nstree_free(tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_tree_has_all_marks),
        cmocka_unit_test(owners_have_names),
        cmocka_unit_test(a_name_is_no_label),
        cmocka_unit_test(styles),
        cmocka_unit_test(looks),
        cmocka_unit_test(kernel_threads),
        cmocka_unit_test(paths),
        cmocka_unit_test(the_five_level_tree),
        cmocka_unit_test(list_of_all),
        cmocka_unit_test(inferred_places_are_marked),
        cmocka_unit_test(a_list_marks_what_is_inferred),
        cmocka_unit_test(an_init_is_not_seen_or_not_known),
        cmocka_unit_test(a_mark_says_by_whom_a_process_entered),
        cmocka_unit_test(a_process_apart_from_its_init),
        cmocka_unit_test(a_root_that_is_not_the_initial_namespace),
        cmocka_unit_test(colour_changes_no_words),
        cmocka_unit_test(the_deepest_tree),
        cmocka_unit_test(json_has_the_schema),
        cmocka_unit_test(json_of_a_selection),
        cmocka_unit_test(nothing_harmful_in_any_format),
        cmocka_unit_test(nothing_harmful_in_a_table),
        cmocka_unit_test(a_recording_renders_the_same),
        cmocka_unit_test(a_recording_keeps_inferred_flags),
        cmocka_unit_test(a_recording_of_one_does_not_empty_the_others),
        cmocka_unit_test(a_recording_of_another_root),
        cmocka_unit_test(a_host_name_of_any_bytes),
        cmocka_unit_test(pictures_have_boxes_in_rows),
        cmocka_unit_test(pictures_cut_command_lines),
        cmocka_unit_test(pictures_join_processes_that_differ_only_in_pid),
        cmocka_unit_test(a_full_disk_is_seen_at_the_stream),
    };

    return cmocka_run_group_tests_name("render", tests, NULL, NULL);
}
