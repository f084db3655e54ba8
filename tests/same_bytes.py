"""Do two checkouts give the same bytes? `python -m tests.same_bytes OLD_CHECKOUT [--python PATH] [--only WORD]`.

Compares this checkout with an older one, each in a process of its own, by the command line alone. For every shipped
scenario: what `run --json` prints, with the zone, transcript and rounds that it writes; then the table of a small
sweep. What is not byte-identical is listed with the largest numeric difference, and the exit code is 1. All scenarios
take some minutes.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
WRITE = """
import io, json, shutil, sys
from contextlib import redirect_stdout
from pathlib import Path
from sim.cli.main import main

def command(*words):
    said, sys.argv = io.StringIO(), ["ceasefire", *words]
    with redirect_stdout(said):
        try:
            main()
        except SystemExit as end:
            assert not end.code, (words, end.code)
    return said.getvalue()

only = sys.argv[1]
Path("made").mkdir()
for slug in [entry["scenario"] for entry in json.loads(command("scenarios", "--json"))]:
    if only in slug:
        said = json.loads(command("run", slug, "--json"))
        folder, place = Path(said.pop("folder")), Path("made", slug)
        place.mkdir(parents=True)
        Path(place, "run.json").write_text(json.dumps(said), encoding="utf-8")
        for name in ("zone.json", "transcript.jsonl", "rounds.csv"):
            shutil.copy(folder / name, place / name)
vary = ["parties.ira.reservation=20:80", "protocol.deadline=2:9", "protocol.name=alternating,single_text"]
words = [word for text in vary for word in ("--vary", text)]
command("sweep", "toy/two-issues", *words, "--cases", "64", "--replications", "2", "--workers", "1", "--out", "sweep")
command("sweeps", "table", "sweep", "--out", "made/sweep.parquet")
"""
"""Writes all that is compared under ``made/``."""


def started(checkout: Path, python: str, folder: Path, only: str) -> subprocess.Popen[bytes]:
    """The process that writes what a checkout makes."""
    folder.mkdir()
    env = os.environ | {"PYTHONPATH": str(checkout.resolve()), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.Popen([python, "-c", WRITE, only], cwd=folder, env=env, stdout=subprocess.DEVNULL)


def content(path: Path) -> Any:
    """A file as plain data."""
    if path.suffix == ".json":
        return json.loads(path.read_text("utf-8"))
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    if path.suffix == ".csv":
        return [[number(cell) for cell in row] for row in csv.reader(path.read_text("utf-8").splitlines())]
    from pyarrow.parquet import read_table

    return read_table(path).to_pydict()


def number(cell: str) -> float | str:
    """A cell as a number where it is one."""
    try:
        return float(cell)
    except ValueError:
        return cell


def differences(old: Any, new: Any, place: str = "") -> Iterator[tuple[str, float | None]]:
    """Every place where two pieces of plain data differ, with how far numbers are apart and None for other things.

    >>> list(differences({"a": [1, 2.5], "b": "x"}, {"a": [1, 2.0], "b": "y"}))
    [('a.1', 0.5), ('b', None)]
    """
    if isinstance(old, dict) and isinstance(new, dict):
        for key in old | new:
            at = f"{place}.{key}".lstrip(".")
            if key in old and key in new:
                yield from differences(old[key], new[key], at)
            else:
                yield at, None
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for number, pair in enumerate(zip(old, new, strict=True)):
            yield from differences(*pair, f"{place}.{number}".lstrip("."))
    elif isinstance(old, int | float) and isinstance(new, int | float) and not isinstance(old, bool):
        if old != new and (old == old or new == new):
            yield place, abs(old - new)
    elif old != new:
        yield place, None


def told(old: Path, new: Path) -> str | None:
    """How two files differ, in a line; None where they are byte-identical."""
    if not old.exists() or not new.exists():
        return f"only in the {'new' if new.exists() else 'old'} checkout"
    if old.read_bytes() == new.read_bytes():
        return None
    found = list(differences(content(old), content(new)))
    numbers = [(apart, place) for place, apart in found if apart is not None]
    others = [place for place, apart in found if apart is None]
    said = [f"{len(numbers)} numbers, by {max(numbers)[0]:.3g} at most, at {max(numbers)[1]}"] if numbers else []
    said += [f"{len(others)} other things, first at {others[0]}"] if others else []
    return "; ".join(said) or "other bytes for the same content"


def main() -> int:
    """Compare, and print what differs."""
    parser = argparse.ArgumentParser(prog="python -m tests.same_bytes", description=__doc__)
    parser.add_argument("old", type=Path, help="folder of the older checkout")
    parser.add_argument("--python", default=sys.executable, help="interpreter for the older checkout")
    parser.add_argument("--only", default="", metavar="WORD", help="only scenarios with this in their name")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        old, new = Path(work, "old"), Path(work, "new")
        both = [started(given.old, given.python, old, given.only), started(ROOT, sys.executable, new, given.only)]
        codes = [process.wait() for process in both]
        if any(codes):
            print("one of the two could not make everything; what it said stands above", file=sys.stderr)
            return 2
        names = sorted(
            {
                path.relative_to(side).as_posix()
                for side in (old, new)
                for path in side.glob("made/**/*.*")
                if path.is_file()
            }
        )
        found = {name.removeprefix("made/"): told(old / name, new / name) for name in names}
    for name, said in found.items():
        if said is not None:
            print(f"{name}: {said}")
    print(f"{sum(said is None for said in found.values())} of {len(found)} files are byte-identical")
    return int(any(found.values()))


if __name__ == "__main__":
    sys.exit(main())
