# SPDX-License-Identifier: MIT
"""Output on a terminal: lines are cut at its width, and colours add no information."""
import json
import re

from common import INITIAL_INODE, MACHINES, Test, environment
from terminal import on_terminal

SGR = re.compile("\x1b\\[[0-9;]*m")
NAMES = ["plain", "a-name-of-15-by", "가나다라마", "e\u0301e\u0301e\u0301"]
# The lines of each style in 12 columns, by hand: 3 columns of glyphs, PID and blank.
UNCUT = ["pid:[4026531836] (plain), 4 processes", "|- 1 plain", "|- 2 a-name-of-15-by",
         "|- 3 가나다라마", "ㄴ 4 e\u0301e\u0301e\u0301"]
CUT = ["pid:[402653…", "|- 1 plain", "|- 2 a-name…", "|- 3 가나다…", "ㄴ 4 e\u0301e\u0301e\u0301"]
CUT_ASCII = ["pid:[4026...", "|- 1 plain", "|- 2 a-na...", "|- 3 가나...",
             "`- 4 e\u0301e\u0301e\u0301"]


def recording():
    return json.dumps({
        "schema": 1, "nstree": "0.1.0", "host": "h", "kernel": "6.18.0",
        "taken": "2026-11-22T05:50:11Z", "source": "procfs", "complete": True,
        "namespaces": [{"id": str(INITIAL_INODE), "ns": INITIAL_INODE, "parent": None, "level": 0,
                        "exact": True, "init": 1, "members": len(NAMES)}],
        "processes": [{"pid": pid, "ppid": int(pid > 1), "ns": str(INITIAL_INODE), "nspid": [pid],
                       "name": name, "state": "S", "uid": 0, "exact": True}
                      for pid, name in enumerate(NAMES, 1)]}).encode()


class Terminal(Test):
    def setUp(self):
        path = self.directory() / "recording"
        path.write_bytes(recording())
        self.load = ("--load", str(path))

    def lines(self, *args, **options):
        return SGR.sub("", on_terminal(self, *self.load, *args, **options)).splitlines()

    def test_cut(self):
        for want, args, columns, env in (
                (CUT, [], 12, {}),
                (CUT, ["--color", "never"], 12, {}),
                (CUT, [], 12, {"TERM": "dumb"}),
                (CUT, [], 12, {"LC_ALL": "C"}),
                (CUT, [], 12, {"LC_ALL": "POSIX"}),
                (CUT, [], 80, {"COLUMNS": "12"}),
                (CUT, [], 0, {"COLUMNS": "12"}),
                (CUT, [], 12, {"COLUMNS": "12x"}),
                (CUT, [], 12, {"COLUMNS": ""}),
                (CUT, [], 12, {"COLUMNS": "0"}),
                (CUT, [], 12, {"COLUMNS": "-5"}),
                (CUT, [], 12, {"COLUMNS": "99999999999999999999"}),
                (CUT_ASCII, ["--style", "ascii"], 12, {}),
                (UNCUT, [], 0, {}),  # a terminal that does not say
                (UNCUT, [], 37, {}),
                (UNCUT, ["--wide"], 12, {}),
                (UNCUT, ["-w"], 12, {"COLUMNS": "12"})):
            with self.subTest(args=args, columns=columns, env=env):
                self.assertEqual(self.lines(*args, columns=columns, **env), want)

    def test_forest_is_cut(self):
        self.assertEqual(self.lines("--forest", columns=12), [
            "pid:[402653…", "ㄴ 1 plain", "   |- 2 a-n…", "   |- 3 가…",
            "   ㄴ 4 e\u0301e\u0301e\u0301"])

    def test_one_too_few(self):
        self.assertEqual(self.lines(columns=36)[0], "pid:[4026531836] (plain), 4 process…")
        self.assertEqual(self.lines(columns=14)[3], "|- 3 가나다라…")
        self.assertEqual(self.lines(columns=15)[3], "|- 3 가나다라마")

    def test_what_programs_read_is_not_cut(self):
        for form in "list", "json", "dot", "mermaid":
            with self.subTest(form=form):
                self.assertEqual(on_terminal(self, *self.load, "--format", form, columns=12),
                                 self.text(*self.load, "--format", form))

    def test_pipes(self):
        """watch(1) reads from a pipe and sets COLUMNS; else nothing says how wide a pipe is."""
        for want, args, columns in ((UNCUT, [], None), (CUT, [], "12"), (UNCUT, [], "12x"),
                                    (UNCUT, [], ""), (UNCUT, ["--wide"], "12")):
            with self.subTest(args=args, columns=columns):
                env = environment(TERM="xterm", **({"COLUMNS": columns} if columns else {}))
                self.assertEqual(self.text(*self.load, *args, env=env).splitlines(), want)
        for form in "list", "json", "dot", "mermaid":
            env = environment(COLUMNS="12")
            self.assertEqual(self.text(*self.load, "--format", form, env=env),
                             self.text(*self.load, "--format", form))

    def test_a_full_line_of_colour_is_closed(self):
        for line in on_terminal(self, *self.load, columns=8).splitlines():
            self.assertEqual(SGR.findall(line)[-1:] or ["\x1b[m"], ["\x1b[m"], repr(line))


class Colors(Test):
    """On the recorded machine with all that is rare."""

    JOINED = ("--proc", MACHINES["joined"])

    def test_colors_only_add(self):
        for args in [], ["--forest"], ["--summary"], ["--find", "300"], ["--pid", "2110"]:
            with self.subTest(args=args):
                colored = self.text(*self.JOINED, *args, "--color", "always")
                self.assertNotEqual(colored, SGR.sub("", colored))
                self.assertEqual(SGR.sub("", colored), self.text(*self.JOINED, *args))

    def test_each_has_its_own(self):
        text = self.text(*self.JOINED, "--find", "7", "--color", "always")
        all_words = (r"pid:\[4026531836\]", "host joined", "7",
                     r"\(entered from outside, by 500 dockerd\)")
        found = [re.search("(\x1b\\[[0-9;]+m)" + words + "\x1b\\[m", text)
                 for words in all_words]
        self.assertNotIn(None, found)
        self.assertEqual(len({match[1] for match in found}), 4)

    def test_never_in_formats_for_programs(self):
        for form in "list", "json", "dot", "mermaid":
            self.assertNotIn("\x1b", self.text(*self.JOINED, "--format", form, "--color", "always"))
