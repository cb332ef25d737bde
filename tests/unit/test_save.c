/* SPDX-License-Identifier: MIT */
/* Recordings saved: whole, in part, and to streams that accept nothing. Recordings are written by
 * hand. A loaded one is saved as the same recording again. */
#include "build.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#define R_ID "4026531836"

#define HEAD                                                                                       \
    "{\"schema\":1,\"nstree\":\"" NSTREE_VERSION "\",\"host\":\"h\",\"kernel\":\"6.18\","          \
    "\"taken\":\"2026-11-22T05:50:11Z\",\"source\":\"recording\",\"complete\":"
#define ROOT_NS                                                                                    \
    "{\"id\":\"4026531836\",\"ns\":4026531836,\"parent\":null,\"level\":0,\"exact\":true,"         \
    "\"init\":1,\"members\":20,\"zombies\":3,\"nsid\":8,\"owner_uid\":0,\"user_ns\":4026531837,"   \
    "\"kind\":\"host\","                                                                           \
    "\"label\":\"host caf\xc3\xa9\",\"evidence\":\"inode\","                                       \
    "\"others\":{\"mnt\":4026531841,\"net\":5}}"
#define A_NS                                                                                       \
    "{\"id\":\"500\",\"ns\":500,\"parent\":\"4026531836\",\"level\":1,\"exact\":true,\"init\":20," \
    "\"members\":2,\"inferred\":1,\"zombies\":0,\"nsid\":null,\"owner_uid\":null,\"user_ns\":"     \
    "null,\"kind\":null,"                                                                          \
    "\"label\":null,\"evidence\":null}"
#define B_NS                                                                                       \
    "{\"id\":\"?30\",\"ns\":null,\"parent\":\"500\",\"level\":2,\"exact\":false,"                  \
    "\"ambiguous\":true,\"init\":30,\"members\":1,\"zombies\":0,\"nsid\":"                         \
    "\"18446744073709551615\","                                                                    \
    "\"owner_uid\":null,\"user_ns\":null,"                                                         \
    "\"kind\":\"lxc\",\"label\":\"lxc a\xef\xbf\xbd\",\"label_hex\":\"6c78632061ff\","             \
    "\"evidence\":\"cgroup\"}"
#define C_NS                                                                                       \
    "{\"id\":\"700\",\"ns\":700,\"parent\":\"4026531836\",\"level\":1,\"exact\":true,"             \
    "\"init\":null,\"members\":0,\"zombies\":0,\"nsid\":null,\"owner_uid\":5,\"user_ns\":6,"       \
    "\"kind\":null,\"label\":null,"                                                                \
    "\"evidence\":null,\"keepers\":[{\"how\":\"fd\",\"pid\":1,\"name\":\"a\",\"fd\":0},"           \
    "{\"how\":\"mount\",\"pid\":1,\"path\":\"/run/\\u202e\"},"                                     \
    "{\"how\":\"pid_for_children\",\"pid\":1},{\"how\":\"thread\",\"pid\":1,\"tid\":7},"           \
    "{\"how\":\"listns\"}]}"
#define INIT                                                                                       \
    "{\"pid\":1,\"ppid\":0,\"ns\":\"4026531836\",\"nspid\":[1],\"name\":\"init\","                 \
    "\"args\":\"/sbin/init \\u001B[1m\",\"state\":\"S\",\"uid\":0,\"exact\":true}"
#define KTHREADD                                                                                   \
    "{\"pid\":2,\"ppid\":0,\"ns\":\"4026531836\",\"nspid\":[2],\"name\":\"kthreadd\","             \
    "\"state\":\"S\",\"uid\":0,\"exact\":true,\"kthread\":true}"
#define A_INIT                                                                                     \
    "{\"pid\":20,\"ppid\":1,\"ns\":\"500\",\"nspid\":[20,1],\"name\":\"\\\"\\\\\\n\\u007f\\udb40"  \
    "\\udc01\\u200b\",\"state\":\"S\",\"uid\":null,\"exact\":true}"
#define A_SH                                                                                       \
    "{\"pid\":21,\"ppid\":1,\"ns\":\"500\",\"nspid\":[21,5],\"name\":\"\xef\xbf\xbd\","            \
    "\"name_hex\":\"ff\",\"state\":\"Z\",\"uid\":1000,\"exact\":false,\"ambiguous\":true,"         \
    "\"entered\":true,\"leaderless\":true}"
