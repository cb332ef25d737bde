/* SPDX-License-Identifier: MIT */
/* listns(2), Linux 6.19: the kernel's own list of namespaces, which needs no /proc. */
#ifndef NSTREE_LISTNS_H
#define NSTREE_LISTNS_H

#include <stddef.h>
#include <stdint.h>

/* What has been listed. Zeroed is before the first. */
struct listns {
    uint64_t ids[256];
    uint64_t last; /* the last id that the kernel gave; ids ascend */
    size_t n, at;
};

/* The id of the next PID namespace that the caller may know of into *id. Ids are never reused.
 * Returns 1, 0 after the last, or a negative errno: -ENOSYS before Linux 6.19. */
int listns_next(struct listns *list, uint64_t *id);

/* An open descriptor of the PID namespace `id`, or a negative errno: -ESTALE where it has ended,
 * -EPERM where the caller may not see all namespaces (CAP_SYS_ADMIN in the initial PID namespace).
 */
int listns_open(uint64_t id);

#endif
