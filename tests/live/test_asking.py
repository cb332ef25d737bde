# SPDX-License-Identifier: MIT
"""Threads and PIDs of real processes, asked for without an option."""
import os
import threading

from common import ExactPids, LiveTest, Nest, bpf_works

SOURCES = ["auto", "procfs"] + ["bpf"] * bpf_works()


class Asking(LiveTest):
    def test_a_thread(self):
        """The kernel says which process it is of; top -H and gdb show such numbers."""
        started, end = threading.Event(), threading.Event()
        numbers = []

        def run():
            numbers.append(threading.get_native_id())
            started.set()
            end.wait()

        thread = threading.Thread(target=run)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(end.set)
        started.wait()
        tid, pid = str(numbers[0]), str(os.getpid())
        self.assertNotEqual(tid, pid)
        self.assertFalse(tid in os.listdir("/proc"))
        for source in SOURCES:
            for args in [tid], ["--pid", tid]:
                with self.subTest(source=source, args=args):
                    text = self.text("--source", source, *args)
                    self.assertRegex(text, rf"(?m)^\S+ {pid} .* \(thread {tid}\)$")
                    self.assertEqual(self.text("--source", source, "-q", *args), pid + "\n")

    def test_the_procfs_of_another_namespace(self):
        """PIDs are those of the procfs, and standard error says so."""
        for args, said in (["1"], b"nstree: PIDs are those of pid:["), \
                          (["--pid", "1"], b"nstree: --pid takes PIDs of pid:["):
            with self.subTest(args):
                self.nstree(*args, prefix=("unshare", "--pid", "--fork"), stderr=None)
                self.assertTrue(self.complaint.startswith(said), self.complaint)

    def test_a_pid_of_another_level(self):
        numbers = [251599, 220553, 220473, 220313, 13]
        chain = ",".join(map(str, numbers))
        with ExactPids(), Nest("chain", 4, "--pids", chain):
            if os.path.exists("/proc/220313"):
                self.skipTest("another process has that PID")
            for source in SOURCES:
                with self.subTest(source):
                    self.assertIn(f" {chain} ", self.text("--source", source, "-l", "220313",
                                                          stderr=None))
                    self.nstree("--source", source, "--pid", "220313", status=1)
                    self.assertRegex(self.complaint.decode(),
                                     r"no process 220313 \(but 251599 has that PID in pid:.*: "
                                     r"nstree --find 220313\)|process here \(but 251599 has")
