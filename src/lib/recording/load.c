/* SPDX-License-Identifier: MIT */
/*
 * A recording (the JSON that the command prints) as a source of records. Nothing in it is trusted:
 * every member is checked for type and range, and the whole for what no kernel can show, before the
 * tree is built. Members that are not known are passed over: the schema grows only by new ones.
 *
 * All of the text is looked at first, so that what is not JSON is refused and the members of an
 * object may stand in any order. Then each namespace and each process is read where it lies. Hence
 * a load needs the text and what the tree needs, whatever else the text holds.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "base/json_pull.h"
#include "base/number.h"
#include "model/finish.h"
#include "model/tree.h"

#define SCHEMA 1
#define RECORDING_BYTES_MAX ((size_t)1 << 30)

/* A namespace costs some 380 bytes of memory, and what a recording says of one is never as short as
 * this; one written by hand can be, and then there are not that many. */
#define NS_BYTES_MIN 64
#define NS_ALWAYS 4096

/* All members that are known, of whatever: in the order in which they mostly come. */
enum field {
    F_SCHEMA,
    F_HOST,
    F_HOST_HEX,
    F_KERNEL,
    F_KERNEL_HEX,
    F_TAKEN,
    F_COMPLETE,
    F_SELECTION,
    F_NAMESPACES,
    F_PROCESSES,
    F_ID,
    F_NS,
    F_PARENT,
    F_LEVEL,
    F_EXACT,
    F_INIT,
    F_MEMBERS,
    F_OWNER_UID,
    F_USER_NS,
    F_KIND,
    F_KIND_HEX,
    F_LABEL,
    F_LABEL_HEX,
    F_EVIDENCE,
    F_EVIDENCE_HEX,
    F_OTHERS,
    F_KEEPERS,
    F_HOW,
    F_TID,
    F_FD,
    F_PATH,
    F_PATH_HEX,
    F_PID,
    F_PPID,
    F_NSPID,
    F_NAME,
    F_NAME_HEX,
    F_ARGS,
    F_ARGS_HEX,
    F_STATE,
    F_UID,
    F_AMBIGUOUS,
    F_KTHREAD,
    F_ENTERED,
    F_LEADERLESS,
    N_FIELDS
};

static const char *const field_names[] = {
    [F_SCHEMA] = "schema",
    [F_HOST] = "host",
    [F_HOST_HEX] = "host_hex",
    [F_KERNEL] = "kernel",
    [F_KERNEL_HEX] = "kernel_hex",
    [F_TAKEN] = "taken",
    [F_COMPLETE] = "complete",
    [F_SELECTION] = "selection",
    [F_NAMESPACES] = "namespaces",
    [F_PROCESSES] = "processes",
    [F_ID] = "id",
    [F_NS] = "ns",
    [F_PARENT] = "parent",
    [F_LEVEL] = "level",
    [F_EXACT] = "exact",
    [F_INIT] = "init",
    [F_MEMBERS] = "members",
    [F_OWNER_UID] = "owner_uid",
    [F_USER_NS] = "user_ns",
    [F_KIND] = "kind",
    [F_KIND_HEX] = "kind_hex",
    [F_LABEL] = "label",
    [F_LABEL_HEX] = "label_hex",
    [F_EVIDENCE] = "evidence",
    [F_EVIDENCE_HEX] = "evidence_hex",
    [F_OTHERS] = "others",
    [F_KEEPERS] = "keepers",
    [F_HOW] = "how",
    [F_TID] = "tid",
    [F_FD] = "fd",
    [F_PATH] = "path",
    [F_PATH_HEX] = "path_hex",
    [F_PID] = "pid",
    [F_PPID] = "ppid",
    [F_NSPID] = "nspid",
    [F_NAME] = "name",
    [F_NAME_HEX] = "name_hex",
    [F_ARGS] = "args",
    [F_ARGS_HEX] = "args_hex",
    [F_STATE] = "state",
    [F_UID] = "uid",
    [F_AMBIGUOUS] = "ambiguous",
    [F_KTHREAD] = "kthread",
    [F_ENTERED] = "entered",
    [F_LEADERLESS] = "leaderless",
};

/* An object: the text of each member that is known, where it is there. */
struct object {
    struct piece members[N_FIELDS];
};

/* What was said of a namespace and can be compared only with the finished tree. */
struct said {
    uint64_t key;
    uint32_t members; /* UINT32_MAX: nothing */
    uint32_t init;    /* 0: there is none */
};

