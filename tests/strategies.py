"""Hypothesis strategies for the domain: small random cases with every feature a scenario can have."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from sim.stakes.case import Case
from sim.stakes.clauses import Clause
from sim.stakes.endings import Endings, Kind
from sim.stakes.preferences import Preferences, scaled
from sim.stakes.redlines import RedLine, RedLines
from sim.stakes.seats import Event, Hearing, Learns, Party, Protocol, Pull, Resolve, Softening, Tactics, Track
from sim.stakes.space import Issue, OutcomeSpace
from sim.stakes.war import War

whole = st.integers
unhurried = settings(suppress_health_check=list(HealthCheck))
"""For cases that take a while to draw: no verdict may hang on the clock."""


@st.composite
def spaces(draw: st.DrawFn, most_issues: int = 4, least: int = 1) -> OutcomeSpace:
    issues = []
    for n in range(draw(whole(least, most_issues))):
        options = tuple(f"o{k}" for k in range(draw(whole(min(least, 2), 4 if least == 1 else 3))))
        issues.append(Issue(f"i{n}", options, draw(whole(0, len(options) - 1)), draw(st.booleans())))
    left = tuple(
        (draw(whole(0, len(issue.options) - 1)),)
        if least == 1 and draw(whole(0, 5)) == 0
        else tuple(range(len(issue.options)))
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
        horizon=each([0, 0, 3, 9]),
        stay=each([0.0, 20.0]),
        stall=each([False]),
        learns=each([Learns.NOTHING, Learns.FREQUENCY]),
    )


@st.composite
def cases(draw: st.DrawFn, most_lines: int = 5, protocol: str | None = None, least_issues: int = 1) -> Case:
    space = draw(spaces(least=least_issues))
    parties = draw(whole(min(least_issues, 2), 3))
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
        parties=tuple(Party(f"p{n}", f"Party {n}", signs=True) for n in range(parties)),
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
            earliest=(deadline := draw(whole(1, 8))),
            deadline=deadline,
            proposers=tuple(range(parties)),
            asked=tuple(range(parties)),
            quorum=parties,
            vetoes=tuple(range(parties)),
            start_text=space.status_quo(),
            weights=np.full(parties, 1 / parties),
            camps=np.zeros(parties, dtype=np.int64),
            bias=np.zeros(1),
            patience=np.full(1, 12),
            drafts=np.ones((len(space.issues), space.width), dtype=bool),
            step=draw(whole(0, 3)) / 10,
            softening=Softening(draw(whole(0, 9)) / 10, draw(whole(1, 4)), draw(whole(5, 40))),
            hearing=Hearing(draw(whole(1, 6)), draw(whole(1, 9)) / 10, draw(whole(0, 3))),
            memory=draw(whole(1, 256)),
            tries=draw(whole(1, 6)),
            discount=np.array([draw(st.sampled_from([1.0, 1.0, 0.9, 0.5]))]),
        ),
    )


@st.composite
def grouped(draw: st.DrawFn) -> Case:
    """Small cases in which some of those asked are enough, with vetoes, observers and deeds."""
    case = draw(cases(most_lines=5))
    dice = np.random.default_rng(draw(whole(0, 2**32)))
    parties = range(len(case.parties))
    asked = tuple(p for p in parties if p == 0 or dice.random() < 0.8)
    return replace(
        case,
        parties=tuple(replace(party, signs=p in asked) for p, party in enumerate(case.parties)),
        consent=dice.random((len(parties), len(case.space.issues), case.space.width)) < dice.choice([0.0, 0.15]),
        home=dice.choice([0.0, 0.0, 5.0], (1, len(parties))),
        protocol=replace(
            case.protocol,
            asked=asked,
            proposers=asked,
            quorum=int(dice.integers(1, len(asked) + 1)),
            vetoes=tuple(p for p in asked if dice.random() < 0.3),
        ),
    )


PROTOCOLS = ("alternating", "bilateral_excluding", "single_text", "shuttle", "two_track")


@st.composite
def talking(draw: st.DrawFn, protocol: str | None = None, across: bool = True) -> Case:
    """Cases in which everything moves: a war or none, levers, events, lines both ways, every tactic; and, where there
    is a text, often moves ``across`` endings that no neighbour would do for.
    """
    protocol = protocol or draw(st.sampled_from(PROTOCOLS))
    far = across and protocol not in ("alternating", "bilateral_excluding") and draw(whole(0, 2)) > 0
    case = draw(cases(most_lines=2 if far else 4, least_issues=4 if far else 1))
    dice = np.random.default_rng(draw(whole(0, 2**32)))
    parties, issues, width = len(case.parties), len(case.space.issues), case.space.width
    fighting = parties > 1 and (far or dice.random() < 0.8)
    case = replace(
        case,
        parties=tuple(replace(party, signs=_signs(dice, n)) for n, party in enumerate(case.parties)),
        red_lines=RedLines(case.space, tuple(_moving(dice, line) for line in case.red_lines.lines)),
        belligerents=tuple(dice.permutation(parties)[:2].tolist()) if fighting else (),
        tactics=_any_tactics(dice, parties),
        resolve=Resolve(
            hardness=dice.choice([0.0, 0.3, 0.8], (1, len(case.red_lines.lines))),
            bluff=dice.choice([0.0, 0.2, 0.7], (1, len(case.red_lines.lines))),
            hardening=dice.choice([0.0, 0.3, 1.0], (1, parties)),
            public=dice.choice([0.0, 0.5, 1.0], 1),
        ),
        home=dice.choice([0.0, 0.0, 5.0], (1, parties)),
        audience=dice.choice([0.0, 0.0, 0.5], (1, parties)),
        consent=dice.random((parties, issues, width)) < 0.05,
        **_boxes(dice, case),
    )
    if fighting:
        case = replace(case, war=_war(dice, case))
        case = replace(case, endings=_endings(dice, case)).under(case.preferences)
    case = replace(case, protocol=_protocol(dice, case, protocol))
    return _far(dice, case) if far and fighting else replace(case, validity=_not_carried(dice, case))


@st.composite
def staked(draw: st.DrawFn, most_rows: int = 3) -> Case:
    """Cases in which a package's value has all its parts, with rows that differ and terms that were imposed."""
    case, dice = draw(talking(across=False)), np.random.default_rng(draw(whole(0, 2**32)))
    case = entangled(dice, case)
    parties, shape = len(case.parties), (len(case.parties), len(case.space.issues), case.space.width)
    case = replace(
        case,
        audience=dice.choice([0.0, 0.05, 0.5], (1, parties)),
        consent=dice.random(shape) < 0.2,
        parties=tuple(replace(party, signs=_signs(dice, n, signing=0.6)) for n, party in enumerate(case.parties)),
    )
    if case.war is not None and dice.random() < 0.3:
        shares = case.war.shares.copy()
        shares[:2] = shares[0]  # two options at one share, the later of which counts there
        case = replace(case, war=replace(case.war, shares=shares)).under(case.preferences)
    case = rows_of(case, draw(whole(1, most_rows)), dice)
    if case.outlook is not None:
        imposed = dice.choice([0.0, 0.5, 1.0], (len(case.outlook.war), parties))
        case = replace(case, outlook=replace(case.outlook, imposed=imposed))
    return unanimous(case)


