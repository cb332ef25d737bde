# SPDX-License-Identifier: MIT
"""Flatpak: a runtime and an application that are made here, asked through `flatpak ps`."""

import os
import signal
import subprocess

from lab import copy_rootfs, need, output

FLATPAK, RUNTIME, APPLICATION = "/usr/bin/flatpak", "org.nstree.Platform", "org.nstree.App"


class Flatpak:
    def __init__(self, lab):
        self.lab = lab
        home = lab.make_dir("flatpak", "home")
        self.env = {**lab.env, "HOME": home, "XDG_DATA_HOME": home,
                    "XDG_RUNTIME_DIR": lab.make_dir("flatpak", "run")}

    def __call__(self, *words):
        return output(self.lab.mounts + [FLATPAK, *words], env=self.env)

    def publish(self, name, directory, kind, command=""):
        """Adds a directory with metadata, as flatpak-build-init(1) makes it, to a repository."""
        runtime = f"{RUNTIME}/{os.uname().machine}/1"
        self.lab.write(f"{directory}/metadata",
                       f"[{kind}]\nname={name}\nruntime={runtime}\n{command}")
        repository = self.lab.path("flatpak", "repository")
        options = ["--runtime"] if kind == "Runtime" else []
        self("build-export", *options, repository, self.lab.path(directory), "1")


def make_application(lab):
    lab.make_dir("flatpak", "application", "export")
    lab.make_dir("flatpak", "application", "files", "bin")
    program = lab.write("flatpak/application/files/bin/wait",
                        "#!/bin/sh\necho ready\nsleep 86400\n:\n")
    os.chmod(program, 0o755)


def start_flatpak(lab):
    need(FLATPAK)
    flatpak = Flatpak(lab)
    lab.make_dir("flatpak", "runtime", "files")
    copy_rootfs(lab, "flatpak", "runtime", "usr")
    make_application(lab)
    flatpak.publish(RUNTIME, "flatpak/runtime", "Runtime")
    flatpak.publish(APPLICATION, "flatpak/application", "Application", "command=wait\n")
    flatpak("--user", "remote-add", "--no-gpg-verify", "here",
            "file://" + lab.path("flatpak", "repository"))
    flatpak("--user", "install", "-y", "--noninteractive", "here", APPLICATION)
    child = lab.spawn(lab.mounts + [FLATPAK, "run", "--user", "--no-session-bus", "--no-a11y-bus",
                                    APPLICATION], "flatpak", signal.SIGTERM, env=flatpak.env,
                      stdout=subprocess.PIPE)
    lab.line_of(child, "flatpak")
    pid, name = flatpak("ps", "--columns=child-pid,application").split()
    lab.expect("flatpak", name, None, int(pid))
