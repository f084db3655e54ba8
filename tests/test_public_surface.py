"""What `from sim import …` gives: every name, typed, and every form in which a scenario and its changes may come."""

from __future__ import annotations

import ast
import inspect
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from tests.conftest import ROOT

PROMISED = {
    "NegotiationModel", "Offers", "PartyAgent", "Replies", "analyse", "check_delegation", "conduct", "conflicts",
    "find_zone", "load", "negotiate", "ranking", "relaxations", "run", "run_many", "sweep", "to_ema", "tournament",
    "write_report",
}  # fmt: skip
SLUG = "toy/two-issues"
PATH = ROOT / "scenarios/toy/two-issues.yaml"
FORMS: dict[str, Callable[[], Any]] = {
    "slug": lambda: SLUG,
    "path": lambda: PATH,
    "path as text": lambda: str(PATH),
    "loaded": lambda: sim.load(SLUG),
}
TAKING: dict[str, Callable[[Any], Any]] = {
    "load": lambda given: sim.load(given).scenario,
    "find_zone": lambda given: sim.find_zone(given).size(),
    "conflicts": lambda given: sim.conflicts(given).bits,
    "relaxations": lambda given: sim.relaxations(given).bits,
    "negotiate": lambda given: sim.negotiate(given, 3, seed=1).ended.tolist(),
    "run": lambda given: sim.run(given, seed=1).measures()["round"],
    "NegotiationModel": lambda given: sim.NegotiationModel(given, seed=1).round,
    "sweep": lambda given: sim.sweep(given, ["protocol.deadline=2,4"], kind="grid").loaded.scenario,
    "tournament": lambda given: sim.tournament(given, ["linear", "conceder"], runs=2).agreed.tolist(),
}
OF_A_CASE = {"find_zone", "conflicts", "relaxations", "negotiate", "NegotiationModel"}


