# SPDX-License-Identifier: MIT
"""Random forests of PID namespaces: compares the output of nstree from every seat with the kernel's
own answers.

Everything that is marked exact or inferred has to be right. If more than one place is possible,
nstree marks it as ambiguous, and then it may be wrong. Only processes that were the same before and
after each run are compared, so a change in between is no error of nstree.
"""
import collections
import contextlib
import itertools
import json
import os
import random
import subprocess
import time
import unittest

from common import (KERNEL_FACTS, NSTREE, Cgroup, Forest, Model, UsersTest, bpf_works,
                    environment, is_instrumented)

NOBODY = 65534
AS_NOBODY = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
INSIDE = ["unshare", "-m", "sh", "-c", "mount -t proc proc /proc && exec \"$@\"", "sh"]
ENOUGH = 3  # forests, even if the time is over
ROUNDS = 4  # runs from each seat in a forest with the storm; others do not change
PID_MAX = 450
PATIENT = ["nice", "-n", "8"]  # processes are to change while it reads them; looks are quick

Seat = collections.namedtuple("Seat", "name inside command options")
SEATS = [
    Seat("root, procfs", False, [], ["--source", "procfs"]),
    Seat("root, bpf", False, [], ["--source", "bpf"]),
    Seat("nobody", False, AS_NOBODY, []),
    Seat("root without ptrace", False, ["setpriv", "--bounding-set=-sys_ptrace"], []),
    Seat("root, foreign /proc", False, ["unshare", "-pf", "--kill-child"], []),
    Seat("root, inside", True, [], []),
    Seat("nobody, inside", True, AS_NOBODY, []),
]

Same = collections.namedtuple("Same", "inode chain parents")  # parents: [(PID, inode or 0)]


def is_short():
    return "NSTREE_QUICK" in os.environ or is_instrumented()


def seconds():
    return float(os.environ.get("NSTREE_FORESTS_SECONDS", 20 if is_short() else 60))


class Truth:
    """The facts of processes that stayed the same: {PID: Same}, {inode: parent or None}."""

    def __init__(self, lines):
        self.processes, self.parents = {}, {}
        for kind, *words in map(str.split, lines):
            if kind == "same":
                pid, inode, chain, *parents = words
                inode, parents = None if inode == "-" else int(inode), list(map(int, parents))
                self.processes[int(pid)] = Same(inode, [int(n) for n in chain.split(",")],
                                                list(zip(parents[::2], parents[1::2])))
            else:
                self.parents[int(words[0])] = None if words[1] == "-" else int(words[1])
        self.root = next((same.inode for same in self.processes.values()
                          if len(same.chain) == 1 and same.inode), None)

    def namespace(self, pid):
        """Its inode, or None if it is not known."""
        same = self.processes.get(pid)
        if same is None:
            return None
        return self.root if len(same.chain) == 1 else same.inode

    def lineage(self, inode):
        """A namespace and all those above it."""
        while inode is not None:
            yield inode
            inode = self.parents.get(inode)


def mark(said):
    if said["exact"]:
        return "exact"
    return "ambiguous" if said.get("ambiguous") else "inferred"


MARKS = ["exact", "inferred", "ambiguous"]


def most_common(values):
    return collections.Counter(values).most_common(1)[0][0]


def weakest(*marks):
    return max(marks, key=MARKS.index)


