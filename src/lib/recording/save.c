/* SPDX-License-Identifier: MIT */
/*
 * A tree as a recording: JSON with one namespace or one process a line, in two arrays. It is
 * written as it is made, so that a large machine costs no memory. nstree_save() holds the stream's
 * lock.
 *
 * Every character that could harm a terminal is escaped. JSON has them raw within strings only.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/number.h"
#include "base/utf8.h"
#include "model/tree.h"
#include "recording/words.h"

struct saving {
    const struct nstree *tree;
    const struct nstree_save_options *options;
    unsigned char *origins; /* 1: it is needed as a parent; NULL: all are saved */
    FILE *out;
    uint32_t *numbers; /* by container: one more than that in the recording; 0: left out */
    bool failed;       /* something was not written */
    bool first;        /* nothing was put since the bracket that opens an object or array */
    size_t n;          /* bytes in the buffer: a call of stdio for each word would cost the most */
    char buffer[4096];
};

/* Makes room for `len` bytes, at most the buffer. Returns where they go. */
static inline char *make_room(struct saving *saving, size_t len)
{
    if (len > sizeof saving->buffer - saving->n) {
        if (fwrite_unlocked(saving->buffer, 1, saving->n, saving->out) != saving->n)
            saving->failed = true;
        saving->n = 0;
    }
    return saving->buffer + saving->n;
}

static inline void put_char(struct saving *saving, char c)
{
    *make_room(saving, 1) = c;
    saving->n++;
}

static inline void put_bytes(struct saving *saving, const char *bytes, size_t len)
{
    while (len > 0) {
        size_t n = len < sizeof saving->buffer ? len : sizeof saving->buffer;

        memcpy(make_room(saving, n), bytes, n);
        saving->n += n;
        bytes += n;
        len -= n;
    }
}

static void put_digits(struct saving *saving, uint64_t number)
{
    char *end = compose_number(make_room(saving, NUMBER_BYTES), number);

    saving->n = (size_t)(end - saving->buffer);
}

/* Opens or closes an object or an array. */
static void put_bracket(struct saving *saving, char bracket)
{
    put_char(saving, bracket);
    saving->first = bracket == '{' || bracket == '[';
}

/* Puts the comma between two members or elements. */
static inline void put_comma(struct saving *saving)
{
    if (!saving->first)
        put_char(saving, ',');
    saving->first = false;
}

/* Puts the name of a member. */
static void put_key(struct saving *saving, enum member member)
{
    static const struct text {
        const char *at;
        size_t len;
    } keys[] = {
#define KEY(name, word) [M_##name] = {"\"" word "\":", sizeof(word) + 2},
        MEMBER_LIST(KEY)
#undef KEY
    };

    put_comma(saving);
    put_bytes(saving, keys[member].at, keys[member].len);
}

/* Puts a member whose value is a word of JSON: true, false or null. */
static void put_literal(struct saving *saving, enum member member, const char *value)
{
    put_key(saving, member);
    put_bytes(saving, value, strlen(value));
}

static void put_number(struct saving *saving, enum member member, uint64_t number)
{
    put_key(saving, member);
    put_digits(saving, number);
}

/* A number, or null where it is not known. */
static void put_known(struct saving *saving, enum member member, bool known, uint64_t number)
{
    if (known)
        put_number(saving, member, number);
    else
        put_literal(saving, member, "null");
}

/* Hundredths of a second as seconds, or null. */
static void put_seconds(struct saving *saving, enum member member, bool known, uint64_t hundredths)
{
    put_known(saving, member, known, hundredths / 100);
    if (!known)
        return;
    put_char(saving, '.');
    put_char(saving, (char)('0' + hundredths / 10 % 10));
    put_char(saving, (char)('0' + hundredths % 10));
}

/* The usage of something, if it was read. Where `counted` is not set, only its start is known. */
static void put_usage(struct saving *saving, const struct nstree_usage *usage, bool counted)
{
    if (!usage)
        return;
    put_seconds(saving, M_START, usage->start != NSTREE_USAGE_UNKNOWN, usage->start);
    put_known(saving, M_RSS, counted && usage->rss != NSTREE_USAGE_UNKNOWN, usage->rss);
    put_seconds(saving, M_CPU, counted && usage->cpu != NSTREE_USAGE_UNKNOWN, usage->cpu);
    put_known(saving, M_THREADS, counted && usage->threads != NSTREE_USAGE_UNKNOWN, usage->threads);
}

