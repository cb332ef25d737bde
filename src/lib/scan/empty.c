/* SPDX-License-Identifier: MIT */
/*
 * PID namespaces that no process is a member of, and their places. Something keeps each: holders.c
 * finds what /proc shows of that; where there is listns(2), the kernel lists the rest.
 *
 * All of it comes after the processes have been read. A namespace that is met here and has no
 * member among them is empty, or was born since (so processes are listed once more at the end), or
 * its members cannot be seen (then the kernel is asked for its init, and if it does not say, nor
 * does the builder).
 */
#include "scan/empty.h"

#include <errno.h>
#include <unistd.h>

#include "kernel/listns.h"
#include "kernel/patience.h"

/* States of a namespace; less than TRIES: how often placing it has failed. */
enum state { TRIES = 4, PLACED, NOT_OURS };

/* Namespaces that listns(2) told of, and nothing else. */
struct listed {
    uint64_t id;
    uint32_t inode;
};

bool empty_concerns(const struct empty *empty, uint32_t inode)
{
    return map_get(&empty->known, inode) == MAP_NONE;
}

bool empty_is_unplaced(const struct empty *empty, uint32_t inode)
{
    uint32_t state = map_get(&empty->states, inode);

    return empty->scanner->fs->live && (state == MAP_NONE || state < TRIES);
}

int empty_keep(struct empty *empty, uint32_t inode, const struct nstree_keeper *keeper)
{
    if (map_get(&empty->states, inode) == MAP_NONE && map_put(&empty->states, inode, 0) != 0)
        return -ENOMEM;
    return builder_add_keeper(empty->scanner->builder, inode, keeper);
}

/* What is known of the members of an open namespace: 1 it has some, 0 it has none, or a negative
 * errno. Where the caller is not in the root, that it does not reach an init does not say that
 * there is none, and its numbers are others. */
static int ask_members(const struct empty *empty, int fd, uint32_t *init)
{
    int has = ns_has_init(fd, init);

    if (!empty->scanner->builder->info.foreign)
        return has;
    *init = 0;
    return has == 0 ? -ENODATA : has;
}

/* A namespace that has members although none was seen to be: its init, if its link could not be
 * read, is told by its number. */
static void name_init(struct builder *builder, uint32_t inode, uint32_t number)
{
    uint32_t index = number ? builder_find(builder, number) : MAP_NONE;
    uint32_t level = builder_level(builder, inode);

    if (index == MAP_NONE || level == MAP_NONE)
        return;
    struct draft *draft = &builder->drafts[index];
    const struct nstree_process *process = &draft->process;
    if (draft->key == KEY_UNKNOWN && process->levels == level + 1 && process->nspid[level] == 1)
        draft->key = inode;
}

/* Places the parent first where that is new, too: it has to be asked for members itself. */
static int place_parent(struct empty *empty, int fd)
{
    uint32_t inode;
    AUTO_CLOSE int parent = ns_parent(fd, &inode);

    if (parent < 0 || !empty_concerns(empty, inode) || !empty_is_unplaced(empty, inode) ||
        builder_has_ns(empty->scanner->builder, inode))
        return 0;
    return empty_place(empty, inode, parent);
}

/* NOLINTNEXTLINE(misc-no-recursion): by way of place_parent(), at most once a level. */
int empty_place(struct empty *empty, uint32_t inode, int fd)
{
    struct builder *builder = empty->scanner->builder;
    uint32_t init = 0, state = map_get(&empty->states, inode);
    int has = ask_members(empty, fd, &init), rc;

    if (has == 1 && !empty->doubt) /* all are seen, so they came later: as if it had, too */
        return map_put(&empty->states, inode, NOT_OURS);
    rc = place_parent(empty, fd);
    if (rc == 0)
        rc = scan_namespace(empty->scanner, fd, inode);
    if (rc == -ENOMEM || rc == -EMFILE || rc == -ENFILE)
        return rc;
    if (rc == 0)
        builder_qualify_ns(builder, inode, empty->doubt && has != 0, has != 1);
    if (rc == 0 && has == 1)
        name_init(builder, inode, init);
    state = rc == 0 ? PLACED : rc == -EXDEV ? NOT_OURS : state == MAP_NONE ? 1 : state + 1;
    return map_put(&empty->states, inode, state);
}

/* Notes the namespaces that have members. */
static int note_members(struct empty *empty)
{
    const struct builder *builder = empty->scanner->builder;
    uint64_t root = builder_root_key(builder);
    int rc = root == KEY_UNKNOWN ? 0 : map_put(&empty->known, root, 0);

    for (size_t i = 0; i < builder->n_drafts && rc == 0; i++) {
        if (builder->drafts[i].key != KEY_UNKNOWN)
            rc = map_put(&empty->known, builder->drafts[i].key, 0);
    }
    return rc;
}

/* What no place is known of is put below the root, and marked. */
static int place_rest(struct empty *empty)
{
    struct builder *builder = empty->scanner->builder;
    int rc = 0;

    for (size_t i = 0; i < empty->states.capacity && rc == 0; i++) {
        const struct map_slot *slot = &empty->states.slots[i];
        const struct ns_record record = {.ns = slot->key,
                                         .parent = builder_root_key(builder),
                                         .total = NSTREE_TOTAL_UNKNOWN,
                                         .level = 1,
                                         .owner_uid = NSTREE_UID_UNKNOWN,
                                         .flags = NSTREE_NS_INFERRED,
                                         .unsure = empty->doubt,
                                         .vacant = true};

        /* The initial one is nowhere but at the root or outside it. */
        if (slot->key == 0 || slot->value > TRIES || slot->key == NSTREE_INITIAL_INODE ||
            builder_has_ns(builder, slot->key))
            continue;
        rc = builder_add_ns(builder, &record);
    }
    return rc;
}

