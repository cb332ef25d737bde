# SPDX-License-Identifier: MIT
"""The memory that a recording may cost, and the message if there is not enough."""
import os
import resource
import subprocess
import sys

from common import NSTREE, Test, environment, is_instrumented

SIZE = 3_000_000
ALWAYS = 16 << 20  # the program, its libraries, and the interpreter that starts it

# The peak of a program is at least that of its parent at exec (exec_mmap() in fs/exec.c), so an
# interpreter that holds nothing starts it.
MEASURE = """
import os, sys
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(pid, 0)
print(usage.ru_maxrss, file=sys.stderr)
sys.exit(os.waitstatus_to_exitcode(status))
"""

ROOT = '{"id":"1","ns":1,"parent":null,"level":0,"init":1}'
INIT = '{"pid":1,"ppid":0,"ns":"1","nspid":[1],"name":"","state":"S"}'
PROCESS = '{"pid":%d,"ppid":0,"ns":"1","nspid":[%d],"name":"","state":"S"}'
KEPT = '{"id":"2","ns":2,"parent":"1","level":1,"members":0,"keepers":[%s]}'
TYPES = "mnt", "net", "ipc", "uts", "user", "cgroup", "time"


def many(*pieces):
    """The pieces repeated, with commas; %d is a new number each time."""
    text, size, number = [], 0, 2
    while size < SIZE:
        for piece in pieces:
            text.append(piece.replace("%d", str(number)))
            size += len(text[-1]) + 1
        number += 1
    return ",".join(text)


def recording(namespaces=ROOT, processes=INIT, more=""):
    return f'{{"schema":1,{more}"namespaces":[{namespaces}],"processes":[{processes}]}}'


def unknown(value):
    return recording(more=f'"later":{value},')


def crafted():
    """(title, recording, exit status: 2 if it can only be refused)."""
    yield "{} for namespaces", recording(f"{ROOT},{many('{}')}"), 2
    yield "{} for processes", recording(processes=f"{INIT},{many('{}')}"), 2
    for value in "{}", "[]", "0", '""', "1.5", "true", "null", "[[[[]]]]", '{"a":{"a":{}}}':
        yield f"unknown: {value}", unknown(f"[{many(value)}]"), 0
    member = many('"%d":0')
    yield "unknown members", unknown(f"{{{member}}}"), 0
    yield "unknown members of all", recording(more=f"{member},"), 0
    yield "unknown members of a namespace", recording(f"{ROOT[:-1]},{member}}}"), 0
    yield "unknown members of a process", recording(processes=f"{INIT[:-1]},{member}}}"), 0
    yield "unknown types", recording(f'{ROOT[:-1]},"others":{{{member}}}}}'), 0
    yield "a long unknown string", unknown(f'"{"x" * SIZE}"'), 0
    yield "a long unknown name", recording(more=f'"{"x" * SIZE}":0,'), 0
    yield "deep", unknown("[" * 2000 + "]" * 2000), 0
    yield "too deep", unknown("[" * SIZE), 2
    yield "many [", "[" * SIZE, 2
    yield "a long nspid", recording(processes=INIT.replace("[1]", f"[{many('1')}]")), 2
    yield "a long command line", recording(processes=f'{INIT[:-1]},"args":"{"x" * SIZE}"}}'), 0
    escapes = "\\n" * (SIZE // 2)
    yield "escapes", recording(processes=f'{INIT[:-1]},"args":"{escapes}"}}'), 0
    yield "hex", recording(processes=f'{INIT[:-1]},"args_hex":"{"ff" * (SIZE // 2)}"}}'), 0
    yield "a long label", recording(f'{ROOT[:-1]},"kind":"{"x" * SIZE}"}}'), 0
    kept = many('{"how":"listns"}')
    yield "keepers that are not seen", recording(f"{ROOT},{KEPT % kept}"), 0
    kept = many('{"how":"fd","pid":1,"fd":%d}')
    yield "keepers", recording(f"{ROOT},{KEPT % kept}"), 0
    short = '{"id":"?%d","parent":"1","level":1}'
    yield "short namespaces", recording(f"{ROOT},{many(short)}"), 2
    longer = '{"id":"?%d","parent":"1","level":1,"kind":"","others":{}    }'
    yield "namespaces", recording(f"{ROOT},{many(longer)}"), 0
    others = ",".join(f'"{name}":%d' for name in TYPES)
    longer = f'{{"id":"%d","ns":%d,"parent":"1","level":1,"others":{{{others}}}}}'
    yield "namespaces with others", recording(f"{ROOT},{many(longer)}"), 0
    yield "short processes", recording(processes=f"{INIT},{many(PROCESS)}"), 0


class Bounds(Test):
    def write(self, text):
        path = self.directory() / "recording.json"
        path.write_text(text)
        return str(path)

    def test_memory(self):
        """A load needs at most eight times the size of the file."""
        if is_instrumented() or len(NSTREE) > 1:
            self.skipTest("sanitizers, coverage and emulators need memory of their own")
        for what, text, status in crafted():
            with self.subTest(what):
                command = [sys.executable, "-SEc", MEASURE, os.path.abspath(NSTREE[0]), "--load"]
                done = subprocess.run([*command, self.write(text)], stdout=subprocess.DEVNULL,
                                      stderr=subprocess.PIPE, check=False, env=environment())
                self.assertEqual(done.returncode, status, done.stderr)
                peak = int(done.stderr.split()[-1]) << 10
                self.assertLessEqual(peak, 8 * len(text) + ALWAYS)

    def test_many_namespaces(self):
        """Short namespaces are accepted if they are few. More than can fit are refused."""
        def spaces(n, item):
            return recording(",".join([ROOT, *(item.replace("%d", str(i)) for i in range(2, n))]))

        short = '{"id":"?%d","parent":"1","level":1}'
        longer = '{"id":"?%d","parent":"1","level":1,"exact":true,"init":null,"members":0}'
        self.nstree("-s", "--load", self.write(spaces(4000, short)), stderr=None)
        self.nstree("-s", "--load", self.write(spaces(50000, longer)), stderr=None)
        self.nstree("-s", "--load", self.write(spaces(50000, short)), status=2)
        self.assertIn(b"more namespaces than a recording of this size can hold", self.complaint)

    def test_no_memory(self):
        """At any limit the message says "out of memory" and does not blame the recording."""
        if is_instrumented() or len(NSTREE) > 1:
            self.skipTest("sanitizers and emulators need an address space of their own")
        path = self.write(recording(more=f'"later":[{many("{}")}],',
                                    processes=f"{INIT},{many(PROCESS)}"))
        enough = False
        for limit in range(2, 60):
            def set_limit(limit=limit):
                resource.setrlimit(resource.RLIMIT_AS, (limit << 20, limit << 20))

            done = subprocess.run([*NSTREE, "-s", "--load", path], capture_output=True,
                                  check=False, env=environment(), preexec_fn=set_limit)
            began = done.stderr.startswith(b"nstree: ")
            with self.subTest(limit):
                self.assertNotIn(b"not JSON", done.stderr)
                if began:
                    self.assertIn(b"out of memory", done.stderr)
                    self.assertEqual(done.returncode, 2)
                    self.assertEqual(done.stdout, b"")
            enough = enough or done.returncode == 0
        self.assertTrue(enough)
