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

/* Notes at which level the first draft of each namespace is. Returns 1 where another draft was
 * elsewhere, 0 or -ENOMEM. */
static int levels_differ(struct map *levels, const struct draft *draft)
{
    uint32_t before = map_get(levels, draft->key);

    if (before == MAP_NONE)
        return map_put(levels, draft->key, draft->process.levels);
    return before != draft->process.levels;
}

/* Collects inodes that were reported at two levels, with two parents, or with two processes of one
 * PID. Returns how many, or -ENOMEM. */
static int find_suspects(const struct builder *builder, struct map *suspects)
{
    struct map levels = {0};
    struct own_pids pids;
    int rc = own_pids_new(&pids, builder);

    for (uint32_t i = 0; i < builder->n_drafts && rc == 0; i++) {
        const struct draft *draft = &builder->drafts[i];

        if (draft->key == KEY_UNKNOWN || draft->process.levels == 0)
            continue;
        rc = levels_differ(&levels, draft);
        if (rc >= 0 && (own_pids_take(&pids, i) || rc > 0))
            rc = map_put(suspects, draft->key, 0);
    }
    for (size_t i = 0; i < builder->n_nodes && rc == 0; i++) {
        if (builder->nodes[i].contradicted)
            rc = map_put(suspects, builder->nodes[i].facts.ns, 0);
    }
    map_free(&levels);
    free(pids.slots);
    return rc != 0 ? rc : (int)suspects->used;
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
        struct draft *draft = &builder->drafts[i];

        if (draft->process.levels == 0 || map_get(suspects, draft->key) == MAP_NONE)
            continue;
        const uint32_t pid = draft->process.pid;
        builder_forget_process(builder, i);
        int rc = scan_pid(scanner, pid);
        if (rc < 0)
            return rc;
    }
    return 0;
}

int scan_contradictions(struct scanner *scanner)
{
    int rc = 1;

    for (int round = 0; round < ROUNDS_MAX && rc > 0 && scanner->fs->live; round++) {
        struct map suspects = {0};

        rc = find_suspects(scanner->builder, &suspects);
        if (rc > 0) {
            int failed = read_again(scanner, &suspects);
            rc = failed < 0 ? failed : rc;
        }
        map_free(&suspects);
    }
    return rc < 0 ? rc : 0;
}
