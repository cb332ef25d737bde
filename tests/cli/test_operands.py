# SPDX-License-Identifier: MIT
"""Arguments that are wrong or name nothing."""
import os
import resource
import tempfile

from common import MACHINES, Test

DOCKER = ("--proc", MACHINES["docker-desktop"])


class Usage(Test):
    def check_usage(self, *args, naming):
        """Refused before anything is read, with a message that quotes the argument."""
        self.nstree(*args, status=2)
        for text in [naming] if isinstance(naming, str) else naming:
            self.assertIn(text, self.complaint.decode())

    def test_bad_numbers(self):
        for text in ("12x", "x12", "", "-1", "+1", "0", "00", "0x10", "1e3", "1.0",
                     "１", "4194304", "4294967297", "18446744073709551617", "99999999999999999999"):
            for option in "--pid", "--find", "-p", "-f":
                with self.subTest(option=option, text=text):
                    self.check_usage(*DOCKER, option, text, naming=f"'{text}'")
            with self.subTest("--pid=", text=text):
                self.check_usage(*DOCKER, f"--pid={text}", naming=f"'{text}'")

    def test_bad_number_in_a_list(self):
        for text, bad in (("1,,2", ""), (",1", ""), ("1,12x,2", "12x"), ("1 2x", "2x"),
                          ("1,0", "0"), (",", "")):
            for option in "--pid", "--find":
                with self.subTest(option=option, text=text):
                    self.check_usage(*DOCKER, option, text, naming=f"'{bad}'")
        for text, bad in ("1,,2", ""), ("1,", ""), (",1", ""), ("1,0", "0"), (",", ""):
            with self.subTest(option="--ns", text=text):
                self.check_usage(*DOCKER, "--ns", text, naming=f"'{bad}'")

    def test_standard_input(self):
        """pgrep ends its lines, nvidia-smi can part with a comma and a blank."""
        want = self.nstree(*DOCKER, "--list", "--pid", "251599,1")
        def feed(text):
            file = tempfile.TemporaryFile()
            self.addCleanup(file.close)
            file.write(text)
            file.seek(0)
            return file

        for text in b"1\n251599\n", b"1, 251599", b"\n251599,\n1,\n":
            with self.subTest(text):
                self.assertEqual(self.nstree(*DOCKER, "-l", "-p", "-", stdin=feed(text)), want)
        for text, naming in (b"", "no PID"), (b"1\0", "NUL"), (b"1 2x", "'2x'"):
            with self.subTest(text):
                self.nstree(*DOCKER, "-p", "-", stdin=feed(text), status=2)
                self.assertIn(naming, self.complaint.decode())
        self.check_usage("--load", "-", "-p", "-", naming="--pid")

    def test_bad_namespaces(self):
        for text in ("", "0", "-1", "4294967296", "99999999999999999999", "pid:[]",
                     "pid:[12x]", "pid:[0]", "pid:[4294967296]", "pid:[4026531836",
                     "net:[4026531840]", "user:[4026531837]", "[4026531836]"):
            with self.subTest(text):
                self.check_usage(*DOCKER, "--ns", text, naming=f"'{text}'")

    def test_links_and_files_that_are_no_pid_namespace(self):
        for path in "/proc/self/ns/net", "/proc/self/ns/user", "/etc/passwd", "/", "/dev/null":
            with self.subTest(path):
                self.check_usage("--ns", path, naming=f"'{path}'")

    def test_conflicts(self):
        for first, second in ((["--find", "1"], ["--pid", "1"]),
                              (["--load", "/dev/null"], ["--proc", "/proc"]),
                              (["--load", "/dev/null"], ["--source", "procfs"]),
                              (["--summary"], ["--pid", "1"]),
                              (["--summary"], ["--find", "1"])):
            for args in [*first, *second], [*second, *first]:
                with self.subTest(args=args):
                    self.check_usage(*args, naming=[first[0], second[0]])

    def test_two_formats(self):
        for args in (["--list", "--json"], ["-Jl"], ["--json", "--format", "tree"],
                     ["--format=list", "--format=json"]):
            with self.subTest(args=args):
                self.check_usage(*args, naming="formats")
        self.assertEqual(self.nstree(*DOCKER, "--list", "--format", "list", "-l"),
                         self.nstree(*DOCKER, "--list"))

    def test_unknown_options(self):
        for args, naming in ((["--nonsense"], "'--nonsense'"), (["--nonsense=1"], "'--nonsense"),
                             (["-Z"], "'-Z'"), (["-sZ"], "'-Z'"), (["--p", "1"], "'--p'"),
                             (["--json=1"], "'--json=1'"), (["--help=1"], "'--help=1'")):
            with self.subTest(args=args):
                self.check_usage(*args, naming=naming)

    def test_missing_values(self):
        for option in "--pid", "--ns", "--find", "--format", "--style", "--proc", "--load":
            with self.subTest(option):
                self.check_usage(option, naming=f"'{option}'")
        for letter in "pnf":
            with self.subTest(letter):
                self.check_usage(f"-{letter}", naming=[f"-{letter}", "value"])

    def test_unknown_words(self):
        for option in "--format", "--style", "--color", "--source":
            for word in "nonsense", "", "treee", "TREE":
                with self.subTest(option=option, word=word):
                    self.check_usage(f"{option}={word}", naming=[option, f"'{word}'"])

    def test_operands(self):
        for args in [""], ["web", ""], ["0"], ["99999999999999999999"], ["00"]:
            with self.subTest(args=args):
                self.check_usage(*DOCKER, *args, naming=f"'{args[-1]}'")

    def test_messages_are_one_harmless_line(self):
        """Also if the argument would harm a terminal."""
        hostile = "\x1b[31m\nnstree: all is well\x9b\u202e"
        for option in "--pid", "--ns", "--find", "--load", "--proc", "--style", f"--{hostile}":
            with self.subTest(option):
                self.nstree(option, hostile, status=2)
                self.assertNotRegex(self.complaint.decode(), "[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]")
        self.nstree(b"--load", b"/nowhere/\xff\xfe", status=2)
        self.assertIn(rb"/nowhere/\xff\xfe", self.complaint)


