/* SPDX-License-Identifier: MIT */
/* What the inits of PID namespaces share of the other types of namespaces. Pure. */
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

/* Puts a longer array in place of what the namespace with this index has. */
static int link_one(struct nstree *tree, uint32_t index, struct map *first)
{
    uint32_t *linked = arena_alloc(&tree->arena, sizeof *linked * 2 * NSTREE_TYPES);
    int rc = linked ? 0 : -ENOMEM;

    for (uint32_t type = 0; type < NSTREE_TYPES && rc == 0; type++) {
        uint32_t inode = tree->namespaces[index].others[type];
        uint64_t key = (uint64_t)type << 32 | inode;

        if (inode != 0 && map_get(first, key) == MAP_NONE)
            rc = map_put(first, key, index);
        linked[type] = inode;
        linked[NSTREE_TYPES + type] = 0;
        if (inode != 0 && is_known(tree, index, map_get(first, key), type))
            linked[NSTREE_TYPES + type] = index - map_get(first, key) + 1;
    }
    if (rc == 0)
        tree->namespaces[index].others = linked;
    return rc;
}

int others_link(struct nstree *tree)
{
    size_t n = tree->namespaces->below + 1;
    struct map first = {0};
    int rc = 0;

    for (uint32_t i = 0; i < n && rc == 0; i++) {
        if (tree->namespaces[i].others)
            rc = link_one(tree, i, &first);
    }
    map_free(&first);
    return rc;
}

const struct nstree_ns *nstree_shared(const struct nstree_ns *ns, enum nstree_type type)
{
    if (type >= NSTREE_TYPES || !ns->others || ns->others[NSTREE_TYPES + type] == 0)
        return NULL;
    return ns - (ns->others[NSTREE_TYPES + type] - 1);
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
