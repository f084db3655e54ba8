"""No number of the model stands in code alone: what a war, an ending or a deal is worth is made of scenario fields."""

from __future__ import annotations

import ast
import re

import numpy as np
import pytest

from sim.scenario.assumptions import assumptions
from sim.scenario.columns import with_columns
from sim.scenario.issue_roles import Hold
from sim.scenario.talks_schema import Hearing, Softening
from sim.scenario.war_schema import Beliefs, Lever, Lottery, Ratification, Resume, War
from tests.conftest import ROOT
from tests.zones import load

VALUED = ("war", "outlook", "endings", "valuation", "quick", "views", "preferences", "terms", "case")
"""The modules of `sim/stakes` that say what anything is worth."""
UNITS = {
    0.0: "nothing",
    1.0: "all",
    12.0: "months in a year",
    100.0: "points that weights are scaled to",
    1e-6: "rounding",
    1e-9: "rounding",
}
"""No half and no double: a factor two is a number like any other."""
SPEED = {
    "quick": {1e-30: "no risk, where something is divided by it"},
    "terms": {1000.0: "options up to which all tables are looked up at once"},
}
"""Numbers of these modules that change how fast something is worked out, and not what."""
TALKS: dict[str, dict[float, str]] = {
    "acceptance": {},
    "concession": {1e6: "stands for no target at all"},
    "delegation": {},
    "front": {},
    "draft_across": {10.0: "rounding", 9.0: "rounding", 1e-10: "rounding"},
    "mediation": {2.0: "bounds of a score"},
    "memory": {16.0: "slots added at a time, for speed"},
    "offers/across": {2.0: "moves"},
    "offers/crossings": {},
    "offers/in_runs": {},
    "offers/offering": {
        16.0: "when to look at all at once, for speed",
        256.0: "runs from which that pays",
        0.8: "share of the runs above which picking some does not pay",
        2.0: "bounds of a score",
    },
    "offers/ranking": {
        29.0: "bits of a key",
        2048.0: "runs whose keys stay near the processor",
        512.0: "the same where every candidate's score is kept",
        2.0: "moves",
    },
    "offers/wish_across": {},
    "offers/variants": {64.0: "tables kept", 1024.0: "tables kept", 2.0: "issues that a neighbour changes"},
    "opponent_model": {60.0: "scale of whole weights", 2.0: "moves of a neighbour", 30.0: "bits of a score"},
    "protocols": {},
    "recall": {},
    "round_end": {},
    "softening": {2.0: "sides of a war"},
    "words": {64.0: "bits of a word", 3.0: "differences counted in a word"},
}
"""The modules of `sim/talks` that hold rules, and the numbers in them that are none of the model's, each with why."""


def numbers(source: str) -> dict[float, int]:
    """Every number that a module writes out, with the line of its last use; not those that count axes or kinds."""
    tree = ast.parse(source)
    places = {id(inner) for node in ast.walk(tree) for part in _counting(node) for inner in ast.walk(part)}
    literals = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in places]
    return {abs(float(node.value)): node.lineno for node in literals if type(node.value) in (int, float)}  # type: ignore[arg-type]


def _counting(node: ast.AST) -> list[ast.expr] | list[ast.stmt]:
    """The parts of a node whose numbers are places: indices, axes and the members of an enumeration."""
    match node:
        case ast.Subscript(slice=where):
            return [where]
        case ast.Call(func=ast.Attribute(attr="transpose"), args=axes):
            return axes
        case ast.BinOp(left=ast.Attribute(attr="ndim"), right=axes):
            return [axes]
        case ast.Compare(left=ast.Attribute(attr="ndim"), comparators=axes):
            return axes
        case ast.ClassDef(bases=[ast.Name(id="IntEnum")], body=members):
            return members
    return []


def test_the_code_that_values_deals_and_wars_writes_out_no_number_but_units_and_rounding() -> None:
    for name in VALUED:
        stray = {
            number: line
            for number, line in numbers((ROOT / f"sim/stakes/{name}.py").read_text("utf-8")).items()
            if number not in {**UNITS, **SPEED.get(name, {})}
        }
        assert not stray, name


