/* SPDX-License-Identifier: MIT */
/* Records to tree. Expectations follow by hand from the rules at the head of place.c (the
 * namespaces that a process can be in) and from nstree.h (order). shape() in build.h explains the
 * notation. */
#include "build.h"

#define R NSTREE_INITIAL_INODE

/* The machine of the docker-desktop fixture: WSL 2 with Docker Desktop. PIDs that were not recorded
 * (in the middle of chains) are filler. */
static const struct row wsl[] = {
    {.nspid = {1}, .ppid = 0},
    {.nspid = {221, 1}, .ppid = 1, .ns = 4026532245},
    {.nspid = {226, 5, 1}, .ppid = 221, .ns = 4026532257},
    {.nspid = {1201, 1}, .ppid = 1, .ns = 4026532484},
    {.nspid = {1219, 2, 1}, .ppid = 1201, .ns = 4026532496},
    {.nspid = {1341, 90, 88}, .ppid = 1219, .ns = 4026532496},
    {.nspid = {1343, 91, 89, 1}, .ppid = 1341, .ns = 4026532516},
    {.nspid = {251333, 220287, 220207, 220048}, .ppid = 1343, .ns = 4026532516},
    {.nspid = {251353, 220307, 220227, 220068, 1}, .ppid = 251333, .ns = 4026532375},
    {.nspid = {251599, 220553, 220473, 220313, 13}, .ppid = 251353, .ns = 4026532375},
    {.nspid = {2530, 1800, 1700, 900, 1}, .ppid = 1343, .ns = 4026532739},
};

static const char wsl_shape[] =
    "0:R(1) 1:4026532245(221) 2:4026532257(226) 1:4026532484(1201) 2:4026532496(1219 1341) "
    "3:4026532516(1343 251333) 4:4026532739(2530) 4:4026532375(251353 251599)";

static uint32_t random_state;

/* xorshift32: the same sequence everywhere. */
static uint32_t random_below(uint32_t n)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return random_state % n;
}

static void shuffle(struct row *rows, size_t n)
{
    for (size_t i = n; i > 1; i--) {
        size_t other = random_below((uint32_t)i);
        struct row row = rows[other];

        rows[other] = rows[i - 1];
        rows[i - 1] = row;
    }
}

static void inodes_of_members_place_everything(void **state)
{
    (void)state;
    expect_shape("WSL", build(wsl, COUNT(wsl)), wsl_shape);
}

static void the_order_of_records_does_not_matter(void **state)
{
    struct row rows[COUNT(wsl)];

    (void)state;
    memcpy(rows, wsl, sizeof rows);
    random_state = 1;
    for (int i = 0; i < 200; i++) {
        char row[32];

        shuffle(rows, COUNT(rows));
        snprintf(row, sizeof row, "shuffle %d", i);
        expect_shape(row, build(rows, COUNT(rows)), wsl_shape);
    }
}

/* An ordinary user reads no link. Here everything follows from chains and PPids with certainty. */
static void chains_and_parents_place_everything(void **state)
{
    struct row rows[COUNT(wsl)];

    (void)state;
    memcpy(rows, wsl, sizeof rows);
    for (size_t i = 0; i < COUNT(rows); i++)
        rows[i].ns = KEY_UNKNOWN;
    random_state = 2;
    for (int i = 0; i < 200; i++) {
        struct nstree *tree = build(rows, COUNT(rows));

        assert_false(nstree_info(tree)->complete); /* eight inodes are not known */
        expect_shape("blind", tree,
                     "0:R(1) 1:?221(221) 2:?226(226) 1:?1201(1201) 2:?1219(1219 1341) "
                     "3:?1343(1343 251333) 4:?2530(2530) 4:?251353(251353 251599)");
        shuffle(rows, COUNT(rows));
    }
}

/* A process of a table: its parent, its namespace (or KEY_UNKNOWN) and its chain. */
#define P(parent, key, ...)                                                                        \
    {                                                                                              \
        .nspid = {__VA_ARGS__}, .ppid = (parent), .ns = (key)                                      \
    }

struct reported {
    uint64_t ns, parent;
    uint32_t level;
};

