"""Who sits at the table, and how offers are exchanged there until an agreement or the deadline."""

from __future__ import annotations

from dataclasses import dataclass

from sim.stakes.space import OptionArray


@dataclass(frozen=True)
class Party:
    """Who negotiates."""

    id: str
    name: str
    roles: frozenset[str]

    @property
    def signs(self) -> bool:
        """Whether an agreement needs this party's word."""
        return "signatory" in self.roles


@dataclass(frozen=True)
class Protocol:
    """How the parties exchange offers, and when an exchange ends. Parties are numbers.

    ``quorum`` signatories must accept, all of ``vetoes`` among them. ``patience`` is in rounds; ``bias`` in
    [-1, 1] leans the mediator to the first (+1) or the second (-1) belligerent.
    """

    name: str
    deadline: int
    proposers: tuple[int, ...]
    quorum: int
    vetoes: tuple[int, ...]
    start_text: OptionArray
    mediator: int | None = None
    bias: float = 0.0
    patience: int = 12
