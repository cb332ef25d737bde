/* SPDX-License-Identifier: MIT */
/* Mermaid: https://mermaid.js.org/syntax/flowchart.html, as code hosts draw it. */
#include "cli/picture.h"

static const struct picture_words mermaid = {
    .begin = "flowchart LR\n",
    .end = "",
    .box = "subgraph ns",
    .box_text = "[\"",
    .box_count = ", ", /* no new line: there is room for one only */
    .box_open = "\"]\n",
    .box_first = "direction LR\n", /* or else a box without lines to others lies across it */
    .box_close = "end\n",
    .node_text = "[\"",
    .node_end = "\"]\n",
    .note_text = "[\"",
    .note_end = "\"]\n",
    .child = {" --> ", "\n"},
    .same = {" -.- ", "\n"},
    /* #NUMBER; is a character. All that HTML, Markdown, links, formulas, icons (fa:fa-car) or
     * Mermaid's own directives (%%{…}%%) could begin or end with is written so. When it has read
     * them, it still takes a backslash and an n for a new line, fa:fa-car for an icon and what is
     * between two $$ for a formula: U+200C, which has no width, keeps these apart. */
    .quoting
        .of = {['"'] = "#34;",  ['#'] = "#35;",  ['$'] = "#36;", ['%'] = "#37;",  ['&'] = "#38;",
               ['\''] = "#39;", ['*'] = "#42;",  ['/'] = "#47;", [':'] = "#58;",  [';'] = "#59;",
               ['<'] = "#60;",  ['='] = "#61;",  ['>'] = "#62;", ['@'] = "#64;",  ['\\'] = "#92;",
               ['^'] = "#94;",  ['_'] = "#95;",  ['`'] = "#96;", ['{'] = "#123;", ['|'] = "#124;",
               ['}'] = "#125;", ['~'] = "#126;", ['!'] = "#33;", ['.'] = "#46;",  ['\n'] = "<br/>"},
    .quoting.sticky = "\\:$",
    .quoting.apart = "#8204;",
};

int render_mermaid(const struct selection *selection, const struct look *look, FILE *out)
{
    return picture_draw(&mermaid, selection, look, out);
}
