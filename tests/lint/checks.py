# SPDX-License-Identifier: MIT
"""Runs checks: functions that yield their findings, one a line. The first line of a docstring is
the title of the check. Prints the findings and the count that tests/run adds up."""

import shutil


class Skipped(Exception):
    """The reason why a check cannot run here."""


def need(tool):
    if not shutil.which(tool):
        raise Skipped(f"no {tool}")
    return tool


def run_checks(checks):
    """Returns the exit status: 1 if any check failed or none passed."""
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for check in checks:
        title = check.__doc__.split("\n", maxsplit=1)[0]
        try:
            found = list(check())
            counts["failed" if found else "passed"] += 1
            if found:
                print(f"FAIL {title}", *found, sep="\n    ")
        except Skipped as why:
            counts["skipped"] += 1
            print(f"SKIP {title}: {why}")
        except AssertionError as why:
            counts["failed"] += 1
            print(f"FAIL {title}", *str(why).splitlines(), sep="\n    ")
    print(", ".join(f"{number} {result}" for result, number in counts.items()))
    return 1 if counts["failed"] or not counts["passed"] else 0