#define B_INIT                                                                                     \
    "{\"pid\":30,\"ppid\":20,\"ns\":\"?30\",\"nspid\":[30,2,1],\"name\":\"\",\"state\":\"S\","     \
    "\"uid\":5,\"exact\":true}"

static const char whole[] =
    HEAD "false,\"namespaces\":[\n" ROOT_NS ",\n" A_NS ",\n" B_NS ",\n" C_NS
         "],\n\"processes\":[\n" INIT ",\n" KTHREADD ",\n" A_INIT ",\n" A_SH ",\n" B_INIT "]}\n";

/* Two containers: one has its namespace, one shares that, and with it a process of the root. */
#define WEB                                                                                        \
    "{\"kind\":\"docker\",\"name\":\"w\xef\xbf\xbd\",\"name_hex\":\"77ff\",\"id\":\"ab\","         \
    "\"label\":\"docker web (ab)\",\"pod\":null,\"k8s_namespace\":null,\"image\":\"nginx:1\","     \
    "\"init\":20,\"ns\":\"500\",\"members\":5,\"zombies\":2,\"evidence\":\"cgroup\"}"
#define APP                                                                                        \
    "{\"kind\":\"k8s\",\"name\":\"app\",\"id\":\"\\u202e\",\"label\":\"k8s "                       \
    "shop/p/app\",\"pod\":\"p\","                                                                  \
    "\"k8s_namespace\":\"shop\",\"image\":null,\"init\":21,\"ns\":\"500\",\"members\":1,"          \
    "\"zombies\":0,"                                                                               \
    "\"evidence\":\"parent x\"}"
#define HOST                                                                                       \
    "{\"kind\":\"docker\",\"name\":null,\"id\":null,\"label\":\"docker h\",\"pod\":null,"          \
    "\"k8s_namespace\":null,\"image\":null,\"init\":null,\"ns\":\"4026531836\",\"members\":2,"     \
    "\"zombies\":null,"                                                                            \
    "\"evidence\":\"cgroup\"}"
#define NS(id, level, parent, init, more)                                                          \
    "{\"id\":\"" id "\",\"ns\":" id ",\"parent\":" parent ",\"level\":" level                      \
    ",\"exact\":true,\"init\":" init                                                               \
    ",\"members\":9,\"zombies\":null,\"nsid\":null,\"owner_uid\":null,\"user_ns\":null,"           \
    "\"kind\":null,\"label\":null,\"evidence\":null" more "}"
#define PS(pid, ns, nspid, more)                                                                   \
    "{\"pid\":" pid ",\"ppid\":1,\"ns\":\"" ns "\",\"nspid\":[" nspid                              \
    "],\"name\":\"a\",\"state\":\"S\",\"uid\":0,\"exact\":true" more "}"
#define CONTAINER(n) ",\"container\":" n
#define TOP NS("4026531836", "0", "null", "null", "")

#define NS_500 NS("500", "1", "\"4026531836\"", "20", CONTAINER("1"))
#define NS_600 NS("600", "2", "\"500\"", "30", CONTAINER("2"))
#define PS_7 PS("7", R_ID, "7", "")
#define PS_8 PS("8", R_ID, "8", CONTAINER("0"))
#define PS_20 PS("20", "500", "20,1", "")
#define PS_21 PS("21", "500", "21,5", CONTAINER("2"))
#define PS_30 PS("30", "600", "30,6,1", "")

static const char with_containers[] = HEAD
    "false,\"containers\":[\n" HOST ",\n" WEB ",\n" APP "],\n\"namespaces\":[\n" TOP ",\n" NS_500
    ",\n" NS_600 "],\n\"processes\":[\n" PS_7 ",\n" PS_8 ",\n" PS_20 ",\n" PS_21 ",\n" PS_30 "]}\n";

/* Usage: of a selection with totals, of one whose members were not counted, and of a process of
 * which nothing is known but that it was asked for. */
#define USAGE(start, rss, cpu, threads)                                                            \
    ",\"start\":" start ",\"rss\":" rss ",\"cpu\":" cpu ",\"threads\":" threads
#define NS_USED(id, level, parent, init, members, usage)                                           \
    "{\"id\":\"" id "\",\"ns\":" id ",\"parent\":" parent ",\"level\":" level                      \
    ",\"exact\":true,\"init\":" init ",\"members\":" members usage                                 \
    ",\"nsid\":null,\"owner_uid\":null,\"user_ns\":null,"                                          \
    "\"kind\":null,\"label\":null,\"evidence\":null}"
