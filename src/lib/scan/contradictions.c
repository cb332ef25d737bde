/* SPDX-License-Identifier: MIT */
#include "scan/contradictions.h"

#include <errno.h>

#include "scan/process.h"

/* Rounds of reading again. Each contradiction takes a namespace that ends and another that gets its
 * inode in between, so a second round is rare. */
#define ROUNDS_MAX 8

/* Drafts by namespace and PID in it: an open-addressed table of indexes, at least half of it free.
 * A map would have to hold the keys as well, and there are as many as processes. */
struct own_pids {
    const struct builder *builder;
    uint32_t *slots; /* index + 1, or 0 */
    size_t mask;
};

static int own_pids_new(struct own_pids *pids, const struct builder *builder)
{
    size_t capacity = 64;

    while (capacity < builder->n_drafts * 2)
        capacity *= 2;
    *pids = (struct own_pids){.builder = builder, .mask = capacity - 1};
    pids->slots = calloc(capacity, sizeof *pids->slots);
    return pids->slots ? 0 : -ENOMEM;
}

/* Takes in a draft. Returns whether another one has its PID in its namespace. */
static bool own_pids_take(struct own_pids *pids, uint32_t index)
{
    const struct draft *drafts = pids->builder->drafts, *draft = &drafts[index];
    uint32_t pid = own_pid(&draft->process);
    size_t at = map_hash(draft->key << 24 | pid);

    for (; pids->slots[at & pids->mask] != 0; at++) {
        const struct draft *other = &drafts[pids->slots[at & pids->mask] - 1];

        if (other->key == draft->key && own_pid(&other->process) == pid)
            return true;
    }
    pids->slots[at & pids->mask] = index + 1;
    return false;
}

/* Collects inodes that were reported at two levels, with two parents, or with two processes of one
 * PID. Returns 0 or -ENOMEM. */
static int find_suspects(const struct builder *builder, struct map *suspects)
{
    AUTO_MAP struct map levels = {0};
    AUTO_FREE uint32_t *slots = NULL;
    struct own_pids pids;

    if (own_pids_new(&pids, builder) != 0)
        return -ENOMEM;
    slots = pids.slots;
    for (uint32_t i = 0; i < builder->n_drafts; i++) {
        const struct draft *draft = &builder->drafts[i];
        uint32_t before = map_get(&levels, draft->key);

        if (draft->key == KEY_UNKNOWN || draft->process.levels == 0)
            continue;
        if (before == MAP_NONE && map_put(&levels, draft->key, draft->process.levels) != 0)
            return -ENOMEM;
        bool differs = before != MAP_NONE && before != draft->process.levels;
        if ((own_pids_take(&pids, i) || differs) && set_add(suspects, draft->key) != 0)
            return -ENOMEM;
    }
    for (size_t i = 0; i < builder->n_nodes; i++) {
        if (builder->nodes[i].contradicted && set_add(suspects, builder->nodes[i].facts.ns) != 0)
            return -ENOMEM;
    }
    return 0;
}

/* Reads every process of suspect namespaces again, one after another. Those that are gone are left
 * out. */
static int read_again(struct scanner *scanner, const struct map *suspects)
{
    struct builder *builder = scanner->builder;
    size_t n = builder->n_drafts;

    for (size_t i = 0; i < suspects->capacity; i++)
        builder_forget_ns(builder, suspects->slots[i].key);
    for (size_t i = 0; i < n; i++) {
        const uint32_t pid = builder->drafts[i].process.pid;

        if (builder->drafts[i].process.levels == 0 || !set_has(suspects, builder->drafts[i].key))
            continue;
        builder_forget_process(builder, i);
        int rc = scan_pid(scanner, pid);
        if (rc != 0)
            return rc;
    }
    return 0;
}

int scan_contradictions(struct scanner *scanner)
{
    for (int round = 0; round < ROUNDS_MAX && scanner->fs->live; round++) {
        AUTO_MAP struct map suspects = {0};
        int rc = find_suspects(scanner->builder, &suspects);

        if (rc == 0 && suspects.used > 0)
            rc = read_again(scanner, &suspects);
        if (rc != 0 || suspects.used == 0)
            return rc;
    }
    return 0;
}
