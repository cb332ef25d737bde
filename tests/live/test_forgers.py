# SPDX-License-Identifier: MIT
"""An ordinary user plays an engine. Labels then name that user, the user's files are not read, and
engines that only root can run are not believed."""
import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess

from common import (FORGE, NSTREE, RELEASE, TOP, Cgroup, Forge, UsersTest, children_of,
                    environment, is_instrumented, need_all_in_proc, other_kernel)

NOBODY = 65534
USER = 1001
ID = "45ed20ed75f2" + "0123456789abcdef" * 3 + "0123"
UUID = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
STORED = "bn15b07c739k2iz187clfdghwlyxlac3-vault.drv.chroot"
STEP = "xzozc9yte9uaf8vsuwfl69gxx"  # of a build
ONCE = "unset FORGE_CHILD; exec >/dev/null; exec"  # it must not print the PID of another child
SLICE = f"user.slice/user-{USER}.slice/user@{USER}.service"
LONG = "-" * 60  # room for a title
PROPAGATED = "systemd/nspawn/propagate/prod-db"
PODMAN_ENV = f"vfs-containers/{ID}/userdata/.containerenv"
DOCKER_HOSTNAME = f"containers/{ID}/hostname"
APP = "flatpak/app/org.gnome.Evil/x86_64/stable"

