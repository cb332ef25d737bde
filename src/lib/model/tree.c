/* SPDX-License-Identifier: MIT */
#include "model/tree.h"

#include "base/number.h"

void nstree_free(struct nstree *tree)
{
    if (!tree)
        return;
    arena_free(&tree->arena);
    map_free(&tree->by_key);
    free(tree->processes);
    free(tree->namespaces);
    free(tree->keepers);
    free(tree->containers);
    free(tree->by_pid);
    free(tree->shared);
    free(tree);
}

const struct nstree_info *nstree_info(const struct nstree *tree)
{
    return &tree->info;
}

const struct nstree_ns *nstree_root(const struct nstree *tree)
{
    return tree->namespaces;
}

const struct nstree_ns *nstree_find_ns(const struct nstree *tree, uint32_t inode)
{
    uint32_t index = map_get(&tree->by_key, inode);

    return index == MAP_NONE ? NULL : &tree->namespaces[index];
}

/* The process with this PID in the root: a binary search. */
static const struct nstree_process *find_in_root(const struct nstree *tree, uint32_t pid)
{
    size_t low = 0, high = tree->namespaces->n_inside;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct nstree_process *process = &tree->processes[tree->by_pid[middle]];

        if (process->pid == pid)
            return process;
        if (process->pid < pid)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const struct nstree_process *nstree_find_process(const struct nstree *tree,
                                                 const struct nstree_ns *ns, uint32_t pid)
{
    if (ns->level == 0)
        return find_in_root(tree, pid);
    for (size_t i = 0; i < ns->n_inside; i++) {
        if (ns->members[i].nspid[ns->level] == pid)
            return &ns->members[i];
    }
    return NULL;
}

uint32_t nstree_number_in(const struct nstree_process *process, const struct nstree_ns *ns)
{
    if (process < ns->members || process >= ns->members + ns->n_inside)
        return 0;
    return process->nspid[ns->level];
}

const char *nstree_ns_id(const struct nstree_ns *ns, char id[NSTREE_ID_SIZE])
{
    uint32_t pid = (uint32_t)ns->id & 0xffffff, level = (uint32_t)(ns->id & UINT32_MAX) >> 24;
    char *at = id;

    if (ns->id >= KEY_UNREADABLE)
        *at++ = '?';
    at = compose_number(at, ns->id < KEY_UNREADABLE ? ns->id : pid);
    if (ns->id >= KEY_UNREADABLE && level > 0) {
        *at++ = '.';
        at = compose_number(at, level - 1);
    }
    *at = '\0';
    return id;
}

const char *nstree_version(void)
{
    return NSTREE_VERSION;
}

const struct nstree_container *nstree_containers(const struct nstree *tree, size_t *n)
{
    *n = tree->n_containers;
    return tree->containers;
}