@pytest.mark.parametrize("name", TALKS)
def test_the_rules_of_the_talks_write_out_no_number_of_the_model(name: str) -> None:
    found = set(numbers((ROOT / f"sim/talks/{name}.py").read_text("utf-8"))) - set(UNITS)
    assert found == set(TALKS[name]), name


def test_every_number_of_the_talks_is_a_field_with_a_unit_and_is_listed_and_told_to_the_talks() -> None:
    told = {
        "softening.late": 0.5, "softening.setback": 2.0, "softening.tempting": 7.0, "hearing.refused": 3,
        "hearing.pretence": 0.6, "hearing.lines": 1, "mediator.step": 0.2, "memory": 9, "tries": 2,
    }  # fmt: skip
    listed = {entry.path: entry for entry in assumptions(load("2025-12-stalemate").scenario)}
    changed = load("2025-12-stalemate", [f"protocol.{path}={value}" for path, value in told.items()]).case.protocol
    for path, value in told.items():
        entry = listed[f"protocol.{path}"]
        assert entry.unit and "∞" not in entry.range and entry.rests_on == "assumption", path
        found: object = changed
        for word in path.removeprefix("mediator.").split("."):
            found = getattr(found, word)
        assert found == value, path
    for part, above in ((Softening, "protocol.softening"), (Hearing, "protocol.hearing")):
        assert {f"{above}.{name}" for name in part.model_fields} <= set(listed)


@pytest.mark.parametrize(
    "line",
    [
        "second = second - shift / 2",
        "second = second - 0.5 * shift",
        "calm = np.exp(-gain * table[2] / 8)",
        "def calm(gain, start=10): return gain + start",
        "stays = year ** -3",
    ],
)
def test_a_constant_of_the_model_that_stood_in_code_would_be_found(line: str) -> None:
    assert set(numbers(line)) - set(UNITS)


def test_numbers_that_count_axes_or_kinds_are_none_of_the_model() -> None:
    kinds = "class Kind(IntEnum):\n    TRUCE = 2\n    TREATY = 4\n"
    assert not set(numbers(kinds + "wide = table[..., 2].transpose(1, 2, 0).reshape(x.ndim - 2)")) - set(UNITS)


def test_every_number_of_the_war_is_a_field_with_a_unit_and_is_listed() -> None:
    listed = {entry.path for entry in assumptions(load("2025-12-stalemate").scenario)}
    for part, above in (
        (War, "war"), (Hold, "war.hold"), (Resume, "war.resume"), (Lever, "war.levers.aid"),
        (Beliefs, "parties.russia.war"),
    ):  # fmt: skip
        for name, info in part.model_fields.items():
            if re.search(r"\b(float|int)\b", str(info.annotation)):
                assert isinstance(info.json_schema_extra, dict) and "unit" in info.json_schema_extra, name
                assert any(f"{path}.".startswith(f"{above}.{name}.") for path in listed), f"{above}.{name}"
    for part in (Lottery, Ratification):
        assert all(isinstance(info.json_schema_extra, dict) for info in part.model_fields.values())


def test_how_far_the_second_sides_odds_move_is_listed_with_unit_range_and_basis_and_read_by_run() -> None:
    (found,) = [entry for entry in assumptions(load("2025-12-stalemate").scenario) if entry.path.endswith(".mirror")]
    assert (found.path, found.value, found.unit) == ("war.resume.mirror", 0.5, "share of the shift")
    assert (found.range, found.rests_on) == ("[0, 2]", "assumption")
    base, equal = load("2025-12-stalemate"), load("2025-12-stalemate", ["war.resume.mirror=1"])
    guarded = base.case.space.package({"hostilities": "armistice", "guarantees": "snap_back"})[None]
    # A guarantee that raises the second's odds more leaves the first less of a war to go back to.
    assert equal.case.war_after(0, guarded)[0] < base.case.war_after(0, guarded)[0]
    assert (equal.case.reservation == base.case.reservation).all()
    columns = with_columns(base, {"war.resume.mirror": np.array([0.5, 1.0])})
    assert columns.war_after(0, guarded[None]).ravel() == pytest.approx(
        [float(found.case.war_after(0, guarded)[0]) for found in (base, equal)], abs=0
    )
