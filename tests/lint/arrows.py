# SPDX-License-Identifier: MIT
"""The folders that each folder of the source may use: the arrows of src/README.md.

Includes are read from the sources, calls from the objects: a file calls another if it refers to a
symbol that the other defines (nm(1)). So calls without an include are found, too.
"""

import collections
import os
import re
import subprocess

# A room is a folder. Single files can have other arrows than their folder.
ARROWS = {
    "src/base": {"src/base", "include"},
    "src/lib": {"include"},  # record.h
    "src/lib/kernel": {"src/lib/kernel", "src/lib", "src/base", "include"},
    "src/lib/model": {"src/lib/model", "src/lib", "src/base", "include"},
    "src/lib/label": {"src/lib/label", "src/base", "include"},
    "src/lib/scan": {"src/lib/scan", "src/lib/label", "src/lib/model", "src/lib/kernel", "src/lib",
                     "src/base", "include"},
    "src/lib/recording": {"src/lib/recording", "src/lib/model", "src/lib", "src/base", "include"},
    "src/cli": {"src/cli", "src/base", "include"},
}
# In its folder, only the reader of evidence reads /proc.
BESIDES = {"src/lib/label/witness": {"src/lib/kernel"}}
# The command calls what nstree.h declares, wherever the library defines it.
PUBLIC = re.compile(r"nstree_\w+$")


def room(path):
    return os.path.dirname(path).removesuffix("/bpf")


def may_use(user, used):
    """Whether a file may use another. Both are paths; `user` may have a suffix."""
    stem = os.path.splitext(user)[0]
    return room(used) in ARROWS[room(user)] | BESIDES.get(stem, set())


def resolve(header):
    """The path of the file that an #include in quotes names, or None."""
    for folder in ("include", "src", "src/lib"):
        path = os.path.normpath(os.path.join(folder, header))
        if os.path.isfile(path):
            return path
    return None


def read_symbols(objects):
    """(the source of each symbol, the symbols that each source uses), sources without .c"""
    defined, used = {}, collections.defaultdict(set)
    output = subprocess.run(["nm", "-A", *objects], capture_output=True, text=True,
                            check=True).stdout
    for line in output.splitlines():
        path, rest = line.split(":", 1)
        source = path[path.index("/src/") + 1:-len(".o")]
        kind, symbol = rest.split()[-2:]
        if kind == "U":
            used[source].add(symbol)
        elif kind in "TDBRVWC":
            defined[symbol] = source
    return defined, used


def read_calls(objects):
    """{(source, source): the symbols by which the first calls the second}"""
    defined, used = read_symbols(objects)
    calls = collections.defaultdict(list)
    for source, symbols in used.items():
        for symbol in sorted(symbols):
            if symbol in defined:
                calls[source, defined[symbol]].append(symbol)
    return calls


def wrong_calls(calls):
    """Findings: the calls against the arrows."""
    for (caller, called), symbols in sorted(calls.items()):
        if caller.startswith("src/cli/"):
            symbols = [symbol for symbol in symbols if not PUBLIC.match(symbol)]
        if symbols and not may_use(caller, called):
            yield f"{caller}.c: calls {', '.join(symbols)} of {called}.c, against the arrows"


def find_path(calls, first, last):
    """The shortest path of calls between two files, or None."""
    ways = {first: [first]}
    queue = collections.deque([first])
    while queue:
        here = queue.popleft()
        for caller, called in calls:
            if caller == here and called not in ways:
                ways[called] = ways[here] + [called]
                queue.append(called)
    return ways.get(last)


def cycles(calls):
    """Findings: one call for each cycle among files."""
    seen = set()
    for caller, called in sorted(calls):
        way = find_path(calls, called, caller)
        if not way or frozenset(way) in seen:
            continue
        seen.add(frozenset(way))
        ring = " -> ".join(f"{name}.c" for name in [caller, *way])
        yield f"cycle: {ring} ({', '.join(calls[caller, called])} …)"


def declared(text):
    """The functions that a header declares and does not define itself."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    return re.findall(r"^(?:\w+[\s*]+)+(\w+)\([^;{]*\)[^;{]*;", text, re.M)