def unanimous(case: Case) -> Case:
    """The case with all its signatories asked, and the word of each needed."""
    all_ = case.signatories
    rule = replace(case.protocol, asked=all_, proposers=all_, quorum=len(all_), vetoes=all_)
    return replace(case, protocol=rule)


def entangled(dice: np.random.Generator, case: Case) -> Case:
    """The case with a few interactions more, and a line, that bear on several issues at once."""
    wants, parties, issues = case.preferences, len(case.parties), len(case.space.issues)
    boxes = np.ones((3, issues, case.space.width), dtype=bool)
    for box in boxes:
        for axis in dice.permutation(issues)[:3].tolist():
            box[axis] = dice.random(case.space.width) < 0.6
    on, *others = dice.permutation(issues)[:3].tolist()
    sizes = [len(issue.options) for issue in case.space.issues]
    options = {j: frozenset(dice.permutation(sizes[j])[: sizes[j] // 2 or 1].tolist()) for j in (on, *others)}
    clause = Clause(on, options[on], {j: options[j] for j in others})
    line = RedLine("entangled", int(dice.integers(parties)), (clause,))
    resolve = {name: np.append(getattr(case.resolve, name), [[0.5]], axis=1) for name in ("hardness", "bluff")}
    preferences = replace(
        wants,
        holder=np.append(wants.holder, dice.integers(0, parties, 3)),
        points=np.append(wants.points, dice.choice([-20.0, 10.0, 20.0], 3)),
        boxes=np.concatenate([wants.boxes, boxes]),
    )
    lines = RedLines(case.space, (*case.red_lines.lines, line))
    return replace(case, preferences=preferences, red_lines=lines, resolve=replace(case.resolve, **resolve))


def rows_of(case: Case, rows: int, dice: np.random.Generator | None = None) -> Case:
    """The case with weights, hardness and the war's numbers of their own in each of several rows."""
    drawn = np.random.default_rng(1) if dice is None else dice

    def spread(column: np.ndarray, most: float = np.inf) -> np.ndarray:
        repeated = np.repeat(column, rows, axis=0)
        return np.minimum(repeated * drawn.uniform(0.6, 1.3, repeated.shape), most)

    case = replace(
        case,
        resolve=replace(case.resolve, hardness=spread(case.resolve.hardness, 1.0)),
        home=None if case.home is None else spread(case.home),
        audience=None if case.audience is None else spread(case.audience),
    )
    weights = replace(case.preferences, weights=spread(case.preferences.weights))
    if case.war is None:
        case = replace(case, protocol=replace(case.protocol, discount=spread(case.protocol.discount, 1.0)))
        return replace(case, preferences=weights, reservation=spread(case.reservation))
    war = replace(
        case.war,
        share=spread(case.war.share, 1.0),
        cost=spread(case.war.cost),
        drift=spread(case.war.drift),
        hazard=spread(case.war.hazard, 1.0),
        mirror=spread(case.war.mirror),
    )
    return replace(case, war=war).under(weights)


def _signs(dice: np.random.Generator, party: int, signing: float = 0.85) -> bool:
    return not party or bool(dice.random() < signing)


def _any_tactics(dice: np.random.Generator, parties: int) -> Tactics:
    def each(*values: float) -> np.ndarray:
        return dice.choice(values, (1, parties))

    return Tactics(
        exponent=each(0.3, 1.0, 3.0),
        opening=each(1.0, 1.0, 0.5),
        tit_for_tat=each(0.0, 0.0, 0.5, 1.0),
        patience=each(1, 2, 4),
        horizon=each(0, 0, 3, 9).astype(int),
        stay=each(0.0, 20.0),
        stall=each(False, False, True).astype(bool),
        learns=each(*Learns),
    )


def _moving(dice: np.random.Generator, line: RedLine) -> RedLine:
    """A line with a ladder of up to two rungs, and perhaps a harder form."""
    declared, ladder = line.ladder[0], [line.ladder[0]]
    others = [k for k in range(4) if k not in declared.allowed]
    for k in dice.permutation(others)[: dice.integers(0, 3)].tolist():
        ladder.append(replace(declared, allowed=ladder[-1].allowed | {k}))
    fewer = declared.allowed - {min(declared.allowed)}
    harder = replace(declared, allowed=fewer) if fewer and dice.random() < 0.6 else None
    return replace(line, ladder=tuple(ladder), harder=harder)


def _boxes(dice: np.random.Generator, case: Case) -> dict[str, Any]:
    """Zones one inside the other, and perhaps partial deals."""

    def part(box: np.ndarray, share: float) -> np.ndarray:
        kept = box & (dice.random(box.shape) < share)
        empty = ~kept.any(axis=1)
        kept[empty] = box[empty]
        return kept

    everything = np.ones((len(case.space.issues), case.space.width), dtype=bool)
    ceasefire = part(everything, 0.8)
    settlement = ceasefire if dice.random() < 0.3 else part(ceasefire, 0.7)
    partial = part(everything, 0.8) if dice.random() < 0.5 else None
    return {"zones": {"ceasefire": ceasefire, "settlement": settlement}, "partial": partial}


def _war(dice: np.random.Generator, case: Case) -> War:
    parties, line = len(case.parties), int(dice.integers(len(case.space.issues)))
    levers, shares = int(dice.integers(0, 3)), np.sort(dice.random(len(case.space.issues[line].options))) / 2
    win = dice.random((1, parties, 2)) / 2
    return War(
        share=dice.random(1) * 0.4,  # so that no option draws the line beyond the last share
        hazard=dice.choice([0.0, 0.02, 0.1], 1),
        horizon=int(dice.choice([1, 24, 120])),
        sigma=dice.choice([0.0, 0.01, 0.05], 1),
        prior=dice.choice([0.0, 0.005, 0.02], 1),
        real_drift=dice.normal(0, 0.02, 1),
        frozen=bool(dice.random() < 0.15),
        drift=dice.normal(0, 0.02, (1, parties)),
        win=win,
        mirror=dice.choice([0.0, 0.5, 1.0], 1),
        cost=dice.choice([0.0, 10.0, 40.0], (1, parties)),
        impatience=dice.choice([0.0, 1.0], (1, parties)),
        discount=dice.choice([0.9, 0.985], (1, parties)),
        attacked=dice.choice([0.0, 10.0], (1, parties, 2)),
        lever_index=dice.choice([0.0, 0.3, 1.0], (1, levers)),
        lever_base=dice.choice([0.0, 0.3, 1.0], levers),
        lever_drift=dice.choice([-0.02, 0.0, 0.02], levers),
        line=line,
        shares=shares,
        beyond_share=np.full(parties, 1.0),
        beyond_value=dice.random(parties),
        terms=np.stack([[dice.choice(left) for left in case.space.left] for _ in range(2)]).astype(np.int8),
        fights=dice.random(parties) < 0.85,
        fixed=dice.choice([10.0, 40.0], (1, parties)),
    )


def _endings(dice: np.random.Generator, case: Case) -> Endings:
    axis = int(dice.integers(len(case.space.issues)))
    assert case.war is not None
    return Endings(
        axis=axis,
        kinds=dice.integers(0, len(Kind), len(case.space.issues[axis].options)).astype(np.int8),
        hold=np.array([[0.0, 0.0, 0.0, dice.choice([0.3, 0.8]), 1.0]]),
        slope=dice.choice([2.0, 8.0], 1),
        start=dice.choice([0.0, 10.0], 1),
        line=case.war.line,
        resume=dice.choice([0.0, -0.05, 0.05], (len(case.space.issues), case.space.width)),
        resume_scale=dice.choice([0.0, 1.0], 1),
        limited_cost=0.7,
    )


def _not_carried(dice: np.random.Generator, case: Case) -> np.ndarray:
    """The validity rules, and what some endings cannot carry; what stands today they all can."""
    boxes = [case.validity]
    endings = () if case.endings is None else range(len(case.space.issues[case.endings.axis].options))
    for ending, (axis, issue) in product(endings, enumerate(case.space.issues)):
        out = [k for k in range(len(issue.options)) if k != issue.status_quo and dice.random() < 0.4]
        if case.endings is not None and axis != case.endings.axis and out:
            box = np.ones((1, len(case.space.issues), case.space.width), dtype=bool)
            box[0, case.endings.axis] = np.arange(case.space.width) == ending
            box[0, axis] = np.isin(np.arange(case.space.width), out)
            boxes.append(box)
    return np.concatenate(boxes)


def _far(dice: np.random.Generator, case: Case) -> Case:
    """The case with a start text under an ending that carries everything, others that carry little else than what
    stands, and parties that like what stands: from the text to there more has to change than two issues.
    """
    assert case.endings is not None
    axis, issues = case.endings.axis, case.space.issues
    full = int(dice.integers(len(issues[axis].options)))
    boxes, text, wants = [], case.space.standing(), case.preferences
    text[axis] = full
    values = wants.values * dice.choice([1.0, 0.2], len(case.parties))[:, None, None]
    for j, issue in enumerate(issues):
        if j != axis:
            box = np.ones((len(issues), case.space.width), dtype=bool)
            box[axis] = np.arange(case.space.width) != full
            box[j] = (np.arange(case.space.width) != issue.status_quo) & (dice.random(case.space.width) < 0.8)
            boxes.append(box)
            text[j] = dice.choice([k for k in range(len(issue.options)) if k != issue.status_quo])
            values[:, j, issue.status_quo] = np.where(
                dice.random(len(values)) < 0.8, 1.0, values[:, j, issue.status_quo]
            )
    stands = np.arange(case.space.width) == np.array([issue.status_quo for issue in issues])[:, None]
    stands[axis] = dice.random() < 0.5
    patient, drafts = dice.integers(4, 14, (1, len(case.parties))), case.protocol.drafts.copy()
    soon, few = dice.choice([3, 9], patient.shape), int(dice.choice([1, 2, 4]))  # all are looked at, or hardly any
    if dice.random() < 0.5:
        drafts[axis] = np.arange(case.space.width) == full  # then parties alone look elsewhere
    return replace(
        case,
        validity=np.array(boxes),
        zones={name: box | stands for name, box in case.zones.items()},
        tactics=replace(case.tactics, patience=patient, stay=np.zeros(patient.shape), horizon=soon),
        protocol=replace(case.protocol, start_text=text, drafts=drafts, patience=dice.integers(4, 14, 1), tries=few),
    ).under(replace(wants, values=values))


def _protocol(dice: np.random.Generator, case: Case, name: str) -> Protocol:
    signatories, issues = list(case.signatories), len(case.space.issues)
    proposers = tuple(dice.permutation(signatories)[: dice.integers(1, len(signatories) + 1)].tolist())
    asked = proposers if name == "bilateral_excluding" else tuple(signatories)
    unanimous, deadline = dice.random() < 0.7, int(dice.integers(2, 14))
    tracks = [
        Track(tuple(dice.permutation(signatories)[: dice.integers(1, len(signatories) + 1)].tolist()), issues_)
        for issues_ in dice.random((2, issues)) < 0.8
    ]
    levers = 0 if case.war is None else len(case.war.lever_base)
    return replace(
        case.protocol,
        name=name,
        earliest=int(dice.integers(1, 3)) if dice.random() < 0.3 else deadline,
        deadline=deadline,
        weights=dice.choice([0.0, 0.25, 0.5], len(case.parties)),
        camps=np.array([dice.choice([-1, 0, 1]) if case.belligerents else 0 for _ in case.parties]),
        mediator=int(dice.integers(len(case.parties))) if dice.random() < 0.3 else None,
        proposers=proposers,
        asked=asked,
        quorum=len(asked) if unanimous else int(dice.integers(1, len(asked) + 1)),
        vetoes=asked if unanimous else tuple(p for p in asked if dice.random() < 0.5),
        bias=dice.choice([0.0, 0.5, -1.0], 1) if case.belligerents else np.zeros(1),
        patience=dice.integers(1, 6, 1),
        drafts=_boxes(dice, case)["zones"]["ceasefire"] if dice.random() < 0.3 else case.protocol.drafts,
        tracks=tuple(tracks) if name == "two_track" else (),
        pulls=tuple(
            Pull(
                f"v{lever}",
                lever,
                int(dice.integers(len(case.parties))),
                float(dice.random()),
                int(dice.integers(1, 4)),
            )
            for lever in range(levers)
        ),
        events=tuple(
            Event(
                round=int(dice.integers(1, 8)),
                levers=tuple((v, float(dice.random())) for v in range(levers) if dice.random() < 0.5),
                share=float(dice.choice([0.0, -0.4, 0.2])) if case.war is not None else 0.0,
                breakdown=float(dice.choice([0.0, 0.0, 0.2])),
                note="something happens",
            )
            for _ in range(int(dice.integers(0, 4)))
        ),
        discount=case.protocol.discount if case.war is None else np.ones(1),
    )
