"""Up to three questions on a brief, asked before the talks begin: whoever answers them has read it. Nobody is kept out.

The answers follow from the brief of the seat that is asked, and from what others say aloud; there is no key to keep.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sim.report import sentences
from sim.scenario.loader import Loaded
from sim.serve.briefs import issues_view, option_points
from sim.stakes.case import TOLERANCE
from sim.stakes.run_axis import once

OFFERED, STEP = 3, 10.0
"""Numbers to choose from, and points that lie between two of them."""
MOST_LINES = 3
"""Red lines to pick one's own from."""
Given = dict[str, str]


@dataclass(frozen=True)
class Question:
    """A question with the options to choose from, and those of them that are right."""

    id: str
    asks: str
    options: tuple[str, ...]
    right: frozenset[int]

    def answered(self, given: Given) -> int | None:
        """The option that was chosen, if it is one."""
        chosen = given.get(self.id, "")
        return int(chosen) if chosen.isdecimal() and len(chosen) < 3 and int(chosen) < len(self.options) else None


@once
def questions(loaded: Loaded, party: int) -> tuple[Question, ...]:
    """What a party's people are asked: what they would rather have, what they need, and which red line is theirs."""
    return *_matters(loaded, party), _needs(loaded, party), *_line(loaded, party)


def read(loaded: Loaded, party: int, given: Given) -> dict[str, int] | None:
    """How many answers are ``right`` of those ``asked`` for; None before anything is answered."""
    asked = questions(loaded, party)
    return {"right": sum(one.answered(given) in one.right for one in asked), "asked": len(asked)} if given else None


def _matters(loaded: Loaded, party: int) -> list[Question]:
    """Of the issue with most between its options, one option from each end of the list, some between, and the best;
    nothing where no issue is open.
    """
    points = option_points(loaded, party)
    held = [(issue, [points[issue["axis"]][k] for _, _, k in issue["options"]]) for issue in issues_view(loaded)]
    if not held:
        return []
    issue, worth = max(held, key=lambda one: max(one[1]) - min(one[1]))
    last, best = len(worth) - 1, worth.index(max(worth))
    shown = sorted({0, last // 3, 2 * last // 3, last, best})
    most = frozenset(n for n, place in enumerate(shown) if worth[place] >= worth[best] - TOLERANCE)
    asks = f"{issue['name']}: which of these is worth most to you?"
    return [Question("matters", asks, tuple(issue["options"][place][1] for place in shown), most)]


def _needs(loaded: Loaded, party: int) -> Question:
    need = float(loaded.case.floor(party)[0])
    asks = f"How many {sentences.unit(loaded.scenario)} must a package be worth to you, so that it beats no deal?"
    below = max(
        0, min((party + 1) % OFFERED, int(need // STEP))
    )  # the right one stands elsewhere for the next delegation
    numbers = [need + STEP * (n - below) for n in range(OFFERED)]
    return Question("needs", asks, tuple(f"{number:.1f}" for number in numbers), frozenset({below}))


def _line(loaded: Loaded, party: int) -> list[Question]:
    """Which line of those that stand in the brief is its own; nothing where none stands there."""
    scenario, me = loaded.scenario, loaded.case.parties[party].id
    signing = {loaded.case.parties[n].id for n in loaded.case.signatories}
    mine = [sentences.wording(scenario, line) for line in scenario.red_lines if line.party == me]
    others = [sentences.wording(scenario, line) for line in scenario.red_lines if line.party in signing - {me}]
    shown = [*mine[:1], *[one for one in dict.fromkeys(others) if one not in mine][: MOST_LINES - len(mine[:1])]]
    if not shown:
        return []
    options = (*sorted(shown), "none of these")
    own = options.index(mine[0]) if mine else len(options) - 1
    return [Question("line", "Which of these is a red line of your own?", options, frozenset({own}))]


def gate_view(loaded: Loaded, party: int, given: Given) -> list[dict[str, Any]]:
    """The questions as a page shows them, with what was answered and whether it is right."""
    found: list[dict[str, Any]] = []
    for one in questions(loaded, party):
        chosen = one.answered(given)
        verdict = None if chosen is None else chosen in one.right
        found.append({"id": one.id, "asks": one.asks, "options": one.options, "chosen": chosen, "right": verdict})
    return found
