/* SPDX-License-Identifier: MIT */
/* The model as JSON, one object a line within two arrays. Each is written on its own, so that a
 * large machine costs no more memory than its largest namespace. */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/utf8.h"
#include "cli/escape.h"
#include "cli/put.h"
#include "cli/render.h"

struct json_out {
    const struct selection *selection;
    const struct look *look;
    FILE *out;
};

/* Writes text that is JSON: characters that could harm a terminal, which JSON allows raw within
 * strings and nowhere else, as \u. Jansson has escaped those below U+0020. */
static int write_json(const char *text, size_t len, void *data)
{
    FILE *out = data;
    size_t plain = 0;

    for (size_t i = 0; i < len;) {
        uint32_t point = (unsigned char)text[i];
        size_t n = point < 0x7f ? 1 : utf8_decode(text + i, len - i, &point);

        if (n == 0)
            return -1; /* cannot be: jansson writes UTF-8 in whole characters */
        if (point >= 0x7f && is_harmful(point)) {
            put_bytes(out, text + plain, i - plain);
            if (point < 0x10000)
                fprintf(out, "\\u%04x", point);
            else
                fprintf(out, "\\u%04x\\u%04x", 0xd800 + ((point - 0x10000) >> 10),
                        0xdc00 + ((point - 0x10000) & 0x3ff));
            plain = i + n;
        }
        i += n;
    }
    put_bytes(out, text + plain, len - plain);
    return 0;
}

/* Writes an object and ends it. Returns 0 or -ENOMEM, also where there is none. */
static int write_object(const struct json_out *json, json_t *object)
{
    int rc = object ? json_dump_callback(object, write_json, json->out, JSON_COMPACT) : -1;

    json_decref(object);
    return rc == 0 ? 0 : -ENOMEM;
}

/* Writes the members of an object without its braces, and ends it. Returns 0 or -ENOMEM. */
static int write_members(const struct json_out *json, json_t *object)
{
    char *text = json_dumps(object, JSON_COMPACT);
    int rc = text ? write_json(text + 1, strlen(text) - 2, json->out) : -1;

    free(text);
    json_decref(object);
    return rc == 0 ? 0 : -ENOMEM;
}

/* Adds a member, whose value it takes over. Returns 0 or -1. */
static int add(json_t *object, const char *name, json_t *value)
{
    return json_object_set_new_nocheck(object, name, value);
}

static json_t *id_or_null(const struct nstree_ns *ns)
{
    char id[NSTREE_ID_SIZE];

    return ns ? json_string(nstree_ns_id(ns, id)) : json_null();
}

/* The bytes of a text that is no UTF-8, with U+FFFD for those that are none. */
static json_t *replaced(const char *text, size_t len)
{
    json_t *string = NULL;
    char *copy = malloc(len * 3 + 1);
    size_t n = 0;

    while (copy && len > 0) {
        uint32_t point;
        size_t bytes = utf8_decode(text, len, &point);

        memcpy(copy + n, bytes ? text : "\xef\xbf\xbd", bytes ? bytes : 3);
        n += bytes ? bytes : 3;
        text += bytes ? bytes : 1;
        len -= bytes ? bytes : 1;
    }
    if (copy)
        string = json_stringn(copy, n);
    free(copy);
    return string;
}

static json_t *hex(const char *text, size_t len)
{
    static const char digits[] = "0123456789abcdef";
    char *copy = malloc(len * 2 + 1);

    for (size_t i = 0; copy && i < len; i++) {
        copy[2 * i] = digits[(unsigned char)text[i] >> 4];
        copy[2 * i + 1] = digits[(unsigned char)text[i] & 15];
    }
    json_t *string = copy ? json_stringn(copy, len * 2) : NULL;
    free(copy);
    return string;
}

/* Adds a text; where it is no UTF-8, which JSON has to be, its bytes too, in hexadecimal. */
static int add_text(json_t *object, const char *name, const char *name_hex, const char *text)
{
    size_t len = strlen(text);
    json_t *string = json_stringn(text, len);

    if (string)
        return add(object, name, string);
    return add(object, name, replaced(text, len)) != 0 ? -1 : add(object, name_hex, hex(text, len));
}

static const char *const keeper_hows[] = {
    [NSTREE_KEEPER_FD] = "fd",
    [NSTREE_KEEPER_MOUNT] = "mount",
    [NSTREE_KEEPER_CHILDREN] = "pid_for_children",
    [NSTREE_KEEPER_THREAD] = "thread",
    [NSTREE_KEEPER_UNSEEN] = "listns",
};

