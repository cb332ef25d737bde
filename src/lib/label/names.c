/* SPDX-License-Identifier: MIT */
#include "label/names.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "label/cgroup.h"
#include "label/notes.h"
#include "label/pods.h"
#include "nstree.h"

static json_t *load_json(struct text file)
{
    return file.len > 0 ? json_loadb(file.at, file.len, 0, NULL) : NULL;
}

static void name_pod(struct found *found, struct text namespace, struct text pod,
                     struct text container, bool sandbox)
{
    container.len = sandbox ? 0 : container.len;
    text_copy(found->k8s_namespace, sizeof found->k8s_namespace, namespace);
    text_copy(found->pod, sizeof found->pod, pod);
    text_copy(found->name, sizeof found->name, container);
    snprintf(found->shown, sizeof found->shown, "%s/%s%s%.64s%s", found->k8s_namespace, found->pod,
             found->name[0] ? "/" : "", found->name, sandbox ? " (sandbox)" : "");
    found->hides_id = true;
    found->detail[0] = '\0';
}

/* `k8s_CONTAINER_POD_NAMESPACE_UID_ATTEMPT`: so CRI-O calls containers to conmon, and the kubelet
 * to Docker. */
static bool take_k8s_name(struct text word, struct found *found)
{
    struct text prefix, container, pod, namespace;

    if (!text_next(&word, '_', &prefix) || !text_is(prefix, "k8s") ||
        !text_next(&word, '_', &container) || !text_next(&word, '_', &pod) ||
        !text_next(&word, '_', &namespace) || pod.len == 0 || namespace.len == 0)
        return false;
    name_pod(found, namespace, pod, container, text_is(container, "POD") || container.len == 0);
    found->kind = KIND_K8S;
    return true;
}

/* Where an engine keeps the names of a pod, in the annotations of a bundle's configuration. */
struct pod_keys {
    const char *namespace, *pod, *container, *type, *image;
    const char *other_namespace, *other_pod; /* without the first two */
};

/* internal/cri/annotations/annotations.go */
static const struct pod_keys containerd_keys = {
    .namespace = "io.kubernetes.cri.sandbox-namespace",
    .pod = "io.kubernetes.cri.sandbox-name",
    .container = "io.kubernetes.cri.container-name",
    .type = "io.kubernetes.cri.container-type",
    .image = "io.kubernetes.cri.image-name",
};

/* internal/annotations/annotations.go; the first three are labels of the kubelet's, which
 * server/container_create.go adds after all that the author of a pod can choose. */
static const struct pod_keys crio_keys = {
    .namespace = "io.kubernetes.pod.namespace",
    .pod = "io.kubernetes.pod.name",
    .container = "io.kubernetes.container.name",
    .type = "io.kubernetes.cri-o.ContainerType",
    .image = "io.kubernetes.cri-o.ImageName",
    .other_namespace = "io.kubernetes.cri-o.Namespace",
    .other_pod = "io.kubernetes.cri-o.KubeName",
};

static struct text annotation(const json_t *config, const char *key, const char *other)
{
    const json_t *annotations = json_object_get(config, "annotations");
    const char *value = json_string_value(json_object_get(annotations, key));

    if (!value && other)
        value = json_string_value(json_object_get(annotations, other));
    return value ? text_of(value) : (struct text){0};
}

/* Takes the name that an engine keeps in the bundle of a container or of a sandbox. */
static void take_annotations(struct text file, const struct pod_keys *keys, struct found *found)
{
    json_t *config = load_json(file);
    struct text namespace = annotation(config, keys->namespace, keys->other_namespace);
    struct text pod = annotation(config, keys->pod, keys->other_pod);

    text_copy(found->image, sizeof found->image, annotation(config, keys->image, NULL));
    if (namespace.at && pod.at)
        name_pod(found, namespace, pod, annotation(config, keys->container, NULL),
                 text_is(annotation(config, keys->type, NULL), "sandbox"));
    json_decref(config);
}

/* Whether an engine's file has this as the PID of the init: in the namespace of the engine. Any
 * member of a container has another. */
