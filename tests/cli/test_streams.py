# SPDX-License-Identifier: MIT
"""Where the output goes: full disks, closed streams, readers that go away, terminals, locales."""
import os
import re
import shutil
import subprocess
import tempfile

from common import MACHINES, NSTREE, Test, environment
from terminal import on_terminal

DOCKER = ("--proc", MACHINES["docker-desktop"])
HOSTILE = ("--proc", MACHINES["joined"])
FORMATS = [["--format", "tree"], ["--list"], ["--json"], ["--summary"], ["--pid", "251599"]]
EVERYTHING = [*([*DOCKER, *form] for form in FORMATS), ["--help"], ["--version"]]


def closing(*fds):
    """For preexec_fn: like `<&- >&- 2>&-`."""
    def close():
        for fd in fds:
            os.close(fd)
    return close


class Output(Test):
    def test_full_disk(self):
        for args in EVERYTHING:
            with self.subTest(args=args), open("/dev/full", "wb") as full:
                self.nstree(*args, status=2, stdout=full)
                self.assertIn(b"standard output: No space left on device", self.complaint)

    def test_closed(self):
        for args in EVERYTHING:
            with self.subTest(args=args):
                self.nstree(*args, status=2, stdout=None, preexec_fn=closing(1))
                self.assertIn(b"standard output: Bad file descriptor", self.complaint)

    def test_reader_that_went_away(self):
        for args in EVERYTHING:
            with self.subTest(args=args):
                out, end = os.pipe()
                os.close(out)
                try:
                    self.nstree(*args, stdout=end)
                finally:
                    os.close(end)

    def test_reader_that_went_away_is_no_excuse(self):
        """The exit status is still 1 if something was not found."""
        out, end = os.pipe()
        os.close(out)
        self.nstree(*DOCKER, "--pid", "251599,4194303", stdout=end, status=1)
        os.close(end)

    def test_reader_that_takes_one_line(self):
        if not shutil.which("bash"):
            self.skipTest("no bash for its pipefail")
        words = ['set -o pipefail; "$@" | head -n 1', "bash", *NSTREE, *DOCKER, "--kthreads"]
        done = subprocess.run(["bash", "-c", *words], capture_output=True, env=environment(),
                              check=False)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertEqual(done.stdout.count(b"\n"), 1)

    def test_help_and_version_are_output(self):
        self.assertRegex(self.text("--version"), r"\Anstree \d+\.\d+\.\d+ \((no )?bpf\)\n\Z")
        self.assertEqual(self.text("-V"), self.text("--version"))
        for option in "--pid", "--ns", "--find", "--json", "--load", "--strict", "--help":
            self.assertIn(f" {option}", self.text("--help"))
        self.assertEqual(self.text("-h"), self.text("--help"))

    def test_with_other_streams_closed(self):
        """Then the files that it opens get their numbers. It must not read or write those."""
        expected = self.nstree(*DOCKER)
        for fds in (0,), (2,), (0, 2):
            with self.subTest(fds=fds):
                self.assertEqual(self.nstree(*DOCKER, stdin=None, preexec_fn=closing(*fds)),
                                 expected)
        with self.subTest("nothing open"):
            done = subprocess.run([*NSTREE, *DOCKER], preexec_fn=closing(0, 1, 2), check=False,
                                  env=environment())
            self.assertEqual(done.returncode, 2)
        with self.subTest("a complaint that nobody hears"):
            done = subprocess.run([*NSTREE, "--pid", "x"], preexec_fn=closing(2), check=False,
                                  stdout=subprocess.PIPE, env=environment())
            self.assertEqual((done.returncode, done.stdout), (2, b""))

    def test_few_descriptors(self):
        """With too few (ulimit -n) nstree fails, or says that something is missing."""
        args = [*DOCKER, "--summary"]
        whole = self.nstree(*args)
        self.assertIn(b" docker 013853d881b7", whole)
        for n in range(4, 16):
            done = subprocess.run(["sh", "-c", f'ulimit -n {n}; exec "$@"', "sh", *NSTREE, *args],
                                  capture_output=True, env=environment(), check=False)
            if done.returncode == 0 and done.stdout != whole:
                with self.subTest(n=n):
                    self.assertRegex(done.stderr, rb"\Anstree: \d+ reads? failed for want of "
                                                  rb"descriptors or memory\n\Z")

    def test_complaints_do_not_reach_a_file_that_was_opened(self):
        """If standard output and error are closed, no opened file takes their place."""
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"not a recording")
            file.flush()
            done = subprocess.run([*NSTREE, "--load", file.name], preexec_fn=closing(0, 1, 2),
                                  check=False, env=environment())
            self.assertEqual(done.returncode, 2)
            with open(file.name, "rb") as again:
                self.assertEqual(again.read(), b"not a recording")


