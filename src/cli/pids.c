/* SPDX-License-Identifier: MIT */
#include "cli/pids.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/number.h"

#define BLANKS " \t\r\n"
#define PARTS BLANKS ","

/* As many bytes as all PIDs that there can be have, with what parts them. */
#define LIST_BYTES_MAX ((size_t)NSTREE_PID_LIMIT * 8)

int pids_parse(const char *text, size_t len, uint32_t *out)
{
    int rc = parse_u32(text, len, NSTREE_PID_LIMIT - 1, out);

    return rc == 0 && *out == 0 ? -ERANGE : rc;
}

int pids_add(struct pid_list *list, uint32_t pid)
{
    uint32_t *items = array_room(list->items, &list->capacity, list->n + 1, sizeof *items);

    if (!items)
        return -ENOMEM;
    list->items = items;
    items[list->n++] = pid;
    return 0;
}

/* Takes text[0..len), one PID. */
static int take_one(struct pid_list *list, const char *option, const char *text, size_t len,
                    struct nstree_error *err)
{
    uint32_t pid;
    int rc = pids_parse(text, len, &pid), shown = len > 40 ? 40 : (int)len;

    if (rc == -ERANGE)
        return error_set(err, -EINVAL, "--%s: '%.*s' is out of range (1 to %d)", option, shown,
                         text, NSTREE_PID_LIMIT - 1);
    if (rc != 0)
        return error_set(err, -EINVAL, "--%s: '%.*s' is not a PID", option, shown, text);
    return pids_add(list, pid) == 0 ? 0 : error_set(err, -ENOMEM, "out of memory");
}

/* Between two PIDs are any number of blanks and at most one comma. */
static int take_text(struct pid_list *list, const char *option, const char *text,
                     struct nstree_error *err)
{
    const char *at = text + strspn(text, BLANKS);

    do {
        size_t len = strcspn(at, PARTS);
        int rc = take_one(list, option, at, len, err);

        if (rc != 0)
            return rc;
        at += len;
        at += strspn(at, BLANKS);
        if (*at == ',')
            at++;
        at += strspn(at, BLANKS);
    } while (*at != '\0');
    return 0;
}

/* Reads standard input to its end, into a text that ends with a NUL. Returns its length or a
 * negative errno. */
static ssize_t read_input(char **text)
{
    size_t size = 0, len = 0;

    while (len < LIST_BYTES_MAX) {
        char *grown = array_room(*text, &size, len + 2, 1);

        if (!grown)
            return -ENOMEM;
        *text = grown;
        ssize_t got = read(STDIN_FILENO, grown + len, size - len - 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -errno;
        len += (size_t)got;
        grown[len] = '\0';
        if (got == 0)
            return (ssize_t)len;
    }
    return -EFBIG;
}

static int take_input(struct pid_list *list, const char *option, struct nstree_error *err)
{
    AUTO_FREE char *text = NULL;
    ssize_t len = read_input(&text);

    list->from_input = true;
    if (len < 0)
        return error_set(err, len == -ENOMEM ? -ENOMEM : -EINVAL, "--%s: standard input: %s",
                         option, strerror((int)-len));
    if (strlen(text) < (size_t)len)
        return error_set(err, -EINVAL, "--%s: standard input has a NUL byte", option);
    if (text[strspn(text, BLANKS)] == '\0')
        return error_set(err, -EINVAL, "--%s: no PID on standard input", option);
    return take_text(list, option, text, err);
}

int pids_take(struct pid_list *list, const char *option, const char *text, struct nstree_error *err)
{
    return strcmp(text, "-") == 0 ? take_input(list, option, err)
                                  : take_text(list, option, text, err);
}
