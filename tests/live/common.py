# SPDX-License-Identifier: MIT
"""Shared by the tests: nstree, nest and kernel-facts for Python, and the runner.

B is the build directory and NSTREE the program, which can be several words (qemu-aarch64
build/nstree); both from the top of the project. The rest of the environment is passed on, for
sanitizers and coverage, except variables by which a user could change the output.
"""
import collections
import functools
import json
import os
import pathlib
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]
B = os.environ.get("B", "build")
NSTREE = shlex.split(os.environ.get("NSTREE", f"{B}/nstree"))
NEST = f"{B}/tests/live/nest"
FORGE = f"{B}/tests/live/forge"
FOREST = f"{B}/tests/live/forest"
CAST = f"{B}/tests/live/cast"
RELEASE = f"{B}/tests/live/release"
KERNEL_FACTS = f"{B}/tests/live/kernel-facts"
MACHINES = {table.parent.name: str(TOP / B / "tests/fixtures" / table.parent.name / "proc")
            for table in sorted(TOP.glob("tests/fixtures/*/processes"))}
NEST_SKIPS = 77
INITIAL_INODE = 4026531836

USERS_SETTINGS = ("NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TERM", "COLUMNS", "LANGUAGE", "LANG",
                  "LC_CTYPE")


def environment(**changes):
    """The environment for nstree; None removes a variable."""
    env = {key: value for key, value in os.environ.items() if key not in USERS_SETTINGS}
    env["LC_ALL"] = "C.UTF-8"
    for key, value in changes.items():
        env.pop(key, None)
        if value is not None:
            env[key] = value
    return env


def is_instrumented():
    """Whether sanitizers or coverage add work and system calls."""
    program = pathlib.Path(shutil.which(NSTREE[-1])).read_bytes()
    return b"__asan_init" in program or b"__gcov_" in program or b"__tsan_init" in program


class Test(unittest.TestCase):
    """A test of the program. Comparisons of long texts show all differences."""

    maxDiff = None

    def nstree(self, *args, status=0, stderr=b"", prefix=(), **popen):
        """Runs nstree; returns its standard output. Checks the exit status, one line on standard
        error if it failed, and no output with status 2. `stderr` is the expected standard error if
        it did not fail; None: anything."""
        popen.setdefault("stdin", subprocess.DEVNULL)
        popen.setdefault("env", environment())
        popen.setdefault("stdout", subprocess.PIPE)
        done = subprocess.run([*prefix, *NSTREE, *args], stderr=subprocess.PIPE, check=False,
                              **popen)
        said = f"nstree {shlex.join(map(os.fsdecode, args))}: standard error {done.stderr!r}"
        self.assertEqual(done.returncode, status, said)
        if status in (1, 2):
            self.assertRegex(done.stderr, rb"\Anstree: [^\n]+\n\Z", said)
        elif stderr is not None:
            self.assertEqual(done.stderr, stderr, said)
        if status == 2 and done.stdout is not None:
            self.assertEqual(done.stdout, b"", said)
        self.complaint = done.stderr
        return done.stdout

    def text(self, *args, **options):
        return self.nstree(*args, **options).decode()

    def directory(self):
        """A new directory for this test, which other users may read."""
        path = tempfile.mkdtemp(prefix="nstree-test-")
        self.addCleanup(shutil.rmtree, path)
        os.chmod(path, 0o755)
        return pathlib.Path(path)


@functools.cache
def why_not_live():
    """The reason why live tests cannot run here, or None."""
    if os.geteuid() != 0:
        return "needs root to make namespaces"
    if not os.path.lexists("/proc/self"):
        return "no procfs is mounted on /proc"
    if os.readlink("/proc/self") != str(os.getpid()):
        return "/proc belongs to another PID namespace than this process"
    made = subprocess.run(["unshare", "--pid", "--mount", "--fork", "true"], capture_output=True,
                          text=True, check=False)
    return f"no namespaces can be made here: {made.stderr.strip()}" if made.returncode else None


class LiveTest(Test):
    """A test with real namespaces."""

    def setUp(self):
        if why_not := why_not_live():
            self.skipTest(why_not)

    def copy_program(self):
        """Copies nstree to where nobody can run it, also if the project is in root's home, with a
        directory for coverage, as nobody cannot write root's files. Sets self.program and
        self.counts."""
        here = self.directory()
        self.program, self.counts = here / "nstree", here / "coverage"
        shutil.copy(shutil.which(NSTREE[-1]), self.program)
        os.chmod(self.program, 0o755)
        self.counts.mkdir()
        os.chmod(self.counts, 0o777)

    def model(self, *args, **options):
        """The output of --json."""
        return Model(json.loads(self.nstree("--json", *args, **options)))

    def fail_all(self, differences):
        """Fails if there are differences, and shows some."""
        if differences:
            more = [f"and {len(differences) - 20} more"] if len(differences) > 20 else []
            self.fail("\n".join(differences[:20] + more))


