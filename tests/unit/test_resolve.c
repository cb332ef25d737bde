/* SPDX-License-Identifier: MIT */
/* What operands name in a machine with containers, and what is said of those that name nothing. */
#include "build.h"

#include <unistd.h>

#include "cli/miss.h"
#include "cli/resolve.h"

/* `web` and `dind` have PID namespaces of their own, `dind` has the other `web` inside. `side` is
 * in the namespace of `web`, `hostpid` in the root. The pod has a sandbox and two containers. One
 * container bears a number for a name, and one has an ID of digits only. */
static const char recording[] =
    "{\"schema\":1,\"containers\":["
    "{\"evidence\":\"x\",\"kind\":\"docker\",\"name\":\"web\",\"id\":\"45ed20ed75f2aaaa\","
    "\"label\":\"docker web\","
    "\"init\":100,\"ns\":\"900\"},"
    "{\"evidence\":\"x\",\"kind\":\"docker\",\"name\":\"side\",\"id\":\"45ed99990000bbbb\","
    "\"label\":\"docker side\","
    "\"init\":102,\"ns\":\"900\"},"
    "{\"evidence\":\"x\",\"kind\":\"docker\",\"name\":\"dind\",\"id\":\"deadbeef\",\"label\":"
    "\"docker dind\","
    "\"init\":200,\"ns\":\"910\"},"
    "{\"evidence\":\"x\",\"kind\":\"podman\",\"name\":\"web\",\"id\":\"cafe0001\",\"label\":"
    "\"podman web\","
    "\"init\":210,\"ns\":\"911\"},"
    "{\"evidence\":\"x\",\"kind\":\"docker\",\"name\":\"hostpid\",\"id\":\"cafe0002\",\"label\":"
    "\"docker hostpid\","
    "\"init\":50,\"ns\":\"1\"},"
    "{\"evidence\":\"x\",\"kind\":\"k8s\",\"name\":null,\"id\":\"aaaa1111\",\"label\":\"k8s pod "
    "default/api-7d4\","
    "\"pod\":\"api-7d4\",\"k8s_namespace\":\"default\",\"init\":300,\"ns\":\"920\"},"
    "{\"evidence\":\"x\",\"kind\":\"k8s\",\"name\":\"api\",\"id\":\"aaaa2222\",\"label\":\"k8s "
    "default/api-7d4 "
    "(api)\","
    "\"pod\":\"api-7d4\",\"k8s_namespace\":\"default\",\"init\":310,\"ns\":\"921\"},"
    "{\"evidence\":\"x\",\"kind\":\"lxc\",\"name\":\"4711\",\"id\":null,\"label\":\"LXC "
    "4711\",\"init\":400,"
    "\"ns\":\"930\"},"
    "{\"evidence\":\"x\",\"kind\":\"docker\",\"name\":null,\"id\":\"123456789012ffff\",\"label\":"
    "\"docker "
    "123456789012\","
    "\"init\":410,\"ns\":\"931\"}],"
    "\"namespaces\":["
    "{\"id\":\"1\",\"ns\":1,\"parent\":null,\"level\":0,\"members\":2,\"init\":1},"
    "{\"id\":\"900\",\"ns\":900,\"parent\":\"1\",\"level\":1,\"members\":3,\"init\":100,"
    "\"container\":0,"
    "\"label\":\"docker web\",\"kind\":\"docker\"},"
    "{\"id\":\"910\",\"ns\":910,\"parent\":\"1\",\"level\":1,\"members\":1,\"init\":200,"
    "\"container\":2,"
    "\"label\":\"docker dind\",\"kind\":\"docker\"},"
    "{\"id\":\"911\",\"ns\":911,\"parent\":\"910\",\"level\":2,\"members\":1,\"init\":210,"
    "\"container\":3},"
    "{\"id\":\"920\",\"ns\":920,\"parent\":\"1\",\"level\":1,\"members\":1,\"init\":300,"
    "\"container\":5},"
    "{\"id\":\"921\",\"ns\":921,\"parent\":\"1\",\"level\":1,\"members\":1,\"init\":310,"
    "\"container\":6},"
    "{\"id\":\"930\",\"ns\":930,\"parent\":\"1\",\"level\":1,\"members\":1,\"init\":400,"
    "\"container\":7},"
    "{\"id\":\"931\",\"ns\":931,\"parent\":\"1\",\"level\":1,\"members\":1,\"init\":410,"
    "\"container\":8},"
    "{\"id\":\"?500\",\"ns\":null,\"parent\":\"1\",\"level\":1,\"members\":1,\"init\":500}],"
    "\"processes\":["
    "{\"pid\":1,\"ppid\":0,\"ns\":\"1\",\"nspid\":[1],\"name\":\"init\",\"state\":\"S\"},"
    "{\"pid\":50,\"ppid\":1,\"ns\":\"1\",\"nspid\":[50],\"name\":\"sleep\",\"state\":\"S\","
    "\"container\":4},"
    "{\"pid\":100,\"ppid\":1,\"ns\":\"900\",\"nspid\":[100,1],\"name\":\"nginx\",\"state\":\"S\"},"
    "{\"pid\":101,\"ppid\":100,\"ns\":\"900\",\"nspid\":[101,13],\"name\":\"nginx\",\"state\":"
    "\"S\"},"
    "{\"pid\":102,\"ppid\":1,\"ns\":\"900\",\"nspid\":[102,14],\"name\":\"top\",\"state\":\"S\","
    "\"container\":1},"
    "{\"pid\":200,\"ppid\":1,\"ns\":\"910\",\"nspid\":[200,1],\"name\":\"dockerd\",\"state\":\"S\"}"
    ","
    "{\"pid\":210,\"ppid\":200,\"ns\":\"911\",\"nspid\":[210,163,1],\"name\":\"sleep\","
    "\"state\":\"S\"},"
    "{\"pid\":300,\"ppid\":1,\"ns\":\"920\",\"nspid\":[300,1],\"name\":\"pause\",\"state\":\"S\"},"
    "{\"pid\":310,\"ppid\":1,\"ns\":\"921\",\"nspid\":[310,1],\"name\":\"api\",\"state\":\"S\"},"
    "{\"pid\":400,\"ppid\":1,\"ns\":\"930\",\"nspid\":[400,1],\"name\":\"systemd\",\"state\":\"S\"}"
    ","
    "{\"pid\":410,\"ppid\":1,\"ns\":\"931\",\"nspid\":[410,1],\"name\":\"1234x\",\"state\":\"S\"},"
    "{\"pid\":500,\"ppid\":1,\"ns\":\"?500\",\"nspid\":[500,1],\"name\":\"a "
    "b:1\",\"state\":\"S\"}]}";

