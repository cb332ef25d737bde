/* SPDX-License-Identifier: MIT */
#include "scan/ledger.h"

#include <errno.h>

#include "base/error.h"
#include "scan/namespaces.h"

/* The state of a namespace. Below TRIES it is how often placing it has failed. NOT_OURS: it is not
 * below the root, or has members that came later. */
enum state { TRIES = 4, PLACED, NOT_OURS };

bool ledger_concerns(const struct ledger *ledger, uint32_t inode)
{
    return !set_has(&ledger->inhabited, inode);
}

bool ledger_is_unplaced(const struct ledger *ledger, uint32_t inode)
{
    uint32_t state = map_get(&ledger->states, inode);

    return ledger->scanner->fs->live && (state == MAP_NONE || state < TRIES);
}

int ledger_keep(struct ledger *ledger, uint32_t inode, const struct nstree_keeper *keeper)
{
    if (!set_has(&ledger->states, inode) && set_add(&ledger->states, inode) != 0)
        return -ENOMEM;
    return builder_add_keeper(ledger->scanner->builder, inode, keeper);
}

enum ledger_members ledger_ask_members(const struct ledger *ledger, int fd, uint32_t *init)
{
    bool known = ns_init(fd, init) == 0, some = *init != 0;

    if (ledger->scanner->builder->info.foreign) {
        known = some;
        *init = 0;
    }
    return !known ? MEMBERS_UNKNOWN : some ? MEMBERS_SOME : MEMBERS_NONE;
}

/* Assigns the process that the kernel named as its init to a namespace without visible members. */
static void name_init(struct builder *builder, uint32_t inode, uint32_t pid)
{
    uint32_t index = builder_find(builder, pid);
    uint32_t level = builder_level(builder, inode);

    if (index == MAP_NONE || level == MAP_NONE)
        return;
    struct draft *draft = &builder->drafts[index];
    const struct nstree_process *process = &draft->process;
    if (draft->key == KEY_UNKNOWN && process->levels == level + 1 && process->nspid[level] == 1)
        draft->key = inode;
}

/* Places the parent first if that is new, too: it can have members itself. */
static int place_parent(struct ledger *ledger, int fd)
{
    uint32_t inode;
    AUTO_CLOSE int parent = ns_parent(fd, &inode);

    if (parent < 0 || !ledger_concerns(ledger, inode) || !ledger_is_unplaced(ledger, inode) ||
        builder_has_ns(ledger->scanner->builder, inode))
        return 0;
    return ledger_place(ledger, inode, parent);
}

/* NOLINTNEXTLINE(misc-no-recursion): through place_parent(), at most once for each level. */
int ledger_place(struct ledger *ledger, uint32_t inode, int fd)
{
    struct builder *builder = ledger->scanner->builder;
    uint32_t init, state = map_get(&ledger->states, inode);
    const enum ledger_members members = ledger_ask_members(ledger, fd, &init);

    if (members == MEMBERS_SOME && !ledger->unseen) /* all were seen: its members came later */
        return map_put(&ledger->states, inode, NOT_OURS);
    int rc = place_parent(ledger, fd);
    if (rc == 0)
        rc = scan_namespace(ledger->scanner, fd, inode);
    if (exhausted(rc))
        return rc;
    if (rc == 0)
        builder_qualify_ns(builder, inode, ledger->unseen && members != MEMBERS_NONE,
                           members != MEMBERS_SOME);
    if (rc == 0 && members == MEMBERS_SOME)
        name_init(builder, inode, init);
    state = rc == 0 ? PLACED : rc == -EXDEV ? NOT_OURS : state == MAP_NONE ? 1 : state + 1;
    return map_put(&ledger->states, inode, state);
}

int ledger_begin(struct ledger *ledger, struct scanner *scanner)
{
    const struct builder *builder = scanner->builder;
    const struct nstree_info *info = &builder->info;
    uint64_t root = builder_root_key(builder);

    *ledger = (struct ledger){.scanner = scanner};
    ledger->unseen =
        info->denied + info->hidden + info->malformed > 0 || builder_find(builder, 1) == MAP_NONE;
    int rc = root == KEY_UNKNOWN ? 0 : set_add(&ledger->inhabited, root);
    for (size_t i = 0; i < builder->n_drafts && rc == 0; i++) {
        if (builder->drafts[i].key != KEY_UNKNOWN)
            rc = set_add(&ledger->inhabited, builder->drafts[i].key);
    }
    for (size_t i = 0; i < builder->n_keepers && rc == 0; i++)
        rc = map_put(&ledger->states, builder->keepers[i].key, PLACED);
    return rc;
}

void ledger_end(struct ledger *ledger)
{
    map_free(&ledger->inhabited);
    map_free(&ledger->states);
}

bool ledger_has(const struct ledger *ledger, uint32_t inode)
{
    return set_has(&ledger->states, inode);
}

bool ledger_is_placed(const struct ledger *ledger, uint32_t inode)
{
    return map_get(&ledger->states, inode) == PLACED;
}

int ledger_place_rest(struct ledger *ledger)
{
    struct builder *builder = ledger->scanner->builder;
    int rc = 0;

    for (size_t i = 0; i < ledger->states.capacity && rc == 0; i++) {
        const struct map_slot *slot = &ledger->states.slots[i];
        struct ns_record record = ns_record_at(slot->key, builder_root_key(builder), 1);

        /* The initial namespace is the root, or outside it. */
        if (slot->key == 0 || slot->value > TRIES || slot->key == NSTREE_INITIAL_INODE ||
            builder_has_ns(builder, slot->key))
            continue;
        record.flags = NSTREE_NS_INFERRED;
        record.unsure = ledger->unseen;
        record.vacant = true;
        rc = builder_add_ns(builder, &record);
    }
    return rc;
}
