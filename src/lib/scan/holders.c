/* SPDX-License-Identifier: MIT */
#include "scan/holders.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/number.h"
#include "kernel/parse.h"
#include "kernel/patience.h"

/* Longer than any line of mountinfo: two paths of 4096 bytes, of which each can take four (\040).
 */
#define LINE_BYTES ((size_t)36 << 10)

#define MOUNTS_BYTES_MAX ((size_t)16 << 20)

struct holder {
    struct holders *holders;
    const struct nstree_process *process;
    int dir;     /* its directory */
    bool denied; /* something of it may not be looked at */
    bool named;
    char name[NAME_BYTES_MAX + 1];
};

/* What an errno of one of its files means: 0 to go on without that file, or -ENOMEM, -EMFILE,
 * -ENFILE.
 */
static int judge(struct holder *holder, int error)
{
    int rc = procfs_error(error);

    if (rc == -EACCES)
        holder->denied = true;
    return exhausted(rc);
}

/* Its name, which is read through the directory because the number can be another's by now. */
static const char *name_of(struct holder *holder)
{
    if (!holder->holders->ledger->scanner->fs->live)
        return holder->process->name;
    if (!holder->named) {
        AUTO_LOAN struct loan loan =
            borrowed_withhold(&holder->holders->ledger->scanner->fs->borrowed);
        AUTO_CLOSE int fd = openat(holder->dir, "comm", OPEN_SAFELY | O_NOFOLLOW);
        ssize_t len = fd < 0 ? 0 : read(fd, holder->name, sizeof holder->name - 1);

        if (len > 0 && holder->name[len - 1] == '\n')
            len--;
        holder->name[len > 0 ? len : 0] = '\0';
        holder->named = true;
    }
    return holder->name;
}

/* Hands over an O_PATH descriptor, or a negative errno, if it refers to a namespace. To ask what
 * any other file is could make the caller wait. */
static ssize_t hand_over(int found, int *fd)
{
    if (found < 0)
        return found;
    if (!ns_is(found)) {
        close(found);
        return -EINVAL;
    }
    *fd = found;
    return 0;
}

/*
 * Opens a mount point below `root` as O_PATH. The way to a mount point is always in the kernel's
 * cache. RESOLVE_CACHED (Linux 5.12) insists on that, so that no file system on the way is waited
 * for. Older kernels (EINVAL) may wait.
 */
static int open_point(int root, const char *path)
{
    uint64_t resolve = RESOLVE_NO_SYMLINKS | RESOLVE_IN_ROOT | RESOLVE_CACHED;
    int fd = -EAGAIN; /* there was a rename somewhere: try again */

    for (int tries = 0; tries < 8 && (fd == -EAGAIN || fd == -EINVAL); tries++) {
        fd = open_resolved(root, path, O_PATH | O_CLOEXEC, resolve);
        if (fd == -EINVAL)
            resolve &= ~(uint64_t)RESOLVE_CACHED;
    }
    if (fd != -ENOSYS)
        return fd;
    fd = openat(root, path + strspn(path, "/"), O_PATH | O_CLOEXEC | O_NOFOLLOW);
    return fd < 0 ? -errno : fd;
}

/* The errand for an O_PATH descriptor of the namespace that is mounted where the path in the room
 * leads a process. To open a root on NFS may wait. */
static ssize_t run_mount(const struct errand *errand, struct helper_shared *shared, int *fd)
{
    AUTO_CLOSE int root = openat(errand->dir, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);

    return root < 0 ? -errno : hand_over(open_point(root, shared->room), fd);
}

/* The errand for an O_PATH descriptor of what a link in /proc/PID leads to. It may be no namespace
 * any more. */
static ssize_t run_link(const struct errand *errand, struct helper_shared *shared, int *fd)
{
    int found = openat(errand->dir, errand->path, O_PATH | O_CLOEXEC);

    (void)shared;
    return hand_over(found < 0 ? -errno : found, fd);
}

