/* SPDX-License-Identifier: MIT */
/* Tables: lists of columns, values, widths, orders. Expectations are written by hand. */
#include "build.h"

#include <errno.h>
#include <unistd.h>

#include "cli/cell.h"
#include "cli/render.h"
#include "cli/sort.h"
#include "model/tree.h"

#define R NSTREE_INITIAL_INODE

static void lists_of_columns(void **state)
{
    static const struct {
        const char *list;
        bool namespaces;
        const char *want; /* the names, or what the error says */
    } rows[] = {
        {"pid", false, "PID "},
        {"PID,Name,nSPid", false, "PID NAME NSPID "},
        {"pid,pid", false, "PID PID "},
        {NULL, false, "NS PNS LEVEL PID NSPID NAME CONTAINER "},
        {NULL, true, "NS LEVEL INIT PROCS LABEL COMMAND "},
        {"+rss", false, "NS PNS LEVEL PID NSPID NAME CONTAINER RSS "},
        {"+rss,zombies", true, "NS LEVEL INIT PROCS LABEL COMMAND RSS ZOMBIES "},
        {"", false, "--output: '' is not one of pid, own, nspid, "},
        {"+", false, "--output: '' is not one of"},
        {"pid,", false, "--output: '' is not one of"},
        {"pid, name", false, "--output: ' name' is not one of"},
        {"pid,+name", false, "--output: '+name' is not one of"},
        {"procs", false, "(columns of processes; --summary has others)"},
        {"pid", true, "--output: 'pid' is not one of init, nspid, ns, pns, level, procs, "},
        {"nsp", false, "--output: 'nsp' is not"},
        {"check", true, "--output: 'check' is not"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct columns columns = {.namespaces = rows[i].namespaces};
        struct nstree_error err;
        char names[200] = "";
        int rc = columns_parse(&columns, rows[i].list, &err);

        for (size_t n = 0; rc == 0 && n < columns.n; n++)
            sprintf(names + strlen(names), "%s ", columns_name((enum column)columns.items[n]));
        if (rc == 0)
            ROW_TEXT(rows[i].want, names, rows[i].want);
        else
            ROW_HAS(rows[i].want, err.text, rows[i].want);
        ROW_INT(rows[i].want, rc, rows[i].want[0] == '-' || rows[i].want[0] == '(' ? -EINVAL : 0);
    }
}

static void too_many_columns(void **state)
{
    struct columns columns = {0};
    struct nstree_error err;
    char list[COLUMNS_MAX * 4 + 8] = "pid";

    (void)state;
    for (int i = 1; i < COLUMNS_MAX; i++)
        strcat(list, ",pid");
    assert_int_equal(columns_parse(&columns, list, &err), 0);
    assert_int_equal(columns.n, COLUMNS_MAX);
    strcat(list, ",pid");
    assert_int_equal(columns_parse(&columns, list, &err), -EINVAL);
    assert_string_equal(err.text, "--output: more than 64 columns");
}

/* Two namespaces, one below the other, and names of all kinds. */
static const struct row machine[] = {
    {.nspid = {1}, .name = "init", .args = "/sbin/init splash"},
    {.nspid = {2}, .name = "kthreadd", .flags = NSTREE_PROCESS_KTHREAD},
    {.nspid = {101}, .ppid = 1, .name = "sle\tep", .state = 'Z', .uid = 7},
    {.nspid = {200, 1}, .ppid = 101, .ns = 500, .name = "\xea\xb0\x80", .uid = 1000},
    {.nspid = {1000, 7}, .ppid = 200, .ns = 500, .name = "", .uid = 7},
    {.nspid = {1001, 8, 1}, .ppid = 1000, .ns = 600, .name = "x"},
};

static const struct nstree_usage used[] = {
    {.start = 179561280000, .rss = 4096, .cpu = 123, .threads = 1},
    {.start = 179561280000, .rss = 0, .cpu = 0, .threads = 1},
    {NSTREE_USAGE_UNKNOWN, NSTREE_USAGE_UNKNOWN, NSTREE_USAGE_UNKNOWN, NSTREE_USAGE_UNKNOWN},
    {.start = 179587923999, .rss = 12, .cpu = 6005, .threads = 2},
    {.start = UINT64_MAX - 1, .rss = 100, .cpu = 360000, .threads = 30},
    {.start = 179561280001, .rss = 4096, .cpu = 9, .threads = 1},
};
static const struct nstree_usage spaces_used[] = {
    {.start = 179561280000, .rss = 4096, .cpu = 123, .threads = 2},
    {.start = 179587923999, .rss = 112, .cpu = 366005, .threads = 32},
    {.start = 179561280001, .rss = 4096, .cpu = 9, .threads = 1},
};

/* 1795612800 is 2026-11-25 13:20:00 UTC. The tree was taken 3 days, 2 hours, 2 minutes and 4
 * seconds later. */
#define TAKEN (1795612800 + 86400 * 3 + 2 * 3600 + 2 * 60 + 4)

static struct nstree *machine_tree(void)
{
    struct builder *builder = new_builder();

    add_reported(builder, R, KEY_UNKNOWN, 0);
    add_rows(builder, machine, COUNT(machine));
    builder->info.taken = TAKEN;
    struct nstree *tree = finish(builder);
    for (size_t i = 0; i < COUNT(used); i++)
        tree->processes[i].usage = &used[i];
    for (size_t i = 0; i < COUNT(spaces_used); i++)
        tree->namespaces[i].usage = &spaces_used[i];
    tree->namespaces[0].zombies = 1;
    tree->namespaces[1].nsid = 77;
    tree->namespaces[1].owner_uid = 7;
    tree->namespaces[1].label = "web (1)";
    tree->namespaces[1].kind = "docker";
    return tree;
}

/* A table of the machine. `sort` may be NULL. */
static char *table(const struct nstree *tree, struct look look, const char *list, const char *sort)
{
    static const struct options all = {0};
    struct columns columns = {.namespaces = look.summary};
    struct selection selection;
    struct nstree_error err;
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    assert_int_equal(columns_parse(&columns, list, &err), 0);
    if (sort)
        assert_int_equal(columns_parse_sort(&columns, sort, &err), 0);
    look.columns = &columns;
    look.utf8 = look.labels = true;
    look.glyphs = style_glyphs(STYLE_ASCII);
    assert_int_equal(selection_make(tree, &all, NULL, &selection), 0);
    assert_int_equal(render_table(&selection, &look, out), 0);
    selection_free(&selection);
    assert_int_equal(fclose(out), 0);
    return text;
}

static void tables_of_processes(void **state)
{
    static const struct {
        const char *list, *sort, *want;
    } rows[] = {
        {"pid,own,nspid,name", NULL,
         " PID OWN NSPID    NAME\n"
         "   1   1 1        init\n"
         " 101 101 101      sle\\tep\n"
         " 200   1 200,1    \xea\xb0\x80\n"
         "1000   7 1000,7   -\n"
         "1001   1 1001,8,1 x\n"},
        /* A Hangul syllable takes two columns. */
        {"name,ppid", NULL,
         "NAME    PPID\n"
         "init       0\n"
         "sle\\tep    1\n"
         "\xea\xb0\x80       101\n"
         "-        200\n"
         "x       1000\n"},
        {"ns,pns,level,state,args", NULL,
         "        NS        PNS LEVEL STATE ARGS\n"
         "4026531836          -     0 S     /sbin/init splash\n"
         "4026531836          -     0 Z     sle\\tep\n"
         "       500 4026531836     1 S     \xea\xb0\x80\n"
         "       500 4026531836     1 S     -\n"
         "       600        500     2 S     x\n"},
        {"start,age,rss,cpu,threads,pid", NULL,
         "START                      AGE  RSS     CPU THREADS  PID\n"
         "2026-11-25T13:20:00 3-02:02:04 4096    1.23       1    1\n"
         "-                            -    -       -       -  101\n"
         "2026-11-28T15:20:39      01:25   12   60.05       2  200\n"
         "-                        00:00  100 3600.00      30 1000\n"
         "2026-11-25T13:20:00 3-02:02:04 4096    0.09       1 1001\n"},
        /* Equal ones in the order of the tree, either way; the unknown one last. */
        {"pid", "rss", " PID\n 200\n1000\n   1\n1001\n 101\n"},
        {"pid", "-rss", " PID\n   1\n1001\n1000\n 200\n 101\n"},
        {"pid", "-pid", " PID\n1001\n1000\n 200\n 101\n   1\n"},
        {"pid", "name", " PID\n   1\n 101\n1001\n 200\n1000\n"},
        {"pid", "nspid", " PID\n   1\n 101\n 200\n1000\n1001\n"},
        {"pid", "-level", " PID\n1001\n 200\n1000\n   1\n 101\n"},
        {"pid", "uid", " PID\n   1\n1001\n 101\n1000\n 200\n"},
        {"pid", "start", " PID\n   1\n1001\n 200\n1000\n 101\n"},
        {"pid,marks", "marks", " PID MARKS\n 101 (zombie)\n   1 -\n 200 -\n1000 -\n1001 -\n"},
        {"kind,container,pid", NULL,
         "KIND   CONTAINER  PID\n"
         "-      -            1\n"
         "-      -          101\n"
         "docker web (1)    200\n"
         "docker web (1)   1000\n"
         "-      -         1001\n"},
    };
    struct nstree *tree = machine_tree();

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *got = table(tree, (struct look){0}, rows[i].list, rows[i].sort);

        ROW_TEXT(rows[i].list, got, rows[i].want);
        free(got);
    }
    nstree_free(tree);
}