static bool is_init_pid(const struct trial *trial, json_int_t pid)
{
    return trial->member || pid == trial->outer_pid || pid == trial->evidence[WHO_INIT]->pid;
}

/* An engine's note is of another process: this one is an orphan in a container without a PID
 * namespace of its own (--pid=host). */
static bool refute(struct trial *trial)
{
    trial->refuted = true;
    return false;
}

bool names_keeps_container(const char *comm)
{
    return strcmp(comm, "conmon") == 0 || strncmp(comm, "containerd-shim", 15) == 0;
}

/* Whether a process of the same container, or pod, is in the parent namespace: then the container
 * has no PID namespace of its own. */
static bool shares_pids(struct trial *trial)
{
    if (!trial->evidence[WHO_PEER])
        return false;
    struct text lines = trial_get(trial, WHO_INIT, FACT_CGROUP),
                others = trial_get(trial, WHO_PEER, FACT_CGROUP),
                above = trial_get(trial, WHO_PARENT, FACT_CGROUP);
    struct cgroup own = cgroup_deepest(lines), peer = cgroup_deepest(others);
    if (trial->missing || lines.len == 0)
        return false;
    if (own.id.len > 0)
        return text_equal(own.id, peer.id) || (own.pod.len > 0 && text_equal(own.pod, peer.pod));
    return text_equal(lines, others) && !text_equal(lines, above);
}

/* Takes the PID of an init from a file that the parent process finds there. Returns whether it is
 * that of another process. */
static bool has_other_pid(struct trial *trial, struct found *found, const char *path)
{
    struct text file = trial_file(trial, WHO_PARENT, path), line = {0};
    uint32_t pid;

    text_next(&file, '\n', &line);
    if (line.len == 0 || parse_u32(line.at, line.len, NSTREE_PID_LIMIT - 1, &pid) != 0)
        return false;
    found->init = pid;
    return !is_init_pid(trial, pid);
}

/* Takes a container's name from its configuration. *refuted if that is of another process. */
static bool take_docker_config(const struct trial *trial, struct text file, struct found *found,
                               bool *refuted)
{
    json_t *config = load_json(file);
    const char *name = json_string_value(json_object_get(config, "Name"));
    json_int_t pid = json_integer_value(json_object_get(json_object_get(config, "State"), "Pid"));
    const char *image =
        json_string_value(json_object_get(json_object_get(config, "Config"), "Image"));

    *refuted = pid != 0 && !is_init_pid(trial, pid);
    found->init = pid > 0 && pid < NSTREE_PID_LIMIT ? (uint32_t)pid : 0;
    text_copy(found->image, sizeof found->image, image ? text_of(image) : (struct text){0});
    if (name) {
        struct text word = text_of(name[0] == '/' ? name + 1 : name);

        if (!take_k8s_name(word, found))
            text_copy(found->name, sizeof found->name, word);
    }
    json_decref(config);
    return name != NULL;
}

/*
 * Finds the configuration if Docker's data directory is not the usual one. Docker bind-mounts the
 * hostname file from there. mountinfo has its path within its file system; the mounts of the shim
 * show where that file system is. Returns false if they do not.
 */
static bool docker_config_path(struct trial *trial, const char *id, char *out, size_t size)
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

    if (shares_pids(trial))
        return refute(trial);
    if (!text_is_id(text_of(found->id)))
        return true;
    snprintf(path, sizeof path, "/var/lib/docker/containers/%s/config.v2.json", found->id);
    if (take_docker_config(trial, trial_file(trial, WHO_PARENT, path), found, &refuted) ||
        trial->missing)
        return !refuted || refute(trial);
    /* The container could lead borrowed privileges to any file, if it can mount what it likes. */
    if (trial->borrowed && !trial_in_user_ns(trial, WHO_INIT))
        return true;
    if (docker_config_path(trial, found->id, path, sizeof path) && !trial->missing)
        take_docker_config(trial, trial_file(trial, WHO_PARENT, path), found, &refuted);
    return !refuted || refute(trial);
}

static bool is_pause(const struct trial *trial)
{
    return trial_is_named(trial, WHO_INIT, "pause") || trial_is_named(trial, WHO_INIT, "catatonit");
}

