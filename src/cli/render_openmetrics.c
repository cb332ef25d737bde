/* SPDX-License-Identifier: MIT */
/*
 * Metrics of namespaces and containers, in what OpenMetrics and the older text format of Prometheus
 * have in common: promtool(1) and node_exporter's textfile collector read the latter.
 *
 * No process counts twice: a container that shares a namespace has a series of its own, and that of
 * the namespace is without it. One whose namespace was made for it has one series with it. What is
 * not known has no sample.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/number.h"
#include "cli/describe.h"
#include "cli/escape.h"
#include "cli/put.h"
#include "cli/quote.h"
#include "cli/render.h"

#define UNKNOWN UINT64_MAX

/* What is exposed of a namespace, or of a container that shares one. */
struct series {
    const struct nstree_ns *ns;
    const struct nstree_container *container; /* NULL: there is none, or it is not asked for */
    char *labels;
    uint64_t processes, zombies, rss, start; /* `start` in hundredths, `rss` in KiB */
};

struct exposing {
    const struct selection *selection;
    const struct look *look;
    struct series *series;
    size_t n, capacity;
};

static const struct quoting quoting = {.of = {['\\'] = "\\\\", ['"'] = "\\\""}};

/* ---- Labels */

/* A piece of the value of a label; NULL: nothing. */
static void put_piece(struct quote *quote, const char *text)
{
    if (text)
        escape_write(quote->stream, text, strlen(text), true);
}

static void begin_label(struct quote *quote, const char *name)
{
    fprintf(quote->out, "%s=\"", name);
}

static void end_label(struct quote *quote)
{
    quote_end(quote);
    put_char(quote->out, '"');
}

static void put_label(struct quote *quote, const char *name, const char *text)
{
    begin_label(quote, name);
    put_piece(quote, text);
    end_label(quote);
}

/* Where a label says that a user chose its name: ` of uid N` at its end. */
static const char *find_owner(const char *label)
{
    static const char words[] = " of uid ";
    const char *found = NULL;

    for (const char *at = label; (at = strstr(at, words)) != NULL; at++)
        found = at;
    if (!found)
        return "";
    const char *digits = found + sizeof words - 1;
    return *digits && digits[strspn(digits, "0123456789")] == '\0' ? found : "";
}

/* What it is called. A name that a user chose says so, as in labels. */
static void put_name(struct quote *quote, const struct series *series)
{
    const struct nstree_container *container = series->container;

    begin_label(quote, ",name");
    put_piece(quote, container ? container->name : series->ns->label);
    put_piece(quote, container ? find_owner(container->label) : NULL);
    end_label(quote);
}

/* `NAMESPACE/POD`, or the pod where there is no Kubernetes. */
static void put_pod(struct quote *quote, const struct nstree_container *container)
{
    begin_label(quote, ",pod");
    if (container && container->pod && container->k8s_namespace) {
        put_piece(quote, container->k8s_namespace);
        put_piece(quote, "/");
    }
    put_piece(quote, container ? container->pod : NULL);
    end_label(quote);
}

/* The labels of all metrics of a series. */
static void put_labels(struct quote *quote, const struct look *look, const struct series *series)
{
    const struct nstree_container *container = series->container;
    const struct nstree_ns *ns = series->ns;
    const struct series anonymous = {.ns = &(struct nstree_ns){.id = ns->id}};
    char id[NSTREE_ID_SIZE];

    put_label(quote, "ns", nstree_ns_id(ns, id));
    put_label(quote, ",parent", ns->parent ? nstree_ns_id(ns->parent, id) : NULL);
    put_label(quote, ",kind", !look->labels ? NULL : container ? container->kind : ns->kind);
    put_name(quote, look->labels ? series : &anonymous);
    put_label(quote, ",id", container ? container->id : NULL);
    put_pod(quote, container);
}

/* Composes the labels of a series. Returns 0 or -ENOMEM. */
static int compose_labels(const struct look *look, struct series *series)
{
    size_t size;
    struct quote quote;
    FILE *out = open_memstream(&series->labels, &size);
    int rc = out ? quote_open(&quote, out, &quoting) : -ENOMEM;

    if (rc == 0) {
        put_labels(&quote, look, series);
        quote_close(&quote);
    }
    if (out && fclose(out) != 0)
        rc = -ENOMEM;
    return rc;
}

/* ---- Series */

/* Takes a part off a number. Not known without both, or where the part is larger, as in a forged
 * recording. */
static void take_off(uint64_t *from, uint64_t part)
{
    *from = *from == UNKNOWN || part == UNKNOWN || part > *from ? UNKNOWN : *from - part;
}

static void fill_usage(struct series *series, const struct nstree_usage *usage)
{
    series->rss = usage ? usage->rss : UNKNOWN;
    series->start = usage ? usage->start : UNKNOWN;
}

/* Adds a series, and takes what it has off that of its namespace. */
static int add_series(struct exposing *exposing, const struct series *series, size_t of)
{
    struct series *all =
        array_room(exposing->series, &exposing->capacity, exposing->n + 1, sizeof *all);

    if (!all)
        return -ENOMEM;
    exposing->series = all;
    all[exposing->n] = *series;
    if (of < exposing->n) {
        take_off(&all[of].processes, series->processes);
        take_off(&all[of].zombies, series->zombies);
        take_off(&all[of].rss, series->rss);
    }
    return compose_labels(exposing->look, &all[exposing->n++]);
}

