"""Which kinds of exercise there are, by the `kind` in a scenario: where a new one is entered."""

from __future__ import annotations

from typing import Any

from sim.classroom.exercise_base import Assignment
from sim.classroom.exercises.commitment import CommitmentAssignment
from sim.classroom.exercises.find_zone import FindZoneAssignment
from sim.classroom.exercises.live_table import LiveTableAssignment
from sim.classroom.exercises.logroll import LogrollAssignment
from sim.classroom.exercises.move_batna import MoveBatnaAssignment
from sim.classroom.exercises.read_sources import ReadSourcesAssignment
from sim.classroom.exercises.ripeness import RipenessAssignment
from sim.classroom.exercises.tournament import TournamentAssignment
from sim.classroom.exercises.two_level import TwoLevelAssignment

KINDS: dict[str, type[Assignment[Any]]] = {
    "find_zone": FindZoneAssignment,
    "move_batna": MoveBatnaAssignment,
    "logroll": LogrollAssignment,
    "two_level": TwoLevelAssignment,
    "commitment": CommitmentAssignment,
    "ripeness": RipenessAssignment,
    "live_table": LiveTableAssignment,
    "tournament": TournamentAssignment,
    "read_sources": ReadSourcesAssignment,
}
"""Every kind of exercise that a scenario can ask for: a line each."""
