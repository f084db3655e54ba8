"""What is at stake written a second time, from docs/model.md and docs/talks.md: plain Python, one function a rule.

It referees `sim.stakes` and every shortcut to it, so it takes a compiled case as data and no rule from it.
"""

from __future__ import annotations

from math import exp
from typing import Any

from sim.stakes.case import Case
from sim.stakes.clauses import Clause

Package = tuple[int, ...]
Outlook = dict[str, list[float]]  # by party: war, limited, after_truce, and the imposed share of its concessions
LITTLE, NO_WAY_OUT = 1e-9, 1_000
SHORT, PARTIAL, INTERIM, SETTLEMENT = range(4)  # stages
NONE, LIMITED, TRUCE, ARMISTICE, TREATY = range(5)  # kinds of ending


def boxed(table: Any) -> dict[int, set[int]]:
    return {j: {k for k, lies in enumerate(row) if lies} for j, row in enumerate(table)}


def lies_in(box: Any, package: Package) -> bool:
    return all(package[j] in options for j, options in box.items())


def crosses(line: Clause, package: Package) -> bool:
    return lies_in(line.when, package) and package[line.on] not in line.allowed


class Stakes:  # of a case, in one row of its arrays
    def __init__(self, case: Case, row: int = 0) -> None:
        def mine(column: Any) -> Any:
            return [0.0 for _ in case.parties] if column is None else column[row if len(column) > 1 else 0].tolist()

        self.mine, self.case, self.war, self.endings, self.outlook = mine, case, case.war, case.endings, None
        self.issues, self.left, self.parties = case.space.issues, case.space.left, range(len(case.parties))
        wants, self.lines, self.validity = case.preferences, case.red_lines.lines, [*map(boxed, case.validity)]
        self.weights, self.values = mine(wants.weights), wants.values.tolist()
        self.effects = [*zip(wants.holder, wants.points.tolist(), map(boxed, wants.boxes), strict=True)]
        self.ceasefire, self.settlement = boxed(case.zones["ceasefire"]), boxed(case.zones["settlement"])
        self.partial = {0: set()} if case.partial is None else boxed(case.partial)
        self.home, self.audience, self.r = mine(case.home), mine(case.audience), mine(case.reservation)
        if self.war is not None:
            self.discount, self.bends = mine(self.war.discount), [self.bends_of(p) for p in self.parties]
            self.outlook = self.look_ahead(mine(self.war.share), mine(self.war.drift), mine(self.war.lever_index))
            self.r, self.outlook["imposed"] = self.outlook["war"], mine(case.outlook.imposed)
        self.floors = [r + more for r, more in zip(self.r, self.home, strict=True)]  # what ratification asks more

    def utility(self, p: int, package: Package) -> float:
        total = sum(self.weights[p][j] * self.values[p][j][k] for j, k in enumerate(package))
        return total + sum(points for holder, points, box in self.effects if holder == p and lies_in(box, package))

    def coherent(self, package: Package) -> bool:
        return not any(lies_in(rule, package) for rule in self.validity)

    def stage(self, package: Package) -> int:
        if lies_in(self.ceasefire, package):
            return SETTLEMENT if lies_in(self.settlement, package) else INTERIM
        return PARTIAL if lies_in(self.partial, package) else SHORT

    def steps(self, j: int, one: int, other: int) -> int:
        return abs(one - other) if self.issues[j].ordered else int(one != other)

    def out_of(self, box: Any, package: Package) -> int:
        """Steps on one issue to where a package lies in a box no longer."""
        ways = [self.steps(j, package[j], k) for j, options in box.items() for k in self.left[j] if k not in options]
        return min(ways, default=NO_WAY_OUT) if lies_in(box, package) else 0

    def way_out(self, line: Clause, package: Package) -> int:
        """Steps to the nearest option that a line allows, or that makes its condition false."""
        crossing = line.when.get(line.on, {*range(len(self.issues[line.on].options))}) - line.allowed
        return self.out_of({**line.when, line.on: crossing}, package)

    def astray(self, stage: int, package: Package) -> int:
        """Steps to where a package is coherent and of a stage, and of no later one; SHORT stands for any ceasefire."""
        rules = sum(self.out_of(rule, package) for rule in self.validity)
        box = {PARTIAL: self.partial, SETTLEMENT: self.settlement}.get(stage, self.ceasefire)
        later = {PARTIAL: self.ceasefire, INTERIM: self.settlement}.get(stage, {0: set()})
        into = ([self.steps(j, package[j], k) for k in self.left[j] if k in options] for j, options in box.items())
        return rules + sum(min(ways, default=NO_WAY_OUT) for ways in into) + lies_in(later, package)

    def bends_of(self, p: int) -> list[tuple[float, float]]:
        """The shares held, rising, where the monthly utility of the status quo bends, and how much it is there."""
        line, shares, found = self.war.line, self.war.shares.tolist(), []
        for k in sorted(range(len(shares)), key=shares.__getitem__):
            stands = (k if j == line else issue.status_quo for j, issue in enumerate(self.issues))
            found.append((shares[k], self.utility(p, tuple(stands))))
        beyond = found[-1][1] + self.weights[p][line] * (self.war.beyond_value.item(p) - self.values[p][line][k])
        return [(-1, found[0][1]), *found, (self.war.beyond_share.item(p), beyond), (2, beyond)]

    def holding(self, p: int, share: float) -> float:
        passed = sum(place <= share for place, _ in self.bends[p])  # of two at one share the later counts
        (at, low), (to, high) = self.bends[p][passed - 1 : passed + 1]
        return low + (high - low) * (share - at) / (to - at)

    def going_on(self, p: int, x: float, drift: float, t: int, paused: int, cost_share: float = 1.0) -> float:
        """W month by month, or the number that stands for it."""
        war, d, h, total = self.war, self.discount[p], self.mine(self.war.hazard), 0.0
        by, drift = self.mine(war.pause_win) * paused, drift - self.mine(war.pause_drift) * paused
        first, second = (min(max(q, 0), 1) for q in (self.mine(war.win)[p][0] - by, self.mine(war.win)[p][1] + by / 2))
        first, second = first / max(1, first + second), second / max(1, first + second)
        won = first * self.utility(p, tuple(war.terms[0])) + second * self.utility(p, tuple(war.terms[1]))
        cost = cost_share * (self.mine(war.cost)[p] + self.mine(war.impatience)[p] * t)
        for k in range(war.horizon):
            g = self.holding(p, min(max(x + drift * k, 0), 1))
            total += (d * (1 - h)) ** k * ((1 - d) * (g - cost) + d * h * (won + (1 - first - second) * g))
        return total if war.fights[p] else self.mine(war.fixed)[p]

    def look_ahead(self, x: float, drift: list[float], index: list[float], t: int = 0, paused: int = 0) -> Outlook:
        push = sum((i - b) * m for i, b, m in zip(index, self.war.lever_base, self.war.lever_drift, strict=True))
        ways = {"war": (paused, 1), "limited": (paused, self.endings.limited_cost), "after_truce": (paused + 1, 1)}
        return {n: [self.going_on(p, x, drift[p] + push, t, *way) for p in self.parties] for n, way in ways.items()}

    def kind(self, package: Package) -> int:
        return NONE if self.endings is None else int(self.endings.kinds[package[self.endings.axis]])

    def breakdown(self, package: Package, outlook: Outlook) -> float:
        """The monthly chance that an armistice or treaty breaks down."""
        year = float(self.endings.hold[self.kind(package)])
        deters = sum(self.endings.deterrence.item(j, k) for j, k in enumerate(package))
        for b in self.case.belligerents:
            gain = self.utility(b, package) - outlook["war"][b] + 10 * (deters - outlook["imposed"][b])
            year /= 1 + exp(-gain / 8)
        return 1 - year ** (1 / 12)

    def lasting(self, p: int, package: Package, outlook: Outlook) -> float:
        d, u, w, kind = self.discount[p], self.utility(p, package), outlook["war"][p], self.kind(package)
        if kind < ARMISTICE:
            return {NONE: w, LIMITED: outlook["limited"][p], TRUCE: (1 - d) * u + d * outlook["after_truce"][p]}[kind]
        b = self.breakdown(package, outlook)
        return ((1 - d) * u + d * b * (w - self.mine(self.war.attacked)[p])) / (1 - d * (1 - b))

    def value(self, p: int, package: Package, outlook: Outlook | None = None) -> float:
        """What a package is worth, less what each step behind one's own declared lines costs in public."""
        outlook, lost = outlook or self.outlook, 0.0
        for line in (line.ladder[0] for line in self.lines if line.party == p):
            lost += self.weights[p][line.on] * self.way_out(line, package) / self.issues[line.on].span
        worth = self.utility(p, package) if outlook is None else self.lasting(p, package, outlook)
        return worth - self.audience[p] * lost

    def consented(self, package: Package, forms: list[Clause], r: list[float], outlook: Outlook | None = None) -> bool:
        """Whether all whose deeds a package needs would do them; ``forms`` are those in which the lines bind."""
        deeds = () if self.case.consent is None else self.case.consent.tolist()
        needed = [p for p, table in enumerate(deeds) if any(table[j][k] for j, k in enumerate(package))]
        crossed = {line.party for line, form in zip(self.lines, forms, strict=True) if crosses(form, package)}
        return all(p not in crossed and self.value(p, package, outlook) >= r[p] - LITTLE for p in needed)
