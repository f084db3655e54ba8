"""What a package can violate, as bits of a mask: each red line at each of its steps, each reservation value.

A *reading* says which of them count. Only signatories are asked, so only theirs do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sim.stakes.case import Case

Reading = Literal["declared", "true", "none", "lines_only"]
READINGS: tuple[Reading, ...] = ("declared", "true", "none", "lines_only")
READING_WORDS: dict[Reading, str] = {
    "declared": "declared lines and reservation values",
    "true": "true lines and reservation values",
    "none": "reservation values alone, no lines",
    "lines_only": "declared lines alone",
}
"""What binds under each: red lines, reservation values, both."""


@dataclass(frozen=True)
class Constraints:
    """The bits of a case's masks: first each red line at each of its steps, then each signatory's reservation."""

    case: Case

    @property
    def boxes(self) -> int:
        """How many bits belong to red lines."""
        return len(self.case.red_lines.owner)

    @property
    def width(self) -> int:
        """How many bits there are."""
        return self.boxes + len(self.case.signatories)

    def reservation(self, party: int | None = None) -> int:
        """The reservation bits of all signatories, or of one party; 0 for a party that does not sign."""
        chosen = [n for n, signatory in enumerate(self.case.signatories) if party in (None, signatory)]
        return sum(1 << (self.boxes + n) for n in chosen)

    def of(self, reading: Reading, party: int | None = None) -> int:
        """The bits that count under a reading, of all signatories or of one party.

        A party that does not sign is not asked, so its red lines do not count.
        """
        lines = self.case.red_lines
        if reading == "none":
            return self.reservation(party)
        asked = self.case.signatories if party is None else (party,)
        drawn = sum(int(lines.bits("true" if reading == "true" else "declared", one)) for one in asked)
        return drawn if reading == "lines_only" else drawn | self.reservation(party)

    def names(self, mask: int) -> list[str]:
        """The constraint ids of a mask: red line ids, then ``reservation:<party>``."""
        names = self.case.red_lines.ids(mask & ((1 << self.boxes) - 1))
        for n, party in enumerate(self.case.signatories):
            if mask >> (self.boxes + n) & 1:
                names.append(f"reservation:{self.case.parties[party].id}")
        return names
