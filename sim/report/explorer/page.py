"""The explorer as one HTML file: what stands in it as text, and the data that its script is given.

All words come from here or from the template; the engine only counts. Nothing is fetched.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

from sim.markup import command_line
from sim.report import robust_sentences, sentences
from sim.report.conflict_sentences import clashes, has_two_zones, how, legend, short, without_clash
from sim.report.explorer.sliders import Slider, sliders
from sim.report.explorer.tables import tables
from sim.report.html.who import line_view, parties_view
from sim.report.offline import ENGINE, offline_page
from sim.scenario.evidence import cited
from sim.scenario.loader import AnyScenario, Loaded, load, with_changes
from sim.study.measures import ZoneMeasures, zone_measures
from sim.zone.region import Progress, Zone, find_zone

HERE = "sim.report.explorer"
STYLES = ("sim.report.html.parts/colours.css", f"{HERE}/explorer.css")
SHARED = "sim.report.html.parts/clipboard.js"
"""Strict for all that follows it in one script."""
PAGE = tuple(f"{HERE}/{name}.js" for name in ("words", "setting", "saying", "controls", "explorer"))
EARLY = f"{HERE}/early.js"
PROVED = 4
"""Settings that a page counts again at its start, against what was counted here."""
FIXED_IN_PROOFS = (".win.", "war.share")
"""Numbers that bound each other, and so are not moved in proofs."""


def explorer_page(given: AnyScenario, progress: Progress = lambda share: None) -> str:
    """The explorer of a scenario, as HTML.

    Raises:
        ScenarioError: for a case that cannot be counted in a browser.
    """
    loaded = load(given)
    if loaded.scenario.exercise is not None:  # its answers may name a line that is to be left out
        loaded = with_changes(loaded, ["exercise=null"])
    zone = find_zone(loaded.case)
    data = tables(loaded)
    progress(1 / (PROVED + 1))
    moved = sliders(loaded.scenario, data["numbers"])
    digest = hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:12]
    proofs = proof(loaded, zone, moved, progress)
    live = {
        "tables": data,
        "digest": digest,
        "proof": proofs,
        "words": words(loaded),
        "moving": {
            "fields": [field.name for field in fields(Slider)],
            "rows": [list(asdict(slider).values()) for slider in moved],
        },
    }
    view, scripts = _view(loaded, zone_measures(loaded, zone)), (SHARED, *ENGINE, *PAGE)
    return offline_page(f"{HERE}/explorer.html", STYLES, scripts, view, live, EARLY)


def write_explorer(given: AnyScenario, path: Path, progress: Progress = lambda share: None) -> Path:
    """Write the explorer of a scenario to a file; what stood there is replaced only by a whole page.

    Raises:
        ScenarioError: for a case that cannot be counted in a browser.
        OutputError: when the place cannot be written, or holds what is no page.
    """
    from sim.files import write_whole
    from sim.overwriting import HTML, only_ours

    only_ours(path, HTML, "page")
    write_whole(path, explorer_page(given, progress))
    return path


def proof(loaded: Loaded, zone: Zone, moved: list[Slider], progress: Progress) -> list[dict[str, Any]]:
    """Settings with what was counted here: as it stands; every number nearer to its least, to its most; and that with
    every other line left out.
    """
    free = [slider for slider in moved if not any(word in slider.path for word in FIXED_IN_PROOFS)]
    less, more = (
        {s.path: round(s.value + (getattr(s, end) - s.value) / 4, 9) for s in free} for end in ("low", "high")
    )
    lines = [line.id for line in loaded.scenario.red_lines][::2]
    settings: list[dict[str, Any]] = [{"values": less}, {"values": more}, {"values": more, "without": lines}]
    found = [{"setting": {}} | counted(zone)]
    for place, setting in enumerate(settings):
        changes = [f"{path}={value!r}" for path, value in setting["values"].items()]
        case = with_changes(loaded, changes, setting.get("without", ())).case
        found.append({"setting": setting} | counted(find_zone(replace(case, weight_sets={}))))
        progress((place + 2) / (PROVED + 1))
    return found


def counted(zone: Zone) -> dict[str, Any]:
    """What a page is held to."""
    sizes = {name: zone.size(zone=name) for name in zone.masks}
    return {"sizes": sizes, "reservation": zone.case.reservation[0].tolist()}


def words(loaded: Loaded) -> dict[str, Any]:
    """What the script calls things."""
    scenario = loaded.scenario
    return {
        "issues": issue_words(loaded),
        "who": sentences.who_signs(scenario),
        "signing": ", ".join(sentences.name_of(scenario, party) for party in sentences.asked(scenario)),
        "twoZones": has_two_zones(scenario),
        "unit": sentences.unit(scenario),
        "name": loaded.name,
        "changes": [change.split("=", 1) for change in loaded.changes],
        "without": loaded.without,
    }


def issue_words(loaded: Loaded) -> list[dict[str, Any]]:
    """What issues and their options are called, in the engine's order."""
    scenario = loaded.scenario
    return [
        {"name": sentences.issue_name(scenario, i), "labels": [issue.labels[o] for o in issue.options]}
        for i, issue in scenario.issues.items()
    ]


def _view(loaded: Loaded, found: ZoneMeasures) -> dict[str, Any]:
    scenario = loaded.scenario
    parties = parties_view(scenario)
    where = {line.id: cited(line, brief=True) for line in scenario.red_lines}
    lines = [line_view(scenario, line) | {"cite": where[line.id]} for line in scenario.red_lines]
    articles = {source.article for line in scenario.red_lines for source in line.sources}
    size = found.zone["declared"]["ceasefire"]
    return {
        "title": scenario.title,
        "name": loaded.name,
        "about": scenario.about,
        "lines_from": scenario.lines_from,
        "who": sentences.who_signs(scenario),
        "signing": ", ".join(sentences.name_of(scenario, party) for party in sentences.asked(scenario)),
        "size": size,
        "coherent": found.coherent,
        "clashes": [
            {"no": clash.no, "how": how(clash), "said": [short(scenario, ids) for ids in clash.conflicts]}
            for clash in clashes(scenario, found)
        ],
        "without_clash": without_clash(scenario, found),
        "legend": legend({line.basis for line in scenario.red_lines if line.sources}, "earlier"),
        "parties": [party | {"lines": [n for n in lines if n["party"]["id"] == party["id"]]} for party in parties],
        "articles": [sentences.article(scenario, article) for article in sorted(articles)],
        "reading": scenario.reading,
        "changed": command_line(*loaded.options).removeprefix("ceasefire ") if loaded.options else "",
        "command": command_line("zone", loaded.name, *loaded.options),
        "assumptions": command_line("explain", "--assumptions", "--scenario", loaded.name),
        "sure": robust_sentences.answer(scenario, found),
        "robust": command_line("robust", loaded.name, *loaded.options),
    }