/* Such a descriptor, or -1. */
static int fetch(const struct holder *holder, const struct errand *errand)
{
    struct patience *patience = holder->holders->ledger->scanner->fs->patience;
    int fd = -1;

    (void)patience_read(patience, errand, holder->process->uid, NULL, &fd);
    return fd;
}

static int open_mount(const struct holder *holder, const char *path)
{
    struct patience *patience = holder->holders->ledger->scanner->fs->patience;
    const struct errand errand = {.run = run_mount, .dir = holder->dir};
    struct helper_shared *shared = helper_room(&patience->helper);

    if (!shared)
        return -1;
    snprintf(shared->room, sizeof shared->room, "%s", path);
    return fetch(holder, &errand);
}

static int open_link(const struct holder *holder, int dir, const char *file)
{
    struct errand errand = {.run = run_link, .dir = dir};

    snprintf(errand.path, sizeof errand.path, "%s", file);
    return fetch(holder, &errand);
}

/* Reports what keeps a namespace, which `dir` and `file` (or keeper->path) lead to. */
static int report(struct holder *holder, uint32_t inode, struct nstree_keeper *keeper, int dir,
                  const char *file)
{
    struct ledger *ledger = holder->holders->ledger;

    keeper->pid = holder->process->pid;
    keeper->name = name_of(holder);
    int rc = ledger_keep(ledger, inode, keeper);
    if (rc != 0 || !ledger_is_unplaced(ledger, inode))
        return rc;
    AUTO_CLOSE int path =
        keeper->path ? open_mount(holder, keeper->path) : open_link(holder, dir, file);
    if (path < 0)
        return 0;
    AUTO_CLOSE int fd = ns_reopen(ledger->scanner->fs->fd, path, inode);
    if (fd >= 0)
        return ledger_place(ledger, inode, fd);
    return exhausted(fd);
}

/* The namespace that a link leads to, into *inode: 0 where it is none that concerns us. Returns as
 * judge(). */
static int look(struct holder *holder, int dir, const char *file, uint32_t *inode)
{
    int rc = ns_read_link(dir, file, inode);

    if (rc != 0 || !ledger_concerns(holder->holders->ledger, *inode))
        *inode = 0;
    return rc == 0 || rc == -EBADMSG ? 0 : judge(holder, -rc);
}

/* The next entry that is a number (and not the `.` or `..` that it may be else); false at the end.
 */
static bool next_number(DIR *dir, const char **name, uint32_t *number)
{
    const struct dirent *entry;

    while ((entry = readdir(dir)) != NULL) {
        if (parse_u32(entry->d_name, strlen(entry->d_name), INT32_MAX, number) == 0) {
            *name = entry->d_name;
            return true;
        }
    }
    return false;
}

static int search_descriptors(struct holder *holder, const char *table)
{
    struct nstree_keeper keeper = {.how = NSTREE_KEEPER_FD};
    const char *name;
    uint32_t inode;
    int rc = 0;
    DIR *dir = open_directory(holder->dir, table);

    if (!dir)
        return judge(holder, errno);
    while (rc == 0 && !holder->denied && next_number(dir, &name, &keeper.fd)) {
        rc = look(holder, dirfd(dir), name, &inode);
        if (rc == 0 && inode)
            rc = report(holder, inode, &keeper, dirfd(dir), name);
    }
    closedir(dir);
    return rc;
}

/* Whether the process has but one thread: the links to `task` say how many there are. */
static bool is_single(const struct holder *holder)
{
    struct stat st;

    return holder->holders->ledger->scanner->fs->live &&
           fstatat(holder->dir, "task", &st, AT_SYMLINK_NOFOLLOW) == 0 && st.st_nlink == 3;
}

/* The threads other than the main one, whose pid_for_children was `main`. Where that one has
 * exited, the descriptors are another's. */
