/* SPDX-License-Identifier: MIT */
#pragma once

#include <errno.h>

#include "nstree.h"

/* `rc` where it says that memory or descriptors have run out, which ends whatever is being done;
 * else 0. */
static inline int exhausted(int rc)
{
    return rc == -ENOMEM || rc == -EMFILE || rc == -ENFILE ? rc : 0;
}

/* Writes the words of a failure, if the caller wants them, and returns `code`. */
__attribute__((format(printf, 3, 4))) int error_set(struct nstree_error *err, int code,
                                                    const char *format, ...);
