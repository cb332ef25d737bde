/* SPDX-License-Identifier: MIT */
/* What the cgroups of processes tell of their places. Which containers and pods two cgroup files
 * name is compared; the numbers themselves mean nothing. */
#include "made.h"

#include "scan/cgroups.h"

#define ID "45ed20ed75f2c4ed09ee3fc9a8a2ecb3bd8a5fba0c7e6ee7d1c8ac2b5d4f1e03"
#define OTHER "acfe94bf31880b6a5d0d5e9e1dbf3a9c7a4b2a7d3f9c1e5b8d6a4c2e0f1b3d5a"
#define POD "64a9a1680b88c1d2e3f405162738495a6b7c8d9e0f1a2b3c4d5e6f708192a3b4"
#define UUID "0f4f29b8-1a5e-4bd1-9a3c-6d3a1f6a9a10"
#define SLICE "0f4f29b8_1a5e_4bd1_9a3c_6d3a1f6a9a10"
#define MACHINE "/machine.slice/machine-"
#define USERS "/user.slice/user-1000.slice/user@1000.service"

enum { NOT_READ, NONE, ONE, SAME, ANOTHER, INSIDE }; /* the second beside the first */

static const struct {
    const char *row;
    const char *first, *second;
    int containers; /* of the two: NONE, ONE of the first alone, …, the second's INSIDE the first's
                     */
    bool one_pod;
} pairs[] = {
    {"no container", "0::/user.slice\n", "0::/init.scope\n", NONE, false},
    {"one is of none", "0::/docker/" ID "\n", "0::/init.scope\n", ONE, false},
    {"one was not read", "0::/docker/" ID "\n", "", NOT_READ, false},
    {"docker", "0::/docker/" ID "\n", "0::/docker/" OTHER "\n", ANOTHER, false},
    {"below a container", "0::/docker/" ID "\n", "0::/docker/" ID "/init.scope\n", SAME, false},
    {"docker, systemd", "0::/system.slice/docker-" ID ".scope\n",
     "0::/system.slice/docker-" OTHER ".scope\n", ANOTHER, false},
    {"docker in docker", "0::/docker/" ID "\n", "0::/docker/" ID "/docker/" OTHER "\n", INSIDE,
     false},
    {"docker in docker, by cgroup v1", "4:memory:/docker/" ID "\n0::/\n",
     "4:memory:/docker/" ID "/docker/" OTHER "/x\n0::/\n", INSIDE, false},
    {"nspawn", "0::" MACHINE "a.scope/payload\n", "0::" MACHINE "a.scope/payload/init.scope\n",
     SAME, false},
    {"two of nspawn", "0::" MACHINE "a.scope/payload\n", "0::" MACHINE "b.scope/payload\n", ANOTHER,
     false},
    {"two engines", "0::/docker/" ID "\n", "0::/system.slice/docker-" ID ".scope\n", ANOTHER,
     false},
    {"a name that a user chose", "0::/system.slice/docker-" ID ".scope\n",
     "0::" USERS "/docker-" ID ".scope\n", ANOTHER, false},
    {"a name that a container chose", "0::/docker/" ID "\n", "0::/docker/" OTHER "/docker/" ID "\n",
     ANOTHER, false},

    {"k8s: two of a pod", "0::/kubepods/besteffort/pod" UUID "/" ID "\n",
     "0::/kubepods/besteffort/pod" UUID "/" OTHER "\n", ANOTHER, true},
    {"k8s, systemd: two of a pod",
     "0::/kubepods.slice/kubepods-pod" SLICE ".slice/cri-containerd-" ID ".scope\n",
     "0::/kubepods.slice/kubepods-pod" SLICE ".slice/cri-containerd-" OTHER ".scope\n", ANOTHER,
     true},
    {"k8s: of two pods", "0::/kubepods/besteffort/pod" UUID "/" ID "\n",
     "0::/kubepods/burstable/pod" UUID "/" OTHER "\n", ANOTHER, false},
    {"a task of ECS", "0::/ecs/task/" ID "\n", "0::/ecs/task/" OTHER "\n", ANOTHER, true},
    {"two tasks of ECS", "0::/ecs/task/" ID "\n", "0::/ecs/other/" OTHER "\n", ANOTHER, false},
    {"podman: two of a pod", "0::/libpod_parent/" POD "/libpod-" ID "\n",
     "0::/libpod_parent/" POD "/libpod-" OTHER "\n", ANOTHER, true},
    {"podman: one of a pod, one of none", "0::/libpod_parent/" POD "/libpod-" ID "\n",
     "0::/libpod_parent/libpod-" OTHER "\n", ANOTHER, false},
    {"podman: two of none", "0::/libpod_parent/libpod-" ID "\n",
     "0::/libpod_parent/libpod-" OTHER "\n", ANOTHER, false},
    {"podman, systemd: two of a pod",
     "0::" MACHINE "libpod_pod_" POD ".slice/libpod-" ID ".scope\n",
     "0::" MACHINE "libpod_pod_" POD ".slice/libpod-" OTHER ".scope/container\n", ANOTHER, true},
    {"podman, systemd: two of none", "0::/machine.slice/libpod-" ID ".scope\n",
     "0::/machine.slice/libpod-" OTHER ".scope\n", ANOTHER, false},
    {"podman, rootless: two of a pod",
     "0::" USERS "/user.slice/user-libpod_pod_" POD ".slice/libpod-" ID ".scope\n",
     "0::" USERS "/user.slice/user-libpod_pod_" POD ".slice/libpod-" OTHER ".scope\n", ANOTHER,
     true},
    {"podman in a container is in no pod", "0::/docker/" POD "/libpod-" ID "\n",
     "0::/docker/" POD "/libpod-" OTHER "\n", ANOTHER, false},
    {"a slice that is no pod's", "0::/libpod_pod_1.slice/libpod-" ID ".scope\n",
     "0::/libpod_pod_1.slice/libpod-" OTHER ".scope\n", ANOTHER, false},
};

