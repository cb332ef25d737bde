# SPDX-License-Identifier: MIT
"""Tables of --output: what is refused, what a terminal cuts, the names of users, local time."""
import json
import os
import pwd

from common import MACHINES, Test
from terminal import on_terminal

DOCKER = "--proc", MACHINES["docker-desktop"]


def recording(*processes):
    """One namespace of processes, each with what is more than its PID and name."""
    return json.dumps({
        "schema": 1, "taken": "2026-11-25T12:00:00Z", "host": "h", "kernel": "6.18.0",
        "namespaces": [{"id": "4026531836", "ns": 4026531836, "parent": None, "level": 0,
                        "init": 1, "members": len(processes)}],
        "processes": [{"pid": pid, "ppid": 0, "ns": "4026531836", "nspid": [pid], "name": name,
                       "state": "S", **more} for pid, name, more in processes]})


class Columns(Test):
    def load(self, *processes):
        path = self.directory() / "recording"
        path.write_text(recording(*processes))
        return "--load", str(path)

    def test_unknown_columns(self):
        for args, naming in ((["-o", "pid,foo"], "'foo' is not one of pid, own, nspid"),
                             (["-s", "-o", "pid"], "'pid' is not one of init, nspid"),
                             (["-o", "procs"], "--summary has others"),
                             (["-o", ""], "'' is not"), (["-o", "+"], "'' is not"),
                             (["-o", "pid,"], "'' is not"), (["-o", " pid"], "' pid' is not"),
                             (["--sort", "pid,own"], "'pid,own' is not"),
                             (["--sort", "+pid"], "'+pid' is not"),
                             (["--sort", "-"], "'-' is not"), (["--sort", "--pid"], "'--pid'"),
                             (["-o", "\x1b[31m"], r"'\x1b[31m'"),
                             (["-o", "x" * 5000], "is not one of"),
                             (["-o", ",".join(["pid"] * 65)], "more than 64 columns")):
            with self.subTest(args=args):
                self.nstree(*DOCKER, *args, status=2)
                self.assertIn(naming, self.complaint.decode())

    def test_nothing_was_found(self):
        """No heading of nothing."""
        self.assertEqual(self.nstree(*DOCKER, "-o", "pid", "-p", "4194303", status=1), b"")

    def test_a_terminal_cuts_lines(self):
        load = self.load((1, "plain", {}), (2, "a long name", {}))
        words = *load, "-o", "pid,name"
        whole = "PID NAME\n  1 plain\n  2 a long name\n"
        self.assertEqual(on_terminal(self, *words, columns=7), "PID NA…\n  1 pl…\n  2 a …\n")
        self.assertEqual(on_terminal(self, *words, "-w", columns=7), whole)
        self.assertEqual(self.text(*words), whole)

    def test_users(self):
        """Of this machine by name; of a recording or another procfs by number."""
        me = os.geteuid()
        name = next((user.pw_name for user in pwd.getpwall() if user.pw_uid == me), str(me))
        got = self.text("-o", "user,uid", "-p", str(os.getpid()), stderr=None)
        self.assertEqual(got.split(), ["USER", "UID", name, str(me)])
        for source in self.load((1, "init", {"uid": 0})), ("--proc", MACHINES["centos7"]):
            self.assertEqual(self.text(*source, "-o", "user", "--no-headings", "-p", "1"), "0\n")

    def test_order(self):
        load = self.load((1, "b", {"uid": 2}), (2, "a", {}), (3, "b", {"uid": 10}), (4, "", {}))
        for sort, want in (("pid", "1234"), ("-pid", "4321"), ("name", "2134"), ("-name", "1324"),
                           ("uid", "1324"), ("-uid", "3124"), ("OWN", "1234")):
            for form in ["-l"], ["-o", "pid", "--no-headings"]:
                with self.subTest(sort=sort, form=form):
                    lines = self.text(*load, "--sort", sort, *form).splitlines()
                    fields = [line.split()[3 if form == ["-l"] else 0] for line in lines]
                    self.assertEqual("".join(fields), want)

    def test_zombies_that_were_not_counted(self):
        """Old recordings of a selection say how many members there are, and not of what state."""
        content = json.loads(recording((1, "init", {}), (2, "a", {})))
        path = self.directory() / "selection"
        for members, want in (2, ["2", "0"]), (20, ["20", "-"]):
            content["namespaces"][0]["members"] = members
            path.write_text(json.dumps(content))
            with self.subTest(members=members):
                got = self.text("--load", str(path), "-s", "-o", "procs,zombies", "--no-headings")
                self.assertEqual(got.split(), want)

    def test_a_full_disk(self):
        with open("/dev/full", "wb") as full:
            self.nstree(*DOCKER, "-o", "pid", status=2, stdout=full)
