#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures C functions: lines from the first of the signature to the closing brace, both included.

    functions.py FILE…      prints `LINES FILE:LINE NAME` for each, the longest first

It relies on the style of clang-format (.clang-format, checked by the same lint): only the body of a
function opens with a brace alone in column 1 and closes with one. A comment in front of a function
does not count; comments and blank lines in it do.
"""

import re
import sys
from typing import NamedTuple


class Function(NamedTuple):
    lines: int
    path: str
    line: int
    name: str


def ends_something(line):
    """Whether a line before a signature is not part of it."""
    return not line.strip() or line.startswith("#") or line.rstrip().endswith((";", "}", "*/"))


def first_of_signature(lines, brace):
    at = brace
    while at > 0 and not ends_something(lines[at - 1]):
        at -= 1
    return at


def name_in(signature):
    """The last word before the parameters, after any attributes."""
    signature = re.sub(r"__attribute__\s*\(\(.*?\)\)\)?", "", signature)
    match = re.search(r"(\w+)\s*\(", signature)
    return match.group(1) if match else "?"


def measure(path):
    with open(path, encoding="utf-8") as file:
        lines = file.read().split("\n")
    functions = []
    for brace, line in enumerate(lines):
        if line != "{":
            continue
        start, end = first_of_signature(lines, brace), lines.index("}", brace)
        name = name_in(" ".join(lines[start:brace]))
        functions.append(Function(end - start + 1, path, start + 1, name))
    return functions


def main(paths):
    functions = [function for path in paths for function in measure(path)]
    for function in sorted(functions, reverse=True):
        print(f"{function.lines:4} {function.path}:{function.line} {function.name}")


if __name__ == "__main__":
    main(sys.argv[1:])
