/* SPDX-License-Identifier: MIT */
/*
 * The rules by which a namespace is named. An engine is one line in `kinds`, a line or two in
 * `rules`, which stand in the order in which they are trusted, and a small function for each
 * signal. The evidence that they go by was recorded from real engines; tests/unit/test_label.c has
 * it.
 *
 * The one rule over all others is applied in one place, is_new(): what a process inherits (cgroup,
 * mounts, variables, files at its root) says something of a namespace only if the init of the
 * namespace around it, and its own parent process, do not show the same. A sandbox within a
 * container shows the container's id, and is not that container.
 */
#include "label.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum kind {
    KIND_NONE,
    KIND_DOCKER,
    KIND_K8S,
    KIND_PODMAN,
    KIND_CONTAINERD,
    KIND_LINUXKIT,
    KIND_NSPAWN,
    KIND_LXC,
    KIND_LXD,
    KIND_INCUS,
    KIND_WAYDROID,
    KIND_WSL,
    KIND_WSL_SYSTEM,
    KIND_DOCKER_DESKTOP,
    KIND_FLATPAK,
    KIND_NOMAD,
    KIND_GVISOR,
    KIND_CHROMIUM,
    KIND_FIREJAIL,
    KIND_NSJAIL,
    KIND_MINIJAIL,
    KIND_APPTAINER,
    KIND_FIRECRACKER,
    KIND_BUILDAH,
    KIND_BUBBLEWRAP,
    KIND_RUNC,
    KIND_CRUN,
    KIND_CONTAINER,
    KIND_UNSHARE,
    KIND_SYSTEMD,
};

/* What a signal says. */
struct found {
    enum kind kind;
    char id[72];    /* of the container: shown in 12 digits */
    char name[320]; /* for people */
    char note[96];  /* behind both */
};

/* As good as zeroed: most rules find nothing, and are asked of every namespace. */
static void clear(struct found *found)
{
    found->kind = KIND_NONE;
    found->id[0] = found->name[0] = found->note[0] = '\0';
}

/* Asking. Each of these notes what is not known yet, so that a signal is simply asked again. */

static struct text get(struct trial *trial, enum who who, enum fact fact)
{
    const struct evidence *evidence = trial->who[who];

    if (!evidence) {
        trial->unreadable = true;
        return (struct text){0};
    }
    if (evidence->read & 1U << fact) {
        trial->unreadable = trial->unreadable || !evidence->facts[fact].at;
        return evidence->facts[fact];
    }
    if (!trial->missing) {
        trial->request.who = who;
        trial->request.fact = fact;
        trial->request.path = NULL;
    }
    trial->missing = true;
    return (struct text){0};
}

static struct text get_file(struct trial *trial, enum who who, const char *path)
{
    if (!trial->who[who] || trial->missing) {
        trial->unreadable = true;
        return (struct text){0};
    }
    for (size_t i = 0; i < trial->n_files; i++) {
        const struct file_evidence *file = &trial->files[i];

        if (file->who == who && strcmp(file->path, path) == 0) {
            trial->unreadable = trial->unreadable || !file->readable;
            return file->text;
        }
    }
    struct file_evidence *file = &trial->files[trial->n_files];
    if (trial->n_files == LABEL_FILES_MAX || strlen(path) >= sizeof file->path)
        return (struct text){0};
    strcpy(file->path, path);
    trial->request.who = who;
    trial->request.fact = FACT_FILE;
    trial->request.path = file->path;
    trial->missing = true;
    return (struct text){0};
}

void label_answer(struct trial *trial, struct text text, bool readable)
{
    if (trial->request.fact == FACT_FILE) {
        struct file_evidence *file = &trial->files[trial->n_files++];

        file->who = trial->request.who;
        file->text = text;
        file->readable = readable;
    } else {
        struct evidence *evidence = trial->who[trial->request.who];

        evidence->facts[trial->request.fact] = text;
        evidence->read |= 1U << trial->request.fact;
    }
}

static bool is_named(const struct trial *trial, enum who who, const char *name)
{
    return trial->who[who] && strcmp(trial->who[who]->name, name) == 0;
}

/* Whether a process is the program that it says it is, by its name (of which the kernel keeps 15
 * bytes), then its first word and its file as far as those can be read. Busybox has many names. */
static bool is_program(struct trial *trial, enum who who, const char *program)
{
    const struct evidence *evidence = trial->who[who];

    if (!evidence || strncmp(evidence->name, program, 15) != 0)
        return false;
    struct text args = get(trial, who, FACT_CMDLINE);
    if (args.len > 0 && !text_starts(text_base(args_first(args)), program))
        return false;
    struct text exe = get(trial, who, FACT_EXE), base = text_base(exe);
    return !trial->missing && (!exe.at || text_starts(base, program) ||
                               text_starts(base, "busybox") || text_starts(base, "toybox"));
}

/* The command line of the parent process, if that is this program. */
static struct text parent_args(struct trial *trial, const char *program)
{
    if (!is_program(trial, WHO_PARENT, program))
        return (struct text){0};
    return get(trial, WHO_PARENT, FACT_CMDLINE);
}

/* Whether the init does not share the mounts of those around it: cheap to see, and an engine's
 * containers never do. One who does shows no mount and no marker file of its own either. */
