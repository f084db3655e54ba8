"""Tables on screens of any width: what is a number is read whole."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from sim import load
from sim.report.terminal.batch import print_batch
from sim.report.terminal.tables import Sheet, dotted
from sim.report.terminal.talks import print_talks
from sim.report.terminal.zone import print_zone
from sim.study.many import run_many
from sim.study.run import run
from tests.conftest import Cli

NUMBER = re.compile(r"\d(?:[\d.,]*\d)?")
WIDTHS = (40, 60, 80, 120)
MANY = "".join(
    f"  p{n}:\n    name: Party number {n}\n    reservation: {n}\n    weights: {{price: {n + 1}}}\n"
    f"    values: {{price: {{low: {n % 2}, middle: 0.6{n:02}, high: {1 - n % 2}}}}}\n"
    for n in range(15)
)
FIFTEEN = (
    "format: 1\ntitle: Fifteen\nissues: {price: {status_quo: low, options: [low, middle, high]}}\nparties:\n" + MANY
)
CELLS = st.sampled_from(["12.5", "1,466,656", "72.2 to 100.0 %", "–", "a word or two", "unbroken_and_long_id", ""])


def shown(sheet: object, width: int) -> list[str]:
    out = StringIO()
    Console(file=out, width=width, highlight=False).print(sheet)
    return out.getvalue().splitlines()


def sheet(columns: int, rows: list[list[str]]) -> Sheet:
    made = Sheet()
    for n in range(columns):
        made.add_column(f"heading {n}", justify="right" if n else "left")
    for row in rows:
        made.add_row(*row[:columns])
    return made


@given(st.integers(1, 9), st.lists(st.lists(CELLS, min_size=9, max_size=9), max_size=4), st.integers(30, 130))
def test_a_table_shows_every_number_whole_on_every_width(columns: int, rows: list[list[str]], width: int) -> None:
    printed = shown(sheet(columns, rows), width)
    assert all(len(line) <= width and "…" not in line for line in printed)
    wanted = Counter(NUMBER.findall(" ".join(cell for row in rows for cell in row[:columns])))
    assert Counter(NUMBER.findall("\n".join(printed))) >= wanted


def test_a_table_too_wide_for_the_screen_is_turned_and_then_told_row_by_row() -> None:
    many = sheet(9, [["a row", *(f"{n},000.5" for n in range(8))]])
    assert len(shown(many, 120)) == 2
    assert shown(many, 40)[1].split() == ["heading", "1", "0,000.5"]
    wide = sheet(9, [[f"row {n}", *(f"{n},000,000,000.5" for _ in range(8))] for n in range(5)])
    assert shown(wide, 40)[1].rstrip() == "  heading 1: 0,000,000,000.5"


def test_words_of_a_list_are_broken_rather_than_cut() -> None:
    assert "".join(line[3:].strip() for line in shown(dotted(["x" * 200]), 40)) == "x" * 200


@pytest.fixture(scope="module")
def screens(tmp_path_factory: pytest.TempPathFactory) -> list[Callable[[Console], None]]:
    """A zone, a run and many runs of fifteen parties, each printed to a console."""
    path = tmp_path_factory.mktemp("fifteen") / "case.yaml"
    path.write_text(FIFTEEN, encoding="utf-8")
    loaded = load(path)
    scenario, one, many = loaded.scenario, run(loaded), run_many(loaded, 3)
    zone = one.zone_measures
    return [
        lambda console: print_zone(console, scenario, zone),
        lambda console: print_talks(console, one),
        lambda console: print_batch(console, scenario, many.measured),
    ]


@pytest.mark.parametrize("screen", range(3))
def test_fifteen_parties_keep_their_numbers_on_every_width(
    screens: list[Callable[[Console], None]], screen: int
) -> None:
    found = {}
    for width in (3_000, *WIDTHS):
        out = StringIO()
        screens[screen](Console(file=out, width=width, highlight=False))
        assert all(len(line) <= width for line in out.getvalue().splitlines())
        found[width] = Counter(NUMBER.findall(out.getvalue()))
    whole = found.pop(3_000)
    assert whole and all(numbers >= whole for numbers in found.values())


def test_a_pipe_is_as_wide_as_columns_says_and_nothing_pads_its_lines(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    wide = {}
    for columns in ("40", "100", "200", "", "wide"):
        monkeypatch.setenv("COLUMNS", columns)
        lines = cli("zone", "toy/two-issues").stdout.splitlines()
        assert all(line == line.rstrip() for line in lines)
        wide[columns] = max(map(len, lines))
    assert wide["40"] <= 40 < wide["100"] <= 100 and wide[""] == wide["wide"] == wide["100"]
