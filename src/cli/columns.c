/* SPDX-License-Identifier: MIT */
#include "cli/columns.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define PROCESSES 1U
#define NAMESPACES 2U
#define BOTH (PROCESSES | NAMESPACES)

/* In the order of nstree(1), and so of the message that lists them. */
static const struct {
    const char *name;
    unsigned of; /* rows that have it */
    bool right;
    uint32_t want; /* enum nstree_want */
} table[] = {
    [COLUMN_PID] = {"PID", PROCESSES, true, 0},
    [COLUMN_OWN] = {"OWN", PROCESSES, true, 0},
    [COLUMN_INIT] = {"INIT", NAMESPACES, true, 0},
    [COLUMN_NSPID] = {"NSPID", BOTH, false, 0},
    [COLUMN_NS] = {"NS", BOTH, true, 0},
    [COLUMN_PNS] = {"PNS", BOTH, true, 0},
    [COLUMN_LEVEL] = {"LEVEL", BOTH, true, 0},
    [COLUMN_PPID] = {"PPID", PROCESSES, true, 0},
    [COLUMN_PROCS] = {"PROCS", NAMESPACES, true, 0},
    [COLUMN_INSIDE] = {"INSIDE", NAMESPACES, true, 0},
    [COLUMN_ZOMBIES] = {"ZOMBIES", NAMESPACES, true, 0},
    [COLUMN_USER] = {"USER", BOTH, false, 0},
    [COLUMN_UID] = {"UID", BOTH, true, 0},
    [COLUMN_STATE] = {"STATE", PROCESSES, false, 0},
    [COLUMN_START] = {"START", BOTH, false, NSTREE_WANT_USAGE},
    [COLUMN_AGE] = {"AGE", BOTH, true, NSTREE_WANT_USAGE},
    [COLUMN_RSS] = {"RSS", BOTH, true, NSTREE_WANT_USAGE},
    [COLUMN_RSSALL] = {"RSSALL", NAMESPACES, true, NSTREE_WANT_USAGE},
    [COLUMN_CPU] = {"CPU", BOTH, true, NSTREE_WANT_USAGE},
    [COLUMN_CPUALL] = {"CPUALL", NAMESPACES, true, NSTREE_WANT_USAGE},
    [COLUMN_THREADS] = {"THREADS", PROCESSES, true, NSTREE_WANT_USAGE},
    [COLUMN_NAME] = {"NAME", PROCESSES, false, 0},
    [COLUMN_ARGS] = {"ARGS", PROCESSES, false, NSTREE_WANT_ARGS},
    [COLUMN_KIND] = {"KIND", BOTH, false, 0},
    [COLUMN_CONTAINER] = {"CONTAINER", PROCESSES, false, 0},
    [COLUMN_LABEL] = {"LABEL", NAMESPACES, false, 0},
    [COLUMN_CNAME] = {"CNAME", BOTH, false, 0},
    [COLUMN_CID] = {"CID", BOTH, false, 0},
    [COLUMN_COMMAND] = {"COMMAND", NAMESPACES, false, NSTREE_WANT_ARGS},
    [COLUMN_NSID] = {"NSID", NAMESPACES, true, 0},
    [COLUMN_OWNER] = {"OWNER", NAMESPACES, false, NSTREE_WANT_OWNERS},
    [COLUMN_USERNS] = {"USERNS", NAMESPACES, true, NSTREE_WANT_OWNERS},
    [COLUMN_MARKS] = {"MARKS", BOTH, false, 0},
};

static const unsigned char process_defaults[] = {
    COLUMN_NS, COLUMN_PNS, COLUMN_LEVEL, COLUMN_PID, COLUMN_NSPID, COLUMN_NAME, COLUMN_CONTAINER};
static const unsigned char namespace_defaults[] = {COLUMN_NS,    COLUMN_LEVEL, COLUMN_INIT,
                                                   COLUMN_PROCS, COLUMN_LABEL, COLUMN_COMMAND};

const char *columns_name(enum column column)
{
    return table[column].name;
}

bool columns_is_right(enum column column)
{
    return table[column].right;
}

/* Appends a name in small letters to a text. */
static void append_name(char *text, size_t size, const char *name)
{
    size_t used = strlen(text);

    if (used > 0 && used + 2 < size)
        used += (size_t)snprintf(text + used, size - used, ", ");
    for (; *name && used + 1 < size; name++)
        text[used++] = (char)(*name - 'A' + 'a');
    text[used] = '\0';
}

static int fail_column(bool namespaces, const char *option, const char *name, size_t len,
                       struct nstree_error *err)
{
    char known[300] = "";

    for (int i = 0; i < COLUMN_END; i++) {
        if (table[i].of & (namespaces ? NAMESPACES : PROCESSES))
            append_name(known, sizeof known, table[i].name);
    }
    snprintf(err->text, sizeof err->text, "--%s: '%.*s' is not one of %s (%s)", option,
             len < 100 ? (int)len : 100, name, known,
             namespaces ? "columns of namespaces" : "columns of processes; --summary has others");
    return -EINVAL;
}

/* The column of this name, or -EINVAL. */
static int find_column(bool namespaces, const char *name, size_t len)
{
    for (int i = 0; i < COLUMN_END; i++) {
        if (table[i].of & (namespaces ? NAMESPACES : PROCESSES) && strlen(table[i].name) == len &&
            strncasecmp(table[i].name, name, len) == 0)
            return i;
    }
    return -EINVAL;
}

static void set_defaults(struct columns *columns)
{
    if (columns->namespaces) {
        memcpy(columns->items, namespace_defaults, sizeof namespace_defaults);
        columns->n = sizeof namespace_defaults;
    } else {
        memcpy(columns->items, process_defaults, sizeof process_defaults);
        columns->n = sizeof process_defaults;
    }
}

int columns_parse(struct columns *columns, const char *list, struct nstree_error *err)
{
    columns->n = 0;
    if (!list || *list == '+')
        set_defaults(columns);
    if (!list)
        return 0;
    for (const char *at = list + (*list == '+');; at++) {
        size_t len = strcspn(at, ",");
        int column = find_column(columns->namespaces, at, len);

        if (column < 0)
            return fail_column(columns->namespaces, "output", at, len, err);
        if (columns->n == COLUMNS_MAX) {
            snprintf(err->text, sizeof err->text, "--output: more than %d columns", COLUMNS_MAX);
            return -EINVAL;
        }
        columns->items[columns->n++] = (unsigned char)column;
        at += len;
        if (*at == '\0')
            return 0;
    }
}

int columns_parse_sort(struct columns *columns, const char *text, struct nstree_error *err)
{
    bool descending = *text == '-';
    const char *name = text + descending;
    int column = find_column(columns->namespaces, name, strlen(name));

    if (column < 0)
        return fail_column(columns->namespaces, "sort", text, strlen(text), err);
    columns->sorted = true;
    columns->descending = descending;
    columns->sort = (enum column)column;
    return 0;
}

uint32_t columns_want(const struct columns *columns)
{
    uint32_t want = columns->sorted ? table[columns->sort].want : 0;

    for (size_t i = 0; i < columns->n; i++)
        want |= table[columns->items[i]].want;
    return want;
}

static bool is_user(enum column column)
{
    return column == COLUMN_USER || column == COLUMN_OWNER;
}

bool columns_have_users(const struct columns *columns)
{
    for (size_t i = 0; i < columns->n; i++) {
        if (is_user((enum column)columns->items[i]))
            return true;
    }
    return columns->sorted && is_user(columns->sort);
}
