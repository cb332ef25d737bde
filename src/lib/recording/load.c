/* SPDX-License-Identifier: MIT */
/*
 * A recording (the JSON that save.c writes) as a source of records. Nothing in it is trusted: every
 * member is checked for type and range, and the whole for what no kernel can show, before the tree
 * is built. Unknown members are skipped: the schema grows only by new ones.
 *
 * The whole text is scanned first. So text that is not JSON is refused, and the members of an
 * object may stand in any order. Then each namespace and each process is read where it lies. A load
 * needs the text and what the tree needs, whatever else the text holds.
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
#include "base/utf8.h"
#include "model/finish.h"
#include "model/tree.h"
#include "recording/words.h"

#define RECORDING_BYTES_MAX ((size_t)1 << 30)

/* A namespace takes some 380 bytes of memory. save.c never describes one in fewer bytes than this;
 * a recording written by hand can, and then it does not have that many. */
#define NS_BYTES_MIN 64
#define NS_ALWAYS 4096

/* The largest numbers of the usage of a process, and of many: no sum of a tree overflows. */
#define ONE_MAX (UINT64_C(1) << 40)
#define SUM_MAX (UINT64_C(1) << 62)

/* An object: the text of each known member, where it is there. */
struct object {
    struct piece members[N_READ];
};

/* What is recorded of a namespace and can be compared only with the finished tree. */
struct expected {
    uint64_t key;
    uint32_t members; /* UINT32_MAX: not recorded */
    uint32_t init;    /* 0: there is none */
};

/* What is being loaded, and where in it, for messages. */
struct loading {
    struct builder *builder;
    struct nstree_error *err;
    int rc;                /* the first failure; what is read after it is not used */
    struct json_pull pull; /* the whole text */
    char *text;            /* its memory; freed once all is read */
    struct expected *expected;
    size_t n_expected, expected_capacity;
    size_t n_containers, n_processes;
    struct arena scratch; /* texts of one element that have escapes */
    const char *kind;     /* "namespace", "process" or "container"; NULL outside of the arrays */
    size_t index;         /* where in the array */
    uint32_t pid;         /* the PID of the process, once it is read */
    char id[32];          /* the id of the namespace, once it is read */
    uint64_t ns;          /* the namespace whose keepers are being read */
};

/* The index where the fault is not that of one element. */
#define LIST SIZE_MAX

/* Notes a failure, unless there is one already. Returns the first. */
static int fail(struct loading *loading, int rc)
{
    if (loading->rc == 0)
        loading->rc = rc;
    return loading->rc;
}

/* Fails at the object that is being read. */
static int wrong(struct loading *loading, const char *what)
{
    char which[32] = "list";

    if (loading->rc != 0)
        return loading->rc;
    if (!loading->kind)
        return fail(loading, error_set(loading->err, -EBADMSG, "not a recording: %s", what));
    if (loading->pid)
        snprintf(which, sizeof which, "%u", loading->pid);
    else if (loading->id[0])
        strcpy(which, loading->id);
    else if (loading->index != LIST)
        snprintf(which, sizeof which, "number %zu", loading->index + 1);
    return fail(loading,
                error_set(loading->err, -EBADMSG, "%s %s: %s", loading->kind, which, what));
}

static int wrong_member(struct loading *loading, enum member member)
{
    char what[64];

    snprintf(what, sizeof what, "\"%s\" is missing or not valid", words_members[member]);
    return wrong(loading, what);
}

