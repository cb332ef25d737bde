/* SPDX-License-Identifier: MIT */
/* Mermaid: https://mermaid.js.org/syntax/flowchart.html, as code hosts render it. */
#include "cli/picture.h"

static const struct picture_words mermaid = {
    .begin = "flowchart LR\n",
    .end = "",
    .box = "subgraph ns",
    .box_text = "[\"",
    .box_count = ", ", /* no newline: there is room for one line only */
    .box_open = "\"]\n",
    .box_first = "direction LR\n", /* else a box without lines to others is laid out top down */
    .box_close = "end\n",
    .node_text = "[\"",
    .node_end = "\"]\n",
    .note_text = "[\"",
    .note_end = "\"]\n",
    .child = {" --> ", "\n"},
    .same = {" -.- ", "\n"},
    /* #NUMBER; is a character. This escapes whatever can begin or end HTML, Markdown, links,
     * formulas, icons (fa:fa-car) and Mermaid's own directives (%%{…}%%). After unescaping, Mermaid
     * still takes \n for a newline, fa:fa-car for an icon and text between two $$ for a formula:
     * U+200C, which has no width, breaks these up. */
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
