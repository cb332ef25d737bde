/* SPDX-License-Identifier: MIT */
/* listns(2), Linux 6.19: the kernel's own list of PID namespaces, without /proc. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* The position in the list. Zeroed is before the first. */
struct listns {
    uint64_t ids[256];
    uint64_t last; /* the last ID that the kernel gave; IDs ascend */
    size_t n, at;
};

/* Gets the ID of the next PID namespace that the caller may see. IDs are never reused. Returns 1, 0
 * after the last, or a negative errno, -ENOSYS before Linux 6.19. */
int listns_next(struct listns *list, uint64_t *id);

/* Opens the PID namespace `id`. Returns a descriptor or a negative errno, -ESTALE if it has ended,
 * -EPERM if the caller may not see all namespaces (CAP_SYS_ADMIN in the initial PID namespace). */
int listns_open(uint64_t id);