/* Each rule for a few processes. The root's init is always 1. */
static void rules(void **state)
{
    static const struct {
        const char *row;
        struct row rows[12];
        struct reported reported[4];
        const char *want;
    } rows[] = {
        {"same level as its parent: the same namespace",
         {P(1, KEY_UNKNOWN, 20, 1), P(20, KEY_UNKNOWN, 21, 2), P(21, KEY_UNKNOWN, 22, 3),
          P(1, KEY_UNKNOWN, 23, 1), P(23, KEY_UNKNOWN, 24, 4)},
         {{0}},
         "0:R(1) 1:?20(20 21 22) 1:?23(23 24)"},
        {"one known inode is that of its level's whole family",
         {P(1, KEY_UNKNOWN, 20, 1), P(20, 500, 21, 2), P(21, KEY_UNKNOWN, 22, 3)},
         {{0}},
         "0:R(1) 1:500(20 21 22)"},
        {"an init one level below its parent: a child of the parent's",
         {P(1, KEY_UNKNOWN, 20, 1), P(20, KEY_UNKNOWN, 30, 2, 1), P(1, KEY_UNKNOWN, 21, 1),
          P(21, KEY_UNKNOWN, 31, 2, 1)},
         {{0}},
         "0:R(1) 1:?20(20) 2:?30(30) 1:?21(21) 2:?31(31)"},
        {"entered from outside, its inode known",
         {P(1, 500, 20, 1), P(1, 600, 21, 1), P(1, 600, 40, 9)},
         {{0}},
         "0:R(1) 1:500(20) 1:600(21 40<)"},
        {"entered two levels down, its inode known",
         {P(1, 500, 20, 1), P(20, 600, 30, 2, 1), P(1, 600, 40, 9, 8)},
         {{0}},
         "0:R(1) 1:500(20) 2:600(30 40<)"},
        {"only one place to enter",
         {P(1, KEY_UNKNOWN, 20, 1), P(1, KEY_UNKNOWN, 40, 9)},
         {{0}},
         "0:R(1) 1:?20(20 40~<)"},
        {"its children come along",
         {P(1, KEY_UNKNOWN, 20, 1), P(1, KEY_UNKNOWN, 40, 9), P(40, KEY_UNKNOWN, 41, 10)},
         {{0}},
         "0:R(1) 1:?20(20 40~< 41~)"},
        {"a PID occurs once in a namespace: by elimination",
         {P(1, KEY_UNKNOWN, 20, 1), P(20, KEY_UNKNOWN, 22, 9), P(1, KEY_UNKNOWN, 21, 1),
          P(1, KEY_UNKNOWN, 40, 9)},
         {{0}},
         "0:R(1) 1:?20(20 22) 1:?21(21 40~<)"},
        {"an earlier process takes a PID as well",
         {P(1, KEY_UNKNOWN, 20, 1), P(20, KEY_UNKNOWN, 50, 9), P(1, KEY_UNKNOWN, 21, 1),
          P(1, KEY_UNKNOWN, 40, 9)},
         {{0}},
         "0:R(1) 1:?20(20 50) 1:?21(21 40~<)"},
        {"in a namespace below its parent's",
         {P(1, KEY_UNKNOWN, 20, 1), P(20, KEY_UNKNOWN, 30, 2, 1), P(1, KEY_UNKNOWN, 21, 1),
          P(21, KEY_UNKNOWN, 31, 2, 1), P(21, KEY_UNKNOWN, 40, 9, 8)},
         {{0}},
         "0:R(1) 1:?20(20) 2:?30(30) 1:?21(21) 2:?31(31 40~<)"},
        {"nowhere to enter: a namespace that shows no other process",
         {P(1, KEY_UNKNOWN, 40, 9)},
         {{0}},
         "0:R(1) 1:?40.1(40~<)"},
        {"all PIDs taken: the same",
         {P(1, KEY_UNKNOWN, 20, 1), P(20, KEY_UNKNOWN, 22, 9), P(1, KEY_UNKNOWN, 40, 9)},
         {{0}},
         "0:R(1) 1:?20(20 22) 1:?40.1(40~<)"},
        {"an init two levels below its parent, reported by the kernel",
         {P(1, 500, 20, 1), P(1, 600, 21, 1), P(1, 700, 30, 7, 1)},
         {{700, 600, 2}},
         "0:R(1) 1:500(20) 1:600(21) 2:700(30)"},
        {"an init two levels below its parent, one place",
         {P(1, KEY_UNKNOWN, 20, 1), P(1, KEY_UNKNOWN, 30, 7, 1)},
         {{0}},
         "0:R(1) 1:?20(20) 2:?30~(30)"},
        {"an init two levels below its parent, by elimination",
         {P(1, KEY_UNKNOWN, 20, 1), P(20, KEY_UNKNOWN, 22, 7), P(1, KEY_UNKNOWN, 21, 1),
          P(1, KEY_UNKNOWN, 30, 7, 1)},
         {{0}},
         "0:R(1) 1:?20(20 22) 1:?21(21) 2:?30~(30)"},
        {"a member's parent shows as much as the init's does",
         {P(1, KEY_UNKNOWN, 20, 1), P(1, KEY_UNKNOWN, 21, 1), P(1, 700, 30, 7, 1),
          P(21, 700, 31, 8, 2)},
         {{0}},
         "0:R(1) 1:?20(20) 1:?21(21) 2:700(30 31<)"},
        {"a namespace between is reported, without members",
         {P(1, 700, 30, 7, 1)},
         {{700, 600, 2}, {600, R, 1}},
         "0:R(1) 1:600() 2:700(30)"},
        {"a parent that is only reported as a parent",
         {P(1, 700, 30, 7, 1)},
         {{700, 600, 2}},
         "0:R(1) 1:600() 2:700(30)"},
        {"four levels with nothing between",
         {P(1, KEY_UNKNOWN, 30, 7, 5, 3, 1)},
         {{0}},
         "0:R(1) 1:?30.1() 2:?30.2~() 3:?30.3~() 4:?30~(30)"},
        {"reported, and empty",
         {P(1, 500, 20, 1)},
         {{600, 500, 2}, {700, R, 1}},
         "0:R(1) 1:500(20) 2:600() 1:700()"},
        {"an adopted orphan: its parent is its namespace's init",
         {P(1, KEY_UNKNOWN, 20, 1), P(20, KEY_UNKNOWN, 40, 9)},
         {{0}},
         "0:R(1) 1:?20(20 40)"},
        {"the parent was not seen: a namespace at its level",
         {P(19, KEY_UNKNOWN, 20, 1), P(39, KEY_UNKNOWN, 40, 9)},
         {{0}},
         "0:R(1) 1:?20(20 40~)"},
        {"parent 0 of a member of the root: it entered",
         {P(0, KEY_UNKNOWN, 40), P(40, KEY_UNKNOWN, 41)},
         {{0}},
         "0:R(1 40< 41)"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct builder *builder = new_builder();
        const struct row init = {.nspid = {1}};

        add_reported(builder, R, KEY_UNKNOWN, 0);
        for (size_t t = 0; t < COUNT(rows[i].reported) && rows[i].reported[t].ns; t++)
            add_reported(builder, rows[i].reported[t].ns, rows[i].reported[t].parent,
                         rows[i].reported[t].level);
        add_row(builder, &init);
        for (size_t p = 0; p < COUNT(rows[i].rows) && rows[i].rows[p].nspid[0]; p++)
            add_row(builder, &rows[i].rows[p]);
        struct nstree *tree = finish(builder);
        expect_shape(rows[i].row, tree, rows[i].want);
    }
}

/* It can be in either one, so its place is marked as ambiguous. */
static void several_places_are_ambiguous(void **state)
{
    static const struct row rows[] = {{.nspid = {1}},
                                      {{20, 1}, .ppid = 1},
                                      {{21, 1}, .ppid = 1},
                                      {{40, 9}, .ppid = 1},
                                      {{41, 10}, .ppid = 40}};
    struct nstree *tree = build(rows, COUNT(rows));
    char *got = shape(tree);

    (void)state;
    check_tree("ambiguous", tree);
    if (strcmp(got, "0:R(1) 1:?20(20 40~~< 41~~) 1:?21(21)") != 0 &&
        strcmp(got, "0:R(1) 1:?20(20) 1:?21(21 40~~< 41~~)") != 0)
        fail_msg("%s", got);
    assert_false(nstree_info(tree)->complete);
    free(got);
    nstree_free(tree);
}

/* Facts that the source did not prove rule nothing out, and nothing follows from them. `unsure` is
 * the process with such a fact. */
static void unproven_facts_count_for_nothing(void **state)
{
    enum { PARENT, FLEETING, INIT_UNREAD, UNSEEN };
    static const struct {
        const char *row;
        struct row rows[6];
        uint32_t unsure;
        int what;
        const char *want;
    } rows[] = {
        {"a PPid that may mean another: not the same namespace",
         {P(1, KEY_UNKNOWN, 20, 1), P(1, KEY_UNKNOWN, 21, 1), P(21, KEY_UNKNOWN, 40, 9)},
         40,
         PARENT,
         "0:R(1) 1:?20(20 40~~) 1:?21(21)"},
        {"of an init: not a child of that namespace",
         {P(1, KEY_UNKNOWN, 20, 1), P(1, KEY_UNKNOWN, 21, 1), P(21, KEY_UNKNOWN, 40, 9, 1)},
         40,
         PARENT,
         "0:R(1) 1:?20(20) 2:?40~~(40) 1:?21(21)"},
        {"of one whose inode is known: not entered",
         {P(1, 500, 20, 1), P(1, 500, 40, 9)},
         40,
         PARENT,
         "0:R(1) 1:500(20 40)"},
        {"22 may have been 9 before 40 was",
         {P(1, KEY_UNKNOWN, 20, 1), P(20, KEY_UNKNOWN, 22, 9), P(1, KEY_UNKNOWN, 21, 1),
          P(1, KEY_UNKNOWN, 40, 9)},
         22,
         FLEETING,
         "0:R(1) 1:?20(20 22) 1:?21(21 40~~<)"},
        {"its own init may not have been read",
         {P(1, KEY_UNKNOWN, 20, 1), P(1, KEY_UNKNOWN, 40, 9)},
         40,
         INIT_UNREAD,
         "0:R(1) 1:?20(20 40~~<)"},
        {"the init of any namespace may be hidden",
         {P(1, KEY_UNKNOWN, 20, 1), P(1, KEY_UNKNOWN, 40, 9), P(1, KEY_UNKNOWN, 50, 8, 1)},
         1,
         UNSEEN,
         "0:R(1) 1:?20(20 40~~<) 2:?50~~(50)"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct builder *builder = new_builder();
        const struct row init = {.nspid = {1}};

        add_reported(builder, R, KEY_UNKNOWN, 0);
        add_row(builder, &init);
        for (size_t p = 0; p < COUNT(rows[i].rows) && rows[i].rows[p].nspid[0]; p++)
            add_row(builder, &rows[i].rows[p]);
        assert_int_equal(builder_sort(builder), 0);
        struct draft *draft = &builder->drafts[builder_find(builder, rows[i].unsure)];
        draft->parent_unsure = rows[i].what == PARENT;
        draft->fleeting = rows[i].what == FLEETING;
        draft->init_unread = rows[i].what == INIT_UNREAD;
        builder->unseen = rows[i].what == UNSEEN;
        struct nstree *tree = finish(builder);
        expect_shape(rows[i].row, tree, rows[i].want);
    }
}

/* A shared cgroup makes a place likely; it does not rule out others. */
static void an_equal_cgroup_is_no_proof(void **state)
{
    static const struct row rows[] = {{.nspid = {1}, .cgroup = 5},
                                      {{20, 1}, .ppid = 1, .cgroup = 100},
                                      {{21, 1}, .ppid = 1, .cgroup = 101},
                                      {{40, 9}, .ppid = 1, .cgroup = 100}};

    (void)state;
    expect_shape("in 20's cgroup", build(rows, COUNT(rows)), "0:R(1) 1:?20(20 40~~<) 1:?21(21)");
}

/* 41 is only likely to be in 20's namespace, so its 9 there rules nothing out for 42. */
static void guesses_rule_nothing_out(void **state)
{
    static const struct row rows[] = {{.nspid = {1}},
                                      {{20, 1}, .ppid = 1, .cgroup = 100},
                                      {{21, 1}, .ppid = 1, .cgroup = 101},
                                      {{41, 9}, .ppid = 1, .cgroup = 100},
                                      {{42, 9}, .ppid = 1}};

    (void)state;
    expect_shape("9 is likely taken", build(rows, COUNT(rows)),
                 "0:R(1) 1:?20(20 41~~<) 1:?21(21 42~~<)");
}

/* 20 entered and shows that its namespace is 500; 30 and 31 are inits without an inode. Only exact
 * facts may decide which of them is the init of 500. */
static void the_init_of_a_namespace_that_another_shows(void **state)
{
    static const struct row two[] = {{.nspid = {1}},
                                     {{30, 1}, .ppid = 1},
                                     {{31, 1}, .ppid = 1},
                                     {{40, 9}, .ppid = 1, .ns = 500}};
    static const struct row taken[] = {{.nspid = {1}},
                                       {{30, 1}, .ppid = 1},
                                       {{31, 1}, .ppid = 1},
                                       {{32, 9}, .ppid = 30},
                                       {{40, 9}, .ppid = 1, .ns = 500}};

    (void)state;
    expect_shape("any of two", build(two, COUNT(two)), "0:R(1) 1:?30(30) 1:?31(31) 1:500(40<)");
    expect_shape("30's 9 is another", build(taken, COUNT(taken)),
                 "0:R(1) 1:?30(30 32) 1:500(31~ 40<)");
}

/* 30 is the init of a namespace below that of 20, and has PID 9 there. So 40, which has PID 9, too,
 * is not in that of 20. */
static void pids_of_deeper_processes_are_taken_too(void **state)
{
    static const struct row rows[] = {{.nspid = {1}},
                                      {{20, 1}, .ppid = 1},
                                      {{21, 1}, .ppid = 1},
                                      {{30, 9, 1}, .ppid = 20},
                                      {{40, 9}, .ppid = 1}};

    (void)state;
    expect_shape("9 is taken", build(rows, COUNT(rows)),
                 "0:R(1) 1:?20(20) 2:?30(30) 1:?21(21 40~<)");
}

/* If several namespaces are possible, an equal cgroup path decides. */
static void an_equal_cgroup_decides(void **state)
{
    (void)state;
    for (uint64_t which = 0; which < 2; which++) {
        const struct row rows[] = {{.nspid = {1}, .cgroup = 5},
                                   {{20, 1}, .ppid = 1, .cgroup = 100},
                                   {{21, 1}, .ppid = 1, .cgroup = 101},
                                   {{40, 9}, .ppid = 1, .cgroup = 100 + which}};
        struct nstree *tree = build(rows, COUNT(rows));
        const struct nstree_process *stray = nstree_find_process(tree, nstree_root(tree), 40);

        assert_int_equal(stray->ns->init->pid, 20 + which);
        assert_int_equal(stray->flags & NSTREE_PROCESS_INFERRED, NSTREE_PROCESS_INFERRED);
        nstree_free(tree);
    }
}

/* Machines with containers: A is that of 20 and B that of 30; the cgroup of 25 names none. What is
 * asked is where 40 and 41 are, which entered from outside. */
enum { A = 1001, B, C, D, POD = 2001, OTHER_POD };

static const struct {
    const char *row;
    struct row rows[6];
    const char *want;
} contained[] = {
    {"in its container, whatever else fits",
     {{{20, 1}, .ppid = 1, .cgroup = 100, .container = A},
      {{25, 1}, .ppid = 1, .cgroup = 101},
      {{30, 1}, .ppid = 1, .cgroup = 102, .container = B},
      {{40, 9}, .ppid = 1, .cgroup = 103, .container = B}},
     "0:R(1) 1:?20(20) 1:?25(25) 1:?30(30 40~~<)"},
    {"of a container without a namespace: in none that is known",
     {{{20, 1}, .ppid = 1, .cgroup = 100, .container = A},
      {{25, 1}, .ppid = 1, .cgroup = 101},
      {{30, 1}, .ppid = 1, .cgroup = 102, .container = B},
      {{40, 9}, .ppid = 1, .cgroup = 103, .container = C}},
     "0:R(1) 1:?20(20) 1:?25(25) 1:?30(30) 1:?40.1(40~~<)"},
    {"its PID is taken in its container: nor in another",
     {{{20, 1}, .ppid = 1, .cgroup = 100, .container = A},
      {{30, 1}, .ppid = 1, .cgroup = 102, .container = B},
      {{31, 9}, .ppid = 30},
      {{25, 1}, .ppid = 1, .cgroup = 101},
      {{40, 9}, .ppid = 1, .cgroup = 102, .container = B}},
     "0:R(1) 1:?20(20) 1:?25(25) 1:?30(30 31) 1:?40.1(40~~<)"},
    {"exact facts leave one, as with a container in another's namespace",
     {{{20, 1}, .ppid = 1, .cgroup = 100, .container = A},
      {{40, 9}, .ppid = 1, .cgroup = 103, .container = C}},
     "0:R(1) 1:?20(20 40~<)"},
    {"of no container: as if the others were of none",
     {{{20, 1}, .ppid = 1, .cgroup = 100, .container = A},
      {{25, 1}, .ppid = 1, .cgroup = 101},
      {{40, 9}, .ppid = 1, .cgroup = 103},
      {{41, 9}, .ppid = 1, .cgroup = 101}},
     "0:R(1) 1:?20(20 40~~<) 1:?25(25 41~~<)"},
    {"an init whose cgroup was not read",
     {{{20, 1}, .ppid = 1, .cgroup = 100, .container = A},
      {{25, 1}, .ppid = 1},
      {{40, 9}, .ppid = 1, .cgroup = 103, .container = C}},
     "0:R(1) 1:?20(20) 1:?25(25 40~~<)"},
    {"an init that is dead, which was the last process",
     {{{20, 1}, .ppid = 1, .state = 'Z'},
      {{30, 1}, .ppid = 1, .cgroup = 102, .container = B},
      {{40, 9}, .ppid = 1, .cgroup = 103, .container = C},
      {{41, 9}, .ppid = 1}},
     "0:R(1) 1:?20(20) 1:?30(30 41~~<) 1:?40.1(40~~<)"},
    {"an init whose main thread alone is dead",
     {{{20, 1}, .ppid = 1, .state = 'Z', .flags = NSTREE_PROCESS_LEADERLESS},
      {{30, 1}, .ppid = 1, .cgroup = 102, .container = B},
      {{40, 9}, .ppid = 1, .cgroup = 103, .container = C}},
     "0:R(1) 1:?20(20 40~~<) 1:?30(30)"},
    {"its cgroup was not read",
     {{{20, 1}, .ppid = 1, .cgroup = 100, .container = A},
      {{30, 1}, .ppid = 1, .cgroup = 102, .container = B},
      {{40, 9}, .ppid = 1}},
     "0:R(1) 1:?20(20 40~~<) 1:?30(30)"},
    {"another container of the pod",
     {{{20, 1}, .ppid = 1, .cgroup = 100, .container = A, .pod = OTHER_POD},
      {{30, 1}, .ppid = 1, .cgroup = 102, .container = B, .pod = POD},
      {{40, 9}, .ppid = 1, .cgroup = 103, .container = C, .pod = POD}},
     "0:R(1) 1:?20(20) 1:?30(30 40~~<)"},
    {"its container before the pod's others",
     {{{20, 1}, .ppid = 1, .cgroup = 100, .container = A, .pod = POD},
      {{30, 1}, .ppid = 1, .cgroup = 102, .container = B, .pod = POD},
      {{40, 9}, .ppid = 1, .cgroup = 103, .container = B, .pod = POD}},
     "0:R(1) 1:?20(20) 1:?30(30 40~~<)"},
    {"its cgroup before others of its container",
     {{{20, 1}, .ppid = 1, .cgroup = 100, .container = A},
      {{30, 1}, .ppid = 1, .cgroup = 102, .container = A},
      {{40, 9}, .ppid = 1, .cgroup = 102, .container = A}},
     "0:R(1) 1:?20(20) 1:?30(30 40~~<)"},
    {"two of a container: in one namespace",
     {{{20, 1}, .ppid = 1, .cgroup = 100, .container = A},
      {{30, 1}, .ppid = 1, .cgroup = 102, .container = B},
      {{40, 8}, .ppid = 1, .cgroup = 103, .container = C},
      {{41, 9}, .ppid = 1, .cgroup = 104, .container = C}},
     "0:R(1) 1:?20(20) 1:?30(30) 1:?40.1(40~~< 41~~<)"},
    {"two of a container, and one PID",
     {{{20, 1}, .ppid = 1, .cgroup = 100, .container = A},
      {{30, 1}, .ppid = 1, .cgroup = 102, .container = B},
      {{40, 9}, .ppid = 1, .cgroup = 103, .container = C},
      {{41, 9}, .ppid = 1, .cgroup = 103, .container = C}},
     "0:R(1) 1:?20(20) 1:?30(30) 1:?40.1(40~~<) 1:?41.1(41~~<)"},
    {"of two containers",
     {{{20, 1}, .ppid = 1, .cgroup = 100, .container = A},
      {{30, 1}, .ppid = 1, .cgroup = 102, .container = B},
      {{40, 8}, .ppid = 1, .cgroup = 103, .container = C},
      {{41, 9}, .ppid = 1, .cgroup = 104, .container = D}},
     "0:R(1) 1:?20(20) 1:?30(30) 1:?40.1(40~~<) 1:?41.1(41~~<)"},
    {"of two containers of a pod",
     {{{20, 1}, .ppid = 1, .cgroup = 100, .container = A},
      {{30, 1}, .ppid = 1, .cgroup = 102, .container = B},
      {{40, 8}, .ppid = 1, .cgroup = 103, .container = C, .pod = POD},
      {{41, 9}, .ppid = 1, .cgroup = 104, .container = D, .pod = POD}},
     "0:R(1) 1:?20(20) 1:?30(30) 1:?40.1(40~~< 41~~<)"},
    {"two levels down: below the container around its own",
     {{{20, 1}, .ppid = 1, .cgroup = 100, .container = A},
      {{25, 1}, .ppid = 1, .cgroup = 101},
      {{30, 1}, .ppid = 1, .cgroup = 102, .container = B},
      {{40, 8, 9}, .ppid = 1, .cgroup = 103, .container = C, .around = B}},
     "0:R(1) 1:?20(20) 1:?25(25) 1:?30(30) 2:?40.2~~(40~~<)"},
    {"two levels down: below one of no container, not below another",
     {{{20, 1}, .ppid = 1, .cgroup = 100, .container = A},
      {{25, 1}, .ppid = 1, .cgroup = 101},
      {{30, 1}, .ppid = 1, .cgroup = 102, .container = B},
      {{40, 8, 9}, .ppid = 1, .cgroup = 103, .container = C}},
     "0:R(1) 1:?20(20) 1:?25(25) 2:?40.2~~(40~~<) 1:?30(30)"},
    {"two levels down: in a namespace of its container, not below it",
     {{{20, 1}, .ppid = 1, .cgroup = 100, .container = A},
      {{30, 1}, .ppid = 1, .cgroup = 102, .container = B},
      {{40, 8, 9}, .ppid = 1, .cgroup = 102, .container = B}},
     "0:R(1) 1:?20(20) 1:?30(30) 2:?40.2~~(40~~<)"},
    {"two levels down: below the only one that exact facts leave",
     {{{20, 1}, .ppid = 1, .cgroup = 100, .container = A},
      {{30, 5, 1}, .ppid = 20, .cgroup = 102, .container = B},
      {{31, 6, 1}, .ppid = 20, .cgroup = 104, .container = D},
      {{40, 8, 9}, .ppid = 1, .cgroup = 103, .container = C}},
     "0:R(1) 1:?20(20) 2:?30(30) 2:?31(31) 2:?40.2~~(40~~<)"},
    {"two levels down: two of a container, in one namespace",
     {{{20, 1}, .ppid = 1, .cgroup = 100, .container = A},
      {{30, 1}, .ppid = 1, .cgroup = 102, .container = B},
      {{40, 8, 6}, .ppid = 1, .cgroup = 103, .container = C},
      {{41, 9, 7}, .ppid = 1, .cgroup = 103, .container = C}},
     "0:R(1) 1:?20(20) 1:?30(30) 1:?40.1() 2:?40.2~~(40~~< 41~~<)"},
    {"a namespace is below the container around its own",
     {{{20, 1}, .ppid = 1, .cgroup = 100, .container = A},
      {{30, 1}, .ppid = 1, .cgroup = 102, .container = B},
      {{40, 8, 1}, .ppid = 1, .cgroup = 103, .container = C, .around = B}},
     "0:R(1) 1:?20(20) 1:?30(30) 2:?40~~(40)"},
    {"a namespace is not below another container",
     {{{20, 1}, .ppid = 1, .cgroup = 100, .container = A},
      {{30, 1}, .ppid = 1, .cgroup = 102, .container = B},
      {{40, 8, 1}, .ppid = 1, .cgroup = 103, .container = C}},
     "0:R(1) 1:?20(20) 1:?30(30) 1:?40.1() 2:?40~~(40)"},
};

static void a_container_rules_places_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(contained); i++) {
        struct row rows[1 + COUNT(contained[i].rows)] = {{.nspid = {1}, .cgroup = 5}};
        size_t n = 1;

        for (size_t r = 0; r < COUNT(contained[i].rows) && contained[i].rows[r].nspid[0]; r++)
            rows[n++] = contained[i].rows[r];
        expect_shape(contained[i].row, build(rows, n), contained[i].want);
    }
}

