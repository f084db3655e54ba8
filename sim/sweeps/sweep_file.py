"""The shape of a sweep file, as pydantic models, and where the shipped ones are; what it asks for is made elsewhere."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from sim.scenario import library
from sim.scenario.schema_part import Part
from sim.scenario.validation import read_as
from sim.scenario.yamltext import read_yaml
from sim.sweeps.design import DesignKind


class Drawn(Part):
    """Which cases a sweep takes from what varies."""

    kind: DesignKind | None = None
    cases: int | None = Field(None, ge=1)
    table: str | None = Field(None, description="a CSV file with a case in each row")


class SweepFile(Part):
    """A scenario with changes, what of it varies, and how often each case is run."""

    title: str | None = None
    about: str | None = None
    scenario: str
    set: dict[str, Any] = Field({}, description="values by path, as `--set` takes them")
    without: list[str] = Field([], description="ids of red lines to leave out")
    vary: dict[str, Any] = Field({}, description="ranges or lists of values by path, of what nature decides")
    levers: dict[str, Any] = Field({}, description="settings that somebody could choose, by path")
    design: Drawn = Drawn()
    replications: int | None = Field(None, ge=1)
    common_random_numbers: bool = False
    seed: int | None = Field(None, ge=0)


def shipped() -> dict[str, str]:
    """Slugs and titles of the sweeps in `scenarios/sweeps`."""
    found: dict[str, str] = {}
    for folder in library.folders():
        for path in sorted((folder / "sweeps").glob("*.yaml")):
            found.setdefault(f"sweeps/{path.stem}", str(read_yaml(path).plain().get("title", "")))
    return found


def is_sweep_file(name: str) -> bool:
    """Whether a name is a sweep file and not a scenario."""
    tree = read_yaml(library.find(name)).plain()
    return isinstance(tree, dict) and bool({"vary", "levers"} & set(tree))


def read_sweep(name: str) -> tuple[SweepFile, str]:
    """What a sweep file says, and its path.

    Raises:
        ScenarioError: with file and line, for a key that is not known or a value of the wrong kind.
    """
    path = library.find(name)
    return read_as(SweepFile, path), str(path)