/* One that the kernel lists: places it if it has no place yet, and appends it to `listed` if
 * nothing was found to keep it. Returns as empty_place(). */
static int take_listed(struct empty *empty, const struct listed *one, int fd, struct listed **all,
                       size_t *n, size_t *capacity)
{
    bool unmet = map_get(&empty->states, one->inode) == MAP_NONE;

    if (!empty_concerns(empty, one->inode) || !empty_is_unplaced(empty, one->inode))
        return 0;
    int rc = empty_place(empty, one->inode, fd);
    if (rc != 0 || !unmet || map_get(&empty->states, one->inode) != PLACED)
        return rc;
    struct listed *grown = array_room(*all, capacity, *n + 1, sizeof **all);
    if (!grown)
        return -ENOMEM;
    *all = grown;
    grown[(*n)++] = *one;
    return 0;
}

/* Goes through what listns(2) lists. Where there is none, or it is refused, the rest has to do. */
static int list_namespaces(struct empty *empty, struct listed **all, size_t *n)
{
    struct listns list = {0};
    struct listed one;
    size_t capacity = 0;
    int rc = 0;

    while (rc == 0 && listns_next(&list, &one.id) == 1) {
        AUTO_CLOSE int fd = listns_open(one.id);

        if (fd == -EMFILE || fd == -ENFILE || fd == -ENOMEM)
            return fd;
        if (fd < 0)
            continue;
        one.inode = ns_inode(fd);
        if (one.inode != 0)
            rc = take_listed(empty, &one, fd, all, n, &capacity);
    }
    return rc;
}

/* Whether a listed namespace is still there, and is still empty. One that is being taken down is
 * listed for a moment after its last process. */
static bool is_still_empty(const struct empty *empty, const struct listed *one)
{
    AUTO_CLOSE int fd = listns_open(one->id);
    uint32_t init;

    return fd >= 0 && (empty->doubt || ask_members(empty, fd, &init) != 1);
}

/* Says of what was only listed that something unseen keeps it, unless a namespace in it does. */
static int keep_listed(struct empty *empty, const struct listed *all, size_t n)
{
    struct builder *builder = empty->scanner->builder;
    const struct nstree_keeper unseen = {.how = NSTREE_KEEPER_UNSEEN};
    struct map parents = {0};
    int rc = 0;

    for (size_t i = 0; i < n; i++) {
        if (!is_still_empty(empty, &all[i]))
            builder_forget_ns(builder, all[i].inode);
    }
    for (size_t i = 1; i < builder->n_nodes && rc == 0; i++) {
        const struct node *node = &builder->nodes[i];

        if (node->told && node->facts.parent != KEY_UNKNOWN)
            rc = map_put(&parents, node->facts.parent, 0);
    }
    for (size_t i = 0; i < n && rc == 0; i++) {
        if (builder_has_ns(builder, all[i].inode) && map_get(&parents, all[i].inode) == MAP_NONE)
            rc = builder_add_keeper(builder, all[i].inode, &unseen);
    }
    map_free(&parents);
    return rc;
}

/* Notes the namespaces of which BPF has told already what keeps them, and where they are. */
static int note_kept(struct empty *empty)
{
    const struct builder *builder = empty->scanner->builder;
    int rc = 0;

    for (size_t i = 0; i < builder->n_keepers && rc == 0; i++)
        rc = map_put(&empty->states, builder->keepers[i].key, PLACED);
    return rc;
}

static int find_empty(struct empty *empty)
{
    struct builder *builder = empty->scanner->builder;
    AUTO_FREE struct listed *listed = NULL;
    size_t n_listed = 0;
    bool live = empty->scanner->fs->live;
    int rc = note_members(empty);

    if (rc == 0)
        rc = note_kept(empty);

    for (size_t i = 0; i < builder->n_drafts && rc == 0; i++)
        rc = holders_search(empty, &builder->drafts[i].process);
    if (rc == 0 && live)
        rc = list_namespaces(empty, &listed, &n_listed);
    if (rc == 0)
        rc = place_rest(empty);
    if (live) /* it is no newcomer */
        helper_end(&empty->scanner->fs->patience->helper);
    if (rc == 0 && live && empty->states.used > 0) /* the processes that have begun meanwhile */
        rc = scan_again(empty->scanner);
    return rc == 0 ? keep_listed(empty, listed, n_listed) : rc;
}

int scan_empty(struct scanner *scanner)
{
    const struct nstree_info *info = &scanner->builder->info;
    struct empty empty = {
        .scanner = scanner,
        .doubt = info->denied + info->hidden + info->malformed > 0 ||
                 builder_find(scanner->builder, 1) == MAP_NONE,
    };
    int rc = find_empty(&empty);

    map_free(&empty.known);
    map_free(&empty.states);
    map_free(&empty.roots);
    map_free(&empty.mounts);
    return rc;
}
