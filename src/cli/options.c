/* SPDX-License-Identifier: MIT */
#include "cli/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/number.h"

/* Long options without a letter. */
enum {
    OPT_FORMAT = 256,
    OPT_STYLE,
    OPT_COLOR,
    OPT_PROC,
    OPT_LOAD,
    OPT_SOURCE,
    OPT_STRICT,
    OPT_NO_LABELS
};

/* The table of all options, for the parser and --help. A check compares the manual with it. A row
 * without a name is a heading. */
static const struct {
    const char *name;
    int letter;
    const char *argument;
    const char *help;
} table[] = {
    {NULL, 0, NULL, "What to show (the whole tree, if none is given)"},
    {"pid", 'p', "PID[,PID]...", "these processes, with their PID at every level"},
    {"ns", 'n', "NS[,NS]...",
     "this namespace, all below it, and its ancestors; with\n"
     "--pid, PIDs are those inside it. NS is an inode,\n"
     "pid:[INODE] or a path"},
    {"find", 'f', "PID[,PID]...", "every process that has this PID at any level"},
    {NULL, 0, NULL, "How much to show"},
    {"summary", 's', NULL, "namespaces only, each with a count of its members"},
    {"args", 'a', NULL, "command lines in place of names"},
    {"kthreads", 'k', NULL, "kernel threads too (else one line counts them)"},
    {"all", 'A', NULL, "also namespaces that no process is a member of, with\nwhat keeps them"},
    {"forest", 't', NULL,
     "members below their parent processes, and namespaces\nbelow the parent of their init"},
    {"no-labels", OPT_NO_LABELS, NULL, "do not look for what made each namespace"},
    {"verbose", 'v', NULL, "evidence for labels; what each namespace shares"},
    {NULL, 0, NULL, "How to print"},
    {"list", 'l', NULL, "one line per process: NS PNS LEVEL PID CHAIN NAME"},
    {"json", 'J', NULL, "the model as JSON; --load reads it back"},
    {"format", OPT_FORMAT, "FORMAT", "tree, list or json; dot or mermaid for pictures"},
    {"style", OPT_STYLE, "STYLE", "tree glyphs: auto, hangul, unicode or ascii"},
    {"color", OPT_COLOR, "[WHEN]", "always, or auto or never; NO_COLOR is honoured"},
    {"wide", 'w', NULL, "cut no lines; in pictures, join no nodes"},
    {NULL, 0, NULL, "Where to read from"},
    {"proc", OPT_PROC, "DIR", "read another procfs, or a recorded one"},
    {"load", OPT_LOAD, "FILE", "show a recording made with --json (-: standard input)"},
    {"source", OPT_SOURCE, "SOURCE", "which scanner: auto, procfs or bpf"},
    {"strict", OPT_STRICT, NULL, "exit 3 if anything was not seen or was inferred"},
    {NULL, 0, NULL, "About"},
    {"help", 'h', NULL, "this text"},
    {"version", 'V', NULL, "the version"},
};

#define TABLE_SIZE (sizeof table / sizeof *table)

void options_help(FILE *out)
{
    fputs("Usage: nstree [OPTION]...\n"
          "Shows the nested PID namespaces of this machine as one tree, and the PID that\n"
          "each process has at every level.\n",
          out);
    for (size_t i = 0; i < TABLE_SIZE; i++) {
        char left[40];

        if (!table[i].name) {
            fprintf(out, "\n%s:\n", table[i].help);
            continue;
        }
        snprintf(left, sizeof left, "%c%c%c --%s%s%s", table[i].letter < 256 ? '-' : ' ',
                 table[i].letter < 256 ? table[i].letter : ' ', table[i].letter < 256 ? ',' : ' ',
                 table[i].name, table[i].argument ? " " : "",
                 table[i].argument ? table[i].argument : "");
        fprintf(out, "  %-23s ", left);
        if (strlen(left) > 23)
            fprintf(out, "\n%26s", "");
        for (const char *help = table[i].help; *help; help++) {
            putc(*help, out);
            if (*help == '\n')
                fprintf(out, "%26s", "");
        }
        putc('\n', out);
    }
    fputs("\nExamples:\n"
          "  nstree 10845                  which container is this process in?\n"
          "  nstree web:13                 which process is PID 13 of container web?\n"
          "  nsenter -at $(nstree -q web)  a shell in container web\n"
          "  nstree -s -o label,init,procs,rss --sort -rss\n"
          "                                which container fills the memory?\n"
          "  nvidia-smi --query-compute-apps=pid --format=csv,noheader | nstree -l -p -\n"
          "                                whose processes use the GPU?\n",
          out);
    fputs("\nExit status: 0 success; 1 something asked for does not exist; 2 wrong usage, or\n"
          "nothing could be read or written; 3 only with --strict. Manual: nstree(1).\n",
          out);
}