/* What is being loaded, and where it is in it, for messages. */
struct loading {
    struct builder *builder;
    struct nstree_error *err;
    struct json_pull pull; /* the whole text */
    char *text;            /* what it is in; given up once all is read */
    struct said *said;
    size_t n_said, said_capacity;
    size_t n_processes;
    struct arena scratch; /* texts of one element that have escapes */
    const char *kind;     /* "namespace" or "process" */
    size_t index;         /* where in the array */
    uint32_t pid;         /* which process, if it says so */
    char id[32];          /* which namespace, if it says so */
    uint64_t ns;          /* whose keepers are being read */
};

/* Where what is wrong is not one element's. */
#define LIST SIZE_MAX

/* Fails at the object that is being read. */
static int wrong(const struct loading *loading, const char *what)
{
    char which[32] = "list";

    if (!loading->kind)
        return error_set(loading->err, -EBADMSG, "not a recording: %s", what);
    if (loading->pid)
        snprintf(which, sizeof which, "%u", loading->pid);
    else if (loading->id[0])
        strcpy(which, loading->id);
    else if (loading->index != LIST)
        snprintf(which, sizeof which, "number %zu", loading->index + 1);
    return error_set(loading->err, -EBADMSG, "%s %s: %s", loading->kind, which, what);
}

static int wrong_member(const struct loading *loading, enum field field)
{
    char what[64];

    snprintf(what, sizeof what, "\"%s\" is missing or not valid", field_names[field]);
    return wrong(loading, what);
}

static int not_json(const struct loading *loading, const struct json_pull *pull)
{
    return error_set(loading->err, -EBADMSG, "not JSON: line %zu: %s", pull_line(pull), pull->why);
}

/* Goes to the next element of the array. */
static void set_place(struct loading *loading, const char *kind, size_t index)
{
    loading->kind = kind;
    loading->index = index;
    loading->pid = 0;
    loading->id[0] = '\0';
}

/* How much room the text is likely to need. */
static size_t size_hint(int fd)
{
    struct stat st;

    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size > (off_t)RECORDING_BYTES_MAX)
        return 65536;
    return (size_t)st.st_size + 1; /* and one to see that it ends there */
}

/* Reads the whole of `fd`. Returns 0, -EFBIG, -ENOMEM or -EIO. */
static int read_all(int fd, char **out, size_t *len, struct nstree_error *err)
{
    AUTO_FREE char *text = NULL;
    size_t capacity = 0, n = 0, more = size_hint(fd);

    for (;;) {
        char *room = n < capacity ? text : array_room(text, &capacity, n + more, 1);
        if (!room)
            return error_set(err, -ENOMEM, "out of memory");
        text = room;
        more = 65536;
        ssize_t got = read(fd, text + n, capacity - n);
        if (got < 0 && errno != EINTR)
            return error_set(err, -EIO, "%s", strerror(errno));
        if (got == 0)
            break;
        n += got > 0 ? (size_t)got : 0;
        if (n > RECORDING_BYTES_MAX)
            return error_set(err, -EFBIG, "larger than 1 GiB");
    }
    *out = text;
    *len = n;
    text = NULL;
    return 0;
}

/* Reads the object that stands here; anything else as one without members. */
static int read_object(const struct loading *loading, struct json_pull *pull, struct object *object)
{
    size_t field;
    int more = 0, rc = 0;
    struct piece piece;

    memset(object, 0, sizeof *object);
    if (!pull_enter(pull, '{'))
        rc = pull_value(pull, &piece);
    else
        more = 1;
    while (rc == 0 && more == 1 && (more = pull_member(pull, field_names, N_FIELDS, &field)) == 1) {
        rc = pull_value(pull, &piece);
        if (rc != 0 || field == N_FIELDS)
            continue;
        if (object->members[field].at)
            rc = pull_fail(pull, "duplicate object key");
        object->members[field] = piece;
    }
    return rc == 0 && more == 0 ? 0 : not_json(loading, pull);
}

/* Reads the elements of an array, and counts them. */
static int take_each(struct loading *loading, const struct object *in, enum field field, size_t *n,
                     int (*take)(struct loading *, const struct object *, size_t index))
{
    struct json_pull pull = pull_again(&loading->pull, in->members[field]);
    struct object object;
    int rc = 0, more = 1;

    if (!pull_enter(&pull, '['))
        return wrong_member(loading, field);
    for (*n = 0; (more = pull_element(&pull)) == 1; ++*n) {
        rc = read_object(loading, &pull, &object);
        if (rc == 0)
            rc = take(loading, &object, *n);
        if (rc != 0)
            return rc;
    }
    return more < 0 ? not_json(loading, &pull) : 0;
}

