/* SPDX-License-Identifier: MIT */
/* One process after another into a builder, and the namespaces that they show. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "scan/scan.h"

/* Tells the tree of the root and its owner. */
static int learn_root(struct scanner *scanner, int fd, uint32_t inode)
{
    struct ns_record record = {
        .ns = inode, .total = NSTREE_TOTAL_UNKNOWN, .owner_uid = NSTREE_UID_UNKNOWN};

    if (scanner->want & NSTREE_WANT_OWNERS && fd >= 0)
        ns_owner(fd, &record);
    return builder_add_ns(scanner->builder, &record);
}

int scan_root(struct scanner *scanner, uint32_t pid)
{
    uint32_t inode = procfs_inode(scanner->fs, pid);
    if (!inode)
        return 0;
    int fd = scanner->fs->live ? procfs_open_ns(scanner->fs, pid, inode) : -1;
    int rc = learn_root(scanner, fd, inode);
    if (fd >= 0)
        close(fd);
    return rc == 0 ? 1 : rc;
}

/* Notes the init of a namespace, for who reads no more than is needed. */
static void ask_init(struct scanner *scanner, int fd, bool has_parent)
{
    uint32_t init = has_parent ? ns_init(fd) : 0;

    if (init && scanner->inits.n < NSTREE_LEVELS_MAX)
        scanner->inits.pids[scanner->inits.n++] = init;
    else
        scanner->inits.untold = true;
}

/* Tells the tree of one namespace. Returns a descriptor of its parent (and its inode in *inode), a
 * negative errno where the kernel does not give it or it is known already, or -ENOMEM. */
static int learn_one(struct scanner *scanner, int fd, uint32_t *inode, uint32_t level)
{
    struct ns_record record = {.ns = *inode,
                               .total = NSTREE_TOTAL_UNKNOWN,
                               .level = level,
                               .owner_uid = NSTREE_UID_UNKNOWN};
    int parent = -ENOENT; /* that of level 1 is the root: it is asked for only to get to know it */

    if (level == 1)
        record.parent = builder_root_key(scanner->builder);
    if (record.parent == KEY_UNKNOWN)
        parent = ns_parent(fd, inode);
    if (parent >= 0)
        record.parent = *inode;
    if (scanner->inits.ask)
        ask_init(scanner, fd, record.parent != KEY_UNKNOWN);
    if (scanner->want & NSTREE_WANT_OWNERS)
        ns_owner(fd, &record);
    if (builder_add_ns(scanner->builder, &record) == 0)
        return parent;
    if (parent >= 0)
        close(parent);
    return -ENOMEM;
}

/* Whether nothing is known of a namespace and no other thread asks about it: each is asked about
 * once, whichever thread meets it first. */
static bool claim(struct scanner *scanner, uint64_t key)
{
    struct claims *claims = scanner->claims;
    bool mine = !builder_has_ns(scanner->builder, key);

    if (mine && claims) {
        pthread_mutex_lock(&claims->lock);
        mine = map_get(&claims->taken, key) == MAP_NONE;
        if (mine)
            (void)map_put(&claims->taken, key, 0); /* without memory it is asked about twice */
        pthread_mutex_unlock(&claims->lock);
    }
    return mine;
}

/* Learns of an open namespace (or of none, where fd is a negative errno), which was claimed, and of
 * those above it up to one that is known. All are there although no member of theirs may be seen.
 * Closes `fd`. */
static int learn_namespaces(struct scanner *scanner, int fd, uint32_t inode, uint32_t level)
{
    int rc = fd < 0 ? fd : 0;
    bool mine = !builder_has_ns(scanner->builder, inode);

    while (rc == 0 && level > 0 && mine) {
        int parent = learn_one(scanner, fd, &inode, level);

        close(fd);
        fd = parent;
        rc = parent < 0 ? parent : 0;
        level--;
        mine = rc == 0 && claim(scanner, inode);
    }
    if (rc == 0 && level == 0 && mine)
        rc = learn_root(scanner, fd, inode);
    if (fd >= 0)
        close(fd);
    /* What the kernel does not tell is left to inference. */
    return rc == -ENOMEM || rc == -EMFILE || rc == -ENFILE ? rc : 0;
}

/* The level of an open namespace below the root: climbs to one whose level is known. Returns 0 or
 * as scan_namespace(). */
static int find_level(const struct scanner *scanner, int fd, uint32_t inode, uint32_t *level)
{
    uint32_t steps = 0, base = builder_level(scanner->builder, inode);
    int at = fd;

    while (base == MAP_NONE) {
        int parent = ns_parent(at, &inode);

        if (at != fd)
            close(at);
        /* The kernel climbs no further than to the caller's own namespace. */
        if (parent == -EPERM && (steps > 0 || !scanner->builder->info.foreign))
            return -EXDEV;
        if (parent < 0)
            return parent;
        at = parent;
        steps++;
        base = builder_level(scanner->builder, inode);
    }
    if (at != fd)
        close(at);
    *level = base + steps;
    return *level < NSTREE_LEVELS_MAX ? 0 : -ERANGE;
}

