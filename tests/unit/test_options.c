/* SPDX-License-Identifier: MIT */
/* The command line into a struct: accepted options, and refused ones with their messages. */
#include "build.h"

#include <errno.h>

#include "cli/options.h"

#define WORDS_MAX 8

/* A command line and its result. */
struct attempt {
    struct options options;
    struct nstree_error err;
    char row[80]; /* its words, for messages */
    int rc;
};

/* Parses a command line of words that end with NULL, or are WORDS_MAX. `options` is to be freed. */
static struct attempt attempt(const char *const *words)
{
    char *copies[WORDS_MAX + 2] = {NULL}, *argv[WORDS_MAX + 2] = {NULL};
    struct attempt done = {.row = ""};
    int argc = 0;

    copies[argc++] = strdup("nstree");
    for (size_t i = 0; i < WORDS_MAX && words[i]; i++) {
        size_t used = strlen(done.row);

        copies[argc++] = strdup(words[i]);
        snprintf(done.row + used, sizeof done.row - used, "%s%s", i ? " " : "", words[i]);
    }
    memcpy(argv, copies, sizeof argv); /* which getopt_long(3) puts in another order */
    memset(&done.options, 0xa5, sizeof done.options); /* the old content must not matter */
    done.rc = options_parse(argc, argv, &done.options, &done.err);
    done.options.proc = done.options.proc ? "set" : NULL; /* points into freed memory */
    done.options.load = done.options.load ? "set" : NULL;
    for (int i = 0; i < argc; i++)
        free(copies[i]);
    return done;
}

/* The same, but it has to be accepted. */
static struct attempt understood(const char *const *words)
{
    struct attempt done = attempt(words);

    if (done.rc != 0)
        fail_msg("%s: %s", done.row, done.err.text);
    return done;
}

/* Ends a command line that has to be refused, in one line with these words. */
static void expect_refusal(struct attempt done, const char *const says[2])
{
    ROW_INT(done.row, done.rc, -EINVAL);
    for (size_t i = 0; i < 2 && says[i]; i++)
        ROW_HAS(done.row, done.err.text, says[i]);
    ROW_INT(done.row, strchr(done.err.text, '\n') == NULL, 1);
    options_free(&done.options);
}

static void nothing_given_means_the_defaults(void **state)
{
    struct options options = understood((const char *[]){NULL}).options;

    (void)state;
    assert_int_equal(options.format, FORMAT_TREE);
    assert_int_equal(options.style, STYLE_AUTO);
    assert_int_equal(options.color, COLOR_AUTO);
    assert_int_equal(options.source, NSTREE_SOURCE_AUTO);
    assert_int_equal(options.pids.n + options.finds.n + options.namespaces.n, 0);
    assert_null(options.proc);
    assert_null(options.load);
    assert_false(options.summary || options.args || options.kthreads || options.all ||
                 options.strict || options.help || options.version);
    options_free(&options);
}

/* One value for the whole struct, so that a row also shows what an option does not set. */
static unsigned fingerprint(const struct options *o)
{
    return (unsigned)o->format | (unsigned)o->style << 3 | (unsigned)o->color << 6 |
           (unsigned)o->source << 9 | (unsigned)o->summary << 12 | (unsigned)o->args << 13 |
           (unsigned)o->kthreads << 14 | (unsigned)o->strict << 15 | (unsigned)o->help << 16 |
           (unsigned)o->version << 17 | (unsigned)(o->proc != NULL) << 18 |
           (unsigned)(o->load != NULL) << 19 | (unsigned)o->pids.n << 20 |
           (unsigned)o->finds.n << 23 | (unsigned)o->namespaces.n << 26 | (unsigned)o->all << 29;
}

