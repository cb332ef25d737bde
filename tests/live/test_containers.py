# SPDX-License-Identifier: MIT
"""Processes of containers, as an ordinary user sees them, who may not read where they are.

Each container has a cgroup of its own, as engines make them. A sidecar is a container in the PID
namespace of another one (docker run --pid=container:NAME).
"""
import hashlib
import subprocess

from common import Cgroup, UsersTest, children_of, need_all_in_proc

NOBODY = 65534
SAID = "echo; read wait"


class Containers:
    """Processes in PID namespaces and in cgroups, for the length of a `with`."""

    def __init__(self):
        self.cgroup, self.ends = Cgroup(), []

    def __enter__(self):
        self.cgroup.__enter__()
        return self

    def __exit__(self, *_):
        for process in reversed(self.ends):
            process.stdin.close()
            process.stdout.close()
            process.wait()
        self.cgroup.__exit__()

    def start(self, scope, *command):
        """Runs a command in a cgroup. What it starts prints a line and reads until EOF; returns
        the PID of that: the child of its child, and so on."""
        path = self.cgroup.path / scope
        path.mkdir(exist_ok=True)
        process = subprocess.Popen([*command, "sh", "-c", SAID], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE,
                                   preexec_fn=lambda: (path / "cgroup.procs").write_text("0"))
        self.ends.append(process)
        if process.stdout.readline() != b"\n":
            raise RuntimeError(f"{command} did not start")
        pid = process.pid
        while children := children_of(pid):
            pid, = children
        return pid

    def make(self, scope, *enter):
        """The init of a new namespace."""
        return self.start(scope, *enter, "unshare", "-pf", "--kill-child")

    def enter(self, scope, init):
        """A process that enters a namespace."""
        return self.start(scope, *into(init))


def into(init):
    return "nsenter", "-t", str(init), "-p"


def docker(name):
    """The cgroup of a container."""
    return f"docker-{hashlib.sha256(name.encode()).hexdigest()}.scope"


def inits(model, pid):
    """The inits of the namespaces around a process, from its own; None: not known."""
    found, ns = [], model.ns_of_id[model.processes[pid]["ns"]]
    while ns:
        found.append(ns["init"])
        ns = model.ns_of_id.get(ns["parent"])
    return found


class Seen(UsersTest):
    def setUp(self):
        super().setUp()
        need_all_in_proc()

    def look(self):
        """The tree as root and as nobody."""
        return self.model(), self.model(user=NOBODY, group=NOBODY, extra_groups=[], stderr=None)

    def check_guess(self, user, pid, others):
        """It is in and below none of the others, and the mark says that its place is a guess."""
        self.assertFalse(set(inits(user, pid)) & set(others))
        self.assertTrue(user.processes[pid]["ambiguous"])

    def test_a_sidecar_is_in_no_other_container(self):
        with Containers() as made:
            web = made.make(docker("web"))
            db, box = made.make(docker("db")), made.make("box")
            sidecars = [made.enter(docker("sidecar"), web) for _ in range(2)]
            executed = made.enter(docker("db"), db)
            root, user = self.look()
        for pid in sidecars:
            self.assertEqual(inits(root, pid)[0], web)
            self.check_guess(user, pid, [web, db, box])
        self.assertEqual(len({user.processes[pid]["ns"] for pid in sidecars}), 1)
        self.assertEqual(inits(root, executed)[0], db)
        self.assertEqual(inits(user, executed), inits(root, executed))

    def test_a_sidecar_two_levels_down(self):
        with Containers() as made:
            web, db = made.make(docker("web")), made.make(docker("db"))
            inner = made.make(docker("web"), *into(web))
            other = made.make(docker("db"), *into(db))
            sidecar = made.enter(docker("sidecar"), inner)
            executed = made.enter(docker("web"), inner)
            root, user = self.look()
        self.assertEqual(inits(root, sidecar)[:2], [inner, web])
        self.check_guess(user, sidecar, [inner, web, other, db])
        self.assertEqual(inits(user, executed), inits(root, executed))
