/* SPDX-License-Identifier: MIT */
/*
 * The engines and the rules, in two tables at the end, and before them the functions that look for
 * signals. All of it rests on evidence that was recorded from real engines, or on their sources;
 * tests/unit/test_label.c has it.
 *
 * To add an engine "foo" whose program `food` is the parent process of the init:
 *   1. KIND_FOO, in kinds.h.
 *   2. [KIND_FOO] = {"foo", "Foo", NULL, 0}, in engine_kinds: the word in JSON, and the label.
 *   3. {"parent food", KIND_FOO, false, BY_PARENT, "food", NULL}, in engine_rules. The first rule
 * that finds something decides: put it among those of the same author, above unshare.
 *   4. Its evidence in the table `known` of tests/unit/test_label.c; if users can run it, also a
 * row of whose_rows there, and of FORGERS in tests/live/test_forgers.py. The label in man/nstree.1
 * and its translation, among the labels. Where there is more to see than the parent, the last
 * column is a signal. If the engine names its cgroups, cgroup.c parses them, and the signal is
 * engine_cgroup(). If it keeps names for people in files, a function of names.c reads those, in the
 * third column of engine_kinds.
 *
 * The columns of the tables that say what can be believed:
 *   inherited  A child of the process shows the same. The rule is applied to the parent process and
 *              to the init of the parent namespace as well, and counts only if they differ.
 *   author     Whoever can forge the signal. If that is not root, the label names the user.
 *   ROOT_ONLY  Only root can run this engine. A signal that somebody else can forge is ignored.
 *   CONTAINER  It makes containers, with names or IDs. Other kinds are sandboxes of one program.
 *   SHARING    Its containers can share a PID namespace (trial->member in judge.h).
 *
 * A signal is a function that looks at the process found->who and, if it finds something, fills in
 * *found and returns true:
 *
 *     static bool bar_init(struct trial *trial, struct found *found)
 *     {
 *         if (!trial_is_program(trial, found->who, "bar-init"))
 *             return false;
 *         struct text args = trial_get(trial, found->who, FACT_CMDLINE);
 *         text_copy(found->name, sizeof found->name, args_value(args, "--name"));
 *         return true;
 *     }
 *
 * At first nothing has been read. trial_get() then requests the command line and returns an empty
 * text, with which the function may do anything: its result is not used. When the request has been
 * answered, the function runs again from its start, and so on until nothing is missing. So a signal
 * must depend on the trial alone, and should ask first what costs little and rules out most.
 */
#include "label/engines.h"

#include <stdio.h>
#include <string.h>

#include "label/cgroup.h"
#include "label/names.h"
#include "label/wsl.h"

/* For each kind that names its cgroups. */
static bool engine_cgroup(struct trial *trial, struct found *found)
{
    if (!trial->member && !trial_own_mounts(trial))
        return false;
    struct cgroup cgroup = cgroup_deepest(trial_get(trial, found->who, FACT_CGROUP));
    if (cgroup.kind != found->kind)
        return false;
    text_copy(found->id, sizeof found->id, cgroup.id);
    text_unescape_unit(found->name, sizeof found->name, cgroup.name);
    if (cgroup.pod.len > 0) {
        text_copy(found->detail, sizeof found->detail, cgroup.pod);
        for (char *at = found->detail; *at; at++)
            *at = *at == '_' ? '-' : *at;
    } else if (cgroup.task.len > 0) {
        snprintf(found->detail, sizeof found->detail, "ECS task %.*s", (int)cgroup.task.len,
                 cgroup.task.at);
    }
    return true;
}

/* Whether the init has the mounts that PrivatePIDs= gives: a root that is shared, and a procfs that
 * is not its parent's. What a service has made itself, and left to the manager, lacks one of both:
 * unshare(1) and bwrap(1) do not share their mounts. */
static bool has_private_pids(struct trial *trial)
{
    struct text own = trial_get(trial, WHO_INIT, FACT_MOUNTS);
    struct mount root, proc, other;

    return mount_at(own, "/", &root) && mount_is_shared(&root) && mount_at(own, "/proc", &proc) &&
           mount_at(trial_get(trial, WHO_PARENT, FACT_MOUNTS), "/proc", &other) &&
           !text_equal(proc.device, other.device);
}

