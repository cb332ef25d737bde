/* SPDX-License-Identifier: MIT */
/* The driver: picks the source, puts the steps in order, and counts what was missed. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "kernel/bpf.h"
#include "kernel/patience.h"
#include "model/finish.h"
#include "scan/all.h"
#include "scan/args.h"
#include "scan/by_bpf.h"
#include "scan/cgroups.h"
#include "scan/contradictions.h"
#include "scan/empty.h"
#include "scan/labels.h"
#include "scan/namespaces.h"
#include "scan/pids.h"
#include "scan/process.h"
#include "scan/prove.h"
#include "scan/unborn.h"

/* For a host's name or a kernel's release. */
#define NAME_ROOM 256

struct job {
    const struct nstree_options *options;
    const char *path;
    struct procfs fs;
    struct patience patience;
    struct stat_clock clock;
    struct scanner scanner;
    struct nstree_error *err;
    enum nstree_source used;
};

/* Whether a process that was read is a member of the root. Drafts are sorted by PID. */
static bool is_root_member(const struct builder *builder, uint32_t pid)
{
    uint32_t index = builder_find(builder, pid);

    return index != MAP_NONE && builder->drafts[index].process.levels == 1;
}

/*
 * Finds the inode of the root where no namespace below it gave it away: from any one member of it.
 * The caller, if it is one, may always read its own link. The init often may not be read, even by
 * root. Of the others, those of the same user are likely to be readable.
 * Without NSpid, the init alone is known to be a member.
 */
static int find_root(struct scanner *scanner, uint32_t self)
{
    const struct builder *builder = scanner->builder;
    const bool flat = builder->info.flat;
    int left = flat ? 0 : 16, rc = 0;

    if (!flat && self && is_root_member(builder, self))
        rc = scan_root(scanner, self);
    if (rc == 0 && is_root_member(builder, 1))
        rc = scan_root(scanner, 1);
    for (size_t i = 0; rc == 0 && left > 0 && i < builder->n_drafts; i++) {
        const struct nstree_process *process = &builder->drafts[i].process;

        if (process->levels != 1 || (geteuid() != 0 && process->uid != geteuid()))
            continue;
        rc = scan_root(scanner, process->pid);
        left--;
    }
    return rc < 0 ? rc : 0;
}

/* Names of the machine: the host's and the kernel's release. A recorded tree was taken on another
 * machine, and has its names. */
static void read_names(const struct procfs *fs, char *host, char *kernel)
{
    struct utsname name;

    host[0] = kernel[0] = '\0';
    if (!fs->live) {
        procfs_line(fs, "sys/kernel/hostname", host, NAME_ROOM);
        procfs_line(fs, "sys/kernel/osrelease", kernel, NAME_ROOM);
    } else if (uname(&name) == 0) {
        snprintf(host, NAME_ROOM, "%s", name.nodename);
        snprintf(kernel, NAME_ROOM, "%s", name.release);
    }
}

static int fill_info(const struct job *job, uint32_t self)
{
    const struct procfs *fs = &job->fs;
    struct builder *builder = job->scanner.builder;
    char host[NAME_ROOM], kernel[NAME_ROOM];

    read_names(fs, host, kernel);
    builder->info.host = arena_string(&builder->arena, host, strlen(host));
    builder->info.kernel = arena_string(&builder->arena, kernel, strlen(kernel));
    if (!builder->info.host || !builder->info.kernel)
        return -ENOMEM;
    builder->info.taken = time(NULL);
    builder->info.source = job->used;
    builder->info.self = fs->live ? self : 0;
    builder->info.foreign = fs->live && !is_root_member(builder, self);
    return 0;
}

static int read_everything(struct job *job)
{
    AUTO_FREE struct procfs_entry *entries = NULL;
    size_t n = 0;
    int rc = procfs_list(&job->fs, &entries, &n);

    if (rc != 0)
        return error_set(job->err, rc == -ENOMEM ? rc : -EIO, "%s: cannot list: %s", job->path,
                         strerror(-rc));
    if (n == 0)
        return error_set(job->err, -ENODATA, "%s: no process there: not a procfs", job->path);
    scan_next_moment(&job->scanner);
    job->scanner.listed = job->scanner.moment;
    for (size_t i = 0; i < n; i++)
        entries[i].since = job->scanner.moment;
    return builder_reserve(job->scanner.builder, n) ?: scan_all(&job->scanner, entries, n);
}

/* Forgets what was read: it may be old by now, or not all. */
static int begin_anew(struct job *job)
{
    builder_free(job->scanner.builder);
    job->scanner.builder = NULL;
    return builder_new(&job->scanner.builder);
}