static void tables_of_namespaces(void **state)
{
    static const struct {
        const char *list, *sort, *want;
    } rows[] = {
        {"ns,init,nspid,procs,inside,zombies", NULL,
         "        NS INIT NSPID    PROCS INSIDE ZOMBIES\n"
         "4026531836    1 1            3      6       1\n"
         "       500  200 200,1        2      3       0\n"
         "       600 1001 1001,8,1     1      1       0\n"},
        {"rss,rssall,cpu,cpuall", NULL,
         " RSS RSSALL     CPU  CPUALL\n"
         "4096   8304    1.23 3661.37\n"
         " 112   4208 3660.05 3660.14\n"
         "4096   4096    0.09    0.09\n"},
        {"nsid,owner,userns,command", NULL,
         "NSID OWNER USERNS COMMAND\n"
         "   - -          - /sbin/init splash\n"
         "  77 7          - \xea\xb0\x80\n"
         "   - -          - x\n"},
        /* Indented by level, unless that is not the order. */
        {"label,init", NULL,
         "LABEL     INIT\n"
         "-            1\n"
         "  web (1)  200\n"
         "    -     1001\n"},
        {"label,init", "-init",
         "LABEL   INIT\n"
         "-       1001\n"
         "web (1)  200\n"
         "-          1\n"},
    };
    struct nstree *tree = machine_tree();

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *got = table(tree, (struct look){.summary = true}, rows[i].list, rows[i].sort);

        ROW_TEXT(rows[i].list, got, rows[i].want);
        free(got);
    }
    nstree_free(tree);
}