# The program's name, its arguments, settings of Forge ({here} is the test's directory, {root} an
# empty one of the user), and the label in front of ` of uid 1001`; None: no label.
FORGERS = {
    "docker": ("containerd-shim-runc-v2", ["-namespace", "moby", "-id", ID], {},
               "docker 45ed20ed75f2"),
    "containerd": ("containerd-shim-x", ["-namespace", "prod", "-id", "billing"], {},
                   "containerd prod/billing"),
    "linuxkit": ("containerd-shim-x", ["-namespace", "services.linuxkit", "-id", "x"], {}, None),
    "cri-o": ("conmon", ["-c", ID, "-n", "k8s_etcd_etcd-0_kube-system_0_0"], {},
              "k8s kube-system/etcd-0/etcd"),
    "podman": ("conmon", ["-c", ID, "-n", "prod-db"], {}, "podman prod-db (45ed20ed75f2)"),
    "nspawn": ("systemd-nspawn", ["--machine=prod"], {}, "nspawn prod"),
    "firejail": ("firejail", ["--name=bank"], {}, "firejail bank"),
    "nsjail": ("nsjail", ["--", "/usr/bin/vault"], {}, "nsjail vault"),
    "minijail": ("minijail0", [], {"child_name": "vault"}, "minijail vault"),
    "bubblewrap": ("bwrap", ["--", "/usr/bin/vault"], {}, "bubblewrap vault"),
    "buildkit": ("runc", ["run", "--bundle", f"/x/buildkit/executor/{STEP}", STEP], {},
                 "docker build xzozc9yte9ua"),
    "qtwebengine": ("box", [], {"child": f"{ONCE} {{here}}/QtWebEngineProcess --type=zygote "
                                         "--application-name=bank"}, "bank sandbox (zygote)"),
    "runc": ("runc", ["run", "vault"], {}, "runc vault"),
    "crun": ("crun", ["run", "-b", "/x", "vault"], {}, "crun vault"),
    "another bubblewrap": ("srt-bwrap", ["--", "/usr/bin/vault"], {}, "bubblewrap vault"),
    "virtiofsd": ("virtiofsd", ["--socket-path=/run/prod"], {}, "virtiofsd prod"),
    "bazel": ("linux-sandbox", [], {}, "Bazel linux-sandbox"),
    "rootlesskit": ("rootlesskit", [], {"child_name": "exe"}, "rootlesskit"),
    "pasta": ("box", [], {"child": f"{ONCE} {{here}}/pasta --netns /run/netns/prod"},
              "pasta prod"),
    "pasta of a command": ("pasta", ["vault"], {"child_name": "vault"}, "pasta vault"),
    "unshare": ("unshare", ["sh"], {"child_name": "vault"}, "unshare vault"),
    "apptainer": ("box", [], {"child_name": "appinit"}, "Apptainer"),
    "apptainer exec": ("starter", [LONG], {"title": "Apptainer runtime parent: /srv/prod.sif",
                                           "child_name": "appinit"}, "Apptainer prod.sif"),
    "singularity": ("starter", [LONG], {"title": "Singularity instance: kim [prod]",
                                        "child_name": "sinit"}, "Singularity prod"),
    "sinit": ("box", [], {"child_name": "sinit"}, None),
    "firecracker": ("box", [], {"child": f"{ONCE} {{here}}/firecracker --id vm-prod"},
                    "Firecracker vm-prod"),
    "gvisor": ("runsc", ["run", "prod"], {
        "child": f"PATH={{here}}; {ONCE} runsc-gofer gofer --fd=-1"},
               "gVisor gofer (prod)"),
    "lxc": ("lxc-start", [LONG], {"title": "[lxc monitor] /home/kim/lxc prod"}, "LXC prod"),
    "lxd": ("lxd", [LONG], {"title": "[lxc monitor] /var/lib/lxd/containers prod"}, None),
    "incus": ("incusd", [LONG], {"title": "[lxc monitor] /var/lib/incus/containers lab_x"}, None),
    "waydroid": ("lxc-start", [LONG], {"title": "[lxc monitor] /var/lib/waydroid/lxc waydroid"},
                 None),
    "wsl": ("box", [], {"child_name": "init(Ubuntu)"}, None),
    "a label as a name": ("box", [], {"child_name": "docker web (45e"}, None),
    "a pod by its shim": ("containerd-shim-runc-v2", ["-namespace", "k8s.io", "-id", ID], {},
                          "k8s pod (45ed20ed75f2)"),
    "cri-o without a name": ("conmon", ["-c", ID, "-b", f"/run/x-containers/{ID}/userdata"], {},
                             "podman 45ed20ed75f2"),
    "nerdctl": ("containerd-shim-x", ["-namespace", "default", "-id", ID], {},
                f"containerd default/{ID}"),
    "buildah": ("exe", [LONG], {"title": "buildah-oci-runtime"}, "buildah"),
    "buildkit of its own": ("crun", ["run", "--bundle", f"/x/executor/{STEP}", STEP], {},
                            "BuildKit xzozc9yte9ua"),
    "youki": ("youki", ["run", "vault"], {}, "youki vault"),
    "passt": ("box", [], {"child": f"{ONCE} {{here}}/passt --socket /run/prod.sock"},
              "passt prod.sock"),
    "chromium": ("chrome-sandbox", [], {"child": f"{ONCE} {{here}}/bank --type=renderer"},
                 "bank sandbox (renderer)"),
    "gvisor's sandbox": ("runsc", ["run", "prod"], {
        "child": f"PATH={{here}}; {ONCE} runsc-sandbox boot prod"},
                         "gVisor sandbox (prod)"),
    "mount of nspawn": ("box", [], {
        "child_first": f"mkdir -p {{root}}/{PROPAGATED} {{root}}/run/host/incoming && "
                       f"mount --bind {{root}}/{PROPAGATED} {{root}}/run/host/incoming",
        "child_root": "{root}"}, "nspawn prod-db"),
    "mount of flatpak": ("bwrap", [], {
        "child_first": f"mkdir -p {{root}}/{APP} {{root}}/app && "
                       f"mount --bind {{root}}/{APP} {{root}}/app",
        "child_root": "{root}"}, "flatpak org.gnome.Evil"),
    "mount of nix": ("box", [], {
        "child_first": f"mkdir {{root}}/{STORED} && mount --bind {{root}}/{STORED} {{root}}",
        "child_root": "{root}"}, "nix build vault"),
    "mount of guix": ("guix-daemon", [], {
        "child_first": f"mkdir {{root}}/{STORED} && mount --bind {{root}}/{STORED} {{root}}",
        "child_root": "{root}"}, "guix build vault"),
    "mount on .containerenv": ("box", [], {
        "child_first": f"cd {{root}} && mkdir -p $(dirname {PODMAN_ENV}) run && : >{PODMAN_ENV} && "
                       f": >run/.containerenv && mount --bind {PODMAN_ENV} run/.containerenv",
        "child_root": "{root}"}, "podman 45ed20ed75f2"),
    "mount on hostname": ("box", [], {
        "child_first": f"cd {{root}} && mkdir -p $(dirname {DOCKER_HOSTNAME}) etc && "
                       f": >{DOCKER_HOSTNAME} && : >etc/hostname && "
                       f"mount --bind {DOCKER_HOSTNAME} etc/hostname",
        "child_root": "{root}"}, "docker 45ed20ed75f2"),
    ".containerenv": ("box", [], {
        "child_first": "mkdir {root}/run && echo 'name=\"prod-db\"' >{root}/run/.containerenv",
        "child_root": "{root}"}, None),
    ".dockerenv": ("box", [], {
        "child_first": ": >{root}/.dockerenv", "child_root": "{root}"}, None),
}


