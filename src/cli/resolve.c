/* SPDX-License-Identifier: MIT */
#include "cli/resolve.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/number.h"
#include "cli/pids.h"

/* Fewer digits of an ID say too little. */
#define ID_DIGITS_MIN 4

void resolved_free(struct resolved *resolved)
{
    free(resolved->things);
}

int resolved_add(struct resolved *out, enum what what, struct thing thing)
{
    struct thing *things = array_room(out->things, &out->capacity, out->n + 1, sizeof *things);

    if (!things)
        return -ENOMEM;
    out->what = what;
    out->things = things;
    things[out->n++] = thing;
    return 0;
}

static int add_process(struct resolved *out, enum what what, const struct nstree_process *process)
{
    return process ? resolved_add(out, what, (struct thing){.process = process}) : 0;
}

/* What follows the name of a pod, or of a container in one, in NAMESPACE/POD/CONTAINER. */
static bool is_in_pod(const struct nstree_container *container, const char *text)
{
    size_t len = strlen(container->k8s_namespace), pod = strlen(container->pod);

    if (strncmp(text, container->k8s_namespace, len) != 0 || text[len] != '/')
        return false;
    text += len + 1;
    if (strncmp(text, container->pod, pod) != 0)
        return false;
    text += pod;
    return *text == '\0' ||
           (*text == '/' && container->name && strcmp(text + 1, container->name) == 0);
}

static bool bears_name(const struct nstree_container *container, const char *text)
{
    if (container->name && strcmp(container->name, text) == 0)
        return true;
    if (!container->pod)
        return false;
    return strcmp(container->pod, text) == 0 ||
           (container->k8s_namespace && is_in_pod(container, text));
}

static bool bears_id(const struct nstree_container *container, const char *text)
{
    size_t len = strlen(text);

    if (!container->id)
        return false;
    if (strcmp(container->id, text) == 0)
        return true;
    return len >= ID_DIGITS_MIN && strspn(text, "0123456789abcdef") == len &&
           strncmp(container->id, text, len) == 0;
}

/* What follows the kind of a container in `KIND NAME` or `KIND:NAME`; NULL: something else is
 * there. Labels write some kinds in capitals. */
static const char *skip_kind(const struct nstree_container *container, const char *text)
{
    size_t len = strlen(container->kind);

    if (strncasecmp(text, container->kind, len) != 0 || (text[len] != ' ' && text[len] != ':'))
        return NULL;
    return text + len + 1;
}

/* Adds the containers that `bears` says yes to, by this text or by what follows a kind in it. */
static int add_bearers(const struct nstree *tree, const char *text,
                       bool (*bears)(const struct nstree_container *, const char *),
                       struct resolved *out)
{
    size_t n;
    const struct nstree_container *containers = nstree_containers(tree, &n);
    int rc = 0;

    for (size_t i = 0; i < n && rc == 0; i++) {
        const char *rest = skip_kind(&containers[i], text);

        if (bears(&containers[i], text) || (rest && bears(&containers[i], rest)))
            rc = resolved_add(out, WHAT_CONTAINER, (struct thing){.container = &containers[i]});
    }
    return rc;
}

/* By name all that bear it, by ID only one. The whole of an ID is no other's beginning. */
static int resolve_container(const struct nstree *tree, const char *text, struct resolved *out)
{
    int rc = add_bearers(tree, text, bears_name, out);

    if (rc != 0 || out->n > 0)
        return rc;
    rc = add_bearers(tree, text, bears_id, out);
    for (size_t i = 1; i < out->n; i++) {
        if (strcmp(out->things[i].container->id, out->things[0].container->id) != 0)
            out->what = WHAT_SEVERAL;
    }
    return rc;
}

/* A namespace by the ID that nstree prints. */
static const struct nstree_ns *find_id(const struct nstree *tree, const char *text)
{
    const struct nstree_ns *root = nstree_root(tree);
    char id[NSTREE_ID_SIZE];

    for (size_t i = 0; i <= root->below; i++) {
        if (root[i].inode == 0 && strcmp(nstree_ns_id(&root[i], id), text) == 0)
            return &root[i];
    }
    return NULL;
}

static const struct nstree_process *find_root_pid(const struct nstree *tree, const char *text)
{
    uint32_t pid;

    return pids_parse(text, strlen(text), &pid) == 0
               ? nstree_find_process(tree, nstree_root(tree), pid)
               : NULL;
}

/* A namespace that is no container's: INODE, pid:[INODE], a path, ?ID, of=PID. */
static int resolve_plain_ns(const struct nstree *tree, const struct ns_operand *operand,
                            struct resolved *out)
{
    const struct nstree_ns *ns = operand->inode ? nstree_find_ns(tree, operand->inode) : NULL;

