# SPDX-License-Identifier: MIT
"""nstree with and without privileges."""
import fcntl
import json
import os
import re
import shutil
import struct
import subprocess

from common import (NSTREE, LiveTest, Model, Nest, UsersTest, environment, is_instrumented,
                    kernel_facts, need_all_in_proc, status_of)

F_SETPIPE_SZ = 1031
NOBODY = 65534
NONE = "0000000000000000"


class Dropped(LiveTest):
    """Nothing is rendered with capabilities."""

    def capabilities_in_mid_output(self, *args):
        """The capabilities of each thread while it writes more than a pipe holds. Once output has
        arrived, rendering has begun, and it cannot end before the pipe is read."""
        out, end = os.pipe()
        room = fcntl.fcntl(end, F_SETPIPE_SZ, 4096)
        try:
            with subprocess.Popen([*NSTREE, *args], stdout=end, stdin=subprocess.DEVNULL,
                                  env=environment()) as process:
                os.close(end)
                try:
                    text = os.read(out, 1)
                    tasks = [status_of(f"{process.pid}/task/{tid}")
                             for tid in os.listdir(f"/proc/{process.pid}/task")]
                    while more := os.read(out, 65536):
                        text += more
                except BaseException:
                    process.kill()  # else the wait would never end
                    raise
            self.assertGreater(len(text), room + 4096, "not enough to block the writer")
            self.assertEqual(process.returncode, 0)
        finally:
            os.close(out)
        return {(task["CapPrm"], task["CapEff"], task["CapInh"]) for task in tasks}

    def test_before_rendering(self):
        if status_of("self")["CapEff"] == NONE:
            self.skipTest("this root has no capabilities")
        with Nest("siblings", 300, 2):
            recording = self.directory() / "recording.json"
            recording.write_bytes(self.nstree("--json"))
            for args in [], ["--json"], ["--list"], ["--load", str(recording)]:
                with self.subTest(args=args[:1]):
                    self.assertEqual(self.capabilities_in_mid_output(*args), {(NONE,) * 3})


class Nobody(UsersTest):
    """A user that may read all chains and hardly any inodes."""

    def setUp(self):
        super().setUp()
        need_all_in_proc()
        self.copy_program()

    def as_nobody(self, *args, status=0):
        with open("/dev/null", "rb") as nothing:
            done = subprocess.run(
                [*NSTREE[:-1], str(self.program), *args], stdin=nothing, capture_output=True,
                user=NOBODY, group=NOBODY, extra_groups=[], check=False, cwd="/",
                env=environment(GCOV_PREFIX=str(self.counts)))
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertRegex(done.stderr, rb"\Anstree: [^\n]+\n\Z")
        self.assertIn(b"root", done.stderr)
        return done.stdout.decode()

    def test_the_tree_is_whole_and_says_what_is_not_known(self):
        with Nest("chain", 2) as nest:
            text = self.as_nobody()
            facts = kernel_facts()
            inner, sleeper = nest.pid("chain init 2"), nest.pid("chain sleeper 2")
            chain = {pid: " ".join(map(str, facts.processes[pid][1])) for pid in (inner, sleeper)}
            number = facts.processes[sleeper][1][-1]
            self.assertRegex(text, "(?m)" +
                             rf"^(\|  |   )ㄴ pid:\[\?\] of {inner} \(nest-init\), 2 processes\n"
                             rf"\1   \|- 1 nest-init \[{chain[inner]}\]\n"
                             rf"\1   ㄴ {number} nest-sleeper \[{chain[sleeper]}\]$")
            for inode, _, _ in nest.namespaces:
                self.assertNotIn(str(inode), text)

    def test_certain_and_inferred(self):
        """An init one level below its parent is certain: its namespace is a child of the parent's.
        Two levels below it is not: that takes the ioctl, which nobody may not use."""
        with Nest("chain", 2, "twoup") as nest:
            model = Model(json.loads(self.as_nobody("--json")))
            self.assertIs(model.parsed["complete"], False)
            at = {what: model.ns_of_id[model.processes[pid]["ns"]] for pid, what in nest.processes}
            for what, exact in (("chain init 1", True), ("chain init 2", True),
                                ("twoup outer", True), ("twoup init", False)):
                with self.subTest(what):
                    self.assertEqual((at[what]["ns"], at[what]["exact"]), (None, exact))
            self.assertEqual(at["chain init 2"]["parent"], at["chain init 1"]["id"])
            self.assertEqual(at["chain sleeper 2"], at["chain init 2"])
            self.assertIs(model.processes[nest.pid("chain sleeper 2")]["exact"], True)

    def test_strict(self):
        with Nest("chain", 2) as nest:
            text = self.as_nobody("--strict", status=3)
            self.assertRegex(text, rf"(?m)pid:\[\?\] of {nest.pid('chain init 1')} \(nest-init\)")

    def test_root_sees_all(self):
        """For a comparison with nobody: --strict exits with 0 for root."""
        with Nest("chain", 2) as nest:
            done = subprocess.run([*NSTREE, "--strict", "--ns", str(nest.inode("chain init 1"))],
                                  capture_output=True, check=False, env=environment())
            unreadable = [pid for pid, (inode, numbers) in kernel_facts().processes.items()
                          if inode is None and len(numbers) > 1]
            if unreadable:
                self.skipTest(f"not even root may read ns/pid of {unreadable}")
            self.assertEqual((done.returncode, done.stderr), (0, b""))
            self.assertEqual(re.findall(r"pid:\[\?\]", done.stdout.decode()), [])

    def test_a_namespace_that_may_be_one_of_those_unread(self):
        with Nest("chain", 2) as nest:
            inode = nest.inode("chain init 2")
            done = subprocess.run([*NSTREE[:-1], str(self.program), "--ns", str(inode)],
                                  stdin=subprocess.DEVNULL, capture_output=True, user=NOBODY,
                                  group=NOBODY, extra_groups=[], check=False, cwd="/",
                                  env=environment(GCOV_PREFIX=str(self.counts)))
        self.assertEqual((done.returncode, done.stdout), (1, b""))
        self.assertIn(b"nstree: no PID namespace %d among those that could be read\n" % inode,
                      done.stderr)


