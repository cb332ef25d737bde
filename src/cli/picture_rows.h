/* SPDX-License-Identifier: MIT */
/* Boxes in rows. Graphviz puts boxes that no line joins below each other: 50 of them made a picture
 * of 4,000 pixels. Lines that are not visible, each from a box to the next one in its row, make a
 * grid of them. Such a line joins nodes, so these functions also say which box, without others in
 * it, has the node. */
#pragma once

#include "cli/selection.h"

/* The first box in that of `ns`, or the one after `box` in it; NULL if there is none. */
const struct nstree_ns *picture_rows_next(const struct selection *selection,
                                          const struct nstree_ns *ns, const struct nstree_ns *box);

/* How many boxes in that of `ns` are in a row: as many as make it about as wide as high, where a
 * box is four times as wide as high. 0: there are none. */
size_t picture_rows_columns(const struct selection *selection, const struct nstree_ns *ns);

/* The innermost box at the left edge of that of `ns`, or at the right edge of its first row. */
const struct nstree_ns *picture_rows_left(const struct selection *selection,
                                          const struct nstree_ns *ns);
const struct nstree_ns *picture_rows_right(const struct selection *selection,
                                           const struct nstree_ns *ns);
