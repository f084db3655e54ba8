"""The talks written a second time, from docs/talks.md alone: one run, plain Python, one function a rule, in its order.

It referees the package ("docking": Axtell, Axelrod, Epstein & Cohen 1996), so it takes no rule from `sim.talks` but
the openings; speed is no concern of it.
"""

from __future__ import annotations

from dataclasses import replace
from math import exp, floor, inf, lcm

import numpy as np
from scipy.special import ndtri

from sim.stakes.case import Case, Stage
from sim.stakes.table import Learns
from sim.stakes.worth import Kind, look_ahead
from sim.talks.opening import openings
from sim.talks.state import Ending

Package = tuple[int, ...]
TIES_OF_OFFERS, TIES_OF_DRAFTS, WAR, SOFTENING, HARDENING = 1, 2, 4, 5, 6
TEXT = -1
LITTLE = 1e-9


def play(case: Case, seed: int = 0, run: int = 0) -> Run:
    """One run of a case with one row, to its end."""
    talks = Run(case, seed, run)
    while talks.ending is None:
        talks.play_round()
    return talks


def within(low: float, x: float, high: float) -> float:
    return min(max(x, low), high)


class Run:
    """Where one run of the talks stands."""

    def __init__(self, case: Case, seed: int, run: int) -> None:
        self.case, self.seed, self.run, self.t = case, seed, run, 0
        self.protocol, self.war, self.tactics = case.protocol, case.war, case.tactics
        self.parties, self.issues = range(len(case.parties)), range(len(case.space.issues))
        self.lines = case.red_lines.lines
        self.ordered = [issue.ordered for issue in case.space.issues]
        self.asked, self.name = self.protocol.asked, self.protocol.name
        self.ending: Ending | None = None
        self.left, self.agreed = -1, tuple(self.protocol.start_text.tolist())
        self.text: Package = self.agreed
        self.opening = openings(case)
        self.r = case.reservation[0].tolist()
        self.outlook, self.imposed = case.outlook, [0.0 for _ in self.parties]
        if self.war is not None:
            self.share, self.drift = float(self.war.share[0]), self.war.drift[0].tolist()
            self.index, self.set_to = self.war.lever_index[0].tolist(), self.war.lever_index[0].tolist()
        self.observed, self.paused, self.moved = 0, 0, 0.0
        self.rung = [0 for _ in self.lines]
        self.softened, self.under_pressure = [0 for _ in self.parties], [0 for _ in self.parties]
        self.bluff = case.resolve.bluff[0].tolist()
        self.offers: dict[tuple[Stage | None, int], Package] = {}
        self.refused: dict[tuple[Stage | None, int], set[int]] = {}
        self.changes = [0 for _ in self.parties]
        self.stayed = [[0 for _ in self.issues] for _ in self.parties]
        self.given, self.offered = [0.0 for _ in self.parties], [0.0 for _ in self.parties]
        self.refusals, self.silence, self.then = [0 for _ in self.parties], [0 for _ in self.parties], list(self.r)
        self.agreeing: set[int] = set()
        self.fewest, self.idle = inf, 0
        self.standing: Package | None = None
        self.visited_refused = False

    def play_round(self) -> None:
        self.t += 1
        self.topic: Stage | None = None
        self.signed: Package | None = None
        self.tabled: list[tuple[int, Package, tuple[int, ...], set[int]]] = []
        self.what_happens()
        self.levers()
        self.expectations()
        self.lines_move()
        self.targets()
        getattr(self, self.name)()
        self.endings()

    # Random numbers

    def draw(self, purpose: int, n: int) -> list[float]:
        key, counter = [self.seed, (purpose << 32) + self.t], [self.run * -(-n // 4), 0, 0, 0]
        words = np.random.Philox(key=np.array(key, np.uint64), counter=np.array(counter, np.uint64)).random_raw(n)
        return [((int(word) >> 11) + 0.5) / 2**53 for word in words]

    # A round

    def what_happens(self) -> None:
        self.front, self.wars_end, self.incident, self.standing_draw = self.draw(WAR, 4)
        calm = 1.0
        for event in self.protocol.events:
            if event.round == self.t:
                for lever, to in event.levers:
                    self.index[lever] = to if self.index[lever] == self.set_to[lever] else self.index[lever]
                    self.set_to[lever] = to
                if event.share:
                    self.share = within(0.0, self.share + event.share, 1.0)
                calm *= 1 - event.breakdown
        self.breaks_down, self.war_ends, self.moved = self.incident < 1 - calm, False, 0.0
        if self.war is None or self.war.frozen:
            return
        if self.in_force() >= Stage.INTERIM:
            self.paused += 1
            return
        sigma, prior = float(self.war.sigma[0]), float(self.war.prior[0])
        move = float(self.war.real_drift[0]) + self.push() + sigma * float(ndtri(self.front))
        before, self.share = self.share, within(0.0, self.share + move, 1.0)
        self.moved = self.share - before
        self.war_ends = self.wars_end < self.war.hazard[0]
        if prior > 0:
            slow = self.observed + 1 + (sigma / prior) ** 2
            self.drift = [drift + (move - self.push() - drift) / slow for drift in self.drift]
        self.observed += 1

    def push(self) -> float:
        total = 0.0
        for v, index in enumerate(self.index):
            total += (index - self.war.lever_base[v]) * self.war.lever_drift[v]
        return total

    def levers(self) -> None:
        if self.war is not None:
            self.index = list(self.set_to)
            for pull in self.protocol.pulls:
                if self.refusals[pull.against] >= pull.after:
                    self.index[pull.lever] = pull.to

    def expectations(self) -> None:
        if self.war is None:
            return
        imposed = np.array([[self.under_pressure[p] / max(self.softened[p], 1) for p in self.parties]])
        if self.war.frozen:
            self.outlook = replace(self.outlook, imposed=imposed)
            return
        state = {"share": [self.share], "drift": [self.drift], "lever_index": [self.index]}
        war = replace(self.war, **{name: np.array(column) for name, column in state.items()})
        standing, endings = self.case.space.standing(), self.case.endings
        self.outlook = look_ahead(war, self.case.preferences, standing, endings, self.t, [self.paused], imposed)
        self.r = self.outlook.war[0].tolist()

    def lines_move(self) -> None:
        resolve, soft, hard = self.case.resolve, self.draw(SOFTENING, len(self.lines)), self.draw(HARDENING, len(self.lines))
        pressed = [self.pressed(p) for p in self.parties]
        pressure = [pressed[p] + self.late() + self.adverse(p) + within(0, self.offered[p] / 20, 1) for p in self.parties]
        for n, line in enumerate(self.lines):
            p = line.party
            if self.rung[n] < len(line.ladder) - 1 and soft[n] < (1 - resolve.hardness[0, n]) * (1 - exp(-pressure[p])):
                self.rung[n] += 1
                self.bluff[n] = 1.0
                self.softened[p] += 1
                self.under_pressure[p] += pressed[p] > 0
            elif pressed[p] > 0 and hard[n] < resolve.hardening[0, p] * resolve.public[0]:
                self.rung[n] = max(self.rung[n] - 1, 0 if line.harder is None else -1)

    def side(self, p: int) -> int:
        """1 for the first belligerent, whose share grows; -1 for the second; 0 for others."""
        return 0 if p not in self.case.belligerents else 1 - 2 * self.case.belligerents.index(p)

    def pressed(self, p: int) -> float:
        most = 0.0
        for v in range(0 if self.war is None else len(self.index)):
            off, base = self.index[v] - self.war.lever_base[v], self.war.lever_base[v]
            if off and (not self.side(p) or off * self.war.lever_drift[v] * self.side(p) < 0):
                most = max(most, abs(off) / (base if off < 0 else 1 - base))
        return most

    def late(self) -> float:
        return max(0.0, (self.t / self.protocol.deadline - 0.8) / 0.2)

    def adverse(self, p: int) -> float:
        against = -self.side(p) * self.moved
        return within(0.0, against / (3 * float(self.war.sigma[0])), 1.0) if against > 0 else 0.0

    def floor(self, p: int) -> float:
        return self.r[p] + (0.0 if self.case.home is None else float(self.case.home[0, p]))

    def targets(self) -> None:
        self.target = []
        for p in self.parties:
            least, best = self.floor(p), self.opening.best[0, p].tolist()
            left = 1 - (self.t / self.protocol.deadline) ** (1 / self.tactics.exponent[0, p])
            weight = self.tactics.tit_for_tat[0, p]
            tops = [least + self.tactics.opening[0, p] * max(most - least, 0) for most in best]
            mixed = [
                (1 - weight) * (least + left * (top - least)) + weight * max(top - self.given[p], least) for top in tops
            ]
            self.target.append([least] * len(tops) if self.t == self.protocol.deadline else mixed)

    # Answers

    def utility(self, p: int, package: Package) -> float:
        wants, total = self.case.preferences, 0.0
        for j in self.issues:
            total += float(wants.weights[0, p, j]) * float(wants.values[p, j, package[j]])
        for m, holder in enumerate(wants.holder):
            if holder == p and all(wants.boxes[m, j, package[j]] for j in self.issues):
                total += float(wants.points[m])
        return total

    def value(self, p: int, package: Package) -> float:
        return float(self.case.value(p, np.array([package], dtype=np.int8), self.outlook)[0])

    def stage(self, package: Package) -> Stage:
        ceasefire, settlement = (self.lies_in(self.case.zones[name], package) for name in ("ceasefire", "settlement"))
        if ceasefire:
            return Stage.SETTLEMENT if settlement else Stage.INTERIM
        partial = self.case.partial
        return Stage.PARTIAL if partial is not None and self.lies_in(partial, package) else Stage.SHORT

    def lies_in(self, box: np.ndarray, package: Package) -> bool:
        return all(box[j, package[j]] for j in self.issues)

    def coherent(self, package: Package) -> bool:
        return not any(self.lies_in(rule, package) for rule in self.case.validity)

    def form(self, n: int):
        """The form in which a line binds now."""
        return self.lines[n].harder if self.rung[n] < 0 else self.lines[n].ladder[self.rung[n]]

    @staticmethod
    def crosses(clause, package: Package) -> bool:
        met = all(package[j] in options for j, options in clause.when.items())
        return met and package[clause.on] not in clause.allowed

    def own_lines_hold(self, p: int, package: Package) -> bool:
        return not any(self.crosses(self.form(n), package) for n, line in enumerate(self.lines) if line.party == p)

    def could_sign(self, p: int, package: Package) -> bool:
        return self.value(p, package) >= self.floor(p) - LITTLE and self.own_lines_hold(p, package)

    def says_yes(self, p: int, package: Package) -> bool:
        enough = self.utility(p, package) >= self.target[p][self.stage(package)] - LITTLE
        return enough and self.could_sign(p, package)

    def put(self, author: int, package: Package, asked: tuple[int, ...]) -> set[int]:
        """A package is put to some parties: who says yes, and what everybody hears in that."""
        yes = {p for p in asked if self.says_yes(p, package)}
        self.tabled.append((author, package, asked, yes))
        self.refused[self.topic, author] = set(asked) - yes
        for n, line in enumerate(self.lines):
            if line.party in asked and self.crosses(line.ladder[0], package):
                b = self.bluff[n]
                self.bluff[n] = 0.8 * b / (0.8 * b + 1 - b) if self.crosses(self.form(n), package) else 1.0
        return yes

    def carried(self, package: Package, yes: set[int]) -> bool:
        enough = len(yes) >= self.protocol.quorum and set(self.protocol.vetoes) <= yes
        return enough and self.coherent(package) and self.stage(package) > Stage.SHORT

    # Offers

    def offer(self, p: int) -> Package | None:
        mine, drafted = self.offers.get((self.topic, p)), self.protocol.drafted
        place = {None: 0, Stage.INTERIM: 1, Stage.SETTLEMENT: 2}[self.topic]
        if mine is None and self.opening.can[0, p, place]:
            return tuple(self.opening.packages[0, p, place].tolist())
        if mine is not None and self.tactics.stall[0, p] and self.front_helps(p):
            return mine
        heard = {q: self.offers[self.topic, q] for q in self.asked if q != p and (self.topic, q) in self.offers}
        if mine is not None and not heard:
            return mine
        base = self.text if drafted or mine is None else mine
        options = self.case.options_of(self.topic)
        found = self.neighbours(base, options)
        may = {number: package for number, package in found if self.may_ask(p, package)}
        scores = {number: self.score(p, base, package, heard, options) for number, package in may.items()}
        f = self.tie(self.draw(TIES_OF_OFFERS, len(self.parties))[p], options)
        for number in sorted(may, key=lambda number: (-scores[number], number ^ f))[:4]:
            if self.value(p, may[number]) >= self.floor(p) - LITTLE:
                return may[number]
        return mine

    def may_ask(self, p: int, package: Package) -> bool:
        stage = self.stage(package)
        right = stage == self.topic if self.topic is not None else stage > Stage.SHORT
        enough = right and self.utility(p, package) >= self.target[p][stage] - LITTLE
        return enough and self.coherent(package) and self.own_lines_hold(p, package)

    def front_helps(self, p: int) -> bool:
        return self.war is not None and self.side(p) * (self.drift[p] + self.push()) > 0

    def slots(self, options) -> list[list[tuple[int, int]]]:
        """The moves of each issue: a step (-1 or 1) on an ordered one, an option of a nominal one."""
        left = self.case.space.left
        return [
            [] if len(left[j]) < 2 else [(j, -1), (j, 1)] if self.ordered[j] else [(j, k) for k in options[j]]
            for j in self.issues
        ]

    def neighbours(self, base: Package, options) -> list[tuple[int, Package]]:
        """The packages within two moves, with their numbers."""
        slots, every = self.slots(options), [[]]
        every += [[move] for moves in slots for move in moves]
        for a in self.issues:
            for b in range(a + 1, len(slots)):
                every += [[one, other] for one in slots[a] for other in slots[b]]
        found = []
        for number, moves in enumerate(every):
            package = list(base)
            for j, to in moves:
                package[j] = base[j] + to if self.ordered[j] else to
            real = all(package[j] in self.case.space.left[j] and package[j] != base[j] for j, _ in moves)
            if real:
                found.append((number, tuple(package)))
        self.numbered = len(every)
        return found

    def tie(self, u: float, options) -> int:
        return floor(u * 2 ** self.numbered.bit_length())

    def apart(self, j: int, one: int, other: int) -> int:
        return abs(one - other) if self.ordered[j] else int(one != other)

    def open_issues(self) -> list[int]:
        return [j for j in self.issues if len(self.case.space.left[j]) > 1]

    def unit(self) -> int:
        return min(lcm(*(self.case.space.issues[j].span for j in self.open_issues())), 10**6)

    def nearness(self, j: int, here: Package, there: Package) -> int:
        return -self.apart(j, here[j], there[j]) * (self.unit() // self.case.space.issues[j].span)

    def importance(self, p: int) -> list[int]:
        """Of each issue to a party, as others hear it."""
        whole = sum(1 + self.stayed[p][j] for j in self.open_issues())
        return [(1 + self.stayed[p][j]) * 60 * len(self.open_issues()) // max(whole, 1) for j in self.issues]

    def score(self, p: int, base: Package, package: Package, heard: dict[int, Package], options) -> int:
        author, learns = TEXT if self.protocol.drafted else p, self.tactics.learns[0, p]
        total = 0
        for q, asked_for in heard.items():
            attention = 4 if q in self.refused.get((self.topic, author), set()) else 1
            importance = [60 for _ in self.issues] if learns == Learns.NOTHING else self.importance(q)
            for j in self.open_issues():
                total += attention * importance[j] * self.nearness(j, package, asked_for)
        if learns == Learns.BAYES:
            doubt = 0.0
            for n, line in enumerate(self.lines):
                if line.party != p and self.crosses(line.ladder[0], package):
                    doubt += 1 - self.bluff[n]
            total -= round(2 * 4 * 60 * self.unit() * doubt)
        return total

    def say(self, p: int, package: Package | None) -> None:
        """An offer is made, and everybody hears what it changes."""
        last = self.offers.get((self.topic, p))
        if package is None:
            return
        self.offers[self.topic, p] = package
        if last is not None and last != package:
            for j in self.issues:
                self.stayed[p][j] += last[j] == package[j]
            for q in self.parties:
                if q != p:
                    gain = self.utility(q, package) - self.utility(q, last)
                    self.given[q] += gain / max(len(self.asked) - 1, 1)

    # Protocols

    def alternating(self) -> None:
        boxes = self.case.zones
        if (boxes["ceasefire"] != boxes["settlement"]).any():
            self.topic = Stage.INTERIM if self.t % 2 else Stage.SETTLEMENT
        for p in self.protocol.proposers:
            package = self.offer(p)
            if package is not None:
                self.say(p, package)
                if self.carried(package, self.put(p, package, self.asked)):
                    self.signed = package
                    return

    bilateral_excluding = alternating

    def single_text(self) -> None:
        if self.t > 1:
            self.redraft(self.asked, self.issues)
        self.put_text(self.asked)

    def put_text(self, asked: tuple[int, ...]) -> None:
        yes = self.put(TEXT, self.text, asked)
        if self.carried(self.text, yes):
            self.signed = self.text
        for p, wish in [(p, self.offer(p)) for p in asked]:
            self.say(p, wish)

    def two_track(self) -> None:
        track = self.protocol.tracks[(self.t - 1) % len(self.protocol.tracks)]
        if self.t > 1:
            self.redraft(track.parties, [j for j in self.issues if track.issues[j]])
        self.put_text(track.parties)

    def shuttle(self) -> None:
        p = self.asked[(self.t - 1) % len(self.asked)]
        if self.visited_refused:
            before = self.text
            self.redraft(self.asked, self.issues)
            self.agreeing = self.agreeing if self.text == before else set()
        yes = self.put(TEXT, self.text, (p,))
        self.visited_refused = not yes
        self.agreeing = (self.agreeing - {p}) | yes
        if self.carried(self.text, {q for q in self.agreeing if self.could_sign(q, self.text)}):
            self.signed = self.text
        self.say(p, self.offer(p))

    def redraft(self, counted, moving) -> None:
        options = self.case.options_of()
        found = [(n, p) for n, p in self.neighbours(self.text, options) if all(p[j] == self.text[j] for j in self.issues if j not in moving)]
        f = self.tie(self.draw(TIES_OF_DRAFTS, 1)[0], options)
        inside = self.lies_in(self.protocol.drafts, self.text)
        if inside:
            found = [(n, p) for n, p in found if self.lies_in(self.protocol.drafts, p)]
        away = {n: self.astray(p) for n, p in found}
        found = [(n, p) for n, p in found if away[n] == min(away.values())]
        scores = {n: round(self.worth_of_draft(p, counted), 9) for n, p in found}
        self.text = dict(found)[min(scores, key=lambda n: (-scores[n], n ^ f))]

    def astray(self, package: Package) -> int:
        return int(self.case.astray(np.array(package, dtype=np.int8), Stage.SHORT))

    def omega(self, p: int) -> float:
        if not self.case.belligerents:
            return 0.5
        return (1 + self.side(p) * float(self.protocol.bias[0])) / 2 if self.side(p) else 0.25

    def worth_of_draft(self, package: Package, counted) -> float:
        total = 0.0
        for p in counted:
            wish, importance = self.offers.get((None, p)), self.importance(p)
            if wish is not None and (self.standing or p in self.refused.get((None, TEXT), set())):
                likeness = sum(importance[j] * self.nearness(j, package, wish) for j in self.open_issues())
                total += self.omega(p) * likeness / (60 * self.unit() * len(self.open_issues()))
            total -= self.omega(p) * self.steps(package, (p,)) / 10
        return total

    def steps(self, package: Package, owners) -> int:
        """Steps from a package to where it crosses no binding line of some parties."""
        return sum(self.way_out(self.form(n), package) for n, line in enumerate(self.lines) if line.party in owners)

    def way_out(self, clause, package: Package) -> int:
        ways = [1000]
        for j in self.issues:
            box = set(clause.when.get(j, range(len(self.case.space.issues[j].options))))
            box -= clause.allowed if j == clause.on else set()
            ways += [self.apart(j, package[j], k) for k in self.case.space.left[j] if k not in box]
        return min(ways) if self.crosses(clause, package) else 0

    # Endings

    def in_force(self) -> Stage:
        return Stage.SHORT if self.standing is None else self.stage(self.standing)

    def endings(self) -> None:
        self.hear()
        if self.breaks_down:
            self.end(Ending.BREAKDOWN)
        elif self.war_ends:
            self.end(Ending.MILITARY_END)
        elif self.signed and not self.all_consent(self.signed):
            self.end(Ending.UNIMPLEMENTABLE_TEXT, self.signed)
        elif self.signed and self.stage(self.signed) == Stage.SETTLEMENT:
            self.end(Ending.SETTLEMENT, self.signed)
        else:
            self.what_holds()
            if self.standing is None:
                self.who_leaves()
        if self.ending is None and self.t == self.protocol.deadline:
            last = {Stage.SHORT: Ending.STALEMATE, Stage.PARTIAL: Ending.PARTIAL, Stage.INTERIM: Ending.CEASEFIRE_ONLY}
            self.end(last[self.in_force()], self.standing)

    def end(self, ending: Ending, package: Package | None = None) -> None:
        self.ending, self.agreed = ending, package or self.agreed

    def all_consent(self, package: Package) -> bool:
        for p in self.parties:
            needed = self.case.consent is not None and any(self.case.consent[p, j, package[j]] for j in self.issues)
            if needed and not (self.own_lines_hold(p, package) and self.value(p, package) >= self.r[p] - LITTLE):
                return False
        return True

    def what_holds(self) -> None:
        if self.signed and (self.stage(self.signed) >= Stage.INTERIM or self.in_force() <= Stage.PARTIAL):
            self.standing = self.signed
        elif self.standing is not None:
            package = np.array([self.standing], dtype=np.int8)
            lasts = self.case.endings is not None and Kind(int(self.case.endings.kind(package)[0])).lasts
            if lasts and self.in_force() == Stage.INTERIM:
                lapses = self.standing_draw < self.case.breakdown(package, self.outlook)[0]
            else:
                lapses = not all(self.could_sign(p, self.standing) for p in self.asked)
            self.standing = None if lapses else self.standing

    def hear(self) -> None:
        """What the round leaves in everybody's memory."""
        for p in self.parties:
            answers = [p in yes for _, _, asked, yes in self.tabled if p in asked]
            self.refusals[p] = 0 if any(answers) else self.refusals[p] + bool(answers)
            others = [package for author, package, _, _ in self.tabled if author != p]
            for package in others:
                self.offered[p] = max(self.offered[p], self.value(p, package) - self.r[p])
            heard = any(self.could_sign(p, package) for package in others)
            self.silence[p] = 0 if heard else self.silence[p] + 1
            self.then[p] = self.r[p] if heard else self.then[p]
        steps = self.steps(self.text, self.case.signatories)
        self.idle = 0 if steps < self.fewest else self.idle + 1
        self.fewest = min(steps, self.fewest)

    def who_leaves(self) -> None:
        for p in self.asked:
            tired = self.silence[p] >= self.tactics.patience[0, p]
            if tired and self.r[p] > self.then[p] + self.tactics.margin[0, p] + LITTLE:
                self.left = p
                self.end(Ending.WALK_OUT)
                return
        steps = self.steps(self.text, self.case.signatories)
        if self.protocol.drafted and self.idle >= self.protocol.patience[0] and steps > 0:
            self.end(Ending.MEDIATOR_EXIT)
