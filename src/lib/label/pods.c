/* SPDX-License-Identifier: MIT */
#include "label/pods.h"

#include <stdio.h>
#include <string.h>

/* Finds the only name that ends like this. *rest is what precedes it. */
static bool find_name(struct text names, const char *end, struct text *rest)
{
    struct text name;
    size_t found = 0;

    while (text_next(&names, '\n', &name)) {
        if (!text_ends(name, end))
            continue;
        *rest = text_without(name, end);
        found++;
    }
    return found == 1;
}

/* Whether underscores separate exactly `n` words, none of them empty. */
static bool split(struct text rest, struct text *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!text_next(&rest, '_', words[i]) || words[i]->len == 0)
            return false;
    }
    return rest.len == 0;
}

bool pods_find_container(struct text names, const char *id, struct pod_names *out)
{
    struct text rest, *const words[] = {&out->pod, &out->namespace, &out->container};
    char end[80];

    snprintf(end, sizeof end, "-%s.log", id);
    return text_is_id(text_of(id)) && find_name(names, end, &rest) && split(rest, words, 3);
}

bool pods_find_pod(struct text names, const char *uid, struct pod_names *out)
{
    struct text rest, *const words[] = {&out->namespace, &out->pod};
    char end[80];

    snprintf(end, sizeof end, "_%s", uid);
    return uid[0] && find_name(names, end, &rest) && split(rest, words, 2);
}

/* Takes the last component from a path. */
static struct text take_last(struct text *path)
{
    struct text last = text_base(*path);

    path->len -= last.len;
    *path = text_without(*path, "/");
    return last;
}

struct text pods_mounted_name(struct text mountinfo, const char *uid)
{
    struct mount mount;

    if (!uid[0] || !mount_at(mountinfo, "/dev/termination-log", &mount))
        return (struct text){0};
    struct text path = mount.root;
    take_last(&path);
    struct text name = take_last(&path);
    bool is_containers = text_is(take_last(&path), "containers");
    bool is_uid = text_is(take_last(&path), uid);
    return is_containers && is_uid && text_is(take_last(&path), "pods") ? name : (struct text){0};
}
