# SPDX-License-Identifier: MIT
"""Broken recordings: exit 2, one line that names the file and the cause, and no tree.

The good one is written by hand. Each broken one differs from it in one thing.
"""
import copy
import json
import os

from common import Test

ROOT, OUTER, INNER = 4026531836, 4026532500, 4026532501


def namespace(inode, parent, level, init, members, **more):
    return {"id": str(inode), "ns": inode, "parent": parent and str(parent), "level": level,
            "exact": True, "init": init, "members": members, "owner_uid": 0,
            "user_ns": 4026531837, "kind": None, "label": None, **more}


def process(inode, *nspid, ppid=1, name="sleep", **more):
    return {"pid": nspid[0], "ppid": ppid, "ns": str(inode), "nspid": list(nspid), "name": name,
            "state": "S", "uid": 0, "exact": True, **more}


GOOD = {
    "schema": 1, "nstree": "0.1.0", "host": "h", "kernel": "6.1", "taken": "2026-11-22T05:50:11Z",
    "source": "procfs", "complete": True,
    "namespaces": [namespace(ROOT, None, 0, 1, 1), namespace(OUTER, ROOT, 1, 100, 2),
                   namespace(INNER, OUTER, 2, 200, 1)],
    "processes": [process(ROOT, 1, ppid=0, name="init"), process(OUTER, 100, 1, name="sh"),
                  process(OUTER, 101, 7, ppid=100),
                  process(INNER, 200, 8, 1, ppid=100, name="top")],
}
GOOD_TREE = """\
pid:[4026531836] (init), 1 process
|- 1 init
ㄴ pid:[4026532500] (sh), 2 processes
   |- 1 sh [100 1]
   |- 7 sleep [101 7]
   ㄴ pid:[4026532501] (top), 1 process
      ㄴ 1 top [200 8 1]
"""


# Two siblings share a network namespace, like the containers of a pod.
POD_NET = {
    **GOOD,
    "namespaces": [
        namespace(ROOT, None, 0, 1, 1, others={"mnt": 1, "net": 2, "user": 3}),
        namespace(OUTER, ROOT, 1, 100, 1, others={"mnt": 4, "net": 5, "user": 3}),
        namespace(INNER, ROOT, 1, 200, 1, others={"mnt": 6, "net": 5, "user": 3})],
    "processes": [process(ROOT, 1, ppid=0, name="init"), process(OUTER, 100, 1, name="pause"),
                  process(INNER, 200, 1, name="web")],
}