class UsersTest(LiveTest):
    """A test that also needs other users: a user namespace may have none."""

    def setUp(self):
        super().setUp()
        need_users()


class Model:
    """The JSON by inode and by PID. Namespaces without an inode are left out of `namespaces`."""

    def __init__(self, parsed):
        self.parsed = parsed
        self.namespaces = {ns["ns"]: ns for ns in parsed["namespaces"] if ns["ns"] is not None}
        self.processes = {process["pid"]: process for process in parsed["processes"]}
        self.ns_of_id = {ns["id"]: ns for ns in parsed["namespaces"]}

    def inode_of(self, pid):
        return self.ns_of_id[self.processes[pid]["ns"]]["ns"]

    def parent_of(self, inode):
        parent = self.namespaces[inode]["parent"]
        return None if parent is None else self.ns_of_id[parent]["ns"]

    def members_of(self, inode):
        return {pid for pid in self.processes if self.inode_of(pid) == inode}


Facts = collections.namedtuple("Facts", "processes namespaces")


def kernel_facts(proc="/proc"):
    """The kernel's facts: {PID: (inode or None, chain)} and {inode: (parent or None, level)}."""
    facts = Facts({}, {})
    out = subprocess.run([KERNEL_FACTS, proc], stdout=subprocess.PIPE, check=True).stdout
    for line in out.decode().splitlines():
        kind, number, second, third = line.split()
        second = None if second == "-" else int(second)
        if kind == "process":
            facts.processes[int(number)] = second, [int(n) for n in third.split(",")]
        else:
            facts.namespaces[int(number)] = second, int(third)
    return facts


def in_both(before, after):
    """The facts that two looks share, so they did not change in between."""
    return Facts(*({key: value for key, value in first.items() if second.get(key) == value}
                   for first, second in zip(before, after)))


class Nest:
    """Real namespaces, for the length of a `with`. They end with their standard input, so also if
    this process is killed."""

    program = NEST

    def __init__(self, *args, prefix=()):
        self.args = [*prefix, self.program, *map(str, args)]
        self.processes = []   # (PID, "COMMAND ROLE [DETAIL]")
        self.namespaces = []  # (inode, "COMMAND ROLE [DETAIL]", PID)
        self.init = None      # of the PID namespace around all, if it is a new one

    def __enter__(self):
        self.said = tempfile.TemporaryFile()
        self.maker = subprocess.Popen(self.args, stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE, stderr=self.said)
        try:
            self.read_all()
        except BaseException:
            self.__exit__()
            raise
        return self

    def read_all(self):
        for line in self.maker.stdout:
            kind, *words = line.decode().split()
            if kind == "ready":
                return
            if kind == "init":
                self.init = int(words[0])
            elif kind == "proc":
                self.processes.append((int(words[0]), " ".join(words[1:])))
            elif words[0] != "-":
                self.namespaces.append((int(words[0]), " ".join(words[1:-1]), int(words[-1])))
        status = self.maker.wait()
        self.said.seek(0)
        reason = self.said.read().decode(errors="replace").strip()
        if status == NEST_SKIPS:
            raise unittest.SkipTest(reason)
        raise RuntimeError(f"{shlex.join(self.args)}: exit status {status}: {reason}")

    def __exit__(self, *_):
        self.maker.stdin.close()
        self.maker.stdout.close()
        self.maker.wait()
        self.said.close()

    def pid(self, what):
        pid, = (pid for pid, this in self.processes if this == what)
        return pid

    def inode(self, what):
        inode, = (inode for inode, this, _ in self.namespaces if this == what)
        return inode


