/* SPDX-License-Identifier: MIT */
#include "label/names.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "label/notes.h"

/* `k8s_CONTAINER_POD_NAMESPACE_UID_ATTEMPT`: CRI-O's name for conmon, and the kubelet's for
 * Docker. */
static bool take_k8s_name(struct text word, struct found *found)
{
    struct text prefix, container, pod, space;

    if (!text_next(&word, '_', &prefix) || !text_is(prefix, "k8s") ||
        !text_next(&word, '_', &container) || !text_next(&word, '_', &pod) ||
        !text_next(&word, '_', &space) || pod.len == 0 || space.len == 0)
        return false;
    bool sandbox = text_is(container, "POD") || container.len == 0;
    found->kind = KIND_K8S;
    found->id[0] = '\0';
    snprintf(found->name, sizeof found->name, "%.*s/%.*s%s%.*s%s", (int)space.len, space.at,
             (int)pod.len, pod.at, sandbox ? "" : "/", sandbox ? 0 : (int)container.len,
             container.at, sandbox ? " (sandbox)" : "");
    found->note[0] = '\0';
    return true;
}

static const char *annotation(const json_t *config, const char *name)
{
    const json_t *annotations = json_object_get(config, "annotations");
    char key[64];

    snprintf(key, sizeof key, "io.kubernetes.cri.%s", name);
    return json_string_value(json_object_get(annotations, key));
}

/* What containerd's CRI notes in the bundle of a container, or of the pod's sandbox. */
static bool take_annotations(struct text file, struct found *found)
{
    json_t *config = file.len > 0 ? json_loadb(file.at, file.len, 0, NULL) : NULL;
    const char *space = annotation(config, "sandbox-namespace");
    const char *pod = annotation(config, "sandbox-name");
    const char *container = annotation(config, "container-name");
    const char *type = annotation(config, "container-type");
    bool known = space && pod;

    if (known) {
        bool sandbox = type && strcmp(type, "sandbox") == 0;

        snprintf(found->name, sizeof found->name, "%s/%s%s%s%s", space, pod,
                 container && !sandbox ? "/" : "", container && !sandbox ? container : "",
                 sandbox ? " (sandbox)" : "");
        found->id[0] = found->note[0] = '\0';
    }
    json_decref(config);
    return known;
}

/* Whether a note of an init's PID is of another one: it counts where the engine runs. */
static bool is_other(const struct trial *trial, json_int_t pid)
{
    return pid != 0 && pid != trial->outer_pid && pid != trial->evidence[WHO_INIT]->pid;
}

/* A container's name in Docker's notes of it. *refuted where they are of another process: an orphan
 * in a container without a PID namespace of its own (--pid=host), say. */
static bool take_docker_config(const struct trial *trial, struct text file, struct found *found,
                               bool *refuted)
{
    json_t *config = file.len > 0 ? json_loadb(file.at, file.len, 0, NULL) : NULL;
    const char *name = json_string_value(json_object_get(config, "Name"));
    const json_t *state = json_object_get(config, "State");

    *refuted = is_other(trial, json_integer_value(json_object_get(state, "Pid")));
    if (name) {
        struct text word = text_of(name[0] == '/' ? name + 1 : name);

        if (!take_k8s_name(word, found))
            text_copy(found->name, sizeof found->name, word);
    }
    json_decref(config);
    return name != NULL;
}

/*
 * Where Docker keeps its notes, if not in the usual place: it binds a container's hostname file
 * from there. What a mount says of that is a path within a file system; the shim's mounts say where
 * that is to be found. Returns false where it cannot be told.
 */
static bool docker_directory(struct trial *trial, const char *id, char *out, size_t size)
{
    struct mount bind, next, best = {0};
    char end[96], root[400], point[200];

    snprintf(end, sizeof end, "/containers/%s/hostname", id);
    if (!mount_at(trial_get(trial, WHO_INIT, FACT_MOUNTS), "/etc/hostname", &bind) ||
        !text_ends(bind.root, end))
        return false;
    struct text rest = trial_get(trial, WHO_PARENT, FACT_MOUNTS);
    while (mount_next(&rest, &next)) {
        struct text inside = text_skip(bind.root, next.root.len);
        bool above =
            text_is(next.root, "/") || (bind.root.len > next.root.len && inside.at[0] == '/' &&
                                        memcmp(bind.root.at, next.root.at, next.root.len) == 0);

        if (text_equal(next.device, bind.device) && above && next.root.len >= best.root.len)
            best = next;
    }
    if (!best.point.at)
        return false;
    struct text inside = text_is(best.root, "/") ? bind.root : text_skip(bind.root, best.root.len);
    text_unescape_mount(root, sizeof root, text_without(inside, "/hostname"));
    text_unescape_mount(point, sizeof point, best.point);
    return snprintf(out, size, "%s%s/config.v2.json", strcmp(point, "/") == 0 ? "" : point, root) <
           (int)size;
}

