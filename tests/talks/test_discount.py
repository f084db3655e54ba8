"""What waiting takes of a deal, by hand: the pie of ten slices, of which each round leaves nine tenths."""

from __future__ import annotations

import numpy as np
import pytest

from sim import ScenarioError, find_zone, load, sweep
from sim.sweeps.outcomes import Laboratory
from sim.talks.batch import negotiate, same
from sim.talks.how_talks_end import Ending
from tests.conftest import SMALL, Cli, Write

PIE = "toy/split-the-pie"


def test_a_deal_keeps_nine_tenths_of_its_gain_for_each_round_of_waiting() -> None:
    found = negotiate(load(PIE, ["protocol.discount=0.9"]).case, 20)
    slices = found.agreed[:, 0]
    left = 0.9 ** (found.ended - 1.0)
    assert found.agreeing.all() and (found.ended > 2).all()
    assert np.allclose(found.values[:, 0], 30 + (10 * slices - 30) * left, rtol=0, atol=1e-9)
    assert np.allclose(found.values[:, 1], 40 + (100 - 10 * slices - 40) * left, rtol=0, atol=1e-9)


def test_the_same_deals_are_signed_in_the_same_rounds_and_the_zone_is_that_of_the_first() -> None:
    plain, dear = load(PIE), load(PIE, ["protocol.discount=0.5"])
    one, other = negotiate(plain.case, 20), negotiate(dear.case, 20)
    assert (one.agreed == other.agreed).all() and (one.ended == other.ended).all()
    assert find_zone(plain).size() == find_zone(dear).size() == 4
    assert same(one, negotiate(load(PIE, ["protocol.discount=1"]).case, 20))


def test_who_wants_more_than_waiting_can_leave_walks_out_sooner() -> None:
    never = ["parties.ann.reservation=95", "parties.ben.reservation=40", "protocol.deadline=40"]
    stays = [*never, "parties.ben.tactic.stay=20", "parties.ben.tactic.patience=2", "parties.ann.tactic.patience=1000"]
    assert negotiate(load(PIE, stays).case, 1).ending[0] == Ending.STALEMATE
    found = negotiate(load(PIE, [*stays, "protocol.discount=0.9"]).case, 1)
    # Ben hopes for 60: 60 x 0.9^(t - 1) is at most 20 from round 12 on (18.8; 20.9 in round 11).
    assert (found.ending[0], found.ended[0]) == (Ending.WALK_OUT, 12)


def test_a_sweep_varies_it_without_compiling_anew_and_a_war_has_none(write: Write) -> None:
    made = sweep(write(SMALL), ["protocol.discount=0.5:1"], cases=4)
    found, alone = Laboratory(made).outcomes(0, 4), Laboratory(made).outcomes(2, 3)
    assert not made.compiled and (found.columns["ending"] == Ending.SETTLEMENT).all()
    assert all(np.array_equal(column[2:3], alone.columns[name]) for name, column in found.columns.items())
    assert "discount" not in load(PIE).scenario.model_dump()["protocol"], "results keep their hashes"
    for refused in ("protocol.discount=0.9", "protocol.discount=1", "protocol.discount=0"):
        with pytest.raises(ScenarioError, match=r"a war prices time itself|greater than 0"):
            load("2025-03-truce-offer", [refused])


def test_the_command_says_what_the_points_are(cli: Cli) -> None:
    done = cli("run", PIE, "--set", "protocol.discount=0.9", "--full")
    assert "points, of whose gain a round of waiting leaves 0.9: Ann" in done.stdout
