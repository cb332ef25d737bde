/* SPDX-License-Identifier: MIT */
#include "cli/prefix.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/put.h"

int prefix_enter(struct prefix *prefix, bool last)
{
    const char *step = last ? prefix->glyphs->blank : prefix->glyphs->below;
    size_t needed = prefix->len + strlen(step) + 1;
    char *text = array_room(prefix->text, &prefix->size, needed, 1);

    if (!text)
        return -ENOMEM;
    prefix->text = text;
    prefix->len = (size_t)(stpcpy(text + prefix->len, step) - text);
    return 0;
}

void prefix_leave(struct prefix *prefix, bool last)
{
    prefix->len -= strlen(last ? prefix->glyphs->blank : prefix->glyphs->below);
}

void prefix_draw(const struct prefix *prefix, FILE *out, bool last)
{
    const char *glyph = last ? prefix->glyphs->last : prefix->glyphs->item;
    char line[128];

    if (prefix->len + strlen(glyph) >= sizeof line) {
        put_bytes(out, prefix->text, prefix->len);
        put_text(out, glyph);
        return;
    }
    if (prefix->len > 0) /* else text may be NULL */
        memcpy(line, prefix->text, prefix->len);
    char *end = stpcpy(line + prefix->len, glyph);
    put_bytes(out, line, (size_t)(end - line));
}

void prefix_free(struct prefix *prefix)
{
    free(prefix->text);
}
