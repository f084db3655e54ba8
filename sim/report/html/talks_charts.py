"""The talks drawn: the path of the offers on each issue, and what was on the table was worth to each party.

They draw what transcript and per-round table hold.
"""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from sim.report import sentences
from sim.report.html.svg import Drawing, Point, add, css, drawing, mark, markup, path, shape, text
from sim.scenario.loader import Loaded
from sim.scenario.schema import Scenario
from sim.study.saved import Row
from sim.talks.transcript import Line, Tabled, Wish

WIDE, LEFT, ROW = 340.0, 8.0, 32.0
Track = list[tuple[int, int]]
Who = tuple[int, str]
"""A party, or -1 for the text, and what its offers are about where there are several at once."""


def offer_charts(loaded: Loaded, transcript: list[Line], rounds: int, key: str) -> list[dict[str, Any]]:
    """A chart an issue that is not pinned: options as levels, rounds to the right, a line for whoever asks."""
    case = loaded.case
    charts = []
    for axis, issue in enumerate(case.space.issues):
        if len(case.space.left[axis]) < 2:
            continue
        tracks = _tracks(loaded, transcript, issue.id)
        name = sentences.issue_name(loaded.scenario, issue.id)
        charts.append(
            {
                "name": name,
                "moves": max((len({option for _, option in track}) for track in tracks.values()), default=1) > 1,
                "svg": _offer_chart(loaded, axis, tracks, rounds, f"{key}offers-{axis}"),
            }
        )
    return charts


def _tracks(loaded: Loaded, transcript: list[Line], issue: str) -> dict[Who, Track]:
    """Who asked for which option in which round."""
    number = {party.id: n for n, party in enumerate(loaded.case.parties)}
    options = list(loaded.scenario.issues[issue].options)
    found: dict[Who, Track] = {}
    for line in transcript:
        if isinstance(line, Tabled | Wish) and issue in line.package:
            party = -1 if line.event == "text" else number[line.party or ""]
            about = (line.about or "") if isinstance(line, Tabled) else ""
            found.setdefault((party, about), []).append((line.round, options.index(line.package[issue])))
    return dict(sorted(found.items()))


def _offer_chart(loaded: Loaded, axis: int, tracks: dict[Who, Track], rounds: int, name: str) -> Markup:
    case, scenario = loaded.case, loaded.scenario
    issue, left = case.space.issues[axis], case.space.left[axis]
    holders = sorted({line.party for line in case.red_lines.lines if line.ladder[0].on == axis})
    right = WIDE - 14.0 - 16.0 * len(holders)
    high = {option: 16.0 + ROW * (place + 1) for place, option in enumerate(left)}
    tall = 22.0 + ROW * len(left) + 34.0
    title = f"{sentences.issue_name(scenario, issue.id)}: the path of the offers"
    told = drawing(WIDE, tall, title, _in_words(loaded, axis, tracks), name)
    for option in left:
        add(told, "line", "grid", x1=LEFT, x2=right, y1=high[option], y2=high[option])
    _red_lines(told, loaded, axis, holders, right, high)
    for (party, about), track in tracks.items():
        shift = 0.0 if party < 0 else (party - (len(case.parties) - 1) / 2) * min(3.4, 12 / len(case.parties))
        spots = [(_across(number, rounds, right), high[option] + shift) for number, option in track]
        _stairs(told, spots, party, about)
    for option in left:
        label = sentences.label(scenario, issue.id, issue.options[option])
        text(told, (LEFT, high[option] - 9), label, "tick halo")
    add(told, "line", "cursor", x1=-9, x2=-9, y1=16, y2=tall - 26, data_right=right, data_left=LEFT)
    _round_axis(told, rounds, right, tall - 12)
    return markup(told)


def _across(number: float, rounds: int, right: float) -> float:
    return LEFT + (right - LEFT) * (number - 0.5) / max(1, rounds)


def _stairs(into: Drawing, spots: list[Point], party: int, about: str) -> None:
    """A line that turns at right angles, marked where something changed and at both ends; interim offers dashed."""
    style = "text-line" if party < 0 else f"track {css(party)}"
    style += " d2" if about == "interim" else ""
    corners: list[Point] = []
    for n, spot in enumerate(spots):
        if n and spot[1] != spots[n - 1][1]:
            corners.append((spot[0], spots[n - 1][1]))
        corners.append(spot)
    path(into, corners, style)
    for n, spot in enumerate(spots):
        if n in (0, len(spots) - 1) or spot[1] != spots[n - 1][1]:
            if party < 0:
                add(into, "circle", "text-mark", cx=spot[0], cy=spot[1], r=2.6)
            else:
                mark(into, spot, shape(party), f"mark {css(party)}")


def _red_lines(
    into: Drawing, loaded: Loaded, axis: int, holders: list[int], right: float, high: dict[int, float]
) -> None:
    """At the right edge a column for each party with a line here: a cross by each option that it forbids."""
    for place, party in enumerate(holders):
        x = right + 14 + 16 * place
        mark(into, (x, 12), shape(party), f"mark {css(party)}")
        for line in loaded.case.red_lines.lines:
            if line.party != party or line.ladder[0].on != axis:
                continue
            soft = " soft" if line.ladder[0].when else ""
            for option, y in high.items():
                if option not in line.ladder[0].allowed:
                    mark(into, (x, y), "cross", f"forbidden {css(party)}{soft}")