def python(code: str, *options: str) -> str:
    """What a fresh process prints."""
    done = subprocess.run([sys.executable, *options, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def errors() -> set[str]:
    """The classes of the error tree."""
    tree = ast.parse((ROOT / "sim/errors.py").read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.ClassDef)}


def test_the_surface_is_what_is_promised_and_the_whole_error_tree() -> None:
    assert set(sim.__all__) == PROMISED | errors() | {"BANNER", "__version__"}
    assert set(sim.__all__) <= set(dir(sim))


@pytest.mark.slow
def test_every_public_name_is_there_before_anything_else_of_sim() -> None:
    code = (
        "import os, matplotlib, mesa, scipy.special\n"  # what others wrote need not be imported again for each name
        f"for name in {[*sorted(PROMISED), 'ScenarioError', '*']}:\n"
        "    child = os.fork()\n"
        "    if not child:\n"
        "        exec(f'from sim import {name}')\n"
        "        os._exit(0)\n"
        "    assert os.waitpid(child, 0)[1] == 0, name\n"
    )
    if not hasattr(os, "fork"):
        pytest.skip("a fresh process for each name takes too long here")
    python(code)


def test_every_public_name_says_what_it_is_for() -> None:
    for name in PROMISED | errors():
        assert inspect.getdoc(getattr(sim, name)), name
        assert getattr(sim, name).__name__ == name


def test_what_editors_see_is_where_python_finds_it() -> None:
    (block,) = [
        node
        for node in ast.parse((ROOT / "sim/__init__.py").read_text("utf-8")).body
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    ]
    seen = {alias.name: node.module for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert set(seen) == set(sim.__all__) - {"BANNER", "__version__"}
    for name, module in seen.items():
        assert getattr(sim, name) is getattr(import_module(str(module)), name), name


def test_a_name_that_there_is_not_is_refused_as_python_does() -> None:
    with pytest.raises(AttributeError, match="module 'sim' has no attribute 'lod'"):
        sim.lod  # type: ignore[attr-defined]  # noqa: B018


def test_no_room_is_called_like_a_public_name() -> None:
    rooms = {path.stem for path in (ROOT / "sim").iterdir()}
    assert "sweeps" in rooms and not rooms & set(sim.__all__)


@pytest.mark.parametrize(
    "before", ["", "import sim.sweeps.sweep", "from sim.sweeps import regions", "from sim import sweep"]
)
def test_sweep_is_the_function_whatever_of_its_room_was_imported(before: str) -> None:
    code = "from sim import sweep; import sim, sim.sweeps.design; from sim.sweeps.sweep import sweep as one"
    printed = python(f"{before}\n{code}\nprint(sim.sweep is one is sweep, sweep.__name__)")
    assert printed == "True sweep\n"


def test_importing_sim_imports_nothing_of_its_own() -> None:
    printed = python("import sim, sys; print([name for name in sys.modules if name.startswith(('sim.', 'numpy'))])")
    assert printed == "[]\n"


TYPED = """\
from pathlib import Path

from sim import NegotiationModel, PartyAgent, Replies, ScenarioError, find_zone, load, negotiate, run, sweep
import sim

loaded = load("toy/two-issues", {"protocol.deadline": 12})
reveal_type(loaded)
reveal_type(find_zone(loaded))
reveal_type(find_zone(Path("mine.yaml")).size())
reveal_type(run("toy/two-issues").model)
reveal_type(negotiate(loaded, 5).ended)
reveal_type(sweep(loaded, ["protocol.deadline=2:4"]))
reveal_type(sim.sweep("toy/two-issues", {"protocol.deadline": [2, 4]}).runs)
reveal_type(ScenarioError("x").where)


class Mine(PartyAgent):
    pass


model: NegotiationModel = run(loaded, agents={"joe": Mine}).model
sim.lod
sim.run(5)
"""
SEEN = [
    "sim.scenario.loader.Loaded",
    "sim.zone.region.Zone",
    "int",
    "sim.study.model.NegotiationModel",
    "numpy.ndarray",
    "sim.sweeps.sweep.Sweep",
    "int",
    "str",
]


@pytest.mark.slow
def test_a_type_checker_sees_real_types_and_nothing_that_is_not_there(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    assert (ROOT / "sim/py.typed").exists()
    script = tmp_path / "script.py"
    script.write_text(TYPED, encoding="utf-8")
    options = ["--strict", "--follow-imports=silent", "--cache-dir", str(tmp_path / "cache")]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options, str(script)],
        cwd=tmp_path,
        env=os.environ | {"MYPYPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    said = [line.split("script.py:")[1] for line in done.stdout.splitlines() if "script.py:" in line]
    revealed = [line.split('"')[1] for line in said if "Revealed type" in line]
    assert len(revealed) == len(SEEN), done.stdout + done.stderr
    for found, wanted in zip(revealed, SEEN, strict=True):
        assert found.removeprefix("builtins.").startswith(wanted), done.stdout
    wrong = [line for line in said if "error:" in line]
    assert ["attr-defined" in wrong[0], "arg-type" in wrong[1], len(wrong)] == [True, True, 2], wrong


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", TAKING)
def test_a_scenario_is_taken_in_every_form(name: str, form: str) -> None:
    assert TAKING[name](FORMS[form]()) == TAKING[name](sim.load(SLUG))


@pytest.mark.parametrize("name", TAKING)
def test_a_case_is_taken_where_nothing_else_of_a_scenario_is_needed(name: str) -> None:
    case = sim.load(SLUG).case
    if name in OF_A_CASE:
        assert TAKING[name](case) == TAKING[name](SLUG)
    else:
        with pytest.raises(sim.ArgumentError, match="not a Case"):
            TAKING[name](case)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (None, "None"), (5, "an int"), (0.5, "a float"), ([SLUG, 5], "an int"), ({}, ""), (b"toy", "an int"),
        (object(), "an object"), (sim, "a module"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", TAKING)
def test_what_stands_for_no_scenario_is_refused_in_one_sentence(name: str, given: Any, said: str) -> None:
    with pytest.raises(sim.CeasefireError) as caught:
        TAKING[name](given)
    assert "\n" not in str(caught.value)
    if name == "tournament" and given == {}:
        assert "a tournament needs a scenario" in str(caught.value)
        return
    if name != "tournament":  # which takes several
        said = {list: "a list", dict: "a dict", bytes: "a bytes"}.get(type(given), said)
    assert isinstance(caught.value, sim.ArgumentError) and isinstance(caught.value, TypeError)
    assert str(caught.value) == f"a scenario is a slug, a path or what sim.load returns, not {said}"


@pytest.mark.parametrize("given", ["", "toy/two-isues", Path("nowhere.yaml")])
@pytest.mark.parametrize("name", TAKING)
def test_a_name_of_nothing_is_not_found_wherever_it_is_given(name: str, given: Any) -> None:
    with pytest.raises(sim.ScenarioNotFoundError, match="no scenario file and no scenario called"):
        TAKING[name](given)


def texts() -> Iterable[str]:
    yield "protocol.deadline=7"
    yield "parties.ira.reservation=12.5"


@pytest.mark.parametrize(
    "given",
    [
        {"protocol.deadline": 7, "parties.ira.reservation": 12.5},
        {"protocol.deadline": np.int64(7), "parties.ira.reservation": np.float64(12.5)},
        ["protocol.deadline=7", "parties.ira.reservation=12.5"],
        ("protocol.deadline=7", "parties.ira.reservation=12.5"),
        texts(),
    ],
)
def test_changes_are_taken_as_a_mapping_and_as_texts(given: Any) -> None:
    loaded = sim.load(SLUG, given)
    assert loaded.changes == ("protocol.deadline=7", "parties.ira.reservation=12.5")
    assert loaded.case.protocol.deadline == 7 and loaded.scenario.parties["ira"].reservation == 12.5


@pytest.mark.parametrize("given", ["protocol.deadline=7", {"protocol.deadline": 7}])
def test_one_text_is_one_change_in_a_loaded_scenario_and_in_a_sweep(given: Any) -> None:
    assert sim.load(sim.load(SLUG), given).case.protocol.deadline == 7
    assert sim.load(sim.load(SLUG, "protocol.deadline=3"), given).changes[-1] == "protocol.deadline=7"
    assert sim.sweep(SLUG, "parties.ira.reservation=20:40", changes=given).loaded.case.protocol.deadline == 7


def test_a_mapping_holds_lists_words_and_nothing_at_all() -> None:
    path = "parties.ira.roles"
    assert sim.load(SLUG, {path: ["signatory", "observer"]}).scenario.parties["ira"].roles == ["signatory", "observer"]
    assert sim.load(SLUG, {"title": "no"}).scenario.title == "no"
    assert sim.load(SLUG, {"about": None}).changes == ("about=null",)


def test_no_changes_leave_a_loaded_scenario_as_it_is() -> None:
    loaded = sim.load(SLUG)
    assert sim.load(loaded) is loaded


def test_one_text_is_one_red_line_left_out() -> None:
    for without in ("russia-no-nato", ["russia-no-nato"]):
        loaded = sim.load("2025-03-truce-offer", without=without)
        assert loaded.without == ("russia-no-nato",)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (None, "should be PATH=VALUE texts or a mapping of paths to values, not None"),
        (5, "should be PATH=VALUE texts or a mapping of paths to values, not an int"),
        ([5], "should be PATH=VALUE texts or a mapping of paths to values, but an int is among them"),
        ([("protocol.deadline", 5)], "should be PATH=VALUE texts .*, but a tuple is among them"),
        ({3: 5}, "a path is a text such as protocol.deadline, not 3"),
        ({"protocol.deadline=5": 5}, "a path is a text such as protocol.deadline, not 'protocol.deadline=5'"),
        ({"protocol.deadline": object()}, "protocol.deadline cannot be an object, which YAML has no word for"),
        ({"protocol.deadline": {5}}, "protocol.deadline cannot be a set, which YAML has no word for"),
    ],
)
def test_what_stands_for_no_changes_is_refused_in_one_sentence(given: Any, said: str) -> None:
    for call in (
        lambda: sim.load(SLUG, given),
        lambda: sim.load(sim.load(SLUG), given),
        lambda: sim.sweep(SLUG, ["protocol.deadline=2:4"], changes=given),
    ):
        with pytest.raises(sim.ArgumentError, match=f"^changes: {said}$"):
            call()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("protocol.deadline", "wants PATH=VALUE"),
        ("", "wants PATH=VALUE"),
        ({"protocol.deadlin": 5}, "deadlin"),
        ({"protocol.deadline": "five"}, "protocol.deadline"),
        ({"parties.ira.reservation": float("nan")}, "parties.ira.reservation"),
    ],
)
def test_changes_that_mean_nothing_get_the_loaders_words(given: Any, said: str) -> None:
    with pytest.raises(sim.ScenarioError, match=said) as caught:
        sim.load(SLUG, given)
    assert not isinstance(caught.value, sim.ArgumentError)


