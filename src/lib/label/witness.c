/* SPDX-License-Identifier: MIT */
#include "label/witness.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "kernel/parse.h"
#include "kernel/patience.h"

#define FILE_BYTES_MAX ((size_t)1 << 20)
#define STATUS_BYTES_MAX ((size_t)1 << 20)
#define ROOT_MOUNT_BYTES ((size_t)8 << 10) /* of mountinfo: the root is among the first mounts */

/* Where each fact is read. */
static const struct {
    const char *file;
    bool is_link;
    bool in_pieces; /* a short read is not the end */
    bool waits;     /* it takes the lock of the process's memory, which others can hold */
    size_t max;
} sources[FACT_FILE] = {
    [FACT_CGROUP] = {.file = "cgroup", .max = (size_t)64 << 10},
    [FACT_CMDLINE] = {.file = "cmdline", .waits = true, .max = (size_t)64 << 10},
    [FACT_ENVIRON] = {.file = "environ", .waits = true, .max = (size_t)128 << 10},
    [FACT_MOUNTS] = {.file = "mountinfo", .in_pieces = true, .max = (size_t)1 << 20},
    [FACT_MNT_NS] = {.file = "ns/mnt", .is_link = true, .max = 64},
    [FACT_USER_NS] = {.file = "ns/user", .is_link = true, .max = 64},
    [FACT_EXE] = {.file = "exe", .is_link = true, .max = 4096},
    [FACT_CWD] = {.file = "cwd", .is_link = true, .max = 4096},
};

void witness_open(struct witness *witness, const struct procfs *fs, const char *name, uint32_t pid,
                  uint32_t uid)
{
    *witness = (struct witness){
        .evidence = {.name = name, .pid = pid, .uid = uid},
        .fs = fs,
        .dir = -1,
        .open = true,
    };
}

void witness_set_mnt_ns(struct witness *witness, uint32_t inode)
{
    struct text *fact = &witness->evidence.facts[FACT_MNT_NS];

    if (inode == 0)
        return;
    fact->at = witness->mnt_ns;
    fact->len = (size_t)snprintf(witness->mnt_ns, sizeof witness->mnt_ns, "mnt:[%u]", inode);
    witness->evidence.read |= 1U << FACT_MNT_NS;
}

void witness_close(struct witness *witness)
{
    if (!witness->open)
        return;
    for (size_t i = 0; i < FACT_FILE; i++)
        free(witness->buffers[i]);
    if (witness->dir >= 0)
        close(witness->dir);
    *witness = (struct witness){0};
}

/* Counts a read that failed for lack of memory or descriptors. */
static void count_exhausted(const struct witness *witness, ssize_t error)
{
    if (witness->fs->patience && exhausted((int)error))
        witness->fs->patience->wanting++;
}