class Forge:
    """A process that looks like the program `name` with these arguments, and its child, the init of
    a PID namespace, for the length of a `with`. forge.c explains the settings."""

    def __init__(self, directory, name, *words, uid=0, **settings):
        self.program = pathlib.Path(directory) / name
        self.words, self.uid = words, uid
        self.settings = {f"FORGE_{key.upper()}": value for key, value in settings.items()}

    def __enter__(self):
        if not self.program.exists():
            shutil.copy(FORGE, self.program)
        path = os.environ.get("PATH", "") + ":/usr/sbin:/usr/bin:/sbin:/bin"
        self.player = subprocess.Popen(
            [str(self.program), *self.words], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, user=self.uid, group=self.uid, extra_groups=[], cwd="/",
            env={"PATH": path, **self.settings})
        said = self.player.stdout.readline()
        if not said:
            _, reason = self.player.communicate()
            reason = reason.decode(errors="replace").strip()
            if self.player.returncode == NEST_SKIPS:
                raise unittest.SkipTest(reason)
            raise RuntimeError(f"{self.program}: exit status {self.player.returncode}: {reason}")
        self.parent, self.init = self.player.pid, int(said)
        return self

    def __exit__(self, *_):
        self.player.communicate()

    def inode(self):
        return os.stat(f"/proc/{self.init}/ns/pid").st_ino


class Cast:
    """A tree of processes with given names, for the length of a `with`. `parts` are lines of
    cast.c's script, as lists; those of PROGRAM are names in `directory`. Sets `pids`, in the order
    of the parts."""

    def __init__(self, directory, parts):
        self.directory, self.depths = directory, [part[0] for part in parts]
        lines = []
        for depth, new, uid, comm, program, mounts, arguments, variables in parts:
            if not (directory / program).exists():
                shutil.copy(CAST, directory / program)
            lists = ["\x1f".join(words) or "-" for words in (mounts, arguments, variables)]
            lines.append("\t".join([str(depth), new, str(uid), comm, str(directory / program),
                                    *lists]) + "\n")
        self.script = directory / "script"
        self.script.write_text("".join(lines))

    def __enter__(self):
        self.player = subprocess.Popen([CAST, str(self.script)], stdin=subprocess.PIPE,
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=TOP)
        if self.player.stdout.readline() != b"ready\n":
            _, reason = self.player.communicate()
            reason = reason.decode(errors="replace").strip()
            if self.player.returncode == NEST_SKIPS:
                raise unittest.SkipTest(reason)
            raise RuntimeError(f"cast: exit status {self.player.returncode}: {reason}")
        self.pids = list(self.descendants(self.player.pid))
        assert len(self.pids) == len(self.depths), self.pids
        return self

    def descendants(self, pid):
        for child in children_of(pid):
            yield child
            yield from self.descendants(child)

    def __exit__(self, *_):
        self.player.communicate()


def other_kernel(library, release):
    """Variables by which uname(2) reports that release to a program. Sanitizers want to be the
    first library."""
    options = f"{environment().get('ASAN_OPTIONS', '')}:verify_asan_link_order=0"
    return {"LD_PRELOAD": str(library), "FORGE_RELEASE": release, "ASAN_OPTIONS": options}


class Cgroup:
    """A new cgroup for the length of a `with`, in any writable hierarchy. Version 2 first: in
    version 1 each can have a share of the CPU."""

    def __enter__(self):
        tops = [line.split()[4] for line in open("/proc/self/mountinfo", encoding="utf-8")
                if re.search(r" - cgroup2? ", line) and "/cpuset" not in line.split()[4]]
        for top in sorted(tops, key=lambda top: os.path.exists(f"{top}/tasks")):
            self.path = pathlib.Path(top) / f"nstree-test-{os.getpid()}"
            try:
                self.path.mkdir()
                return self
            except OSError:
                continue
        raise unittest.SkipTest("no cgroup can be made here")

    def enter(self):
        (self.path / "cgroup.procs").write_text(str(os.getpid()))

    def __exit__(self, *_):
        for path in sorted(self.path.glob("*/")):
            path.rmdir()  # left by a program that was killed
        self.path.rmdir()


class Forest(Nest):
    """A random forest of PID namespaces, the same for the same seed. With `storm`, its limit of
    PIDs, it is in its own namespace, where processes come and go."""

    program = FOREST

    def __init__(self, seed, storm=None, cgroup=None):
        super().__init__(seed, *(["--storm", storm] if storm else []),
                         *(["--cgroup", cgroup] if cgroup else []))


class ExactPids:
    """kernel.pid_max at its limit, for the length of a `with`."""

    path = pathlib.Path("/proc/sys/kernel/pid_max")

    def __enter__(self):
        self.before = self.path.read_text()
        try:
            self.path.write_text("4194304")
        except OSError as error:
            raise unittest.SkipTest(f"kernel.pid_max cannot be raised: {error.strerror}")

    def __exit__(self, *_):
        self.path.write_text(self.before)