static struct nstree *tree;

static int load_tree(void **state)
{
    FILE *file = tmpfile();
    struct nstree_error err = {""};

    (void)state;
    assert_non_null(file);
    fputs(recording, file);
    rewind(file);
    int rc = nstree_load(fileno(file), &tree, &err);
    fclose(file);
    if (rc != 0)
        fail_msg("%s", err.text);
    return 0;
}

static int free_tree(void **state)
{
    (void)state;
    nstree_free(tree);
    return 0;
}

/* The operand as the parser makes it. */
static struct ns_operand operand_of(char *text)
{
    struct ns_operand operand = {.text = text};

    (void)options_inode(text, strlen(text), &operand.inode);
    return operand;
}

/* `WHAT: p PID, n INODE, c LABEL`. */
static char *describe(const struct resolved *found)
{
    static const char *const whats[] = {"nothing", "inside",    "pid",  "ns",
                                        "level",   "container", "name", "several"};
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    fprintf(out, "%s:", whats[found->what]);
    for (size_t i = 0; i < found->n; i++) {
        if (found->things[i].process)
            fprintf(out, " p%u", found->things[i].process->pid);
        if (found->things[i].ns)
            fprintf(out, " n%u", found->things[i].ns->inode);
        if (found->things[i].container)
            fprintf(out, " %s,", found->things[i].container->label);
    }
    assert_int_equal(fclose(out), 0);
    return text;
}