/* PrivatePIDs= (systemd.exec(5)): the manager itself is the parent of such an init. */
static bool systemd_service(struct trial *trial, struct found *found)
{
    if (!trial_is_named(trial, WHO_PARENT, "systemd") || !trial_own_mounts(trial))
        return false;
    struct text service = cgroup_service(trial_get(trial, found->who, FACT_CGROUP));
    if (service.len == 0 || !has_private_pids(trial))
        return false;
    text_unescape_unit(found->name, sizeof found->name, service);
    return true;
}

/* A runtime without an engine names the cgroup like the container. names_runtime() checks that its
 * state has the PID of the init. */
static bool runtime_cgroup(struct trial *trial, struct found *found)
{
    if (!trial_own_mounts(trial))
        return false;
    struct text leaf =
        text_without(cgroup_leaf(trial_get(trial, found->who, FACT_CGROUP)), ".scope");
    if (leaf.len == 0 || text_is(leaf, "..") || leaf.len >= sizeof found->name)
        return false;
    text_copy(found->name, sizeof found->name, leaf);
    return true;
}

/* Signals of the parent process. */

/* Whether a process can be in the container that its parent keeps. One in the parent's own cgroup
 * is a runtime at work, before it has begun or entered the container. */
static bool can_be_kept(struct trial *trial)
{
    return !trial->member || !text_equal(trial_get(trial, WHO_INIT, FACT_CGROUP),
                                         trial_get(trial, WHO_PARENT, FACT_CGROUP));
}

static bool shim_parent(struct trial *trial, struct found *found)
{
    if (!can_be_kept(trial))
        return false;
    struct text args = trial_get(trial, WHO_PARENT, FACT_CMDLINE);
    struct text namespace = args_value(args, "-namespace"), id = args_value(args, "-id");

    if (namespace.len == 0 || id.len == 0)
        return false;
    if (text_is(namespace, "moby") || text_is(namespace, "k8s.io")) {
        /* Of a pod's processes, the shim only knows the sandbox. */
        if (!text_is_hex(id, 12) || (trial->member && text_is(namespace, "k8s.io")))
            return false;
        found->kind = text_is(namespace, "moby") ? KIND_DOCKER : KIND_K8S;
        text_copy(found->id, sizeof found->id, id);
    } else if (text_is(namespace, "services.linuxkit")) {
        found->kind = KIND_LINUXKIT;
        text_copy(found->name, sizeof found->name, id);
    } else {
        found->kind = KIND_CONTAINERD;
        snprintf(found->name, sizeof found->name, "%.*s/%.*s", (int)namespace.len, namespace.at,
                 (int)id.len, id.at);
    }
    return true;
}

static bool conmon_parent(struct trial *trial, struct found *found)
{
    if (!can_be_kept(trial))
        return false;
    struct text args = trial_get(trial, WHO_PARENT, FACT_CMDLINE);
    struct text id = args_value(args, "-c");

    if (!text_is_id(id))
        return false;
    found->kind = text_starts(args_value(args, "-n"), "k8s_") ? KIND_K8S : KIND_PODMAN;
    text_copy(found->id, sizeof found->id, id);
    return true;
}

static bool nspawn_parent(struct trial *trial, struct found *found)
{
    struct text args = trial_get(trial, WHO_PARENT, FACT_CMDLINE);
    struct text name = args_value(args, "--machine");

    name = name.len > 0 ? name : args_value(args, "-M");
    name = name.len > 0 ? name : text_base(args_value(args, "--directory"));
    name = name.len > 0 ? name : text_base(args_value(args, "-D"));
    if (args.len == 0)
        return false;
    text_copy(found->name, sizeof found->name, name);
    return true;
}

static bool lxc_parent(struct trial *trial, struct found *found)
{
    struct text path, name;

    if (!names_lxc_monitor(trial, &path, &name))
        return false;
    text_copy(found->name, sizeof found->name, name);
    return true;
}

/* `--name=NAME`, or else the first argument that is no option: no option has a separate value. */
static bool firejail_parent(struct trial *trial, struct found *found)
{
    struct text args = trial_get(trial, WHO_PARENT, FACT_CMDLINE);
    struct text name = args_value(args, "--name"), word;

    if (args.len == 0)
        return false;
    text_next(&args, '\0', &word);
    while (name.len == 0 && text_next(&args, '\0', &word)) {
        if (!text_starts(word, "-"))
            name = text_base(word);
    }
    text_copy(found->name, sizeof found->name, name);
    return true;
}

