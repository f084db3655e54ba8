"""The talks written a second time, from docs/talks.md: one run, plain Python, one function a rule, in the page's order.

It referees the package ("docking": Axtell, Axelrod, Epstein & Cohen 1996), so of `sim` it takes openings and hopes,
the options of a stage and the names of endings, no rule; what packages are worth it has from `reference_stakes`.
"""

from __future__ import annotations

from collections.abc import Collection
from math import exp, floor, inf, lcm

import numpy as np
from scipy.special import ndtri

from sim.stakes.case import Case
from sim.stakes.clauses import Clause
from sim.stakes.seats import Learns
from sim.stakes.stages import Stage
from sim.talks.how_talks_end import Ending
from sim.talks.offers.hope import hopes
from sim.talks.offers.opening import openings
from tests.reference_stakes import ARMISTICE, LITTLE, Package, Stakes, boxed, crosses, lies_in

TIES_OF_OFFERS, TIES_OF_DRAFTS, WAR, SOFTENING, HARDENING, DEADLINE = 1, 2, 4, 5, 6, 7
NOTHING_ASKED = -1e6
TEXT = -1  # the author of a text: nobody's own


def play(case: Case, seed: int = 0, run: int = 0) -> Run:
    """One run of a case with one row, to its end."""
    talks = Run(case, seed, run)
    while talks.ending is None:
        talks.play_round()
    return talks


def within(low: float, x: float, high: float) -> float:
    return min(max(x, low), high)