static void every_option_sets_its_member(void **state)
{
    static const struct {
        const char *words[WORDS_MAX];
        struct options want;
    } rows[] = {
        {{"-s"}, {.summary = true, .format = FORMAT_TREE}},
        {{"--summary"}, {.summary = true, .format = FORMAT_TREE}},
        {{"-a"}, {.args = true, .format = FORMAT_TREE}},
        {{"--args"}, {.args = true, .format = FORMAT_TREE}},
        {{"-k"}, {.kthreads = true, .format = FORMAT_TREE}},
        {{"--kthreads"}, {.kthreads = true, .format = FORMAT_TREE}},
        {{"-A"}, {.all = true, .format = FORMAT_TREE}},
        {{"--all"}, {.all = true, .format = FORMAT_TREE}},
        {{"-l"}, {.format = FORMAT_LIST}},
        {{"--list"}, {.format = FORMAT_LIST}},
        {{"-J"}, {.format = FORMAT_JSON}},
        {{"--json"}, {.format = FORMAT_JSON}},
        {{"--format", "tree"}, {.format = FORMAT_TREE}},
        {{"--format", "list"}, {.format = FORMAT_LIST}},
        {{"--format=json"}, {.format = FORMAT_JSON}},
        {{"--style", "auto"}, {.format = FORMAT_TREE}},
        {{"--style", "hangul"}, {.style = STYLE_HANGUL, .format = FORMAT_TREE}},
        {{"--style=unicode"}, {.style = STYLE_UNICODE, .format = FORMAT_TREE}},
        {{"--style=ascii"}, {.style = STYLE_ASCII, .format = FORMAT_TREE}},
        {{"--color", "auto"}, {.format = FORMAT_TREE}},
        {{"--color"}, {.color = COLOR_ALWAYS, .format = FORMAT_TREE}},
        {{"--color", "--list"}, {.color = COLOR_ALWAYS, .format = FORMAT_LIST}},
        {{"--color", "never"}, {.color = COLOR_NEVER, .format = FORMAT_TREE}},
        {{"--co", "never", "-s"}, {.color = COLOR_NEVER, .summary = true, .format = FORMAT_TREE}},
        {{"--color", "always", "--color", "auto"}, {.format = FORMAT_TREE}},
        {{"--color", "never", "--color"}, {.color = COLOR_ALWAYS, .format = FORMAT_TREE}},
        {{"--proc", "--color", "--color", "never"},
         {.proc = "set", .color = COLOR_NEVER, .format = FORMAT_TREE}},
        {{"--color=always"}, {.color = COLOR_ALWAYS, .format = FORMAT_TREE}},
        {{"--color=never"}, {.color = COLOR_NEVER, .format = FORMAT_TREE}},
        {{"--proc", "/host/proc"}, {.proc = "set", .format = FORMAT_TREE}},
        {{"--load", "-"}, {.load = "set", .format = FORMAT_TREE}},
        {{"--source=auto"}, {.format = FORMAT_TREE}},
        {{"--source=procfs"}, {.source = NSTREE_SOURCE_PROCFS, .format = FORMAT_TREE}},
        {{"--strict"}, {.strict = true, .format = FORMAT_TREE}},
        {{"-h"}, {.help = true}},
        {{"--help"}, {.help = true}},
        {{"-V"}, {.version = true}},
        {{"--version"}, {.version = true}},
        {{"-p", "1"}, {.pids.n = 1, .format = FORMAT_TREE}},
        {{"--pid=1"}, {.pids.n = 1, .format = FORMAT_TREE}},
        {{"-n5"}, {.namespaces.n = 1, .format = FORMAT_TREE}},
        {{"--ns", "5"}, {.namespaces.n = 1, .format = FORMAT_TREE}},
        {{"-f1"}, {.finds.n = 1, .format = FORMAT_TREE}},
        {{"--find", "1"}, {.finds.n = 1, .format = FORMAT_TREE}},
        {{"-ska"}, {.summary = true, .kthreads = true, .args = true, .format = FORMAT_TREE}},
        {{"-akp3"}, {.kthreads = true, .args = true, .pids.n = 1, .format = FORMAT_TREE}},
        {{"-l", "--format=list"}, {.format = FORMAT_LIST}},
        {{"-J", "-J"}, {.format = FORMAT_JSON}},
        {{"-s", "--format=tree"}, {.summary = true, .format = FORMAT_TREE}},
        {{"--sum"}, {.summary = true, .format = FORMAT_TREE}},
        {{"--kth"}, {.kthreads = true, .format = FORMAT_TREE}},
        {{"--form", "json"}, {.format = FORMAT_JSON}},
        {{"--pi=7"}, {.pids.n = 1, .format = FORMAT_TREE}},
        {{"--"}, {.format = FORMAT_TREE}},
        {{"-n", "5", "-p", "1", "-l"}, {.namespaces.n = 1, .pids.n = 1, .format = FORMAT_LIST}},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct attempt done = understood(rows[i].words);

        ROW_INT(done.row, fingerprint(&done.options), fingerprint(&rows[i].want));
        options_free(&done.options);
    }
}

