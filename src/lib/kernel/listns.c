/* SPDX-License-Identifier: MIT */
#include "kernel/listns.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* From include/uapi/linux/nsfs.h, fcntl.h and unistd.h, and include/linux/exportfs.h (FILEID_NSFS).
 * The headers of the build machine may be older. Alpha has its own system call numbers. */
#ifdef __alpha__
#define LISTNS_CALL 580
#else
#define LISTNS_CALL 470
#endif
#define NSFS_ROOT (-10003)
#define FILEID_OF_NSFS 0xf1

struct request {
    uint32_t size;
    uint32_t spare;
    uint64_t after; /* the ID to continue after; 0: from the first */
    uint32_t type;  /* CLONE_NEW* bits */
    uint32_t spare2;
    uint64_t user_ns; /* 0: with any owner */
};

/* A struct file_handle with a struct nsfs_file_handle in it. Type and inode may be 0. */
struct handle {
    uint32_t bytes;
    int32_t type;
    uint32_t id[2]; /* 64 bits, but not aligned for them here */
    uint32_t ns_type;
    uint32_t inode;
};

static int list_more(struct listns *list)
{
    const struct request request = {
        .size = sizeof request, .after = list->last, .type = CLONE_NEWPID};
    long n = syscall(LISTNS_CALL, &request, list->ids, sizeof list->ids / sizeof *list->ids, 0);

    /* After the last one, the kernel finds no namespace to begin with. */
    if (n < 0)
        return errno == ENOENT && list->last != 0 ? 0 : -errno;
    list->n = (size_t)n;
    list->at = 0;
    if (n > 0)
        list->last = list->ids[n - 1];
    return n > 0;
}

int listns_next(struct listns *list, uint64_t *id)
{
    if (list->at == list->n) {
        int rc = list_more(list);

        if (rc <= 0)
            return rc;
    }
    *id = list->ids[list->at++];
    return 1;
}

int listns_open(uint64_t id)
{
    struct handle handle = {.bytes = sizeof handle - offsetof(struct handle, id),
                            .type = FILEID_OF_NSFS};

    memcpy(handle.id, &id, sizeof id);
    long fd = syscall(SYS_open_by_handle_at, NSFS_ROOT, &handle, O_RDONLY | O_CLOEXEC);
    return fd < 0 ? -errno : (int)fd;
}
