# SPDX-License-Identifier: MIT
"""Compares the BPF scanner with the procfs scanner: every field that does not change.

Processes of nest do not change. Of others, the state changes with every look, and so does the work
in the names of a workqueue's workers. Their namespaces gain and lose members.
"""
import json
import os
import re
import shlex
import signal
import subprocess

from common import (NEST, NSTREE, TOP, LiveTest, Model, Nest, children_of, environment,
                    need_user_namespaces, own_inode)


def refusal(*prefix, options=()):
    """The complaint of `nstree --source bpf`, or None."""
    done = subprocess.run([*prefix, *NSTREE, "--source", "bpf", "--json", *options],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, env=environment(), check=False)
    return None if done.returncode == 0 else done.stderr.decode()


def no_capability(*names):
    """A prefix that runs a command as root without these capabilities."""
    return ["setpriv", "--bounding-set", ",".join(f"-{name}" for name in names),
            "--inh-caps", "-all"]


class BpfTest(LiveTest):
    def setUp(self):
        super().setUp()
        if "(no bpf)" in self.text("--version"):
            self.skipTest("this nstree was built without BPF")
        reason = refusal()
        if reason and "refused" in reason:  # by the verifier, not because of the machine
            self.fail(reason)
        if reason:
            self.skipTest(f"BPF does not work here: {reason.strip()}")
        self.first = self.look("procfs")

    def look(self, source, *prefix):
        out = self.nstree("--json", "--source", source, prefix=prefix, stderr=None)
        model = Model(json.loads(out))
        self.assertEqual(model.parsed["source"], source)
        return model

    @staticmethod
    def lasting(thing, ours):
        """The fields of a process or a namespace that do not change."""
        thing = dict(thing)
        if not ours:
            thing.pop("state", None)
            thing.pop("members", None)
            thing.pop("zombies", None)
        if thing.get("kthread") and thing["name"].startswith("kworker/"):
            thing["name"] = re.split("[+-]", thing["name"].replace("/R-", "/R_"))[0]
        return thing

    def differences_of(self, key, looks, ours):
        """Looks are by procfs, by BPF, by procfs; None: it was missing. If something changed in
        between (or is another one with the same PID or inode), that is no difference."""
        before, bpf, after = (self.lasting(look, ours) if look else None for look in looks)
        if before != after or bpf == before:
            return
        if bpf is None or before is None:
            yield f"{key}: procfs has {before}, BPF has {bpf}"
            return
        for field in sorted({*before, *bpf}):
            was, has = before.get(field), bpf.get(field)
            if was != has:
                yield f"{key} ({before.get('name')}): {field}: procfs has {was!r}, BPF has {has!r}"

    def differences(self, nest, looks):
        """Compares everything of nest, and all else that existed before and did not change."""
        for kind, made in (("processes", [pid for pid, what in nest.processes
                                          if "worker" not in what]),
                           ("namespaces", [inode for inode, _, _ in nest.namespaces])):
            first, *three = (getattr(look, kind) for look in (self.first, *looks))
            for key in set(made).union(first):
                ours = key in made
                some = [look.get(key) for look in three]
                if ours or some[0] and \
                        self.lasting(some[0], ours) == self.lasting(first[key], ours):
                    yield from self.differences_of(f"{kind} {key}", some, ours)

    def compare(self, nest):
        """Compares everything, and checks that it includes everything of nest."""
        for _ in range(20):  # processes of nest may not sleep yet
            looks = [self.look(source) for source in ("procfs", "bpf", "procfs")]
            if self.is_still(nest, looks[0], looks[2]):
                break
        else:
            self.fail("processes of nest keep changing")
        self.fail_all(list(self.differences(nest, looks)))
        self.check_nest(nest, looks[1])
        return looks[1]

    @staticmethod
    def is_still(nest, before, after):
        return all(before.processes.get(pid) == after.processes.get(pid)
                   for pid, what in nest.processes if "worker" not in what)

    def check_nest(self, nest, model):
        """Checks that everything of nest was compared."""
        for pid, what in nest.processes:
            self.assertIn(pid, model.processes, what)
        for inode, what, _ in nest.namespaces:
            self.assertIn(inode, model.namespaces, what)


