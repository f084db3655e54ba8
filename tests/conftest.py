"""Shared fixtures: scenarios written by a test, and the command line, as a real process and in this one."""

from __future__ import annotations

import gc
import inspect
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from sim.cli.main import YOUNG
from sim.report.pictures import colours
from tests.console import called
from tests.waiting import NET

# A shared machine may pause anywhere, so no deadline. `HYPOTHESIS_PROFILE=thorough` looks ten times as long as a whole
# run does, which looks four times as long as the quick tests alone.
for name, examples in {"quick": 10, "fast": 40, "thorough": 400}.items():
    settings.register_profile(name, max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def pytest_configure(config: pytest.Config) -> None:
    """Look as long as was asked for, and for garbage as seldom as a command does."""
    usual = "quick" if "not scenario" in config.option.markexpr else "fast"
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", usual))
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])


ROOT = Path(__file__).resolve().parent.parent
Cli = Callable[..., "subprocess.CompletedProcess[str]"]
Write = Callable[..., str]

E2E = (
    "classroom/test_class_tournament.py", "classroom/test_damaged_files.py", "classroom/test_grading.py",
    "classroom/test_one_bad_file.py", "classroom/test_play.py", "cli/", "docs/",
    "report/test_browser.py", "report/test_report.py", "report/test_sweep_report.py",
    "study/test_tactics_tournament.py", "sweeps/test_sweep_analysis.py", "sweeps/test_sweep_cli.py",
    "sweeps/test_sweep_run.py", "talks/test_delegations.py", "talks/test_docking.py", "test_damaged_results.py",
    "test_files.py", "test_hostile.py", "test_public_surface.py",
)  # fmt: skip
"""Where whole games, pages, browsers, sweeps, tournaments and engines run; so does each test that asks for `cli` or
`process`, which run commands."""
SCENARIO = (
    "classroom/test_exercises.py", "report/test_batch_report.py", "scenario/test_evidence.py",
    "scenario/test_face_validity.py", "scenario/test_library.py", "scenario/test_twins.py", "study/test_many.py",
    "talks/test_credible_steps.py", "talks/test_how_talks_end.py", "zone/test_known_counts.py",
    "zone/test_rereading.py",
)  # fmt: skip
"""Where every test is of large shipped cases; so is every test whose code, with its fixtures, parameters and the
constants it names, names a dated one or a fictional twin."""
DATED = re.compile(r"\b20\d\d-(\d\d-)?[a-z]|\bfictional/")
CONSTANT = re.compile(r"\b[A-Z][A-Z_]+\b")


source = cache(inspect.getsource)


def lines(item: pytest.Item) -> str:
    """A test's code and that of the fixtures made for it, the texts they name, its own name with its parameters."""
    if not isinstance(item, pytest.Function):
        return item.name
    made = [one.func for found in item._fixtureinfo.name2fixturedefs.values() for one in found]
    ours = [item.function, *(func for func in made if func.__module__.startswith("tests."))]
    code = "".join(map(source, ours))
    texts = (getattr(item.module, name, "") for name in CONSTANT.findall(code))
    return " ".join([item.name, code, *(text for text in texts if isinstance(text, str))])


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what takes long; all that is not so marked is quick: units, toys, small cases."""
    for item in items:
        place = item.path.relative_to(ROOT).as_posix().removeprefix("tests/")
        if place.startswith(E2E) or {"process", "cli"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("e2e")
        elif place.startswith(SCENARIO) or DATED.search(lines(item)):
            item.add_marker("scenario")


def pytest_collection_finish() -> None:
    """Python need not look, over and over, through all that was imported and collected for what nobody holds."""
    gc.collect()
    gc.freeze()


SMALL = """\
format: 1
title: A small case
issues:
  price: {status_quo: low, options: [low, middle, high]}
  place: {status_quo: here, ordered: false, options: [here, there]}
parties:
  seller:
    name: Seller
    reservation: 40
    weights: {price: 80, place: 20}
    values: {price: {low: 0, middle: 0.5, high: 1}, place: {here: 1, there: 0}}
  buyer:
    name: Buyer
    reservation: 40
    weights: {price: 60, place: 40}
    values: {price: {low: 1, middle: 0.5, high: 0}, place: {here: 0, there: 1}}
"""


os.environ.pop("COLUMNS", None)  # whoever starts the tests says nothing of how wide results are


@pytest.fixture(autouse=True)
def coarse(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures with few dots, which take a fraction of the time; `fine_pictures` marks a test that wants them whole."""
    if "fine_pictures" not in request.keywords:
        monkeypatch.setattr(colours, "DOTS_PER_INCH", 20)


def altered(path: Path, *changes: tuple[str, str]) -> Iterator[None]:
    """A file as it would stand after one change of its text, then after another, each from what it holds now."""
    text = path.read_text("utf-8")
    for old, new in changes:
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        yield


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a scenario text to a file and return its path."""

    def written(text: str, name: str = "case.yaml") -> str:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return written


@pytest.fixture
def process(tmp_path: Path) -> Cli:
    """Run `python -m sim` in an empty folder, as a process of its own: what a user does."""

    def called(*words: str, cwd: Path = tmp_path, **options: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "sim", *words],
            cwd=cwd,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=NET,
            **options,  # type: ignore[call-overload]
        )

    return called


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    """The same command line in this process, which saves starting Python and its libraries again for each call."""
    return partial(called, folder=tmp_path)


@pytest.fixture
def quick(cli: Cli) -> Cli:
    """Another name of `cli`, whose commands are put together once and not for each call."""
    return cli