/* Several threads report namespaces in any order. Places among equals must not depend on it. */
static void the_order_of_telling_does_not_matter(void **state)
{
    static const struct row rows[] = {{.nspid = {1}},
                                      {{20, 1}, .ppid = 1, .ns = 500},
                                      {{21, 1}, .ppid = 1, .ns = 600},
                                      {{40, 9}, .ppid = 1}};
    char *shapes[2];

    (void)state;
    for (int order = 0; order < 2; order++) {
        struct builder *builder = new_builder();

        add_reported(builder, R, KEY_UNKNOWN, 0);
        add_reported(builder, order ? 600 : 500, R, 1);
        add_reported(builder, order ? 500 : 600, R, 1);
        add_rows(builder, rows, COUNT(rows));
        struct nstree *tree = finish(builder);
        shapes[order] = shape(tree);
        nstree_free(tree);
    }
    ROW_TEXT("600 reported before 500", shapes[1], shapes[0]);
    free(shapes[0]);
    free(shapes[1]);
}

/* The parent of a deeper member is in the only namespace that can be above the reported one. */
static void a_deeper_member_places_the_namespace_between(void **state)
{
    static const struct row rows[] = {{.nspid = {1}},
                                      {{20, 1}, .ppid = 1},
                                      {{21, 1}, .ppid = 1},
                                      {{40, 5, 3, 1}, .ppid = 21, .ns = 800}};
    struct builder *builder = new_builder();

    (void)state;
    add_reported(builder, R, KEY_UNKNOWN, 0);
    add_rows(builder, rows, COUNT(rows));
    add_reported(builder, 800, 700, 3); /* 700 is at level 2, and below that of 21 */
    struct nstree *tree = finish(builder);
    const struct nstree_ns *between = nstree_find_ns(tree, 700);
    assert_non_null(between);
    assert_non_null(between->parent->init);
    assert_int_equal(between->parent->init->pid, 21);
    nstree_free(tree);
}

