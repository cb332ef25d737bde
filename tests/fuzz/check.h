/* SPDX-License-Identifier: MIT */
/* Properties of every finished tree, from any input, and of its output. */
#pragma once

#include "cli/selection.h"
#include "fuzz.h"
#include "nstree.h"

/* Checks all that nstree.h promises. Aborts if something does not hold. */
void check_tree(const struct nstree *tree);

/* A selection rendered in each format. */
struct prints {
    char *tree, *list, *json;
    size_t tree_len, list_len, json_len;
};

/* Renders. Checks that nothing in the output could harm a terminal, and that a whole tree has one
 * line for each namespace and process. */
void print_all(const struct selection *selection, struct prints *out);
void prints_free(struct prints *prints);

/* Select what options ask for, or everything. */
void select_part(const struct nstree *tree, const struct options *options, struct selection *out);
void select_all(const struct nstree *tree, struct selection *out);

/* Loads text. Returns as nstree_load(). Checks that a failure does not change *out and has a
 * message. */
int load_text(const char *text, size_t len, struct nstree **out);

/* Loads the printed JSON, and checks that it prints the same in every format. */
void check_round_trip(const struct prints *prints);