static bool has_own_mounts(struct trial *trial)
{
    static const enum who others[] = {WHO_OUTER, WHO_PARENT};

    if (trial->mounts == MOUNTS_UNKNOWN) {
        bool unreadable = trial->unreadable;
        struct text own = get(trial, WHO_INIT, FACT_MNT_NS);
        bool shared = false;

        for (size_t i = 0; i < 2 && !trial->missing && own.at; i++) {
            struct text other = get(trial, others[i], FACT_MNT_NS);

            shared = shared || (other.at && text_equal(own, other));
        }
        trial->unreadable = unreadable; /* that says nothing against what is found later */
        if (!trial->missing)
            trial->mounts = shared ? MOUNTS_SHARED : MOUNTS_OWN;
    }
    return trial->mounts == MOUNTS_OWN;
}

/* Whether it has another root directory than those around it: more than mounts of its own. */
static bool has_own_root(struct trial *trial)
{
    static const enum who others[] = {WHO_OUTER, WHO_PARENT};
    struct mount own, other;

    if (!has_own_mounts(trial))
        return false;
    bool unreadable = trial->unreadable, differs = true;
    if (!mount_at(get(trial, WHO_INIT, FACT_MOUNTS), "/", &own))
        return false;
    for (size_t i = 0; i < 2 && !trial->missing; i++) {
        if (mount_at(get(trial, others[i], FACT_MOUNTS), "/", &other))
            differs = differs &&
                      !(text_equal(own.device, other.device) && text_equal(own.root, other.root));
    }
    trial->unreadable = unreadable;
    return differs && !trial->missing;
}

/* Signals of the cgroup. */

/* What the deepest component that an engine made says. */
struct cgroup {
    enum kind kind;
    struct text id, name;
    struct text pod;  /* uid of the pod right above it */
    struct text task; /* of ECS */
    unsigned depth;
};

/* Where a walk down a path is. */
struct walk {
    struct text before, before2; /* the components above */
    struct text pod;             /* uid, if the one above is a pod's */
    bool kubepods, nomad;        /* seen above */
    unsigned depth;
};

/* The uid in `pod<uid>` or `…-pod<uid>.slice`; static pods have one without dashes. */
static struct text pod_uid(struct text component)
{
    struct text rest = text_without(component, ".slice");
    const char *dash = rest.len > 0 ? memrchr(rest.at, '-', rest.len) : NULL;

    /* In a slice the dashes of the uid are written as underscores. */
    if (rest.len != component.len && dash)
        rest = text_skip(rest, (size_t)(dash - rest.at) + 1);
    if (!text_starts(rest, "pod") || rest.len < 3 + 32 || rest.len > 3 + 36)
        return (struct text){0};
    return text_skip(rest, 3);
}

/* Components that hold a container's id behind a prefix. `.scope` is cut off first. */
static const struct {
    enum kind kind;
    bool in_pod;        /* only right below a pod */
    const char *before; /* only below a component of this name */
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
        const char *prefix = id_components[i].prefix, *before = id_components[i].before;

        if ((id_components[i].in_pod && walk->pod.len == 0) ||
            (before && !text_is(walk->before, before)) || !text_starts(word, prefix) ||
            !text_is_id(text_skip(word, strlen(prefix))))
            continue;
        out->kind = id_components[i].kind;
        out->id = text_skip(word, strlen(prefix));
        out->pod = walk->pod;
        if (text_starts(walk->before, "ecstasks-"))
            out->task = text_skip(text_without(walk->before, ".slice"), strlen("ecstasks-"));
        return true;
    }
    return false;
}

/* Components that say a name. */
static bool by_name(const struct walk *walk, struct text component, struct cgroup *out)
{
    struct text word = text_without(component, ".scope"), uuid = {word.at, 36};

    if (text_is(walk->before2, "ecs") && text_is_id(component)) {
        *out = (struct cgroup){.kind = KIND_DOCKER, .id = component, .task = walk->before};
    } else if (text_starts(component, "lxc.payload.")) {
        *out = (struct cgroup){.kind = KIND_LXC, .name = text_skip(component, 12)};
    } else if (text_is(component, "payload") && text_starts(walk->before, "machine-") &&
               text_ends(walk->before, ".scope")) {
        *out = (struct cgroup){.kind = KIND_NSPAWN,
                               .name = text_skip(text_without(walk->before, ".scope"), 8)};
    } else if (walk->nomad && word.len > 37 && text_is_uuid(uuid) && word.at[36] == '.') {
        *out = (struct cgroup){.kind = KIND_NOMAD, .name = text_skip(word, 37), .id = {word.at, 8}};
    }
    return out->kind != KIND_NONE;
}