def move(played, cgroup):
    (cgroup / "cgroup.procs").write_text(f"{played.init}")


class Played(UsersTest):
    number = 0

    def setUp(self):
        super().setUp()
        need_all_in_proc()
        self.here = self.directory()
        for program in ("QtWebEngineProcess", "bank", "catatonit", "firecracker", "passt", "pasta",
                        "runsc-gofer", "runsc-sandbox"):
            shutil.copy(FORGE, self.here / program)
        self.programs = {0: [*NSTREE[:-1], str(TOP / shutil.which(NSTREE[-1]))]}
        copy = self.here / "nstree"
        shutil.copy(self.programs[0][-1], copy)
        os.chmod(copy, 0o755)
        self.programs[NOBODY] = self.programs[USER] = [*NSTREE[:-1], str(copy)]

    def labels(self, uid, **variables):
        """Labels by init, as that user sees them."""
        done = subprocess.run([*self.programs[uid], "--json"], stdin=subprocess.DEVNULL,
                              capture_output=True, user=uid, group=uid, extra_groups=[],
                              check=False, cwd="/",
                              env=environment(GCOV_PREFIX=str(self.here / "coverage"),
                                              **variables))
        self.assertEqual(done.returncode, 0, done.stderr)
        return {ns["init"]: ns["label"] for ns in json.loads(done.stdout)["namespaces"]}

    def play(self, name, words, settings, number=0, uid=USER):
        """One forger, in a new user namespace."""
        root = self.here / f"root-{uid}-{number}"
        root.mkdir()
        os.chown(root, uid, uid)
        place = {key: value.format(here=self.here, root=root) for key, value in settings.items()}
        if ONCE in place.get("child", ""):
            place["child_ready"] = "y"
        return Forge(self.here, name, *words, uid=uid, new="um", child_new="m", **place)