/* The flags that are marked. */
static void put_flags(struct saving *saving, const struct mark *marks, size_t n, uint32_t flags)
{
    for (size_t i = 0; i < n; i++) {
        bool set = flags & marks[i].flag;

        if (set || marks[i].usual)
            put_literal(saving, marks[i].member, set != marks[i].usual ? "true" : "false");
    }
}

/* Puts a character that cannot stand in a string as it is. */
static void put_escape(struct saving *saving, uint32_t point)
{
    static const char chars[] = "\"\\\b\f\n\r\t", names[] = "\"\\bfnrt";
    const char *at = point < 0x80 ? memchr(chars, (int)point, sizeof chars - 1) : NULL;
    char text[16];
    int len;

    if (at)
        len = snprintf(text, sizeof text, "\\%c", names[at - chars]);
    else if (point < 0x10000)
        len = snprintf(text, sizeof text, point < ' ' ? "\\u%04X" : "\\u%04x", point);
    else
        len = snprintf(text, sizeof text, "\\u%04x\\u%04x", 0xd800 + ((point - 0x10000) >> 10),
                       0xdc00 + ((point - 0x10000) & 0x3ff));
    put_bytes(saving, text, (size_t)len);
}

static bool is_plain(char c)
{
    return c >= ' ' && c < 0x7f && c != '"' && c != '\\';
}

/* Puts text in quotes, with U+FFFD for each byte that is no UTF-8. Returns whether all was
 * UTF-8. */
static bool put_quoted(struct saving *saving, const char *text, size_t len)
{
    bool utf8 = true;

    put_char(saving, '"');
    for (size_t i = 0, n; i < len; i += n) {
        uint32_t point;

        for (n = 0; i + n < len && is_plain(text[i + n]);)
            n++;
        if (n > 0) {
            put_bytes(saving, text + i, n);
        } else if ((n = utf8_decode(text + i, len - i, &point)) == 0) {
            put_bytes(saving, "\xef\xbf\xbd", 3);
            utf8 = false;
            n = 1;
        } else if (point < 0x80 || is_harmful(point)) {
            put_escape(saving, point);
        } else {
            put_bytes(saving, text + i, n);
        }
    }
    put_char(saving, '"');
    return utf8;
}

/* A text, or null where there is none; where it is no UTF-8, its bytes in hexadecimal, too. */
static void put_text(struct saving *saving, enum member member, const char *text)
{
    if (!text) {
        put_literal(saving, member, "null");
        return;
    }
    put_key(saving, member);
    if (put_quoted(saving, text, strlen(text)))
        return;
    put_key(saving, member + 1);
    put_char(saving, '"');
    for (; *text; text++) {
        put_char(saving, "0123456789abcdef"[(unsigned char)*text >> 4]);
        put_char(saving, "0123456789abcdef"[*text & 15]);
    }
    put_char(saving, '"');
}

static void put_id(struct saving *saving, enum member member, const struct nstree_ns *ns)
{
    char id[NSTREE_ID_SIZE];

    put_text(saving, member, ns ? nstree_ns_id(ns, id) : NULL);
}

/* What keeps it, each with the members that its kind has. */
static void put_keepers(struct saving *saving, const struct nstree_ns *ns)
{
    put_key(saving, M_KEEPERS);
    put_bracket(saving, '[');
    for (const struct nstree_keeper *keeper = ns->keepers; keeper < ns->keepers + ns->n_keepers;
         keeper++) {
        put_comma(saving);
        put_bracket(saving, '{');
        put_text(saving, M_HOW, words_hows[keeper->how]);
        if (keeper->pid)
            put_number(saving, M_PID, keeper->pid);
        if (keeper->name)
            put_text(saving, M_NAME, keeper->name);
        if (keeper->tid)
            put_number(saving, M_TID, keeper->tid);
        if (keeper->how == NSTREE_KEEPER_FD)
            put_number(saving, M_FD, keeper->fd);
        if (keeper->path)
            put_text(saving, M_PATH, keeper->path);
        put_bracket(saving, '}');
    }
    put_bracket(saving, ']');
}

/* The inodes of other namespaces, as far as they are known. */
static void put_others(struct saving *saving, const uint32_t *others)
{
    put_key(saving, M_OTHERS);
    put_bracket(saving, '{');
    for (int type = 0; type < NSTREE_TYPES; type++) {
        const char *name = nstree_type_name((enum nstree_type)type);

        if (others[type] == 0)
            continue;
        put_comma(saving);
        put_quoted(saving, name, strlen(name));
        put_char(saving, ':');
        put_digits(saving, others[type]);
    }
    put_bracket(saving, '}');
}

/* One more than the number of a container in the recording; 0 where it is left out. */
static uint32_t number_of(const struct saving *saving, const struct nstree_container *container)
{
    return container && saving->numbers ? saving->numbers[container - saving->tree->containers] : 0;
}