static void siblings_by_the_pid_of_their_init_in_the_parent(void **state)
{
    static const struct row rows[] = {
        {.nspid = {1}},
        {{20, 1}, .ppid = 1, .ns = 500},
        {{900, 4, 1}, .ppid = 20, .ns = 900}, /* 4 in 500, and 900 in the root */
        {{300, 30, 1}, .ppid = 20, .ns = 100},
        {{301, 8, 1}, .ppid = 20, .ns = 950},
        {{10, 1}, .ppid = 1, .ns = 4000000000},
        {{25, 7}, .ppid = 1, .ns = 450}, /* no init: its smallest PID counts */
        {{15, 9}, .ppid = 1, .ns = 450},
    };

    (void)state;
    expect_shape("siblings", build(rows, COUNT(rows)),
                 "0:R(1) 1:4000000000(10) 1:450(25< 15<) 1:500(20) 2:900(900) 2:950(301) "
                 "2:100(300)");
}

static void members_by_their_own_pid_after_a_wrap(void **state)
{
    static const struct row rows[] = {{.nspid = {1}},
                                      {{4000000, 1}, .ppid = 1, .ns = 500},
                                      {{300, 5}, .ppid = 4000000, .ns = 500},
                                      {{4194303, 3}, .ppid = 4000000, .ns = 500},
                                      {{301, 4194303}, .ppid = 300, .ns = 500},
                                      {{302, 2}, .ppid = 300, .ns = 500}};
    struct nstree *tree = build(rows, COUNT(rows));

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) { /* by_pid is still right after sorting */
        const struct nstree_process *found =
            nstree_find_process(tree, nstree_root(tree), rows[i].nspid[0]);

        assert_non_null(found);
        assert_int_equal(found->pid, rows[i].nspid[0]);
    }
    expect_shape("wrap", tree, "0:R(1) 1:500(4000000 302 4194303 300 301)");
}

