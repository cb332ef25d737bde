# SPDX-License-Identifier: MIT
"""The tree as text, byte for byte. The expectations are written by hand from the manual, and filled
in with the kernel's PIDs and inodes."""
import contextlib
import re
import shutil
import subprocess

from common import (ExactPids, LiveTest, Nest, children_of, hidden_levels, kernel_facts,
                    own_inode, root_line, status_of)


def chain_of(pid):
    return kernel_facts().processes[pid][1]


def staircase(inodes, numbers, marked=()):
    """The output of --pid for one process: its PID at each level. `marked`: levels found."""
    lines = [root_line() + hidden_levels()]
    for level, number in enumerate(numbers):
        indent = "   " * level
        if level > 0:
            lines.append(f"{'   ' * (level - 1)}ㄴ pid:[{inodes[level - 1]}] (nest-init)")
        glyph = "|-" if level + 1 < len(numbers) else "ㄴ"
        match = " (match)" if level in marked else ""
        lines.append(f"{indent}{glyph} {number} nest-sleeper{match}")
    return "\n".join(lines) + "\n"


def below_root(text):
    """Without the first line, in which the count of the root's members can change."""
    return text.split("\n", 1)[1]


class Text(LiveTest):
    def check_root(self, text):
        self.assertRegex(text, rf"\A{re.escape(root_line())}, \d+ processes"
                               rf"{re.escape(hidden_levels())}\n")

    def branch(self, nest):
        """`nest chain 3`, from level 2 on, as --ns shows it."""
        init = [None] + [chain_of(nest.pid(f"chain init {level}")) for level in (1, 2, 3)]
        sleeper = chain_of(nest.pid("chain sleeper 3"))
        chain = [None] + [" ".join(map(str, numbers)) for numbers in init[1:]]
        inode = [None] + [nest.inode(f"chain init {level}") for level in (1, 2, 3)]
        return (f"ㄴ pid:[{inode[1]}] (nest-init), 1 process\n"
                f"   ㄴ pid:[{inode[2]}] (nest-init), 1 process\n"
                f"      |- 1 nest-init [{chain[2]}]\n"
                f"      ㄴ pid:[{inode[3]}] (nest-init), 2 processes\n"
                f"         |- 1 nest-init [{chain[3]}]\n"
                f"         ㄴ {sleeper[3]} nest-sleeper [{' '.join(map(str, sleeper))}]\n")

    @contextlib.contextmanager
    def unshared(self):
        """cat(1) as the init of a namespace, and its PID here. It has answered once."""
        with subprocess.Popen(["unshare", "-pf", "--kill-child", "--mount-proc", "cat"],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE) as unshare:
            try:
                unshare.stdin.write(b"there?\n")
                unshare.stdin.flush()
                self.assertEqual(unshare.stdout.readline(), b"there?\n")
                yield children_of(unshare.pid)[0]
            finally:
                unshare.stdin.close()

    def test_its_own_process_stands_out_in_colour(self):
        text = self.text("--color", "always")
        self.assertEqual(len(re.findall(r"\x1b\[1m\d+ nstree\x1b\[m\n", text)), 1, text)

    def test_another_hostname_is_not_the_machines(self):
        """As in a container with the host's PID namespace and its own UTS namespace."""
        text = self.text("--summary", prefix=["unshare", "--uts", "sh", "-c",
                                              'hostname nstree-other && exec "$@"', "sh"])
        self.assertIn(f"pid:[{own_inode()}]", text)
        self.assertNotIn("nstree-other", text)

    def test_unshare_shows_as_process_1_of_a_namespace(self):
        if not shutil.which("unshare"):
            self.skipTest("no unshare(1)")
        with self.unshared() as pid:
            inode = kernel_facts().processes[pid][0]
            self.assertRegex(self.text(),
                             rf"(?m)^(\|- |ㄴ )pid:\[{inode}\] unshare cat, 1 process\n"
                             rf"(\|  |   )ㄴ 1 cat \[{pid} 1\]$")

    def test_whole_tree_has_the_branch_in_it(self):
        with Nest("chain", 3) as nest:
            text = self.text()
            self.check_root(text)
            lines = self.branch(nest).splitlines()[2:]
            # The children of level 2, with or without siblings of level 1.
            shown = [line.replace("|", " ", 1) if line.startswith("|  ") else line
                     for line in text.splitlines()]
            at = shown.index(lines[0])
            self.assertEqual(shown[at:at + len(lines)], lines)

    def test_pid_prints_its_pid_at_every_level(self):
        with Nest("chain", 5) as nest:
            pid = nest.pid("chain sleeper 5")
            inodes = [nest.inode(f"chain init {level}") for level in range(1, 6)]
            self.assertEqual(self.text("--pid", str(pid)), staircase(inodes, chain_of(pid)))

    def test_pid_of_a_member_of_the_root(self):
        with Nest("crowd", 1, 0, 1) as nest:
            pid = nest.pid("crowd plain")
            self.assertEqual(self.text("--pid", str(pid)),
                             f"{root_line()}{hidden_levels()}\nㄴ {pid} nest-plain\n")

    def test_several_pids_are_one_tree(self):
        with Nest("chain", 2) as nest:
            one, two = nest.pid("chain init 2"), nest.pid("chain sleeper 2")
            a, b = chain_of(one), chain_of(two)
            inode = [nest.inode(f"chain init {level}") for level in (1, 2)]
            names = {tuple(a): "nest-init", tuple(b): "nest-sleeper"}
            level = [sorted((chain[i], name + f" [{' '.join(map(str, chain))}]" * (i > 0))
                            for chain, name in names.items()) for i in range(3)]
            expected = (f"{root_line()}{hidden_levels()}\n"
                        f"|- {level[0][0][0]} {level[0][0][1]}\n"
                        f"|- {level[0][1][0]} {level[0][1][1]}\n"
                        f"ㄴ pid:[{inode[0]}] (nest-init)\n"
                        f"   |- {level[1][0][0]} {level[1][0][1]}\n"
                        f"   |- {level[1][1][0]} {level[1][1][1]}\n"
                        f"   ㄴ pid:[{inode[1]}] (nest-init)\n"
                        f"      |- {level[2][0][0]} {level[2][0][1]}\n"
                        f"      ㄴ {level[2][1][0]} {level[2][1][1]}\n")
            for args in (f"{one},{two}",), (str(two), "-p", str(one)):
                with self.subTest(args=args):
                    self.assertEqual(self.text("--pid", *args), expected)

    def test_exact_pids_by_pid_and_by_find(self):
        numbers = [251599, 220553, 220473, 220313, 13]
        with ExactPids(), Nest("chain", 4, "--pids", ",".join(map(str, numbers))) as nest:
            inodes = [nest.inode(f"chain init {level}") for level in range(1, 5)]
            with self.subTest("--pid"):
                self.assertEqual(self.text("--pid", "251599"), staircase(inodes, numbers))
            for level in range(1, 4):
                with self.subTest("--find", level=level):
                    found = [pid for pid, (_, chain) in kernel_facts().processes.items()
                             if numbers[level] in chain]
                    if found != [251599]:
                        self.skipTest(f"{numbers[level]} is also a PID of another process")
                    self.assertEqual(self.text("--find", str(numbers[level])),
                                     staircase(inodes, numbers, marked=[level]))

    def test_find_finds_every_process_with_the_pid(self):
        """PID 1: every init, also dead ones and those that nest did not make."""
        with Nest("chain", 3, "zombies", "siblings", 2, 2) as nest:
            listed = self.text("--list", "--find", "1").splitlines()
            found = {int(line.split()[3]) for line in listed}
            for pid, what in nest.processes:
                self.assertEqual(pid in found, 1 in chain_of(pid), what)

    def test_every_way_to_name_a_namespace(self):
        with Nest("chain", 3) as nest:
            inode = nest.inode("chain init 2")
            mount = self.directory() / "bind mount"
            mount.touch()
            link = f"/proc/{nest.pid('chain init 2')}/ns/pid"
            mounting = ("unshare", "-m", "sh", "-c",
                        'mount --bind "$1" "$2" && shift 2 && exec "$@"', "sh", link, str(mount))
            forms = {
                "inode": ((str(inode),), ()),
                "pid:[inode]": ((f"pid:[{inode}]",), ()),
                "/proc/N/ns/pid": ((link,), ()),
                "bind mount": ((str(mount),), mounting),
            }
            expected = self.branch(nest)
            for form, (operand, prefix) in forms.items():
                with self.subTest(form):
                    if prefix and not shutil.which("unshare"):
                        self.skipTest("no unshare(1)")
                    text = self.text("--ns", *operand, prefix=prefix)
                    self.check_root(text)
                    self.assertEqual(below_root(text), expected)

    def test_pid_counts_inside_ns(self):
        with Nest("chain", 3) as nest:
            numbers = chain_of(nest.pid("chain sleeper 3"))
            inodes = [nest.inode(f"chain init {level}") for level in (1, 2, 3)]
            for level in 1, 2, 3:
                with self.subTest(level=level):
                    self.assertEqual(
                        self.text("--ns", str(inodes[level - 1]), "--pid", str(numbers[level])),
                        staircase(inodes, numbers))

    def test_marks_in_words(self):
        with Nest("zombies", "joined") as nest:
            ppid = status_of(nest.pid("joined entered 1"))["PPid"]
            parent = f"{ppid} {status_of(ppid)['Name']}"
            marks = {
                "zombies zombie": "nest-zombie [{}] (zombie)",
                "zombies dead-init": "nest-dead-init [{}] (zombie)",
                "zombies leaderless": "nest-leaderless [{}] (main thread exited)",
                "joined entered 1": f"nest-entered [{{}}] (entered from outside, by {parent})",
                "joined entered 2": f"nest-entered [{{}}] (entered from outside, by {parent})",
                "joined init 2": "nest-init [{}]",
            }
            lines = [line.lstrip("|-ㄴ ") for line in self.text().splitlines()]
            for what, form in marks.items():
                chain = chain_of(nest.pid(what))
                with self.subTest(what):
                    self.assertIn(f"{chain[-1]} {form.format(' '.join(map(str, chain)))}", lines)


