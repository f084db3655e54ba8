"""Hypothesis strategies for the domain: small random cases with every feature a scenario can have."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from sim.stakes.case import Case
from sim.stakes.clauses import Clause
from sim.stakes.preferences import Preferences, scaled
from sim.stakes.redlines import RedLine, RedLines
from sim.stakes.space import Issue, OutcomeSpace
from sim.stakes.table import Learns, Party, Protocol, Resolve, Tactics

whole = st.integers


@st.composite
def spaces(draw: st.DrawFn, most_issues: int = 4) -> OutcomeSpace:
    issues = []
    for n in range(draw(whole(1, most_issues))):
        options = tuple(f"o{k}" for k in range(draw(whole(1, 4))))
        issues.append(Issue(f"i{n}", options, draw(whole(0, len(options) - 1)), draw(st.booleans())))
    left = tuple(
        (draw(whole(0, len(issue.options) - 1)),) if draw(whole(0, 5)) == 0 else tuple(range(len(issue.options)))
        for issue in issues
    )
    return OutcomeSpace(tuple(issues), left)


@st.composite
def clauses(draw: st.DrawFn, space: OutcomeSpace) -> Clause:
    def options(axis: int) -> frozenset[int]:
        return draw(st.frozensets(whole(0, len(space.issues[axis].options) - 1), min_size=1))

    on = draw(whole(0, len(space.issues) - 1))
    conditions = draw(st.sets(whole(0, len(space.issues) - 1), max_size=2)) if draw(st.booleans()) else set()
    return Clause(on, options(on), {axis: options(axis) for axis in conditions})


def tactics(draw: st.DrawFn, parties: int) -> Tactics:
    def each(values: list[float]) -> np.ndarray:
        return np.array([[draw(st.sampled_from(values)) for _ in range(parties)]])

    return Tactics(
        exponent=each([0.3, 1.0, 3.0]),
        opening=each([1.0, 1.0, 0.5]),
        tit_for_tat=each([0.0, 0.0, 0.5, 1.0]),
        patience=each([2, 6]),
        margin=each([0.0, 1.0]),
        stall=each([False]),
        learns=each([Learns.NOTHING, Learns.FREQUENCY]),
    )


@st.composite
def cases(draw: st.DrawFn, most_lines: int = 5, protocol: str | None = None) -> Case:
    space = draw(spaces())
    parties = draw(whole(1, 3))
    tenths = st.integers(0, 10)
    shape = (parties, len(space.issues), space.width)
    values = np.array(draw(st.lists(tenths, min_size=int(np.prod(shape)), max_size=int(np.prod(shape)))), dtype=float)
    weights = np.array(
        draw(st.lists(whole(0, 5), min_size=parties * len(space.issues), max_size=parties * len(space.issues))),
        dtype=float,
    )
    lines = []
    for n in range(draw(whole(0, most_lines))):
        declared = draw(clauses(space))
        ladder = [declared]
        if draw(st.booleans()):
            looser = declared.allowed | {draw(whole(0, len(space.issues[declared.on].options) - 1))}
            if looser > declared.allowed:
                ladder.append(Clause(declared.on, frozenset(looser), declared.when))
        lines.append(RedLine(f"line{n}", draw(whole(0, parties - 1)), tuple(ladder)))
    bonus = [draw(clauses(space)) for _ in range(draw(whole(0, 2)))]
    rules = [draw(clauses(space)) for _ in range(draw(whole(0, 2)))]
    empty = np.zeros((0, len(space.issues), space.width), dtype=bool)
    everything = Clause(0, frozenset(), {}).forbidden(space)
    settlement = everything.copy()
    if draw(st.booleans()):
        settlement[0] &= np.arange(space.width) >= len(space.issues[0].options) // 2
    return Case(
        space=space,
        parties=tuple(Party(f"p{n}", f"Party {n}", frozenset({"signatory"})) for n in range(parties)),
        belligerents=(),
        red_lines=RedLines(space, tuple(lines)),
        validity=np.array([rule.forbidden(space) for rule in rules], dtype=bool) if rules else empty,
        preferences=Preferences(
            scaled(weights.reshape(1, parties, -1)),
            values.reshape(shape) / 10,
            np.array([draw(whole(0, parties - 1)) for _ in bonus], dtype=np.int64),
            np.array([draw(whole(-20, 20)) for _ in bonus], dtype=float),
            np.array([clause.forbidden(space) for clause in bonus], dtype=bool) if bonus else empty,
        ),
        reservation=np.array([[draw(whole(0, 80)) for _ in range(parties)]], dtype=float),
        tactics=tactics(draw, parties),
        resolve=Resolve(
            hardness=np.full((1, len(lines)), 0.5),
            bluff=np.full((1, len(lines)), 0.2),
            hardening=np.full((1, parties), 0.1),
            public=np.zeros(1),
        ),
        zones={"ceasefire": everything, "settlement": settlement},
        protocol=Protocol(
            name=protocol or draw(st.sampled_from(["alternating", "single_text"])),
            deadline=draw(whole(1, 8)),
            proposers=tuple(range(parties)),
            asked=tuple(range(parties)),
            quorum=parties,
            vetoes=tuple(range(parties)),
            start_text=space.status_quo(),
            bias=np.zeros(1),
            patience=np.full(1, 12),
            drafts=np.ones((len(space.issues), space.width), dtype=bool),
        ),
    )
