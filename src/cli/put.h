/* SPDX-License-Identifier: MIT */
/*
 * What renderers write with. A tree has a line a process, and a call of stdio for each word of it
 * costs more than all the rest: so a line is composed in a buffer as far as its length is bounded,
 * and what is written goes past the locks of stdio, as one thread prints.
 *
 * Errors are the stream's, as with stdio itself.
 */
#pragma once

#include <stdio.h>

#include "base/number.h"
#include "nstree.h"

/* The most bytes that a chain has, with one byte between its PIDs. */
#define CHAIN_BYTES (NSTREE_LEVELS_MAX * 11)

/* Put the PIDs of a chain with `between` between them, or the id of a namespace, at `at`, as
 * compose_number() does with one number. They return where that ends. */
char *compose_chain(char *at, const struct nstree_process *process, char between);
char *compose_id(char *at, const struct nstree_ns *ns);

static inline void put_bytes(FILE *out, const char *bytes, size_t len)
{
    fwrite_unlocked(bytes, 1, len, out);
}

static inline void put_text(FILE *out, const char *text)
{
    fputs_unlocked(text, out);
}

static inline void put_char(FILE *out, char c)
{
    putc_unlocked(c, out);
}
