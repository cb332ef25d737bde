# SPDX-License-Identifier: MIT
"""WSL 2 with Docker Desktop, played: names, command lines, environments and mounts are those that
its source gives its processes (github.com/microsoft/WSL, 2.9.4), or that were recorded. Namespaces
are real; the kernel's release is not."""
import json
import os
import shutil
import subprocess

from common import (INITIAL_INODE, NSTREE, RELEASE, TOP, Cast, UsersTest, environment,
                    need_all_in_proc, other_kernel, own_inode)

NOBODY = 65534
RELEASES = "6.6.87.2-microsoft-standard-WSL2", "7.2.6-locietta-WSL2-xanmod1"
ID = "013853d881b7d675fabe859125a53c154236bd00b34b0123456789abcdef0123"
NOTES = f"/mnt/docker/containers/{ID}"


def of(name, *more):
    return [f"WSL2_DISTRO_NAME={name}", "HOME=/", *more]


def system(name):
    """The environment of a system distribution."""
    return of(name, "WSL2_SHARED_MEMORY_OB_DIRECTORY=/mnt/wslg/x", "WSL2_DISTRO_INIT_PID=2")


def init(depth, comm, variables, *mounts, new="pm", uid=0):
    """/init of WSL."""
    return [depth, new, uid, comm, "init", mounts, ["/init"], variables]


def program(depth, name, *args, new="-", variables=("HOME=/",), mounts=()):
    return [depth, new, 0, "-", name, mounts, [name, *args], variables]


SESSION = "WSL_DISTRO_NAME=docker-desktop", "HOME=/root"

# What is played, and the labels of root and of nobody; None: it is no init.
VM = [
    (init(0, "init()", system("Ubuntu"), "tmpfs:/mnt", "tmpfs:/mnt/wslg"),
     "WSL system distribution (for Ubuntu)", "WSL system distribution"),
    ([1, "pm", 0, "systemd", "systemd", ["tmpfs:/mnt", "tmpfs:/mnt/wsl", "proc:/proc"],
      ["/sbin/init"], ["container=wsl", "container_host_id=windows",
                       "container_host_version_id="]],
     "WSL Ubuntu", "WSL Ub…"),
    (init(2, "init-systemd(Ub", of("Ubuntu"), new="-"), None, None),
    (init(3, "SessionLeader", of("Ubuntu"), new="-"), None, None),
    (init(0, "init()", system("docker-desktop"), "tmpfs:/mnt", "tmpfs:/mnt/wslg"),
     "WSL system distribution (for docker-desktop)", "WSL system distribution"),
    (init(1, "init(docker-des", of("docker-desktop"), "tmpfs:/mnt", "tmpfs:/mnt/host/wsl",
          "proc:/proc"), "docker-desktop", "docker-desktop"),
    (init(2, "SessionLeader", of("docker-desktop"), new="-"), None, None),
    (init(3, "Relay(4)", of("docker-desktop"), new="-"), None, None),
    (program(4, "wsl-bootstrap", "run", "--base-image", "/c/x", variables=SESSION), None, None),
    (program(5, "unshare", "-muinpf", "--propagation=unchanged", "--kill-child",
             "/usr/local/bin/wsl-bootstrap", "jump", variables=SESSION), None, None),
    (init(6, "init", SESSION, "tmpfs:/mnt", f"file:{NOTES}/hostname:{ID[:12]}",
          f'file:{NOTES}/config.v2.json:{{"Name":"/vibrant_kepler"}}'),
     "LinuxKit (docker-desktop)", "LinuxKit (docker-desktop)"),
    (program(7, "containerd-shim-runc-v2", "-namespace", "moby", "-id", ID), None, None),
    (program(8, "bash", new="pm", mounts=[f"bind:{NOTES}/hostname:/etc/hostname"]),
     "docker vibrant_kepler (013853d881b7)", "docker 013853d881b7"),
    (init(0, "init(Ubuntu-24.", of("Ubuntu-24.04"), "tmpfs:/mnt", "tmpfs:/mnt/wsl"),
     "WSL Ubuntu-24.04", "WSL Ubuntu-24.…"),
    (init(0, "init(docker-des", of("docker-desktop-data"), "tmpfs:/mnt", "tmpfs:/mnt/wsl"),
     "WSL docker-desktop-data", "WSL docker-des…"),
    (init(0, "init(Debian)", of("Debian")), "WSL Debian", "WSL Debian"),
    # Processes that are none of WSL's.
    (init(0, "init(Fake)", of("Fake"), uid=NOBODY), "", ""),
    (program(0, "init(Fake)", new="pm", variables=of("docker-desktop")), "", ""),
    (program(0, "sh", new="pm"), "", ""),
    (init(1, "init-systemd(Fa", of("Fake"), new="-", uid=NOBODY), None, None),
    (program(0, "unshare", "-muinpf", "sh"), None, None),
    (program(1, "sh", new="pm"), "unshare sh", "unshare sh"),
    # As `unshare -Upf` of root's, which nobody else can do: other users cannot see its user
    # namespace.
    (init(0, "init(Fake)", of("docker-desktop"), new="pu"), "", "WSL Fake"),
    (program(0, "sh", new="pu", variables=["container=wsl"]), "", "WSL Fa…"),
    (init(1, "init-systemd(Fa", of("Fake"), new="-"), None, None),
]
UBUNTU, DESKTOP, BASH = 1, 5, 12


