/* SPDX-License-Identifier: MIT */
#include "scan/prove.h"

#include <errno.h>
#include <stdlib.h>

#include "scan/process.h"

/* Rounds of reading again. Under a storm of processes two rounds prove nearly all. */
#define ROUNDS_MAX 3

struct proof {
    struct scanner *scanner;
    struct builder *builder;
    struct map unproven; /* PIDs to be read again, to 0 */
    uint16_t listed;     /* the moment of the last list; 0: there was none */
    bool unlinked;       /* the parent of some namespace is not known: any child may show it */
};

static struct draft *parent_of(const struct builder *builder, const struct draft *draft)
{
    uint32_t index = draft->process.ppid ? builder_find(builder, draft->process.ppid) : MAP_NONE;

    return index == MAP_NONE ? NULL : &builder->drafts[index];
}

/* Whether a process is still the one that was read, from when its inode was known till now. */
static bool is_still_there(const struct proof *proof, struct draft *draft)
{
    const struct procfs_entry entry = {.inode = draft->dir, .pid = draft->process.pid};

    if (draft->until != proof->scanner->moment && procfs_is_same(proof->scanner->fs, &entry))
        draft->until = proof->scanner->moment;
    return draft->until == proof->scanner->moment;
}

/* Whether the PPid of `draft` meant `parent` when it was read. */
static bool is_proven(const struct proof *proof, const struct draft *draft, struct draft *parent)
{
    return parent && parent->dir && parent->since <= draft->read && draft->read < SCAN_MOMENT_MAX &&
           (parent->until > draft->read || is_still_there(proof, parent));
}

/* Whether the parent of a process can decide anything. */
static bool can_matter(const struct draft *draft)
{
    return draft->process.levels > 1 && draft->process.ppid != 0 && draft->read != 0;
}

/* Whether it does decide something: where the process is, where its namespace is, or that it
 * entered that from outside. Or whether it cannot be the parent, as its namespace does not contain
 * the other's. */
static bool matters(const struct proof *proof, const struct draft *draft,
                    const struct draft *parent)
{
    if (draft->key == KEY_UNKNOWN || proof->unlinked)
        return true;
    if (!parent)
        return false;
    if (is_init(&draft->process))
        return parent->process.levels >= draft->process.levels;
    return parent->process.levels != draft->process.levels || parent->key != draft->key;
}

/* Whether only elimination can tell where a process, or of an init its namespace, is. */
static bool is_open(const struct builder *builder, const struct draft *draft)
{
    uint32_t levels = draft->process.levels;
    bool init = is_init(&draft->process);

    if (draft->read == 0 || levels < (init ? 3 : 2) ||
        (draft->key != KEY_UNKNOWN && (!init || builder_is_linked(builder, draft->key))))
        return false;
    const struct draft *parent = draft->parent_unsure ? NULL : parent_of(builder, draft);
    uint32_t above = parent ? parent->process.levels : 0;
    return init ? above + 1 != levels : above != levels;
}

static bool any_is_open(const struct builder *builder)
{
    for (size_t i = 0; i < builder->n_drafts; i++) {
        if (is_open(builder, &builder->drafts[i]))
            return true;
    }
    return false;
}

static bool any_is_unlinked(const struct builder *builder)
{
    uint64_t before = KEY_UNKNOWN;

    for (size_t i = 0; i < builder->n_drafts; i++) {
        uint64_t key = builder->drafts[i].key;

        if (key != before && !builder_is_linked(builder, key))
            return true;
        before = key;
    }
    for (size_t i = 1; i < builder->n_nodes; i++) {
        if (!builder_is_linked(builder, builder->nodes[i].facts.ns))
            return true;
    }
    return false;
}

/* Asks the kernel for the init of a namespace that a process has shown (Linux 6.11): its own link
 * may not be read. Returns whether that is known now. */
static bool ask_init(struct proof *proof, const struct draft *member)
{
    struct builder *builder = proof->builder;
    uint32_t pid = 0, levels = member->process.levels;
    AUTO_CLOSE int fd =
        procfs_open_ns(proof->scanner->fs, member->process.pid, (uint32_t)member->key);

    if (fd < 0 || ns_init(fd, &pid) != 0 || pid == 0)
        return false;
    uint32_t index = builder_find(builder, pid);
    struct draft *init = index == MAP_NONE ? NULL : &builder->drafts[index];
    if (!init || init->key != KEY_UNKNOWN || init->process.levels != levels ||
        !is_init(&init->process) || !is_still_there(proof, init))
        return false;
    init->key = member->key;
    builder->info.denied--;
    return true;
}

/* Asks for the init of each namespace that a process has shown but its init has not. *lacking is
 * whether some are left without. Returns 0 or -ENOMEM. */