/* An integer member from 0 to max. Null counts as missing. */
static int get_number(const struct object *object, enum field field, uint64_t max, uint64_t *out)
{
    struct piece value = object->members[field];

    if (!value.at || piece_is_null(value))
        return -ENOENT;
    return parse_u64(value.at, value.len, max, out) == 0 ? 0 : -EBADMSG;
}

static int get_u32(const struct object *object, enum field field, uint32_t max, uint32_t *out)
{
    uint64_t value;
    int rc = get_number(object, field, max, &value);

    if (rc == 0)
        *out = (uint32_t)value;
    return rc;
}

/* A member that is true or false, or is not there and then `otherwise`. */
static int get_bool(const struct object *object, enum field field, bool otherwise, bool *out)
{
    *out = otherwise;
    return object->members[field].at ? piece_bool(object->members[field], out) : 0;
}

/* The bytes of a string. Returns 0 or -ENOMEM. */
static int decode(struct loading *loading, struct piece string, struct piece *out)
{
    char *room = NULL;

    if (piece_has_escapes(string)) {
        room = arena_alloc(&loading->scratch, string.len);
        if (!room)
            return -ENOMEM;
    }
    *out = piece_bytes(string, room);
    return 0;
}

/* The key that an id stands for: INODE, ?PID or ?PID.LEVEL; KEY_UNKNOWN if it is none. */
static uint64_t parse_id(const char *text, size_t len, uint32_t *level)
{
    uint32_t number, depth;

    *level = UINT32_MAX;
    if (len == 0)
        return KEY_UNKNOWN;
    if (text[0] != '?')
        return parse_u32(text, len, UINT32_MAX, &number) == 0 ? number : KEY_UNKNOWN;
    const char *dot = memchr(text, '.', len);
    size_t digits = dot ? (size_t)(dot - text) - 1 : len - 1;
    if (parse_u32(text + 1, digits, NSTREE_PID_LIMIT - 1, &number) != 0)
        return KEY_UNKNOWN;
    if (!dot)
        return key_of_init(number);
    if (parse_u32(dot + 1, len - digits - 2, NSTREE_LEVELS_MAX - 1, &depth) != 0)
        return KEY_UNKNOWN;
    *level = depth;
    return key_of_level(number, depth);
}

/* A member that is an id, as its key; KEY_UNKNOWN if it is none. Its text is put into `id`, if that
 * is not NULL: it has no byte that harms a terminal. */