/* The members that a keeper of this kind has. */
static json_t *keeper_json(const struct nstree_keeper *keeper)
{
    json_t *object = json_object();
    int rc = add(object, "how", json_string(keeper_hows[keeper->how]));

    if (keeper->pid)
        rc |= add(object, "pid", json_integer(keeper->pid));
    if (keeper->name)
        rc |= add_text(object, "name", "name_hex", keeper->name);
    if (keeper->tid)
        rc |= add(object, "tid", json_integer(keeper->tid));
    if (keeper->how == NSTREE_KEEPER_FD)
        rc |= add(object, "fd", json_integer(keeper->fd));
    if (keeper->path)
        rc |= add_text(object, "path", "path_hex", keeper->path);
    if (rc != 0) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static json_t *keepers_json(const struct nstree_ns *ns)
{
    json_t *array = json_array();

    for (size_t i = 0; i < ns->n_keepers; i++) {
        if (json_array_append_new(array, keeper_json(&ns->keepers[i])) != 0) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

/* A text, or null where there is none. */
static int add_text_or_null(json_t *object, const char *name, const char *name_hex,
                            const char *text)
{
    return text ? add_text(object, name, name_hex, text) : add(object, name, json_null());
}

static int add_label(json_t *object, const struct nstree_ns *ns, bool wanted)
{
    int rc = add_text_or_null(object, "kind", "kind_hex", wanted ? ns->kind : NULL);

    rc |= add_text_or_null(object, "label", "label_hex", wanted ? ns->label : NULL);
    return rc | add_text_or_null(object, "evidence", "evidence_hex", wanted ? ns->evidence : NULL);
}

/* The inodes of its init's other namespaces, as far as they are known. */
static json_t *others_json(const struct nstree_ns *ns)
{
    json_t *others = json_object();

    for (int type = 0; type < NSTREE_TYPES; type++) {
        const char *name = nstree_type_name((enum nstree_type)type);

        if (ns->others[type] && add(others, name, json_integer(ns->others[type])) != 0) {
            json_decref(others);
            return NULL;
        }
    }
    return others;
}

static json_t *namespace_json(const struct json_out *json, const struct nstree_ns *ns)
{
    json_t *object = json_object();
    /* Of a few processes nobody counted the others; only that there is none at all is known. */
    bool counted = ns->total == 0 ||
                   (!selection_is_paths(json->selection) && ns->total != NSTREE_TOTAL_UNKNOWN);
    int rc = add(object, "id", id_or_null(ns));

    rc |= add(object, "ns", ns->inode ? json_integer(ns->inode) : json_null());
    rc |= add(object, "parent", id_or_null(ns->parent));
    rc |= add(object, "level", json_integer(ns->level));
    rc |= add(object, "exact", json_boolean(!(ns->flags & NSTREE_NS_INFERRED)));
    if (ns->flags & NSTREE_NS_AMBIGUOUS)
        rc |= add(object, "ambiguous", json_true());
    rc |= add(object, "init", ns->init ? json_integer(ns->init->pid) : json_null());
    rc |= add(object, "members", counted ? json_integer((json_int_t)ns->total) : json_null());
    rc |= add(object, "owner_uid",
              ns->owner_uid == NSTREE_UID_UNKNOWN ? json_null() : json_integer(ns->owner_uid));
    rc |= add(object, "user_ns", ns->user_ns ? json_integer(ns->user_ns) : json_null());
    rc |= add_label(object, ns, json->look->labels);
    if (ns->others)
        rc |= add(object, "others", others_json(ns));
    if (ns->n_keepers > 0)
        rc |= add(object, "keepers", keepers_json(ns));
    if (rc != 0) {
        json_decref(object);
        return NULL;
    }
    return object;
}

/* Writes a member whose value is text, with a comma before it. Most is plain; of the rest jansson
 * makes JSON. */
static int write_text(const struct json_out *json, const char *name, const char *name_hex,
                      const char *text)
{
    size_t len = strlen(text);

    put_char(json->out, ',');
    if (escape_is_plain(text, len) && !memchr(text, '"', len)) {
        put_char(json->out, '"');
        put_text(json->out, name);
        put_text(json->out, "\":\"");
        put_bytes(json->out, text, len);
        put_char(json->out, '"');
        return 0;
    }
    json_t *object = json_object();
    if (add_text(object, name, name_hex, text) == 0)
        return write_members(json, object);
    json_decref(object);
    return -ENOMEM;
}

/* The members before the name. */
static void write_numbers(const struct json_out *json, const struct nstree_process *process)
{
    char line[2 * NUMBER_BYTES + NSTREE_ID_SIZE + CHAIN_BYTES + 64];
    char *at = stpcpy(line, "{\"pid\":");

    at = compose_number(at, process->pid);
    at = stpcpy(at, ",\"ppid\":");
    at = compose_number(at, process->ppid);
    at = stpcpy(at, ",\"ns\":\"");
    at = compose_id(at, process->ns);
    at = stpcpy(at, "\",\"nspid\":[");
    at = compose_chain(at, process, ',');
    *at++ = ']';
    put_bytes(json->out, line, (size_t)(at - line));
}

/* The members behind it. What is usual is left out of the marks. */
static void write_rest(const struct json_out *json, const struct nstree_process *process)
{
    static const struct {
        uint32_t flag;
        const char *name;
    } marks[] = {
        {NSTREE_PROCESS_AMBIGUOUS, "ambiguous"},
        {NSTREE_PROCESS_KTHREAD, "kthread"},
        {NSTREE_PROCESS_ENTERED, "entered"},
        {NSTREE_PROCESS_LEADERLESS, "leaderless"},
    };
    char line[NUMBER_BYTES + 160], *at = stpcpy(line, ",\"state\":\"");

    *at++ = process->state; /* a letter, whatever the source */
    at = stpcpy(at, "\",\"uid\":");
    at = process->uid == NSTREE_UID_UNKNOWN ? stpcpy(at, "null") : compose_number(at, process->uid);
    at = stpcpy(at,
                process->flags & NSTREE_PROCESS_INFERRED ? ",\"exact\":false" : ",\"exact\":true");
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (process->flags & marks[i].flag)
            at = stpcpy(stpcpy(stpcpy(at, ",\""), marks[i].name), "\":true");
    }
    *at++ = '}';
    put_bytes(json->out, line, (size_t)(at - line));
}

/* A process, of which there can be a hundred thousand: to make an object of each, and then text of
 * that, would take longer than all the rest of a scan. */
static int write_process(const struct json_out *json, const struct nstree_process *process)
{
    write_numbers(json, process);
    int rc = write_text(json, "name", "name_hex", process->name);
    if (rc == 0 && process->args)
        rc = write_text(json, "args", "args_hex", process->args);
    write_rest(json, process);
    return rc;
}

/* Whether namespaces of the machine are left out. */
static bool is_selection(const struct selection *selection)
{
    const struct nstree_info *info = nstree_info(selection->tree);
    const struct nstree_ns *root = nstree_root(selection->tree);
    /* A recording says so itself; one with a namespace whose members nobody counted is partial, but
     * need not lack any. */
    bool partial = info->partial && info->source != NSTREE_SOURCE_RECORDING;
    bool all = !partial && !info->selected;

    for (size_t i = 0; i <= root->below && all; i++)
        all = selection_shown(selection, &root[i]) != SHOWN_NOT;
    return !all;
}

/* The opening: what is known of the machine and the scan, up to the first array. */
static int write_head(const struct json_out *json)
{
    static const char *const sources[] = {
        [NSTREE_SOURCE_AUTO] = "auto",
        [NSTREE_SOURCE_PROCFS] = "procfs",
        [NSTREE_SOURCE_BPF] = "bpf",
        [NSTREE_SOURCE_RECORDING] = "recording",
    };
    const struct nstree_info *info = nstree_info(json->selection->tree);
    time_t taken = (time_t)info->taken;
    char when[32] = "";
    struct tm tm;

    if (gmtime_r(&taken, &tm))
        strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &tm);
    json_t *head = json_object();
    int rc = add(head, "schema", json_integer(1));
    rc |= add(head, "nstree", json_string(NSTREE_VERSION));
    rc |= add_text(head, "host", "host_hex", info->host);
    rc |= add_text(head, "kernel", "kernel_hex", info->kernel);
    rc |= add(head, "taken", json_string(when));
    rc |= add(head, "source", json_string(sources[info->source]));
    rc |= add(head, "complete", json_boolean(info->complete));
    if (is_selection(json->selection))
        rc |= add(head, "selection", json_true());
    put_char(json->out, '{');
    if (rc == 0)
        return write_members(json, head);
    json_decref(head);
    return -ENOMEM;
}

static int write_namespaces(const struct json_out *json)
{
    const struct nstree_ns *root = nstree_root(json->selection->tree);
    const char *before = ",\"namespaces\":[\n";
    int rc = 0;

    for (size_t i = 0; i <= root->below && rc == 0; i++) {
        if (selection_shown(json->selection, &root[i]) == SHOWN_NOT)
            continue;
        put_text(json->out, before);
        rc = write_object(json, namespace_json(json, &root[i]));
        before = ",\n";
    }
    if (before[1] == '"')
        put_text(json->out, before);
    return rc;
}

/* The processes that were asked for, and the inits of all namespaces shown, which name them. */
static int write_processes(const struct json_out *json)
{
    const struct nstree_ns *root = nstree_root(json->selection->tree);
    const char *before = "],\n\"processes\":[\n";
    int rc = 0;

    for (size_t i = 0; i < root->n_inside && rc == 0; i++) {
        const struct nstree_process *process = &root->members[i];
        bool names = process->ns->init == process &&
                     selection_shown(json->selection, process->ns) != SHOWN_NOT;

        if (!names && !selection_has(json->selection, process))
            continue;
        put_text(json->out, before);
        rc = write_process(json, process);
        before = ",\n";
    }
    if (before[0] == ']')
        put_text(json->out, before);
    put_text(json->out, "]}\n");
    return rc;
}

int render_json(const struct selection *selection, const struct look *look, FILE *out)
{
    const struct json_out json = {.selection = selection, .look = look, .out = out};
    int rc = write_head(&json);

    if (rc == 0)
        rc = write_namespaces(&json);
    return rc == 0 ? write_processes(&json) : rc;
}
