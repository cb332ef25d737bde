# SPDX-License-Identifier: MIT
"""The same machine from every seat: an ordinary user, a foreign /proc, /proc mounts that hide."""
import os
import pathlib
import re
import shutil
import subprocess

from common import (NSTREE, Cgroup, ExactPids, LiveTest, Nest, UsersTest, children_of,
                    environment, hidden_levels, kernel_facts, need_all_in_proc, own_inode,
                    root_line)

NOBODY = 65534


class Container:
    """A PID namespace in its own cgroup, as engines make them, and a process that enters it from
    outside, like docker exec. Both die at the end of the `with`."""

    def __init__(self, cgroup):
        self.cgroup = cgroup
        self.ends = []

    def start(self, *command):
        """Runs `command` in the cgroup. It prints a line at its start, and reads until EOF."""
        process = subprocess.Popen(command, preexec_fn=self.cgroup.enter, stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE)
        self.ends.append(process)
        process.stdout.readline()
        return process.pid

    def __enter__(self):
        said = "echo; read wait"
        outside = self.start("unshare", "-pf", "--kill-child", "sh", "-c", said)
        self.init, = children_of(outside)
        entering = self.start("nsenter", "-t", str(self.init), "-p", "sh", "-c", said)
        self.entered, = children_of(entering)
        return self

    def __exit__(self, *_):
        for process in reversed(self.ends):
            process.stdin.close()
            process.stdout.close()
            process.wait()


def shape(model):
    """One line for each process: its chain, its name, and the inits of the namespaces around it.
    Root and others see these alike, with or without inodes. (Kernel threads change their names with
    their work.)"""
    lines = {}
    for pid, process in model.processes.items():
        inits, ns = [], model.ns_of_id[process["ns"]]
        while ns:
            inits.append(ns["init"])
            ns = model.ns_of_id.get(ns["parent"])
        name = "" if process.get("kthread") else process["name"]
        lines[pid] = f"{process['nspid']} {name} in {inits}"
    return lines


