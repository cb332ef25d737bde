# SPDX-License-Identifier: MIT
"""Recordings: --load of what --json wrote renders the same as the machine."""
import contextlib
import json
import shutil
import subprocess

from common import LiveTest, Nest, environment

# Options to use with a recording. Everything else is in the JSON.
VIEWS = [[], ["--summary"], ["--kthreads"], ["--list"], ["--style", "ascii"], ["--color", "always"]]


class Recording(LiveTest):
    def without_head(self, text):
        """JSON without its time and its source."""
        parsed = json.loads(text)
        del parsed["source"], parsed["taken"]
        return parsed

    def record(self, *args, **options):
        path = self.directory() / "recording.json"
        path.write_bytes(self.nstree("--json", *args, **options))
        return str(path)

    def test_a_branch_that_holds_still(self):
        """Compares below the first line, in which the root's member count can change."""
        with Nest("chain", 3, "joined", "zombies") as nest:
            for what in "chain init 1", "joined init 1", "zombies init", "zombies dead-init":
                inode = str(nest.inode(what))
                for form in "whole", "branch":
                    recording = self.record(*(["--ns", inode] if form == "branch" else []))
                    for view in VIEWS:
                        with self.subTest(what, form=form, view=view):
                            direct = self.text("--ns", inode, *view)
                            loaded = self.text("--load", recording, "--ns", inode, *view)
                            self.assertIn(inode, direct)
                            self.assertEqual(direct.splitlines()[1:], loaded.splitlines()[1:])

    def test_a_process(self):
        with Nest("chain", 5) as nest:
            pid = str(nest.pid("chain sleeper 5"))
            for recording in self.record(), self.record("--pid", pid):
                direct = self.text("--pid", pid)
                self.assertEqual(len(direct.splitlines()), 12)
                self.assertEqual(self.text("--load", recording, "--pid", pid), direct)

    def test_recording_of_a_recording(self):
        with Nest("names", "chain", 2):
            recording = self.record()
            again = self.record("--load", recording)
            for view in [*VIEWS, ["--json"]]:
                with self.subTest(view=view):
                    first = self.text("--load", recording, *view)
                    self.assertEqual(self.text("--load", again, *view), first)
            with open(recording, encoding="utf-8") as one, open(again, encoding="utf-8") as two:
                self.assertEqual(self.without_head(one.read()), self.without_head(two.read()))

    @contextlib.contextmanager
    def procfs_of(self, pid):
        """A directory with the procfs of the namespace of a process, and the prefix of a command
        that is to see it. The mount ends with the last command, at the latest."""
        if not shutil.which("nsenter") or not shutil.which("unshare"):
            self.skipTest("no nsenter(1) or no unshare(1)")
        directory = str(self.directory())
        script = 'nsenter --pid="$1" mount -t proc proc "$2" && echo && exec cat'
        with subprocess.Popen(["unshare", "-m", "sh", "-c", script, "sh", f"/proc/{pid}/ns/pid",
                               directory], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
            try:
                self.assertEqual(holder.stdout.readline(), b"\n", "mounting a procfs")
                yield directory, ("nsenter", f"--mount=/proc/{holder.pid}/ns/mnt",
                                  f"--root=/proc/{holder.pid}/root", "--wd=.")
            finally:
                holder.stdin.close()

    def test_a_whole_machine_that_holds_still(self):
        """The procfs of a nested namespace, read from outside. Nothing in it comes or goes, so it
        has to be the same byte for byte."""
        with Nest("chain", 3) as nest:
            inode = [nest.inode(f"chain init {level}") for level in (1, 2, 3)]
            with self.procfs_of(nest.pid("chain init 1")) as (proc, prefix):
                options = {"prefix": prefix, "env": environment()}
                direct = self.text("--proc", proc, **options)
                self.assertEqual(
                    direct,
                    f"pid:[{inode[0]}] this container, 1 process (not the initial PID namespace:"
                    " outer levels are hidden)\n"
                    "|- 1 nest-init\n"
                    f"ㄴ pid:[{inode[1]}] (nest-init), 1 process\n"
                    "   |- 1 nest-init [2 1]\n"
                    f"   ㄴ pid:[{inode[2]}] (nest-init), 2 processes\n"
                    "      |- 1 nest-init [3 2 1]\n"
                    "      ㄴ 2 nest-sleeper [4 3 2]\n")
                recording = self.record("--proc", proc, **options)
                for view in VIEWS:
                    with self.subTest(view=view):
                        self.assertEqual(self.text("--load", recording, *view),
                                         self.text("--proc", proc, *view, **options))
                self.assertEqual(self.without_head(self.text("--proc", proc, "--json", **options)),
                                 self.without_head(self.text("--load", recording, "--json")))