/* Why the BPF scanner cannot do what is asked for, if it cannot. */
static int check_bpf(struct job *job)
{
    if (!bpf_is_built_in())
        return error_set(job->err, -EOPNOTSUPP, "bpf: not built in");
    if (job->options->proc)
        return error_set(job->err, -EOPNOTSUPP, "bpf: cannot read another procfs: %s", job->path);
    if (job->options->want & NSTREE_WANT_ARGS)
        return error_set(job->err, -EOPNOTSUPP, "bpf: cannot read command lines");
    if (job->options->want & NSTREE_WANT_USAGE)
        return error_set(job->err, -EOPNOTSUPP, "bpf: cannot read usage");
    if (!scan_is_own(&job->scanner))
        return error_set(job->err, -EOPNOTSUPP,
                         "bpf: %s belongs to another PID namespace than the caller", job->path);
    return 0;
}

/* All processes by BPF, where that was asked for, or works and pays. Returns 0, -EAGAIN where the
 * procfs has to be read instead, or another negative errno. */
static int read_by_bpf(struct job *job)
{
    const bool asked = job->options->source == NSTREE_SOURCE_BPF;

    if (!asked && job->options->want & NSTREE_WANT_USAGE)
        return -EAGAIN; /* nearly all of it would have to be read from the procfs */
    if (!asked && (job->options->source != NSTREE_SOURCE_AUTO || !scan_bpf_pays(&job->scanner)))
        return -EAGAIN;
    int rc = check_bpf(job) ?: scan_bpf(&job->scanner, job->err);
    if (rc == 0)
        job->used = NSTREE_SOURCE_BPF;
    if (rc == 0 || asked)
        return rc;
    if (job->err)
        job->err->text[0] = '\0';
    return begin_anew(job) ?: -EAGAIN;
}

/* Whether labels can rest on other processes than those that place a process, as those of WSL on
 * process 2 of a namespace. */
static bool labels_need_all(const struct job *job)
{
    char host[NAME_ROOM], kernel[NAME_ROOM];

    if (!(job->options->want & NSTREE_WANT_LABELS))
        return false;
    read_names(&job->fs, host, kernel);
    return labels_is_wsl(kernel);
}

/* Only some processes where that was asked for and is enough, else all. */
static int read_processes(struct job *job)
{
    const struct nstree_options *options = job->options;
    int rc = -EAGAIN;

    if (options->source == NSTREE_SOURCE_BPF && check_bpf(job) != 0)
        return -EOPNOTSUPP;
    /* BPF reports all, and each namespace then costs calls. */
    if (options->n_pids > 0 && !labels_need_all(job)) {
        job->scanner.builder->info.partial = true;
        rc = scan_pids(&job->scanner, options->pids, options->n_pids);
        if (rc == -EAGAIN)
            rc = begin_anew(job) ?: -EAGAIN;
    }
    if (rc == -EAGAIN)
        rc = read_by_bpf(job);
    return rc == -EAGAIN ? read_everything(job) : rc;
}

/* No process has an NSpid, so nothing says which are nested: all are shown in the root. */
static int read_flat(struct job *job)
{
    struct scanner *scanner = &job->scanner;
    int rc = begin_anew(job);

    if (rc != 0)
        return rc;
    scanner->builder->info.flat = true;
    scanner->builder->info.complete = false;
    scanner->reader.flat = true;
    scanner->want &= ~(uint32_t)NSTREE_WANT_EMPTY; /* any namespace can have members */
    scanner->too_old = 0;
    return read_everything(job);
}

/* Reads processes, with NSpid or, where none has one, without. */
static int read_any(struct job *job)
{
    struct scanner *scanner = &job->scanner;
    int rc = read_processes(job);

    if (rc == 0 && scanner->too_old > 0 && scanner->builder->info.partial) {
        scanner->too_old = 0; /* those that were not asked for may have one */
        rc = begin_anew(job) ?: read_everything(job);
    }
    if (rc == 0 && scanner->too_old > 0 && scanner->builder->n_drafts == 0)
        rc = read_flat(job);
    if (rc == 0)
        scanner->builder->info.malformed += scanner->too_old;
    return rc;
}

/* Nothing was read at all: why? */
static int explain_nothing(const struct job *job)
{
    const struct scanner *scanner = &job->scanner;
    const struct nstree_info *info = &scanner->builder->info;

    if (info->hidden > 0)
        return error_set(job->err, -EACCES, "%s: no process may be read", job->path);
    if (job->options->n_pids > 0 && info->malformed == 0)
        return error_set(job->err, -ENOENT, "%s: no such process", job->path);
    return error_set(job->err, -ENODATA, "%s: no process could be read: not a procfs", job->path);
}

/* Adds the namespaces without members. Processes that have begun meanwhile are read as well, and
 * can contradict those that were read before. */