__attribute__((format(printf, 2, 3))) static int fail(struct nstree_error *err, const char *format,
                                                      ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    return -EINVAL;
}

static int fail_memory(struct nstree_error *err)
{
    fail(err, "out of memory");
    return -ENOMEM;
}

/* Parses text[0..len) as a number from 1 to max. Returns 0, -EINVAL or -ERANGE. */
static int parse_positive(const char *text, size_t len, uint32_t max, uint32_t *out)
{
    int rc = parse_u32(text, len, max, out);

    return rc == 0 && *out == 0 ? -ERANGE : rc;
}

static int parse_pid(const char *text, size_t len, uint32_t *out)
{
    return parse_positive(text, len, NSTREE_PID_LIMIT - 1, out);
}

static int add_pid(struct pid_list *list, uint32_t pid)
{
    uint32_t *items = array_room(list->items, &list->capacity, list->n + 1, sizeof *items);

    if (!items)
        return -ENOMEM;
    list->items = items;
    items[list->n++] = pid;
    return 0;
}

/* Takes a comma list of PIDs. */
static int take_pids(struct pid_list *list, const char *option, const char *text,
                     struct nstree_error *err)
{
    for (const char *at = text;; at++) {
        size_t len = strcspn(at, ",");
        uint32_t pid;
        int rc = parse_pid(at, len, &pid);

        if (rc == -ERANGE)
            return fail(err, "--%s: '%.*s' is out of range (1 to %d)", option, (int)len, at,
                        NSTREE_PID_LIMIT - 1);
        if (rc != 0)
            return fail(err, "--%s: '%.*s' is not a PID", option, (int)len, at);
        if (add_pid(list, pid) != 0)
            return fail_memory(err);
        at += len;
        if (*at == '\0')
            return 0;
    }
}

static int add_namespace(struct ns_list *list, const char *text, size_t len, uint32_t inode)
{
    struct ns_operand *items = array_room(list->items, &list->capacity, list->n + 1, sizeof *items);

    if (!items)
        return -ENOMEM;
    list->items = items;
    char *copy = strndup(text, len);
    if (!copy)
        return -ENOMEM;
    items[list->n++] = (struct ns_operand){.text = copy, .inode = inode};
    return 0;
}

/* INODE or pid:[INODE]. Returns 0, -EINVAL or -ERANGE. */
static int parse_inode(const char *text, size_t len, uint32_t *inode)
{
    if (len > 6 && strncmp(text, "pid:[", 5) == 0 && text[len - 1] == ']')
        return parse_positive(text + 5, len - 6, UINT32_MAX, inode);
    return parse_positive(text, len, UINT32_MAX, inode);
}

/* Takes a comma list of namespaces, or one path: anything with a slash. */
static int take_namespaces(struct ns_list *list, const char *text, struct nstree_error *err)
{
    if (strchr(text, '/'))
        return add_namespace(list, text, strlen(text), 0) == 0 ? 0 : fail_memory(err);
    for (const char *at = text;; at++) {
        size_t len = strcspn(at, ",");
        uint32_t inode;
        int rc = parse_inode(at, len, &inode);

        if (rc == -ERANGE)
            return fail(err, "--ns: '%.*s' is out of range (1 to %u)", (int)len, at, UINT32_MAX);
        if (rc != 0)
            return fail(err,
                        "--ns: '%.*s' is not a PID namespace (an inode, pid:[INODE] or a path)",
                        (int)len, at);
        if (add_namespace(list, at, len, inode) != 0)
            return fail_memory(err);
        at += len;
        if (*at == '\0')
            return 0;
    }
}

/* The index of `text` among `words`, or -EINVAL with an error that lists them. */
static int take_word(const char *option, const char *text, const char *const words[],
                     struct nstree_error *err)
{
    char all[80] = "";

    for (int i = 0; words[i]; i++) {
        if (strcmp(text, words[i]) == 0)
            return i;
        size_t used = strlen(all);
        snprintf(all + used, sizeof all - used, "%s%s", i ? ", " : "", words[i]);
    }
    return fail(err, "--%s: '%s' is not one of %s", option, text, all);
}

/* No file has an empty name, and the error of open(2) would quote nothing. */
static int take_path(const char **out, const char *option, const char *text,
                     struct nstree_error *err)
{
    *out = text;
    return *text ? 0 : fail(err, "--%s: '' is not a path", option);
}

static int take_format(struct options *out, enum format format, struct nstree_error *err)
{
    if (out->format != FORMAT_UNSET && out->format != format)
        return fail(err, "--list, --json and --format ask for different formats");
    out->format = format;
    return 0;
}

static const char *const colors[] = {"auto", "always", "never", NULL};

