"""The house rules that a program can check."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import cache
from graphlib import TopologicalSorter
from importlib import import_module
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT

ROOMS = [
    "errors", "given", "files", "overwriting", "markup", "plain", "stakes", "frames", "zone", "talks", "scenario",
    "exchange", "study", "delegation_checks", "sweeps", "classroom", "report", "serve", "cli",
]  # fmt: skip
"""Upper rooms first: a room imports only from rooms above it. `zone` and `talks` never import each other."""
SIM = ROOT / "sim"


@cache
def imports(path: Path) -> set[str]:
    """Modules of `sim` that a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sim."):
            whole = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name for name in whole if SIM.parent.joinpath(*name.split(".")).with_suffix(".py").exists()}
            found |= {node.module} if node.module and len(node.module.split(".")) > 2 else set()
    return found


def modules() -> dict[str, set[str]]:
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): imports(path)
        for path in SIM.rglob("*.py")
        if path.name not in ("__init__.py", "__main__.py")
    }


def test_a_room_imports_only_from_rooms_above_it() -> None:
    wrong = []
    for name, used in modules().items():
        here = name.split(".")[1]
        for other in used:
            there = other.split(".")[1]
            above = ROOMS.index(there) < ROOMS.index(here) and {here, there} != {"zone", "talks"}
            if there != here and not above:
                wrong.append((name, other))
    assert not wrong


def test_no_module_imports_in_a_circle() -> None:
    assert list(TopologicalSorter(modules()).static_order())


def test_sentences_take_nothing_from_the_terminal() -> None:
    terminal = "sim.report.terminal."
    assert not [
        path.name for path in SIM.rglob("*_sentences.py") if any(name.startswith(terminal) for name in imports(path))
    ]


def test_the_package_imports_nothing_from_the_tests_that_are_left_out_of_the_wheel() -> None:
    users = [
        path for path in SIM.rglob("*.py") if re.search(r"^\s*(import|from) tests\b", path.read_text("utf-8"), re.M)
    ]
    assert users == []


def test_only_the_model_imports_mesa() -> None:
    users = [
        path.name for path in SIM.rglob("*.py") if re.search(r"^\s*(import|from) mesa", path.read_text("utf-8"), re.M)
    ]
    assert users == ["model.py"]


def test_files_that_make_random_numbers_are_those_that_the_draws_of_talks_name() -> None:
    makes = r"np\.random|\bqmc\b|random_state|^\s*(import|from) (random|secrets|uuid)\b"
    users = {
        path.relative_to(SIM).as_posix()
        for path in SIM.rglob("*.py")
        if re.search(makes, path.read_text("utf-8"), re.M)
    }
    said = ast.get_docstring(ast.parse((SIM / "talks/draws.py").read_text("utf-8"))) or ""
    assert users == {*re.findall(r"`(\w+/\w+\.py)`", said), "talks/draws.py"}


