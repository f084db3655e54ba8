"""What a page says of evidence, assumptions and how to make it again: rows from the scenario and the manifest."""

from __future__ import annotations

from dataclasses import asdict
from itertools import groupby
from typing import Any

import yaml

from sim.markup import capital, command_line, visible
from sim.report.html.who import line_view
from sim.scenario.assumptions import assumptions
from sim.scenario.evidence import studies_cited, study_said
from sim.scenario.schema import Scenario
from sim.study.record import Manifest


def evidence_view(scenario: Scenario) -> dict[str, Any]:
    """Each red line with its sources, parties in alphabetical order, and the articles and studies that are cited."""
    lines = [line_view(scenario, line) for line in scenario.red_lines]
    cited = {source["article"] for line in lines for source in line["sources"]}
    return {
        "lines": sorted(lines, key=lambda line: str(line["party"]["name"])),
        "articles": [
            {"id": article} | scenario.articles[article].model_dump(include={"title", "outlet", "date", "caveat"})
            for article in sorted(cited)
        ],
        "studies": [study_said(scenario, study) for study in studies_cited(scenario)],
    }


def assumptions_view(scenario: Scenario) -> list[dict[str, Any]]:
    """Every number of the scenario, grouped by what it belongs to."""
    rows = [asdict(entry) for entry in assumptions(scenario)]
    groups = [
        {"name": _group(scenario, name), "rows": list(held)}
        for name, held in groupby(rows, key=lambda row: _top(row["path"]))
    ]
    return [group for group in groups if group["rows"]]


def _top(path: str) -> tuple[str, ...]:
    """The part of a path that names its group: a party each, else the first word."""
    first, *rest = path.split(".")
    return (first, rest[0]) if first == "parties" and rest else (first,)


def _group(scenario: Scenario, name: tuple[str, ...]) -> str:
    if len(name) == 2:
        return scenario.parties[name[1]].name
    return capital(name[0].replace("_", " "))


def made_view(manifest: Manifest) -> dict[str, Any]:
    """How a result was made: command, seed, versions, and the scenario as a file of its own."""
    return {
        "command": command_line(*manifest.command[1:]),
        "seed": manifest.seed,
        "hash": manifest.hash,
        "versions": manifest.versions,
        "platform": manifest.platform,
        "yaml": scenario_yaml(manifest.scenario_resolved),
    }


def scenario_yaml(resolved: dict[str, Any]) -> str:
    """A resolved scenario as YAML that stands alone; letters that hide are written as escapes, so nothing is lost."""
    alone = {key: value for key, value in resolved.items() if key not in ("extends", "without")}

    def written(unicode: bool) -> str:
        return yaml.safe_dump(alone, sort_keys=False, allow_unicode=unicode, width=110)

    text = written(unicode=True)
    return text if visible(text) == text else written(unicode=False)
