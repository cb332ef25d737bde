/* SPDX-License-Identifier: MIT */
/*
 * What follows is in the source of WSL's init (github.com/microsoft/WSL, 2.9.4). `unshare` and
 * `wsl-bootstrap` were recorded in Docker Desktop.
 *
 * The PID 1 of the virtual machine makes a PID namespace for each distribution (main.cpp). With GUI
 * applications, which is the default, that is the system distribution, and the user's distribution
 * is in a namespace within. Both are given WSL2_DISTRO_NAME, and only the system distribution
 * WSL2_SHARED_MEMORY_OB_DIRECTORY and, since 2025, WSL2_DISTRO_INIT_PID.
 *
 * The init of each is /init, as root of the initial user namespace. It calls itself `init(NAME)`,
 * and `init()` in a system distribution (config.cpp). With systemd, /sbin/init is the init, with
 * container=wsl and no name in its environment, and /init is process 2 (init.cpp): `init-systemd`
 * until its first session, then `init-systemd(NAME)`. The kernel keeps 15 bytes of that.
 *
 * Names are world-readable, environments are not. Root alone can give itself such a name and that
 * command line as well: all of it counts only for root's processes.
 */
#include "label/wsl.h"

#include <stdio.h>
#include <string.h>

#define DESKTOP "docker-desktop"
#define DESKTOP_INIT "init(docker-des" /* what the kernel keeps of `init(docker-desktop)` */

/* What the kernel kept of a distribution's name. */
struct kept {
    struct text text;
    bool cut; /* the name may go on */
};

static struct text comm_of(const struct trial *trial, enum who who)
{
    return trial->evidence[who] ? text_of(trial->evidence[who]->name) : (struct text){0};
}

/* Whether a process has the command line and the user of WSL's init. */
static bool runs_init(struct trial *trial, enum who who)
{
    return trial_is_root(trial, who) &&
           text_is(args_first(trial_get(trial, who, FACT_CMDLINE)), "/init");
}

/* Takes the name from a comm, `PREFIXNAME)`. Without the bracket it is one only if it was cut. */
static bool take_kept(struct text comm, const char *prefix, struct kept *kept)
{
    if (!text_starts(comm, prefix))
        return false;
    kept->text = text_skip(comm, strlen(prefix));
    kept->cut = !text_ends(kept->text, ")");
    kept->text = text_without(kept->text, ")");
    return !kept->cut || comm.len == COMM_LEN;
}

static bool fits(struct text name, const struct kept *kept)
{
    struct text start = name;

    if (kept->cut && start.len > kept->text.len)
        start.len = kept->text.len;
    return name.len > 0 && text_equal(start, kept->text);
}

/* Whether the Windows drives are where only docker-desktop has them. The name of
 * docker-desktop-data, which has them in /mnt, begins with the same bytes, and so can any other;
 * without mounts (only in a recorded procfs) it is taken for the usual one. */
static bool has_desktop_mounts(struct trial *trial)
{
    struct text rest = trial_get(trial, WHO_INIT, FACT_MOUNTS);
    bool found = !rest.at;
    struct mount mount;

    while (!found && mount_next(&rest, &mount))
        found = text_is(mount.point, "/mnt/host") || text_starts(mount.point, "/mnt/host/");
    return found;
}

static void set_name(struct found *found, struct text name)
{
    found->kind = text_is(name, DESKTOP) ? KIND_DOCKER_DESKTOP : KIND_WSL;
    text_copy(found->name, sizeof found->name, name);
}

/* Words for a distribution whose name is not known, or not all of it. */
static void set_shown(struct found *found, const char *words, struct text rest, const char *end)
{
    snprintf(found->shown, sizeof found->shown, "%s%.*s%s", words,
             (int)(rest.len < 256 ? rest.len : 256), rest.at ? rest.at : "", end);
}

/* The whole name, if that is known: by `name`, or as the caller's own distribution. */
static void set_kept(struct trial *trial, const struct kept *kept, struct text name,
                     struct found *found)
{
    if (fits(name, kept)) {
        set_name(found, name);
    } else if (kept->text.len == 0) {
        set_shown(found, "distribution", kept->text, "");
    } else if (fits(trial->distribution, kept)) {
        set_name(found, trial->distribution);
    } else if (kept->cut && text_is(kept->text, "docker-des") && has_desktop_mounts(trial)) {
        set_name(found, text_of(DESKTOP));
    } else if (kept->cut) {
        set_shown(found, "", kept->text, "\u2026");
    } else {
        set_name(found, kept->text);
    }
}

bool wsl_environment(struct trial *trial, struct found *found)
{
    if (!trial->wsl || !runs_init(trial, WHO_INIT))
        return false;
    struct text env = trial_get(trial, found->who, FACT_ENVIRON);
    struct text name = environ_value(env, "WSL2_DISTRO_NAME");
    if (name.len == 0)
        return false;
    set_name(found, name);
    if (environ_value(env, "WSL2_SHARED_MEMORY_OB_DIRECTORY").at ||
        environ_value(env, "WSL2_DISTRO_INIT_PID").at ||
        text_is(comm_of(trial, WHO_INIT), "init()")) {
        found->kind = KIND_WSL_SYSTEM;
        found->name[0] = '\0';
        set_shown(found, "(for ", name, ")");
    }
    return true;
}

bool wsl_name(struct trial *trial, struct found *found)
{
    struct kept kept;

    if (!trial->wsl || !take_kept(comm_of(trial, WHO_INIT), "init(", &kept) ||
        !runs_init(trial, WHO_INIT))
        return false;
    if (kept.text.len == 0)
        found->kind = KIND_WSL_SYSTEM;
    else
        set_kept(trial, &kept, (struct text){0}, found);
    return true;
}

bool wsl_second(struct trial *trial, struct found *found)
{
    struct kept kept = {.cut = true};
    struct text comm = comm_of(trial, WHO_SECOND);

    if (!trial->wsl ||
        (!text_is(comm, "init-systemd") && !take_kept(comm, "init-systemd(", &kept)) ||
        !trial_is_root(trial, WHO_INIT) || !runs_init(trial, WHO_SECOND))
        return false;
    struct text env = trial_get(trial, WHO_SECOND, FACT_ENVIRON);
    set_kept(trial, &kept, environ_value(env, "WSL2_DISTRO_NAME"), found);
    return true;
}

bool wsl_container(struct trial *trial, struct found *found)
{
    if (!trial->wsl || !trial_is_root(trial, WHO_INIT))
        return false;
    struct text env = trial_get(trial, found->who, FACT_ENVIRON);
    if (!text_is(environ_value(env, "container"), "wsl"))
        return false;
    set_shown(found, "distribution", (struct text){0}, "");
    return true;
}

/* `wsl-bootstrap run` runs `unshare -muinpf … /usr/local/bin/wsl-bootstrap jump`, which becomes the
 * init of LinuxKit. */
bool wsl_linuxkit(struct trial *trial, struct found *found)
{
    if (!trial->wsl || !trial_is_named(trial, WHO_OUTER, DESKTOP_INIT) ||
        !trial_is_named(trial, WHO_GRANDPARENT, "wsl-bootstrap") ||
        !trial_is_root(trial, WHO_GRANDPARENT) || !runs_init(trial, WHO_OUTER))
        return false;
    set_shown(found, "(" DESKTOP ")", (struct text){0}, "");
    return true;
}

bool wsl_is_wslc(struct trial *trial)
{
    return environ_value(trial_get(trial, WHO_INIT, FACT_ENVIRON), "WSLC_ROOT_INIT").at;
}