    if (!ns && operand->text[0] == '?')
        ns = find_id(tree, operand->text);
    if (!ns && strncmp(operand->text, "of=", 3) == 0) {
        const struct nstree_process *process = find_root_pid(tree, operand->text + 3);

        ns = process ? process->ns : NULL;
    }
    return ns ? resolved_add(out, WHAT_NS, (struct thing){.ns = ns}) : 0;
}

int resolve_ns(const struct nstree *tree, const struct ns_operand *operand, struct resolved *out)
{
    int rc = resolve_plain_ns(tree, operand, out);

    return rc != 0 || out->n > 0 ? rc : resolve_container(tree, operand->text, out);
}

/* Whether the process with this PID in the root is in `ns` or below it. */
static bool has_root_pid(const struct nstree *tree, const struct nstree_ns *ns, uint32_t pid)
{
    const struct nstree_process *process = nstree_find_process(tree, nstree_root(tree), pid);

    return process && nstree_number_in(process, ns) != 0;
}

/* NAME:PID. */
static int resolve_pair(const struct nstree *tree, const char *text, struct resolved *out)
{
    const char *colon = strrchr(text, ':');
    AUTO_RESOLVED struct resolved places = {0};
    uint32_t pid;

    if (!colon || colon == text || pids_parse(colon + 1, strlen(colon + 1), &pid) != 0)
        return 0;
    AUTO_FREE char *name = strndup(text, (size_t)(colon - text));
    if (!name)
        return -ENOMEM;
    struct ns_operand place = {.text = name};
    (void)options_inode(name, strlen(name), &place.inode);
    int rc = resolve_ns(tree, &place, &places);
    for (size_t i = 0; i < places.n && rc == 0; i++) {
        const struct nstree_ns *ns = resolve_inside(&places.things[i]);

        if (!ns)
            continue;
        if (!out->inside || has_root_pid(tree, ns, pid))
            out->inside = ns;
        out->pid = pid;
        rc = add_process(out, WHAT_INSIDE, nstree_find_process(tree, ns, pid));
    }
    return rc;
}

/* Whether a process has this PID at a level below the root. */
static bool has_number(const struct nstree_process *process, uint32_t pid)
{
    for (size_t level = 1; level < process->levels; level++) {
        if (process->nspid[level] == pid)
            return true;
    }
    return false;
}

static int resolve_level(const struct nstree *tree, const char *text, struct resolved *out)
{
    const struct nstree_ns *root = nstree_root(tree);
    uint32_t pid;
    int rc = 0;

    if (pids_parse(text, strlen(text), &pid) != 0)
        return 0;
    for (size_t i = 0; i < root->n_inside && rc == 0; i++) {
        if (has_number(&root->members[i], pid))
            rc = add_process(out, WHAT_LEVEL, &root->members[i]);
    }
    out->pid = pid;
    return rc;
}

static int resolve_name(const struct nstree *tree, const char *text, struct resolved *out)
{
    const struct nstree_ns *root = nstree_root(tree);
    int rc = 0;

    for (size_t i = 0; i < root->n_inside && rc == 0; i++) {
        if (strcmp(root->members[i].name, text) == 0)
            rc = add_process(out, WHAT_NAME, &root->members[i]);
    }
    return rc;
}

/* A PID of the root, or a thread's number, whose process was looked up before. */
static int resolve_pid(const struct nstree *tree, const struct ns_operand *operand,
                       struct resolved *out)
{
    const struct nstree_process *process = find_root_pid(tree, operand->text);

    if (!process && operand->process)
        process = nstree_find_process(tree, nstree_root(tree), operand->process);
    return add_process(out, WHAT_PID, process);
}

int resolve_what(const struct nstree *tree, const struct ns_operand *operand, struct resolved *out)
{
    int rc = resolve_pair(tree, operand->text, out);

    if (rc == 0 && out->n == 0)
        rc = resolve_pid(tree, operand, out);
    if (rc == 0 && out->n == 0)
        rc = resolve_plain_ns(tree, operand, out);
    if (rc == 0 && out->n == 0)
        rc = resolve_level(tree, operand->text, out);
    if (rc == 0 && out->n == 0)
        rc = resolve_container(tree, operand->text, out);
    if (rc == 0 && out->n == 0)
        rc = resolve_name(tree, operand->text, out);
    if (rc == 0 && out->n == 0)
        out->what = out->inside ? WHAT_INSIDE : WHAT_NOTHING;
    return rc;
}
