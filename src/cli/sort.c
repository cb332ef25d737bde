/* SPDX-License-Identifier: MIT */
#include "cli/sort.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/number.h"

struct item {
    struct value key;
    struct entry entry;
    uint32_t place; /* in the order of the tree */
    bool descending;
};

static int compare_items(const void *a, const void *b)
{
    const struct item *first = a, *second = b;
    int order = values_compare(&first->key, &second->key, first->descending);

    return order ? order : compare_numbers(first->place, second->place);
}

/* Puts the text of marks in place of them. Returns 0 or -ENOMEM. */
static int write_out(struct value *key, const struct values *values, struct arena *arena)
{
    if (key->kind != VALUE_MARKS)
        return 0;
    AUTO_FREE char *marks = entry_marks(values->look, values->tree, key->entry);
    const char *copy = marks ? arena_string(arena, marks, strlen(marks)) : NULL;
    if (!copy)
        return -ENOMEM;
    *key = (struct value){.kind = *copy ? VALUE_TEXT : VALUE_NONE, .text = copy};
    return 0;
}

int sort_entries(struct entries *entries, const struct values *values,
                 const struct columns *columns)
{
    struct arena arena = {0};
    AUTO_FREE struct item *items = calloc(entries->n + 1, sizeof *items);
    int rc = items ? 0 : -ENOMEM;

    for (size_t i = 0; i < entries->n && rc == 0; i++) {
        items[i] = (struct item){.key = values_get(values, columns->sort, &entries->items[i]),
                                 .entry = entries->items[i],
                                 .place = (uint32_t)i,
                                 .descending = columns->descending};
        rc = write_out(&items[i].key, values, &arena);
    }
    if (rc == 0) {
        qsort(items, entries->n, sizeof *items, compare_items);
        for (size_t i = 0; i < entries->n; i++)
            entries->items[i] = items[i].entry;
    }
    arena_free(&arena);
    return rc;
}
