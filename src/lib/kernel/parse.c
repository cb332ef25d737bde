/* SPDX-License-Identifier: MIT */
#include "kernel/parse.h"

#include <errno.h>
#include <string.h>

#include "base/number.h"
#include "base/utf8.h"

int parse_link(const char *text, size_t len, const char *type, uint32_t *inode)
{
    const size_t skip = strlen(type) + 2;
    uint32_t value;

    if (len < skip + 2 || memcmp(text, type, skip - 2) != 0 ||
        memcmp(text + skip - 2, ":[", 2) != 0 || text[len - 1] != ']')
        return -EINVAL;
    if (parse_u32(text + skip, len - skip - 1, UINT32_MAX, &value) != 0 || value == 0)
        return -EINVAL;
    *inode = value;
    return 0;
}

int parse_ns_link(const char *text, size_t len, uint32_t *inode)
{
    return parse_link(text, len, "pid", inode);
}

/* A line of a status file, without its newline: `Key:\tvalue`. */
struct line {
    const char *value;
    size_t len;
};

/* Whether the line text[0..len) has this key. Sets *line to its value. Inlined, since comparing
 * with a key of known length takes a few instructions. */
static inline __attribute__((always_inline)) bool
line_is(const char *text, size_t len, const char *key, size_t key_len, struct line *line)
{
    if (len < key_len + 1 || memcmp(text, key, key_len) != 0 || text[key_len] != ':')
        return false;
    size_t skip = key_len + 1;
    if (skip < len && text[skip] == '\t') /* only one: a name can begin with a tab */
        skip++;
    line->value = text + skip;
    line->len = len - skip;
    return true;
}

/* The kernel escapes a newline in a name as \n, a backslash as two, and nothing else. */
static void take_name(const struct line *line, struct status *out)
{
    uint32_t n = 0;

    for (size_t i = 0; i < line->len && n < NAME_BYTES_MAX; i++) {
        char c = line->value[i];

        if (c == '\\' && i + 1 < line->len) {
            char next = line->value[i + 1];

            c = next == 'n' ? '\n' : c;
            i += next == 'n' || next == '\\';
        }
        if (c != '\0') /* no name has one, but this may be no status file */
            out->name[n++] = c;
    }
    out->name[n] = '\0';
    out->name_len = n;
}

static bool is_blank(char c)
{
    return c == '\t' || c == ' ';
}

/* Takes a number, up to the next blank, off *at. Returns 0 or -EBADMSG. A scan spends most of its
 * time here, so this is one pass. */
static int take_number(const char **at, const char *end, uint32_t max, uint32_t *out)
{
    const char *c = *at;
    uint64_t value = 0;

    for (; c < end && !is_blank(*c); c++) {
        unsigned digit = (unsigned char)*c - (unsigned)'0';

        value = value * 10 + digit;
        if (digit > 9 || value > max)
            return -EBADMSG;
    }
    if (c == *at)
        return -EBADMSG;
    *at = c;
    *out = (uint32_t)value;
    return 0;
}

static int take_first(const struct line *line, uint32_t max, uint32_t *out)
{
    const char *at = line->value;

    return take_number(&at, line->value + line->len, max, out);
}

static int take_nspid(const struct line *line, struct status *out)
{
    const char *at = line->value, *end = line->value + line->len;

    out->levels = 0;
    while (at < end) {
        uint32_t pid;

        if (out->levels == NSTREE_LEVELS_MAX ||
            take_number(&at, end, NSTREE_PID_LIMIT - 1, &pid) != 0)
            return -EBADMSG;
        if (pid == 0) /* released while the kernel wrote this */
            return -ESRCH;
        out->nspid[out->levels++] = pid;
        while (at < end && is_blank(*at))
            at++;
    }
    return out->levels > 0 ? 0 : -EBADMSG;
}

/* An amount of memory, such as `    1708 kB`. */
static int take_memory(const struct line *line, uint64_t *out)
{
    const char *at = line->value, *end = line->value + line->len;

    while (at < end && is_blank(*at))
        at++;
    const char *stop = at;
    while (stop < end && !is_blank(*stop))
        stop++;
    return parse_u64(at, (size_t)(stop - at), NSTREE_USAGE_UNKNOWN - 1, out) == 0 ? 0 : -EBADMSG;
}