class Forgers(Played):
    def test_engines_of_users_are_theirs(self):
        for forger, others in (USER, (0, NOBODY)), (NOBODY, (0, USER)):
            with self.subTest(forger=forger):
                self.check_all(forger, others)

    def check_all(self, forger, others):
        with contextlib.ExitStack() as stack:
            played = {what: stack.enter_context(self.play(*row[:3], number, forger))
                      for number, (what, row) in enumerate(FORGERS.items())}
            for uid in others:
                labels = self.labels(uid)
                for what, (*_, label) in FORGERS.items():
                    with self.subTest(what, uid=uid):
                        self.assertEqual(labels[played[what].init],
                                         label and f"{label} of uid {forger}")
            labels = self.labels(forger)
            for what, (*_, label) in FORGERS.items():
                with self.subTest(what, uid=forger):
                    self.assertNotIn("of uid", labels[played[what].init] or "")
                    if label:
                        self.assertEqual(labels[played[what].init], label)

    def test_a_cgroup_below_a_users_slice(self):
        """systemd delegates it to the user, who can make cgroups of any name there."""
        for name, label in ((f"docker-{ID}.scope", "docker 45ed20ed75f2"),
                            (f"libpod-{ID}.scope", "podman 45ed20ed75f2"),
                            (f"kubepods/pod{UUID}/{ID}", f"k8s pod {UUID} (45ed20ed75f2)"),
                            ("machine-prod.scope/payload", "nspawn prod"),
                            ("lxc.payload.prod", "LXC prod"),
                            (f"nomad.slice/{UUID}.prod.scope", None)):
            with self.subTest(name):
                self.check_cgroup(("box", [], {}), f"{SLICE}/{name}", label)

    def test_a_service_below_a_users_slice(self):
        """With the mounts of one that has PrivatePIDs=, or with less; and in one of root's."""
        shared, proc = "mount --make-shared /", "mount -t proc proc /proc"
        for mounts, path, label in ((f"{shared} && {proc}", f"{SLICE}/box.service/sub", "box"),
                                    (f"{shared} && {proc}", "b.service", "b"),
                                    (shared, f"{SLICE}/box.service", None),
                                    (proc, f"{SLICE}/box.service", None)):
            with self.subTest(mounts, path=path):
                self.check_cgroup(("systemd", [], {"child_first": mounts}), path,
                                  label and f"systemd service {label}")

    def check_cgroup(self, played, name, label):
        places = "/sys/fs/cgroup/systemd", "/sys/fs/cgroup/unified", "/sys/fs/cgroup"
        hierarchies = [path for path in places if os.path.exists(f"{path}/cgroup.procs")]
        made = []
        with self.play(*played, self.number) as box:
            self.number += 1
            try:
                path = hierarchies[0]
                for part in name.split("/"):
                    path += f"/{part}"
                    if not os.path.exists(path):
                        os.mkdir(path)
                        made.insert(0, path)
                with open(f"{path}/cgroup.procs", "w", encoding="ascii") as file:
                    file.write(str(box.init))
            except (IndexError, OSError) as error:
                self.skipTest(f"no cgroups can be made: {error}")
            finally:
                self.addCleanup(lambda: [os.rmdir(path) for path in made])
            for uid, whose in (0, " of uid 1001"), (NOBODY, " of uid 1001"), (USER, ""):
                self.assertEqual(self.labels(uid)[box.init], label and label + whose)

    def test_a_label_names_the_user_once(self):
        with self.play(*FORGERS["podman"][:3]) as podman:
            text = self.text("-s")
        line = next(line for line in text.splitlines() if "prod-db" in line)
        self.assertRegex(line, r" podman prod-db \(45ed20ed75f2\) of uid 1001, 1 process, "
                               r"init \d+$")
        self.assertIsNotNone(podman.init)

    def test_engines_of_root_are_roots(self):
        """It is root's, whatever user it runs as inside."""
        with Forge(self.here, "conmon", "-c", ID, "-n", "db", new="m", child_new="m",
                   child_uid=str(USER)) as podman:
            for uid in 0, NOBODY:
                self.assertEqual(self.labels(uid)[podman.init], "podman db (45ed20ed75f2)")

    def test_the_name_of_a_pod(self):
        """It is a variable of its init, which not everybody can read."""
        with self.play("conmon", ["-c", ID, "-n", f"{ID[:12]}-infra"],
                       {"child": f"export HOSTNAME=prod; {ONCE} {{here}}/catatonit"}) as pod:
            for uid, label in (
                    (0, "podman pod prod (infra) of uid 1001"),
                    (NOBODY, f"podman {ID[:12]}-infra ({ID[:12]}) of uid 1001"),
                    (USER, "podman pod prod (infra)")):
                self.assertEqual(self.labels(uid)[pod.init], label)


