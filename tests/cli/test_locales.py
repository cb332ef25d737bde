# SPDX-License-Identifier: MIT
"""The output in real locales, byte by byte. The test makes them in a directory of its own (LOCPATH,
locale(7)). The expectations follow from what nstree(1) says of LC_ALL and of names.
"""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

from common import INITIAL_INODE, NSTREE, Test, environment
from terminal import on_terminal

SH, DEAD = 4026532001, 4026532002
HANGUL = "가나다라마"  # 15 bytes, the longest name
LOCALES = {"ko_KR": "EUC-KR", "ko_KR.EUC-KR": "EUC-KR", "ko_KR.UTF-8": "UTF-8"}

# The tree in UTF-8; also where the locale names no charset, as bytes that pass through.
AS_UTF_8 = """\
pid:[4026531836] (처음), 6 processes
|- 1 처음
|- 2 가나다라마
|- 3 a…b\u00e9
|- 4 \\x1b[1mㄴ\\u202e
|- 5 \\xb0\\xa1
|- 6 back\\\\slash
|- pid:[4026532001] (안녕), 2 processes
|  |- 1 안녕 [10 1]
|  ㄴ 7 ls [11 7] (zombie)
ㄴ pid:[4026532002] (z), 1 process
   ㄴ 1 z [12 1]
"""
# In ASCII, other characters appear as code points. U+AC00 is 가, U+B098 나, U+B2E4 다, U+B77C 라,
# U+B9C8 마, U+CC98 처, U+C74C 음, U+C548 안, U+B155 녕, U+2026 …, U+3134 ㄴ, U+E9 é.
AS_ASCII = """\
pid:[4026531836] (\\ucc98\\uc74c), 6 processes
|- 1 \\ucc98\\uc74c
|- 2 \\uac00\\ub098\\ub2e4\\ub77c\\ub9c8
|- 3 a\\u2026b\\u00e9
|- 4 \\x1b[1m\\u3134\\u202e
|- 5 \\xb0\\xa1
|- 6 back\\\\slash
|- pid:[4026532001] (\\uc548\\ub155), 2 processes
|  |- 1 \\uc548\\ub155 [10 1]
|  `- 7 ls [11 7] (zombie)
`- pid:[4026532002] (z), 1 process
   `- 1 z [12 1]
"""


def namespace(inode, parent, init, members):
    return {"id": str(inode), "ns": inode, "parent": parent and str(parent), "exact": True,
            "level": int(parent is not None), "init": init, "members": members}


def process(inode, name, *nspid, **more):
    return {"pid": nspid[0], "ppid": 0 if nspid == (1,) else 1 if nspid[-1] == 1 else 10,
            "ns": str(inode), "nspid": list(nspid), "name": name, "state": "S", "uid": 0,
            "exact": True, **more}


RECORDING = {
    "schema": 1, "nstree": "0.1.0", "host": "h", "kernel": "6.18.0",
    "taken": "2026-11-22T05:50:11Z", "source": "procfs", "complete": True,
    "namespaces": [namespace(INITIAL_INODE, None, 1, 6), namespace(SH, INITIAL_INODE, 10, 2),
                   namespace(DEAD, INITIAL_INODE, 12, 1)],
    "processes": [process(INITIAL_INODE, "처음", 1), process(INITIAL_INODE, HANGUL, 2),
                  process(INITIAL_INODE, "a…b\u00e9", 3),
                  process(INITIAL_INODE, "\x1b[1mㄴ\u202e", 4),
                  # 가 in EUC-KR, which is not UTF-8.
                  process(INITIAL_INODE, "\ufffd\ufffd", 5, name_hex="b0a1"),
                  process(INITIAL_INODE, "back\\slash", 6),
                  process(SH, "안녕", 10, 1), process(SH, "ls", 11, 7, state="Z"),
                  process(DEAD, "z", 12, 1)],
}


def make_locales(folder):
    """Returns why they cannot be made, or None."""
    if b"MUSL_LOCPATH" in pathlib.Path(shutil.which(NSTREE[-1])).read_bytes():
        return "musl knows no charset but UTF-8"
    if not shutil.which("localedef"):
        return "there is no localedef(1)"
    for name, charset in LOCALES.items():
        made = subprocess.run(["localedef", "-i", "ko_KR", "-f", charset, f"{folder}/{name}"],
                              capture_output=True, text=True, check=False,
                              env=environment(LC_ALL="C"))
        if not os.path.exists(f"{folder}/{name}/LC_CTYPE"):
            words = made.stderr.strip().splitlines() or ["no locale was made"]
            return f"localedef -i ko_KR -f {charset}: {words[0]}"
        # Else the test would only see the behaviour of an unknown locale.
        loaded = subprocess.run(["locale", "charmap"], stdout=subprocess.PIPE, text=True,
                                check=True, env=environment(LC_ALL=name, LOCPATH=folder))
        if loaded.stdout.strip() != charset:
            return f"{name} is made, but its charset is {loaded.stdout.strip()}"
    return None


