/* SPDX-License-Identifier: MIT */
#include "scan/unborn.h"

#include <errno.h>
#include <unistd.h>

#include "kernel/bpf.h"
#include "kernel/readahead.h"
#include "kernel/records.h"

/* Reports the last namespace of a chain, and those above it up to one that is known. */
static int add_namespaces(struct builder *builder, const struct unborn_chain *chain)
{
    const struct unborn_level *levels = chain->levels;

    for (uint32_t at = chain->head.levels;
         at-- > 0 && !builder_has_ns(builder, levels[at].inode);) {
        struct ns_record record =
            ns_record_at(levels[at].inode, at > 0 ? levels[at - 1].inode : KEY_UNKNOWN, at);

        /* Programs can be loaded only from the initial user namespace (CAP_BPF, capabilities(7)).
         * There every UID is what the kernel itself calls it. */
        record.user_ns = levels[at].user_ns;
        record.owner_uid = levels[at].owner;
        int rc = builder_add_ns(builder, &record);
        if (rc != 0)
            return rc;
    }
    return 0;
}

/* Reports a namespace, and what keeps it. */
static int add_unborn(struct builder *builder, const struct unborn_chain *chain)
{
    const struct unborn *head = &chain->head;
    const uint32_t process = builder_find(builder, head->pid);
    const bool is_main = head->tid == head->pid;
    const struct nstree_keeper keeper = {
        .how = is_main ? NSTREE_KEEPER_CHILDREN : NSTREE_KEEPER_THREAD,
        .name = process == MAP_NONE ? NULL : builder->drafts[process].process.name,
        .pid = head->pid,
        .tid = is_main ? 0 : head->tid,
    };
    int rc = add_namespaces(builder, chain);

    return rc == 0 ? builder_add_keeper(builder, chain->levels[head->levels - 1].inode, &keeper)
                   : rc;
}

static ssize_t take_unborn(void *context, const char *bytes, size_t len)
{
    struct unborn_chain chain;
    ssize_t size = records_take_unborn(bytes, len, &chain);

    if (size <= 0)
        return size;
    int rc = add_unborn(context, &chain);
    return rc == 0 ? size : rc;
}

int scan_unborn(struct scanner *scanner)
{
    AUTO_CLOSE int fd = bpf_open(BPF_UNBORN, false, NULL);

    if (fd == -EINTR || fd == -EMFILE) /* it could have been read */
        scanner->builder->info.failed++;
    int rc = fd < 0 ? fd : readahead_run(fd, false, take_unborn, scanner->builder);
    /* What cannot be read is left out: /proc is looked at as well. */
    return rc == -ENOMEM ? -ENOMEM : 0;
}
