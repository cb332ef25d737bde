/* SPDX-License-Identifier: MIT */
#include "scan/pids.h"

#include <errno.h>
#include <unistd.h>

#include "scan/process.h"

struct reading {
    struct scanner *scanner;
    struct map drafts; /* PID to index; those that could not be read are not in it */
};

/* The process as it was read before; NULL if it was not. */
static const struct draft *draft_of(const struct reading *reading, uint32_t pid)
{
    uint32_t index = map_get(&reading->drafts, pid);

    return index == MAP_NONE ? NULL : &reading->scanner->builder->drafts[index];
}

/* Reads a process unless it was read before. Returns as scan_process(). */
static int scan_once(struct reading *reading, uint32_t pid)
{
    struct scanner *scanner = reading->scanner;
    const uint32_t index = (uint32_t)scanner->builder->n_drafts;
    int rc;

    if (draft_of(reading, pid))
        return 0;
    if (scanner->reader.outsider) {
        /* An ordinary user may depend on parents, which have to be proven (prove.c). */
        rc = scan_pid(scanner, pid);
    } else {
        scan_next_moment(scanner);
        rc = scan_process(scanner, &(struct procfs_entry){.pid = pid});
    }
    return rc == 0 && scanner->builder->n_drafts > index ? map_put(&reading->drafts, pid, index)
                                                         : rc;
}

/* Whether the caller is a member of the procfs's own namespace, so that PIDs that the kernel gives
 * it are PIDs of that procfs. */
static bool is_own_procfs(struct reading *reading)
{
    uint32_t self = procfs_self(reading->scanner->fs);

    if (!reading->scanner->fs->live || self != (uint32_t)getpid() || scan_once(reading, self) != 0)
        return false;
    const struct draft *draft = draft_of(reading, self);
    return draft && draft->process.levels == 1;
}

/* Reads the inits of the namespaces that were met since and, for their labels, the parents of
 * these. Returns 0, -EAGAIN where the kernel did not report them all, or as scan_process(). */
static int scan_inits(struct reading *reading)
{
    struct scanner *scanner = reading->scanner;

    while (scanner->inits.n > 0) {
        uint32_t pid = scanner->inits.pids[--scanner->inits.n];
        int rc = scan_once(reading, pid);
        const struct draft *draft = rc == 0 ? draft_of(reading, pid) : NULL;

        if (draft && draft->process.ppid && scanner->want & NSTREE_WANT_LABELS)
            rc = scan_once(reading, draft->process.ppid);
        if (rc != 0)
            return rc;
        if (!draft)
            scanner->inits.missing = true;
    }
    return scanner->inits.ask && !scanner->inits.missing ? 0 : -EAGAIN;
}

/* Climbs from parent to parent, which leads through every init on the way. Returns -EAGAIN where a
 * process on the way entered from outside, and in a circle of parents, which only a forged tree
 * has: there it takes more steps than processes were read. */
static int climb(struct reading *reading, uint32_t pid)
{
    for (size_t steps = 0; steps <= reading->scanner->builder->n_drafts; steps++) {
        const struct draft *draft = draft_of(reading, pid);

        if (!draft)
            return -EAGAIN;
        uint32_t levels = draft->process.levels, own = own_pid(&draft->process);
        if (levels == 1)
            return 0;
        pid = draft->process.ppid;
        int rc = pid ? scan_once(reading, pid) : 0;
        if (rc != 0)
            return rc;
        draft = draft_of(reading, pid);
        uint32_t above = draft ? draft->process.levels : 0;
        if (above != levels && (above + 1 != levels || own != 1))
            return -EAGAIN;
    }
    return -EAGAIN;
}

/* Reads a process that was asked for, and what places it. Returns 0, or as scan_pids(). */
static int scan_asked(struct reading *reading, uint32_t pid)
{
    int rc = scan_once(reading, pid);
    const struct draft *draft = rc == 0 ? draft_of(reading, pid) : NULL;

    if (!draft)
        return rc;
    const struct nstree_process process = draft->process;
    uint64_t key = draft->key;
    if (process.ppid) /* it shows whether the process entered from outside */
        rc = scan_once(reading, process.ppid);
    if (rc == 0 && process.levels > 1)
        rc = key == KEY_UNKNOWN ? -EAGAIN : scan_inits(reading);
    return rc == -EAGAIN ? climb(reading, process.pid) : rc;
}

int scan_pids(struct scanner *scanner, const uint32_t *pids, size_t n)
{
    struct reading reading = {.scanner = scanner};

    scanner->inits.ask = is_own_procfs(&reading);
    int rc = scan_once(&reading, 1);    /* names the root */
    if (rc == 0 && !scanner->inits.ask) /* our own link does not say which it is: kthreadd's may */
        rc = scan_once(&reading, 2);
    for (size_t i = 0; rc == 0 && i < n; i++)
        rc = scan_asked(&reading, pids[i]);
    map_free(&reading.drafts);
    return rc;
}