/* Adds a namespace, and the containers that share it. */
static int add_namespace(struct exposing *exposing, const struct nstree_ns *ns)
{
    const struct nstree_container *sharer = NULL, *own = NULL;
    bool whole = selection_shown(exposing->selection, ns) == SHOWN_MEMBERS;
    const size_t of = whole ? exposing->n : SIZE_MAX;
    int rc = 0;

    if (exposing->look->labels && ns->container && ns->container->ns == ns)
        own = ns->container;
    struct series series = {
        .ns = ns, .container = own, .processes = ns->total, .zombies = ns->zombies};
    fill_usage(&series, ns->usage);
    if (whole)
        rc = add_series(exposing, &series, SIZE_MAX);
    while (rc == 0 &&
           (sharer = describe_next_sharer(exposing->look, exposing->selection, ns, sharer))) {
        series = (struct series){
            .ns = ns, .container = sharer, .processes = sharer->total, .zombies = sharer->zombies};
        fill_usage(&series, sharer->usage);
        rc = add_series(exposing, &series, of);
    }
    return rc;
}

static int add_all(struct exposing *exposing)
{
    const struct nstree_ns *root = nstree_root(exposing->selection->tree);
    int rc = 0;

    for (size_t i = 0; i <= root->below && rc == 0; i++) {
        if (selection_shown(exposing->selection, &root[i]) != SHOWN_NOT)
            rc = add_namespace(exposing, &root[i]);
    }
    return rc;
}

static int compare_series(const void *a, const void *b)
{
    const struct series *x = a, *y = b;

    return x->ns != y->ns ? (x->ns > y->ns) - (x->ns < y->ns) : strcmp(x->labels, y->labels);
}

/* Makes one series of those with the same labels, which no reader would accept: users can make
 * containers of the same name and ID. */
static void merge_equal(struct exposing *exposing)
{
    struct series *all = exposing->series;
    size_t kept = 0;

    if (exposing->n > 0)
        qsort(all, exposing->n, sizeof *all, compare_series);
    for (size_t i = 1; i < exposing->n; i++) {
        if (compare_series(&all[kept], &all[i]) != 0) {
            all[++kept] = all[i];
            continue;
        }
        add_known(&all[kept].processes, all[i].processes);
        add_known(&all[kept].zombies, all[i].zombies);
        add_known(&all[kept].rss, all[i].rss);
        if (all[i].start < all[kept].start)
            all[kept].start = all[i].start;
        free(all[i].labels);
    }
    exposing->n = exposing->n > 0 ? kept + 1 : 0;
}

/* ---- Metrics */

static void put_family(FILE *out, const char *name, const char *help)
{
    fprintf(out, "# HELP nstree_%s %s\n# TYPE nstree_%s gauge\n", name, help, name);
}

/* A sample without its value. */
static void put_sample(FILE *out, const char *name, const struct series *series)
{
    fprintf(out, "nstree_%s{%s} ", name, series->labels);
}

static void put_number(FILE *out, const char *name, const struct series *series, uint64_t number)
{
    if (number == UNKNOWN)
        return;
    put_sample(out, name, series);
    describe_number(out, number);
    put_char(out, '\n');
}

static void put_counts(FILE *out, const struct exposing *exposing)
{
    put_family(out, "processes", "Processes that no other series counts.");
    for (size_t i = 0; i < exposing->n; i++)
        put_number(out, "processes", &exposing->series[i], exposing->series[i].processes);
    put_family(out, "zombies", "Those of them that are zombies.");
    for (size_t i = 0; i < exposing->n; i++)
        put_number(out, "zombies", &exposing->series[i], exposing->series[i].zombies);
}

static void put_usage(FILE *out, const struct exposing *exposing)
{
    put_family(out, "resident_memory_bytes",
               "Their resident memory. Shared pages count for each process that has them.");
    for (size_t i = 0; i < exposing->n; i++) {
        uint64_t rss = exposing->series[i].rss;

        put_number(out, "resident_memory_bytes", &exposing->series[i],
                   rss > UNKNOWN / 1024 ? UNKNOWN : rss * 1024);
    }
    put_family(out, "start_time_seconds", "When the init began, since the Epoch.");
    for (size_t i = 0; i < exposing->n; i++) {
        const struct series *series = &exposing->series[i];

        if (series->start == UNKNOWN)
            continue;
        put_sample(out, "start_time_seconds", series);
        fprintf(out, "%ju.%02ju\n", (uintmax_t)(series->start / 100),
                (uintmax_t)(series->start % 100));
    }
}

/* What else is known of each series. Returns 0 or -ENOMEM. */
static int put_info(FILE *out, const struct exposing *exposing)
{
    struct quote quote;

    if (quote_open(&quote, out, &quoting) != 0)
        return -ENOMEM;
    put_family(out, "info", "What the namespace or container is.");
    for (size_t i = 0; i < exposing->n; i++) {
        const struct series *series = &exposing->series[i];
        const struct nstree_container *container = series->container;
        const char *label = container ? container->label : series->ns->label;

        fprintf(out, "nstree_info{%s", series->labels);
        put_label(&quote, ",label", exposing->look->labels ? label : NULL);
        put_label(&quote, ",image", container ? container->image : NULL);
        put_text(out, "} 1\n");
    }
    quote_close(&quote);
    return 0;
}

int render_openmetrics(const struct selection *selection, const struct look *look, FILE *out)
{
    struct exposing exposing = {.selection = selection, .look = look};
    int rc = add_all(&exposing);

    if (rc == 0) {
        merge_equal(&exposing);
        put_counts(out, &exposing);
        put_usage(out, &exposing);
        rc = put_info(out, &exposing);
        put_text(out, "# EOF\n");
    }
    for (size_t i = 0; i < exposing.n; i++)
        free(exposing.series[i].labels);
    free(exposing.series);
    return rc;
}