/* The lines that are used, and a set of those seen. */
enum line_kind {
    LINE_OTHER = 0,
    LINE_NAME = 1 << 0,
    LINE_STATE = 1 << 1,
    LINE_TGID = 1 << 2,
    LINE_PPID = 1 << 3,
    LINE_UID = 1 << 4,
    LINE_NSPID = 1 << 5,
    LINE_KTHREAD = 1 << 6,
    LINE_VMSIZE = 1 << 7,
    LINE_THREADS = 1 << 8,
    LINE_VMRSS = 1 << 9,
    LINES_NEEDED = LINE_NAME | LINE_STATE | LINE_TGID | LINE_PPID | LINE_UID,
};

#define IS(key) line_is(text, len, key, sizeof(key) - 1, line)

/* Which line text[0..len) is. Sets *line to its value. The first byte rules out most. */
static enum line_kind line_kind(const char *text, size_t len, struct line *line)
{
    switch (text[0]) {
    case 'N':
        return IS("Name") ? LINE_NAME : IS("NSpid") ? LINE_NSPID : LINE_OTHER;
    case 'S':
        return IS("State") ? LINE_STATE : LINE_OTHER;
    case 'T':
        return IS("Tgid") ? LINE_TGID : IS("Threads") ? LINE_THREADS : LINE_OTHER;
    case 'P':
        return IS("PPid") ? LINE_PPID : LINE_OTHER;
    case 'U':
        return IS("Uid") ? LINE_UID : LINE_OTHER;
    case 'K':
        return IS("Kthread") ? LINE_KTHREAD : LINE_OTHER;
    case 'V':
        return IS("VmSize") ? LINE_VMSIZE : IS("VmRSS") ? LINE_VMRSS : LINE_OTHER;
    default:
        return LINE_OTHER;
    }
}

/* Takes the value of a line. Returns 0 or a negative errno. */
static int take_value(enum line_kind kind, const struct line *line, struct status *out)
{
    switch (kind) {
    case LINE_NAME:
        take_name(line, out);
        return 0;
    case LINE_STATE:
        out->state = line->len > 0 ? line->value[0] : '\0';
        return is_letter(out->state) ? 0 : -EBADMSG;
    case LINE_TGID:
        if (take_first(line, NSTREE_PID_LIMIT - 1, &out->tgid) != 0)
            return -EBADMSG;
        return out->tgid ? 0 : -ESRCH;
    case LINE_PPID:
        return take_first(line, NSTREE_PID_LIMIT - 1, &out->ppid);
    case LINE_UID:
        return take_first(line, UINT32_MAX, &out->uid);
    case LINE_NSPID:
        return take_nspid(line, out);
    case LINE_KTHREAD:
        out->kthread = line->len == 1 && line->value[0] == '1';
        return 0;
    case LINE_THREADS:
        return take_first(line, UINT32_MAX, &out->threads);
    case LINE_VMRSS:
        return take_memory(line, &out->rss);
    default:
        return 0;
    }
}

/* Whether nothing that follows in the file is needed. Threads, which comes late, is only needed of
 * a zombie, or for the usage; all lines of memory come before it. Kernels before 6.10 have no
 * Kthread line. There a kernel thread has no memory, so the search goes on to where VmSize would
 * be. */
static bool enough(unsigned seen, bool usage, const struct status *out)
{
    if ((seen & LINES_NEEDED) != LINES_NEEDED || !(seen & LINE_NSPID))
        return false;
    if (usage || out->state == 'Z')
        return seen & LINE_THREADS;
    return seen & (LINE_KTHREAD | LINE_VMSIZE | LINE_THREADS);
}

/* Without a Kthread line: PID 2 and its children, unless they have memory (a usermode helper). The
 * caller checks that the root is the initial namespace. */
static bool is_old_kthread(unsigned seen, const struct status *out)
{
    if (seen & (LINE_KTHREAD | LINE_VMSIZE) || out->state == 'Z' || out->state == 'X')
        return false;
    return out->levels <= 1 && (out->ppid == 2 || (out->tgid == 2 && out->ppid == 0));
}