static void facts_of_a_process_are_kept(void **state)
{
    const struct row rows[] = {{.nspid = {1}},
                               {.nspid = {20, 1},
                                .ppid = 7,
                                .ns = 500,
                                .name = "a\n\xff",
                                .args = "a b",
                                .uid = 1000,
                                .state = 'Z',
                                .flags = NSTREE_PROCESS_LEADERLESS}};
    struct nstree *tree = build(rows, 2);
    const struct nstree_process *process = nstree_find_process(tree, nstree_root(tree), 20);

    (void)state;
    assert_string_equal(process->name, "a\n\xff");
    assert_string_equal(process->args, "a b");
    assert_int_equal(process->pid, 20);
    assert_int_equal(process->ppid, 7);
    assert_int_equal(process->uid, 1000);
    assert_int_equal(process->state, 'Z');
    assert_int_equal(process->flags, NSTREE_PROCESS_LEADERLESS);
    assert_int_equal(process->levels, 2);
    assert_int_equal(process->ns->inode, 500);
    assert_ptr_equal(process->ns->init, process);
    assert_int_equal(process->ns->total, 1);
    assert_true(nstree_info(tree)->complete);
    nstree_free(tree);
}

/* Before Linux 6.10, kernel threads are recognized by their parent, PID 2. Then the root is the
 * initial namespace, even if its link may not be read. Other namespaces have no kernel threads. */
static void kernel_threads_and_the_root(void **state)
{
    static const struct row host[] = {{.nspid = {1}},
                                      {{2}, .flags = NSTREE_PROCESS_KTHREAD},
                                      {{3}, .ppid = 2, .flags = NSTREE_PROCESS_KTHREAD}};
    static const struct row plain[] = {{.nspid = {1}}, {{2}, .ppid = 1}};
    struct builder *builder = new_builder();

    (void)state;
    add_rows(builder, host, COUNT(host));
    struct nstree *tree = finish(builder);
    assert_ptr_equal(nstree_find_ns(tree, R), nstree_root(tree));
    assert_int_equal(nstree_root(tree)->members[2].flags, NSTREE_PROCESS_KTHREAD);
    expect_shape("host", tree, "0:R(1 2 3)");

    builder = new_builder(); /* the root's link could not be read, and there is no kernel thread */
    add_rows(builder, plain, COUNT(plain));
    tree = finish(builder);
    assert_int_equal(nstree_root(tree)->flags, NSTREE_NS_UNREADABLE);
    expect_shape("unknown", tree, "0:?1(1 2)");

    builder = new_builder();
    add_reported(builder, 4026532375, KEY_UNKNOWN, 0);
    add_rows(builder, host, COUNT(host));
    tree = finish(builder);
    for (size_t i = 0; i < COUNT(host); i++)
        assert_int_equal(nstree_root(tree)->members[i].flags & NSTREE_PROCESS_KTHREAD, 0);
    nstree_free(tree);
}

