# SPDX-License-Identifier: MIT
"""Finds the files of the project that comments and documents name, and those that do not exist.

A file is named by its path from the top, by the end of that path, or relative to the naming file.
`*`, `[ch]` and PLACEHOLDERS match any text. Names with `build/` or a variable in front belong to
files that the build makes, and are not checked.
"""

import fnmatch
import io
import os
import re
import tokenize

NAMED = re.compile(r"""
    (?:[\w.*\[\]-]+/)*[\w*-][\w.*-]*\.(?:\[ch\]|c|h|py|sh|md|mk|mjs|map|pc\.in)  # its end
  | (?:[\w-]+/)*(?:lib)?nstree\.[13]   # a manual
  | (?:tests|src|man|include|\.ci|\.packaging)/[\w./*\[\]-]* # its place
""", re.X)
WORD = re.compile(r"[^\s`'\"()<>|,;:=]+")
PLACEHOLDERS = re.compile(r"(?<![A-Z])(?:NAME|CASE|TARGET|X)(?![A-Z])")

# Names of files outside of this project.
ELSEWHERE = re.compile(r"""
    (?:fs|kernel|mm|include/(?:linux|uapi))/.*          # Linux, by its own path
  | linux/\w+\.h | (?:cmocka|fcntl|stdio|unistd)\.h           # the system's headers
  | example\.c                                          # a reader's own program
""", re.X)


def c_comments(text):
    for found in re.finditer(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', text, re.S):
        if found[0][0] == "/":
            yield text.count("\n", 0, found.start()) + 1, found[0]


def python_comments(text):
    """Comments, and strings in three quotes: documentation, and scripts with comments in them."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT or token.string.startswith('"""'):
            yield token.start[0], token.string


def hash_comments(text):
    for number, line in enumerate(text.splitlines(), 1):
        found = re.search(r"(?:^|\s)#(?!!)\s.*", line)
        if found:
            yield number, found[0]


def prose(name, text):
    """(line, text) of all text in a file that people read."""
    if name.endswith(".md"):
        return [(1, text)]
    if name.endswith((".c", ".h")):
        return c_comments(text)
    if name.endswith(".py") or re.match(r"#!.*\bpython", text):
        return python_comments(text)
    return hash_comments(text)


def cited(name, text):
    """(line, name) of every file that the text names."""
    for first, part in prose(name, text):
        for number, line in enumerate(part.splitlines(), first):
            for word in WORD.findall(line):
                word = re.sub(r"^\[|[].]+$", "", word) if "[" not in word[1:] else word
                if NAMED.fullmatch(word) and not word.startswith("build/"):
                    yield number, word


def exists(word, name, files):
    """Whether `word` in `name` means one of the files, or a directory of one."""
    pattern = PLACEHOLDERS.sub("*", word)
    near = os.path.normpath(os.path.join(os.path.dirname(name), pattern))
    pattern = os.path.normpath(pattern)
    return any(fnmatch.fnmatchcase(file, match) for file in files
               for match in (pattern, f"*/{pattern}", f"{pattern}/*", near))


def missing(name, text, files):
    """(line, name) of every named file that is neither here nor in ELSEWHERE."""
    for number, word in cited(name, text):
        if not ELSEWHERE.fullmatch(word) and not exists(word, name, files):
            yield number, word
