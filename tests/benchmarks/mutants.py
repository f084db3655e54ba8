"""How much of a room would its tests notice?

``python -m tests.benchmarks.mutants stakes --sample 60``, in a worktree of its own.

Changes the code a little (mutmut 2's changes, one at a time, drawn by seed), runs the room's tests, and prints what
survived and the share killed with its 95 % interval. Files are put back after each change, also after Ctrl-C.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

from sim.study.shares import wilson
from tests.conftest import ROOT

TESTS_OF = {
    "stakes": ["tests/stakes", "tests/zone"],
    "zone": ["tests/zone"],
    "classroom": ["tests/classroom"],
}
"""The tests that answer for a room, nearest first."""
SECONDS = 1_200


def mutants(room: str) -> list[tuple[Path, Any]]:
    """Every change of every file of a room of `sim/`, as mutmut names it."""
    from mutmut import Context, list_mutations

    return [
        (path, change)
        for path in sorted((ROOT / "sim" / room).rglob("*.py"))
        for change in list_mutations(Context(source=path.read_text("utf-8"), filename=str(path)))
    ]


def noticed(room: str, python: str) -> bool:
    """Whether a test of the room fails now; a run without end counts as a failure."""
    for tests in TESTS_OF[room]:
        words = [
            python,
            "-m",
            "pytest",
            "-n0",
            "-x",
            "-q",
            "-p",
            "no:cacheprovider",
            "-m",
            "not slow and not e2e",
            tests,
        ]
        try:
            if subprocess.run(words, cwd=ROOT, capture_output=True, timeout=SECONDS, check=False).returncode:
                return True
        except subprocess.TimeoutExpired:
            return True
    return False


def main() -> None:
    """Draw a room's mutants, try each, and print the share killed."""
    from mutmut import Context, mutate  # installed by whoever runs this

    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("room", choices=list(TESTS_OF))
    asked.add_argument("--sample", type=int, default=60)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--python", default=sys.executable, help="the interpreter that runs the tests")
    wanted = asked.parse_args()
    if noticed(wanted.room, wanted.python):
        raise SystemExit(f"the tests of {wanted.room} fail before anything is changed")
    drawn = random.Random(wanted.seed).sample(everything := mutants(wanted.room), wanted.sample)
    killed = 0
    for path, change in drawn:
        whole = path.read_text("utf-8")
        try:
            path.write_text(mutate(Context(source=whole, filename=str(path), mutation_id=change))[0], "utf-8")
            dead = noticed(wanted.room, wanted.python)
        finally:
            path.write_text(whole, "utf-8")
        killed += dead
        print(
            "killed  " if dead else "survived",
            path.relative_to(ROOT),
            change.line_number + 1,
            change.line.strip(),
            flush=True,
        )
    low, high = wilson(killed, len(drawn))
    print(f"{wanted.room}: {killed} of {len(drawn)} drawn from {len(everything)} killed, {low:.0%} to {high:.0%}")


if __name__ == "__main__":
    main()