/* Apptainer, and Singularity before it, set the title of the parent process: `Apptainer instance:
 * USER [NAME]`, `Apptainer runtime parent: IMAGE`. Other programs are called sinit, too. */
static bool apptainer_init(struct trial *trial, struct found *found)
{
    bool old = trial_is_named(trial, found->who, "sinit");

    if (!old && !trial_is_named(trial, found->who, "appinit"))
        return false;
    struct text title = args_first(trial_get(trial, WHO_PARENT, FACT_CMDLINE)), name = {0};
    struct text bracket = text_after(title, " [");
    bool instance = text_starts(title, old ? "Singularity instance: " : "Apptainer instance: ");
    bool once = text_starts(title, old ? "Singularity runtime parent" : "Apptainer runtime parent");
    if (instance && text_after(bracket, "]").at)
        text_next(&bracket, ']', &name);
    else if (once)
        name = text_base(text_after(title, " parent: "));
    text_copy(found->name, sizeof found->name, name);
    found->kind = old ? KIND_SINGULARITY : KIND_APPTAINER;
    return !old || instance || once;
}

static bool buildah_parent(struct trial *trial, struct found *found)
{
    (void)found;
    return trial_is_named(trial, WHO_PARENT, "exe") &&
           text_is(args_first(trial_get(trial, WHO_PARENT, FACT_CMDLINE)), "buildah-oci-runtime");
}

/* With --pidns it runs itself again. The init is named after /proc/self/exe. */
static bool rootlesskit_init(struct trial *trial, struct found *found)
{
    return trial_is_named(trial, found->who, "exe");
}

/* For programs that fork the init and run no other program as it. */
static bool forked_init(struct trial *trial, struct found *found)
{
    if (!trial_is_named(trial, found->who, trial->evidence[WHO_PARENT]->name))
        return false;
    if (found->kind == KIND_VIRTIOFSD)
        text_copy(
            found->name, sizeof found->name,
            text_base(args_value(trial_get(trial, WHO_PARENT, FACT_CMDLINE), "--socket-path")));
    return true;
}

/* Takes the name of the init, unless it is the jailer's own, which does not run the program yet. */
static void name_init(const struct trial *trial, struct found *found)
{
    const char *name = trial->evidence[found->who]->name;

    if (strcmp(name, trial->evidence[WHO_PARENT]->name) != 0)
        text_copy(found->name, sizeof found->name, text_of(name));
}

/* The label must not hide what runs. */
static bool unshare_parent(struct trial *trial, struct found *found)
{
    name_init(trial, found);
    return true;
}

/* The command follows `--`, as both programs document it; their other forms only show the init. */
static bool jail_parent(struct trial *trial, struct found *found)
{
    const char *jailer = found->kind == KIND_MINIJAIL ? "minijail0" : "nsjail";
    bool outer = trial_is_program(trial, WHO_PARENT, jailer);
    bool inner = found->kind == KIND_MINIJAIL && trial_is_named(trial, found->who, "minijail-init");
    struct text args = trial_parent_args(trial, jailer), word;

    while (found->name[0] == '\0' && text_next(&args, '\0', &word)) {
        if (text_is(word, "--"))
            text_copy(found->name, sizeof found->name, text_base(args_first(args)));
    }
    if (outer && !inner && found->name[0] == '\0')
        name_init(trial, found);
    return outer || inner;
}

/* How many values follow an option of bwrap(1). An unknown option is assumed to have none. */
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

/* Others have copies of it: `flatpak-bwrap`, `srt-bwrap`. */
static bool is_bwrap(const struct trial *trial, enum who who)
{
    return trial->evidence[who] && (trial_is_named(trial, who, "bwrap") ||
                                    text_ends(text_of(trial->evidence[who]->name), "-bwrap"));
}