static uint64_t get_id(const struct object *object, enum field field, uint32_t *level, char id[32])
{
    struct piece value = object->members[field];
    char room[256];

    if (!piece_is_string(value) || value.len > sizeof room)
        return KEY_UNKNOWN;
    struct piece text = piece_bytes(value, room);
    uint64_t key = parse_id(text.at, text.len, level);
    if (id && key != KEY_UNKNOWN)
        snprintf(id, 32, "%.*s", text.len < 24 ? (int)text.len : 24, text.at);
    return key;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The bytes that hexadecimal digits spell out. Returns 0, -EBADMSG or -ENOMEM. */
static int decode_hex(struct loading *loading, struct piece *text)
{
    size_t n = text->len / 2;

    if (text->len % 2 != 0)
        return -EBADMSG;
    char *bytes = arena_alloc(&loading->scratch, n + 1);
    if (!bytes)
        return -ENOMEM;
    for (size_t i = 0; i < n; i++) {
        int high = hex_digit(text->at[2 * i]), low = hex_digit(text->at[2 * i + 1]);

        if (high < 0 || low < 0 || high + low == 0)
            return -EBADMSG;
        bytes[i] = (char)(high << 4 | low);
    }
    *text = (struct piece){bytes, n};
    return 0;
}

/* The bytes of a text member: its own, or those that NAME_hex spells out because they are no UTF-8.
 * Where there is none, out->at is NULL. They stay until the next element is read. */
static int get_bytes(struct loading *loading, const struct object *object, enum field name,
                     enum field name_hex, struct piece *out)
{
    struct piece text = object->members[name], hex = object->members[name_hex];
    bool is_hex = hex.at && name_hex != name;
    int rc = 0;

    *out = (struct piece){0};
    if ((text.at && !piece_is_string(text)) || (hex.at && !piece_is_string(hex)))
        rc = -EBADMSG;
    else if (text.at || is_hex)
        rc = decode(loading, is_hex ? hex : text, out);
    if (rc == 0 && is_hex)
        rc = decode_hex(loading, out);
    return rc == -EBADMSG ? wrong_member(loading, is_hex ? name_hex : name) : rc;
}

/* The same, NUL-terminated, or NULL where there is none. */
static int get_string(struct loading *loading, const struct object *object, enum field name,
                      enum field name_hex, const char **out)
{
    struct piece text;
    int rc = get_bytes(loading, object, name, name_hex, &text);

    *out = NULL;
    if (rc != 0 || !text.at)
        return rc;
    *out = arena_string(&loading->scratch, text.at, text.len);
    return *out ? 0 : -ENOMEM;
}

static enum nstree_keeper_how parse_how(struct piece how)
{
    static const char *const hows[] = {
        [NSTREE_KEEPER_FD] = "\"fd\"",         [NSTREE_KEEPER_MOUNT] = "\"mount\"",
        [NSTREE_KEEPER_THREAD] = "\"thread\"", [NSTREE_KEEPER_CHILDREN] = "\"pid_for_children\"",
        [NSTREE_KEEPER_UNSEEN] = "\"listns\"",
    };

    for (int i = NSTREE_KEEPER_FD; i <= NSTREE_KEEPER_UNSEEN; i++) {
        if (how.len == strlen(hows[i]) && memcmp(how.at, hows[i], how.len) == 0)
            return (enum nstree_keeper_how)i;
    }
    return 0;
}

/* The members that a keeper of its kind has to have. */
static int take_keeper(struct loading *loading, const struct object *object, size_t index)
{
    struct nstree_keeper keeper = {.how = parse_how(object->members[F_HOW])};
    int rc;

    (void)index;
    if (keeper.how == NSTREE_KEEPER_UNSEEN)
        return builder_add_keeper(loading->builder, loading->ns, &keeper);
    if (get_u32(object, F_PID, NSTREE_PID_LIMIT - 1, &keeper.pid) != 0 || keeper.pid == 0 ||
        get_u32(object, F_FD, INT32_MAX, &keeper.fd) !=
            (keeper.how == NSTREE_KEEPER_FD ? 0 : -ENOENT) ||
        get_u32(object, F_TID, NSTREE_PID_LIMIT - 1, &keeper.tid) !=
            (keeper.how == NSTREE_KEEPER_THREAD ? 0 : -ENOENT) ||
        (keeper.how == NSTREE_KEEPER_THREAD) != (keeper.tid != 0))
        keeper.how = 0;
    rc = get_string(loading, object, F_NAME, F_NAME_HEX, &keeper.name);
    if (rc == 0)
        rc = get_string(loading, object, F_PATH, F_PATH_HEX, &keeper.path);
    if (rc == 0 && (!keeper.how || (keeper.how == NSTREE_KEEPER_MOUNT) != (keeper.path != NULL) ||
                    (keeper.name && strlen(keeper.name) > NAME_BYTES_MAX)))
        rc = wrong_member(loading, F_KEEPERS);
    if (rc == 0)
        rc = builder_add_keeper(loading->builder, loading->ns, &keeper);
    arena_free(&loading->scratch);
    return rc;
}

/* A text member as the tree's, or NULL where there is none. */
static const char *take_words(struct loading *loading, const struct object *object, enum field name,
                              enum field name_hex, int *rc)
{
    struct piece text;

    if (*rc != 0 || piece_is_null(object->members[name]))
        return NULL;
    *rc = get_bytes(loading, object, name, name_hex, &text);
    if (*rc != 0 || !text.at)
        return NULL;
    char *words = arena_string(&loading->builder->arena, text.at, text.len);
    *rc = words ? 0 : -ENOMEM;
    return words;
}

/* What the namespace is. All three or none. */
static int take_label(struct loading *loading, const struct object *object,
                      struct ns_record *record)
{
    int rc = 0;

    record->kind = take_words(loading, object, F_KIND, F_KIND_HEX, &rc);
    record->label = take_words(loading, object, F_LABEL, F_LABEL_HEX, &rc);
    record->evidence = take_words(loading, object, F_EVIDENCE, F_EVIDENCE_HEX, &rc);
    arena_free(&loading->scratch);
    return rc;
}

/* Reads the members that are named after types. Returns 0 or what is to be said. */
static int read_others(struct json_pull *pull, uint32_t inodes[NSTREE_TYPES])
{
    const char *names[NSTREE_TYPES];
    bool seen[NSTREE_TYPES + 1] = {false};
    size_t type;

    for (type = 0; type < NSTREE_TYPES; type++)
        names[type] = nstree_type_name((enum nstree_type)type);
    while (pull_member(pull, names, NSTREE_TYPES, &type) == 1) {
        struct piece value;

        if (pull_value(pull, &value) != 0)
            return -EBADMSG;
        if (type == NSTREE_TYPES || piece_is_null(value))
            continue;
        if (seen[type] || parse_u32(value.at, value.len, UINT32_MAX, &inodes[type]) != 0)
            return -EBADMSG;
        seen[type] = true;
    }
    return 0;
}

/* The inodes of the other namespaces of its init. */
static int take_others(struct loading *loading, const struct object *object,
                       struct ns_record *record)
{
    struct json_pull pull = pull_again(&loading->pull, object->members[F_OTHERS]);
    uint32_t inodes[NSTREE_TYPES] = {0};

    if (!object->members[F_OTHERS].at || piece_is_null(object->members[F_OTHERS]))
        return 0;
    if (!pull_enter(&pull, '{') || read_others(&pull, inodes) != 0)
        return wrong_member(loading, F_OTHERS);
    uint32_t *copy = arena_alloc(&loading->builder->arena, sizeof inodes);
    if (!copy)
        return -ENOMEM;
    record->others = memcpy(copy, inodes, sizeof inodes);
    return 0;
}

/* Keeps what is to be compared with the finished tree. */
static int keep_said(struct loading *loading, const struct object *object, uint64_t key)
{
    uint32_t members = UINT32_MAX, init = 0;

    get_u32(object, F_MEMBERS, UINT32_MAX, &members);
    if (get_u32(object, F_INIT, NSTREE_PID_LIMIT - 1, &init) == -EBADMSG)
        return wrong_member(loading, F_INIT);
    struct said *said =
        array_room(loading->said, &loading->said_capacity, loading->n_said + 1, sizeof *said);
    if (!said)
        return -ENOMEM;
    loading->said = said;
    said[loading->n_said++] = (struct said){.key = key, .members = members, .init = init};
    if (loading->n_said >
        NS_ALWAYS + (size_t)(loading->pull.end - loading->pull.text) / NS_BYTES_MIN)
        return wrong(loading, "more namespaces than a recording of this size can hold");
    return 0;
}

/* Which namespace it is, and where. */
static int take_place(struct loading *loading, const struct object *object,
                      struct ns_record *record)
{
    struct piece parent = object->members[F_PARENT];
    uint32_t level, inode = 0;

    record->ns = get_id(object, F_ID, &level, loading->id);
    if (record->ns == KEY_UNKNOWN)
        return wrong_member(loading, F_ID);
    if (get_u32(object, F_LEVEL, NSTREE_LEVELS_MAX - 1, &record->level) != 0 ||
        (level != UINT32_MAX && level != record->level))
        return wrong_member(loading, F_LEVEL);
    if (get_u32(object, F_NS, UINT32_MAX, &inode) == -EBADMSG || inode != key_inode(record->ns))
        return wrong_member(loading, F_NS);
    if (parent.at && !piece_is_null(parent)) {
        record->parent = get_id(object, F_PARENT, &level, NULL);
        if (record->parent == KEY_UNKNOWN)
            return wrong_member(loading, F_PARENT);
    }
    if ((record->parent == KEY_UNKNOWN) != (record->level == 0))
        return wrong(loading, "only a namespace at level 0 has no parent");
    return 0;
}

/* How many members it has, and what keeps it if it has none. */
static int take_members(struct loading *loading, const struct object *object,
                        struct ns_record *record)
{
    size_t keepers = 0;
    int rc = 0;

    loading->ns = record->ns;
    if (object->members[F_KEEPERS].at)
        rc = take_each(loading, object, F_KEEPERS, &keepers, take_keeper);
    if (rc != 0)
        return rc;
    int members = get_number(object, F_MEMBERS, UINT32_MAX, &record->total);
    if (members == -EBADMSG)
        return wrong_member(loading, F_MEMBERS);
    record->unsure = members == -ENOENT && keepers > 0; /* kept, but not known to be empty */
    if (members == -ENOENT && keepers == 0) /* a selection of processes: nobody counted */
        loading->builder->info.partial = true;
    return 0;
}

/* Reads one namespace. That its parent is there and one level up is checked once all are. */
static int take_namespace(struct loading *loading, const struct object *object, size_t index)
{
    struct ns_record record = {.total = NSTREE_TOTAL_UNKNOWN, .owner_uid = NSTREE_UID_UNKNOWN};
    bool exact, ambiguous;

    set_place(loading, "namespace", index);
    int rc = take_place(loading, object, &record);
    if (rc == 0)
        rc = take_members(loading, object, &record);
    if (rc != 0)
        return rc;
    if (get_u32(object, F_OWNER_UID, UINT32_MAX, &record.owner_uid) == -EBADMSG)
        return wrong_member(loading, F_OWNER_UID);
    if (get_u32(object, F_USER_NS, UINT32_MAX, &record.user_ns) == -EBADMSG)
        return wrong_member(loading, F_USER_NS);
    if (get_bool(object, F_EXACT, true, &exact) != 0)
        return wrong_member(loading, F_EXACT);
    if (get_bool(object, F_AMBIGUOUS, false, &ambiguous) != 0)
        return wrong_member(loading, F_AMBIGUOUS);
    if (ambiguous && exact)
        return wrong(loading, "\"ambiguous\" and yet \"exact\"");
    record.flags = (exact ? 0U : (uint32_t)NSTREE_NS_INFERRED) |
                   (ambiguous ? (uint32_t)NSTREE_NS_AMBIGUOUS : 0U);
    rc = take_label(loading, object, &record);
    if (rc == 0)
        rc = take_others(loading, object, &record);
    if (rc == 0)
        rc = keep_said(loading, object, record.ns);
    if (rc != 0)
        return rc;
    if (builder_has_ns(loading->builder, record.ns))
        return wrong(loading, "two namespaces have this id");
    if (record.level == 0 && builder_root_key(loading->builder) != KEY_UNKNOWN)
        return wrong(loading, "a second namespace without a parent");
    return builder_add_ns(loading->builder, &record);
}

/* Names a namespace in messages. */
static void set_ns(struct loading *loading, uint64_t key)
{
    const struct nstree_ns shown = {.id = key};

    set_place(loading, "namespace", 0);
    nstree_ns_id(&shown, loading->id);
}

/* Checks that every namespace hangs, level by level, from the one root. Levels that fall by one
 * from child to parent leave no room for a cycle. */
static int check_namespaces(struct loading *loading)
{
    const struct builder *builder = loading->builder;

    loading->kind = NULL;
    if (builder_root_key(builder) == KEY_UNKNOWN)
        return wrong(loading, "no namespace at level 0");
    for (size_t i = 1; i < builder->n_nodes; i++) {
        const struct ns_record *facts = &builder->nodes[i].facts;

        set_ns(loading, facts->ns);
        uint32_t parent = map_get(&builder->by_key, facts->parent);
        if (parent == MAP_NONE)
            return wrong(loading, "its parent is not there");
        if (builder->nodes[parent].facts.level + 1 != facts->level)
            return wrong(loading, "its level is not one more than its parent's (a cycle?)");
    }
    return 0;
}

/* Reads numbers, 0 for what is none that a process can have. Returns how many there are, or one
 * more than there is room for. */
static size_t read_chain(const struct loading *loading, struct piece array,
                         uint32_t nspid[NSTREE_LEVELS_MAX])
{
    struct json_pull pull = pull_again(&loading->pull, array);
    struct piece value;
    size_t n = 0;

    if (!pull_enter(&pull, '['))
        return 0;
    for (; pull_element(&pull) == 1 && pull_value(&pull, &value) == 0; n++) {
        if (n == NSTREE_LEVELS_MAX)
            return n + 1;
        if (parse_u32(value.at, value.len, NSTREE_PID_LIMIT - 1, &nspid[n]) != 0)
            nspid[n] = 0;
    }
    return n;
}

/* The chain: as many numbers as its namespace's level says, the first of them its PID. */
static int take_chain(struct loading *loading, const struct object *object, struct record *record,
                      uint32_t nspid[NSTREE_LEVELS_MAX])
{
    uint32_t node = map_get(&loading->builder->by_key, record->ns);

    if (node == MAP_NONE)
        return wrong(loading, "its namespace is not there");
    size_t levels = read_chain(loading, object->members[F_NSPID], nspid);
    if (levels != loading->builder->nodes[node].facts.level + 1)
        return wrong(loading, "\"nspid\" does not fit the level of its namespace");
    for (size_t i = 0; i < levels; i++) {
        if (nspid[i] == 0)
            return wrong_member(loading, F_NSPID);
    }
    if (nspid[0] != record->pid)
        return wrong(loading, "\"nspid\" does not begin with its PID");
    record->levels = (uint8_t)levels;
    record->nspid = nspid;
    return 0;
}

/* What is marked. Members that are not there mean what is usual. */
static int take_flags(struct loading *loading, const struct object *object, struct record *record)
{
    static const struct {
        enum field field;
        uint32_t flag;
        bool usual; /* what the member says where the flag is not set */
    } marks[] = {
        {F_EXACT, NSTREE_PROCESS_INFERRED, true},
        {F_AMBIGUOUS, NSTREE_PROCESS_AMBIGUOUS, false},
        {F_KTHREAD, NSTREE_PROCESS_KTHREAD, false},
        {F_ENTERED, NSTREE_PROCESS_ENTERED, false},
        {F_LEADERLESS, NSTREE_PROCESS_LEADERLESS, false},
    };

    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        bool value;

        if (get_bool(object, marks[i].field, marks[i].usual, &value) != 0)
            return wrong_member(loading, marks[i].field);
        if (value != marks[i].usual)
            record->flags |= marks[i].flag;
    }
    if (record->flags & NSTREE_PROCESS_AMBIGUOUS && !(record->flags & NSTREE_PROCESS_INFERRED))
        return wrong(loading, "\"ambiguous\" and yet \"exact\"");
    return 0;
}

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* The texts of a process: name, state and command line. */
static int take_texts(struct loading *loading, const struct object *object, struct record *record)
{
    struct piece text;
    int rc = get_bytes(loading, object, F_STATE, F_STATE, &text);

    if (rc != 0)
        return rc;
    if (text.len == 0 || !is_letter(text.at[0]))
        return wrong_member(loading, F_STATE);
    record->state = text.at[0];
    rc = get_bytes(loading, object, F_NAME, F_NAME_HEX, &text);
    if (rc == 0 && (!text.at || text.len > NAME_BYTES_MAX))
        return wrong_member(loading, F_NAME);
    record->name = text.at;
    record->name_len = (uint32_t)text.len;
    if (rc == 0)
        rc = get_bytes(loading, object, F_ARGS, F_ARGS_HEX, &text);
    record->args = text.at;
    record->args_len = (uint32_t)text.len;
    return rc;
}