static int search_threads(struct holder *holder, uint32_t main)
{
    bool leaderless = holder->process->flags & NSTREE_PROCESS_LEADERLESS;
    struct nstree_keeper keeper = {.how = NSTREE_KEEPER_THREAD};
    const char *name;
    uint32_t inode;
    char file[64];
    int rc = 0;
    DIR *dir = open_directory(holder->dir, "task");

    if (!dir)
        return judge(holder, errno);
    while (rc == 0 && next_number(dir, &name, &keeper.tid)) {
        if (keeper.tid == holder->process->pid)
            continue;
        if (leaderless) {
            snprintf(file, sizeof file, "task/%u/fd", keeper.tid);
            rc = search_descriptors(holder, file);
            leaderless = false;
        }
        snprintf(file, sizeof file, "task/%u/ns/pid_for_children", keeper.tid);
        rc = rc == 0 ? look(holder, holder->dir, file, &inode) : rc;
        if (rc == 0 && inode && inode != main)
            rc = report(holder, inode, &keeper, holder->dir, file);
    }
    closedir(dir);
    return rc;
}

static int search_children(struct holder *holder)
{
    static const char file[] = "ns/pid_for_children";
    struct nstree_keeper keeper = {.how = NSTREE_KEEPER_CHILDREN};
    uint32_t inode;
    int rc = look(holder, holder->dir, file, &inode);

    if (rc == 0 && inode)
        rc = report(holder, inode, &keeper, holder->dir, file);
    return rc == 0 && !is_single(holder) ? search_threads(holder, inode) : rc;
}

/* What tells apart whose mounts are the same: the mount namespace and, since mountinfo leaves out
 * what is not below it, the root directory. 0 where the links may not be read. */
static uint64_t root_key(const struct holder *holder)
{
    static const char *const links[] = {"ns/mnt", "root"};
    uint64_t hash = HASH_BEGIN;
    char text[512];

    for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
        ssize_t len = readlinkat(holder->dir, links[i], text, sizeof text);

        if (len < 0)
            return 0;
        hash = hash_bytes(hash, text, (size_t)len);
    }
    return hash | 1;
}

static int take_mount(struct holder *holder, const struct mount_line *mount)
{
    struct ledger *ledger = holder->holders->ledger;
    struct nstree_keeper keeper = {.how = NSTREE_KEEPER_MOUNT, .path = mount->path};

    if (!mount->inode || !ledger_concerns(ledger, mount->inode))
        return 0;
    int rc = set_add(&holder->holders->mounts, mount->id + UINT64_C(1));
    /* The same mount through another process, which we may be allowed to open. */
    if (rc <= 0 && !(rc == 0 && ledger_is_unplaced(ledger, mount->inode)))
        return rc;
    if (rc == 1)
        return report(holder, mount->inode, &keeper, -1, "");
    AUTO_CLOSE int path = open_mount(holder, mount->path);
    AUTO_CLOSE int fd = path < 0 ? -1 : ns_reopen(ledger->scanner->fs->fd, path, mount->inode);
    return fd < 0 ? 0 : ledger_place(ledger, mount->inode, fd);
}

/* A file line by line, and no more of it than may be read. */
struct lines {
    int fd;
    char *buffer; /* LINE_BYTES and one */
    size_t at, used;
    size_t left; /* bytes that may still be read */
    size_t read;
};

/* Reads more behind what is left in the buffer. Returns whether there was any. */
static bool read_more(struct lines *lines)
{
    ssize_t got;

    memmove(lines->buffer, lines->buffer + lines->at, lines->used - lines->at);
    lines->used -= lines->at;
    lines->at = 0;
    size_t room = LINE_BYTES - lines->used;
    do
        got = read(lines->fd, lines->buffer + lines->used, room < lines->left ? room : lines->left);
    while (got < 0 && errno == EINTR);
    if (got <= 0)
        return false;
    lines->used += (size_t)got;
    lines->left -= (size_t)got;
    lines->read += (size_t)got;
    return true;
}