static void the_first_that_fits(void **state)
{
    static const struct {
        const char *text, *what, *ns;
    } rows[] = {
        /* In the order of the forms. */
        {"web:13", "inside: p101", "nothing:"},
        {"dind:163", "inside: p210", "nothing:"},
        {"web:1", "inside: p100 p210", "nothing:"}, /* both that bear the name */
        {"side:13", "inside: p101", "nothing:"},    /* shares the namespace of web */
        {"hostpid:50", "inside: p50", "nothing:"},
        {"900:13", "inside: p101", "nothing:"},
        {"pid:[910]:163", "inside: p210", "nothing:"},
        {"docker:web:13", "inside: p101", "nothing:"},
        {"45ed2:14", "inside: p102", "nothing:"},
        {"?500:1", "inside: p500", "nothing:"},
        {"default/api-7d4/api:1", "inside: p310", "nothing:"},
        {"web:99", "inside:", "nothing:"},
        {"100", "pid: p100", "nothing:"},
        {"1", "pid: p1", "ns: n1"}, /* before the namespace of that number */
        {"900", "ns: n900", "ns: n900"},
        {"pid:[911]", "ns: n911", "ns: n911"},
        {"?500", "ns: n0", "ns: n0"},
        {"of=210", "ns: n911", "ns: n911"},
        {"of=163", "nothing:", "nothing:"}, /* a PID of another level */
        {"163", "level: p210", "nothing:"},
        {"13", "level: p101", "nothing:"},
        {"web", "container: docker web, podman web,", "container: docker web, podman web,"},
        {"side", "container: docker side,", "container: docker side,"},
        {"docker web", "container: docker web,", "container: docker web,"},
        {"docker:web", "container: docker web,", "container: docker web,"},
        {"Docker web", "container: docker web,", "container: docker web,"},
        {"podman:web", "container: podman web,", "container: podman web,"},
        {"podman:side", "nothing:", "nothing:"},
        {"LXC 4711", "container: LXC 4711,", "container: LXC 4711,"},
        {"4711", "container: LXC 4711,", "container: LXC 4711,"},
        {"api-7d4", "container: k8s pod default/api-7d4, k8s default/api-7d4 (api),",
         "container: k8s pod default/api-7d4, k8s default/api-7d4 (api),"},
        {"default/api-7d4", "container: k8s pod default/api-7d4, k8s default/api-7d4 (api),",
         "container: k8s pod default/api-7d4, k8s default/api-7d4 (api),"},
        {"default/api-7d4/api", "container: k8s default/api-7d4 (api),",
         "container: k8s default/api-7d4 (api),"},
        {"default/api-7d4/ap", "nothing:", "nothing:"},
        {"default/api", "nothing:", "nothing:"},
        {"default", "nothing:", "nothing:"},
        {"k8s:default/api-7d4/api", "container: k8s default/api-7d4 (api),",
         "container: k8s default/api-7d4 (api),"},
        {"45ed2", "container: docker web,", "container: docker web,"},
        {"docker 45ed2", "container: docker web,", "container: docker web,"},
        {"45ed", "several: docker web, docker side,", "several: docker web, docker side,"},
        {"45e", "nothing:", "nothing:"}, /* too short */
        {"deadbeef", "container: docker dind,", "container: docker dind,"},
        {"deadbeef0", "nothing:", "nothing:"},
        {"123456789012", "container: docker 123456789012,", "container: docker 123456789012,"},
        {"sleep", "name: p50 p210", "nothing:"},
        {"api", "container: k8s default/api-7d4 (api),",
         "container: k8s default/api-7d4 (api),"}, /* before the process */
        {"a b:1", "name: p500", "nothing:"},
        {"1234x", "name: p410", "nothing:"},
        {"slee", "nothing:", "nothing:"},
        {"docker web (", "nothing:", "nothing:"}, /* a label is no name */
        {"99999999999999999999", "nothing:", "nothing:"},
        {":13", "nothing:", "nothing:"},
        {"web:", "nothing:", "nothing:"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *copy = strdup(rows[i].text), *got;
        const struct ns_operand operand = operand_of(copy);
        struct resolved what = {0}, ns = {0};

        ROW_INT(rows[i].text, resolve_what(tree, &operand, &what), 0);
        got = describe(&what);
        ROW_TEXT(rows[i].text, got, rows[i].what);
        free(got);
        ROW_INT(rows[i].text, resolve_ns(tree, &operand, &ns), 0);
        got = describe(&ns);
        ROW_TEXT(rows[i].text, got, rows[i].ns);
        free(got);
        resolved_free(&what);
        resolved_free(&ns);
        free(copy);
    }
}

/* A thread's number is its process, before anything that a tree has by that number. */
static void a_thread_is_its_process(void **state)
{
    char text[] = "163";
    struct ns_operand operand = operand_of(text);
    struct resolved found = {0};

    (void)state;
    operand.process = 101;
    assert_int_equal(resolve_what(tree, &operand, &found), 0);
    assert_int_equal(found.what, WHAT_PID);
    assert_int_equal(found.n, 1);
    assert_int_equal(found.things[0].process->pid, 101);
    resolved_free(&found);
}

/* What is said of WHAT that names nothing, and of what a number was taken for. */
static void a_miss_says_what_is_known(void **state)
{
    static const struct {
        const char *text, *said;
        bool quiet;
    } rows[] = {
        {"web:101", "101 is not in that namespace by that number, but is its 13", false},
        {"dind:99", "no process 99 in pid:[910] docker dind", false},
        {"77",
         "77: no process here, and no level shown here has it (levels outside the root cannot "
         "be seen)",
         false},
        {"nobody", "no container, namespace or process 'nobody' here", false},
        {"4294967295", "no PID namespace 4294967295 among those that could be read", false},
        {"of=163", "no process 163", false},
        {"45ed", "'45ed' begins several IDs: docker 45ed20ed75f2aaaa, docker 45ed99990000bbbb",
         false},
        {"100", NULL, false},
        {"web", NULL, true},
        {"sleep", NULL, false},
        {"sleep", "no container 'sleep' here: taken for a process name", true},
        {"900", "no process 900: taken for the namespace pid:[900]", false},
        {"163", "no process 163: taken for a PID at another level, as --find 163", false},
        {"4711", "no process 4711: taken for LXC 4711", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *copy = strdup(rows[i].text), words[MISS_BYTES];
        const struct ns_operand operand = operand_of(copy);
        const struct options options = {0};
        struct resolved found = {0};

        ROW_INT(rows[i].text, resolve_what(tree, &operand, &found), 0);
        const char *said = found.what == WHAT_SEVERAL ? miss_several(copy, &found, words)
                           : found.n > 0 ? miss_taken(&operand, &found, rows[i].quiet, words)
                                         : miss_what(tree, &options, &operand, &found, words);
        ROW_TEXT(rows[i].text, said ? said : "", rows[i].said ? rows[i].said : "");
        resolved_free(&found);
        free(copy);
    }
}

/* --pid, which takes no number for anything else. */
static void a_pid_of_another_level_is_pointed_at(void **state)
{
    char words[MISS_BYTES];
    const struct nstree_ns *web = nstree_find_ns(tree, 900);
    struct thing thing = {.ns = web};
    const struct resolved places = {.things = &thing, .n = 1};

    (void)state;
    assert_string_equal(
        miss_pid(tree, 13, words),
        "13: no process here (but 101 has that PID in pid:[900] docker web: nstree --find 13)");
    assert_string_equal(miss_inside(tree, &places, 101, words),
                        "101 is not in that namespace by that number, but is its 13");
    assert_string_equal(miss_inside(tree, &places, 50, words),
                        "no process 50 in the namespace given by --ns");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_that_fits),
        cmocka_unit_test(a_thread_is_its_process),
        cmocka_unit_test(a_miss_says_what_is_known),
        cmocka_unit_test(a_pid_of_another_level_is_pointed_at),
    };

    return cmocka_run_group_tests_name("resolve", tests, load_tree, free_tree);
}