bool names_docker(struct trial *trial, struct found *found)
{
    char path[400];
    bool refuted;

    if (!text_is_id(text_of(found->id)))
        return true;
    snprintf(path, sizeof path, "/var/lib/docker/containers/%s/config.v2.json", found->id);
    if (take_docker_config(trial, trial_file(trial, WHO_PARENT, path), found, &refuted) ||
        trial->missing)
        return !refuted;
    /* The way to the other place is the container's to say: none for privileges that are borrowed
     * if it could mount something of its own there. */
    if (trial->borrowed && !trial_in_user_ns(trial, WHO_INIT))
        return true;
    if (docker_directory(trial, found->id, path, sizeof path) && !trial->missing)
        take_docker_config(trial, trial_file(trial, WHO_PARENT, path), found, &refuted);
    return !refuted;
}

static bool is_pause(const struct trial *trial)
{
    return trial_is_named(trial, WHO_INIT, "pause") || trial_is_named(trial, WHO_INIT, "catatonit");
}

/* By what is above the container: conmon's words, Docker's notes, containerd's bundle; else by its
 * pod's uid. */
bool names_k8s(struct trial *trial, struct found *found)
{
    struct text shim = trial_parent_args(trial, "containerd-shim"), cwd;
    char base[300] = "/run/containerd/io.containerd.runtime.v2.task/k8s.io", path[400], pod[96];

    if (trial->missing ||
        take_k8s_name(args_value(trial_parent_args(trial, "conmon"), "-n"), found))
        return true;
    if (text_is(args_value(shim, "-namespace"), "moby")) {
        if (!names_docker(trial, found))
            return false;
    } else if (shim.len > 0 && found->id[0]) {
        cwd = trial_get(trial, WHO_PARENT, FACT_CWD); /* the bundle of the pod's sandbox */
        struct text last = text_base(cwd);
        if (cwd.len > last.len + 1)
            text_copy(base, sizeof base, (struct text){cwd.at, cwd.len - last.len - 1});
        snprintf(path, sizeof path, "%s/%s/config.json", base, found->id);
        if (!trial->missing)
            take_annotations(trial_file(trial, WHO_PARENT, path), found);
    }
    if (found->name[0] == '\0') {
        text_copy(pod, sizeof pod, text_of(found->note));
        snprintf(found->name, sizeof found->name, "pod%s%s%s", is_pause(trial) ? " sandbox" : "",
                 pod[0] ? " " : "", pod);
        found->note[0] = '\0';
    }
    return true;
}

/* The name of the container with this id in the storage of Podman, Buildah and CRI-O. */
static void take_storage(struct trial *trial, struct text file, struct found *found)
{
    struct notes own = {0}, *notes = trial->notes ? trial->notes : &own;
    const char *name = notes_name(notes, file, found->id);

    if (name)
        text_copy(found->name, sizeof found->name, text_of(name));
    notes_free(&own);
}

void names_containerenv(struct text file, struct found *found)
{
    struct text id = containerenv_value(file, "id");

    text_copy(found->name, sizeof found->name, containerenv_value(file, "name"));
    if (text_is_id(id))
        text_copy(found->id, sizeof found->id, id);
}

bool names_podman(struct trial *trial, struct found *found)
{
    if (found->name[0])
        return true;
    struct text args = trial_parent_args(trial, "conmon"), name = args_value(args, "-n");

    if (name.len > 0 && text_is(args_value(args, "-c"), found->id))
        text_copy(found->name, sizeof found->name, name);
    else if (!trial->missing && found->id[0])
        take_storage(trial,
                     trial_file(trial, WHO_PARENT,
                                "/var/lib/containers/storage/overlay-containers/containers.json"),
                     found);
    return true;
}

