"""Random settings of the explorer's engine, and what the zone itself says of each: shared by tests in a browser."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import sim
from sim.report.explorer.page import FIXED_IN_PROOFS
from sim.report.explorer.sliders import Slider, sliders
from sim.report.explorer.tables import tables
from sim.scenario.loader import Loaded, with_changes
from sim.zone.diagnosis import conflicts, diagnoses
from sim.zone.points import named_points
from sim.zone.projections import options_left
from sim.zone.region import Zone, clear_packages, find_zone, members

Setting = dict[str, Any]
PINNED = "pins={{military_aid: free, us_russia_reset: diplomatic, internal_affairs: no_provision, {}}}"
NARROW = PINNED.format("european_security: no_limits, force_limits: none")
OTHER = PINNED.format("legal_status: deferred, alignment: moratorium")
LIMITED = "none, limited, truce_30_days, armistice"
SMALL: dict[str, tuple[str, ...]] = {
    "toy/where-to-meet": ("protocol.agreement={at_least: 2, vetoes: [bo]}",),
    "toy/two-issues": (),
    "classroom/02-move-the-batna": (),
    "classroom/01-find-the-zone": (),
    "classroom/03-logroll": (),
    "classroom/04-two-level-game": (),
    "classroom/05-commitment": (),
    "classroom/09-read-the-sources": ("exercise=null",),  # whose answers name lines
    "2025-03-truce-offer": (NARROW,),
    "2025-12-stalemate": (OTHER,),
    "variants/2025-02-over-their-heads": (NARROW,),
    "variants/2025-03-pressed-in-public": (NARROW,),
    "variants/2025-03-limited-truce": (OTHER, f"zones.ceasefire={{hostilities: [{LIMITED}, final_treaty]}}"),
}
"""Small cases, with the changes that make them so: between them every branch of the engine."""


@dataclass
class Docked:
    """A case with its tables and what moves in it."""

    loaded: Loaded

    @cached_property
    def zone(self) -> Zone:
        return find_zone(self.loaded.case)

    @cached_property
    def tables(self) -> dict[str, Any]:
        return tables(self.loaded)

    @cached_property
    def sliders(self) -> list[Slider]:
        return sliders(self.loaded.scenario, self.tables["numbers"])

    def lineless(self) -> Setting:
        """All else as it stands, without any red line: a zone of packages with many masks."""
        return {"without": [line["id"] for line in self.tables["lines"]], "moved": {}, "values": {}, "reading": ""}

    def settings(self, seed: int, count: int) -> Iterator[Setting]:
        """Lines dropped and moved, numbers between the ends of their sliders, some of them round, a reading."""
        chance = random.Random(seed)
        lines = self.tables["lines"]
        for _ in range(count):
            out = chance.sample(lines, chance.randint(0, min(5, len(lines))))
            still = [line for line in lines if line not in out and line["levels"]]
            moved = {line["id"]: chance.choice(line["levels"]) for line in chance.sample(still, min(len(still), 2))}
            readings = sorted(lines[0]["when"]) if lines else [""]
            yield {
                "without": [line["id"] for line in out],
                "moved": moved,
                "values": self._values(chance),
                "reading": chance.choice(readings),
            }

    def _values(self, chance: random.Random) -> dict[str, float]:
        found = {}
        for slider in chance.sample(self.sliders, chance.randint(0, len(self.sliders))):
            value = chance.uniform(slider.low, slider.high)
            if chance.random() < 0.5:
                value = min(max(round(value / slider.step) * slider.step, slider.low), slider.high)
            found[slider.path] = round(value, 9)
        for first, second in _chances(self.sliders):  # of one war's ends: they sum to 1 at most, and often to 1
            if first in found or second in found:
                found[first] = round(chance.random(), 3)
                found[second] = round((1 - found[first]) * chance.choice((1, chance.random())), 3)
        return found

    def counted(self, setting: Setting) -> Zone:
        """The zone under a setting."""
        changes = [f"{path}={value!r}" for path, value in setting["values"].items()]
        issues = self.loaded.case.space.issues
        for line in self.tables["lines"]:
            if line["id"] in setting["moved"]:
                issue = issues[line["on"]]
                names = ", ".join(issue.options[k] for k in setting["moved"][line["id"]])
                changes.append(f"red_lines.{line['id']}.requires={{{issue.id}: [{names}]}}")
        if setting["reading"]:
            changes.append(f"reading={setting['reading']}")
        case = with_changes(self.loaded, changes, setting["without"]).case
        return find_zone(replace(case, weight_sets={}))

    def masks(self, zone: Zone) -> dict[int, tuple[int, int]]:
        """How many packages of either zone have each mask, its bits numbered as the engine numbers them."""
        constraints, lines = zone.constraints, zone.case.red_lines
        declared = dict(zip([line.id for line in lines.lines], lines.box_of("declared").tolist(), strict=True))
        ours = [declared.get(line["id"]) for line in self.tables["lines"]]
        ours += range(constraints.boxes, constraints.width + len(constraints.doers))
        found: dict[int, tuple[int, int]] = {}
        for column, name in enumerate(("ceasefire", "settlement")):
            counts = zone.masks[name]  # type: ignore[index]
            for mask, packages in zip(counts.masks.tolist(), counts.counts.tolist(), strict=True):
                narrow = sum(1 << place for place, bit in enumerate(ours) if bit is not None and mask >> bit & 1)
                here = list(found.get(narrow, (0, 0)))
                here[column] += packages
                found[narrow] = (here[0], here[1])
        return found

    def masks_told(self, setting: Setting, told: list[list[Any]]) -> dict[int, tuple[int, int]]:
        """The engine's masks, without the bits of lines that are switched off."""
        off = sum(1 << n for n, line in enumerate(self.tables["lines"]) if line["id"] in setting["without"])
        found: dict[int, tuple[int, int]] = {}
        for mask, ceasefire, settlement, *_ in told:
            before = found.get(mask & ~off, (0, 0))
            found[mask & ~off] = (before[0] + ceasefire, before[1] + settlement)
        return found


