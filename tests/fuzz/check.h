/* SPDX-License-Identifier: MIT */
/* What holds of every finished tree, whatever it was made of; and what is printed of it. */
#pragma once

#include "cli/selection.h"
#include "fuzz.h"
#include "nstree.h"

/* All that nstree.h promises. Aborts where it does not hold. */
void check_tree(const struct nstree *tree);

/* A selection rendered in each format. */
struct prints {
    char *tree, *list, *json;
    size_t tree_len, list_len, json_len;
};

/* Renders, and checks that there is nothing in it that could harm a terminal and, where the whole
 * tree is shown, one line for each namespace and process. */
void print_all(const struct selection *selection, struct prints *out);
void prints_free(struct prints *prints);

/* What options ask for; of everything. */
void select_part(const struct nstree *tree, const struct options *options, struct selection *out);
void select_all(const struct nstree *tree, struct selection *out);

/* Loads text. Returns what nstree_load() does; checks that a failure leaves *out alone and is said
 * in words. */
int load_text(const char *text, size_t len, struct nstree **out);

/* Loads what was printed as JSON, and checks that it prints the same in every format. */
void check_round_trip(const struct prints *prints);
