/* SPDX-License-Identifier: MIT */
/* The command line, parsed into a struct. Nothing here prints, exits or reads /proc; `-p -` reads
 * standard input. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "nstree.h"

enum format { FORMAT_UNSET, FORMAT_TREE, FORMAT_LIST, FORMAT_JSON, FORMAT_DOT, FORMAT_MERMAID };
enum style { STYLE_AUTO, STYLE_HANGUL, STYLE_UNICODE, STYLE_ASCII };
enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

struct pid_list {
    uint32_t *items;
    size_t n, capacity;
    bool from_input; /* some are from standard input */
};

/* An operand of --ns: an inode, or a path to a namespace. */
struct ns_operand {
    char *text;
    uint32_t inode; /* 0: `text` is a path */
};

struct ns_list {
    struct ns_operand *items;
    size_t n, capacity;
};

/* Zeroed: no option was given. */
struct options {
    struct pid_list pids, finds;
    struct ns_list namespaces;
    enum format format;
    enum style style;
    enum color color;
    enum nstree_source source;
    const char *proc; /* NULL: /proc */
    const char *load; /* NULL: this machine */
    bool summary, args, kthreads, all, forest, wide, no_labels, verbose, strict, help, version;
};

/* Parses a command line. Returns 0, or -EINVAL or -ENOMEM with a message in err->text. Call
 * options_free() in any case. What follows --help or --version is ignored. */
int options_parse(int argc, char **argv, struct options *out, struct nstree_error *err);
void options_free(struct options *options);

/* Writes the text of --help. */
void options_help(FILE *out);