def status_of(pid):
    """/proc/PID/status of a process with a harmless name."""
    lines = pathlib.Path(f"/proc/{pid}/status").read_text(errors="replace").splitlines()
    return dict(line.split(":\t", 1) for line in lines if ":\t" in line)


def children_of(pid):
    """The children of its only thread."""
    return [int(child) for child in
            pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def bpf_works():
    return subprocess.run([*NSTREE, "--source", "bpf"], stdin=subprocess.DEVNULL,
                          capture_output=True, check=False).returncode == 0


def need_user_namespaces():
    """A chroot, a sysctl or a security module may forbid them."""
    made = subprocess.run(["unshare", "--user", "--map-root-user", "true"], capture_output=True,
                          text=True, check=False)
    if made.returncode != 0:
        raise unittest.SkipTest(f"no user namespace can be made here: {made.stderr.strip()}")


def need_users():
    for uid in 1001, 65534:
        try:
            subprocess.run(["true"], user=uid, group=uid, extra_groups=[], check=True)
        except OSError as error:
            raise unittest.SkipTest(f"this root cannot become user {uid}: {error.strerror}")


def need_all_in_proc():
    """For tests of what ordinary users see."""
    mounts = [line.split() for line in pathlib.Path("/proc/mounts").read_text().splitlines()]
    if any(where == "/proc" and "hidepid=" in options for _, where, _, options, *_ in mounts):
        raise unittest.SkipTest("/proc is mounted with hidepid")


def own_inode(kind="pid"):
    return os.stat(f"/proc/self/ns/{kind}").st_ino


def root_line():
    """The beginning of the tree, before any count."""
    if own_inode() != INITIAL_INODE:
        label = "this container"
    elif re.search("microsoft|wsl2", os.uname().release.lower()):
        label = "WSL 2 VM"
    else:
        label = f"host {os.uname().nodename}"
    return f"pid:[{own_inode()}] {label}"


def hidden_levels():
    if own_inode() == INITIAL_INODE:
        return ""
    return " (not the initial PID namespace: outer levels are hidden)"


class Result(unittest.TestResult):
    """Prints failures and skips at once. Rows of a table (subTest) count as tests; the test around
    them does not."""

    def __init__(self):
        super().__init__()
        self.passed = self.failed = self.skips = 0
        self.tables = set()

    @staticmethod
    def name(test):
        return "".join(c if c.isprintable() else repr(c)[1:-1] for c in test.id())

    def broken(self, test, err):
        kind, error, trace = err
        self.failed += 1
        print(f"FAIL {self.name(test)}")
        lines = str(error).splitlines()
        if not issubclass(kind, AssertionError):
            lines = "".join(traceback.format_exception(*err)).splitlines()
        else:
            at = [f"{os.path.basename(frame.filename)}:{frame.lineno}"
                  for frame in traceback.extract_tb(trace) if "unittest" not in frame.filename]
            lines.insert(0, " ".join(at))
        print("".join(f"    {line}\n" for line in lines), end="", flush=True)

    addFailure = addError = broken

    def addSkip(self, test, reason):
        self.skips += 1
        self.tables.add(getattr(test, "test_case", test).id())
        print(f"SKIP {self.name(test)}: {reason}", flush=True)

    def addSuccess(self, test):
        self.passed += test.id() not in self.tables

    def addSubTest(self, test, subtest, err):
        self.tables.add(test.id())
        if err is None:
            self.passed += 1
        else:
            self.broken(subtest, err)


def each_test(suite):
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            yield from each_test(item)
        else:
            yield item


def run(suite, wanted):
    """Runs all tests, or those whose names contain a wanted word; returns the exit status."""
    # So that changes are undone.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended by SIGTERM"))
    os.chdir(TOP)
    result = Result()
    chosen = unittest.TestSuite(test for test in each_test(suite)
                                if not wanted or any(word in test.id() for word in wanted))
    if not shutil.which(NSTREE[0]) or not shutil.which(NSTREE[-1]):
        print(f"{shlex.join(NSTREE)}: no such program; build it first")
        result.failed += 1
    else:
        chosen.run(result)
    if result.passed + result.failed == 0 and not why_not_live():
        print("no test was run, although tests can run here")
        result.failed += 1
    print(f"{result.passed} passed, {result.failed} failed, {result.skips} skipped")
    return 1 if result.failed else 0