static bool bubblewrap_program(struct trial *trial, struct found *found)
{
    enum who who = is_bwrap(trial, found->who) ? found->who : WHO_PARENT;
    struct text args, word = {0};

    if (!is_bwrap(trial, who) || !trial_is_program(trial, who, trial->evidence[who]->name))
        return false;
    args = trial_get(trial, who, FACT_CMDLINE);
    text_next(&args, '\0', &word);
    while (text_next(&args, '\0', &word) && text_starts(word, "--")) {
        for (size_t values = bwrap_values(word); values > 0; values--)
            text_next(&args, '\0', &word);
        word.len = 0; /* the command may come from --args, which /proc does not show */
    }
    text_copy(found->name, sizeof found->name, text_base(word));
    return true;
}

/* `passt`, `pasta`, or the same with the CPU's extension that it was built for: `pasta.avx2`. */
static bool is_passt(struct trial *trial, enum who who, enum kind kind)
{
    const char *program = kind == KIND_PASTA ? "pasta" : "passt";
    const struct evidence *evidence = trial->evidence[who];
    size_t len = strlen(program);

    return evidence && strncmp(evidence->name, program, len) == 0 &&
           (evidence->name[len] == '\0' || evidence->name[len] == '.') &&
           trial_runs(trial, who, program);
}

/* Both go into a PID namespace of their own, to connect a network namespace or a socket. */
static bool passt_init(struct trial *trial, struct found *found)
{
    const char *option = found->kind == KIND_PASTA ? "--netns" : "--socket";

    if (!is_passt(trial, found->who, found->kind))
        return false;
    struct text args = trial_get(trial, found->who, FACT_CMDLINE);
    text_copy(found->name, sizeof found->name, text_base(args_value(args, option)));
    return true;
}

/* pasta makes one for a command, too. */
static bool pasta_parent(struct trial *trial, struct found *found)
{
    if (!is_passt(trial, WHO_PARENT, found->kind))
        return false;
    text_copy(found->name, sizeof found->name, text_of(trial->evidence[found->who]->name));
    return true;
}

/* The command line of an OCI runtime that waits for the container it runs: `runc … run … ID`. */
static struct text runtime_args(struct trial *trial, enum kind *kind, struct text *id)
{
    static const struct {
        const char *program;
        enum kind kind;
    } runtimes[] = {{"runc", KIND_RUNC},
                    {"buildkit-runc", KIND_RUNC},
                    {"crun", KIND_CRUN},
                    {"youki", KIND_YOUKI}};
    struct text args = {0}, rest, word;
    bool run = false;

    for (size_t i = 0; i < sizeof runtimes / sizeof *runtimes && args.len == 0; i++) {
        args = trial_parent_args(trial, runtimes[i].program);
        *kind = runtimes[i].kind;
    }
    *id = (struct text){0};
    for (rest = args; text_next(&rest, '\0', &word); run = run || text_is(word, "run"))
        *id = run ? word : *id;
    return id->len > 0 && *id->at != '-' ? args : (struct text){0};
}

/* A step of a build by BuildKit, whose bundle is `…/executor/ID`; that of dockerd's own BuildKit is
 * in `…/buildkit`. The ID has 25 digits of base 36. */
static bool buildkit_parent(struct trial *trial, struct found *found)
{
    enum kind runtime;
    struct text id, bundle = args_value(runtime_args(trial, &runtime, &id), "--bundle");

    if (id.len != 25 || !text_equal(text_base(bundle), id))
        return false;
    bundle.len -= id.len;
    if (!text_ends(bundle, "/executor/"))
        return false;
    if (text_ends(bundle, "/buildkit/executor/"))
        found->kind = KIND_DOCKER_BUILD;
    text_copy(found->id, sizeof found->id, (struct text){id.at, 12});
    return true;
}

/* Any other container of a runtime in the foreground. names_state() refuses orphans that the
 * runtime adopted, of a container without a PID namespace of its own. */
static bool runtime_parent(struct trial *trial, struct found *found)
{
    struct text id;

    if (runtime_args(trial, &found->kind, &id).len == 0 || !text_equal(text_base(id), id) ||
        id.len >= sizeof found->name)
        return false;
    text_copy(found->name, sizeof found->name, id);
    return true;
}

/* Signals of the init itself. */

/* The last word; empty if that is an option. */
static struct text last_operand(struct text args)
{
    struct text word = {0};

    while (text_next(&args, '\0', &word))
        ;
    word.len = text_starts(word, "-") ? 0 : word.len;
    return word;
}

