# SPDX-License-Identifier: MIT
"""Processes and namespaces that seem to exist, but do not: exit 1, and no output."""
import os
import subprocess
import threading

from common import LiveTest, Nest, kernel_facts


class Missing(LiveTest):
    def check_missing(self, *args, naming):
        self.assertEqual(self.nstree(*args, status=1), b"")
        self.assertIn(str(naming).encode(), self.complaint)

    def test_pid_of_a_thread(self):
        """/proc/TID can be opened, but the thread is no process, and --find looks for these."""
        done = threading.Event()
        thread = threading.Thread(target=done.wait)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(done.set)
        tid = thread.native_id
        self.assertTrue(os.path.exists(f"/proc/{tid}/status"))
        self.assertNotEqual(tid, os.getpid())
        if any(tid in chain for _, chain in kernel_facts().processes.values()):
            self.skipTest(f"{tid} is the PID of a process somewhere")
        self.check_missing("--find", str(tid), naming=f"it is a thread of {os.getpid()}")

    def test_process_that_ended(self):
        for _ in range(100):
            child = subprocess.Popen(["true"])
            child.wait()
            try:
                self.check_missing("--pid", str(child.pid), naming=child.pid)
                return
            except AssertionError:
                if not os.path.exists(f"/proc/{child.pid}"):
                    raise  # no other process has got the PID

    def test_pid_in_another_namespace_only(self):
        with Nest("chain", 2) as nest:
            inode = nest.inode("chain init 1")
            here = nest.pid("chain sleeper 2")
            there = {chain[1] for at, chain in kernel_facts().processes.values()
                     if at in [ns[0] for ns in nest.namespaces]}
            self.assertEqual(len(there), 3)
            if here in there:
                self.skipTest(f"{here} is a PID there, too")
            self.check_missing("--ns", str(inode), "--pid", str(here), naming=here)

    def test_namespace_that_ended(self):
        with Nest("chain", 1) as nest:
            inode = nest.inode("chain init 1")
            self.nstree("--ns", str(inode))
        for name in str(inode), f"pid:[{inode}]":
            with self.subTest(name):
                if inode in kernel_facts().namespaces:
                    self.skipTest("another namespace has got the inode already")
                self.check_missing("--ns", name, naming=inode)

    def test_namespace_that_is_not_of_processes(self):
        self.nstree("--ns", "/proc/self/ns/net", status=2)
        self.assertIn(b"/proc/self/ns/net", self.complaint)
