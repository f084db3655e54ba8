"""A compiled case as the tables that the page's engine counts with: numbers stay paths, so that a slider is a `--set`.

Constants are read from the modules that define them. What the engine does not know is refused by name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.errors import ScenarioError
from sim.report.explorer.numbers import Cells
from sim.scenario.loader import Loaded
from sim.scenario.reading import READINGS, can_be_read
from sim.stakes.case import TOLERANCE, Case
from sim.stakes.clauses import NO_WAY_OUT
from sim.stakes.endings import Kind
from sim.stakes.preferences import IDEAL
from sim.stakes.redlines import RedLine
from sim.stakes.space import BoolArray, Issue, OutcomeSpace
from sim.stakes.valuation import YEAR
from sim.zone.constraints import MOST_GROUPS as MOST_THAT_COULD_SIGN
from sim.zone.constraints import Constraints
from sim.zone.points import MOST_GROUPS
from sim.zone.region import ROUNDED
from sim.zone.slabs import pieces

FORMAT = 1
"""Of the tables, and of the state in a page's address."""
MOST_PACKAGES = 6_000_000
"""Packages that a browser is asked to look at."""
WORD = 30
"""Bits of a browser's whole numbers that are used."""

EXPORTED = {
    "Case": "space parties belligerents red_lines validity preferences reservation zones protocol war endings home "
    "audience consent",
    "OutcomeSpace": "issues left",
    "Issue": "id options status_quo ordered",
    "War": "share hazard horizon drift win mirror cost discount attacked lever_index lever_base lever_drift line "
    "shares beyond_share beyond_value terms fights fixed",
    "Endings": "axis kinds hold slope start line resume resume_scale limited_cost",
    "Preferences": "weights values holder points boxes",
    "RedLines": "lines",
    "RedLine": "id party ladder",
    "Clause": "on allowed when",
    "Party": "id name",
    "Protocol": "asked quorum vetoes",
}
"""Fields that reach the page, by class."""
UNUSED = {
    "Case": "tactics resolve weight_sets outlook partial known",
    "War": "sigma prior real_drift frozen impatience",
    "RedLines": "space",
    "RedLine": "harder",
    "Party": "signs",
    "Protocol": "name earliest deadline proposers start_text weights camps bias patience drafts mediator pulls tracks "
    "events step softening hearing memory tries discount",
}
"""Fields that say nothing of the zone as it stands: the talks', what follows from others, other weights."""


def tables(loaded: Loaded) -> dict[str, Any]:
    """What the engine is given.

    Raises:
        ScenarioError: for a case that the engine cannot count.
    """
    case, constraints = loaded.case, Constraints(loaded.case)
    if why := too_large(case):
        raise ScenarioError(f"cannot be explored in a browser: {why}")
    cells = Cells(loaded.scenario)
    space, rule = case.space, case.protocol
    return {
        "format": FORMAT,
        "constants": constants(),
        "issues": [_issue(case, axis) for axis in range(len(space.issues))],
        "parties": [{"id": party.id, "name": party.name} for party in case.parties],
        "signatories": case.signatories,
        "holders": constraints.holders,
        "doers": constraints.doers,
        "groups": constraints.groups[:MOST_GROUPS],
        "alone": constraints.alone,
        "asked": rule.asked,
        "quorum": rule.quorum,
        "vetoes": rule.vetoes,
        "belligerents": case.belligerents,
        "constraints": [constraints.names(bit)[0] for bit in constraints.bits("declared")],
        "lines": _lines(loaded, constraints),
        "validity": [box_of(space, box) for box in case.validity],
        "settlement": box_of(space, case.zones["settlement"]),
        "deeds": [_deeds(case, party) for party in constraints.doers],
        "values": _values(case),
        "interactions": _interactions(case),
        "war": _war(case, cells),
        "endings": _endings(case, cells),
        "weights": cells.weights(),
        "fixed": cells.fixed(),
        "home": cells.home(),
        "public": loaded.scenario.public,
        "audience": cells.audience(),
        "reading": loaded.scenario.reading,
        "numbers": cells.numbers,
    }


def _values(case: Case) -> list[list[list[float]]]:
    """The value of each option of each issue, by party."""
    return [
        [row[: len(issue.options)] for row, issue in zip(own, case.space.issues, strict=True)]
        for own in case.preferences.values.tolist()
    ]


def _interactions(case: Case) -> list[dict[str, Any]]:
    """Points that a party gains where conditions hold together."""
    given = case.preferences
    return [
        {"party": int(party), "points": float(points), "box": box_of(case.space, box)}
        for party, points, box in zip(given.holder, given.points, given.boxes, strict=True)
    ]


