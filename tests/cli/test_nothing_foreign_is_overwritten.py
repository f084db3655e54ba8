"""What a command writes takes the place of nothing but its own kind: never of a file that it reads, or of another's."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.files import write_text
from sim.sweeps.conduct import conduct
from sim.sweeps.sweep import sweep
from tests.conftest import Cli


@pytest.fixture
def place(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with a scenario of the user's own."""
    monkeypatch.chdir(tmp_path)
    assert cli("new", "wages.yaml", "--from", "toy/two-issues").returncode == 0
    return tmp_path


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("report", "wages.yaml", "--to", "wages.yaml"), "page"),
        (("report", "wages.yaml", "toy/two-issues", "--to", "wages.yaml"), "page"),
        (("explore", "wages.yaml", "--out", "wages.yaml"), "page"),
        (("report", "wages.yaml", "--to", "mine.svg"), "card"),
        (("report", "wages.yaml", "--to", "mine.png"), "card"),
        (("report", "wages.yaml", "--to", "class.csv"), "page"),
        (("zone", "wages.yaml", "--members", "class.csv"), "table of packages"),
        (("zone", "wages.yaml", "--frontier", "class.csv"), "table of packages"),
        (("zone", "wages.yaml", "--members", "mine.parquet"), "table of packages"),
    ],
)
def test_a_foreign_file_is_left_alone(cli: Cli, place: Path, words: tuple[str, ...], what: str) -> None:
    for name in ("mine.svg", "mine.png", "mine.parquet", "class.csv"):
        write_text(place / name, "id,name\n1,Ada\n")
    before = {path: path.read_bytes() for path in place.iterdir()}
    told = cli(*words)
    assert told.returncode == 1
    assert (
        told.stderr
        == f"ceasefire: {words[-1]} is not a {what} and is not overwritten; name another file, or delete it\n"
    )
    assert {path: path.read_bytes() for path in place.iterdir()} == before


@pytest.mark.parametrize(
    "words",
    [
        ("report", "wages.yaml", "--to", "out.html"),
        ("report", "wages.yaml", "--to", "out.svg"),
        ("report", "wages.yaml", "--to", "out.png"),
        ("report", "wages.yaml", "toy/two-issues", "--to", "out.svg"),
        ("explore", "wages.yaml", "--out", "out.html"),
        ("zone", "wages.yaml", "--members", "out.csv"),
        ("zone", "wages.yaml", "--frontier", "out.parquet"),
    ],
    ids=" ".join,
)
def test_the_same_command_may_write_again(cli: Cli, place: Path, words: tuple[str, ...]) -> None:
    write_text(place / words[-1], "")  # made by touch, or by an editor
    for _ in range(2):
        told = cli(*words)
        assert told.returncode == 0, told.stderr


def test_two_tables_do_not_share_a_file(cli: Cli, place: Path) -> None:
    told = cli("zone", "wages.yaml", "--members", "a.csv", "--frontier", "./a.csv")
    assert told.returncode == 1 and "is where --members writes" in told.stderr
    assert not (place / "a.csv").exists()


def test_a_sweep_keeps_the_table_that_it_was_made_of(cli: Cli, place: Path) -> None:
    write_text(place / "cases.csv", "protocol.deadline\n2\n4\n")
    conduct(sweep("toy/two-issues", table=place / "cases.csv"), place / "swept")
    for foreign in (place / "cases.csv", place / "swept" / "cases.csv", next(place.glob("swept/runs/*.parquet"))):
        before = foreign.read_bytes()
        told = cli("sweeps", "table", "swept", "--out", foreign)
        assert told.returncode == 1 and "is not a table of a sweep and is not overwritten" in told.stderr
        assert foreign.read_bytes() == before
    for name in ("out.csv", "out.parquet"):
        for by in ("run", "case", "run"):
            told = cli("sweeps", "table", "swept", "--out", name, "--by", by)
            assert told.returncode == 0, told.stderr
