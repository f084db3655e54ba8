"""The report of one run as a page. It gathers what the sections need and decides nothing."""

from __future__ import annotations

from typing import Any

from sim.report.html.page import page
from sim.report.html.sources import assumptions_view, evidence_view, made_view
from sim.report.html.switches import fits, live_data, switches_view
from sim.report.html.talks_charts import offer_charts, value_charts
from sim.report.html.talks_view import talks_view
from sim.report.html.who import parties_view
from sim.report.html.worth import durability_view, expectations_view
from sim.report.html.zone_view import zone_view
from sim.study.saved import SavedRun

CONTENTS = (
    ("verdict", "Verdict"),
    ("zone", "Zone"),
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


def run_view(run: SavedRun, key: str = "") -> dict[str, Any]:
    """What the page of a run says; ``key`` begins the ids of its elements."""
    loaded, rounds = run.loaded, int(run.talks["round"])
    scenario = loaded.scenario
    return {
        "key": key,
        "contents": CONTENTS,
        "slug": loaded.slug,
        "title": scenario.title,
        "about": scenario.about,
        "as_of": run.talks["as_of"],
        "changed": " ".join(loaded.options),
        "parties": parties_view(scenario),
        "zone": zone_view(loaded, run.zone),
        "switches": switches_view(loaded, run.zone, run.masks),
        "talks": talks_view(loaded, run.talks, run.transcript),
        "offers": offer_charts(loaded, run.transcript, rounds, key),
        "values": value_charts(loaded, run.rounds, key),
        "expectations": expectations_view(loaded),
        "durability": durability_view(loaded, run.zone, run.talks, run.transcript, key),
        "evidence": evidence_view(scenario),
        "assumptions": assumptions_view(scenario),
        "made": made_view(run.manifest),
        "live": {key: live_data(loaded, run.zone, run.masks)} if fits(run.masks) else {},
    }
