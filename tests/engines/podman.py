# SPDX-License-Identifier: MIT
"""Podman and Buildah, which need a pure cgroup2 at /sys/fs/cgroup."""

import os
import subprocess

from lab import (CAP_SYS_RESOURCE, HERE, IMAGE, PATH, has_capability, init_below, need, output)

PODMAN, BUILDAH, CRUN = "/usr/bin/podman", "/usr/bin/buildah", "/usr/bin/crun"


def limits_env(lab):
    if has_capability(CAP_SYS_RESOURCE):
        return {}
    library = lab.path("setrlimit.so")
    output(["cc", "-shared", "-fPIC", "-o", library, os.path.join(HERE, "setrlimit.c")])
    return {"LD_PRELOAD": library}


def podman_prefix(lab):
    if lab.pure_mounts:
        return lab.pure_mounts
    need(CRUN)
    script = ":"
    if not os.path.exists("/sys/fs/cgroup/cgroup.controllers"):
        script = "mount -t cgroup2 cgroup2 /sys/fs/cgroup"
    lab.pure_mounts = lab.mount_namespace(script, "mounts-pure", lab.mounts)
    lab.podman_env = limits_env(lab)
    lab.podman_env["CONTAINERS_CONF"] = lab.write("containers.conf", f"""\
[containers]
pids_limit = 0
[network]
network_config_dir = "{lab.make_dir('cni')}"
[engine]
conmon_env_vars = ["PATH={PATH}", "LD_PRELOAD={lab.podman_env.get('LD_PRELOAD', '')}"]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "crun"
""")
    lab.podman_env["CONTAINERS_STORAGE_CONF"] = lab.write("storage.conf", f"""\
[storage]
driver = "overlay"
graphroot = "{lab.path('podman')}"
runroot = "/run/containers/storage"
""")
    return lab.pure_mounts


class Podman:
    def __init__(self, lab):
        self.lab = lab
        self.prefix = podman_prefix(lab) + [PODMAN]
        lab.stoppers.append(lambda: self("rm", "-fa", "-t", "0"))
        lab.stoppers.append(lambda: self("pod", "rm", "-fa", "-t", "0"))

    def __call__(self, *words):
        return output(self.prefix + list(words), env={**self.lab.env, **self.lab.podman_env})

    def inspect(self, container):
        """(full ID, PID on the host, name), as podman reports them."""
        words = self("inspect", "-f", "{{.Id}} {{.State.Pid}} {{.Name}}", container).split()
        return words[0], int(words[1]), words[2]

    def run(self, name, *options):
        self("run", "-d", "--name", name, *options, IMAGE, "sleep", "86400")
        return self.inspect(name)

    def create_pod(self, name, *options):
        """
        Podman 4.3 with cgroupfs gives the pod's cgroup a filter that denies every device, so that
        no container in it can make its /dev/null. crun makes a missing cgroup anew, without it.
        """
        self("pod", "create", "--network=none", "--name", name, *options)
        path = self("pod", "inspect", "-f", "{{.CgroupPath}}", name)
        output(self.lab.pure_mounts + ["rmdir", "/sys/fs/cgroup" + path])

    def infra(self, pod):
        """(PID on the host of a pod's infra container, name of the pod)"""
        infra, name = self("pod", "inspect", "-f", "{{.InfraContainerID}} {{.Name}}", pod).split()
        return self.inspect(infra)[1], name


def start_podman(lab):
    need(PODMAN)
    podman = Podman(lab)
    podman("import", lab.path("rootfs.tar"), IMAGE)

    def expect(full_id, pid, name):
        lab.expect("podman", name, full_id, pid)

    expect(*podman.run("db", "--network=none"))
    podman.create_pod("pod1")
    expect(*podman.run("member", "--pod=pod1"))
    pid, name = podman.infra("pod1")
    lab.expect("podman", name, None, pid)
    podman.create_pod("pod2", "--share=pid,net,uts")
    shared, shared_pid, _ = podman.run("sharing", "--pod=pod2")
    infra_pid, name = podman.infra("pod2")
    lab.expect("podman", name, None, infra_pid)
    lab.share("podman", "sharing", shared, shared_pid, infra_pid)


def start_buildah(lab):
    need(BUILDAH)
    prefix = podman_prefix(lab) + [BUILDAH]
    env = {**lab.env, **lab.podman_env}
    output(prefix + ["from", "--name", "nsbuild", "scratch"], env=env)
    output(prefix + ["add", "nsbuild", lab.path("rootfs.tar"), "/"], env=env)
    argv = prefix + ["run", "--isolation=oci", "--network=none", "nsbuild", "--", "sh", "-c",
                     "echo ready; sleep 86400; :"]
    client = lab.spawn(argv, "buildah", env=env, stdout=subprocess.PIPE)
    lab.line_of(client, "buildah")
    full_id = output(prefix + ["inspect", "-f", "{{.ContainerID}}", "nsbuild"], env=env)
    lab.expect("buildah", "nsbuild", full_id, init_below(client.pid, 2))
