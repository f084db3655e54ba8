"""The report of one run, or of many, as a page. It gathers what the sections need and decides nothing."""

from __future__ import annotations

from typing import Any

from sim.report.html.many_view import many_view
from sim.report.html.page import page
from sim.report.html.sources import assumptions_view, evidence_view, made_view
from sim.report.html.sure_view import sure_view
from sim.report.html.switches import live_data, switches_view
from sim.report.html.talks_charts import offer_charts, value_charts
from sim.report.html.talks_view import talks_view
from sim.report.html.who import parties_view
from sim.report.html.worth import durability_view, expectations_view
from sim.report.html.zone_view import zone_view
from sim.scenario.assumptions import assumptions, share_assumed
from sim.stakes.space import Package
from sim.study.saved import SavedBatch, SavedRun
from sim.talks.transcript import Tabled

CONTENTS = (
    ("verdict", "Verdict"),
    ("zone", "Zone"),
    ("sure", "How sure"),
    ("switches", "Switches"),
    ("moves", "Moves"),
    ("talks", "Talks"),
    ("values", "Values"),
    ("durability", "Durability"),
    ("evidence", "Evidence"),
    ("assumptions", "Assumptions"),
    ("reproduce", "Reproduce"),
)


def run_page(run: SavedRun) -> str:
    """The HTML of one run's report."""
    return page("run.html", run_view(run))


def batch_page(batch: SavedBatch) -> str:
    """The HTML of the report on many runs."""
    return page("batch.html", batch_view(batch))


def run_view(run: SavedRun, key: str = "") -> dict[str, Any]:
    """What the page of a run says; ``key`` begins the ids of its elements."""
    loaded, rounds = run.loaded, run.talks.round
    tabled = [line.package for line in run.transcript if isinstance(line, Tabled)]
    package = run.talks.package
    last = {"the last package on the table": tabled[-1]} if tabled else {}
    return _view(run, key, {"the package signed": package} if package else last) | {
        "talks": talks_view(loaded, run.talks, run.transcript),
        "offers": offer_charts(loaded, run.transcript, rounds, key),
        "values": value_charts(loaded, run.rounds, key),
    }


def batch_view(batch: SavedBatch) -> dict[str, Any]:
    """What the page of many runs says."""
    often = batch.talks.packages.most_often
    packages = {"the package agreed most often": often[0].package} if often else {}
    return _view(batch, "", packages) | {
        "many": many_view(batch.loaded, batch.talks),
        "talks": {"worth": [], "held_months": None},
        "values": [],
    }


def _view(of: SavedRun | SavedBatch, key: str, packages: dict[str, Package]) -> dict[str, Any]:
    """What a page says of zone, values and sources, however often the talks were played."""
    loaded, scenario = of.loaded, of.loaded.scenario
    sure = sure_view(loaded, of.zone, of.stable)
    left_out = {*(() if scenario.war else ("durability",)), *(() if any(sure.values()) else ("sure",))}
    return {
        "key": key,
        "contents": [entry for entry in CONTENTS if entry[0] not in left_out],
        "slug": loaded.slug,
        "title": scenario.title,
        "about": scenario.about,
        "as_of": of.zone.as_of,
        "changed": " ".join(loaded.options),
        "parties": parties_view(scenario),
        "zone": zone_view(loaded, of.zone),
        "sure": sure,
        "switches": switches_view(loaded, of.zone, key),
        "expectations": expectations_view(loaded),
        "durability": durability_view(loaded, of.zone, packages, key),
        "evidence": evidence_view(scenario),
        "assumed": share_assumed(assumptions(scenario)),
        "assumptions": assumptions_view(scenario),
        "has_war": scenario.war is not None,
        "made": made_view(of.manifest),
        "live": {key: data} if (data := live_data(loaded, of.zone)) else {},
    }
