/* SPDX-License-Identifier: MIT */
/* What a column has of an entry, as a value that can be compared and printed. */
#pragma once

#include "cli/columns.h"
#include "cli/entries.h"

enum value_kind {
    VALUE_NONE, /* not known, or there is none */
    VALUE_NUMBER,
    VALUE_HUNDREDTHS, /* `number` hundredths */
    VALUE_TIME,       /* `number` hundredths of a second since the Epoch */
    VALUE_AGE,        /* `number` seconds */
    VALUE_LETTER,     /* `number` is a byte */
    VALUE_ID,         /* of `ns` */
    VALUE_CHAIN,      /* of `process` */
    VALUE_TEXT,       /* `text`, which is not escaped */
    VALUE_MARKS,      /* of the entry: made when they are printed */
};

struct value {
    enum value_kind kind;
    union {
        uint64_t number;
        const char *text;
        const struct nstree_ns *ns;
        const struct nstree_process *process;
        const struct entry *entry;
    };
};

/* Numbers of a namespace and of all below it. NSTREE_USAGE_UNKNOWN: not known. */
struct sums {
    uint64_t inside, rss, cpu;
};

/* Where values come from. */
struct values {
    const struct nstree *tree;
    const struct look *look;
    struct sums *sums; /* by index of a namespace; NULL: no column needs them */
};

/* Returns 0 or -ENOMEM. Call values_end() in any case. */
int values_begin(struct values *values, const struct nstree *tree, const struct look *look);
void values_end(struct values *values);

struct value values_get(const struct values *values, enum column column, const struct entry *entry);

/* Compares two values of a column as qsort(3) wants it. Values that are not known come last, in
 * either order. Marks have to be made texts before. */
int values_compare(const struct value *a, const struct value *b, bool descending);