static void lists_of_pids(void **state)
{
    static const uint32_t want[] = {251599, 1, 4194303, 7, 7, 12};

    (void)state;
    for (int find = 0; find < 2; find++) {
        const char *name = find ? "-f" : "-p", *longer = find ? "--find=7,7" : "--pid=7,7";
        const char *words[] = {name, "251599,1,4194303", longer, name, "012", NULL};
        struct options options = understood(words).options;

        const struct pid_list *list = find ? &options.finds : &options.pids;
        assert_int_equal(list->n, COUNT(want));
        assert_memory_equal(list->items, want, sizeof want);
        options_free(&options);
    }
}

static void a_long_list(void **state)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    (void)state;
    assert_non_null(out);
    for (unsigned i = 1; i <= 10000; i++)
        fprintf(out, "%s%u", i > 1 ? "," : "", i);
    assert_int_equal(fclose(out), 0);
    struct options options = understood((const char *[]){"-p", text, NULL}).options;
    assert_int_equal(options.pids.n, 10000);
    for (unsigned i = 0; i < 10000; i++)
        assert_int_equal(options.pids.items[i], i + 1);
    options_free(&options);
    free(text);
}

static void lists_of_namespaces(void **state)
{
    static const struct {
        const char *text;
        uint32_t inode;
    } want[] = {
        {"4026532496", 4026532496}, {"pid:[4026532375]", 4026532375},
        {"4294967295", 4294967295}, {"1", 1},
        {"/proc/1343/ns/pid", 0},   {"./a,b", 0}, /* any path is one operand */
        {"/run/pid:[5]", 0},
    };
    const char *words[] = {"-n",
                           "4026532496,pid:[4026532375],4294967295",
                           "--ns=1",
                           "-n",
                           "/proc/1343/ns/pid",
                           "-n./a,b",
                           "--ns=/run/pid:[5]",
                           NULL};
    struct options options = understood(words).options;

    (void)state;
    assert_int_equal(options.namespaces.n, COUNT(want));
    for (size_t i = 0; i < COUNT(want); i++) {
        ROW_TEXT(want[i].text, options.namespaces.items[i].text, want[i].text);
        ROW_INT(want[i].text, options.namespaces.items[i].inode, want[i].inode);
    }
    options_free(&options);
}

