/* SPDX-License-Identifier: MIT */
#include "kernel/procfs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/number.h"
#include "kernel/nsfs.h"
#include "kernel/open.h"
#include "kernel/parse.h"

#define PROCFS_MAGIC 0x9fa0 /* linux/magic.h */

/* Up to 65,536 groups of 11 bytes each, and the rest (setgroups(2), fs/proc/array.c). */
#define STATUS_BYTES_MAX ((size_t)1 << 20)
/* One line for each hierarchy, with a path of at most 4096 bytes. */
#define CGROUP_BYTES_MAX ((size_t)256 << 10)
/* The interrupts of a large machine take most of it (show_stat() in fs/proc/stat.c). */
#define STAT_BYTES_MAX ((size_t)1 << 20)
#define THREADS_TRIED 16

int procfs_open(const char *path, struct procfs *out)
{
    struct statfs fs;
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        return -errno;
    *out = (struct procfs){.fd = fd};
    out->live = fstatfs(fd, &fs) == 0 && fs.f_type == PROCFS_MAGIC;
    return 0;
}

void procfs_close(struct procfs *fs)
{
    close(fs->fd);
}

int procfs_open_file(const struct procfs *fs, int dir, const char *path, int flags)
{
    struct stat st;

    if (fs->live) {
        int fd = openat(dir, path, OPEN_FLAGS | flags);
        return fd < 0 ? -errno : fd;
    }
    AUTO_CLOSE int seen = openat(dir, path, O_PATH | O_CLOEXEC | flags);
    if (seen < 0)
        return -errno;
    if (fstat(seen, &st) != 0 || !S_ISREG(st.st_mode))
        return -EINVAL;
    return reopen(AT_FDCWD, "/proc/self", seen);
}

int procfs_list(const struct procfs *fs, struct procfs_entry **out, size_t *n)
{
    AUTO_CLOSEDIR DIR *dir = open_directory(fs->fd, ".");
    AUTO_FREE struct procfs_entry *entries = NULL;
    size_t capacity = 0, count = 0;
    const struct dirent *found;

    if (!dir)
        return -errno;
    while (errno = 0, (found = readdir(dir)) != NULL) {
        uint32_t pid;

        if (parse_u32(found->d_name, strlen(found->d_name), NSTREE_PID_LIMIT - 1, &pid) != 0 ||
            found->d_name[0] == '0')
            continue;
        struct procfs_entry *grown = array_room(entries, &capacity, count + 1, sizeof *entries);
        if (!grown)
            return -ENOMEM;
        entries = grown;
        entries[count++] = (struct procfs_entry){.inode = found->d_ino, .pid = pid};
    }
    if (errno != 0)
        return -errno;
    *out = entries;
    *n = count;
    entries = NULL;
    return 0;
}

/* An entry as getdents64(2) writes it. */
struct raw_entry {
    uint64_t inode;
    int64_t offset;
    uint16_t size;
    uint8_t type;
    char name[];
};

/* Counts directories among entries up to the first process. Returns whether there was one. */
static bool count_directories(const char *bytes, size_t len, size_t *n)
{
    const size_t least = offsetof(struct raw_entry, name) + 1;

    for (size_t at = 0; at + least <= len;) {
        struct raw_entry entry;
        const char *name = bytes + at + offsetof(struct raw_entry, name);

        memcpy(&entry, bytes + at, offsetof(struct raw_entry, name));
        if (*name >= '1' && *name <= '9')
            return true;
        *n += entry.type == DT_DIR && *name != '.';
        at += entry.size >= least ? entry.size : least;
    }
    return false;
}

size_t procfs_links(const struct procfs *fs)
{
    struct stat st;

    return fstat(fs->fd, &st) == 0 ? (size_t)st.st_nlink : 0;
}

