# SPDX-License-Identifier: MIT
"""Privileges that a program with file capabilities, or set-user-ID, lends to an ordinary user.
While they are in effect, it opens and looks at only the files that src/lib/kernel/borrowed.h lists.
It shows no file of root's to a user that could not read it."""
import contextlib
import json
import os
import re
import shutil
import struct
import subprocess

from common import (NSTREE, Forge, UsersTest, environment, is_instrumented, need_all_in_proc,
                    own_inode)

NOBODY = 65534
USER = 1001
ID = "45ed20ed75f2" + "0123456789abcdef" * 3 + "0123"
OTHER = "9f" * 32
SECRET = "only-root-may-read-this"
WAYS = ("file capabilities", "set-user-ID")

# struct vfs_cap_data of <linux/capability.h>: CAP_DAC_READ_SEARCH and CAP_SYS_PTRACE.
CAPABILITIES = struct.pack("<5I", 0x02000001, 1 << 2 | 1 << 19, 0, 0, 0)

# A line of strace -f -y: PID, call, the rest. The descriptor's path completes relative paths.
CALL = re.compile(r"(\d+) +(\w+)\((.*)")
RELATIVE = re.compile(r"[\w ]*<([^>]*)>, \"((?:[^\"\\]|\\.)*)\"")
ABSOLUTE = re.compile(r"(?:AT_FDCWD<[^>]*>, )?\"((?:[^\"\\]|\\.)*)\"")
EFFECTIVE = re.compile(r"\{effective=([^,]*), permitted=")

# In the procfs, of any process; and files that are open already.
ALWAYS = re.compile(r"/proc(/|/\.|/self|/loadavg|/self/ns/\w+|/self/fd/\d+)?$|"
                    r"/proc/\d+(/|/status|/ns/\w+|/task|/task/\d+/ns/\w+)?$")
WITH_ALL = re.compile(r"/proc/(\d+|self)(/task/\d+)?/fd(/\d+)?$")
# Of processes of root.
OF_ROOT = re.compile(r"/proc/(\d+)/(exe|cwd|root)$")
NOTES = ("/var/lib/docker/containers/", "/run/containerd/", "/run/firejail/name/",
         "/var/lib/containers/storage/", "/run/.containerenv", "/.dockerenv", "/run/runc/",
         "/run/crun/", "/var/log/pods", "/var/log/containers")


