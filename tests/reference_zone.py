"""The zone and the stability of its packages written a second time, from docs/zone.md and docs/robust.md.

It takes what a package is worth from `reference_stakes` and no rule from the product.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from tests.reference_stakes import LITTLE, Package, Stakes, crosses, lies_in

State = tuple[Package, bool]  # a package, and whether there is war again after it
Moves = dict[int, dict[State, set[State]]]
NASH, SEQUENTIAL, METARATIONAL = "nash", "sequential", "metarational"


def deeds(stakes: Stakes) -> dict[int, dict[tuple[int, int], bool]]:
    consent = stakes.case.consent
    return {p: {} if consent is None else {jk: bool(consent[(p, *jk)]) for jk in cells(stakes)} for p in stakes.parties}


def cells(stakes: Stakes) -> list[tuple[int, int]]:
    return [(j, k) for j, issue in enumerate(stakes.issues) for k in range(len(issue.options))]


def in_the_zone(stakes: Stakes, package: Package) -> bool:
    """Enough of those asked could live with it, and so could all who have a veto and all who have to act."""
    rule, needs = stakes.case.protocol, deeds(stakes)
    if not stakes.coherent(package) or not lies_in(stakes.ceasefire, package):
        return False
    broken = {line.party for line in stakes.lines if crosses(line.ladder[0], package)}
    content = {p for p in stakes.parties if p not in broken and stakes.value(p, package) >= stakes.floors[p] - LITTLE}
    acting = {p for p in stakes.parties if any(needs[p].get(jk) for jk in enumerate(package))}
    return len(content & {*rule.asked}) >= rule.quorum and {*rule.vetoes} | acting <= content


def zone(stakes: Stakes) -> set[Package]:
    return {package for package in product(*stakes.left) if in_the_zone(stakes, package)}


@dataclass
class Game:
    """Who can go where, and what each state is worth to each party."""

    moves: Moves
    worth: dict[int, dict[State, float]]

    def better(self, party: int, here: State, there: State) -> bool:
        return self.worth[party][there] > self.worth[party][here] + LITTLE

    def gains(self, party: int, here: State) -> list[State]:
        return [there for there in self.moves[party].get(here, ()) if self.better(party, here, there)]

    def answers(self, party: int, there: State) -> Iterator[tuple[int, State]]:
        return ((o, then) for o in self.moves if o != party for then in self.moves[o].get(there, ()))

    def stays(self, party: int, here: State, concept: str) -> bool:
        """Nothing the party could do alone makes it better off, or each such move can be answered so that it is not."""
        for there in self.gains(party, here):
            answers = [(o, then) for o, then in self.answers(party, there) if not self.better(party, here, then)]
            if concept == SEQUENTIAL:
                answers = [(o, then) for o, then in answers if self.better(o, there, then)]
            if concept == NASH or not answers:
                return False
        return True

    def stable(self, states: Iterable[State], concept: str) -> set[State]:
        return {state for state in states if all(self.stays(party, state, concept) for party in self.moves)}


def game(stakes: Stakes) -> Game:
    """The game of a case: a deed that needs nobody else, a deed undone but not the line's, the war resumed."""
    case, needs, war = stakes.case, deeds(stakes), stakes.endings is not None
    ending, line = (case.endings.axis, case.endings.line) if case.endings is not None else (None, None)
    packages = [p for p in product(*stakes.left) if stakes.coherent(p) and lies_in(stakes.ceasefire, p)]
    moves: Moves = {party: {(p, False): set() for p in packages} for party in stakes.parties}
    for party, package in product(stakes.parties, packages):
        for j, k in cells(stakes):
            then = (*package[:j], k, *package[j + 1 :])
            if j == ending or len(stakes.left[j]) == 1 or (then, False) not in moves[party]:
                continue
            alone = {p for p in stakes.parties if needs[p].get((j, k))} == {party}
            undone = needs[party].get((j, package[j])) and k == stakes.issues[j].status_quo and j != line
            if then != package and (alone or undone):
                moves[party][package, False].add((then, False))
        if war and party in case.belligerents:
            moves[party][package, False].add((package, True))
    worth = {
        party: {(p, False): stakes.value(party, p) for p in packages}
        | ({(p, True): stakes.after(party, p, stakes.outlook) for p in packages} if war else {})
        for party in stakes.parties
    }
    return Game(moves, worth)