static int take_choice(struct options *out, int option, const char *text, struct nstree_error *err)
{
    static const char *const formats[] = {"tree", "list", "json", "dot", "mermaid", NULL};
    static const char *const styles[] = {"auto", "hangul", "unicode", "ascii", NULL};
    static const char *const sources[] = {"auto", "procfs", "bpf", NULL};
    int i;

    switch (option) {
    case OPT_FORMAT:
        i = take_word("format", text, formats, err);
        return i < 0 ? i : take_format(out, (enum format)(FORMAT_TREE + i), err);
    case OPT_STYLE:
        i = take_word("style", text, styles, err);
        out->style = (enum style)(i < 0 ? 0 : i);
        break;
    case OPT_COLOR:
        i = take_word("color", text ? text : "always", colors, err);
        out->color = (enum color)(i < 0 ? 0 : i);
        break;
    default:
        i = take_word("source", text, sources, err);
        out->source = (enum nstree_source)(i < 0 ? 0 : i);
        break;
    }
    return i < 0 ? i : 0;
}

/* What an option without a value sets, or NULL. */
static bool *find_flag(struct options *options, int option)
{
    const struct {
        int option;
        bool *flag;
    } flags[] = {
        {'s', &options->summary},       {'a', &options->args},
        {'k', &options->kthreads},      {'A', &options->all},
        {'t', &options->forest},        {'w', &options->wide},
        {'v', &options->verbose},       {OPT_NO_LABELS, &options->no_labels},
        {'h', &options->help},          {'V', &options->version},
        {OPT_STRICT, &options->strict},
    };

    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        if (flags[i].option == option)
            return flags[i].flag;
    }
    return NULL;
}

static int take_option(struct options *out, int option, const char *text, struct nstree_error *err)
{
    bool *flag = find_flag(out, option);

    if (flag) {
        *flag = true;
        return 0;
    }
    switch (option) {
    case 'p':
        return take_pids(&out->pids, "pid", text, err);
    case 'f':
        return take_pids(&out->finds, "find", text, err);
    case 'n':
        return take_namespaces(&out->namespaces, text, err);
    case 'l':
        return take_format(out, FORMAT_LIST, err);
    case 'J':
        return take_format(out, FORMAT_JSON, err);
    case OPT_PROC:
        return take_path(&out->proc, "proc", text, err);
    case OPT_LOAD:
        return take_path(&out->load, "load", text, err);
    default:
        return take_choice(out, option, text, err);
    }
}

/* Refuses options that exclude each other. */
static int check_conflicts(const struct options *out, struct nstree_error *err)
{
    const struct {
        bool first, second;
        const char *words;
    } conflicts[] = {
        {out->finds.n > 0, out->pids.n > 0, "--find and --pid"},
        {out->finds.n > 0, out->namespaces.n > 0, "--find and --ns"},
        {out->load != NULL, out->proc != NULL, "--load and --proc"},
        {out->load != NULL, out->source != NSTREE_SOURCE_AUTO, "--load and --source"},
        {out->all, out->pids.n > 0, "--all and --pid"},
        {out->all, out->finds.n > 0, "--all and --find"},
        {out->summary, out->pids.n > 0, "--summary and --pid"},
        {out->summary, out->finds.n > 0, "--summary and --find"},
        {out->summary, out->format == FORMAT_LIST, "--summary and --list"},
        {out->summary, out->format == FORMAT_JSON, "--summary and --json"},
        {out->forest, out->pids.n > 0, "--forest and --pid"},
        {out->forest, out->finds.n > 0, "--forest and --find"},
        {out->forest, out->summary, "--forest and --summary"},
        {out->forest, out->format == FORMAT_LIST, "--forest and --list"},
        {out->forest, out->format == FORMAT_JSON, "--forest and --json"},
        {out->forest, out->format == FORMAT_DOT, "--forest and --format dot"},
        {out->forest, out->format == FORMAT_MERMAID, "--forest and --format mermaid"},
    };

    for (size_t i = 0; i < sizeof conflicts / sizeof *conflicts; i++) {
        if (conflicts[i].first && conflicts[i].second)
            return fail(err, "%s cannot be used together", conflicts[i].words);
    }
    return 0;
}

/* The table in the form of getopt_long(3). */
struct getopt_forms {
    struct option longs[TABLE_SIZE + 1];
    char letters[TABLE_SIZE * 2 + 2];
};

/* Whether an option takes a value; a bracket says that it can do without. */
static int value_of(const char *argument)
{
    if (!argument)
        return no_argument;
    return argument[0] == '[' ? optional_argument : required_argument;
}

