"""The oldest releases that `pyproject.toml` allows: ``python -m tests.lowest`` prints them as lines for pip."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

from packaging.requirements import Requirement

from tests.conftest import ROOT

EXTRAS = ("cluster", "serve", "sweep")
"""What the program itself needs beside its core; tools for tests are taken as new as they come."""


def lowest() -> Iterator[str]:
    """Each dependency at its lower bound, as lines for pip.

    Raises:
        ValueError: for a dependency without a lower bound.
    """
    said = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for line in [*said["dependencies"], *(line for extra in EXTRAS for line in said["optional-dependencies"][extra])]:
        needs = Requirement(line)
        if needs.name == said["name"]:
            continue  # an extra that contains another
        bounds = [bound.version for bound in needs.specifier if bound.operator == ">="]
        if len(bounds) != 1:
            raise ValueError(f"{line} has no lower bound")
        yield f"{needs.name}=={bounds[0]}" + (f"; {needs.marker}" if needs.marker else "")


if __name__ == "__main__":
    print("\n".join(lowest()))
