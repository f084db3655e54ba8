"""What parties expect without a deal and how long packages would hold, as rows and one drawing.

Values come from the study's own functions; this file only arranges them.
"""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from sim.report import sentences
from sim.report.html.svg import MARKS, Point, add, drawing, mark, markup, path, shape, text
from sim.report.html.who import party_view
from sim.scenario.loader import Loaded
from sim.stakes.space import Package
from sim.study.explain import Expectation, WarExpectation, expectation_measures
from sim.study.measures import ZoneMeasures, durability_measures

YEARS = 5


def expectations_view(loaded: Loaded) -> list[dict[str, Any]]:
    """For each party, alphabetically, where its value without a deal comes from, as bars on one scale."""
    found = [expectation_measures(loaded, party) for party in loaded.scenario.parties]
    most = max((abs(points) for entry in found for points in _parts(entry).values()), default=0) or 1
    shown = [
        {
            "party": party_view(loaded.scenario, entry.party),
            "batna": entry.batna,
            "reservation": entry.reservation,
            "form": {"war": "the war going on", "lottery": "a textbook lottery", "number": "a number in the scenario"}[
                entry.form
            ],
            "parts": [
                {
                    "words": sentences.part_of_war(loaded.scenario, part),
                    "points": points,
                    "share": 100 * abs(points) / most,
                }
                for part, points in _parts(entry).items()
            ],
            "beliefs": entry.beliefs if isinstance(entry, WarExpectation) else None,
            "gain": entry.truce.gain if isinstance(entry, WarExpectation) and entry.truce else None,
        }
        for entry in found
    ]
    return sorted(shown, key=lambda entry: str(entry["party"]["name"]))


def _parts(entry: Expectation) -> dict[str, float]:
    return entry.parts if isinstance(entry, WarExpectation) else {}


def durability_view(loaded: Loaded, found: ZoneMeasures, packages: dict[str, Package], key: str) -> dict[str, Any]:
    """How long packages would hold: those of the talks, by what they are called, and the named points of the zone."""
    points = {}
    for point in found.points:
        of = f" of {', '.join(sentences.name_of(loaded.scenario, party) for party in point.values)}"
        points[f"the {sentences.point_name(point.name)} point" + (of if found.several_groups else "")] = point.package
    shown: list[dict[str, Any]] = []
    for name, package in (packages | points).items():
        holds = durability_measures(loaded.case, loaded.case.space.package(package))
        twin = next((entry for entry in shown if entry["package"] == package), None)
        if twin is not None:
            twin["names"].append(name)
        else:
            shown.append({"names": [name], "package": package, "holds": holds})
    lasting = [entry for entry in shown if entry["holds"]]
    for number, entry in enumerate(lasting):
        entry |= {"mark": MARKS[shape(number)], "dash": number % 5}
    return {"rows": shown, "svg": _durability_chart(lasting, key) if lasting else None, "years": YEARS}


def _durability_chart(entries: list[dict[str, Any]], key: str) -> Markup:
    """The chance that each package still holds, month by month."""
    wide, tall, left, right, top, low = 340.0, 236.0, 46.0, 322.0, 14.0, 210.0
    told = drawing(
        wide,
        tall,
        "How long a package would hold",
        "; ".join(f"{' and '.join(e['names'])}: {sentences.holds(e['holds'])} after 1 and 5 years" for e in entries),
        f"{key}durability",
    )

    def spot(month: float, chance: float) -> Point:
        return left + (right - left) * month / (12 * YEARS), low - (low - top) * chance

    for percent in (0, 25, 50, 75, 100):
        y = spot(0, percent / 100)[1]
        add(told, "line", "grid", x1=left, x2=right, y1=y, y2=y)
        text(told, (left - 6, y + 4), f"{percent} %", "tick faint", "end")
    for year in range(YEARS + 1):
        text(told, (spot(12 * year, 0)[0], low + 18), str(year), "tick faint", "middle")
    for number, entry in enumerate(entries):
        chance = float(entry["holds"]["12_months"])
        path(
            told, [spot(month, chance ** (month / 12)) for month in range(0, 12 * YEARS + 1, 2)], f"curve d{number % 5}"
        )
        mark(told, spot(12 * YEARS, chance**YEARS), shape(number), "curve-mark")
    return markup(told)