static int not_json(struct loading *loading, const struct json_pull *pull)
{
    return fail(loading, error_set(loading->err, -EBADMSG, "not JSON: line %zu: %s",
                                   pull_line(pull), pull->why));
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

/* Reads the whole of `fd` into loading->text. Returns 0, -EFBIG, -ENOMEM or -EIO. */
static int read_all(struct loading *loading, int fd, size_t *len)
{
    size_t capacity = 0, more = size_hint(fd);

    for (;;) {
        char *room = array_room(loading->text, &capacity, *len + more, 1);
        if (!room)
            return -ENOMEM;
        loading->text = room;
        more = 1;
        ssize_t got = read(fd, room + *len, capacity - *len);
        if (got < 0 && errno != EINTR)
            return error_set(loading->err, -EIO, "%s", strerror(errno));
        if (got == 0)
            return 0;
        *len += got > 0 ? (size_t)got : 0;
        if (*len > RECORDING_BYTES_MAX)
            return error_set(loading->err, -EFBIG, "larger than 1 GiB");
    }
}

/* Reads the object that stands here; anything else as one without members. */
static int read_object(struct loading *loading, struct json_pull *pull, struct object *object)
{
    size_t member;
    int more;
    struct piece piece;

    memset(object, 0, sizeof *object);
    if (!pull_enter(pull, '{'))
        return pull_value(pull, &piece) == 0 ? 0 : not_json(loading, pull);
    while ((more = pull_member(pull, words_members, N_READ, &member)) == 1) {
        if (pull_value(pull, &piece) != 0)
            break;
        if (member == N_READ)
            continue;
        if (object->members[member].at && pull_fail(pull, "duplicate object key"))
            break;
        object->members[member] = piece;
    }
    return more == 0 ? 0 : not_json(loading, pull);
}

/* Reads the elements of an array, and counts them. */
static int take_each(struct loading *loading, const struct object *in, enum member member,
                     size_t *n, int (*take)(struct loading *, const struct object *, size_t index))
{
    struct json_pull pull = pull_again(&loading->pull, in->members[member]);
    struct object object;
    int more = 1;

    if (!pull_enter(&pull, '['))
        return wrong_member(loading, member);
    for (*n = 0; (more = pull_element(&pull)) == 1; ++*n) {
        if (read_object(loading, &pull, &object) != 0 ||
            fail(loading, take(loading, &object, *n)) != 0)
            return loading->rc;
        arena_free(&loading->scratch);
    }
    return more < 0 ? not_json(loading, &pull) : 0;
}

static bool is_given(const struct object *object, enum member member)
{
    return object->members[member].at && !piece_is_null(object->members[member]);
}

/* An integer member from 0 to max. Returns 0, -ENOENT where there is none, or -EBADMSG. */
static int find_number(const struct object *object, enum member member, uint64_t max, uint64_t *out)
{
    struct piece value = object->members[member];

    if (!is_given(object, member))
        return -ENOENT;
    return parse_u64(value.at, value.len, max, out) == 0 ? 0 : -EBADMSG;
}

/* A number of seconds with at most two decimals, as hundredths. Returns as find_number(). */
static int find_seconds(const struct object *object, enum member member, uint64_t max,
                        uint64_t *out)
{
    struct piece value = object->members[member];
    uint64_t whole, part = 0;

    if (!is_given(object, member))
        return -ENOENT;
    const char *dot = memchr(value.at, '.', value.len);
    size_t digits = dot ? (size_t)(dot - value.at) : value.len;
    size_t decimals = dot ? value.len - digits - 1 : 0;
    if (decimals > 2 || parse_u64(value.at, digits, max / 100, &whole) != 0 ||
        (dot && parse_u64(dot + 1, decimals, 99, &part) != 0))
        return -EBADMSG;
    *out = whole * 100 + (decimals == 1 ? part * 10 : part);
    return 0;
}

/* The same where it has to be there and at least `min`. */
static uint32_t need_u32(struct loading *loading, const struct object *object, enum member member,
                         uint32_t min, uint32_t max)
{
    uint64_t value = 0;

    if (find_number(object, member, max, &value) != 0 || value < min)
        wrong_member(loading, member);
    return (uint32_t)value;
}

/* The same where it may be missing, and then is `otherwise`. */
static uint32_t get_u32(struct loading *loading, const struct object *object, enum member member,
                        uint32_t max, uint32_t otherwise)
{
    uint64_t value = otherwise;

    if (find_number(object, member, max, &value) == -EBADMSG)
        wrong_member(loading, member);
    return (uint32_t)value;
}

/* A member that is true or false, or is not there and then `otherwise`. */
static bool get_bool(struct loading *loading, const struct object *object, enum member member,
                     bool otherwise)
{
    bool value = otherwise;

    if (object->members[member].at && piece_bool(object->members[member], &value) != 0)
        wrong_member(loading, member);
    return value;
}

/* The flags that are marked. A member that is not there has its usual value. */
static uint32_t get_flags(struct loading *loading, const struct object *object,
                          const struct mark *marks, size_t n)
{
    uint32_t flags = 0;

    for (size_t i = 0; i < n; i++) {
        if (get_bool(loading, object, marks[i].member, marks[i].usual) != marks[i].usual)
            flags |= marks[i].flag;
    }
    if (flags & marks[1].flag && !(flags & marks[0].flag))
        wrong(loading, "\"ambiguous\" and yet \"exact\"");
    return flags;
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
static uint64_t get_id(struct loading *loading, const struct object *object, enum member member,
                       uint32_t *level, char id[32])
{
    struct piece value = object->members[member], text = {0};
    uint64_t key = KEY_UNKNOWN;
    char room[256];

    if (piece_is_string(value) && value.len <= sizeof room) {
        text = piece_bytes(value, room);
        key = parse_id(text.at, text.len, level);
    }
    if (key == KEY_UNKNOWN)
        wrong_member(loading, member);
    else if (id)
        snprintf(id, 32, "%.*s", text.len < 24 ? (int)text.len : 24, text.at);
    return key;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The bytes that hexadecimal digits spell out. */
static struct piece decode_hex(struct loading *loading, struct piece digits, enum member member)
{
    size_t n = digits.len / 2;
    char *bytes = arena_alloc(&loading->scratch, n + 1);

    if (!bytes) {
        fail(loading, -ENOMEM);
        return (struct piece){0};
    }
    if (digits.len % 2 != 0)
        wrong_member(loading, member);
    for (size_t i = 0; i < n && loading->rc == 0; i++) {
        int high = hex_digit(digits.at[2 * i]), low = hex_digit(digits.at[2 * i + 1]);

        if (high < 0 || low < 0 || high + low == 0)
            wrong_member(loading, member);
        else
            bytes[i] = (char)(high << 4 | low);
    }
    return loading->rc == 0 ? (struct piece){bytes, n} : (struct piece){0};
}

/* The bytes of a text member that is always UTF-8, which stay until the next element is read. Where
 * there is none, `at` is NULL. */
static struct piece get_text(struct loading *loading, const struct object *object,
                             enum member member)
{
    struct piece text = object->members[member];
    char *room = NULL;

    if (!text.at)
        return text;
    if (!piece_is_string(text))
        wrong_member(loading, member);
    else if (piece_has_escapes(text) && !(room = arena_alloc(&loading->scratch, text.len)))
        fail(loading, -ENOMEM);
    else
        return piece_bytes(text, room);
    return (struct piece){0};
}

/* The bytes of a text member that need not be: its own, or those that NAME_hex spells out. */
static struct piece get_bytes(struct loading *loading, const struct object *object,
                              enum member member)
{
    enum member hex = member + 1;

    if (!object->members[hex].at)
        return get_text(loading, object, member);
    if (object->members[member].at && !piece_is_string(object->members[member]))
        wrong_member(loading, hex);
    return decode_hex(loading, get_text(loading, object, hex), hex);
}

/* The same, copied into an arena and NUL-terminated; NULL where there is none. */
static const char *copy_bytes(struct loading *loading, struct arena *arena,
                              const struct object *object, enum member member)
{
    struct piece text = get_bytes(loading, object, member);
    const char *copy = text.at ? arena_string(arena, text.at, text.len) : NULL;

    if (text.at && !copy)
        fail(loading, -ENOMEM);
    return copy;
}

static enum nstree_keeper_how parse_how(struct piece how)
{
    for (int i = NSTREE_KEEPER_FD; piece_is_string(how) && i <= NSTREE_KEEPER_UNSEEN; i++) {
        size_t len = strlen(words_hows[i]);

        if (how.len == len + 2 && memcmp(how.at + 1, words_hows[i], len) == 0)
            return (enum nstree_keeper_how)i;
    }
    return 0;
}

/* Reads a number of a keeper. Returns whether it is there if its kind has one, and only then. */
static bool read_number(const struct object *object, enum member member, uint32_t max, bool has,
                        uint32_t *out)
{
    uint64_t value = 0;
    int rc = find_number(object, member, max, &value);

    *out = (uint32_t)value;
    return rc == (has ? 0 : -ENOENT);
}

static int take_keeper(struct loading *loading, const struct object *object, size_t index)
{
    struct nstree_keeper keeper = {.how = parse_how(object->members[M_HOW])};
    bool thread = keeper.how == NSTREE_KEEPER_THREAD;

    (void)index;
    if (keeper.how == NSTREE_KEEPER_UNSEEN)
        return builder_add_keeper(loading->builder, loading->ns, &keeper);
    bool valid = keeper.how &&
                 read_number(object, M_PID, NSTREE_PID_LIMIT - 1, true, &keeper.pid) &&
                 read_number(object, M_FD, INT32_MAX, keeper.how == NSTREE_KEEPER_FD, &keeper.fd) &&
                 read_number(object, M_TID, NSTREE_PID_LIMIT - 1, thread, &keeper.tid) &&
                 keeper.pid != 0 && thread == (keeper.tid != 0);
    keeper.name = copy_bytes(loading, &loading->scratch, object, M_NAME);
    keeper.path = copy_bytes(loading, &loading->scratch, object, M_PATH);
    if (!valid || (keeper.how == NSTREE_KEEPER_MOUNT) != (keeper.path != NULL) ||
        (keeper.name && strlen(keeper.name) > NAME_BYTES_MAX))
        wrong_member(loading, M_KEEPERS);
    return loading->rc ? loading->rc : builder_add_keeper(loading->builder, loading->ns, &keeper);
}

/* A text that describes a namespace, as the tree's; NULL where there is none. */
static const char *get_label(struct loading *loading, const struct object *object,
                             enum member member)
{
    if (piece_is_null(object->members[member]))
        return NULL;
    return copy_bytes(loading, &loading->builder->arena, object, member);
}

/* Reads the members that are named after types. Returns 0 or what is to be said. */
static int read_others(struct json_pull *pull, uint32_t inodes[NSTREE_TYPES])
{
    const char *names[NSTREE_TYPES];
    bool seen[NSTREE_TYPES + 1] = {false};
    size_t type;

    memset(inodes, 0, NSTREE_TYPES * sizeof *inodes);
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

/* The inodes of the other namespaces of its init, or of a process; NULL where they are not
 * recorded. */
static const uint32_t *get_others(struct loading *loading, const struct object *object)
{
    struct json_pull pull = pull_again(&loading->pull, object->members[M_OTHERS]);

    if (!is_given(object, M_OTHERS))
        return NULL;
    uint32_t *inodes = arena_alloc(&loading->builder->arena, NSTREE_TYPES * sizeof *inodes);
    if (!inodes)
        fail(loading, -ENOMEM);
    else if (!pull_enter(&pull, '{') || read_others(&pull, inodes) != 0)
        wrong_member(loading, M_OTHERS);
    return inodes;
}

/* One more than the index of its container; 0 where it has none. */
static uint32_t get_container(struct loading *loading, const struct object *object)
{
    uint32_t index = get_u32(loading, object, M_CONTAINER, UINT32_MAX - 1, UINT32_MAX);

    if (index == UINT32_MAX)
        return 0;
    if (index >= loading->n_containers)
        wrong_member(loading, M_CONTAINER);
    return index + 1;
}

/* The usage of something, as the tree's; NULL where none of it is recorded, not even as unknown. */
static const struct nstree_usage *get_usage(struct loading *loading, const struct object *object,
                                            uint64_t max)
{
    static const enum member members[] = {M_START, M_RSS, M_CPU, M_THREADS};
    struct nstree_usage usage = {NSTREE_USAGE_UNKNOWN, NSTREE_USAGE_UNKNOWN, NSTREE_USAGE_UNKNOWN,
                                 NSTREE_USAGE_UNKNOWN};
    bool has = false;

    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        has = has || object->members[members[i]].at;
    if (!has)
        return NULL;
    if (find_seconds(object, M_START, max, &usage.start) == -EBADMSG)
        wrong_member(loading, M_START);
    if (find_number(object, M_RSS, max, &usage.rss) == -EBADMSG)
        wrong_member(loading, M_RSS);
    if (find_seconds(object, M_CPU, max, &usage.cpu) == -EBADMSG)
        wrong_member(loading, M_CPU);
    if (find_number(object, M_THREADS, max, &usage.threads) == -EBADMSG)
        wrong_member(loading, M_THREADS);
    const struct nstree_usage *copy = builder_usage(loading->builder, &usage);
    if (!copy)
        fail(loading, -ENOMEM);
    return copy;
}

/* How many zombies are among `total` processes; NSTREE_TOTAL_UNKNOWN where that is not recorded. */
static uint64_t get_zombies(struct loading *loading, const struct object *object, uint64_t total)
{
    uint64_t zombies = NSTREE_TOTAL_UNKNOWN;
    int rc = find_number(object, M_ZOMBIES, UINT32_MAX, &zombies);

    if (rc == -EBADMSG || (rc == 0 && zombies > total))
        wrong_member(loading, M_ZOMBIES);
    return zombies;
}

/* A text of a container, until the next is read. */
static const char *get_word(struct loading *loading, const struct object *object,
                            enum member member)
{
    if (piece_is_null(object->members[member]))
        return NULL;
    return copy_bytes(loading, &loading->scratch, object, member);
}

static int take_container(struct loading *loading, const struct object *object, size_t index)
{
    struct container_draft container = {.facts.total = NSTREE_TOTAL_UNKNOWN};
    struct nstree_container *facts = &container.facts;
    uint32_t level;

    set_place(loading, "container", index);
    facts->kind = get_word(loading, object, M_KIND);
    facts->label = get_word(loading, object, M_LABEL);
    facts->evidence = get_word(loading, object, M_EVIDENCE);
    facts->name = get_word(loading, object, M_NAME);
    facts->id = get_word(loading, object, M_ID);
    facts->k8s_namespace = get_word(loading, object, M_K8S_NAMESPACE);
    facts->pod = get_word(loading, object, M_POD);
    facts->image = get_word(loading, object, M_IMAGE);
    if (!facts->kind || !facts->label || !facts->evidence)
        wrong(loading, "\"kind\", \"label\" and \"evidence\" are needed");
    container.init = get_u32(loading, object, M_INIT, NSTREE_PID_LIMIT - 1, 0);
    if (is_given(object, M_NS))
        container.ns = get_id(loading, object, M_NS, &level, NULL);
    if (find_number(object, M_MEMBERS, UINT32_MAX, &facts->total) == -EBADMSG)
        wrong_member(loading, M_MEMBERS);
    facts->zombies = get_zombies(loading, object, facts->total);
    facts->usage = get_usage(loading, object, SUM_MAX);
    if (index > NS_ALWAYS + (size_t)(loading->pull.end - loading->pull.text) / NS_BYTES_MIN)
        wrong(loading, "more containers than a recording of this size can hold");
    return loading->rc ?: builder_add_container(loading->builder, &container);
}

/* Keeps what is to be compared with the finished tree. */
static int keep_expected(struct loading *loading, struct expected expected)
{
    size_t bytes = (size_t)(loading->pull.end - loading->pull.text);
    struct expected *all = array_room(loading->expected, &loading->expected_capacity,
                                      loading->n_expected + 1, sizeof *all);

    if (!all)
        return fail(loading, -ENOMEM);
    loading->expected = all;
    all[loading->n_expected++] = expected;
    if (loading->n_expected > NS_ALWAYS + bytes / NS_BYTES_MIN)
        return wrong(loading, "more namespaces than a recording of this size can hold");
    return 0;
}

/* Which namespace it is, and where. */
static void take_place(struct loading *loading, const struct object *object,
                       struct ns_record *record)
{
    uint32_t level = UINT32_MAX, parent_level;

    record->ns = get_id(loading, object, M_ID, &level, loading->id);
    record->level = need_u32(loading, object, M_LEVEL, 0, NSTREE_LEVELS_MAX - 1);
    if (level != UINT32_MAX && level != record->level)
        wrong_member(loading, M_LEVEL);
    if (get_u32(loading, object, M_NS, UINT32_MAX, 0) != key_inode(record->ns))
        wrong_member(loading, M_NS);
    if (is_given(object, M_PARENT))
        record->parent = get_id(loading, object, M_PARENT, &parent_level, NULL);
    if ((record->parent == KEY_UNKNOWN) != (record->level == 0))
        wrong(loading, "only a namespace at level 0 has no parent");
}

/* How many members it has, and what keeps it if it has none. */
static void take_members(struct loading *loading, const struct object *object,
                         struct ns_record *record)
{
    size_t keepers = 0;

    loading->ns = record->ns;
    if (object->members[M_KEEPERS].at)
        take_each(loading, object, M_KEEPERS, &keepers, take_keeper);
    int rc = find_number(object, M_MEMBERS, UINT32_MAX, &record->total);
    if (rc == -EBADMSG)
        wrong_member(loading, M_MEMBERS);
    record->inferred = get_u32(loading, object, M_INFERRED, UINT32_MAX, 0);
    if (record->inferred > record->total)
        wrong_member(loading, M_INFERRED);
    record->zombies = get_zombies(loading, object, record->total);
    record->usage = get_usage(loading, object, SUM_MAX);
    record->unsure = rc == -ENOENT && keepers > 0; /* kept, but not known to be empty */
    if (rc == -ENOENT && keepers == 0) /* a selection of processes: members were not counted */
        loading->builder->info.partial = true;
}

/* The kernel's ID of a namespace: a number, or a string where it is large. 0: not known. */
static uint64_t get_nsid(struct loading *loading, const struct object *object)
{
    struct piece value = object->members[M_NSID];
    uint64_t nsid = 0;

    if (!is_given(object, M_NSID))
        return 0;
    if (piece_is_string(value))
        value = (struct piece){value.at + 1, value.len - 2};
    if (parse_u64(value.at, value.len, UINT64_MAX, &nsid) != 0 || nsid == 0)
        wrong_member(loading, M_NSID);
    return nsid;
}

/* Adds a namespace, if there is no other of its id and no other root. */
static int add_namespace(struct loading *loading, const struct ns_record *record)
{
    if (loading->rc != 0)
        return loading->rc;
    if (builder_has_ns(loading->builder, record->ns))
        return wrong(loading, "two namespaces have this id");
    if (record->level == 0 && builder_root_key(loading->builder) != KEY_UNKNOWN)
        return wrong(loading, "a second namespace without a parent");
    return builder_add_ns(loading->builder, record);
}

/* Reads one namespace. That its parent is there and one level up is checked once all are read. */
static int take_namespace(struct loading *loading, const struct object *object, size_t index)
{
    struct ns_record record = {.total = NSTREE_TOTAL_UNKNOWN};
    struct expected expected = {.members = UINT32_MAX};

    set_place(loading, "namespace", index);
    take_place(loading, object, &record);
    if (loading->rc != 0)
        return loading->rc;
    take_members(loading, object, &record);
    record.owner_uid = get_u32(loading, object, M_OWNER_UID, UINT32_MAX, NSTREE_UID_UNKNOWN);
    record.user_ns = get_u32(loading, object, M_USER_NS, UINT32_MAX, 0);
    record.nsid = get_nsid(loading, object);
    record.flags = get_flags(loading, object, words_ns_marks, NS_MARKS);
    record.kind = get_label(loading, object, M_KIND);
    record.label = get_label(loading, object, M_LABEL);
    record.evidence = get_label(loading, object, M_EVIDENCE);
    record.others = get_others(loading, object);
    record.container = get_container(loading, object);
    expected.key = record.ns;
    if (record.total != NSTREE_TOTAL_UNKNOWN)
        expected.members = (uint32_t)record.total;
    expected.init = get_u32(loading, object, M_INIT, NSTREE_PID_LIMIT - 1, 0);
    keep_expected(loading, expected);
    return add_namespace(loading, &record);
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

/* Reads PIDs, 0 for what no process can have. Returns how many there are, or one more than there is
 * room for. */
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

/* The NSpid: one PID for each level down to its namespace, the first of them its own. */
static int take_chain(struct loading *loading, const struct object *object, struct record *record,
                      uint32_t nspid[NSTREE_LEVELS_MAX])
{
    uint32_t node = map_get(&loading->builder->by_key, record->ns);

    if (node == MAP_NONE)
        return wrong(loading, "its namespace is not there");
    size_t levels = read_chain(loading, object->members[M_NSPID], nspid);
    if (levels != loading->builder->nodes[node].facts.level + 1)
        return wrong(loading, "\"nspid\" does not fit the level of its namespace");
    for (size_t i = 0; i < levels; i++) {
        if (nspid[i] == 0)
            return wrong_member(loading, M_NSPID);
    }
    if (nspid[0] != record->pid)
        return wrong(loading, "\"nspid\" does not begin with its PID");
    record->levels = (uint8_t)levels;
    record->nspid = nspid;
    return 0;
}

/* The texts of a process. */
static void take_texts(struct loading *loading, const struct object *object, struct record *record)
{
    struct piece text = get_text(loading, object, M_STATE);

    record->state = text.len > 0 ? text.at[0] : '\0';
    if (!is_letter(record->state))
        wrong_member(loading, M_STATE);
    text = get_bytes(loading, object, M_NAME);
    if (!text.at || text.len > NAME_BYTES_MAX)
        wrong_member(loading, M_NAME);
    record->name = text.at;
    record->name_len = (uint32_t)text.len;
    text = get_bytes(loading, object, M_ARGS);
    record->args = text.at;
    record->args_len = (uint32_t)text.len;
}

static int take_process(struct loading *loading, const struct object *object, size_t index)
{
    struct record record = {.uid = NSTREE_UID_UNKNOWN};
    uint32_t nspid[NSTREE_LEVELS_MAX], level;

    set_place(loading, "process", index);
    record.pid = need_u32(loading, object, M_PID, 1, NSTREE_PID_LIMIT - 1);
    if (loading->rc != 0)
        return loading->rc;
    loading->pid = record.pid;
    record.ppid = need_u32(loading, object, M_PPID, 0, NSTREE_PID_LIMIT - 1);
    record.uid = get_u32(loading, object, M_UID, UINT32_MAX, NSTREE_UID_UNKNOWN);
    record.ns = get_id(loading, object, M_NS, &level, NULL);
    take_chain(loading, object, &record, nspid);
    record.flags = get_flags(loading, object, words_process_marks, PROCESS_MARKS);
    record.container = get_container(loading, object);
    take_texts(loading, object, &record);
    record.others = get_others(loading, object);
    record.usage = get_usage(loading, object, ONE_MAX);
    return loading->rc ? loading->rc : builder_add_process(loading->builder, &record);
}

/* Checks that each PID is there once, an init where one is recorded, and no more processes than
 * were counted. (A PID that stands in a namespace twice is no contradiction: its first owner can
 * have ended, and the PID have been given out again, while a scan went on.) */
static int check_processes(struct loading *loading, const struct nstree *tree)
{
    const struct nstree_ns *all = tree->namespaces;

    set_place(loading, "process", LIST);
    if (all->n_inside != loading->n_processes)
        return wrong(loading, "a PID stands in it twice");
    for (size_t i = 0; i < loading->n_expected; i++) {
        const struct expected *expected = &loading->expected[i];
        const struct nstree_ns *ns = &all[map_get(&tree->by_key, expected->key)];

        set_ns(loading, expected->key);
        if (expected->members < ns->n_members)
            return wrong(loading, "fewer members than processes");
        if (expected->init != (ns->init ? ns->init->pid : 0))
            return wrong(loading, "\"init\" is not its process 1");
    }
    return 0;
}

/* Checks that the namespace and the init of each container are there, if they are recorded. Both
 * arrays are in the order of the tree by now. */
static int check_containers(struct loading *loading, const struct nstree *tree)
{
    for (size_t i = 0; i < tree->n_containers; i++) {
        const struct container_draft *recorded = &loading->builder->containers[i];

        set_place(loading, "container", LIST);
        if (recorded->ns != KEY_UNKNOWN && !tree->containers[i].ns)
            return wrong_member(loading, M_NS);
        if (recorded->init != 0 && !tree->containers[i].init)
            return wrong_member(loading, M_INIT);
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

static int take_info(struct loading *loading, const struct object *root)
{
    struct nstree_info *info = &loading->builder->info;
    struct arena *arena = &loading->builder->arena;
    const char *host = copy_bytes(loading, arena, root, M_HOST);
    const char *kernel = copy_bytes(loading, arena, root, M_KERNEL);
    struct piece taken = get_text(loading, root, M_TAKEN);
    const char *when = arena_string(&loading->scratch, taken.at ? taken.at : "", taken.len);

    info->host = host ? host : "";
    info->kernel = kernel ? kernel : "";
    info->taken = when ? parse_time(when) : 0;
    arena_free(&loading->scratch);
    info->complete = get_bool(loading, root, M_COMPLETE, true);
    info->selected = get_bool(loading, root, M_SELECTION, false);
    info->flat = get_bool(loading, root, M_FLAT, false);
    info->source = NSTREE_SOURCE_RECORDING;
    return when ? loading->rc : fail(loading, -ENOMEM);
}

static int check_schema(struct loading *loading, const struct object *root)
{
    uint64_t schema;

    if (find_number(root, M_SCHEMA, INT64_MAX, &schema) != 0 || schema < 1)
        return wrong_member(loading, M_SCHEMA);
    if (schema <= RECORDING_SCHEMA)
        return 0;
    return fail(loading, error_set(loading->err, -EOPNOTSUPP,
                                   "schema %ju is newer than this program knows (%d)",
                                   (uintmax_t)schema, RECORDING_SCHEMA));
}

/* Old recordings have none. */
static int take_containers(struct loading *loading, const struct object *root)
{
    if (root->members[M_CONTAINERS].at)
        take_each(loading, root, M_CONTAINERS, &loading->n_containers, take_container);
    if (loading->rc == 0)
        loading->kind = NULL;
    return loading->rc;
}

/* Takes all that a recording holds out of its text. */
static int take_all(struct loading *loading, const struct object *root)
{
    size_t n;

    if (check_schema(loading, root) != 0 || take_containers(loading, root) != 0 ||
        take_each(loading, root, M_NAMESPACES, &n, take_namespace) != 0 ||
        check_namespaces(loading) != 0)
        return loading->rc;
    loading->kind = NULL;
    if (take_each(loading, root, M_PROCESSES, &loading->n_processes, take_process) != 0)
        return loading->rc;
    loading->kind = NULL;
    return take_info(loading, root);
}

/* Makes the tree. The text is not needed any more. */
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
    if (check_processes(loading, tree) == 0 && check_containers(loading, tree) == 0)
        *out = tree;
    else
        nstree_free(tree);
    return loading->rc;
}

/* Reads the text as an object, if it is one and nothing else. */
static int read_root(struct loading *loading, struct object *root)
{
    struct json_pull pull = loading->pull, begin = pull;

    if (read_object(loading, &pull, root) != 0)
        return loading->rc;
    if (!pull_ended(&pull)) {
        pull_fail(&pull, "end of file expected");
        return not_json(loading, &pull);
    }
    return pull_enter(&begin, '{') ? 0 : wrong(loading, "not an object");
}

static int load_json(struct loading *loading, size_t len, struct nstree **out)
{
    const char *text = loading->text;
    struct object root;

    /* Tools on Windows write a byte order mark, or UTF-16, when they redirect. */
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
    int rc = read_all(&loading, fd, &len);

    if (rc == 0)
        rc = load_json(&loading, len, out);
    free(loading.text);
    free(loading.expected);
    arena_free(&loading.scratch);
    builder_free(loading.builder);
    return rc == -ENOMEM ? error_set(err, rc, "out of memory") : rc;
}