/* 40 is the init of a namespace, and 41 has entered one. */
static struct builder *read_pair(struct made *made, const char *first, const char *second)
{
    static const struct row rows[] = {
        {.nspid = {1}}, {{40, 1}, .ppid = 1}, {{41, 9}, .ppid = 1}, {{42, 10}, .ppid = 41}};
    struct scanner scanner = {.fs = &made->fs, .reader.fs = &made->fs, .builder = new_builder()};

    made_file(made, "1/cgroup", "0::/docker/" ID "\n");
    made_file(made, "40/cgroup", first);
    made_file(made, "41/cgroup", second);
    made_file(made, "42/cgroup", second);
    add_rows(scanner.builder, rows, COUNT(rows));
    assert_int_equal(scan_cgroups(&scanner), 0);
    procfs_reader_free(&scanner.reader);
    return scanner.builder;
}

static int compare(const struct cgroup_keys *first, const struct cgroup_keys *second)
{
    if (first->file == 0 || second->file == 0)
        return NOT_READ;
    if (first->container == 0 || second->container == 0)
        return first->container == second->container ? NONE : ONE;
    return first->container == second->container   ? SAME
           : first->container == second->around[0] ? INSIDE
                                                   : ANOTHER;
}

static void containers_and_pods(void **state)
{
    for (size_t i = 0; i < COUNT(pairs); i++) {
        struct builder *builder = read_pair(*state, pairs[i].first, pairs[i].second);
        const struct cgroup_keys *first = builder_cgroup(builder, builder->drafts[1].cgroup);
        const struct cgroup_keys *second = builder_cgroup(builder, builder->drafts[2].cgroup);

        ROW_INT(pairs[i].row, compare(first, second), pairs[i].containers);
        ROW_INT(pairs[i].row, first->pod != 0 && first->pod == second->pod, pairs[i].one_pod);
        builder_free(builder);
    }
}

/* Those of the root, and those that their parents place, are not read. */
static void others_are_not_read(void **state)
{
    struct builder *builder = read_pair(*state, "0::/\n", "0::/\n");

    assert_int_equal(builder->drafts[0].cgroup, MAP_NONE);
    assert_int_equal(builder->drafts[3].cgroup, MAP_NONE);
    assert_int_equal(builder->n_cgroups, 2);
    builder_free(builder);
}

/* However deep containers are, a few of them are told apart. */
static void containers_around(void **state)
{
    char lines[4096] = "0::";

    for (size_t i = 0; i < CGROUP_AROUND_MAX + 3; i++)
        strcat(lines, "/docker/" ID);
    struct builder *builder = read_pair(*state, "0::/docker/" ID "/docker/" ID "\n", lines);
    const struct cgroup_keys *two = builder_cgroup(builder, builder->drafts[1].cgroup);
    const struct cgroup_keys *many = builder_cgroup(builder, builder->drafts[2].cgroup);

    assert_int_not_equal(two->around[0], 0);
    assert_int_not_equal(two->around[0], two->container);
    assert_int_equal(two->around[1], 0);
    for (size_t i = 0; i < CGROUP_AROUND_MAX; i++)
        assert_int_not_equal(many->around[i], 0);
    assert_int_not_equal(many->around[CGROUP_AROUND_MAX - 1], two->container);
    builder_free(builder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MADE_TEST(containers_and_pods),
        MADE_TEST(others_are_not_read),
        MADE_TEST(containers_around),
    };

    return cmocka_run_group_tests_name("cgroups", tests, NULL, NULL);
}
