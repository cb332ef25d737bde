# SPDX-License-Identifier: MIT
"""Usage of processes and sums of it, and the kernel's IDs of namespaces, against what the kernel
says to a plain reader. Processes of nest sleep, so nothing of them changes between two looks; what
changed all the same is not compared."""
import collections
import fcntl
import json
import os
import re
import shutil
import subprocess
import unittest

from common import LiveTest, Nest, bpf_works, environment, why_not_live

NS_GET_ID = 2 << 30 | 8 << 16 | 0xb7 << 8 | 13  # _IOR(0xb7, 13, u64), linux/nsfs.h of Linux 6.18
FIELDS = "start", "rss", "cpu", "threads"

Usage = collections.namedtuple("Usage", FIELDS)  # start and cpu in hundredths


def read(path):
    with open(path, encoding="utf-8", errors="surrogateescape") as file:
        return file.read()


def lines_of(status):
    return dict(line.split(":", 1) for line in status.splitlines() if ":" in line)


def memory_of(path):
    return int(lines_of(read(path)).get("VmRSS", "0").split()[0])


def usage_of(pid):
    """proc_pid_stat(5): behind the last parenthesis, the third field follows."""
    fields = read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    ticks = os.sysconf("SC_CLK_TCK")
    boot, = (int(line.split()[1]) for line in read("/proc/stat").splitlines()
             if line.startswith("btime"))
    lines = lines_of(read(f"/proc/{pid}/status"))
    threads = int(lines["Threads"])
    rss = memory_of(f"/proc/{pid}/status")
    if fields[0] == "Z" and threads > 1:
        rss = max(memory_of(f"/proc/{pid}/task/{tid}/status")
                  for tid in os.listdir(f"/proc/{pid}/task"))
    return Usage(boot * 100 + int(fields[22 - 3]) * 100 // ticks, rss,
                 (int(fields[14 - 3]) + int(fields[15 - 3])) * 100 // ticks, threads)


def as_usage(thing):
    """What JSON has, in the same form."""
    hundredths = lambda value: None if value is None else round(value * 100)
    return Usage(hundredths(thing["start"]), thing["rss"], hundredths(thing["cpu"]),
                 thing["threads"])


class UsageTest(LiveTest):
    def test_processes_and_sums(self):
        with Nest("crowd", 3, 4, 2, "zombies", "names") as nest:
            pids = [pid for pid, _ in nest.processes]
            before = {pid: usage_of(pid) for pid in pids}
            model = self.model("--usage", stderr=None)
            same = {pid: usage for pid, usage in before.items() if usage_of(pid) == usage}
            self.assertEqual(model.parsed["source"], "procfs")
            self.assertGreater(len(same), len(pids) // 2)
            self.fail_all([f"{what} {pid}: {as_usage(model.processes[pid])}, not {same[pid]}"
                           for pid, what in nest.processes
                           if pid in same and as_usage(model.processes[pid]) != same[pid]])
            compared = 0
            for inode, what, _ in nest.namespaces:
                compared += self.check_sum(model, same, inode, what)
            self.assertGreater(compared, 3)

    def check_sum(self, model, same, inode, what):
        namespace = model.namespaces[inode]
        members = [process for process in model.processes.values()
                   if process["ns"] == namespace["id"]]
        if not {process["pid"] for process in members} <= set(same):
            return False
        of_all = [same[process["pid"]] for process in members]
        init = same.get(namespace["init"])
        want = Usage(init and init.start, *(sum(usage[i] for usage in of_all) for i in (1, 2, 3)))
        self.assertEqual(as_usage(namespace), want, what)
        self.assertEqual(namespace["zombies"],
                         sum(process["state"] == "Z" and not process.get("leaderless")
                             for process in members), what)
        return True

    def test_a_dead_main_thread_hides_no_memory(self):
        with Nest("zombies") as nest:
            pid = nest.pid("zombies leaderless")
            process = self.model("--usage", stderr=None).processes[pid]
            self.assertTrue(process["leaderless"])
            self.assertGreater(process["rss"], 0)

    def test_ps_says_the_same(self):
        known = shutil.which("ps") and subprocess.run(
            ["ps", "-o", "rss=,nlwp=", "-p", "1"], check=False, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL).returncode == 0
        if not known:
            self.skipTest("no ps(1), or one that knows no -p")
        with Nest("crowd", 2, 3, 2) as nest:
            pids = ",".join(str(pid) for pid, _ in nest.processes)
            ps = subprocess.run(["ps", "-o", "pid=,rss=,nlwp=", "-p", pids], check=True,
                                stdout=subprocess.PIPE).stdout.decode()
            model = self.model("--usage", stderr=None)
            for line in ps.splitlines():
                pid, rss, threads = map(int, line.split())
                process = model.processes[pid]
                self.assertEqual((process["rss"], process["threads"]), (rss, threads), line)

    def test_some_processes(self):
        """Of a namespace that is not read as a whole, no sum is known."""
        with Nest("crowd", 1, 3, 1) as nest:
            pid = nest.pid("crowd init 1")
            usage = usage_of(pid)
            model = self.model("--usage", "--pid", str(pid))
            self.assertEqual(as_usage(model.processes[pid]), usage)
            namespace = model.namespaces[nest.inode("crowd init 1")]
            self.assertEqual(as_usage(namespace), Usage(usage.start, None, None, None))
            self.assertIsNone(namespace["zombies"])

    def test_without_privileges(self):
        """All of it is for everybody to read."""
        if not shutil.which("setpriv"):
            self.skipTest("no setpriv(1)")
        self.copy_program()
        with Nest("crowd", 1, 1, 1) as nest:
            done = subprocess.run(["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
                                   str(self.program), "--json", "--usage"], check=True, cwd="/",
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL,
                                  env=environment(GCOV_PREFIX=str(self.counts)))
            processes = {process["pid"]: process
                         for process in json.loads(done.stdout)["processes"]}
            for pid, what in nest.processes:
                self.assertEqual(as_usage(processes[pid]), usage_of(pid), what)

    def test_in_a_time_namespace(self):
        """The start of a process does not depend on the time namespace of the reader."""
        inside = ["unshare", "--time", "--boottime", "1000000", "--fork"]
        if subprocess.run([*inside, "true"], check=False, stderr=subprocess.DEVNULL).returncode:
            self.skipTest("no time namespace can be made here")
        with Nest("crowd", 1, 1, 1) as nest:
            pid = nest.pid("crowd init 1")
            start = as_usage(self.model("--usage", "--pid", str(pid)).processes[pid]).start
            seen = self.model("--usage", "--pid", str(pid), prefix=inside).processes[pid]
            self.assertEqual(start, usage_of(pid).start)
            # Linux 5.10 does not shift the start of a process with the clock: it is not known.
            known = tuple(map(int, re.findall(r"\d+", os.uname().release)[:2])) >= (5, 11)
            self.assertEqual(as_usage(seen).start, start if known else None)

    def test_only_by_procfs(self):
        self.nstree("--usage", "--source", "bpf", status=2)
        if b"not built in" not in self.complaint:
            self.assertEqual(self.complaint, b"nstree: bpf: cannot read usage\n")

    def test_only_where_it_is_asked_for(self):
        process = self.model(stderr=None).parsed["processes"][0]
        self.assertEqual({*FIELDS} & {*process}, set())


def id_of(pid):
    """The ID of the PID namespace of a process; None before Linux 6.18."""
    value = bytearray(8)
    fd = os.open(f"/proc/{pid}/ns/pid", os.O_RDONLY)
    try:
        fcntl.ioctl(fd, NS_GET_ID, value)
    except OSError:
        return None
    finally:
        os.close(fd)
    return int.from_bytes(value, "little")


class Ids(LiveTest):
    def check(self, source):
        with Nest("chain", 3, "siblings", 3, 1) as nest:
            model = self.model("--source", source, stderr=None)
            for inode, what, pid in nest.namespaces:
                self.assertEqual(model.namespaces[inode]["nsid"], id_of(pid), what)
            root = model.parsed["namespaces"][0]
            self.assertEqual(root["nsid"], id_of("self"))

    def test_by_procfs(self):
        self.check("procfs")

    @unittest.skipIf(why_not_live() or not bpf_works(), "BPF does not work here")
    def test_by_bpf(self):
        self.check("bpf")


class Metrics(LiveTest):
    def test_promtool(self):
        if not shutil.which("promtool"):
            self.skipTest("no promtool(1)")
        with Nest("crowd", 3, 2, 1, "zombies", "names"):
            text = self.nstree("--format", "openmetrics", stderr=None)
            subprocess.run(["promtool", "check", "metrics"], input=text, check=True)
            self.assertEqual(text.splitlines()[-1], b"# EOF")
