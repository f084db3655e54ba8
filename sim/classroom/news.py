"""News that move the war of a room: events added to its scenario, each from the round after it was announced.

An event changes nothing in the rounds before its own, so a room keeps its past, decision by decision. What is added
stands in the scenario that the room's file holds: whoever plays the room again needs nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sim.classroom.room import Room
from sim.scenario.compile_talks import event
from sim.scenario.loader import Loaded
from sim.scenario.talks_schema import Event

Move = Mapping[str, Any]
"""An event as files write it: its ``round``, a ``note``, the ``levers`` of the war that it sets."""


def with_moves(loaded: Loaded, moves: Sequence[Move]) -> Loaded:
    """A scenario, whatever was changed in its case, with these events after its own.

    Raises:
        ScenarioError: for a lever that the war has not.
    """
    if not moves:
        return loaded
    given = [Event.model_validate(dict(move)) for move in moves]
    scenario = loaded.scenario.model_copy(update={"events": [*loaded.scenario.events, *given]})
    before = loaded.case.protocol.events
    added = tuple(event(scenario, n) for n in range(len(before), len(before) + len(given)))
    protocol = replace(loaded.case.protocol, events=(*before, *added))
    return replace(loaded, scenario=scenario, case=replace(loaded.case, protocol=protocol))


def moved(room: Room, moves: Sequence[Move]) -> Room:
    """A room in which these will happen, none in a round that was played or is being played."""
    return replace(room, loaded=with_moves(room.loaded, moves))
