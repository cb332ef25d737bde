/* SPDX-License-Identifier: MIT */
/* The columns of tables, and lists of them as --output and --sort take them. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nstree.h"

/* What a column has of a process or of a namespace. */
enum column {
    COLUMN_PID,
    COLUMN_OWN,
    COLUMN_INIT,
    COLUMN_NSPID,
    COLUMN_NS,
    COLUMN_PNS,
    COLUMN_LEVEL,
    COLUMN_PPID,
    COLUMN_PROCS,
    COLUMN_INSIDE,
    COLUMN_ZOMBIES,
    COLUMN_USER,
    COLUMN_UID,
    COLUMN_STATE,
    COLUMN_START,
    COLUMN_AGE,
    COLUMN_RSS,
    COLUMN_RSSALL,
    COLUMN_CPU,
    COLUMN_CPUALL,
    COLUMN_THREADS,
    COLUMN_NAME,
    COLUMN_ARGS,
    COLUMN_KIND,
    COLUMN_CONTAINER,
    COLUMN_LABEL,
    COLUMN_CNAME,
    COLUMN_CID,
    COLUMN_COMMAND,
    COLUMN_NSID,
    COLUMN_OWNER,
    COLUMN_USERNS,
    COLUMN_MARKS,
    COLUMN_END
};

/* The most columns that a table has: a column can be listed more than once. */
#define COLUMNS_MAX 64

/* What a table has. Zeroed: there is none. */
struct columns {
    unsigned char items[COLUMNS_MAX]; /* enum column */
    size_t n;
    bool namespaces;  /* a row is a namespace, or a container that shares one; else a process */
    bool no_headings; /* no line with the names of the columns */
    bool sorted;      /* by `sort`; else in the order of the tree */
    bool descending;
    enum column sort;
};

/* The name of a column, in capitals. */
const char *columns_name(enum column column);

/* Whether it holds numbers, which align right. */
bool columns_is_right(enum column column);

/* Sets the columns to those of a comma list, in any case. One that begins with + adds to the
 * default. NULL: the default. columns->namespaces says of what they are. Returns 0, or -EINVAL with
 * a message that lists the columns. */
int columns_parse(struct columns *columns, const char *list, struct nstree_error *err);

/* Sets what to sort by: a column, or - and a column for a descending order. Returns the same. */
int columns_parse_sort(struct columns *columns, const char *text, struct nstree_error *err);

/* What a scan has to read for the columns and for the order, enum nstree_want. */
uint32_t columns_want(const struct columns *columns);

/* Whether there are names of users among them. */
bool columns_have_users(const struct columns *columns);
