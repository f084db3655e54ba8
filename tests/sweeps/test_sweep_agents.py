"""Delegations of somebody's own in a sweep: the same runs as one by one, and code that no folder loads by its word."""

from __future__ import annotations

import json
import shutil
from functools import partial
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.errors import ArgumentError, DelegationError, OutputError, SweepError
from sim.sweeps.conduct import conduct, extend
from sim.sweeps.execute import Processes
from sim.sweeps.own_code import require_portable
from sim.sweeps.results import gather
from sim.sweeps.store import open_folder
from sim.sweeps.sweep import Sweep
from sim.sweeps.verify import replay, verify
from tests.conftest import Cli


class Late(sim.PartyAgent):
    """No yes before the second half of the talks."""

    def respond(self, talks: sim.Talks, offer: sim.Offers) -> sim.Replies:
        answer = super().respond(talks, offer)
        return sim.Replies(
            answer.accepts & (2 * talks.round > self.case.protocol.deadline), answer.crossed, answer.shortfall
        )


def late(**more: object) -> Sweep:
    vary = ["parties.ira.reservation=20:60"]
    return sim.sweep("toy/two-issues", vary, cases=4, **{"replications": 2, "agents": {"joe": Late}} | more)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("agents") / "sweep"
    assert conduct(late(), place, chunk=3).complete
    return place


@pytest.fixture
def copied(folder: Path, tmp_path: Path) -> Path:
    """A copy of it, to go on with."""
    return Path(shutil.copytree(folder, tmp_path / "sweep"))


def rounds(folder: Path) -> np.ndarray:
    return np.asarray(sim.analyse(folder).to_frame("run")["round"])


def test_a_sweep_with_an_agent_of_ones_own_plays_it_in_every_run(folder: Path, tmp_path: Path) -> None:
    half = sim.load("toy/two-issues").case.protocol.deadline / 2
    assert (rounds(folder) > half).all()
    conduct(late(agents={}), tmp_path / "plain", chunk=8)
    assert (rounds(tmp_path / "plain") <= half).any(), "without the agent some agree early"


def test_any_process_finds_a_class_in_a_file_and_the_bytes_are_the_same(folder: Path, tmp_path: Path) -> None:
    conduct(late(), tmp_path / "sweep", chunk=3, executor=partial(Processes, workers=2))
    files = [{f.name: f.read_bytes() for f in (place / "runs").iterdir()} for place in (folder, tmp_path / "sweep")]
    assert files[0] == files[1]


def test_the_manifest_says_whose_code_it_was_and_no_command_loads_it(folder: Path, cli: Cli) -> None:
    said = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert said["agents"] == {"joe": "tests.sweeps.test_sweep_agents:Late"}
    assert said["versions"]["agent of joe"] == late().agents["joe"].fingerprint
    assert gather(open_folder(folder)).known.all(), "reading needs no code"
    place = str(folder)
    for command in (["sweeps", "verify", place], ["sweeps", "extend", place, "--cases", "9"]):
        done = cli(*command)
        assert "hand the classes over in Python" in done.stderr
    with pytest.raises(SweepError, match="not loaded from a folder's word"):
        replay(open_folder(folder), 1)


def test_who_hands_the_classes_over_can_extend_verify_and_replay(copied: Path) -> None:
    made = conduct(late(), copied).folder
    assert extend(made, replications=3).complete
    made = conduct(late(replications=3), copied).folder
    assert verify(made, everything=True).sound
    assert all(replay(made, run)[1].in_the_table for run in (0, 5))


def test_looking_at_cases_without_a_zone_takes_no_code_of_ones_own(tmp_path: Path) -> None:
    vary = ["parties.ira.reservation=101:120"]
    conduct(sim.sweep("toy/two-issues", vary, cases=8, agents={"joe": Late}), tmp_path / "sweep", chunk=32)
    assert sim.analyse(tmp_path / "sweep").measures["nearest_miss"]["without_a_zone"] == 8


def test_changed_code_of_ones_own_is_not_mixed_in_unless_that_is_said(copied: Path) -> None:
    said = json.loads((copied / "manifest.json").read_text("utf-8"))
    said["versions"]["agent of joe"] = "0123456789abcdef"
    (copied / "manifest.json").write_text(json.dumps(said), "utf-8")
    sorted((copied / "runs").iterdir())[0].unlink()
    with pytest.raises(OutputError, match="agent of joe 0123456789abcdef, now"):
        conduct(late(), copied)
    assert conduct(late(), copied, mixed=True).complete


def test_what_another_process_cannot_find_is_refused_before_anything_is_started(tmp_path: Path) -> None:
    class Here(Late):
        """Inside a function."""

    made = late(agents={"joe": Here})
    with pytest.raises(ArgumentError, match=r"Here, the delegation of joe, .*workers=1"):
        require_portable(made.agents)
    assert conduct(made, tmp_path / "sweep", workers=1, chunk=8).complete
    require_portable(late().agents)


@pytest.mark.parametrize(
    ("agents", "error", "said"),
    [
        ({"jo": Late}, DelegationError, 'did you mean "joe"'),
        ({"joe": 7}, DelegationError, "not a subclass of PartyAgent"),
        ([Late], ArgumentError, "a mapping of parties"),
    ],
)
def test_agents_that_are_none_are_refused(agents: object, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        late(agents=agents)


def test_two_sweeps_differ_by_their_agents() -> None:
    assert late().hash != late(agents={}).hash != late(agents={"ira": Late}).hash
