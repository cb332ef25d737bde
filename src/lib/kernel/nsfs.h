/* SPDX-License-Identifier: MIT */
/* Namespace links and ioctls: what the kernel says about a PID namespace by its link in a procfs or
 * by an open descriptor (ioctl_nsfs(2)). Also nstree_path_inode(). */
#pragma once

#include <stdbool.h>

#include "record.h"

/* Reads the inode that a PID namespace link names. Returns 0, or a negative errno with *inode 0,
 * -EBADMSG if it is some other link. */
int ns_read_link(int dir, const char *path, uint32_t *inode);

/* Opens the parent of a PID namespace (NS_GET_PARENT, Linux 4.9). *inode, unless it is NULL, is
 * set to the inode of the parent. Returns a descriptor or a negative errno, -EPERM if the namespace
 * is the caller's own or not below it. */
int ns_parent(int ns, uint32_t *inode);

/* Whether an O_PATH descriptor refers to a namespace. On any other file this can wait for a file
 * system that does not answer (a FUSE server is sent FUSE_STATFS). */
bool ns_is(int path);

/* The inode of an open namespace, 0 if it is not available. */
uint32_t ns_inode(int ns);

/* Opens the PID namespace `inode` that an O_PATH descriptor refers to, so that ioctls work on it.
 * `proc` is the directory of a procfs. The caller knows that ns_is() does not wait. Returns a
 * descriptor or a negative errno, -EINVAL if `path` is something else. */
int ns_reopen(int proc, int path, uint32_t inode);

/* Stores the owner user namespace and the UID that owns it in *record (NS_GET_USERNS and
 * NS_GET_OWNER_UID, Linux 4.9 and 4.11). What the kernel does not report stays unknown. */
void ns_owner(int ns, struct ns_record *record);

/* The ID of a namespace, which no other namespace ever has (NS_GET_ID, Linux 6.18; include/uapi/
 * linux/nsfs.h). 0 if the kernel does not report it. */
uint64_t ns_id(int ns);

/* Gets the PID of a PID namespace's init in the caller's own PID namespace
 * (NS_GET_PID_FROM_PIDNS, Linux 6.11). *pid is 0 if there is none that the caller's namespace
 * contains: it was never born, or was reaped. Returns 0, or a negative errno, with *pid 0, if the
 * kernel does not report it. */
int ns_init(int ns, uint32_t *pid);