static int add_empty(struct job *job)
{
    struct scanner *scanner = &job->scanner;
    bool bpf = job->used == NSTREE_SOURCE_BPF;

    if (job->options->source == NSTREE_SOURCE_AUTO && !bpf)
        bpf = bpf_is_built_in() && !job->options->proc && scan_is_own(scanner);
    return (bpf ? scan_unborn(scanner) : 0) ?: scan_empty(scanner) ?: scan_contradictions(scanner)
           ?: builder_sort(scanner->builder);
}

static int scan_procfs(struct job *job)
{
    struct scanner *scanner = &job->scanner;
    uint32_t self = procfs_self(&job->fs);
    int rc = read_any(job) ?: scan_contradictions(scanner);

    if (rc != 0)
        return rc;
    if (scanner->builder->n_drafts == 0)
        return explain_nothing(job);
    rc = builder_sort(scanner->builder);
    if (rc == 0 && builder_root_key(scanner->builder) == KEY_UNKNOWN)
        rc = find_root(scanner, self);
    rc = rc ?: fill_info(job, self);
    if (rc == 0 && scanner->want & NSTREE_WANT_EMPTY)
        rc = add_empty(job);
    rc = rc ?: scan_prove(scanner);
    rc = rc ?: scan_cgroups(scanner);
    if (rc == 0 && scanner->want & NSTREE_WANT_ARGS)
        rc = scan_args(scanner);
    return rc ?: finish_places(scanner->builder) ?: scan_labels(scanner);
}

/* Counts what other processes kept from being read. */
static void count_patience(struct job *job)
{
    const struct patience *patience = &job->patience;
    struct nstree_info *info = &job->scanner.builder->info;

    info->given_up = patience->unanswered;
    info->left_out = patience->beyond;
    info->failed += patience->wanting;
}

static int open_procfs(struct job *job)
{
    int rc = procfs_open(job->path, &job->fs);

    if (rc == 0)
        return 0;
    error_set(job->err, rc, "%s: %s", job->path, strerror(-rc));
    switch (rc) {
    case -ENOENT:
    case -ENOTDIR:
    case -EACCES:
    case -EMFILE:
    case -ENOMEM:
        return rc;
    default:
        return -EIO;
    }
}

static bool are_valid(const struct nstree_options *options)
{
    return options->size >= sizeof *options && options->source <= NSTREE_SOURCE_BPF &&
           (options->n_pids == 0 || options->pids) &&
           (options->n_others_of == 0 || options->others_of);
}

/* Readies what is read with, scans, and ends all of that but the builder. */
static int run(struct job *job)
{
    struct scanner *scanner = &job->scanner;
    const struct nstree_options *options = job->options;

    job->fs.patience = &job->patience;
    *scanner = (struct scanner){.fs = &job->fs,
                                .want = options->want,
                                .others_of = options->others_of,
                                .n_others_of = options->n_others_of};
    scanner->only_pids = options->n_pids > 0;
    if (scanner->only_pids)
        scanner->want &= ~(uint32_t)NSTREE_WANT_EMPTY;
    scanner->reader.fs = &job->fs;
    scanner->reader.outsider = geteuid() != 0;
    if (options->want & NSTREE_WANT_USAGE) {
        job->clock = procfs_clock(&job->fs);
        scanner->reader.clock = &job->clock;
    }
    int rc = builder_new(&scanner->builder) ?: scan_procfs(job);
    if (rc == 0)
        count_patience(job);
    patience_end(&job->patience);
    procfs_reader_free(&scanner->reader);
    return rc;
}

int nstree_scan(const struct nstree_options *options, struct nstree **out, struct nstree_error *err)
{
    static const struct nstree_options defaults = {.size = sizeof defaults};
    struct job job = {
        .options = options ? options : &defaults, .err = err, .used = NSTREE_SOURCE_PROCFS};
    struct borrowed borrowed;

    if (!are_valid(job.options))
        return error_set(err, -EINVAL, "invalid options");
    job.path = job.options->proc ? job.options->proc : "/proc";
    if (borrowed_look(&borrowed) != 0)
        return error_set(err, -EACCES, "cannot part with capabilities");
    AUTO_LOAN struct loan loan =
        job.options->proc ? borrowed_withhold(&borrowed) : borrowed_lend(&borrowed);
    int rc = open_procfs(&job);
    if (rc != 0)
        return rc;
    if (!job.options->proc)
        job.fs.borrowed = borrowed;
    if (err)
        err->text[0] = '\0';
    rc = run(&job) ?: finish_tree(job.scanner.builder, out);
    builder_free(job.scanner.builder);
    procfs_close(&job.fs);
    if (rc == -ENFILE)
        rc = -EMFILE;
    if (rc != 0 && err && err->text[0] == '\0')
        error_set(err, rc, "%s: %s", job.path, strerror(-rc));
    return rc;
}

bool nstree_has_source(enum nstree_source source)
{
    return source <= NSTREE_SOURCE_RECORDING && (source != NSTREE_SOURCE_BPF || bpf_is_built_in());
}
