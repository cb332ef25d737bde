/* SPDX-License-Identifier: MIT */
/* A table with a heading, a line for each entry. It is made twice: first the widths of its columns
 * are measured, then it is written. So it costs no memory for its cells. */
#include <errno.h>
#include <string.h>

#include "cli/cell.h"
#include "cli/render.h"
#include "cli/sort.h"

/* Columns of text are no wider. A longer cell moves the rest of its line, or else one long command
 * line would cost as many blanks in all lines. */
#define WIDTH_MAX 256

struct table {
    const struct columns *columns;
    const struct values *values;
    FILE *out;
    size_t widths[COLUMNS_MAX];
};

/* Labels are indented like a tree, unless another order makes that mean nothing. */
static unsigned indent_of(const struct table *table, enum column column, const struct entry *entry)
{
    if (column != COLUMN_LABEL || table->columns->sorted)
        return 0;
    return 2 * (entry->ns->level + (entry->container != NULL));
}

static enum column column_at(const struct table *table, size_t i)
{
    return (enum column)table->columns->items[i];
}

static int make(const struct table *table, size_t i, const struct entry *entry, struct cell *cell)
{
    const struct value value = values_get(table->values, column_at(table, i), entry);

    return cell_make(cell, table->values, &value, indent_of(table, column_at(table, i), entry));
}

static bool is_last(const struct table *table, size_t i)
{
    return i + 1 == table->columns->n;
}

/* The last column has no width if it is of text. */
static int measure_line(struct table *table, const struct entry *entry)
{
    struct cell cell;
    int rc = 0;

    for (size_t i = 0; i < table->columns->n && rc == 0; i++) {
        bool right = columns_is_right(column_at(table, i));

        if (is_last(table, i) && !right)
            return 0;
        rc = make(table, i, entry, &cell);
        size_t width = rc == 0 ? cell_width(&cell) : 0;
        if (width > table->widths[i] && (right || width <= WIDTH_MAX))
            table->widths[i] = width;
        cell_free(&cell);
    }
    return rc;
}

static void measure_headings(struct table *table)
{
    for (size_t i = 0; i < table->columns->n; i++) {
        size_t width = strlen(columns_name(column_at(table, i)));

        table->widths[i] = table->columns->no_headings ? 0 : width;
    }
}

static void put_blanks(FILE *out, size_t n)
{
    while (n-- > 0)
        put_char(out, ' ');
}

/* Writes a cell at its place in the line, which ends with the last one. */
static void put_cell(const struct table *table, size_t i, const char *text, size_t len,
                     size_t width)
{
    size_t blanks = width < table->widths[i] ? table->widths[i] - width : 0;
    bool right = columns_is_right(column_at(table, i));

    if (i > 0)
        put_char(table->out, ' ');
    put_blanks(table->out, right ? blanks : 0);
    put_bytes(table->out, text, len);
    if (is_last(table, i))
        put_char(table->out, '\n');
    else
        put_blanks(table->out, right ? 0 : blanks);
}

static void write_headings(const struct table *table)
{
    for (size_t i = 0; i < table->columns->n; i++) {
        const char *name = columns_name(column_at(table, i));

        put_cell(table, i, name, strlen(name), strlen(name));
    }
}

static int write_line(const struct table *table, const struct entry *entry)
{
    struct cell cell;
    int rc = 0;

    for (size_t i = 0; i < table->columns->n && rc == 0; i++) {
        rc = make(table, i, entry, &cell);
        if (rc == 0)
            put_cell(table, i, cell.text, cell.len, cell_width(&cell));
        cell_free(&cell);
    }
    return rc;
}

static int write_table(struct table *table, const struct entries *entries)
{
    int rc = 0;

    measure_headings(table);
    for (size_t i = 0; i < entries->n && rc == 0; i++)
        rc = measure_line(table, &entries->items[i]);
    if (rc == 0 && !table->columns->no_headings)
        write_headings(table);
    for (size_t i = 0; i < entries->n && rc == 0; i++)
        rc = write_line(table, &entries->items[i]);
    return rc;
}

int render_table(const struct selection *selection, const struct look *look, FILE *out)
{
    struct values values;
    struct entries entries = {0};
    struct table table = {.columns = look->columns, .values = &values, .out = out};
    int rc = values_begin(&values, selection->tree, look);

    if (rc == 0)
        rc = entries_make(selection, look, &entries);
    if (rc == 0 && look->columns->sorted)
        rc = sort_entries(&entries, &values, look->columns);
    if (rc == 0)
        rc = write_table(&table, &entries);
    entries_free(&entries);
    values_end(&values);
    return rc;
}
