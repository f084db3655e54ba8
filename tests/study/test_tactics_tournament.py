"""Tactics against tactics: the batch plays what a scenario says, gains are shares, ranks carry their intervals."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim import ScenarioError, negotiate, ranking, tournament
from sim.markup import counted
from sim.scenario.loader import Loaded
from sim.scenario.tactics import TACTICS, chosen, read_tactics
from sim.scenario.talks_schema import Tactic
from sim.study.bouts import play_bouts, relative_gain, scale_of, seats, with_tactics
from sim.study.ranking import FEWEST, against, agreement, earned, pairs, tournament_measures
from sim.study.tournament import Tournament
from sim.talks.batch import same
from tests.conftest import Cli, Write
from tests.zones import load

FOUR = chosen(["conceder", "linear", "boulware", "hardliner"])


@pytest.fixture
def no_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A scale that takes no look at every package, where it is not what is tested."""
    monkeypatch.setattr("sim.study.bouts.scale_of", lambda loaded: np.array([7.0, 10.0]))


def frozen() -> Loaded:
    return load("2025-03-truce-offer", ["war.frozen=true"])


@pytest.fixture(scope="module")
def march() -> Tournament:
    return tournament([frozen()], FOUR, runs=20)


def test_tactics_in_their_seats_are_the_scenario_with_these_tactics_written_into_it() -> None:
    written = load(
        "2025-03-truce-offer",
        ["parties.russia.tactic={exponent: 0.2}", "parties.ukraine.tactic={learns: bayes}"],
    ).case
    loaded = load("2025-03-truce-offer")
    case = with_tactics(loaded.case, seats(loaded), [TACTICS["boulware"]], [TACTICS["listener"]])
    assert same(negotiate(case, 5, 3), negotiate(written, 5, 3))


def test_a_pair_played_among_many_is_the_pair_played_alone(no_zone: None) -> None:
    loaded = load("2025-03-truce-offer")
    names = ["listener", "half_mirror", "stall"]
    among = play_bouts(loaded, chosen(names), 4, 1)
    alone = play_bouts(loaded, chosen(names[1:]), 4, 1)
    assert np.array_equal(among.scores[1:, 1:], alone.scores)
    assert np.array_equal(among.rounds[1:, 1:], alone.rounds)


def test_how_many_are_played_at_once_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded, told = load("toy/two-issues"), []
    whole = play_bouts(loaded, FOUR, 3)
    monkeypatch.setattr("sim.study.bouts.AT_ONCE", 30)
    parts = play_bouts(loaded, FOUR, 3, progress=told.append)
    assert np.array_equal(whole.scores, parts.scores) and np.array_equal(whole.rounds, parts.rounds)
    assert told == sorted(told) and told[-1] == 1


def test_more_runs_than_can_be_kept_are_refused_with_how_many_can() -> None:
    with pytest.raises(ScenarioError, match="at most 312,500"):
        tournament([load("toy/two-issues")], FOUR, runs=10**7)


def test_on_paper_the_whole_pie_above_both_reservations_is_what_there_is_to_gain() -> None:
    loaded = load("toy/split-the-pie")
    assert scale_of(loaded).tolist() == [30, 30]  # three to six slices for Ann, three to six for Ben
    bouts = play_bouts(loaded, chosen(["conceder", "hardliner"]), 1)
    assert bouts.scores[1, 0, :, 0].tolist() == [1, 0] and bouts.scores[0, 1, :, 0].tolist() == [0, 1]


def test_without_a_zone_gains_are_measured_by_the_best_that_a_party_could_ask_for() -> None:
    loaded = load("2025-12-stalemate")
    assert (scale_of(loaded) > 0).all()
    assert not tournament([loaded], chosen(["conceder"]), runs=3).agreed.any()


def test_the_softer_the_tactic_the_more_often_it_signs_with_those_who_move(march: Tournament) -> None:
    at_war = agreement(tournament([load("2025-03-truce-offer")], FOUR, runs=20))  # who takes longer meets its end
    assert (np.diff(at_war[:, :3], axis=0) <= 0.05).all() and (np.diff(at_war.mean(axis=1)) < 0).all()
    soft, linear, tough, hard = frozen_war = agreement(march)
    assert np.minimum(soft, linear).mean() > tough.mean() > hard.mean()
    assert (np.diff(frozen_war[1:], axis=0) <= 0.05).all()
    exact = agreement(tournament([load("toy/split-the-pie")], FOUR, runs=1))
    assert (np.diff(exact, axis=0) <= 0).all() and exact[0, 3] == 1 > exact[3, 3]