class Withheld(LiveTest):
    def test_root_without_the_capability(self):
        """As in most containers. The missing capability is named."""
        prefix = [shutil.which("setpriv"), "--bounding-set=-sys_ptrace"]
        with Nest("chain", 2):  # with many processes, it would use BPF, which reads all
            self.nstree("--source", "procfs", prefix=prefix, stderr=None)
        self.assertRegex(self.complaint, rb"\Anstree: \d+ namespaces could not be read.*"
                                         rb"\(this root lacks CAP_SYS_PTRACE\)\n\Z")


class Borrowed(UsersTest):
    """Privileges from the program's file, by file capabilities or set-user-ID, are for files that a
    scan finds by itself, and not for those that the user names."""

    RECORDING = json.dumps({"schema": 1, "processes": [], "namespaces": [
        {"id": "1", "ns": 1, "parent": None, "level": 0, "members": 0}]})

    def setUp(self):
        super().setUp()
        if is_instrumented() or len(NSTREE) > 1:
            self.skipTest("only a plain program takes privileges from its file")
        self.here = self.directory()
        if os.statvfs(self.here).f_flag & os.ST_NOSUID:
            self.skipTest(f"{self.here} is mounted nosuid")
        self.program = self.here / "nstree"
        shutil.copy(shutil.which(NSTREE[-1]), self.program)
        os.chmod(self.program, 0o755)
        self.secret = self.here / "secret"
        self.secret.mkdir(mode=0o700)
        (self.secret / "recording").write_text(self.RECORDING)
        self.file = self.here / "recording"
        self.file.write_text(self.RECORDING)
        os.chmod(self.file, 0o600)

    def check(self):
        with Nest("chain", 2) as nest:
            self.run_one(["--ns", str(nest.inode("chain init 2"))], 0)
        for option, path in (("--load", self.file), ("--load", self.secret / "recording"),
                             ("--load", self.secret / "nothing"),
                             ("--ns", self.secret / "recording"), ("--ns", self.secret / "nothing"),
                             ("--proc", self.secret)):
            self.run_one([option, str(path)], 2)

    def run_one(self, args, status):
        with self.subTest(args=args):
            done = subprocess.run([str(self.program), *args], stdin=subprocess.DEVNULL,
                                  capture_output=True, user=NOBODY, group=NOBODY,
                                  extra_groups=[], check=False, cwd="/", env=environment())
            self.assertEqual(done.returncode, status, done.stderr)
            self.assertIn(args[-1].encode(), done.stderr if status else done.stdout)
            if status:
                self.assertIn(b"Permission denied", done.stderr)

    def test_file_capabilities(self):
        """struct vfs_cap_data of <linux/capability.h>: CAP_DAC_READ_SEARCH and CAP_SYS_PTRACE."""
        try:
            os.setxattr(self.program, "security.capability",
                        struct.pack("<5I", 0x02000001, 1 << 2 | 1 << 19, 0, 0, 0))
        except OSError as error:
            self.skipTest(f"{self.here} keeps no file capabilities: {error.strerror}")
        self.check()

    def test_set_user_id(self):
        os.chmod(self.program, 0o4755)
        self.check()
