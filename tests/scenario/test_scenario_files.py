"""Scenario files: what they may say, how they extend each other, and what is said of those that are wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from sim import CeasefireError, ScenarioError, ScenarioNotFoundError, load
from sim.errors import UnsafeFileError
from sim.scenario import yamltext
from sim.scenario.library import slugs
from sim.scenario.schema import json_schema
from sim.scenario.yamltext import read_yaml
from tests.conftest import ROOT, SMALL, Write

LINES = """\
red_lines:
  - id: buyer-price
    party: buyer
    requires: {price: {at_most: middle}}
    basis: assumption
"""


def complaint(name: str, changes: list[str] | None = None, without: list[str] | None = None) -> str:
    with pytest.raises(CeasefireError) as caught:
        load(name, changes or [], without or [])
    message = str(caught.value)
    assert "\n" not in message
    return message


@pytest.mark.parametrize("slug", slugs())
def test_every_shipped_scenario_is_in_order(slug: str) -> None:
    assert load(slug).case.signatories


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("title: A small case", "titel: A small case", 'line 2: titel: there is no such field (did you mean "title"?)'),
        ("format: 1", "format: 2", 'line 1: format: "2" is not known (one of: 1)'),
        ("format: 1\n", "", "line 1: format: is missing"),
        ("status_quo: low", "status_quo: lwo", 'line 4: issues.price.status_quo: price has no option "lwo"'),
        ("{price: 80", "{prise: 80", 'line 10: parties.seller.weights.prise: there is no issue "prise"'),
        ("high: 1}", "hgih: 1}", 'price has no option "hgih" (did you mean "high"?)'),
        ("middle: 0.5, high: 1}", "high: 1}", 'line 11: parties.seller.values.price: says nothing of option "middle"'),
        ("high: 1}", "high: 1.5}", "should be less than or equal to 1, not 1.5"),
        ("high: 1}", "high: .inf}", "should be a number, not '.inf'"),
        ("high: 1}", "high: 1e999}", "should be a finite number"),
        ("    reservation: 40\n", "", "line 7: parties.seller: has neither a reservation value nor a war"),
        ("  seller:", "  Seller:", "must be lower-case letters"),
        ("values: {price: {low: 0, middle: 0.5, high: 1}, ", "values: {", "price has a weight but no values"),
        ("    name: Seller\n", "    name: Seller\n    roles: [singatory]\n", '(did you mean "signatory"?)'),
        ("    name: Seller\n", "    name: Seller\n    name: Again\n", 'line 9: says "name" twice'),
        ("title: A small case", "title: &t A small case", "line 2: uses an anchor (&t)"),
        ("title: A small case", "title: !!python/name:os.system x", "line 2: uses a tag"),
        ("options: [low, middle, high]", "options: []", "has 0 entries; the minimum is 1"),
        ("options: [low, middle, high]", "options: [low, low]", 'options: lists "low" twice'),
        ("buyer\n", "byuer\n", 'line 19: red_lines.buyer-price.party: there is no party "byuer" (did you mean "buyer"'),
        ("most: middle", "most: midle", 'red_lines.buyer-price.requires.price.at_most: price has no option "midle"'),
        ("at_most: middle", "atmost: middle", 'there is no such field (did you mean "at_most"?)'),
        ("{price: {at_most: middle}}", "{place: {at_most: here}}", "place has no order: list the options"),
        ("{price: {at_most: middle}}", "{price: {at_most: low, at_least: high}}", "no option lies between"),
        ("{price: {at_most: middle}}", "{price: {}}", "wants at_most, at_least, or a list"),
        ("{price: {at_most: middle}}", "{price: [low], place: [here]}", "has 2 entries; the maximum is 1"),
        ("{price: {at_most: middle}}", "{price: []}", "has 0 entries; the minimum is 1"),
        ("assumption", "stated", '"buyer-price" has no source; name one, or call its basis assumption'),
        ("basis: assumption", "basis: asumption", '(did you mean "assumption"?)'),
        (
            "basis: assumption",
            'basis: stated\n    sources: [{article: "009", paragraph: 1, paraphrase: x}]',
            'red_lines.buyer-price.sources.0.article: there is no article "009"',
        ),
        ("basis: assumption", "basis: assumption\n    softens_to: {price: [low]}", "must loosen what `requires` says"),
        ("basis: assumption", "basis: assumption\n    hardness: 1.2", "should be less than or equal to 1, not 1.2"),
    ],
)
def test_a_slip_is_named_with_its_place_and_the_nearest_word(write: Write, old: str, new: str, said: str) -> None:
    assert old in SMALL + LINES
    assert said in complaint(write((SMALL + LINES).replace(old, new, 1)))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            "issues.sanctions.options.broad_relief.takes=-1",
            "issues.sanctions.options.broad_relief.takes: should be greater than or equal to 0, not -1",
        ),
        ("issues.sanctions.options.broad_relief.undo=nevr", '"nevr" is not known (did you mean "never"?)'),
        (
            "issues.sanctions.options.broad_relief.carries={takes: 1, undo: 1}",
            "belongs to an ending, and sanctions does not say how the fighting stops: only hostilities does",
        ),
        (
            "issues.guarantees.options.political_assurances={name: political assurances, takes: 2}",
            "political_assurances.takes: limited carries 1 at most, not 2, and political_assurances stands when",
        ),
        ("issues.hostilities.options.truce_30_days.carries={takes: 1}", "undo: is missing"),
        ("issues.hostilities.options.truce_30_days.term=2", "should be less than or equal to 1, not 2"),
    ],
)
def test_what_an_ending_cannot_carry_is_said_where_it_is_written(change: str, said: str) -> None:
    assert said in complaint("2025-03-truce-offer", [change])


def test_two_red_lines_with_one_id_are_refused(write: Write) -> None:
    twice = SMALL + LINES + LINES.removeprefix("red_lines:\n")
    assert 'two entries are called "buyer-price"' in complaint(write(twice))


def test_a_paragraph_that_the_article_does_not_have_is_refused() -> None:
    change = 'red_lines.russia-no-nato.sources=[{article: "002", paragraph: 99, paraphrase: x}]'
    assert "article 002 has 31 paragraphs" in complaint("2025-12-stalemate", [change])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("# nothing\n", "is empty"),
        ("just words", "is not a mapping"),
        ("- a\n- b\n", "is not a mapping"),
        ("[" * 60_000, "nested deeper than 20"),
        ("a: " + "{a: " * 30, "nested deeper than 20"),
        ("a: 1\n---\nb: 2\n", "line 2: holds several YAML documents"),
        ("a: &a [x]\nb: [*a, *a]\n", "uses an anchor"),
        ("b: *a\n", "uses an alias"),
        ("<<: {a: 1}\n", "uses a merge key"),
        ("a: [1, 2\n", "is not YAML"),
        ("a: \x07\n", "is not YAML"),
        ("? [a]\n: b\n", "uses a list or a mapping as a key"),
        ("title: x\n" + "#" * 128_000, "is larger than 128 kB"),
    ],
)
def test_a_file_that_is_no_scenario_is_refused(write: Write, text: str, said: str) -> None:
    assert said in complaint(write(text))


def test_a_binary_file_a_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "picture.yaml").write_bytes(bytes(range(256)))
    assert "is not UTF-8 text" in complaint(str(tmp_path / "picture.yaml"))
    assert "is a folder" in complaint(str(tmp_path))
    assert 'did you mean "2025-12-stalemate"?' in complaint("2025-12-stalemat")
    with pytest.raises(FileNotFoundError):
        load("nothing-like-it")


def test_our_own_files_are_read_quickly_to_the_same_tree_and_the_same_complaints(tmp_path: Path) -> None:
    for path in sorted((ROOT / "scenarios").rglob("*.yaml")):
        assert read_yaml(path, own=True) == read_yaml(path), path
    for wrong in ("a: [", "a: 1\na: 2", "a: &b c", "\t- x", "a: \u0007"):
        (tmp_path / "x.yaml").write_text(wrong, encoding="utf-8")
        said = []
        for own in (True, False):
            with pytest.raises(UnsafeFileError) as caught:
                read_yaml(tmp_path / "x.yaml", own)
            said.append(str(caught.value))
        assert said[0] == said[1], wrong


def test_words_that_yaml_1_1_would_turn_into_something_else_stay_words(write: Write) -> None:
    text = SMALL.replace("low", "no").replace("high", "on")
    assert list(load(write(text)).scenario.issues["price"].options) == ["no", "middle", "on"]


def test_a_base_that_is_missing_or_goes_round_in_a_circle_is_named(write: Write) -> None:
    assert "line 1: extends: no scenario file and no scenario called" in complaint(write("extends: nowhere\n"))
    write("extends: two.yaml\n", "one.yaml")
    path = write("extends: one.yaml\n", "two.yaml")
    assert "goes round in a circle" in complaint(path)
    assert "goes round in a circle" in complaint(write("extends: self\n", "self.yaml"))


def test_a_file_changes_only_what_it_says_of_its_base(write: Write) -> None:
    write(SMALL + LINES, "base.yaml")
    path = write(
        "title: Mine\nextends: base\nparties: {buyer: {reservation: 10}}\npins: {place: here}\n"
        "red_lines:\n  - {id: buyer-price, hardness: 0.1, requires: {price: [low]}}\n"
        "  - {id: other, party: seller, requires: {price: [high]}, basis: assumption}\n",
        "mine.yaml",
    )
    scenario = load(path).scenario
    assert scenario.title == "Mine" and scenario.parties["buyer"].reservation == 10
    assert scenario.parties["buyer"].weights == {"price": 60, "place": 40}
    assert [line.id for line in scenario.red_lines] == ["buyer-price", "other"]
    assert scenario.red_lines[0].hardness == 0.1 and scenario.red_lines[0].requires == {"price": ["low"]}
    freed = write("extends: mine\npins: {place: null}\nwithout: [other]\n", "freed.yaml")
    assert load(freed).scenario.pins == {} and [r.id for r in load(freed).scenario.red_lines] == ["buyer-price"]
    assert 'no red line "othr" (did you mean "other"?)' in complaint(
        write("extends: mine\nwithout: [othr]\n", "x.yaml")
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("without=[buyer-price]", "cannot be changed here; --without leaves a red line out"),
        ("extends=other", "cannot be changed here"),
        ("red_lines.0.requires.price.at_mots=low", 'there is no such field (did you mean "at_most"?)'),
        ("red_lines.7.hardness=0", 'there is no "7"'),
        ("parties.seller.name.first=x", "is not a mapping or list; give its whole value"),
        (
            "protocol.agreement=majority",
            '"majority" is not known (one of: unanimity, {at_least: …, vetoes: […]})',
        ),
        ("protocol.agreement=unanimous", '"unanimous" is not known (did you mean "unanimity"?)'),
        ("belligerents=[seller, seller]", 'names "seller" twice'),
        ("parties.seller.name=Buyer", "stands for two things that people could not tell apart"),
        ("parties.seller.reservation=012", "should be a number"),
        ("as_of=0", "should be a valid date"),
        ("as_of=5.12.2025", "should be a day such as 2025-12-05"),
        ('title="a\\eb"', "should have no control characters"),
        ("pins={price: low}", None),
        ("parties.seller.reservation", "wants PATH=VALUE"),
        ("parties.seler.reservation=1", 'parties: there is no "seler" (did you mean "seller"?)'),
        ("parties.seller.reservaton=1", 'there is no such field (did you mean "reservation"?)'),
        ("parties.seller.reservation=many", "should be a number"),
        ("parties.seller.values.price.low=2", "should be less than or equal to 1, not 2"),
        ("red_lines.buyer-prise.hardness=0.1", 'there is no "buyer-prise" (did you mean "buyer-price"?)'),
        ("protocol.name=alternate", '"alternate" is not known (did you mean "alternating"?)'),
        ("protocol.proposers=[sellr]", 'there is no party "sellr"'),
        ("protocol.mediator.bias=0.5", "leans to one of two belligerents"),
        ("title=[", "is not YAML"),
        ("title=*x", "uses an alias"),
    ],
)
def test_a_change_is_checked_like_the_file(write: Write, change: str, said: str | None) -> None:
    if said is None:
        assert load(write(SMALL + LINES), [change]).case.space.size == 2
        return
    message = complaint(write(SMALL + LINES), [change])
    assert message.startswith(f"--set {change}") and said in message


def test_changes_and_omissions_reach_the_case(write: Write) -> None:
    path = write(SMALL + LINES)
    loaded = load(path, ["parties.seller.reservation=55", "red_lines.buyer-price.requires.price=[low]"])
    assert loaded.case.reservation.tolist() == [[55.0, 40.0]]
    assert loaded.case.red_lines.lines[0].ladder[0].allowed == {0}
    assert not load(path, without=["buyer-price"]).case.red_lines.lines
    assert '--without nobody: there is no red line "nobody"' in complaint(path, without=["nobody"])


def test_bounds_soften_a_level_at_a_time_and_sets_in_one_move(write: Write) -> None:
    text = SMALL.replace("[low, middle, high]", "[low, a, b, high]").replace("middle: 0.5", "a: 0.5, b: 0.5")
    bounds = text + LINES.replace("at_most: middle", "at_most: low").replace(
        "basis", "softens_to: {price: {at_most: b}}\n    basis"
    )
    ladder = load(write(bounds)).case.red_lines.lines[0].ladder
    assert [sorted(clause.allowed) for clause in ladder] == [[0], [0, 1], [0, 1, 2]]
    sets = bounds.replace("{at_most: low}", "[low]")
    ladder = load(write(sets)).case.red_lines.lines[0].ladder
    assert [sorted(clause.allowed) for clause in ladder] == [[0], [0, 1, 2]]


def test_an_agreement_rule_that_cannot_be_met_is_refused(write: Write) -> None:
    assert "only 2 are asked" in complaint(write(SMALL), ["protocol.agreement={at_least: 3}"])
    with pytest.raises(ScenarioError, match="no party is a signatory"):
        load(write(SMALL), ["parties.seller.roles=[observer]", "parties.buyer.roles=[observer]"])


def test_more_constraints_than_bits_are_refused(write: Write) -> None:
    lines = "".join(LINES.removeprefix("red_lines:\n").replace("buyer-price", f"line-{n}") for n in range(63))
    assert "are more than 64 constraints" in complaint(write(SMALL + "red_lines:\n" + lines))


def test_a_base_that_has_changed_is_read_again(write: Write) -> None:
    write(SMALL, "base.yaml")
    path = write("extends: base\n")
    assert load(path).scenario.title == "A small case"
    write(SMALL.replace("A small case", "A changed case"), "base.yaml")
    assert load(path).scenario.title == "A changed case"


def test_the_schema_knows_every_key_of_the_shipped_files() -> None:
    schema = json_schema()
    for path in (ROOT / "scenarios").rglob("*.yaml"):
        if path.parent.name not in ("data", "sweeps"):
            assert set(yaml.safe_load(path.read_text("utf-8"))) <= set(schema["properties"]), path


def test_every_number_a_scenario_may_hold_says_what_it_is() -> None:
    schema = json_schema()
    for name, part in schema["$defs"].items():
        for field, about in part.get("properties", {}).items():
            if about.get("type") in ("number", "integer"):
                assert about.get("description"), f"{name}.{field}"


def test_slugs_are_found_in_ones_own_folder_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "scenarios" / "toy"
    own.mkdir(parents=True)
    (own / "two-issues.yaml").write_text(SMALL, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert load("toy/two-issues").scenario.title == "A small case"
    assert load("toy/split-the-pie").scenario.title == "Split the pie"
    with pytest.raises(ScenarioNotFoundError, match=re.escape('no scenario called "toy"')):
        load("toy")


def test_changes_that_are_right_only_together_are_made_together(write: Write) -> None:
    loaded = load(write(SMALL), ["pins={price: low}", "protocol.start_text={price: low}"])
    assert loaded.scenario.pins == {"price": "low"}
    assert "is pinned to low" in complaint(write(SMALL), ["pins={price: low}", "protocol.start_text={price: high}"])


def test_a_null_takes_a_red_line_away(write: Write) -> None:
    assert load(write(SMALL + LINES), ["red_lines.buyer-price=null"]).scenario.red_lines == []
    assert load(write(SMALL + LINES), ["red_lines.0=null"]).scenario.red_lines == []


def test_a_file_without_a_base_may_leave_out_its_own_lines_and_faults_in_ids_are_not_hidden(write: Write) -> None:
    assert load(write(SMALL + LINES + "without: [buyer-price]\n")).scenario.red_lines == []
    twice = SMALL + LINES + LINES.removeprefix("red_lines:\n") + "without: []\n"
    assert 'two entries are called "buyer-price"' in complaint(write(twice))
    nameless = (SMALL + LINES).replace("id: buyer-price", "hardness: 0.5") + "without: []\n"
    assert "red_lines.0.id: is missing" in complaint(write(nameless))


def test_a_base_is_looked_for_beside_its_file_wherever_it_is_read_from(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(SMALL.replace("A small case", "Right"), "base.yaml")
    child = write("extends: base.yaml\nabout: x\n", "child.yaml")
    other = tmp_path / "other"
    other.mkdir()
    (other / "base.yaml").write_text(SMALL.replace("A small case", "Wrong"), encoding="utf-8")
    monkeypatch.chdir(other)
    assert load(child).scenario.title == "Right"


@pytest.mark.parametrize("name", ["", ".", "/", "..", "x" * 300, "a\0b", " "])
def test_names_that_are_no_files_are_refused_in_one_line(name: str) -> None:
    assert complaint(name)


def test_a_format_that_is_true_is_not_one(write: Write) -> None:
    assert "is not known" in complaint(write(SMALL.replace("format: 1", "format: true")))


def test_a_copy_finds_its_base_from_its_new_place(write: Write, tmp_path: Path) -> None:
    from sim.scenario.library import copy_to

    write(SMALL, "base.yaml")
    child = write("extends: base.yaml\nabout: x\n", "child.yaml")
    (tmp_path / "deep").mkdir()
    copy_to(child, tmp_path / "deep" / "copy.yaml")
    assert load(str(tmp_path / "deep" / "copy.yaml")).scenario.title == "A small case"


def test_leaving_a_red_line_out_takes_its_grounds_away_too(write: Write, tmp_path: Path) -> None:
    left_out = load("2025-03-truce-offer", without=["russia-recognition"]).scenario
    assert any(
        path.startswith("red_lines.russia-recognition.") for path in load("2025-03-truce-offer").scenario.grounds
    )
    assert not any(path.startswith("red_lines.russia-recognition.") for path in left_out.grounds)
    own = write("format: 1\ntitle: Mine\nextends: 2025-03-truce-offer\nwithout: [russia-recognition]\n")
    assert load(own).scenario.grounds == left_out.grounds


def test_tracks_that_could_sign_nothing_are_refused() -> None:
    apart = "protocol.tracks=[{parties: [us, russia], issues: [sanctions]}, {parties: [ukraine], issues: [guarantees]}]"
    with pytest.raises(ScenarioError, match="nothing could be signed"):
        load("2025-12-stalemate", ["protocol.name=two_track", apart])
    whole = apart.replace("[ukraine]", "[russia, ukraine, us, europe]")
    assert len(load("2025-12-stalemate", ["protocol.name=two_track", whole]).case.protocol.tracks) == 2


def test_a_shipped_file_is_parsed_once_a_process_and_a_users_own_each_time(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, parsed, parse = write(SMALL), list[str](), yamltext.parse_yaml

    def counted(text: str, where: str, own: bool = False) -> yamltext.Node:
        parsed.append(Path(where).name)
        return parse(text, where, own)

    monkeypatch.setattr(yamltext, "parse_yaml", counted)
    yamltext._kept.cache_clear()
    for _ in range(2):
        load("toy/two-issues"), load(mine)
    assert parsed == ["two-issues.yaml", "case.yaml", "case.yaml"]