static int take_process(struct loading *loading, const struct object *object, size_t index)
{
    struct record record = {.uid = NSTREE_UID_UNKNOWN};
    uint32_t nspid[NSTREE_LEVELS_MAX], level;

    set_place(loading, "process", index);
    if (get_u32(object, F_PID, NSTREE_PID_LIMIT - 1, &record.pid) != 0 || record.pid == 0)
        return wrong_member(loading, F_PID);
    loading->pid = record.pid;
    if (get_u32(object, F_PPID, NSTREE_PID_LIMIT - 1, &record.ppid) != 0)
        return wrong_member(loading, F_PPID);
    if (get_u32(object, F_UID, UINT32_MAX, &record.uid) == -EBADMSG)
        return wrong_member(loading, F_UID);
    record.ns = get_id(object, F_NS, &level, NULL);
    if (record.ns == KEY_UNKNOWN)
        return wrong_member(loading, F_NS);
    int rc = take_chain(loading, object, &record, nspid);
    if (rc == 0)
        rc = take_flags(loading, object, &record);
    if (rc == 0)
        rc = take_texts(loading, object, &record);
    if (rc == 0)
        rc = builder_add_process(loading->builder, &record);
    arena_free(&loading->scratch);
    return rc;
}

/* Each PID once, an init where one is said to be, no more processes than were counted. (That a
 * number stands twice in a namespace is no contradiction: its first owner can have ended, and it
 * have been given out again, while a scan went on.) */
