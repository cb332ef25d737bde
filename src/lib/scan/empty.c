/* SPDX-License-Identifier: MIT */
#include "scan/empty.h"

#include <errno.h>
#include <unistd.h>

#include "base/error.h"
#include "kernel/listns.h"
#include "kernel/patience.h"
#include "scan/holders.h"
#include "scan/process.h"

/* Namespaces that only listns(2) shows. */
struct listed {
    struct listed_ns {
        uint64_t id;
        uint32_t inode;
    } * items;
    size_t n, capacity;
};

/* Places a namespace that the kernel lists, unless it has its place, and appends it to `listed` if
 * no keeper was found. Returns as ledger_place(). */
static int take_listed(struct ledger *ledger, uint64_t id, int fd, struct listed *listed)
{
    uint32_t inode = ns_inode(fd);

    if (inode == 0 || !ledger_concerns(ledger, inode) || !ledger_is_unplaced(ledger, inode))
        return 0;
    bool met = ledger_has(ledger, inode);
    int rc = ledger_place(ledger, inode, fd);
    if (rc != 0 || met || !ledger_is_placed(ledger, inode))
        return rc;
    struct listed_ns *items =
        array_room(listed->items, &listed->capacity, listed->n + 1, sizeof *items);
    if (!items)
        return -ENOMEM;
    listed->items = items;
    items[listed->n++] = (struct listed_ns){.id = id, .inode = inode};
    return 0;
}

/* Goes through what listns(2) lists. It is optional: it can be missing or refused. */
static int list_namespaces(struct ledger *ledger, struct listed *listed)
{
    struct listns list = {0};
    uint64_t id;
    int rc = 0;

    while (rc == 0 && listns_next(&list, &id) == 1) {
        AUTO_CLOSE int fd = listns_open(id);

        rc = fd < 0 ? exhausted(fd) : take_listed(ledger, id, fd, listed);
    }
    return rc;
}

/* Whether a listed namespace is still there, and still empty. One that is being released is listed
 * for a moment after its last process. */
static bool is_still_empty(const struct ledger *ledger, const struct listed_ns *one)
{
    AUTO_CLOSE int fd = listns_open(one->id);
    uint32_t init;

    return fd >= 0 && (ledger->unseen || ledger_ask_members(ledger, fd, &init) != MEMBERS_SOME);
}

/* Reports that something unseen keeps what was only listed, unless a child namespace does. */
static int keep_listed(const struct ledger *ledger, const struct listed *listed)
{
    struct builder *builder = ledger->scanner->builder;
    const struct nstree_keeper unseen = {.how = NSTREE_KEEPER_UNSEEN};
    AUTO_MAP struct map parents = {0};
    int rc = 0;

    for (size_t i = 0; i < listed->n; i++) {
        if (!is_still_empty(ledger, &listed->items[i]))
            builder_forget_ns(builder, listed->items[i].inode);
    }
    for (size_t i = 1; i < builder->n_nodes && rc == 0; i++) {
        const struct node *node = &builder->nodes[i];

        if (node->reported && node->facts.parent != KEY_UNKNOWN)
            rc = set_add(&parents, node->facts.parent);
    }
    for (size_t i = 0; i < listed->n && rc == 0; i++) {
        if (builder_has_ns(builder, listed->items[i].inode) &&
            !set_has(&parents, listed->items[i].inode))
            rc = builder_add_keeper(builder, listed->items[i].inode, &unseen);
    }
    return rc;
}

static int find_empty(struct ledger *ledger, struct holders *holders, struct listed *listed)
{
    struct scanner *scanner = ledger->scanner;
    struct builder *builder = scanner->builder;
    int rc = 0;

    for (size_t i = 0; i < builder->n_drafts && rc == 0; i++)
        rc = holders_search(holders, &builder->drafts[i].process);
    if (rc == 0 && scanner->fs->live)
        rc = list_namespaces(ledger, listed);
    if (rc == 0)
        rc = ledger_place_rest(ledger);
    if (scanner->fs->live) /* or it would show up as a new process */
        helper_end(&scanner->fs->patience->helper);
    if (rc == 0 && scanner->fs->live && ledger->states.used > 0)
        rc = scan_again(scanner); /* for processes that have begun meanwhile */
    return rc == 0 ? keep_listed(ledger, listed) : rc;
}

int scan_empty(struct scanner *scanner)
{
    struct ledger ledger;
    struct holders holders = {.ledger = &ledger};
    struct listed listed = {0};
    int rc = ledger_begin(&ledger, scanner);

    if (rc == 0)
        rc = find_empty(&ledger, &holders, &listed);
    ledger_end(&ledger);
    holders_end(&holders);
    free(listed.items);
    return rc;
}
