/* SPDX-License-Identifier: MIT */
/* For several unit tests: makes trees from tables of records, and describes finished trees as short
 * text, in which expectations can be written by hand. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/finish.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Comparisons that name the row of a table. */
#define ROW_INT(row, got, want)                                                                    \
    do {                                                                                           \
        long long got_ = (long long)(got), want_ = (long long)(want);                              \
        if (got_ != want_)                                                                         \
            fail_msg("%s: %s is %lld, not %lld", row, #got, got_, want_);                          \
    } while (0)

#define ROW_TEXT(row, got, want)                                                                   \
    do {                                                                                           \
        const char *text_ = (got), *wanted_ = (want);                                              \
        if (strcmp(text_, wanted_) != 0)                                                           \
            fail_msg("%s: got\n%s\ninstead of\n%s", row, text_, wanted_);                          \
    } while (0)

#define ROW_HAS(row, got, want)                                                                    \
    do {                                                                                           \
        const char *text_ = (got), *wanted_ = (want);                                              \
        if (!strstr(text_, wanted_))                                                               \
            fail_msg("%s: \"%s\" does not say \"%s\"", row, text_, wanted_);                       \
    } while (0)

/* One process: its chain ends at the first 0. */
struct row {
    uint32_t nspid[NSTREE_LEVELS_MAX + 1];
    uint32_t ppid;
    uint64_t ns; /* key; KEY_UNKNOWN: its ns/pid could not be read */
    const char *name;
    const char *args;
    uint64_t cgroup, container, pod, around; /* struct cgroup_keys */
    uint32_t flags;
    uint32_t uid;
    char state; /* 0: S */
};

static inline void add_row(struct builder *builder, const struct row *row)
{
    const char *name = row->name ? row->name : "p";
    struct record record = {
        .ns = row->ns,
        .nspid = row->nspid,
        .name = name,
        .args = row->args,
        .name_len = (uint32_t)strlen(name),
        .args_len = (uint32_t)(row->args ? strlen(row->args) : 0),
        .pid = row->nspid[0],
        .ppid = row->ppid,
        .uid = row->uid,
        .flags = row->flags,
        .state = row->state ? row->state : 'S',
    };

    while (record.levels < NSTREE_LEVELS_MAX && row->nspid[record.levels])
        record.levels++;
    assert_int_equal(builder_add_process(builder, &record), 0);
    if (row->cgroup) {
        const struct cgroup_keys keys = {row->cgroup, row->container, row->pod, {row->around}};

        assert_int_equal(builder_set_cgroup(builder, builder->n_drafts - 1, &keys), 0);
    }
}

static inline void add_rows(struct builder *builder, const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        add_row(builder, &rows[i]);
}

static inline void add_reported(struct builder *builder, uint64_t ns, uint64_t parent,
                                uint32_t level)
{
    const struct ns_record record = ns_record_at(ns, parent, level);

    assert_int_equal(builder_add_ns(builder, &record), 0);
}

static inline struct builder *new_builder(void)
{
    struct builder *builder = NULL;

    assert_int_equal(builder_new(&builder), 0);
    assert_non_null(builder);
    return builder;
}

/* The tree of all that was added. Ends the builder. */
static inline struct nstree *finish(struct builder *builder)
{
    struct nstree *tree = NULL;

    assert_int_equal(finish_places(builder), 0);
    assert_int_equal(finish_tree(builder, &tree), 0);
    assert_non_null(tree);
    builder_free(builder);
    return tree;
}

/* A finished tree of some records. The initial namespace is reported as its root. */
static inline struct nstree *build(const struct row *rows, size_t n)
{
    struct builder *builder = new_builder();

    add_reported(builder, NSTREE_INITIAL_INODE, KEY_UNKNOWN, 0);
    add_rows(builder, rows, n);
    return finish(builder);
}

/*
 * The finished tree in one line: `LEVEL:ID(PID PID …)` for each namespace, in order. Behind an ID
 * or a PID, ~ means that its parent or place is inferred, ~~ that it is ambiguous, < that it
 * entered from outside. The initial namespace is R. The caller owns the result.
 */
static inline char *shape(const struct nstree *tree)
{
    const struct nstree_ns *root = nstree_root(tree);
    char *text = NULL, id[NSTREE_ID_SIZE];
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    for (size_t i = 0; i <= root->below; i++) {
        const struct nstree_ns *ns = &root[i];
        const char *name = ns->inode == NSTREE_INITIAL_INODE ? "R" : nstree_ns_id(ns, id);

        fprintf(out, "%s%u:%s%s%s(", i ? " " : "", ns->level, name,
                ns->flags & NSTREE_NS_INFERRED ? "~" : "",
                ns->flags & NSTREE_NS_AMBIGUOUS ? "~" : "");
        for (size_t m = 0; m < ns->n_members; m++) {
            const struct nstree_process *process = &ns->members[m];

            fprintf(out, "%s%u%s%s%s", m ? " " : "", process->pid,
                    process->flags & NSTREE_PROCESS_INFERRED ? "~" : "",
                    process->flags & NSTREE_PROCESS_AMBIGUOUS ? "~" : "",
                    process->flags & NSTREE_PROCESS_ENTERED ? "<" : "");
        }
        fputc(')', out);
    }
    assert_int_equal(fclose(out), 0);
    return text;
}

/* Checks a finished tree for what nstree.h promises of every tree. */
static inline void check_tree(const char *row, const struct nstree *tree)
{
    const struct nstree_ns *root = nstree_root(tree);
    const struct nstree_process *next = root->members;

    ROW_INT(row, root->parent == NULL && root->level == 0, 1);
    for (size_t i = 0; i <= root->below; i++) {
        const struct nstree_ns *ns = &root[i];
        size_t below = 0, inside = ns->n_members;

        ROW_INT(row, ns->members == next, 1);
        next += ns->n_members;
        if (i > 0) {
            ROW_INT(row, ns->parent >= root && ns->parent < ns, 1);
            ROW_INT(row, ns->level, ns->parent->level + 1);
            ROW_INT(row, ns <= ns->parent + ns->parent->below, 1);
        }
        if (root->below < 3000) { /* child by child */
            for (size_t c = 1; c <= ns->below; c += ns[c].below + 1) {
                ROW_INT(row, ns[c].parent == ns, 1);
                below += ns[c].below + 1;
                inside += ns[c].n_inside;
            }
            ROW_INT(row, ns->below, below);
            ROW_INT(row, ns->n_inside, inside);
        }
        if (ns->flags & NSTREE_NS_AMBIGUOUS)
            ROW_INT(row, ns->flags & NSTREE_NS_INFERRED, NSTREE_NS_INFERRED);
        for (size_t m = 0; m < ns->n_members; m++) {
            const struct nstree_process *process = &ns->members[m];

            ROW_INT(row, process->ns == ns, 1);
            ROW_INT(row, process->levels, ns->level + 1);
            ROW_INT(row, process->nspid[0], process->pid);
            if (m > 0)
                ROW_INT(row, process[-1].nspid[ns->level] <= process->nspid[ns->level], 1);
            if (process->flags & NSTREE_PROCESS_AMBIGUOUS)
                ROW_INT(row, process->flags & NSTREE_PROCESS_INFERRED, NSTREE_PROCESS_INFERRED);
        }
    }
    ROW_INT(row, next == root->members + root->n_inside, 1);
}

/* Compares the shape of a tree with the expected one, and frees it. */
static inline void expect_shape(const char *row, struct nstree *tree, const char *want)
{
    char *got = shape(tree);

    check_tree(row, tree);
    ROW_TEXT(row, got, want);
    free(got);
    nstree_free(tree);
}