#define UNKNOWN_USAGE USAGE("null", "null", "null", "null")

#define W_USED USAGE("1732000001.05", "4611686018427387904", "7.30", "9")
#define W                                                                                          \
    "{\"kind\":\"docker\",\"name\":\"w\",\"id\":\"ab\",\"label\":\"docker w\",\"pod\":null,"       \
    "\"k8s_namespace\":null,\"image\":null,\"init\":8,\"ns\":\"4026531836\",\"members\":3,"        \
    "\"zombies\":1" W_USED ",\"evidence\":\"cgroup\"}"
#define USED_TOP ",\"zombies\":12" USAGE("null", "987654", "12.00", "4100")
#define USED_500 USAGE("1732000000.10", "12", "0.00", "1")
#define NS_TOP NS_USED("4026531836", "0", "null", "null", "4000", USED_TOP)
#define NS_ONE NS_USED("500", "1", "\"4026531836\"", "20", "1", ",\"zombies\":0" USED_500)
#define NS_TWO NS_USED("600", "2", "\"500\"", "30", "1", ",\"zombies\":0" UNKNOWN_USAGE)
#define USED_8 USAGE("1732000001.05", "1099511627776", "0.01", "2")
#define PS_W PS("8", R_ID, "8", CONTAINER("0") USED_8)
#define PS_ONE PS("20", "500", "20,1", USED_500)
#define PS_TWO PS("30", "600", "30,6,1", UNKNOWN_USAGE)

static const char with_usage[] =
    HEAD "false,\"containers\":[\n" W "],\n\"namespaces\":[\n" NS_TOP ",\n" NS_ONE ",\n" NS_TWO
         "],\n\"processes\":[\n" PS_W ",\n" PS_ONE ",\n" PS_TWO "]}\n";

static struct nstree *load(const char *text)
{
    int fd = memfd_create("recording", MFD_CLOEXEC);
    struct nstree *tree = NULL;
    struct nstree_error err;

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    if (nstree_load(fd, &tree, &err) != 0)
        fail_msg("%s in\n%s", err.text, text);
    close(fd);
    return tree;
}

/* The saved text. The caller owns the result. */
static char *save(const struct nstree *tree, const struct nstree_save_options *options, int want)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    assert_int_equal(nstree_save(tree, options, out), want);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(strlen(text), size);
    return text;
}

/* What is recorded of usage is that of the tree. */
static void usage_is_loaded(void **state)
{
    struct nstree *tree = load(with_usage);
    const struct nstree_ns *root = nstree_root(tree);
    const struct nstree_container *web = root->members[0].container;

    (void)state;
    assert_int_equal(root->zombies, 12);
    assert_true(root->usage->start == NSTREE_USAGE_UNKNOWN);
    assert_int_equal(root->usage->rss, 987654);
    assert_int_equal(root->usage->cpu, 1200);
    assert_int_equal(root->usage->threads, 4100);
    assert_int_equal(root[1].usage->start, 173200000010);
    assert_int_equal(web->usage->cpu, 730);
    assert_int_equal(web->zombies, 1);
    assert_int_equal(root->members[0].usage->cpu, 1);
    assert_true(root[2].init->usage->rss == NSTREE_USAGE_UNKNOWN);
    nstree_free(tree);
}

/* A recording is saved as it was. */
static void save_again(const char *row, const char *recording)
{
    struct nstree *tree = load(recording);
    char *text = save(tree, NULL, 0);

    ROW_TEXT(row, text, recording);
    free(text);
    nstree_free(tree);
}

static void a_recording_is_saved_as_it_was(void **state)
{
    (void)state;
    save_again("whole", whole);
    save_again("containers", with_containers);
    save_again("usage", with_usage);
}