/* Whether a container of a pod is its sandbox. containerd's shim knows that ID, and is not asked by
 * name alone: any container can call its init so. */
static bool is_sandbox(struct trial *trial, const char *id)
{
    struct text shim = trial_parent_args(trial, "containerd-shim");

    return is_pause(trial) && (!text_is(args_value(shim, "-namespace"), "k8s.io") ||
                               text_is(args_value(shim, "-id"), id));
}

/* A file in the bundle of a container of containerd's. The shim runs in the bundle of its first
 * container, and the others lie beside that. */
static void bundle_file(struct trial *trial, struct text id, const char *file, char *out,
                        size_t size)
{
    struct text args = trial_parent_args(trial, "containerd-shim");
    struct text namespace = args_value(args, "-namespace"),
                cwd = trial_get(trial, WHO_PARENT, FACT_CWD), last = text_base(cwd);
    char base[300];

    snprintf(base, sizeof base, "/run/containerd/io.containerd.runtime.v2.task/%.*s",
             (int)(namespace.len < 200 ? namespace.len : 200), namespace.at);
    if (cwd.len > last.len + 1)
        text_copy(base, sizeof base, (struct text){cwd.at, cwd.len - last.len - 1});
    snprintf(out, size, "%s/%.*s/%s", base, (int)(id.len < 76 ? id.len : 76), id.at, file);
}

/* nerdctl passes its labels on as annotations (pkg/labels/labels.go). */
static void take_nerdctl(struct text file, struct text namespace, struct text id,
                         struct found *found)
{
    json_t *config = load_json(file);
    struct text name = annotation(config, "nerdctl/name", NULL);

    if (name.len > 0) {
        text_copy(found->id, sizeof found->id, id);
        text_copy(found->name, sizeof found->name, name);
        snprintf(found->shown, sizeof found->shown, "%.*s/%s",
                 (int)(namespace.len < 76 ? namespace.len : 76), namespace.at, found->name);
    }
    json_decref(config);
}

bool names_containerd(struct trial *trial, struct found *found)
{
    struct text args = trial_parent_args(trial, "containerd-shim"), id = args_value(args, "-id");
    char path[400];

    bundle_file(trial, id, "init.pid", path, sizeof path);
    if (has_other_pid(trial, found, path) || shares_pids(trial))
        return refute(trial);
    if (!text_is_id(id))
        return true;
    bundle_file(trial, id, "config.json", path, sizeof path);
    if (!trial->missing)
        take_nerdctl(trial_file(trial, WHO_PARENT, path), args_value(args, "-namespace"), id,
                     found);
    return true;
}

/* conmon's own words, if it is this container's. */
static struct text conmon_args(struct trial *trial, const char *id)
{
    struct text args = trial_parent_args(trial, "conmon");

    args.len = text_is(args_value(args, "-c"), id) ? args.len : 0;
    return args;
}

static bool is_refuted_by_conmon(struct trial *trial, struct found *found, struct text args)
{
    struct text file = args_value(args, "-p");
    char path[400];

    text_copy(path, sizeof path, file);
    return path[0] == '/' && file.len < sizeof path && has_other_pid(trial, found, path);
}

/* The storage in which conmon's bundle is `…-containers/ID/userdata`; empty if it is elsewhere. */
static struct text conmon_storage(struct text args, const char *id)
{
    struct text bundle = args_value(args, "-b"), storage;
    char end[96];

    snprintf(end, sizeof end, "/%s/userdata", id);
    storage = text_without(bundle, end);
    if (!text_starts(bundle, "/") || storage.len == bundle.len)
        storage.len = 0;
    return storage;
}

/* CRI-O's conmon leads to the name by its arguments, or else by its bundle. */
static bool take_crio(struct trial *trial, struct text args, struct found *found)
{
    struct text storage = conmon_storage(args, found->id);
    char path[400];

    if (is_refuted_by_conmon(trial, found, args))
        return refute(trial);
    if (take_k8s_name(args_value(args, "-n"), found) || storage.len == 0 || trial->missing)
        return true;
    if (snprintf(path, sizeof path, "%.*s/%s/userdata/config.json", (int)storage.len, storage.at,
                 found->id) < (int)sizeof path)
        take_annotations(trial_file(trial, WHO_PARENT, path), &crio_keys, found);
    return true;
}

