# SPDX-License-Identifier: MIT
"""Namespaces without members: only --all shows them, each at its place with its keepers. The
expected keepers follow from nest and from the links of /proc."""
import ctypes
import errno
import fcntl
import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

from common import (NSTREE, LiveTest, Nest, bpf_works, children_of, environment,
                    is_instrumented, need_all_in_proc, need_users, own_inode)

NS_GET_PARENT = 0xb702
CLONE_NEWPID = 0x20000000
LISTNS = 470
NOBODY = 65534
libc = ctypes.CDLL(None, use_errno=True)


def has_listns():
    request = (ctypes.c_uint32 * 8)(32, 0, 0, 0, CLONE_NEWPID)
    ids = (ctypes.c_uint64 * 1)()
    return libc.syscall(LISTNS, request, ids, ctypes.c_size_t(1), 0) >= 0 \
        or ctypes.get_errno() != errno.ENOSYS


def inode_of_link(path):
    """The inode of a PID namespace; None if the link leads elsewhere or may not be read."""
    try:
        found = re.fullmatch(r"pid:\[(\d+)\]", os.readlink(path))
    except OSError:
        return None
    return int(found[1]) if found else None


def links_to(inode, directory):
    """The names of links to a PID namespace in a directory."""
    return sorted(int(link.name) for link in pathlib.Path(directory).iterdir()
                  if inode_of_link(link) == inode)


def parent_by_ioctl(path):
    ns = os.open(path, os.O_RDONLY)
    try:
        parent = fcntl.ioctl(ns, NS_GET_PARENT)
        try:
            return os.fstat(parent).st_ino
        finally:
            os.close(parent)
    finally:
        os.close(ns)


# In the namespace of another process, a process makes a namespace whose init dies, and reports
# that. It holds the new one as its pid_for_children until its standard input ends.
MAKE_EMPTY_IN = """
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
def check(result):
    if result != 0:
        raise OSError(ctypes.get_errno(), "setns or unshare")
check(libc.setns(os.open(f"/proc/{sys.argv[1]}/ns/pid", os.O_RDONLY), 0x20000000))
holder = os.fork()
if holder == 0:
    check(libc.unshare(0x20000000))
    dead = os.fork()
    if dead == 0:
        os._exit(0)
    os.waitpid(dead, 0)
    os.write(1, b"ready\\n")
    os.read(0, 1)
    os._exit(0)
os.write(1, b"%d\\n" % holder)
os.waitpid(holder, 0)
"""


