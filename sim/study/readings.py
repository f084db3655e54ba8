"""A scenario under each reading of its red lines: do they bind a settlement alone, or any ceasefire?

The settlements are the same under both, for there every line binds either way.
"""

from __future__ import annotations

from sim.scenario.compile import with_lines_of
from sim.scenario.loader import Loaded
from sim.scenario.reading import READINGS, as_read, can_be_read
from sim.scenario.schema import Reading
from sim.zone.region import Zone
from sim.zone.rereading import Sizes, sizes, sizes_under


def sizes_by_reading(loaded: Loaded, zone: Zone) -> dict[Reading, Sizes] | None:
    """The sizes of a scenario's zone under each reading; None where it has no reading, or none would differ."""
    scenario = loaded.scenario
    if scenario.reading is None or not can_be_read(scenario):
        return None
    found = {}
    for reading in READINGS:
        if reading == scenario.reading:
            found[reading] = sizes(zone)
        else:
            other = as_read(scenario.model_copy(update={"reading": reading}))
            found[reading] = sizes_under(zone, with_lines_of(other, loaded.case))
    return found
