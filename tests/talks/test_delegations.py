"""Delegations of somebody's own: what the referee lets through, and what the conformance suite sees."""

from __future__ import annotations

import gc
import itertools
import os
import random
import re
import signal
import threading
import time
import weakref
from collections.abc import Callable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim import NegotiationModel, PartyAgent
from sim.delegation_checks import check_delegation, check_determinism, check_lines, check_survival
from sim.errors import ConformanceError, DelegationError
from sim.scenario.tactics import chosen, read_tactics
from sim.scenario.talks_schema import Tactic
from sim.study.ranking import ranking
from sim.study.tournament import tournament
from sim.talks import guard
from sim.talks.state import Offers, Replies, Talks
from tests.conftest import ROOT
from tests.waiting import NET
from tests.zones import load

FEW = ("toy/split-the-pie", "2025-03-truce-offer")


class Patient(PartyAgent):
    """A good one: the standard offers, and yes only in the second half of the talks."""

    def respond(self, talks: Talks, offer: Any) -> Replies:
        answer = super().respond(talks, offer)
        late = 2 * talks.round > self.case.protocol.deadline
        return Replies(answer.accepts & late, answer.crossed, answer.shortfall)


def saying(answer: Any) -> type[PartyAgent]:
    """A delegation that answers with anything, or with what a function of itself and the talks makes."""

    class Saying(PartyAgent):
        def respond(self, talks: Talks, offer: Any) -> Replies:
            return answer(self, talks) if callable(answer) else answer

    return Saying


def offering(packages: Any, made: Any = None) -> type[PartyAgent]:
    class Offering(PartyAgent):
        def propose(self, talks: Talks, draw: Any) -> Offers:
            return Offers(packages, np.ones(1, dtype=bool) if made is None else made)

    return Offering


def yes() -> Replies:
    return Replies(np.ones(1, dtype=bool), np.zeros(1, dtype=np.uint64), np.zeros(1))


def fail(agent: type[PartyAgent], slug: str = "toy/split-the-pie", party: str = "ben") -> str:
    with pytest.raises(DelegationError) as caught:
        sim.run(load(slug), agents={party: agent})
    said = str(caught.value)
    assert "\n" not in said and said.startswith(f"{party}: {agent.__name__}")
    return said


def raising(self: PartyAgent, talks: Talks) -> Replies:
    if talks.round == 3:
        raise ValueError("no\nidea")
    return PartyAgent.respond(self, talks, talks.offers[:, 0])


def test_a_delegation_that_raises_is_named_with_its_party_and_round() -> None:
    assert fail(saying(raising)) == "ben: Saying.respond raised ValueError: no idea, in round 3"


def test_a_delegation_that_leaves_the_program_does_not_end_it() -> None:
    def leave(self: PartyAgent, talks: Talks) -> Replies:
        raise SystemExit(3)

    assert "raised SystemExit: 3, in round 1" in fail(saying(leave))


def test_a_delegation_that_cannot_be_made_is_named_too() -> None:
    class Broken(PartyAgent):
        def __init__(self, model: NegotiationModel, party: int) -> None:
            raise KeyError("plans")

    assert fail(Broken) == "ben: Broken raised KeyError: 'plans', before the first round"


def test_a_seat_that_there_is_not_and_what_is_no_agent_are_refused() -> None:
    loaded = load("toy/split-the-pie")
    with pytest.raises(DelegationError, match='did you mean "ben"'):
        sim.run(loaded, agents={"bin": Patient})
    with pytest.raises(DelegationError, match="not a subclass of PartyAgent"):
        sim.run(loaded, agents={"ben": dict})  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (saying(None), "returned None where Replies"),
        (saying(True), "returned a bool where Replies"),
        (saying(Replies(True, np.zeros(1, np.uint64), np.zeros(1))), "accepts of shape ()"),  # type: ignore[arg-type]
        (saying(Replies(np.ones(2, bool), np.zeros(1, np.uint64), np.zeros(1))), "accepts of shape (2,)"),
        (saying(Replies(np.ones(1, bool), np.zeros(1), np.zeros(1))), "crossed of shape (1,) and type float64"),
        (saying(Replies(np.ones(1, bool), np.zeros(1, np.uint64), np.array([np.nan]))), "a shortfall of nan"),
        (saying(Replies(np.ones(1, bool), np.zeros(1, np.uint64), np.array([-1.0]))), "a shortfall of -1"),
        (offering(np.array([[11]])), "option 11 of cut, which is not there: 0 to 10 are"),
        (offering(np.array([[-1]])), "option -1 of cut, which is not there"),
        (offering(np.array([[300]])), "option 300 of cut"),
        (offering(np.array([3])), "packages of shape (1,)"),
        (offering(np.array([[3.0]])), "type float64 where option numbers"),
        (offering([["three"]]), "where option numbers"),
        (offering([[3], [4, 5]]), "Offering.propose returned"),
        (offering(np.array([[3]]), made=[[True]]), "made of shape (1, 1)"),
    ],
)
def test_what_is_no_offer_or_answer_is_refused_with_what_is_due(agent: type[PartyAgent], said: str) -> None:
    assert said in fail(agent)