/* nstree.h: they are members of the initial PID namespace only. A recording may claim another. */
static void no_kernel_thread_below_the_root(void **state)
{
    static const struct row rows[] = {
        {.nspid = {1}}, {{20, 1}, .ppid = 1, .ns = 500, .flags = NSTREE_PROCESS_KTHREAD}};
    struct nstree *tree = build(rows, COUNT(rows));
    const struct nstree_process *nested = nstree_find_process(tree, nstree_root(tree), 20);

    (void)state;
    assert_int_equal(nested->flags & NSTREE_PROCESS_KTHREAD, 0);
    nstree_free(tree);
}

static void lookups(void **state)
{
    struct nstree *tree = build(wsl, COUNT(wsl));
    const struct nstree_ns *root = nstree_root(tree);
    const struct nstree_ns *desktop = nstree_find_ns(tree, 4026532516);
    const struct nstree_ns *ubuntu = nstree_find_ns(tree, 4026532257);
    const struct nstree_process *sleep = nstree_find_process(tree, root, 251599);

    (void)state;
    assert_non_null(desktop);
    assert_non_null(ubuntu);
    assert_non_null(sleep);
    assert_ptr_equal(nstree_find_ns(tree, R), root);
    assert_null(nstree_find_ns(tree, 4026532376));
    assert_null(nstree_find_ns(tree, 0));
    assert_ptr_equal(nstree_find_process(tree, desktop, 220313), sleep);
    assert_ptr_equal(nstree_find_process(tree, sleep->ns, 13), sleep);
    assert_int_equal(nstree_find_process(tree, desktop, 220068)->pid, 251353);
    assert_null(nstree_find_process(tree, root, 220068));
    assert_null(nstree_find_process(tree, desktop, 13));
    assert_null(nstree_find_process(tree, ubuntu, 13));
    assert_null(nstree_find_process(tree, root, 0));
    assert_null(nstree_find_process(tree, root, UINT32_MAX));
    assert_int_equal(nstree_number_in(sleep, root), 251599);
    assert_int_equal(nstree_number_in(sleep, desktop), 220313);
    assert_int_equal(nstree_number_in(sleep, sleep->ns), 13);
    assert_int_equal(nstree_number_in(sleep, ubuntu), 0);
    assert_int_equal(nstree_number_in(root->init, desktop), 0);
    assert_int_equal(root->below, 7);
    assert_int_equal(root->n_inside, COUNT(wsl));
    assert_int_equal(desktop->n_inside, 5);
    nstree_free(tree);
}

static void ids(void **state)
{
    static const struct {
        const char *want;
        uint64_t key;
    } rows[] = {
        {"4026531836", R},
        {"1", 1},
        {"4294967295", UINT32_MAX},
        {"?1", KEY_UNREADABLE | 1},
        {"?2083", KEY_UNREADABLE | 2083},
        {"?4194303", KEY_UNREADABLE | 4194303},
        {"?40.0", KEY_UNREADABLE | 1 << 24 | 40},
        {"?4194303.32", KEY_UNREADABLE | 33 << 24 | 4194303},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct nstree_ns ns = {.id = rows[i].key};
        char id[NSTREE_ID_SIZE];

        ROW_TEXT(rows[i].want, nstree_ns_id(&ns, id), rows[i].want);
    }
    assert_int_equal(key_of_init(2083), KEY_UNREADABLE | 2083);
    assert_int_equal(key_of_level(40, 0), KEY_UNREADABLE | 1 << 24 | 40);
    assert_int_equal(key_inode(key_of_init(1)), 0);
    assert_int_equal(key_inode(UINT32_MAX), UINT32_MAX);
}

static void merging_is_like_one_builder(void **state)
{
    struct builder *into = new_builder();

    (void)state;
    for (size_t part = 0; part < 3; part++) {
        struct builder *from = new_builder();

        if (part == 1)
            add_reported(from, R, KEY_UNKNOWN, 0);
        for (size_t i = part; i < COUNT(wsl); i += 3)
            add_row(from, &wsl[i]);
        from->info.denied = 1;
        from->info.gone = 10;
        assert_int_equal(builder_merge(into, from), 0);
        builder_free(from);
    }
    assert_int_equal(into->info.denied, 3);
    assert_int_equal(into->info.gone, 30);
    expect_shape("merged", finish(into), wsl_shape);
}

static void forgotten_reports_are_gone(void **state)
{
    static const struct row rows[] = {{.nspid = {1}}, {{20}, .ppid = 1}, {{21}, .ppid = 1}};
    struct builder *builder = new_builder();

    (void)state;
    add_reported(builder, R, KEY_UNKNOWN, 0);
    add_reported(builder, 500, R, 1);
    assert_true(builder_has_ns(builder, 500));
    builder_forget_ns(builder, 500);
    assert_false(builder_has_ns(builder, 500));
    assert_int_equal(builder_root_key(builder), R);
    add_rows(builder, rows, COUNT(rows));
    builder_forget_process(builder, 1);
    struct nstree *tree = finish(builder);
    expect_shape("forgotten", tree, "0:R(1 21)");
}

static void each_pid_once(void **state)
{
    static const struct row rows[] = {{.nspid = {1}},
                                      {{20, 1}, .ppid = 1, .ns = 500},
                                      {{1}, .ppid = 20},
                                      {{20, 1}, .ppid = 1, .ns = 500},
                                      {{20, 1}, .ppid = 1, .ns = 500}};

    (void)state;
    expect_shape("duplicates", build(rows, COUNT(rows)), "0:R(1) 1:500(20)");
}

static void nesting_of_32_levels_and_no_more(void **state)
{
    struct builder *builder = new_builder();

    (void)state;
    add_reported(builder, R, KEY_UNKNOWN, 0);
    for (uint32_t levels = 1; levels <= NSTREE_LEVELS_MAX; levels++) {
        struct row row = {.ppid = levels - 1};

        for (uint32_t i = 0; i < levels; i++)
            row.nspid[i] = levels - i; /* each starts the next: PID 1, and 2 one level up, … */
        add_row(builder, &row);
    }
    uint32_t nspid[NSTREE_LEVELS_MAX + 1] = {50, 1};
    for (uint32_t levels = 0; levels < 256; levels += levels ? 255 - 34 : 34) {
        const struct record record = {
            .nspid = nspid, .name = "", .levels = (uint8_t)levels, .state = 'S'};

        assert_int_equal(builder_add_process(builder, &record), 0);
    }
    assert_int_equal(builder->info.malformed, 3); /* 0, 34 and 255 PIDs */
    struct nstree *tree = finish(builder);
    check_tree("33 levels", tree);
    assert_int_equal(nstree_root(tree)->below, 32);
    assert_int_equal(nstree_root(tree)[32].level, 32);
    assert_int_equal(nstree_root(tree)[32].init->pid, 33);
    assert_int_equal(nstree_root(tree)->n_inside, 33);
    nstree_free(tree);
}

