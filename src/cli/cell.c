/* SPDX-License-Identifier: MIT */
#include "cli/cell.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/utf8.h"
#include "cli/escape.h"
#include "cli/width.h"

static void set_buffer(struct cell *cell, const char *end)
{
    cell->text = cell->buffer;
    cell->len = (size_t)(end - cell->buffer);
}

/* Two digits. */
static char *compose_pair(char *at, uint64_t n)
{
    *at++ = (char)('0' + n / 10 % 10);
    *at++ = (char)('0' + n % 10);
    return at;
}

/* `[[DAYS-]HOURS:]MINUTES:SECONDS`, as etime of ps(1). */
static char *compose_age(char *at, uint64_t seconds)
{
    uint64_t minutes = seconds / 60, hours = minutes / 60, days = hours / 24;

    if (days > 0) {
        at = compose_number(at, days);
        *at++ = '-';
    }
    if (hours > 0) {
        at = compose_pair(at, hours % 24);
        *at++ = ':';
    }
    at = compose_pair(at, minutes % 60);
    *at++ = ':';
    return compose_pair(at, seconds % 60);
}

static char *compose_hundredths(char *at, uint64_t n)
{
    at = compose_number(at, n / 100);
    *at++ = '.';
    return compose_pair(at, n % 100);
}

/* Local time as in ISO 8601, without a blank; `-` where no calendar has it. */
static char *compose_time(char *at, size_t size, uint64_t hundredths)
{
    const uint64_t last = UINT64_C(253402300799); /* of the year 9999, in UTC */
    time_t seconds = (time_t)(hundredths / 100);
    struct tm tm;
    size_t len = 0;

    if (hundredths / 100 <= last && localtime_r(&seconds, &tm))
        len = strftime(at, size, "%Y-%m-%dT%H:%M:%S", &tm);
    return len ? at + len : stpcpy(at, "-");
}

/* Text that somebody else chose, behind blanks. */
static int set_text(struct cell *cell, const char *text, size_t len, bool utf8, unsigned indent)
{
    if (indent == 0 && escape_is_plain(text, len)) {
        cell->text = text;
        cell->len = len;
        return 0;
    }
    FILE *out = open_memstream(&cell->owned, &cell->len);
    if (!out)
        return -ENOMEM;
    fprintf(out, "%*s", (int)indent, "");
    escape_write(out, text, len, utf8);
    if (fclose(out) != 0)
        return -ENOMEM;
    cell->text = cell->owned;
    return 0;
}

/* The marks of an entry: escaped already. */
static int set_marks(struct cell *cell, const struct values *values, const struct entry *entry)
{
    cell->owned = entry_marks(values->look, values->tree, entry);
    if (!cell->owned)
        return -ENOMEM;
    cell->text = *cell->owned ? cell->owned : "-";
    cell->len = strlen(cell->text);
    return 0;
}

int cell_make(struct cell *cell, const struct values *values, const struct value *value,
              unsigned indent)
{
    char *at = cell->buffer;

    cell->owned = NULL;
    switch (value->kind) {
    case VALUE_TEXT:
        return set_text(cell, value->text, strlen(value->text), values->look->utf8, indent);
    case VALUE_LETTER:
        at[0] = (char)value->number;
        return set_text(cell, at, 1, values->look->utf8, indent);
    case VALUE_MARKS:
        return set_marks(cell, values, value->entry);
    case VALUE_NUMBER:
        at = compose_number(at, value->number);
        break;
    case VALUE_HUNDREDTHS:
        at = compose_hundredths(at, value->number);
        break;
    case VALUE_AGE:
        at = compose_age(at, value->number);
        break;
    case VALUE_TIME:
        at = compose_time(at, sizeof cell->buffer, value->number);
        break;
    case VALUE_ID:
        at = compose_id(at, value->ns);
        break;
    case VALUE_CHAIN:
        at = compose_chain(at, value->process, ',');
        break;
    default:
        return set_text(cell, "-", 1, values->look->utf8, indent);
    }
    set_buffer(cell, at);
    return 0;
}

void cell_free(struct cell *cell)
{
    free(cell->owned);
    cell->owned = NULL;
}

size_t cell_width(const struct cell *cell)
{
    size_t width = 0;

    for (size_t i = 0; i < cell->len;) {
        uint32_t point;
        size_t n = utf8_decode(cell->text + i, cell->len - i, &point);

        width += n > 0 ? width_of(point) : 1;
        i += n > 0 ? n : 1;
    }
    return width;
}
