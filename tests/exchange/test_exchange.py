"""Other people's negotiations: one file of each format by hand, random ones through each and back, and hostile ones."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import ScenarioError, UnsafeFileError, find_zone, load, run
from sim.errors import CeasefireError, ScenarioNotFoundError
from sim.exchange import geniusweb, scores
from sim.exchange.domain import Domain, checked, domain_of, identifiers, scenario_text
from sim.exchange.formats import FORMATS, export, read_domain
from sim.scenario.scores import Profile
from sim.study.run import run_measures
from sim.zone.region import members
from tests.conftest import Cli

DAY = "<issue index='1' name='day' type='discrete'><item index='1' value='mon' evaluation='{}'/>"
DAY += "<item index='2' value='tue' evaluation='{}'/></issue>"
PRICE = "<issue index='2' name='price' type='integer' lowerbound='0' upperbound='4'>"
PRICE += "<evaluator ftype='linear' offset='{}' slope='{}'/></issue>"
PROFILE = (
    "<utility_space><objective index='0' name='Fair'>"
    + DAY
    + PRICE
    + "<weight index='1' value='{}'/><weight index='2' value='{}'/></objective>"
    + "<discount_factor value='0.9'/><reservation value='{}'/></utility_space>"
)
JOBS = {
    "name": "jobs",
    "issuesValues": {"pay": {"values": ["low", "high"]}, "days": {"range": {"low": 3, "high": 5, "step": 1}}},
}


def jobs(name: str, pay: tuple[float, float], days: tuple[float, float], bid: object = None) -> str:
    worth = {"lowValue": 3, "lowUtility": days[0], "highValue": 5, "highUtility": days[1]}
    said = {
        "domain": JOBS,
        "name": name,
        "issueUtilities": {
            "pay": {"DiscreteValueSetUtilities": {"valueUtilities": {"low": pay[0], "high": pay[1]}}},
            "days": {"NumberValueSetUtilities": worth},
        },
        "issueWeights": {"pay": 0.5, "days": 0.5},
        "reservationBid": bid,
    }
    return json.dumps({"LinearAdditiveUtilitySpace": said})


def imported(place: Path, tmp_path: Path, steps: int | None = None) -> Path:
    target = tmp_path / "imported.yaml"
    target.unlink(missing_ok=True)
    target.write_text(scenario_text(read_domain(place, steps).domain, str(place)), encoding="utf-8")
    return target


def packages_by_hand(domain: Domain) -> set[tuple[int, ...]]:
    """The zone of a domain in its own units, package by package."""
    found = set()
    for package in product(*(range(len(options)) for options in domain.issues.values())):
        happy = [
            one.name
            for one in domain.profiles
            if one.threshold is None
            or sum(of[option] for of, option in zip(one.scores.values(), package, strict=True)) >= one.threshold - 1e-12
        ]
        enough = len(domain.profiles) if domain.at_least is None else domain.at_least
        if len(happy) >= enough and set(domain.vetoes) <= set(happy):
            found.add(package)
    return found


def packages_of(path: Path) -> set[tuple[int, ...]]:
    return {tuple(map(int, package)) for package in members(find_zone(path)).packages}


def test_genius_profiles_hold_the_packages_that_were_counted_on_paper(tmp_path: Path) -> None:
    # Seller: .4 x day (mon 1, tue 0) + .6 x price/4, at least .6: yes to mon from price 2 (.7), to tue at 4 (.6).
    # Buyer: .5 x day (mon .5, tue 1) + .5 x (1 - price/4), at least .5: yes to mon up to 2, to tue at every price.
    (tmp_path / "seller.xml").write_text(PROFILE.format(1, 0, 0, 0.25, 0.4, 0.6, 0.6), encoding="utf-8")
    (tmp_path / "buyer.xml").write_text(PROFILE.format(1, 2, 1, -0.25, 0.5, 0.5, 0.5), encoding="utf-8")
    found = read_domain(tmp_path)
    assert (found.format, found.domain.title, set(found.domain.levels)) == ("genius", "Fair", {"price"})
    assert not found.domain.losses and found.domain.discount**61 == pytest.approx(0.9, rel=1e-14)
    assert packages_of(imported(tmp_path, tmp_path)) == {(0, 2), (1, 4)}


def fair(folder: Path, of_buyer: str = "0.9") -> None:
    """The negotiation above; the discount of its seller is 0.9."""
    folder.mkdir(exist_ok=True)
    (folder / "seller.xml").write_text(PROFILE.format(1, 0, 0, 0.25, 0.4, 0.6, 0.6), encoding="utf-8")
    buyer = PROFILE.format(1, 2, 1, -0.25, 0.5, 0.5, 0.5).replace("'0.9'", f"'{of_buyer}'")
    (folder / "buyer.xml").write_text(buyer, encoding="utf-8")


def test_a_discount_of_genius_takes_of_a_gain_what_genius_takes(tmp_path: Path) -> None:
    # GENIUS pays u x 0.9^(t / 61) in round t of 60, and 0.6 or 0.5 x 0.9^(t / 61) to who signs nothing.
    fair(tmp_path / "in")
    told = run_measures(run(imported(tmp_path / "in", tmp_path)))
    package, surplus = told.package, told.path.surplus
    assert package is not None and surplus is not None and told.round > 1
    price = float(package["price"])
    gains = (0.4 * (package["day"] == "mon") + 0.6 * price / 4 - 0.6, 0.5 * (1 if package["day"] == "tue" else 0.5))
    theirs = gains[0], gains[1] + 0.5 * (1 - price / 4) - 0.5
    left, found = (
        0.9 ** (told.round / 61) / 0.9 ** (1 / 61),
        [surplus.parties[party].gain for party in ("seller", "buyer")],
    )
    assert found == pytest.approx([100 * left * gain for gain in theirs], abs=1e-3)


@pytest.mark.parametrize("kind", sorted(FORMATS))
def test_a_discount_goes_through_each_format_that_has_one_and_is_named_by_the_others(tmp_path: Path, kind: str) -> None:
    fair(tmp_path / "in")
    loaded = load(imported(tmp_path / "in", tmp_path))
    _, losses = export(loaded, kind, tmp_path / kind)
    if kind in ("genius", "negmas"):
        assert not any("waiting" in loss or "rounds" in loss for loss in losses)
        assert read_domain(tmp_path / kind).domain.discount == loaded.scenario.protocol.discount
    else:
        assert any("a discount of 0.998274 a round" in loss for loss in losses)
    if kind == "genius":
        assert '<discount_factor value="0.9" />' in (tmp_path / kind / "01-buyer.xml").read_text("utf-8")
        fewer = load(loaded, ["protocol.deadline=30"])
        assert "that there are 30 rounds" in " ".join(export(fewer, kind, tmp_path / "fewer")[1])


def test_a_discount_that_leaves_nothing_that_can_be_written_is_still_one(tmp_path: Path) -> None:
    loaded = load("toy/split-the-pie", ["protocol.discount=0.5", "protocol.deadline=1100"])
    _, losses = export(loaded, "genius", tmp_path / "out")
    (said,) = [loss for loss in losses if "discount" in loss]
    assert "a discount of 0.5 in each of 1,100 rounds is left out" in said
    found = read_domain(tmp_path / "out").domain
    assert 0 < found.discount < 0.5, "0 would have been none"


def test_discounts_that_differ_are_left_out_by_name_and_what_is_no_discount_is_none(tmp_path: Path) -> None:
    fair(tmp_path / "differ", "0.8")
    found = read_domain(tmp_path / "differ").domain
    assert found.discount == 1 and "buyer.xml 0.8, seller.xml 0.9" in found.losses[0]
    fair(tmp_path / "none", "7")
    assert "buyer.xml 1, seller.xml 0.9" in read_domain(tmp_path / "none").domain.losses[0]


def test_geniusweb_profiles_hold_the_packages_that_were_counted_on_paper(tmp_path: Path) -> None:
    # Ann: low pay 0, high 1; three days 1, four .5, five 0; no less than low pay and three days, .5. Bo the other way.
    (tmp_path / "ann.json").write_text(jobs("Ann", (0, 1), (1, 0), {"pay": "low", "days": "3"}), encoding="utf-8")
    bo = jobs("Bo", (1, 0), (0, 1), {"issuevalues": {"pay": "low", "days": "3"}})
    older = bo.replace("DiscreteValueSetUtilities", "discreteutils").replace("NumberValueSetUtilities", "numberutils")
    (tmp_path / "bo.json").write_text(older, encoding="utf-8")
    assert read_domain(tmp_path).format == "geniusweb"
    # Ann: (low, 3), (high, any); Bo: (low, any), (high, 5).
    assert packages_of(imported(tmp_path, tmp_path)) == {(0, 0), (1, 2)}
    for bid in ({"pay": "none"}, {"hours": "3"}):
        (tmp_path / "bo.json").write_text(jobs("Bo", (1, 0), (0, 1), bid), encoding="utf-8")
        with pytest.raises(
            ScenarioError, match=r"bo.json: the reservation bid names '(pay|hours)': '.*', not an option"
        ):
            read_domain(tmp_path)


def test_negolog_profiles_hold_the_packages_that_were_counted_on_paper(tmp_path: Path) -> None:
    for letter, worth, floor in (("A", (1.0, 0.5, 0.0), 0.5), ("B", (0.0, 0.5, 1.0), 0.75)):
        issues = {"x": dict(zip("abc", worth, strict=True)), "y": {"p": 0.0, "q": 1.0}}
        said = {"reservationValue": floor, "issueWeights": {"x": 0.5, "y": 0.5}, "issues": issues}
        (tmp_path / f"profile{letter}.json").write_text(json.dumps(said), encoding="utf-8")
    assert read_domain(tmp_path).format == "negolog"
    # With q: A has .5 and more throughout, B .75 from b on. With p: A only a, where B has 0.
    assert packages_of(imported(tmp_path, tmp_path)) == {(1, 1), (2, 1)}


def test_a_negmas_folder_holds_the_packages_that_were_counted_on_paper(tmp_path: Path) -> None:
    (tmp_path / "domain.yml").write_text(
        "name: shop\ntype: negmas.outcomes.DiscreteCartesianOutcomeSpace\nissues:\n"
        "- {name: price, type: ContiguousIssue, values: [0, 4]}\n"
        "- {name: kind, type: CategoricalIssue, values: [a, b]}\n",
        encoding="utf-8",
    )
    for name, slope, bias, kinds, floor in (("ann", 1.0, 0.0, (0, 1), 3), ("bo", -1.0, 4.0, (0.5, 0), -1)):
        (tmp_path / f"{name}.yml").write_text(
            f"name: {name}\ntype: LinearAdditiveUtilityFunction\nreserved_value: {floor}\nweights: [1, 2]\nvalues:\n"
            f"- {{type: AffineFun, slope: {slope}, bias: {bias}}}\n"
            f"- {{type: TableFun, mapping: {{a: {kinds[0]}, b: {kinds[1]}}}}}\n",
            encoding="utf-8",
        )
    # Ann: price + 2 for b, at least 3. Bo accepts anything worth -1, so all.
    assert read_domain(tmp_path).format == "negmas"
    assert packages_of(imported(tmp_path, tmp_path)) == {(3, 0), (4, 0), (1, 1), (2, 1), (3, 1), (4, 1)}
    (tmp_path / "imported.yaml").unlink()
    ann = (tmp_path / "ann.yml").read_text("utf-8")
    for found, instead, words in (
        ("weights: [1, 2]", "weights: [1]", "should give weights and values for 2 issues"),
        ("a: 0, ", "", "value of kind.a should be a number"),
    ):
        (tmp_path / "ann.yml").write_text(ann.replace(found, instead), encoding="utf-8")
        with pytest.raises(ScenarioError, match=words):
            read_domain(tmp_path)


def test_a_score_table_with_a_veto_holds_the_packages_that_were_counted_on_paper(tmp_path: Path) -> None:
    table = tmp_path / "port.csv"
    table.write_text(
        "issue;option;Port;Town;Union\nsite;harbour;30;0;10\nsite;river;0;25;10\nwage;same;20;10;0\nwage;more;0;10;20,5\n"
        "threshold;;40;35;30\nveto;;yes;no;\nagreement;2;;;\n",
        encoding="utf-8-sig",
    )
    domain = read_domain(table).domain
    assert (domain.at_least, list(domain.vetoes)) == (2, ["Port"])
    # Port says yes to (harbour, same) with 50 alone, the Town to both at the river, the Union to (any, more) with 30.5.
    assert packages_by_hand(domain) == packages_of(imported(table, tmp_path)) == set()
    table.write_text(table.read_text("utf-8-sig").replace("veto;;yes;no;", "veto;;;yes;"), encoding="utf-8")
    # The Town must be there: (river, more) with the Union.
    assert packages_of(imported(table, tmp_path)) == {(1, 1)}
    written = scores.written(read_domain(table).domain)["scores.csv"].splitlines()
    assert written[-3:] == ["threshold,,40.0,35.0,30.0", "veto,,,yes,", "agreement,2,,,"]


@st.composite
def domains(draw: st.DrawFn) -> Domain:
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    names = ["Größe", "日付", "سعر"]
    issues = {names[place]: [f"option {option}" for option in range(size)] for place, size in enumerate(sizes)}
    score = st.integers(-20, 60).map(lambda number: number / 2)
    profiles = []
    for party in range(draw(st.integers(2, 3))):
        scores = {issue: [draw(score) for _ in options] for issue, options in issues.items()}
        scores[names[0]][0] = max(scores[names[0]]) + 1.5
        own = Profile(f"Party {party}", scores)
        low = own.least() + 0.25
        profiles.append(Profile(own.name, scores, draw(st.sampled_from([low, (low + own.most()) / 2, own.most()]))))
    k = draw(st.sampled_from([None, len(profiles) - 1]))
    return Domain("Round and back", issues, profiles, at_least=k, vetoes=["Party 0"] if k else [])


@settings(max_examples=10, deadline=None)
@given(domain=domains(), kind=st.sampled_from(sorted(FORMATS)))
def test_a_domain_keeps_its_zone_through_every_format_and_back_or_the_loss_is_named(
    tmp_path_factory: pytest.TempPathFactory, domain: Domain, kind: str
) -> None:
    if any(one.most() <= one.least() for one in domain.profiles):
        return
    tmp_path = tmp_path_factory.mktemp("exchange")
    first = tmp_path / "first.yaml"
    first.write_text(scenario_text(checked(domain, "here"), "here"), encoding="utf-8")
    assert packages_of(first) == packages_by_hand(domain)
    _, losses = export(load(first), kind, tmp_path / "out")
    again = imported(tmp_path / "out", tmp_path)
    if kind == "geniusweb" or (domain.at_least is not None and kind != "scores"):
        assert any("left out" in loss for loss in losses[1:])
        return
    assert packages_of(again) == packages_by_hand(domain)


def test_what_a_format_cannot_say_of_a_shipped_scenario_is_named(tmp_path: Path, cli: Cli) -> None:
    done = cli("export", "toy/two-issues", "--format", "genius", "--to", str(tmp_path / "out"))
    assert "left out: 1 red line." in done.stdout
    found = read_domain(tmp_path / "out").domain
    assert [one.name for one in found.profiles] == ["Ira", "Joe"]
    assert len(packages_by_hand(found)) == find_zone(load("toy/two-issues", without=["joe-keeps-the-tree"])).size()


def test_the_command_writes_a_scenario_once_and_says_what_to_do_next(tmp_path: Path, cli: Cli) -> None:
    for letter in "AB":
        said = {"reservationValue": 0, "issueWeights": {"x": 1}, "issues": {"x": {"a": 1, "b": 0}}}
        (tmp_path / f"profile{letter}.json").write_text(json.dumps(said), encoding="utf-8")
    target = tmp_path / "mine.yaml"
    assert f"zone {target}" in cli("import", str(tmp_path), "--to", str(target)).stdout
    before = target.read_bytes()
    again = cli("import", str(tmp_path), "--to", str(target))
    assert again.returncode == 1 and "choose another name" in again.stderr and again.stderr.count("\n") == 1
    assert target.read_bytes() == before


BOMB = "<!DOCTYPE z [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;'>]><utility_space>&b;</utility_space>"
OUTSIDE = "<!DOCTYPE z [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><utility_space>&a;</utility_space>"


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("p.xml", BOMB, "entities"),
        ("p.xml", OUTSIDE, "entities"),
        ("p.xml", "<utility_space><issue", "is not XML"),
        ("p.xml", "<a/>", "no profile"),
        ("p.xml", "<utility_space type='nonlinear'><ufun/></utility_space>", "non-linear"),
        ("p.xml", PROFILE.format(1, 0, 0, 1, "nan", 1, 0), "should be a number, not 'nan'"),
        ("p.xml", PROFILE.format(0, 0, 0, 0, 1, 1, 0), "worth the same"),
        ("p.xml", PROFILE.format(1, 0, 0, 1, 1, 1, 0).replace("linear", "triangular"), "triangular"),
        ("p.xml", PROFILE.format(1, 0, 0, 1, 1, 1, 0).replace("upperbound='4'", "upperbound='4000'"), "--steps"),
        ("p.json", "{", "is not JSON"),
        ("p.json", "[" * 5000 + "]" * 5000, "nested deeper than 100 levels"),
        ("p.json", "{}", "neither a GeniusWeb nor a NegoLog"),
        ("p.json", '{"DefaultPartialOrdering": {}}', "DefaultPartialOrdering"),
        ("p.json", '{"issueWeights": {"x": 1}, "issues": {"x": {"a": "much"}}}', "not 'much'"),
        ("p.json", '{"issueWeights": {"x": 1}, "issues": {"x": {"a": 1}, "x": {"b": 1}}}', "twice"),
        ("p.yml", "issues: 3", "one domain"),
        ("p.csv", "", "should begin with the columns"),
        ("p.csv", "issue,option,Ann\nx,a,1\nx,a,2\n", "twice"),
        ("p.csv", "issue,option,Ann\nx,a\n", "line 2"),
        ("p.csv", "issue,option,A\nthreshold,,1\nThreshold,,2\n", "line 3: 'Threshold' appears twice, first in line 2"),
        ("p.csv", "issue,option,Ann\nveto,,yes\nx,a,1\nveto,,\n", "line 4: 'veto' appears twice, first in line 2"),
        ("p.csv", "issue,option,Ann\nagreement,1,\nagreement,1,\n", "line 3: 'agreement' appears twice"),
        ("p.csv", "issue,option,Ann,Ann\nx,a,1,2\nx,b,2,1\n", "one name"),
        ("p.csv", "issue,option,Ann,Bo\nx,a,1,2\nx,b,2,1\nagreement,3,,\n", "how many of 2"),
        ("p.csv", "issue,option,Ann,Bo\nx,a,1,inf\n", "'inf'"),
        ("p.txt", "x", "known kind"),
        ("p.xml", "<a>" * 100_001, "has 100,001 parts"),
        ("p.json", "[" + "{}," * 60_000, "has 120,001 parts"),
        ("p.csv", "issue,option,Ann\n" + "x,a,1\n" * 40_000, "has 120,003 parts"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence_with_its_file(
    tmp_path: Path, name: str, text: str, words: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(CeasefireError, match=r".") as refused:
        scenario_text(read_domain(tmp_path / name).domain, name)
    assert words in str(refused.value) and str(tmp_path) in str(refused.value), str(refused.value)
    assert "\n" not in str(refused.value)


def test_files_that_are_no_text_or_too_large_or_not_there_are_refused(tmp_path: Path) -> None:
    (tmp_path / "utf16.xml").write_bytes("<a/>".encode("utf-16"))
    with pytest.raises(UnsafeFileError, match="not UTF-8"):
        read_domain(tmp_path / "utf16.xml")
    with (tmp_path / "huge.json").open("wb") as file:
        file.truncate(1_000_000_000)
    with pytest.raises(ScenarioNotFoundError, match="larger than"):
        read_domain(tmp_path / "huge.json")
    (tmp_path / "many").mkdir()
    for party in range(3):
        with (tmp_path / "many" / f"{party}.xml").open("wb") as file:
            file.truncate(900_000)
    with pytest.raises(ScenarioError, match="holds 2,700 kB of files"):
        read_domain(tmp_path / "many")
    with pytest.raises(ScenarioNotFoundError, match="no such file"):
        read_domain(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ScenarioError, match="known kind"):
        read_domain(tmp_path / "empty")


def test_numbers_without_steps_take_as_many_as_are_asked_for(tmp_path: Path) -> None:
    real = PROFILE.replace("type='integer' lowerbound='0' upperbound='4'", "type='real' lowerbound='0' upperbound='1'")
    (tmp_path / "ann.xml").write_text(real.format(1, 0, 0, 1, 1, 1, 0), encoding="utf-8")
    (tmp_path / "bo.xml").write_text(real.format(1, 0, 1, -1, 1, 1, 0), encoding="utf-8")
    with pytest.raises(ScenarioError, match="any number from 0 to 1: say --steps"):
        read_domain(tmp_path)
    assert read_domain(tmp_path, 5).domain.issues["price"] == ["0", "0.25", "0.5", "0.75", "1"]


def test_ids_are_made_of_any_name_and_never_twice() -> None:
    assert list(identifiers(["A b", "a-b", "日", "本"], "issue").values()) == ["a_b", "a_b_2", "issue_3", "issue_4"]


def test_an_export_in_geniusweb_says_that_thresholds_are_left_out() -> None:
    assert "Ira, Joe" in geniusweb.lost(domain_of(load("toy/two-issues")))[0]


def test_an_issue_without_a_status_quo_stands_at_its_first_option(tmp_path: Path) -> None:
    text = "format: 1\ntitle: t\nissues: {x: {options: [b, a]}}\n"
    text += "parties: {p: {name: P, reservation: 0, weights: {x: 1}, values: {x: {a: 0, b: 1}}}}\n"
    (tmp_path / "t.yaml").write_text(text, encoding="utf-8")
    assert load(tmp_path / "t.yaml").scenario.issues["x"].status_quo == "b"