static int find_inits(struct proof *proof, bool *lacking)
{
    struct builder *builder = proof->builder;
    AUTO_MAP struct map met = {0};

    *lacking = false;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < builder->n_drafts; i++) {
            const struct draft *draft = &builder->drafts[i];

            if (draft->key == KEY_UNKNOWN || draft->read == 0 ||
                is_init(&draft->process) != (pass == 0) || set_has(&met, draft->key))
                continue;
            if (pass == 1 && (builder->info.foreign || !ask_init(proof, draft)))
                *lacking = true;
            if (set_add(&met, draft->key) != 0)
                return -ENOMEM;
        }
    }
    return 0;
}

/* Marks the drafts whose parents are unsure, and collects the PIDs to read again. Returns 0 or
 * -ENOMEM. */
static int prove_parents(struct proof *proof)
{
    struct builder *builder = proof->builder;
    struct draft *parent = NULL;
    int rc = 0;

    proof->unlinked = any_is_unlinked(builder);
    for (size_t i = 0; i < builder->n_drafts && rc == 0; i++) {
        struct draft *draft = &builder->drafts[i];

        if (!can_matter(draft))
            continue;
        if (!parent || parent->process.pid != draft->process.ppid) /* siblings mostly follow */
            parent = parent_of(builder, draft);
        if (!matters(proof, draft, parent))
            continue;
        draft->parent_unsure = !is_proven(proof, draft, parent);
        if (draft->parent_unsure)
            rc = set_add(&proof->unproven, draft->process.pid);
        /* A parent that was read too late for the child is in time for the child's next read. */
        if (rc == 0 && draft->parent_unsure &&
            !(parent && parent->dir && is_still_there(proof, parent)))
            rc = set_add(&proof->unproven, draft->process.ppid);
    }
    return rc;
}

/* Reads a process again that was known as `before` (dir is 0: it was not). If it is still the same,
 * it has been there since then. Returns 0 or as scan_process(). */
static int read_anew(struct proof *proof, uint32_t pid, const struct draft *before)
{
    struct builder *builder = proof->builder;
    size_t n = builder->n_drafts;
    int rc = scan_pid(proof->scanner, pid);

    if (rc == 0 && builder->n_drafts > n && builder->drafts[n].dir &&
        builder->drafts[n].dir == before->dir)
        builder->drafts[n].since = before->since;
    return rc;
}

/* Reads the processes again that nothing was proven of. */
static int read_unproven(struct proof *proof)
{
    struct builder *builder = proof->builder;
    const size_t n = builder->n_drafts;
    const struct map *unproven = &proof->unproven;
    int rc = 0;

    for (size_t i = 0; i < n && rc == 0; i++) {
        const struct draft before = builder->drafts[i];

        if (map_get(unproven, before.process.pid) == MAP_NONE)
            continue;
        builder_forget_process(builder, i);
        rc = map_put(&proof->unproven, before.process.pid, 1);
        if (rc == 0)
            rc = read_anew(proof, before.process.pid, &before);
    }
    for (size_t i = 0; i < unproven->capacity && rc == 0; i++) { /* those that were not there */
        if (unproven->slots[i].key != 0 && unproven->slots[i].value == 0)
            rc = read_anew(proof, (uint32_t)unproven->slots[i].key, &(struct draft){0});
    }
    map_free(&proof->unproven);
    return rc ?: builder_sort(builder);
}

/* Lists all processes once more, where that is needed. */
static int list_again(struct proof *proof)
{
    bool lacking = false;
    int rc = proof->builder->info.denied > 0 ? find_inits(proof, &lacking) : 0;

    if (rc != 0 || (!lacking && !any_is_open(proof->builder)))
        return rc;
    rc = scan_again(proof->scanner);
    proof->listed = proof->scanner->listed;
    return rc;
}

/* Marks each process that was not there while all were listed. One that is gone since, and that
 * only elimination could place, is left out: its namespace may be gone, too. */
static void mark_lasting(struct proof *proof)
{
    struct builder *builder = proof->builder;

    for (size_t i = 0; i < builder->n_drafts; i++) {
        struct draft *draft = &builder->drafts[i];
        bool open = is_open(builder, draft);

        if (open && !is_still_there(proof, draft) && !is_init(&draft->process)) {
            builder_forget_process(builder, i);
            builder->info.gone++;
        }
        draft->fleeting = draft->read != 0 && (proof->listed == 0 || draft->since > proof->listed ||
                                               draft->until < proof->listed);
        draft->init_unread = open && (draft->fleeting || draft->until == proof->listed);
    }
}

int scan_prove(struct scanner *scanner)
{
    struct proof proof = {.scanner = scanner, .builder = scanner->builder};
    int rc = 0;

    if (!scanner->fs->live) /* a recorded tree does not change */
        return 0;
    for (int round = 0; rc == 0; round++) {
        rc = list_again(&proof);
        scan_next_moment(scanner);
        rc = rc ?: prove_parents(&proof);
        if (rc != 0 || proof.unproven.used == 0 || round == ROUNDS_MAX)
            break;
        rc = read_unproven(&proof);
    }
    map_free(&proof.unproven);
    if (rc != 0 || proof.listed == 0)
        return rc;
    mark_lasting(&proof);
    scanner->builder->unseen = procfs_hides(scanner->fs);
    return builder_sort(scanner->builder);
}
