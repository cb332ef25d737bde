/* SPDX-License-Identifier: MIT */
/* A stream of our own (fopencookie(3), in glibc and musl) gathers a line, and passes on what fits.
 */
#include "cli/cut.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/escape.h"
#include "cli/width.h"

/* Adds to a line; its bytes are then there even if it is empty. Returns 0 or -ENOMEM. */
static int line_add(struct line *line, const char *bytes, size_t len)
{
    if (line->size - line->len < len || !line->bytes) {
        size_t size = (line->len + len) * 2 + 128;
        char *grown = realloc(line->bytes, size);

        if (!grown)
            return -ENOMEM;
        line->bytes = grown;
        line->size = size;
    }
    memcpy(line->bytes + line->len, bytes, len);
    line->len += len;
    return 0;
}

/* The bytes of the colour sequence that text[0..len) begins with, or 0. */
static size_t sequence(const char *text, size_t len)
{
    const char *end;

    if (text[0] != '\033')
        return 0;
    end = memchr(text, 'm', len);
    return end ? (size_t)(end - text) + 1 : 0;
}

static unsigned columns_of(const char *text)
{
    unsigned columns = 0;
    uint32_t point;

    for (size_t n, len = strlen(text); len > 0; text += n, len -= n) {
        n = utf8_decode(text, len, &point);
        columns += n ? width_of(point) : 1;
        n += n == 0;
    }
    return columns;
}

/* How many bytes of the line are to be shown: all, or as many as leave room for the ellipsis. */
static size_t shown(const struct line *line, unsigned columns, unsigned reserve)
{
    size_t fits = 0, n;
    unsigned used = 0;

    for (size_t i = 0; i < line->len; i += n) {
        uint32_t point;

        n = sequence(line->bytes + i, line->len - i);
        if (n == 0) {
            n = utf8_decode(line->bytes + i, line->len - i, &point);
            used += n ? width_of(point) : 1;
            n += n == 0;
        }
        if (used > columns)
            return fits;
        if (used <= columns - reserve)
            fits = i + n;
    }
    return line->len;
}

/* Passes the line on, without its newline. */
static void pass(struct cut *cut)
{
    unsigned reserve = columns_of(cut->ellipsis);
    const struct line *line = &cut->line;
    size_t n = shown(line, cut->columns, reserve < cut->columns ? reserve : 0);

    fwrite(line->bytes, 1, n, cut->out);
    if (n < line->len && reserve < cut->columns)
        fputs(cut->ellipsis, cut->out);
    for (size_t i = n; i < line->len; i++) {
        size_t colour = sequence(line->bytes + i, line->len - i);

        fwrite(line->bytes + i, 1, colour, cut->out);
    }
    cut->line.len = 0;
}

/* Always takes all: a failure is noted, for what comes after it would be noise. */
static ssize_t take(void *cookie, const char *bytes, size_t size)
{
    struct cut *cut = cookie;

    for (size_t left = size; left > 0 && !cut->failed;) {
        const char *newline = memchr(bytes, '\n', left);
        size_t n = newline ? (size_t)(newline - bytes) : left;

        cut->failed = line_add(&cut->line, bytes, n) != 0;
        n += newline != NULL;
        if (newline && !cut->failed) {
            pass(cut);
            putc('\n', cut->out);
        }
        bytes += n;
        left -= n;
    }
    return (ssize_t)size;
}

int cut_open(struct cut *cut, FILE *out, unsigned columns, const char *ellipsis)
{
    const cookie_io_functions_t functions = {.write = take};

    *cut = (struct cut){.out = out, .columns = columns, .ellipsis = ellipsis};
    cut->stream = fopencookie(cut, "w", functions);
    return cut->stream ? 0 : -ENOMEM;
}

int cut_close(struct cut *cut)
{
    bool failed = fclose(cut->stream) != 0 || cut->failed;

    if (!failed && cut->line.len > 0)
        pass(cut);
    free(cut->line.bytes);
    return failed ? -ENOMEM : 0;
}
