"""The generated part of the library: `python -m tests.library` writes it anew, and a test compares.

What-if twins and fictional twins of the dated scenarios, and docs/evidence.md.
"""

from __future__ import annotations

from pathlib import Path

from sim.scenario.fictional import fictional_files
from sim.scenario.library import WHAT_IF, shipped
from sim.scenario.whatif import what_if_text
from tests.conftest import ROOT

DATED = shipped("dated")


def generated() -> dict[Path, str]:
    """Every generated file with its text."""
    files = {ROOT / f"scenarios/{slug}{WHAT_IF}.yaml": what_if_text(slug) for slug in DATED}
    files |= {ROOT / "scenarios" / path: text for path, text in fictional_files().items()}
    return files


if __name__ == "__main__":
    for path, text in generated().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