static int witness_dir(struct witness *witness)
{
    char name[16];

    if (witness->dir >= 0 || witness->is_gone)
        return witness->dir;
    AUTO_LOAN struct loan loan = borrowed_lend(&witness->fs->borrowed);
    snprintf(name, sizeof name, "%u", (unsigned)witness->evidence.pid);
    witness->dir = openat(witness->fs->fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    witness->is_gone = witness->dir < 0;
    count_exhausted(witness, witness->is_gone ? -errno : 0);
    return witness->dir;
}

/* How much of a file of at most `max` bytes is within the budget. */
static size_t room_for(const struct witness *witness, size_t max)
{
    struct patience *patience = witness->fs->patience;
    size_t left = max;

    if (patience)
        left = budget_left(&patience->labels, &budget_labels, witness->evidence.uid, max);
    if (left == 0)
        patience->beyond++;
    return left;
}

/* Counts what was read against the budget, which had cut `wanted` bytes to `max`. */
static void count_read(const struct witness *witness, ssize_t len, size_t max, size_t wanted)
{
    struct patience *patience = witness->fs->patience;

    if (!patience || len < 0)
        return;
    budget_take(&patience->labels, witness->evidence.uid, (size_t)len);
    patience->beyond += (size_t)len == max && max < wanted;
}

/* Runs an errand that can block, in a helper if possible. Returns the number of bytes in *buffer,
 * or a negative errno. */
static ssize_t fetch(const struct witness *witness, const struct errand *errand, char **buffer)
{
    AUTO_FREE struct helper_shared *own = NULL;
    const char *bytes = NULL;
    int none = -1;
    ssize_t len;

    if (witness->fs->patience && witness->fs->live) {
        len = patience_read(witness->fs->patience, errand, witness->evidence.uid, &bytes, NULL);
    } else {
        own = malloc(sizeof *own);
        len = own ? errand->run(errand, own, &none) : -ENOMEM;
        bytes = own ? own->room : NULL;
    }
    if (len < 0)
        return len;
    *buffer = malloc((size_t)len + 1);
    if (!*buffer)
        return -ENOMEM;
    memcpy(*buffer, bytes, (size_t)len);
    return len;
}

static ssize_t read_into_room(int fd, struct helper_shared *shared, size_t max, bool in_pieces)
{
    char *room = shared->room;

    return file_read(fd, &room, &max, max, in_pieces); /* of full size: not reallocated */
}

/* The errand for a file of /proc/PID. */
static ssize_t run_fact(const struct errand *errand, struct helper_shared *shared, int *none)
{
    AUTO_CLOSE int fd = openat(errand->dir, errand->path, OPEN_FLAGS | O_NOFOLLOW);

    (void)none;
    return fd < 0 ? -errno : read_into_room(fd, shared, errand->max, false);
}

static ssize_t read_file(struct witness *witness, enum fact fact)
{
    const struct procfs *fs = witness->fs;
    size_t max = room_for(witness, sources[fact].max), size = 0;
    char **buffer = &witness->buffers[fact];
    ssize_t len;

    if (max == 0)
        return -1;
    if (fs->live && sources[fact].waits) {
        struct errand errand = {.run = run_fact, .dir = witness_dir(witness), .max = max};

        strcpy(errand.path, sources[fact].file);
        len = fetch(witness, &errand, buffer);
    } else {
        AUTO_CLOSE int fd =
            procfs_open_file(fs, witness_dir(witness), sources[fact].file, O_NOFOLLOW);

        len = fd < 0 ? fd : file_read(fd, buffer, &size, max, sources[fact].in_pieces);
        count_exhausted(witness, len);
    }
    count_read(witness, len, max, sources[fact].max);
    return len;
}

/* Reads a link, through the directory of the process if that is open. It is not opened for the sake
 * of a link: ns/mnt is all that is asked of most processes, and witness_is() checks any other. */
static ssize_t read_link(struct witness *witness, enum fact fact)
{
    char text[4096], path[64] = "";
    bool held = witness->dir >= 0;

    if (!held)
        snprintf(path, sizeof path, "%u/", (unsigned)witness->evidence.pid);
    strcat(path, sources[fact].file);
    ssize_t len = readlinkat(held ? witness->dir : witness->fs->fd, path, text, sources[fact].max);
    if (len <= 0)
        return -1;
    witness->buffers[fact] = malloc((size_t)len);
    if (!witness->buffers[fact])
        return -1;
    memcpy(witness->buffers[fact], text, (size_t)len);
    return len;
}

/* `len` can be a negative errno. */
static struct text text_read(const char *buffer, ssize_t len)
{
    if (len < 0)
        return (struct text){0};
    return (struct text){buffer, (size_t)len};
}

/* Reads the status of the process whose directory is open, as it is now. */
static bool read_status(struct witness *witness, struct status *status, char **text)
{
    const struct procfs *fs = witness->fs;
    AUTO_LOAN struct loan loan = borrowed_lend(&fs->borrowed);
    int dir = witness_dir(witness);
    AUTO_CLOSE int fd = dir < 0 ? -1 : procfs_open_file(fs, dir, "status", O_NOFOLLOW);
    size_t size = 0;

    count_exhausted(witness, fd);
    if (fd < 0)
        return false;
    ssize_t len = file_read(fd, text, &size, STATUS_BYTES_MAX, false);
    return len > 0 && parse_status(*text, (size_t)len, true, status) == 0;
}

bool witness_has_uid(struct witness *witness)
{
    AUTO_FREE char *text = NULL;
    struct status status;

    return read_status(witness, &status, &text) && status.uid == witness->evidence.uid;
}

/*
 * Whether borrowed privileges may follow the links of the process whose directory is open: only if
 * it is root's, and in the caller's user namespace. This is checked before and again afterwards: a
 * process of root's can become a user's (login, su), who can stop this program in between. But no
 * process that chose its own root directory becomes root's. The buffer has a fixed size, as a
 * helper has no heap; root has too few groups to overflow it.
 */
static bool may_follow(const struct borrowed *borrowed, int dir)
{
    char text[16384], own[64], its[64];
    struct status status;

    if (borrowed->effective == 0 || dir < 0)
        return false;
    AUTO_LOAN struct loan loan = borrowed_lend(borrowed);
    ssize_t own_len = readlinkat(dir, "../self/ns/user", own, sizeof own);
    ssize_t its_len = readlinkat(dir, "ns/user", its, sizeof its);
    if (own_len <= 0 || own_len != its_len || memcmp(own, its, (size_t)own_len) != 0)
        return false;
    AUTO_CLOSE int fd = openat(dir, "status", OPEN_FLAGS | O_NOFOLLOW);
    ssize_t len = fd < 0 ? -1 : read(fd, text, sizeof text);
    return len > 0 && parse_status(text, (size_t)len, len < (ssize_t)sizeof text, &status) == 0 &&
           status.uid == 0;
}

struct text witness_fact(struct witness *witness, enum fact fact)
{
    bool ns_link = fact == FACT_MNT_NS || fact == FACT_USER_NS;
    bool follow = !ns_link && sources[fact].is_link &&
                  may_follow(&witness->fs->borrowed, witness_dir(witness));
    AUTO_LOAN struct loan loan =
        ns_link || follow ? borrowed_lend(&witness->fs->borrowed) : (struct loan){0};
    ssize_t len = sources[fact].is_link       ? read_link(witness, fact)
                  : witness_dir(witness) >= 0 ? read_file(witness, fact)
                                              : -1;

    if (follow && !may_follow(&witness->fs->borrowed, witness_dir(witness)))
        len = -1;
    return text_read(witness->buffers[fact], len);
}

/* The ID of the mount that is the root directory of a process, in its mountinfo. */
static bool read_root_mount(const struct procfs *fs, int dir, const char *path, char *id,
                            size_t size)
{
    AUTO_FREE char *buffer = NULL;
    AUTO_CLOSE int fd = procfs_open_file(fs, dir, path, 0);
    size_t room = 0;
    ssize_t len = fd < 0 ? fd : file_read(fd, &buffer, &room, ROOT_MOUNT_BYTES, true);

    text_copy(id, size, len > 0 ? mount_of_root(text_read(buffer, len)) : (struct text){0});
    return id[0] != '\0';
}

/*
 * Whether a process has the caller's root directory, by world-readable files: the same mount is on
 * "/" for both. A mount is in one mount namespace, and its ID is not used again while the caller
 * has it (mnt_alloc_id() in fs/namespace.c). A root directory that is not the root of a mount has
 * no such line (show_mountinfo() in fs/proc_namespace.c leaves out what is not below it).
 */
static bool has_own_root(struct witness *witness)
{
    const struct procfs *fs = witness->fs;
    char own[24], its[24];

    if (witness->root == ROOT_UNKNOWN) {
        bool same = read_root_mount(fs, fs->fd, "self/mountinfo", own, sizeof own) &&
                    read_root_mount(fs, witness_dir(witness), "mountinfo", its, sizeof its) &&
                    strcmp(own, its) == 0;

        witness->root = same ? ROOT_OWN : ROOT_OTHER;
    }
    return witness->root == ROOT_OWN;
}

/* Whether the root directory of a process must be opened as the caller's own. */
static bool must_take_own_root(struct witness *witness)
{
    char byte;

    return witness->fs->live && witness_dir(witness) >= 0 &&
           readlinkat(witness_dir(witness), "root", &byte, 1) < 0 && errno == EACCES &&
           has_own_root(witness);
}

/* Opens a regular file as a process with that root would find it. The file is examined before it is
 * opened, as to open a device can have effects, and then reopened, as its path may lead elsewhere
 * by then. Returns -ENOENT also for anything but a regular file. */
static int open_regular(int dir, int root, const char *path)
{
    struct stat st;
    AUTO_CLOSE int seen =
        file_open(root, path, O_PATH | O_NOFOLLOW | O_CLOEXEC, OPEN_IN_ROOT | OPEN_NO_MAGICLINKS);

    if (seen < 0)
        return seen;
    if (fstat(seen, &st) != 0 || !S_ISREG(st.st_mode))
        return -ENOENT;
    return reopen(dir, "../self", seen);
}

/* Opens the root of a process, or the caller's in its place. The link `root` is trusted only in the
 * kernel's procfs; in a recorded one it must be a directory. */
static int open_root(const struct errand *errand, const struct borrowed *borrowed)
{
    const int flags = O_PATH | O_DIRECTORY | O_CLOEXEC | (errand->live ? 0 : O_NOFOLLOW);
    int root = errand->n == ROOT_OWN ? open("/", flags) : openat(errand->dir, "root", flags);

    if (root >= 0 && (errand->lend == 0 || may_follow(borrowed, errand->dir)))
        return root;
    if (root >= 0)
        close(root);
    return -EACCES;
}

/* The errand for a file below the root of a process. */
static ssize_t run_beneath(const struct errand *errand, struct helper_shared *shared, int *none)
{
    const struct borrowed borrowed = {.effective = errand->lend};
    AUTO_LOAN struct loan loan = borrowed_lend(&borrowed);
    AUTO_CLOSE int root = open_root(errand, &borrowed);

    (void)none;
    if (root < 0)
        return root;
    AUTO_CLOSE int fd = open_regular(errand->live ? errand->dir : AT_FDCWD, root, errand->path);
    return fd < 0 ? fd : read_into_room(fd, shared, errand->max, true);
}

/* Appends the names of a directory in the kernel's format (getdents64(2)) to the room, and leaves
 * out those that are no lines. Returns the new length. */
static size_t take_names(const char *entries, size_t size, char *room, size_t len, size_t max)
{
    const size_t length_at = 16, name_at = 19;
    unsigned short length;

    for (size_t at = 0; at + name_at < size; at += length) {
        const char *name = entries + at + name_at;
        size_t name_len = strlen(name);

        memcpy(&length, entries + at + length_at, sizeof length);
        if (memchr(name, '\n', name_len) || len + name_len + 1 > max)
            continue;
        memcpy(room + len, name, name_len + 1);
        room[len + name_len] = '\n';
        len += name_len + 1;
    }
    return len;
}

static ssize_t read_names(int dir, struct helper_shared *shared, size_t max)
{
    _Alignas(8) char entries[16384];
    size_t len = 0;
    long got;

    while ((got = syscall(SYS_getdents64, dir, entries, sizeof entries)) > 0)
        len = take_names(entries, (size_t)got, shared->room, len, max);
    return got < 0 ? -errno : (ssize_t)len;
}

/* The errand for the names in a directory. In a recorded procfs it belongs to the one who made
 * that. */
static ssize_t run_names(const struct errand *errand, struct helper_shared *shared, int *none)
{
    const struct borrowed borrowed = {.effective = errand->lend};
    AUTO_LOAN struct loan loan = borrowed_lend(&borrowed);
    AUTO_CLOSE int root = open_root(errand, &borrowed);
    struct stat st;

    (void)none;
    if (root < 0)
        return root;
    AUTO_CLOSE int fd =
        file_open(root, errand->path, OPEN_FLAGS | O_DIRECTORY, OPEN_IN_ROOT | OPEN_NO_MAGICLINKS);
    if (fd < 0)
        return fd;
    if (fstat(fd, &st) != 0 || (errand->live && (st.st_uid != 0 || (st.st_mode & 022) != 0)))
        return -EACCES;
    return read_names(fd, shared, errand->max);
}

struct text witness_root(struct witness *witness)
{
    return must_take_own_root(witness) ? text_of("own") : witness->evidence.facts[FACT_MNT_NS];
}

/* Sends `errand` below the root of the process. */
static struct text beneath(struct witness *witness, struct errand *errand, const char *path,
                           char **buffer, bool *readable)
{
    size_t max = room_for(witness, FILE_BYTES_MAX);
    const struct borrowed *borrowed = &witness->fs->borrowed;
    const bool lent = may_follow(borrowed, witness_dir(witness));
    ssize_t len = -EACCES;

    errand->dir = witness_dir(witness);
    errand->max = max;
    errand->live = witness->fs->live;
    errand->lend = lent ? borrowed->effective : 0;
    if (!lent && must_take_own_root(witness)) /* which nothing is ever lent for */
        errand->n = ROOT_OWN;
    if (max > 0 && errand->dir >= 0 && strlen(path) < sizeof errand->path) {
        strcpy(errand->path, path);
        len = fetch(witness, errand, buffer);
    }
    count_read(witness, len, max, FILE_BYTES_MAX);
    *readable = len >= 0 || len == -ENOENT || len == -ENOTDIR || len == -ELOOP;
    return text_read(*buffer, len);
}

struct text witness_file(struct witness *witness, const char *path, char **buffer, bool *readable)
{
    struct errand errand = {.run = run_beneath};

    return beneath(witness, &errand, path, buffer, readable);
}

struct text witness_names(struct witness *witness, const char *path, char **buffer, bool *readable)
{
    struct errand errand = {.run = run_names};

    return beneath(witness, &errand, path, buffer, readable);
}

bool witness_is(struct witness *witness, const struct nstree_process *process)
{
    AUTO_FREE char *text = NULL;
    struct status status;

    return read_status(witness, &status, &text) && status.levels == process->levels &&
           status.ppid == process->ppid && status.uid == process->uid &&
           memcmp(status.nspid, process->nspid, status.levels * sizeof *status.nspid) == 0;
}

uint32_t witness_namespace(struct witness *witness, const char *type)
{
    char path[32], text[64];
    uint32_t inode;

    if (witness_dir(witness) < 0)
        return 0;
    snprintf(path, sizeof path, "ns/%s", type);
    AUTO_LOAN struct loan loan = borrowed_lend(&witness->fs->borrowed);
    ssize_t len = readlinkat(witness->dir, path, text, sizeof text);
    return len >= 0 && parse_link(text, (size_t)len, type, &inode) == 0 ? inode : 0;
}
