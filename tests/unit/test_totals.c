/* SPDX-License-Identifier: MIT */
/* Sums over the members of namespaces and the processes of containers, added up by hand. */
#include "build.h"

#define UNKNOWN NSTREE_USAGE_UNKNOWN

struct used {
    uint32_t nspid[4];
    uint64_t ns;
    uint32_t container, flags; /* one more than its index */
    char state;
    struct nstree_usage usage;
};

/* The container is in the namespace of one of its processes, and so are two others. */
static const struct used machine[] = {
    {{1}, 0, 0, 0, 'S', {100, 10, 1, 1}},
    {{2}, 0, 0, NSTREE_PROCESS_KTHREAD, 'S', {101, 0, 2, 1}},
    {{7}, 0, 2, 0, 'S', {150, 30, 4, 5}},
    {{8}, 0, 0, 0, 'Z', {160, 0, 8, 1}},
    {{9}, 0, 2, NSTREE_PROCESS_LEADERLESS, 'Z', {170, 50, 16, 2}},
    {{20, 1}, 500, 1, 0, 'S', {200, 1, 32, 1}},
    {{21, 2}, 500, 1, 0, 'Z', {210, 0, 64, 1}},
    {{30, 3, 1}, 600, 0, 0, 'S', {300, UNKNOWN, 128, UNKNOWN}},
    {{31, 4, 2}, 600, 0, 0, 'S', {310, 4, UNKNOWN, 1}},
};

static void add_used(struct builder *builder, const struct used *used, bool wanted)
{
    struct record record = {.ns = used->ns,
                            .nspid = used->nspid,
                            .name = "p",
                            .name_len = 1,
                            .usage = wanted ? &used->usage : NULL,
                            .flags = used->flags,
                            .container = used->container,
                            .state = used->state};

    while (used->nspid[record.levels])
        record.levels++;
    record.pid = used->nspid[0];
    assert_int_equal(builder_add_process(builder, &record), 0);
}

static struct nstree *make(bool wanted, bool partial)
{
    const struct container_draft containers[] = {
        {.facts = {.kind = "docker", .label = "own", .evidence = "e"}, .ns = 500, .init = 20},
        {.facts = {.kind = "docker", .label = "shares", .evidence = "e"},
         .ns = NSTREE_INITIAL_INODE,
         .init = 7},
    };
    struct ns_record own = ns_record_at(500, NSTREE_INITIAL_INODE, 1);
    struct builder *builder = new_builder();

    own.container = 1;
    builder->info.partial = partial;
    for (size_t i = 0; i < COUNT(containers); i++) {
        struct container_draft copy = containers[i];

        copy.facts.total = NSTREE_TOTAL_UNKNOWN;
        assert_int_equal(builder_add_container(builder, &copy), 0);
    }
    add_reported(builder, NSTREE_INITIAL_INODE, KEY_UNKNOWN, 0);
    assert_int_equal(builder_add_ns(builder, &own), 0);
    add_reported(builder, 600, 500, 2);
    for (size_t i = 0; i < COUNT(machine); i++)
        add_used(builder, &machine[i], wanted);
    return finish(builder);
}

static void expect_usage(const char *row, const struct nstree_usage *got,
                         const struct nstree_usage want)
{
    ROW_INT(row, got != NULL, true);
    ROW_INT(row, got->start, want.start);
    ROW_INT(row, got->rss, want.rss);
    ROW_INT(row, got->cpu, want.cpu);
    ROW_INT(row, got->threads, want.threads);
}

static void sums_of_all(void **state)
{
    struct nstree *tree = make(true, false);
    const struct nstree_ns *root = nstree_root(tree);
    size_t n;
    const struct nstree_container *containers = nstree_containers(tree, &n);

    (void)state;
    assert_int_equal(n, 2);
    assert_string_equal(containers[0].label, "shares");
    expect_usage("root", root[0].usage, (struct nstree_usage){100, 90, 31, 10});
    expect_usage("500", root[1].usage, (struct nstree_usage){200, 1, 96, 2});
    expect_usage("600", root[2].usage, (struct nstree_usage){300, UNKNOWN, UNKNOWN, UNKNOWN});
    expect_usage("shares", containers[0].usage, (struct nstree_usage){150, 80, 20, 7});
    expect_usage("own", containers[1].usage, (struct nstree_usage){200, 1, 96, 2});
    assert_int_equal(root[0].zombies, 1); /* the other one still runs */
    assert_int_equal(root[1].zombies, 1);
    assert_int_equal(root[2].zombies, 0);
    assert_int_equal(containers[0].zombies, 0);
    assert_int_equal(containers[1].zombies, 1);
    nstree_free(tree);
}

static void zombies_are_counted_without_usage(void **state)
{
    struct nstree *tree = make(false, false);
    const struct nstree_ns *root = nstree_root(tree);

    (void)state;
    assert_int_equal(root[0].zombies, 1);
    assert_int_equal(root[1].zombies, 1);
    assert_null(root[0].usage);
    assert_null(root->members[0].usage);
    nstree_free(tree);
}

/* Where only some processes were read, sums are not known, but starts are. */
static void a_part_has_no_sums(void **state)
{
    struct nstree *tree = make(true, true);
    const struct nstree_ns *root = nstree_root(tree);
    const struct nstree_container *own = root[1].container;

    (void)state;
    expect_usage("500", root[1].usage, (struct nstree_usage){200, UNKNOWN, UNKNOWN, UNKNOWN});
    expect_usage("own", own->usage, (struct nstree_usage){200, UNKNOWN, UNKNOWN, UNKNOWN});
    assert_true(root[1].zombies == NSTREE_TOTAL_UNKNOWN);
    assert_true(own->zombies == NSTREE_TOTAL_UNKNOWN);
    nstree_free(tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_of_all),
        cmocka_unit_test(zombies_are_counted_without_usage),
        cmocka_unit_test(a_part_has_no_sums),
    };

    return cmocka_run_group_tests_name("totals", tests, NULL, NULL);
}
