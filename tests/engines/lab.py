# SPDX-License-Identifier: MIT
"""What the engines of tests/engines/run share: the machine, the programs, and the facts."""

import ctypes
import fcntl
import json
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
BWRAP, BUSYBOX = "/usr/bin/bwrap", "/bin/busybox"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# The engines always write here. In their mount namespace, each of these is an empty tmpfs.
MASKED = ["/run", "/dev/shm", "/etc/docker", "/var/lib/containers", "/var/cache/containers"]
IMAGE = "localhost/nstree/busybox"
COMMAND_SECONDS = 60
CAP_SYS_RESOURCE = 24
PR_SET_PDEATHSIG = 1
NS_GET_PARENT = 0xB702
LIBC = ctypes.CDLL(None, use_errno=True)


class CannotStart(Exception):
    """The reason why an engine is reported as skipped."""


# Facts from the kernel.

def read(path):
    """A carriage return, which names in /proc may contain, is no line end, either."""
    with open(path, encoding="utf-8", errors="replace", newline="\n") as file:
        return file.read()


def lines_of(path):
    """Not splitlines(): names in /proc may contain what only Python takes for a line end."""
    return read(path).rstrip("\n").split("\n")


def status_fields(pid):
    return dict(line.split(":", 1) for line in lines_of(f"/proc/{pid}/status"))


def status(pid):
    """(PPid, [NSpid...]) of a process, or None if it is gone."""
    try:
        fields = status_fields(pid)
    except OSError:
        return None
    return int(fields["PPid"]), [int(word) for word in fields["NSpid"].split()]


def processes():
    """{pid: (PPid, [NSpid...])}"""
    found = {int(name): status(name) for name in os.listdir("/proc") if name.isdigit()}
    return {pid: entry for pid, entry in found.items() if entry}


def pid_namespace(pid):
    return os.stat(f"/proc/{pid}/ns/pid").st_ino


def parent_namespace(pid):
    fd = os.open(f"/proc/{pid}/ns/pid", os.O_RDONLY)
    try:
        parent = fcntl.ioctl(fd, NS_GET_PARENT)
        inode = os.fstat(parent).st_ino
        os.close(parent)
        return inode
    finally:
        os.close(fd)


def descendants(root):
    """All descendants of a process, nearest first."""
    table = processes()
    children = {}
    for pid, (ppid, _) in table.items():
        children.setdefault(ppid, []).append(pid)
    found = list(children.get(root, []))
    for pid in found:
        found.extend(children.get(pid, []))
    return found


def init_below(root, levels):
    """The init of the one PID namespace at that many levels among a process's descendants."""
    table = processes()
    inits = [pid for pid in descendants(root)
             if pid in table and len(table[pid][1]) == levels and table[pid][1][-1] == 1]
    if len(inits) != 1:
        raise CannotStart(f"{len(inits)} inits at level {levels} below {root}")
    return inits[0]


def has_capability(bit):
    return bool(int(status_fields("self")["CapBnd"], 16) >> bit & 1)


def cgroup_roots():
    mounts = [line.split(" ") for line in lines_of("/proc/self/mounts")]
    return [words[1] for words in mounts if words[2] in ("cgroup", "cgroup2")]


def controllers(root):
    """The controllers that a cgroup2 root enables for its children; none for v1."""
    path = os.path.join(root, "cgroup.subtree_control")
    return set(read(path).split()) if os.path.exists(path) else set()


def cgroup_dirs(roots):
    return {path for root in roots for path, _, _ in os.walk(root)}


# Programs.

def on_parent_death(signum):
    """For the child: the foreground engines end even if this script is killed by SIGKILL."""
    def prepare():
        LIBC.prctl(PR_SET_PDEATHSIG, signum)
    return prepare


def need(*paths):
    for path in paths:
        if not os.access(path, os.X_OK):
            raise CannotStart(f"{path} is not installed")


