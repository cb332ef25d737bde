/* SPDX-License-Identifier: MIT */
#include "check.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/utf8.h"
#include "cli/render.h"

static uint32_t own_pid(const struct nstree_process *process)
{
    return process->nspid[process->levels - 1];
}

/* The children of a namespace, with all below them, fill `below` without gaps. */
static void check_children(const struct nstree_ns *ns)
{
    size_t below = 0, inside = ns->n_members;
    uint32_t before = 0;

    for (const struct nstree_ns *child = ns + 1; child <= ns + ns->below;
         child += 1 + child->below) {
        CHECK(child->parent == ns);
        below += 1 + child->below;
        inside += child->n_inside;
        if (!child->init)
            continue;
        uint32_t number = nstree_number_in(child->init, ns);

        CHECK(number >= before);
        before = number;
    }
    CHECK(below == ns->below);
    CHECK(inside == ns->n_inside);
}

/* Only a namespace without members has keepers. */
static void check_keepers(const struct nstree_ns *ns)
{
    CHECK(ns->n_keepers == 0 || (ns->n_members == 0 && ns->keepers));
    for (size_t i = 0; i < ns->n_keepers; i++) {
        const struct nstree_keeper *keeper = &ns->keepers[i];

        CHECK(keeper->how >= NSTREE_KEEPER_FD && keeper->how <= NSTREE_KEEPER_UNSEEN);
        CHECK((keeper->path != NULL) == (keeper->how == NSTREE_KEEPER_MOUNT));
        CHECK((keeper->tid != 0) == (keeper->how == NSTREE_KEEPER_THREAD));
        CHECK((keeper->pid == 0) == (keeper->how == NSTREE_KEEPER_UNSEEN));
    }
}

static void check_namespace(const struct nstree *tree, const struct nstree_ns *ns)
{
    const struct nstree_ns *root = nstree_root(tree);
    char id[NSTREE_ID_SIZE];

    CHECK((ns->parent == NULL) == (ns == root));
    CHECK(ns == root || (ns->parent >= root && ns->parent < ns));
    CHECK(ns->level == (ns == root ? 0 : ns->parent->level + 1));
    CHECK(ns->level < NSTREE_LEVELS_MAX);
    CHECK((size_t)(ns - root) + ns->below <= root->below);
    CHECK(ns->total >= ns->n_members && ns->total >= ns->inferred);
    CHECK(ns->zombies == NSTREE_TOTAL_UNKNOWN || ns->zombies <= ns->total);
    CHECK(ns->inode == (ns->id <= UINT32_MAX ? ns->id : 0));
    CHECK((ns->inode == 0) == ((ns->flags & NSTREE_NS_UNREADABLE) != 0));
    CHECK(ns != root || !(ns->flags & NSTREE_NS_INFERRED));
    CHECK(ns->inode == 0 || nstree_find_ns(tree, ns->inode) == ns);
    CHECK(nstree_ns_id(ns, id) == id && memchr(id, '\0', sizeof id) && id[0]);
    CHECK((ns->init != NULL) == (ns->n_members > 0 && own_pid(ns->members) == 1));
    CHECK(!ns->init || ns->init == ns->members);
    check_children(ns);
    check_keepers(ns);
}

/* Whether what a namespace or process leads to is a container of the tree. */
static bool is_container(const struct nstree *tree, const struct nstree_container *container)
{
    size_t n;
    const struct nstree_container *all = nstree_containers(tree, &n);

    return !container || (container >= all && container < all + n);
}

static void check_containers(const struct nstree *tree)
{
    const struct nstree_ns *root = nstree_root(tree), *last = root;
    size_t n;
    const struct nstree_container *all = nstree_containers(tree, &n);

    for (size_t i = 0; i < n; i++) {
        const struct nstree_container *container = &all[i];

        CHECK(container->kind && container->label && container->evidence);
        CHECK(!container->ns || (container->ns >= last && container->ns <= root + root->below));
        last = container->ns ? container->ns : root + root->below;
        CHECK(!container->init ||
              nstree_find_process(tree, root, container->init->pid) == container->init);
    }
    for (size_t i = 0; i <= root->below; i++)
        CHECK(is_container(tree, root[i].container));
}