/* A sum of which a part is not known is not known. */
static void sums_of_what_is_not_known(void **state)
{
    struct nstree *tree = machine_tree();
    const struct look look = {.summary = true};

    (void)state;
    tree->namespaces[1].usage = NULL;
    char *got = table(tree, look, "rss,rssall,inside", NULL);
    assert_string_equal(got, " RSS RSSALL INSIDE\n4096      -      6\n"
                             "   -      -      3\n4096   4096      1\n");
    free(got);
    tree->info.selected = true; /* what is below can have been left out */
    got = table(tree, look, "rssall,cpuall,inside,procs", NULL);
    assert_string_equal(got, "RSSALL CPUALL INSIDE PROCS\n     -      -      -     3\n"
                             "     -      -      -     2\n     -      -      -     1\n");
    free(got);
    nstree_free(tree);
}

/* One long command line must not make all lines as long. */
static void a_long_cell_moves_only_its_own_line(void **state)
{
    static char args[1001];
    struct row rows[] = {{.nspid = {1}, .args = args}, {.nspid = {2}, .args = "short"}};
    char want[1200];

    (void)state;
    memset(args, 'x', sizeof args - 1);
    snprintf(want, sizeof want, "ARGS  PID\n%s   1\nshort   2\n", args);
    struct nstree *tree = build(rows, COUNT(rows));
    char *got = table(tree, (struct look){0}, "args,pid", NULL);
    assert_string_equal(got, want);
    free(got);
    nstree_free(tree);
}

static void names_of_users(void **state)
{
    static const char passwd[] = "root:x:0:0:root:/root:/bin/sh\n"
                                 "toor:x:0:0::/:/bin/sh\n"
                                 "+nis:x:5::::\n"
                                 "no colon\n"
                                 ":x:6:\n"
                                 "word:x:seven:\n"
                                 "\n"
                                 "large:x:4294967295:\n"
                                 "ok:x:7:7\n"
                                 "cut:x:8:8";
    char path[] = "/tmp/nstree-users-XXXXXX";
    struct users users;
    int fd = mkstemp(path);

    (void)state;
    assert_true(fd >= 0);
    assert_int_equal(write(fd, passwd, sizeof passwd - 1), sizeof passwd - 1);
    close(fd);
    assert_int_equal(users_read(&users, path), 0);
    unlink(path);
    assert_int_equal(users.n, 3);
    assert_string_equal(users_name(&users, 0), "root");
    assert_string_equal(users_name(&users, 7), "ok");
    for (uint32_t uid = 5; uid <= 8; uid++)
        assert_true((users_name(&users, uid) != NULL) == (uid == 7));
    struct nstree *tree = machine_tree();
    char *got = table(tree, (struct look){.users = &users}, "user,uid,pid", "-user");
    assert_string_equal(got, "USER  UID  PID\nroot    0    1\nroot    0 1001\nok      7  101\n"
                             "ok      7 1000\n1000 1000  200\n");
    free(got);
    nstree_free(tree);
    users_free(&users);
    assert_int_equal(users_read(&users, "/nonexistent"), 0);
    assert_null(users_name(&users, 0));
    users_free(&users);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_of_columns),
        cmocka_unit_test(too_many_columns),
        cmocka_unit_test(tables_of_processes),
        cmocka_unit_test(tables_of_namespaces),
        cmocka_unit_test(sums_of_what_is_not_known),
        cmocka_unit_test(a_long_cell_moves_only_its_own_line),
        cmocka_unit_test(names_of_users),
    };

    setenv("TZ", "UTC", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