def _chances(moved: list[Slider]) -> list[tuple[str, str]]:
    """The two chances of each party that a war which ends does so on a belligerent's terms."""
    paths = [slider.path for slider in moved if FIXED_IN_PROOFS[0] in slider.path]
    pairs = [(a, b) for a in paths for b in paths if a < b and a.rpartition(".")[0] == b.rpartition(".")[0]]
    return pairs


def docked(slug: str, changes: tuple[str, ...] = ()) -> Docked:
    """A case ready to be compared."""
    return Docked(sim.load(slug, changes))


def differences(case: Docked, setting: Setting, zone: Zone, told: dict[str, Any]) -> list[str]:
    """In what the engine's answer, masks and diagnosis differ from the zone."""
    answer, wrong = told["answer"], []
    sizes = {name: zone.size(zone=name) for name in zone.masks}
    if answer["sizes"] != sizes:
        wrong.append(f"sizes {answer['sizes']} are {sizes}")
    if case.masks_told(setting, told["masks"]["masks"]) != case.masks(zone):
        wrong.append("masks")
    if answer["edge"] or told["masks"]["edge"]:
        wrong.append("a value on the edge")
    expected = zone.case.reservation[0].tolist()
    if any(abs(a - b) > 1e-11 for a, b in zip(answer["reservation"], expected, strict=True)):
        wrong.append(f"reservation {answer['reservation']} is {expected}")
    held = [n for n, name in enumerate(case.tables["constraints"]) if name not in setting["without"]]
    left = options_left(zone).tolist()
    if any(row != own[: len(row)] for row, own in zip(answer["options"], left, strict=True)):
        wrong.append("options")
    return wrong + _pointed(zone, answer["points"]) + _explained(zone, told["why"] | {"held": held})


def _pointed(zone: Zone, told: list[dict[str, Any]]) -> list[str]:
    points = named_points(zone.case, members(zone))
    if [(point.name, list(point.group)) for point in points] != [(one["name"], one["group"]) for one in told]:
        return ["which points are named"]
    wrong = []
    for point, one in zip(points, told, strict=True):
        same = (point.packages[0].tolist(), len(point.packages)) == (one["package"], one["ties"])
        holds = zone.case.durability(point.packages[0], 12)
        close = (holds is None) == (one["holds"] is None) and abs((holds or 0) - (one["holds"] or 0)) < 1e-11
        if not (same and close and abs(point.score - one["score"]) < 1e-8):
            wrong.append(f"point {point.name}")
    return wrong


def _beside(zone: Zone, told: dict[str, Any]) -> list[str]:
    """Sizes, the zone without each constraint that is held, and the package nearest to how things stand."""
    rule, wrong = zone.constraints, []
    if told["sizes"] != {name: zone.size(zone=name) for name in zone.masks}:
        wrong.append("sizes beside the masks")
    sizes = [zone.size(without=bit) for bit in rule.bits("declared")]
    if [told["flipped"][n] for n in told["held"]] != sizes:
        wrong.append("flipped alone")
    inside = clear_packages(zone, rule.of("declared"))
    changes = (inside != zone.case.space.standing()).sum(axis=1)
    nearest = inside[changes.argmin()].tolist() if len(inside) else None
    if told["nearest"] != nearest:
        wrong.append(f"nearest {told['nearest']} is {nearest}")
    return wrong


def _explained(zone: Zone, told: dict[str, Any]) -> list[str]:
    wrong, found = _beside(zone, told), diagnoses(zone)
    for name, diagnosis in found.items():
        names = {key: len(getattr(diagnosis, key).bits) for key in ("conflicts", "relaxations")}
        if names != {key: len(told[name][key]) for key in names}:
            wrong.append(f"{name}: {names}")
        sizes = sorted(bits.bit_count() for bits in conflicts(zone, name=name).bits)
        if sizes != sorted(bits.bit_count() for bits in told[name]["conflicts"]):
            wrong.append(f"{name}: sizes of conflicts")
    return wrong
