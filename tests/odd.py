"""The page docs/odd.md: the model in the ODD+D form, its tables of parameters and submodels read off the program.

`python -m tests.library` writes it anew.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from typing import get_args

from sim import load
from sim.report.terminal.evidence import markdown_table
from sim.scenario.assumptions import Assumption, assumptions
from sim.scenario.talks_schema import ProtocolName
from tests.conftest import ROOT

FLAGSHIP = "2025-03-truce-offer"
NAMED = re.compile(
    r"(?<=^issues\.)[^.]+|(?<=\.options\.)[^.]+|(?<=^parties\.)[^.]+|(?<=\.weights\.)[^.]+|(?<=\.values\.)[^.]+\.[^.]+"
    r"|(?<=\.shares\.)[^.]+|(?<=\.levers\.)[^.]+|(?<=\.win\.)[^.]+\.[^.]+|(?<=^red_lines\.)[^.]+|(?<=^interactions\.)\d+"
    r"|(?<=\.war\.win\.)[^.]+|(?<=\.attacked\.)[^.]+|(?<=^weight_sets\.)[^.]+|(?<=\.times\.)[^.]+"
)
SUBMODELS = (
    ("What a package is worth", "stakes/valuation.py"),
    ("The war that parties return to", "stakes/war.py"),
    ("What parties come to expect of it", "stakes/prospects.py"),
    ("The zone", "zone/region.py"),
    ("Why it is empty", "zone/diagnosis.py"),
    ("The front, month by month", "talks/front.py"),
    ("Red lines move", "talks/softening.py"),
    ("Targets and concession", "talks/concession.py"),
    ("What a party learns of others", "talks/opponent_model.py"),
    ("Offers", "talks/offers/offering.py"),
    ("Variants", "talks/offers/variants.py"),
    ("The mediator's text", "talks/mediation.py"),
    ("Answers", "talks/acceptance.py"),
    ("Memory", "talks/memory.py"),
    ("How a round ends", "talks/round_end.py"),
    ("Draws", "talks/draws.py"),
)
PAGE = (ROOT / "tests/odd_page.md").read_text("utf-8")


def odd_page() -> str:
    """The page docs/odd.md."""
    found = assumptions(load(FLAGSHIP).scenario)
    return PAGE.format(
        memory=load(FLAGSHIP).scenario.protocol.memory,
        flagship=FLAGSHIP,
        count=len(found),
        protocols=len(get_args(ProtocolName)),
        parameters=_parameters(found),
        submodels=_submodels(),
    )


def _parameters(found: Iterable[Assumption]) -> str:
    kinds: dict[str, list[Assumption]] = {}
    for entry in found:
        kinds.setdefault(NAMED.sub("*", entry.path), []).append(entry)
    rows = []
    for kind, entries in kinds.items():
        first = entries[0]
        default = "–" if first.default is None else f"{first.default:g}"
        rows.append((f"`{kind}`", f"{len(entries)}", first.unit, default, first.range, first.what))
    return markdown_table(("number", "how many", "unit", "default", "range", "what it is"), rows)


def _submodels() -> str:
    rows = []
    for name, file in SUBMODELS:
        said = ast.get_docstring(ast.parse((ROOT / "sim" / file).read_text("utf-8"))) or ""
        rows.append((name, f"`sim/{file}`", " ".join(said.split("\n\n")[0].split())))
    return markdown_table(("rule", "where", "in a sentence"), rows)
