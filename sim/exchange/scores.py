"""Score tables of scorable games, as CSV: a row an option, a column a party, and rows for what each must reach.

::

    issue,option,Port,Town,Union
    site,harbour,30,0,10
    site,river,0,25,10
    threshold,,40,35,30
    veto,,yes,,
    agreement,2,,,
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

from sim.errors import ScenarioError
from sim.exchange.domain import Domain
from sim.exchange.foreign_files import finite, text_of
from sim.markup import counted
from sim.scenario.scores import Profile

HEAD = ("issue", "option")
THRESHOLD, VETO, AGREEMENT = "threshold", "veto", "agreement"
NO, YES = ("", "no", "0", "false"), ("yes", "1", "true", "x")


def read(paths: Sequence[Path], asked: int | None) -> Domain:
    """The negotiation of one table.

    Raises:
        ScenarioError: with the line of what cannot be read.
    """
    path = paths[0]
    if len(paths) > 1:
        raise ScenarioError("one score table holds all parties; give one", where=str(paths[1]))
    point, ((_, head), *rows) = _rows(path)
    names = head[2:]
    issues: dict[str, list[str]] = {}
    scores: list[dict[str, list[float]]] = [{} for _ in names]
    thresholds: list[float | None] = [None] * len(names)
    vetoes: list[str] = []
    at_least: int | None = None
    once: dict[str, str] = {}
    for where, (issue, option, *cells) in rows:
        if issue.lower() == AGREEMENT or (issue.lower() in (THRESHOLD, VETO) and not option):
            if issue.lower() in once:
                raise ScenarioError(f"{issue!r} appears twice, first in {once[issue.lower()]}", where=where)
            once[issue.lower()] = where.removeprefix(f"{path} ")
        if issue.lower() == THRESHOLD and not option:
            thresholds = [_number(cell, where, point) if cell else None for cell in cells]
        elif issue.lower() == VETO and not option:
            vetoes = _vetoes(names, cells, where)
        elif issue.lower() == AGREEMENT:
            at_least = _count(option, len(names), where)
        else:
            issues.setdefault(issue, []).append(option)
            for party, cell in zip(scores, cells, strict=True):
                party.setdefault(issue, []).append(_number(cell or "0", where, point))
    profiles = [Profile(name, of, floor) for name, of, floor in zip(names, scores, thresholds, strict=True)]
    return Domain(path.stem, issues, profiles, at_least=at_least, vetoes=[] if at_least is None else vetoes)


def _rows(path: Path) -> tuple[str, list[tuple[str, list[str]]]]:
    """The decimal point, and the rows that say something, all as long as the head, with what complaints call each.

    Raises:
        ScenarioError: for what is no such table.
    """
    text = text_of(path, ",", ";", "\t", "\n", "\r")
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    try:
        lines = [[cell.strip() for cell in row] for row in csv.reader(StringIO(text), delimiter=delimiter)]
    except csv.Error as error:
        raise ScenarioError(f"is not a table: {error}", where=str(path)) from None
    rows = [(f"{path} line {line}", row) for line, row in enumerate(lines, 1) if any(row)]
    head = rows[0][1] if rows else []
    if tuple(cell.lower() for cell in head[:2]) != HEAD or len(head) < 3:
        raise ScenarioError("should begin with the columns issue, option and one a party", where=f"{path} line 1")
    for where, row in rows:
        if len(row) != len(head):
            raise ScenarioError(f"has {counted(len(row), 'column')}, and the table {len(head)}", where=where)
    return "." if delimiter == "," else ",", rows


def _number(cell: str, where: str, point: str) -> float:
    return finite(cell.replace(point, "."), "a score", where)


def _vetoes(names: Sequence[str], cells: Sequence[str], where: str) -> list[str]:
    for cell in cells:
        if cell.lower() not in NO + YES:
            raise ScenarioError(f"veto is yes or no, not {cell[:40]!r}", where=where)
    return [name for name, cell in zip(names, cells, strict=True) if cell.lower() in YES]


def _count(cell: str, parties: int, where: str) -> int:
    if not cell.isdecimal() or not 1 <= int(cell) <= parties:
        raise ScenarioError(
            f"agreement is how many of {counted(parties, 'party', 'parties')} must accept, not {cell[:40]!r}",
            where=where,
        )
    return int(cell)


def written(domain: Domain) -> dict[str, str]:
    """The file of a domain by name: `scores.csv`."""
    out = StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow([*HEAD, *(profile.name for profile in domain.profiles)])
    for issue, options in domain.issues.items():
        for place, option in enumerate(options):
            table.writerow([issue, option, *(repr(float(one.scores[issue][place])) for one in domain.profiles)])
    floors = [one.least() if one.threshold is None else one.threshold for one in domain.profiles]
    table.writerow([THRESHOLD, "", *(repr(float(floor)) for floor in floors)])
    if domain.at_least is not None:
        table.writerow([VETO, "", *("yes" if one.name in domain.vetoes else "" for one in domain.profiles)])
        table.writerow([AGREEMENT, domain.at_least, *("" for _ in domain.profiles)])
    return {"scores.csv": out.getvalue()}