/* Every message quotes the argument that it refuses. */
static void refuses_and_quotes(void **state)
{
    static const struct {
        const char *words[WORDS_MAX];
        const char *says[2];
    } rows[] = {
        {{"--pid", "12x"}, {"--pid", "'12x'"}},
        {{"--pid", ""}, {"--pid", "''"}},
        {{"--pid="}, {"--pid", "''"}},
        {{"-p", "-1"}, {"--pid", "'-1'"}},
        {{"-p", "+1"}, {"--pid", "'+1'"}},
        {{"-p", " 1"}, {"--pid", "' 1'"}},
        {{"-p", "1 "}, {"--pid", "'1 '"}},
        {{"-p", "0x10"}, {"--pid", "'0x10'"}},
        {{"-p", "1,,2"}, {"--pid", "''"}},
        {{"-p", "1,"}, {"--pid", "''"}},
        {{"-p", ","}, {"--pid", "''"}},
        {{"-p", "1,a,2"}, {"--pid", "'a'"}},
        {{"-p", "0"}, {"--pid", "'0' is out of range"}},
        {{"-p", "4194304"}, {"--pid", "'4194304' is out of range"}},
        {{"-p", "4294967297"}, {"--pid", "'4294967297' is out of range"}},
        {{"-p", "99999999999999999999"}, {"--pid", "'99999999999999999999' is out of range"}},
        {{"-p", "18446744073709551617"}, {"--pid", "'18446744073709551617' is out of range"}},
        {{"-f", "x"}, {"--find", "'x'"}},
        {{"-f", "0"}, {"--find", "'0' is out of range"}},
        {{"-n", "x"}, {"--ns", "'x'"}},
        {{"-n", ""}, {"--ns", "''"}},
        {{"-n", "0"}, {"--ns", "'0' is out of range"}},
        {{"-n", "4294967296"}, {"--ns", "'4294967296' is out of range"}},
        {{"-n", "pid:[0]"}, {"--ns", "'pid:[0]' is out of range"}},
        {{"-n", "pid:[]"}, {"--ns", "'pid:[]'"}},
        {{"-n", "pid:[5"}, {"--ns", "'pid:[5'"}},
        {{"-n", "user:[5]"}, {"--ns", "'user:[5]'"}},
        {{"-n", "5,x"}, {"--ns", "'x'"}},
        {{"--proc", ""}, {"--proc", "''"}},
        {{"--load="}, {"--load", "''"}},
        {{"--format", "xml"}, {"--format", "'xml'"}},
        {{"--format", ""}, {"--format", "''"}},
        {{"--format", "tre"}, {"--format", "'tre'"}},
        {{"--style", "utf8"}, {"--style", "'utf8'"}},
        {{"--color=yes"}, {"--color", "'yes'"}},
        {{"--color="}, {"--color", "''"}},
        {{"--color", "yes"}, {"unexpected operand", "'yes'"}},
        {{"x", "--color", "never"}, {"unexpected operand", "'x'"}},
        {{"--", "--color", "never"}, {"unexpected operand", "'--color'"}},
        {{"--source", "netlink"}, {"--source", "'netlink'"}},
        {{"-x"}, {"unknown option", "'-x'"}},
        {{"-sx"}, {"unknown option", "'-x'"}},
        {{"-xs"}, {"unknown option", "'-x'"}},
        {{"--xyz"}, {"unknown option", "'--xyz'"}},
        {{"--xyz=5"}, {"unknown option", "'--xyz"}},
        {{"--f", "5"}, {"option '--f' is ambiguous", "--find or --forest or --format"}},
        {{"--p=5"}, {"option '--p=5' is ambiguous", "--pid or --proc"}},
        {{"--s"}, {"option '--s' is ambiguous", "--summary or --style or --source or --strict"}},
        {{"--=5"}, {"unknown option", "'--=5'"}},
        {{"--summary=yes"}, {"'--summary=yes'", "takes no value"}},
        {{"--strict=1"}, {"'--strict=1'", "takes no value"}},
        {{"-p"}, {"'-p'", "needs a value"}},
        {{"-sp"}, {"'-p'", "needs a value"}},
        {{"--pid"}, {"'--pid'", "needs a value"}},
        {{"-s", "--load"}, {"'--load'", "needs a value"}},
        {{"--summary", "-x"}, {"unknown option", "'-x'"}},
        {{"--summary", "-n"}, {"'-n'", "needs a value"}},
        {{"1234"}, {"unexpected operand '1234'", "--pid"}},
        {{"bash"}, {"unexpected operand", "'bash'"}},
        {{"-s", "--", "-l"}, {"unexpected operand", "'-l'"}},
        {{""}, {"unexpected operand", "''"}},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        expect_refusal(attempt(rows[i].words), rows[i].says);
}

/* getopt_long(3) stays at a word of several letters until its last. The message has to quote the
 * wrong letter, and not the word in front. */
static void quotes_the_wrong_letter_behind_a_long_option(void **state)
{
    (void)state;
    expect_refusal(attempt((const char *[]){"--summary", "-xk", NULL}),
                   (const char *[]){"unknown option '-x'", NULL});
}

static void options_that_conflict(void **state)
{
    static const struct {
        const char *words[WORDS_MAX];
        const char *says[2]; /* nothing: it is allowed */
    } rows[] = {
        {{"-f", "1", "-p", "1"}, {"--find", "--pid"}},
        {{"-A", "-p", "1"}, {"--all", "--pid"}},
        {{"-A", "-f", "1"}, {"--all", "--find"}},
        {{"-A", "--load", "x"}, {NULL, NULL}},
        {{"-A", "-n", "1", "-J"}, {NULL, NULL}},
        {{"-p", "1", "-f", "1"}, {"--find", "--pid"}},
        {{"-f", "1", "-n", "5"}, {"--find", "--ns"}},
        {{"--load", "x", "--proc", "y"}, {"--load", "--proc"}},
        {{"--load", "x", "--source", "procfs"}, {"--load", "--source"}},
        {{"-l", "-J"}, {"--list", "--json"}},
        {{"-J", "--format=tree"}, {"--json", "--format"}},
        {{"--format=list", "--format=json"}, {"--format", "different"}},
        {{"-n", "5", "-p", "1"}, {NULL}},
        {{"-n", "5", "-s"}, {NULL}},
        {{"--load", "x", "-J"}, {NULL}},
        {{"--load", "x", "--source", "auto"}, {NULL}},
        {{"--load", "x", "-p", "1", "--strict"}, {NULL}},
        {{"-f", "1", "-J"}, {NULL}},
        {{"-a", "-k", "-l", "--proc", "y"}, {NULL}},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (rows[i].says[0]) {
            expect_refusal(attempt(rows[i].words), rows[i].says);
        } else {
            struct attempt done = understood(rows[i].words);

            options_free(&done.options);
        }
    }
}

static void help_wins_over_later_options(void **state)
{
    static const struct {
        const char *words[WORDS_MAX];
        bool help, version;
    } rows[] = {
        {{"-h", "-p", "x"}, true, false},
        {{"--help", "--xyz"}, true, false},
        {{"--help", "operand"}, true, false},
        {{"operand", "--help"}, true, false},
        {{"-l", "-h", "-J"}, true, false},
        {{"-p", "1", "-f", "1", "-h"}, true, false}, /* conflicts are checked at the end */
        {{"-h", "-V"}, true, false},
        {{"-V", "-h"}, false, true},
        {{"-V", "--format=xml"}, false, true},
        {{"-sh"}, true, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct attempt done = understood(rows[i].words);

        ROW_INT(done.row, done.options.help, rows[i].help);
        ROW_INT(done.row, done.options.version, rows[i].version);
        options_free(&done.options);
    }
}

/* Every option of nstree(1), with its letter on one line. */
static void help_has_every_option(void **state)
{
    static const char *const options[] = {
        "-p, --pid",      "-n, --ns",      "-f, --find", "-s, --summary", "-a, --args",
        "-k, --kthreads", "-l, --list",    "-J, --json", "--format",      "--style",
        "--color",        "--proc",        "--load",     "--source",      "--strict",
        "-h, --help",     "-V, --version",
    };
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    (void)state;
    assert_non_null(out);
    options_help(out);
    assert_int_equal(fclose(out), 0);
    for (size_t i = 0; i < COUNT(options); i++)
        ROW_HAS("help", text, options[i]);
    unsigned examples = 0;
    const char *line = strstr(text, "\nExamples:\n");
    assert_non_null(line);
    for (line += strlen("\nExamples:\n"); line[0] == ' '; line += strcspn(line, "\n") + 1)
        examples += line[2] != ' ';
    assert_int_equal(examples, 5);
    for (line = text; *line; line += strcspn(line, "\n") + 1) {
        if (strcspn(line, "\n") > 80)
            fail_msg("wraps on a terminal: %.*s", (int)strcspn(line, "\n"), line);
    }
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_given_means_the_defaults),
        cmocka_unit_test(every_option_sets_its_member),
        cmocka_unit_test(lists_of_pids),
        cmocka_unit_test(a_long_list),
        cmocka_unit_test(lists_of_namespaces),
        cmocka_unit_test(refuses_and_quotes),
        cmocka_unit_test(quotes_the_wrong_letter_behind_a_long_option),
        cmocka_unit_test(options_that_conflict),
        cmocka_unit_test(help_wins_over_later_options),
        cmocka_unit_test(help_has_every_option),
    };

    return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