static void an_empty_tree_has_a_root(void **state)
{
    struct builder *builder = new_builder();

    (void)state;
    struct nstree *tree = finish(builder);
    check_tree("empty", tree);
    assert_int_equal(nstree_root(tree)->below, 0);
    assert_int_equal(nstree_root(tree)->n_inside, 0);
    assert_null(nstree_root(tree)->init);
    nstree_free(tree);
    nstree_free(NULL);
}

/* The first report counts. */
static void contradictions_of_reports(void **state)
{
    static const struct {
        const char *row;
        struct reported reported[4];
        const char *want;
    } rows[] = {
        {"twice, another parent",
         {{600, 500, 2}, {600, 501, 2}, {500, R, 1}, {501, R, 1}},
         "0:R(1) 1:500(20) 2:600(30) 1:501()"},
        {"twice, another level",
         {{600, 500, 2}, {500, R, 1}, {600, R, 1}},
         "0:R(1) 1:500(20) 2:600(30)"},
        {"another root", {{600, 500, 2}, {500, R, 1}, {77, 0, 0}}, "0:R(1) 1:500(20) 2:600(30)"},
        {"the root below", {{600, 500, 2}, {500, R, 1}, {R, 500, 2}}, "0:R(1) 1:500(20) 2:600(30)"},
        {"level 1 is always below the root",
         {{600, 500, 2}, {500, 600, 1}},
         "0:R(1) 1:500(20) 2:600(30)"},
        {"an impossible level", {{600, 500, 2}, {900, 600, 33}}, "0:R(1) 1:500(20) 2:600(30)"},
    };
    static const struct row processes[] = {
        {.nspid = {1}}, {{20, 1}, .ppid = 1, .ns = 500}, {{30, 5, 1}, .ppid = 20, .ns = 600}};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct builder *builder = new_builder();

        add_reported(builder, R, KEY_UNKNOWN, 0);
        for (size_t t = 0; t < COUNT(rows[i].reported) && rows[i].reported[t].ns; t++)
            add_reported(builder, rows[i].reported[t].ns, rows[i].reported[t].parent,
                         rows[i].reported[t].level);
        for (size_t p = 0; p < COUNT(processes); p++)
            add_row(builder, &processes[p]);
        struct nstree *tree = finish(builder);
        expect_shape(rows[i].row, tree, rows[i].want);
    }
}

/* No kernel shows these. Any well-formed tree with each process once is right. */
static void impossible_records_give_a_tree(void **state)
{
    static const struct {
        const char *row;
        struct row rows[6];
        struct reported reported[4];
        size_t processes;
    } rows[] = {
        {"one inode at two levels", {P(1, 500, 20, 1), P(20, 500, 30, 5, 1)}, {{0}}, 3},
        {"the root's inode below it", {P(1, R, 20, 1), P(20, R, 30, 5, 1)}, {{0}}, 3},
        {"each other's parent", {P(21, KEY_UNKNOWN, 20, 4), P(20, KEY_UNKNOWN, 21, 5)}, {{0}}, 3},
        {"its own parent", {P(20, KEY_UNKNOWN, 20, 4), P(21, KEY_UNKNOWN, 21, 3, 4)}, {{0}}, 3},
        {"a cycle through levels",
         {P(21, KEY_UNKNOWN, 20, 4), P(20, KEY_UNKNOWN, 21, 3, 5)},
         {{0}},
         3},
        {"a parent deeper than its child", {P(1, 500, 20, 1), P(20, KEY_UNKNOWN, 21)}, {{0}}, 3},
        {"a reported cycle",
         {P(1, 700, 30, 5, 1), P(1, 701, 31, 6, 1)},
         {{700, 701, 2}, {701, 700, 2}},
         3},
        {"a reported self", {P(1, 700, 30, 5, 1)}, {{700, 700, 2}}, 2},
        {"a reported cycle of three levels",
         {P(1, 700, 40, 5, 3, 1)},
         {{700, 701, 3}, {701, 702, 2}, {702, 700, 1}},
         2},
        {"reported deep, without anything above", {{.nspid = {0}}}, {{700, 0, 32}}, 1},
        {"two inits", {P(1, 500, 20, 1), P(1, 500, 21, 1)}, {{0}}, 3},
        {"two inits of one family",
         {P(1, KEY_UNKNOWN, 20, 1), P(20, KEY_UNKNOWN, 21, 1), P(21, KEY_UNKNOWN, 22, 1)},
         {{0}},
         4},
        {"the same PID twice", {P(1, 500, 20, 7), P(1, 500, 21, 7)}, {{0}}, 3},
        {"PID 1 again, below", {P(1, KEY_UNKNOWN, 5, 1), P(5, KEY_UNKNOWN, 1, 6)}, {{0}}, 2},
        {"a key above all", {P(1, UINT64_MAX, 20, 1), P(20, UINT64_MAX, 30, 5, 1)}, {{0}}, 3},
        {"the first key of no inode", {P(1, KEY_UNREADABLE, 20, 1)}, {{0}}, 2},
        {"the key of another's init",
         {P(1, KEY_UNREADABLE | 99, 98, 3, 1), P(1, KEY_UNKNOWN, 99, 1)},
         {{0}},
         3},
        {"the key of a made-up namespace",
         {P(1, KEY_UNREADABLE | 2 << 24 | 99, 98, 1), P(1, KEY_UNKNOWN, 99, 1, 1),
          P(1, KEY_UNKNOWN, 100, 1, 1, 9)},
         {{0}},
         4},
        {"0 and values beyond every PID",
         {P(5, KEY_UNKNOWN, UINT32_MAX, UINT32_MAX), P(1, KEY_UNKNOWN, 20, 1)},
         {{0}},
         3},
        {"reported keys above all",
         {P(1, KEY_UNKNOWN, 20, 1)},
         {{UINT64_MAX, UINT64_MAX - 1, 2}},
         2},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct builder *builder = new_builder();
        const struct row init = {.nspid = {1}};

        add_reported(builder, R, KEY_UNKNOWN, 0);
        for (size_t t = 0; t < COUNT(rows[i].reported) && rows[i].reported[t].ns; t++)
            add_reported(builder, rows[i].reported[t].ns, rows[i].reported[t].parent,
                         rows[i].reported[t].level);
        add_row(builder, &init);
        for (size_t p = 0; p < COUNT(rows[i].rows) && rows[i].rows[p].nspid[0]; p++)
            add_row(builder, &rows[i].rows[p]);
        struct nstree *tree = finish(builder);
        check_tree(rows[i].row, tree);
        ROW_INT(rows[i].row, nstree_root(tree)->n_inside, rows[i].processes);
        nstree_free(tree);
    }
}

/* Random records from few PIDs and inodes, so that nearly all contradict each other. */
static void random_records_give_a_tree(void **state)
{
    (void)state;
    random_state = 3;
    for (int round = 0; round < 3000; round++) {
        struct builder *builder = new_builder();
        bool seen[64] = {false};
        size_t pids = 0;
        char row[32];

        for (uint32_t i = random_below(6); i > 0; i--)
            add_reported(builder,
                         random_below(2) ? R + random_below(8) : KEY_UNREADABLE + random_below(64),
                         random_below(3) ? R + random_below(8) : 0, random_below(5));
        for (uint32_t i = random_below(40); i > 0; i--) {
            struct row process = {.ppid = random_below(64),
                                  .ns = random_below(2) ? R + random_below(8) : KEY_UNKNOWN};
            uint32_t levels = 1 + random_below(5);

            for (uint32_t level = 0; level < levels; level++)
                process.nspid[level] = 1 + random_below(level ? 4 : 63);
            pids += !seen[process.nspid[0]];
            seen[process.nspid[0]] = true;
            add_row(builder, &process);
        }
        snprintf(row, sizeof row, "round %d", round);
        struct nstree *tree = finish(builder);
        check_tree(row, tree);
        ROW_INT(row, nstree_root(tree)->n_inside, pids);
        nstree_free(tree);
    }
}