/* The parent process leads to the name: conmon, Docker by its configuration, containerd by its
 * bundle. Returns false if its notes are of another process. */
static bool take_pod(struct trial *trial, struct found *found)
{
    struct text shim = trial_parent_args(trial, "containerd-shim");
    struct text conmon = conmon_args(trial, found->id);
    char path[400];

    if (conmon.len > 0)
        return take_crio(trial, conmon, found);
    if (text_is(args_value(shim, "-namespace"), "moby"))
        return names_docker(trial, found);
    if (shim.len == 0 || !found->id[0])
        return true;
    /* The shim's own ID is that of the sandbox, and its init may be of any container in the pod. */
    bundle_file(trial, text_of(found->id), "init.pid", path, sizeof path);
    if ((trial->member || !text_is(args_value(shim, "-id"), found->id)) &&
        has_other_pid(trial, found, path))
        return refute(trial);
    bundle_file(trial, text_of(found->id), "config.json", path, sizeof path);
    if (!trial->missing)
        take_annotations(trial_file(trial, WHO_PARENT, path), &containerd_keys, found);
    return true;
}

/* What the kubelet leaves for everybody to read: by the ID in the cgroup or, which a sandbox and a
 * container with a long name need, by the UID of the pod there. Nobody but root must have chosen
 * these. The mounts are the container's own claim, and count for no other pod than that. */
static void take_logged_pod(struct trial *trial, struct found *found)
{
    struct pod_names names = {0};
    char uid[sizeof found->detail];

    if (!found->id[0] || !trial_started_by_root(trial))
        return;
    text_copy(uid, sizeof uid, text_of(found->detail));
    if (pods_find_container(trial_names(trial, WHO_PARENT, PODS_CONTAINER_LOGS), found->id,
                            &names)) {
        name_pod(found, names.namespace, names.pod, names.container, false);
    } else if (pods_find_pod(trial_names(trial, WHO_PARENT, PODS_LOGS), uid, &names)) {
        struct text container = pods_mounted_name(trial_get(trial, WHO_INIT, FACT_MOUNTS), uid);

        name_pod(found, names.namespace, names.pod, container, is_sandbox(trial, found->id));
        found->hides_id = found->name[0] || is_sandbox(trial, found->id);
    }
}

/* Otherwise the UID of the pod has to do. */
bool names_k8s(struct trial *trial, struct found *found)
{
    if (trial->refuted || shares_pids(trial) || !take_pod(trial, found))
        return refute(trial);
    if (found->shown[0] == '\0' && found->name[0] == '\0')
        take_logged_pod(trial, found);
    if (found->shown[0] == '\0' && found->name[0] == '\0') {
        snprintf(found->shown, sizeof found->shown, "pod%s%s%s",
                 is_sandbox(trial, found->id) ? " sandbox" : "", found->detail[0] ? " " : "",
                 found->detail);
        found->detail[0] = '\0';
    }
    return true;
}

/* The list of the storage. */
static void podman_list(struct text args, const char *id, char *out, size_t size)
{
    struct text storage = conmon_storage(args, id);

    if (storage.len == 0 || storage.len > 360)
        storage = text_of("/var/lib/containers/storage/overlay-containers");
    snprintf(out, size, "%.*s/containers.json", (int)storage.len, storage.at);
}

