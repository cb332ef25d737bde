/* SPDX-License-Identifier: MIT */
#include "kernel/nsfs.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "kernel/borrowed.h"
#include "kernel/open.h"
#include "kernel/parse.h"

/* The headers of the build machine (linux/nsfs.h, linux/magic.h) can be older than the kernel that
 * this runs on. */
#define IOCTL_NS_GET_USERNS _IO(0xb7, 0x1)
#define IOCTL_NS_GET_PARENT _IO(0xb7, 0x2)
#define IOCTL_NS_GET_NSTYPE _IO(0xb7, 0x3)
#define IOCTL_NS_GET_OWNER_UID _IO(0xb7, 0x4)
#define IOCTL_NS_GET_PID_FROM_PIDNS _IOR(0xb7, 0x6, int)
#define IOCTL_NS_GET_ID _IOR(0xb7, 0xd, uint64_t)
#define NSFS_MAGIC 0x6e736673

int ns_read_link(int dir, const char *path, uint32_t *inode)
{
    char text[32];
    ssize_t len = readlinkat(dir, path, text, sizeof text);

    *inode = 0;
    if (len < 0)
        return -errno;
    return parse_ns_link(text, (size_t)len, inode) == 0 ? 0 : -EBADMSG;
}

bool ns_is(int path)
{
    struct statfs kind;

    return fstatfs(path, &kind) == 0 && kind.f_type == NSFS_MAGIC;
}

uint32_t ns_inode(int ns)
{
    struct stat st;

    return fstat(ns, &st) == 0 && st.st_ino <= UINT32_MAX ? (uint32_t)st.st_ino : 0;
}

int ns_parent(int ns, uint32_t *inode)
{
    int fd = ioctl(ns, IOCTL_NS_GET_PARENT);

    if (fd < 0)
        return -errno;
    if (inode)
        *inode = ns_inode(fd);
    return fd;
}

void ns_owner(int ns, struct ns_record *record)
{
    uid_t uid;
    AUTO_CLOSE int fd = ioctl(ns, IOCTL_NS_GET_USERNS);

    if (fd < 0)
        return;
    record->user_ns = ns_inode(fd);
    /* The initial one is root's, and only those who are in it can have it opened. */
    if (record->user_ns == USER_INITIAL_INODE)
        record->owner_uid = 0;
    else if (ioctl(fd, IOCTL_NS_GET_OWNER_UID, &uid) == 0)
        record->owner_uid = uid;
}

uint64_t ns_id(int ns)
{
    uint64_t id = 0;

    return ioctl(ns, IOCTL_NS_GET_ID, &id) == 0 ? id : 0;
}

int ns_init(int ns, uint32_t *pid)
{
    int found = ioctl(ns, IOCTL_NS_GET_PID_FROM_PIDNS, 1);

    *pid = found > 0 ? (uint32_t)found : 0;
    return found > 0 || errno == ESRCH ? 0 : -errno;
}

/* Only a namespace is ever opened. To open anything else could wait or have effects. */
int ns_reopen(int proc, int path, uint32_t inode)
{
    if (!ns_is(path) || ns_inode(path) != inode)
        return -EINVAL;
    int fd = reopen(proc, "self", path);
    if (fd < 0)
        return fd;
    if (ns_inode(fd) == inode && ioctl(fd, IOCTL_NS_GET_NSTYPE) == CLONE_NEWPID)
        return fd;
    close(fd);
    return -EINVAL;
}

/* Reads the link itself where it could not be opened with this error: a recorded link dangles, and
 * opening a live one can be refused. Both still name the namespace, or show why not. */
static int link_inode(const char *path, int error, uint32_t *inode)
{
    uint32_t found;
    int rc = ns_read_link(AT_FDCWD, path, &found);

    if (rc == 0) {
        *inode = found;
        return 0;
    }
    if (error == ENOENT || error == ESRCH)
        return rc == -EBADMSG ? -EINVAL : -ENOENT;
    return error == EACCES || error == EPERM ? -EACCES : -EIO;
}

/* Whether a path is spelled /proc/PID[/task/TID]/ns/pid or …/pid_for_children. Only its last
 * component is a link then, and leads to a namespace. */
static bool is_process_link(const char *path)
{
    int process = 0, thread = 0;

    (void)sscanf(path, "/proc/%*[0-9]/%n", &process);
    (void)sscanf(path + process, "task/%*[0-9]/%n", &thread);
    path += process + thread;
    return process > 0 && (strcmp(path, "ns/pid") == 0 || strcmp(path, "ns/pid_for_children") == 0);
}

int nstree_path_inode(const char *path, uint32_t *inode)
{
    struct borrowed borrowed;

    if (borrowed_look(&borrowed) != 0)
        return -EACCES;
    AUTO_LOAN struct loan loan =
        is_process_link(path) ? borrowed_lend(&borrowed) : borrowed_withhold(&borrowed);
    AUTO_CLOSE int fd = open(path, OPEN_FLAGS);
    if (fd < 0)
        return link_inode(path, errno, inode);
    uint32_t found = ioctl(fd, IOCTL_NS_GET_NSTYPE) == CLONE_NEWPID ? ns_inode(fd) : 0;
    if (found == 0)
        return -EINVAL;
    *inode = found;
    return 0;
}