class EmptyIn:
    """An empty namespace below that of a process, for the length of a `with`."""

    def __init__(self, pid):
        self.pid = pid

    def __enter__(self):
        self.maker = subprocess.Popen([sys.executable, "-c", MAKE_EMPTY_IN, str(self.pid)],
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        said = {self.maker.stdout.readline().strip() for _ in range(2)}
        if len(said) != 2 or "ready" not in said:
            self.__exit__()
            raise RuntimeError(f"no empty namespace: {said}, status {self.maker.returncode}")
        self.holder = int((said - {"ready"}).pop())
        self.link = f"/proc/{self.holder}/ns/pid_for_children"
        self.inode = inode_of_link(self.link)
        return self

    def __exit__(self, *_):
        self.maker.stdin.close()
        self.maker.stdout.close()
        self.maker.wait()


class Empty(LiveTest):
    def all_model(self):
        return self.model("--all", stderr=None)

    def expected(self, nest):
        """The keepers of `nest empty` that /proc shows: {inode: keeper}."""
        keepers = {}
        for how in "fd", "mount", "pid_for_children", "thread":
            inode, pid = nest.inode(f"empty {how}"), nest.pid(f"empty {how}")
            keeper = {"how": how, "pid": pid,
                      "name": pathlib.Path(f"/proc/{pid}/comm").read_text().rstrip("\n")}
            if how == "fd":
                keeper["fd"], = links_to(inode, f"/proc/{pid}/fd")
            elif how == "mount":
                keeper["path"] = "/tmp/pidns"
            elif how == "thread":
                keeper["tid"], = (
                    int(task) for task in os.listdir(f"/proc/{pid}/task")
                    if inode_of_link(f"/proc/{pid}/task/{task}/ns/pid_for_children") == inode)
                self.assertNotEqual(keeper["tid"], pid)
            keepers[inode] = keeper
        return keepers

    def check_empty(self, ns, parent, level, keepers, what):
        self.assertEqual({key: ns.get(key) for key in ("level", "exact", "init", "members",
                                                       "keepers")},
                         {"level": level, "exact": True, "init": None, "members": 0,
                          "keepers": keepers}, what)
        self.assertEqual(ns["parent"], str(parent), what)

    def test_each_at_its_place_with_its_keeper(self):
        with Nest("empty") as nest:
            model = self.all_model()
            for inode, keeper in self.expected(nest).items():
                with self.subTest(keeper["how"]):
                    self.check_empty(model.namespaces[inode], own_inode(), 1, [keeper], keeper)
                    self.assertEqual(model.namespaces[inode]["owner_uid"], 0)

    def test_none_without_all(self):
        with Nest("empty") as nest:
            model = self.model()
            text = self.text()
            for inode, what, _ in nest.namespaces:
                self.assertNotIn(inode, model.namespaces, what)
                self.assertNotIn(str(inode), text, what)

    def test_one_that_is_asked_for_by_a_file(self):
        """The file shows that it exists; it only has no process."""
        with Nest("empty") as nest:
            path = f"/proc/{nest.pid('empty pid_for_children')}/ns/pid_for_children"
            inode = inode_of_link(path)
            self.nstree("--ns", path, status=1)
            self.assertIn(f"no process here is a member of PID namespace {path} (--all".encode(),
                          self.complaint)
            text = self.text("--ns", path, "--all", stderr=None)
        self.assertIn(f"pid:[{inode}] (no members) (held by ", text)

    def test_words(self):
        with Nest("empty") as nest:
            text = self.text("--all", "--summary", stderr=None)
            for inode, keeper in self.expected(nest).items():
                how, pid = keeper["how"], keeper["pid"]
                words = {"fd": f"fd {keeper.get('fd')} of",
                         "mount": "mount /tmp/pidns of",
                         "pid_for_children": "pid_for_children of",
                         "thread": f"pid_for_children of thread {keeper.get('tid')} of"}[how]
                line = f"pid:[{inode}] (no members) (held by {words} {pid} {keeper['name']})"
                self.assertRegex(text, rf"(?m)^(\|- |ㄴ ){re.escape(line)}$")

    def test_in_a_nested_namespace(self):
        with Nest("chain", 3) as nest, EmptyIn(nest.pid("chain init 2")) as empty:
            parent = nest.inode("chain init 2")
            name = pathlib.Path(f"/proc/{empty.holder}/comm").read_text()[:-1]
            self.assertEqual(parent_by_ioctl(empty.link), parent)
            self.check_empty(self.all_model().namespaces[empty.inode], parent, 3,
                             [{"how": "pid_for_children", "pid": empty.holder, "name": name}],
                             empty.inode)
            self.assertNotIn(empty.inode, self.model().namespaces)

    def test_one_with_only_an_empty_one_in_it(self):
        """Its init and all members have died. The inner namespace, which is held, keeps it."""
        with Nest("chain", 1) as chain:
            outer = chain.inode("chain init 1")
            with EmptyIn(chain.pid("chain init 1")) as empty:
                held = os.open(empty.link, os.O_RDONLY)
                self.addCleanup(os.close, held)
                inner = empty.inode
        model = self.all_model()
        ns = model.namespaces[outer]
        self.assertEqual((ns["members"], ns["level"], ns.get("keepers")), (0, 1, None))
        self.check_empty(model.namespaces[inner], outer, 2,
                         [{"how": "fd", "pid": os.getpid(), "fd": held,
                           "name": pathlib.Path("/proc/self/comm").read_text()[:-1]}], inner)
        self.assertNotIn(outer, self.model().namespaces)

    def test_held_by_several(self):
        with Nest("empty") as nest:
            inode, pid = nest.inode("empty fd"), nest.pid("empty fd")
            fd, = links_to(inode, f"/proc/{pid}/fd")
            mine = sorted(os.open(f"/proc/{pid}/fd/{fd}", os.O_RDONLY) for _ in range(4))
            for number in mine:
                self.addCleanup(os.close, number)
            keepers = self.all_model().namespaces[inode]["keepers"]
            self.assertEqual({(keeper["pid"], keeper["fd"]) for keeper in keepers},
                             {(pid, fd), *((os.getpid(), number) for number in mine)})
            self.assertEqual(len(keepers), 5)
            self.assertRegex(self.text("--all", "--summary", stderr=None),
                             rf"(?m)pid:\[{inode}\] \(no members\) "
                             r"\(held by (fd \d+ of [^,]+, ){2}fd \d+ of [^,]+ and 2 more\)$")

    def test_what_a_process_keeps(self):
        """With --pid, only the namespaces that it keeps."""
        with Nest("empty") as nest:
            expected = self.expected(nest)
            for inode, keeper in expected.items():
                pid = keeper["pid"]
                want = {str(kept) for kept, by in expected.items() if by["pid"] == pid}
                for form in [], ["--forest"]:
                    with self.subTest(keeper["how"], form=form):
                        text = self.text("--all", *form, "--pid", str(pid), stderr=None)
                        got = set(re.findall(r"pid:\[(\d+)\] \(no members\)", text))
                        self.assertEqual(got, want)

    def test_namespaces_with_members_are_not_kept(self):
        """Those that only have a zombie left are not kept either."""
        with Nest("chain", 1, "zombies") as nest:
            kept = [nest.inode("chain init 1"), nest.inode("zombies dead-init")]
            for pid in nest.pid("chain init 1"), nest.pid("zombies dead-init"):
                self.addCleanup(os.close, os.open(f"/proc/{pid}/ns/pid", os.O_RDONLY))
            model = self.all_model()
            for inode in kept:
                self.assertNotIn("keepers", model.namespaces[inode])
                self.assertGreater(model.namespaces[inode]["members"], 0)

    def test_not_below_the_root(self):
        """Inside, a namespace from outside is not in the tree, even if a process there holds it."""
        with Nest("empty") as nest:
            inode, pid = nest.inode("empty fd"), nest.pid("empty fd")
            fd, = links_to(inode, f"/proc/{pid}/fd")
            held = [os.open(f"/proc/{pid}/fd/{fd}", os.O_RDONLY),
                    os.open("/proc/self/ns/pid", os.O_RDONLY)]
            for number in held:
                self.addCleanup(os.close, number)
            text = self.text("--all", prefix=["unshare", "--pid", "--fork", "--mount-proc"],
                             pass_fds=held)
            self.assertRegex(text, r"\Apid:\[\d+\] this container, 1 process .*\n"
                                   r"[^\n]+ 1 nstree\n\Z")

    def test_recording_says_the_same(self):
        with Nest("empty") as nest:
            recording = self.directory() / "recording.json"
            recording.write_bytes(self.nstree("--all", "--json", stderr=None))
            live = self.text("--all", "--summary", stderr=None)
            loaded = self.text("--load", str(recording), "--all", "--summary", stderr=None)
            again = self.directory() / "again.json"
            again.write_bytes(self.nstree("--load", str(recording), "--json", stderr=None))
            for inode in self.expected(nest):
                line, = (line for line in live.splitlines() if f"[{inode}]" in line)
                self.assertIn(line[3:], loaded)
            self.assertEqual(self.text("--load", str(again), "--summary", stderr=None), loaded)

    def test_ordinary_user_sees_what_was_not_read(self):
        if len(NSTREE) > 1 or is_instrumented():
            self.skipTest("nobody may not run this build")
        need_users()
        need_all_in_proc()
        program = self.directory() / "nstree"
        shutil.copy(shutil.which(NSTREE[0]), program)
        os.chmod(program, 0o755)
        complaints = {}
        with Nest("empty"):
            for args in ("--all",), ():
                done = subprocess.run([program, "--summary", *args], capture_output=True, cwd="/",
                                      user=NOBODY, group=NOBODY, extra_groups=[], check=True,
                                      stdin=subprocess.DEVNULL, env=environment())
                complaints[args] = done.stderr
        self.assertRegex(complaints["--all",],
                         rb"\Anstree: [^\n]*cannot read the file descriptors of \d+ processes: "
                         rb"\d+, \d+, \d+ and \d+ more[^\n]*\n\Z")
        self.assertNotIn(b"descriptors", complaints[()])

    def only_listed(self):
        """The namespaces that only the kernel's own list contains."""
        return {inode for inode, ns in self.all_model().namespaces.items()
                if ns.get("keepers") == [{"how": "listns"}]}

    @unittest.skipUnless(has_listns(), "no listns(2) before Linux 6.19")
    def test_held_by_a_descriptor_in_flight(self):
        with Nest("empty") as nest:
            flight = nest.inode("empty flight")
            self.check_empty(self.all_model().namespaces[flight], own_inode(), 1,
                             [{"how": "listns"}], flight)
            self.assertRegex(self.text("--all", "--summary", stderr=None),
                             rf"(?m)pid:\[{flight}\] \(no members\) "
                             r"\(held by what /proc does not show\)$")

    @unittest.skipIf(has_listns(), "listns(2) shows them")
    def test_a_descriptor_in_flight_is_not_seen(self):
        with Nest("empty") as nest:
            self.assertNotIn(nest.inode("empty flight"), self.all_model().namespaces)

    def test_before_its_first_process(self):
        """Linux 7.2 shows the link, BPF reports it on any Linux, listns(2) only that it exists."""
        before = self.only_listed()
        with Nest("empty") as nest:
            pid = nest.pid("empty unborn")
            inode = inode_of_link(f"/proc/{pid}/ns/pid_for_children")
            keeper = {"how": "pid_for_children", "pid": pid, "name": "nest-unborn"}
            if not inode and bpf_works():
                inode, = (inode for inode, ns in self.all_model().namespaces.items()
                          if ns.get("keepers") == [keeper])
            elif not inode and has_listns():
                inode, = self.only_listed() - before - {nest.inode("empty flight")}
                keeper = {"how": "listns"}
            elif not inode:
                self.skipTest("this kernel shows no namespace before its first process, and BPF "
                              "does not work here")
            self.check_empty(self.all_model().namespaces[inode], own_inode(), 1, [keeper], inode)

    # Reports that it has made a namespace without a process, waits, starts one, prints the inode.
    UNBORN = """
import ctypes, os, signal, sys
libc = ctypes.CDLL(None, use_errno=True)
libc.prctl(1, signal.SIGKILL)
def keep():
    if libc.unshare(0x20000000) != 0:
        sys.exit(os.strerror(ctypes.get_errno()))
    print("unborn", flush=True)
    sys.stdin.readline()
    if os.fork() == 0:
        libc.prctl(1, signal.SIGKILL)
        signal.pause()
    print(os.stat("/proc/thread-self/ns/pid_for_children").st_ino, flush=True)
    sys.stdin.readline()
if sys.argv[1] == "thread":
    import threading
    thread = threading.Thread(target=keep)
    thread.start()
    thread.join()
else:
    keep()
os._exit(0)
"""

    def test_the_same_that_is_born_then(self):
        """Also in a thread, and below another namespace. /proc shows the inode afterwards."""

        if not bpf_works():
            self.skipTest("BPF does not work here")
        for prefix, how in (((), "pid_for_children"), ((), "thread"),
                            (("unshare", "--pid", "--fork", "--kill-child"), "pid_for_children")):
            with self.subTest((*prefix, how)), subprocess.Popen(
                    [*prefix, sys.executable, "-c", self.UNBORN, how], stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE, text=True) as process:
                self.assertEqual(process.stdout.readline(), "unborn\n")
                pid = process.pid
                if prefix:
                    pid, = children_of(pid)
                parent = os.stat(f"/proc/{pid}/ns/pid").st_ino
                name = pathlib.Path(f"/proc/{pid}/comm").read_text().strip()
                keeper = {"how": how, "pid": pid, "name": name}
                if how == "thread":
                    keeper["tid"], = (int(tid) for tid in os.listdir(f"/proc/{pid}/task")
                                      if int(tid) != pid)
                before = self.all_model().namespaces
                print(file=process.stdin, flush=True)
                inode = int(process.stdout.readline())
                after = self.all_model().namespaces
                process.communicate("\n")
                self.check_empty(before[inode], parent, 2 if prefix else 1, [keeper], inode)
                self.assertGreater(after[inode]["members"], 0)
