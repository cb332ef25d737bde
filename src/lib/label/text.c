/* SPDX-License-Identifier: MIT */
#include "label/text.h"

#include <string.h>

struct text text_of(const char *string)
{
    return (struct text){string, strlen(string)};
}

bool text_is(struct text text, const char *string)
{
    return text_equal(text, text_of(string));
}

bool text_starts(struct text text, const char *prefix)
{
    size_t len = strlen(prefix);

    return text.len >= len && (len == 0 || memcmp(text.at, prefix, len) == 0);
}

bool text_ends(struct text text, const char *suffix)
{
    size_t len = strlen(suffix);

    return text.len >= len && text_is(text_skip(text, text.len - len), suffix);
}

bool text_equal(struct text a, struct text b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

struct text text_after(struct text text, const char *string)
{
    const char *at = text.len > 0 ? memmem(text.at, text.len, string, strlen(string)) : NULL;

    return at ? text_skip(text, (size_t)(at - text.at) + strlen(string)) : (struct text){0};
}

struct text text_skip(struct text text, size_t n)
{
    if (!text.at)
        return text;
    n = n < text.len ? n : text.len;
    return (struct text){text.at + n, text.len - n};
}

struct text text_without(struct text text, const char *suffix)
{
    if (text_ends(text, suffix))
        text.len -= strlen(suffix);
    return text;
}

struct text text_base(struct text path)
{
    const char *slash = path.len > 0 ? memrchr(path.at, '/', path.len) : NULL;

    return slash ? text_skip(path, (size_t)(slash - path.at) + 1) : path;
}

void text_copy(char *out, size_t size, struct text text)
{
    size_t len = text.len < size - 1 ? text.len : size - 1;

    len = len > 0 ? strnlen(text.at, len) : 0;
    if (len > 0)
        memcpy(out, text.at, len);
    out[len] = '\0';
}

static int digit(char c, int base)
{
    int value = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : base;

    return value < base ? value : -1;
}

/* The byte that the first digits denote, or -1. */
static int byte_of(struct text text, size_t digits, int base)
{
    int value = 0;

    if (text.len < digits)
        return -1;
    for (size_t i = 0; i < digits; i++) {
        int next = digit(text.at[i], base);

        if (next < 0)
            return -1;
        value = value * base + next;
    }
    return value > 0 && value < 256 ? value : -1;
}

static void unescape(char *out, size_t size, struct text text, const char *mark, size_t digits,
                     int base)
{
    size_t n = 0, skip = strlen(mark);

    while (text.len > 0 && *text.at != '\0' && n + 1 < size) {
        int byte = text_starts(text, mark) ? byte_of(text_skip(text, skip), digits, base) : -1;

        out[n++] = byte < 0 ? *text.at : (char)byte;
        text = text_skip(text, byte < 0 ? 1 : skip + digits);
    }
    out[n] = '\0';
}

void text_unescape_unit(char *out, size_t size, struct text text)
{
    unescape(out, size, text, "\\x", 2, 16);
}

void text_unescape_mount(char *out, size_t size, struct text text)
{
    unescape(out, size, text, "\\", 3, 8);
}

bool text_is_hex(struct text text, size_t least)
{
    for (size_t i = 0; i < text.len; i++) {
        if (digit(text.at[i], 16) < 0)
            return false;
    }
    return text.len >= least;
}

bool text_is_id(struct text text)
{
    return text.len == 64 && text_is_hex(text, 64);
}

bool text_is_uuid(struct text text)
{
    for (size_t i = 0; i < text.len; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;

        if (dash ? text.at[i] != '-' : digit(text.at[i], 16) < 0)
            return false;
    }
    return text.len == 36;
}

bool text_next(struct text *rest, char separator, struct text *piece)
{
    if (rest->len == 0)
        return false;
    const char *end = memchr(rest->at, separator, rest->len);
    *piece = (struct text){rest->at, end ? (size_t)(end - rest->at) : rest->len};
    *rest = text_skip(*rest, piece->len + 1);
    return true;
}

struct text args_first(struct text args)
{
    struct text word = {0};

    text_next(&args, '\0', &word);
    return word;
}

struct text args_value(struct text args, const char *option)
{
    size_t len = strlen(option);
    struct text word;

    while (text_next(&args, '\0', &word)) {
        if (!text_starts(word, option))
            continue;
        if (word.len == len)
            return args_first(args);
        if (word.at[len] == '=')
            return text_skip(word, len + 1);
    }
    return (struct text){0};
}

struct text environ_value(struct text environment, const char *name)
{
    size_t len = strlen(name);
    struct text word;

    while (text_next(&environment, '\0', &word)) {
        if (text_starts(word, name) && word.len > len && word.at[len] == '=')
            return text_skip(word, len + 1);
    }
    return (struct text){0};
}

struct text containerenv_value(struct text rest, const char *name)
{
    struct text line;
    size_t len = strlen(name);

    while (text_next(&rest, '\n', &line)) {
        if (text_starts(line, name) && line.len > len + 2 && line.at[len] == '=' &&
            line.at[len + 1] == '"')
            return text_without(text_skip(line, len + 2), "\"");
    }
    return (struct text){0};
}

bool mount_next(struct text *rest, struct mount *mount)
{
    struct text line, skipped;

    while (text_next(rest, '\n', &line)) {
        if (text_next(&line, ' ', &mount->id) && text_next(&line, ' ', &skipped) &&
            text_next(&line, ' ', &mount->device) && text_next(&line, ' ', &mount->root) &&
            text_next(&line, ' ', &mount->point)) {
            mount->rest = line;
            return true;
        }
    }
    return false;
}

bool mount_at(struct text mountinfo, const char *point, struct mount *mount)
{
    struct mount next;
    bool found = false;

    while (mount_next(&mountinfo, &next)) {
        if (text_is(next.point, point)) {
            *mount = next;
            found = true;
        }
    }
    return found;
}

struct text mount_of_root(struct text mountinfo)
{
    const char *end = mountinfo.len > 0 ? memrchr(mountinfo.at, '\n', mountinfo.len) : NULL;
    struct text id = {0};
    struct mount next;

    mountinfo.len = end ? (size_t)(end - mountinfo.at) : 0; /* the last line may be cut */
    while (mount_next(&mountinfo, &next)) {
        if (text_is(next.point, "/") && id.len > 0)
            return (struct text){0};
        if (text_is(next.point, "/"))
            id = next.id;
    }
    return id;
}

bool mount_is_shared(const struct mount *mount)
{
    struct text rest = mount->rest, field;

    while (text_next(&rest, ' ', &field) && !text_is(field, "-")) {
        if (text_starts(field, "shared:"))
            return true;
    }
    return false;
}