static void make_forms(struct getopt_forms *forms)
{
    size_t n = 0, at = 0;

    memset(forms, 0, sizeof *forms);
    forms->letters[at++] = ':'; /* getopt_long() returns ':' for a missing value, not '?' */
    for (size_t i = 0; i < TABLE_SIZE; i++) {
        if (!table[i].name)
            continue;
        forms->longs[n++] = (struct option){
            .name = table[i].name, .has_arg = value_of(table[i].argument), .val = table[i].letter};
        if (table[i].letter < 256) {
            forms->letters[at++] = (char)table[i].letter;
            if (table[i].argument)
                forms->letters[at++] = ':';
        }
    }
}

/* Whether a word is `--` and the name of an option or its beginning. */
static bool abbreviates(const char *word, const char *name)
{
    if (strncmp(word, "--", 2) != 0 || !word[2])
        return false;
    for (word += 2; *word && *word == *name; word++)
        name++;
    return !*word;
}

/* Whether the next option is --color without a value in the same word, and one of its words is the
 * next word. */
static bool is_color_word_next(int argc, char **argv)
{
    int at = optind > 0 ? optind : 1;

    while (at < argc && (argv[at][0] != '-' || !argv[at][1])) /* operands come last */
        at++;
    if (at + 1 >= argc || !abbreviates(argv[at], "color"))
        return false;
    for (size_t i = 0; colors[i]; i++) {
        if (strcmp(argv[at + 1], colors[i]) == 0)
            return true;
    }
    return false;
}

/* getopt_long(3), for which an optional value is in the word of the option only. */
static int next_option(int argc, char **argv, struct getopt_forms *forms)
{
    int form = is_color_word_next(argc, argv) ? required_argument : optional_argument;

    for (struct option *each = forms->longs; each->name; each++) {
        if (each->val == OPT_COLOR)
            each->has_arg = form;
    }
    return getopt_long(argc, argv, forms->letters, forms->longs, NULL);
}

/* The long name of an option, or NULL. */
static const char *find_name(int letter)
{
    for (size_t i = 0; i < TABLE_SIZE; i++) {
        if (table[i].name && table[i].letter == letter)
            return table[i].name;
    }
    return NULL;
}

/* Lists the long options that `word` abbreviates, if there are several. */
static void list_candidates(const char *word, char *out, size_t size)
{
    size_t len = strcspn(word, "="), used = 0, n = 0;

    for (size_t i = 0; i < TABLE_SIZE && len > 2 && used < size; i++) {
        if (!table[i].name || strncmp(table[i].name, word + 2, len - 2) != 0)
            continue;
        used +=
            (size_t)snprintf(out + used, size - used, "%s--%s", n > 0 ? " or " : "", table[i].name);
        n++;
    }
    if (n < 2)
        out[0] = '\0';
}

/* Reports an option that getopt_long(3) refused. optopt is its letter, or 0 if `word` is a long
 * option that the table does not have. */
static int fail_option(int result, const char *word, struct nstree_error *err)
{
    const char *name = find_name(optopt);
    char candidates[200] = "";

    if (optopt == 0)
        list_candidates(word, candidates, sizeof candidates);
    if (candidates[0])
        return fail(err, "option '%s' is ambiguous: %s", word, candidates);
    if (optopt == 0)
        return fail(err, "unknown option '%s'", word);
    if (!name)
        return fail(err, "unknown option '-%c'", optopt);
    if (result == ':' && strncmp(word, "--", 2) == 0)
        return fail(err, "option '%s' needs a value", word);
    if (result == ':')
        return fail(err, "option '-%c' needs a value", optopt);
    return fail(err, "option '%s' takes no value", word);
}

static int fail_operand(const char *word, struct nstree_error *err)
{
    uint32_t pid;
    bool is_pid = parse_pid(word, strlen(word), &pid) == 0;

    return fail(err, "unexpected operand '%s'%s", word,
                is_pid ? " (a PID goes with --pid, a namespace with --ns)" : "");
}

int options_parse(int argc, char **argv, struct options *out, struct nstree_error *err)
{
    struct getopt_forms forms;
    int option, rc;

    memset(out, 0, sizeof *out);
    make_forms(&forms);
    optind = 0; /* glibc and musl: start over, whatever was parsed before */
    opterr = 0;
    while ((option = next_option(argc, argv, &forms)) != -1) {
        if (option == '?' || option == ':') /* musl counts a missing value in optind */
            return fail_option(option, argv[(optind > argc ? argc : optind) - 1], err);
        rc = take_option(out, option, optarg, err);
        if (rc != 0 || out->help || out->version)
            return rc;
    }
    if (optind < argc)
        return fail_operand(argv[optind], err);
    if (out->format == FORMAT_UNSET)
        out->format = FORMAT_TREE;
    return check_conflicts(out, err);
}

void options_free(struct options *options)
{
    free(options->pids.items);
    free(options->finds.items);
    for (size_t i = 0; i < options->namespaces.n; i++)
        free(options->namespaces.items[i].text);
    free(options->namespaces.items);
}
