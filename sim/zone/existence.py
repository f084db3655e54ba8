"""Does a zone exist in each of many cases that share their red lines? Exact, without looking at every package of each.

Which packages cross a line does not change from case to case, so it is found once. A package that suited one case is
tried first on the next; only where none of these suits are bounds and then the remaining packages looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from sim.stakes.case import TOLERANCE, Case
from sim.stakes.endings import Endings
from sim.stakes.outlook import Outlook
from sim.stakes.run_axis import take_rows
from sim.stakes.space import BoolArray, FloatArray, OptionArray
from sim.stakes.stages import ZoneName
from sim.stakes.valuation import least_utility, log_calm, reluctance
from sim.zone.constraints import Constraints, Reading
from sim.zone.halves import Part, parts

POOL = 24
"""Packages that suited other cases and are tried first."""
BLOCK = 128
"""Cases bounded at once."""
TIGHTENINGS = 3
"""Rounds in which bounds are drawn closer."""


class ZoneSearch:
    """Looks for a package of a zone in cases that have the space, lines, values and interactions of ``case``.

    A zone is what some circle would sign and carry out: a group that could sign, and whoever else has to act. Each
    circle is searched on its own, over the packages that need no deed of anybody outside it.
    """

    def __init__(self, case: Case, zone: ZoneName = "ceasefire", reading: Reading = "declared") -> None:
        case.space.require_countable()
        self.circles = [CircleSearch(case, zone, reading, members) for members in _circles(Constraints(case))]

    @property
    def crossed(self) -> bool:
        """Whether the lines alone leave no package, whatever packages are worth."""
        return not any(circle.parts for circle in self.circles)

    def exists(self, case: Case, rows: int) -> BoolArray:
        """Whether the zone of each row ``(R,)`` of a case has a package at all."""
        found = np.zeros(rows, dtype=bool)
        for circle in self.circles:
            left = np.flatnonzero(~found)
            if len(left):
                found[left] = circle.exists(case if len(left) == rows else take_rows(case, left), len(left))
        return found

    def suits(self, case: Case, rows: int, package: OptionArray) -> BoolArray:
        """Whether one package ``(I,)`` lies in the zone of each row ``(R,)`` of a case."""
        found, many = np.zeros(rows, dtype=bool), np.broadcast_to(package, (rows, 1, len(package)))
        for circle in self.circles:
            if circle.holds(package):
                found |= suits(case, many, circle.members)[:, 0]
        return found


def _circles(rules: Constraints) -> list[tuple[int, ...]]:
    """Each smallest group that could sign, with any of those whose deeds packages may need."""
    found: dict[tuple[int, ...], None] = {}
    for group in rules.every_group():
        others = [party for party in rules.doers if party not in group]
        for many in range(len(others) + 1):
            found |= dict.fromkeys(tuple(sorted((*group, *acting))) for acting in combinations(others, many))
    return list(found)


class CircleSearch:
    """Looks for a package that suits all of some parties and needs no deed of any other."""

    def __init__(self, case: Case, zone: ZoneName, reading: Reading, members: tuple[int, ...]) -> None:
        self.members = members
        rules = Constraints(case)
        bits = sum(rules.of(reading, party) for party in members) & ~rules.reservation()
        boxes = [box for n, box in enumerate(case.red_lines.boxes) if bits >> n & 1]
        for party in set(rules.doers) - set(members):
            assert case.consent is not None
            for axis, option in np.argwhere(case.consent[party]):
                box = np.ones((len(case.space.issues), case.space.width), dtype=bool)
                box[axis] = np.arange(case.space.width) == option
                boxes.append(box)
        lines = np.array(boxes, dtype=bool).reshape(-1, len(case.space.issues), case.space.width)
        self.parts = list(parts(case, zone, lines))
        self.pool: list[OptionArray] = []

    def exists(self, case: Case, rows: int) -> BoolArray:
        """Whether the zone of each row ``(R,)`` of a case has a package at all."""
        found = np.zeros(rows, dtype=bool)
        if not self.parts:
            return found
        start, size = 0, 8
        while start < rows:
            here = np.arange(start, min(start + size, rows))
            found[here] = self._pooled(take_rows(case, here), len(here))
            missing = here[~found[here]]
            if len(missing):
                found[missing] = self._searched(take_rows(case, missing), len(missing))
            start, size = start + size, min(size * 4, BLOCK)
        return found

    def holds(self, package: OptionArray) -> bool:
        """Whether a package ``(I,)`` is among those that are looked at, whatever it is worth."""
        for part in self.parts:
            if all(k in left for k, left in zip(package, part.space.left, strict=True)):
                return bool(part.whether().flat[part.space.ids(package)])
        return False

    def _pooled(self, case: Case, rows: int) -> BoolArray:
        if not self.pool:
            return np.zeros(rows, dtype=bool)
        good: BoolArray = suits(
            case, np.broadcast_to(np.stack(self.pool), (rows, len(self.pool), self.pool[0].size)), self.members
        )
        return np.ravel(good.any(axis=1))

    def _searched(self, case: Case, rows: int) -> BoolArray:
        found = np.zeros(rows, dtype=bool)
        for part in self.parts:
            left = np.flatnonzero(~found)
            if not len(left):
                break
            for row, candidates in _bounded(part, take_rows(case, left), len(left), self.members):
                package = _first(take_rows(case, left[row : row + 1]), candidates, self.members)
                if package is not None:
                    found[left[row]] = True
                    self._remember(package)
        return found

    def _remember(self, package: OptionArray) -> None:
        if not any(np.array_equal(package, known) for known in self.pool):
            self.pool = [package, *self.pool[: POOL - 1]]


def suits(case: Case, packages: OptionArray, members: tuple[int, ...]) -> BoolArray:
    """Which packages ``(R, N, I)`` are worth enough to each of some parties ``(R, N)``; lines are not asked."""
    good = np.ones(packages.shape[:-1], dtype=bool)
    for party in members:
        good &= case.value(party, packages) >= case.floor(party)[:, None] - TOLERANCE
    return good


def _first(case: Case, candidates: Iterator[OptionArray], members: tuple[int, ...]) -> OptionArray | None:
    """A candidate that suits one case."""
    for packages in candidates:
        good = suits(case, packages[None], members)[0]
        if good.any():
            return packages[good.argmax()]
    return None


def _bounded(
    part: Part, case: Case, rows: int, members: tuple[int, ...]
) -> Iterator[tuple[int, Iterator[OptionArray]]]:
    """The rows in which bounds leave packages of a part, with these packages, the most promising ones first."""
    *halves, across = part.utilities(case)
    tables = tuple(np.broadcast_to(t, (rows, *t.shape[1:])) for t in halves)
    least, kept = _drawn_closer(part, case, rows, members, tables, across)
    for row in np.flatnonzero(kept[0].any(axis=1) & kept[1].any(axis=1)):
        first, second = np.flatnonzero(kept[0][row]), np.flatnonzero(kept[1][row])
        whether = part.clear[np.ix_(first, second)]
        margin = np.full(whether.shape, np.inf)
        for n, party in enumerate(members):
            np.minimum(
                margin,
                (tables[0][row, party, first] - least[row, n])[:, None] + tables[1][row, party, second][None],
                out=margin,
            )
        whether &= margin >= 0
        if whether.any():
            yield int(row), _best_first(part, first, second, whether, margin)


def _best_first(
    part: Part, first: np.ndarray, second: np.ndarray, whether: BoolArray, margin: FloatArray
) -> Iterator[OptionArray]:
    """The packages that are left in pieces, those with the widest margin first."""
    at, beside = np.nonzero(whether)
    order = np.argsort(-margin[at, beside], kind="stable")
    size, start = 16, 0
    while start < len(order):
        chosen = order[start : start + size]
        yield part.packages((first[at[chosen]], second[beside[chosen]]))
        start, size = start + size, min(size * 8, 8192)


def _drawn_closer(
    part: Part, case: Case, rows: int, members: tuple[int, ...], tables: tuple[FloatArray, ...], across: FloatArray
) -> tuple[FloatArray, tuple[BoolArray, BoolArray]]:
    """The least utility ``(R, S)`` asked for, and the rows of each half ``(R, rows)`` that could still suit."""
    kept = tuple(np.ones((rows, table.shape[-1]), dtype=bool) for table in tables)
    least = np.zeros((rows, len(members)))
    for _ in range(TIGHTENINGS):
        most = [np.where(k[:, None], t, -np.inf).max(axis=-1) for k, t in zip(kept, tables, strict=True)]
        top = most[0] + most[1] + across
        least = _least(part, case, members, top, across)
        for half in (0, 1):
            enough = np.ones_like(kept[half])
            for n, party in enumerate(members):
                enough &= tables[half][:, party] + (most[1 - half][:, party] - least[:, n])[:, None] >= 0
            kept[half][...] &= enough
    return least, (kept[0], kept[1])


def _least(part: Part, case: Case, members: tuple[int, ...], top: FloatArray, across: FloatArray) -> FloatArray:
    """The least utility ``(R, S)`` asked for, less what bounds leave out: interactions across halves, and rounding.

    ``top`` ``(R, P)`` is the most utility that each party could have: it bounds how long the others keep the peace.
    """
    asked, outlook, endings = [], case.outlook, case.endings
    if outlook is None or endings is None:
        floors = [case.floor(party) - 1e-6 - across[party] for party in members]
        return np.stack([np.broadcast_to(floor, (len(top),)) for floor in floors], axis=1)
    after = {party: part.resumed(case, party) for party in {*members, *case.belligerents}}
    assert part.kind is not None
    hold = np.broadcast_to(endings.hold[:, part.kind], (len(top),))
    calm = {b: _calmest(endings, outlook, b, np.nan_to_num(top[:, b], neginf=0.0) - after[b][0]) for b in after}
    for party in members:
        with np.errstate(divide="ignore"):
            longest = np.log(hold) + sum(calm[b] for b in case.belligerents if b != party)
        discount = outlook.discount[:, party]
        least = least_utility(
            part.kind,
            case.floor(party),
            outlook.war[:, party],
            outlook.limited[:, party],
            discount,
            after[party][1],
            longest,
        )
        slack = 1e-6 + 4 * TOLERANCE / (1.0 - discount)
        asked.append(np.broadcast_to(least - slack - across[party], (len(top),)))
    return np.stack(asked, axis=1)


def _calmest(endings: Endings, outlook: Outlook, party: int, gain: FloatArray) -> FloatArray:
    """The most that the log of a belligerent's peace can be, from the most ``(R,)`` that it could gain."""
    return log_calm(gain, reluctance(endings.start, outlook.imposed[:, party]), endings.slope)