/* A gofer knows no ID. `runsc run ID` started it, or an engine, which names the bundle's directory
 * by the ID. `runsc do COMMAND` makes up both. */
static struct text gofer_id(struct trial *trial, struct text args)
{
    struct text parent = trial_parent_args(trial, "runsc");
    struct text bundle = text_base(args_value(args, "--bundle"));

    if (args_value(parent, "run").len > 0 && args_value(parent, "do").len == 0)
        return last_operand(parent);
    return bundle.len > 0 && !text_starts(bundle, "-") ? bundle : last_operand(args);
}

static bool gvisor_init(struct trial *trial, struct found *found)
{
    if (!trial_is_named(trial, found->who, "exe") &&
        strncmp(trial->evidence[found->who]->name, "runsc", 5) != 0)
        return false;
    struct text args = trial_get(trial, found->who, FACT_CMDLINE), first = args_first(args);
    bool gofer = text_is(first, "runsc-gofer");
    if (!gofer && !text_is(first, "runsc-sandbox"))
        return false;
    struct text id = gofer ? gofer_id(trial, args) : last_operand(args);
    snprintf(found->shown, sizeof found->shown, "%s", gofer ? "gofer" : "sandbox");
    if (!text_equal(id, first))
        text_copy(found->id, sizeof found->id, id);
    return true;
}

/* Whether the browser started a process: that is the same program, or the set-user-ID helper. The
 * browser of QtWebEngine is a program of any name, with a process of its own for all else. */
static bool is_chromium(struct trial *trial, enum who who)
{
    if (trial_is_named(trial, WHO_PARENT, "chrome-sandbox"))
        return true;
    return trial->nested_user_ns && trial->evidence[WHO_PARENT] &&
           (trial_is_named(trial, WHO_PARENT, trial->evidence[who]->name) ||
            trial_is_program(trial, who, "QtWebEngineProcess"));
}

/* Chromium and its derivatives, whose processes rewrite their command line into one string. */
static bool chromium_init(struct trial *trial, struct found *found)
{
    static const char *const types[] = {"zygote", "renderer", "utility", "gpu-process", "ppapi"};

    if (!is_chromium(trial, found->who))
        return false;
    struct text args = trial_get(trial, found->who, FACT_CMDLINE), first = args_first(args);
    struct text type = text_after(args, "--type="), program = {0};
    if (trial_is_named(trial, found->who, "QtWebEngineProc") &&
        text_after(args, "--application-name=").len > 0)
        first = args_first(text_after(args, "--application-name="));
    text_next(&first, ' ', &program);
    program = text_base(program);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (text_starts(type, types[i]) && program.len > 0) {
            snprintf(found->name, sizeof found->name, "%.*s sandbox (%s)",
                     (int)(program.len < 200 ? program.len : 200), program.at, types[i]);
            return true;
        }
    }
    return false;
}

static bool firecracker_init(struct trial *trial, struct found *found)
{
    if (!trial_is_program(trial, found->who, "firecracker"))
        return false;
    text_copy(found->name, sizeof found->name,
              args_value(trial_get(trial, found->who, FACT_CMDLINE), "--id"));
    return true;
}

/* The sandbox of a pod, where the shim does not show it: only that image has this program and runs
 * it as this user. */
static bool pause_init(struct trial *trial, struct found *found)
{
    return trial_is_named(trial, found->who, "pause") &&
           trial->evidence[found->who]->uid == 65535 &&
           trial_is_named(trial, WHO_PARENT, "containerd-shim") &&
           text_is(args_first(trial_get(trial, found->who, FACT_CMDLINE)), "/pause");
}

/* Signals of variables, mounts and files. */

static bool nspawn_mount(struct trial *trial, struct found *found)
{
    struct mount mount;

    if (!trial_own_mounts(trial) ||
        !mount_at(trial_get(trial, found->who, FACT_MOUNTS), "/run/host/incoming", &mount))
        return false;
    struct text name = text_after(mount.root, "/systemd/nspawn/propagate/");
    text_unescape_mount(found->name, sizeof found->name, name);
    return name.at;
}