class Missing(Test):
    """Exit status 1. If nothing was found, nothing is printed."""

    def test_nothing_is_there(self):
        for args, naming in ((["--pid", "4194303"], "4194303"), (["--find", "4194303"], "4194303"),
                             (["--ns", "1"], "1"), (["--ns", "pid:[4026531840]"], "4026531840"),
                             (["--ns", "/nowhere/ns/pid"], "/nowhere/ns/pid"),
                             (["--ns", "4026532375", "--pid", "251599"], "251599"),
                             (["--pid", "220313"], "220313")):
            for form in [], ["--list"], ["--json"]:
                with self.subTest(args=args, form=form):
                    self.assertEqual(self.nstree(*DOCKER, *args, *form, status=1), b"")
                    self.assertIn(naming, self.complaint.decode())

    def test_some_of_it_is_there(self):
        found = self.nstree(*DOCKER, "--pid", "251599")
        self.assertEqual(found.count(b"\n"), 10)
        self.assertEqual(self.nstree(*DOCKER, "--pid", "251599,4194303", status=1), found)
        self.assertIn(b"4194303", self.complaint)
        found = self.nstree(*DOCKER, "--ns", "4026532496")
        self.assertEqual(self.nstree(*DOCKER, "--ns", "1,4026532496", status=1), found)


class Details(Test):
    def test_a_process_and_what_its_namespace_shares(self):
        """-v of one process knows a namespace that is not above it."""
        path = self.directory()
        for pid, nspid, ns, net in (1, "1", 4026531836, 2), (50, "50\t1", 4026532050, 9), \
                                   (60, "60\t1", 4026532060, 9):
            links = path / str(pid) / "ns"
            links.mkdir(parents=True)
            (path / str(pid) / "status").write_text(
                f"Name:\tp{pid}\nState:\tS (sleeping)\nTgid:\t{pid}\nPid:\t{pid}\n"
                f"PPid:\t{pid > 1:d}\nUid:\t0\t0\t0\t0\nNSpid:\t{nspid}\nThreads:\t1\n")
            (links / "pid").symlink_to(f"pid:[{ns}]")
            (links / "net").symlink_to(f"net:[{net}]")
        lines = self.text("--proc", path, "--no-labels", "-v", "--pid", "60").splitlines()
        self.assertEqual(lines[2], "ㄴ pid:[4026532060] (p60) (net shared with pid:[4026532050])")


class NoProcfs(Test):
    """--proc on something else: exit 2, with any other options."""

    def check(self, proc, naming=""):
        for args in [], ["--pid", "1"], ["--json"], ["--find", "1"], ["--ns", "4026531836"]:
            with self.subTest(proc=str(proc), args=args):
                self.nstree("--proc", proc, *args, status=2)
                self.assertIn(os.fspath(proc), self.complaint.decode())
                self.assertIn(naming, self.complaint.decode())

    def test_nothing_there(self):
        self.check(self.directory() / "nothing", "No such file or directory")

    def test_no_name(self):
        self.check("", "--proc: ''")

    def test_file(self):
        path = self.directory() / "file"
        path.write_text("1")
        self.check(path, "Not a directory")

    def test_empty_directory(self):
        self.check(self.directory())

    def test_directory_of_other_things(self):
        path = self.directory()
        (path / "file").write_text("")
        (path / "nothing-with-12").mkdir()
        self.check(path)

    def test_directories_that_are_no_processes(self):
        path = self.directory()
        (path / "1").mkdir()
        (path / "12").mkdir()
        self.check(path)

    def test_status_that_is_none(self):
        for text in "", "nonsense", "Name:\tinit\n", "\0" * 5000, "NSpid:\t1\n":
            path = self.directory()
            (path / "1").mkdir()
            (path / "1" / "status").write_text(text)
            self.check(path)

    def test_processes_that_ended_while_they_were_read(self):
        """The kernel then writes 0 for the PIDs that they have lost: all, or the later ones."""
        path = self.directory()
        form = ("Name:\tinit\nState:\t{}\nTgid:\t{}\nPid:\t{}\nPPid:\t0\nUid:\t0\t0\t0\t0\n"
                "NStgid:\t{}\nNSpid:\t{}\nKthread:\t0\nThreads:\t0\n")
        for pid, state, tgid, nspid in ((1, "S (sleeping)", 1, "1"),
                                        (7138, "X (dead)", 0, "0\t0"),
                                        (14595, "X (dead)", 14595, "0\t0\t0"),
                                        (14596, "X (dead)", 14596, "14596\t0\t0")):
            (path / str(pid)).mkdir()
            (path / str(pid) / "status").write_text(form.format(state, tgid, pid, nspid, nspid))
        (path / "1" / "ns").mkdir()
        (path / "1" / "ns" / "pid").symlink_to("pid:[4026531836]")
        self.assertRegex(self.text("--proc", path, "--list"), r"\A4026531836 - 0 1 1 init\n\Z")

    def test_no_descriptor_left(self):
        def few():
            resource.setrlimit(resource.RLIMIT_NOFILE, (4, 4))
        self.nstree(*DOCKER, status=2, preexec_fn=few)
        self.assertRegex(self.complaint, b"Too many open files|"  # glibc's words, musl's words
                                         b"No file descriptors available")