/* The container of a namespace or process, unless it is that which is understood. */
static void put_container(struct saving *saving, const struct nstree_container *container,
                          const struct nstree_container *understood)
{
    uint32_t number = number_of(saving, container);

    if (number != 0 && container != understood)
        put_number(saving, M_CONTAINER, number - 1);
}

/* Readers that take numbers for floating-point ones are exact up to 2^53. The kernel counts IDs up
 * from 1, so it does not get there; a larger one is a string. */
static void put_nsid(struct saving *saving, uint64_t nsid)
{
    char digits[NUMBER_BYTES + 1];

    if (nsid <= NSID_NUMBER_MAX) {
        put_known(saving, M_NSID, nsid != 0, nsid);
        return;
    }
    *compose_number(digits, nsid) = '\0';
    put_text(saving, M_NSID, digits);
}

static void put_namespace(struct saving *saving, const struct nstree_ns *ns)
{
    /* Where only some processes are saved, members were not counted; that there are none is known
     * all the same. */
    bool counted = ns->total == 0 || (!(saving->options->flags & NSTREE_SAVE_NO_TOTALS) &&
                                      ns->total != NSTREE_TOTAL_UNKNOWN);
    bool labels = !(saving->options->flags & NSTREE_SAVE_NO_LABELS);

    put_bracket(saving, '{');
    put_id(saving, M_ID, ns);
    put_known(saving, M_NS, ns->inode != 0, ns->inode);
    put_id(saving, M_PARENT, ns->parent);
    put_number(saving, M_LEVEL, ns->level);
    put_flags(saving, words_ns_marks, NS_MARKS, ns->flags);
    put_known(saving, M_INIT, ns->init != NULL, ns->init ? ns->init->pid : 0);
    put_known(saving, M_MEMBERS, counted, ns->total);
    if (counted && ns->inferred > 0)
        put_number(saving, M_INFERRED, ns->inferred);
    put_known(saving, M_ZOMBIES, counted && ns->zombies != NSTREE_TOTAL_UNKNOWN, ns->zombies);
    put_usage(saving, ns->usage, counted);
    put_nsid(saving, ns->nsid);
    put_known(saving, M_OWNER_UID, ns->owner_uid != NSTREE_UID_UNKNOWN, ns->owner_uid);
    put_known(saving, M_USER_NS, ns->user_ns != 0, ns->user_ns);
    put_text(saving, M_KIND, labels ? ns->kind : NULL);
    put_text(saving, M_LABEL, labels ? ns->label : NULL);
    put_text(saving, M_EVIDENCE, labels ? ns->evidence : NULL);
    put_container(saving, ns->container, NULL);
    if (ns->others)
        put_others(saving, ns->others);
    if (ns->n_keepers > 0)
        put_keepers(saving, ns);
    put_bracket(saving, '}');
}

/* The flags of a process, with what was asked for this time. */
static uint32_t flags_of(const struct saving *saving, const struct nstree_process *process)
{
    const unsigned char *matches = saving->options->matches;

    if (!matches)
        return process->flags;
    bool match = matches[process - saving->tree->processes];
    return (process->flags & ~(uint32_t)NSTREE_PROCESS_MATCH) |
           (match ? (uint32_t)NSTREE_PROCESS_MATCH : 0);
}

static void put_process(struct saving *saving, const struct nstree_process *process)
{
    put_bracket(saving, '{');
    put_number(saving, M_PID, process->pid);
    put_number(saving, M_PPID, process->ppid);
    put_id(saving, M_NS, process->ns);
    put_key(saving, M_NSPID);
    put_bracket(saving, '[');
    for (size_t i = 0; i < process->levels; i++) {
        put_comma(saving);
        put_digits(saving, process->nspid[i]);
    }
    put_bracket(saving, ']');
    put_text(saving, M_NAME, process->name);
    if (process->args && !(saving->options->flags & NSTREE_SAVE_NO_ARGS))
        put_text(saving, M_ARGS, process->args);
    put_key(saving, M_STATE);
    put_quoted(saving, &process->state, 1);
    put_known(saving, M_UID, process->uid != NSTREE_UID_UNKNOWN, process->uid);
    put_flags(saving, words_process_marks, PROCESS_MARKS, flags_of(saving, process));
    put_container(saving, process->container, process->ns->container);
    put_usage(saving, process->usage, true);
    if (process->others)
        put_others(saving, process->others);
    put_bracket(saving, '}');
}

