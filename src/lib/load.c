/* SPDX-License-Identifier: MIT */
/*
 * A recording (the JSON that the command prints) as a source of records. Nothing in it is trusted:
 * every member is checked for type and range, and the whole for what no kernel can show, before the
 * tree is built. Members that are not known are passed over: the schema grows only by new ones.
 */
#include <errno.h>
#include <jansson.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "error.h"
#include "others.h"
#include "parse.h"
#include "split.h"
#include "tree.h"

#define SCHEMA 1
#define RECORDING_BYTES_MAX ((size_t)1 << 30)

/* What is being loaded, and where it is in it, for messages. */
struct loading {
    struct nstree *tree;
    struct nstree_error *err;
    const char *kind; /* "namespace" or "process" */
    const json_t *id; /* which, if it says so; lent while that is read */
    char name[32];    /* which, where that is no longer there */
    size_t index;     /* where in the array */
    size_t n_processes;
    bool begun; /* the namespaces were taken */
};

/* Where what is wrong is not one element's. */
#define LIST SIZE_MAX

/* Ids have no byte that harms a terminal, or they are not accepted. */
static void write_id(const struct loading *loading, char id[32])
{
    if (loading->name[0])
        strcpy(id, loading->name);
    else if (json_is_string(loading->id))
        snprintf(id, 32, "%.24s", json_string_value(loading->id));
    else if (json_is_integer(loading->id))
        snprintf(id, 32, "%" JSON_INTEGER_FORMAT, json_integer_value(loading->id));
    else
        snprintf(id, 32, "number %zu", loading->index + 1);
}

/* Fails at the object that is being read. */
static int wrong(const struct loading *loading, const char *what)
{
    char id[32] = "list";

    if (loading->kind && loading->index != LIST)
        write_id(loading, id);
    if (loading->kind)
        return error_set(loading->err, -EBADMSG, "%s %s: %s", loading->kind, id, what);
    return error_set(loading->err, -EBADMSG, "not a recording: %s", what);
}

static int wrong_member(const struct loading *loading, const char *name)
{
    char what[64];

    snprintf(what, sizeof what, "\"%s\" is missing or not valid", name);
    return wrong(loading, what);
}

