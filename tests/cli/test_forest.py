# SPDX-License-Identifier: MIT
"""--forest where the parent of a process or of an init is an unusual one. The pictures are written
by hand."""
import itertools
import json
import re
import resource

from common import INITIAL_INODE, Test

MIDDLE, INNER = 4026532001, 4026532002


def recording(processes, namespaces=()):
    """A recording of (ns, chain, parent, name[, more]) and (ns, parent, level, init)."""
    members = [row[0] for row in processes]
    spaces = [(INITIAL_INODE, None, 0, 1), *namespaces]
    return json.dumps({
        "schema": 1, "nstree": "0.1.0", "host": "h", "kernel": "6.18.0",
        "taken": "2026-11-22T05:50:11Z", "source": "procfs", "complete": True,
        "namespaces": [
            {"id": str(ns), "ns": ns, "parent": parent and str(parent), "level": level,
             "exact": True, "init": init, "members": members.count(ns)}
            for ns, parent, level, init in spaces],
        "processes": [
            {"pid": chain[0], "ppid": ppid, "ns": str(ns), "nspid": chain, "name": name,
             "state": "S", "uid": 0, "exact": True, **(more[0] if more else {})}
            for ns, chain, ppid, name, *more in processes]}).encode()


class Forest(Test):
    def forest(self, data, *args, **options):
        path = self.directory() / "recording"
        path.write_bytes(data)
        return self.text("--load", str(path), "--forest", "--style", "ascii", *args, **options)

    def expect(self, want, data, *args):
        self.assertEqual(self.forest(data, *args), want.lstrip("\n"))

    def test_siblings_by_pid(self):
        """Members first, then namespaces. 9 comes before 10, whatever the order of the file."""
        self.expect("""
pid:[4026531836] (init), 4 processes
`- 1 init
   |- 9 a
   `- 10 b
      |- 11 c
      |- pid:[4026532001] (d), 1 process
      |  `- 1 d [12 1]
      `- pid:[4026532002] (e), 1 process
         `- 1 e [13 1]
""", recording([(INITIAL_INODE, [10], 1, "b"), (INNER, [13, 1], 10, "e"),
                (INITIAL_INODE, [11], 10, "c"), (INITIAL_INODE, [9], 1, "a"),
                (MIDDLE, [12, 1], 10, "d"), (INITIAL_INODE, [1], 0, "init")],
               [(INNER, INITIAL_INODE, 1, 13), (MIDDLE, INITIAL_INODE, 1, 12)]))

    def test_started_from_further_out(self):
        """A joiner in the root joined MIDDLE and cloned INNER's init with CLONE_PARENT."""
        nested = [(MIDDLE, INITIAL_INODE, 1, 20), (INNER, MIDDLE, 2, 30)]
        processes = [(INITIAL_INODE, [1], 0, "init"), (INITIAL_INODE, [10], 1, "joi\nner"),
                     (MIDDLE, [20, 1], 1, "mid"), (MIDDLE, [21, 2], 10, "guest", {"entered": True}),
                     (MIDDLE, [22, 3], 21, "child"), (INNER, [30, 4, 1], 10, "in")]
        want = """
pid:[4026531836] (init), 2 processes
`- 1 init
   |- 10 joi\\nner
   `- pid:[4026532001] (mid), 3 processes
      |- 1 mid [20 1]
      |- 2 guest [21 2] (entered from outside, by 10 joi\\nner)
      |  `- 3 child [22 3]
      `- pid:[4026532002] (in), 1 process (parent of its init: 10 joi\\nner in pid:[4026531836])
         `- 1 in [30 4 1]
"""
        self.expect(want, recording(processes, nested))

    def test_selected_processes(self):
        """Only what is above them; a parent that is not above is named."""
        data = recording(
            [(INITIAL_INODE, [1], 0, "init"), (INITIAL_INODE, [10], 1, "joiner"),
             (INITIAL_INODE, [11], 1, "other"), (MIDDLE, [20, 1], 1, "mid"),
             (MIDDLE, [21, 2], 10, "guest", {"entered": True}), (MIDDLE, [22, 3], 21, "child"),
             (INNER, [30, 4, 1], 10, "in")],
            [(MIDDLE, INITIAL_INODE, 1, 20), (INNER, MIDDLE, 2, 30)])
        self.expect("""
pid:[4026531836] (init)
`- 1 init
   `- pid:[4026532001] (mid)
      `- 2 guest [21 2] (entered from outside, by 10 joiner)
         `- 3 child [22 3]
""", data, "--pid", "22")
        self.expect("""
pid:[4026531836] (init)
`- 1 init
   |- 10 joiner
   `- pid:[4026532001] (mid)
      `- pid:[4026532002] (in) (parent of its init: 10 joiner in pid:[4026531836])
         `- 1 in [30 4 1]
""", data, "--pid", "30,10")
        self.expect("""
pid:[4026531836] (init)
`- 1 init
   `- pid:[4026532001] (mid)
      |- 1 mid [20 1] (match)
      `- pid:[4026532002] (in) (parent of its init: 10 joiner in pid:[4026531836])
         `- 1 in [30 4 1] (match)
""", data, "--find", "1", "--ns", str(MIDDLE))
        self.expect("""
pid:[4026531836] (init), 3 processes, init 1
`- 1 init
   `- pid:[4026532001] (mid), 3 processes, init 20
      `- pid:[4026532002] (in), 1 process, init 30 (parent of its init: 10 joiner in\
 pid:[4026531836])
""", data, "--summary")

    def test_parent_of_an_init_that_is_not_there(self):
        spaces = [(MIDDLE, INITIAL_INODE, 1, 20), (INNER, INITIAL_INODE, 1, 30)]
        self.expect("""
pid:[4026531836] (init), 1 process
|- 1 init
|- pid:[4026532001] (mid), 1 process (parent of its init is outside)
|  `- 1 mid [20 1]
`- pid:[4026532002] (in), 1 process (parent of its init not seen)
   `- 1 in [30 1]
""", recording([(INITIAL_INODE, [1], 0, "init"), (MIDDLE, [20, 1], 0, "mid"),
                (INNER, [30, 1], 29, "in")], spaces))

    def test_kernel_threads(self):
        kernel = {"kthread": True}
        data = recording([(INITIAL_INODE, [1], 0, "init"),
                          (INITIAL_INODE, [2], 0, "kthreadd", kernel),
                          (INITIAL_INODE, [3], 2, "kworker", kernel),
                          (INITIAL_INODE, [40], 2, "helper"), (MIDDLE, [50, 1], 2, "odd")],
                         [(MIDDLE, INITIAL_INODE, 1, 50)])
        self.expect("""
pid:[4026531836] (init), 4 processes
|- 1 init
|- 40 helper
|- (2 kernel threads)
`- pid:[4026532001] (odd), 1 process (parent of its init: 2 kthreadd in pid:[4026531836])
   `- 1 odd [50 1]
""", data)
        self.expect("""
pid:[4026531836] (init), 4 processes
|- 1 init
`- 2 kthreadd
   |- 3 kworker
   |- 40 helper
   `- pid:[4026532001] (odd), 1 process
      `- 1 odd [50 1]
""", data, "-k")

    def test_on_the_way_to_a_namespace(self):
        """Members of the root are not shown, so its child is below it, without a mark."""
        self.expect("""
pid:[4026531836] (init), 1 process
`- pid:[4026532001] (mid), 1 process
   `- 1 mid [20 1]
""", recording([(INITIAL_INODE, [1], 0, "init"), (MIDDLE, [20, 1], 1, "mid")],
               [(MIDDLE, INITIAL_INODE, 1, 20)]), "--ns", str(MIDDLE))

    def test_circles_are_seen(self):
        """Each process appears once, whatever its parent is: 5 is its own parent, 6 to 8 are a
        circle, 9 is below it."""
        rows = [(INITIAL_INODE, [pid], parent, f"p{pid}")
                for pid, parent in ((1, 0), (4, 7), (5, 5), (6, 8), (7, 6), (8, 7), (9, 8))]
        lines = self.forest(recording(rows)).splitlines()
        self.assertEqual(sorted(line.split()[-2:] for line in lines[1:]),
                         sorted([str(pid), f"p{pid}"] for (_, (pid,), _, _) in rows))
        self.assertEqual("\n".join(lines) + "\n", """\
pid:[4026531836] (p1), 7 processes
|- 1 p1
|- 5 p5
`- 7 p7
   |- 4 p4
   `- 8 p8
      |- 6 p6
      `- 9 p9
""")

    def check_lines(self, path, want):
        """Compares line by line: a diff of long texts takes longer than all the rest."""
        with open(path, encoding="ascii") as lines:
            for number, (line, wanted) in enumerate(itertools.zip_longest(lines, want), 1):
                if line != f"{wanted}\n":
                    self.fail(f"line {number}: ...{str(line)[-60:]!r}, not ...{wanted!r:.60}")

    def test_20000_deep(self):
        """With a small stack. From column 64 on, lines grow no longer."""
        depth = 20000
        data = recording([(INITIAL_INODE, [pid], pid - 1, "p") for pid in range(1, depth + 1)])
        small = lambda: resource.setrlimit(resource.RLIMIT_STACK, (256 * 1024, 256 * 1024))
        path = self.directory() / "out"
        with open(path, "wb") as out:
            recorded = self.directory() / "recording"
            recorded.write_bytes(data)
            self.nstree("--load", str(recorded), "-t", "--style", "ascii", stdout=out,
                        preexec_fn=small)
        last = "   " * 63
        self.check_lines(path, ["pid:[4026531836] (p), 20000 processes",
                                *("   " * (pid - 1) + f"`- {pid} p" for pid in range(1, 64)),
                                f"{last}|- 64 p",
                                *(f"{last}|- {pid} p (child of {pid - 1})"
                                  for pid in range(65, depth)),
                                f"{last}`- {depth} p (child of {depth - 1})"])

    def test_branches_below_the_last_column(self):
        """All below 63 is one column: the order and the words say what is below what."""
        chain = [(INITIAL_INODE, [pid], pid - 1, "p") for pid in range(1, 67)]
        more = [(INITIAL_INODE, [70], 64, "a"), (INITIAL_INODE, [71], 63, "b"),
                (INITIAL_INODE, [72], 62, "c"), (INITIAL_INODE, [73], 71, "d"),
                (MIDDLE, [80, 1], 66, "init"), (MIDDLE, [81, 2], 80, "e"),
                (MIDDLE, [82, 3], 1, "f", {"entered": True}), (INNER, [83, 4, 1], 81, "g")]
        spaces = [(MIDDLE, INITIAL_INODE, 1, 80), (INNER, MIDDLE, 2, 83)]
        out = self.forest(recording(chain + more, spaces))
        before = "   " * 62
        self.assertEqual(out.splitlines()[62:], [
            before[:-3] + "`- 62 p", before + "|- 63 p",
            *(f"{before}|  {line}" for line in [
                "|- 64 p",
                "|- 65 p (child of 64)",
                "|- 66 p (child of 65)",
                "|- pid:[4026532001] (init), 3 processes (child of 66)",
                "|- 1 init [80 1] (in pid:[4026532001])",
                "|- 2 e [81 2] (child of 1)",
                "|- pid:[4026532002] (g), 1 process (child of 2)",
                "|- 1 g [83 4 1] (in pid:[4026532002])",
                "|- 3 f [82 3] (entered from outside, by 1 p) (in pid:[4026532001])",
                "|- 70 a (child of 64)",
                "|- 71 b",
                "`- 73 d (child of 71)"]),
            before + "`- 72 c"])

    def test_a_comb(self):
        """Each p has two children: the next p, and a q without any. (The time is linear.)"""
        depth = 10000
        data = recording([(INITIAL_INODE, [pid], pid - 1, "p") for pid in range(1, depth + 1)] +
                         [(INITIAL_INODE, [depth + pid], pid, "q") for pid in range(1, depth)])
        path = self.directory() / "out"
        path.write_text(self.forest(data))
        self.assertLess(path.stat().st_size, 400 * depth * 2)
        with open(path, encoding="ascii") as lines:
            names = [re.sub(r"^[^0-9]*", "", line) for line in lines][1:]
        self.assertEqual(len(names), 2 * depth - 1)
        self.assertEqual(names[depth], f"{2 * depth - 1} q (child of {depth - 1})\n")
        self.assertEqual(names[-1], f"{depth + 1} q\n")

    def test_conflicts(self):
        for other in ["--list"], ["--json"], ["--format", "dot"], ["--format", "mermaid"]:
            with self.subTest(other=other):
                self.nstree("--forest", *other, status=2)
                self.assertIn(" ".join(["--forest and", *other]).encode()
                              + b" cannot be used together", self.complaint)

    def test_what_keeps_a_namespace(self):
        """A namespace without members is below its parent, with the words of the tree."""
        data = json.loads(recording([(INITIAL_INODE, [1], 0, "init")],
                                    [(MIDDLE, INITIAL_INODE, 1, None)]))
        data["namespaces"][1]["keepers"] = [{"how": "fd", "pid": 1, "name": "in\"it", "fd": 7}]
        data = json.dumps(data).encode()
        held = '(no members) (held by fd 7 of 1 in"it)'
        self.expect(f"""
pid:[4026531836] (init), 1 process
|- 1 init
`- pid:[4026532001] {held}
""", data)
        path = self.directory() / "recording"
        path.write_bytes(data)
        for form, words in (("dot", held.replace('"', '\\"')),
                            ("mermaid", held.replace('"', "#34;"))):
            with self.subTest(form=form):
                self.assertIn(words, self.text("--load", str(path), "--format", form))
        colored = self.forest(data, "--color", "always")
        self.assertIn("\x1b[33m(held by fd 7 of 1 in\"it)\x1b[m", colored)