# The output for each name that nest makes, by its bytes.

SHOWN = {
    b"new\nline": r"new\nline",
    b"\ttab\t": r"\ttab\t",
    rb"back\slash\n": r"back\\slash\\n",
    b"\x1b[31mred\x1b[0m": r"\x1b[31mred\x1b[0m",
    b"\xff\xfe\xc0\xaf\x80": r"\xff\xfe\xc0\xaf\x80",
    b"\nNSpid:\t1": r"\nNSpid:\t1",
    b") R 1 (": ") R 1 (",
    b"": "",
    "a한글이름".encode() + b"\xec\x9d": r"a한글이름\xec\x9d",
    b"c1\xc2\x9b31m": r"c1\u009b31m",
    b"raw\x9b31m": r"raw\x9b31m",
    b"gpj\xe2\x80\xaeexe": r"gpj\u202eexe",
    b"zero\xe2\x80\x8bwidth": r"zero\u200bwidth",
    b"\r\a\b\x7f": r"\r\x07\x08\x7f",
    b'"},{"pid":1': '"},{"pid":1',
    b" [1 2] ": " [1 2] ",
    b"pid:[402653183": "pid:[402653183",
}


class HostileNames(LiveTest):
    def test_they_are_shown_harmless_on_their_own_line(self):
        with Nest("names") as nest:
            text = self.text()
            lines = text.splitlines()
            for pid, what in nest.processes:
                name = bytes.fromhex(what.split()[-1].replace("-", ""))
                with self.subTest(what):
                    if what.startswith("names init"):
                        said = SHOWN[name].replace(")", r"\x29")
                        heading = f"pid:[{nest.inode(what)}]" + f" ({said})" * bool(name)
                        self.assertIn(f"{heading}{',' * bool(name)} 1 process",
                                      [re.sub(r"^(\|- |ㄴ )", "", line) for line in lines])
                        self.assertIn(f"ㄴ 1 {SHOWN[name]} [{pid} 1]",
                                      [line[3:] for line in lines])
                    else:
                        self.assertIn(f"|- {pid} {SHOWN[name]}", lines)
            self.assertEqual(re.findall("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202e]", text), [])