/* `…/flatpak/app/ID/ARCH/…` on /app. */
static bool flatpak_mount(struct trial *trial, struct found *found)
{
    struct mount mount;

    if (!is_bwrap(trial, WHO_INIT) && !is_bwrap(trial, WHO_PARENT))
        return false;
    if (!mount_at(trial_get(trial, found->who, FACT_MOUNTS), "/app", &mount))
        return false;
    struct text rest = text_after(mount.root, "/flatpak/app/"), id;
    if (text_next(&rest, '/', &id))
        text_unescape_mount(found->name, sizeof found->name, id);
    return rest.at;
}

/* The root of a build is `…/store/HASH-NAME.drv.chroot`, or a directory in it. The hash has 32
 * digits. The daemon of Guix is a derivative of that of Nix. */
static bool nix_mount(struct trial *trial, struct found *found)
{
    struct mount mount;

    if (!trial_own_root(trial) || !mount_at(trial_get(trial, found->who, FACT_MOUNTS), "/", &mount))
        return false;
    struct text rest = text_after(mount.root, ".drv.chroot"), store = mount.root;
    if (!rest.at || (rest.len > 0 && *rest.at != '/'))
        return false;
    store.len -= rest.len + strlen(".drv.chroot");
    struct text base = text_base(store);
    if (base.len < 34 || base.at[32] != '-')
        return false;
    if (trial_is_named(trial, WHO_PARENT, "guix-daemon") || text_after(store, "/gnu/store/").at)
        found->kind = KIND_GUIX;
    text_unescape_mount(found->name, sizeof found->name, text_skip(base, 33));
    return true;
}

/* `…/containers/ID/hostname` of Docker, on /etc/hostname. The file /.dockerenv is no evidence:
 * every exported root file system has it. The mounts stay behind. */
static bool docker_mount(struct trial *trial, struct found *found)
{
    struct mount mount;

    if (!trial_own_root(trial) ||
        !mount_at(trial_get(trial, found->who, FACT_MOUNTS), "/etc/hostname", &mount))
        return false;
    struct text bundle = text_without(mount.root, "/hostname"), id = text_base(bundle);
    text_copy(found->id, sizeof found->id, id);
    bundle.len -= id.len;
    return text_is_id(id) && text_ends(bundle, "/containers/");
}

/* `…-containers/ID/userdata/.containerenv` of Podman, or `…/buildahNUMBER/run/.containerenv`. The
 * file itself is exported, too. */
static bool containerenv_mount(struct trial *trial, struct found *found)
{
    struct mount mount;

    if (!trial_own_root(trial) ||
        !mount_at(trial_get(trial, found->who, FACT_MOUNTS), "/run/.containerenv", &mount))
        return false;
    struct text bundle = text_without(mount.root, "/userdata/.containerenv"),
                id = text_base(bundle), build = text_without(mount.root, "/run/.containerenv");
    if (text_starts(text_base(build), "buildah") && build.len < mount.root.len) {
        found->kind = KIND_BUILDAH;
        return true;
    }
    text_copy(found->id, sizeof found->id, id);
    bundle.len -= id.len;
    return text_is_id(id) && text_ends(bundle, "-containers/");
}

static bool container_variable(struct trial *trial, struct found *found)
{
    if (trial->refuted || !trial_own_root(trial))
        return false;
    struct text value = environ_value(trial_get(trial, found->who, FACT_ENVIRON), "container");
    if (value.len == 0 || value.len > 64)
        return false;
    snprintf(found->name, sizeof found->name, "(%.*s)", (int)value.len, value.at);
    return true;
}

/*
 * Ordinary users can run Docker, containerd, Podman, Buildah, BuildKit, CRI-O and the kubelet
 * (rootless), LXC and nspawn (unprivileged), and every sandbox, runtime and build. The others are
 * daemons that run as root: LXD, Incus, Waydroid (LXC as root), Nomad's client, LinuxKit's
 * services, the init of WSL.
 */