/* Each container leads to its namespace and init, and what is in it leads to it. */
static void containers_are_joined(void **state)
{
    struct nstree *tree = load(with_containers);
    const struct nstree_ns *root = nstree_root(tree);
    const struct nstree_process *all = root->members;
    const struct nstree_container *containers;
    size_t n;

    (void)state;
    containers = nstree_containers(tree, &n);
    assert_int_equal(n, 3);
    assert_ptr_equal(containers[0].ns, root);
    assert_null(containers[0].init);
    assert_ptr_equal(containers[1].ns, &root[1]);
    assert_ptr_equal(containers[1].init, &all[2]);
    assert_string_equal(containers[1].name, "w\xff");
    assert_int_equal(containers[1].total, 5);
    assert_string_equal(containers[2].k8s_namespace, "shop");
    assert_string_equal(containers[2].id, "\xe2\x80\xae");
    assert_null(root->container);
    assert_ptr_equal(root[1].container, &containers[1]);
    assert_ptr_equal(root[2].container, &containers[2]);
    assert_null(all[0].container);
    assert_ptr_equal(all[1].container, &containers[0]);
    assert_ptr_equal(all[2].container, &containers[1]);
    assert_ptr_equal(all[3].container, &containers[2]);
    assert_ptr_equal(all[4].container, &containers[2]);
    nstree_free(tree);
}

/* Only the containers of what is saved, with new numbers. */
static void a_part_has_its_containers(void **state)
{
    static const unsigned char namespaces[] = {1, 1, 0}, processes[] = {0, 0, 0, 1, 0};
    const struct nstree_save_options one = {.size = sizeof one,
                                            .namespaces = namespaces,
                                            .processes = processes,
                                            .flags = NSTREE_SAVE_NO_TOTALS};
    const struct nstree_save_options none = {.size = sizeof none, .flags = NSTREE_SAVE_NO_LABELS};
    struct nstree *tree = load(with_containers);
    char *text = save(tree, &one, 0);

    (void)state;
    assert_null(strstr(text, "docker h"));
    ROW_HAS("the namespace's", text, "\"init\":20,\"members\":null");
    ROW_HAS("the namespace's", text, "\"evidence\":null,\"container\":0}");
    ROW_HAS("its own", text,
            "\"nspid\":[21,5],\"name\":\"a\",\"state\":\"S\",\"uid\":0,"
            "\"exact\":true,\"container\":1}");
    save_again("a part", text);
    free(text);
    text = save(tree, &none, 0);
    assert_null(strstr(text, "container"));
    free(text);
    nstree_free(tree);
}

#define PARENT                                                                                     \
    "{\"pid\":10,\"ppid\":1,\"ns\":\"4026531836\",\"nspid\":[10],\"name\":\"shim\","               \
    "\"state\":\"S\",\"uid\":0,\"exact\":true}"
#define ENTERED                                                                                    \
    "{\"pid\":22,\"ppid\":10,\"ns\":\"500\",\"nspid\":[22,6],\"name\":\"sh\",\"state\":\"S\","     \
    "\"uid\":0,\"exact\":true,\"entered\":true}"

/* Its mark names the parent of a process that entered: so a part that has it has its parent. */
static void the_parent_of_a_process_that_entered_is_saved(void **state)
{
    static const unsigned char namespaces[] = {1, 1}, processes[] = {0, 0, 0, 0, 1};
    const struct nstree_save_options options = {
        .size = sizeof options, .namespaces = namespaces, .processes = processes};
    struct nstree *tree =
        load(HEAD "false,\"namespaces\":[\n" ROOT_NS ",\n" A_NS "],\n\"processes\":[\n" INIT
                  ",\n" KTHREADD ",\n" PARENT ",\n" A_INIT ",\n" ENTERED "]}\n");
    char *text = save(tree, &options, 0);

    (void)state;
    assert_non_null(strstr(text, "\"processes\":[\n" INIT ",\n" PARENT ",\n" A_INIT ",\n" ENTERED));
    free(text);
    nstree_free(tree);
}

static void a_match_is_saved(void **state)
{
    static const unsigned char matches[] = {0, 0, 0, 1, 0};
    const struct nstree_save_options options = {.size = sizeof options, .matches = matches},
                                     none = {.size = sizeof none};
    struct nstree *tree = load(whole);
    char *text = save(tree, &options, 0);

    (void)state;
    ROW_HAS("asked for", text, "\"leaderless\":true,\"match\":true}");
    save_again("a match", text);
    nstree_free(tree);
    tree = load(text);
    free(text);
    text = save(tree, &none, 0);
    ROW_HAS("asked for before", text, "\"match\":true}");
    free(text);
    nstree_free(tree);
}

