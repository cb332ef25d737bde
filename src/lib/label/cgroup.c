/* SPDX-License-Identifier: MIT */
#include "label/cgroup.h"

#include <string.h>

#include "base/number.h"

/* The state of a walk down a path. */
struct walk {
    struct text parent, grandparent; /* the components above */
    struct text pod;                 /* the UID, if the parent is a pod's */
    bool kubepods, nomad;            /* seen above */
    bool in_container;               /* the parent names a container */
    unsigned depth;
};

/* The UID in `pod<UID>` or `…-pod<UID>.slice`; that of a static pod has no dashes. */
static struct text pod_uid(struct text component)
{
    struct text rest = text_without(component, ".slice");
    const char *dash = rest.len > 0 ? memrchr(rest.at, '-', rest.len) : NULL;

    /* A slice has underscores in place of the dashes of the UID. */
    if (rest.len != component.len && dash)
        rest = text_skip(rest, (size_t)(dash - rest.at) + 1);
    if (!text_starts(rest, "pod") || rest.len < 3 + 32 || rest.len > 3 + 36)
        return (struct text){0};
    return text_skip(rest, 3);
}

/* Components that end in a container's ID, apart from `.scope`. */
static const struct {
    enum kind kind;
    bool in_pod;        /* only directly below a pod */
    const char *parent; /* only directly below a component of this name */
    const char *prefix;
} id_components[] = {
    {KIND_K8S, true, NULL, "cri-containerd-"}, {KIND_K8S, true, NULL, "crio-"},
    {KIND_K8S, true, NULL, "docker-"},         {KIND_K8S, true, NULL, ""},
    {KIND_DOCKER, false, NULL, "docker-"},     {KIND_DOCKER, false, "docker", ""},
    {KIND_PODMAN, false, NULL, "libpod-"},     {KIND_PODMAN, false, NULL, "libpod-payload-"},
};

static bool by_id(const struct walk *walk, struct text component, struct cgroup *out)
{
    struct text word = text_without(component, ".scope");

    for (size_t i = 0; i < sizeof id_components / sizeof *id_components; i++) {
        const char *prefix = id_components[i].prefix, *parent = id_components[i].parent;

        if ((id_components[i].in_pod && walk->pod.len == 0) ||
            (parent && !text_is(walk->parent, parent)) || !text_starts(word, prefix) ||
            !text_is_id(text_skip(word, strlen(prefix))))
            continue;
        out->kind = id_components[i].kind;
        out->id = text_skip(word, strlen(prefix));
        out->pod = walk->pod;
        if (text_starts(walk->parent, "ecstasks-"))
            out->task = text_skip(text_without(walk->parent, ".slice"), strlen("ecstasks-"));
        return true;
    }
    return false;
}

/* Components that have a name, or an ID with a meaning of its own. */
static bool by_name(const struct walk *walk, struct text component, struct cgroup *out)
{
    struct text word = text_without(component, ".scope"), uuid = {word.at, 36};

    if (text_is(walk->grandparent, "ecs") && text_is_id(component)) {
        *out = (struct cgroup){.kind = KIND_DOCKER, .id = component, .task = walk->parent};
    } else if (text_starts(component, "lxc.payload.")) {
        *out = (struct cgroup){.kind = KIND_LXC, .name = text_skip(component, 12)};
    } else if (text_is(component, "payload") && text_starts(walk->parent, "machine-") &&
               text_ends(walk->parent, ".scope")) {
        *out = (struct cgroup){.kind = KIND_NSPAWN,
                               .name = text_skip(text_without(walk->parent, ".scope"), 8)};
    } else if (walk->nomad && word.len > 37 && text_is_uuid(uuid) && word.at[36] == '.') {
        *out = (struct cgroup){.kind = KIND_NOMAD, .name = text_skip(word, 37), .id = {word.at, 8}};
    }
    return out->kind != KIND_NONE;
}

/*
 * Whether the parent of a container of Podman names its pod: `POD`, or `…-libpod_pod_POD.slice`
 * where systemd makes the cgroups (platformMakePod() in Podman's libpod/runtime_pod_linux.go).
 */
