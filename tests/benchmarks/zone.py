"""What the zone costs: CPU seconds, peak memory over the interpreter, ratios to copying the same numbers once and to a
peer where it is installed, and how the frontier grows with parties, issues and options.

Run it with `python -m tests.benchmarks.zone`. With NegMAS installed beside the project (`pip install negmas`, for this
script only; it is no dependency), the frontier is timed on the same arrays.
"""

from __future__ import annotations

import resource
import sys
from dataclasses import replace

import numpy as np

from sim import load
from sim.scenario.compile import compile_case
from sim.stakes.case import Case
from sim.stakes.stages import ZONE_NAMES
from sim.zone.diagnosis import conflicts, relaxations, subsets
from sim.zone.points import frontier
from sim.zone.region import Members, find_zone, members
from sim.zone.steps import graded
from tests.benchmarks.timing import median

REPEATS = 5
EXTENDED = [
    ("ukraine", "internal_affairs", "{at_most: minority_rights}", ""),
    ("ukraine", "force_limits", "{at_most: high_cap}", ""),
    ("russia", "foreign_troops", "[unarmed_monitors, none]", ""),
    ("russia", "guarantees", "{at_most: political_assurances}", ""),
]
"""Four more lines on December 2025: 16 in all, with 4 reservation values."""
FINAL = "when: {hostilities: [final_treaty]}, "
OFFER = [
    ("russia", "alignment", "{at_least: permanent_non_membership}", FINAL),
    ("russia", "foreign_troops", "[none]", FINAL),
    ("russia", "legal_status", "[crimea_and_four_de_jure]", FINAL),
    ("russia", "european_security", "{at_least: exercise_and_missile_limits}", FINAL),
    ("ukraine", "guarantees", "{at_least: snap_back}", FINAL),
    ("ukraine", "line_of_control", "{at_most: line_of_contact}", ""),
    ("ukraine", "legal_status", "{at_most: de_facto_only}", ""),
    ("europe", "european_security", "{at_most: exercise_and_missile_limits}", ""),
]
"""Lines of which most bind only a final settlement, as in the truce offer of March 2025."""


def case_with(lines: list[tuple[str, str, str, str]], *, extended: bool) -> Case:
    """December 2025 with more lines, or with these instead of its own."""
    base = load("2025-12-stalemate")
    drawn = [
        f"{{id: line-{n}, party: {party}, {when}requires: {{{issue}: {allowed}}}, basis: assumption}}"
        for n, (party, issue, allowed, when) in enumerate(lines)
    ]
    changed = load("2025-12-stalemate", [f"red_lines=[{', '.join(drawn)}]"]).scenario
    own = base.scenario.red_lines if extended else []
    return compile_case(changed.model_copy(update={"red_lines": [*own, *changed.red_lines]}))


def additive(issues: int, seed: int = 0, options: int = 4, parties: int = 4) -> np.ndarray:
    """Random additive utilities of some parties over issues of some options: ``(options ** issues, parties)``."""
    draw, table = np.random.default_rng(seed), np.zeros((1, parties))
    for _ in range(issues):
        table = (table[:, None] + draw.random((options, parties))).reshape(-1, parties)
    return table


def growth() -> None:
    """Print what the frontier costs as parties, issues and options grow, beside copying its points once."""
    print(f"\n{'parties issues options':<24} {'points':>10} {'on it':>8} {'CPU s':>8} {'x copy':>8}")
    shapes = [(parties, 6, 4) for parties in range(2, 9)] + [(4, issues, 4) for issues in range(5, 11)]
    shapes += [(3, issues, 2) for issues in (12, 16, 20)] + [(4, 5, options) for options in range(3, 11)]
    for parties, issues, options in shapes:
        table = additive(issues, 0, options, parties)
        seconds, copied = median(lambda table=table: frontier(table)), median(table.copy)  # type: ignore[misc]
        ratio = seconds / max(copied, 1e-6)
        shape = f"{parties:7} {issues:6} {options:7}"
        print(f"{shape:<24} {len(table):>10,} {len(frontier(table)):>8,} {seconds:8.3f} {ratio:8.0f}", flush=True)


def whole_pass(case: Case) -> None:
    """Masks, counts, conflicts, relaxations, graded relaxations and the table of all subsets, for both zones."""
    zone = find_zone(case)
    for name in ZONE_NAMES:
        conflicts(zone, name=name), relaxations(zone, name=name), graded(zone, name), subsets(zone, name=name)


def values_of(case: Case, reading: str) -> Members:
    """The packages of a reading's zone with their values."""
    return members(find_zone(case), reading)  # type: ignore[arg-type]


def main() -> None:
    """Print the table."""
    base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    def line(what: str, seconds: float, allowed: str, more: str = "") -> None:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - base
        print(f"{what:<58} {seconds:8.3f} {peak:9.0f}  {allowed:<10} {more}")

    print(f"{'work':<58} {'CPU s':>8} {'+MiB':>9}  {'allowed s':<10}")
    extended = case_with(EXTENDED, extended=True)
    line("extended December: masks to all-subsets table", median(lambda: whole_pass(extended), REPEATS), "0.6")
    tables = {
        "frontier, 65,536 x 4 additive": (additive(8), "0.1"),
        "frontier, 1,048,576 x 4 additive": (additive(10), "1.0"),
        "frontier, 529,920 x 4 additive": (additive(10, 3)[:529_920], "0.3"),
    }
    for what, (table, allowed) in tables.items():
        seconds = median(lambda table=table: frontier(table), REPEATS)  # type: ignore[misc]
        line(what, seconds, allowed, f"{len(frontier(table)):,} on it{negmas(table, seconds)}")
    offer = values_of(case_with(OFFER, extended=False), "lines_only").values
    seconds = median(lambda: frontier(offer))
    line(f"frontier, truce offer's {len(offer):,} packages", seconds, "1.5", f"{len(frontier(offer)):,} on it")
    numbers = {"russia": 41.4, "ukraine": 42.2, "us": 37.6, "europe": 55.0}
    plain = ["war=null", *(f"parties.{party}.reservation={value}" for party, value in numbers.items())]
    free = load("2025-12-stalemate", plain).case.without_lines()
    every = values_of(_without_reservations(free), "none").values
    seconds = median(lambda: frontier(every))
    line(f"frontier, all {len(every):,} coherent ceasefires", seconds, "8", f"{len(frontier(every)):,} on it")
    growth()


def _without_reservations(case: Case) -> Case:
    return replace(case, reservation=np.full_like(case.reservation, -1e9))


def negmas(table: np.ndarray, ours: float) -> str:
    """The ratio to NegMAS on the same array, where it is installed."""
    try:
        from negmas.preferences.ops import pareto_frontier_numpy
    except ImportError:
        return "; NegMAS is not installed, no ratio"
    theirs = median(lambda: pareto_frontier_numpy(table))
    same = len(pareto_frontier_numpy(table)) == len(frontier(table))
    return f"; NegMAS {theirs:.2f} s, {theirs / ours:.1f} times ours, same size: {same}"


if __name__ == "__main__":
    sys.exit(main())