/* 20,000 namespaces with 5 processes each, siblings or nested ten deep. */
static struct builder *large(bool known, bool nested)
{
    struct builder *builder = new_builder();
    struct row row = {.nspid = {1}};
    uint32_t pid = 2;

    add_reported(builder, R, KEY_UNKNOWN, 0);
    add_row(builder, &row);
    for (uint32_t ns = 0; ns < 20000; ns++) {
        uint32_t level = nested ? 1 + ns % 10 : 1;

        for (uint32_t i = 0; i < 5; i++, pid++) {
            memset(&row, 0, sizeof row);
            for (uint32_t l = 0; l < level; l++)
                row.nspid[l] = pid;
            row.nspid[level] = i + 1;
            row.ns = known ? R + 1 + ns : KEY_UNKNOWN;
            row.ppid = i > 0 ? pid - 1 : level > 1 ? pid - 5 : 1;
            add_row(builder, &row);
        }
    }
    return builder;
}

static void a_hundred_thousand_processes(void **state)
{
    (void)state;
    for (int kind = 0; kind < 4; kind++) {
        struct nstree *tree = finish(large(kind & 1, kind & 2));

        check_tree("large", tree);
        assert_int_equal(nstree_root(tree)->below, 20000);
        assert_int_equal(nstree_root(tree)->n_inside, 100001);
        for (size_t i = 1; i <= 20000; i++) {
            assert_int_equal(nstree_root(tree)[i].n_members, 5);
            assert_int_equal(nstree_root(tree)[i].flags & NSTREE_NS_INFERRED, 0);
        }
        nstree_free(tree);
    }
}

/* Many namespaces that one's own processes show, and as many inits without an inode. The builder
 * does not search for each one among all others. */
static void many_without_an_init(void **state)
{
    enum { EACH = 10000 };
    struct builder *builder = new_builder();
    const struct row init = {.nspid = {1}};

    (void)state;
    add_reported(builder, R, KEY_UNKNOWN, 0);
    add_row(builder, &init);
    for (uint32_t i = 0; i < EACH; i++) {
        const struct row silent = {.nspid = {10 + i, 1}, .ppid = 1};
        const struct row shown = {.nspid = {200000 + i, 9}, .ppid = 1, .ns = R + 1 + i};
        const struct row taken = {.nspid = {400000 + i, 9}, .ppid = 10 + i};

        add_row(builder, &silent);
        add_row(builder, &shown);
        add_row(builder, &taken);
    }
    struct nstree *tree = finish(builder);
    check_tree("without an init", tree);
    assert_int_equal(nstree_root(tree)->below, 2 * EACH);
    nstree_free(tree);
}

/* Many processes that entered, without readable links. Each can be in any namespace. */
static void many_that_entered(void **state)
{
    enum { INSIDE = 2000, ENTERED = 10000 };
    struct builder *builder = new_builder();

    (void)state;
    add_reported(builder, R, KEY_UNKNOWN, 0);
    for (uint32_t i = 0; i < INSIDE; i++) {
        const struct row row = {.nspid = {10 + i, 1}, .ppid = 1};

        add_row(builder, &row);
    }
    for (uint32_t i = 0; i < ENTERED; i++) {
        const struct row row = {.nspid = {200000 + i, 1000 + i}, .ppid = 1};

        add_row(builder, &row);
    }
    struct nstree *tree = finish(builder);
    check_tree("entered", tree);
    assert_int_equal(nstree_root(tree)->below, INSIDE);
    assert_int_equal(nstree_root(tree)->n_inside, INSIDE + ENTERED);
    nstree_free(tree);
}

/* Many containers in namespaces of others, two levels down: each in one that is made up, and these
 * below a single one, as their PIDs there differ. */
static void many_sidecars(void **state)
{
    enum { INSIDE = 10000, ENTERED = 20000 };
    struct builder *builder = new_builder();

    (void)state;
    add_reported(builder, R, KEY_UNKNOWN, 0);
    for (uint32_t i = 0; i < INSIDE; i++) {
        const struct row row = {
            .nspid = {10 + i, 1}, .ppid = 1, .cgroup = 1 + i, .container = 1 + i};

        add_row(builder, &row);
    }
    for (uint32_t i = 0; i < ENTERED; i++) {
        const struct row row = {.nspid = {200000 + i, 1000 + i, 9},
                                .ppid = 1,
                                .cgroup = 100000 + i,
                                .container = 100000 + i};

        add_row(builder, &row);
    }
    struct nstree *tree = finish(builder);
    check_tree("sidecars", tree);
    assert_int_equal(nstree_root(tree)->below, INSIDE + 1 + ENTERED);
    assert_int_equal(nstree_root(tree)->n_inside, INSIDE + ENTERED);
    nstree_free(tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inodes_of_members_place_everything),
        cmocka_unit_test(the_order_of_records_does_not_matter),
        cmocka_unit_test(chains_and_parents_place_everything),
        cmocka_unit_test(rules),
        cmocka_unit_test(several_places_are_ambiguous),
        cmocka_unit_test(unproven_facts_count_for_nothing),
        cmocka_unit_test(an_equal_cgroup_is_no_proof),
        cmocka_unit_test(guesses_rule_nothing_out),
        cmocka_unit_test(the_init_of_a_namespace_that_another_shows),
        cmocka_unit_test(pids_of_deeper_processes_are_taken_too),
        cmocka_unit_test(an_equal_cgroup_decides),
        cmocka_unit_test(a_container_rules_places_out),
        cmocka_unit_test(the_order_of_telling_does_not_matter),
        cmocka_unit_test(a_deeper_member_places_the_namespace_between),
        cmocka_unit_test(siblings_by_the_pid_of_their_init_in_the_parent),
        cmocka_unit_test(members_by_their_own_pid_after_a_wrap),
        cmocka_unit_test(facts_of_a_process_are_kept),
        cmocka_unit_test(kernel_threads_and_the_root),
        cmocka_unit_test(no_kernel_thread_below_the_root),
        cmocka_unit_test(lookups),
        cmocka_unit_test(ids),
        cmocka_unit_test(merging_is_like_one_builder),
        cmocka_unit_test(forgotten_reports_are_gone),
        cmocka_unit_test(each_pid_once),
        cmocka_unit_test(nesting_of_32_levels_and_no_more),
        cmocka_unit_test(an_empty_tree_has_a_root),
        cmocka_unit_test(contradictions_of_reports),
        cmocka_unit_test(impossible_records_give_a_tree),
        cmocka_unit_test(random_records_give_a_tree),
        cmocka_unit_test(a_hundred_thousand_processes),
        cmocka_unit_test(many_that_entered),
        cmocka_unit_test(many_sidecars),
        cmocka_unit_test(many_without_an_init),
    };

    return cmocka_run_group_tests_name("tree", tests, NULL, NULL);
}
