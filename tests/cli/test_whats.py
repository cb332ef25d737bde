# SPDX-License-Identifier: MIT
"""Operands without an option, containers in --ns, --quiet and --nested, on recorded machines."""
import json

from common import MACHINES, Test

ENGINES = "--proc", MACHINES["engines"]
SHARED = "--proc", MACHINES["shared"]
DOCKER = "--proc", MACHINES["docker-desktop"]
# The container of a docker run --pid=host: its first process, its second, and the init of a
# namespace that the second made.
SHARER = "2bf7043bca47"


class Whats(Test):
    def same(self, source, what, *options, stderr=b""):
        """WHAT is a short form of these options."""
        for form in [], ["--list"], ["--json"], ["--format", "mermaid"]:
            with self.subTest(what=what, form=form):
                got, want = (self.text(*source, *form, *words, stderr=said)
                             for words, said in (([what], stderr), (options, b"")))
                self.assertEqual(got.partition('"namespaces"')[2] or got,
                                 want.partition('"namespaces"')[2] or want)

    def test_forms(self):
        self.same(DOCKER, "251599", "--pid", "251599")
        self.same(DOCKER, "4026532257:3059", "--ns", "4026532257", "--pid", "3059")
        self.same(DOCKER, "013853d881b7:13", "--ns", "4026532375", "--pid", "13")
        self.same(DOCKER, "docker-desktop", "--ns", "4026532496")
        self.same(DOCKER, "wsl:docker-desktop", "--ns", "4026532496")
        self.same(ENGINES, "db", "--ns", "4026532860")
        self.same(ENGINES, "podman db", "--ns", "4026532860")
        self.same(ENGINES, "6b4d", "--ns", "4026532860")
        self.same(ENGINES, "LXC lxcweb", "--ns", "4026532900")
        self.same(ENGINES, "of=26069", "--ns", "4026532860")
        self.same(ENGINES, "catatonit", "--pid", "26142")
        self.same(ENGINES, SHARER, "--pid", "25870,25880,25881")

    def test_a_number_is_said_what_it_was_taken_for(self):
        self.same(DOCKER, "220313", "--find", "220313",
                  stderr=b"nstree: no process 220313: taken for a PID at another level, as --find "
                         b"220313\n")
        self.same(DOCKER, "4026532496", "--ns", "4026532496",
                  stderr=b"nstree: no process 4026532496: taken for the namespace "
                         b"pid:[4026532496]\n")

    def test_containers_in_ns(self):
        for name in "db", "podman:db", "6b4df4891334", "of=26069":
            with self.subTest(name):
                self.assertEqual(self.text(*ENGINES, "--ns", name),
                                 self.text(*ENGINES, "--ns", "4026532860"))
        self.assertEqual(self.text(*ENGINES, "--ns", "db", "--pid", "1"),
                         self.text(*ENGINES, "--pid", "26069"))
        self.assertEqual(self.text(*ENGINES, "--ns", "db,lxcweb"),
                         self.text(*ENGINES, "--ns", "4026532900,4026532860"))

    def test_several_add_up(self):
        self.assertEqual(self.text(*ENGINES, "db", SHARER), """\
pid:[4026531836] host lab, 13 processes
|- 25870 sleep (docker 2bf7043bca47)
|- 25880 unshare (docker 2bf7043bca47)
|- 25881 sleep
|- pid:[4026532850] unshare sleep, 1 process (in docker 2bf7043bca47)
|  ㄴ 1 sleep [25881 1]
ㄴ pid:[4026532860] podman db (6b4df4891334), 1 process
   ㄴ 1 sleep [26069 1]
""")

    def test_a_pod_that_shares_its_namespace(self):
        """Its containers are in it: they have no lines of their own."""
        self.assertEqual(self.text(*SHARED, "default/shop-1"), """\
pid:[4026531836] host node, 22 processes
ㄴ pid:[4026532300] k8s default/shop-1 (pod), 3 processes
   |- 1 pause [502 1]
   |- 7 app [512 7] (k8s default/shop-1/app) (entered from outside, by 511 conmon)
   ㄴ 8 log [522 8] (k8s default/shop-1/log) (entered from outside, by 521 conmon)
""")
        self.assertEqual(self.text(*SHARED, "-q", "default/shop-1"), "502\n512\n522\n")

    def test_summary_of_what_shares(self):
        self.assertEqual(self.text(*ENGINES, "-s", SHARER), """\
pid:[4026531836] host lab
|- docker 2bf7043bca47, 2 processes, init 25870, shares this namespace
ㄴ pid:[4026532850] unshare sleep (in docker 2bf7043bca47)
""")

    def test_misses(self):
        for args, said in ((["--pid", "220313"],
                            "no process 220313 (but 251599 has that PID in pid:[4026532516] "
                            "LinuxKit (docker-desktop): nstree --find 220313)"),
                           (["--ns", "4026532375", "--pid", "251599"],
                            "251599 is not in that namespace by that number, but is its 13"),
                           (["013853d881b7:99"],
                            "no process 99 in pid:[4026532375] docker 013853d881b7"),
                           (["nobody"], "no container, namespace or process 'nobody' here"),
                           (["4194303"], "no process 4194303"),
                           (["--ns", "nobody"], "no PID namespace or container 'nobody' here"),
                           (["--ns", "of=220313"], "no process 220313")):
            with self.subTest(args):
                self.assertEqual(self.nstree(*DOCKER, *args, status=1), b"")
                self.assertEqual(self.complaint.decode(), f"nstree: {said}\n")

    def test_all_is_read_where_a_few_are_not_enough(self):
        """One process is there, and the other, or what bears the name, is looked for in all."""
        self.nstree(*ENGINES, "--pid", "26069,14", status=1)
        self.assertIn(b"no process 14 (but 26032 has that PID in pid:[4026532830] docker "
                      b"318a47e52624: nstree --find 14)", self.complaint)
        self.assertEqual(self.text(*ENGINES, "-q", "26069", "lxcweb"), "26069\n26353\n")

    def test_levels_that_cannot_be_seen(self):
        self.nstree("--proc", MACHINES["docker-desktop-inside"], "4194303", status=1)
        self.assertIn(b"(levels outside the root cannot be seen)", self.complaint)

    def test_an_id_of_two(self):
        path = self.directory() / "two.json"
        text = self.text(*ENGINES, "--json").replace("318a47e52624", "b61aae2d0000")
        path.write_text(text)
        for args in ["b61a"], ["--ns", "b61a"], ["--ns", "b61a", "--pid", "1"]:
            with self.subTest(args):
                self.nstree("--load", path, *args, status=2)
                self.assertRegex(self.complaint, b"b61aae2d57bc.*b61aae2d0000")
        self.assertIn("25583", self.text("--load", path, "b61aae2d57bc"))


