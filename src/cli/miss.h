/* SPDX-License-Identifier: MIT */
/* What is known of an operand that names nothing, or something else than it seems to. All compose
 * into `words` and return that. Pure. */
#pragma once

#include "cli/resolve.h"

#define MISS_BYTES 512

/* A PID that no process has in the root. */
const char *miss_pid(const struct nstree *tree, uint32_t pid, char words[MISS_BYTES]);

/* A PID that no process has in these places. */
const char *miss_inside(const struct nstree *tree, const struct resolved *places, uint32_t pid,
                        char words[MISS_BYTES]);

/* A PID of --find. */
const char *miss_find(const struct thread_list *threads, uint32_t pid, bool everywhere,
                      char words[MISS_BYTES]);

/* An operand of --ns. */
const char *miss_namespace(const struct nstree *tree, const struct options *options,
                           const struct ns_operand *operand, char words[MISS_BYTES]);

/* Whether an operand that names nothing is a number that is too large; and the words. */
bool miss_is_usage(const struct ns_operand *operand);
const char *miss_range(const struct ns_operand *operand, char words[MISS_BYTES]);

/* WHAT. */
const char *miss_what(const struct nstree *tree, const struct options *options,
                      const struct ns_operand *operand, const struct resolved *found,
                      char words[MISS_BYTES]);

/* The beginning of several IDs: lists those. */
const char *miss_several(const char *text, const struct resolved *found, char words[MISS_BYTES]);

/* A container whose PID namespace is another user's than the root's: that user chose its name.
 * NULL: it is not. */
const char *miss_owner(const struct nstree *tree, const struct thing *thing,
                       char words[MISS_BYTES]);

/* What a number was taken for that is none of the root's; and, with --quiet, a name that is no
 * container's. NULL: there is nothing to say. */
const char *miss_taken(const struct ns_operand *operand, const struct resolved *found, bool quiet,
                       char words[MISS_BYTES]);