class Color(Test):
    def on_terminal(self, *args, **env):
        text = on_terminal(self, *DOCKER, "--pid", "251599", *args, **env)
        self.assertIn("251599", text)
        return text

    def test_on_a_terminal(self):
        for colored, args, env in (
                (True, [], {}),
                (True, ["--color", "auto"], {}),
                (True, [], {"NO_COLOR": ""}),  # no-color.org: when present and not empty
                (False, [], {"NO_COLOR": "1"}),
                (False, [], {"NO_COLOR": "0"}),
                (False, [], {"TERM": "dumb"}),
                (False, [], {"TERM": ""}),
                (False, ["--color", "never"], {}),
                (True, ["--color", "always"], {"NO_COLOR": "1"}),
                (False, ["--list"], {}),
                (False, ["--json"], {})):
            with self.subTest(args=args, env=env):
                self.assertEqual("\x1b[" in self.on_terminal(*args, **env), colored)

    def test_in_a_pipe(self):
        env = environment(TERM="xterm")
        for form in FORMATS:
            for args in [], ["--color", "auto"], ["--color=never"]:
                with self.subTest(form=form, args=args):
                    self.assertNotIn(b"\x1b", self.nstree(*DOCKER, *form, *args, env=env))
            with self.subTest(form=form, args="always"):
                text = self.nstree(*DOCKER, *form, "--color", "always", env=env)
                machine = form[0] in ("--list", "--json")
                self.assertEqual(b"\x1b[" in text, not machine)
                text = self.nstree(*DOCKER, *form, "--color", env=env)
                self.assertEqual(b"\x1b[" in text, not machine)

    def test_only_color_is_added(self):
        colored = self.nstree(*DOCKER, "--color", "always")
        self.assertEqual(re.sub(rb"\x1b\[[0-9;]*m", b"", colored), self.nstree(*DOCKER))


class Locale(Test):
    LOCALES = [
        ("hangul", {}),
        ("hangul", {"LC_ALL": "C"}),
        ("hangul", {"LC_ALL": "POSIX"}),
        ("hangul", {"LANG": "en_US.UTF-8"}),
        ("hangul", {"LANG": "ko_KR.utf8"}),
        ("hangul", {"LANG": "C.UTF-8@euro"}),
        ("ascii", {"LANG": "ko_KR.EUC-KR"}),
        ("ascii", {"LC_CTYPE": "ru_RU.KOI8-R", "LANG": "en_US.UTF-8"}),
        ("ascii", {"LC_ALL": "de_DE.ISO-8859-1@euro", "LANG": "C"}),
        ("hangul", {"LC_ALL": "ko_KR.UTF-8", "LC_CTYPE": "ko_KR.EUC-KR", "LANG": "ko_KR.EUC-KR"}),
        ("ascii", {"LC_ALL": "", "LANG": "ko_KR.EUC-KR"}),
        ("hangul", {"LC_ALL": "", "LC_CTYPE": "", "LANG": "C"}),
    ]

    @staticmethod
    def in_another_charset(text):
        """Labels are text of others: the fixture has a name that was cut."""
        return text.replace("…".encode(), rb"\u2026")

    def test_style_by_locale(self):
        styles = {style: self.nstree(*DOCKER, "--style", style)
                  for style in ("hangul", "unicode", "ascii")}
        self.assertEqual(len(set(styles.values())), 3)
        self.assertIn("ㄴ ".encode(), styles["hangul"])
        self.assertIn("└─ ".encode(), styles["unicode"])
        self.assertIn(b"`- ", styles["ascii"])
        styles["ascii"] = self.in_another_charset(styles["ascii"])
        for style, variables in self.LOCALES:
            with self.subTest(variables=variables):
                env = environment(**{"LC_ALL": None, **variables})
                self.assertEqual(self.nstree(*DOCKER, env=env), styles[style])
                self.assertEqual(self.nstree(*DOCKER, "--style", "auto", env=env), styles[style])

    def test_style_that_was_asked_for(self):
        env = environment(LC_ALL=None, LANG="ko_KR.EUC-KR")
        for style in "hangul", "unicode", "ascii":
            with self.subTest(style):
                self.assertEqual(self.nstree(*DOCKER, "--style", style, env=env),
                                 self.in_another_charset(self.nstree(*DOCKER, "--style", style)))

    def test_nothing_but_ascii_for_another_charset(self):
        for form in FORMATS[:2]:
            text = self.nstree(*HOSTILE, *form, env=environment(LC_ALL="ko_KR.EUC-KR"))
            self.assertNotRegex(text, rb"[\x80-\xff]")


class Hostile(Test):
    """Names that their owners chose to harm the reader, in the fixture `joined`."""

    FORMS = [[], ["--list"], ["--json"], ["--summary"], ["--args"], ["--ns", "4026532500"],
             ["--pid", "2200,2201,2202,2203,2204,2205"], ["--find", "20,21,22,23,24,25"]]

    def test_nothing_raw(self):
        for form in self.FORMS:
            for env in {}, {"LC_ALL": "C"}, {"LC_ALL": "ko_KR.EUC-KR"}:
                with self.subTest(form=form, env=env):
                    text = self.text(*HOSTILE, *form, env=environment(**env))
                    self.assertIn("4026532500", text)
                    self.assertNotRegex(
                        text, "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufffe]")

    def test_shown_in_words(self):
        text = self.text(*HOSTILE)
        for number, name in ((20, r"two\nlines"), (21, r"\x1b[31mred\x1b[0m"),
                             (22, r"bad\xff\xfe\xc3"), (23, r"a\u202etxt.exe"),
                             (24, r"back\\slash\\n"), (25, r"c1\u009b31m\ttab\r\x7f")):
            with self.subTest(name):
                self.assertIn(f" {number} {name} [", text)
