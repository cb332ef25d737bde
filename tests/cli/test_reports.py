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

    def test_two_kinds(self):
        """What needs access is followed by how to get it."""
        self.malform(1990)
        shutil.rmtree(self.proc / "1")
        self.check_report(rb"1 process has a malformed status, "
                          rb"the init and others are hidden \(hidepid\) \([^\n]+\)")
