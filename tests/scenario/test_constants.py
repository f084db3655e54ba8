"""No number of the model stands in code alone: what a war, an ending or a deal is worth is made of scenario fields."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from sim import load
from sim.scenario.assumptions import assumptions
from sim.scenario.war_schema import Beliefs, Hold, Lever, Lottery, Ratification, Resume, War
from tests.conftest import ROOT

VALUED = ("war", "outlook", "valuation", "views", "preferences", "terms", "case")
"""The modules of `sim/stakes` that say what anything is worth."""
UNITS = {
    0.0: "nothing",
    1.0: "all",
    2.0: "halves: the odds of a resumed war fall half as much on the other side",
    3.0: "a kind of ending, by its number",
    4.0: "a kind of ending, by its number",
    12.0: "months in a year",
    100.0: "points that weights are scaled to",
    1e-6: "rounding",
    1e-9: "rounding",
}


def numbers(path: Path) -> dict[float, int]:
    """Every number that a module writes out, with the line of its last use."""
    found = ast.walk(ast.parse(path.read_text("utf-8")))
    literals = [node for node in found if isinstance(node, ast.Constant) and type(node.value) in (int, float)]
    return {abs(float(node.value)): node.lineno for node in literals}  # type: ignore[arg-type]


def test_the_code_that_values_deals_and_wars_writes_out_no_number_but_units_and_rounding() -> None:
    for name in VALUED:
        stray = {
            number: line for number, line in numbers(ROOT / f"sim/stakes/{name}.py").items() if number not in UNITS
        }
        assert not stray, name


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
