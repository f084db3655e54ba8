"""Who sits at the table: parties with their tactics, how firmly their lines are meant, and how offers are exchanged.

Parties, issues and levers are numbers here; what happens with all this is the talks' business.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar

from sim.stakes.run_axis import AllByRun
from sim.stakes.space import BoolArray, FloatArray, IntArray, OptionArray


@dataclass(frozen=True)
class Party:
    """Who negotiates; ``signs`` says whether an agreement needs this party's word."""

    id: str
    name: str
    signs: bool


class Learns(IntEnum):
    """What a party makes of what the others say.

    FREQUENCY: an issue on which somebody's offers stand still matters to them (Hindriks & Tykhonov 2008). BAYES: that,
    and which of their red lines are meant, from a prior bluff and what they refuse.
    """

    NOTHING = 0
    FREQUENCY = 1
    BAYES = 2


@dataclass(frozen=True, eq=False)
class Tactics(AllByRun):
    """How each party concedes ``(1|R, P)``: see the fields of a scenario's `tactic`; a ``horizon`` of 0 is that of the
    talks.
    """

    exponent: FloatArray
    opening: FloatArray
    tit_for_tat: FloatArray
    horizon: IntArray
    patience: IntArray
    stay: FloatArray
    stall: BoolArray
    learns: IntArray


@dataclass(frozen=True, eq=False)
class Resolve(AllByRun):
    """How firmly lines are held: ``hardness`` and ``bluff`` ``(1|R, L)`` of each line, ``hardening`` ``(1|R, P)``."""

    hardness: FloatArray
    bluff: FloatArray
    hardening: FloatArray
    public: FloatArray


@dataclass(frozen=True)
class Pull:
    """A lever that the mediator sets ``to`` an index while party ``against`` has said no for ``after`` rounds."""

    name: str
    lever: int
    against: int
    to: float
    after: int


@dataclass(frozen=True)
class Event:
    """Something that happens in a round: levers set, a shift of the front, a chance that the talks break down."""

    round: int
    levers: tuple[tuple[int, float], ...]
    share: float
    breakdown: float
    note: str


@dataclass(frozen=True)
class Track:
    """One of several tables: whose wishes its drafts follow, and which issues ``(I,)`` they may move."""

    parties: tuple[int, ...]
    issues: BoolArray


@dataclass(frozen=True)
class Softening:
    """What softens lines beside levers: see the fields of a scenario's `protocol.softening`."""

    late: float
    setback: float
    tempting: float


@dataclass(frozen=True)
class Hearing:
    """What parties make of the others' words: see the fields of a scenario's `protocol.hearing`."""

    refused: int
    pretence: float
    lines: int


@dataclass(frozen=True, eq=False)
class Protocol:
    """How the parties exchange offers, and when an exchange ends. Parties are numbers.

    The parties ``asked`` answer what is tabled; ``quorum`` of them must accept, all of ``vetoes`` among them.
    The talks end after a round from ``earliest`` to ``deadline``, drawn for each run. ``patience`` ``(1|R,)`` is in
    rounds. A mediator minds each party's wishes and lines by ``weights`` ``(P,)``; ``bias`` ``(1|R,)`` in [-1, 1] leans
    it to the camp of the first belligerent (+1) or of the second (-1), and ``camps`` ``(P,)`` is 1, -1 or 0 for who is
    in which, and a step to a line counts ``step`` in a draft. Drafts keep within the box ``drafts`` ``(I, K)``. A run
    remembers ``memory`` packages, and a party looks at ``tries`` of what it would ask for. Each round of waiting
    leaves the share ``discount`` ``(1|R,)`` of what a deal gives above no deal.
    """

    name: str
    earliest: int
    deadline: int
    proposers: tuple[int, ...]
    asked: tuple[int, ...]
    quorum: int
    vetoes: tuple[int, ...]
    start_text: OptionArray
    weights: FloatArray
    camps: IntArray
    bias: FloatArray
    patience: IntArray
    drafts: BoolArray
    step: float
    softening: Softening
    hearing: Hearing
    memory: int
    tries: int
    discount: FloatArray
    mediator: int | None = None
    pulls: tuple[Pull, ...] = ()
    tracks: tuple[Track, ...] = ()
    events: tuple[Event, ...] = ()
    by_run: ClassVar[tuple[str, ...]] = ("bias", "patience", "discount")

    def carries(self, accepting: BoolArray) -> BoolArray:
        """Whether those who accept ``(..., P)`` are enough to sign ``(...)``, in the talks and in the zone alike."""
        enough: BoolArray = accepting[..., list(self.asked)].sum(axis=-1) >= self.quorum
        return enough & accepting[..., list(self.vetoes)].all(axis=-1)

    @property
    def drafted(self) -> bool:
        """Whether a mediator drafts one text, instead of the parties making offers in turn."""
        return self.name in ("single_text", "shuttle", "two_track")