static bool has_ns(const struct saving *saving, const struct nstree_ns *ns)
{
    const unsigned char *namespaces = saving->options->namespaces;

    return !namespaces || namespaces[ns - saving->tree->namespaces];
}

static bool has_process(const struct saving *saving, const struct nstree_process *process)
{
    const unsigned char *processes = saving->options->processes;

    return processes ? processes[process - saving->tree->processes] : has_ns(saving, process->ns);
}

/* Whether namespaces of the machine are left out. A recording says so itself. One with a namespace
 * whose members were not counted is partial, but need not lack any. */
static bool is_selection(const struct saving *saving)
{
    const struct nstree *tree = saving->tree;
    bool all = !tree->info.selected &&
               (!tree->info.partial || tree->info.source == NSTREE_SOURCE_RECORDING);

    for (size_t i = 0; i <= tree->namespaces->below && all; i++)
        all = has_ns(saving, &tree->namespaces[i]);
    return !all;
}

/* What is known of the machine and of the scan. */
static void put_info(struct saving *saving)
{
    const struct nstree_info *info = &saving->tree->info;
    time_t taken = (time_t)info->taken;
    char when[32] = "";
    struct tm tm;

    if (gmtime_r(&taken, &tm))
        strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &tm);
    put_number(saving, M_SCHEMA, RECORDING_SCHEMA);
    put_text(saving, M_NSTREE, NSTREE_VERSION);
    put_text(saving, M_HOST, info->host);
    put_text(saving, M_KERNEL, info->kernel);
    put_text(saving, M_TAKEN, when);
    put_text(saving, M_SOURCE, words_sources[info->source]);
    put_literal(saving, M_COMPLETE, info->complete ? "true" : "false");
    if (is_selection(saving))
        put_literal(saving, M_SELECTION, "true");
    if (info->flat)
        put_literal(saving, M_FLAT, "true");
}

/* Opens an array of lines. */
static void put_lines(struct saving *saving, enum member member)
{
    put_key(saving, member);
    put_bytes(saving, "[\n", 2);
    saving->first = true;
}

/* Ends the line before an element, if there is one. */
static void end_line(struct saving *saving)
{
    if (!saving->first)
        put_bytes(saving, ",\n", 2);
    saving->first = false;
}

/* Marks the container of something that is saved. */
static void need(struct saving *saving, const struct nstree_container *container)
{
    if (container)
        saving->numbers[container - saving->tree->containers] = 1;
}

/* Numbers the containers of all that is saved. Returns 0 or -ENOMEM. */
static int number_containers(struct saving *saving)
{
    const struct nstree *tree = saving->tree;
    uint32_t n = 0;

    if (tree->n_containers == 0 || saving->options->flags & NSTREE_SAVE_NO_LABELS)
        return 0;
    saving->numbers = calloc(tree->n_containers, sizeof *saving->numbers);
    if (!saving->numbers)
        return -ENOMEM;
    for (size_t i = 0; i <= tree->namespaces->below; i++)
        need(saving, has_ns(saving, &tree->namespaces[i]) ? tree->namespaces[i].container : NULL);
    for (size_t i = 0; i < tree->namespaces->n_inside; i++)
        need(saving,
             has_process(saving, &tree->processes[i]) ? tree->processes[i].container : NULL);
    for (size_t i = 0; i < tree->n_containers; i++) {
        /* All that share a namespace are shown with it. */
        const struct nstree_container *container = &tree->containers[i];

        if (container->ns && has_ns(saving, container->ns) && !saving->options->processes)
            saving->numbers[i] = 1;
        if (saving->numbers[i])
            saving->numbers[i] = ++n;
    }
    if (n == 0) {
        free(saving->numbers);
        saving->numbers = NULL;
    }
    return 0;
}

/* Whether a process is the init of a container that is saved. */
static bool is_named(const struct saving *saving, const struct nstree_process *process)
{
    return number_of(saving, process->container) != 0 && process->container->init == process &&
           has_ns(saving, process->ns);
}

