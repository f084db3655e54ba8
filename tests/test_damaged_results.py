"""Scenarios, tactics, tables and results, damaged in many ways: a line each, exit 1, no traceback, no hang, no flood.

The classroom's own files are damaged in `tests/classroom/test_damaged_files.py`, in the same ways.
"""

from __future__ import annotations

import random
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sim.errors import CeasefireError
from sim.scenario.loader import load
from sim.scenario.tactics import read_tactics
from sim.serve.run import take_up, wanted
from sim.sweeps.conduct import conduct
from sim.sweeps.sweep import sweep
from tests.classroom.test_damaged_files import damaged
from tests.conftest import ROOT, Cli

FAST, SLOW = 500, 20_000
"""Damaged files that are read in all."""
SEED = 20261127
CPU_SECONDS, MOST_GROWTH = 5, 1_000_000
"""Computing that reading one file may take, and kilobytes that the process may grow by."""


def scenario(folder: Path) -> Path:
    shutil.copy(ROOT / "tests/cases/valid/harbour.yaml", folder / "case.yaml")
    return folder / "case.yaml"


def dated(folder: Path) -> Path:
    shutil.copy(ROOT / "scenarios/2025-03-truce-offer.yaml", folder / "case.yaml")
    return folder / "case.yaml"


def tactics(folder: Path) -> Path:
    path = folder / "mine.yaml"
    path.write_text("mine: {exponent: 0.5, opening: 0.9, learns: bayes}\nother: {patience: 3, stall: true}\n", "utf-8")
    return path


def package(folder: Path) -> Path:
    path = folder / "package.yaml"
    path.write_text("fence: halfway\ntree: trimmed\n", encoding="utf-8")
    return path


def table(folder: Path) -> Path:
    path = folder / "table.csv"
    path.write_text(
        'parties.ira.reservation,protocol.deadline,pins.fence\n40,5,halfway\n45.5,6,\n1e1,7,"halfway"\n', "utf-8"
    )
    return path


def sweep_file(folder: Path) -> Path:
    path = folder / "sweep.yaml"
    text = "scenario: toy/two-issues\nset: {public: 0.5}\nvary: {parties.ira.reservation: {low: 1, high: 9}}\nseed: 3\n"
    path.write_text(text + "design: {kind: sobol, cases: 4}\n", encoding="utf-8")
    return path


def swept(folder: Path) -> Path:
    made = sweep("toy/two-issues", ["protocol.deadline=2:6", "parties.ira.reservation=1:9"], cases=4)
    conduct(made, folder / "swept", chunk=4)
    return folder / "swept" / "manifest.json"


def chunk(folder: Path) -> Path:
    return next((swept(folder).parent / "runs").iterdir())


def swept_table(folder: Path) -> Path:
    conduct(sweep("toy/two-issues", table=table(folder)), folder / "swept", chunk=4)
    return folder / "swept" / "cases.csv"


def result(name: str, runs: int = 1) -> Callable[[Path], Path]:
    def made(folder: Path) -> Path:
        from sim.study.many import run_many
        from sim.study.record import write_batch, write_run
        from sim.study.run import run

        (folder / "run").mkdir()
        loaded = load("toy/two-issues")
        write_run(run(loaded), folder / "run") if runs == 1 else write_batch(run_many(loaded, runs), folder / "run")
        return folder / "run" / name

    made.__name__ = f"{name} of {runs}"
    return made


def room(folder: Path) -> Path:
    """A class's room with both seats taken, as its teacher downloads it."""
    from sim.classroom.decisions import Decision
    from sim.classroom.room import new_room
    from sim.classroom.room_file import room_text

    loaded = load("toy/two-issues")
    played = new_room(loaded, ["ira", "joe"], 3)
    while not played.over and played.round < 4:
        ask = played.asks[0]
        played = played.decided((ask.key, ask.party, Decision("reject" if ask.key.at == "reply" else "stay")))
    (folder / "room.json").write_text(room_text(played, loaded), encoding="utf-8")
    return folder / "room.json"


def exported(kind: str) -> Callable[[Path], Path]:
    """A negotiation as another platform writes it, one of its files to be damaged."""

    def made(folder: Path) -> Path:
        from sim.exchange.formats import export

        written, _ = export(load("toy/two-issues"), kind, folder / "domain")
        return next(path for path in reversed(written) if path.suffix in (".xml", ".json", ".yml", ".csv"))

    made.__name__ = kind
    return made


REPORT = ("report", "{folder}/run", "--to", "{folder}/page.html")
MADE: dict[Callable[[Path], Path], tuple[str, ...]] = {
    scenario: ("check", "{file}"),
    dated: ("check", "{file}"),
    package: ("zone", "toy/two-issues", "--package", "{file}"),
    table: ("sweep", "toy/two-issues", "--table", "{file}", "--dry-run"),
    sweep_file: ("sweep", "{file}", "--list"),
    swept: ("sweeps", "status", "{folder}/swept"),
    swept_table: ("sweeps", "status", "{folder}/swept"),
    chunk: ("sweeps", "status", "{folder}/swept"),
    **{result(name): REPORT for name in ("manifest.json", "run.json", "zone.json", "transcript.jsonl")},
    result("rounds.csv"): REPORT,
    result("runs.json", 9): REPORT,
    room: ("replay", "{file}"),
    **{
        exported(kind): ("import", "{folder}/domain", "--to", "{folder}/made.yaml")
        for kind in ("genius", "geniusweb", "negolog", "negmas", "scores")
    },
}