class Comparison:
    """Compares one run of nstree with the truth. Yields (kind, mark, whether it is right, words).

    A node of the tree means one true namespace. Its inode identifies that, or its init; else the
    members that are surest to be in it do. Then all facts of the node are at most as sure."""

    def __init__(self, model, truth):
        self.model, self.truth = model, truth
        self.members = collections.defaultdict(list)
        for pid, process in model.processes.items():
            if truth.namespace(pid) is not None:
                self.members[process["ns"]].append(pid)
        self.decisive = {}  # of a node: the process that identifies it, and is right by definition
        self.node = {ns["id"]: self.true_namespace(ns) for ns in model.parsed["namespaces"]}
        self.children = collections.defaultdict(list)
        for ns in model.parsed["namespaces"]:
            self.children[ns["parent"]].append(ns)

    def true_namespace(self, ns):
        """(inode or None, how sure it is that the node means it)."""
        if ns["parent"] is None:
            return self.truth.root, "exact"
        if ns["ns"] is not None:
            return ns["ns"], "exact"
        if self.truth.namespace(ns["init"]) is not None:
            self.decisive[ns["id"]] = ns["init"]
            return self.truth.namespace(ns["init"]), "exact"
        for marked in MARKS:
            members = [pid for pid in self.members[ns["id"]]
                       if mark(self.model.processes[pid]) == marked]
            if members:
                inode = most_common(map(self.truth.namespace, members))
                self.decisive[ns["id"]] = next(pid for pid in members
                                              if self.truth.namespace(pid) == inode)
                return inode, marked
        return None, "ambiguous"

    def of_parent(self, id):
        """The same, as the parent of other nodes. The node means its init's namespace, so if the
        init came or went, uncertain members do not identify it. A node without members means the
        parent of its children."""
        ns, (inode, sure) = self.model.ns_of_id[id], self.node[id]
        if ns["init"] is not None and sure != "exact":
            return None, sure
        if inode is not None:
            return inode, sure
        for marked in MARKS:
            parents = [self.truth.parents[self.node[child["id"]][0]] for child in self.children[id]
                       if weakest(mark(child), self.node[child["id"]][1]) == marked and
                       self.truth.parents.get(self.node[child["id"]][0])]
            if parents:
                return most_common(parents), marked
        return None, "ambiguous"

    def show(self, id):
        ns = self.model.ns_of_id[id]
        members = [f"{pid} {mark(self.model.processes[pid])}" for pid in self.members[id][:5]]
        return (f"node {id} (inode {ns['ns']}, level {ns['level']}, init {ns['init']}, "
                f"{mark(ns)}; it means {self.of_parent(id)}; members {', '.join(members)})")

    def show_process(self, pid):
        process, same = self.model.processes.get(pid), self.truth.processes.get(pid)
        if same is None:
            return f"{pid} (came or went)"
        return (f"{pid} {same.chain}, child of {same.parents}, read as child of "
                f"{process and process['ppid']}, truly in "
                f"{list(self.truth.lineage(self.truth.namespace(pid)))}")

    def processes(self):
        for id, pids in self.members.items():
            for pid in pids:
                if self.decisive.get(id) == pid:
                    continue
                process = self.model.processes[pid]
                right = self.node[id][0] == self.truth.namespace(pid)
                words = "" if right else (
                    f"{self.show_process(pid)}; its parent {self.show_process(process['ppid'])}; "
                    f"put into {self.show(id)}")
                yield "place", mark(process), right, words

    def parents(self):
        for ns in self.model.parsed["namespaces"]:
            if ns["parent"] is None:
                continue
            inode, sure = self.of_parent(ns["id"])
            parent, as_sure = self.of_parent(ns["parent"])
            if inode not in self.truth.parents or parent is None:
                continue
            right = parent == self.truth.parents[inode]
            words = "" if right else (f"{self.show(ns['id'])}, truly in "
                                      f"{list(self.truth.lineage(inode))}, put into "
                                      f"{self.show(ns['parent'])}; its init "
                                      f"{self.show_process(ns['init'])}")
            yield "parent", weakest(mark(ns), sure, as_sure), right, words

    def inits(self):
        """Inits of namespaces with a known inode; others are identified by their init."""
        for ns in self.model.parsed["namespaces"]:
            if ns["ns"] is None or self.truth.namespace(ns["init"]) is None:
                continue
            right = (self.truth.namespace(ns["init"]) == ns["ns"] and
                     self.truth.processes[ns["init"]].chain[-1] == 1)
            words = "" if right else f"{self.show(ns['id'])}: {self.show_process(ns['init'])}"
            yield "init", mark(self.model.processes[ns["init"]]), right, words

    def entered(self):
        """A process in its parent's namespace has not entered it from outside. The parent is the
        one that nstree read, if it was the parent before or after: its PID cannot become another
        parent's, as no parent is younger than its child."""
        for pid, process in self.model.processes.items():
            if not process.get("entered") or self.truth.namespace(pid) is None:
                continue
            parent = dict(self.truth.processes[pid].parents).get(process["ppid"])
            if parent:
                right = parent != self.truth.namespace(pid)
                words = "" if right else f"{self.show_process(pid)}: entered"
                yield "entered", mark(process), right, words

    def split(self):
        """How many nodes are the same namespace as another one."""
        known = [inode for inode, _ in self.node.values() if inode is not None]
        return len(known) - len(set(known))

    def __iter__(self):
        return itertools.chain(self.processes(), self.parents(), self.inits(), self.entered())


