# SPDX-License-Identifier: MIT
"""Every pair of options: it has a meaning, or it is refused with both names and the reason. Options
are those of --help, so that a new one is tried with all others."""
import itertools
import re

from common import MACHINES, Test

DOCKER = MACHINES["docker-desktop"]
FORMATS = "list", "json", "tree", "dot", "mermaid", "openmetrics"

# A value of each option that needs one; --load has a recording of the same machine.
VALUES = {"pid": "1", "ns": "4026532496", "find": "13", "output": "ns,level", "sort": "-ns",
          "style": "ascii", "color": "never", "source": "procfs", "proc": DOCKER}

RECORDED = "a recording is not read from a machine"
CHOOSE = "both say which processes are shown"
SPACES = "a summary has no processes"
DRAWN = "only a tree can be a forest"
FIELDS = "only lists and tables have columns"
SUMS = "metrics are of whole namespaces and containers"
PIDS = "--quiet prints PIDs only"
MEMBERS = "--nested is for whole namespaces with their members"
FORMAT = "ask for different formats"

# What is refused, and why. All else goes together.
REFUSED = {
    ("find", "pid"): CHOOSE,
    ("summary", "pid"): SPACES, ("summary", "find"): SPACES,
    ("load", "proc"): RECORDED, ("load", "source"): RECORDED,
    ("forest", "list"): DRAWN, ("forest", "json"): DRAWN, ("forest", "format list"): DRAWN,
    ("forest", "format json"): DRAWN, ("forest", "format dot"): DRAWN,
    ("forest", "format mermaid"): DRAWN, ("forest", "format openmetrics"): DRAWN,
    ("pid", "format openmetrics"): SUMS, ("find", "format openmetrics"): SUMS,
    **{("quiet", option): PIDS for option in
       ("summary", "args", "forest", "verbose", "list", "json", "output", "sort", "no-headings",
        *(f"format {form}" for form in FORMATS))},
    **{("nested", option): MEMBERS for option in ("forest", "summary", "pid", "find")},
    **{("forest", option): DRAWN for option in ("output", "sort", "no-headings")},
    **{(option, form): FIELDS for option in ("output", "sort", "no-headings")
       for form in ("json", "format json", "format tree", "format dot", "format mermaid",
                    "format openmetrics")},
    **{("list", f"format {form}"): FORMAT for form in FORMATS if form != "list"},
    **{("json", f"format {form}"): FORMAT for form in FORMATS if form != "json"},
    ("list", "json"): FORMAT,
}


class Pairs(Test):
    def options(self):
        """name → words of a command line, for each option but --help and --version, and for each
        format."""
        recording = self.directory() / "recording"
        recording.write_text(self.text("--json", "--proc", DOCKER))
        found = re.findall(r"^  (?:-\w,|   ) --([a-z-]+)(\[?=?| )([A-Z]\S*)?", self.text("--help"),
                           re.M)
        self.assertGreater(len(found), 15)
        for name, between, argument in found:
            if name == "format":
                yield from ((f"format {form}", [f"--format={form}"]) for form in FORMATS)
            elif name == "load":
                yield name, [f"--load={recording}"]
            elif name not in ("help", "version"):
                needs = argument and not between.startswith("[")
                self.assertTrue(name in VALUES or not needs, f"--{name} needs a row in VALUES")
                yield name, [f"--{name}={VALUES[name]}" if name in VALUES else f"--{name}"]

    def expect_refusal(self, pair, why, args):
        self.nstree(*args, status=2)
        said = self.complaint.decode()
        self.assertIn(why, said)
        for name in pair if why != FORMAT else ():
            # --format list is --list, and so is its name in a complaint.
            short = re.sub("^format (?=list|json)", "", name)
            self.assertIn(f"--{short}", said)

    def test_every_pair(self):
        options = dict(self.options())
        refused = {frozenset(pair): why for pair, why in REFUSED.items()}
        for pair in refused:
            self.assertLessEqual(pair, set(options), "a pair of options that are not there")
        for first, second in itertools.combinations(options, 2):
            pair = frozenset((first, second))
            if first.startswith("format ") and second.startswith("format "):
                continue
            source = [] if {"proc", "load"} & pair else [f"--proc={DOCKER}"]
            for args in itertools.permutations([*options[first], *options[second]]):
                with self.subTest(args=args):
                    args = [*args, *source]
                    if pair in refused:
                        self.expect_refusal((first, second), refused[pair], args)
                    else:
                        self.assertNotEqual(self.nstree(*args), b"")