static int check_processes(struct loading *loading, const struct nstree *tree)
{
    const struct nstree_ns *all = tree->namespaces;

    set_place(loading, "process", LIST);
    if (all->n_inside != loading->n_processes)
        return wrong(loading, "a PID stands in it twice");
    for (size_t i = 0; i < loading->n_said; i++) {
        const struct said *said = &loading->said[i];
        const struct nstree_ns *ns = &all[map_get(&tree->by_key, said->key)];

        set_ns(loading, said->key);
        if (said->members < ns->n_members)
            return wrong(loading, "fewer members than processes");
        if (said->init != (ns->init ? ns->init->pid : 0))
            return wrong(loading, "\"init\" is not its process 1");
    }
    return 0;
}

/* Seconds since the Epoch of `2026-11-22T05:50:11Z`; 0 where it is not such a time. */
static int64_t parse_time(const char *text)
{
    struct tm tm = {0};
    const char *end = strptime(text, "%Y-%m-%dT%H:%M:%SZ", &tm);

    return end && *end == '\0' ? (int64_t)timegm(&tm) : 0;
}

/* A text about the machine, which may be missing. */
static const char *take_text(struct loading *loading, const struct object *root, enum field name,
                             enum field name_hex, int *rc)
{
    struct piece text = {0};

