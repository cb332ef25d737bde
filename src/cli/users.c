/* SPDX-License-Identifier: MIT */
#include "cli/users.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/number.h"

#define FILE_MAX ((size_t)4 << 20)

struct user {
    uint32_t uid;
    uint32_t line; /* the first one of a uid counts */
    const char *name;
};

/* By uid, then by line. */
static int compare_users(const void *a, const void *b)
{
    const struct user *first = a, *second = b;
    int order = compare_numbers(first->uid, second->uid);

    return order ? order : compare_numbers(first->line, second->line);
}

/* Takes a line, `name:password:uid:…`. Lines that are none are skipped, as `+` for NIS. */
static int take_line(struct users *users, char *line)
{
    char *name_end = strchr(line, ':');
    char *password_end = name_end ? strchr(name_end + 1, ':') : NULL;
    const char *digits = password_end ? password_end + 1 : NULL;
    uint32_t uid;

    if (!digits || name_end == line || *line == '+' || *line == '-' ||
        parse_u32(digits, strcspn(digits, ":"), UINT32_MAX - 1, &uid) != 0)
        return 0;
    struct user *items = array_room(users->items, &users->capacity, users->n + 1, sizeof *items);
    if (!items)
        return -ENOMEM;
    *name_end = '\0';
    users->items = items;
    items[users->n] = (struct user){uid, (uint32_t)users->n, line};
    users->n++;
    return 0;
}

int users_read(struct users *users, const char *path)
{
    size_t size = 0;
    AUTO_CLOSE int fd = open(path, OPEN_FLAGS);

    *users = (struct users){0};
    if (fd < 0)
        return 0;
    ssize_t len = file_read(fd, &users->text, &size, FILE_MAX, true);
    if (len == -ENOMEM)
        return -ENOMEM;
    if (len <= 0)
        return 0;
    /* What follows the last newline can be a part of a line. */
    char *at = users->text, *newline;
    for (; (newline = memchr(at, '\n', (size_t)(users->text + len - at))); at = newline + 1) {
        *newline = '\0';
        if (take_line(users, at) != 0)
            return -ENOMEM;
    }
    if (users->n > 0)
        qsort(users->items, users->n, sizeof *users->items, compare_users);
    return 0;
}

const char *users_name(const struct users *users, uint32_t uid)
{
    size_t low = 0, high = users->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (users->items[middle].uid < uid)
            low = middle + 1;
        else
            high = middle;
    }
    return low < users->n && users->items[low].uid == uid ? users->items[low].name : NULL;
}

void users_free(struct users *users)
{
    free(users->items);
    free(users->text);
}
