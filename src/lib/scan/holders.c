/* SPDX-License-Identifier: MIT */
#include "scan/holders.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/number.h"
#include "kernel/parse.h"
#include "kernel/patience.h"

/* Longer than any line of mountinfo: two paths of 4096 bytes, each escaped as four (\040). */
#define LINE_BYTES ((size_t)36 << 10)

#define MOUNTS_BYTES_MAX ((size_t)16 << 20)

struct holder {
    struct holders *holders;
    struct ledger *ledger;
    const struct procfs *fs;
    const struct nstree_process *process;
    int dir;     /* its directory */
    bool denied; /* something of it may not be looked at */
    bool named;
    char name[NAME_BYTES_MAX + 1];
};

/* Counts an errno of one of its files. Returns 0 to go on without that file, or -ENOMEM, -EMFILE or
 * -ENFILE. */
static int check_error(struct holder *holder, int error)
{
    int rc = procfs_error(error);

    if (rc == -EACCES)
        holder->denied = true;
    return exhausted(rc);
}

/* Its name, read through the directory: its PID can be another process's by now. */
static const char *name_of(struct holder *holder)
{
    if (!holder->fs->live)
        return holder->process->name;
    if (!holder->named) {
        AUTO_LOAN struct loan loan = borrowed_withhold(&holder->fs->borrowed);
        AUTO_CLOSE int fd = openat(holder->dir, "comm", OPEN_FLAGS | O_NOFOLLOW);
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
 * cache. OPEN_CACHED (Linux 5.12) insists on that, so that no file system on the way is waited
 * for. Older kernels (EINVAL) may wait.
 */
static int open_point(int root, const char *path)
{
    uint64_t resolve = OPEN_NO_SYMLINKS | OPEN_IN_ROOT | OPEN_CACHED;
    int fd = -EAGAIN; /* there was a rename somewhere: try again */

    for (int tries = 0; tries < 8 && (fd == -EAGAIN || fd == -EINVAL); tries++) {
        fd = file_open(root, path, O_PATH | O_CLOEXEC, resolve);
        if (fd == -EINVAL)
            resolve &= ~(uint64_t)OPEN_CACHED;
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
    int found = openat(errand->dir, shared->room, O_PATH | O_CLOEXEC);

    return hand_over(found < 0 ? -errno : found, fd);
}

/* Sends a helper for such a descriptor, with a path in the room. Returns it, or -1. */
static int open_by_helper(const struct holder *holder,
                          ssize_t (*run)(const struct errand *, struct helper_shared *, int *),
                          int dir, const char *path)
{
    struct patience *patience = holder->fs->patience;
    struct helper_shared *shared = helper_room(&patience->helper);
    const struct errand errand = {.run = run, .dir = dir};
    int fd = -1;

    if (shared)
        snprintf(shared->room, sizeof shared->room, "%s", path);
    (void)patience_read(patience, &errand, holder->process->uid, NULL, &fd);
    return fd;
}

/* Places a namespace by an O_PATH descriptor, or by none (-1), which it closes. */
static int place(struct holder *holder, uint32_t inode, int path)
{
    AUTO_CLOSE int closed = path;
    AUTO_CLOSE int fd = closed < 0 ? -1 : ns_reopen(holder->fs->fd, closed, inode);

    return fd < 0 ? exhausted(fd) : ledger_place(holder->ledger, inode, fd);
}

/* Reports a keeper of the namespace that `dir` and `file`, or keeper->path, lead to. */
static int report(struct holder *holder, uint32_t inode, struct nstree_keeper *keeper, int dir,
                  const char *file)
{
    keeper->pid = holder->process->pid;
    keeper->name = name_of(holder);
    int rc = ledger_keep(holder->ledger, inode, keeper);
    if (rc != 0 || !ledger_is_unplaced(holder->ledger, inode))
        return rc;
    return place(holder, inode,
                 keeper->path ? open_by_helper(holder, run_mount, holder->dir, keeper->path)
                              : open_by_helper(holder, run_link, dir, file));
}

/* Reads which namespace a link leads to. *inode is 0 if it has members, or is no PID namespace.
 * Returns as check_error(). */
static int look(struct holder *holder, int dir, const char *file, uint32_t *inode)
{
    int rc = ns_read_link(dir, file, inode);

    if (*inode && !ledger_concerns(holder->ledger, *inode))
        *inode = 0;
    return rc == 0 || rc == -EBADMSG ? 0 : check_error(holder, -rc);
}

/* Finds the next entry that is a decimal number. Returns false at the end. */
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
    AUTO_CLOSEDIR DIR *dir = open_directory(holder->dir, table);

    if (!dir)
        return check_error(holder, errno);
    while (rc == 0 && !holder->denied && next_number(dir, &name, &keeper.fd)) {
        rc = look(holder, dirfd(dir), name, &inode);
        if (rc == 0 && inode)
            rc = report(holder, inode, &keeper, dirfd(dir), name);
    }
    return rc;
}

/* Whether the process has one thread: `task` has one link for each, and two more. */
static bool is_single(const struct holder *holder)
{
    struct stat st;

    return holder->fs->live && fstatat(holder->dir, "task", &st, AT_SYMLINK_NOFOLLOW) == 0 &&
           st.st_nlink == 3;
}

/* Looks at all threads but the main one, whose pid_for_children was `main`. If that one has exited,
 * another one shows the descriptors. */
static int search_threads(struct holder *holder, uint32_t main)
{
    bool leaderless = holder->process->flags & NSTREE_PROCESS_LEADERLESS;
    struct nstree_keeper keeper = {.how = NSTREE_KEEPER_THREAD};
    const char *name;
    uint32_t inode;
    char file[64];
    int rc = 0;
    AUTO_CLOSEDIR DIR *dir = open_directory(holder->dir, "task");

    if (!dir)
        return check_error(holder, errno);
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

/* A key of what mountinfo shows: the mount namespace and, as only mounts below it are shown, the
 * root directory. 0 if these links may not be read. */
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
    struct nstree_keeper keeper = {.how = NSTREE_KEEPER_MOUNT, .path = mount->path};

    if (!mount->inode || !ledger_concerns(holder->ledger, mount->inode))
        return 0;
    uint64_t id = mount->id + UINT64_C(1);
    if (!set_has(&holder->holders->mounts, id))
        return set_add(&holder->holders->mounts, id)
                   ?: report(holder, mount->inode, &keeper, -1, "");
    /* It was found before, but could not be opened through the process that had it. */
    if (!ledger_is_unplaced(holder->ledger, mount->inode))
        return 0;
    return place(holder, mount->inode, open_by_helper(holder, run_mount, holder->dir, mount->path));
}

/* Reads a file line by line, up to a limit. */
struct lines {
    int fd;
    char *buffer; /* LINE_BYTES and one */
    size_t at, used;
    size_t left; /* bytes that may still be read */
};

/* Appends to what is left in the buffer. Returns false at the end of the file. */
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
    return true;
}

/* The next line, NUL-terminated, valid until the next call; NULL at the end. A line that is longer
 * than LINE_BYTES comes in pieces. */
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

/* Reads mountinfo, which any user may. If the mount namespace is not known yet, the ID of its first
 * mount identifies it. */
static int read_mounts(struct holder *holder, struct lines *lines, bool known)
{
    struct mount_line mount;
    char *line;
    int rc = 0;

    while (rc == 0 && (line = next_line(lines)) != NULL) {
        if (parse_mount_line(line, &mount) != 0)
            continue;
        uint64_t root = (uint64_t)mount.id << 1 | UINT64_C(1) << 63;
        if (!known && set_has(&holder->holders->roots, root))
            return 0;
        rc = (known ? 0 : set_add(&holder->holders->roots, root)) ?: take_mount(holder, &mount);
        known = true;
    }
    return rc;
}

/* Reads mountinfo, as much as the budget of the run allows. */
static int read_within(struct holder *holder, int fd, bool known)
{
    AUTO_FREE char *buffer = malloc(LINE_BYTES + 1);
    struct patience *patience = holder->fs->patience;
    const uint32_t uid = holder->process->uid;
    const size_t max = budget_left(&patience->mounts, &budget_mounts, uid, MOUNTS_BYTES_MAX);
    struct lines lines = {.fd = fd, .buffer = buffer, .left = max};

    if (!buffer)
        return -ENOMEM;
    int rc = read_mounts(holder, &lines, known);
    budget_take(&patience->mounts, uid, max - lines.left);
    patience->beyond += lines.left == 0;
    return rc;
}

/* All of this with the caller's own privileges: paths of others lead anywhere. */
static int search_mounts(struct holder *holder)
{
    AUTO_LOAN struct loan loan = borrowed_withhold(&holder->fs->borrowed);
    uint64_t key = root_key(holder);

    if (set_has(&holder->holders->roots, key))
        return 0;
    if (key && set_add(&holder->holders->roots, key) != 0)
        return -ENOMEM;
    AUTO_CLOSE int fd = procfs_open_file(holder->fs, holder->dir, "mountinfo", O_NOFOLLOW);
    return fd < 0 ? check_error(holder, -fd) : read_within(holder, fd, key != 0);
}

/* Counts a process of which something may not be looked at, and keeps its PID. */
static int count_denied(struct builder *builder, uint32_t pid)
{
    struct nstree_info *info = &builder->info;
    uint32_t *pids = (uint32_t *)info->unsearched_pids; /* nobody else has it yet */

    if (!pids) {
        pids = arena_alloc(&builder->arena, NSTREE_UNSEARCHED_MAX * sizeof *pids);
        if (!pids)
            return -ENOMEM;
        info->unsearched_pids = pids;
    }
    if (info->n_unsearched_pids < NSTREE_UNSEARCHED_MAX)
        pids[info->n_unsearched_pids++] = pid;
    info->unsearched++;
    return 0;
}

int holders_search(struct holders *holders, const struct nstree_process *process)
{
    struct scanner *scanner = holders->ledger->scanner;
    struct holder holder = {
        .holders = holders, .ledger = holders->ledger, .fs = scanner->fs, .process = process};
    bool dead = process->state == 'Z' && !(process->flags & NSTREE_PROCESS_LEADERLESS);
    char name[16];

    if (dead || process->flags & NSTREE_PROCESS_KTHREAD)
        return 0;
    snprintf(name, sizeof name, "%u", process->pid);
    AUTO_CLOSE int dir =
        openat(scanner->fs->fd, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (dir < 0)
        return check_error(&holder, errno);
    holder.dir = dir;
    int rc = search_descriptors(&holder, "fd");
    if (rc == 0)
        rc = search_children(&holder);
    if (rc == 0)
        rc = search_mounts(&holder);
    return rc == 0 && holder.denied ? count_denied(scanner->builder, process->pid) : rc;
}

void holders_end(struct holders *holders)
{
    map_free(&holders->roots);
    map_free(&holders->mounts);
}