    if (*rc == 0)
        *rc = get_bytes(loading, root, name, name_hex, &text);
    if (*rc != 0)
        return "";
    char *copy = arena_string(&loading->builder->arena, text.at ? text.at : "", text.len);
    *rc = copy ? 0 : -ENOMEM;
    return copy ? copy : "";
}

static int take_info(struct loading *loading, const struct object *root)
{
    struct nstree_info *info = &loading->builder->info;
    int rc = 0;

    loading->kind = NULL;
    info->host = take_text(loading, root, F_HOST, F_HOST_HEX, &rc);
    info->kernel = take_text(loading, root, F_KERNEL, F_KERNEL_HEX, &rc);
    info->taken = parse_time(take_text(loading, root, F_TAKEN, F_TAKEN, &rc));
    arena_free(&loading->scratch);
    if (rc == 0 && get_bool(root, F_COMPLETE, true, &info->complete) != 0)
        rc = wrong_member(loading, F_COMPLETE);
    if (rc == 0 && get_bool(root, F_SELECTION, false, &info->selected) != 0)
        rc = wrong_member(loading, F_SELECTION);
    info->source = NSTREE_SOURCE_RECORDING;
    return rc;
}

static int check_schema(struct loading *loading, const struct object *root)
{
    uint64_t schema;

    if (get_number(root, F_SCHEMA, INT64_MAX, &schema) != 0 || schema < 1)
        return wrong_member(loading, F_SCHEMA);
    if (schema > SCHEMA)
        return error_set(loading->err, -EOPNOTSUPP,
                         "schema %ju is newer than this program knows (%d)", (uintmax_t)schema,
                         SCHEMA);
    return 0;
}

