/* SPDX-License-Identifier: MIT */
/*
 * Container engines give each container a cgroup of its own, and processes that enter a container
 * go into that. So the cgroup names the container of a process, and often the namespace, but not
 * always: a container can be made in the PID namespace of another one.
 */
#include "scan/cgroups.h"

#include "label/cgroup.h"

static uint64_t pod_of(struct cgroup cgroup)
{
    cgroup.path.len -= text_base(cgroup.path).len;
    return cgroup.in_pod ? cgroup_identity(&cgroup) : 0;
}

static void find_containers(struct text lines, struct cgroup_keys *keys)
{
    struct cgroup cgroup = cgroup_deepest(lines);

    if (cgroup.kind == KIND_NONE)
        return;
    keys->container = cgroup_identity(&cgroup);
    keys->pod = pod_of(cgroup);
    for (size_t i = 0; i < CGROUP_AROUND_MAX; i++) {
        cgroup = cgroup_around(&cgroup);
        if (cgroup.kind == KIND_NONE)
            return;
        keys->around[i] = cgroup_identity(&cgroup);
    }
}

static int read_cgroup(struct scanner *scanner, size_t index)
{
    struct procfs_reader *reader = &scanner->reader;
    struct cgroup_keys keys = {
        .file = procfs_cgroup(reader, scanner->builder->drafts[index].process.pid)};

    if (keys.file == 0)
        return 0;
    find_containers((struct text){reader->cgroup, reader->cgroup_len}, &keys);
    return builder_set_cgroup(scanner->builder, index, &keys);
}

int scan_cgroups(struct scanner *scanner)
{
    const struct builder *builder = scanner->builder;
    bool needed = false;
    int rc = 0;

    for (size_t i = 0; i < builder->n_drafts && !needed; i++)
        needed = builder_is_stray(builder, &builder->drafts[i]);
    for (size_t i = 0; i < builder->n_drafts && needed && rc == 0; i++) {
        const struct draft *draft = &builder->drafts[i];

        /* With cgroup v1 a zombie shows the root of each hierarchy (proc_cgroup_show() in
         * kernel/cgroup/cgroup.c), which is the cgroup of others. */
        if (draft->process.levels > 1 && draft->process.state != 'Z' &&
            (is_init(&draft->process) || builder_is_stray(builder, draft)))
            rc = read_cgroup(scanner, i);
    }
    return rc;
}