const struct engine_kind engine_kinds[] = {
    [KIND_DOCKER] = {"docker", "docker", names_docker, CONTAINER | SHARING},
    [KIND_K8S] = {"k8s", "k8s", names_k8s, CONTAINER | SHARING},
    [KIND_PODMAN] = {"podman", "podman", names_podman_pod, CONTAINER | SHARING},
    [KIND_CONTAINERD] = {"containerd", "containerd", names_containerd, CONTAINER | SHARING},
    [KIND_LINUXKIT] = {"linuxkit", "LinuxKit", NULL, CONTAINER | ROOT_ONLY},
    [KIND_NSPAWN] = {"nspawn", "nspawn", NULL, CONTAINER | SHARING},
    [KIND_LXC] = {"lxc", "LXC", names_lxc, CONTAINER | SHARING},
    [KIND_LXD] = {"lxd", "LXD", NULL, CONTAINER | ROOT_ONLY},
    [KIND_INCUS] = {"incus", "Incus", NULL, CONTAINER | ROOT_ONLY},
    [KIND_WAYDROID] = {"waydroid", "Waydroid", NULL, CONTAINER | ROOT_ONLY},
    [KIND_WSL] = {"wsl", "WSL", NULL, CONTAINER | ROOT_ONLY},
    [KIND_WSL_SYSTEM] = {"wsl", "WSL system distribution", NULL, CONTAINER | ROOT_ONLY},
    [KIND_DOCKER_DESKTOP] = {"wsl", "", NULL, CONTAINER | ROOT_ONLY},
    [KIND_FLATPAK] = {"flatpak", "flatpak", NULL, CONTAINER},
    [KIND_NOMAD] = {"nomad", "Nomad", NULL, CONTAINER | SHARING | ROOT_ONLY},
    [KIND_GVISOR] = {"gvisor", "gVisor", NULL, CONTAINER},
    [KIND_CHROMIUM] = {"chromium", "", NULL, 0},
    [KIND_FIREJAIL] = {"firejail", "firejail", names_firejail, CONTAINER},
    [KIND_NSJAIL] = {"nsjail", "nsjail", NULL, 0},
    [KIND_MINIJAIL] = {"minijail", "minijail", NULL, 0},
    [KIND_APPTAINER] = {"apptainer", "Apptainer", NULL, CONTAINER},
    [KIND_SINGULARITY] = {"singularity", "Singularity", NULL, CONTAINER},
    [KIND_FIRECRACKER] = {"firecracker", "Firecracker", NULL, CONTAINER},
    [KIND_BUILDAH] = {"buildah", "buildah", names_buildah, CONTAINER},
    [KIND_DOCKER_BUILD] = {"buildkit", "docker build", NULL, CONTAINER},
    [KIND_BUILDKIT] = {"buildkit", "BuildKit", NULL, CONTAINER},
    [KIND_VIRTIOFSD] = {"virtiofsd", "virtiofsd", NULL, 0},
    [KIND_BAZEL] = {"bazel", "Bazel linux-sandbox", NULL, 0},
    [KIND_PASTA] = {"pasta", "pasta", NULL, 0},
    [KIND_PASST] = {"passt", "passt", NULL, 0},
    [KIND_ROOTLESSKIT] = {"rootlesskit", "rootlesskit", NULL, 0},
    [KIND_BUBBLEWRAP] = {"bubblewrap", "bubblewrap", NULL, 0},
    [KIND_RUNC] = {"runc", "runc", names_state, CONTAINER},
    [KIND_CRUN] = {"crun", "crun", names_state, CONTAINER},
    [KIND_YOUKI] = {"youki", "youki", NULL, CONTAINER},
    [KIND_RUNTIME] = {"runc", "runc", names_runtime, CONTAINER}, /* of runc or crun */
    [KIND_NIX] = {"nix", "nix build", NULL, CONTAINER},
    [KIND_GUIX] = {"guix", "guix build", NULL, CONTAINER},
    [KIND_CONTAINER] = {"container", "container", NULL, CONTAINER},
    [KIND_UNSHARE] = {"unshare", "unshare", NULL, 0},
    [KIND_SYSTEMD] = {"systemd", "systemd service", NULL, 0},
};