@pytest.mark.slow
def test_against_a_hardliner_too_the_softer_sign_more_often_and_under_a_mediator_two_hardliners_do() -> None:
    drafted = agreement(tournament([frozen()], FOUR, runs=400))[:, 3]
    assert drafted[0] > drafted[1] > drafted[2] > drafted[3] > 0.4
    turns = load("2025-03-truce-offer", ["war.frozen=true", "protocol.name=alternating"])
    in_turn = agreement(tournament([turns], FOUR, runs=200))[:, 3]
    assert min(in_turn[:2]) > 0.98 > in_turn[2] > in_turn[3] == 0


def test_toughness_takes_all_from_conceders_and_nothing_from_itself() -> None:
    found = against(tournament([load("toy/split-the-pie")], FOUR, runs=1))
    conceder, _, boulware, hardliner = range(4)
    assert found[hardliner, conceder] == 1 and found[conceder, hardliner] == 0
    assert found[hardliner, hardliner] == 0 < found[boulware, boulware]


def test_a_score_is_a_share_and_nothing_without_an_agreement(march: Tournament) -> None:
    assert ((march.scores >= 0) & (march.scores <= 1)).all()
    none = march.agreed == 0
    assert none.any() and not march.scores.transpose(0, 1, 2, 4, 3)[none].any()
    assert relative_gain(np.array([5.0, 5.0, 20.0]), np.array([10.0, 0.0, 10.0])).tolist() == [0.5, 0, 1]


def test_the_mean_of_all_pairs_is_what_an_entrant_is_ranked_by(march: Tournament) -> None:
    assert np.allclose(against(march).mean(axis=1), earned(march).mean(axis=1))
    rows = ranking(march)
    assert [row.score for row in rows] == sorted((row.score for row in rows), reverse=True)
    for row in rows:
        assert row.interval is not None and row.beaten_by is not None
        assert row.interval[0] <= row.score <= row.interval[1]
        assert row.beaten_by < row.place
    assert sum(row.first or 0 for row in rows) == pytest.approx(1, abs=1e-3)


def test_entrants_that_play_alike_share_a_place_and_beat_nobody() -> None:
    twins = tournament(
        [load("toy/split-the-pie")], {"a": Tactic(), "b": Tactic(), "soft": Tactic(exponent=5)}, runs=FEWEST
    )
    assert [(row.name, row.place, row.beaten_by) for row in ranking(twins)] == [
        ("a", 1, 0),
        ("b", 1, 0),
        ("soft", 3, 2),
    ]


@pytest.mark.parametrize("runs", [1, FEWEST - 1])
def test_so_few_runs_have_no_interval_and_nobody_is_beaten(cli: Cli, tmp_path: Path, runs: int) -> None:
    asked = ["tournament", "toy/two-issues", "--only", "linear", "--only", "deaf", "--runs", str(runs)]
    said = json.loads(cli(*asked, "--json").stdout)
    assert all((row["interval"], row["beaten_by"], row["first"]) == (None, None, None) for row in said["ranking"])
    shown = " ".join(cli(*asked).stdout.split())
    assert f"{counted(runs, 'run')} cannot say how sure a score is: that takes {FEWEST} or more." in shown
    assert "bootstrap" not in shown and "resamples" not in shown
    head, row, *_ = next(tmp_path.glob("outputs/tournament-*/ranking.csv")).read_text("utf-8").splitlines()
    cells = dict(zip(head.split(","), row.split(","), strict=True))
    assert cells["interval_low"] == cells["interval_high"] == cells["beaten_by"] == "" != cells["score"]


def test_the_same_seed_gives_the_same_tournament_and_another_seed_another(no_zone: None) -> None:
    once, again, other = (tournament([frozen()], chosen(["linear", "deaf"]), 6, seed) for seed in (4, 4, 5))
    assert tournament_measures(once) == tournament_measures(again)
    assert not np.array_equal(once.scores, other.scores)


def test_every_pair_of_every_scenario_has_a_row_with_its_interval() -> None:
    loaded = [load("toy/split-the-pie"), load("toy/two-issues")]
    rows = pairs(tournament(loaded, FOUR, runs=3))
    assert len(rows) == 2 * 4 * 4
    assert all(row.low <= row.agreements / row.runs <= row.high for row in rows)