bool names_lxc_monitor(struct trial *trial, struct text *path, struct text *name)
{
    static const char title[] = "[lxc monitor] ";
    const struct evidence *parent = trial->evidence[WHO_PARENT];

    if (!parent || (strncmp(parent->name, "lxc", 3) != 0 && strncmp(parent->name, "lxd", 3) != 0 &&
                    strncmp(parent->name, "incus", 5) != 0))
        return false;
    struct text word = args_first(trial_get(trial, WHO_PARENT, FACT_CMDLINE));
    if (!text_starts(word, title))
        return false;
    word = text_skip(word, strlen(title));
    const char *space = word.len > 0 ? memrchr(word.at, ' ', word.len) : NULL;
    if (!space)
        return false;
    *path = (struct text){word.at, (size_t)(space - word.at)};
    *name = text_skip(word, path->len + 1);
    return name->len > 0;
}

/* The monitor knows the name (a cgroup's may have a number behind it) and who runs LXC. */
bool names_lxc(struct trial *trial, struct found *found)
{
    static const struct {
        const char *part;
        enum kind kind;
    } paths[] = {{"/lxd/", KIND_LXD}, {"/incus/", KIND_INCUS}, {"/waydroid/", KIND_WAYDROID}};
    struct text path, name;
    char whole[400];

    if (!names_lxc_monitor(trial, &path, &name))
        return true;
    text_copy(found->name, sizeof found->name, name);
    snprintf(whole, sizeof whole, "%.*s/", (int)(path.len < 390 ? path.len : 390), path.at);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        if (strstr(whole, paths[i].part))
            found->kind = paths[i].kind;
    }
    return true;
}

/* Where systemd is the init, WSL's own is process 2. */
bool names_wsl(struct trial *trial, struct found *found)
{
    struct text name = {0};

    if (found->name[0])
        return true;
    if (trial->evidence[WHO_SECOND])
        name = environ_value(trial_get(trial, WHO_SECOND, FACT_ENVIRON), "WSL2_DISTRO_NAME");
    text_copy(found->name, sizeof found->name, name.len > 0 ? name : text_of("distribution"));
    return true;
}

bool names_firejail(struct trial *trial, struct found *found)
{
    char path[64];

    snprintf(path, sizeof path, "/run/firejail/name/%u",
             (unsigned)trial->evidence[WHO_PARENT]->pid);
    struct text name = trial_file(trial, WHO_PARENT, path), line;
    if (text_next(&name, '\n', &line))
        text_copy(found->name, sizeof found->name, line);
    return true;
}

bool names_buildah(struct trial *trial, struct found *found)
{
    if (!found->name[0])
        names_containerenv(trial_file(trial, WHO_INIT, "/run/.containerenv"), found);
    return true;
}

/* Whether a runtime's state says that this is its container's init. */
static bool has_init(const struct trial *trial, struct text file, const char *member)
{
    json_t *state = file.len > 0 ? json_loadb(file.at, file.len, 0, NULL) : NULL;
    json_int_t pid = json_integer_value(json_object_get(state, member));

    json_decref(state);
    return pid != 0 && (pid == trial->outer_pid || pid == trial->evidence[WHO_INIT]->pid);
}

bool names_runtime(struct trial *trial, struct found *found)
{
    static const struct {
        enum kind kind;
        const char *prefix, *directory, *file, *member;
    } runtimes[] = {
        {KIND_RUNC, "runc-", "/run/runc", "state.json", "init_process_pid"},
        {KIND_CRUN, "crun-", "/run/crun", "status", "pid"},
    };

    for (size_t i = 0; i < sizeof runtimes / sizeof *runtimes; i++) {
        size_t skip = strlen(runtimes[i].prefix);
        bool scope = strncmp(found->name, runtimes[i].prefix, skip) == 0;
        char path[400], id[320];

        snprintf(id, sizeof id, "%s", found->name + (scope ? skip : 0));
        snprintf(path, sizeof path, "%s/%s/%s", runtimes[i].directory, id, runtimes[i].file);
        bool is = has_init(trial, trial_file(trial, WHO_PARENT, path), runtimes[i].member);
        if (trial->missing)
            return false;
        if (is) {
            found->kind = runtimes[i].kind;
            strcpy(found->name, id);
            return true;
        }
    }
    return false;
}
