"""What hostile hands do to files, counted: ``python -m tests.test_hostile`` prints the figures (a quarter of an hour).

Each file is damaged, a command reads it in this process, and what it does wrong is counted: a traceback, more than five
seconds of computing, an exit code that is neither 0 nor 1, one that does not fit what is said on stderr, and a scenario
that `check` finds in order and `zone` refuses.
"""

from __future__ import annotations

import random
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest
from typer.main import get_command

from sim.cli import main
from tests import test_damaged_results as results
from tests.classroom import test_damaged_files as classroom

Making = Callable[[Path], Path]
SEED = 20270101
FIGURES: dict[str, tuple[int, dict[Making, tuple[str, ...]]]] = {
    "scenarios": (3_000, {made: results.MADE[made] for made in (results.scenario, results.dated)}),
    "results": (400, {made: words for made, words in results.MADE.items() if words[0] in ("report", "sweeps")}),
    "answers": (
        700,
        {
            classroom.answer: ("exercise", "check", "1", "{file}"),
            classroom.tactic: ("exercise", "grade", "{folder}", "--out", "{folder}/../marks.csv"),
        },
    ),
    "games": (160, {classroom.game: classroom.COMMANDS[classroom.game]}),
}
"""How many files of a kind are damaged in all, and which command reads each."""


def said(*words: str) -> tuple[int, str]:
    """Exit code and stderr of a command in this process."""
    err, code = StringIO(), 0
    sys.argv = ["ceasefire", *words]
    with redirect_stdout(StringIO()), redirect_stderr(err), results.bounded():
        try:
            main.main()
        except SystemExit as end:
            code = int(end.code or 0)
    return code, err.getvalue()


def wrong(words: list[str], follow: list[str] | None) -> str | None:
    """What a command does wrong, in a word, or None."""
    try:
        code, err = said(*words)
        if code == 0 and follow is not None and said(*follow)[0] != 0:
            return "in order, yet refused"
    except AssertionError:
        return "hang"
    except Exception:
        traceback.print_exc()
        return "traceback"
    lines = err.splitlines()
    if code not in (0, 1) or (code == 1) != bool(lines):
        return f"exit code {code}"
    return None if all(line.startswith("ceasefire: ") for line in lines) else "words"


def figures(kind: str, share: float = 1.0, progress: Callable[[str], None] = lambda said: None) -> Counter[str]:
    """How often a kind of file was damaged, refused, and read wrongly; by the number of the file where it was."""
    many, commands = FIGURES[kind]
    found: Counter[str] = Counter()
    for made, words in commands.items():
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "folder"
            folder.mkdir()
            path = made(folder)
            whole = path.read_bytes()
            told = [word.format(file=path, folder=folder) for word in words]
            follow = ["zone", str(path), "--search", "0.1"] if made is results.scenario else None
            for number in range(max(1, round(share * many / len(commands)))):
                path.write_bytes(classroom.damaged(whole, random.Random(f"{SEED} {made.__name__} {number}")))
                found["files"] += 1
                fault = wrong(told, follow)
                if fault:
                    found[fault] += 1
                    progress(f"{made.__name__} {number}: {fault}")
    return found


@pytest.mark.parametrize("kind", [kind for kind in FIGURES if kind != "results"])  # those take long to make
def test_hostile_files_are_read_or_refused_in_a_line(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    main.register([])
    monkeypatch.setattr(main, "app", get_command(main.app))
    monkeypatch.setattr(sys, "argv", sys.argv)
    assert set(figures(kind, 0.01)) == {"files"}


@pytest.mark.slow
@pytest.mark.parametrize("kind", FIGURES)
def test_very_many_hostile_files_are_read_or_refused_in_a_line(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    main.register([])
    monkeypatch.setattr(main, "app", get_command(main.app))
    monkeypatch.setattr(sys, "argv", sys.argv)
    assert figures(kind) == {"files": pytest.approx(FIGURES[kind][0], abs=20)}


if __name__ == "__main__":
    main.register([])
    main.app = get_command(main.app)  # type: ignore[assignment]
    for kind in sys.argv[1:] or list(FIGURES):
        print(kind, dict(figures(kind, progress=lambda line: print(line, flush=True))), flush=True)
