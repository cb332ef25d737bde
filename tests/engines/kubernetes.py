# SPDX-License-Identifier: MIT
"""
Pods of Kubernetes, as the kubelet makes them: containerd of its own, asked through CRI.

The cgroups, labels and namespace modes are the kubelet's (pkg/kubelet/kuberuntime of Kubernetes,
cgroup driver cgroupfs, QoS class BestEffort). The network is the node's, so no plugin is needed.
"""

import hashlib
import io
import json
import os
import signal
import tarfile

import cri
from lab import COMMAND_SECONDS, HERE, PATH, need, notified, notify_socket, output, wait_until

CONTAINERD, CTR = "/usr/bin/containerd", "/usr/bin/ctr"
SHIM, CURL = "/usr/bin/containerd-shim-runc-v2", "/usr/bin/curl"
IMAGE, PAUSE = "localhost/nstree/busybox:latest", "localhost/nstree/pause:latest"
UID = "c0ffee00-0000-4000-8000-{:012d}"
SLEEP = ["/bin/sleep", "86400"]


# Images, in the format of `docker save`.

def add_file(archive, name, data):
    entry = tarfile.TarInfo(name)
    entry.size = len(data)
    archive.addfile(entry, io.BytesIO(data))


def write_image(lab, name, layer, command):
    with open(layer, "rb") as file:
        content = file.read()
    digest = "sha256:" + hashlib.sha256(content).hexdigest()
    config = json.dumps({"architecture": output(["dpkg", "--print-architecture"]), "os": "linux",
                         "config": {"Entrypoint": command},
                         "rootfs": {"type": "layers", "diff_ids": [digest]}}).encode()
    manifest = [{"Config": "config.json", "RepoTags": [name], "Layers": ["layer.tar"]}]
    path = lab.path("image.tar")
    with tarfile.open(path, "w") as archive:
        add_file(archive, "config.json", config)
        add_file(archive, "layer.tar", content)
        add_file(archive, "manifest.json", json.dumps(manifest).encode())
    return path


def pause_layer(lab):
    output(["cc", "-static", "-o", lab.path("pause"), os.path.join(HERE, "pause.c")])
    path = lab.path("pause.tar")
    with tarfile.open(path, "w") as archive:
        archive.add(lab.path("pause"), "pause")
    return path


# The node.

CONFIG = """\
version = 2
root = "{root}"
state = "/run/containerd"
[grpc]
address = "{socket}"
[plugins."io.containerd.internal.v1.opt"]
path = "{root}/opt"
[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "{pause}"
restrict_oom_score_adj = true
[plugins."io.containerd.grpc.v1.cri".cni]
conf_dir = "{root}/cni"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
BinaryName = "{runc}"
"""


class Node:
    def __init__(self, lab):
        self.lab, self.socket = lab, lab.path("cri.sock")
        self.runtime = cri.Runtime(self.socket, lab.make_dir("cri"), IMAGE)
        self.pods = 0

    def start_containerd(self):
        lab = self.lab
        config = lab.write("containerd.toml", CONFIG.format(
            root=lab.path("containerd"), socket=self.socket, pause=PAUSE,
            runc=os.path.join(HERE, "runc-fewer-caps")))
        server = notify_socket(lab, "containerd.notify")
        env = {**lab.env, "PATH": PATH, "NOTIFY_SOCKET": lab.path("containerd.notify")}
        daemon = lab.spawn(lab.mounts + [CONTAINERD, "--config", config], "containerd",
                           signal.SIGTERM, env=env)
        lab.stoppers.append(lambda: self.stop(daemon))
        with server:
            notified(lab, server, daemon, "containerd", "READY")

    def stop(self, daemon):
        if daemon.poll() is not None:
            return
        self.runtime.remove_all()
        daemon.terminate()
        daemon.wait(COMMAND_SECONDS)

    def import_image(self, path):
        output(self.lab.mounts + [CTR, "-a", self.socket, "-n", "k8s.io", "images", "import", path])

    def import_images(self):
        lab = self.lab
        self.import_image(write_image(lab, IMAGE, lab.path("rootfs.tar"), ["/bin/sh"]))
        self.import_image(write_image(lab, PAUSE, pause_layer(lab), ["/pause"]))
        # The CRI plugin learns of images from events of containerd.
        wait_until(lambda: all(map(self.runtime.has_image, (IMAGE, PAUSE))), "the images")

    def run_pod(self, name, pid=cri.CONTAINER):
        """A pod of the client, and the row of its sandbox."""
        self.pods += 1
        pod = self.runtime.run_pod(name, "shop", UID.format(self.pods), pid)
        sandbox_pid = self.runtime.info("PodSandboxStatus", pod[0])["pid"]
        words = self.describe(pod)
        if pid == cri.NODE:
            return pod, self.lab.share("k8s", None, pod[0], sandbox_pid, "self", **words)
        return pod, self.lab.expect("k8s", None, pod[0], sandbox_pid, **words)

    def describe(self, pod):
        name, namespace = self.runtime.pods()[pod[0]]
        return {"pod": name, "k8s_namespace": namespace}

    def start(self, pod, name, command=None, pid=cri.CONTAINER, **more):
        """(name, ID) of a container, as ListContainers reports them."""
        started = self.runtime.start(pod, name, command or SLEEP, pid, **more)
        return next((said, full_id) for full_id, sandbox, said, _ in self.runtime.containers()
                    if full_id == started and sandbox == pod[0])

    def pid_of(self, full_id):
        return self.runtime.info("ContainerStatus", full_id)["pid"]

    def own(self, pod, name, **more):
        """A container with a PID namespace of its own."""
        name, full_id = self.start(pod, name, **more)
        return self.lab.expect("k8s", name, full_id, self.pid_of(full_id), **self.describe(pod))

    def share(self, pod, name, owner, mode, target=""):
        name, full_id = self.start(pod, name, pid=mode, target=target)
        pid = self.pid_of(full_id)
        return self.lab.share("k8s", name, full_id, pid, owner, **self.describe(pod))

    def end(self, pod, name):
        """A container that ends at once, as an init container does."""
        name, full_id = self.start(pod, name, ["/bin/sh", "-c", ":"])
        wait_until(lambda: (full_id, cri.EXITED) in
                   [(row[0], row[3]) for row in self.runtime.containers()], f"the end of {name}")
        self.lab.end("k8s", name, full_id)


def start_kubernetes(lab):
    need(CONTAINERD, CTR, SHIM, CURL)
    node = Node(lab)
    node.start_containerd()
    node.import_images()
    node.own(node.run_pod("plain")[0], "app")
    pair, _ = node.run_pod("pair")
    node.own(pair, "left")
    node.own(pair, "right")
    together, sandbox = node.run_pod("together", cri.POD)
    node.share(together, "one", sandbox["pid"], cri.POD)
    node.share(together, "two", sandbox["pid"], cri.POD)
    agent, _ = node.run_pod("agent", cri.NODE)
    node.share(agent, "exporter", "self", cri.NODE)
    staged, _ = node.run_pod("staged")
    node.end(staged, "setup")
    node.end(staged, "main")
    node.own(staged, "main", attempt=1)  # restarted
    # What `kubectl debug --target=app` makes.
    debugged, _ = node.run_pod("debugged")
    app = node.own(debugged, "app")
    node.share(debugged, "debugger", app["pid"], cri.TARGET, app["id"])