def test_parties_that_are_not_asked_hold_no_seat() -> None:
    loaded = load("2025-02-riyadh")
    assert set(seats(loaded)) <= set(loaded.case.protocol.asked)
    alone = replace(loaded.case, protocol=replace(loaded.case.protocol, asked=loaded.case.protocol.asked[:1]))
    with pytest.raises(ScenarioError, match="two parties"):
        tournament([replace(loaded, case=alone)], FOUR)
    with pytest.raises(ScenarioError, match="a tactic"):
        tournament([loaded], {})


def test_a_file_of_tactics_is_read_like_a_scenario(write: Write) -> None:
    assert read_tactics(Path(write("mine: {exponent: 0.5, learns: bayes}\nother: {stall: true, patience: 3}\n"))) == {
        "mine": Tactic(exponent=0.5, learns="bayes"),
        "other": Tactic(stall=True, patience=3),
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("mine: {exponet: 0.5}", r'mine.yaml line 1: mine.exponet: there is no such field \(did you mean "exponent"'),
        ("a: {}\nmine: {exponent: -1}", "mine.yaml line 2: mine.exponent: should be greater"),
        ("mine: {learns: a lot}", "mine.learns: should be 'nothing'"),
        ("mine: 3", "mine: should be a tactic"),
        ("'[bold]': {}", "lower-case letters"),
        ("", "is empty"),
        ("- 1", "is not a list of tactics"),
        ("mine: {exponent: .nan}", "mine.exponent: should be"),
        ("mine: {exponent: !!python/object:os.system x}", "line 1: uses a tag"),
    ],
)
def test_a_file_that_holds_something_else_is_refused_with_its_place(write: Write, text: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        read_tactics(Path(write(text, "mine.yaml")))


def test_a_name_that_comes_with_the_package_is_taken(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("my_boulware: {}\nboulware: {exponent: 1}\n", encoding="utf-8")
    done = cli("tournament", "toy/two-issues", "--tactics", "mine.yaml")
    assert done.returncode == 1 and not (tmp_path / "outputs").exists()
    said = 'boulware: comes with the package, so "boulware" is taken (did you mean "my_boulware2"?)'
    assert done.stderr == f"ceasefire: mine.yaml line 2: {said}\n"


def test_an_unknown_tactic_is_refused_with_the_nearest() -> None:
    with pytest.raises(ScenarioError, match='did you mean "boulware"'):
        chosen(["bulware"])


def test_the_command_writes_a_folder_with_everything_and_the_same_bytes_twice(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("mine: {exponent: 0.4}\n", encoding="utf-8")
    words = ["tournament", "toy/split-the-pie", "toy/two-issues", "--tactics", "mine.yaml", "--only", "mine"]
    words += ["--only", "conceder", "--runs", "3", "--seed", "2", "--json"]
    done = cli(*words)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    folder = tmp_path / found["folder"]
    names = {"manifest.json", "tournament.json", "ranking.csv", "bouts.csv", "tournament.png", "tournament.svg"}
    assert {path.name for path in folder.iterdir()} == names
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert cli(*words).stdout == done.stdout
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    told = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert set(told["tactics"]) == {"mine", "conceder"} and len(told["scenarios_resolved"]) == 2
    assert len((folder / "bouts.csv").read_text("utf-8").splitlines()) == 1 + 2 * 4
    other = json.loads(cli(*words[:-2], "3", "--json").stdout)
    assert other["folder"] != found["folder"]


def test_the_table_names_tactics_seats_and_the_folder(cli: Cli) -> None:
    done = cli("tournament", "toy/split-the-pie", "--only", "hardliner", "--only", "conceder", "--runs", "2")
    assert done.returncode == 0, done.stderr
    assert "seats of ann (30.0) and ben (30.0)" in done.stdout and "hardliner" in done.stdout
    assert "no forecast" in done.stdout and "outputs" in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["toy/split-the-pi"], "toy/split-the-pie"),
        (["toy/split-the-pie", "--only", "conceeder"], 'did you mean "conceder"'),
        (["toy/split-the-pie", "--tactics", "none.yaml"], "none.yaml: no such file"),
        (["toy/split-the-pie", "--tactics", "."], "is a folder"),
        (["toy/split-the-pie", "--only", "linear", "--runs", "1", "--out", "taken"], "cannot write"),
    ],
)
def test_what_can_be_mended_is_one_line_and_nothing_is_written(
    cli: Cli, tmp_path: Path, words: list[str], said: str
) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    done = cli("tournament", *words)
    assert done.returncode == 1 and said in done.stderr and done.stderr.count("\n") == 1
    assert not (tmp_path / "outputs").exists()