/* The kernel lists processes last. The small buffer keeps it from listing all of them. */
size_t procfs_fixed_links(const struct procfs *fs)
{
    char bytes[1024];
    size_t links = 2;
    bool met = false;
    long len = 1;
    AUTO_CLOSE int fd = openat(fs->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    while (fd >= 0 && !met && (len = syscall(SYS_getdents64, fd, bytes, sizeof bytes)) > 0)
        met = count_directories(bytes, (size_t)len, &links);
    return met ? links : 0;
}

void procfs_reader_free(struct procfs_reader *reader)
{
    free(reader->status);
    free(reader->cgroup);
}

/* "PID/file": 10 digits, a slash, the longest file name, a NUL. */
struct path {
    char text[32];
    size_t file; /* where that begins */
};

static struct path path_of(uint32_t pid)
{
    struct path path = {.file = 0};
    char digits[10];
    int n = 0;

    do {
        digits[n++] = (char)('0' + pid % 10);
        pid /= 10;
    } while (pid > 0);
    while (n > 0)
        path.text[path.file++] = digits[--n];
    path.text[path.file++] = '/';
    return path;
}

/* The path of a file of that process, valid until the next call. */
static const char *path_to(struct path *path, const char *file)
{
    strcpy(path->text + path->file, file); /* all of them are short */
    return path->text;
}

int procfs_error(int error)
{
    /* By a path it is ENOENT, by what is still open of the process ESRCH. */
    if (error == ENOENT || error == ESRCH)
        return -ESRCH;
    if (error == EACCES || error == EPERM)
        return -EACCES;
    return exhausted(-error) ? -error : -EBADMSG;
}

static void fill_record(struct procfs_reader *reader, uint32_t pid, const struct status *status)
{
    struct record *record = &reader->record;

    memcpy(reader->nspid, status->nspid, status->levels * sizeof *reader->nspid);
    memcpy(reader->name, status->name, status->name_len + 1);
    reader->denied = false;
    *record = (struct record){
        .nspid = reader->nspid,
        .name = reader->name,
        .name_len = status->name_len,
        .pid = pid,
        .ppid = status->ppid,
        .uid = status->uid,
        .levels = status->levels,
        .state = status->state,
    };
    if (status->kthread)
        record->flags |= NSTREE_PROCESS_KTHREAD;
    if (status->state == 'Z' && status->threads > 1)
        record->flags |= NSTREE_PROCESS_LEADERLESS;
    if (!reader->clock)
        return;
    reader->usage.rss = status->rss <= USAGE_MAX ? status->rss : NSTREE_USAGE_UNKNOWN;
    reader->usage.threads = status->threads ? status->threads : NSTREE_USAGE_UNKNOWN;
    record->usage = &reader->usage;
}

static int read_status(struct procfs_reader *reader, int fd, uint32_t pid)
{
    struct status status;
    ssize_t len = file_read(fd, &reader->status, &reader->status_size, STATUS_BYTES_MAX, false);

    if (len < 0)
        return procfs_error((int)-len);
    bool whole = (size_t)len < reader->status_size;
    int rc = reader->clock ? parse_status_usage(reader->status, (size_t)len, whole, &status)
                           : parse_status(reader->status, (size_t)len, whole, &status);
    if (rc == -EOPNOTSUPP && reader->flat) {
        status.nspid[0] = status.tgid;
        status.levels = 1;
        rc = 0;
    }
    if (rc != 0)
        return rc == -EOPNOTSUPP || rc == -ESRCH ? rc : -EBADMSG;
    fill_record(reader, pid, &status);
    /* The PID of a thread is not listed, but opens. */
    if (status.tgid != pid)
        return -ESRCH;
    /* NSpid begins with the namespace of the procfs, so first with the name of the directory. */
    return reader->nspid[0] == pid ? 0 : -EBADMSG;
}

/* The memory that a thread has, from its status; 0 where it has none or is gone. */
static uint64_t read_memory(struct procfs_reader *reader, int task, const char *tid)
{
    struct status status;
    char path[32];

    if (snprintf(path, sizeof path, "%s/status", tid) >= (int)sizeof path)
        return 0;
    AUTO_CLOSE int fd = procfs_open_file(reader->fs, task, path, O_NOFOLLOW);
    ssize_t len =
        fd < 0 ? 0 : file_read(fd, &reader->status, &reader->status_size, STATUS_BYTES_MAX, false);
    if (len <= 0 || parse_status_usage(reader->status, (size_t)len, true, &status) != 0)
        return 0;
    return status.rss <= USAGE_MAX ? status.rss : 0;
}

/*
 * Reads the memory of a process whose main thread has exited, and with it gave up what all threads
 * share (exit_mm() in kernel/exit.c), from another thread. Else a process could hide its memory so.
 * It stays unknown where none of the first threads has it.
 */
static void read_memory_of_threads(struct procfs_reader *reader, struct path *path)
{
    AUTO_CLOSEDIR DIR *dir = open_directory(reader->fs->fd, path_to(path, "task"));
    const struct dirent *found;
    int left = THREADS_TRIED;

    while (dir && left > 0 && (found = readdir(dir)) != NULL) {
        if (*found->d_name < '1' || *found->d_name > '9')
            continue;
        uint64_t rss = read_memory(reader, dirfd(dir), found->d_name);
        if (rss > 0) {
            reader->usage.rss = rss;
            return;
        }
        left--;
    }
}

/*
 * Reads the times of a process whose status file is open and not read yet. If that can be read
 * later, its process has had the PID all the time, and so both files are of one process
 * (proc_single_show() in fs/proc/base.c). Where the times may not be read, or were not recorded,
 * they are unknown.
 */
static int read_times(struct procfs_reader *reader, struct path *path)
{
    char text[2048]; /* 52 numbers of at most 20 digits, and a name */
    AUTO_CLOSE int fd =
        procfs_open_file(reader->fs, reader->fs->fd, path_to(path, "stat"), O_NOFOLLOW);
    ssize_t len = fd < 0 ? fd : read(fd, text, sizeof text);

    if (fd >= 0 && len < 0)
        len = -errno;
    (void)stat_parse(text, len > 0 ? (size_t)len : 0, reader->clock, &reader->usage);
    if (len >= 0)
        return 0;
    int rc = procfs_error((int)-len);
    return rc == -EACCES || rc == -EBADMSG || (rc == -ESRCH && !reader->fs->live) ? 0 : rc;
}

/* Reads the cgroup file of a process, as the caller. Returns its length, or 0. */
static size_t read_cgroup(struct procfs_reader *reader, uint32_t pid)
{
    AUTO_LOAN struct loan loan = borrowed_withhold(&reader->fs->borrowed);
    struct path path = path_of(pid);
    AUTO_CLOSE int fd =
        procfs_open_file(reader->fs, reader->fs->fd, path_to(&path, "cgroup"), O_NOFOLLOW);

    if (fd < 0)
        return 0;
    ssize_t len = file_read(fd, &reader->cgroup, &reader->cgroup_size, CGROUP_BYTES_MAX, false);
    return len > 0 ? (size_t)len : 0;
}

uint64_t procfs_cgroup(struct procfs_reader *reader, uint32_t pid)
{
    size_t len = reader->cgroup_len = read_cgroup(reader, pid);

    return len > 0 ? hash_bytes(HASH_BEGIN, reader->cgroup, len) : 0;
}

/* The inode that a path below the procfs has now, 0 if there is none. */
static uint64_t inode_at(const struct procfs *fs, const char *path)
{
    struct stat st;

    return fstatat(fs->fd, path, &st, AT_SYMLINK_NOFOLLOW) == 0 ? st.st_ino : 0;
}

/*
 * Checks that a process that was listed, or whose status file is open, is still there. If so, the
 * PID has been its own until now. Every lookup by path checks that the process is alive
 * (pid_revalidate() in fs/proc/base.c). Once it is not, the path leads to a new entry with another
 * inode, or nowhere. (To read the file again would cost ten times as much.)
 *
 * Returns 0, -ESRCH, or -EAGAIN where only the status file can tell: under memory pressure the
 * directory of a living process can get another inode, but an open file keeps its own.
 */
static int check_alive(const struct procfs *fs, struct path *path, const struct procfs_entry *entry,
                       int status)
{
    struct stat held;

    if (entry->inode) {
        uint64_t now = inode_at(fs, path_to(path, ""));
        return now == entry->inode ? 0 : now ? -EAGAIN : -ESRCH;
    }
    if (fstat(status, &held) != 0 || inode_at(fs, path_to(path, "status")) != held.st_ino)
        return -ESRCH;
    return 0;
}

void procfs_look_up(const struct procfs *fs, struct procfs_entry *entry)
{
    struct path path = path_of(entry->pid);

    entry->inode = inode_at(fs, path_to(&path, ""));
}

bool procfs_is_same(const struct procfs *fs, const struct procfs_entry *entry)
{
    struct path path = path_of(entry->pid);

    return entry->inode && inode_at(fs, path_to(&path, "")) == entry->inode;
}

/* One attempt at a process. Returns as procfs_read(), or -EAGAIN as check_alive(). */
static int read_process(struct procfs_reader *reader, const struct procfs_entry *entry)
{
    struct record *record = &reader->record;
    struct path path = path_of(entry->pid);
    uint32_t inode;
    AUTO_CLOSE int fd =
        procfs_open_file(reader->fs, reader->fs->fd, path_to(&path, "status"), O_NOFOLLOW);

    if (fd < 0)
        return procfs_error(-fd);
    int rc = reader->clock ? read_times(reader, &path) : 0;
    rc = rc ?: read_status(reader, fd, entry->pid);
    if (rc != 0)
        return rc;
    record->dir = entry->inode;
    record->since = entry->since;
    record->deferred = record->levels > 1 && reader->defers && entry->inode &&
                       reader->nspid[record->levels - 1] != 1;
    bool paths = false; /* whether more was read, by its path */
    if (record->usage && record->flags & NSTREE_PROCESS_LEADERLESS) {
        read_memory_of_threads(reader, &path);
        paths = true;
    }
    if (record->levels > 1 && !record->deferred) {
        reader->denied = ns_read_link(reader->fs->fd, path_to(&path, "ns/pid"), &inode) != 0;
        record->ns = inode;
        paths = paths || !reader->outsider || !reader->denied;
    }
    return paths ? check_alive(reader->fs, &path, entry, fd) : 0;
}

int procfs_read(struct procfs_reader *reader, const struct procfs_entry *entry)
{
    int rc = read_process(reader, entry);

    return rc == -EAGAIN ? read_process(reader, &(struct procfs_entry){.pid = entry->pid}) : rc;
}

size_t procfs_line(const struct procfs *fs, const char *path, char *text, size_t size)
{
    AUTO_CLOSE int fd = procfs_open_file(fs, fs->fd, path, 0);
    ssize_t len = fd < 0 ? 0 : read(fd, text, size - 1);

    text[len > 0 ? len : 0] = '\0';
    text[strcspn(text, "\n")] = '\0';
    return strlen(text);
}

struct stat_clock procfs_clock(const struct procfs *fs)
{
    AUTO_FREE char *text = NULL;
    size_t size = 0;

    if (fs->live)
        return stat_clock_here();
    AUTO_CLOSE int fd = procfs_open_file(fs, fs->fd, "stat", O_NOFOLLOW);
    ssize_t len = fd < 0 ? 0 : file_read(fd, &text, &size, STAT_BYTES_MAX, true);
    return stat_clock_of(text ? text : "", len > 0 ? (size_t)len : 0);
}

uint32_t procfs_self(const struct procfs *fs)
{
    char text[16];
    uint32_t pid;
    ssize_t len = readlinkat(fs->fd, "self", text, sizeof text);

    if (len <= 0 || parse_u32(text, (size_t)len, NSTREE_PID_LIMIT - 1, &pid) != 0)
        return 0;
    return pid;
}

uint32_t procfs_inode(const struct procfs *fs, uint32_t pid)
{
    struct path path = path_of(pid);
    uint32_t inode;

    (void)ns_read_link(fs->fd, path_to(&path, "ns/pid"), &inode);
    return inode;
}

/* The ID of the mount that a descriptor is on (proc_pid_fdinfo(5)), 0 if not known. */
static unsigned long mount_id(int fd)
{
    char path[48], line[64];
    unsigned long id = 0;

    snprintf(path, sizeof path, "/proc/self/fdinfo/%d", fd);
    FILE *file = fopen(path, "re");
    while (file && id == 0 && fgets(line, sizeof line, file))
        (void)sscanf(line, "mnt_id: %lu", &id);
    if (file)
        fclose(file);
    return id;
}

bool procfs_hides(const struct procfs *fs)
{
    AUTO_LOAN struct loan loan = borrowed_withhold(&fs->borrowed);
    unsigned long wanted = mount_id(fs->fd), id;
    FILE *file = wanted ? fopen("/proc/self/mountinfo", "re") : NULL;
    bool hides = true;
    size_t size = 0;
    AUTO_FREE char *line = NULL;

    while (file && hides && getline(&line, &size, file) > 0) {
        if (sscanf(line, "%lu", &id) == 1 && id == wanted)
            hides = strstr(line, "hidepid=") != NULL;
    }
    if (file)
        fclose(file);
    return hides;
}

int procfs_open_ns(const struct procfs *fs, uint32_t pid, uint32_t inode)
{
    struct path path = path_of(pid);
    int fd = openat(fs->fd, path_to(&path, "ns/pid"), O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return -errno;
    if (ns_inode(fd) != inode) { /* another process has that PID now */
        close(fd);
        return -ESRCH;
    }
    return fd;
}