static void check_process(const struct nstree *tree, const struct nstree_process *process)
{
    const struct nstree_ns *root = nstree_root(tree), *ns = process->ns;

    CHECK(ns >= root && ns <= root + root->below);
    CHECK(process >= ns->members && process < ns->members + ns->n_members);
    CHECK(process->levels == ns->level + 1);
    CHECK(is_container(tree, process->container));
    CHECK(process->nspid[0] == process->pid);
    CHECK(process->name && (!process->args || process->args[0]));
    CHECK(process == ns->members || own_pid(process - 1) <= own_pid(process));
    CHECK(!(process->flags & NSTREE_PROCESS_AMBIGUOUS) || process->flags & NSTREE_PROCESS_INFERRED);
    CHECK(!(process->flags & NSTREE_PROCESS_KTHREAD) || ns->inode == NSTREE_INITIAL_INODE);
    CHECK(nstree_find_process(tree, root, process->pid) == process);
    for (; ns; ns = ns->parent) {
        const struct nstree_process *found =
            nstree_find_process(tree, ns, process->nspid[ns->level]);

        CHECK(nstree_number_in(process, ns) == process->nspid[ns->level]);
        CHECK(found && nstree_number_in(found, ns) == process->nspid[ns->level]);
    }
    ns = process->ns;
    if (ns + ns->below < root + root->below) /* the next one that is not below */
        CHECK(nstree_number_in(process, ns + ns->below + 1) == 0);
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

static void check_ids(const struct nstree_ns *root)
{
    uint64_t *ids = malloc((root->below + 1) * sizeof *ids);

    CHECK(ids);
    for (size_t i = 0; i <= root->below; i++)
        ids[i] = root[i].id;
    qsort(ids, root->below + 1, sizeof *ids, by_value);
    for (size_t i = 1; i <= root->below; i++)
        CHECK(ids[i - 1] != ids[i]);
    free(ids);
}

void check_tree(const struct nstree *tree)
{
    const struct nstree_ns *root = nstree_root(tree);
    const struct nstree_process *next = root->members;

    for (size_t i = 0; i <= root->below; i++) {
        CHECK(root[i].members == next);
        next += root[i].n_members;
        check_namespace(tree, &root[i]);
    }
    CHECK(next == root->members + root->n_inside);
    for (size_t i = 0; i < root->n_inside; i++)
        check_process(tree, &root->members[i]);
    check_ids(root);
    check_containers(tree);
    CHECK(nstree_find_process(tree, root, NSTREE_PID_LIMIT) == NULL);
    CHECK(nstree_find_ns(tree, 0) == NULL);
    CHECK(nstree_info(tree)->host && nstree_info(tree)->kernel);
}

/* Checks for UTF-8 without terminal controls, but for tabs in a list. Returns the number of lines.
 */
static size_t check_harmless(const char *text, size_t len, bool list)
{
    size_t lines = 0;

    for (size_t at = 0; at < len;) {
        uint32_t point = 0;
        size_t n = utf8_decode(text + at, len - at, &point);

        CHECK(n > 0);
        CHECK(point == '\n' || (list && point == '\t') || !is_harmful(point));
        lines += point == '\n';
        at += n;
    }
    CHECK(len == 0 || text[len - 1] == '\n');
    return lines;
}

static size_t print_one(const struct selection *selection, enum style style, bool utf8,
                        int (*render)(const struct selection *, const struct look *, FILE *),
                        char **text, size_t *len)
{
    const struct look look = {.glyphs = style_glyphs(style),
                              .utf8 = utf8,
                              .args = true,
                              .kthreads = true,
                              .labels = true};
    FILE *out = open_memstream(text, len);

    CHECK(out);
    CHECK(render(selection, &look, out) == 0);
    CHECK(fclose(out) == 0);
    return check_harmless(*text, *len, render == render_list);
}

/* A table of the columns that have the most to go wrong. Returns its lines, without the heading. */
static size_t print_table(const struct selection *selection, bool summary, const char *list,
                          const char *sort)
{
    struct columns columns = {.namespaces = summary};
    const struct look look = {.glyphs = style_glyphs(STYLE_AUTO),
                              .utf8 = true,
                              .kthreads = true,
                              .summary = summary,
                              .labels = true,
                              .columns = &columns};
    char *text;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    CHECK(out);
    CHECK(columns_parse(&columns, list, NULL) == 0);
    CHECK(columns_parse_sort(&columns, sort, NULL) == 0);
    CHECK(render_table(selection, &look, out) == 0);
    CHECK(fclose(out) == 0);
    size_t lines = check_harmless(text, len, false);
    free(text);
    CHECK(lines > 0);
    return lines - 1;
}

/* One line for each process; and for each namespace, and each container that shares one. */
static void print_tables(const struct selection *selection, bool whole)
{
    const struct nstree_ns *root = nstree_root(selection->tree);
    size_t processes = print_table(
        selection, false, "nspid,name,start,age,rss,cpu,state,container,cid,marks,args", "-marks");
    size_t spaces =
        print_table(selection, true,
                    "label,inside,rssall,cpuall,zombies,owner,nsid,kind,marks,command", "label");
    size_t containers;

    nstree_containers(selection->tree, &containers);
    CHECK(!whole || processes == root->n_inside);
    CHECK(!whole || (spaces > root->below && spaces <= root->below + 1 + containers));
}

void print_all(const struct selection *selection, struct prints *out)
{
    const struct nstree_ns *root = nstree_root(selection->tree);
    bool whole = !selection_is_paths(selection) && selection->namespaces[0] == SHOWN_MEMBERS;
    char *ascii;
    size_t len;

    print_one(selection, STYLE_UNICODE, true, render_tree, &ascii, &len);
    free(ascii);
    print_one(selection, STYLE_ASCII, false, render_tree, &ascii, &len);
    for (size_t i = 0; i < len; i++)
        CHECK((unsigned char)ascii[i] < 0x7f);
    free(ascii);
    size_t lines =
        print_one(selection, STYLE_HANGUL, true, render_tree, &out->tree, &out->tree_len);
    CHECK(!whole || lines == root->below + 1 + root->n_inside);
    lines = print_one(selection, STYLE_AUTO, true, render_list, &out->list, &out->list_len);
    CHECK(!whole || lines == root->n_inside);
    print_one(selection, STYLE_AUTO, true, render_openmetrics, &ascii, &len);
    free(ascii);
    print_one(selection, STYLE_AUTO, true, render_json, &out->json, &out->json_len);
    print_tables(selection, whole);
}

void prints_free(struct prints *prints)
{
    free(prints->tree);
    free(prints->list);
    free(prints->json);
}

static void report_nothing(const char *what)
{
    CHECK(what[0]);
}

void select_part(const struct nstree *tree, const struct options *options, struct selection *out)
{
    CHECK(selection_make(tree, options, report_nothing, out) == 0);
}

void select_all(const struct nstree *tree, struct selection *out)
{
    const struct options all = {0};

    select_part(tree, &all, out);
}

int load_text(const char *text, size_t len, struct nstree **out)
{
    struct nstree *untouched = *out;
    struct nstree_error err;
    int fd = memfd_create("recording", MFD_CLOEXEC);

    CHECK(fd >= 0);
    CHECK(len == 0 || write(fd, text, len) == (ssize_t)len);
    CHECK(lseek(fd, 0, SEEK_SET) == 0);
    memset(&err, 0, sizeof err);
    int rc = nstree_load(fd, out, &err);
    CHECK(rc == 0 || rc == -EBADMSG || rc == -EOPNOTSUPP || rc == -ENOMEM);
    if (rc != 0) {
        CHECK(*out == untouched);
        CHECK(err.text[0] && memchr(err.text, '\0', sizeof err.text));
    }
    close(fd);
    return rc;
}

static void check_same(const char *a, size_t a_len, const char *b, size_t b_len)
{
    if (a_len != b_len || memcmp(a, b, a_len) != 0)
        fprintf(stderr, "%s\ndiffers from what was loaded:\n%s\n", a, b);
    CHECK(a_len == b_len && memcmp(a, b, a_len) == 0);
}

void check_round_trip(const struct prints *prints)
{
    struct nstree *tree = NULL;
    struct selection selection;
    struct prints again;

    CHECK(load_text(prints->json, prints->json_len, &tree) == 0);
    check_tree(tree);
    select_all(tree, &selection);
    print_all(&selection, &again);
    check_same(prints->tree, prints->tree_len, again.tree, again.tree_len);
    check_same(prints->list, prints->list_len, again.list, again.list_len);
    check_same(prints->json, prints->json_len, again.json, again.json_len);
    prints_free(&again);
    selection_free(&selection);
    nstree_free(tree);
}
