/* SPDX-License-Identifier: MIT */
/* A few processes without reading all: each one, the namespaces above it, and their inits. */
#include <errno.h>
#include <unistd.h>

#include "scan/scan.h"

struct few {
    struct scanner *scanner;
    struct map drafts; /* PID to index; those that could not be read are not in it */
};

/* The process as it was read before; NULL if it was not. */
static const struct draft *draft_of(const struct few *few, uint32_t pid)
{
    uint32_t index = map_get(&few->drafts, pid);

    return index == MAP_NONE ? NULL : &few->scanner->builder->drafts[index];
}

/* Reads a process unless it was read before. Returns as scan_process(). */
static int scan_once(struct few *few, uint32_t pid)
{
    struct scanner *scanner = few->scanner;
    const uint32_t index = (uint32_t)scanner->builder->n_drafts;
    int rc;

    if (draft_of(few, pid))
        return 1;
    if (scanner->reader.outsider) {
        /* He may have to go by parents, which have to be proven (scan_prove.c). */
        rc = scan_pid(scanner, pid);
    } else {
        scan_next_moment(scanner);
        rc = scan_process(scanner, &(struct procfs_entry){.pid = pid});
    }
    return rc == 1 && map_put(&few->drafts, pid, index) != 0 ? -ENOMEM : rc;
}

/* Whether the caller is a member of the procfs's own namespace, so that the numbers that the kernel
 * gives it are numbers of that procfs. */
static bool is_own_procfs(struct few *few)
{
    uint32_t self = procfs_self(few->scanner->fs);
    const struct draft *draft;

    if (!few->scanner->fs->live || self != (uint32_t)getpid() || scan_once(few, self) != 1)
        return false;
    draft = draft_of(few, self);
    return draft && draft->process.levels == 1;
}

/* Reads an init and, for its label, its parent process. Returns as scan_process(). */
static int scan_init(struct few *few, uint32_t pid)
{
    int rc = scan_once(few, pid);
    const struct draft *draft = rc == 1 ? draft_of(few, pid) : NULL;

    if (draft && draft->process.ppid && few->scanner->want & NSTREE_WANT_LABELS) {
        int parent = scan_once(few, draft->process.ppid);

        rc = parent < 0 ? parent : rc;
    }
    return rc;
}

/* Reads the inits of the namespaces that were met since. Returns 0, -EAGAIN where the kernel did
 * not tell them all, or as scan_process(). */
static int scan_inits(struct few *few)
{
    while (few->scanner->inits.n > 0) {
        int rc = scan_init(few, few->scanner->inits.pids[--few->scanner->inits.n]);

        if (rc < 0)
            return rc;
        if (rc == 0)
            few->scanner->inits.untold = true;
    }
    return few->scanner->inits.ask && !few->scanner->inits.untold ? 0 : -EAGAIN;
}

/* Climbs from parent to parent, which passes through every init on the way, unless a process
 * entered from outside: then returns -EAGAIN. So it does in a circle of parents, which only a
 * forged tree has: then there are more steps than processes that were read. */
static int climb(struct few *few, uint32_t pid)
{
    for (size_t steps = 0; steps <= few->scanner->builder->n_drafts; steps++) {
        const struct draft *draft = draft_of(few, pid);

        if (!draft)
            return -EAGAIN;
        uint32_t levels = draft->process.levels, number = own_pid(&draft->process);
        if (levels == 1)
            return 0;
        pid = draft->process.ppid;
        int rc = pid ? scan_once(few, pid) : 0;
        if (rc < 0)
            return rc;
        draft = draft_of(few, pid);
        uint32_t above = draft ? draft->process.levels : 0;
        if (above != levels && (above + 1 != levels || number != 1))
            return -EAGAIN;
    }
    return -EAGAIN;
}

/* One that was asked for, and what places it. Returns 0, or as scan_some(). */
static int scan_asked(struct few *few, uint32_t pid)
{
    int rc = scan_once(few, pid);
    const struct draft *draft = rc < 0 ? NULL : draft_of(few, pid);

    if (!draft)
        return rc < 0 ? rc : 0;
    const struct nstree_process process = draft->process;
    uint64_t key = draft->key;
    /* Whether it entered from outside is said by its parent. */
    rc = process.ppid ? scan_once(few, process.ppid) : 0;
    if (rc >= 0 && process.levels > 1)
        rc = key == KEY_UNKNOWN ? -EAGAIN : scan_inits(few);
    if (rc == -EAGAIN)
        rc = climb(few, process.pid);
    return rc < 0 ? rc : 0;
}

int scan_some(struct scanner *scanner, const uint32_t *pids, size_t n)
{
    struct few few = {.scanner = scanner};

    scanner->inits.ask = is_own_procfs(&few);
    int rc = scan_once(&few, 1); /* names the root */

    if (rc >= 0 &&
        !scanner->inits.ask) /* no link of our own says which namespace it is; kthreadd may */
        rc = scan_once(&few, 2);
    for (size_t i = 0; rc >= 0 && i < n; i++)
        rc = scan_asked(&few, pids[i]);
    map_free(&few.drafts);
    return rc < 0 ? rc : 0;
}
