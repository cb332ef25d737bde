/* SPDX-License-Identifier: MIT */
#include "scan/inherit.h"

#include <errno.h>
#include <stdlib.h>

#include "scan/namespaces.h"
#include "scan/process.h"

struct family {
    struct scanner *scanner;
    struct builder *builder;
    uint32_t *climbed; /* room for all drafts: children whose parents are looked at first */
    uint8_t *seen;     /* by draft: bits of the below */
};

enum {
    SEEN_CLIMBED = 1 << 0, /* it is being looked at: what comes here again goes round in a circle */
    SEEN_ASKED = 1 << 1,   /* whether it is the same that was listed */
    SEEN_SAME = 1 << 2,
    SEEN_CHANGED = 1 << 3, /* it has to be read anew */
};

/* Looks whether the draft is still the process that was listed. */
static bool look(struct family *family, uint32_t index)
{
    struct draft *draft = &family->builder->drafts[index];
    const struct procfs_entry entry = {.inode = draft->dir, .pid = draft->process.pid};
    bool same = procfs_is_same(family->scanner->fs, &entry);

    if (same)
        draft->until = family->scanner->moment;
    family->seen[index] |= SEEN_ASKED | (same ? SEEN_SAME : 0);
    return same;
}

/* The same, asked once: what rests on the answer was read before. */
static bool is_same(struct family *family, uint32_t index)
{
    return family->seen[index] & SEEN_ASKED ? family->seen[index] & SEEN_SAME : look(family, index);
}

/* The parent of a draft, if that is certainly in the same namespace; else MAP_NONE. */
static uint32_t parent_inside(struct family *family, uint32_t index)
{
    const struct nstree_process *process = &family->builder->drafts[index].process;
    uint32_t parent = process->ppid ? builder_find(family->builder, process->ppid) : MAP_NONE;

    if (parent == MAP_NONE || family->builder->drafts[parent].process.levels != process->levels ||
        family->seen[parent] & SEEN_CLIMBED || !is_same(family, parent))
        return MAP_NONE;
    return parent;
}

/* Reads the link, then looks whether the process is still the one that was listed: then the status
 * was of the same. Returns 0 or as scan_process(). */
static int ask(struct family *family, uint32_t index)
{
    struct scanner *scanner = family->scanner;
    struct draft *draft = &family->builder->drafts[index];
    uint32_t inode = procfs_inode(scanner->fs, draft->process.pid);

    if (!look(family, index)) {
        family->seen[index] |= SEEN_CHANGED;
        return 0;
    }
    draft->key = inode;
    family->builder->info.denied += inode == 0;
    return scan_shown(scanner, draft->process.pid, draft->key, draft->process.levels);
}

/* Finds the namespace of a draft, and of the ancestors that it follows from. */
static int find_namespace(struct family *family, uint32_t index)
{
    struct builder *builder = family->builder;
    uint32_t n = 0, at = index;
    int rc = 0;

    while (at != MAP_NONE && builder->drafts[at].deferred) {
        family->climbed[n++] = at;
        family->seen[at] |= SEEN_CLIMBED;
        at = parent_inside(family, at);
    }
    uint64_t key = at == MAP_NONE ? KEY_UNKNOWN : builder->drafts[at].key;
    while (n > 0 && rc == 0) {
        at = family->climbed[--n];
        family->seen[at] &= (uint8_t)~SEEN_CLIMBED;
        builder->drafts[at].deferred = false;
        builder->drafts[at].key = key;
        if (key == KEY_UNKNOWN)
            rc = ask(family, at);
        key = builder->drafts[at].key;
    }
    return rc;
}

/* Reads a process anew whose PID may have become another's since it was listed. */
static int read_anew(struct scanner *scanner, uint32_t index)
{
    uint32_t pid = scanner->builder->drafts[index].process.pid;

    builder_forget_process(scanner->builder, index);
    return scan_pid(scanner, pid);
}

int scan_inherited(struct scanner *scanner)
{
    struct builder *builder = scanner->builder;
    int rc = builder_sort(builder);
    const uint32_t n = (uint32_t)builder->n_drafts;
    AUTO_FREE uint32_t *climbed = calloc(n + 1, sizeof *climbed);
    AUTO_FREE uint8_t *seen = calloc(n + 1, sizeof *seen);
    struct family family = {
        .scanner = scanner, .builder = builder, .climbed = climbed, .seen = seen};

    if (!climbed || !seen)
        return -ENOMEM;
    scan_next_moment(scanner);
    for (uint32_t i = 0; i < n && rc == 0; i++) { /* all before any more is added behind them */
        if (builder->drafts[i].deferred)
            rc = find_namespace(&family, i);
    }
    for (uint32_t i = 0; i < n && rc == 0; i++) {
        if (seen[i] & SEEN_CHANGED)
            rc = read_anew(scanner, i);
    }
    return rc;
}
