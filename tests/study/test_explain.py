"""Where a party's value comes from: parts that sum, thresholds that turn, every number with its unit."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from sim.scenario.assumptions import BASES, assumptions
from sim.scenario.by_run import paths
from sim.scenario.columns import with_columns
from sim.stakes.war import War
from sim.study.explain import Explanation, explain_measures, inputs, party_number, truce_gain
from tests.conftest import Cli
from tests.zones import load


@pytest.mark.parametrize("party", ["russia", "ukraine", "us", "europe"])
def test_the_parts_sum_to_the_value_and_thresholds_turn_the_truce(party: str) -> None:
    loaded = load("2025-12-stalemate")
    found = explain_measures(loaded, party)
    assert isinstance(found, Explanation) and found.truce is not None
    assert sum(found.parts.values()) == pytest.approx(found.reservation, abs=1e-4)
    number, case = party_number(loaded, party), loaded.case
    assert truce_gain(case, number, case.war)[0] == pytest.approx(found.truce.gain, abs=1e-6)  # type: ignore[arg-type]
    turned = [entry for entry in found.thresholds if entry.turns_at is not None]
    assert turned or party in ("us", "europe")  # to which a month of peace is worth more than any war
    by_path = {entry.path: entry for entry in inputs(case, number, loaded)}
    for entry in turned:
        at, span = entry.turns_at, entry.range[1] - entry.range[0]
        around = truce_gain(case, number, by_path[entry.path].varied(np.array([at - 1e-6 * span, at + 1e-6 * span])))
        assert (around[0] >= 0) != (around[1] >= 0), entry
        now = truce_gain(case, number, by_path[entry.path].varied(np.array([entry.now])))[0]
        assert now == pytest.approx(found.truce.gain, abs=1e-6)
        assert ((around[0] if entry.now < at else around[1]) >= 0) == (now >= 0), entry


@pytest.mark.parametrize("party", ["russia", "europe"])
def test_explaining_varies_a_number_at_the_place_where_a_sweep_varies_it(party: str) -> None:
    loaded = load("2025-12-stalemate")
    found = inputs(loaded.case, party_number(loaded, party), loaded)
    assert {entry.path for entry in found} <= paths(loaded.scenario) and len(found) > 8
    for entry in found:
        values = np.array([entry.low, entry.now, entry.high])
        varied, swept = entry.varied(values), with_columns(loaded, {entry.path: values}).war
        for name in War.by_run:
            assert np.array_equal(getattr(varied, name), getattr(swept, name)), (entry.path, name)
        assert any(len(getattr(varied, name)) == 3 for name in War.by_run), entry.path


def test_a_number_and_a_lottery_say_what_they_are() -> None:
    assert explain_measures(load("2025-12-stalemate", ["parties.us.reservation=30"]), "us").form == "number"
    toy = load("toy/two-issues", ["parties.ira.reservation=null", "parties.ira.war={lottery: {win: 0.6, cost: 0.1}}"])
    found = explain_measures(toy, "ira")
    assert (found.form, found.reservation) == ("lottery", 50.0)


def test_every_number_has_unit_range_and_basis_and_stands_where_set_finds_it() -> None:
    loaded = load("2025-12-stalemate")
    found = assumptions(loaded.scenario)
    paths = [entry.path for entry in found]
    assert len(paths) == len(set(paths)) > 250
    for entry in found:
        assert entry.unit and entry.basis and entry.what and "∞" not in entry.range, entry
    for path in ("parties.russia.war.cost", "war.levers.aid.index", "red_lines.russia-no-nato.hardness"):
        value = next(entry.value for entry in found if entry.path == path)
        assert load("2025-12-stalemate", [f"{path}={value}"]).scenario == loaded.scenario
    assert "has a source" in next(e.basis for e in found if e.path == "red_lines.russia-no-nato.hardness")


def test_assumptions_come_last_in_parts_with_their_share_first(cli: Cli) -> None:
    lines = cli("explain", "--assumptions").stdout.splitlines()
    listed = json.loads(cli("explain", "--assumptions", "--json").stdout)
    bases = [entry["rests_on"] for entry in listed]
    assumed = bases.count("assumption")
    share = f"{assumed:,} of {len(bases):,} numbers are assumptions ({100 * assumed / len(bases):.0f} %)"
    assert any(line.startswith(share) for line in lines[:5])
    assert bases == sorted(bases, key=BASES.index) and bases[0] == "literature"
    headings = [line.rpartition(" (")[0] for line in lines if line.endswith((" numbers)", "(1 number)"))]
    assert headings[0] == "literature" and headings[-1].startswith("assumption, ") and "assumption, war" in headings
    counts = [int(line.rpartition("(")[2].split()[0]) for line in lines if line.endswith((" numbers)", "(1 number)"))]
    assert sum(counts) == len(bases)
    assert all(any(line.startswith(f"{entry['path']} ") for line in lines) for entry in listed)  # none is broken in two


@pytest.mark.e2e
def test_explain_prints_writes_and_refuses(cli: Cli, tmp_path: Path) -> None:
    done = cli("explain", "russia", "--pictures")
    assert done.returncode == 0, done.stderr
    text = " ".join(done.stdout.split())
    assert "A plain truce, nothing else settled, is worth" in text and "less than going on" in text
    folder = tmp_path / done.stdout.split()[-1]
    assert sorted(path.name for path in folder.iterdir()) == ["explain.json", "manifest.json", "war.png", "war.svg"]
    assert json.loads((folder / "explain.json").read_text("utf-8"))["party"] == "russia"
    assert "parties.russia.war.cost" in cli("explain", "--assumptions").stdout
    listed = json.loads(cli("explain", "--assumptions", "--json").stdout)
    assert {"path", "value", "unit", "default", "range", "bounds", "basis", "rests_on", "what"} == set(listed[0])
    wrong = cli("explain", "rusia")
    assert wrong.returncode == 1 and 'there is no party "rusia" (did you mean "russia"?)' in wrong.stderr
    named = cli("explain")
    assert named.returncode == 0 and "ukraine  Ukraine" in named.stdout, "nobody named: who there is"
    assert "It is a number in the scenario" in cli("explain", "ann", "--scenario", "toy/split-the-pie").stdout