class Equality(BpfTest):
    def check(self, *commands):
        with Nest(*commands) as nest:
            self.compare(nest)

    def test_chain_of_5(self):
        self.check("chain", 5)

    def test_chain_of_32_the_deepest(self):
        self.check("chain", 32)

    def test_100_siblings(self):
        self.check("siblings", 100, 3)

    def test_more_inits_than_one_read_gives(self):
        """One read does not fit all; here each one ends at an init."""
        self.check("siblings", 900, 1)

    def test_entered_from_outside_and_two_levels_up(self):
        self.check("joined", "twoup")

    def test_zombies(self):
        self.check("zombies")

    def test_hostile_names(self):
        self.check("names")

    def test_the_long_lived_under_a_storm(self):
        with Nest("storm", 4) as nest:
            lasting = {inode for inode, _, _ in nest.namespaces}
            for _ in range(10):
                # Parents of processes that end meanwhile may be inferred, and are marked.
                inferred = {ns["ns"] for ns in self.compare(nest).parsed["namespaces"]
                            if not ns["exact"]}
                self.assertEqual(inferred & lasting, set())

    def test_names_of_kernel_threads(self):
        """They can be longer than a comm. Those of workers show their last work."""
        procfs, bpf = self.look("procfs"), self.look("bpf")
        names = {pid: process["name"] for pid, process in procfs.processes.items()
                 if process.get("kthread") and pid in bpf.processes}
        if not names:
            self.skipTest("no kernel threads are visible here")
        same = {pid for pid, name in names.items() if bpf.processes[pid]["name"] == name}
        self.assertEqual([names[pid] for pid in names.keys() - same
                          if not names[pid].startswith("kworker/")], [])
        for what, is_some in (("long", r".{16}"), ("worker", r"kworker/u?[0-9].*-")):
            some = {pid for pid, name in names.items() if re.match(is_some, name)}
            self.assertGreaterEqual(2 * len(same & some), len(some), what)


class States(BpfTest):
    """Process states and owners that nest does not make."""

    def child(self, *command, **popen):
        process = subprocess.Popen(command, stdin=subprocess.PIPE, **popen)
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        process.kill()
        for pipe in process.stdin, process.stdout, process.stderr:
            if pipe:
                pipe.close()
        process.wait()

    def test_stopped(self):
        process = self.child("cat", stdout=subprocess.DEVNULL)
        os.kill(process.pid, 19)  # SIGSTOP
        os.waitpid(process.pid, os.WUNTRACED)
        self.assertEqual(self.look("bpf").processes[process.pid]["state"], "T")

    def test_uid_and_owner_of_a_user_namespace(self):
        process = self.child("setpriv", "--reuid=4711", "--clear-groups", "--inh-caps=-all",
                             "unshare", "--user", "--pid", "--fork", "--kill-child",
                             "sh", "-c", "echo; exec cat", stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE)
        if not process.stdout.readline():
            self.skipTest("no user namespace for a user: " + process.stderr.read().decode().strip())
        init, = children_of(process.pid)
        looks = [self.look(source) for source in ("procfs", "bpf", "procfs")]
        self.fail_all(list(self.differences_of(init, [look.processes[init] for look in looks],
                                               ours=True)))
        bpf = looks[1]
        self.assertEqual(bpf.processes[init]["uid"], 4711)
        ns = bpf.namespaces[bpf.inode_of(init)]
        self.assertEqual(ns["owner_uid"], 4711)
        self.assertEqual(ns["user_ns"], os.stat(f"/proc/{init}/ns/user").st_ino)