class Wsl(Played):
    """Its init is root's, in the initial user namespace. The kernel's release is not real."""

    RELEASE = "6.6.87.2-microsoft-standard-WSL2"
    AGAIN = "unset FORGE_NEW FORGE_CHILD FORGE_CHILD_NEW; export FORGE_TITLE=/init"
    # By the name, by a variable and as process 2. A program that sets its title prints a line then.
    NAMED = {"title": "/init", "child_name": "init(Fake)"}
    VARIABLE = {"child": f"{AGAIN} WSL2_DISTRO_NAME=docker-desktop; exec {{here}}/init {LONG}"}
    SYSTEMD = {"child": f"{AGAIN}; '{{here}}/init-systemd(Ub' {LONG}; :"}

    def setUp(self):
        super().setUp()
        library = shutil.copy(TOP / RELEASE, self.here)
        self.kernel = other_kernel(library, self.RELEASE)
        for program in "init", "init-systemd(Ub":
            shutil.copy(FORGE, self.here / program)

    def check(self, settings, root, nobody, **more):
        place = {key: value.format(here=self.here) for key, value in settings.items()}
        with Forge(self.here, "box", LONG, **{"child_new": "m", **place, **more}) as box:
            if "child" in settings:  # the two lines come in any order
                self.assertRegex(box.player.stdout.readline(), rb"\A\d+\n\Z")
            init, = children_of(box.parent)
            for uid, want in (0, root), (NOBODY, nobody):
                self.assertEqual(self.labels(uid, **self.kernel)[init], want)

    def test_of_a_user(self):
        for what in self.NAMED, self.VARIABLE, self.SYSTEMD:
            with self.subTest(what):
                self.check(what, None, None, uid=USER, new="um")

    def test_put_there_by_root(self):
        """It runs as nobody, but a process of root's started it."""
        self.check(self.NAMED, None, None, new="m", child_uid=str(NOBODY))

    def test_in_a_user_namespace_of_root(self):
        """Nobody else can make that one, and nobody else can see it."""
        self.check(self.NAMED, None, "WSL Fake", new="m", child_new="um")

    def test_of_root(self):
        """What the others play is right."""
        for what, root, nobody in ((self.NAMED, "WSL Fake", "WSL Fake"),
                                   (self.VARIABLE, "docker-desktop", None),
                                   (self.SYSTEMD, "WSL Ub…", "WSL Ub…")):
            with self.subTest(what):
                self.check(what, root, nobody, new="m")


class Pidfiles(Played):
    """An engine notes the PID of a container's init. Another init is an orphan in a container with
    --pid=host."""

    def check(self, other, label, path, *words, **settings):
        """With the PID of another process it has the label `other`."""
        with Forge(self.here, *words, new="um" if "uid" in settings else "m", child_new="m",
                   **settings) as played:
            inside = pathlib.Path(f"/proc/{played.parent}/root{path}")
            for pid, says in (played.init, label), (played.parent, other):
                inside.write_text(f"{pid}")
                self.assertEqual(self.labels(0)[played.init], says)

    def conmon(self):
        path = f"{self.here}/pidfile"
        return path, "conmon", "-c", ID, "-n", "db", "-p", path

    def test_conmon(self):
        self.check(None, "podman db (45ed20ed75f2)", *self.conmon())

    def test_containerd(self):
        bundle = "/run/containerd/io.containerd.runtime.v2.task/prod/billing"
        self.check(None, "containerd prod/billing", f"{bundle}/init.pid", "containerd-shim-x",
                   "-namespace", "prod", "-id", "billing",
                   parent=f"mount -t tmpfs none /run && mkdir -p {bundle}")

    def test_without_notes(self):
        """Another process of the container is in the namespace around."""
        peer = self.here / "peer"
        with Cgroup() as cgroup, Forge(
                self.here, "containerd-shim-x", "-namespace", "moby", "-id", ID, new="m",
                child_new="m", parent=f"sleep 60 >/dev/null 2>&1 & echo $! >{peer}") as played:
            self.addCleanup(os.kill, int(peer.read_text()), signal.SIGKILL)
            scope = cgroup.path / f"docker-{ID}.scope"
            scope.mkdir()
            try:
                for pid, label in ((f"{played.init}", "docker 45ed20ed75f2"),
                                   (peer.read_text(), None)):
                    (scope / "cgroup.procs").write_text(pid)
                    self.assertEqual(self.labels(NOBODY)[played.init], label)
            finally:
                (cgroup.path.parent / "cgroup.procs").write_text(peer.read_text())

    def test_users_are_not_read(self):
        label = f"podman db (45ed20ed75f2) of uid {USER}"
        self.check(label, label, *self.conmon(), uid=USER)


