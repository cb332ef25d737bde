/* SPDX-License-Identifier: MIT */
#include "evidence.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "mem.h"
#include "parse.h"

#ifndef SYS_openat2 /* the same on all architectures (Linux 5.6) */
#define SYS_openat2 437
#endif

/* As in procfs.c: neither wait for a FIFO, nor take a terminal, nor follow a link. */
#define OPEN_FLAGS (O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW)

#define FILE_BYTES_MAX ((size_t)1 << 20)
#define STATUS_BYTES_MAX ((size_t)1 << 20)

/* What each fact is read from, and how much of it at most. */
static const struct {
    const char *file;
    bool is_link;
    bool in_pieces; /* a short read is not yet its end */
    size_t max;
} sources[FACT_FILE] = {
    [FACT_CGROUP] = {"cgroup", false, false, (size_t)64 << 10},
    [FACT_CMDLINE] = {"cmdline", false, false, (size_t)64 << 10},
    [FACT_ENVIRON] = {"environ", false, false, (size_t)128 << 10},
    [FACT_MOUNTS] = {"mountinfo", false, true, (size_t)1 << 20},
    [FACT_MNT_NS] = {"ns/mnt", true, false, 64},
    [FACT_USER_NS] = {"ns/user", true, false, 64},
    [FACT_EXE] = {"exe", true, false, 4096},
    [FACT_CWD] = {"cwd", true, false, 4096},
};

void witness_open(struct witness *witness, const struct procfs *fs, const char *name, uint32_t pid,
                  uint32_t uid)
{
    *witness = (struct witness){
        .evidence = {.name = name, .pid = pid, .uid = uid},
        .fs = fs,
        .dir = -1,
        .root = -1,
        .open = true,
    };
}

void witness_tell_mnt_ns(struct witness *witness, uint32_t inode)
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
    if (witness->root >= 0)
        close(witness->root);
    *witness = (struct witness){0};
}

