"""What a package can violate, as bits of a mask, and which masks leave a group that could sign: the agreement rule.

A *reading* says which bits count. A bit belongs to a party, and only parties whose word or deeds could be needed have
any: a package is in the zone when those who can live with it are enough, and do what it asks of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, islice
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from sim.given import one_of
from sim.stakes.case import TOLERANCE, Case
from sim.stakes.space import BoolArray, OptionArray, each_once

Reading = Literal["declared", "true", "none", "lines_only"]
READINGS: tuple[Reading, ...] = ("declared", "true", "none", "lines_only")
READING_WORDS: dict[Reading, str] = {
    "declared": "declared lines and reservation values",
    "true": "true lines and reservation values",
    "none": "reservation values alone, no lines",
    "lines_only": "declared lines alone",
}
"""What binds under each: red lines, reservation values, both."""
MOST_GROUPS = 1_000
"""Smallest groups that could sign, of those listed at most."""

Masks = npt.NDArray[Any]
"""Masks of any unsigned type, of any shape."""


@dataclass(frozen=True, eq=False)
class Constraints:
    """The bits of a case's masks: each red line at each of its steps, then the reservation of each of ``holders``.

    Above these, one bit for each of ``doers``: that a package needs a deed of that party. It blames nobody alone.
    """

    case: Case

    @property
    def _free(self) -> tuple[list[int], int]:
        """Who may sign and has no veto, and how many of them have to beside those with one."""
        rule = self.case.protocol
        return [party for party in rule.asked if party not in rule.vetoes], max(0, rule.quorum - len(rule.vetoes))

    def every_group(self) -> Iterator[tuple[int, ...]]:
        """The smallest groups that could sign: everyone with a veto, and others up to the quorum."""
        vetoes = self.case.protocol.vetoes
        return (tuple(sorted((*vetoes, *chosen))) for chosen in combinations(*self._free))

    @cached_property
    def groups(self) -> list[tuple[int, ...]]:
        """The first of them; more than `MOST_GROUPS` where they are not all."""
        return list(islice(self.every_group(), MOST_GROUPS + 1))

    @property
    def all_groups(self) -> bool:
        """Whether `groups` holds them all."""
        return len(self.groups) <= MOST_GROUPS

    @cached_property
    def doers(self) -> tuple[int, ...]:
        """The parties whose deeds some option needs, and without whose word a text could be signed."""
        if self.case.consent is None:
            return ()
        others, missing = self._free
        always = {*self.case.protocol.vetoes, *(others if missing == len(others) else ())}
        left = [(axis, list(options)) for axis, options in enumerate(self.case.space.left)]
        asked = [party for party in range(len(self.case.parties)) if party not in always]
        return tuple(p for p in asked if any(self.case.consent[p, axis, options].any() for axis, options in left))

    @property
    def alone(self) -> bool:
        """Whether one group has to live with every package, as under unanimity: then its bits alone decide."""
        return len(self.groups) == 1 and not self.doers

    @cached_property
    def holders(self) -> tuple[int, ...]:
        """The parties that constraints belong to: whoever is in some group, or is needed for some deed."""
        others, missing = self._free
        return tuple(sorted({*self.case.protocol.vetoes, *(others if missing else ()), *self.doers}))

    @property
    def boxes(self) -> int:
        """How many bits belong to red lines."""
        return len(self.case.red_lines.owner)

    @property
    def width(self) -> int:
        """How many bits are constraints."""
        return self.boxes + len(self.holders)

    def reservation(self, party: int | None = None) -> int:
        """The reservation bits of all holders, or of one party; 0 for a party that holds none."""
        chosen = [n for n, holder in enumerate(self.holders) if party in (None, holder)]
        return sum(1 << (self.boxes + n) for n in chosen)

    def deed(self, party: int) -> int:
        """The bit that says that a package needs a deed of one of `doers`."""
        return 1 << (self.width + self.doers.index(party))

    @cached_property
    def owned(self) -> dict[int, int]:
        """The bits of each holder: its lines at every step, and its reservation."""
        owner = [self.case.red_lines.lines[line].party for line in self.case.red_lines.owner]
        return {
            party: self.reservation(party) | sum(1 << n for n, held_by in enumerate(owner) if held_by == party)
            for party in self.holders
        }

    def of(self, reading: Reading, party: int | None = None) -> int:
        """The bits that count under a reading, of all holders or of one party.

        The red lines of a party whose word and deeds are never needed do not count.

        Raises:
            ArgumentError: for no such reading.
        """
        lines = self.case.red_lines
        if one_of(reading, READINGS, "reading") == "none":
            return self.reservation(party)
        asked = self.holders if party is None else (party,)
        drawn = sum(int(lines.bits("true" if reading == "true" else "declared", one)) for one in asked)
        return drawn if reading == "lines_only" else drawn | self.reservation(party)

    def accepting(self, masks: Masks, held: int) -> BoolArray:
        """Which parties ``(..., P)`` could live with packages of these masks ``(...)`` when some constraints hold."""
        found = np.zeros((*masks.shape, len(self.case.parties)), dtype=bool)
        for party, own in self.owned.items():
            found[..., party] = masks & masks.dtype.type(own & held) == 0
        return found

    def kept(self, masks: Masks, held: int) -> BoolArray:
        """Which masks ``(...)`` are of packages in the zone when these constraints hold: enough parties could sign,
        and whoever else has to do something would.
        """
        if self.alone:
            return masks & masks.dtype.type(held) == 0
        accepting = self.accepting(masks, held)
        inside = self.case.protocol.carries(accepting)
        for party in self.doers:
            inside &= accepting[..., party] | (masks & masks.dtype.type(self.deed(party)) == 0)
        return inside

    def asks(self, masks: Masks, group: tuple[int, ...]) -> Masks:
        """The bits that count for packages of these masks when a group signs: its own and those of whoever acts."""
        found = np.full(masks.shape, sum(self.owned[party] for party in group), dtype=masks.dtype)
        for party in set(self.doers) - set(group):
            acts = masks & masks.dtype.type(self.deed(party)) != 0
            found[acts] |= masks.dtype.type(self.owned[party])
        return found

    def given_up(self, masks: Masks, held: int) -> npt.NDArray[np.uint64]:
        """What would have to be given up for packages of these masks ``(N,)``, for each group that could sign."""
        if self.alone:
            return each_once(masks & np.uint64(held))
        masks = each_once(masks)
        asked = (masks & self.asks(masks, group) & np.uint64(held) for group in self.groups[:MOST_GROUPS])
        return each_once(np.concatenate([each_once(of_group) for of_group in asked]))

    def masks_of(self, packages: OptionArray, short: BoolArray | None = None) -> npt.NDArray[np.uint64]:
        """The masks of packages ``(N, I)``; ``short`` ``(N, P)`` tells who would get too little, if not as the case has
        it.
        """
        case, found = self.case, self.case.red_lines.crossed(packages)
        for party in self.holders:
            if short is None:
                little = ~(case.value(party, packages[None])[0] >= case.floor(party)[0] - TOLERANCE)
            else:
                little = short[:, party]
            found = found | (little * np.uint64(self.reservation(party)))
        for party in self.doers:
            assert case.consent is not None
            acts = case.consent[party, np.arange(packages.shape[-1]), packages].any(axis=-1)
            found = found | (acts * np.uint64(self.deed(party)))
        return found

    def bits(self, reading: Reading) -> Iterator[int]:
        """The bits that count under a reading, one by one."""
        held = self.of(reading)
        return (1 << n for n in range(self.width) if held >> n & 1)

    def names(self, mask: int) -> list[str]:
        """The constraint ids of a mask: red line ids, then ``reservation:<party>``."""
        names = self.case.red_lines.ids(mask & ((1 << self.boxes) - 1))
        for n, party in enumerate(self.holders):
            if mask >> (self.boxes + n) & 1:
                names.append(f"reservation:{self.case.parties[party].id}")
        return names