/* In the order of `whole`. */
static void a_part_is_saved(void **state)
{
    static const struct {
        const char *row;
        unsigned char namespaces[4], processes[5];
        bool by_process;
        const char *want; /* behind the head */
    } rows[] = {
        {"all, one by one",
         {1, 1, 1, 1},
         {1, 1, 1, 1, 1},
         true,
         ",\"namespaces\":[\n" ROOT_NS ",\n" A_NS ",\n" B_NS ",\n" C_NS "],\n\"processes\":[\n" INIT
         ",\n" KTHREADD ",\n" A_INIT ",\n" A_SH ",\n" B_INIT "]}\n"},
        {"the root",
         {1},
         {0},
         false,
         ",\"selection\":true,\"namespaces\":[\n" ROOT_NS "],\n\"processes\":[\n" INIT
         ",\n" KTHREADD "]}\n"},
        {"one namespace",
         {1, 1},
         {0, 0, 0, 1},
         true,
         ",\"selection\":true,\"namespaces\":[\n" ROOT_NS ",\n" A_NS "],\n\"processes\":[\n" INIT
         ",\n" A_INIT ",\n" A_SH "]}\n"},
        {"all namespaces, no process",
         {1, 1, 1, 2},
         {0},
         true,
         ",\"namespaces\":[\n" ROOT_NS ",\n" A_NS ",\n" B_NS ",\n" C_NS "],\n\"processes\":[\n" INIT
         ",\n" A_INIT ",\n" B_INIT "]}\n"},
        {"nothing",
         {0},
         {0},
         false,
         ",\"selection\":true,\"namespaces\":[\n],\n\"processes\":[\n]}\n"},
    };
    struct nstree *tree = load(whole);

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct nstree_save_options options = {
            .size = sizeof options,
            .namespaces = rows[i].namespaces,
            .processes = rows[i].by_process ? rows[i].processes : NULL,
        };
        char *text = save(tree, &options, 0), *want;

        assert_true(asprintf(&want, HEAD "false%s", rows[i].want) > 0);
        ROW_TEXT(rows[i].row, text, want);
        free(want);
        if (rows[i].namespaces[0])
            save_again(rows[i].row, text);
        free(text);
    }
    nstree_free(tree);
}

/* A flag leaves out its members, and nothing else. */
static void flags_leave_members_out(void **state)
{
    static const struct {
        uint32_t flag;
        const char *gone, *left;
    } rows[] = {
        {NSTREE_SAVE_NO_ARGS, "\"args\"", "\"host caf\xc3\xa9\""},
        {NSTREE_SAVE_NO_LABELS, "\"host caf", "\"kind\":null,\"label\":null,\"evidence\":null"},
        {NSTREE_SAVE_NO_TOTALS, "\"members\":20", "\"init\":1,\"members\":null"},
        {NSTREE_SAVE_NO_TOTALS, "\"members\":2,", "\"init\":null,\"members\":0"},
    };
    struct nstree *tree = load(whole);

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct nstree_save_options options = {.size = sizeof options, .flags = rows[i].flag};
        char *text = save(tree, &options, 0);

        ROW_HAS(rows[i].gone, whole, rows[i].gone);
        assert_null(strstr(text, rows[i].gone));
        ROW_HAS(rows[i].gone, text, rows[i].left);
        save_again(rows[i].gone, text);
        free(text);
    }
    nstree_free(tree);
}

static void refuses_invalid_requests(void **state)
{
    static const struct {
        const char *row;
        size_t size;
        unsigned char namespaces[4], processes[5];
        uint32_t flags;
    } rows[] = {
        {"size 0", 0, {1, 1, 1, 1}, {1}, 0},
        {"size too small", sizeof(struct nstree_save_options) - 1, {1, 1, 1, 1}, {1}, 0},
        {"an unknown flag", sizeof(struct nstree_save_options), {1, 1, 1, 1}, {1}, 8},
        {"not the root", sizeof(struct nstree_save_options), {0, 1, 1, 1}, {0}, 0},
        {"not the parent", sizeof(struct nstree_save_options), {1, 0, 1, 1}, {1}, 0},
        {"not its namespace", sizeof(struct nstree_save_options), {1, 1, 0, 0}, {[4] = 1}, 0},
    };
    struct nstree *tree = load(whole);

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct nstree_save_options options = {
            .size = rows[i].size,
            .namespaces = rows[i].namespaces,
            .processes = rows[i].processes,
            .flags = rows[i].flags,
        };
        char *text = save(tree, &options, -EINVAL);

        ROW_TEXT(rows[i].row, text, "");
        free(text);
    }
    nstree_free(tree);
}