class Nobody(UsersTest):
    """nobody, who can read no foreign inode, sees the same tree as root."""

    def setUp(self):
        super().setUp()
        need_all_in_proc()

    def test_every_process_is_where_root_sees_it(self):
        with Cgroup() as cgroup, Container(cgroup) as container, Nest("chain", 5) as nest:
            root = self.model("--kthreads")
            user = self.model("--kthreads", user=NOBODY, group=NOBODY, extra_groups=[],
                              stderr=None)
            again = self.model("--kthreads")
        seen, unseen = shape(root), shape(user)
        stable = {pid: line for pid, line in shape(again).items()
                  if seen.get(pid) == line and root.processes[pid]["name"] != "nstree"}
        # For other processes on this machine, guesses may be wrong, and are marked.
        own = {pid for pid, _ in nest.processes} | {container.init, container.entered}
        for pid in set(stable) - own:
            if not user.processes.get(pid, {"exact": True})["exact"]:
                del stable[pid]
        self.assertLess({container.init, container.entered}, set(stable))
        self.assertLess({pid for pid, _ in nest.processes}, set(stable))
        self.fail_all([f"root: {line}\nuser: {unseen.get(pid)}" for pid, line in stable.items()
                       if unseen.get(pid) != line])
        # Certain conclusions are not marked; those from a cgroup are.
        for pid, _ in nest.processes:
            self.assertTrue(user.processes[pid]["exact"], user.processes[pid])
        self.assertTrue(all(ns["exact"] for ns in user.parsed["namespaces"] if ns["init"] in own))
        self.assertFalse(user.processes[container.entered]["exact"])
        self.assertTrue(user.processes[container.entered]["entered"])
        # Only the user's own namespace has an inode.
        self.assertEqual(user.ns_of_id[user.processes[container.init]["ns"]]["ns"], None)
        self.assertEqual(user.parsed["namespaces"][0]["ns"], own_inode())

    def test_missing_parts_are_reported(self):
        with Nest("chain", 2):
            self.nstree(user=NOBODY, group=NOBODY, extra_groups=[], stderr=None)
            self.assertRegex(self.complaint, rb"\Anstree: \d+ namespaces? could not be read.*"
                                             rb"run as root, or: setcap cap_sys_ptrace[^\n]*\n\Z")
            self.nstree("--strict", user=NOBODY, group=NOBODY, extra_groups=[], stderr=None,
                        status=3)

    def test_ones_own_processes_name_their_namespace(self):
        """A process of nobody that entered shows the inode, and so its init gets it, too."""
        with Nest("siblings", 1, 1) as nest:
            init = nest.pid("siblings init 1")
            inode = nest.inode("siblings init 1")
            entering = subprocess.Popen(
                ["nsenter", "-t", str(init), "-p", "setpriv", f"--reuid={NOBODY}",
                 f"--regid={NOBODY}", "--clear-groups", "sh", "-c", "echo; read wait"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            try:
                entering.stdout.readline()
                if len(self.model().namespaces) > 2:
                    self.skipTest("there are other PID namespaces that it could be")
                user = self.model(user=NOBODY, group=NOBODY, extra_groups=[], stderr=None)
            finally:
                entering.stdin.close()
                entering.stdout.close()
                entering.wait()
        self.assertEqual(user.namespaces[inode]["init"], init)
        # NS_GET_PID_FROM_PIDNS reports the init (Linux 6.11); else it is inferred.
        release = [int(number) for number in re.findall(r"\d+", os.uname().release)[:2]]
        self.assertEqual(user.processes[init]["exact"], release >= [6, 11])
        self.assertNotIn("ambiguous", user.processes[init])


class Foreign(LiveTest):
    """A /proc of another PID namespace than the caller's."""

    INSIDE = ["unshare", "-pf", "--kill-child"]

    def test_the_tree_is_that_of_the_procfs(self):
        with Nest("chain", 3, "twoup") as nest:
            before = kernel_facts()
            model = self.model(prefix=self.INSIDE, stderr=None)
        self.assertEqual(model.parsed["namespaces"][0]["ns"], own_inode())
        for pid, what in nest.processes:
            with self.subTest(what=what):
                self.assertEqual(model.processes[pid]["nspid"], before.processes[pid][1])
                self.assertEqual(model.inode_of(pid), before.processes[pid][0])
        for inode, what, _ in nest.namespaces:
            with self.subTest(what=what):
                # Only the ioctl knows the parent of C, as its init's parent is two levels up. Here
                # it fails with EPERM. So the parent is right, or marked as inferred.
                if model.namespaces[inode]["exact"]:
                    self.assertEqual(model.parent_of(inode), before.namespaces[inode][0])
                else:
                    self.assertEqual(what, "twoup init")
        own = [p for p in model.processes.values() if p["name"] == "nstree" and
               p["nspid"][-1] == 1]
        self.assertEqual([len(p["nspid"]) for p in own], [2])

    def test_where_pids_count_is_said(self):
        text = self.nstree("--pid", "1", prefix=self.INSIDE, stderr=None)
        self.assertIn(b"\n\xe3\x84\xb4 1 ", text)
        self.assertRegex(self.complaint, rb"\Anstree: --pid takes PIDs of pid:\[%d\], the PID "
                                         rb"namespace of /proc, [^\n]*\n\Z" % own_inode())

    def test_a_childs_procfs(self):
        """From outside, /proc/self is missing there; its own members have one PID."""
        command = "mount -t proc proc /proc && echo $$ && read wait"
        with subprocess.Popen(["unshare", "-pfm", "--kill-child", "sh", "-c", command],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
            self.assertEqual(child.stdout.readline(), b"1\n")
            pid, = children_of(child.pid)
            proc = f"/proc/{pid}/root/proc"
            self.assertRaises(FileNotFoundError, os.readlink, f"{proc}/self")
            inode = os.stat(f"/proc/{pid}/ns/pid").st_ino
            text = self.text("--proc", proc)
            listed = self.text("--proc", proc, "--pid", "1", stderr=None)
        self.assertEqual(text, f"pid:[{inode}] this container, 1 process (not the initial PID "
                               f"namespace: outer levels are hidden)\nㄴ 1 sh\n")
        self.assertTrue(listed.startswith(f"pid:[{inode}] this container"), listed)

    def test_a_bind_mount_of_the_hosts(self):
        """As in a monitoring container: its own /proc, and the host's elsewhere."""
        where = self.directory()
        script = (f"mount --make-rprivate / && mount --bind /proc {where} && "
                  f"mount -t proc proc /proc && exec \"$@\"")
        prefix = ["unshare", "-pfm", "--kill-child", "sh", "-c", script, "sh"]
        with Nest("chain", 2) as nest:
            before = kernel_facts()
            model = self.model("--proc", str(where), prefix=prefix)
        self.assertEqual(model.parsed["namespaces"][0]["ns"], own_inode())
        for pid, _ in nest.processes:
            self.assertEqual(model.inode_of(pid), before.processes[pid][0])


class Hiding(UsersTest):
    """Mounts of procfs that show users only their own processes."""

    def mounted(self, options, *args, **run):
        """nstree as nobody on a procfs with these options, in a new mount namespace."""
        where = self.directory()
        script = (f"mount --make-rprivate / && mount -t proc -o {options} proc {where} && "
                  f"exec \"$@\"")
        # By its path: the shell of busybox would use its own, which has other options.
        prefix = ["unshare", "-m", "sh", "-c", script, "sh", shutil.which("setpriv"),
                  f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
        return self.nstree("--proc", str(where), *args, prefix=prefix, **run)

    def test_hidepid(self):
        for options, said in (("hidepid=1", rb"nstree: \d+ process(es are| is) inaccessible, the "
                                            rb"init and others are hidden"),
                              ("hidepid=2", rb"nstree: the init and others are hidden")):
            with self.subTest(options=options):
                text = self.mounted(options, stderr=None).decode()
                self.assertRegex(self.complaint, rb"\A" + said + rb"[^\n]*\n\Z")
                self.assertRegex(text, rf"\Apid:\[{own_inode()}\] [^,]+, \d+ process(es)? "
                                       rf"\(init not seen\)")
                self.assertIn("nstree", text)
                self.mounted(options, "--strict", stderr=None, status=3)

    def test_hidepid_and_a_process_that_is_hidden(self):
        """The complaint is followed by a line that others are hidden."""
        where = self.directory()
        script = f"mount -t proc -o hidepid=2 proc {where} && exec \"$@\""
        done = subprocess.run(
            ["unshare", "-m", "sh", "-c", script, "sh", shutil.which("setpriv"),
             f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *NSTREE, "--proc",
             str(where), "--pid", str(os.getpid())],
            stdin=subprocess.DEVNULL, capture_output=True, check=False, env=environment())
        self.assertEqual(done.returncode, 1, done.stderr)
        pid = os.getpid()
        self.assertRegex(done.stderr, rb"\Anstree: (no process %d|%d: no process here, [^\n]*)\n"
                                      rb"nstree: the init and others are hidden \(hidepid\)[^\n]*"
                                      rb"\n\Z" % (pid, pid))

    def test_subset_pid(self):
        text = self.mounted("subset=pid", stderr=None)
        self.assertTrue(text.startswith(b"pid:[%d] " % own_inode()), text[:80])


class Undumpable(LiveTest):
    """A process that even its own user may not read."""

    def test_its_place_follows_from_its_parent(self):
        program = ("import ctypes, os; ctypes.CDLL(None).prctl(4, 0, 0, 0, 0); "
                   "print(os.getpid(), flush=True); input()")
        with subprocess.Popen(["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}",
                               "--clear-groups", "unshare", "-Urpf", "--kill-child", "python3",
                               "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as process:
            line = process.stdout.readline()
            if line != b"1\n":
                process.stdin.close()
                said = process.stderr.read().decode().strip()
                self.skipTest(f"no user namespace for nobody: {said}")
            pid, = children_of(process.pid)
            self.assertEqual(pathlib.Path(f"/proc/{pid}/status").exists(), True)
            user = self.model(user=NOBODY, group=NOBODY, extra_groups=[], stderr=None)
        self.assertEqual(user.processes[pid]["nspid"], [pid, 1])
        self.assertEqual(user.ns_of_id[user.processes[pid]["ns"]]["init"], pid)
        self.assertTrue(user.processes[pid]["exact"])


class RealPids(LiveTest):
    """The question with which the project started, with the real PIDs."""

    def test_the_sleep_of_docker_desktop(self):
        with ExactPids(), Nest("chain", 4, "--pids",
                                  "251599,220553,220473,220313,13") as nest:
            facts = kernel_facts()
            inodes = [nest.inode(f"chain init {level}") for level in range(1, 5)]
            self.assertEqual(facts.processes[251599][1], [251599, 220553, 220473, 220313, 13])
            text = self.text("--find", "220313")
        heads = [root_line() + hidden_levels(),
                 *(f"pid:[{inode}] (nest-init)" for inode in inodes)]
        expected, numbers = "", [251599, 220553, 220473, 220313, 13]
        for level, head in enumerate(heads):
            indent = "   " * (level - 1) + "ㄴ " if level else ""
            expected += f"{indent}{head}\n"
            glyph = "|- " if level < 4 else "ㄴ "
            mark = " (match)" if numbers[level] == 220313 else ""
            expected += "   " * level + f"{glyph}{numbers[level]} nest-sleeper{mark}\n"
        self.assertEqual(text, expected)
