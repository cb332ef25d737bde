/* SPDX-License-Identifier: MIT */
/* Command lines: the input's bytes, split at NULs into words. */
#include <errno.h>

#include "cli/options.h"
#include "fuzz.h"

#define WORDS_MAX 64

static size_t split(const uint8_t *data, size_t size, char **words)
{
    size_t n = 0;

    words[n++] = strdup("nstree");
    for (size_t at = 0; at < size && n < WORDS_MAX;) {
        const uint8_t *nul = memchr(data + at, '\0', size - at);
        size_t len = nul ? (size_t)(nul - data) - at : size - at;

        words[n] = strndup((const char *)data + at, len);
        CHECK(words[n++]);
        at += len + 1;
    }
    words[n] = NULL;
    return n;
}

static void check_pids(const struct pid_list *list)
{
    CHECK(list->n <= list->capacity);
    for (size_t i = 0; i < list->n; i++)
        CHECK(list->items[i] >= 1 && list->items[i] < NSTREE_PID_LIMIT);
}

static void check_options(const struct options *options)
{
    check_pids(&options->pids);
    check_pids(&options->finds);
    for (size_t i = 0; i < options->namespaces.n; i++) {
        const struct ns_operand *operand = &options->namespaces.items[i];

        CHECK(operand->text);
        CHECK(operand->inode == 0 || !strchr(operand->text, '/')); /* else a path, or a name */
    }
    CHECK(options->help || options->version || options->format != FORMAT_UNSET);
    CHECK(!(options->help && options->version));
    CHECK(options->help || options->version || !(options->load && options->proc));
    CHECK(options->format <= FORMAT_OPENMETRICS && options->style <= STYLE_ASCII);
    CHECK(options->color <= COLOR_NEVER && options->source <= NSTREE_SOURCE_BPF);
}

static int parse(size_t n, char *const *words, struct nstree_error *err)
{
    char *argv[WORDS_MAX + 1];
    struct options options;

    memcpy(argv, words, (n + 1) * sizeof *argv); /* getopt_long(3) permutes it */
    memset(&options, 0xa5, sizeof options);
    memset(err, 0, sizeof *err);
    int rc = options_parse((int)n, argv, &options, err);
    CHECK(rc == 0 || rc == -EINVAL || rc == -ENOMEM);
    if (rc == 0)
        check_options(&options);
    CHECK((rc == 0) == (err->text[0] == '\0'));
    CHECK(memchr(err->text, '\0', sizeof err->text));
    options_free(&options);
    return rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *words[WORDS_MAX + 1];
    struct nstree_error first, second;
    size_t n = split(data, size, words);
    int rc = parse(n, words, &first);

    /* Nothing may be left of the first call: getopt_long(3) keeps state. */
    CHECK(parse(n, words, &second) == rc);
    CHECK(strcmp(first.text, second.text) == 0);
    while (n > 0)
        free(words[--n]);
    return 0;
}