def constants() -> dict[str, Any]:
    """The constants of the model that the engine needs, from where they are defined."""
    return {
        "tolerance": TOLERANCE,
        "ideal": IDEAL,
        "year": YEAR,
        "rounded": ROUNDED,
        "noWayOut": NO_WAY_OUT,
        "kinds": {kind.name: int(kind) for kind in Kind},
    }


def too_large(case: Case) -> str:
    """Why a browser cannot count a case, in words; nothing where it can."""
    constraints = Constraints(case)
    bits = len(case.red_lines.lines) + len(constraints.holders) + len(constraints.doers)
    most = max(bits, len(case.validity), len(case.preferences.points) + 1)
    if most > WORD:
        return f"{most} constraints are more than {WORD}"
    if not constraints.all_groups:
        return f"more than {MOST_THAT_COULD_SIGN:,} groups could sign"
    looked_at = sum(part.size for part in pieces(case, case.space.within(case.zones["ceasefire"])))
    if looked_at > MOST_PACKAGES:
        return f"{looked_at:,} packages are more than {MOST_PACKAGES:,}; pin an issue"
    return ""


def box_of(space: OutcomeSpace, table: BoolArray) -> dict[int, list[int]]:
    """A box ``(I, K)`` as the options that lie in it, of the issues of which it leaves some out."""
    found = {}
    for axis, issue in enumerate(space.issues):
        inside = [k for k in range(len(issue.options)) if table[axis, k]]
        if len(inside) < len(issue.options):
            found[axis] = inside
    return found


def _issue(case: Case, axis: int) -> dict[str, Any]:
    issue, ceasefire = case.space.issues[axis], case.zones["ceasefire"]
    return {
        "id": issue.id,
        "options": issue.options,
        "left": [k for k in case.space.left[axis] if ceasefire[axis, k]],
        "room": case.space.left[axis],
        "stands": issue.status_quo,
        "ordered": issue.ordered,
        "span": issue.span,
    }


def _lines(loaded: Loaded, constraints: Constraints) -> list[dict[str, Any]]:
    """The red lines that can count, in their declared form, under each reading where there is one."""
    case, scenario = loaded.case, loaded.scenario
    read = {scenario.reading or "": case.red_lines.lines}
    if scenario.reading is not None and can_be_read(scenario):
        for other in set(READINGS) - {scenario.reading}:
            from sim.scenario.loader import with_changes

            read[other] = with_changes(loaded, [f"reading={other}"]).case.red_lines.lines
    found = []
    for place, line in enumerate(case.red_lines.lines):
        if line.party not in constraints.holders:
            continue
        clause = line.ladder[0]
        when = {name: _plain(lines[place].ladder[0].when) for name, lines in read.items()}
        allowed = sorted(clause.allowed)
        entry = {"id": line.id, "party": line.party, "on": clause.on, "allowed": allowed, "when": when}
        found.append(entry | {"levels": _levels(case.space.issues[clause.on], line)})
    return found


def _plain(when: Any) -> dict[int, list[int]]:
    return {axis: sorted(options) for axis, options in when.items()}


def _levels(issue: Issue, line: RedLine) -> list[list[int]]:
    """The sets of options that a line could allow, a level apart, from the strictest; none where it has no level: it
    is no end of a scale, or its true form says how far it goes.
    """
    last = len(issue.options)
    allowed = set(line.ladder[0].allowed)
    if not issue.ordered or len(line.ladder) > 1 or len(allowed) in (0, last):
        return []
    if allowed == set(range(len(allowed))):
        return [list(range(n)) for n in range(1, last)]
    if allowed == set(range(last - len(allowed), last)):
        return [list(range(last - n, last)) for n in range(1, last)]
    return []


def _deeds(case: Case, party: int) -> list[list[int]]:
    assert case.consent is not None
    return [
        [k for k in range(len(issue.options)) if case.consent[party, axis, k]]
        for axis, issue in enumerate(case.space.issues)
    ]


def _war(case: Case, cells: Cells) -> dict[str, Any] | None:
    war = case.war
    if war is None:
        return None
    return cells.war() | {
        "horizon": war.horizon,
        "line": war.line,
        "shares": war.shares.tolist(),
        "beyondShare": war.beyond_share.tolist(),
        "beyondValue": war.beyond_value.tolist(),
        "terms": war.terms.tolist(),
        "fights": war.fights.tolist(),
        "leverBase": war.lever_base.tolist(),
        "leverDrift": war.lever_drift.tolist(),
    }


def _endings(case: Case, cells: Cells) -> dict[str, Any] | None:
    endings = case.endings
    if endings is None:
        return None
    rows: Sequence[list[float]] = endings.resume.tolist()
    return cells.endings() | {
        "axis": endings.axis,
        "kinds": endings.kinds.tolist(),
        "line": endings.line,
        "resume": [row[: len(issue.options)] for row, issue in zip(rows, case.space.issues, strict=True)],
        "limitedCost": endings.limited_cost,
    }