class Run:
    """Where one run of the talks stands; `play_round` plays one more."""

    def __init__(self, case: Case, seed: int, run: int) -> None:
        self.case, self.seed, self.run, self.t = case, seed, run, 0
        self.protocol, self.war, self.lines = case.protocol, case.war, case.red_lines.lines
        self.tactics = {name: getattr(case.tactics, name)[0].tolist() for name in case.tactics.by_run}
        self.parties, self.issues, self.options = range(len(case.parties)), case.space.issues, case.space.left
        self.every = range(len(self.issues))
        self.movable = [j for j in self.every if len(self.options[j]) > 1]
        self.unit = min(lcm(*(self.issues[j].span for j in self.movable)), 10**6)
        self.stakes, self.opening = Stakes(case), openings(case)
        self.utility, self.coherent, self.steps = self.stakes.utility, self.stakes.coherent, self.stakes.steps
        self.outlook, self.r = self.stakes.outlook, list(self.stakes.r)
        if self.war is not None:
            self.share, self.drift = float(self.war.share[0]), self.war.drift[0].tolist()
            self.index, self.set_to = self.war.lever_index[0].tolist(), self.war.lever_index[0].tolist()
        self.months, self.moved = 0, 0.0
        self.rung, self.bluff = [0 for _ in self.lines], case.resolve.bluff[0].tolist()
        self.softened, self.under_pressure, self.refusals, self.silence = ([0 for _ in self.parties] for _ in range(4))
        self.given, self.offered = [0.0 for _ in self.parties], [0.0 for _ in self.parties]
        self.hope, self.memory = hopes(case)[0].tolist(), dict[Package, int]()  # and the round of what was tabled
        self.offers: dict[tuple[Stage | None, int], Package] = {}  # by topic and party
        self.answers: dict[tuple[Stage | None, int], dict[int, bool]] = {}  # by topic and author: who said yes
        self.stayed = [[0 for _ in self.every] for _ in self.parties]
        self.text: Package = tuple(self.protocol.start_text.tolist())
        self.before, self.agreeing = self.text, set[int]()  # the text of the round before
        self.fewest, self.idle = inf, 0
        self.standing: Package | None = None
        self.ending: Ending | None = None
        self.agreed, self.left, self.seen, self.first, self.since = self.text, -1, 0, 0, 1
        self.far = {"wishes": 0, "drafts": 0}  # taken from across endings, where no neighbour of the text would do
        last, self.t = self.protocol.deadline - self.protocol.earliest + 1, 0
        self.deadline = self.protocol.earliest + floor(self.draw(DEADLINE, 1)[0] * last)

    def play_round(self) -> None:
        self.t, self.topic, self.signed, self.tabled = self.t + 1, None, None, []
        self.what_happens()
        if self.ending is None:
            self.levers()
            self.expectations()
            self.lines_move()
            self.targets()
            getattr(self, self.protocol.name)()
            self.look_through_what_was_tabled()
            self.endings()

    # Random numbers

    def draw(self, purpose: int, n: int) -> list[float]:
        key, counter = [self.seed, (purpose << 32) + self.t], [self.run * -(-n // 4), 0, 0, 0]
        words = np.random.Philox(key=np.array(key, np.uint64), counter=np.array(counter, np.uint64)).random_raw(n)
        return [((int(word) >> 11) + 0.5) / 2**53 for word in words]

    # A round

    def what_happens(self) -> None:
        """1. Events, and a month of war."""
        front, wars_end, incident, self.standing_draw = self.draw(WAR, 4)
        calm, shift, self.moved = 1.0, 0.0, 0.0
        for event in self.protocol.events:
            if event.round == self.t:
                for lever, to in event.levers:
                    self.index[lever] = to if self.index[lever] == self.set_to[lever] else self.index[lever]
                    self.set_to[lever] = to
                calm, shift = calm * (1 - event.breakdown), shift + event.share
        if incident < 1 - calm:
            self.end(Ending.BREAKDOWN)
        if self.war is None:
            return
        self.share = within(0.0, self.share + shift, 1.0)
        if self.war.frozen:
            return
        if self.in_force() >= Stage.INTERIM:
            return
        real, sigma, prior = (float(column[0]) for column in (self.war.real_drift, self.war.sigma, self.war.prior))
        move, before = real + self.push() + sigma * float(ndtri(front)), self.share
        self.share = within(0.0, self.share + move, 1.0)
        self.moved = self.share - before
        if prior > 0:
            slow = self.months + 1 + (sigma / prior) ** 2
            self.drift = [drift + (move - self.push() - drift) / slow for drift in self.drift]
        self.months += 1
        if self.ending is None and wars_end < self.war.hazard[0]:
            self.end(Ending.MILITARY_END)

    def push(self) -> float:
        off = [index - base for index, base in zip(self.index, self.war.lever_base, strict=True)]
        return float(sum(far * drift for far, drift in zip(off, self.war.lever_drift, strict=True)))

    def levers(self) -> None:
        """2."""
        for pull in self.protocol.pulls:
            self.index[pull.lever] = self.set_to[pull.lever]
        for pull in self.protocol.pulls:
            if self.refusals[pull.against] >= pull.after:
                self.index[pull.lever] = pull.to

    def expectations(self) -> None:
        """3. What everybody expects."""
        if self.war is None:
            return
        if not self.war.frozen:
            self.outlook = self.stakes.look_ahead(self.share, self.drift, self.index, self.t)
            self.r = self.outlook["war"]
        imposed = [self.under_pressure[p] / max(self.softened[p], 1) for p in self.parties]
        self.outlook = self.outlook | {"imposed": imposed}

    def lines_move(self) -> None:
        """4."""
        soft, hard, resolve = *(self.draw(why, len(self.lines)) for why in (SOFTENING, HARDENING)), self.case.resolve
        by = self.protocol.softening
        late = max(0.0, (self.t / self.protocol.deadline - by.late) / (1 - by.late))
        for n, line in enumerate(self.lines):
            p = line.party
            pressure = self.pressed(p) + late + self.adverse(p) + within(0, self.offered[p] / by.tempting, 1)
            if self.rung[n] < len(line.ladder) - 1 and soft[n] < (1 - resolve.hardness[0, n]) * (1 - exp(-pressure)):
                self.rung[n], self.bluff[n] = self.rung[n] + 1, 1.0
                self.softened[p] += 1
                self.under_pressure[p] += self.pressed(p) > 0
            elif self.pressed(p) > 0 and hard[n] < resolve.hardening[0, p] * resolve.public[0]:
                self.rung[n] = max(self.rung[n] - 1, 0 if line.harder is None else -1)

    def side(self, p: int) -> int:
        """1 for the first belligerent, whose share grows; -1 for the second; 0 for others."""
        return dict(zip(self.case.belligerents, (1, -1), strict=False)).get(p, 0)

    def pressed(self, p: int) -> float:
        most = 0.0
        for v in range(0 if self.war is None else len(self.index)):
            base = float(self.war.lever_base[v])
            off = self.index[v] - base
            if off * self.war.lever_drift[v] * self.side(p) < 0:
                most = max(most, abs(off) / (base if off < 0 else 1 - base))
        return most

    def adverse(self, p: int) -> float:
        against = -self.side(p) * self.moved
        full = self.protocol.softening.setback * float(self.war.sigma[0]) if against > 0 else inf
        return within(0, against / full, 1) if full else 1.0

    def floor(self, p: int) -> float:
        return self.r[p] + self.stakes.home[p]

    def targets(self) -> None:
        """5. What each party asks of each stage."""
        self.target = [[self.asks(p, stage) for stage in Stage] for p in self.parties]

    def asks(self, p: int, stage: Stage) -> float:
        best, weight = float(self.opening.best[0, p, stage]), self.tactics["tit_for_tat"][p]
        modest = stage == Stage.PARTIAL and self.case.partial is not None
        least = min(self.floor(p), best) if modest else self.floor(p)
        horizon = self.horizon(p)
        if self.t >= horizon:
            return NOTHING_ASKED
        conceded = (self.t / horizon) ** (1 / self.tactics["exponent"][p])
        top = least + self.tactics["opening"][p] * max(best - least, 0)
        return (1 - weight) * (least + (1 - conceded) * (top - least)) + weight * max(top - self.given[p], least)

    def horizon(self, p: int) -> int:
        return self.tactics["horizon"][p] or self.protocol.earliest

    # Answers

    def value(self, p: int, package: Package) -> float:
        return self.stakes.value(p, package, self.outlook)

    def left_after(self, t: int) -> float:
        """The share of its gains that a deal keeps which is signed in round t."""
        return float(self.protocol.discount[0]) ** (t - 1)

    def worth_in_the_end(self, p: int) -> float:
        """What was agreed is worth to a party, by when it was signed."""
        return self.r[p] + (self.value(p, self.agreed) - self.r[p]) * self.left_after(self.since)

    def stage(self, package: Package) -> Stage:
        return Stage(self.stakes.stage(package))

    def form(self, n: int) -> Clause:
        """The form in which a line binds now."""
        return self.lines[n].harder if self.rung[n] < 0 else self.lines[n].ladder[self.rung[n]]

    def holds_lines(self, p: int, package: Package) -> bool:
        return not any(crosses(self.form(n), package) for n, line in enumerate(self.lines) if line.party == p)

    def could_sign(self, p: int, package: Package) -> bool:
        return self.holds_lines(p, package) and self.worth(p, package)

    def says_yes(self, p: int, package: Package) -> bool:
        enough = self.utility(p, package) >= self.target[p][self.stage(package)] - LITTLE
        return enough and self.could_sign(p, package)

    def put(self, author: int, package: Package, asked: Collection[int]) -> set[int]:
        """Who says yes to a package, and what everybody takes in."""
        answers = {p: self.says_yes(p, package) for p in asked}
        self.answers.setdefault((self.topic, author), {}).update(answers)
        self.tabled.append(package)
        for p in set(self.parties) - {author}:
            self.refusals[p] = 0 if answers.get(p) else self.refusals[p] + (p in answers)
            self.offered[p] = max(self.offered[p], (self.value(p, package) - self.r[p]) * self.left_after(self.t))
            if self.could_sign(p, package) and self.coherent(package) and self.stage(package) > Stage.SHORT:
                self.silence[p] = -1  # the round's end adds one
        for n, line in enumerate(self.lines):
            if line.party in asked and crosses(line.ladder[0], package):
                b, feigned = self.bluff[n], self.protocol.hearing.pretence
                self.bluff[n] = feigned * b / (feigned * b + 1 - b) if crosses(self.form(n), package) else 1.0
        return {p for p in asked if answers[p]}

    def enough(self, yes: set[int]) -> bool:
        return len(yes & set(self.protocol.asked)) >= self.protocol.quorum and yes.issuperset(self.protocol.vetoes)

    def sign(self, package: Package, yes: set[int]) -> None:
        """What enough have said yes to is signed, unless more is in force; it may turn out empty."""
        could = self.enough(yes) and self.coherent(package) and self.stage(package) > Stage.SHORT
        if could and (self.stage(package) >= self.in_force() or not self.consented(package)):
            self.signed = package

    # Offers

    def offer(self, p: int) -> tuple[Package | None, Package | None]:
        """A party's position now, and what it tables, which may be a variant of it."""
        mine, place = self.offers.get((self.topic, p)), {Stage.INTERIM: 1, Stage.SETTLEMENT: 2}.get(self.topic, 0)
        if mine is None and self.opening.can[0, p, place]:
            return (tuple(self.opening.packages[0, p, place].tolist()),) * 2
        heard = {
            q: self.offers[self.topic, q] for q in self.protocol.asked if q != p and (self.topic, q) in self.offers
        }
        near = self.neighbours(self.text if self.protocol.drafted or mine is None else mine, self.topic)
        likes = self.likes(p, heard)
        best = self.by_score(p, near, likes)
        found = self.first_worth(p, best)
        if self.protocol.drafted:
            other = self.first_worth(p, self.by_score(p, self.across(self.text), likes))
            if other is not None and (found is None or other[0] > found[0]):
                found, self.far["wishes"] = other, self.far["wishes"] + self.no_neighbour(other[1])
        stays = mine is not None and (not heard or self.stalls(p))
        position = mine if stays or found is None else found[1]
        if mine is None or position != mine or self.stalls(p) or self.protocol.drafted:
            return position, position
        fresh = (package for _, package in best if package != mine and package not in self.memory)
        return mine, next((package for package in fresh if self.worth(p, package)), mine)

    def by_score(self, p: int, near: dict[int, Package], likes: list[dict[int, int]]) -> list[tuple[int, Package]]:
        """What a party may and would ask for, with its score, the highest first."""
        may = {number: package for number, package in near.items() if self.would_ask(p, package)}
        score = {number: self.score(p, package, likes) for number, package in may.items()}
        f = self.tie(TIES_OF_OFFERS, len(self.parties), p)
        return [(score[number], may[number]) for number in sorted(may, key=lambda number: (-score[number], number ^ f))]

    def first_worth(self, p: int, best: list[tuple[int, Package]]) -> tuple[int, Package] | None:
        tries = best if self.t >= self.horizon(p) else best[: self.protocol.tries]
        return next(((score, package) for score, package in tries if self.worth(p, package)), None)

    def worth(self, p: int, package: Package) -> bool:
        return self.value(p, package) >= self.floor(p) - LITTLE

    def stalls(self, p: int) -> bool:
        return self.tactics["stall"][p] and bool(self.side(p)) and self.side(p) * (self.drift[p] + self.push()) > 0

    def neighbours(self, base: Package, topic: Stage | None = None) -> dict[int, Package]:
        """By number, the packages within two moves."""
        nominal, moves = self.case.stages.options_of(topic), {}
        for j in self.movable:
            moves[j] = [(j, base[j] - 1), (j, base[j] + 1)] if self.issues[j].ordered else [(j, k) for k in nominal[j]]
        both = [(a, b) for a in self.movable for b in self.movable if a < b]
        every = [(), *((move,) for j in self.movable for move in moves[j])]
        every += [(one, other) for a, b in both for one in moves[a] for other in moves[b]]
        self.bits, found = len(every).bit_length(), {}
        for number, changes in enumerate(every):
            if all(k in self.options[j] and k != base[j] for j, k in changes):
                found[number] = tuple(dict(changes).get(j, base[j]) for j in self.every)
        return found

    def across(self, base: Package) -> dict[int, Package]:
        """By number, what lies across endings: another ending, what it makes move along, and one move more."""
        if self.case.endings is None:
            return {}
        axis, nominal, found = self.case.endings.axis, self.case.stages.options_of(None), dict[int, Package]()
        ways = [(j, way) for j in self.movable for way in ((-1, 1) if self.issues[j].ordered else nominal[j])]
        self.bits = (len(self.issues[axis].options) * (1 + len(ways))).bit_length()
        for ending in set(nominal[axis]) - {base[axis]}:
            carried = [self.carried(ending, j) for j in self.every]
            there = [self.nearest(j, base[j], carried[j]) for j in self.every if all(carried)]
            if all(there[j] == base[j] for j in self.every[: len(there)] if j != axis):
                continue
            there[axis], first = ending, ending * (1 + len(ways))
            found[first] = tuple(there)
            for n, (j, way) in enumerate(ways, 1):
                k = there[j] + way if self.issues[j].ordered else way
                if j != axis and k in carried[j] and k != there[j]:
                    found[first + n] = (*there[:j], k, *there[j + 1 :])
        return found

    def no_neighbour(self, package: Package) -> bool:
        return sum(one != other for one, other in zip(self.text, package, strict=True)) > 2

    def carried(self, ending: int, j: int) -> set[int]:
        """The options of an issue that no rule alone shuts out under an ending."""
        assert self.case.endings is not None
        pinned = {self.case.endings.axis: {ending}}
        others = {i: pinned.get(i, set(self.options[i])) for i in self.every if i != j}
        alone = [rule for rule in self.stakes.validity if all(left <= rule[i] for i, left in others.items())]
        mine = pinned.get(j, set(self.options[j]))
        return {k for k in mine if not any(k in rule[j] for rule in alone)}

    def nearest(self, j: int, k: int, carried: set[int]) -> int:
        stands = self.issues[j].status_quo
        if k in carried or (not self.issues[j].ordered and stands in carried):
            return k if k in carried else stands
        return min(carried, key=lambda other: (abs(other - k), abs(other - stands), other))

    def would_ask(self, p: int, package: Package) -> bool:
        stage = self.stage(package)
        more_than = Stage.PARTIAL if self.in_force() == Stage.PARTIAL else Stage.SHORT
        right = stage > more_than if self.topic is None else stage == self.topic
        enough = right and self.utility(p, package) >= self.target[p][stage] - LITTLE
        return enough and self.coherent(package) and self.holds_lines(p, package)

    def likes(self, p: int, heard: dict[int, Package]) -> list[dict[int, int]]:
        """How much each option of each issue has for it in the others' offers, as a party hears them."""
        answers = self.answers.get((self.topic, TEXT if self.protocol.drafted else p), {})
        likes = [dict.fromkeys(self.options[j], 0) for j in self.every]
        for q, asked_for in heard.items():
            attention = 1 if answers.get(q) else self.protocol.hearing.refused
            importance = [60] * len(self.every) if self.tactics["learns"][p] == Learns.NOTHING else self.importance(q)
            for j in self.movable:
                for k in likes[j]:
                    likes[j][k] += attention * importance[j] * self.nearness(j, k, asked_for[j])
        return likes

    def nearness(self, j: int, one: int, other: int) -> int:
        return -self.steps(j, one, other) * (self.unit // self.issues[j].span)

    def importance(self, q: int) -> list[int]:
        whole = sum(1 + self.stayed[q][j] for j in self.movable)
        return [(1 + self.stayed[q][j]) * 60 * len(self.movable) // max(whole, 1) for j in self.every]

    def score(self, p: int, package: Package, likes: list[dict[int, int]]) -> int:
        minded, each = 0.0, self.protocol.hearing.lines * self.protocol.hearing.refused
        if self.tactics["learns"][p] == Learns.BAYES:
            for n, line in enumerate(self.lines):
                if line.party != p and line.party in self.protocol.asked and crosses(line.ladder[0], package):
                    minded += 1 - self.bluff[n]
        return sum(likes[j][package[j]] for j in self.movable) - round(minded * (each * 60 * self.unit))

    def tie(self, purpose: int, n: int, place: int) -> int:
        return floor(self.draw(purpose, n)[place] * 2**self.bits)

    def say(self, p: int, package: Package) -> None:
        """An offer is made, and everybody hears how it differs from the last."""
        last = self.offers.get((self.topic, p), package)
        self.offers[self.topic, p] = package
        if last != package:
            self.stayed[p] = [n + (last[j] == package[j]) for j, n in enumerate(self.stayed[p])]
            for q in set(self.parties) - {p}:
                gain = self.utility(q, package) - self.utility(q, last)
                self.given[q] += gain / max(len(self.protocol.asked) - 1, 1)

    # Protocols

    def alternating(self) -> None:
        several = (self.case.zones["ceasefire"] != self.case.zones["settlement"]).any()
        self.topic = Stage.INTERIM if several and self.t % 2 else Stage.SETTLEMENT
        for p in self.protocol.proposers:
            position, package = self.offer(p)
            if position is not None and package is not None and self.signed is None:
                self.say(p, position)
                self.sign(package, self.put(p, package, self.protocol.asked))

    bilateral_excluding = alternating  # only the proposers are asked

    def single_text(self) -> None:
        self.redraft(self.protocol.asked, self.movable)
        self.sign(self.text, self.put(TEXT, self.text, self.protocol.asked))
        self.wishes(self.protocol.asked)

    def two_track(self) -> None:
        track = self.protocol.tracks[(self.t - 1) % len(self.protocol.tracks)]
        self.redraft(track.parties, [j for j in self.movable if track.issues[j]])
        self.sign(self.text, self.put(TEXT, self.text, track.parties))
        self.wishes(track.parties)

    def shuttle(self) -> None:
        everybody, before = self.protocol.asked, self.text
        host, last = (everybody[(self.t - ago) % len(everybody)] for ago in (1, 2))
        if not self.answers.get((None, TEXT), {}).get(last):
            self.redraft(everybody, self.movable)
        self.before = before
        self.agreeing = self.agreeing if self.text == before else set()
        self.agreeing = self.agreeing - {host} | self.put(TEXT, self.text, [host])
        self.sign(self.text, {p for p in self.agreeing if self.could_sign(p, self.text)})
        self.wishes([host])

    def wishes(self, asked: Collection[int]) -> None:
        for p, (wish, _) in [(p, self.offer(p)) for p in asked if p != self.protocol.mediator]:
            if wish is not None:
                self.say(p, wish)

    def look_through_what_was_tabled(self) -> None:
        """Everybody asked answers anew to what was tabled before, the last first; then this round's is remembered."""
        tracks, asked = self.protocol.tracks, set(self.protocol.asked)
        if self.protocol.name == "two_track":
            asked = set(tracks[(self.t - 1) % len(tracks)].parties)
        for package in reversed(self.memory):
            if self.signed is None and self.protocol.name != "shuttle" and self.stage(package) > self.in_force():
                self.sign(package, {p for p in asked if self.says_yes(p, package)})
        for package in self.tabled:
            if self.coherent(package) and self.stage(package) > Stage.SHORT:
                self.memory.setdefault(package, self.t)
            if len(self.memory) > self.protocol.memory:
                del self.memory[next(iter(self.memory))]

    def redraft(self, counted: Collection[int], movable: Collection[int]) -> None:
        if self.t == 1:
            return
        still, drafts = set(self.every) - set(movable), boxed(self.protocol.drafts)
        near = {n: d for n, d in self.neighbours(self.text).items() if all(d[j] == self.text[j] for j in still)}
        if lies_in(drafts, self.text):
            near = {n: draft for n, draft in near.items() if lies_in(drafts, draft)}
        astray = {n: self.stakes.astray(Stage.SHORT, draft) for n, draft in near.items()}
        near = {n: draft for n, draft in near.items() if astray[n] == min(astray.values())}
        f, now = self.tie(TIES_OF_DRAFTS, 1, 0), self.favour(self.text, counted)
        gain = {n: round((self.favour(draft, counted) - now) * 10**9) for n, draft in near.items()}
        back = {n for n, draft in near.items() if draft == self.before != self.text}
        if self.protocol.name != "shuttle" and not self.standing:
            back |= {n for n, draft in near.items() if draft in self.memory}
        text = near[min(near.keys() - back, key=lambda n: (-gain[n], n ^ f))] if near.keys() - back else self.text

        def suits(draft: Package) -> bool:
            fits = lies_in(drafts, draft) or not lies_in(drafts, self.text)
            return fits and self.stakes.astray(Stage.SHORT, draft) == 0 and all(draft[j] == self.text[j] for j in still)

        known = self.memory if self.protocol.name != "shuttle" and not self.standing else {}
        far = {n: d for n, d in self.across(self.text).items() if suits(d) and d != self.before and d not in known}
        f = self.tie(TIES_OF_DRAFTS, 1, 0) if far else 0
        gain = {n: round((self.favour(draft, counted) - now) * 10**9) for n, draft in far.items()}
        best = min(far, key=lambda n: (-gain[n], n ^ f), default=None)
        if best is not None and (not suits(text) or gain[best] > round((self.favour(text, counted) - now) * 10**9)):
            text, self.far["drafts"] = far[best], self.far["drafts"] + self.no_neighbour(far[best])
        self.before, self.text = self.text, text

    def favour(self, draft: Package, counted: Collection[int]) -> float:
        total, answers = 0.0, self.answers.get((None, TEXT), {})
        for p in set(counted) & set(self.case.signatories):
            omega = self.protocol.weights.item(p) * (1 + self.protocol.camps.item(p) * self.protocol.bias.item(0))
            if (None, p) in self.offers and (self.in_force() or not answers.get(p)):
                wish, importance = self.offers[None, p], self.importance(p)
                likeness = sum(importance[j] * self.nearness(j, draft[j], wish[j]) for j in self.movable)
                total += omega * likeness / (60 * self.unit * max(len(self.movable), 1))
            total -= omega * self.away(draft, [p]) * self.protocol.step
        return total

    def away(self, package: Package, owners: Collection[int]) -> int:
        """Steps from a package to where it crosses no binding line of some parties."""
        owned = [self.form(n) for n, line in enumerate(self.lines) if line.party in owners]
        return sum(self.stakes.way_out(form, package) for form in owned)

    # Endings

    def in_force(self) -> Stage:
        return Stage.SHORT if self.standing is None else self.stage(self.standing)

    def endings(self) -> None:
        self.look_back()
        consented = self.signed is None or self.consented(self.signed)
        self.what_holds(consented)
        self.silence = [0 if self.standing else rounds + 1 for rounds in self.silence]
        leaver = next((p for p in sorted(self.protocol.asked) if self.leaves(p)), -1)
        if not consented:
            self.end(Ending.UNIMPLEMENTABLE_TEXT, self.signed)
        elif self.signed and self.stage(self.signed) == Stage.SETTLEMENT:
            self.end(Ending.SETTLEMENT, self.signed)
        elif leaver >= 0:
            self.left = leaver
            self.end(Ending.WALK_OUT)
        elif self.protocol.drafted and not self.standing and self.idle >= self.protocol.patience[0]:
            self.end(Ending.MEDIATOR_EXIT)
        elif self.t == self.deadline:
            last = {Stage.SHORT: Ending.STALEMATE, Stage.PARTIAL: Ending.PARTIAL, Stage.INTERIM: Ending.CEASEFIRE_ONLY}
            self.end(last[self.in_force()], self.standing)

    def end(self, ending: Ending, package: Package | None = None) -> None:
        self.ending, self.agreed = ending, package or self.agreed

    def look_back(self) -> None:
        """Whether something that suited everybody was on the table, and whether the text came closer to the lines."""
        for package in self.tabled:
            if self.coherent(package) and self.stage(package) >= Stage.INTERIM and not self.seen:
                self.seen = self.t if self.enough({p for p in self.parties if self.could_sign(p, package)}) else 0
        away = self.away(self.text, self.case.signatories)
        self.idle = 0 if away < self.fewest or away == 0 or self.standing else self.idle + 1
        self.fewest = min(away, self.fewest)

    def consented(self, package: Package) -> bool:
        forms = [self.form(n) for n, _ in enumerate(self.lines)]
        return self.stakes.consented(package, forms, [self.floor(p) for p in self.parties], self.outlook)

    def what_holds(self, consented: bool) -> None:
        if self.signed and consented and self.stage(self.signed) >= Stage.INTERIM:
            self.first = self.first or self.t
        self.since = self.t if self.signed and consented and self.signed != self.standing else self.since
        if self.signed and consented and self.stage(self.signed) < Stage.SETTLEMENT:
            self.standing = self.signed
        elif self.standing and self.case.endings is not None:
            if self.stakes.kind(self.standing) >= ARMISTICE:
                lapses = self.standing_draw < self.stakes.breakdown(self.standing, self.outlook)
            else:
                lapses = not all(self.could_sign(p, self.standing) for p in self.protocol.asked)
            self.standing = None if lapses else self.standing

    def leaves(self, p: int) -> bool:
        """Whether a party that heard nothing it could sign for as long as its patience has nothing to hope for."""
        hopeless = self.hope[p] * self.left_after(self.t) <= self.tactics["stay"][p] + LITTLE
        return not self.standing and self.silence[p] >= self.tactics["patience"][p] and hopeless
