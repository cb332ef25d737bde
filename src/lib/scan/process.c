/* SPDX-License-Identifier: MIT */
#include "scan/process.h"

#include <errno.h>

#include "base/error.h"
#include "scan/namespaces.h"

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

int scan_process(struct scanner *scanner, const struct procfs_entry *entry)
{
    struct procfs_reader *reader = &scanner->reader;
    struct record *record = &reader->record;
    int rc = procfs_read(reader, entry);

    if (rc != 0)
        return count_missed(scanner, rc);
    record->read = scanner->moment;
    scanner->builder->info.denied += reader->denied;
    return builder_add_process(scanner->builder, record)
               ?: scan_shown(scanner, entry->pid, record->ns, record->levels);
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

/* Whether the draft at this index, if there is one, is the process of this entry; if so, notes that
 * it is still there. */
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
    for (size_t i = 0, at = 0; i < n && rc == 0; i++) {
        while (at < seen && scanner->builder->drafts[at].process.pid < entries[i].pid)
            at++; /* both ascend */
        entries[i].since = scanner->moment;
        if (!has_entry(scanner, at, seen, &entries[i]))
            rc = scan_process(scanner, &entries[i]);
    }
    return rc;
}

int scan_again(struct scanner *scanner)
{
    struct nstree_info *info = &scanner->builder->info;
    const struct nstree_info before = *info;
    int rc = scan_missing(scanner) ?: builder_sort(scanner->builder);

    info->hidden = before.hidden;
    info->malformed = before.malformed;
    info->gone = before.gone;
    return exhausted(rc);
}
