/* SPDX-License-Identifier: MIT */
#include "split.h"

#include <errno.h>
#include <stdio.h>

/* The line that the text has been read up to. */
static int line_here(const struct split *split)
{
    int line = 1;

    for (const char *at = split->text; at < split->at; at++)
        line += *at == '\n';
    return line;
}

int split_fail(struct split *split, const char *what)
{
    split->where.line = line_here(split);
    snprintf(split->where.text, sizeof split->where.text, "%s", what);
    return -EBADMSG;
}

static void skip_blanks(struct split *split)
{
    while (split->at < split->end &&
           (*split->at == ' ' || *split->at == '\t' || *split->at == '\n' || *split->at == '\r'))
        split->at++;
}

/* Takes this character, if it is the next that is not blank. */
static bool take(struct split *split, char c)
{
    skip_blanks(split);
    if (split->at == split->end || *split->at != c)
        return false;
    split->at++;
    return true;
}

bool split_begin(struct split *split, const char *text, size_t len)
{
    *split = (struct split){.text = text, .at = text, .end = text + len, .first = true};
    return take(split, '{');
}

json_t *split_value(struct split *split)
{
    const size_t flags = JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK | JSON_DECODE_ANY;

    skip_blanks(split);
    json_t *value = json_loadb(split->at, (size_t)(split->end - split->at), flags, &split->where);
    if (value)
        split->at += split->where.position;
    else
        split->where.line += line_here(split) - 1;
    split->first = false;
    return value;
}

/* Goes to what follows the opening bracket or a comma. Returns 1, 0 behind the closing bracket, or
 * -EBADMSG. */
static int next(struct split *split, char closing)
{
    char what[] = "',' or '}' expected";

    if (take(split, closing))
        return 0;
    if (split->first || take(split, ','))
        return 1;
    what[8] = closing;
    return split_fail(split, what);
}

int split_member(struct split *split, json_t **name)
{
    int rc = next(split, '}');

    if (rc == 0) {
        skip_blanks(split);
        return split->at == split->end ? 0 : split_fail(split, "end of file expected");
    }
    skip_blanks(split);
    if (rc < 0)
        return rc;
    if (split->at == split->end || *split->at != '"')
        return split_fail(split, "string expected");
    *name = split_value(split);
    if (!*name)
        return -EBADMSG;
    if (take(split, ':'))
        return 1;
    json_decref(*name);
    return split_fail(split, "':' expected");
}

bool split_enter(struct split *split)
{
    split->first = take(split, '[');
    return split->first;
}

int split_element(struct split *split, json_t **element)
{
    int rc = next(split, ']');

    if (rc == 0)
        split->first = false; /* of what the array is in */
    if (rc != 1)
        return rc;
    *element = split_value(split);
    return *element ? 1 : -EBADMSG;
}