SEEDED: dict[str, Callable[[Any], Any]] = {
    "run": lambda seed: sim.run(SLUG, seed=seed).measures(),
    "run_many": lambda seed: sim.run_many(SLUG, 3, seed=seed).measures(),
    "negotiate": lambda seed: sim.negotiate(SLUG, 3, seed=seed).to_frame(sim.load(SLUG).case).to_dict(),
    "tournament": lambda seed: sim.tournament(SLUG, "linear", runs=1, seed=seed).scores.tolist(),
    "NegotiationModel": lambda seed: sim.NegotiationModel(SLUG, seed=seed).seed,
}


@pytest.mark.parametrize(
    ("given", "said"),
    [(-1, "-1"), (1.5, "1.5"), (True, "True"), ("1", "a str"), (None, "None"), ([1], "a list"), (-(2**200), "an int")],
)
@pytest.mark.parametrize("name", SEEDED)
def test_a_seed_that_is_none_is_refused_before_anything_is_played(name: str, given: Any, said: str) -> None:
    if (name, given) == ("NegotiationModel", None):  # which stands for a seed of Mesa's choice
        return
    with pytest.raises(sim.ArgumentError, match=f"^seed: a whole number from 0 on is wanted, not {re.escape(said)}$"):
        SEEDED[name](given)