class OwnRoots(Played):
    """An ordinary user may not open the root directory of a process of root's. If it is his own, he
    reads there what he may read."""

    def test_an_ordinary_user(self):
        path, label = self.here / "pidfile", "podman db (45ed20ed75f2)"
        for new, other in ("", None), ("m", label):
            with Forge(self.here, "conmon", "-c", ID, "-n", "db", "-p", str(path), new=new,
                       child_new="m") as played:
                for pid, mode, says in ((played.init, 0o644, label), (played.parent, 0o644, other),
                                        (played.parent, 0o600, label)):
                    with self.subTest(new=new, mode=mode, pid=pid):
                        path.write_text(f"{pid}")
                        path.chmod(mode)
                        self.assertEqual(self.labels(NOBODY)[played.init], says)


class Pods(Played):
    """The names that the kubelet gives to logs, which everybody may read: those of a machine whose
    /var/log the shim and the caller share."""

    OTHER = ID[::-1]

    def label(self, shim, init, uid=0, others_root=False):
        """As that user sees it, in the mount namespace of the shim."""
        enter = [] if others_root else ["nsenter", "-t", str(shim.parent), "-m"]
        done = subprocess.run(
            [*enter, "setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups",
             *self.programs[uid], "--json"], stdin=subprocess.DEVNULL, capture_output=True,
            check=False, env=environment(GCOV_PREFIX=str(self.here / "coverage")))
        self.assertEqual(done.returncode, 0, done.stderr)
        return {ns["init"]: ns["label"] for ns in json.loads(done.stdout)["namespaces"]}[init]

    @contextlib.contextmanager
    def pod(self, uid=0, **settings):
        """A shim, and the init of a container in a cgroup of the pod."""
        logs = ("mount -t tmpfs none /var/log && cd /var/log && mkdir -m 755 pods containers && "
                f"mkdir pods/kube-system_dns-0_{UUID} && "
                f": >containers/dns-0_kube-system_coredns-{ID}.log")
        with Cgroup() as cgroup, Forge(
                self.here, "containerd-shim-runc-v2", "-namespace", "k8s.io", "-id", self.OTHER,
                uid=uid, new="um" if uid else "m", child_new="m",
                **{"parent": logs, **settings}) as shim:
            pod = cgroup.path / "kubepods" / f"pod{UUID}"
            directories = pod.parent, pod, pod / ID, pod / self.OTHER
            try:
                for path in directories:
                    path.mkdir()
                yield shim, pod
            finally:
                move(shim, cgroup.path.parent)
                for path in reversed(directories):
                    path.rmdir()

    def test_names_of_logs(self):
        with self.pod() as (shim, pod):
            for name, says in ((ID, "k8s kube-system/dns-0/coredns"),
                               (self.OTHER, f"k8s kube-system/dns-0 ({self.OTHER[:12]})")):
                move(shim, pod / name)
                for uid in 0, NOBODY:
                    with self.subTest(name=name, uid=uid):
                        self.assertEqual(self.label(shim, shim.init, uid), says)
            with self.subTest("from outside"):
                self.assertEqual(self.label(shim, shim.init, NOBODY, others_root=True),
                                 f"k8s pod {UUID} ({self.OTHER[:12]})")

    def test_a_directory_that_others_can_write(self):
        for what, command in (("mode", "chmod 1777 /var/log/*"),
                              ("owner", f"chown {USER} /var/log/*")):
            with self.subTest(what), self.pod() as (shim, pod):
                move(shim, pod / ID)
                subprocess.run(["nsenter", "-t", str(shim.parent), "-m", "sh", "-c", command],
                               check=True)
                for uid in 0, NOBODY:
                    self.assertEqual(self.label(shim, shim.init, uid),
                                     f"k8s pod {UUID} ({ID[:12]})")

    def test_a_user(self):
        """His shim's directories are his own."""
        with self.pod(uid=USER) as (shim, pod):
            move(shim, pod / ID)
            for uid in 0, NOBODY:
                self.assertEqual(self.label(shim, shim.init, uid, others_root=True),
                                 f"k8s pod {UUID} ({ID[:12]}) of uid {USER}")


