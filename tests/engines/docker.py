# SPDX-License-Identifier: MIT
"""Docker: dockerd of its own, asked through the docker command."""

import json
import os
import signal
import subprocess

from lab import (BWRAP, COMMAND_SECONDS, HERE, IMAGE, PATH, CannotStart, need, notified,
                 notify_socket, output, parent_namespace, pid_namespace, processes)

# By absolute path: the machine may have another version's client earlier in PATH.
DOCKER, DOCKERD, DOCKER_INIT = "/usr/bin/docker", "/usr/sbin/dockerd", "/usr/bin/docker-init"


class Docker:
    def __init__(self, lab):
        self.lab = lab
        self.client = lab.mounts + [DOCKER, "-H", "unix://" + lab.path("docker.sock")]

    def __call__(self, *words):
        env = {**self.lab.env, "DOCKER_CONFIG": self.lab.path("docker-client")}
        return output(self.client + list(words), env=env)

    def start_daemon(self):
        lab = self.lab
        lab.make_dir("bin")
        os.symlink(os.path.join(HERE, "runc-fewer-caps"), lab.path("bin", "runc"))
        server = notify_socket(lab, "docker.notify")
        env = {**lab.env, "PATH": lab.path("bin") + ":" + PATH,
               "NOTIFY_SOCKET": lab.path("docker.notify")}
        daemon = lab.spawn(lab.mounts + [
            DOCKERD, "-H", "unix://" + lab.path("docker.sock"), "--data-root", lab.path("docker"),
            "--config-file", lab.write("docker.json", "{}"), "--pidfile", lab.path("docker.pid"),
            "--bridge=none", "--iptables=false", "--ip6tables=false", "--ip-forward=false",
            "--ip-masq=false", "--storage-driver=overlay2", "--oom-score-adjust=0",
            "--exec-opt", "native.cgroupdriver=cgroupfs"], "dockerd", signal.SIGTERM, env=env)
        lab.stoppers.append(lambda: self.stop(daemon))
        with server:
            notified(lab, server, daemon, "dockerd", "READY")

    def stop(self, daemon):
        if daemon.poll() is not None:
            return
        names = self("ps", "-aq").split()
        if names:
            self("rm", "-f", *names)
        daemon.terminate()
        daemon.wait(COMMAND_SECONDS)

    def run(self, name, *options):
        """Returns (full ID, PID on the host), both as docker reports them."""
        self("run", "-d", "--network=none", "--name", name, *options, IMAGE, "sleep", "86400")
        full_id, pid, said = self("inspect", "-f", "{{.Id}} {{.State.Pid}} {{.Name}}", name).split()
        if said != "/" + name:
            raise CannotStart(f"docker calls {name} {said}")
        return full_id, int(pid)

    def expect(self, name, *options):
        full_id, pid = self.run(name, *options)
        return self.lab.expect("docker", name, full_id, pid)

    def share(self, name, owner, *options):
        full_id, pid = self.run(name, *options)
        return self.lab.share("docker", name, full_id, pid, owner)


def start_docker(lab):
    need(DOCKER, DOCKERD, DOCKER_INIT)
    docker = Docker(lab)
    docker.start_daemon()
    docker("import", lab.path("rootfs.tar"), IMAGE)
    web = docker.expect("web")
    docker.expect("withinit", "--init")
    docker.expect("hidden", "--cgroup-parent=/nstree-hidden")
    priv = docker.expect("priv", "--privileged")
    docker.share("hostpid", "self", "--pid=host")
    docker.share("sidecar", web["pid"], "--pid=container:web")
    docker_exec(lab, docker, web)
    bwrap_in_docker(lab, docker, priv["pid"])


def docker_exec(lab, docker, web):
    """`docker top` reports the host's PID of the process that docker put into web."""
    docker("exec", "-d", "web", "sleep", "77777")
    rows = docker("top", "web", "-eo", "pid,args").splitlines()
    pid = next(int(row.split()[0]) for row in rows if row.endswith("sleep 77777"))
    lab.process(web, pid, "exec")


def bwrap_in_docker(lab, docker, priv):
    need(BWRAP)
    argv = docker.client + ["exec", "priv", BWRAP, "--json-status-fd", "1", "--dev-bind", "/", "/",
                            "--unshare-pid", "--proc", "/proc", "sleep", "86400"]
    client = lab.spawn(argv, "docker-bwrap", stdout=subprocess.PIPE)
    number = json.loads(lab.line_of(client, "docker-bwrap"))["child-pid"]
    inside = [pid for pid, (_, chain) in processes().items() if chain[-2:] == [number, 1]
              and parent_namespace(pid) == pid_namespace(priv)]
    lab.expect("bubblewrap", "sleep", None, inside[0])
