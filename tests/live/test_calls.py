# SPDX-License-Identifier: MIT
"""The number of system calls of a scan, counted by strace."""
import collections
import os
import re
import shutil

from common import NSTREE, LiveTest, Nest, bpf_works, is_instrumented, kernel_facts

# PID of the caller, call, arguments. The second half of an interrupted call does not count.
CALL = re.compile(r"\d+ +(\w+)\((.*)")
# Below an open procfs directory, or with the path of the descriptor, which -y shows.
OF_PROCESS = re.compile(r'</proc>, "(\d+)/?([^"]*)"|</proc/(\d+)/?([^>]*)>')


class Calls(LiveTest):
    def setUp(self):
        super().setUp()
        if not shutil.which("strace"):
            self.skipTest("no strace")
        if is_instrumented() or len(NSTREE) > 1:
            self.skipTest("this build makes system calls of its own")

    def trace(self, *args):
        """All calls that nstree makes: (name, arguments)."""
        path = self.directory() / "trace"
        self.nstree(*args, prefix=("strace", "-f", "-y", "-qq", "-o", str(path)))
        calls = [CALL.match(line) for line in path.read_text(errors="replace").splitlines()]
        calls = [call.groups() for call in calls if call]
        self.assertEqual(calls[0][0], "execve")
        return calls

    @staticmethod
    def by_process(calls):
        """{PID: [(call, file of the process)]}"""
        found = collections.defaultdict(list)
        for name, arguments in calls:
            match = OF_PROCESS.search(arguments)
            if match:
                found[int(match[1] or match[3])].append((name, match[2] or match[4]))
        return found

    def test_whole_scan(self):
        with Nest("crowd", 500, 20, 10) as nest:
            calls = self.trace("--source", "procfs", "--no-labels")
            seen = self.by_process(calls)
            facts = kernel_facts()
            differences = []
            for pid, what in nest.processes:
                names = [name for name, _ in seen[pid]]
                if not what.startswith("crowd init"):
                    # Members, too: the namespace is their parent's, which is looked at once.
                    reads = names[1:-1]
                    if names[:1] != ["openat"] or names[-1:] != ["close"] or \
                            reads not in (["read"], ["pread64"]):
                        differences.append(f"{what} {pid}: {seen[pid]}")
                    if any(file != "status" for _, file in seen[pid]):
                        differences.append(f"{what} {pid}: more than its status: {seen[pid]}")
                elif not 3 <= len(names) - seen[pid].count(("openat", "ns/pid")) <= 6:
                    differences.append(f"{what} {pid}: {len(names)} calls: {seen[pid]}")
            self.fail_all(differences)
            # There are no other calls on processes. The rest is for namespaces (the link of the
            # init, twice; for its parent and its owner: open, ioctl, stat, close) and for the
            # program itself.
            self.assertGreaterEqual(len(facts.processes), 700)
            self.assertLess(len(calls),
                            3 * len(facts.processes) + 13 * len(facts.namespaces) + 200)

    def test_usage(self):
        """Times are read while status is open and before that is read: then both are of one
        process."""
        want = [("openat", "status"), ("openat", "stat"), ("read", "stat"), ("close", "stat"),
                ("read", "status"), ("close", "status")]
        with Nest("crowd", 20, 5, 5) as nest:
            seen = self.by_process(self.trace("--json", "--usage", "--no-labels"))
            seen = {pid: [(name.replace("pread64", "read"), file) for name, file in calls]
                    for pid, calls in seen.items()}
            self.fail_all([f"{what} {pid}: {seen[pid]}" for pid, what in nest.processes
                           if not what.startswith("crowd init") and seen[pid] != want])

    def test_labels(self):
        """Only inits and their parents are looked at. If an init shares the mounts of its parent,
        only that link is read."""
        with Nest("crowd", 500, 20, 10) as nest:
            plain, labelled = (self.by_process(self.trace(*options))
                               for options in (("--source", "procfs", "--no-labels"),
                                               ("--source", "procfs")))
            differences = []
            for pid, what in nest.processes:
                # Another process of a namespace can be the first one each time.
                before, after = ([call for call in seen[pid] if call != ("openat", "ns/pid")]
                                 for seen in (plain, labelled))
                link = [("readlinkat", "ns/mnt")] if what.startswith("crowd init") else []
                if after != before + link:
                    differences.append(f"{what} {pid}: {after}, not {before + link}")
            self.fail_all(differences)

    def test_one_process(self):
        release = [int(number) for number in re.findall(r"\d+", os.uname().release)[:2]]
        if release < [6, 11]:
            self.skipTest("no NS_GET_PID_FROM_PIDNS before Linux 6.11")
        with Nest("crowd", 500, 20, 10) as nest:
            for source in ["auto", "procfs"] + ["bpf"] * bpf_works():
                self.check_few_calls(nest, source)

    def check_few_calls(self, nest, source):
        for what in "crowd member 7", "crowd init 20", "crowd plain":
            pid = next(pid for pid, this in nest.processes if this == what)
            with self.subTest(f"{what}, {source}"):
                for words in ["--pid", str(pid)], [str(pid)]:
                    self.assertLess(len(self.trace("--source", source, *words)), 200)
