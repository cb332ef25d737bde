/* SPDX-License-Identifier: MIT */
/* The tree builder: arbitrary records, added to one builder or to several that are merged. The
 * result is a tree as nstree.h describes it. It prints, and loads from its own JSON. */
#include "check.h"
#include "model/finish.h"
#include "model/tree.h"

#define PARTS_MAX 3

/* In the first byte: also use keys above the inodes, as in recordings. */
#define MADE_UP_KEYS 1U

struct building {
    struct input input;
    struct builder *parts[PARTS_MAX];
    size_t n_parts;
    unsigned how;
    unsigned char seen[NSTREE_PID_LIMIT / 8]; /* bit N: PID N was added */
    size_t n_seen;
};

/* Few values, so that they collide, and the extremes. */
static uint32_t take_pid(struct input *input)
{
    uint8_t byte = take_byte(input);

    if (byte == 0xff)
        return 1 + take_word(input) % (NSTREE_PID_LIMIT - 1);
    return byte == 0xfe ? NSTREE_PID_LIMIT - 1 : 1U + byte % 64;
}

static uint64_t take_key(struct building *building)
{
    uint8_t byte = take_byte(&building->input);

    if (byte % 4 == 0)
        return KEY_UNKNOWN;
    if (byte % 4 == 3 && building->how & MADE_UP_KEYS) {
        uint32_t pid = take_pid(&building->input);

        return byte & 128 ? key_of_init(pid) : key_of_level(pid, byte / 4 % NSTREE_LEVELS_MAX);
    }
    if (byte == 0xfd)
        return 1 + take_word(&building->input) % UINT32_MAX;
    return NSTREE_INITIAL_INODE + byte / 4 % 16;
}

/* Bytes of the input as a name. Names from sources contain no NUL. */
static size_t take_text(struct input *input, char *out, size_t max)
{
    size_t len = take_byte(input) % (max + 1);

    for (size_t i = 0; i < len; i++) {
        uint8_t byte = take_byte(input);

        out[i] = byte ? (char)byte : '?';
    }
    return len;
}

static void note(struct building *building, uint32_t pid)
{
    unsigned char *bits = &building->seen[pid / 8], bit = (unsigned char)(1U << pid % 8);

    building->n_seen += !(*bits & bit);
    *bits |= bit;
}

static void add_process(struct building *building, struct builder *builder)
{
    struct input *input = &building->input;
    uint32_t nspid[NSTREE_LEVELS_MAX + 1];
    char name[16], args[32];
    struct record record = {.nspid = nspid, .name = name, .args = args};
    uint8_t size = take_byte(input);

    record.levels = size < 224 ? (uint8_t)(1 + size % 5) : size % (NSTREE_LEVELS_MAX + 2);
    for (size_t i = 0; i < record.levels && i <= NSTREE_LEVELS_MAX; i++)
        nspid[i] = take_pid(input);
    record.pid = nspid[0];
    record.ppid = take_byte(input) % 4 ? take_pid(input) : 0;
    record.ns = take_key(building);
    uint8_t cgroup = take_byte(input);
    record.uid = take_byte(input) % 8 ? take_byte(input) : NSTREE_UID_UNKNOWN;
    record.flags = take_byte(input) & (NSTREE_PROCESS_KTHREAD | NSTREE_PROCESS_LEADERLESS);
    record.state = "RSDTtZXI"[take_byte(input) % 8];
    record.name_len = (uint32_t)take_text(input, name, sizeof name - 1);
    record.args_len = (uint32_t)take_text(input, args, sizeof args);
    if (record.levels >= 1 && record.levels <= NSTREE_LEVELS_MAX)
        note(building, record.pid);
    size_t before = builder->n_drafts;
    CHECK(builder_add_process(builder, &record) == 0);
    const struct cgroup_keys keys = {cgroup % 4, cgroup / 4 % 4, cgroup / 16 % 4, {cgroup / 64}};
    if (keys.file != 0 && builder->n_drafts > before)
        CHECK(builder_set_cgroup(builder, before, &keys) == 0);
}

static void add_namespace(struct building *building, struct builder *builder)
{
    struct input *input = &building->input;
    struct ns_record record = {.total = NSTREE_TOTAL_UNKNOWN};
    uint8_t level = take_byte(input);

    record.ns = take_key(building);
    record.parent = take_key(building);
    record.level = level < 224 ? level % 5 : level % (NSTREE_LEVELS_MAX + 2);
    if (take_byte(input) % 4 == 0)
        record.total = take_byte(input);
    record.user_ns = take_byte(input) % 4 ? take_word(input) : 0;
    record.owner_uid = take_byte(input) % 4 ? take_byte(input) : NSTREE_UID_UNKNOWN;
    uint8_t flags = take_byte(input);
    record.unsure = flags & 1;
    record.vacant = flags & 2;
    CHECK(builder_add_ns(builder, &record) == 0);
}

