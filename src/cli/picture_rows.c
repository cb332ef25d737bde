/* SPDX-License-Identifier: MIT */
#include "cli/picture_rows.h"

const struct nstree_ns *picture_rows_next(const struct selection *selection,
                                          const struct nstree_ns *ns, const struct nstree_ns *box)
{
    const struct nstree_ns *end = ns + ns->below + 1;

    for (box = box ? box + box->below + 1 : ns + 1; box < end; box += box->below + 1) {
        if (selection_shown(selection, box) != SHOWN_NOT)
            return box;
    }
    return NULL;
}

size_t picture_rows_columns(const struct selection *selection, const struct nstree_ns *ns)
{
    const struct nstree_ns *box = NULL;
    size_t n = 0, columns = 0;

    while ((box = picture_rows_next(selection, ns, box)))
        n++;
    while (4 * columns * columns < n)
        columns++;
    return columns;
}

const struct nstree_ns *picture_rows_left(const struct selection *selection,
                                          const struct nstree_ns *ns)
{
    for (const struct nstree_ns *box = ns; box; box = picture_rows_next(selection, ns, NULL))
        ns = box;
    return ns;
}

const struct nstree_ns *picture_rows_right(const struct selection *selection,
                                           const struct nstree_ns *ns)
{
    for (;;) {
        const struct nstree_ns *box = NULL;
        size_t columns = picture_rows_columns(selection, ns);

        if (columns == 0)
            return ns;
        for (; columns > 0; columns--)
            box = picture_rows_next(selection, ns, box);
        ns = box;
    }
}