static void walk_cgroup(struct text path, struct cgroup *deepest)
{
    struct walk walk = {0};
    struct text component;

    while (text_next(&path, '/', &component)) {
        struct cgroup here = {0};

        walk.depth++;
        if ((by_id(&walk, component, &here) || by_name(&walk, component, &here)) &&
            walk.depth > deepest->depth) {
            here.depth = walk.depth;
            *deepest = here;
        }
        walk.kubepods = walk.kubepods || text_find(component, "kubepods");
        walk.nomad = walk.nomad || text_is(component, "nomad") || text_is(component, "nomad.slice");
        walk.pod = pod_uid(component);
        walk.pod.len = walk.kubepods ? walk.pod.len : 0;
        walk.before2 = walk.before;
        walk.before = component;
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

/* Of all hierarchies: v1 can know more than v2, as with Docker in Docker. */
static struct cgroup deepest_cgroup(struct trial *trial, enum who who)
{
    struct text rest = get(trial, who, FACT_CGROUP), line;
    struct cgroup deepest = {0};

    while (text_next(&rest, '\n', &line))
        walk_cgroup(cgroup_path(line), &deepest);
    return deepest;
}

static bool by_cgroup(struct trial *trial, enum who who, enum kind kind, struct found *found)
{
    if (!has_own_mounts(trial))
        return false;
    struct cgroup cgroup = deepest_cgroup(trial, who);
    if (cgroup.kind != kind)
        return false;
    found->kind = kind;
    text_copy(found->id, sizeof found->id, cgroup.id);
    text_unescape_unit(found->name, sizeof found->name, cgroup.name);
    if (cgroup.pod.len > 0) {
        text_copy(found->note, sizeof found->note, cgroup.pod);
        for (char *at = found->note; *at; at++)
            *at = *at == '_' ? '-' : *at;
    } else if (cgroup.task.len > 0) {
        snprintf(found->note, sizeof found->note, "ECS task %.*s", (int)cgroup.task.len,
                 cgroup.task.at);
    }
    return true;
}

static bool k8s_cgroup(struct trial *trial, enum who who, struct found *found)
{
    return by_cgroup(trial, who, KIND_K8S, found);
}

static bool docker_cgroup(struct trial *trial, enum who who, struct found *found)
{
    return by_cgroup(trial, who, KIND_DOCKER, found);
}

static bool podman_cgroup(struct trial *trial, enum who who, struct found *found)
{
    return by_cgroup(trial, who, KIND_PODMAN, found);
}

static bool nspawn_cgroup(struct trial *trial, enum who who, struct found *found)
{
    return by_cgroup(trial, who, KIND_NSPAWN, found);
}

static bool lxc_cgroup(struct trial *trial, enum who who, struct found *found)
{
    return by_cgroup(trial, who, KIND_LXC, found);
}

static bool nomad_cgroup(struct trial *trial, enum who who, struct found *found)
{
    return by_cgroup(trial, who, KIND_NOMAD, found);
}

/* The last component of the longest path. */
static struct text cgroup_leaf(struct trial *trial, enum who who)
{
    struct text rest = get(trial, who, FACT_CGROUP), line, longest = {0};

    while (text_next(&rest, '\n', &line)) {
        struct text path = cgroup_path(line);

        if (path.len > longest.len)
            longest = path;
    }
    return text_base(longest);
}

/* PrivatePIDs=: the manager starts the init of such a service itself. */
static bool systemd_service(struct trial *trial, enum who who, struct found *found)
{
    if (!is_named(trial, WHO_PARENT, "systemd") || !has_own_mounts(trial))
        return false;
    struct text leaf = cgroup_leaf(trial, who);
    if (!text_ends(leaf, ".service"))
        return false;
    found->kind = KIND_SYSTEMD;
    text_unescape_unit(found->name, sizeof found->name, text_without(leaf, ".service"));
    return true;
}

/* A runtime without an engine names the cgroup like the container; settle_runtime() asks its state
 * for the init's number. */
static bool runtime_cgroup(struct trial *trial, enum who who, struct found *found)
{
    if (!has_own_mounts(trial))
        return false;
    struct text leaf = text_without(cgroup_leaf(trial, who), ".scope");
    if (leaf.len == 0 || text_is(leaf, "..") || leaf.len >= sizeof found->name)
        return false;
    found->kind = KIND_RUNC;
    text_copy(found->name, sizeof found->name, leaf);
    return true;
}

/* Signals of the parent process. */

static bool shim_parent(struct trial *trial, enum who who, struct found *found)
{
    struct text args = parent_args(trial, "containerd-shim");
    struct text space = args_value(args, "-namespace"), id = args_value(args, "-id");

    (void)who;
    if (space.len == 0 || id.len == 0)
        return false;
    if (text_is(space, "moby") || text_is(space, "k8s.io")) {
        if (!text_is_hex(id, 12))
            return false;
        found->kind = text_is(space, "moby") ? KIND_DOCKER : KIND_K8S;
        text_copy(found->id, sizeof found->id, id);
    } else if (text_is(space, "services.linuxkit")) {
        found->kind = KIND_LINUXKIT;
        text_copy(found->name, sizeof found->name, id);
    } else {
        found->kind = KIND_CONTAINERD;
        snprintf(found->name, sizeof found->name, "%.*s/%.*s", (int)space.len, space.at,
                 (int)id.len, id.at);
    }
    return true;
}

static bool conmon_parent(struct trial *trial, enum who who, struct found *found)
{
    struct text args = parent_args(trial, "conmon");
    struct text id = args_value(args, "-c");

    (void)who;
    if (!text_is_id(id))
        return false;
    found->kind = text_starts(args_value(args, "-n"), "k8s_") ? KIND_K8S : KIND_PODMAN;
    text_copy(found->id, sizeof found->id, id);
    return true;
}

static bool nspawn_parent(struct trial *trial, enum who who, struct found *found)
{
    struct text args = parent_args(trial, "systemd-nspawn");
    struct text name = args_value(args, "--machine");

    (void)who;
    name = name.len > 0 ? name : args_value(args, "-M");
    name = name.len > 0 ? name : text_base(args_value(args, "--directory"));
    name = name.len > 0 ? name : text_base(args_value(args, "-D"));
    if (args.len == 0)
        return false;
    found->kind = KIND_NSPAWN;
    text_copy(found->name, sizeof found->name, name);
    return true;
}

/* `[lxc monitor] PATH NAME`, all in one word. Returns false where the parent is none. */
static bool lxc_monitor(struct trial *trial, struct text *path, struct text *name)
{
    static const char title[] = "[lxc monitor] ";
    const struct evidence *parent = trial->who[WHO_PARENT];

    if (!parent || (strncmp(parent->name, "lxc", 3) != 0 && strncmp(parent->name, "lxd", 3) != 0 &&
                    strncmp(parent->name, "incus", 5) != 0))
        return false;
    struct text word = args_first(get(trial, WHO_PARENT, FACT_CMDLINE));
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

static bool lxc_parent(struct trial *trial, enum who who, struct found *found)
{
    struct text path, name;

    (void)who;
    if (!lxc_monitor(trial, &path, &name))
        return false;
    found->kind = KIND_LXC;
    return true;
}

/* `--name=NAME`, else the first word that is no option: options take their values with `=`. */
static bool firejail_parent(struct trial *trial, enum who who, struct found *found)
{
    struct text args = parent_args(trial, "firejail"), name = args_value(args, "--name"), word;

    (void)who;
    if (args.len == 0)
        return false;
    text_next(&args, '\0', &word);
    while (name.len == 0 && text_next(&args, '\0', &word)) {
        if (!text_starts(word, "-"))
            name = text_base(word);
    }
    found->kind = KIND_FIREJAIL;
    text_copy(found->name, sizeof found->name, name);
    return true;
}

/* The title that Apptainer gives the init's parent. */
static bool apptainer_init(struct trial *trial, enum who who, struct found *found)
{
    if (!is_named(trial, who, "appinit"))
        return false;
    struct text title = get(trial, WHO_PARENT, FACT_CMDLINE);
    const char *open = text_find(title, " ["), *close = text_find(title, "]");

    found->kind = KIND_APPTAINER;
    if (text_starts(title, "Apptainer instance: ") && open && close && open + 2 < close)
        text_copy(found->name, sizeof found->name,
                  (struct text){open + 2, (size_t)(close - open) - 2});
    return true;
}

static bool buildah_parent(struct trial *trial, enum who who, struct found *found)
{
    (void)who;
    if (!is_named(trial, WHO_PARENT, "exe") ||
        !text_is(args_first(get(trial, WHO_PARENT, FACT_CMDLINE)), "buildah-oci-runtime"))
        return false;
    found->kind = KIND_BUILDAH;
    return true;
}

static bool nsjail_parent(struct trial *trial, enum who who, struct found *found)
{
    (void)who;
    found->kind = KIND_NSJAIL;
    return is_program(trial, WHO_PARENT, "nsjail");
}

static bool minijail_parent(struct trial *trial, enum who who, struct found *found)
{
    found->kind = KIND_MINIJAIL;
    return is_named(trial, who, "minijail-init") || is_program(trial, WHO_PARENT, "minijail0");
}

static bool unshare_parent(struct trial *trial, enum who who, struct found *found)
{
    (void)who;
    found->kind = KIND_UNSHARE;
    return is_program(trial, WHO_PARENT, "unshare");
}

/* Options of bwrap(1) that are followed by values. Any other is taken to have none. */
static size_t bwrap_values(struct text option)
{
    static const char one[] =
        " --args --argv0 --chdir --unsetenv --lock-file --sync-fd --remount-ro --exec-label"
        " --file-label --proc --dev --tmpfs --mqueue --dir --seccomp --add-seccomp-fd --block-fd"
        " --userns-block-fd --info-fd --json-status-fd --uid --gid --hostname --userns --userns2"
        " --pidns --cap-add --cap-drop --perms --size --overlay-src --tmp-overlay --ro-overlay ";
    static const char two[] =
        " --bind --bind-try --dev-bind --dev-bind-try --ro-bind --ro-bind-try --bind-fd"
        " --ro-bind-fd --setenv --file --bind-data --ro-bind-data --symlink --chmod ";
    char word[32];

    if (option.len + 3 > sizeof word || memchr(option.at, ' ', option.len))
        return 0;
    snprintf(word, sizeof word, " %.*s ", (int)option.len, option.at);
    return strstr(one, word) ? 1 : strstr(two, word) ? 2 : text_is(option, "--overlay") ? 3 : 0;
}

static bool bubblewrap_program(struct trial *trial, enum who who, struct found *found)
{
    enum who teller = is_named(trial, who, "bwrap") ? who : WHO_PARENT;
    struct text args, word = {0};

    if (!is_program(trial, teller, "bwrap"))
        return false;
    found->kind = KIND_BUBBLEWRAP;
    args = get(trial, teller, FACT_CMDLINE);
    text_next(&args, '\0', &word);
    while (text_next(&args, '\0', &word) && text_starts(word, "--")) {
        for (size_t values = bwrap_values(word); values > 0; values--)
            text_next(&args, '\0', &word);
        word.len = 0; /* the command may be given by --args, where it cannot be seen */
    }
    text_copy(found->name, sizeof found->name, text_base(word));
    return true;
}

/* Signals of the init itself. */

static bool gvisor_init(struct trial *trial, enum who who, struct found *found)
{
    if (!is_named(trial, who, "exe") && strncmp(trial->who[who]->name, "runsc", 5) != 0)
        return false;
    struct text args = get(trial, who, FACT_CMDLINE), first = args_first(args), word = {0};
    bool gofer = text_is(first, "runsc-gofer");
    if (!gofer && !text_is(first, "runsc-sandbox"))
        return false;
    while (text_next(&args, '\0', &word))
        ; /* the last one is the id */
    found->kind = KIND_GVISOR;
    snprintf(found->name, sizeof found->name, "%s", gofer ? "gofer" : "sandbox");
    if (!text_equal(word, first))
        text_copy(found->id, sizeof found->id, word);
    return true;
}

/* Chromium and all that is made of it. Its processes rewrite their command line into one word. */
static bool chromium_init(struct trial *trial, enum who who, struct found *found)
{
    static const char *const types[] = {"zygote", "renderer", "utility", "gpu-process", "ppapi"};
    bool setuid = is_named(trial, WHO_PARENT, "chrome-sandbox");

    if (!setuid && (!trial->nested_user_ns || !trial->who[WHO_PARENT] ||
                    !is_named(trial, WHO_PARENT, trial->who[who]->name)))
        return false;
    struct text args = get(trial, who, FACT_CMDLINE), program = args_first(args);
    const char *type = text_find(args, "--type=");
    if (!type)
        return false;
    struct text rest = text_skip(args, (size_t)(type - args.at) + strlen("--type="));
    const char *space = memchr(program.at, ' ', program.len);
    program.len = space ? (size_t)(space - program.at) : program.len;
    program = text_base(program);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (text_starts(rest, types[i]) && program.len > 0) {
            found->kind = KIND_CHROMIUM;
            snprintf(found->name, sizeof found->name, "%.*s sandbox (%s)",
                     (int)(program.len < 200 ? program.len : 200), program.at, types[i]);
            return true;
        }
    }
    return false;
}

static bool firecracker_init(struct trial *trial, enum who who, struct found *found)
{
    if (!is_program(trial, who, "firecracker"))
        return false;
    found->kind = KIND_FIRECRACKER;
    text_copy(found->name, sizeof found->name, args_value(get(trial, who, FACT_CMDLINE), "--id"));
    return true;
}

/* The sandbox of a pod whose shim does not say so: no other image has this program and this user.
 */
static bool pause_init(struct trial *trial, enum who who, struct found *found)
{
    if (!is_named(trial, who, "pause") || trial->who[who]->uid != 65535 ||
        !is_named(trial, WHO_PARENT, "containerd-shim") ||
        !text_is(args_first(get(trial, who, FACT_CMDLINE)), "/pause"))
        return false;
    found->kind = KIND_K8S;
    return true;
}

/* Signals of variables, mounts and files. */

static bool wsl_environment(struct trial *trial, enum who who, struct found *found)
{
    if (!trial->wsl)
        return false;
    struct text env = get(trial, who, FACT_ENVIRON);
    struct text name = environ_value(env, "WSL2_DISTRO_NAME");

    if (name.len == 0 && !text_is(environ_value(env, "container"), "wsl"))
        return false;
    found->kind = environ_value(env, "WSL2_DISTRO_INIT_PID").len > 0 ? KIND_WSL_SYSTEM
                  : text_is(name, "docker-desktop")                  ? KIND_DOCKER_DESKTOP
                                                                     : KIND_WSL;
    if (found->kind == KIND_WSL)
        text_copy(found->name, sizeof found->name, name);
    return true;
}

/* WSL's init calls itself `init(NAME)`, or `init-systemd(NAME)`; 15 bytes of it are kept. */
static bool wsl_name(struct trial *trial, enum who who, struct found *found)
{
    struct text name = text_of(trial->who[who]->name);

    if (!trial->wsl || (!text_starts(name, "init(") && !text_starts(name, "init-systemd(")))
        return false;
    name = text_skip(name, text_starts(name, "init(") ? 5 : 13);
    found->kind = text_is(name, "docker-desktop)") ? KIND_DOCKER_DESKTOP : KIND_WSL;
    if (found->kind == KIND_WSL && text_ends(name, ")"))
        text_copy(found->name, sizeof found->name, text_without(name, ")"));
    return true;
}

static bool nspawn_mount(struct trial *trial, enum who who, struct found *found)
{
    static const char marker[] = "/systemd/nspawn/propagate/";
    struct mount mount;

    if (!has_own_mounts(trial) ||
        !mount_at(get(trial, who, FACT_MOUNTS), "/run/host/incoming", &mount))
        return false;
    const char *at = text_find(mount.root, marker);
    if (!at)
        return false;
    found->kind = KIND_NSPAWN;
    text_unescape_mount(found->name, sizeof found->name,
                        text_skip(mount.root, (size_t)(at - mount.root.at) + strlen(marker)));
    return true;
}

/* `…/flatpak/app/ID/ARCH/…` on /app. */
static bool flatpak_mount(struct trial *trial, enum who who, struct found *found)
{
    static const char marker[] = "/flatpak/app/";
    struct mount mount;

    if (!is_named(trial, WHO_INIT, "bwrap") && !is_named(trial, WHO_PARENT, "bwrap") &&
        !is_named(trial, WHO_PARENT, "flatpak-bwrap"))
        return false;
    if (!mount_at(get(trial, who, FACT_MOUNTS), "/app", &mount))
        return false;
    const char *at = text_find(mount.root, marker);
    if (!at)
        return false;
    struct text rest = text_skip(mount.root, (size_t)(at - mount.root.at) + strlen(marker)), id;
    found->kind = KIND_FLATPAK;
    if (text_next(&rest, '/', &id))
        text_unescape_mount(found->name, sizeof found->name, id);
    return true;
}

/* The value of NAME="…" in a .containerenv file. */
static struct text containerenv_value(struct text rest, const char *name)
{
    struct text line;
    size_t len = strlen(name);

    while (text_next(&rest, '\n', &line)) {
        if (text_starts(line, name) && line.len > len + 2 && line.at[len] == '=' &&
            line.at[len + 1] == '"')
            return text_without(text_skip(line, len + 2), "\"");
    }
    return (struct text){0};
}

static void take_containerenv(struct text file, struct found *found)
{
    struct text id = containerenv_value(file, "id");

    text_copy(found->name, sizeof found->name, containerenv_value(file, "name"));
    if (text_is_id(id))
        text_copy(found->id, sizeof found->id, id);
}

/* Empty unless the container is privileged; then it says which engine. */
static bool containerenv_file(struct trial *trial, enum who who, struct found *found)
{
    if (!has_own_root(trial))
        return false;
    struct text file = get_file(trial, who, "/run/.containerenv");
    if (!file.at)
        return false;
    struct text engine = containerenv_value(file, "engine");
    found->kind = text_starts(engine, "buildah") ? KIND_BUILDAH : KIND_PODMAN;
    take_containerenv(file, found);
    return true;
}

static bool dockerenv_file(struct trial *trial, enum who who, struct found *found)
{
    if (!has_own_root(trial) || !get_file(trial, who, "/.dockerenv").at)
        return false;
    found->kind = KIND_DOCKER;
    return true;
}

static bool container_variable(struct trial *trial, enum who who, struct found *found)
{
    if (!has_own_root(trial))
        return false;
    struct text value = environ_value(get(trial, who, FACT_ENVIRON), "container");
    if (value.len == 0 || value.len > 64)
        return false;
    found->kind = KIND_CONTAINER;
    snprintf(found->name, sizeof found->name, "(%.*s)", (int)value.len, value.at);
    return true;
}

/* Names for people, from what can be read without asking a daemon; and last doubts: each of these
 * returns false where the kind is not so after all. */

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

/* A container's name in Docker's notes of it. */
static bool take_docker_config(struct text file, struct found *found)
{
    json_t *config = file.len > 0 ? json_loadb(file.at, file.len, 0, NULL) : NULL;
    const char *name = json_string_value(json_object_get(config, "Name"));

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
    if (!mount_at(get(trial, WHO_INIT, FACT_MOUNTS), "/etc/hostname", &bind) ||
        !text_ends(bind.root, end))
        return false;
    struct text rest = get(trial, WHO_PARENT, FACT_MOUNTS);
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

static bool settle_docker(struct trial *trial, struct found *found)
{
    char path[400];

    if (!text_is_id(text_of(found->id)))
        return true;
    snprintf(path, sizeof path, "/var/lib/docker/containers/%s/config.v2.json", found->id);
    if (take_docker_config(get_file(trial, WHO_PARENT, path), found) || trial->missing)
        return true;
    if (docker_directory(trial, found->id, path, sizeof path) && !trial->missing)
        take_docker_config(get_file(trial, WHO_PARENT, path), found);
    return true;
}

static bool is_pause(const struct trial *trial)
{
    return is_named(trial, WHO_INIT, "pause") || is_named(trial, WHO_INIT, "catatonit");
}

/* By what is above the container: conmon's words, Docker's notes, containerd's bundle; else by its
 * pod's uid. */
static bool settle_k8s(struct trial *trial, struct found *found)
{
    struct text shim = parent_args(trial, "containerd-shim"), cwd;
    char base[300] = "/run/containerd/io.containerd.runtime.v2.task/k8s.io", path[400], pod[96];

    if (trial->missing || take_k8s_name(args_value(parent_args(trial, "conmon"), "-n"), found))
        return true;
    if (text_is(args_value(shim, "-namespace"), "moby")) {
        settle_docker(trial, found);
    } else if (shim.len > 0 && found->id[0]) {
        cwd = get(trial, WHO_PARENT, FACT_CWD); /* the bundle of the pod's sandbox */
        struct text last = text_base(cwd);
        if (cwd.len > last.len + 1)
            text_copy(base, sizeof base, (struct text){cwd.at, cwd.len - last.len - 1});
        snprintf(path, sizeof path, "%s/%s/config.json", base, found->id);
        if (!trial->missing)
            take_annotations(get_file(trial, WHO_PARENT, path), found);
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
static void take_storage(struct text file, struct found *found)
{
    json_t *list = file.len > 0 ? json_loadb(file.at, file.len, 0, NULL) : NULL;

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        const char *id = json_string_value(json_object_get(item, "id"));
        const char *name = json_string_value(json_array_get(json_object_get(item, "names"), 0));

        if (id && name && strcmp(id, found->id) == 0)
            text_copy(found->name, sizeof found->name, text_of(name));
    }
    json_decref(list);
}

static bool settle_podman(struct trial *trial, struct found *found)
{
    if (found->name[0])
        return true;
    struct text args = parent_args(trial, "conmon"), name = args_value(args, "-n");

    if (name.len > 0 && text_is(args_value(args, "-c"), found->id))
        text_copy(found->name, sizeof found->name, name);
    else if (!trial->missing && found->id[0])
        take_storage(get_file(trial, WHO_PARENT,
                              "/var/lib/containers/storage/overlay-containers/containers.json"),
                     found);
    return true;
}

/* The monitor knows the name (a cgroup's may have a number behind it) and who runs LXC. */
static bool settle_lxc(struct trial *trial, struct found *found)
{
    static const struct {
        const char *part;
        enum kind kind;
    } paths[] = {{"/lxd/", KIND_LXD}, {"/incus/", KIND_INCUS}, {"/waydroid/", KIND_WAYDROID}};
    struct text path, name;
    char whole[400];

    if (!lxc_monitor(trial, &path, &name))
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
static bool settle_wsl(struct trial *trial, struct found *found)
{
    struct text name = {0};

    if (found->name[0])
        return true;
    if (trial->who[WHO_SECOND])
        name = environ_value(get(trial, WHO_SECOND, FACT_ENVIRON), "WSL2_DISTRO_NAME");
    text_copy(found->name, sizeof found->name, name.len > 0 ? name : text_of("distribution"));
    return true;
}

static bool settle_firejail(struct trial *trial, struct found *found)
{
    char path[64];

    snprintf(path, sizeof path, "/run/firejail/name/%u", (unsigned)trial->who[WHO_PARENT]->pid);
    struct text name = get_file(trial, WHO_PARENT, path), line;
    if (text_next(&name, '\n', &line))
        text_copy(found->name, sizeof found->name, line);
    return true;
}

static bool settle_buildah(struct trial *trial, struct found *found)
{
    if (!found->name[0])
        take_containerenv(get_file(trial, WHO_INIT, "/run/.containerenv"), found);
    return true;
}

/* Whether a runtime's state says that this is its container's init. */
static bool has_init(const struct trial *trial, struct text file, const char *member)
{
    json_t *state = file.len > 0 ? json_loadb(file.at, file.len, 0, NULL) : NULL;
    json_int_t pid = json_integer_value(json_object_get(state, member));

    json_decref(state);
    return pid != 0 && (pid == trial->number || pid == trial->who[WHO_INIT]->pid);
}

static bool settle_runtime(struct trial *trial, struct found *found)
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
        bool is = has_init(trial, get_file(trial, WHO_PARENT, path), runtimes[i].member);
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

/* How each is called: in JSON, and on a line. */
static const struct {
    const char *word, *title;
    bool (*settle)(struct trial *, struct found *);
} kinds[] = {
    [KIND_DOCKER] = {"docker", "docker", settle_docker},
    [KIND_K8S] = {"k8s", "k8s", settle_k8s},
    [KIND_PODMAN] = {"podman", "podman", settle_podman},
    [KIND_CONTAINERD] = {"containerd", "containerd", NULL},
    [KIND_LINUXKIT] = {"linuxkit", "LinuxKit", NULL},
    [KIND_NSPAWN] = {"nspawn", "nspawn", NULL},
    [KIND_LXC] = {"lxc", "LXC", settle_lxc},
    [KIND_LXD] = {"lxd", "LXD", NULL},
    [KIND_INCUS] = {"incus", "Incus", NULL},
    [KIND_WAYDROID] = {"waydroid", "Waydroid", NULL},
    [KIND_WSL] = {"wsl", "WSL", settle_wsl},
    [KIND_WSL_SYSTEM] = {"wsl", "WSL system distribution", NULL},
    [KIND_DOCKER_DESKTOP] = {"wsl", "docker-desktop", NULL},
    [KIND_FLATPAK] = {"flatpak", "flatpak", NULL},
    [KIND_NOMAD] = {"nomad", "Nomad", NULL},
    [KIND_GVISOR] = {"gvisor", "gVisor", NULL},
    [KIND_CHROMIUM] = {"chromium", "", NULL},
    [KIND_FIREJAIL] = {"firejail", "firejail", settle_firejail},
    [KIND_NSJAIL] = {"nsjail", "nsjail", NULL},
    [KIND_MINIJAIL] = {"minijail", "minijail", NULL},
    [KIND_APPTAINER] = {"apptainer", "Apptainer", NULL},
    [KIND_FIRECRACKER] = {"firecracker", "Firecracker", NULL},
    [KIND_BUILDAH] = {"buildah", "buildah", settle_buildah},
    [KIND_BUBBLEWRAP] = {"bubblewrap", "bubblewrap", NULL},
    [KIND_RUNC] = {"runc", "runc", settle_runtime},
    [KIND_CRUN] = {"crun", "crun", NULL},
    [KIND_CONTAINER] = {"container", "container", NULL},
    [KIND_UNSHARE] = {"unshare", "unshare", NULL},
    [KIND_SYSTEMD] = {"systemd", "systemd service", NULL},
};

/* In the order in which they are trusted: the first that says something is right. */
static const struct rule {
    const char *evidence;
    bool inherited; /* it passes from process to process: counts only if it is new */
    bool (*signal)(struct trial *, enum who, struct found *);
} rules[] = {
    {"cgroup", true, k8s_cgroup},
    {"cgroup", true, docker_cgroup},
    {"cgroup", true, podman_cgroup},
    {"parent containerd-shim", false, shim_parent},
    {"parent conmon", false, conmon_parent},
    {"cgroup", true, nspawn_cgroup},
    {"mount on /run/host/incoming", true, nspawn_mount},
    {"parent systemd-nspawn", false, nspawn_parent},
    {"cgroup", true, lxc_cgroup},
    {"parent lxc monitor", false, lxc_parent},
    {"variable WSL2_DISTRO_NAME", true, wsl_environment},
    {"name of the init", false, wsl_name},
    {"mount on /app", true, flatpak_mount},
    {"cgroup", true, nomad_cgroup},
    {"command line of the init", false, gvisor_init},
    {"command line of the init", false, chromium_init},
    {"parent firejail", false, firejail_parent},
    {"parent nsjail", false, nsjail_parent},
    {"parent minijail0", false, minijail_parent},
    {"name of the init", false, apptainer_init},
    {"name of the init", false, firecracker_init},
    {"parent buildah-oci-runtime", false, buildah_parent},
    {"command line of bwrap", false, bubblewrap_program},
    /* Before the files, for an exported image holds a .dockerenv wherever it is unpacked. */
    {"parent unshare", false, unshare_parent},
    {"cgroup and the runtime's state", true, runtime_cgroup},
    {"file /run/.containerenv", true, containerenv_file},
    {"file /.dockerenv", true, dockerenv_file},
    {"variable container", true, container_variable},
    {"name of the init", false, pause_init},
    {"cgroup", true, systemd_service},
};

#define RULES (sizeof rules / sizeof *rules)

static bool is_same(const struct found *a, const struct found *b)
{
    return a->kind == b->kind && strcmp(a->id, b->id) == 0 && strcmp(a->name, b->name) == 0;
}

/* The rule over all others: what was found of the init is found neither of the init of the
 * namespace around nor of the parent process; and at least one of them could be looked at. */
static bool is_new(struct trial *trial, const struct rule *rule, const struct found *found)
{
    static const enum who others[] = {WHO_OUTER, WHO_PARENT};
    bool compared = false;

    for (size_t i = 0; i < 2; i++) {
        struct found other;

        if (!trial->who[others[i]])
            continue;
        clear(&other);
        trial->unreadable = false;
        bool has = rule->signal(trial, others[i], &other);
        if (trial->missing || (has && is_same(found, &other)))
            return false;
        compared = compared || !trial->unreadable;
    }
    return compared;
}

/* `TITLE NAME (ID)`, or what of it there is. */
static void compose(const struct found *found, const struct rule *rule, struct label *out)
{
    const char *title = kinds[found->kind].title;
    bool hex = text_is_hex(text_of(found->id), 12);
    const char *id = found->id, *note = found->note;
    char behind[192] = "";

    if (id[0] && (found->name[0] || note[0]))
        snprintf(behind, sizeof behind, "%.*s%s%s", hex ? 12 : 64, id, note[0] ? ", " : "", note);
    else
        snprintf(behind, sizeof behind, "%s", note);
    out->kind = kinds[found->kind].word;
    out->evidence = rule->evidence;
    snprintf(out->text, sizeof out->text, "%s%s%s", title, title[0] && found->name[0] ? " " : "",
             found->name);
    size_t used = strlen(out->text);
    if (behind[0])
        snprintf(out->text + used, sizeof out->text - used, " (%s)", behind);
    else if (id[0])
        snprintf(out->text + used, sizeof out->text - used, " %.*s", hex ? 12 : 64, id);
}

bool label_judge(struct trial *trial, struct label *out)
{
    out->kind = out->evidence = NULL;
    out->text[0] = '\0';
    for (; trial->rule < RULES; trial->rule++) {
        const struct rule *rule = &rules[trial->rule];
        struct found found;

        clear(&found);
        trial->missing = false;
        bool hit = rule->signal(trial, WHO_INIT, &found);
        if (hit && !trial->missing && rule->inherited)
            hit = is_new(trial, rule, &found);
        if (hit && !trial->missing && kinds[found.kind].settle)
            hit = kinds[found.kind].settle(trial, &found);
        if (trial->missing)
            return false;
        if (hit) {
            compose(&found, rule, out);
            return true;
        }
    }
    return true;
}

void label_root(uint32_t inode, bool wsl, const char *host, struct label *out)
{
    bool initial = inode == 4026531836U;

    *out = (struct label){.evidence = "inode"};
    if (initial && wsl) {
        out->kind = "wsl";
        snprintf(out->text, sizeof out->text, "WSL 2 VM");
    } else if (initial) {
        out->kind = "host";
        snprintf(out->text, sizeof out->text, "host%s%s", host[0] ? " " : "", host);
    } else {
        out->kind = "container";
        snprintf(out->text, sizeof out->text, "this container");
    }
}
