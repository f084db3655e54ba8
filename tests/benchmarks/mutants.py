"""How much of a room would its tests notice?

``python -m tests.benchmarks.mutants stakes --sample 60``, in a worktree of its own.

Changes the code a little (mutmut 2's changes, one at a time, drawn by seed), runs the room's tests, and prints what
survived and the share killed with its 95 % interval. Tests that reach the changed line (as coverage saw) come first;
the rest of the room has its say only on what these let live. Files are put back after each change, also after Ctrl-C.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import Phase, settings

from sim.study.shares import wilson
from tests.conftest import ROOT

TESTS_OF = {
    "stakes": ["tests/stakes", "tests/zone", "sim/stakes"],
    "zone": ["tests/zone", "sim/zone"],
    "talks": ["tests/talks", "sim/talks"],
    "classroom": ["tests/classroom", "sim/classroom"],
}
"""The tests that answer for a room, nearest first; where `sim/` is named, its doctests."""
SECONDS = 1_200

Reached = dict[Path, dict[int, list[str]]]
"""The tests that reach each line of each file, those first that reach the fewest lines of the room."""


def mutants(room: str, files: str) -> list[tuple[Path, Any]]:
    """Every change of every file of a room of `sim/` whose name fits a pattern, as mutmut names it."""
    from mutmut import Context, list_mutations  # installed by whoever runs this, as coverage is

    return [
        (path, change)
        for path in sorted((ROOT / "sim" / room).rglob(files))
        for change in list_mutations(Context(source=path.read_text("utf-8"), filename=str(path)))
    ]


def noticed(tests: Iterable[str], *python: str) -> bool:
    """Whether one of some tests fails now; a run without end counts as a failure."""
    options = ["-n0", "-x", "-q", "-p", "no:cacheprovider", "-p", "tests.benchmarks.mutants", "-m", "not slow"]
    words = [*python, "-m", "pytest", *options, *tests]
    try:
        return bool(subprocess.run(words, cwd=ROOT, capture_output=True, timeout=SECONDS, check=False).returncode)
    except subprocess.TimeoutExpired:
        return True


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    """Look for no smaller example of what fails: this file is a plugin of the runs that `noticed` starts."""
    settings.register_profile("as found", phases=[Phase.explicit, Phase.generate])
    settings.load_profile("as found")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> None:
    """Tell coverage, where it watches, which test is under way."""
    from coverage import Coverage

    if (watching := Coverage.current()) is not None:
        watching.switch_context(item.nodeid)


def reached(room: str, python: str) -> Reached:
    """What each test reaches, from one run of them all.

    Raises:
        SystemExit: when a test fails before anything is changed.
    """
    from coverage import CoverageData

    with TemporaryDirectory() as folder:
        data = CoverageData(str(Path(folder) / "data"))
        watched = ["-m", "coverage", "run", f"--data-file={data.data_filename()}", f"--source={ROOT / 'sim' / room}"]
        if noticed(TESTS_OF[room], python, *watched):
            raise SystemExit(f"the tests of {room} fail before anything is changed")
        data.read()
        found = {Path(file): data.contexts_by_lineno(file) for file in data.measured_files()}
    width = Counter(test for lines in found.values() for tests in lines.values() for test in tests)
    return {
        file: {line: sorted(filter(None, tests), key=width.__getitem__) for line, tests in lines.items()}
        for file, lines in found.items()
    }


def main() -> None:
    """Draw a room's mutants, try each, and print the share killed."""
    from mutmut import Context, mutate

    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("room", choices=list(TESTS_OF))
    asked.add_argument("--sample", type=int, default=60)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--files", default="*.py", help="change only files whose name fits this")
    asked.add_argument("--python", default=sys.executable, help="the interpreter that runs the tests")
    wanted = asked.parse_args()
    drawn = random.Random(wanted.seed).sample(everything := mutants(wanted.room, wanted.files), wanted.sample)
    near, killed = reached(wanted.room, wanted.python), 0
    for path, change in drawn:
        whole, line = path.read_text("utf-8"), change.line_number + 1
        first = near.get(path, {}).get(line, [])
        rest = [*TESTS_OF[wanted.room], *(f"--deselect={test}" for test in first)]
        try:
            path.write_text(mutate(Context(source=whole, filename=str(path), mutation_id=change))[0], "utf-8")
            dead = bool(first and noticed(first, wanted.python)) or noticed(rest, wanted.python)
        finally:
            path.write_text(whole, "utf-8")
        killed += dead
        print(
            "killed  " if dead else "survived",
            f"{path.relative_to(ROOT)}:{line}",
            f"({change.index}; reached by {len(first)})",
            change.line.strip(),
            flush=True,
        )
    low, high = wilson(killed, len(drawn))
    print(f"{wanted.room}: {killed} of {len(drawn)} drawn from {len(everything)} killed, {low:.0%} to {high:.0%}")


if __name__ == "__main__":
    main()