def test_an_option_that_is_pinned_away_cannot_be_offered() -> None:
    case = load("2025-12-stalemate", ["pins.hostilities=armistice"]).case
    package = case.space.status_quo()[None].copy()
    package[0, case.space.axis("hostilities")] = 0
    with pytest.raises(ValueError, match=r"option 0 of hostilities, which is pinned away"):
        guard.legal_offers(case, Offers(package, np.ones(1, dtype=bool)))
    silent = guard.legal_offers(case, Offers(package, np.zeros(1, dtype=bool)))
    assert not silent.made[0]


def stuck(self: PartyAgent, talks: Talks) -> Replies:
    while True:
        try:
            time.sleep(0.01)
        except Exception:
            continue


@pytest.mark.parametrize("thread", [False, True])
def test_a_delegation_that_hangs_is_stopped_in_the_main_thread_and_left_behind_elsewhere(
    monkeypatch: pytest.MonkeyPatch, thread: bool
) -> None:
    if thread:
        monkeypatch.setattr(guard, "_timed", guard._in_thread)
    case = load("toy/split-the-pie").case
    let_go, ended = threading.Event(), list[bool]()
    agent = NegotiationModel(case, agents={"ben": saying(lambda *_: ended.append(let_go.wait(NET)))}).delegations[1]
    assert isinstance(agent, guard.Guarded) and agent.limit == 5
    agent.limit = 0.05
    with pytest.raises(
        DelegationError, match=r"ben: Saying\.respond took longer than 0\.05 seconds, in round 0|before"
    ):
        agent.respond(NegotiationModel(case).talks, np.zeros((1, 1), dtype=np.int8))
    assert not ended, "it still hangs, or was cut short"
    let_go.set()


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs a POSIX timer")
def test_the_timer_gives_back_what_it_found_and_is_not_fooled_by_a_broad_except() -> None:
    def mine(number: int, frame: object) -> None: ...

    before = signal.signal(signal.SIGALRM, mine)
    try:
        with pytest.raises(DelegationError, match="took longer"):
            guard.called("ben", "Stuck.respond", lambda: stuck(None, None), limit=0.05)  # type: ignore[arg-type]
        assert signal.getsignal(signal.SIGALRM) is mine and signal.getitimer(signal.ITIMER_REAL)[0] == 0
        signal.setitimer(signal.ITIMER_REAL, 100 * NET)
        assert guard.called("ben", "x", lambda: 3, limit=NET) == 3
        assert signal.getitimer(signal.ITIMER_REAL)[0] > NET, "somebody else's timer still runs"
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_calls_work_in_a_thread_that_is_not_the_main_one() -> None:
    ended: list[str] = []

    def play() -> None:
        ended.append(sim.run(load("toy/split-the-pie"), agents={"ben": Patient}).model.ending.word)

    worker = threading.Thread(target=play)
    worker.start()
    worker.join()
    assert ended == ["settlement"]


def test_a_delegation_cannot_write_on_the_record() -> None:
    def cheat(self: PartyAgent, talks: Talks) -> Replies:
        talks.reservation[...] = 0
        return yes()

    assert "read-only" in fail(saying(cheat))


def test_what_a_delegation_keeps_of_its_offer_changes_nothing_later() -> None:
    mine = np.array([[10]])

    def sly(self: PartyAgent, talks: Talks) -> Replies:
        mine[0, 0] = 0
        return PartyAgent.respond(self, talks, talks.offers[:, 0])

    class Sly(saying(sly), offering(mine)):  # type: ignore[misc]
        pass

    model = NegotiationModel(load("toy/split-the-pie").case, agents={"ann": Sly})
    model.step()
    assert model.talks.exchanges[0].package.tolist() == [[10]]


def test_a_run_that_failed_keeps_what_came_before_and_is_let_go_of() -> None:
    model = NegotiationModel(load("toy/split-the-pie").case, agents={"ben": saying(raising)})
    with pytest.raises(DelegationError):
        model.run_to_end()
    assert model.round == 2 and {event["round"] for event in model.transcript} == {1, 2}
    trace = weakref.ref(model)
    del model
    gc.collect()
    assert trace() is None


def test_standard_agents_are_not_guarded_and_a_subclass_that_changes_nothing_gives_the_same_talks() -> None:
    class Same(PartyAgent):
        pass

    case = load("2025-03-truce-offer").case
    plain, same = NegotiationModel(case, seed=2), NegotiationModel(case, seed=2, agents={"ukraine": Same})
    assert not [one for one in plain.delegations if isinstance(one, guard.Guarded)]
    assert sum(isinstance(one, guard.Guarded) for one in same.delegations) == 1
    plain.run_to_end()
    same.run_to_end()
    assert plain.transcript == same.transcript


def test_a_failed_delegation_is_withdrawn_and_the_rest_of_the_tournament_goes_on() -> None:
    entrants = {**chosen(["linear", "conceder"]), "patient_code": Patient, "broken": saying(raising)}
    played = tournament([load("toy/split-the-pie")], entrants, runs=2)
    assert played.names == ("linear", "conceder", "patient_code")
    (failure,) = played.failures
    assert failure.name == "broken" and "raised ValueError: no idea" in failure.why
    assert not np.isnan(played.scores).any()
    assert {row.name for row in ranking(played)} == set(played.names)


