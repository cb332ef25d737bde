/* SPDX-License-Identifier: MIT */
/* A stream (fopencookie(3), in glibc and musl), so that all functions that write text to a stream
 * can write quoted text. */
#include "cli/quote.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/utf8.h"

static bool needs_apart(const struct quote *quote, unsigned char byte)
{
    const char *sticky = quote->quoting->sticky;

    return sticky && quote->before != 0 && strchr(sticky, quote->before) &&
           (is_letter((char)byte) || byte == quote->before);
}

static ssize_t take(void *cookie, const char *bytes, size_t size)
{
    struct quote *quote = cookie;

    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        const char *instead = byte < 128 ? quote->quoting->of[byte] : NULL;

        if (needs_apart(quote, byte))
            fputs(quote->quoting->apart, quote->out);
        if (instead)
            fputs(instead, quote->out);
        else
            putc(byte, quote->out);
        quote->before = byte;
    }
    return (ssize_t)size; /* a write error is that of `out` */
}

int quote_open(struct quote *quote, FILE *out, const struct quoting *quoting)
{
    const cookie_io_functions_t functions = {.write = take};

    *quote = (struct quote){.out = out, .quoting = quoting};
    quote->stream = fopencookie(quote, "w", functions);
    return quote->stream ? 0 : -ENOMEM;
}

void quote_end(struct quote *quote)
{
    fflush(quote->stream);
    quote->before = 0;
}

void quote_close(struct quote *quote)
{
    fclose(quote->stream);
}