@pytest.mark.parametrize("name", SEEDED)
def test_a_seed_of_numpys_kind_is_the_number_it_is_and_one_too_large_is_refused(name: str) -> None:
    assert SEEDED[name](np.int64(4)) == SEEDED[name](4)
    with pytest.raises(sim.ArgumentError, match=r"^seed: should be 9,223,372,036,854,775,807 at most, not 9,2"):
        SEEDED[name](2**63)


@pytest.mark.parametrize("given", [3, np.int64(3), np.array([2, 0, 1]), [0, 1, 2], range(3), np.arange(3, dtype="u1")])
def test_runs_are_a_count_or_numbers_of_either_kind(given: Any) -> None:
    found = sim.negotiate(SLUG, given, block=np.int64(2))  # type: ignore[arg-type]
    assert found.ended[np.argsort(found.runs)].tolist() == sim.negotiate(SLUG, 3).ended.tolist()
    if not isinstance(given, int | np.integer):
        with pytest.raises(sim.ArgumentError, match=r"^runs: a whole number from 1 on is wanted"):
            sim.run_many(SLUG, given)  # for shares would count a run twice whose number stands there twice
    else:
        assert sim.run_many(SLUG, given).measures()["runs"] == 3


@pytest.mark.parametrize("given", [0, -1, 1.5, 2.0, "5", None, True, 10**12, 2**70, np.array(3.0), np.array([1.0])])
@pytest.mark.parametrize("more", [{}, {"drawn": "weights"}, {"agents": {"ira": sim.PartyAgent}}])
def test_a_count_of_runs_that_cannot_be_played_is_refused(given: Any, more: dict[str, Any]) -> None:
    with pytest.raises(sim.ArgumentError, match=r"^runs: (a whole number from|should be 10,000,000 at most)"):
        sim.run_many(SLUG, given, **more)
    if "drawn" not in more:
        with pytest.raises(sim.ArgumentError, match=r"^runs: (a whole number from|should be 10,000,000 at most)"):
            sim.negotiate(SLUG, given, **more)