def _round_axis(into: Drawing, rounds: int, right: float, y: float) -> None:
    every = max(1, -(-rounds // 7))
    for number in range(1, rounds + 1, every):
        words, anchor = (str(number), "middle") if number > 1 else ("round 1", "start")
        text(into, (_across(number, rounds, right) - (4 if number == 1 else 0), y), words, "tick faint", anchor)


def _in_words(loaded: Loaded, axis: int, tracks: dict[Who, Track]) -> str:
    issue = loaded.case.space.issues[axis]
    said = []
    for (party, about), track in tracks.items():
        who = ("the text" if party < 0 else loaded.case.parties[party].name) + (f" ({about})" if about else "")
        steps = [option for n, (_, option) in enumerate(track) if not n or option != track[n - 1][1]]
        labels = [sentences.label(loaded.scenario, issue.id, issue.options[option]) for option in steps]
        said.append(f"{who}: {', then '.join(labels[:6])}{', …' if len(labels) > 6 else ''}")
    return "; ".join(said) or "Nobody asked for anything."


def value_charts(loaded: Loaded, rows: list[Row], key: str) -> list[dict[str, Any]]:
    """A chart a signatory: what was on the table was worth to it, what it asked, what it expects without a deal."""
    charts = []
    for number in sorted(loaded.case.signatories, key=lambda n: loaded.case.parties[n].name):
        party = loaded.case.parties[number]
        mine = [row for row in rows if row.party == party.id]
        charts.append({"name": party.name, "svg": _value_chart(loaded.scenario, number, mine, f"{key}values-{number}")})
    return charts


def _value_chart(scenario: Scenario, party: int, rows: list[Row], key: str) -> Markup:
    name = list(scenario.parties.values())[party].name
    lines = {column: _column(rows, column) for column in ("target", "reservation", "value", "utility")}
    levels = [level for line in lines.values() for _, level in line]
    low, high = _bounds(levels)
    rounds, tall, left, right = len(rows), 190.0, 34.0, WIDE - 8
    told = drawing(
        WIDE, tall, f"{name}: value of the package on the table", _values_in_words(scenario, name, lines), key
    )

    def spot(number: float, level: float) -> Point:
        return left + (right - left) * (number - 0.5) / max(1, rounds), 160 - 142 * (level - low) / (high - low)

    every = 20 if high - low > 50 else 10
    while high - low > 12 * every:
        every *= 5
    for level in range(int(low), int(high) + 1, every):
        add(told, "line", "grid", x1=left, x2=right, y1=spot(1, level)[1], y2=spot(1, level)[1])
        text(told, (left - 5, spot(1, level)[1] + 4), str(level), "tick faint", "end")
    path(told, [spot(*point) for point in lines["reservation"]], "floor-line")
    path(told, [spot(*point) for point in lines["target"]], "target-line")
    path(told, [spot(*point) for point in lines["value"]], f"track {css(party)}")
    path(told, [spot(*point) for point in lines["utility"]], f"track strong {css(party)}")
    for point in lines["utility"]:
        mark(told, spot(*point), shape(party), f"mark {css(party)}")
    for number, row in enumerate(rows, 1):
        if row.accepts and row.utility is not None:
            add(told, "circle", "accepted", cx=spot(number, 0)[0], cy=spot(1, row.utility)[1], r=6.5)
    every = max(1, -(-rounds // 8))
    for number in range(1, rounds + 1, every):
        text(told, (spot(number, low)[0], 180), str(number), "tick faint", "middle")
    add(told, "line", "cursor", x1=-9, x2=-9, y1=8, y2=164, data_right=right, data_left=left)
    return markup(told)


def _column(rows: list[Row], column: str) -> list[tuple[int, float]]:
    """Rounds and numbers of a column, without the rounds in which it holds none."""
    levels = [(n, getattr(row, column)) for n, row in enumerate(rows, 1)]
    return [(n, level) for n, level in levels if level is not None]


def _bounds(levels: list[float]) -> tuple[float, float]:
    """Tens around all levels."""
    if not levels:
        return 0.0, 100.0
    return 10.0 * (min(levels) // 10), 10.0 * (max(levels) // 10 + 1)


def _values_in_words(scenario: Scenario, name: str, lines: dict[str, list[tuple[int, float]]]) -> str:
    said = []
    words = {
        "utility": "the package on the table is worth",
        "value": "as it may break down",
        "target": f"{name} asks",
        "reservation": "without a deal",
    }
    for column, line in lines.items():
        if line and (scenario.war or column != "value"):
            said.append(
                f"{words[column]} {line[0][1]:.0f} {sentences.unit(scenario)} at first, {line[-1][1]:.0f} at last"
            )
    return "; ".join(said)
