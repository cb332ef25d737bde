/* SPDX-License-Identifier: MIT */
#include "model/shared.h"

#include <errno.h>

/* What looks like nobody else's may be the root's where the root's is not known, that of one that
 * is missing where not all were read or recorded, and, if it is the root's, of those outside. */
static bool is_known(const struct nstree *tree, uint32_t index, uint32_t first, uint32_t type)
{
    const uint32_t *root = tree->namespaces->others;
    bool all = !tree->info.partial && !tree->info.selected;

    if (first == 0)
        return index != 0 || tree->namespaces->inode == NSTREE_INITIAL_INODE;
    return first != index || (all && root && root[type] != 0);
}

static int link_one(struct nstree *tree, uint32_t index, struct map *firsts)
{
    const uint32_t *inodes = tree->namespaces[index].others;

    for (uint32_t type = 0; type < NSTREE_TYPES; type++) {
        uint64_t key = (uint64_t)type << 32 | inodes[type];
        uint32_t first = map_get(firsts, key);

        if (inodes[type] == 0)
            continue;
        if (first == MAP_NONE && map_put(firsts, key, first = index) != 0)
            return -ENOMEM;
        if (is_known(tree, index, first, type))
            tree->shared[(size_t)index * NSTREE_TYPES + type] = index - first + 1;
    }
    return 0;
}

int shared_link(struct nstree *tree)
{
    size_t n = tree->namespaces->below + 1;
    AUTO_MAP struct map firsts = {0};
    int rc = 0;

    for (uint32_t i = 0; i < n && rc == 0; i++) {
        if (!tree->namespaces[i].others)
            continue;
        if (!tree->shared)
            tree->shared = calloc(n * NSTREE_TYPES, sizeof *tree->shared);
        rc = tree->shared ? link_one(tree, i, &firsts) : -ENOMEM;
    }
    return rc;
}

const struct nstree_ns *nstree_shared(const struct nstree *tree, const struct nstree_ns *ns,
                                      enum nstree_type type)
{
    if (type >= NSTREE_TYPES || !tree->shared)
        return NULL;
    uint32_t back = tree->shared[(size_t)(ns - tree->namespaces) * NSTREE_TYPES + type];
    return back ? ns - (back - 1) : NULL;
}

const char *nstree_type_name(enum nstree_type type)
{
    static const char *const names[NSTREE_TYPES] = {
        [NSTREE_MNT] = "mnt",   [NSTREE_NET] = "net",   [NSTREE_IPC] = "ipc",
        [NSTREE_UTS] = "uts",   [NSTREE_USER] = "user", [NSTREE_CGROUP] = "cgroup",
        [NSTREE_TIME] = "time",
    };

    return type < NSTREE_TYPES ? names[type] : "";
}
