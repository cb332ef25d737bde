/* SPDX-License-Identifier: MIT */
/* The command line, parsed into a struct. Nothing here prints, exits or reads /proc; `-p -` reads
 * standard input. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "cli/columns.h"
#include "nstree.h"

enum format {
    FORMAT_UNSET,
    FORMAT_TREE,
    FORMAT_LIST,
    FORMAT_JSON,
    FORMAT_DOT,
    FORMAT_MERMAID,
    FORMAT_OPENMETRICS
};
enum style { STYLE_AUTO, STYLE_HANGUL, STYLE_UNICODE, STYLE_ASCII };
enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

struct pid_list {
    uint32_t *items;
    size_t n, capacity;
    bool from_input; /* some are from standard input */
};

/* An operand of --ns, or one without an option. resolve.h says what it can be. */
struct ns_operand {
    char *text;
    uint32_t inode;   /* of INODE and pid:[INODE]; of a path, once that was looked up; else 0 */
    uint32_t process; /* the process whose thread has the number `text`, once looked up; else 0 */
};

struct ns_list {
    struct ns_operand *items;
    size_t n, capacity;
};

/* A thread that was asked for, and its process: both PIDs are those in the root. */
struct thread {
    uint32_t tid, pid;
};

struct thread_list {
    struct thread *items; /* sorted by process */
    size_t n, capacity;
};

/* Zeroed: no option was given. */
struct options {
    struct pid_list pids, finds;
    struct ns_list namespaces, whats;
    struct thread_list threads; /* filled in by needed.c */
    enum format format;
    enum style style;
    enum color color;
    enum nstree_source source;
    const char *proc;       /* NULL: /proc */
    const char *load;       /* NULL: this machine */
    char *output;           /* the list of --output; NULL: none was given */
    const char *sort;       /* NULL: in the order of the tree */
    struct columns columns; /* with FORMAT_LIST; none: no table */
    bool summary, args, kthreads, all, forest, wide, no_labels, verbose, strict, help, version;
    bool usage, quiet, nested;
    bool no_headings;
};

/* Parses a command line. Returns 0, or -EINVAL or -ENOMEM with a message in err->text. Call
 * options_free() in any case. What follows --help or --version is ignored. */
int options_parse(int argc, char **argv, struct options *out, struct nstree_error *err);
void options_free(struct options *options);

/* Parses text[0..len) as INODE or pid:[INODE]. Returns 0, -EINVAL or -ERANGE. */
int options_inode(const char *text, size_t len, uint32_t *inode);

/* Whether an operand of a namespace is a path. */
static inline bool operand_is_path(const struct ns_operand *operand)
{
    return operand->text[0] == '/' || operand->text[0] == '.';
}

/* Writes the text of --help. */
void options_help(FILE *out);
