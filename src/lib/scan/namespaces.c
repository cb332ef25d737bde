/* SPDX-License-Identifier: MIT */
#include "scan/namespaces.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/error.h"

/* Asks for the owner and the ID of an open namespace, if they are wanted. */
static void ask_about(const struct scanner *scanner, int fd, struct ns_record *record)
{
    if (!(scanner->want & NSTREE_WANT_OWNERS))
        return;
    ns_owner(fd, record);
    record->nsid = ns_id(fd);
}

/* Reports the root and its owner. */
static int report_root(struct scanner *scanner, int fd, uint32_t inode)
{
    struct ns_record record = ns_record_at(inode, KEY_UNKNOWN, 0);

    if (fd >= 0)
        ask_about(scanner, fd, &record);
    return builder_add_ns(scanner->builder, &record);
}

int scan_root(struct scanner *scanner, uint32_t pid)
{
    uint32_t inode = procfs_inode(scanner->fs, pid);
    if (!inode)
        return 0;
    AUTO_CLOSE int fd = scanner->fs->live ? procfs_open_ns(scanner->fs, pid, inode) : -1;
    int rc = report_root(scanner, fd, inode);
    return rc == 0 ? 1 : rc;
}

/* Notes the init of a namespace, for scan_pids(). */
static void ask_init(struct scanner *scanner, int fd, bool has_parent)
{
    uint32_t init = 0;

    if (has_parent)
        (void)ns_init(fd, &init);
    if (init && scanner->inits.n < NSTREE_LEVELS_MAX)
        scanner->inits.pids[scanner->inits.n++] = init;
    else
        scanner->inits.missing = true;
}

/* Reports one namespace. Returns a descriptor of its parent (and the inode of that in *inode), a
 * negative errno where the kernel does not give it or it is known already, or -ENOMEM. */
static int report_one(struct scanner *scanner, int fd, uint32_t *inode, uint32_t level)
{
    struct ns_record record = ns_record_at(*inode, KEY_UNKNOWN, level);
    int parent = -ENOENT; /* of level 1 it is the root, which is asked for only if unknown */

    if (level == 1)
        record.parent = builder_root_key(scanner->builder);
    if (record.parent == KEY_UNKNOWN)
        parent = ns_parent(fd, inode);
    if (parent >= 0)
        record.parent = *inode;
    if (scanner->inits.ask)
        ask_init(scanner, fd, record.parent != KEY_UNKNOWN);
    ask_about(scanner, fd, &record);
    if (builder_add_ns(scanner->builder, &record) == 0)
        return parent;
    if (parent >= 0)
        close(parent);
    return -ENOMEM;
}

/* Whether nothing is known of a namespace and no other thread asks about it: the thread that meets
 * it first asks. */
static bool ask_first(struct scanner *scanner, uint64_t key)
{
    struct asked *asked = scanner->asked;
    bool mine = !builder_has_ns(scanner->builder, key);

    if (mine && asked) {
        pthread_mutex_lock(&asked->lock);
        mine = !set_has(&asked->keys, key);
        if (mine)
            (void)set_add(&asked->keys, key); /* without memory it is asked about twice */
        pthread_mutex_unlock(&asked->lock);
    }
    return mine;
}

/* Reports an open namespace (or none, where fd is a negative errno), for which ask_first() said
 * yes, and those above it up to one that is known. Closes `fd`. What the kernel does not report is
 * inferred. */
static int report_namespaces(struct scanner *scanner, int fd, uint32_t inode, uint32_t level)
{
    int rc = fd < 0 ? fd : 0;
    bool mine = !builder_has_ns(scanner->builder, inode);

    while (rc == 0 && level > 0 && mine) {
        int parent = report_one(scanner, fd, &inode, level);

        close(fd);
        fd = parent;
        rc = parent < 0 ? parent : 0;
        level--;
        mine = rc == 0 && ask_first(scanner, inode);
    }
    if (rc == 0 && level == 0 && mine)
        rc = report_root(scanner, fd, inode);
    if (fd >= 0)
        close(fd);
    return exhausted(rc);
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
    return copy < 0 ? -errno : report_namespaces(scanner, copy, inode, level);
}

int scan_shown(struct scanner *scanner, uint32_t pid, uint64_t key, uint32_t levels)
{
    if (!scanner->fs->live || levels == 1 || key == KEY_UNKNOWN || !ask_first(scanner, key))
        return 0;
    int fd = procfs_open_ns(scanner->fs, pid, (uint32_t)key);
    return report_namespaces(scanner, fd, (uint32_t)key, levels - 1);
}

int scan_unreported(struct scanner *scanner)
{
    struct builder *builder = scanner->builder;
    int rc = 0;

    for (size_t i = 0; i < builder->n_drafts && rc == 0 && scanner->fs->live; i++) {
        const struct nstree_process *process = &builder->drafts[i].process;
        uint64_t key = builder->drafts[i].key;

        if (process->levels > 1 && key != KEY_UNKNOWN && !builder_has_ns(builder, key))
            rc =
                report_namespaces(scanner, procfs_open_ns(scanner->fs, process->pid, (uint32_t)key),
                                  (uint32_t)key, process->levels - 1U);
    }
    return rc;
}
