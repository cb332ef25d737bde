# SPDX-License-Identifier: MIT
"""
A client of the Container Runtime Interface: what the kubelet says to containerd.

Numbers of fields and modes are those of `runtime.v1` in the api.proto of Kubernetes
(k8s.io/cri-api, pkg/apis/runtime/v1/api.proto). A message is a dictionary {number: value} here; a
list is a repeated field. curl speaks HTTP/2 and prints the trailers of gRPC, so that no library is
needed.
"""

import json
import os
import subprocess

from lab import CannotStart

# NamespaceMode
POD, CONTAINER, NODE, TARGET = range(4)
# ContainerState
RUNNING, EXITED = 1, 2


class CriError(CannotStart):
    """What the runtime answered instead of a message."""


# Messages of protobuf: https://protobuf.dev/programming-guides/encoding/

def varint(number):
    low, high = number & 0x7f, number >> 7
    return bytes([low | 0x80]) + varint(high) if high else bytes([low])


def encode_field(number, value):
    if isinstance(value, list):
        return b"".join(encode_field(number, element) for element in value)
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    data = encode(value) if isinstance(value, dict) else value.encode()
    return varint(number << 3 | 2) + varint(len(data)) + data


def encode(message):
    return b"".join(encode_field(number, value) for number, value in message.items())


def take_varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value, shift, at = value | (byte & 0x7f) << shift, shift + 7, at + 1
        if byte < 0x80:
            return value, at


def decode(data):
    """{number: [value...]}; messages and strings are bytes that the caller decodes."""
    fields, at = {}, 0
    while at < len(data):
        key, at = take_varint(data, at)
        value, at = take_varint(data, at)
        if key & 7 == 2:
            value, at = data[at:at + value], at + value
        elif key & 7:
            raise CriError(f"wire type {key & 7} is not read here")
        fields.setdefault(key >> 3, []).append(value)
    return fields


def string(fields, number):
    return fields[number][0].decode() if number in fields else ""


def mapping(pairs):
    return [{1: key, 2: value} for key, value in pairs.items()]


def namespaces(pid, target=""):
    """NamespaceOption: the node's network, so that no plugin has to make one."""
    return {1: NODE, 2: pid, 3: POD, 4: target}


class Runtime:
    """A runtime at a socket."""

    def __init__(self, socket, scratch, image):
        """The containers' IMAGE; SCRATCH is a directory for logs."""
        self.socket, self.scratch, self.image = socket, scratch, image

    def call(self, method, message=None, service="RuntimeService"):
        body = encode(message or {})
        headers = os.path.join(self.scratch, "cri-headers")
        done = subprocess.run([
            "curl", "-sS", "--noproxy", "*", "--http2-prior-knowledge", "--max-time", "60",
            "--unix-socket", self.socket, "-D", headers, "--data-binary", "@-",
            "-H", "content-type: application/grpc", "-H", "te: trailers",
            f"http://localhost/runtime.v1.{service}/{method}"],
            input=b"\0" + len(body).to_bytes(4, "big") + body, capture_output=True, check=False)
        if done.returncode:
            raise CriError(f"{method}: {done.stderr.decode()}")
        with open(headers, encoding="utf-8") as file:
            words = [line.partition(":") for line in file]
        said = {name: value.strip() for name, _, value in words}
        if said.get("grpc-status") != "0":
            raise CriError(f"{method}: {said.get('grpc-message', 'no gRPC status')}")
        return decode(done.stdout[5:])

    def has_image(self, name):
        return 1 in self.call("ImageStatus", {1: {1: name}}, "ImageService")

    def run_pod(self, name, namespace, uid, pid):
        """Returns (ID of the sandbox, its PodSandboxConfig)."""
        labels = {"io.kubernetes.pod.name": name, "io.kubernetes.pod.namespace": namespace,
                  "io.kubernetes.pod.uid": uid}
        logs = os.path.join(self.scratch, f"{namespace}_{name}_{uid}")
        os.makedirs(logs)
        config = {1: {1: name, 2: uid, 3: namespace}, 3: logs, 6: mapping(labels),
                  8: {1: f"/kubepods/besteffort/pod{uid}", 2: {1: namespaces(pid)}}}
        return string(self.call("RunPodSandbox", {1: config}), 1), config

    def start(self, pod, name, command, pid, target="", attempt=0):
        """Returns the ID of a container that was added to a pod of run_pod()."""
        sandbox, sandbox_config = pod
        labels = {**{"io.kubernetes.container.name": name}, **labels_of(sandbox_config)}
        config = {1: {1: name, 2: attempt}, 2: {1: self.image}, 3: command, 9: mapping(labels),
                  11: name + ".log", 15: {2: {3: namespaces(pid, target)}}}
        answer = self.call("CreateContainer", {1: sandbox, 2: config, 3: sandbox_config})
        self.call("StartContainer", {1: string(answer, 1)})
        return string(answer, 1)

    def pods(self):
        """{ID of the sandbox: (name, namespace)}"""
        pods = {}
        for item in self.call("ListPodSandbox").get(1, []):
            pod = decode(item)
            metadata = decode(pod[2][0])
            pods[string(pod, 1)] = string(metadata, 1), string(metadata, 3)
        return pods

    def containers(self):
        """[(ID, ID of the sandbox, name, state)]"""
        found = [decode(item) for item in self.call("ListContainers").get(1, [])]
        return [(string(container, 1), string(container, 2), string(decode(container[3][0]), 1),
                 container.get(6, [0])[0]) for container in found]

    def info(self, method, number):
        """What a verbose status says beyond the interface, among it the PID."""
        pairs = [decode(pair) for pair in self.call(method, {1: number, 2: 1}).get(2, [])]
        return json.loads(next(string(pair, 2) for pair in pairs if string(pair, 1) == "info"))

    def remove_all(self):
        for pod in self.pods():
            self.call("StopPodSandbox", {1: pod})
            self.call("RemovePodSandbox", {1: pod})


def labels_of(config):
    return {pair[1]: pair[2] for pair in config[6]}
