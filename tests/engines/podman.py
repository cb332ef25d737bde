# SPDX-License-Identifier: MIT
"""Podman and Buildah, which need a pure cgroup2 at /sys/fs/cgroup."""

import os
import subprocess

from lab import (IMAGE, PATH, init_below, limits_env, need, output, pure_cgroup, read)

PODMAN, BUILDAH, CRUN = "/usr/bin/podman", "/usr/bin/buildah", "/usr/bin/crun"
NEWUIDMAP = "/usr/bin/newuidmap"


def configure(lab, name, networks, storage, scratch):
    """The environment of Podman and Buildah: limits, and two files of containers.conf(5)."""
    env = {**lab.env, **limits_env(lab)}
    env["CONTAINERS_CONF"] = lab.write(name + ".conf", f"""\
[containers]
pids_limit = 0
[network]
network_config_dir = "{networks}"
[engine]
conmon_env_vars = ["PATH={PATH}", "LD_PRELOAD={env.get('LD_PRELOAD', '')}"]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "crun"
""")
    env["CONTAINERS_STORAGE_CONF"] = lab.write(name + "-storage.conf", f"""\
[storage]
driver = "overlay"
graphroot = "{storage}"
runroot = "{scratch}"
""")
    return env


def podman_prefix(lab):
    need(CRUN)
    if not lab.pure_mounts:
        lab.pure_mounts = lab.mount_namespace(pure_cgroup(), "mounts-pure", lab.mounts)
    return lab.pure_mounts


def podman_env(lab):
    return configure(lab, "containers", lab.make_dir("cni"), lab.path("podman"),
                     "/run/containers/storage")


class Podman:
    def __init__(self, lab, prefix, env):
        self.lab, self.env = lab, env
        self.prefix = prefix + [PODMAN]
        lab.stoppers.append(lambda: self("rm", "-fa", "-t", "0"))
        lab.stoppers.append(lambda: self("pod", "rm", "-fa", "-t", "0"))
        self("import", lab.path("rootfs.tar"), IMAGE)

    def __call__(self, *words):
        return output(self.prefix + list(words), env=self.env)

    def inspect(self, container):
        """(name, full ID, PID on the host), as podman reports them."""
        words = self("inspect", "-f", "{{.Name}} {{.Id}} {{.State.Pid}}", container).split()
        return words[0], words[1], int(words[2])

    def run(self, name, *options):
        self("run", "-d", "--name", name, *options, IMAGE, "sleep", "86400")
        return self.inspect(name)

    def own(self, name, *options):
        return self.lab.expect("podman", *self.run(name, *options))

    def share(self, name, owner, *options):
        container = self.run(name, *options)
        self.lab.stoppers.append(lambda: self("rm", "-f", "-t", "0", name))  # before its owner
        return self.lab.share("podman", *container, owner)

    def create_pod(self, name, *options):
        """
        Podman 4.3 with cgroupfs gives the pod's cgroup a filter that denies every device, so that
        no container in it can make its /dev/null. crun makes a missing cgroup anew, without it.
        """
        self("pod", "create", "--network=none", "--name", name, *options)
        path = self("pod", "inspect", "-f", "{{.CgroupPath}}", name)
        output(self.lab.pure_mounts + ["rmdir", "/sys/fs/cgroup" + path])

    def infra(self, pod):
        """The infra container of a pod that runs."""
        infra, name = self("pod", "inspect", "-f", "{{.InfraContainerID}} {{.Name}}", pod).split()
        _, full_id, pid = self.inspect(infra)
        return self.lab.expect("podman", None, full_id, pid, pod=name)

    def execute(self, row, seconds):
        """`podman top` reports the host's PID of what `podman exec` started."""
        self("exec", "-d", row["name"], "sleep", seconds)
        rows = [line.split(None, 1) for line in self("top", row["name"], "hpid,args").splitlines()]
        pid = next(int(pid) for pid, command in rows if command.strip() == "sleep " + seconds)
        self.lab.process(row, pid, "exec")

    def execute_on_host(self, row):
        """In a --pid=host container the process knows its PID on the host."""
        client = self.lab.spawn(self.prefix + ["exec", row["name"], "sh", "-c",
                                               "echo $$; exec sleep 86400"],
                                "podman-exec", env=self.env, stdout=subprocess.PIPE)
        self.lab.process(row, int(self.lab.line_of(client, "podman-exec")), "exec")