class Tally:
    """The counts of one seat."""

    def __init__(self):
        self.counts = collections.Counter()
        self.wrong = []
        self.runs = self.failed_runs = self.forests = 0
        self.split = 0

    def add(self, comparison, where):
        self.runs += 1
        self.split += comparison.split()
        for what, marked, right, words in comparison:
            self.counts[what, marked, right] += 1
            if not right and (marked != "ambiguous" or what == "entered"):
                self.wrong.append(f"{where}: {what} {marked}, wrong: {words}")

    def line(self):
        parts = []
        for what in "place", "parent", "init", "entered":
            for marked in MARKS:
                right, wrong = (self.counts[what, marked, side] for side in (True, False))
                if right + wrong:
                    parts.append(f"{what} {marked} {right} right {wrong} wrong")
        return (f"{self.forests} forests, {self.runs} runs ({self.failed_runs} were not possible); "
                f"{'; '.join(parts)}; {self.split} nodes twice")


class Forests(UsersTest):
    def setUp(self):
        super().setUp()
        self.copy_program()
        # Full paths, as commands in other namespaces start in /.
        self.facts = os.path.abspath(KERNEL_FACTS)

    def run_once(self, seed, seat, outside, inside):
        """The run and the looks around it; None if it failed because PIDs ran out."""
        prefix = list(outside)
        if inside is not None:
            prefix += ["nsenter", "-t", str(inside), "-p", *INSIDE]
        changes = {"GCOV_PREFIX": str(self.counts)} if seat.command == AS_NOBODY else {}
        done = subprocess.run(
            [*prefix, self.facts, "--around", *seat.command, *PATIENT, *NSTREE[:-1],
             str(self.program), "--json", *seat.options],
            stdin=subprocess.DEVNULL, capture_output=True, check=False,
            env=environment(**changes))
        text, found, rest = done.stdout.decode().rpartition("\nfacts ")
        if not found or done.returncode != 0:
            return None
        status, *lines = rest.splitlines()
        if status != "0":
            self.fail(f"seed {seed}, {seat.name}: nstree exited {status}: {done.stderr.decode()}")
        return Model(json.loads(text)), Truth(lines)

    @staticmethod
    def insides(truth, chance):
        """Processes through which to enter namespaces, first those with others below."""
        parents = set(truth.parents.values())
        found = [pid for pid, same in truth.processes.items() if len(same.chain) > 1 and same.inode]
        chance.shuffle(found)
        found.sort(key=lambda pid: truth.namespace(pid) not in parents)
        return found[:6]

    def visit(self, forest, seed, tallies):
        outside = []
        if forest.init is not None:
            outside = ["nsenter", "-t", str(forest.init), "-p", "-m", "-r"]
        chance = random.Random(seed)
        insides = []
        for _ in range(1 if forest.init is None or is_short() else ROUNDS):
            for seat, tally in ((seat, tallies[seat.name]) for seat in SEATS
                                if seat.name in tallies):
                for inside in insides if seat.inside else [None]:
                    result = self.run_once(seed, seat, outside, inside)
                    if result is not None:
                        break
                    tally.failed_runs += 1
                else:
                    continue
                tally.add(Comparison(*result), f"seed {seed}, {seat.name}")
                if not seat.inside:
                    insides = self.insides(result[1], chance)
        for tally in tallies.values():
            tally.forests += 1

    def visit_all(self, storm):
        tallies = {seat.name: Tally() for seat in SEATS if "bpf" not in seat.options or bpf_works()}
        first = int(os.environ.get("FOREST_SEED", 1))
        end = time.monotonic() + seconds() / 2
        for seed in itertools.count(first):
            if seed >= first + ENOUGH and time.monotonic() > end:
                break
            with contextlib.ExitStack() as stack:
                try:
                    cgroup = stack.enter_context(Cgroup()).path
                except unittest.SkipTest:
                    cgroup = None
                forest = stack.enter_context(Forest(seed, storm, cgroup))
                self.visit(forest, seed, tallies)
        return tallies

    def judge(self, tallies):
        for seat in SEATS:
            with self.subTest(seat=seat.name):
                if seat.name not in tallies:
                    self.skipTest("the BPF scanner does not work here")
                tally = tallies[seat.name]
                if "NSTREE_FORESTS_REPORT" in os.environ:
                    print(f"{self.id()}, {seat.name}: {tally.line()}", flush=True)
                self.assertGreaterEqual(tally.runs, ENOUGH, tally.line())
                if tally.wrong:
                    worst = sorted(tally.wrong, key=lambda words: " exact, wrong" not in words)
                    self.fail("\n".join([tally.line(), *worst[:5]]))

    def test_that_hold_still(self):
        self.judge(self.visit_all(None))

    def test_in_a_storm_where_pids_are_used_again(self):
        if "NSTREE_EMULATED" in os.environ:
            self.skipTest("a storm takes all of an emulated machine")
        self.judge(self.visit_all(PID_MAX))