/* The next line, NUL-terminated, lent until the one after it; NULL at the end. One that is longer
 * than a line can be comes in pieces. */
static char *next_line(struct lines *lines)
{
    char *end;

    while ((end = memchr(lines->buffer + lines->at, '\n', lines->used - lines->at)) == NULL &&
           lines->used - lines->at < LINE_BYTES && read_more(lines))
        ;
    char *line = lines->buffer + lines->at;
    if (lines->at == lines->used)
        return NULL;
    if (!end)
        end = lines->buffer + lines->used;
    lines->at = (size_t)(end - lines->buffer) + (end < lines->buffer + lines->used);
    *end = '\0';
    return line;
}

/* Reads mountinfo, which any user may. Where the mount namespace could not be told, the id of its
 * first mount tells it. */
static int read_mounts(struct holder *holder, struct lines *lines, bool told)
{
    struct mount_line mount;
    char *line;
    int rc = 0;

    while (rc == 0 && (line = next_line(lines)) != NULL) {
        if (parse_mount_line(line, &mount) != 0)
            continue;
        if (!told) {
            rc = set_add(&holder->holders->roots, (uint64_t)mount.id << 1 | UINT64_C(1) << 63);
            if (rc <= 0)
                return rc;
            told = true;
        }
        rc = take_mount(holder, &mount);
    }
    return rc;
}

/* Reads as much of a mountinfo as the run still may. */
static int read_within(struct holder *holder, int fd, bool told)
{
    AUTO_FREE char *buffer = malloc(LINE_BYTES + 1);
    struct patience *patience = holder->holders->ledger->scanner->fs->patience;
    const uint32_t uid = holder->process->uid;
    struct lines lines = {
        .fd = fd,
        .buffer = buffer,
        .left = budget_left(&patience->mounts, &budget_mounts, uid, MOUNTS_BYTES_MAX),
    };

    if (!buffer)
        return -ENOMEM;
    int rc = read_mounts(holder, &lines, told);
    budget_take(&patience->mounts, uid, lines.read);
    patience->beyond += lines.left == 0;
    return rc;
}

/* All of it as the caller: paths of others lead where they like. */
static int search_mounts(struct holder *holder)
{
    AUTO_LOAN struct loan loan = borrowed_withhold(&holder->holders->ledger->scanner->fs->borrowed);
    uint64_t key = root_key(holder);
    int rc = key ? set_add(&holder->holders->roots, key) : 1;

    if (rc <= 0)
        return rc;
    AUTO_CLOSE int fd = procfs_open_file(holder->holders->ledger->scanner->fs, holder->dir,
                                         "mountinfo", O_NOFOLLOW);
    return fd < 0 ? judge(holder, -fd) : read_within(holder, fd, key != 0);
}

int holders_search(struct holders *holders, const struct nstree_process *process)
{
    struct scanner *scanner = holders->ledger->scanner;
    struct holder holder = {.holders = holders, .process = process};
    bool dead = process->state == 'Z' && !(process->flags & NSTREE_PROCESS_LEADERLESS);
    char name[16];

    if (dead || process->flags & NSTREE_PROCESS_KTHREAD)
        return 0;
    snprintf(name, sizeof name, "%u", process->pid);
    AUTO_CLOSE int dir =
        openat(scanner->fs->fd, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (dir < 0)
        return judge(&holder, errno);
    holder.dir = dir;
    int rc = search_descriptors(&holder, "fd");
    if (rc == 0)
        rc = search_children(&holder);
    if (rc == 0)
        rc = search_mounts(&holder);
    scanner->builder->info.unsearched += holder.denied;
    return rc;
}

void holders_end(struct holders *holders)
{
    map_free(&holders->roots);
    map_free(&holders->mounts);
}
