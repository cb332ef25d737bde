/* SPDX-License-Identifier: MIT */
/* A few processes without reading all: each one, the namespaces above it, and their inits. */
#include <errno.h>
#include <unistd.h>

#include "scan.h"

/* The process as it was read before; NULL if it was not. */
static const struct draft *draft_of(const struct scanner *scanner, uint32_t pid)
{
    for (size_t i = 0; i < scanner->tree->n_drafts; i++) {
        if (scanner->tree->drafts[i].process.pid == pid)
            return &scanner->tree->drafts[i];
    }
    return NULL;
}

/* Reads a process unless it was read before. Returns as scan_process(). */
static int scan_once(struct scanner *scanner, uint32_t pid)
{
    if (draft_of(scanner, pid))
        return 1;
    /* Others than root may have to go by parents, which have to be proven (scan_prove.c). */
    if (scanner->reader.outsider)
        return scan_pid(scanner, pid);
    scan_next_moment(scanner);
    return scan_process(scanner, &(struct procfs_entry){.pid = pid});
}

/* Whether the caller is a member of the procfs's own namespace, so that the numbers that the kernel
 * gives it are numbers of that procfs. */
static bool is_own_procfs(struct scanner *scanner)
{
    uint32_t self = procfs_self(scanner->fs);
    const struct draft *draft;

    if (!scanner->fs->live || self != (uint32_t)getpid() || scan_once(scanner, self) != 1)
        return false;
    draft = draft_of(scanner, self);
    return draft && draft->process.levels == 1;
}

/* Reads an init and, for its label, its parent process. Returns as scan_process(). */
static int scan_init(struct scanner *scanner, uint32_t pid)
{
    int rc = scan_once(scanner, pid);
    const struct draft *draft = rc == 1 ? draft_of(scanner, pid) : NULL;

    if (draft && draft->process.ppid && scanner->want & NSTREE_WANT_LABELS) {
        int parent = scan_once(scanner, draft->process.ppid);

        rc = parent < 0 ? parent : rc;
    }
    return rc;
}

/* Reads the inits of the namespaces that were met since. Returns 0, -EAGAIN where the kernel did
 * not tell them all, or as scan_process(). */
static int scan_inits(struct scanner *scanner)
{
    while (scanner->inits.n > 0) {
        int rc = scan_init(scanner, scanner->inits.pids[--scanner->inits.n]);

        if (rc < 0)
            return rc;
        if (rc == 0)
            scanner->inits.untold = true;
    }
    return scanner->inits.ask && !scanner->inits.untold ? 0 : -EAGAIN;
}

/* Climbs from parent to parent, which passes through every init on the way, unless a process
 * entered from outside: then returns -EAGAIN. So it does in a circle of parents, which only a
 * forged tree has: then there are more steps than processes that were read. */
static int climb(struct scanner *scanner, uint32_t pid)
{
    for (size_t steps = 0; steps <= scanner->tree->n_drafts; steps++) {
        const struct draft *draft = draft_of(scanner, pid);

        if (!draft)
            return -EAGAIN;
        uint32_t levels = draft->process.levels, number = own_number(&draft->process);
        if (levels == 1)
            return 0;
        pid = draft->process.ppid;
        int rc = pid ? scan_once(scanner, pid) : 0;
        if (rc < 0)
            return rc;
        draft = draft_of(scanner, pid);
        uint32_t above = draft ? draft->process.levels : 0;
        if (above != levels && (above + 1 != levels || number != 1))
            return -EAGAIN;
    }
    return -EAGAIN;
}

int scan_some(struct scanner *scanner, const uint32_t *pids, size_t n)
{
    scanner->inits.ask = is_own_procfs(scanner);
    int rc = scan_once(scanner, 1); /* names the root */

    if (rc >= 0 &&
        !scanner->inits.ask) /* no link of our own says which namespace it is; kthreadd may */
        rc = scan_once(scanner, 2);

    for (size_t i = 0; rc >= 0 && i < n; i++) {
        rc = scan_once(scanner, pids[i]);
        const struct draft *draft = draft_of(scanner, pids[i]);
        if (rc < 0 || !draft)
            continue;
        const struct nstree_process process = draft->process;
        uint64_t key = draft->key;
        /* Whether it entered from outside is said by its parent. */
        rc = process.ppid ? scan_once(scanner, process.ppid) : 0;
        if (rc >= 0 && process.levels > 1)
            rc = key == KEY_UNKNOWN ? -EAGAIN : scan_inits(scanner);
        if (rc == -EAGAIN)
            rc = climb(scanner, process.pid);
    }
    return rc < 0 ? rc : 0;
}
