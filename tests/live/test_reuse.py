# SPDX-License-Identifier: MIT
"""A PID that is used again during a scan, at the worst moment: after a child was read, and before
its parent is."""
import json
import subprocess

from common import B, NSTREE, Model, UsersTest, environment

REUSE = f"{B}/tests/live/reuse"
REUSE_SKIPS = 77
NOBODY = 65534
INIT_A, INIT_B, CHILD, REUSED = 30, 40, 100, 200  # as in reuse.c


class Reuse(UsersTest):
    def setUp(self):
        super().setUp()
        self.copy_program()

    def scan(self, where, uid):
        done = subprocess.run(
            [REUSE, where, str(uid), *NSTREE[:-1], str(self.program), "--json", "--source",
             "procfs"], stdin=subprocess.DEVNULL, capture_output=True, check=False, cwd=None,
            env=environment(GCOV_PREFIX=str(self.counts),
                            ASAN_OPTIONS="detect_leaks=0"))  # which needs ptrace, too
        if done.returncode == REUSE_SKIPS:
            self.skipTest(done.stderr.decode().strip())
        self.assertEqual(done.returncode, 0, done.stderr)
        return Model(json.loads(done.stdout))

    def check(self, where, uid):
        """The child was born in A and stays there; in the end A's init is its parent."""
        model = self.scan(where, uid)
        child = model.processes[CHILD]
        self.assertEqual(model.ns_of_id[child["ns"]]["init"], INIT_A)
        self.assertEqual((child["exact"], child["ppid"], child.get("entered", False)),
                         (True, INIT_A, False))
        # The other process has the right place, or is marked as a guess.
        other = model.processes[REUSED]
        where_it_is = {"inner": INIT_B, "outer": 1}[where]
        if model.ns_of_id[other["ns"]]["init"] != where_it_is:
            self.assertIs(other["exact"], False)

    def test_as_nobody(self):
        for where in "inner", "outer":
            with self.subTest(where):
                self.check(where, NOBODY)

    def test_as_root(self):
        for where in "inner", "outer":
            with self.subTest(where):
                self.check(where, 0)