static bool is_podman_pod(const struct walk *walk)
{
    struct text slice = text_without(walk->parent, ".slice");

    return !walk->in_container &&
           (text_is_id(walk->parent) || text_is_id(text_after(slice, "-libpod_pod_")));
}

static void walk_cgroup(struct text path, struct cgroup *deepest)
{
    struct walk walk = {0};
    const char *begin = path.at;
    struct text component;

    while (text_next(&path, '/', &component)) {
        struct cgroup here = {0};

        walk.depth++;
        if ((by_id(&walk, component, &here) || by_name(&walk, component, &here)) &&
            walk.depth > deepest->depth) {
            here.depth = walk.depth;
            here.path = (struct text){begin, (size_t)(component.at + component.len - begin)};
            here.in_pod = here.pod.len > 0 || here.task.len > 0 ||
                          (here.kind == KIND_PODMAN && is_podman_pod(&walk));
            *deepest = here;
        }
        walk.in_container = here.kind != KIND_NONE;
        walk.kubepods = walk.kubepods || text_after(component, "kubepods").at;
        walk.nomad = walk.nomad || text_is(component, "nomad") || text_is(component, "nomad.slice");
        walk.pod = pod_uid(component);
        walk.pod.len = walk.kubepods ? walk.pod.len : 0;
        walk.grandparent = walk.parent;
        walk.parent = component;
    }
}

/* The path of a line `ID:CONTROLLERS:PATH`. */
static struct text cgroup_path(struct text line)
{
    struct text skipped;

    text_next(&line, ':', &skipped);
    text_next(&line, ':', &skipped);
    return line;
}

struct cgroup cgroup_deepest(struct text lines)
{
    struct cgroup deepest = {0};
    struct text line;

    while (text_next(&lines, '\n', &line))
        walk_cgroup(cgroup_path(line), &deepest);
    return deepest;
}

uint64_t cgroup_identity(const struct cgroup *cgroup)
{
    uint64_t hash = hash_bytes(HASH_BEGIN, cgroup->path.at, cgroup->path.len);

    return cgroup->kind == KIND_NONE ? 0 : hash | 1;
}

struct cgroup cgroup_around(const struct cgroup *cgroup)
{
    struct cgroup around = {0};
    struct text path = cgroup->path;

    path.len -= text_base(path).len;
    walk_cgroup(path, &around);
    return around;
}

/* UID of `user-UID.slice`, else 0. */
static uint32_t slice_user(struct text component)
{
    struct text digits = text_without(component, ".slice");
    uint32_t uid;

    if (digits.len == component.len || !text_starts(digits, "user-"))
        return 0;
    digits = text_skip(digits, strlen("user-"));
    return parse_u32(digits.at, digits.len, UINT32_MAX - 1, &uid) == 0 ? uid : 0;
}

uint32_t cgroup_user(struct text lines)
{
    struct text line, component;

    while (text_next(&lines, '\n', &line)) {
        struct text path = cgroup_path(line);

        while (text_next(&path, '/', &component)) {
            uint32_t uid = slice_user(component);

            if (uid != 0)
                return uid;
        }
    }
    return 0;
}

/* The path that says most: that of version 2 of cgroups, unless a process is at its root there,
 * then that of systemd's own hierarchy, then the longest. */
static struct text chief_path(struct text lines)
{
    struct text line, unified = {0}, systemd = {0}, longest = {0};

    while (text_next(&lines, '\n', &line)) {
        struct text path = cgroup_path(line), head = {line.at, line.len - path.len};

        if (text_is(head, "0::"))
            unified = path;
        else if (text_ends(head, ":name=systemd:"))
            systemd = path;
        if (path.len > longest.len)
            longest = path;
    }
    return unified.len > 1 ? unified : systemd.len > 1 ? systemd : longest;
}

struct text cgroup_leaf(struct text lines)
{
    return text_base(chief_path(lines));
}

struct text cgroup_service(struct text lines)
{
    struct text path = chief_path(lines), component, service = {0};

    while (text_next(&path, '/', &component)) {
        if (text_ends(component, ".service"))
            service = component;
        else if (text_ends(component, ".scope") || text_ends(component, ".slice"))
            service.len = 0;
    }
    return text_without(service, ".service");
}
