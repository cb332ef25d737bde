/* SPDX-License-Identifier: MIT */
#include "scan/unborn.h"

#include <errno.h>
#include <unistd.h>

#include "kernel/bpf.h"
#include "kernel/bpf/tasks.h"
#include "kernel/readahead.h"

/* Tells the tree of the last of n namespaces, each the parent of the next, and of those above it up
 * to one that is known. */
static int add_namespaces(struct builder *builder, const struct unborn_level *levels, uint32_t n)
{
    for (uint32_t level = n; level-- > 0 && !builder_has_ns(builder, levels[level].inode);) {
        /* Programs can be loaded only from the initial user namespace (CAP_BPF, capabilities(7)),
         * and there every uid is what the kernel itself calls it. */
        const struct ns_record record = {.ns = levels[level].inode,
                                         .parent =
                                             level > 0 ? levels[level - 1].inode : KEY_UNKNOWN,
                                         .total = NSTREE_TOTAL_UNKNOWN,
                                         .level = level,
                                         .user_ns = levels[level].user_ns,
                                         .owner_uid = levels[level].owner};
        int rc = builder_add_ns(builder, &record);

        if (rc != 0)
            return rc;
    }
    return 0;
}

/* One namespace: its place, and what keeps it. */
static int add_unborn(struct scanner *scanner, const struct unborn *unborn,
                      const struct unborn_level *levels)
{
    struct builder *builder = scanner->builder;
    const uint32_t process = builder_find(builder, unborn->pid);
    const bool is_main = unborn->tid == unborn->pid;
    const struct nstree_keeper keeper = {
        .how = is_main ? NSTREE_KEEPER_CHILDREN : NSTREE_KEEPER_THREAD,
        .name = process == MAP_NONE ? NULL : builder->drafts[process].process.name,
        .pid = unborn->pid,
        .tid = is_main ? 0 : unborn->tid,
    };
    int rc = add_namespaces(builder, levels, unborn->levels);

    return rc == 0 ? builder_add_keeper(builder, levels[unborn->levels - 1].inode, &keeper) : rc;
}

/* Takes one off bytes[0..len). Returns the bytes that it has, 0 if it is not all there, or a
 * negative errno. */
static ssize_t take_unborn(struct scanner *scanner, const char *bytes, size_t len)
{
    struct unborn unborn;
    struct unborn_level levels[NSTREE_LEVELS_MAX];

    if (len < sizeof unborn)
        return 0;
    memcpy(&unborn, bytes, sizeof unborn);
    if (unborn.levels < 2 || unborn.levels > NSTREE_LEVELS_MAX)
        return -EIO;
    const size_t size = unborn.levels * sizeof *levels;
    if (len < sizeof unborn + size)
        return 0;
    memcpy(levels, bytes + sizeof unborn, size);
    int rc = add_unborn(scanner, &unborn, levels);
    return rc == 0 ? (ssize_t)(sizeof unborn + size) : rc;
}

/* Takes all whole ones off bytes[0..len). Returns how many bytes are left, or a negative errno. */
static ssize_t take_all(struct scanner *scanner, const char *bytes, size_t len)
{
    size_t at = 0;
    ssize_t size;

    while ((size = take_unborn(scanner, bytes + at, len - at)) > 0)
        at += (size_t)size;
    return size < 0 ? size : (ssize_t)(len - at);
}

/* What cannot be read is left out: /proc is looked at as well. */
static int take_stream(struct scanner *scanner, struct readahead *readahead)
{
    char *bytes;
    ssize_t got, left = 0;

    while (left >= 0 && (got = readahead_next(readahead, (size_t)left, &bytes)) > 0)
        left = take_all(scanner, bytes, (size_t)got);
    return left == -ENOMEM ? -ENOMEM : 0;
}

int scan_unborn(struct scanner *scanner)
{
    AUTO_CLOSE int fd = bpf_open(BPF_UNBORN, false, NULL);
    struct readahead readahead;

    if (fd == -EINTR || fd == -EMFILE) /* it could have been read */
        scanner->builder->info.failed++;
    if (fd < 0)
        return fd == -ENOMEM ? -ENOMEM : 0;
    int rc = readahead_begin(&readahead, fd, false);
    if (rc != 0)
        return rc;
    rc = take_stream(scanner, &readahead);
    readahead_end(&readahead);
    return rc;
}