class Wsl(UsersTest):
    def setUp(self):
        super().setUp()
        need_all_in_proc()
        self.here = self.directory()
        self.library = shutil.copy(TOP / RELEASE, self.here)
        self.copy_program()
        if len(NSTREE) > 1 or json.loads(self.run_as(0, RELEASES[0], "--json"))["kernel"] not in \
                RELEASES:
            self.skipTest("nstree takes no preloaded uname()")
        cast = Cast(self.here, [part for part, *_ in VM])
        cast.__enter__()
        self.addCleanup(cast.__exit__)
        self.pids = cast.pids
        self.inits = {pid: labels for pid, (_, *labels) in zip(cast.pids, VM)
                      if labels[0] is not None}

    def run_as(self, uid, release, *args, prefix=(), name=None):
        env = environment(GCOV_PREFIX=str(self.counts), WSL_DISTRO_NAME=name)
        kernel = [f"{key}={value}" for key, value in other_kernel(self.library, release).items()]
        user = {} if prefix else {"user": uid, "group": uid, "extra_groups": []}
        done = subprocess.run([*prefix, "env", *kernel, str(self.program), *args],
                              stdin=subprocess.DEVNULL, capture_output=True, check=False, cwd="/",
                              env=env, **user)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.decode()

    def labels(self, uid, release, *args):
        """By init, of what is played."""
        found = json.loads(self.run_as(uid, release, "--json", *args))["namespaces"]
        return {ns["init"]: ns["label"] or "" for ns in found if ns["init"] in self.inits}

    def test_labels(self):
        for release in RELEASES:
            for uid, column in (0, 0), (NOBODY, 1):
                want = {pid: labels[column] for pid, labels in self.inits.items()}
                with self.subTest(release=release, uid=uid):
                    self.assertEqual(self.labels(uid, release), want)
        with self.subTest("a kernel that is not WSL's"):
            found = " ".join(self.labels(0, "6.1.0-13-amd64").values())
            self.assertIn("docker vibrant_kepler", found)
            self.assertNotRegex(found, "WSL|docker-desktop")

    def test_of_one_process(self):
        """It is not read alone: other processes name the distributions around it."""
        pids = ",".join(str(self.pids[n]) for n in (UBUNTU, BASH))
        for uid, column in (0, 0), (NOBODY, 1):
            want = {pid: labels[column] for pid, labels in list(self.inits.items())[:6]}
            with self.subTest(uid=uid):
                self.assertEqual(self.labels(uid, RELEASES[0], "--pid", pids), want)

    def test_tree(self):
        inodes = [os.stat(f"/proc/{pid}/ns/pid").st_ino for pid in self.inits]
        shown = self.run_as(0, RELEASES[0], "--summary", "--ns", f"{inodes[1]},{inodes[5]}")
        first, *rest = shown.splitlines()
        root = "WSL 2 VM" if own_inode() == INITIAL_INODE else "this container"
        self.assertTrue(first.startswith(f"pid:[{own_inode()}] {root}, "), first)
        inits = list(self.inits)
        self.assertEqual(rest, [
            f"|- pid:[{inodes[0]}] WSL system distribution (for Ubuntu), 1 process, "
            f"init {inits[0]}",
            f"|  ㄴ pid:[{inodes[1]}] WSL Ubuntu, 3 processes, init {inits[1]}",
            f"ㄴ pid:[{inodes[2]}] WSL system distribution (for docker-desktop), 1 process, "
            f"init {inits[2]}",
            f"   ㄴ pid:[{inodes[3]}] docker-desktop, 5 processes, init {inits[3]}",
            f"      ㄴ pid:[{inodes[4]}] LinuxKit (docker-desktop), 2 processes, init {inits[4]}",
            f"         ㄴ pid:[{inodes[5]}] docker vibrant_kepler (013853d881b7), 1 process, "
            f"init {inits[5]}"])

    def inside(self, n, uid, name):
        """The label of the root, from within."""
        prefix = ["nsenter", "-t", str(self.pids[n]), "-m", "-p", "-S", str(uid), "-G", str(uid)]
        shown = json.loads(self.run_as(uid, RELEASES[0], "--json", prefix=prefix, name=name))
        return [ns["label"] for ns in shown["namespaces"]]

    def test_inside(self):
        """The root is the distribution; its name can be completed by the caller's variable."""
        for uid, name, want in ((0, None, "WSL Ubuntu"), (0, "Debian", "WSL Ubuntu"),
                                (NOBODY, "Ubuntu", "WSL Ubuntu"), (NOBODY, None, "WSL Ub…"),
                                (NOBODY, "Debian", "WSL Ub…")):
            with self.subTest("Ubuntu", uid=uid, name=name):
                self.assertEqual(self.inside(UBUNTU, uid, name), [want])
        for uid, container in (0, "docker vibrant_kepler (013853d881b7)"), (NOBODY,
                                                                           f"docker {ID[:12]}"):
            with self.subTest("docker-desktop", uid=uid):
                self.assertEqual(self.inside(DESKTOP, uid, None),
                                 ["docker-desktop", "LinuxKit (docker-desktop)", container])