class Matches(Test):
    """JSON says which processes were asked for, and --load shows a recording of them as it was."""

    def test_a_recording_shows_the_same(self):
        path = self.directory() / "recording.json"
        for source, args, pids in ((DOCKER, ["251599"], [251599]),
                                   (DOCKER, ["-p", "226,1"], [1, 226]),
                                   (ENGINES, [SHARER], [25870, 25880, 25881])):
            path.write_text(self.text(*source, *args, "-J"))
            for form in [], ["-l"], ["--format", "dot"]:
                with self.subTest(args=args, form=form):
                    self.assertEqual(self.text("--load", path, *form),
                                     self.text(*source, *args, *form))
            for recording in path.read_text(), self.text("--load", path, "-J"):
                found = [process["pid"] for process in json.loads(recording)["processes"]
                         if process.get("match")]
                self.assertEqual(sorted(found), pids)

    def test_what_is_asked_for_now_counts(self):
        path = self.directory() / "recording.json"
        path.write_text(self.text(*DOCKER, "251599", "1", "-J"))
        again = json.loads(self.text("--load", path, "1", "-J"))
        self.assertEqual([p["pid"] for p in again["processes"] if p.get("match")], [1])

    def test_nothing_matches_where_nothing_was_asked_for(self):
        for args in [], ["--ns", "db"]:
            self.assertNotIn('"match"', self.text(*ENGINES, "-J", *args))


