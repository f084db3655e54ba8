"""Nothing that an expert would laugh at: what openings ask, where texts go, what parties refuse, when they sign."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from sim import NegotiationModel
from sim.stakes.case import Case
from sim.stakes.space import OptionArray
from sim.talks.acceptance import agreeable, judge
from sim.talks.batch import Results, negotiate
from sim.talks.concession import floors
from sim.talks.how_talks_end import Ending
from sim.talks.offers.opening import openings
from sim.talks.state import Talks
from tests.zones import load

DATED = (
    "2022-istanbul", "2025-02-backchannel", "2025-02-riyadh", "2025-03-truce-offer", "2025-03-truce-preconditions",
    "2025-12-stalemate",
)  # fmt: skip
SETTLEMENT, CEASEFIRE = "reading=settlement", "reading=ceasefire"
NEVER = (
    ("2022-istanbul", CEASEFIRE), ("2025-03-truce-preconditions", CEASEFIRE), ("2025-12-stalemate", SETTLEMENT),
    ("2025-12-stalemate", CEASEFIRE), ("2025-12-extended", SETTLEMENT),
)  # fmt: skip


@cache
def march(*changes: str) -> tuple[Case, Results]:
    case = load("2025-03-truce-offer", [SETTLEMENT, *changes]).case
    return case, negotiate(case, 300)


def finished(slug: str, run: int) -> NegotiationModel:
    model = NegotiationModel(load(slug).case, seed=0, run=run)
    model.run_to_end()
    return model


@pytest.mark.parametrize("slug", DATED)
def test_no_party_opens_below_its_own_status_quo_on_any_issue(slug: str) -> None:
    case = load(slug).case
    first, values, status_quo = openings(case), case.preferences.values, case.space.status_quo()
    for party in case.signatories:
        for place in np.flatnonzero(first.can[0, party]):
            for axis, option in enumerate(first.packages[0, party, place]):
                if case.preferences.weights[0, party, axis] > 0 and axis != getattr(case.endings, "axis", -1):
                    assert values[party, axis, option] >= values[party, axis, status_quo[axis]]


def back_and_forth(model: NegotiationModel) -> list[str]:
    """Where a text goes to and fro between the same two for more than two rounds."""
    texts = [event["package"] for event in model.transcript if event["event"] == "text"]
    found, back = [], 0
    for n in range(2, len(texts)):
        back = back + 1 if texts[n] == texts[n - 2] != texts[n - 1] else 0
        found += [f"text {n} back and forth"] if back > 2 else []
    return found


def own_words_refused(model: NegotiationModel) -> list[str]:
    """Where a party refuses what it tabled or wished for itself, then or later, under conditions that are no worse."""
    case, found = model.case, []
    known: dict[tuple[int, bytes], tuple[float, float, int]] = {}

    def conditions(talks: Talks, party: int, package: OptionArray) -> tuple[float, float, int]:
        """What it asks for, what the package gives it above its floor, and the lines that bind it."""
        gain = case.value(party, package, talks.outlook)[0] - floors(case, talks)[-1, party]
        return float(talks.asked[0, party, case.stage(package)[0]]), float(gain), int(talks.binding[0, party])

    for talks in model.history:
        for exchange in (exchange for exchange in talks.exchanges if exchange.tabled[0]):
            said = exchange.package[0].tobytes()
            for party in exchange.asked:
                asks, gains, binding = conditions(talks, party, exchange.package)
                if party == exchange.author and not case.protocol.drafted:
                    known[party, said] = asks, gains, binding
                asked, gained, held = known.get((party, said), (-np.inf, 0.0, 0))
                if asks <= asked and gains >= gained and binding == held and not exchange.accepts[0, party]:
                    found.append(f"round {talks.round}: {case.parties[party].id} refuses its own words")
        if case.protocol.drafted:
            for party in np.flatnonzero(talks.made[0]):
                wish = talks.offers[:, party]
                known[int(party), wish[0].tobytes()] = conditions(talks, int(party), wish)
    return found


@pytest.mark.parametrize("runs", [2, pytest.param(20, marks=pytest.mark.slow)])
@pytest.mark.parametrize("slug", DATED)
def test_no_text_goes_back_and_forth_more_than_twice_and_nobody_refuses_its_own_words(slug: str, runs: int) -> None:
    for run in range(runs):
        model = finished(slug, run)
        assert not [*back_and_forth(model), *own_words_refused(model)], run


def test_each_of_the_five_most_frequent_agreements_of_march_suited_all_when_it_was_signed() -> None:
    case, results = march()
    agreed, first, times = np.unique(
        results.agreed[results.agreeing], axis=0, return_index=True, return_counts=True
    )  # runs in the order of their first one
    runs = np.flatnonzero(results.agreeing)[first]
    for place in np.argsort(-times, kind="stable")[:5]:
        model = NegotiationModel(case, seed=0, run=int(results.runs[runs[place]]))
        model.run_to_end()
        signed = [talks for talks in model.history if talks.signed[0] and (talks.deal[0] == agreed[place]).all()]
        assert signed and case.valid(agreed[place][None])[0]
        for talks in signed:
            could = agreeable(case, talks, judge(case, talks, agreed[place][None]))
            assert case.protocol.carries(could)[0]


def test_in_march_under_the_settlement_reading_the_talks_find_the_zone_unless_the_war_ends_first() -> None:
    case, results = march()
    went_on = results.ending != Ending.MILITARY_END
    assert results.agreeing[went_on].mean() > 0.8
    signed = results.first[results.agreeing]
    assert (signed == case.protocol.deadline).mean() < 0.5


def test_no_agreement_of_march_holds_what_its_ending_cannot_carry_or_crosses_a_line_of_its_signatories() -> None:
    case, results = march()
    agreed = results.agreed[results.agreeing]
    assert case.valid(agreed).all()
    declared = np.bitwise_or.reduce([case.red_lines.bits("declared", party) for party in case.signatories])
    assert not (case.red_lines.crossed(agreed) & declared).any()


def test_a_mediators_bias_is_no_knife_edge() -> None:
    mediator, shares = load("2025-03-truce-offer").scenario.protocol.mediator, []
    assert mediator is not None and mediator.bias == 0
    for bias in (-0.5, -0.2, 0, 0.2, 0.5):
        _, results = march(f"protocol.mediator.bias={bias}") if bias else march()
        shares.append(float(results.agreeing[results.ending != Ending.MILITARY_END].mean()))
    assert min(shares) > 0.8 and np.abs(np.diff(shares)).max() < 0.15


@pytest.mark.slow
def test_while_a_mediator_minds_both_camps_at_all_every_run_of_march_agrees_that_the_war_does_not_end() -> None:
    """The runs are the same each time, so these are the figures of docs/talks.md and no estimates."""
    shares = {}
    for tenth in range(11):
        rest = (1 - tenth / 10) / 2
        _, results = march(f"protocol.mediator.weights={{russia: {tenth / 10}, ukraine: {rest}, europe: {rest}}}")
        shares[tenth] = float(results.agreeing[results.ending != Ending.MILITARY_END].mean())
    assert all(shares[tenth] == 1 for tenth in range(1, 10)), shares
    assert shares[0] < 0.3 < 0.98 < shares[10], shares


@pytest.mark.parametrize(("slug", "reading"), NEVER)
def test_where_lines_leave_nothing_the_talks_never_agree(slug: str, reading: str) -> None:
    assert not negotiate(load(slug, [reading]).case, 100).agreeing.any()


def test_in_istanbul_no_settlement_is_ever_signed_though_lines_that_bind_it_alone_leave_a_few_armistices() -> None:
    found = negotiate(load("2022-istanbul").case, 200)
    assert set(found.ending.tolist()) <= {Ending.CEASEFIRE_ONLY, Ending.STALEMATE, Ending.MILITARY_END}
    assert 0 < found.agreeing.mean() < 0.1 < 0.8 < (found.ending == Ending.MILITARY_END).mean()


def test_russia_and_the_united_states_alone_never_end_the_war() -> None:
    assert not negotiate(load("variants/2025-02-over-their-heads").case, 100).agreeing.any()
