# SPDX-License-Identifier: MIT
"""Tables and forests of selected processes: what they show is in /proc/PID/status."""
import os
import pathlib
import pwd
import re

from common import LiveTest, Nest


def status(pid):
    """The lines of /proc/PID/status, by name, each as words."""
    lines = pathlib.Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    return {name: value.split() for name, _, value in (line.partition(":") for line in lines)}


def ancestors(pid):
    """The PIDs from a process to the first one, which has no parent here."""
    while pid:
        yield pid
        pid = int(status(pid)["PPid"][0])


class Lines(LiveTest):
    def test_columns(self):
        with Nest("chain", 3) as nest:
            pids = [nest.pid(f"chain init {level}") for level in (1, 2, 3)]
            pids.append(os.getpid())
            text = self.text("-o", "pid,ppid,own,level,nspid,state,uid,user,ns", "--no-headings",
                             "--sort", "pid", "-p", ",".join(map(str, pids)), stderr=None)
            want = []
            for pid in sorted(pids):
                facts = status(pid)
                uid, chain = facts["Uid"][0], facts["NSpid"]
                inode = os.readlink(f"/proc/{pid}/ns/pid")[5:-1]
                want.append([str(pid), facts["PPid"][0], chain[-1], str(len(chain) - 1),
                             ",".join(chain), uid, pwd.getpwuid(int(uid)).pw_name, inode])
        got = [line.split() for line in text.splitlines()]
        for row in got:
            del row[5]  # the state, which changes: this process runs, or waits
        self.assertEqual(got, want)

    def test_forest_of_selected_processes(self):
        """They and their ancestors have the only lines that are not of namespaces."""
        with Nest("chain", 3) as nest:
            pid = nest.pid("chain init 3")
            want = set(ancestors(pid))
            text = self.text("--forest", "-p", str(pid), "--no-labels", stderr=None)
        lines = [line.lstrip("|-ㄴ ") for line in text.splitlines()]
        got = [re.search(r"\[(\d+)[ \]]", line) or re.match(r"(\d+)", line)
               for line in lines if not line.startswith("pid:[")]
        self.assertEqual({int(found[1]) for found in got}, want)
        self.assertEqual(len(got), len(want))

    def test_summary_as_list(self):
        """Each namespace of the chain, with the numbers of its init."""
        with Nest("chain", 3) as nest:
            lines = self.text("--summary", "--list", stderr=None).splitlines()
            rows = {fields[0]: fields for fields in (line.split() for line in lines)}
            for level in 1, 2, 3:
                pid = nest.pid(f"chain init {level}")
                chain = status(pid)["NSpid"]
                row = rows[os.readlink(f"/proc/{pid}/ns/pid")[5:-1]]
                self.assertEqual([row[2], row[3], row[5]], [str(len(chain) - 1), str(pid),
                                                            ",".join(chain)])
