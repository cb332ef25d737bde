# SPDX-License-Identifier: MIT
"""The OCI runtimes without an engine, asked through `runc state` and `crun state`."""

import json
import os
import subprocess

from lab import (COMMAND_SECONDS, HERE, CannotStart, limits_env, make_mount_point, need, output,
                 pure_cgroup, wait_until)

RUNC, CRUN = "/usr/sbin/runc", "/usr/bin/crun"


class Runtime:
    """A runtime with its state where it is by default: nstree looks there."""

    def __init__(self, lab, kind, prefix, env):
        self.lab, self.kind, self.prefix = lab, kind, prefix
        self.env = {**lab.env, **env}
        if make_mount_point("/run/" + kind):
            lab.mount_points.append("/run/" + kind)

    def __call__(self, *words, **options):
        return output(self.prefix + list(words), env=self.env, **options)

    def bundle(self, name):
        path = self.lab.make_dir("bundles", name)
        output([RUNC if self.kind == "runc" else CRUN, "spec"], cwd=path)
        with open(os.path.join(path, "config.json"), encoding="utf-8") as file:
            spec = json.load(file)
        spec["root"] = {"path": self.lab.path("rootfs"), "readonly": True}
        spec["process"].update(terminal=False, args=["sleep", "86400"])
        spec["process"].pop("rlimits", None)
        with open(os.path.join(path, "config.json"), "w", encoding="utf-8") as file:
            json.dump(spec, file)
        return path

    def run(self, name, *options):
        """Starts the client, and waits until it says that the container runs."""
        argv = self.prefix + ["run", *options, "--bundle", self.bundle(name), name]
        client = self.lab.spawn(argv, name, env=self.env)
        wait_until(lambda: self.runs(name, client), name)
        self.lab.stoppers.append(lambda: self.stop(name, client))
        said = json.loads(self("state", name))
        return self.lab.expect(self.kind, said["id"], None, said["pid"])

    def stop(self, name, client):
        if client.poll() is not None:
            return self("delete", "--force", name)
        self("kill", name, "KILL")
        return client.wait(COMMAND_SECONDS)  # in the foreground it deletes the container

    def runs(self, name, client):
        if client.poll():
            raise CannotStart(self.lab.last_words(name))
        done = subprocess.run(self.prefix + ["state", name], env=self.env, check=False,
                              capture_output=True)
        return done.returncode == 0 and json.loads(done.stdout)["status"] == "running"


def start_both(runtime):
    runtime.run(f"nstree-{runtime.kind}-front")
    runtime.run(f"nstree-{runtime.kind}-detached", "--detach")


def start_runc(lab):
    need(RUNC)
    start_both(Runtime(lab, "runc", [os.path.join(HERE, "runc-fewer-caps")], {}))


def start_crun(lab):
    need(CRUN)
    mounts = lab.mount_namespace(pure_cgroup(), "mounts-crun")
    start_both(Runtime(lab, "crun", mounts + [CRUN], limits_env(lab)))