static void put_containers(struct saving *saving)
{
    const struct nstree *tree = saving->tree;
    bool totals = !(saving->options->flags & NSTREE_SAVE_NO_TOTALS);

    if (!saving->numbers)
        return;
    put_lines(saving, M_CONTAINERS);
    for (size_t i = 0; i < tree->n_containers; i++) {
        const struct nstree_container *container = &tree->containers[i];
        const struct nstree_process *init = container->init;
        bool has = container->ns && has_ns(saving, container->ns);
        bool counted = totals && container->total != NSTREE_TOTAL_UNKNOWN;

        if (saving->numbers[i] == 0)
            continue;
        end_line(saving);
        put_bracket(saving, '{');
        put_text(saving, M_KIND, container->kind);
        put_text(saving, M_NAME, container->name);
        put_text(saving, M_ID, container->id);
        put_text(saving, M_LABEL, container->label);
        put_text(saving, M_POD, container->pod);
        put_text(saving, M_K8S_NAMESPACE, container->k8s_namespace);
        put_text(saving, M_IMAGE, container->image);
        put_known(saving, M_INIT, init && has_ns(saving, init->ns), init ? init->pid : 0);
        put_id(saving, M_NS, has ? container->ns : NULL);
        put_known(saving, M_MEMBERS, counted, container->total);
        put_known(saving, M_ZOMBIES, counted && container->zombies != NSTREE_TOTAL_UNKNOWN,
                  container->zombies);
        put_usage(saving, container->usage, counted);
        put_text(saving, M_EVIDENCE, container->evidence);
        put_bracket(saving, '}');
    }
    put_bytes(saving, "],\n", 3);
    saving->first = true;
}

static void put_namespaces(struct saving *saving)
{
    const struct nstree_ns *root = saving->tree->namespaces;

    put_lines(saving, M_NAMESPACES);
    for (size_t i = 0; i <= root->below; i++) {
        if (has_ns(saving, &root[i])) {
            end_line(saving);
            put_namespace(saving, &root[i]);
        }
    }
    put_bytes(saving, "],\n", 3);
}

/* Marks the parents of processes that entered from outside. Returns 0 or -ENOMEM. */
static int find_origins(struct saving *saving)
{
    const struct nstree *tree = saving->tree;
    size_t n = tree->namespaces->n_inside;

    if (!saving->options->namespaces && !saving->options->processes)
        return 0;
    saving->origins = calloc(n + 1, 1);
    if (!saving->origins)
        return -ENOMEM;
    for (size_t i = 0; i < n; i++) {
        const struct nstree_process *process = &tree->processes[i], *parent = NULL;

        if (process->flags & NSTREE_PROCESS_ENTERED && process->ppid &&
            has_process(saving, process))
            parent = nstree_find_process(tree, tree->namespaces, process->ppid);
        if (parent && has_ns(saving, parent->ns))
            saving->origins[parent - tree->processes] = 1;
    }
    return 0;
}

/* The processes that are selected, the inits of all namespaces that are, which name them, and the
 * parents of those that entered, whom their marks name. */
static void put_processes(struct saving *saving)
{
    const struct nstree_ns *root = saving->tree->namespaces;

    saving->first = true;
    put_lines(saving, M_PROCESSES);
    for (size_t i = 0; i < root->n_inside; i++) {
        const struct nstree_process *process = &root->members[i];
        bool names = process->ns->init == process && has_ns(saving, process->ns);

        if (names || is_named(saving, process) || has_process(saving, process) ||
            (saving->origins && saving->origins[i])) {
            end_line(saving);
            put_process(saving, process);
        }
    }
    put_bytes(saving, "]}\n", 3);
}

/* Whether the options can be obeyed: nothing is to be saved without the namespace that it is in. */
static bool is_valid(const struct saving *saving)
{
    const struct nstree_ns *root = saving->tree->namespaces;
    bool valid = saving->options->size >= sizeof *saving->options &&
                 saving->options->flags < 2 * NSTREE_SAVE_NO_TOTALS;

    for (size_t i = 1; i <= root->below && valid; i++)
        valid = !has_ns(saving, &root[i]) || has_ns(saving, root[i].parent);
    for (size_t i = 0; i < root->n_inside && valid; i++)
        valid = !has_process(saving, &root->members[i]) || has_ns(saving, root->members[i].ns);
    return valid;
}

static int write_all(struct saving *saving)
{
    FILE *out = saving->out;

    flockfile(out);
    put_bracket(saving, '{');
    put_info(saving);
    put_containers(saving);
    put_namespaces(saving);
    put_processes(saving);
    make_room(saving, sizeof saving->buffer);
    int rc = saving->failed || fflush_unlocked(out) != 0 || ferror_unlocked(out) ? -EIO : 0;
    funlockfile(out);
    return rc;
}

int nstree_save(const struct nstree *tree, const struct nstree_save_options *options, FILE *out)
{
    static const struct nstree_save_options defaults = {.size = sizeof defaults};
    struct saving saving = {.tree = tree, .options = options ? options : &defaults, .out = out};

    if (!is_valid(&saving))
        return -EINVAL;
    int rc = find_origins(&saving) ?: number_containers(&saving);
    if (rc == 0)
        rc = write_all(&saving);
    free(saving.numbers);
    free(saving.origins);
    return rc;
}
