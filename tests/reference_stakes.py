"""What is at stake written a second time, from docs/model.md and docs/talks.md: plain Python, one function a rule.

It referees `sim.stakes` and every shortcut to it, so it takes a compiled case as data and no rule from it.
"""

from __future__ import annotations

from math import exp, log, log1p
from typing import Any

from sim.stakes.case import Case
from sim.stakes.clauses import Clause

Package = tuple[int, ...]
Outlook = dict[str, Any]  # by party: war, limited, the imposed share of what it gave up; and the state they follow from
LITTLE, NO_WAY_OUT = 1e-9, 1_000
State = tuple[float, list[float], list[float], int]  # share held, believed drifts, levers, months of talks
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
            self.discount, self.stands = mine(self.war.discount), self.issues[self.war.line].status_quo
            self.bends = [self.bends_of(p) for p in self.parties]
            self.outlook = self.look_ahead(mine(self.war.share), mine(self.war.drift), mine(self.war.lever_index))
            self.r = self.outlook["war"]
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

    def places(self, x: float) -> list[float]:
        """Where each option draws the line while the share held is x: behind it as on the map, else as far from it."""
        shares, now = self.war.shares.tolist(), self.war.shares.item(self.stands)
        return [x + (share - now) if share >= now else min(share, x) for share in shares]

    def bends_of(self, p: int) -> list[tuple[float, float]]:
        """The shares held, rising, where the monthly utility of the status quo bends, and how much it is there; of
        several options at one place what stands counts, else the later.
        """
        line, places, found = self.war.line, self.places(self.mine(self.war.share)), {}
        for k in [*sorted(range(len(places)), key=self.war.shares.tolist().__getitem__), self.stands]:
            stands = (k if j == line else issue.status_quo for j, issue in enumerate(self.issues))
            found[self.war.shares.item(k)] = k, places[k], self.utility(p, tuple(stands))
        last, _, high = list(found.values())[-1]
        _, at, now = found[self.war.shares.item(self.stands)]
        beyond = high + self.weights[p][line] * (self.war.beyond_value.item(p) - self.values[p][line][last])
        bends = [(place, now if place == at else height) for _, place, height in found.values()]
        return [(-1, bends[0][1]), *bends, (max(self.war.beyond_share.item(p), bends[-1][0]), beyond), (2, beyond)]

    def holding(self, p: int, share: float) -> float:
        passed = sum(place <= share for place, _ in self.bends[p])
        (at, low), (to, high) = self.bends[p][passed - 1 : passed + 1]
        return low + (high - low) * (share - at) / (to - at)

    def going_on(self, p: int, state: State, line: int, shift: float = 0.0, cost_share: float = 1.0) -> float:
        """W month by month from an option of the line and with the first's odds shifted, or what stands for a war."""
        war, d, h, total = self.war, self.discount[p], self.mine(self.war.hazard), 0.0
        x, drifts, index, t = state
        push = sum((i - b) * m for i, b, m in zip(index, war.lever_base, war.lever_drift, strict=True))
        odds = self.mine(war.win)[p][0] + shift, self.mine(war.win)[p][1] - shift * self.mine(war.mirror)
        first, second = (min(max(q, 0), 1) for q in odds)
        first, second = first / max(1, first + second), second / max(1, first + second)
        won = first * self.utility(p, tuple(war.terms[0])) + second * self.utility(p, tuple(war.terms[1]))
        cost = cost_share * (self.mine(war.cost)[p] + self.mine(war.impatience)[p] * t)
        for k in range(war.horizon):
            g = self.holding(p, min(max(self.places(x)[line] + (drifts[p] + push) * k, 0), 1))
            total += (d * (1 - h)) ** k * ((1 - d) * (g - cost) + d * h * (won + (1 - first - second) * g))
        return total if war.fights[p] else self.mine(war.fixed)[p]

    def look_ahead(self, x: float, drift: list[float], index: list[float], t: int = 0) -> Outlook:
        state = x, drift, index, t
        war = [self.going_on(p, state, self.stands) for p in self.parties]
        limited = [self.going_on(p, state, self.stands, 0.0, self.endings.limited_cost) for p in self.parties]
        return {"war": war, "limited": limited, "state": state, "imposed": [0.0 for _ in self.parties], "after": {}}

    def after(self, p: int, package: Package, outlook: Outlook) -> float:
        """What the war that would follow a package is worth, W'."""
        shift = self.mine(self.endings.resume_scale) * sum(
            self.endings.resume.item(j, k) for j, k in enumerate(package)
        )
        key, line = (p, package[self.war.line], shift), package[self.war.line]
        if key not in outlook["after"]:
            outlook["after"][key] = self.going_on(p, outlook["state"], line, shift)
        return outlook["after"][key]

    def kind(self, package: Package) -> int:
        return NONE if self.endings is None else int(self.endings.kinds[package[self.endings.axis]])

    def peace(self, b: int, package: Package, outlook: Outlook) -> float:
        """The log of the chance that a belligerent does not attack within a year."""
        start = self.mine(self.endings.start) * (1 - outlook["imposed"][b])
        gain = self.utility(b, package) - self.after(b, package, outlook) + start
        return -log1p(exp(-gain / self.mine(self.endings.slope)))

    def year(self, package: Package, outlook: Outlook, but: int | None = None) -> float:
        """The log of the chance that an armistice or treaty holds a year, whatever one party does."""
        hold = log(self.mine(self.endings.hold)[self.kind(package)])
        return hold + sum(self.peace(b, package, outlook) for b in self.case.belligerents if b != but)

    def breakdown(self, package: Package, outlook: Outlook) -> float:
        return 1 - exp(self.year(package, outlook) / 12)

    def lasting(self, p: int, package: Package, outlook: Outlook) -> float:
        d, u, kind = self.discount[p], self.utility(p, package), self.kind(package)
        if kind < TRUCE:
            return outlook["limited" if kind == LIMITED else "war"][p]
        w = self.after(p, package, outlook)
        if kind == TRUCE:
            return (1 - d) * u + d * w
        year, sides = self.year(package, outlook, but=p), enumerate(self.case.belligerents)
        blows = (self.mine(self.war.attacked)[p][n] * self.peace(b, package, outlook) for n, b in sides if b != p)
        loss = sum(blows) / year if year < 0 else 0.0
        s = exp(year / 12)
        share = (1 - d) / (1 - d * s)
        return share * u + (1 - share) * w - d * (1 - s) * loss / (1 - d * s)

    def value(self, p: int, package: Package, outlook: Outlook | None = None) -> float:
        """What a package is worth, less what each step behind one's own declared lines costs in public."""
        outlook, lost = outlook or self.outlook, 0.0
        for line in (line.ladder[0] for line in self.lines if line.party == p):
            lost += self.weights[p][line.on] * self.way_out(line, package) / self.issues[line.on].span
        worth = self.utility(p, package) if outlook is None else self.lasting(p, package, outlook)
        return worth - self.audience[p] * lost

    def consented(
        self, package: Package, forms: list[Clause], floors: list[float], outlook: Outlook | None = None
    ) -> bool:
        """Whether all whose deeds a package needs would do them; ``forms`` are those in which the lines bind."""
        deeds = () if self.case.consent is None else self.case.consent.tolist()
        needed = [p for p, table in enumerate(deeds) if any(table[j][k] for j, k in enumerate(package))]
        crossed = {line.party for line, form in zip(self.lines, forms, strict=True) if crosses(form, package)}
        return all(p not in crossed and self.value(p, package, outlook) >= floors[p] - LITTLE for p in needed)
