"""What README and docs show is what the program does."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from sim.cli.groups import GROUPS
from tests.conftest import ROOT
from tests.console import matches, output, pages, sessions, write_files
from tests.lowest import lowest


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_every_command_shown_prints_what_is_shown_under_it(page: Path, tmp_path: Path) -> None:
    write_files(page.read_text("utf-8"), tmp_path)
    for command, shown in sessions(page.read_text("utf-8")):
        printed = output(command, tmp_path)
        assert matches(shown, printed), f"{command}\n" + "\n".join(printed)


def test_the_command_line_page_holds_every_command() -> None:
    commands = [name for group in GROUPS.values() for name in group]
    shown = [command for command, _ in sessions((ROOT / "docs/cli.md").read_text("utf-8"))]
    assert sorted(shown) == sorted(["ceasefire --help", *(f"ceasefire {command} --help" for command in commands)])


def test_links_between_pages_lead_somewhere() -> None:
    made = {f"explore-{slug}.html" for slug in runpy.run_path(str(ROOT / ".ci/site_pages.py"))["EXPLORERS"]}
    linked = set()
    for page in pages():
        for target in re.findall(r"\]\(([^)#]+)", page.read_text("utf-8")):
            if not target.startswith("http"):
                linked.add(target)
                assert target in made or (page.parent / target).exists(), (page, target)
    assert made <= linked


def test_the_scenario_shown_in_the_first_look_is_the_shipped_one() -> None:
    excerpts = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs/first.md").read_text("utf-8"), re.S)
    assert excerpts
    shipped = (ROOT / "scenarios/2025-12-stalemate.yaml").read_text("utf-8")
    for excerpt in excerpts:
        for part in re.split(r"^ *# …\n", excerpt, flags=re.M):
            assert part in shipped


def test_the_readmes_set_up_is_what_ci_runs() -> None:
    readme, ci = (ROOT / "README.md").read_text("utf-8"), (ROOT / ".ci/run").read_text("utf-8")
    for command in (
        'python -m pip install -e ".[test]" && python -m pytest',
        "python -m pip install -e . && python -m sim run",
    ):
        assert command in readme
    assert "README.md" in ci


def test_no_command_in_the_pages_needs_single_quotes() -> None:
    for page in pages():
        for block in re.findall(r"```(?:console|sh|bat)?\n(.*?)```", page.read_text("utf-8"), re.DOTALL):
            for line in block.splitlines():
                if line.removeprefix("$ ").startswith(("ceasefire ", "python -m sim ")):
                    assert "'" not in re.sub(r'"(?:[^"\\]|\\.)*"', "", line), f"{page.name}: {line}"


def test_every_dependency_names_the_oldest_release_it_is_tried_with() -> None:
    assert all("==" in line for line in lowest())


def test_a_page_with_gaps_matches_only_what_is_printed() -> None:
    assert matches(["a", "…", "d"], ["a", "b", "c", "d"])
    assert not matches(["a", "…", "d"], ["a", "b", "c", "e"])
    assert not matches(["a"], ["a", "b"])


def test_the_python_of_the_sweeps_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = re.findall(r"```python\n(.*?)```", (ROOT / "docs/sweeps.md").read_text("utf-8"), re.S)
    assert code
    monkeypatch.chdir(tmp_path)
    for block in code:
        exec(compile(block, "docs/sweeps.md", "exec"), {"__name__": "__main__"})
    assert (tmp_path / "my-sweep/manifest.json").exists()


def test_the_sweep_file_shown_is_the_shipped_one() -> None:
    shown, *_ = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs/sweeps.md").read_text("utf-8"), re.S)
    shipped = (ROOT / "scenarios/sweeps/mediator-in-december.yaml").read_text("utf-8")
    assert all(line in shipped.splitlines() for line in shown.splitlines())


def test_the_sweep_of_the_page_on_many_machines_is_laid_out_and_may_grow(tmp_path: Path) -> None:
    text = (ROOT / "docs/scale.md").read_text("utf-8")
    command = re.findall(r"^ceasefire sweep .*--prepare$", text, re.M)[0].replace("/shared/weights", "laid-out")
    printed = "\n".join(output(command, tmp_path))
    assert (tmp_path / "laid-out/manifest.json").exists() and "0 of 2,097,152 runs done" in printed, printed
    assert '"sobol"' in (tmp_path / "laid-out/manifest.json").read_text("utf-8"), "an lhs design takes no more cases"
