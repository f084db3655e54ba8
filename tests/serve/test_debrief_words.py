"""What a class is told of a zone: one thing by a singular, and one red line by itself."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from sim import load
from sim.serve.findings import _zone
from sim.serve.html import text
from sim.zone.region import find_zone

SIMULATED = {"runs": 1, "endings": [], "sudden": False, "median_round": 1}


def debriefed(zone: dict[str, Any]) -> str:
    """The words of a debrief and of the teacher's reveal."""
    rooms: dict[str, Any] = {"parties": [], "rooms": [], "simulated": SIMULATED, "moves": []}
    debrief = {"ready": True, "zone": zone, "mine": None, "explorer": "", **rooms}
    reveal = {
        "title": "One",
        "ready": True,
        "under_way": None,
        "zone": zone,
        "endings": [],
        "under": "",
        "explorer": "",
    }
    reveal |= {"waiting": [], "answers": [], "whatifs": [], **rooms}
    pages = text("debrief.html", {"debrief": debrief}) + text("reveal.html", reveal)
    return " ".join(unescape(re.sub(r"<[^>]+>", "", pages)).split())


def test_one_package_and_one_room_are_told_by_a_singular() -> None:
    said = debriefed({"size": 1, "settlement": 1, "demands": "", "clash": []})
    assert said.count("1 package suited everybody") == said.count("1 of them was a settlement") == 2
    assert said.count("1 room of the simulator alone") == 2
    assert "settlement" not in debriefed({"size": 0, "settlement": 0, "demands": "", "clash": []})


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (("pins.tree=felled",), "There was no zone. This red line alone leaves no deal:"),
        (("parties.ira.reservation=76", "parties.joe.reservation=76"), ""),
    ],
)
def test_a_red_line_that_closes_a_zone_alone_excludes_no_other(changes: tuple[str, ...], said: str) -> None:
    loaded = load("toy/two-issues", list(changes))
    zone = _zone(loaded, find_zone(loaded.case))
    assert zone is not None and zone["size"] == 0
    told = debriefed(zone)
    assert "exclude each other" not in told and said in told and bool(zone["clash"]) == bool(said)


def test_a_class_kept_by_an_older_program_still_has_its_debrief() -> None:
    told = debriefed({"size": 0, "settlement": 0, "clash": ["two lines"]})
    assert told.count("These red lines exclude each other:") == 2