class Recordings(Test):
    def load(self, content, *args, **options):
        if not isinstance(content, bytes):
            content = json.dumps(content).encode()
        self.path = self.directory() / "recording.json"
        self.path.write_bytes(content)
        return self.nstree("--load", str(self.path), *args, **options)

    def check_broken(self, content, naming=""):
        for args in [], ["--json"], ["--pid", "1"]:
            self.load(content, *args, status=2)
            self.assertIn(str(self.path), self.complaint.decode())
            self.assertIn(naming, self.complaint.decode())

    def check_changes(self, rows):
        """Each row: the fault, how to make it, a word that the message must contain."""
        for what, change, naming in rows:
            with self.subTest(what):
                content = copy.deepcopy(GOOD)
                change(content, content["namespaces"], content["processes"])
                self.assertNotEqual(content, GOOD)
                self.check_broken(content, naming)

    def test_shared_with_namespaces_that_were_left_out(self):
        """A recording of a selection does not know the rest, so it calls nothing of INNER "own";
        also if it was made from a recording."""
        def heading(content, inode):
            lines = self.load(content, "-v", *args).decode().splitlines()
            return next(line for line in lines if f" pid:[{inode}] " in f" {line}")

        for args in ["--ns", str(INNER)], ["--pid", "200"], ["--find", "200"]:
            with self.subTest(args[0]):
                self.assertTrue(heading(POD_NET, INNER).endswith(
                    f"(mnt own; net shared with pid:[{OUTER}]; user shared with pid:[{ROOT}])"))
                part = self.load(POD_NET, "-v", "--json", *args)
                self.assertIs(json.loads(part)["selection"], True)
                for content in part, self.load(part, "-v", "--json"):
                    self.assertTrue(heading(content, ROOT).endswith("(mnt, net, user own)"))
                    self.assertRegex(heading(content, INNER),
                                     rf"(\(web\)|process) \(user shared with pid:\[{ROOT}\]\)\Z")
        whole = self.load(POD_NET, "-v", "--json", "--ns", str(ROOT))
        self.assertNotIn("selection", json.loads(whole))

    def test_written_on_windows(self):
        """A byte order mark is skipped. UTF-16, from old PowerShells, gets its own message."""
        good = json.dumps(GOOD)
        self.assertEqual(self.load(good.encode("utf-8-sig")).decode(), GOOD_TREE)
        for charset in "utf-16-le", "utf-16-be":
            self.check_broken(("\ufeff" + good).encode(charset), "UTF-16")
        for content in b"\xef\xbb\xbf", b"\xef\xbb", b"\xff", b"\xff\xfe":
            self.check_broken(content)

    def test_what_the_root_shares_with_those_outside(self):
        """From inside a container nobody can see what only its root has."""
        content = json.loads(json.dumps(POD_NET).replace(str(ROOT), "4026532400"))
        lines = self.load(content, "-v", "-s").decode().splitlines()
        self.assertTrue(lines[0].endswith("outer levels are hidden)"), lines[0])
        self.assertTrue(lines[1].endswith(
            " (mnt, net own; user shared with pid:[4026532400])"), lines[1])

    def test_good_one(self):
        self.assertEqual(self.load(GOOD).decode(), GOOD_TREE)
        with open(self.path, "rb") as file:
            self.assertEqual(self.text("--load", "-", stdin=file), GOOD_TREE)

    def test_labels(self):
        """The label and its evidence are shown; text that others chose is made harmless."""
        content = copy.deepcopy(GOOD)
        root, outer, inner = content["namespaces"]
        root.update(kind="host", label="host h", evidence="inode", others={"mnt": 1, "net": 3})
        outer.update(kind="docker", label="docker web (b61aae2d57bc)", evidence="cgroup",
                     owner_uid=1000, others={"mnt": 2, "net": 3, "time": 9})
        inner.update(kind="docker", label="?", label_hex=b"docker \x1b[31m\xff".hex(),
                     evidence="cgroup", owner_uid=1000, others={"mnt": 2, "net": 3})
        lines = self.load(content, "--summary").decode().splitlines()
        self.assertEqual(lines, [
            "pid:[4026531836] host h, 1 process, init 1",
            "ㄴ pid:[4026532500] docker web (b61aae2d57bc), owned by uid 1000, 2 processes, "
            "init 100",
            r"   ㄴ pid:[4026532501] docker \x1b[31m\xff, 1 process, init 200"])
        lines = self.load(content, "--summary", "-v").decode().splitlines()
        self.assertEqual([line.partition(" (known ")[2] for line in lines], [
            "by: inode) (mnt, net own)",
            "by: cgroup) (mnt own; net shared with pid:[4026531836])",
            "by: cgroup) (mnt shared with pid:[4026532500]; net shared with pid:[4026531836])"])
        lines = self.load(content, "--list").decode().splitlines()
        self.assertEqual([line.partition("\t")[2] for line in lines],
                         ["", *["docker web (b61aae2d57bc)"] * 2, r"docker \x1b[31m\xff"])
        again = self.load(content, "--json", "-v")
        for args in [], ["--json", "-v"], ["--summary", "-v"], ["--list"]:
            self.assertEqual(self.load(again, *args), self.load(content, *args))
        outer["owner_uid"] = inner["owner_uid"] = 0
        self.assertEqual(self.load(content, "--no-labels").decode(), GOOD_TREE)

    def test_broken_labels(self):
        self.check_changes([
            ("kind", lambda all, ns, ps: ns[1].update(kind=7), "kind"),
            ("label", lambda all, ns, ps: ns[1].update(label=["docker"]), "label"),
            ("label with a NUL", lambda all, ns, ps: ns[1].update(label="a\0b"), ""),
            ("label's bytes", lambda all, ns, ps: ns[1].update(label="a", label_hex="6"), "label"),
            ("evidence", lambda all, ns, ps: ns[1].update(evidence=True), "evidence"),
            ("others", lambda all, ns, ps: ns[1].update(others=[1]), "others"),
            ("other", lambda all, ns, ps: ns[1].update(others={"net": -1}), "others"),
        ])

    def test_newer_members_are_passed_over(self):
        content = copy.deepcopy(GOOD)
        content["new"] = content["namespaces"][1]["new"] = content["processes"][1]["new"] = [{}]
        self.assertEqual(self.load(content).decode(), GOOD_TREE)

    def test_order_does_not_matter(self):
        content = copy.deepcopy(GOOD)
        content["namespaces"].reverse()
        content["processes"].reverse()
        self.assertEqual(self.load(content).decode(), GOOD_TREE)

    def test_truncated_anywhere(self):
        whole = json.dumps(GOOD).encode()
        for length in range(0, len(whole), 7):
            with self.subTest(length=length):
                self.load(whole[:length], status=2)
                self.assertIn(str(self.path), self.complaint.decode())

    def test_not_json(self):
        whole = json.dumps(GOOD).encode()
        for what, content in (("empty", b""), ("text", b"pid:[4026531836] init, 1 process\n"),
                              ("binary", bytes(range(256))), ("more after it", whole + b"{}"),
                              ("UTF-16", json.dumps(GOOD).encode("utf-16")),
                              ("not UTF-8", whole.replace(b"sleep", b"sl\xffep")),
                              ("a NUL", whole.replace(b'"h"', b'"h\0"')),
                              ("a member twice", whole.replace(b'"schema": 1', b'"schema": 1, '
                                                               b'"schema": 1')),
                              ("brackets without end", b"[" * 1000000),
                              ("a number too big", whole.replace(b": 1,",
                                                                 b": 1" + b"0" * 30 + b","))):
            with self.subTest(what):
                self.check_broken(content, "not JSON")

    def test_not_a_recording(self):
        for content in b"[]", b"{}", b"null", b"1", b'"x"', b"[1]", b'{"schema":1}', \
                b'{"schema":1,"namespaces":[],"processes":[]}', \
                b'{"schema":1,"namespaces":{},"processes":[]}':
            with self.subTest(content):
                self.check_broken(content)

    def test_head(self):
        self.check_changes([
            ("newer schema", lambda all, ns, ps: all.update(schema=2), "newer"),
            ("much newer schema", lambda all, ns, ps: all.update(schema=2**62), "newer"),
            ("schema 0", lambda all, ns, ps: all.update(schema=0), "schema"),
            ("schema in quotes", lambda all, ns, ps: all.update(schema="1"), "schema"),
            ("no schema", lambda all, ns, ps: all.pop("schema"), "schema"),
            ("no namespaces", lambda all, ns, ps: all.pop("namespaces"), "namespaces"),
            ("no processes", lambda all, ns, ps: all.pop("processes"), "processes"),
            ("processes by name", lambda all, ns, ps: all.update(processes={}), "processes"),
            ("complete in words", lambda all, ns, ps: all.update(complete="yes"), "complete"),
        ])

    def test_namespaces(self):
        inner = str(INNER)
        self.check_changes([
            ("its own parent", lambda all, ns, ps: ns[2].update(parent=inner), inner),
            ("a cycle of two", lambda all, ns, ps: ns[1].update(parent=inner), str(OUTER)),
            ("a cycle at one level", lambda all, ns, ps: (ns[1].update(parent=inner),
                                                          ns[2].update(level=1)), str(OUTER)),
            ("a parent that is not there", lambda all, ns, ps: ns[2].update(parent="5"), inner),
            ("no parent", lambda all, ns, ps: ns[2].update(parent=None), inner),
            ("the root has a parent", lambda all, ns, ps: ns[0].update(parent=inner), str(ROOT)),
            ("a level too deep", lambda all, ns, ps: ns[2].update(level=3), inner),
            ("a level too high", lambda all, ns, ps: ns[2].update(level=1), inner),
            ("level 33", lambda all, ns, ps: ns[2].update(level=33), "level"),
            ("level -1", lambda all, ns, ps: ns[0].update(level=-1), "level"),
            ("level 2**40", lambda all, ns, ps: ns[2].update(level=2**40), "level"),
            ("level in quotes", lambda all, ns, ps: ns[2].update(level="2"), "level"),
            ("no level", lambda all, ns, ps: ns[2].pop("level"), "level"),
            ("two of one id", lambda all, ns, ps: ns.append(ns[2]), inner),
            ("two roots", lambda all, ns, ps: ns.append(namespace(5, None, 0, None, 0)), "5"),
            ("no root", lambda all, ns, ps: ns.pop(0), ""),
            ("no id", lambda all, ns, ps: ns[2].pop("id"), "id"),
            ("id a number", lambda all, ns, ps: ns[2].update(id=INNER), "id"),
            ("id no number", lambda all, ns, ps: ns[2].update(id="x"), "id"),
            ("id of hostile bytes", lambda all, ns, ps: ns[2].update(id="\x1b[31m"), "id"),
            ("id of another inode", lambda all, ns, ps: ns[2].update(ns=5), "ns"),
            ("inode beyond 32 bits", lambda all, ns, ps: ns[2].update(ns=2**32, id=str(2**32)), ""),
            ("init not there", lambda all, ns, ps: ns[2].update(init=300), "init"),
            ("init not process 1", lambda all, ns, ps: ns[1].update(init=101), "init"),
            ("init kept quiet", lambda all, ns, ps: ns[1].update(init=None), "init"),
            ("fewer members than there are", lambda all, ns, ps: ns[1].update(members=1), "member"),
            ("members -1", lambda all, ns, ps: ns[1].update(members=-1), "members"),
            ("inferred, not members", lambda all, ns, ps: ns[1].update(inferred=3), "inferred"),
            ("inferred in words", lambda all, ns, ps: ns[1].update(inferred="one"), "inferred"),
            ("owner in words", lambda all, ns, ps: ns[1].update(owner_uid="root"), "owner_uid"),
            ("exact in words", lambda all, ns, ps: ns[1].update(exact="yes"), "exact"),
            ("a number for a namespace", lambda all, ns, ps: ns.append(5), ""),
        ])

    def test_processes(self):
        self.check_changes([
            ("namespace not there", lambda all, ns, ps: ps[2].update(ns="5"), "101"),
            ("no namespace", lambda all, ns, ps: ps[2].update(ns=None), "ns"),
            ("a chain too short", lambda all, ns, ps: ps[3].update(nspid=[200, 1]), "200"),
            ("a chain too long", lambda all, ns, ps: ps[2].update(nspid=[101, 7, 2]), "101"),
            ("no chain", lambda all, ns, ps: ps[2].update(nspid=[]), "101"),
            ("a chain of text", lambda all, ns, ps: ps[2].update(nspid=["101", "7"]), "nspid"),
            ("a chain of another", lambda all, ns, ps: ps[2].update(nspid=[102, 7]), "101"),
            ("0 in a chain", lambda all, ns, ps: ps[2].update(nspid=[101, 0]), "nspid"),
            ("a number too big", lambda all, ns, ps: ps[2].update(nspid=[101, 4194304]), "nspid"),
            ("PID 0", lambda all, ns, ps: ps[2].update(pid=0, nspid=[0, 7]), "pid"),
            ("PID -5", lambda all, ns, ps: ps[2].update(pid=-5), "pid"),
            ("PID too big", lambda all, ns, ps: ps[2].update(pid=4194304), "pid"),
            ("PID a fraction", lambda all, ns, ps: ps[2].update(pid=101.5), "pid"),
            ("parent -1", lambda all, ns, ps: ps[2].update(ppid=-1), "ppid"),
            ("the same one twice", lambda all, ns, ps: ps.append(ps[2]), "twice"),
            ("a PID twice", lambda all, ns, ps: ps.append(process(ROOT, 101)), "twice"),
            ("no name", lambda all, ns, ps: ps[2].pop("name"), "name"),
            ("a name of numbers", lambda all, ns, ps: ps[2].update(name=5), "name"),
            ("a NUL in a name", lambda all, ns, ps: ps[2].update(name="a\0b"), ""),
            ("a name of 10,000", lambda all, ns, ps: ps[2].update(name="a" * 10000), "name"),
            ("half a byte", lambda all, ns, ps: ps[2].update(name_hex="fff"), "name_hex"),
            ("no hexadecimal", lambda all, ns, ps: ps[2].update(name_hex="fg"), "name_hex"),
            ("a NUL in hexadecimal", lambda all, ns, ps: ps[2].update(name_hex="6100"), "name_hex"),
            ("no state", lambda all, ns, ps: ps[2].update(state=""), "state"),
            ("a hostile state", lambda all, ns, ps: ps[2].update(state="\x1b"), "state"),
            ("uid in words", lambda all, ns, ps: ps[2].update(uid="root"), "uid"),
            ("text for a process", lambda all, ns, ps: ps.append("x"), ""),
        ])

    def test_containers(self):
        """Each has what describes it, and leads to what is there; and so does what leads to it."""
        web = {"kind": "docker", "label": "docker web", "evidence": "cgroup", "init": 100,
               "ns": str(OUTER)}

        def change(**members):
            return lambda all, ns, ps: all.update(containers=[dict(web, **members)])

        def lead(where, number):
            def make(all, ns, ps):
                all.update(containers=[web])
                (ns if where == "ns" else ps)[2].update(container=number)
            return make

        self.check_changes([
            ("an object", lambda all, ns, ps: all.update(containers={}), "containers"),
            ("no kind", change(kind=None), "kind"),
            ("no label", change(label=None), "label"),
            ("evidence in numbers", change(evidence=5), "evidence"),
            ("init not there", change(init=5), "init"),
            ("init -1", change(init=-1), "init"),
            ("namespace not there", change(ns="5"), "ns"),
            ("namespace in words", change(ns="x"), "ns"),
            ("members in words", change(members="many"), "members"),
            ("an ID that is a number", change(id=5), "id"),
            ("half a byte", change(id_hex="f"), "id_hex"),
            ("a namespace in none", lead("ns", 1), "container"),
            ("a process in none", lead("ps", 1), "container"),
            ("a process in number -1", lead("ps", -1), "container"),
            ("a process in words", lead("ps", "web"), "container"),
            ("a process before all", lambda all, ns, ps: ps[2].update(container=0), "container"),
        ])

    def test_files(self):
        here = self.directory()
        for path, naming in ((here / "nothing", "No such file or directory"),
                             (here, "Is a directory"), ("", "--load: ''"),
                             ("/proc/self/mem", "")):
            with self.subTest(path=str(path)):
                self.nstree("--load", str(path), status=2)
                self.assertIn(str(path), self.complaint.decode())
                self.assertIn(naming, self.complaint.decode())

    def test_standard_input(self):
        with self.subTest("nothing in it"):
            self.nstree("--load", "-", status=2)
            self.assertIn(b"standard input", self.complaint)
        with self.subTest("closed"):
            self.nstree("--load", "-", status=2, stdin=None, preexec_fn=lambda: os.close(0))
            self.assertIn(b"standard input", self.complaint)
