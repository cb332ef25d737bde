/* SPDX-License-Identifier: MIT */
#ifndef NSTREE_ERROR_H
#define NSTREE_ERROR_H

#include "nstree.h"

/* Writes the words of a failure, if the caller wants them, and returns `code`. */
__attribute__((format(printf, 3, 4))) int error_set(struct nstree_error *err, int code,
                                                    const char *format, ...);

#endif