const struct rule engine_rules[] = {
    {"cgroup", KIND_K8S, true, BY_CGROUP, NULL, engine_cgroup},
    {"cgroup", KIND_DOCKER, true, BY_CGROUP, NULL, engine_cgroup},
    {"cgroup", KIND_PODMAN, true, BY_CGROUP, NULL, engine_cgroup},
    {"parent containerd-shim", KIND_CONTAINERD, false, BY_PARENT, "containerd-shim", shim_parent},
    {"parent conmon", KIND_PODMAN, false, BY_PARENT, "conmon", conmon_parent},
    {"cgroup", KIND_NSPAWN, true, BY_CGROUP, NULL, engine_cgroup},
    {"mount on /run/host/incoming", KIND_NSPAWN, true, BY_INIT, NULL, nspawn_mount},
    {"parent systemd-nspawn", KIND_NSPAWN, false, BY_PARENT, "systemd-nspawn", nspawn_parent},
    {"cgroup", KIND_LXC, true, BY_CGROUP, NULL, engine_cgroup},
    {"parent lxc monitor", KIND_LXC, false, BY_PARENT, NULL, lxc_parent},
    {"variable WSL2_DISTRO_NAME", KIND_WSL, true, BY_INIT, NULL, wsl_environment},
    {"name of the init", KIND_WSL, false, BY_INIT, NULL, wsl_name},
    {"name of process 2", KIND_WSL, false, BY_INIT, NULL, wsl_second},
    {"variable container", KIND_WSL, true, BY_INIT, NULL, wsl_container},
    {"parent unshare of wsl-bootstrap", KIND_LINUXKIT, false, BY_PARENT, "unshare", wsl_linuxkit},
    {"mount on /app", KIND_FLATPAK, true, BY_INIT, NULL, flatpak_mount},
    {"cgroup", KIND_NOMAD, true, BY_CGROUP, NULL, engine_cgroup},
    {"command line of the init", KIND_GVISOR, false, BY_INIT, NULL, gvisor_init},
    {"command line of the init", KIND_CHROMIUM, false, BY_INIT, NULL, chromium_init},
    {"parent firejail", KIND_FIREJAIL, false, BY_PARENT, "firejail", firejail_parent},
    {"parent nsjail", KIND_NSJAIL, false, BY_PARENT, NULL, jail_parent},
    {"parent minijail0", KIND_MINIJAIL, false, BY_INIT, NULL, jail_parent},
    {"name of the init", KIND_APPTAINER, false, BY_INIT, NULL, apptainer_init},
    {"name of the init", KIND_FIRECRACKER, false, BY_INIT, NULL, firecracker_init},
    {"parent buildah-oci-runtime", KIND_BUILDAH, false, BY_PARENT, NULL, buildah_parent},
    {"parent OCI runtime", KIND_BUILDKIT, false, BY_PARENT, NULL, buildkit_parent},
    {"parent virtiofsd", KIND_VIRTIOFSD, false, BY_PARENT, "virtiofsd", forked_init},
    {"parent linux-sandbox", KIND_BAZEL, false, BY_PARENT, "linux-sandbox", forked_init},
    {"parent rootlesskit", KIND_ROOTLESSKIT, false, BY_PARENT, "rootlesskit", rootlesskit_init},
    {"parent pasta", KIND_PASTA, false, BY_PARENT, NULL, pasta_parent},
    {"command line of bwrap", KIND_BUBBLEWRAP, false, BY_INIT, NULL, bubblewrap_program},
    {"parent unshare", KIND_UNSHARE, false, BY_PARENT, "unshare", unshare_parent},
    {"command line of the init", KIND_PASTA, false, BY_INIT, NULL, passt_init},
    {"command line of the init", KIND_PASST, false, BY_INIT, NULL, passt_init},
    {"cgroup and the runtime's state", KIND_RUNTIME, true, BY_CGROUP, NULL, runtime_cgroup},
    {"parent OCI runtime", KIND_RUNC, false, BY_PARENT, NULL, runtime_parent},
    {"mount on /", KIND_NIX, true, BY_INIT, NULL, nix_mount},
    {"mount on /run/.containerenv", KIND_PODMAN, true, BY_INIT, NULL, containerenv_mount},
    {"mount on /etc/hostname", KIND_DOCKER, true, BY_INIT, NULL, docker_mount},
    {"variable container", KIND_CONTAINER, true, BY_INIT, NULL, container_variable},
    {"name of the init", KIND_K8S, false, BY_INIT, NULL, pause_init},
    {"cgroup and mounts", KIND_SYSTEMD, true, BY_SERVICE, NULL, systemd_service},
};

const size_t engine_n_rules = sizeof engine_rules / sizeof *engine_rules;