/* Takes all that a recording holds out of its text. */
static int take_all(struct loading *loading, const struct object *root)
{
    size_t n;
    int rc = check_schema(loading, root);

    if (rc == 0)
        rc = take_each(loading, root, F_NAMESPACES, &n, take_namespace);
    if (rc == 0)
        rc = check_namespaces(loading);
    loading->kind = NULL;
    if (rc == 0)
        rc = take_each(loading, root, F_PROCESSES, &loading->n_processes, take_process);
    return rc == 0 ? take_info(loading, root) : rc;
}

/* Makes the tree, for which the text is needed no more. */
static int make_tree(struct loading *loading, struct nstree **out)
{
    struct nstree *tree;

    free(loading->text);
    loading->text = NULL;
    int rc = finish_places(loading->builder);
    if (rc == 0)
        rc = finish_tree(loading->builder, &tree);
    if (rc != 0)
        return rc;
    rc = check_processes(loading, tree);
    if (rc == 0)
        *out = tree;
    else
        nstree_free(tree);
    return rc;
}

/* The text as an object, if it is one and nothing else. */
static int read_root(const struct loading *loading, struct object *root)
{
    struct json_pull pull = loading->pull, begin = pull;
    int rc = read_object(loading, &pull, root);

    if (rc == 0 && !pull_ended(&pull)) {
        pull_fail(&pull, "end of file expected");
        rc = not_json(loading, &pull);
    }
    return rc == 0 && !pull_enter(&begin, '{') ? wrong(loading, "not an object") : rc;
}

static int load_json(struct loading *loading, size_t len, struct nstree **out)
{
    const char *text = loading->text;
    struct object root;

    /* Windows' tools write a byte order mark, or UTF-16, when they redirect. */
    if (len >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0))
        return error_set(loading->err, -EBADMSG, "not JSON: UTF-16, not UTF-8");
    size_t mark = len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    pull_begin(&loading->pull, text + mark, len - mark);
    int rc = read_root(loading, &root);
    if (rc == 0)
        rc = builder_new(&loading->builder);
    if (rc == 0)
        rc = take_all(loading, &root);
    return rc == 0 ? make_tree(loading, out) : rc;
}

int nstree_load(int fd, struct nstree **out, struct nstree_error *err)
{
    struct loading loading = {.err = err};
    size_t len = 0;
    int rc = read_all(fd, &loading.text, &len, err);

    if (rc == 0)
        rc = load_json(&loading, len, out);
    free(loading.text);
    free(loading.said);
    arena_free(&loading.scratch);
    builder_free(loading.builder);
    return rc == -ENOMEM ? error_set(err, rc, "out of memory") : rc;
}