def output(argv, **options):
    """A command's standard output; its last words become the reason if it fails."""
    try:
        done = subprocess.run(argv, capture_output=True, text=True, timeout=COMMAND_SECONDS,
                              start_new_session=True, check=False,
                              stdin=options.pop("stdin", subprocess.DEVNULL), **options)
    except subprocess.TimeoutExpired as error:
        raise CannotStart(f"{argv[0]} took more than {COMMAND_SECONDS} s") from error
    if done.returncode:
        words = (done.stderr.strip() or done.stdout.strip()).splitlines() or ["no message"]
        raise CannotStart(f"{' '.join(argv[-4:])}: {words[-1]}")
    return done.stdout.strip()


def make_mount_point(path):
    """Returns whether it was missing, and has to be removed."""
    missing = not os.path.exists(path)
    os.makedirs(path, exist_ok=True)
    return missing


class Lab:
    """Everything of one run: the directory, the mount namespaces, the children and the facts."""

    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="nstree-engines.", dir="/var/tmp")
        os.chmod(self.dir, 0o755)  # the engines hide their own files
        self.cgroups_before = cgroup_dirs(cgroup_roots())
        self.controllers_before = {root: controllers(root) for root in cgroup_roots()}
        self.mount_points = [path for path in MASKED if make_mount_point(path)]
        self.children = []  # kept: Popen waits for those that are no longer referenced
        self.stoppers = []
        self.containers, self.processes, self.ended, self.skipped = [], [], [], []
        self.env = {"PATH": PATH, "HOME": self.dir, "LANG": "C.UTF-8", "TMPDIR": self.dir}
        self.mounts = None
        self.pure_mounts = None

    def path(self, *names):
        return os.path.join(self.dir, *names)

    def make_dir(self, *names):
        os.makedirs(self.path(*names), exist_ok=True)
        return self.path(*names)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def spawn(self, argv, log, death=signal.SIGKILL, **options):
        """Starts a child that keeps running; its output goes to LOG.log."""
        with open(self.path(log + ".log"), "ab") as errors:
            options.setdefault("stdout", errors)
            options.setdefault("stdin", subprocess.DEVNULL)
            options.setdefault("env", self.env)
            child = subprocess.Popen(argv, stderr=errors, start_new_session=True, text=True,
                                     preexec_fn=on_parent_death(death), **options)
        self.children.append(child)
        return child

    def line_of(self, child, log):
        """Waits for the child's first line, by which a program reports that it runs."""
        line = child.stdout.readline()
        if not line:
            raise CannotStart(self.last_words(log))
        return line.strip()

    def last_words(self, log):
        words = read(self.path(log + ".log")).strip().splitlines() or ["no message"]
        return words[-1]

    def mount_namespace(self, script, log, parent=None):
        """The argv prefix that runs a command in a new mount namespace prepared by SCRIPT."""
        keeper = self.spawn((parent or []) + [
            "unshare", "--mount", "--propagation", "private", "sh", "-c",
            f"set -e; {script}; echo ready; read -r _ || :"],
            log, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.line_of(keeper, log)
        return ["nsenter", f"--mount=/proc/{keeper.pid}/ns/mnt", "--"]

    # The facts.

    def add(self, engine, name, full_id, pid, shares, **more):
        row = {"engine": engine, "name": name, "id": full_id, "pid": pid, "shares": shares,
               "ns": pid_namespace(pid), "pod": None, "k8s_namespace": None,
               "project": None, **more}
        self.containers.append(row)
        return row

    def expect(self, engine, name, full_id, pid, **more):
        """A container with a PID namespace of its own."""
        entry = status(pid)
        if not entry or entry[1][-1] != 1:
            raise CannotStart(f"{name}: {pid} is not the init of a PID namespace")
        return self.add(engine, name, full_id, pid, False, parent=parent_namespace(pid), **more)

    def share(self, engine, name, full_id, pid, owner, **more):
        """A container in the PID namespace of the process OWNER, "self" for the host's."""
        if pid_namespace(pid) != pid_namespace(owner):
            raise CannotStart(f"{name}: {pid} is not in the PID namespace of {owner}")
        return self.add(engine, name, full_id, pid, True, **more)

    def process(self, row, pid, why):
        """A process of a container beside the one that its engine reports."""
        if pid_namespace(pid) != row["ns"]:
            raise CannotStart(f"{pid} is not in the PID namespace of {row['name']}")
        self.processes.append({"pid": pid, "container": self.containers.index(row), "why": why})

    def end(self, engine, name, full_id):
        self.ended.append({"engine": engine, "name": name, "id": full_id})

    def skip(self, engine, reason):
        self.skipped.append(f"{engine} {reason}")
        print(f"engines: {engine} skipped: {reason}", file=sys.stderr)

    def reap(self):
        """Orphans that ended are ours to reap; Popen waits for its own."""
        own = {child.pid for child in self.children}
        for pid, (ppid, _) in processes().items():
            if ppid == os.getpid() and pid not in own:
                os.waitpid(pid, os.WNOHANG)

    def write_facts(self):
        facts = {"containers": self.containers, "processes": self.processes,
                 "ended": self.ended, "skipped": self.skipped}
        return self.write("facts", json.dumps(facts, indent=1) + "\n")


def wait_until(condition, what):
    """For what is reported by no event: asks again until it is so. A hang is a failure."""
    end = time.monotonic() + COMMAND_SECONDS
    while not condition():
        if time.monotonic() > end:
            raise CannotStart(f"{what} took more than {COMMAND_SECONDS} s")


# What crun needs here.

def limits_env(lab):
    """See setrlimit.c."""
    if has_capability(CAP_SYS_RESOURCE):
        return {}
    library = lab.path("setrlimit.so")
    output(["cc", "-shared", "-fPIC", "-o", library, os.path.join(HERE, "setrlimit.c")])
    return {"LD_PRELOAD": library}


def pure_cgroup():
    """The command for a mount namespace in which /sys/fs/cgroup is nothing but cgroup2."""
    pure = os.path.exists("/sys/fs/cgroup/cgroup.controllers")
    return ":" if pure else "mount -t cgroup2 cgroup2 /sys/fs/cgroup"


# The root file system: busybox, and what else a container is to run, with its libraries.

def copy_program(root, program):
    target = root + os.path.realpath(program)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    shutil.copy2(program, target)
    for library in re.findall(r"(/\S+)", output(["ldd", program]).split(":")[-1]):
        os.makedirs(os.path.dirname(root + library), exist_ok=True)
        shutil.copy2(library, root + library)


def make_rootfs(lab):
    need(BUSYBOX)
    root = lab.make_dir("rootfs")
    for name in ("bin", "dev", "etc", "lib", "lib64", "proc", "root", "run", "sys", "tmp",
                 "usr/bin", "usr/lib", "var"):
        os.makedirs(os.path.join(root, name), exist_ok=True)
    shutil.copy2(BUSYBOX, root + "/bin/busybox")
    for applet in ("sh", "sleep", "unshare", "cat", "ls", "ps", "hostname", "id", "setsid"):
        os.symlink("busybox", f"{root}/bin/{applet}")
    with open(root + "/etc/os-release", "w", encoding="ascii") as file:
        file.write("ID=nstree-test\nNAME=nstree-test\n")
    with open(root + "/etc/passwd", "w", encoding="ascii") as file:
        file.write("root:x:0:0:root:/root:/bin/sh\n")
    if os.path.exists(BWRAP):
        copy_program(root, BWRAP)
    subprocess.run(["tar", "-C", root, "-cf", lab.path("rootfs.tar"), "."], check=True)


def copy_rootfs(lab, *names):
    target = lab.path(*names)
    shutil.copytree(lab.path("rootfs"), target, symlinks=True)
    return target


# Programs that say through sd_notify(3) that they are ready.

def notified(lab, server, child, log, wanted):
    """Waits for a line of the sd_notify protocol, or the child's end; returns its value."""
    end = os.pidfd_open(child.pid)
    try:
        while True:
            ready = select.select([server, end], [], [], COMMAND_SECONDS)[0]
            if server not in ready:
                raise CannotStart(lab.last_words(log) if ready else f"no {wanted} in time")
            for word in server.recv(4096).decode("utf-8", "replace").splitlines():
                if word.startswith(wanted + "="):
                    return word.split("=", 1)[1]
    finally:
        os.close(end)


def notify_socket(lab, name):
    server = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    server.bind(lab.path(name))
    return server
