/* SPDX-License-Identifier: MIT */
/* The stream (fopencookie(3), in glibc and musl) collects a line and writes what fits of it. */
#include "cli/cut.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "cli/width.h"

/* Appends to the line, which is allocated then even if it is empty. */
static void append(struct cut *cut, const char *bytes, size_t len)
{
    char *line = array_room(cut->line, &cut->size, cut->len + len, 1);

    cut->failed = !line;
    if (!line)
        return;
    cut->line = line;
    memcpy(line + cut->len, bytes, len);
    cut->len += len;
}

/* The bytes of the colour sequence at the start of text[0..len), or 0. */
static size_t color_sequence(const char *text, size_t len)
{
    const char *end;

    if (text[0] != '\033')
        return 0;
    end = memchr(text, 'm', len);
    return end ? (size_t)(end - text) + 1 : 0;
}

/* The bytes of the character at the start of text[0..len). Adds its columns. */
static size_t character(const char *text, size_t len, unsigned *columns)
{
    uint32_t point;
    size_t n = utf8_decode(text, len, &point);

    *columns += n ? width_of(point) : 1;
    return n ? n : 1;
}

static unsigned columns_of(const char *text)
{
    unsigned columns = 0;

    for (size_t n, len = strlen(text); len > 0; text += n, len -= n)
        n = character(text, len, &columns);
    return columns;
}

/* How many bytes of the line are shown: all, or as many as leave room for the ellipsis. */
static size_t measure(const struct cut *cut, unsigned reserve)
{
    size_t fits = 0, n;
    unsigned used = 0;

    for (size_t i = 0; i < cut->len; i += n) {
        n = color_sequence(cut->line + i, cut->len - i);
        if (n == 0)
            n = character(cut->line + i, cut->len - i, &used);
        if (used > cut->columns)
            return fits;
        if (used <= cut->columns - reserve)
            fits = i + n;
    }
    return cut->len;
}

/* Writes the line without its newline. */
static void flush(struct cut *cut)
{
    unsigned reserve = columns_of(cut->ellipsis);
    bool marked = reserve < cut->columns;
    size_t n = measure(cut, marked ? reserve : 0);

    fwrite(cut->line, 1, n, cut->out);
    if (n < cut->len && marked)
        fputs(cut->ellipsis, cut->out);
    for (size_t i = n; i < cut->len; i++)
        fwrite(cut->line + i, 1, color_sequence(cut->line + i, cut->len - i), cut->out);
    cut->len = 0;
}

/* Always takes everything: cut_close() reports a failure, and nothing is written after it. */
static ssize_t take(void *cookie, const char *bytes, size_t size)
{
    struct cut *cut = cookie;

    for (size_t left = size; left > 0 && !cut->failed;) {
        const char *newline = memchr(bytes, '\n', left);
        size_t n = newline ? (size_t)(newline - bytes) : left;

        append(cut, bytes, n);
        n += newline != NULL;
        if (newline && !cut->failed) {
            flush(cut);
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

void cut_end(struct cut *cut)
{
    fflush(cut->stream);
    if (!cut->failed && cut->len > 0)
        flush(cut);
}

int cut_close(struct cut *cut)
{
    bool failed = fclose(cut->stream) != 0 || cut->failed;

    if (!failed && cut->len > 0)
        flush(cut);
    free(cut->line);
    return failed ? -ENOMEM : 0;
}