@contextmanager
def bounded() -> Iterator[None]:
    """Interrupt what computes for too long, however busy the machine is."""
    if sys.platform == "win32":
        yield
        return

    def stop(*_: object) -> None:
        raise AssertionError("it computes without end")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def largest() -> int:
    """Kilobytes that this process has held at most."""
    if sys.platform == "win32":
        return 0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def check_damage(cli: Cli, folder: Path, made: Callable[[Path], Path], first: int, count: int) -> None:
    """Read so many damaged files; the message names the number of the first that goes wrong."""
    path = made(folder)
    whole = path.read_bytes()
    words = [word.format(file=path, folder=folder) for word in MADE[made]]
    done = cli(*words)
    assert done.returncode == 0, done.stderr
    held, refused = largest(), 0
    for number in range(first, first + count):
        raw = damaged(whole, random.Random(f"{SEED} {made.__name__} {number}"))
        path.write_bytes(raw)
        (folder / "made.yaml").unlink(missing_ok=True)
        with bounded():
            done = cli(*words)
        assert done.returncode in (0, 1), number
        said = done.stderr.splitlines()
        assert bool(said) == (done.returncode == 1), (number, said)
        assert all(line.startswith("ceasefire: ") for line in said) and len(said) <= 11, (number, said)
        assert path.read_bytes() == raw, number
        refused += done.returncode
        places = [path.name, *({path.parent.name} if path.parent != folder else ())]
        assert all(any(place in line for place in places) for line in said), (number, said)
    assert largest() - held < MOST_GROWTH
    assert refused > count / 5, "much damage is noticed"


EACH = FAST // (len(MADE) + 1)


@pytest.mark.parametrize("made", MADE, ids=lambda made: made.__name__)
def test_a_damaged_file_is_refused_with_its_place(quick: Cli, tmp_path: Path, made: Callable[[Path], Path]) -> None:
    check_damage(quick, tmp_path, made, 0, EACH)


@pytest.mark.slow
@pytest.mark.parametrize("made", MADE, ids=lambda made: made.__name__)
def test_many_damaged_files_are_refused(quick: Cli, tmp_path: Path, made: Callable[[Path], Path]) -> None:
    check_damage(quick, tmp_path, made, EACH, SLOW // (len(MADE) + 1))


def check_reader(path: Path, read: Callable[[], object], first: int, count: int) -> None:
    """A file damaged in ``count`` ways, read each time: taken, or refused in lines that name it."""
    whole, refused = path.read_bytes(), 0
    for number in range(first, first + count):
        for beside in path.parent.glob(f"{path.name}?*"):  # a database's journals
            beside.unlink()
        path.write_bytes(damaged(whole, random.Random(f"{SEED} {path.stem} {number}")))
        try:
            with bounded():
                read()
        except CeasefireError as error:
            refused += 1
            assert all(path.name in line and "\n" not in line for line in error.lines()), number
    assert refused > count / 5


def check_tactics(folder: Path, first: int, count: int) -> None:
    path = tactics(folder)
    check_reader(path, lambda: read_tactics(path), first, count)


def test_a_damaged_list_of_tactics_is_refused_with_its_place(tmp_path: Path) -> None:
    check_tactics(tmp_path, 0, EACH)


@pytest.mark.slow
def test_many_damaged_lists_of_tactics_are_refused(tmp_path: Path) -> None:
    check_tactics(tmp_path, EACH, SLOW // (len(MADE) + 1))


def check_class(folder: Path, first: int, count: int) -> None:
    """The file of a class, with somebody in a seat, taken up again."""
    path = folder / "class.sqlite"
    asked = wanted(load("toy/two-issues"), ["ira", "joe"], 0, 1, 90, False)
    lesson, _ = take_up(asked, path)
    lesson.log.add("joined", 1, 0, {"name": "Ana", "token": "x" * 20})
    lesson.log.close()
    check_reader(path, lambda: take_up(asked, path)[0].log.close(), first, count)


def test_a_damaged_class_is_refused_with_its_place(tmp_path: Path) -> None:
    check_class(tmp_path, 0, EACH)


@pytest.mark.slow
def test_many_damaged_classes_are_refused(tmp_path: Path) -> None:
    check_class(tmp_path, EACH, SLOW // (len(MADE) + 1))


BOMBS = [b"[" * 100_000, b'{"a":' * 100_000, b"9" * 200_000, b"\0" * 200_000, b"", b"\xff\xfe[", b'"' + b"\\" * 99_999]


@pytest.mark.parametrize("made", MADE, ids=lambda made: made.__name__)
def test_what_is_deep_long_or_empty_is_refused(quick: Cli, tmp_path: Path, made: Callable[[Path], Path]) -> None:
    path = made(tmp_path)
    for bomb in BOMBS:
        path.write_bytes(bomb)
        with bounded():
            done = quick(*(word.format(file=path, folder=tmp_path) for word in MADE[made]))
        lines = len(done.stderr.splitlines())
        assert (done.returncode, lines) == (1, 1) or not bomb, (bomb[:9], done)
