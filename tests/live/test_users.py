# SPDX-License-Identifier: MIT
"""Owners of namespaces have the names of /etc/passwd, on this machine only."""
import os
import re
import subprocess

from common import LiveTest, children_of


class Owners(LiveTest):
    def test_owner(self):
        with open("/etc/passwd", encoding="utf-8", errors="replace") as file:
            users = [line.split(":") for line in file if line.startswith("nobody:")]
        if os.geteuid() != 0 or not users:
            self.skipTest("needs root, and a user nobody")
        uid = users[0][2]
        command = ["setpriv", f"--reuid={uid}", "--clear-groups", "--inh-caps=-all", "unshare",
                   "--user", "--pid", "--fork", "--kill-child", "sh", "-c", "echo; exec cat"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as made:
            if not made.stdout.readline():
                self.skipTest("no user namespace for a user: " + made.stderr.read().decode())
            init, = children_of(made.pid)
            inode = re.search(r"\d+", os.readlink(f"/proc/{init}/ns/pid")).group()
            saved = self.directory() / "recording"
            saved.write_text(self.text("--json", "--no-labels", "--ns", inode))
            live = self.text("--no-labels", "--ns", inode)
            loaded = self.text("--load", str(saved))
            proc = self.text("--proc", "/proc", "--no-labels", "--ns", inode)
            made.stdin.close()
        self.assertIn(f", owned by uid {uid} (nobody), 1 process", live)
        for other in loaded, proc:
            self.assertIn(f", owned by uid {uid}, 1 process", other)