class Borrowed(UsersTest):
    def setUp(self):
        super().setUp()
        need_all_in_proc()
        if is_instrumented() or len(NSTREE) > 1:
            self.skipTest("only a plain program takes privileges from its file")
        self.here = self.directory()
        if os.statvfs(self.here).f_flag & os.ST_NOSUID:
            self.skipTest(f"{self.here} is mounted nosuid")

    def program(self, way):
        """A copy of nstree that gets privileges in one of the ways."""
        path = self.here / way.replace(" ", "-")
        if not path.exists():
            shutil.copy(shutil.which(NSTREE[-1]), path)
        if way == "set-user-ID":
            os.chmod(path, 0o4755)
        else:
            os.chmod(path, 0o755)
            try:
                os.setxattr(path, "security.capability", CAPABILITIES)
            except OSError as error:
                self.skipTest(f"{self.here} keeps no file capabilities: {error.strerror}")
        return str(path)

    def run_as(self, uid, *command):
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, user=uid,
                              group=uid, extra_groups=[], check=False, cwd="/", env=environment())
        self.assertIn(done.returncode, (0, 1, 2), done.stderr)
        return done.stdout.decode(errors="replace") + done.stderr.decode(errors="replace")

    def docker_of_root(self, identifier=ID, name="web", uid=0, **settings):
        """A container like one of Docker's, with its notes at the usual place."""
        notes = f"/var/lib/docker/containers/{identifier}"
        return Forge(self.here, "containerd-shim-runc-v2", "-namespace", "moby", "-id", identifier,
                     uid=uid, new="m", child_new="m", **{"parent": (
                         f"mount -t tmpfs none /var/lib && mkdir -p {notes} && "
                         f"echo '{{\"Name\":\"/{name}\"}}' >{notes}/config.v2.json"), **settings})

    def attack(self, name, *words, path, secret, **settings):
        """A user's own root directory, with a file of root's in place of an engine's notes. A bind
        mount needs permission to search its path, not to read the file."""
        root = self.here / f"root-of-{name}"
        root.mkdir()
        os.chown(root, USER, USER)
        return Forge(self.here, name, *words, uid=USER, new="um", child_new="m", root=str(root),
                     parent=f"mount -t tmpfs none {root} && mkdir -p {root}$(dirname {path}) && "
                            f": >{root}{path} && mount --bind {secret} {root}{path}", **settings)

    def secrets(self):
        """Files that only root may read, each in the format of an engine."""
        contents = {"line": f"{SECRET}\n", "env": f'engine="podman-4"\nname="{SECRET}"\nid=""\n',
                    "json": json.dumps({"Name": SECRET, "id": OTHER})}
        for name, content in contents.items():
            path = self.here / name
            path.write_text(content)
            os.chmod(path, 0o600)
        return {name: self.here / name for name in contents}

    @contextlib.contextmanager
    def attacks(self):
        secrets = self.secrets()
        with contextlib.ExitStack() as stack:
            stack.enter_context(self.attack(
                "firejail", path="/run/firejail/name/$PPID", secret=secrets["line"]))
            stack.enter_context(self.attack(
                "box", path="/run/.containerenv", secret=secrets["env"]))
            stack.enter_context(self.attack(
                "containerd-shim-x", "-namespace", "moby", "-id", OTHER,
                path=f"/var/lib/docker/containers/{OTHER}/config.v2.json", secret=secrets["json"]))
            yield

    def test_no_secret(self):
        """It is not shown to a user that borrows privileges, and not believed for root."""
        programs = {way: self.program(way) for way in WAYS}
        with self.attacks():
            for args in ["-s", "-v"], ["-s", "-A"], ["-a"], ["-J"]:
                for way, program in programs.items():
                    with self.subTest(way=way, args=args):
                        text = self.run_as(USER, program, *args)
                        self.assertIn(str(own_inode()), text)
                        self.assertNotIn(SECRET, text)
                with self.subTest(way="root", args=args):
                    self.assertNotIn(SECRET, self.text(*args, stderr=None))

    def test_roots_notes_are_shown(self):
        """The privileges are for this."""
        programs = {way: self.program(way) for way in WAYS}
        with self.docker_of_root() as docker:
            for way, program in programs.items():
                with self.subTest(way=way):
                    text = self.run_as(NOBODY, program, "-s")
                    self.assertIn(f"pid:[{docker.inode()}] docker web (45ed20ed75f2)", text)

    def test_a_named_path_reveals_nothing(self):
        """The output does not depend on files that the user may not look up, not even in /proc."""
        hidden = self.here / "hidden"
        hidden.mkdir(mode=0o700)
        (hidden / "there").write_text("")
        with self.docker_of_root() as docker:
            for way in WAYS:
                program = self.program(way)
                for path, name in ((f"/proc/{docker.parent}/root/var/lib", "docker"),
                                   (f"/proc/{docker.parent}/ns/../root/var/lib", "docker"),
                                   (f"/proc/{docker.parent}/root{hidden}", "there"),
                                   (str(hidden), "there")):
                    with self.subTest(way=way, path=path):
                        said = [self.run_as(NOBODY, program, "-n", f"{path}/{word}")
                                for word in (name, "nowhere")]
                        self.assertEqual(said[0].replace(name, "nowhere"), said[1])
                with self.subTest(way=way, path="ns/pid"):
                    for link in "ns/pid", f"task/{docker.init}/ns/pid":
                        path = f"/proc/{docker.init}/{link}"
                        text = self.run_as(NOBODY, program, "-s", "-n", path)
                        self.assertIn(f"pid:[{docker.inode()}]", text)

    def is_roots(self, pid):
        with open(f"/proc/{pid}/status", encoding="utf-8", errors="replace") as file:
            uid = re.search(r"^Uid:\t(\d+)", file.read(), re.M)[1]
        return uid == "0" and \
            os.stat(f"/proc/{pid}/ns/user").st_ino == os.stat("/proc/self/ns/user").st_ino

    def is_allowed(self, path, beneath, everything):
        """Whether a path may be looked at with privileges in effect. `beneath` is the path of its
        directory's descriptor, if that is a process's root directory."""
        found = OF_ROOT.match(path)
        if found:
            return self.is_roots(found[1])
        if beneath == "/" and path.startswith(NOTES):
            return True
        return bool(ALWAYS.match(path) or (everything and WITH_ALL.match(path)))

    def judge(self, trace, everything):
        """The calls that must not be made with capabilities in effect, and how many calls were made
        with and without them. Before the first capset() the linker runs."""
        wrong, counts, effective, begun = [], {True: 0, False: 0}, {}, False
        for line in trace.splitlines():
            call = CALL.match(line)
            if not call:
                continue
            who, name, rest = call.groups()
            if name == "capset":
                begun, effective[who] = True, EFFECTIVE.search(rest)[1] != "0"
                continue
            if name in ("clone", "clone3"):
                child = re.search(r"= (\d+)", rest)
                if child:
                    effective[child[1]] = effective.get(who, False)
                continue
            relative, absolute = RELATIVE.match(rest), ABSOLUTE.match(rest)
            path = absolute[1] if absolute else relative[2] if relative else None
            if not begun or not path and name != "fstat":
                continue
            base = relative[1] if relative and not absolute else ""
            whole = path if path.startswith("/") else f"{base.rstrip('/')}/{path}"
            whole = re.sub(r"^/proc/\d+/\.\./self/", "/proc/self/", whole)
            counts[effective.get(who, False)] += 1
            if effective.get(who, False) and not self.is_allowed(whole, base, everything):
                wrong.append(line)
        return wrong, counts

    def test_every_file(self):
        if not shutil.which("strace"):
            self.skipTest("no strace")
        trace = self.here / "trace"
        shim = "containerd-shim-x", "-namespace", "k8s.io", "-id", OTHER
        with self.docker_of_root() as docker, self.attacks(), \
             Forge(self.here, *shim, new="m", child_new="m"):
            forms = ([], ["-s", "-v"], ["-a"], ["-s", "-A"], ["-p", str(docker.init)],
                     ["-n", f"/proc/{docker.init}/ns/pid"], ["-n", str(self.here / "nothing")],
                     ["--source", "procfs", "-s", "-A", "-v"], ["-J"])
            for way in WAYS:
                program = self.program(way)
                for args in forms:
                    with self.subTest(way=way, args=args):
                        # As root: tracing by another user would remove its privileges.
                        subprocess.run(
                            ["strace", "-f", "-y", "-u", "nobody", "-qq", "-s", "512", "-o", trace,
                             "-e", "trace=%file,capset,clone,clone3", program, *args],
                            stdin=subprocess.DEVNULL, capture_output=True, check=False, cwd="/",
                            env=environment())
                        wrong, counts = self.judge(trace.read_text(errors="replace"),
                                                   "-A" in args)
                        self.fail_all(wrong)
                        if "nothing" not in " ".join(args):
                            self.assertGreater(counts[True], 20)
                        if "nothing" not in " ".join(args) and "-p" not in args:
                            self.assertIn('"/var/log/containers"', trace.read_text())
                        self.assertGreater(counts[False], 0)