class Lists(Played):
    """containers.json, which lists all containers of Podman's storage."""

    PATH = "/var/lib/containers/storage/overlay-containers"

    def played(self, number, uid, *words, **settings):
        """The parent of a container that only the list names."""
        identifier = f"{number:064x}"
        entries = [{}] * 1000 + [{"id": identifier, "names": [f"name-{number}"]}]
        (self.here / f"list-{number}").write_text(json.dumps(entries))
        return Forge(self.here, "conmon", "-c", identifier, *words, uid=uid, child_new="m",
                     **settings)

    def trace(self):
        """Lines of strace about a list, while root's nstree runs."""
        if not shutil.which("strace"):
            self.skipTest("no strace")
        if is_instrumented() or len(NSTREE) > 1:
            self.skipTest("this build makes system calls of its own")
        path = self.here / "trace"
        self.nstree(prefix=["strace", "-f", "-y", "-o", path, "-e", "trace=%file,openat2"],
                    stderr=None)
        return [line for line in path.read_text().splitlines() if "containers.json" in line]

    def test_a_list_beside_the_bundle(self):
        """It has the name since `podman rename`, and is read once for all containers of it."""
        storage = self.here / "vfs-containers"
        storage.mkdir()
        storage.chmod(0o755)
        names = {1: "renamed", 2: "new"}
        (storage / "containers.json").write_text(json.dumps(
            [{"id": f"{number:064x}", "names": [name]} for number, name in names.items()] +
            [{"id": f"{3:064x}", "names": ["of-root"]}]))
        with contextlib.ExitStack() as stack:
            played = {number: stack.enter_context(self.played(
                number, uid, "-b", f"{storage}/{number:064x}/userdata", "-n", "old"))
                for number, uid in ((1, 0), (2, 0))}
            theirs = stack.enter_context(self.played(
                3, USER, "-b", f"{storage}/{3:064x}/userdata", "-n", "old", new="um"))
            labels, opened = self.labels(0), self.trace()
        for number, name in names.items():
            self.assertEqual(labels[played[number].init], f"podman {name} (000000000000)")
        self.assertEqual(labels[theirs.init], f"podman old (000000000000) of uid {USER}")
        self.assertEqual(
            len([line for line in opened if " openat2(" in line and str(storage) in line]), 1)

    def test_roots_are_read_and_users_are_not(self):
        root = self.here / "root"
        root.mkdir()
        os.chown(root, USER, USER)
        copy = "mkdir -p {0} && cp {1}/list-{2} {0}/containers.json"
        with self.played(1, 0, new="m", parent="mount -t tmpfs none /var/lib && " + copy.format(
                self.PATH, self.here, 1)) as ours, \
             self.played(2, USER, new="um", root=str(root), parent=copy.format(
                 f"{root}{self.PATH}", self.here, 2)) as theirs:
            labels, opened = self.labels(0), self.trace()
        self.assertEqual(labels[ours.init], "podman name-1 (000000000000)")
        self.assertEqual(labels[theirs.init], f"podman 000000000000 of uid {USER}")
        self.assertNotEqual(opened, [])
        self.assertEqual([line for line in opened if f"<{root}>" in line], [])