/* Threads do not look for keepers, so only the first part has any. */
static void add_keeper(struct building *building)
{
    struct input *input = &building->input;
    struct nstree_keeper keeper = {0};
    char name[16], path[32];

    keeper.how = (enum nstree_keeper_how)(NSTREE_KEEPER_FD + take_byte(input) % 5);
    uint64_t key = take_key(building);
    if (keeper.how != NSTREE_KEEPER_UNSEEN) {
        keeper.pid = take_pid(input);
        keeper.tid = keeper.how == NSTREE_KEEPER_THREAD ? take_pid(input) : 0;
        keeper.fd = keeper.how == NSTREE_KEEPER_FD ? take_word(input) & INT32_MAX : 0;
        keeper.name = take_byte(input) % 4 ? name : NULL;
        keeper.path = keeper.how == NSTREE_KEEPER_MOUNT ? path : NULL;
        name[take_text(input, name, sizeof name - 1)] = '\0';
        path[take_text(input, path, sizeof path - 1)] = '\0';
    }
    CHECK(builder_add_keeper(building->parts[0], key, &keeper) == 0);
}

static struct nstree *build(struct building *building)
{
    const struct ns_record root = {.ns = key_of_init(1), .total = NSTREE_TOTAL_UNKNOWN};
    struct input *input = &building->input;
    struct nstree *tree;

    building->how = take_byte(input);
    building->n_parts = 1 + take_byte(input) % PARTS_MAX;
    for (size_t i = 0; i < building->n_parts; i++)
        CHECK(builder_new(&building->parts[i]) == 0);
    if (building->how & MADE_UP_KEYS) /* a recording always names its root */
        CHECK(builder_add_ns(building->parts[0], &root) == 0);
    while (input->at < input->end) {
        uint8_t what = take_byte(input);
        struct builder *builder = building->parts[what / 16 % building->n_parts];

        if (what % 16 == 8)
            add_keeper(building);
        else if (what % 8 == 0)
            add_namespace(building, builder);
        else
            add_process(building, builder);
    }
    for (size_t i = 1; i < building->n_parts; i++) {
        CHECK(builder_merge(building->parts[0], building->parts[i]) == 0);
        builder_free(building->parts[i]);
    }
    CHECK(finish_places(building->parts[0]) == 0);
    CHECK(finish_tree(building->parts[0], &tree) == 0);
    builder_free(building->parts[0]);
    return tree;
}

/* Part of a tree, selected by --pid, --find or --ns. */
static void check_part(const struct building *building, const struct nstree *tree, bool loads)
{
    uint32_t number = 1 + building->how / 4 % 32, kind = building->how % 3;
    struct ns_operand operand = {.text = "a", .inode = NSTREE_INITIAL_INODE + number % 16};
    struct options options = {0};
    struct selection selection;
    struct prints prints;
    struct nstree *again = NULL;

    if (kind == 0)
        options.pids = (struct pid_list){.items = &number, .n = 1};
    else if (kind == 1)
        options.finds = (struct pid_list){.items = &number, .n = 1};
    else
        options.namespaces = (struct ns_list){.items = &operand, .n = 1};
    select_part(tree, &options, &selection);
    if (selection.namespaces[0] != SHOWN_NOT) {
        print_all(&selection, &prints);
        if (loads) {
            CHECK(load_text(prints.json, prints.json_len, &again) == 0);
            check_tree(again);
            nstree_free(again);
        }
        prints_free(&prints);
    }
    selection_free(&selection);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct building building;
    struct selection selection;
    struct prints prints;

    memset(&building, 0, sizeof building);
    building.input = (struct input){data, data + size};
    struct nstree *tree = build(&building);
    check_tree(tree);
    CHECK(nstree_root(tree)->n_inside == building.n_seen);
    tree->info.source = NSTREE_SOURCE_RECORDING; /* as after loading */
    /* Made-up keys that name a process can contradict the records. */
    bool loads = building.n_seen > 0 && !(building.how & MADE_UP_KEYS);
    select_all(tree, &selection);
    print_all(&selection, &prints);
    if (loads)
        check_round_trip(&prints);
    prints_free(&prints);
    selection_free(&selection);
    check_part(&building, tree, loads);
    nstree_free(tree);
    return 0;
}
