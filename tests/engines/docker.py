# SPDX-License-Identifier: MIT
"""Docker: dockerd of its own, asked through the docker command."""

import json
import os
import re
import signal
import subprocess

from lab import (BWRAP, COMMAND_SECONDS, HERE, IMAGE, PATH, CannotStart, init_below, need,
                 notified, notify_socket, output, parent_namespace, pid_namespace, processes, read,
                 wait_until)

# By absolute path: the machine may have another version's client earlier in PATH.
DOCKER, DOCKERD, DOCKER_INIT = "/usr/bin/docker", "/usr/sbin/dockerd", "/usr/bin/docker-init"


class Docker:
    def __init__(self, lab):
        self.lab, self.daemon = lab, None
        self.env = {**lab.env, "DOCKER_CONFIG": lab.path("docker-client")}
        self.client = lab.mounts + [DOCKER, "-H", "unix://" + lab.path("docker.sock")]

    def __call__(self, *words):
        return output(self.client + list(words), env=self.env)

    def start_daemon(self):
        lab = self.lab
        lab.make_dir("bin")
        os.symlink(os.path.join(HERE, "runc-fewer-caps"), lab.path("bin", "runc"))
        server = notify_socket(lab, "docker.notify")
        env = {**lab.env, "PATH": lab.path("bin") + ":" + PATH,
               "NOTIFY_SOCKET": lab.path("docker.notify")}
        self.daemon = lab.spawn(lab.mounts + [
            DOCKERD, "-H", "unix://" + lab.path("docker.sock"), "--data-root", lab.path("docker"),
            "--config-file", lab.write("docker.json", "{}"), "--pidfile", lab.path("docker.pid"),
            "--bridge=none", "--iptables=false", "--ip6tables=false", "--ip-forward=false",
            "--ip-masq=false", "--storage-driver=overlay2", "--oom-score-adjust=0",
            "--exec-opt", "native.cgroupdriver=cgroupfs"], "dockerd", signal.SIGTERM, env=env)
        lab.stoppers.append(self.stop)
        with server:
            notified(lab, server, self.daemon, "dockerd", "READY")

    def stop(self):
        if self.daemon.poll() is not None:
            return
        for full_id in self("ps", "-aq").split():
            try:
                self("rm", "-f", full_id)
            except CannotStart:
                pass  # the classic builder removes its own
        self.daemon.terminate()
        self.daemon.wait(COMMAND_SECONDS)

    def inspect(self, container):
        """(name, full ID, PID on the host), as docker reports them."""
        words = self("inspect", "-f", "{{.Name}} {{.Id}} {{.State.Pid}}", container).split()
        return words[0].lstrip("/"), words[1], int(words[2])

    def run(self, name, *options):
        self("run", "-d", "--network=none", "--name", name, *options, IMAGE, "sleep", "86400")
        return self.inspect(name)

    def expect(self, name, *options):
        return self.lab.expect("docker", *self.run(name, *options))

    def share(self, name, owner, *options):
        return self.lab.share("docker", *self.run(name, *options), owner)

    def execute(self, row, why, seconds, *command):
        """`docker top` reports the host's PID of what docker put into a container."""
        self("exec", *(command or ("-d", row["name"], "sleep", seconds)))
        argv = ["sleep", seconds]
        wait_until(lambda: argv in self.top(row["name"]).values(), f"{why} in {row['name']}")
        found = self.top(row["name"])
        self.lab.process(row, next(pid for pid, words in found.items() if words == argv), why)

    def top(self, name):
        """{PID on the host: the words of its command}"""
        rows = [row.split() for row in self("top", name, "-eo", "pid,args").splitlines()[1:]]
        return {int(words[0]): words[1:] for words in rows}


def start_docker(lab):
    need(DOCKER, DOCKERD, DOCKER_INIT)
    docker = Docker(lab)
    docker.start_daemon()
    docker("import", lab.path("rootfs.tar"), IMAGE)
    web = docker.expect("web")
    docker.expect("withinit", "--init")
    docker.expect("hidden", "--cgroup-parent=/nstree-hidden")
    priv = docker.expect("priv", "--privileged")
    docker.run("old")
    docker("rename", "old", "renamed")
    lab.expect("docker", *docker.inspect("renamed"))
    docker.expect("old")
    hostpid = docker.share("hostpid", "self", "--pid=host")
    sidecar = docker.share("sidecar", web["pid"], "--pid=container:web")
    docker.execute(web, "exec", "77777")
    docker.execute(sidecar, "exec", "77778")
    docker.execute(hostpid, "exec", "77779")
    # The shell ends at once, and the shim adopts what it started.
    docker.execute(hostpid, "orphan", "77780", "hostpid", "sh", "-c",
                   "setsid sleep 77780 >/dev/null 2>&1 &")
    bwrap_in_docker(lab, docker, priv["pid"])
    classic_build(lab, docker)
    buildkit_build(lab, docker)


def build(lab, docker, log, buildkit):
    """Starts a build whose last step does not end; returns what the client says when it runs."""
    context = lab.make_dir("context")
    lab.write("context/Dockerfile", f"FROM {IMAGE}\nRUN echo built; sleep 86400\n")
    argv = docker.client + ["build", "--network=none", "--no-cache", context]
    client = lab.spawn(argv, log, env={**docker.env, "DOCKER_BUILDKIT": buildkit})
    lab.stoppers.append(client.terminate)
    wait_until(lambda: re.search(r"built$", read(lab.path(log + ".log")), re.MULTILINE), log)
    return read(lab.path(log + ".log"))


def classic_build(lab, docker):
    said = build(lab, docker, "docker-build", "0")
    lab.expect("docker", *docker.inspect(re.search(r"Running in ([0-9a-f]+)", said)[1]))


def buildkit_build(lab, docker):
    """The step is no container of Docker's, and its client has neither name nor ID for it."""
    build(lab, docker, "docker-buildkit", "1")
    lab.expect("buildkit", "build", None, init_below(docker.daemon.pid, 2))


def bwrap_in_docker(lab, docker, priv):
    need(BWRAP)
    argv = docker.client + ["exec", "priv", BWRAP, "--json-status-fd", "1", "--dev-bind", "/", "/",
                            "--unshare-pid", "--proc", "/proc", "sleep", "86400"]
    client = lab.spawn(argv, "docker-bwrap", stdout=subprocess.PIPE)
    number = json.loads(lab.line_of(client, "docker-bwrap"))["child-pid"]
    inside = [pid for pid, (_, chain) in processes().items() if chain[-2:] == [number, 1]
              and parent_namespace(pid) == pid_namespace(priv)]
    lab.expect("bubblewrap", "sleep", None, inside[0])
