# SPDX-License-Identifier: MIT
"""--load of what --json printed shows the same, also of a selection. The trees are recorded
machines, the same machines without their inits, and random trees."""
import json
import pathlib
import random
import re

from common import MACHINES, Test

FORMATS = ([], ["--list"], ["--json"], ["--forest"], ["--summary"], ["--summary", "--list"],
           ["--output", "ns,pns,level,pid,own,nspid,state,uid,name,container,marks"])
LEVELS = 5


def draw_number(rng, taken):
    number = rng.choice([n for n in range(2, 90) if n not in taken])
    taken.add(number)
    return number


def random_recording(seed):
    """A few nested namespaces; half of them have no init or no member."""
    rng = random.Random(seed)
    spaces = [{"id": "1", "ns": 1, "parent": None, "level": 0, "init": 1}]
    for inode in range(2, rng.randrange(5, 11)):
        parent = rng.choice([ns for ns in spaces if ns["level"] < LEVELS])
        spaces.append({"id": str(inode), "ns": inode, "parent": parent["id"],
                       "level": parent["level"] + 1, "init": None})
    by_id = {ns["id"]: ns for ns in spaces}
    taken = {ns["id"]: {1} for ns in spaces}
    processes = [{"pid": 1, "ppid": 0, "ns": "1", "nspid": [1], "name": "init", "state": "S"}]
    for ns in spaces[1:]:
        for i in range(rng.randrange(4)):
            is_init = i == 0 and rng.random() < 0.5
            chain, above = [1 if is_init else draw_number(rng, taken[ns["id"]])], ns
            while above["parent"]:
                above = by_id[above["parent"]]
                chain.insert(0, draw_number(rng, taken[above["id"]]))
            processes.append({"pid": chain[0], "ppid": 1, "ns": ns["id"], "nspid": chain,
                              "name": "sleep", "state": "S", "exact": rng.random() < 0.7})
            if is_init:
                ns["init"] = chain[0]
    for ns in spaces:
        ns["members"] = sum(process["ns"] == ns["id"] for process in processes)
    return {"schema": 1, "namespaces": spaces, "processes": processes}


def selections(rng, recording):
    """Options of --find, --pid and --ns that name something in it."""
    pids = [process["pid"] for process in recording["processes"]]
    numbers = sorted({n for process in recording["processes"] for n in process["nspid"]})
    inodes = [str(ns["ns"]) for ns in recording["namespaces"] if ns["ns"]]
    yield []
    for number in rng.sample(numbers, min(5, len(numbers))):
        yield ["--find", str(number)]
    for size in 1, 3:
        yield ["--pid", ",".join(map(str, rng.sample(pids, min(size, len(pids)))))]
    for size in 1, 2:
        yield ["--ns", ",".join(rng.sample(inodes, min(size, len(inodes))))]


class Selections(Test):
    def show(self, *args):
        text = self.text(*args, stderr=None)
        return re.sub(r'"(taken|source)":"[^"]*"', "", text, count=2)

    def check(self, seed, *source):
        """Compares selections from `source` with their recordings."""
        rng = random.Random(seed)
        path = self.directory() / "recording.json"
        for words in selections(rng, json.loads(self.text("--json", *source, stderr=None))):
            path.write_text(self.text("--json", *words, *source, stderr=None))
            for form in FORMATS:
                # Of processes, a summary has nothing, and a forest has ancestors, too.
                if form[:1] in (["--forest"], ["--summary"]) and words[:1] not in ([], ["--ns"]):
                    continue
                with self.subTest(" ".join([*source, *words, *form])):
                    self.assertEqual(self.show(*form, *words, "--load", str(path)),
                                     self.show(*form, *words, *source))

    def test_recorded_machines(self):
        for name, proc in MACHINES.items():
            self.check(name, "--proc", proc)

    def test_machines_without_inits(self):
        """Then another process gives a namespace its place among its siblings."""
        for name, proc in MACHINES.items():
            some = self.directory()
            for entry in pathlib.Path(proc).iterdir():
                status = entry / "status"
                chain = re.search(r"^NSpid:(.*)", status.read_text("latin-1"), re.M) \
                    if status.is_file() else None
                if not chain or chain[1].split()[1:][-1:] != ["1"]:
                    (some / entry.name).symlink_to(entry.resolve())
            self.check(name, "--proc", str(some))

    def test_a_process_apart_from_its_init(self):
        """The namespace that its mark names is in the recording, too."""
        path = self.directory() / "recording.json"
        args = "--verbose", "--pid", "1200"
        source = "--proc", MACHINES["nsenter-net"]
        self.assertIn("1200 bash (net of pid:[4026532162] (nginx))", self.text(*args, *source))
        path.write_text(self.text("--json", *args, *source))
        self.assertEqual(self.show(*args, "--load", str(path)), self.show(*args, *source))

    def test_summaries_as_recordings(self):
        """--summary --json has no processes but those that stand for something, and shows the same
        summary."""
        path = self.directory() / "recording.json"
        for name, proc in MACHINES.items():
            path.write_text(self.text("--summary", "--json", "-av", "--proc", proc, stderr=None))
            recording = json.loads(path.read_text())
            stand = {space["init"] for space in recording["namespaces"]}
            stand |= {process["ppid"] for process in recording["processes"]
                      if process.get("entered")}
            plain = [process["pid"] for process in recording["processes"]
                     if process["pid"] not in stand and "container" not in process]
            with self.subTest(name):
                self.assertEqual(plain, [])
            for form in ([], ["-l"], ["-a"], ["-v"], ["--json", "-av"],
                         ["-o", "ns,init,procs,inside,zombies,label,cname,cid,command,marks"]):
                with self.subTest(name, form=form):
                    self.assertEqual(self.show("--summary", *form, "--load", str(path)),
                                     self.show("--summary", *form, "--proc", proc))

    def test_any_tree(self):
        path = pathlib.Path(self.directory()) / "whole.json"
        for seed in range(20):
            path.write_text(json.dumps(random_recording(seed)))
            self.check(seed, "--load", str(path))