static int witness_dir(struct witness *witness)
{
    char name[16];

    if (witness->dir < 0 && !witness->is_gone) {
        AUTO_LOAN struct loan loan = borrowed_lend(&witness->fs->borrowed);

        snprintf(name, sizeof name, "%u", (unsigned)witness->evidence.pid);
        witness->dir =
            openat(witness->fs->fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
        witness->is_gone = witness->dir < 0;
    }
    return witness->dir;
}

static bool is_regular(int fd)
{
    struct stat st;

    return fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

/* Reads an open file, at most `max` of it, into *buffer. Returns the bytes, or a negative errno. */
static ssize_t read_bounded(int fd, char **buffer, size_t max, bool in_pieces)
{
    size_t size = 0, len = 0;
    AUTO_FREE char *text = NULL;

    for (;;) {
        if (len == size) {
            size_t more = size == 0 ? 4096 : size * 4;
            char *grown = realloc(text, more < max ? more : max);

            if (!grown)
                return -ENOMEM;
            text = grown;
            size = more < max ? more : max;
        }
        ssize_t got = read(fd, text + len, size - len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -errno;
        len += (size_t)got;
        if (got == 0 || len == max || (!in_pieces && len < size))
            break;
    }
    *buffer = text;
    text = NULL;
    return (ssize_t)len;
}

static ssize_t read_file(struct witness *witness, enum fact fact)
{
    AUTO_CLOSE int fd = openat(witness_dir(witness), sources[fact].file, OPEN_FLAGS);

    /* The kernel's own are all regular; a recorded tree may hold anything. */
    if (fd < 0 || (!witness->fs->live && !is_regular(fd)))
        return -1;
    return read_bounded(fd, &witness->buffers[fact], sources[fact].max, sources[fact].in_pieces);
}

/* A link, through the directory if that is held. It is not opened for a link alone: most processes
 * are asked for ns/mnt and nothing else, and whatever comes of more is checked by witness_is(). */
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

/* What was read, `len` of it, if that is not an error. */
static struct text text_read(const char *buffer, ssize_t len)
{
    struct text text = {0};

    if (len >= 0) {
        text.at = buffer;
        text.len = (size_t)len;
    }
    return text;
}

/* The status of the process whose directory is held, as it is now. */
static bool read_status(const struct procfs *fs, int dir, struct status *status, char **text)
{
    AUTO_LOAN struct loan loan = borrowed_lend(&fs->borrowed);
    AUTO_CLOSE int fd = dir < 0 ? -1 : openat(dir, "status", OPEN_FLAGS);

    if (fd < 0 || (!fs->live && !is_regular(fd)))
        return false;
    ssize_t len = read_bounded(fd, text, STATUS_BYTES_MAX, false);
    return len > 0 && parse_status(*text, (size_t)len, true, status) == 0;
}

bool witness_has_uid(struct witness *witness)
{
    AUTO_FREE char *text = NULL;
    struct status status;

    return read_status(witness->fs, witness_dir(witness), &status, &text) &&
           status.uid == witness->evidence.uid;
}

/*
 * Whether what leads away from the process whose directory is held may be followed by borrowed
 * privileges: it is root's, and in the caller's user namespace. That is asked before, and again
 * afterwards: root's processes turn into others (login, su), who can stop the caller in between,
 * but none turns into root's that has a root directory of its own choice.
 */
static bool may_follow(const struct procfs *fs, int dir)
{
    AUTO_FREE char *text = NULL;
    char own[64], its[64];
    struct status status;

    if (fs->borrowed.effective == 0 || dir < 0)
        return false;
    AUTO_LOAN struct loan loan = borrowed_lend(&fs->borrowed);
    ssize_t own_len = readlinkat(fs->fd, "self/ns/user", own, sizeof own);
    ssize_t its_len = readlinkat(dir, "ns/user", its, sizeof its);
    return own_len > 0 && own_len == its_len && memcmp(own, its, (size_t)own_len) == 0 &&
           read_status(fs, dir, &status, &text) && status.uid == 0;
}

struct text witness_fact(struct witness *witness, enum fact fact)
{
    bool space = fact == FACT_MNT_NS || fact == FACT_USER_NS;
    bool follow = !space && sources[fact].is_link && may_follow(witness->fs, witness_dir(witness));
    AUTO_LOAN struct loan loan =
        space || follow ? borrowed_lend(&witness->fs->borrowed) : (struct loan){0};
    ssize_t len = sources[fact].is_link       ? read_link(witness, fact)
                  : witness_dir(witness) >= 0 ? read_file(witness, fact)
                                              : -1;

    if (follow && !may_follow(witness->fs, witness_dir(witness)))
        len = -1;
    return text_read(witness->buffers[fact], len);
}

/* The root of a process: a link that only the kernel's procfs may be trusted to lead right; in a
 * recorded tree it has to be a directory. */
static int witness_root(struct witness *witness)
{
    int follow = witness->fs->live ? 0 : O_NOFOLLOW;

    if (witness->root >= 0 || witness_dir(witness) < 0)
        return witness->root;
    witness->lent = may_follow(witness->fs, witness_dir(witness));
    AUTO_LOAN struct loan loan =
        witness->lent ? borrowed_lend(&witness->fs->borrowed) : (struct loan){0};
    witness->root = openat(witness->dir, "root", O_PATH | O_DIRECTORY | O_CLOEXEC | follow);
    if (witness->root >= 0 && witness->lent && !may_follow(witness->fs, witness_dir(witness))) {
        close(witness->root);
        witness->root = -1;
    }
    return witness->root;
}

/* Opens a path as a process with that root would find it, whatever links stand in the way. */
static int open_beneath(int root, const char *path, int flags)
{
    struct open_how how = {
        .flags = (uint64_t)(unsigned)flags,
        .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
    };

    return (int)syscall(SYS_openat2, root, path, &how, sizeof how);
}

/* Opens a regular file. It is looked at before it is opened, for opening a device can do things.
 * Returns -ENOENT also where something else stands there. */
static int open_regular(int root, const char *path)
{
    struct stat before, after;
    AUTO_CLOSE int seen = open_beneath(root, path, O_PATH | O_NOFOLLOW | O_CLOEXEC);

    if (seen < 0)
        return -errno;
    if (fstat(seen, &before) != 0 || !S_ISREG(before.st_mode))
        return -ENOENT;
    int fd = open_beneath(root, path, OPEN_FLAGS);
    if (fd < 0)
        return -errno;
    if (fstat(fd, &after) != 0 || after.st_dev != before.st_dev || after.st_ino != before.st_ino ||
        !S_ISREG(after.st_mode)) {
        close(fd);
        return -ENOENT;
    }
    return fd;
}

struct text witness_file(struct witness *witness, const char *path, char **buffer, bool *readable)
{
    int root = witness_root(witness);
    AUTO_LOAN struct loan loan =
        witness->lent ? borrowed_lend(&witness->fs->borrowed) : (struct loan){0};
    AUTO_CLOSE int fd = root < 0 ? -EACCES : open_regular(root, path);

    *readable = fd >= 0 || fd == -ENOENT || fd == -ENOTDIR || fd == -ELOOP;
    ssize_t len = fd < 0 ? -1 : read_bounded(fd, buffer, FILE_BYTES_MAX, true);
    return text_read(*buffer, len);
}

bool witness_is(struct witness *witness, const struct nstree_process *process)
{
    AUTO_FREE char *text = NULL;
    struct status status;

    return read_status(witness->fs, witness_dir(witness), &status, &text) &&
           status.levels == process->levels && status.ppid == process->ppid &&
           status.uid == process->uid &&
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
