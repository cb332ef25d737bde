# SPDX-License-Identifier: MIT
"""Others cannot block a run: nstree gives up reads that do not end, and shows the rest."""
import os
import signal
import subprocess
import tempfile
import unittest

from common import B, NEST_SKIPS, NSTREE, UsersTest, environment

STUCK = f"{B}/tests/live/stuck"
# Makes a hang a failure. Nothing is measured by it.
HANG_SECONDS = 60
USER = 1001
GIVEN_UP = (rb"\Anstree: [1-9]\d* reads? of (a file or command line|files or command lines) "
            rb"timed out\n\Z")


class Stuck:
    """Processes of stuck.c, for the length of a `with`. They die with its standard input."""

    def __init__(self, *args, name=STUCK):
        self.args, self.name = [str(arg) for arg in args], name
        self.pids = []

    def __enter__(self):
        self.said = tempfile.TemporaryFile()
        self.maker = subprocess.Popen([self.name, *self.args], executable=STUCK,
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                      stderr=self.said)
        try:
            self.read_all()
        except BaseException:
            self.__exit__()
            raise
        return self

    def read_all(self):
        for line in self.maker.stdout:
            if line == b"ready\n":
                return
            self.pids.append(int(line.split()[1]))
        status = self.maker.wait()
        self.said.seek(0)
        reason = self.said.read().decode(errors="replace").strip()
        if status == NEST_SKIPS:
            raise unittest.SkipTest(reason)
        raise RuntimeError(f"stuck {self.args}: exit status {status}: {reason}")

    def end(self):
        """Frees those that wait for them."""
        self.maker.stdin.close()
        self.maker.wait()

    def __exit__(self, *_):
        self.end()
        self.maker.stdout.close()
        self.said.close()


class Blocking(UsersTest):
    def ends(self, stuck, *args):
        """The output of nstree, which has to end in spite of such processes."""
        running = subprocess.Popen([*NSTREE, *args], stdin=subprocess.DEVNULL, env=environment(),
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            out, self.complaint = running.communicate(timeout=HANG_SECONDS)
        except subprocess.TimeoutExpired:
            running.send_signal(signal.SIGKILL)
            stuck.end()  # before that, nstree may not even die
            running.communicate()
            self.fail(f"nstree {' '.join(args)} hangs")
        self.assertEqual(running.returncode, 0, self.complaint)
        return out.decode()

    def test_look_up_that_is_not_answered(self):
        """An init has FUSE at its /run, which has the name of a container of Buildah. A request
        that the server has taken cannot be withdrawn: a process that waits for the answer cannot be
        killed."""
        for how in "unread", "taken":
            with self.subTest(how), Stuck("run", how, USER, name="buildah-oci-runtime") as stuck:
                inode = os.stat(f"/proc/{stuck.pids[0]}/ns/pid").st_ino
                self.assertIn(f"pid:[{inode}] buildah, 1 process", self.ends(stuck, "--summary"))
                self.assertRegex(self.complaint, GIVEN_UP)

    def test_command_line_that_waits(self):
        """The parent of an init has a name for which the label needs its command line."""
        with Stuck("lock", 1, USER) as stuck:
            self.assertIn("stuckinit", self.ends(stuck, "--summary"))
            self.assertRegex(self.complaint, GIVEN_UP)

    def test_args(self):
        with Stuck("lock", 1, USER) as stuck:
            text = self.ends(stuck, "--args")
            self.assertRegex(self.complaint, GIVEN_UP)
        self.assertIn(f" {stuck.pids[0]} unshare\n", text)
        self.assertIn(f"] {STUCK} lock 1 {USER}\n", text)  # the init, which holds no lock

    def test_args_of_others(self):
        """With a hundred such processes of one user, those of other users are still read."""
        word = "another-users"
        cat = subprocess.Popen(["sh", "-c", "read line", word], user=65534, stdin=subprocess.PIPE)
        self.addCleanup(cat.wait)
        self.addCleanup(cat.stdin.close)
        with Stuck("lock", 100, USER) as stuck:
            text = self.ends(stuck, "--args")
            self.assertRegex(self.complaint, GIVEN_UP)
        self.assertIn(f" {cat.pid} sh -c read line {word}\n", text)
        for pid in stuck.pids:
            self.assertIn(f" {pid} unshare\n", text)
