"""One word, one meaning: names found by one rule, nothing said twice, texts read as their field takes them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim import ScenarioError, load, sweep
from sim.sweeps.conduct import conduct
from sim.sweeps.store import open_folder
from tests.conftest import SMALL, Cli, Write

NUMBERS = """\
format: 1
title: Options called by numbers and words that YAML takes for something else
issues:
  one: {name: Price, status_quo: 10, options: [10, 20, 1e3, true, null]}
parties:
  a: {name: A, reservation: 10, weights: {one: 50}, values: {one: {10: 0, 20: 0.5, 1e3: 1, true: 0, null: 0}}}
  b: {name: B, reservation: 10, weights: {one: 50}, values: {one: {10: 1, 20: 0.5, 1e3: 0, true: 0, null: 0}}}
red_lines:
  - {id: a-20, party: a, requires: {one: 20}, basis: assumption}
"""


def test_a_folder_never_takes_the_place_of_a_scenario_unless_it_is_meant(cli: Cli, tmp_path: Path) -> None:
    for name in ("toy/two-issues", "mine"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "manifest.json").write_text("{}", encoding="utf-8")
    few = ("--only", "linear", "--only", "conceder", "--runs", "1")
    assert "outputs/tournament-" in cli("tournament", "toy/two-issues", *few).stdout
    assert "toy/two-issues/report" in cli("report", "toy/two-issues").stdout
    for meant in ("./toy/two-issues", "toy/two-issues/"):
        assert "manifest.json" in cli("report", meant).stderr
        assert "folder" in cli("check", meant).stderr
    of_class = cli("tournament", "mine", "--runs", "2")
    assert "mine" in of_class.stdout + of_class.stderr


def test_a_file_never_takes_the_place_of_a_scenario_unless_it_is_meant(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "toy").mkdir()
    (tmp_path / "toy/two-issues").write_text("notes\n", encoding="utf-8")
    assert "toy/two-issues: in order" in cli("check", "toy/two-issues").stdout
    assert "is not a mapping" in cli("check", "./toy/two-issues").stderr
    assert "is not a mapping" in cli("check", str(tmp_path / "toy/two-issues")).stderr


def test_a_field_that_is_said_twice_is_refused(write: Write) -> None:
    path = write(SMALL)
    for changes in (
        ["protocol.deadline=5", "protocol.deadline=6"],
        ["protocol.deadline=5", " protocol . deadline = 6"],
        ["parties.seller.roles.0=signatory", "parties.seller.roles.0=guarantor"],
    ):
        with pytest.raises(ScenarioError, match=r"changes what --set .* already changes"):
            load(path, changes)
    with pytest.raises(ScenarioError, match=r"--set protocol.deadline: is set and varies too"):
        sweep(path, ["protocol.deadline=2:9"], changes=["protocol.deadline=5"])
    twice = load(load(path, ["protocol.deadline=5"]), ["protocol.deadline=6"])  # one after the other is meant
    assert twice.scenario.protocol.deadline == 6
    assert load(path, twice.changes).scenario == twice.scenario, "what is printed can be typed"
    with pytest.raises(ScenarioError, match=r"protocol\.deadline varies twice"):
        sweep(path, ["protocol.deadline=2:9", "protocol.deadline=3:4"])
    made = sweep(load(path), ["protocol.deadline=2:9"], changes=["public=0.5"])
    assert made.loaded.scenario.public == 0.5


def test_what_is_given_goes_before_what_a_sweep_file_says_of_the_same_field(write: Write) -> None:
    file = write("scenario: toy/two-issues\nset: {protocol.deadline: 9}\nvary: {parties.ira.reservation: [1, 2]}\n")
    assert sweep(file).loaded.scenario.protocol.deadline == 9
    assert sweep(file, changes=["protocol.deadline=4"]).loaded.scenario.protocol.deadline == 4
    (factor,) = sweep(file, ["parties.ira.reservation=7,8,9"]).factors
    assert factor.values == (7, 8, 9)


def test_an_option_may_be_called_by_a_number_or_a_word_of_yaml_wherever_it_is_written(write: Write) -> None:
    path = write(NUMBERS)
    assert list(load(path).scenario.issues["one"].options) == ["10", "20", "1e3", "true", "null"]
    for option in ("20", "1e3", "true", '"null"'):
        assert load(path, [f"pins.one={option}"]).scenario.pins == {"one": option.strip('"')}
    assert load(path, {"pins.one": 20}).scenario.pins == {"one": "20"}
    assert load(path, ["title=2025"]).scenario.title == "2025"
    (factor,) = sweep(path, ["pins.one=10,20,1e3,true,null"]).factors
    assert factor.values == ("10", "20", "1e3", "true", "null")
    (factor,) = sweep(path, {"pins.one": [10, 20]}).factors
    assert factor.values == ("10", "20")
    with pytest.raises(ScenarioError, match="should be a number, not '40'"):
        load(path, ['parties.a.reservation="40"'])


PARTY = "  p{0}: {{name: P{0}, reservation: 1, weights: {{}}, values: {{}}}}\n"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("options: [low, middle, high]", "options: [low, high, low]", 'issues.price.options: lists "low" twice'),
        (
            "options: [low, middle, high]",
            f"options: {[f'o{n}' for n in range(65)]}",
            "has 65 entries; the maximum is 64",
        ),
        ("options: [low, middle, high]", "options: [{low: 1}, b]", "should be a list of ids, or a mapping of ids"),
        ("options: [low, middle, high]", "options: {low: [1]}", "issues.price.options.low"),
        ("parties:\n", "parties:\n" + "".join(PARTY.format(n) for n in range(15)), "has 17 entries; the maximum is 16"),
        ("issues:\n", "belligerents: [seller, buyer, third]\nissues:\n", "has 3 entries; the maximum is 2"),
    ],
)
def test_a_slip_is_said_in_words_that_name_what_is_wrong(write: Write, old: str, new: str, said: str) -> None:
    with pytest.raises(ScenarioError) as found:
        load(write(SMALL.replace(old, new, 1)))
    assert any(said in line for line in found.value.lines())
    assert not any(word in str(found.value) for word in ("dictionary", "Dictionary", "instance", "Input", "validation"))


TABLES = {
    "one-case": "parties.ira.reservation\n40\n",
    "constant": "parties.ira.reservation,protocol.deadline\n40,5\n50,5\n",
    "spaces": "protocol.name,parties.ira.reservation\nalternating,5\n alternating,6\nshuttle,6\n",
    "empty-cells": 'pins.fence,parties.ira.reservation\nhalfway,40\n,45\nnull,50\n~,50\n"halfway",45\n',
    "lists": 'protocol.proposers,protocol.deadline\n"[ira, joe]",3\n"[joe,ira]",3\n"[ira,joe]",4\n',
    "quotes": '"parties.ira.reservation"\n\n1e1\n10\n10.0\n',
    "flags": "war.frozen\ntrue\nfalse\n",
}


@pytest.mark.parametrize("name", TABLES)
def test_every_table_that_is_accepted_can_be_read_again(tmp_path: Path, name: str) -> None:
    table, text = tmp_path / "t.csv", TABLES[name]
    table.write_text(text, encoding="utf-8")
    scenario = "2025-12-stalemate" if name == "flags" else "toy/two-issues"
    made = sweep(scenario, table=table)
    if name == "flags":
        from sim.sweeps.store import create

        create(tmp_path / "x", made, 1)
    else:
        assert conduct(made, tmp_path / "x").complete
    again = open_folder(tmp_path / "x").sweep
    assert again.hash == made.hash and again.design.cases == made.design.cases
    assert [f.plain() for f in again.factors] == [f.plain() for f in made.factors]
    assert (again.design.table == made.design.table).all()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("protocol.deadline,protocol.deadline\n5,6\n", '"protocol.deadline" heads two columns'),
        ("protocol.deadline\n5\n6,7\n", "line 3: 2 values under 1 heading"),
        ("protocol.deadline\n5\n\n0\n", "line 4: protocol.deadline"),
        ("protocol.dedline\n5\n", 'line 1: there is no field "protocol.dedline" to vary (did you mean'),
        ("pins.fence\nhalfwya\n", '(did you mean "halfway"?)'),
        ("protocol.deadline\n1e999\n", "line 2"),
        ("protocol.deadline\ntrue\n", "line 2"),
        (",".join(f"a{n}" for n in range(1_001)) + "\n", "1,001 columns"),
    ],
)
def test_a_table_is_refused_with_line_and_nearest_word(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError, match=re.escape(said)):
        sweep("toy/two-issues", table=tmp_path / "t.csv")


def test_what_nobody_named_of_a_package_is_marked(cli: Cli, tmp_path: Path) -> None:
    lines = "red_lines:\n  - {id: no, party: buyer, requires: {place: [there]}, basis: assumption}\n"
    (tmp_path / "case.yaml").write_text(SMALL + lines, encoding="utf-8")
    said = cli("zone", "case.yaml", "--package", "price=middle").stdout
    assert "Place: here (not named: as it stands)" in said.replace("place:", "Place:")
    assert "Price: middle\n" in said.replace("price:", "Price:")
    assert "not named)" in said.partition("Red lines it crosses")[2]
    assert "not named" not in cli("zone", "case.yaml", "--package", "price=middle,place=here").stdout
    assert 'says "price" twice' in cli("zone", "case.yaml", "--package", "price=low,price=high").stderr


def test_an_agreement_on_what_stands_is_said_to_be_that(cli: Cli, tmp_path: Path) -> None:
    case = SMALL.replace("reservation: 40", "reservation: 1") + "pins: {price: low, place: here}\n"
    (tmp_path / "case.yaml").write_text(case, encoding="utf-8")
    said = cli("run", "case.yaml", "--runs", "5", "--full").stdout
    assert "Agreements: 1 package; the most frequent (5 runs): everything as it stands." in " ".join(said.split())


def test_nobody_is_said_to_be_silent_whose_turn_never_came(cli: Cli) -> None:
    assert "no offer" not in cli("run", "toy/where-to-meet", "--full").stdout
