/* SPDX-License-Identifier: MIT */
/* Lists of PIDs, as users and other programs write them. */
#pragma once

#include "cli/options.h"

/* Parses text[0..len) as a PID. Returns 0, -EINVAL or -ERANGE. */
int pids_parse(const char *text, size_t len, uint32_t *out);

/* Adds a PID to a list. Returns 0 or -ENOMEM. */
int pids_add(struct pid_list *list, uint32_t pid);

/* Adds the PIDs of a text, which blanks, newlines and commas part, to a list. `-` stands for
 * standard input, read to its end. `option` names the list in messages. Returns 0, or -EINVAL or
 * -ENOMEM with a message in err->text. */
int pids_take(struct pid_list *list, const char *option, const char *text,
              struct nstree_error *err);