class Locales(Test):
    @classmethod
    def setUpClass(cls):
        cls.locales = tempfile.TemporaryDirectory(prefix="nstree-test-")
        cls.addClassCleanup(cls.locales.cleanup)
        cls.why_not = make_locales(cls.locales.name)

    def setUp(self):
        if self.why_not:
            self.skipTest(self.why_not)
        self.recording = self.directory() / "recording"
        self.recording.write_text(json.dumps(RECORDING), encoding="utf-8")

    def env(self, **variables):
        return {"LC_ALL": None, "LOCPATH": self.locales.name, **variables}

    def printed(self, *args, **variables):
        return self.nstree("--load", str(self.recording), *args,
                           env=environment(**self.env(**variables)))

    CASES = [
        ({}, AS_UTF_8),
        ({"LC_ALL": "C"}, AS_UTF_8),
        ({"LC_ALL": "POSIX"}, AS_UTF_8),
        ({"LC_ALL": "ko_KR.UTF-8"}, AS_UTF_8),
        ({"LANG": "ko_KR.UTF-8"}, AS_UTF_8),
        ({"LANG": "ko_KR.EUC-KR"}, AS_ASCII),
        ({"LC_ALL": "ko_KR.EUC-KR"}, AS_ASCII),
        ({"LANG": "ko_KR.euckr"}, AS_ASCII),
        ({"LANG": "ko_KR"}, AS_ASCII),  # names no charset; the locale itself has one
        ({"LC_CTYPE": "ko_KR", "LANG": "ko_KR.UTF-8"}, AS_ASCII),
        ({"LC_ALL": "C", "LANG": "ko_KR.EUC-KR"}, AS_UTF_8),
        ({"LC_ALL": "ko_KR.UTF-8", "LANG": "ko_KR.EUC-KR"}, AS_UTF_8),
    ]

    def test_tree(self):
        for variables, want in self.CASES:
            with self.subTest(variables):
                self.assertEqual(self.printed(**variables).decode("utf-8"), want)
                self.assertEqual(want.isascii(), want is AS_ASCII)

    def test_for_programs(self):
        """JSON is UTF-8 in every locale; lists have the names of the tree."""
        json_text = self.printed("--json", LC_ALL="C.UTF-8")
        self.assertIn(HANGUL.encode(), json_text)
        self.assertEqual(self.printed("--json", LC_ALL="ko_KR.EUC-KR"), json_text)
        for variables, name in (({"LC_ALL": "ko_KR.EUC-KR"}, r"\uac00\ub098\ub2e4\ub77c\ub9c8"),
                                ({"LC_ALL": "ko_KR.UTF-8"}, HANGUL), ({"LC_ALL": "C"}, HANGUL)):
            listed = self.printed("--list", **variables).decode().splitlines()
            self.assertEqual(listed[1], f"{INITIAL_INODE} - 0 2 2 {name}")

    def test_cut_at_80_columns(self):
        """A Hangul syllable is two columns wide. As a code point it is six."""
        processes = [{**each, "args": "x" * (each["pid"] - 1) + "가" * 40}
                     for each in RECORDING["processes"]]
        self.recording.write_text(json.dumps({**RECORDING, "processes": processes}),
                                  encoding="utf-8")
        code = r"\uac00"
        # 2: glyphs 3, `2 ` 2, x 1, 36 of 40 syllables 72; one more leaves no room for the ellipsis.
        # 3: one x more, and 36 still fit: 79. 6: five x, and 34 fit.
        want = {2: "|- 2 x" + "가" * 36 + "…", 3: "|- 3 xx" + "가" * 36 + "…",
                6: "|- 6 xxxxx" + "가" * 34 + "…"}
        ascii_want = {pid: ("|- %d %s" % (pid, "x" * (pid - 1)) + code * 40)[:77] + "..."
                      for pid in want}
        for expected, variables in ((want, {"LC_ALL": "ko_KR.UTF-8"}), (want, {"LC_ALL": "C"}),
                                    (ascii_want, {"LC_ALL": "ko_KR.EUC-KR"}),
                                    (ascii_want, {"LANG": "ko_KR"})):
            with self.subTest(variables):
                lines = on_terminal(self, "--load", str(self.recording), "--args", "--color",
                                    "never", columns=80, **self.env(**variables)).splitlines()
                for pid, line in expected.items():
                    self.assertEqual(lines[pid], line)

    def test_usage_error(self):
        """The message quotes the argument in the charset of the terminal."""
        for variables, shown in (({"LC_ALL": "ko_KR.UTF-8"}, "가"), ({"LC_ALL": "C"}, "가"),
                                 ({"LC_ALL": "ko_KR.EUC-KR"}, r"\uac00")):
            self.nstree("--pid", "가", status=2, env=environment(**self.env(**variables)))
            self.assertIn(f"'{shown}'", self.complaint.decode())
