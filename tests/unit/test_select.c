/* SPDX-License-Identifier: MIT */
/* The parts of a tree that --pid, --ns and --find show. */
#include "build.h"

#include "cli/selection.h"
#include "model/tree.h"

/* Five levels, a second branch, and two namespaces with a PID 13. */
static const struct row rows[] = {
    {.nspid = {1}},
    {.nspid = {1201, 1}, .ppid = 1, .ns = 484},
    {.nspid = {1219, 2, 1}, .ppid = 1201, .ns = 496},
    {.nspid = {239682, 208751, 208671}, .ppid = 1219, .ns = 496},
    {.nspid = {1343, 91, 89, 1}, .ppid = 1219, .ns = 516},
    {.nspid = {251353, 220307, 220227, 220068, 1}, .ppid = 1343, .ns = 375},
    {.nspid = {251599, 220553, 220473, 220313, 13}, .ppid = 251353, .ns = 375},
    {.nspid = {226, 1}, .ppid = 1, .ns = 257},
    {.nspid = {227, 13}, .ppid = 226, .ns = 257},
};

/* In the order of the tree: R 257 484 496 516 375. */

static char said[4096];

static void say(const char *what)
{
    strcat(said, what);
    strcat(said, "|");
}

/* A letter for each namespace (. hidden, l its line, m its members), then the selected PIDs. */
static char *describe(const struct selection *selection)
{
    const struct nstree_ns *root = nstree_root(selection->tree);
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    for (size_t i = 0; i <= root->below; i++)
        fputc(".lm"[selection_shown(selection, &root[i])], out);
    for (size_t i = 0; i < root->n_inside; i++) {
        if (selection_has(selection, &root->members[i]))
            fprintf(out, " %u", root->members[i].pid);
    }
    assert_int_equal(fclose(out), 0);
    return text;
}

static void shows_the_selection(void **state)
{
    static const struct {
        const char *row;
        uint32_t pids[4], ns[4], finds[4]; /* each up to its first 0 */
        const char *want, *said;
    } table[] = {
        {"nothing: all", {0}, {0}, {0}, "mmmmmm 1 226 227 1201 1219 239682 1343 251353 251599", ""},
        {"a member of the root", {1}, {0}, {0}, "l..... 1", ""},
        {"a nested process and the way to it", {251599}, {0}, {0}, "l.llll 251599", ""},
        {"two that share a way", {251599, 239682}, {0}, {0}, "l.llll 239682 251599", ""},
        {"two branches", {227, 239682}, {0}, {0}, "llll.. 227 239682", ""},
        {"one twice", {227, 227}, {0}, {0}, "ll.... 227", ""},
        {"no such process", {5}, {0}, {0}, "......", "no process 5|"},
        {"a PID of another level is none here",
         {220313},
         {0},
         {0},
         "......",
         "no process 220313 (but 251599 has that PID in pid:[516]: nstree --find 220313)|"},
        {"one of two", {5, 227}, {0}, {0}, "ll.... 227", "no process 5|"},
        {"a namespace, what is below, the way",
         {0},
         {496},
         {0},
         "l.lmmm 1219 239682 1343 251353 251599",
         ""},
        {"the root",
         {0},
         {4026531836},
         {0},
         "mmmmmm 1 226 227 1201 1219 239682 1343 251353 251599",
         ""},
        {"two namespaces", {0}, {257, 375}, {0}, "lmlllm 226 227 251353 251599", ""},
        {"one in the other",
         {0},
         {484, 375},
         {0},
         "l.mmmm 1201 1219 239682 1343 251353 251599",
         ""},
        {"the other in the one",
         {0},
         {375, 484},
         {0},
         "l.mmmm 1201 1219 239682 1343 251353 251599",
         ""},
        {"no such namespace", {0}, {77}, {0}, "......", "no PID namespace 77 here|"},
        {"one of two namespaces",
         {0},
         {77, 257},
         {0},
         "lm.... 226 227",
         "no PID namespace 77 here|"},
        {"PIDs count inside", {208671}, {496}, {0}, "l.ll.. 239682", ""},
        {"also those of namespaces below it", {220227}, {496}, {0}, "l.llll 251353", ""},
        {"13 in either", {13}, {257, 375}, {0}, "llllll 227 251599", ""},
        {"13 in one of two", {13}, {257, 496}, {0}, "ll.... 227", ""},
        {"not a PID inside",
         {251599},
         {496},
         {0},
         "......",
         "251599 is not in that namespace by that number, but is its 220473|"},
        {"found at level 3", {0}, {0}, {220068}, "l.llll 251353", ""},
        {"found in two namespaces", {0}, {0}, {13}, "llllll 227 251599", ""},
        {"found at any level", {0}, {0}, {1}, "llllll 1 226 1201 1219 1343 251353", ""},
        {"several, one of them twice", {0}, {0}, {226, 208751, 226}, "llll.. 226 239682", ""},
        {"found nowhere", {0}, {0}, {5}, "......", "no process has PID 5 at any level|"},
        {"found inside a namespace", {0}, {257}, {13}, "ll.... 227", ""},
        {"found inside and below", {0}, {516}, {1}, "l.llll 1343 251353", ""},
        {"found inside, by a PID around", {0}, {375}, {220553}, "l.llll 251599", ""},
        {"found outside",
         {0},
         {375},
         {226},
         "......",
         "no process in the namespace given by --ns has PID 226 at any level|"},
        {"found in one of two", {0}, {77, 257}, {13}, "ll.... 227", "no PID namespace 77 here|"},
        {"one of two found",
         {0},
         {0},
         {13, 5},
         "llllll 227 251599",
         "no process has PID 5 at any level|"},
    };
    struct nstree *tree = build(rows, COUNT(rows));

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        uint32_t pids[4], finds[4];
        struct ns_operand operands[4] = {{0}};
        char texts[4][16];
        struct options options = {0};
        struct selection selection;

        memcpy(pids, table[i].pids, sizeof pids);
        memcpy(finds, table[i].finds, sizeof finds);
        options.pids.items = pids;
        options.finds.items = finds;
        options.namespaces.items = operands;
        while (pids[options.pids.n])
            options.pids.n++;
        while (finds[options.finds.n])
            options.finds.n++;
        for (size_t n = 0; table[i].ns[n]; n++) {
            snprintf(texts[n], sizeof texts[n], "%u", table[i].ns[n]);
            operands[n] = (struct ns_operand){.text = texts[n], .inode = table[i].ns[n]};
            options.namespaces.n++;
        }
        said[0] = '\0';
        ROW_INT(table[i].row, selection_make(tree, &options, say, &selection), 0);
        char *got = describe(&selection);
        ROW_TEXT(table[i].row, got, table[i].want);
        ROW_TEXT(table[i].row, said, table[i].said);
        ROW_INT(table[i].row, selection.missing, said[0] != '\0');
        ROW_INT(table[i].row, selection_is_paths(&selection), strchr(table[i].want, 'm') == NULL);
        free(got);
        selection_free(&selection);
    }
    nstree_free(tree);
}

