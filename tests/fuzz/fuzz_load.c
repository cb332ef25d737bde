/* SPDX-License-Identifier: MIT */
/* Recordings: what loads is a well-formed tree, and what it prints loads again. */
#include "check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct nstree *tree = NULL;
    struct selection selection;
    struct prints prints;

    if (load_text((const char *)data, size, &tree) != 0)
        return 0;
    check_tree(tree);
    select_all(tree, &selection);
    print_all(&selection, &prints);
    check_round_trip(&prints);
    prints_free(&prints);
    selection_free(&selection);
    nstree_free(tree);
    return 0;
}