/* What has no memory of its own, as kernel threads and zombies, has no line of it. */
static uint64_t rss_of(unsigned seen, const struct status *out)
{
    bool leaderless = out->state == 'Z' && out->threads > 1; /* its other threads have memory */

    if (seen & LINE_VMRSS)
        return out->rss;
    if (seen & LINE_VMSIZE || leaderless || !(seen & LINE_THREADS))
        return NSTREE_USAGE_UNKNOWN;
    return 0;
}

static int parse(const char *text, size_t len, bool whole, bool usage, struct status *out)
{
    const char *at = text, *end = text + len;
    unsigned seen = 0;
    bool found = false;

    memset(out, 0, sizeof *out);
    while (at < end && !found) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *stop = newline ? newline : end;
        struct line line;

        if (!newline && !whole)
            return -EAGAIN;
        enum line_kind kind = stop > at ? line_kind(at, (size_t)(stop - at), &line) : LINE_OTHER;
        /* Only the first line with a key counts. */
        if (kind && !(seen & kind)) {
            int rc = take_value(kind, &line, out);

            if (rc != 0)
                return rc == -ESRCH ? rc : -EBADMSG;
            seen |= kind;
            found = enough(seen, usage, out);
        }
        at = stop + 1;
    }
    if (!whole && !found)
        return -EAGAIN;
    if ((seen & LINES_NEEDED) != LINES_NEEDED)
        return -EBADMSG;
    out->kthread = out->kthread || is_old_kthread(seen, out);
    if (usage)
        out->rss = rss_of(seen, out);
    return seen & LINE_NSPID ? 0 : -EOPNOTSUPP;
}

int parse_status(const char *text, size_t len, bool whole, struct status *out)
{
    return parse(text, len, whole, false, out);
}

int parse_status_usage(const char *text, size_t len, bool whole, struct status *out)
{
    return parse(text, len, whole, true, out);
}

size_t parse_cmdline(char *text, size_t len)
{
    while (len > 0 && text[len - 1] == '\0')
        len--;
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\0')
            text[i] = ' ';
    }
    return len;
}

/* Cuts the next word off *at. Returns NULL if there is none. */
static char *next_word(char **at)
{
    char *word = *at + strspn(*at, " ");
    size_t len = strcspn(word, " \n");

    if (len == 0)
        return NULL;
    *at = word + len;
    if (**at != '\0')
        *(*at)++ = '\0';
    return word;
}

static bool is_octal(char c)
{
    return c >= '0' && c <= '7';
}

/* Unescapes, in place, space, tab, newline and backslash, which the kernel writes as `\040`
 * (mangle() in fs/proc_namespace.c). */
static void unescape_octal(char *text)
{
    char *to = text;

    for (const char *at = text; *at != '\0'; to++) {
        if (at[0] == '\\' && at[1] >= '0' && at[1] <= '3' && is_octal(at[2]) && is_octal(at[3])) {
            *to = (char)((at[1] - '0') << 6 | (at[2] - '0') << 3 | (at[3] - '0'));
            at += 4;
        } else {
            *to = *at++;
        }
    }
    *to = '\0';
}

/* `ID PARENT MAJOR:MINOR ROOT POINT OPTIONS [TAG...] - TYPE SOURCE OPTIONS`. ROOT of a
 * namespace is the text of its link (nsfs_show_path() in fs/nsfs.c). */
int parse_mount_line(char *line, struct mount_line *out)
{
    enum { ID, PARENT, DEVICE, ROOT, POINT, OPTIONS, WORDS };
    char *words[WORDS], *at = line;

    for (int i = 0; i < WORDS; i++) {
        words[i] = next_word(&at);
        if (!words[i])
            return -EINVAL;
    }
    *out = (struct mount_line){0};
    if (parse_u32(words[ID], strlen(words[ID]), UINT32_MAX, &out->id) != 0)
        return -EINVAL;
    const char *word = next_word(&at);
    while (word && strcmp(word, "-") != 0)
        word = next_word(&at);
    const char *type = word ? next_word(&at) : NULL;
    if (!type)
        return -EINVAL;
    if (strcmp(type, "nsfs") == 0 &&
        parse_ns_link(words[ROOT], strlen(words[ROOT]), &out->inode) == 0) {
        unescape_octal(words[POINT]);
        out->path = words[POINT];
    }
    return 0;
}