static void matches_are_those_of_find(void **state)
{
    uint32_t finds[] = {220068, 7, 1, 220068, 13};
    struct options options = {.finds = {.items = finds, .n = COUNT(finds)}};
    struct nstree *tree = build(rows, COUNT(rows));
    struct selection selection;

    (void)state;
    said[0] = '\0';
    assert_int_equal(selection_make(tree, &options, say, &selection), 0);
    assert_true(selection_matches(&selection, 1));
    assert_true(selection_matches(&selection, 7));
    assert_true(selection_matches(&selection, 13));
    assert_true(selection_matches(&selection, 220068));
    assert_false(selection_matches(&selection, 0));
    assert_false(selection_matches(&selection, 2));
    assert_false(selection_matches(&selection, 220069));
    selection_free(&selection);

    options.finds.n = 0;
    assert_int_equal(selection_make(tree, &options, say, &selection), 0);
    assert_false(selection_matches(&selection, 1));
    selection_free(&selection);
    nstree_free(tree);
}

/* --all shows namespaces without members to those who keep them. */
static void what_a_process_keeps(void **state)
{
    static const struct nstree_keeper keepers[] = {
        {.how = NSTREE_KEEPER_UNSEEN},
        {.how = NSTREE_KEEPER_FD, .pid = 1219, .fd = 3},
        {.how = NSTREE_KEEPER_FD, .pid = 99, .fd = 3},
    };
    static const struct {
        uint32_t pid;
        bool all;
        const char *want;
    } table[] = {
        {1219, true, "l.ll..l 1219"},
        {1219, false, "l.ll... 1219"},
        {1201, true, "l.l.... 1201"},
    };
    struct builder *builder = new_builder();

    (void)state;
    add_reported(builder, NSTREE_INITIAL_INODE, KEY_UNKNOWN, 0);
    add_reported(builder, 490, 496, 3);
    add_rows(builder, rows, COUNT(rows));
    struct nstree *tree = finish(builder); /* R 257 484 496 516 375 490 */
    for (size_t i = 0; i <= tree->namespaces->below; i++) {
        if (tree->namespaces[i].inode == 490) {
            tree->namespaces[i].keepers = keepers;
            tree->namespaces[i].n_keepers = COUNT(keepers);
        }
    }
    for (size_t i = 0; i < COUNT(table); i++) {
        uint32_t pid = table[i].pid;
        struct options options = {.pids = {.items = &pid, .n = 1}, .all = table[i].all};
        struct selection selection;

        assert_int_equal(selection_make(tree, &options, say, &selection), 0);
        char *got = describe(&selection);
        ROW_TEXT(table[i].want, got, table[i].want);
        free(got);
        selection_free(&selection);
    }
    nstree_free(tree);
}

/* A path that leads nowhere has no inode. The message names the operand as given. */
static void a_path_that_led_nowhere_is_named(void **state)
{
    char path[] = "/proc/77/ns/pid";
    struct ns_operand operand = {.text = path};
    struct options options = {.namespaces = {.items = &operand, .n = 1}};
    struct nstree *tree = build(rows, COUNT(rows));
    struct selection selection;

    (void)state;
    said[0] = '\0';
    assert_int_equal(selection_make(tree, &options, say, &selection), 0);
    assert_string_equal(said, "no PID namespace /proc/77/ns/pid here|");
    assert_int_equal(selection.missing, 1);
    selection_free(&selection);
    nstree_free(tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_the_selection),
        cmocka_unit_test(matches_are_those_of_find),
        cmocka_unit_test(what_a_process_keeps),
        cmocka_unit_test(a_path_that_led_nowhere_is_named),
    };

    return cmocka_run_group_tests_name("select", tests, NULL, NULL);
}