class Threads(Test):
    """A procfs has /proc/TID, but does not list it. Here it is listed, and is no process."""

    def setUp(self):
        self.proc = self.directory()
        for pid, tgid, nspid in ((1, 1, "1"), (50, 50, "50\t7"), (51, 50, "51\t8"),
                                 (52, 50, "52\t9")):
            (self.proc / str(pid)).mkdir()
            (self.proc / str(pid) / "status").write_text(
                f"Name:\tp\\n51\nUmask:\t0022\nState:\tS (sleeping)\nTgid:\t{tgid}\n"
                f"Ngid:\t0\nPid:\t{pid}\nPPid:\t{pid > 1:d}\nUid:\t0\t0\t0\t0\n"
                f"NSpid:\t{nspid}\nThreads:\t3\n")
            (self.proc / str(pid) / "ns").mkdir()
            inode = 4026531836 if pid == 1 else 4026532001
            (self.proc / str(pid) / "ns" / "pid").symlink_to(f"pid:[{inode}]")

    def test_a_thread_shows_its_process(self):
        want = self.text("--proc", self.proc, "-p", "50")
        self.assertIn("7 p", want)
        for args, marks in ((["51"], " (thread 51)"), (["-p", "51"], " (thread 51)"),
                            (["51", "-p", "52,51,50"], " (thread 51) (thread 52)"), (["50"], "")):
            with self.subTest(args):
                self.assertEqual(self.text("--proc", self.proc, *args), want[:-1] + marks + "\n")
                self.assertEqual(self.text("--proc", self.proc, *args, "-q"), "50\n")

    def test_pids_inside_are_no_threads(self):
        self.nstree("--proc", self.proc, "-n", "4026532001", "-p", "51", status=1)


class Quiet(Test):
    def test_pids_of_the_root(self):
        for args, want in ((["db"], [26069]), ([SHARER], [25870]), (["build"], [26346]),
                           (["db", "lxcweb"], [26069, 26353]),
                           (["--ns", "4026532830"], [25796]), (["--pid", "25880"], [25880]),
                           (["4026532830:13"], [26026]), (["--find", "13"], [26026]),
                           (["--nested", "db"], [26069])):
            with self.subTest(args):
                self.assertEqual(self.text(*ENGINES, "-q", *args).split(), list(map(str, want)))

    def test_all_inits(self):
        inits = "25583 25727 25796 26032 25881 26069 26142 26346 26348 26353 26356 27001".split()
        self.assertEqual(self.text(*ENGINES, "--quiet").split(), ["1", *inits])
        self.assertEqual(self.text(*ENGINES, "-qN").split(), inits)

    def test_a_process_name_is_no_container(self):
        """nsenter -t $(nstree -q NAME) should not enter what anybody calls so unnoticed."""
        self.assertEqual(self.text(*ENGINES, "-q", "catatonit",
                                   stderr=b"nstree: no container 'catatonit' here: taken for a "
                                          b"process name\n"), "26142\n")

    def test_a_container_of_another_user(self):
        """Anybody can make a container of this name, and the PID alone does not say whose it is."""
        path = self.directory() / "owned.json"
        recording = json.loads(self.text(*ENGINES, "--json"))
        for ns in recording["namespaces"]:
            ns["owner_uid"] = 1000 if ns["ns"] == 4026532860 else 0
        path.write_text(json.dumps(recording))
        said = b"nstree: podman db (6b4df4891334) is owned by uid 1000\n"
        self.assertEqual(self.text("--load", path, "-q", "db", stderr=said), "26069\n")
        self.assertEqual(self.text("--load", path, "-q", "lxcweb"), "26353\n")

    def test_nothing(self):
        self.assertEqual(self.nstree(*ENGINES, "-q", "nobody", status=1), b"")


class Nested(Test):
    def test_members_of_the_root_are_counted(self):
        whole, nested = (self.text(*DOCKER, *args).splitlines() for args in ([], ["-N"]))
        self.assertRegex(nested[1], r"^\|- \(\d+ process(es)?\)$")
        self.assertEqual(nested[0], whole[0])
        first = next(i for i, line in enumerate(whole) if line.startswith("|- pid:["))
        self.assertEqual(nested[2:], whole[first:])

    def test_list_and_json(self):
        whole = self.text(*ENGINES, "-l").splitlines()
        self.assertEqual(self.text(*ENGINES, "-lN").splitlines(),
                         [line for line in whole if not line.startswith("4026531836 ")])
        path = self.directory() / "nested.json"
        path.write_text(self.text(*ENGINES, "-JN"))
        self.assertEqual(self.text("--load", path, "-N"), self.text(*ENGINES, "-N"))
