"""The report of a sweep as a page: both results with intervals, what moves them, pictures, the evidence.

It arranges what the sweep's analysis says; shares are of the cases asked for and of nothing else.
"""

from __future__ import annotations

import base64
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sim.markup import capital, command_line
from sim.report.html.many_view import bar_of
from sim.report.html.sources import evidence_view, scenario_yaml
from sim.report.share_sentences import ONE_RUN, exact, few_draws, one_run_each
from sim.report.sweep_names import field_name, values_of
from sim.report.sweep_sentences import finding, value_table
from sim.report.sweep_summary import PICTURES, draw_analysis, only_part, sections
from sim.study.shares import Share
from sim.sweeps.analyse import Analysis
from sim.sweeps.factors import Factor
from sim.sweeps.store import Folder

CONTENTS = (
    ("verdict", "Results"),
    ("pictures", "Pictures"),
    ("values", "By value"),
    ("evidence", "Evidence"),
    ("reproduce", "Reproduce"),
)


def sweep_view(folder: Folder, found: Analysis) -> dict[str, Any]:
    """What the page of a sweep says."""
    said, scenario = found.measured, folder.sweep.loaded.scenario
    zone, agree = said.results.zone_exists["zone"], said.results.talks_agree
    return {
        "key": "",
        "contents": CONTENTS,
        "title": said.title,
        "finding": finding(scenario, said),
        "slug": said.scenario,
        "under": scenario.lines_from,
        "changed": " ".join(folder.sweep.loaded.options),
        "said": said,
        "only_part": only_part(said),
        "zone": bar_of("a zone exists", "", zone),
        "exact": capital(exact(said.design, said.results)) if said.exhaustive else "Exact in every case",
        "agree": bar_of("the talks agree", "", agree),
        "simulated": f"Simulated; {why}" if (why := _no_interval(agree)) else "Simulated",
        "vary": [
            {"name": field_name(scenario, path), "path": path, "values": values_of(vary)}
            for path, vary in said.vary.items()
        ],
        "sections": [{"heading": heading, "lines": lines} for heading, lines in sections(folder, found) if lines],
        "pictures": _pictures(folder, found),
        "tables": [value_table(scenario, path, rows) for path, rows in said.by_value.items()],
        "evidence": evidence_view(scenario),
        "command": command(folder),
        "hash": folder.sweep.hash,
        "yaml": scenario_yaml(scenario.model_dump(mode="json", exclude_none=True)),
    }


def _no_interval(agree: Share) -> str:
    """Why the share of runs that agree has no interval; nothing where it has one, or there is no share."""
    return f"no interval: {ONE_RUN}" if one_run_each(agree) else few_draws(agree)


def _pictures(folder: Folder, found: Analysis) -> list[dict[str, str]]:
    """The pictures of the analysis, inlined."""
    with TemporaryDirectory() as place:
        draw_analysis(folder, found, Path(place))
        drawn = [(caption, Path(place) / f"{name}.svg") for name, caption in PICTURES.items()]
        return [
            {"caption": caption, "data": f"data:image/svg+xml;base64,{base64.b64encode(file.read_bytes()).decode()}"}
            for caption, file in drawn
            if file.exists()
        ]


def command(folder: Folder) -> str:
    """The command that makes the sweep again."""
    sweep = folder.sweep
    words = ["sweep", sweep.loaded.name, *sweep.loaded.options]
    if sweep.design.kind == "table":
        words += ["--table", str(folder.path / "cases.csv")]
    else:
        for varied in sweep.factors:
            words += ["--vary", f"{varied.path}={_asked(varied)}"]
        words += ["--design", sweep.design.kind]
        words += [] if sweep.design.kind == "grid" else ["--cases", str(sweep.design.cases)]
    words += ["--replications", str(sweep.replications), "--seed", str(sweep.seed)]
    return command_line(*words, *(["--common"] if sweep.common else []))


def _asked(varied: Factor) -> str:
    """A field's values as the command line takes them."""
    plain = varied.plain()
    if "values" in plain:
        return ",".join(str(value).lower() if isinstance(value, bool) else str(value) for value in plain["values"])
    return f"{plain['low']}:{plain['high']}"