/* Reads the whole of `fd`. Returns 0, -EFBIG, -ENOMEM or -EIO. */
static int read_all(int fd, char **out, size_t *len, struct nstree_error *err)
{
    AUTO_FREE char *text = NULL;
    size_t capacity = 0, n = 0;

    for (;;) {
        char *room = array_room(text, &capacity, n + 65536, 1);
        if (!room)
            return error_set(err, -ENOMEM, "out of memory");
        text = room;
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

/* An integer member from min to max. Null counts as missing. */
static int get_number(const json_t *object, const char *name, uint64_t max, uint64_t *out)
{
    const json_t *value = json_object_get(object, name);

    if (!value || json_is_null(value))
        return -ENOENT;
    if (!json_is_integer(value) || json_integer_value(value) < 0 ||
        (uint64_t)json_integer_value(value) > max)
        return -EBADMSG;
    *out = (uint64_t)json_integer_value(value);
    return 0;
}

static int get_u32(const json_t *object, const char *name, uint32_t max, uint32_t *out)
{
    uint64_t value;
    int rc = get_number(object, name, max, &value);

    if (rc == 0)
        *out = (uint32_t)value;
    return rc;
}

/* A member that is true or false, or is not there and then `otherwise`. */
static int get_bool(const json_t *object, const char *name, bool otherwise, bool *out)
{
    const json_t *value = json_object_get(object, name);

    *out = value ? json_is_true(value) : otherwise;
    return !value || json_is_boolean(value) ? 0 : -EBADMSG;
}

/* The key that an id stands for: INODE, ?PID or ?PID.LEVEL; KEY_UNKNOWN if it is none. */
static uint64_t parse_id(const json_t *value, uint32_t *level)
{
    const char *text = json_string_value(value);
    size_t len = text ? json_string_length(value) : 0;
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

static void set_id(struct loading *loading, const json_t *value, size_t index)
{
    loading->id = value;
    loading->name[0] = '\0';
    loading->index = index;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The bytes of a text member: its own, or those that NAME_hex spells out because they are no UTF-8.
 * Returns NULL where there is none, or sets *rc. The result is the arena's. */
static const char *get_bytes(struct loading *loading, const json_t *object, const char *name,
                             const char *name_hex, size_t *len, int *rc)
{
    const json_t *text = json_object_get(object, name), *hex = json_object_get(object, name_hex);
    const char *digits = json_string_value(hex);
    size_t n = hex ? json_string_length(hex) : 0;

    *len = 0;
    if ((text && !json_is_string(text)) || (hex && (!digits || n % 2 != 0))) {
        *rc = wrong_member(loading, hex ? name_hex : name);
        return NULL;
    }
    if (!hex) {
        *len = text ? json_string_length(text) : 0;
        return json_string_value(text);
    }
    char *bytes = arena_alloc(&loading->tree->arena, n / 2 + 1);
    for (size_t i = 0; bytes && i < n / 2; i++) {
        int value = hex_digit(digits[2 * i]) * 16 + hex_digit(digits[2 * i + 1]);

        if (hex_digit(digits[2 * i]) < 0 || hex_digit(digits[2 * i + 1]) < 0 || value == 0) {
            *rc = wrong_member(loading, name_hex);
            return NULL;
        }
        bytes[i] = (char)value;
    }
    if (bytes)
        bytes[n / 2] = '\0';
    *len = n / 2;
    *rc = bytes ? 0 : -ENOMEM;
    return bytes;
}

/* The members that a keeper of its kind has to have. */
static int take_keeper(struct loading *loading, const json_t *object, uint64_t ns)
{
    static const char *const hows[] = {
        [NSTREE_KEEPER_FD] = "fd",         [NSTREE_KEEPER_MOUNT] = "mount",
        [NSTREE_KEEPER_THREAD] = "thread", [NSTREE_KEEPER_CHILDREN] = "pid_for_children",
        [NSTREE_KEEPER_UNSEEN] = "listns",
    };
    struct nstree_keeper keeper = {0};
    const char *how = json_string_value(json_object_get(object, "how"));
    size_t len;
    int rc = 0;

    for (int i = NSTREE_KEEPER_FD; how && i <= NSTREE_KEEPER_UNSEEN; i++) {
        if (strcmp(how, hows[i]) == 0)
            keeper.how = (enum nstree_keeper_how)i;
    }
    if (keeper.how == NSTREE_KEEPER_UNSEEN)
        return tree_add_keeper(loading->tree, ns, &keeper);
    if (get_u32(object, "pid", NSTREE_PID_LIMIT - 1, &keeper.pid) != 0 || keeper.pid == 0 ||
        get_u32(object, "fd", INT32_MAX, &keeper.fd) !=
            (keeper.how == NSTREE_KEEPER_FD ? 0 : -ENOENT) ||
        get_u32(object, "tid", NSTREE_PID_LIMIT - 1, &keeper.tid) !=
            (keeper.how == NSTREE_KEEPER_THREAD ? 0 : -ENOENT))
        keeper.how = 0;
    keeper.name = get_bytes(loading, object, "name", "name_hex", &len, &rc);
    if (rc == 0 && (len > NAME_BYTES_MAX || (len > 0 && memchr(keeper.name, '\0', len))))
        keeper.how = 0;
    if (rc == 0)
        keeper.path = get_bytes(loading, object, "path", "path_hex", &len, &rc);
    if (rc != 0)
        return rc;
    if (!keeper.how || (keeper.how == NSTREE_KEEPER_MOUNT) != (keeper.path != NULL) ||
        (len > 0 && memchr(keeper.path, '\0', len)))
        return wrong_member(loading, "keepers");
    return tree_add_keeper(loading->tree, ns, &keeper);
}

static int take_keepers(struct loading *loading, const json_t *object, uint64_t ns, size_t *n)
{
    const json_t *array = json_object_get(object, "keepers");
    int rc = 0;

    *n = array ? json_array_size(array) : 0;
    if (array && !json_is_array(array))
        return wrong_member(loading, "keepers");
    for (size_t i = 0; i < *n && rc == 0; i++)
        rc = take_keeper(loading, json_array_get(array, i), ns);
    return rc;
}

/* A text member as the tree's, or NULL where there is none. */
static const char *take_words(struct loading *loading, const json_t *object, const char *name,
                              const char *name_hex, int *rc)
{
    size_t len;

    if (*rc != 0 || json_is_null(json_object_get(object, name)))
        return NULL;
    const char *text = get_bytes(loading, object, name, name_hex, &len, rc);
    if (*rc != 0 || !text)
        return NULL;
    if (memchr(text, '\0', len)) {
        *rc = wrong_member(loading, name);
        return NULL;
    }
    text = arena_string(&loading->tree->arena, text, len);
    *rc = text ? 0 : -ENOMEM;
    return text;
}

/* What the namespace is. All three or none. */
static int take_label(struct loading *loading, const json_t *object, struct ns_record *record)
{
    int rc = 0;

    record->kind = take_words(loading, object, "kind", "kind_hex", &rc);
    record->label = take_words(loading, object, "label", "label_hex", &rc);
    record->evidence = take_words(loading, object, "evidence", "evidence_hex", &rc);
    return rc;
}

/* The inodes of the other namespaces of its init. */
static int take_others(struct loading *loading, const json_t *object, struct ns_record *record)
{
    const json_t *others = json_object_get(object, "others");

    if (!others || json_is_null(others))
        return 0;
    if (!json_is_object(others))
        return wrong_member(loading, "others");
    uint32_t *inodes = arena_alloc(&loading->tree->arena, NSTREE_TYPES * sizeof *inodes);
    if (!inodes)
        return -ENOMEM;
    for (int type = 0; type < NSTREE_TYPES; type++) {
        const char *name = nstree_type_name((enum nstree_type)type);

        inodes[type] = 0;
        if (get_u32(others, name, UINT32_MAX, &inodes[type]) == -EBADMSG)
            return wrong_member(loading, "others");
    }
    record->others = inodes;
    return 0;
}

/* Reads one namespace. That its parent is there and one level up is checked once all are. */
static int take_namespace(struct loading *loading, const json_t *object, size_t index)
{
    struct ns_record record = {.total = NSTREE_TOTAL_UNKNOWN, .owner_uid = NSTREE_UID_UNKNOWN};
    const json_t *id = json_object_get(object, "id"), *parent = json_object_get(object, "parent");
    uint32_t level, inode = 0;
    size_t keepers;
    bool exact, ambiguous;

    set_id(loading, NULL, index);
    record.ns = parse_id(id, &level);
    if (record.ns == KEY_UNKNOWN)
        return wrong_member(loading, "id");
    set_id(loading, id, index);
    if (get_u32(object, "level", NSTREE_LEVELS_MAX - 1, &record.level) != 0 ||
        (level != UINT32_MAX && level != record.level))
        return wrong_member(loading, "level");
    if (get_u32(object, "ns", UINT32_MAX, &inode) == -EBADMSG || inode != key_inode(record.ns))
        return wrong_member(loading, "ns");
    if (parent && !json_is_null(parent)) {
        record.parent = parse_id(parent, &level);
        if (record.parent == KEY_UNKNOWN)
            return wrong_member(loading, "parent");
    }
    if ((record.parent == KEY_UNKNOWN) != (record.level == 0))
        return wrong(loading, "only a namespace at level 0 has no parent");
    int rc = take_keepers(loading, object, record.ns, &keepers);
    if (rc != 0)
        return rc;
    int members = get_number(object, "members", UINT32_MAX, &record.total);
    if (members == -EBADMSG)
        return wrong_member(loading, "members");
    record.unsure = members == -ENOENT && keepers > 0; /* kept, but not known to be empty */
    if (members == -ENOENT && keepers == 0) /* a selection of processes: nobody counted */
        loading->tree->info.partial = true;
    if (get_u32(object, "owner_uid", UINT32_MAX, &record.owner_uid) == -EBADMSG)
        return wrong_member(loading, "owner_uid");
    if (get_u32(object, "user_ns", UINT32_MAX, &record.user_ns) == -EBADMSG)
        return wrong_member(loading, "user_ns");
    if (get_bool(object, "exact", true, &exact) != 0)
        return wrong_member(loading, "exact");
    if (get_bool(object, "ambiguous", false, &ambiguous) != 0)
        return wrong_member(loading, "ambiguous");
    if (ambiguous && exact)
        return wrong(loading, "\"ambiguous\" and yet \"exact\"");
    record.flags = (exact ? 0U : (uint32_t)NSTREE_NS_INFERRED) |
                   (ambiguous ? (uint32_t)NSTREE_NS_AMBIGUOUS : 0U);
    rc = take_label(loading, object, &record);
    if (rc == 0)
        rc = take_others(loading, object, &record);
    if (rc != 0)
        return rc;
    if (tree_has_ns(loading->tree, record.ns))
        return wrong(loading, "two namespaces have this id");
    if (record.level == 0 && tree_root_key(loading->tree) != KEY_UNKNOWN)
        return wrong(loading, "a second namespace without a parent");
    return tree_add_ns(loading->tree, &record);
}

/* Checks that every namespace hangs, level by level, from the one root. Levels that fall by one
 * from child to parent leave no room for a cycle. */
static int check_namespaces(struct loading *loading)
{
    const struct nstree *tree = loading->tree;

    loading->kind = NULL;
    if (tree_root_key(tree) == KEY_UNKNOWN)
        return wrong(loading, "no namespace at level 0");
    loading->kind = "namespace";
    for (size_t i = 1; i < tree->n_nodes; i++) {
        const struct ns_record *facts = &tree->nodes[i].facts;
        const struct nstree_ns shown = {.id = facts->ns};

        nstree_ns_id(&shown, loading->name);
        uint32_t parent = map_get(&tree->by_key, facts->parent);
        if (parent == MAP_NONE)
            return wrong(loading, "its parent is not there");
        if (tree->nodes[parent].facts.level + 1 != facts->level)
            return wrong(loading, "its level is not one more than its parent's (a cycle?)");
    }
    return 0;
}

/* The chain: as many numbers as its namespace's level says, the first of them its PID. */
static int take_chain(struct loading *loading, const json_t *object, struct record *record,
                      uint32_t nspid[NSTREE_LEVELS_MAX])
{
    const json_t *chain = json_object_get(object, "nspid");
    uint32_t node = map_get(&loading->tree->by_key, record->ns);

    if (node == MAP_NONE)
        return wrong(loading, "its namespace is not there");
    size_t levels = json_is_array(chain) ? json_array_size(chain) : 0;
    if (levels != loading->tree->nodes[node].facts.level + 1)
        return wrong(loading, "\"nspid\" does not fit the level of its namespace");
    for (size_t i = 0; i < levels; i++) {
        const json_t *number = json_array_get(chain, i);

        if (!json_is_integer(number) || json_integer_value(number) < 1 ||
            json_integer_value(number) >= NSTREE_PID_LIMIT)
            return wrong_member(loading, "nspid");
        nspid[i] = (uint32_t)json_integer_value(number);
    }
    if (nspid[0] != record->pid)
        return wrong(loading, "\"nspid\" does not begin with its PID");
    record->levels = (uint8_t)levels;
    record->nspid = nspid;
    return 0;
}

/* What is marked. Members that are not there mean what is usual. */
static int take_flags(struct loading *loading, const json_t *object, struct record *record)
{
    static const struct {
        const char *name;
        uint32_t flag;
        bool usual; /* what the member says where the flag is not set */
    } marks[] = {
        {"exact", NSTREE_PROCESS_INFERRED, true},
        {"ambiguous", NSTREE_PROCESS_AMBIGUOUS, false},
        {"kthread", NSTREE_PROCESS_KTHREAD, false},
        {"entered", NSTREE_PROCESS_ENTERED, false},
        {"leaderless", NSTREE_PROCESS_LEADERLESS, false},
    };

    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        bool value;

        if (get_bool(object, marks[i].name, marks[i].usual, &value) != 0)
            return wrong_member(loading, marks[i].name);
        if (value != marks[i].usual)
            record->flags |= marks[i].flag;
    }
    if (record->flags & NSTREE_PROCESS_AMBIGUOUS && !(record->flags & NSTREE_PROCESS_INFERRED))
        return wrong(loading, "\"ambiguous\" and yet \"exact\"");
    return 0;
}

/* The texts of a process: name, state and command line. */
static int take_texts(struct loading *loading, const json_t *object, struct record *record)
{
    const char *state = json_string_value(json_object_get(object, "state"));
    size_t len;
    int rc = 0;

    if (!state || !((state[0] >= 'A' && state[0] <= 'Z') || (state[0] >= 'a' && state[0] <= 'z')))
        return wrong_member(loading, "state");
    record->state = state[0];
    record->name = get_bytes(loading, object, "name", "name_hex", &len, &rc);
    if (rc == 0 && (!record->name || len > NAME_BYTES_MAX || memchr(record->name, '\0', len)))
        return wrong_member(loading, "name");
    record->name_len = (uint32_t)len;
    if (rc == 0)
        record->args = get_bytes(loading, object, "args", "args_hex", &len, &rc);
    if (rc == 0 && (len > UINT32_MAX || (len > 0 && memchr(record->args, '\0', len))))
        return wrong_member(loading, "args");
    record->args_len = (uint32_t)len;
    return rc;
}

static int take_process(struct loading *loading, const json_t *object, size_t index)
{
    struct record record = {.uid = NSTREE_UID_UNKNOWN};
    uint32_t nspid[NSTREE_LEVELS_MAX], level;

    set_id(loading, NULL, index);
    if (get_u32(object, "pid", NSTREE_PID_LIMIT - 1, &record.pid) != 0 || record.pid == 0)
        return wrong_member(loading, "pid");
    set_id(loading, json_object_get(object, "pid"), index);
    if (get_u32(object, "ppid", NSTREE_PID_LIMIT - 1, &record.ppid) != 0)
        return wrong_member(loading, "ppid");
    if (get_u32(object, "uid", UINT32_MAX, &record.uid) == -EBADMSG)
        return wrong_member(loading, "uid");
    record.ns = parse_id(json_object_get(object, "ns"), &level);
    if (record.ns == KEY_UNKNOWN)
        return wrong_member(loading, "ns");
    int rc = take_chain(loading, object, &record, nspid);
    if (rc == 0)
        rc = take_flags(loading, object, &record);
    if (rc == 0)
        rc = take_texts(loading, object, &record);
    if (rc == 0)
        rc = tree_add_process(loading->tree, &record);
    loading->n_processes += rc == 0;
    return rc;
}

static int take_array(struct loading *loading, const json_t *root, const char *name,
                      const char *kind,
                      int (*take)(struct loading *, const json_t *object, size_t index))
{
    const json_t *array = json_object_get(root, name);
    int rc = 0;

    loading->kind = NULL;
    if (!json_is_array(array))
        return wrong_member(loading, name);
    loading->kind = kind;
    for (size_t i = 0; i < json_array_size(array) && rc == 0; i++) {
        rc = take(loading, json_array_get(array, i), i);
        if (rc == -ENOMEM)
            error_set(loading->err, rc, "out of memory");
    }
    return rc;
}

/* Each PID once, an init where one is said to be, no more processes than were counted. (That a
 * number stands twice in a namespace is no contradiction: its first owner can have ended, and it
 * have been given out again, while a scan went on.) */
static int check_processes(struct loading *loading, const json_t *root)
{
    const struct nstree_ns *all = nstree_root(loading->tree);
    const json_t *array = json_object_get(root, "namespaces");

    loading->kind = "process";
    loading->index = LIST;
    if (all->n_inside != loading->n_processes)
        return wrong(loading, "a PID stands in it twice");
    loading->kind = "namespace";
    for (size_t i = 0; i < json_array_size(array); i++) {
        const json_t *object = json_array_get(array, i), *id = json_object_get(object, "id");
        uint32_t level, init = 0;
        uint64_t members;
        const struct nstree_ns *ns = &all[map_get(&loading->tree->by_key, parse_id(id, &level))];

        set_id(loading, id, i);
        if (get_number(object, "members", UINT32_MAX, &members) == 0 && members < ns->n_members)
            return wrong(loading, "fewer members than processes");
        if (get_u32(object, "init", NSTREE_PID_LIMIT - 1, &init) == -EBADMSG ||
            init != (ns->init ? ns->init->pid : 0))
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
static int take_text(struct loading *loading, const json_t *root, const char *name,
                     const char *name_hex, const char **out)
{
    size_t len;
    int rc = 0;
    const char *text = get_bytes(loading, root, name, name_hex, &len, &rc);

    if (rc != 0)
        return rc;
    *out = arena_string(&loading->tree->arena, text ? text : "", len);
    return *out ? 0 : -ENOMEM;
}

static int take_info(struct loading *loading, const json_t *root)
{
    struct nstree_info *info = &loading->tree->info;
    const char *taken = "";
    int rc = take_text(loading, root, "host", "host_hex", &info->host);

    if (rc == 0)
        rc = take_text(loading, root, "kernel", "kernel_hex", &info->kernel);
    if (rc == 0)
        rc = take_text(loading, root, "taken", "", &taken);
    if (rc == 0 && get_bool(root, "complete", true, &info->complete) != 0)
        rc = wrong_member(loading, "complete");
    if (rc == 0 && get_bool(root, "selection", false, &info->selected) != 0)
        rc = wrong_member(loading, "selection");
    if (rc == 0)
        info->taken = parse_time(taken);
    info->source = NSTREE_SOURCE_RECORDING;
    return rc;
}

static int check_schema(struct loading *loading, const json_t *root)
{
    const json_t *schema = json_object_get(root, "schema");

    if (!json_is_object(root))
        return wrong(loading, "not an object");
    if (!json_is_integer(schema) || json_integer_value(schema) < 1)
        return wrong_member(loading, "schema");
    if (json_integer_value(schema) > SCHEMA)
        return error_set(loading->err, -EOPNOTSUPP,
                         "schema %" JSON_INTEGER_FORMAT " is newer than this program knows (%d)",
                         json_integer_value(schema), SCHEMA);
    return 0;
}

/* What has to be known before processes can be taken. */
static int begin(struct loading *loading, const json_t *root)
{
    int rc = check_schema(loading, root);

    if (rc == 0)
        rc = take_array(loading, root, "namespaces", "namespace", take_namespace);
    if (rc == 0)
        rc = check_namespaces(loading);
    loading->begun = true;
    return rc;
}

static int finish(struct loading *loading, const json_t *root)
{
    int rc = loading->begun ? 0 : begin(loading, root);

    if (rc == 0 && loading->n_processes == 0) /* else they were taken as they came */
        rc = take_array(loading, root, "processes", "process", take_process);
    loading->kind = NULL;
    if (rc == 0)
        rc = take_info(loading, root);
    bool complete = loading->tree->info.complete;
    if (rc == 0)
        rc = tree_finish(loading->tree);
    if (rc == 0)
        rc = others_link(loading->tree);
    if (rc == 0)
        rc = check_processes(loading, root);
    loading->tree->info.complete = loading->tree->info.complete && complete;
    return rc;
}

static int not_json(const struct loading *loading, const json_error_t *where)
{
    return error_set(loading->err, -EBADMSG, "not JSON: line %d: %s", where->line, where->text);
}

/* Takes processes one by one. There are a hundred times as many as there is anything else. */
static int take_processes(struct loading *loading, struct split *split)
{
    json_t *object;
    int rc = 0, more = 0;

    loading->kind = "process";
    while (rc == 0 && (more = split_element(split, &object)) == 1) {
        rc = take_process(loading, object, loading->n_processes);
        json_decref(object);
        loading->id = NULL;
    }
    return rc == 0 && more < 0 ? not_json(loading, &split->where) : rc;
}

/* Reads one member: into root, but for processes where all that they need was there before. */
static int take_member(struct loading *loading, struct split *split, const char *name, json_t *root)
{
    if (json_object_get(root, name)) {
        split_fail(split, "duplicate object key");
        return not_json(loading, &split->where);
    }
    if (strcmp(name, "processes") == 0 && json_object_get(root, "schema") &&
        json_object_get(root, "namespaces") && split_enter(split)) {
        int rc = begin(loading, root);

        if (rc == 0)
            rc = take_processes(loading, split);
        return rc == 0 && json_object_set_new(root, name, json_array()) != 0 ? -ENOMEM : rc;
    }
    json_t *value = split_value(split);
    if (!value)
        return not_json(loading, &split->where);
    return json_object_set_new_nocheck(root, name, value) == 0 ? 0 : -ENOMEM;
}

/* The text is no object: what is it? */
static int explain(struct loading *loading, const char *text, size_t len)
{
    json_error_t where;
    json_t *value = json_loadb(text, len, JSON_REJECT_DUPLICATES, &where);

    if (!value)
        return not_json(loading, &where);
    json_decref(value);
    return wrong(loading, "not an object");
}

static int load_json(struct loading *loading, const char *text, size_t len)
{
    struct split split;
    json_t *root, *name;
    int rc = 0, more = 0;

    if (!split_begin(&split, text, len))
        return explain(loading, text, len);
    root = json_object();
    if (!root)
        return -ENOMEM;
    while (rc == 0 && (more = split_member(&split, &name)) == 1) {
        rc = take_member(loading, &split, json_string_value(name), root);
        json_decref(name);
    }
    if (rc == 0)
        rc = more < 0 ? not_json(loading, &split.where) : finish(loading, root);
    json_decref(root);
    return rc;
}

int nstree_load(int fd, struct nstree **out, struct nstree_error *err)
{
    AUTO_FREE char *text = NULL;
    struct loading loading = {.err = err};
    size_t len = 0;
    int rc = read_all(fd, &text, &len, err);

    if (rc != 0)
        return rc;
    /* Windows' tools write a byte order mark, or UTF-16, when they redirect. */
    if (len >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0))
        return error_set(err, -EBADMSG, "not JSON: UTF-16, not UTF-8");
    size_t mark = len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    rc = tree_new(&loading.tree);
    if (rc == 0)
        rc = load_json(&loading, text + mark, len - mark);
    if (rc == 0) {
        *out = loading.tree;
        return 0;
    }
    nstree_free(loading.tree);
    return rc == -ENOMEM ? error_set(err, rc, "out of memory") : rc;
}