@pytest.mark.parametrize("given", [[], [-1], [[1, 2]], [1.5], ["1"], [None], [2**62], np.array([[1]]), np.array([-1])])
def test_numbers_that_are_of_no_run_are_refused(given: Any) -> None:
    with pytest.raises(sim.ArgumentError, match=r"^runs: "):
        sim.negotiate(SLUG, given)


READ: dict[str, Callable[..., Any]] = {
    "size": lambda *asked: sim.find_zone(SLUG).size(*asked),
    "exists": lambda *asked: sim.find_zone(SLUG).exists(*asked),
    "to_frame": lambda *asked: sim.find_zone(SLUG).to_frame(*asked),
    "conflicts": lambda *asked: sim.conflicts(SLUG, *asked),
    "relaxations": lambda *asked: sim.relaxations(SLUG, *asked),
    "Batch": lambda reading, *_: sim.run_many(SLUG, 2).exists(reading),
    "drawn Batch": lambda reading, *_: sim.run_many(SLUG, 2, drawn="weights").exists(reading),
}


@pytest.mark.parametrize("name", READ)
def test_a_reading_or_a_zone_that_there_is_not_is_refused_with_the_nearest(name: str) -> None:
    with pytest.raises(sim.ArgumentError, match=r'^reading: there is no "ture" \(did you mean "true"\?\)$'):
        READ[name]("ture")
    for given, said in ((None, "None"), (1, "an int"), (["true"], "a list"), (np.array([1, 2]), "a ndarray")):
        with pytest.raises(sim.ArgumentError, match=f"^reading: should be one of declared, true.*, not {said}$"):
            READ[name](given)
    if "Batch" not in name:
        with pytest.raises(sim.ArgumentError, match=r'^zone: there is no "foo" \(one of: ceasefire, settlement\)$'):
            READ[name]("declared", "foo")
        with pytest.raises(sim.ArgumentError, match=r"^zone: should be one of ceasefire, settlement, not a list$"):
            READ[name]("declared", [])


