# SPDX-License-Identifier: MIT
"""The line on standard error about the unreadable parts of a procfs."""
import shutil

from common import MACHINES, Test


class Unseen(Test):
    def setUp(self):
        self.proc = self.directory() / "proc"
        shutil.copytree(MACHINES["joined"], self.proc, symlinks=True)

    def malform(self, *pids):
        for pid in pids:
            (self.proc / str(pid) / "status").write_text("Name:\n")

    def check_report(self, words):
        self.nstree("--proc", str(self.proc), stderr=None)
        self.assertRegex(self.complaint, rb"\Anstree: " + words + rb"\n\Z")
        self.nstree("--proc", str(self.proc), "--strict", stderr=None, status=3)

    def test_nothing(self):
        self.nstree("--proc", str(self.proc), "--strict")

    def test_one(self):
        self.malform(1990)
        self.check_report(rb"1 process has a malformed status")

    def test_several(self):
        self.malform(1990, 2000)
        self.check_report(rb"2 processes have a malformed status")

    def drop_chains(self, *but):
        """As before Linux 4.1 and in gVisor."""
        for status in self.proc.glob("[0-9]*/status"):
            if int(status.parent.name) not in but:
                lines = status.read_bytes().splitlines(True)
                status.write_bytes(b"".join(li for li in lines if not li.startswith(b"NSpid")))

    FLAT = (rb"status has no NSpid \(Linux before 4\.1, or a sandbox such as gVisor\): "
            rb"nested PID namespaces cannot be seen")

    def test_no_chains(self):
        """All processes are members of the root, with one PID, and so in a recording."""
        self.drop_chains()
        shutil.rmtree(self.proc / "2000")  # the init of the namespace
        self.check_report(self.FLAT)
        text = self.nstree("--proc", str(self.proc), stderr=None).decode()
        lines = text.splitlines()
        self.assertEqual((lines[0], lines[-1]), ("pid:[4026531836] host joined, 20 processes",
                                                 "ㄴ (3 kernel threads)"))
        self.assertIn("|- 2045 worker", lines)
        self.assertNotIn("[2", text)
        one = self.nstree("--proc", str(self.proc), "--pid", "2045", stderr=None).decode()
        self.assertEqual(one, "pid:[4026531836] host joined\nㄴ 2045 worker\n")
        path = self.proc / "recording"
        path.write_bytes(self.nstree("--proc", str(self.proc), "--json", stderr=None))
        self.assertEqual(self.nstree("--load", str(path), stderr=None).decode(), text)
        self.assertRegex(self.complaint, rb"\Anstree: " + self.FLAT + rb"\n\Z")

    def test_chains_of_unknown_root(self):
        """Only process 1 is known to be a member of the root: others do not name it."""
        self.drop_chains()
        (self.proc / "1/ns/pid").unlink()
        for pid in 2, 3, 4:
            shutil.rmtree(self.proc / str(pid), ignore_errors=True)
        text = self.nstree("--proc", str(self.proc), stderr=None).decode()
        self.assertTrue(text.startswith("pid:[?] of 1 "), text)

    def test_one_chain_is_missing(self):
        """A kernel that has NSpid has it for every process."""
        pids = {int(path.name) for path in self.proc.glob("[0-9]*")}
        self.drop_chains(*(pids - {2045}))
        self.check_report(rb"1 process has a malformed status")

    def test_two_kinds(self):
        """What needs access is followed by how to get it."""
        self.malform(1990)
        shutil.rmtree(self.proc / "1")
        self.check_report(rb"1 process has a malformed status, "
                          rb"the init and others are hidden \(hidepid\) \([^\n]+\)")