/* From a later version with more options. */
static void larger_options_are_understood(void **state)
{
    const struct {
        struct nstree_save_options options;
        uint64_t later;
    } more = {.options = {.size = sizeof more}, .later = 1};
    struct nstree *tree = load(whole);
    char *text = save(tree, &more.options, 0);

    (void)state;
    ROW_TEXT("larger", text, whole);
    free(text);
    nstree_free(tree);
}

/* A name of 63 bytes is the longest; a command line can be longer than any buffer. */
static void long_texts(void **state)
{
    static const size_t sizes[] = {8000, 8160, 8191, 8192, 8193, 16384, 100000};
    static const char *const units[] = {"x", "\xff", "\xe2\x80\xae", "\xea\xb0\x80"};
    static const char *const saved[] = {"x", "\xef\xbf\xbd", "\\u202e", "\xea\xb0\x80"};

    (void)state;
    for (size_t i = 0; i < COUNT(sizes) * COUNT(units); i++) {
        size_t n = sizes[i / COUNT(units)];
        const char *unit = units[i % COUNT(units)], *as = saved[i % COUNT(units)];
        char *args = malloc(n * 4 + 1), *end = args;

        assert_non_null(args);
        for (size_t k = 0; k < n; k++)
            end = stpcpy(end, unit);
        const struct row row = {.nspid = {1}, .name = "a", .args = args};
        struct nstree *tree = build(&row, 1);
        char *text = save(tree, NULL, 0);
        const char *at = strstr(text, "\"args\":\"");

        assert_non_null(at);
        at += strlen("\"args\":\"");
        for (size_t k = 0; k < n; k++, at += strlen(as))
            assert_memory_equal(at, as, strlen(as));
        assert_int_equal(*at, '"');
        struct nstree *again = load(text);
        assert_string_equal(nstree_root(again)->members->args, args);
        nstree_free(again);
        nstree_free(tree);
        free(text);
        free(args);
    }
}

/* Takes some bytes, then fails. */
static ssize_t take_some(void *cookie, const char *bytes, size_t len)
{
    size_t *room = cookie;

    (void)bytes;
    if (*room < len) {
        errno = EDQUOT;
        return 0;
    }
    *room -= len;
    return (ssize_t)len;
}

static void a_stream_that_fails(void **state)
{
    struct nstree *tree = load(whole);

    (void)state;
    for (size_t size = 0; size <= sizeof whole; size += 64) {
        size_t room = size;
        FILE *out = fopencookie(&room, "w", (cookie_io_functions_t){.write = take_some});

        assert_non_null(out);
        setvbuf(out, NULL, _IOFBF, 64);
        errno = 0;
        assert_int_equal(nstree_save(tree, NULL, out), size < sizeof whole - 1 ? -EIO : 0);
        if (size < sizeof whole - 1) /* else musl leaves another */
            assert_int_equal(errno, EDQUOT);
        fclose(out);
    }
    nstree_free(tree);
}

static void a_full_device(void **state)
{
    struct nstree *tree = load(whole);
    FILE *out = fopen("/dev/full", "w");

    (void)state;
    assert_non_null(out);
    errno = 0;
    assert_int_equal(nstree_save(tree, NULL, out), -EIO);
    assert_int_equal(errno, ENOSPC);
    assert_true(ferror(out));
    fclose(out);
    out = fopen("/dev/null", "r"); /* not open for writing */
    assert_non_null(out);
    assert_int_equal(nstree_save(tree, NULL, out), -EIO);
    fclose(out);
    nstree_free(tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_recording_is_saved_as_it_was),
        cmocka_unit_test(usage_is_loaded),
        cmocka_unit_test(containers_are_joined),
        cmocka_unit_test(a_part_has_its_containers),
        cmocka_unit_test(the_parent_of_a_process_that_entered_is_saved),
        cmocka_unit_test(a_match_is_saved),
        cmocka_unit_test(a_part_is_saved),
        cmocka_unit_test(flags_leave_members_out),
        cmocka_unit_test(refuses_invalid_requests),
        cmocka_unit_test(larger_options_are_understood),
        cmocka_unit_test(long_texts),
        cmocka_unit_test(a_stream_that_fails),
        cmocka_unit_test(a_full_device),
    };

    return cmocka_run_group_tests_name("save", tests, NULL, NULL);
}
