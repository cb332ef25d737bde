/* SPDX-License-Identifier: MIT */
#include "cli/escape.h"

#include <stdint.h>

#include "base/utf8.h"
#include "cli/put.h"

static void write_escaped(FILE *out, uint32_t point)
{
    switch (point) {
    case '\n':
        put_text(out, "\\n");
        break;
    case '\t':
        put_text(out, "\\t");
        break;
    case '\r':
        put_text(out, "\\r");
        break;
    case '\\':
        put_text(out, "\\\\");
        break;
    default:
        fprintf(out, point < 0x80 ? "\\x%02x" : point < 0x10000 ? "\\u%04x" : "\\U%08x", point);
        break;
    }
}

/* How many bytes at the start of text[0..len) need no escape: for most names, all. */
static size_t plain(const char *text, size_t len)
{
    size_t n = 0;

    while (n < len && text[n] >= ' ' && text[n] < 0x7f && text[n] != '\\')
        n++;
    return n;
}

bool escape_is_plain(const char *text, size_t len)
{
    return plain(text, len) == len;
}

void escape_write(FILE *out, const char *text, size_t len, bool utf8)
{
    while (len > 0) {
        size_t n = plain(text, len);
        uint32_t point;

        if (n > 0) {
            put_bytes(out, text, n);
        } else if ((n = utf8_decode(text, len, &point)) == 0) {
            fprintf(out, "\\x%02x", (unsigned char)*text);
            n = 1;
        } else if (point == '\\' || is_harmful(point) || (point >= 0x80 && !utf8)) {
            write_escaped(out, point);
        } else {
            put_bytes(out, text, n);
        }
        text += n;
        len -= n;
    }
}
