"""The worked examples of docs/model.md: every line of arithmetic recomputed, the last one held against the engine."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

from sim import load
from sim.stakes.case import Case
from sim.stakes.space import OptionArray
from sim.stakes.views import Rows
from tests.conftest import ROOT

PAGE = (ROOT / "docs/model.md").read_text("utf-8")
RUSSIA, UKRAINE = 0, 1


@pytest.fixture(scope="module")
def case() -> Case:
    return load("2025-03-truce-offer").case


def shown(table: str) -> dict[str, str]:
    """The rows of the page's table whose heading begins so: what a row begins with, and the number beside it."""
    block = PAGE[PAGE.index(f"| {table}") :].split("\n\n")[0]
    rows = (line.strip("| ").rsplit(" | ", 1) for line in block.splitlines()[2:])
    return dict(rows)


def numbers(label: str) -> list[float]:
    """The numbers in a row's arithmetic."""
    return [float(number) for number in re.findall(r"\d+(?:\.\d+)?", label)]


def row(rows: dict[str, str], start: str) -> tuple[list[float], str]:
    """The numbers in the arithmetic of the one row that begins so, and what it comes to as written."""
    (label,) = [label for label in rows if label.startswith(start)]
    return numbers(label.removeprefix(start)), rows[label]


def rounds_to(written: str, exact: float) -> bool:
    return f"{exact:.{len(written.partition('.')[2])}f}" == written


def armistice(case: Case) -> OptionArray:
    """The package under the second table."""
    told = re.search(r"\\\* `([^`]+)`", PAGE)
    assert told is not None
    package = case.plain_truce()
    assert package is not None
    package = package.copy()
    for part in re.split(r",\s+", told[1]):
        issue, option = part.split("=")
        axis = [one.id for one in case.space.issues].index(issue)
        package[axis] = list(case.space.issues[axis].options).index(option)
    return package


def stakes(case: Case, package: OptionArray) -> tuple[np.ndarray, list[float]]:
    """Every party's U of a package, and its W' after it."""
    assert case.outlook is not None
    rows = Rows(case.endings, case.preferences, package[None])
    after = [float(rows.resumed(case.outlook, party)[0]) for party in (RUSSIA, UKRAINE)]
    return case.preferences.utilities(package[None])[0], after


def test_the_truce_worked_by_hand_is_the_engines(case: Case) -> None:
    truce = case.plain_truce()
    assert truce is not None and case.outlook is not None
    rows, (utility, after) = shown("a 30-day truce"), stakes(case, truce)
    assert rounds_to(row(rows, "U,")[1], utility[RUSSIA])
    assert rounds_to(row(rows, "W′,")[1], after[RUSSIA])
    (now, u, later, w), worth = row(rows, "V =")
    assert rounds_to(worth, now * u + later * w) and now + later == 1
    assert later == case.outlook.discount[0, RUSSIA]
    value, floor = case.value(RUSSIA, truce[None])[0], case.reservation[0, RUSSIA]
    assert rounds_to(worth, value)
    assert rounds_to(row(rows, "r = W")[1], floor)
    assert rounds_to(row(rows, "Russia refuses by")[1], floor - value)


def test_the_armistice_worked_by_hand_is_the_engines(case: Case) -> None:
    assert case.outlook is not None and case.endings is not None
    package = armistice(case)
    rows, (utility, after) = shown("an armistice"), stakes(case, package)
    assert rounds_to(row(rows, "U for")[1], utility[UKRAINE])
    assert rounds_to(row(rows, "W′ for")[1], after[UKRAINE])
    (u, w), gain = row(rows, "U − W′ for Russia:")
    assert rounds_to(gain, u - w) and rounds_to(gain, utility[RUSSIA] - after[RUSSIA])
    (_, start, slope), peace = row(rows, "L for Russia = 1 / (1 + exp")[0][-3:], row(rows, "L for Russia")[1]
    assert (start, slope) == (case.endings.start[0], case.endings.slope[0])
    calm = 1 / (1 + math.exp(-(utility[RUSSIA] - after[RUSSIA] + start) / slope))
    assert rounds_to(peace, calm)
    (hold, _), year = row(rows, "chance a year that nobody else breaks it =")
    assert hold == case.endings.hold[0, 3] and rounds_to(year, hold * calm)
    month, discount = (hold * calm) ** (1 / 12), case.outlook.discount[0, UKRAINE]
    assert rounds_to(row(rows, "s =")[1], month)
    share = (1 - discount) / (1 - discount * month)
    assert rounds_to(row(rows, "λ =")[1], share)
    attacked = row(rows, "ℓ =")[0][0]
    assert attacked == case.outlook.attacked[0, UKRAINE, 0]
    loss = attacked * math.log(calm) / math.log(hold * calm)
    assert rounds_to(row(rows, "ℓ =")[1], loss)
    blow = discount * (1 - month) * loss / (1 - discount * month)
    assert rounds_to(row(rows, "the blow =")[1], blow)
    worth = row(rows, "V =")[1]
    assert rounds_to(worth, share * utility[UKRAINE] + (1 - share) * after[UKRAINE] - blow)
    assert rounds_to(worth, case.value(UKRAINE, package[None])[0])
    assert rounds_to(row(rows, "r = W")[1], case.reservation[0, UKRAINE])


def test_all_four_sign_the_armistice_of_the_example(case: Case) -> None:
    package = armistice(case)
    assert case.valid(package[None])[0]
    assert not case.red_lines.crossed(package[None])[0] & np.uint64(case.red_lines.bits("declared"))
    for party in case.signatories:
        assert case.value(party, package[None])[0] >= case.reservation[0, party]
