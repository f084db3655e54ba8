"""The page docs/odd.md: the model in the ODD+D form, its tables of parameters and submodels read off the program.

`python -m tests.library` writes it anew.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from sim import load
from sim.report.terminal.evidence import markdown_table
from sim.scenario.assumptions import Assumption, assumptions
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
PAGE = """\
# ODD+D: the model in the standard form

What the model is, in the order in which agent-based models are described for others to check and rebuild: the ODD protocol
(Grimm et al. 2020) with its extension for human decisions (Müller et al. 2013). It repeats no rule: each stands on one page
that is named here. The tables are read off the program (`python -m tests.library`).

## 1. Overview

**Purpose and patterns.** To teach how red lines, beliefs and what parties can do without a deal decide whether a deal exists, and
how the way of talking decides whether it is found. Readers: students, teachers, analysts of method. It explains and explores; it
does not predict. Patterns that it is held against: textbook bargaining games with known answers, published games of conflict
analysis, and that concession, pressure and mediation move agreement in the direction that the literature reports.

**Entities, state variables, scales.** *Parties* (weights, values, red lines, beliefs about the war, a tactic, what they learned);
*red lines* (declared and true form, hardness, how they stand today); *issues* with options; the *package* on the table and the
last {memory} remembered; the *war* (share of land held, levers, months); the *mediator*, if any. One round is a month; there is no space
but the outcome space, one axis an issue.

**Process overview and scheduling.** Each round: events and a month of war, levers, expectations, red lines, targets, offers and
answers by protocol, answers anew to what was tabled before, endings. Order and ties: [talks.md](talks.md), "A round".
The zone needs no rounds: it is worked out over every package ([zone.md](zone.md)).

## 2. Design concepts

- **Theoretical background.** Bargaining with reservation values (Raiffa 1982), war as the outside option (Fearon 1995; Powell
  2006), two-level games (Putnam 1988), concession tactics (Faratin, Sierra & Jennings 1998).
- **Individual decision-making.** A party asks by utility and signs by value: an offer has to meet its target, what is signed its
  floor and its red lines. No party sees another's preferences.
- **Learning.** Of others' wishes from what they leave unchanged, of bluffs from what they refuse, of the war from how the front
  moves. Learning kinds can be switched off.
- **Individual sensing.** What is tabled, the answers, the front. Nobody knows when an uncertain deadline falls.
- **Individual prediction.** Each party expects the war by closed form from its own beliefs ([war.md](war.md)).
- **Interaction.** Offers and answers, through one of six protocols; a mediator drafts a single text in some.
- **Collectives.** Camps of the belligerents weigh in the mediator's text; who must agree is the protocol's `agreement`.
- **Heterogeneity.** In every number of a party; never in the machinery.
- **Stochasticity.** Addressed draws: seed, purpose, round, run and place name a number, so a run is the same alone or among many.
- **Observation.** Transcripts, tables by round, endings with cumulative incidence; sweeps with intervals ([sweeps.md](sweeps.md)).

## 3. Details

**Implementation.** Python, NumPy and Mesa 3; one definition of each rule for one run and for many; a plain transcription in
the tests to which both are docked. **Initialisation.** The scenario file; nothing is drawn before the first round but the deadline,
where it is uncertain. **Input data.** Red lines from five articles and figures from published studies ([evidence.md](evidence.md)).

### Parameters

Every kind of number, with how many of it `{flagship}` has; `ceasefire explain --assumptions --scenario {flagship}` lists all
{count:,} with value and ground.

{parameters}

### Submodels

{submodels}
"""


def odd_page() -> str:
    """The page docs/odd.md."""
    from sim.talks.memory import SLOTS

    found = assumptions(load(FLAGSHIP).scenario)
    return PAGE.format(
        memory=SLOTS, flagship=FLAGSHIP, count=len(found), parameters=_parameters(found), submodels=_submodels()
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