/* The list knows when a container was renamed. conmon has the name of the start. */
static bool names_podman(struct trial *trial, struct found *found)
{
    char path[400];

    if (!found->id[0])
        return true;
    struct text args = conmon_args(trial, found->id);
    if (is_refuted_by_conmon(trial, found, args) || shares_pids(trial))
        return refute(trial);
    podman_list(args, found->id, path, sizeof path);
    const struct notes_entry *entry =
        notes_find(trial->notes, trial_file(trial, WHO_PARENT, path), found->id);
    text_copy(found->name, sizeof found->name,
              entry ? text_of(entry->name) : args_value(args, "-n"));
    if (entry)
        text_copy(found->image, sizeof found->image, text_of(entry->image));
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

/* `PROJECT_NAME`, but for the project `default`: no instance's name has an underscore
 * (InstanceParts() in internal/server/project/project.go of Incus, which LXD has, too). */
static void split_project(struct found *found)
{
    char *bar = strrchr(found->name, '_');

    if (!bar || bar == found->name || bar[1] == '\0')
        return;
    *bar = '\0';
    snprintf(found->shown, sizeof found->shown, "%s/%s", found->name, bar + 1);
    memmove(found->name, bar + 1, strlen(bar + 1) + 1);
}

/* The monitor has the exact name (that of a cgroup may end in a number), and its path shows the
 * engine that runs LXC. */
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
    if (found->kind == KIND_LXD || found->kind == KIND_INCUS)
        split_project(found);
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
    struct text file = trial_file(trial, WHO_INIT, "/run/.containerenv");
    struct text id = containerenv_value(file, "id");

    text_copy(found->name, sizeof found->name, containerenv_value(file, "name"));
    if (text_is_id(id))
        text_copy(found->id, sizeof found->id, id);
    return true;
}

/* Whether a container is the infra container of a pod: `POD-infra`, POD being 12 digits. */
static bool is_podman_infra(const struct trial *trial, struct text name)
{
    return is_pause(trial) && name.len == 12 + strlen("-infra") && text_ends(name, "-infra") &&
           text_is_hex((struct text){name.at, 12}, 12);
}

/* Of a pod, whose name is also the host name of its infra container, if that has no other. */
bool names_podman_pod(struct trial *trial, struct found *found)
{
    if (!names_podman(trial, found))
        return false;
    if (!is_podman_infra(trial, text_of(found->name)))
        return true;
    struct text host = environ_value(trial_get(trial, WHO_INIT, FACT_ENVIRON), "HOSTNAME");
    if (host.len == 0 || host.len > 64 || strncmp(host.at, found->id, host.len) == 0)
        return true;
    text_copy(found->pod, sizeof found->pod, host);
    snprintf(found->shown, sizeof found->shown, "pod %s (infra)", found->pod);
    found->hides_id = true;
    return true;
}

/* Where runtimes keep the state of a container. */
static const struct runtime {
    enum kind kind;
    const char *prefix, *directory, *file, *member;
} runtimes[] = {
    {KIND_RUNC, "runc-", "/run/runc", "state.json", "init_process_pid"},
    {KIND_CRUN, "crun-", "/run/crun", "status", "pid"},
};

/* The PID of the init in that state; 0 if it is not known. */
static json_int_t runtime_pid(struct trial *trial, const struct runtime *runtime, const char *id)
{
    char path[400];

    snprintf(path, sizeof path, "%s/%s/%s", runtime->directory, id, runtime->file);
    json_t *state = load_json(trial_file(trial, WHO_PARENT, path));
    json_int_t pid = json_integer_value(json_object_get(state, runtime->member));
    json_decref(state);
    return pid;
}

bool names_state(struct trial *trial, struct found *found)
{
    json_int_t pid = runtime_pid(trial, &runtimes[found->kind == KIND_CRUN], found->name);

    return pid == 0 || is_init_pid(trial, pid);
}

bool names_runtime(struct trial *trial, struct found *found)
{
    for (size_t i = 0; i < sizeof runtimes / sizeof *runtimes; i++) {
        size_t skip = strlen(runtimes[i].prefix);
        bool scope = strncmp(found->name, runtimes[i].prefix, skip) == 0;
        char id[320];

        snprintf(id, sizeof id, "%s", found->name + (scope ? skip : 0));
        json_int_t pid = runtime_pid(trial, &runtimes[i], id);
        if (trial->missing)
            return false;
        if (pid != 0 && is_init_pid(trial, pid)) {
            found->kind = runtimes[i].kind;
            strcpy(found->name, id);
            return true;
        }
    }
    return false;
}