int scan_namespace(struct scanner *scanner, int fd, uint32_t inode)
{
    uint32_t level;
    int rc = find_level(scanner, fd, inode, &level);

    if (rc != 0)
        return rc;
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    return copy < 0 ? -errno : learn_namespaces(scanner, copy, inode, level);
}

/* Counts why a process is not in the tree. */
static int count_missed(struct scanner *scanner, int rc)
{
    struct nstree_info *info = &scanner->builder->info;

    switch (rc) {
    case -ESRCH:
        info->gone++;
        return 0;
    case -EACCES:
        info->hidden++;
        return 0;
    case -EOPNOTSUPP:
        scanner->too_old++;
        return 0;
    case -EBADMSG:
        info->malformed++;
        return 0;
    default:
        return rc;
    }
}

int scan_shown(struct scanner *scanner, uint32_t pid, uint64_t key, uint32_t levels)
{
    if (!scanner->fs->live || levels == 1 || key == KEY_UNKNOWN || !claim(scanner, key))
        return 0;
    int fd = procfs_open_ns(scanner->fs, pid, (uint32_t)key);
    return learn_namespaces(scanner, fd, (uint32_t)key, levels - 1);
}

int scan_process(struct scanner *scanner, const struct procfs_entry *entry)
{
    struct procfs_reader *reader = &scanner->reader;
    struct record *record = &reader->record;
    int rc = procfs_read(reader, entry);

    if (rc != 0)
        return count_missed(scanner, rc);
    record->read = scanner->moment;
    scanner->builder->info.denied += reader->denied;
    rc = builder_add_process(scanner->builder, record);
    if (rc == 0)
        rc = scan_shown(scanner, entry->pid, record->ns, record->levels);
    return rc == 0 ? 1 : rc;
}

int scan_pid(struct scanner *scanner, uint32_t pid)
{
    struct procfs_entry entry = {.pid = pid};

    scan_next_moment(scanner);
    entry.since = scanner->moment;
    if (scanner->fs->live)
        procfs_look_up(scanner->fs, &entry);
    return scan_process(scanner, &entry);
}

/* Whether the process at index `at`, if it is one, has this entry; if so, till now. */
static bool has_entry(struct scanner *scanner, size_t at, size_t n,
                      const struct procfs_entry *entry)
{
    struct draft *draft = &scanner->builder->drafts[at];

    if (at == n || draft->process.pid != entry->pid)
        return false;
    if (draft->dir != 0 && draft->dir != entry->inode) {
        builder_forget_process(scanner->builder, at);
        return false;
    }
    if (draft->dir != 0)
        draft->until = scanner->moment;
    return true;
}

int scan_missing(struct scanner *scanner)
{
    AUTO_FREE struct procfs_entry *entries = NULL;
    size_t n = 0, seen = scanner->builder->n_drafts;
    int rc = procfs_list(scanner->fs, &entries, &n);

    scan_next_moment(scanner);
    scanner->listed = scanner->moment;
    for (size_t i = 0, at = 0; i < n && rc >= 0; i++) {
        while (at < seen && scanner->builder->drafts[at].process.pid < entries[i].pid)
            at++; /* both ascend */
        entries[i].since = scanner->moment;
        if (!has_entry(scanner, at, seen, &entries[i]))
            rc = scan_process(scanner, &entries[i]);
    }
    return rc < 0 ? rc : 0;
}

int scan_again(struct scanner *scanner)
{
    struct nstree_info *info = &scanner->builder->info;
    const struct nstree_info before = *info;
    int rc = scan_missing(scanner);

    if (rc == 0)
        rc = builder_sort(scanner->builder);
    info->hidden = before.hidden;
    info->malformed = before.malformed;
    info->gone = before.gone;
    return rc == -ENOMEM || rc == -EMFILE || rc == -ENFILE ? rc : 0;
}

int scan_unlearnt(struct scanner *scanner)
{
    struct builder *builder = scanner->builder;
    int rc = 0;

    for (size_t i = 0; i < builder->n_drafts && rc == 0 && scanner->fs->live; i++) {
        const struct nstree_process *process = &builder->drafts[i].process;
        uint64_t key = builder->drafts[i].key;

        if (process->levels > 1 && key != KEY_UNKNOWN && !builder_has_ns(builder, key))
            rc = learn_namespaces(scanner, procfs_open_ns(scanner->fs, process->pid, (uint32_t)key),
                                  (uint32_t)key, process->levels - 1U);
    }
    return rc;
}