@pytest.mark.parametrize(
    "call",
    [
        lambda: sim.find_zone(SLUG, largest="x"),  # type: ignore[arg-type]
        lambda: sim.find_zone(SLUG, largest=None),  # type: ignore[arg-type]
        lambda: sim.find_zone(SLUG, 5),  # type: ignore[arg-type]
        lambda: sim.find_zone(SLUG).size(without="x"),  # type: ignore[arg-type]
        lambda: sim.run(SLUG, agents=5),  # type: ignore[arg-type]
        lambda: sim.run(SLUG, agents=np.array([1, 2])),  # type: ignore[arg-type]
        lambda: sim.run(SLUG, search="x"),  # type: ignore[arg-type]
        lambda: sim.run(SLUG, progress=None),  # type: ignore[arg-type]
        lambda: sim.run_many(SLUG, 2, agents=[5]),  # type: ignore[arg-type]
        lambda: sim.run_many(SLUG, 2, drawn="wieghts"),  # type: ignore[arg-type]
        lambda: sim.run_many(SLUG, 2).results.to_frame(SLUG),  # type: ignore[arg-type]
        lambda: sim.negotiate(SLUG, 2, agents="x"),  # type: ignore[arg-type]
        lambda: sim.negotiate(SLUG, 2, block=-1),
        lambda: sim.negotiate(SLUG, 2, block=0),
        lambda: sim.negotiate(SLUG, 2, block=1.5),  # type: ignore[arg-type]
        lambda: sim.negotiate(SLUG, 2, progress=5),  # type: ignore[arg-type]
        lambda: sim.NegotiationModel(SLUG, run=-1),
        lambda: sim.NegotiationModel(SLUG, agents=5),  # type: ignore[arg-type]
        lambda: sim.tournament(SLUG, "linear", runs="x"),  # type: ignore[arg-type]
        lambda: sim.tournament(SLUG, {"mine": 5}),  # type: ignore[dict-item]
        lambda: sim.ranking(3),  # type: ignore[arg-type]
        lambda: sim.check_delegation(sim.PartyAgent, SLUG, deadline="x"),  # type: ignore[arg-type]
        lambda: sim.sweep(SLUG, "protocol.deadline=2,4", table=5),  # type: ignore[arg-type]
        lambda: sim.sweep(SLUG, "protocol.deadline=2,4", kind=np.array([1, 2])),  # type: ignore[arg-type]
        lambda: sim.sweep(SLUG, "protocol.deadline=2,4", common="no"),  # type: ignore[arg-type]
        lambda: sim.sweep(SLUG, "protocol.deadline=2,4", agents=5),  # type: ignore[arg-type]
        lambda: sim.conduct(sim.sweep(SLUG, "protocol.deadline=2,4"), 5),  # type: ignore[arg-type]
        lambda: sim.conduct(sim.sweep(SLUG, "protocol.deadline=2,4"), "nowhere", workers=0),
        lambda: sim.conduct(sim.sweep(SLUG, "protocol.deadline=2,4"), "nowhere", executor=5),  # type: ignore[arg-type]
        lambda: sim.analyse(5),  # type: ignore[arg-type]
        lambda: sim.to_ema(None),  # type: ignore[arg-type]
        lambda: sim.write_report(sim.run(SLUG), None),  # type: ignore[arg-type]
    ],
)
def test_an_argument_of_the_wrong_kind_is_refused_in_one_sentence(call: Callable[[], Any]) -> None:
    with pytest.raises(sim.ArgumentError) as caught:
        call()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "call",
    [
        lambda text: sim.load(text),
        lambda text: sim.load(SLUG, {"title": text}),
        lambda text: sim.load(SLUG, {"title": text.replace("xx", "x ")}),
        lambda text: sim.load(SLUG, {text: 5}),
        lambda text: sim.load(SLUG, {f"parties.{text}.reservation": 5}),
        lambda text: sim.load(SLUG, without=text),
        lambda text: sim.run(SLUG, agents={text: sim.PartyAgent}),
        lambda text: sim.conflicts(SLUG, text),
        lambda text: sim.sweep(SLUG, f"{text}=1:2"),
        lambda text: sim.sweep(SLUG, "protocol.deadline=2,4", kind=text),
        lambda text: sim.tournament(SLUG, text),
        lambda text: sim.analyse(text),
        lambda text: sim.conduct(sim.sweep(SLUG, "protocol.deadline=2,4", kind="grid"), text),
        lambda text: sim.write_report(SLUG, text),
    ],
)
def test_a_message_quotes_no_more_than_somebody_reads(call: Callable[[str], Any]) -> None:
    with pytest.raises(sim.CeasefireError) as caught:
        call("x" * 100_000)
    assert len(str(caught.value)) < 2_000 and "\n" not in str(caught.value)


@pytest.mark.parametrize(("given", "said"), [(5, "not an int"), ([5], "an int is among them"), (None, "not None")])
def test_what_stands_for_no_red_lines_is_refused(given: Any, said: str) -> None:
    with pytest.raises(sim.ArgumentError, match=f"^without: should be ids of red lines, .*{said}$"):
        sim.load(SLUG, without=given)


