"""The generated part of the library: `python -m tests.library` writes it anew, and a test compares.

What-if twins and fictional twins of the dated scenarios, docs/evidence.md, docs/odd.md and docs/references.md.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sim import load
from sim.report import sentences
from sim.report.terminal import coverage as coverage_text
from sim.report.terminal.coverage import coverage_cells, summary
from sim.report.terminal.evidence import markdown_table
from sim.scenario.assumptions import assumptions, share_assumed
from sim.scenario.coverage import coverage_table
from sim.scenario.evidence import places
from sim.scenario.library import WHAT_IF, data_file, shipped
from sim.scenario.schema import RedLine, Scenario
from sim.scenario.texts_and_numbers import ASSUMED
from sim.scenario.yamltext import read_yaml
from tests.conftest import ROOT
from tests.fictional import fictional_files
from tests.odd import odd_page
from tests.references import references_page
from tests.whatif import what_if_text

DATED = shipped("dated")
COLUMNS = ("red line", "where", "what is said there", "reading on the scale", "basis", "second reader")
PAGE = """\
# The evidence

Five news articles are all that the red lines of the dated scenarios rest on; what they do not say is called an
assumption. None carries a date, and they contradict each other: each reading lives in a scenario of its own. Nothing is
quoted: the paraphrases are short, paragraphs are counted as the non-empty lines of the copy that was read.
`ceasefire evidence SCENARIO` prints the red lines of one scenario, `ceasefire evidence --coverage` what uses each thing
that the articles say. This page is generated (`python -m tests.library`). {summary}

## Red lines against their paragraphs

Each line was compared with its paragraph by a second reader: it *agrees*, is *narrower* or *wider* than what is said,
is a *reading* of something left open, or is an *assumption* that nothing is cited for. How far a demand goes on the
scale of options is a reading more often than not, whatever its basis.
"""
NUMBERS = """\
The articles hold few numbers, so a few rest on published figures and the rest are assumptions made to teach with.
How a figure was come by: *read* in the source itself, *computed* from its data, *secondary* in another text, or
from *memory*; only the first two may bear a number, the others stand beside an assumption. Titles marked *memory*
want looking up before they are cited. `ceasefire explain --assumptions --scenario SCENARIO` lists every number with
what it rests on.
"""
ITEMS = """\
Certainty: *stated* by the party itself, *reported* of it, a *view* of analysts or of the author, *background*. What
uses an item is computed from the sources of red lines and fields; of variants only those are named that add something.
"""


def generated() -> dict[Path, str]:
    """Every generated file with its text."""
    files = {ROOT / f"scenarios/{slug}{WHAT_IF}.yaml": what_if_text(slug) for slug in DATED}
    files[ROOT / "docs/evidence.md"] = evidence_page()
    files[ROOT / "docs/odd.md"] = odd_page()
    files[ROOT / "docs/references.md"] = references_page()
    files |= {ROOT / "scenarios" / path: text for path, text in fictional_files().items()}
    return files


@cache
def verdicts() -> dict[str, dict[str, dict[str, str]]]:
    """What a second reader says of each red line, by scenario: of its own lines, or of those that it changes."""
    found: dict[str, dict[str, dict[str, str]]] = read_yaml(data_file("second-reader")).plain()["verdicts"]
    return found


def verdict_on(scenario: Scenario, slug: str, line: RedLine) -> dict[str, str]:
    """The verdict on a line, said of the scenario itself or of the one that it extends."""
    known = verdicts()
    own = known[slug]
    return own[line.id] if line.id in own else known[str(scenario.extends)][line.id]


def evidence_page() -> str:
    """The page docs/evidence.md."""
    covered = coverage_table()
    text = PAGE.format(summary=summary(covered))
    for slug in DATED:
        scenario = load(slug).scenario
        rows = []
        for line in scenario.red_lines:
            said = verdict_on(scenario, slug, line)
            what = "; ".join(source.paraphrase for source in line.sources)
            basis, judged = line.basis.replace("_", " "), f"{said['verdict']}: {said['why']}"
            rows.append(
                (line.id, places(line.sources), what, sentences.condition(scenario, line), basis, judged),
            )
        text += f"\n### {scenario.title}\n\n`{slug}`\n\n{markdown_table(COLUMNS, rows)}\n"
    text += f"\n## Numbers and their published sources\n\n{NUMBERS}\n{_numbers()}\n\n{_studies()}\n"
    items = markdown_table(coverage_text.COLUMNS, map(coverage_cells, covered))
    return f"{text}\n## All that the articles say\n\n{ITEMS}\n{items}\n"


def _numbers() -> str:
    """How many numbers of each dated scenario are assumptions, and which are not."""
    rows = []
    for slug in DATED:
        found = assumptions(load(slug).scenario)
        resting = ", ".join(f"`{entry.path}`" for entry in found if entry.rests_on != ASSUMED)
        rows.append((f"`{slug}`", share_assumed(found), resting))
    return markdown_table(("scenario", "share", "the others"), rows)


def _studies() -> str:
    """The studies that the dated scenarios cite, with the fields that cite them."""
    scenarios = [load(slug).scenario for slug in DATED]
    used: dict[str, set[str]] = {}
    for scenario in scenarios:
        for field, grounds in scenario.grounds.items():
            for source in grounds.studies:
                used.setdefault(source.study, set()).add(f"`{field}` ({grounds.basis})")
    rows = []
    for study_id, fields in sorted(used.items()):
        study = scenarios[0].literature[study_id]
        who = f"{', '.join(study.authors)} {study.year or ''}".strip()
        title = "; ".join(part for part in (who, study.title, study.outlet) if part)
        rows.append((study_id, title, study.says, study.certainty, study.reference, ", ".join(sorted(fields))))
    return markdown_table(("study", "what it is", "what it says", "figure", "reference", "cited by"), rows)


if __name__ == "__main__":
    for path, text in generated().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