def test_code_that_plays_as_the_standard_does_scores_what_the_tactic_scores(monkeypatch: pytest.MonkeyPatch) -> None:
    class Same(PartyAgent):
        pass

    monkeypatch.setattr("sim.study.bouts.scale_of", lambda loaded: np.array([7.0, 10.0]))
    plain = [f"parties.{party}.tactic={{}}" for party in ("russia", "ukraine")]
    plain += ["protocol.deadline=10", "protocol.memory=1"]
    loaded = load("2025-03-truce-offer", plain)  # of old texts code is asked about one a round
    played = tournament([loaded], {"numbers": Tactic(), "code": Same}, runs=2)
    assert np.allclose(played.scores[0, 0, 0], played.scores[0, 1, 1], atol=1e-12)
    assert np.array_equal(played.agreed[0, 0, 0], played.agreed[0, 0, 1])


def test_a_good_delegation_passes() -> None:
    check_delegation(Patient, FEW)


@pytest.mark.slow
def test_a_good_delegation_survives_every_shipped_scenario() -> None:
    check_survival(Patient)


def refused(check: Callable[..., None], agent: type[PartyAgent], slug: str = "2025-03-truce-offer") -> str:
    with pytest.raises(AssertionError) as caught:
        check(agent, [slug])
    assert isinstance(caught.value, ConformanceError) and caught.value.broken
    return str(caught.value)


def test_one_that_says_yes_to_all_is_told_which_line_it_crossed() -> None:
    said = refused(check_lines, saying(lambda *_: yes()), "2025-12-stalemate")
    assert "accepted what crosses its own true line russia-" in said and "in round" in said
    said = refused(check_lines, saying(lambda *_: yes()), "toy/split-the-pie")
    assert "points less than no agreement" in said


def test_one_that_offers_what_crosses_its_own_line_is_told_so() -> None:
    class Meek(PartyAgent):
        def propose(self, talks: Talks, draw: Any) -> Offers:
            lines = self.case.red_lines
            own = [box for box, line in zip(lines.box_of("true"), lines.lines, strict=True) if line.party == self.party]
            if not own:
                return super().propose(talks, draw)
            left = [list(options) for options in self.case.space.left]
            row = [next((k for k in on if lines.boxes[own[0], axis, k]), on[0]) for axis, on in enumerate(left)]
            return Offers(np.array([row]), np.ones(1, dtype=bool))

    assert "wished for what crosses its own true line" in refused(check_lines, Meek)
    assert "offered what crosses its own true line" in refused(check_lines, Meek, "2022-istanbul")


@pytest.mark.parametrize("source", [random.random, lambda: os.urandom(1)[0] / 256])
def test_one_that_draws_by_itself_is_told_from_which_round_on_talks_differ(source: Callable[[], float]) -> None:
    def moody(self: PartyAgent, talks: Talks) -> Replies:
        return Replies(np.zeros(1, bool), np.zeros(1, np.uint64), np.array([source()]))

    assert "the same seed gave other talks from round 1 on" in refused(check_determinism, saying(moody), FEW[0])


def test_one_that_remembers_the_last_run_is_found_out() -> None:
    calls = itertools.count()

    def remembering(self: PartyAgent, talks: Talks) -> Replies:
        return Replies(np.zeros(1, bool), np.zeros(1, np.uint64), np.array([float(next(calls))]))

    assert "the same seed" in refused(check_delegation, saying(remembering), FEW[0])


def test_one_that_breaks_is_told_where_and_only_so_often() -> None:
    said = refused(check_survival, saying(None))
    assert "2025-03-truce-offer, " in said and "returned None" in said
    with pytest.raises(ConformanceError) as caught:
        check_survival(saying(None), ["toy/split-the-pie", "toy/two-issues"] * 3)
    assert len(caught.value.broken) <= 11


@pytest.mark.e2e
def test_the_page_on_delegations_prints_what_it_shows() -> None:
    text = (ROOT / "docs/delegations.md").read_text("utf-8")
    blocks = re.findall(r"```python\n(.*?)```(?:\n\nThis prints:\n\n```text\n(.*?)```)?", text, re.S)
    assert len(blocks) == 3 and sum(bool(shown) for _, shown in blocks) == 2
    space: dict[str, Any] = {}
    for code, shown in blocks:
        printed = StringIO()
        with redirect_stdout(printed):
            exec(code, space)
        assert printed.getvalue() == shown
    check_delegation(space["Late"], FEW[:1])


def test_the_tactic_shown_on_the_page_is_one(tmp_path: Path) -> None:
    text = (ROOT / "docs/delegations.md").read_text("utf-8")
    (shown,) = re.findall(r"```yaml\n(.*?)```", text, re.S)
    path = tmp_path / "mine.yaml"
    path.write_text(shown, encoding="utf-8")
    assert list(read_tactics(path)) == ["mine"]