def test_importing_sim_and_checking_a_scenario_loads_nothing_heavy() -> None:
    code = (
        "import sys, sim; sim.load('toy/two-issues'); sim.find_zone;"
        "heavy = {'mesa', 'matplotlib', 'pandas', 'scipy', 'starlette', 'uvicorn'} & set(sys.modules);"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


DRAWING = {"mesa", "matplotlib", "pandas", "starlette", "uvicorn"}
HEAVY = DRAWING | {"scipy", "numpy.ma", "multiprocessing"}
DRAWS = {"scipy", "numpy.ma"}
"""What weights are drawn with."""
CLASHING = (
    'zone toy/two-issues --set red_lines=[{"id":"a","party":"joe","requires":{"tree":["trimmed"]},'
    '"basis":"assumption"},{"id":"b","party":"ira","requires":{"tree":["felled"]},"basis":"assumption"}]'
)


@pytest.mark.parametrize(
    ("command", "heavy"),
    [
        ("zone toy/two-issues --json", HEAVY - DRAWS | {"sim.talks.state", "sim.study.run", "sim.cli.sweep"}),
        ("zone toy/two-issues", HEAVY - DRAWS | {"sim.talks.state", "sim.study.run", "sim.study.score"}),
        pytest.param(CLASHING, HEAVY | {"sim.talks.state", "sim.study.run", "sim.study.score"}, id="zone clashing"),
        ("check toy/two-issues", HEAVY | {"sim.zone.region"}),
        ("explain ira --scenario toy/two-issues", HEAVY),
        ("robust toy/two-issues --draws 20", DRAWING | {"sim.talks.state"}),
        ("stable toy/two-issues", DRAWING),
        ("run toy/two-issues --quiet", HEAVY - DRAWS | {"sim.talks.model", "sim.cli.sweep"}),
        ("run toy/two-issues --quiet --runs 20 --talks-only", HEAVY - DRAWS | {"sim.talks.model"}),
    ],
)
def test_a_command_loads_nothing_heavy_that_it_has_no_use_for(command: str, heavy: set[str], tmp_path: Path) -> None:
    code = (
        "import os, sys\n"
        f"sys.argv = ['ceasefire', *{command.split()!r}]\n"
        "from sim.cli.main import main\n"
        "try:\n    main()\n"
        "except SystemExit as ended:\n    assert not ended.code\n"
        f"loaded = {heavy!r} & set(sys.modules); assert not loaded, loaded\n"
        "tasks = '/proc/self/task'\n"
        "assert not os.path.exists(tasks) or len(os.listdir(tasks)) == 1, 'threads were started, for nothing'"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path, stdout=subprocess.DEVNULL)


def test_no_validator_is_built_before_a_file_is_checked() -> None:
    code = (
        "import sim.scenario.loader; from sim.scenario.schema_part import Part;"
        "built = [p.__name__ for p in Part.__subclasses__() if p.__pydantic_complete__]; assert not built, built"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_a_command_looks_for_garbage_seldom_and_not_at_all_once_it_ends(tmp_path: Path) -> None:
    code = (
        "import atexit, gc, sys; atexit.register(lambda: print(gc.get_freeze_count(), len(seen), file=sys.stderr));"
        "sys.argv = ['ceasefire', 'zone', 'toy/two-issues', '--json']; from sim.cli.main import main;"
        "seen = []; gc.callbacks.append(lambda phase, info: seen.append(phase)); main()"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path, capture_output=True, text=True)
    frozen, looks = map(int, done.stderr.split())
    assert frozen > 10_000, "the last looks of an ending process have something to go through"
    assert looks < 10, "half of these, for each has a start and a stop; a hundred and more by Python's own measure"


def test_every_command_stands_in_a_group_under_which_it_is_found() -> None:
    from typer.main import get_group

    from sim.cli.app import app
    from sim.cli.groups import GROUPS
    from sim.cli.main import register

    register([])
    for path in (SIM / "cli").glob("*.py"):
        import_module(f"sim.cli.{path.stem}")
    assert set(get_group(app).commands) == {name for group in GROUPS.values() for name in group}


def test_no_party_or_issue_of_a_shipped_scenario_is_named_in_the_engine() -> None:
    base = yaml.safe_load((ROOT / "scenarios/base/ukraine-war.yaml").read_text("utf-8"))
    words = {"russia", "ukraine", "europe", "kyiv", "moscow", "nato", "united states"}
    words |= {word for word in base["issues"] if "_" in word}
    for path in SIM.rglob("*.py"):
        text = path.read_text("utf-8").lower()
        assert not [word for word in words if re.search(rf"\b{word}\b", text)], path


SHIPPED = (".py", ".yaml", ".md", ".html", ".css", ".js", ".ipynb")
REFUSED = "realistic|best deal|fair deal|kiev|special operation|regime|rebels|separatists|probability of peace"


@pytest.mark.parametrize("folder", ["sim", "scenarios", "docs", "README.md"])
def test_shipped_text_keeps_to_the_wording_rules(folder: str) -> None:
    place = ROOT / folder
    files = [place] if place.is_file() else [p for p in place.rglob("*") if p.suffix in SHIPPED]
    assert files
    for path in files:
        said = path.read_text("utf-8").replace(
            "foreign-imposed regime change", ""
        )  # in the title of a work that is cited
        assert not re.search(REFUSED, said, re.I), path


def test_every_file_of_the_package_says_what_it_is_for() -> None:
    for path in SIM.rglob("*.py"):
        assert ast.get_docstring(ast.parse(path.read_text("utf-8"))), path


def test_no_test_is_judged_by_a_clock() -> None:
    clock = re.compile(
        r"\b(monotonic|perf_counter|process_time|thread_time)\b|performance\.now|timeout=\d|time\.time\("
    )
    apart = {"benchmarks", "waiting.py", "test_house.py", "test_serve_load.py"}  # the last tells times, judges none
    files = [path for path in (ROOT / "tests").rglob("*.py") if not apart & set(path.relative_to(ROOT / "tests").parts)]
    assert len(files) > 40
    assert not [path.name for path in files if clock.search(path.read_text("utf-8"))]


def test_folders_of_tests_are_named_like_the_rooms() -> None:
    folders = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders <= {*ROOMS, "docs", "benchmarks", "cases"}


def test_printed_commands_are_quoted_in_one_place_that_knows_windows_too() -> None:
    for path in SIM.rglob("*.py"):
        assert "shlex" not in path.read_text("utf-8"), f"{path}: use sim.markup.command_line"


@pytest.mark.parametrize("path", sorted((ROOT / "tests/benchmarks").glob("*.py")), ids=lambda path: path.stem)
def test_a_benchmark_finds_what_it_measures(path: Path) -> None:
    import_module(f"tests.benchmarks.{path.stem}")  # they are run by hand, so a name that is gone would go unseen