@pytest.mark.parametrize(
    "vary",
    [
        "protocol.deadline=2,4",
        ["protocol.deadline=2,4"],
        {"protocol.deadline": [2, 4]},
        {"protocol.deadline": {"low": 2, "high": 4, "step": 2}},
    ],
)
def test_what_a_sweep_varies_is_taken_as_texts_and_as_a_sweep_file_says_it(vary: Any) -> None:
    made = sim.sweep(SLUG, vary, kind="grid")
    assert [factor.plain() for factor in made.factors] == [{"values": [2, 4]}]


@pytest.mark.parametrize(
    ("vary", "error"),
    [
        (5, sim.ArgumentError),
        ([5], sim.ArgumentError),
        ({5: [1, 2]}, sim.ArgumentError),
        ({"protocol.deadline": 5}, sim.ScenarioError),
        (None, sim.ScenarioError),
    ],
)
def test_what_a_sweep_cannot_vary_is_refused(vary: Any, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        sim.sweep(SLUG, vary)
    assert "\n" not in str(caught.value)


def test_a_sweep_is_conducted_and_analysed_by_the_name_of_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "sweep"
    done = sim.conduct(sim.sweep(sim.load(SLUG), "protocol.deadline=2,4", kind="grid"), str(folder))
    told = [sim.analyse(given).measures for given in (done.folder, folder, str(folder))]
    assert told[0] == told[1] == told[2]
    with pytest.raises(sim.ArgumentError, match="known by its folder, not by None"):
        sim.analyse(None)  # type: ignore[arg-type]
    with pytest.raises(sim.ArgumentError, match=r"what sim\.sweep returns, not a str"):
        sim.conduct(SLUG, folder)  # type: ignore[arg-type]
    with pytest.raises(sim.ScenarioNotFoundError, match="holds no sweep"):
        sim.analyse(tmp_path)


def test_entrants_are_taken_by_name_and_as_classes() -> None:
    class Same(sim.PartyAgent):
        pass

    played = sim.tournament([SLUG, PATH], ["linear", Same], runs=1)
    assert played.names == ("linear", "Same") and len(played.bouts) == 2
    assert sim.tournament(SLUG, "linear", runs=1).names == ("linear",)
    with pytest.raises(sim.ScenarioError, match='did you mean "linear"'):
        sim.tournament(SLUG, ["liner"])
    with pytest.raises(sim.ArgumentError, match="subclasses of PartyAgent, not an int"):
        sim.tournament(SLUG, [5])  # type: ignore[list-item]


@pytest.mark.parametrize("form", FORMS)
def test_a_report_of_a_scenario_is_that_of_its_first_run(form: str, tmp_path: Path) -> None:
    page = sim.write_report(FORMS[form](), tmp_path / "page.html")
    same = sim.write_report(sim.run(FORMS[form]()), str(tmp_path / "same.html"))
    assert page.read_bytes() == same.read_bytes()


def test_a_report_is_refused_for_what_is_no_result() -> None:
    with pytest.raises(sim.ArgumentError, match="a run, a folder of results or a scenario, not of None"):
        sim.write_report(None, "page.html")  # type: ignore[arg-type]


def test_the_conformance_suite_takes_scenarios_in_any_form() -> None:
    sim.check_delegation(sim.PartyAgent, sim.load("toy/split-the-pie"))
    with pytest.raises(sim.ConformanceError, match="None is not a subclass of PartyAgent"):
        sim.check_delegation(None, ["toy/split-the-pie"])  # type: ignore[arg-type]
    with pytest.raises(sim.ArgumentError):
        sim.check_delegation(sim.PartyAgent, 5)  # type: ignore[arg-type]


def test_a_run_holds_the_model_that_the_name_stands_for() -> None:
    assert isinstance(sim.run(SLUG).model, sim.NegotiationModel)
