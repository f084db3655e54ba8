"""Readings of red lines in words: do they bind a settlement alone, or any ceasefire?

The two words are used only where a case tells ceasefires and settlements apart.
"""

from __future__ import annotations

from sim.report.conflict_sentences import has_two_zones
from sim.scenario.schema import Reading as LineReading
from sim.scenario.schema import Scenario
from sim.study.measures import ZoneMeasures
from sim.zone.constraints import Reading

BINDS: dict[LineReading, str] = {"settlement": "a settlement alone", "ceasefire": "any ceasefire"}
"""What red lines bind under each reading."""
KEPT_BY: dict[LineReading, str] = {"settlement": "settlements alone", "ceasefire": "ceasefires, too,"}
"""The same of who has to keep them, for readers who meet the two readings for the first time."""


def columns(scenario: Scenario, found: ZoneMeasures) -> list[tuple[str, dict[Reading, int]]]:
    """What a table of a zone's sizes has side by side: headings, and packages by what is taken to bind."""
    settlements = {reading: sizes["settlement"] for reading, sizes in found.zone.items()}
    if not has_two_zones(scenario):
        return [("packages", settlements)]
    if found.readings is None:
        own = {reading: sizes["ceasefire"] for reading, sizes in found.zone.items()}
        return [("ceasefire", own), ("settlement", settlements)]
    both = [
        (f"ceasefire if lines bind {BINDS[read]}", {reading: of["ceasefire"] for reading, of in sizes.items()})
        for read, sizes in found.readings.items()
    ]
    return [*both, ("settlement", settlements)]


def own_reading(found: ZoneMeasures) -> str:
    """Which reading the rest of a result has, and how to have the other."""
    if found.reading is None or found.readings is None:
        return ""
    (other,) = (read for read in found.readings if read != found.reading)
    return f"All else here takes red lines to bind {BINDS[found.reading]}; --reading {other} shows the other reading."


def other_reading(found: ZoneMeasures) -> str:
    """What the other reading of the lines gives, as a sentence; empty where there is none."""
    if found.reading is None or found.readings is None:
        return ""
    (other,) = (read for read in found.readings if read != found.reading)
    many, own = (found.readings[read]["declared"]["ceasefire"] for read in (other, found.reading))
    if not many and not own:
        return f"None either if {KEPT_BY[other]} must keep red lines."
    return f"If {KEPT_BY[other]} must keep red lines: {f'{many:,}' if many else 'none'} (--reading {other})."
