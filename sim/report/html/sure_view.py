"""How sure a zone is and whether its packages hold by themselves, as a page says it.

Sentences are those of the terminal; nothing is counted here.
"""

from __future__ import annotations

from typing import Any

from sim.report import robust_sentences, sentences, stable_sentences
from sim.scenario.loader import Loaded
from sim.scenario.schema import Scenario
from sim.study.measures import ZoneMeasures
from sim.study.shares import interval
from sim.study.stable import CONCEPTS, StableMeasures


def sure_view(loaded: Loaded, zone: ZoneMeasures, stable: StableMeasures | None) -> dict[str, Any]:
    """Both answers; where a folder was written before they were asked, what is not known is None."""
    return {"robust": _robust(loaded, zone), "stable": stable and _stable(loaded.scenario, stable)}


def _robust(loaded: Loaded, zone: ZoneMeasures) -> dict[str, Any] | None:
    scenario, sure = loaded.scenario, zone.sure
    if sure is None:
        return None
    alike = robust_sentences.all_alike(scenario, sure.drawn)
    held = None if alike else sure.held
    return {
        "answer": robust_sentences.answer(scenario, zone),
        "alike": robust_sentences.SAME if alike else "",
        "command": f"ceasefire robust {loaded.name}",
        "held": held
        and {
            "hits": held.zone.hits,
            "draws": held.draws,
            "interval": interval(held.zone),
            "median": held.size["50"],
            "nine": (held.size["5"], held.size["95"]),
            "said": [
                said
                for said in (*robust_sentences.core(scenario, held), robust_sentences.truce(scenario, held))
                if said
            ],
        },
        "no_chance": robust_sentences.NO_CHANCE,
    }


def _stable(scenario: Scenario, found: StableMeasures) -> dict[str, Any]:
    endings = found.by_ending if scenario.war is not None and found.packages else {}
    named = [sentences.label(scenario, scenario.war.ending, k) for k in endings] if scenario.war is not None else []
    rows = []
    for concept in CONCEPTS:
        name, meaning = stable_sentences.CONCEPT[concept]
        counts = [of[concept] for of in endings.values()]
        rows.append({"name": name, "meaning": meaning, "counts": [*counts, found.stable[concept]]})
    return {
        "headline": stable_sentences.headline(scenario, found),
        "frontier": found.of == "frontier",
        "endings": [*named, "all"],
        "looked_at": [*(of["packages"] for of in endings.values()), found.packages],
        "rows": rows if found.packages and stable_sentences.moves_modelled(scenario) else [],
        "judged": [
            {
                "name": stable_sentences.called(judged),
                "stable": stable_sentences.verdict(scenario, judged),
                "said": stable_sentences.ways(scenario, judged),
            }
            for judged in found.judged
        ],
        "rule": stable_sentences.rule(scenario),
    }
