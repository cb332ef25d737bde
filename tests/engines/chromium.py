# SPDX-License-Identifier: MIT
"""
Chromium of an ordinary user, asked through its DevTools protocol on a pipe.

Root's would run without its sandbox. In a sandbox, the zygote has a PID namespace, and below that
each renderer and most utilities have one.
"""

import fcntl
import json
import os
import signal

from lab import CannotStart, need, processes, status, wait_until

CHROMIUM, UID = "/usr/bin/chromium", 64714
# What chromium calls processes there; the others are utilities, by the name of their service.
TYPES = {"renderer": "renderer", "GPU": "gpu-process", "browser": "browser"}


class DevTools:
    """The protocol of --remote-debugging-pipe: JSON between zero bytes, on descriptors 3 and 4."""

    def __init__(self, lab):
        self.lab = lab
        home = lab.make_dir("chromium")
        os.chown(home, UID, UID)
        read_end, self.requests = os.pipe()
        self.answers, write_end = os.pipe()
        # Not 3 or 4, which the shell replaces.
        there, back = [fcntl.fcntl(fd, fcntl.F_DUPFD, 10) for fd in (read_end, write_end)]
        argv = ["bash", "-c", f"exec 3<&{there} 4>&{back}; exec \"$@\"", "bash",
                "setpriv", f"--reuid={UID}", f"--regid={UID}", "--clear-groups", "--inh-caps=-all",
                CHROMIUM, "--headless", "--disable-gpu", "--disable-dev-shm-usage",
                "--no-first-run", "--remote-debugging-pipe", "about:blank"]
        lab.spawn(lab.mounts + argv, "chromium", signal.SIGTERM, pass_fds=(there, back),
                  env={**lab.env, "HOME": home, "TMPDIR": home})
        for fd in (read_end, write_end, there, back):
            os.close(fd)

    def call(self, method):
        os.write(self.requests, json.dumps({"id": 1, "method": method}).encode() + b"\0")
        answer = b""
        while not answer.endswith(b"\0"):
            piece = os.read(self.answers, 65536)
            if not piece:
                raise CannotStart(self.lab.last_words("chromium"))
            answer += piece
        return json.loads(answer.split(b"\0")[0])["result"]


def sandboxed(tools):
    """{PID: type} of what is the init of a PID namespace."""
    table = processes()
    inits = {pid for pid, (_, chain) in table.items() if len(chain) > 1 and chain[-1] == 1}
    return {process["id"]: TYPES.get(process["type"], "utility")
            for process in tools.call("SystemInfo.getProcessInfo")["processInfo"]
            if process["id"] in inits}


def init_above(pid):
    """The zygote, which the client does not list: the init of the namespace around."""
    pid = status(pid)[0]
    while status(pid)[1][-1] != 1:
        pid = status(pid)[0]
    return pid


def start_chromium(lab):
    need(CHROMIUM)
    tools = DevTools(lab)
    wait_until(lambda: {"renderer", "utility"} <= set(sandboxed(tools).values()), "chromium")
    found = sandboxed(tools)
    for pid, kind in found.items():
        lab.expect("chromium", kind, None, pid)
    lab.expect("chromium", "zygote", None, init_above(min(found)))