def start_podman(lab):
    need(PODMAN)
    podman = Podman(lab, podman_prefix(lab), podman_env(lab))
    database = podman.own("db", "--network=none")
    podman.execute(database, "76543")
    podman.run("old", "--network=none")
    podman("rename", "old", "renamed")
    # conmon has the name of the start, and what knows the new one is root's.
    lab.expect("podman", *podman.inspect("renamed"), name_for_nobody="old")
    podman.own("old", "--network=none")
    podman.execute(podman.share("pside", database["pid"], "--network=none", "--pid=container:db"),
                   "76544")
    podman.execute_on_host(podman.share("phost", "self", "--network=none", "--pid=host"))
    podman.create_pod("pod1")
    podman.own("member", "--pod=pod1")
    podman.infra("pod1")
    podman.create_pod("pod2", "--share=pid,net,uts")
    podman("pod", "start", "pod2")
    infra = podman.infra("pod2")
    podman.share("sharing", infra["pid"], "--pod=pod2")
    podman.share("sharing2", infra["pid"], "--pod=pod2")


# Rootless Podman: the user exists only in a mount namespace.

USER, UID = "nstree-engines", 64713
# What systemd delegates to the manager of a user.
DELEGATED = f"/user.slice/user-{UID}.slice/user@{UID}.service"


def user_files(lab):
    """Commands that give the user a name, subordinate IDs, directories and a cgroup."""
    lines = {"passwd": f"{USER}:x:{UID}:{UID}::{lab.path('home')}:/bin/sh",
             "group": f"{USER}:x:{UID}:", "subuid": f"{USER}:2100000000:65536",
             "subgid": f"{USER}:2100000000:65536"}
    for name, line in lines.items():
        before = read("/etc/" + name) if os.path.exists("/etc/" + name) else ""
        lab.write(name, before + line + "\n")
    script = [f"mount --bind {lab.path(name)} /etc/{name}" for name in lines]
    cgroup = "/sys/fs/cgroup" + DELEGATED
    script += ["chmod 1777 /dev/shm", f"mkdir -p {cgroup}/containers {cgroup}/client",
               f"chown -R {UID}:{UID} {cgroup}",
               f"install -d -o {UID} -g {UID} {lab.path('home')} /run/user/{UID}"]
    return "; ".join(script)


def start_rootless(lab):
    need(PODMAN, NEWUIDMAP)
    mounts = lab.mount_namespace(user_files(lab), "mounts-rootless", podman_prefix(lab))
    enter = f"echo $$ >/sys/fs/cgroup{DELEGATED}/client/cgroup.procs; exec \"$@\""
    prefix = mounts + ["sh", "-c", enter, "sh", "setpriv", f"--reuid={UID}", f"--regid={UID}",
                       "--clear-groups", "--inh-caps=-all", "--"]
    env = configure(lab, "rootless", lab.path("home", "cni"), lab.path("home", "storage"),
                    f"/run/user/{UID}/containers")
    env.update(HOME=lab.path("home"), TMPDIR=lab.path("home"), XDG_RUNTIME_DIR=f"/run/user/{UID}")
    podman = Podman(lab, prefix, env)
    podman.own("kim", "--network=none", "--cgroups=disabled")
    cgroup = f"--cgroup-parent={DELEGATED}/containers"
    delegated = podman.own("kims", "--network=none", cgroup)
    podman.execute(delegated, "76546")
    podman.share("kimside", delegated["pid"], "--network=none", "--pid=container:kims", cgroup)


def start_buildah(lab):
    need(BUILDAH)
    prefix = podman_prefix(lab) + [BUILDAH]
    env = podman_env(lab)
    output(prefix + ["from", "--name", "nsbuild", "scratch"], env=env)
    output(prefix + ["add", "nsbuild", lab.path("rootfs.tar"), "/"], env=env)
    argv = prefix + ["run", "--isolation=oci", "--network=none", "nsbuild", "--", "sh", "-c",
                     "echo ready; sleep 86400; :"]
    client = lab.spawn(argv, "buildah", env=env, stdout=subprocess.PIPE)
    lab.line_of(client, "buildah")
    full_id = output(prefix + ["inspect", "-f", "{{.ContainerID}}", "nsbuild"], env=env)
    lab.expect("buildah", "nsbuild", full_id, init_below(client.pid, 2))
