/* SPDX-License-Identifier: MIT */
/* Graphviz: https://graphviz.org/doc/info/lang.html. Boxes are clusters. Each is
 * a little darker than the one around it, as its background is nearly transparent. */
#include "cli/picture.h"

static const struct picture_words dot = {
    .begin = "digraph nstree {\n"
             "  rankdir=LR\n"
             "  nodesep=0.1\n"
             "  ranksep=0.3\n"
             "  fontname=\"sans-serif\"\n"
             "  fontsize=12\n"
             "  labeljust=l\n"
             "  style=\"rounded,filled\"\n"
             "  color=\"#607080\"\n"
             "  fillcolor=\"#0040800c\"\n"
             "  node [fontname=\"sans-serif\" fontsize=10 shape=box style=\"rounded,filled\""
             " color=\"#8090a0\" fillcolor=white height=0.2 margin=\"0.08,0.04\"]\n"
             "  edge [color=\"#607080\" arrowsize=0.5]\n",
    .end = "}\n",
    .box = "subgraph cluster_",
    .box_text = " { label=\"",
    .box_count = "\n",
    .box_open = "\\l\"\n",
    .box_close = "}\n",
    .node_text = " [label=\"",
    .node_end = "\\l\"]\n",
    .note_text = " [shape=plaintext style=\"\" label=\"",
    .note_end = "\"]\n",
    .filler = " [shape=point style=invis width=0 height=0]\n",
    .child = {" -> ", "\n"},
    .same = {" -> ", " [style=dashed dir=none]\n"},
    .row = {" -> ", " [style=invis]\n"},
    /* In a quoted string, only \" is an escape of the language. Labels have their own escapes, all
     * with a backslash, and HTML entities. \l ends a left-justified line. */
    .quoting.of = {['"'] = "\\\"", ['\\'] = "\\\\", ['&'] = "&amp;", ['\n'] = "\\l"},
};

int render_dot(const struct selection *selection, const struct look *look, FILE *out)
{
    return picture_draw(&dot, selection, look, out);
}