class Inside(BpfTest):
    """In a nested namespace, the tree begins there."""

    def look_inside(self):
        """The output of both in a new namespace that contains processes of nest. It ends with its
        standard input."""
        program = f"{shlex.join(NSTREE)} --json --source"
        script = (f"{NEST} chain 3 joined twoup zombies | while read -r line; do case $line in "
                  f"ready) {program} procfs; {program} bpf; echo end;; esac; done")
        inside = subprocess.Popen(["unshare", "--pid", "--fork", "--mount-proc", "--kill-child",
                                   "sh", "-c", script], cwd=TOP, env=environment(),
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        with inside:
            out = b""
            while not out.endswith(b"end\n"):
                line = inside.stdout.readline()
                self.assertTrue(line, "the output is not complete")
                out += line
            inside.stdin.close()
        out = out.decode()
        procfs, end = json.JSONDecoder().raw_decode(out)
        return procfs, json.loads(out[end:].removesuffix("end\n"))

    def test_same_root_and_nothing_outside(self):
        procfs, bpf = self.look_inside()
        self.assertEqual(bpf["source"], "bpf")
        for parsed in procfs, bpf:
            parsed["processes"] = [process for process in parsed["processes"]
                                   if process["name"] not in ("nstree", "sh")]
            for process in parsed["processes"]:  # they may not sleep yet
                process["state"] = process["state"].replace("R", "S")
        self.assertEqual(bpf["namespaces"], procfs["namespaces"])
        self.assertEqual(bpf["processes"], procfs["processes"])
        self.assertEqual(bpf["namespaces"][0]["level"], 0)
        self.assertNotEqual(bpf["namespaces"][0]["ns"], own_inode())
        # Nothing of nest is left out: 3 of the chain, 2 of joined, 2 of twoup, 2.
        self.assertEqual(len(bpf["namespaces"]), 1 + 3 + 2 + 2 + 2)
        self.assertFalse([process for process in bpf["processes"] if process.get("kthread")])


class Refusals(BpfTest):
    """--source bpf prints the reason; --source auto silently uses procfs."""

    def refused(self, reason, *options, prefix=()):
        self.nstree("--source", "bpf", *options, prefix=prefix, status=2)
        self.assertIn(reason, self.complaint.decode())
        auto = Model(json.loads(self.nstree("--json", *options, prefix=prefix, stderr=None)))
        self.assertEqual(auto.parsed["source"], "procfs")

    def test_another_procfs(self):
        self.refused("another procfs", "--proc", "/proc")

    def test_command_lines(self):
        self.refused("command lines", "--args")

    def test_procfs_of_another_namespace(self):
        self.refused("another PID namespace",
                     prefix=["unshare", "--pid", "--fork", "--kill-child"])

    def test_without_the_capabilities(self):
        self.refused("CAP_BPF", prefix=no_capability("bpf", "perfmon", "sys_admin"))

    def test_in_a_nested_user_namespace(self):
        need_user_namespaces()
        self.refused("user namespace", prefix=["unshare", "--user", "--map-root-user"])

    def test_two_capabilities_are_enough(self):
        others = ["-all", "+bpf", "+perfmon", "+sys_ptrace", "+dac_read_search"]
        prefix = ["setpriv", "--bounding-set", ",".join(others), "--inh-caps", "-all"]
        self.look("bpf", *prefix)


class Signals(BpfTest):
    """The kernel stops loading a program when a signal arrives."""

    RUNS = 150

    @staticmethod
    def pester(process):
        """Stops and continues it many times."""
        fd = os.pidfd_open(process.pid)
        try:
            for _ in range(50):
                signal.pidfd_send_signal(fd, signal.SIGSTOP)
                signal.pidfd_send_signal(fd, signal.SIGCONT)
        except ProcessLookupError:
            pass
        finally:
            os.close(fd)

    def test_stopped_and_continued(self):
        if not hasattr(os, "pidfd_open"):
            self.skipTest("Python lacks os.pidfd_open")
        said = []
        for _ in range(self.RUNS):
            with subprocess.Popen([*NSTREE, "--source", "bpf", "--summary"], env=environment(),
                                  stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.PIPE) as running:
                self.pester(running)
                text = running.stderr.read()
            if running.returncode != 0:
                said.append(f"{running.returncode}: {text!r}")
        self.fail_all(said)
