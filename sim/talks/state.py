"""Where the talks stand: one immutable record for R runs at once, and what happened in the round just played.

No rule is decided here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from sim.stakes.outlook import Outlook
from sim.stakes.prospects import Terrain
from sim.stakes.run_axis import AllByRun
from sim.stakes.space import BitArray, BoolArray, CountArray, FloatArray, IntArray, OptionArray
from sim.stakes.stages import StageArray
from sim.talks.how_talks_end import Ending, EndingArray
from sim.talks.offers.across import Across


@dataclass(frozen=True)
class Offers:
    """What a party tables: packages ``(R, I)``, and in which runs it tables anything at all ``(R,)``.

    ``positions`` ``(R, I)`` are what it asks for, which others read and its next offers start from; the same by
    default, and something else where it tables a variant.
    """

    packages: OptionArray
    made: BoolArray
    positions: OptionArray | None = None


@dataclass(frozen=True)
class Replies:
    """A party's answers to a package: whether it accepts ``(R,)`` and why not.

    ``crossed`` holds the bits of its own binding lines that the package crosses, ``shortfall`` the points a month
    that the package lies below what it asks for this round (0 when it does not). ``walks`` where it leaves the table.
    """

    accepts: BoolArray
    crossed: BitArray
    shortfall: FloatArray
    walks: BoolArray | None = None


@dataclass(frozen=True)
class Exchange:
    """One package put to the table, in every run.

    ``package`` ``(R, I)`` was tabled (where ``tabled`` ``(R,)``) by ``author``, a party number or -1 for a text that
    stands, and put to the parties ``asked``; ``accepts``, ``crossed``, ``shortfall``, ``walks`` are every party's
    replies ``(R, P)``, ``utility`` and ``value`` what it is worth to each now. ``due`` ``(R,)`` where it was the
    author's turn at all; ``stage`` ``(R,)`` is that of the package, `Stage.SHORT` where it is incoherent, and ``lines``
    ``(R,)`` are the bits of all red lines that it crosses, whoever they bind.
    """

    author: int
    asked: tuple[int, ...]
    package: OptionArray
    tabled: BoolArray
    accepts: BoolArray
    crossed: BitArray
    shortfall: FloatArray
    walks: BoolArray
    utility: FloatArray
    value: FloatArray
    due: BoolArray
    stage: StageArray
    lines: BitArray


@dataclass(frozen=True)
class Memory:
    """The last packages tabled, each once, that are coherent and can be signed; N slots, of which a run uses some.

    ``words`` ``(R, W, N)`` are the packages, `packed`; beside them what never changes about them, to answer anew at
    little cost: the red lines they cross ``(R, N)``, their ``utility`` ``(R, P, N)``, their ``stage`` ``(R, N)``; the
    ``rounds`` ``(R, N)`` in which they were tabled first, and how many were so far ``(R,)``.

    Memories of round after round share their arrays, and the latest alone may write to them, where no older one reads:
    it is the one whose ``version`` stands in ``latest``, which they share too.
    """

    words: BitArray
    crossed: BitArray
    utility: FloatArray
    stage: StageArray
    rounds: CountArray
    count: IntArray
    version: int
    latest: list[int]
    by_run: ClassVar[tuple[str, ...]] = ("words", "crossed", "utility", "stage", "rounds", "count")

    @property
    def held(self) -> StageArray:
        """The stage of what each slot holds ``(R, N)``; `Stage.SHORT` for an empty one."""
        if self.version == self.latest[0]:
            return self.stage
        return np.where(np.arange(self.stage.shape[1]) < self.count[:, None], self.stage, np.int8(0))


@dataclass(frozen=True)
class Front(AllByRun):
    """The war while the parties talk.

    ``share`` ``(R,)`` held by the first belligerent, its last change ``moved``, each party's belief of the monthly
    ``drift`` ``(R, P)`` after ``observed`` ``(R,)`` months of fighting, where the levers stand ``index`` ``(R, V)``
    and where events put them ``set_to`` ``(R, V)``.
    """

    share: FloatArray
    moved: FloatArray
    drift: FloatArray
    observed: IntArray
    index: FloatArray
    set_to: FloatArray
    terrain: Terrain


@dataclass(frozen=True)
class Heard(AllByRun):
    """What was said so far, by everybody and to everybody.

    ``changes`` ``(R, P)`` counts the times a party changed its offer and ``moved`` ``(R, P, I)`` those in which an
    issue moved, ``importance`` ``(R, P, I)`` is what that makes of each issue; ``gave`` ``(R, P)`` is the mean gain
    that others' moves brought a party, in points; ``bluff`` ``(R, L)`` the chance, as heard so far, that a declared
    line is not meant. ``refusals`` ``(R, P)`` in a row; ``offered`` ``(R, P)`` the most above its reservation value
    that others tabled for a party; ``silence`` ``(R, P)`` rounds since others tabled something that it could sign.
    """

    changes: IntArray
    moved: IntArray
    importance: IntArray
    gave: FloatArray
    bluff: FloatArray
    refusals: IntArray
    offered: FloatArray
    silence: IntArray


@dataclass(frozen=True)
class Tally(AllByRun):
    """What a run is measured by, kept as it goes.

    ``softened``, ``pressed`` ``(R, P)``: steps given up, and those while a lever pressed. ``leverage`` ``(R,)``: index
    points times rounds that the mediator spent. ``seen`` ``(R,)``: the first round in which what was tabled suited all
    that must sign (0 for never); ``held_out`` ``(R, P)``: who refused such a package, asking for more. ``first``
    ``(R,)``: the round of the first ceasefire or settlement signed (0 for none); ``since`` ``(R,)`` that of what is in
    force, kept where a discount asks for it.
    """

    softened: IntArray
    pressed: IntArray
    leverage: FloatArray
    seen: IntArray
    held_out: BoolArray
    first: IntArray
    since: IntArray


@dataclass(frozen=True)
class Shelf(AllByRun):
    """What lies aside while another stage is talked about: offers ``(R, 2, P, I)``, where made ``(R, 2, P)``, and who
    refused whose ``(R, 2, P, P)``, for interim ceasefires and for settlements.
    """

    offers: OptionArray
    made: BoolArray
    refused: BoolArray


@dataclass(frozen=True)
class Talks:
    """R runs after some rounds; `play_round` returns the next one and never changes this one.

    Where offers go round they are of one stage a round, the ``topic`` (None otherwise), and those of the other stage
    lie on the ``shelf``.

    - What is expected: ``reservation`` ``(R, P)``, ``outlook`` and ``front``, where there is a war.
    - Red lines: ``rung`` ``(R, L)`` is the step each line stands at (0 declared, -1 harder), ``binding`` ``(R, P)`` the
      bits of those steps.
    - What is asked: ``best`` ``(R, P, 4)`` is the utility that each party could get of each `Stage` within its declared
      lines, ``asked`` ``(R, P, 4)`` what it asks of each this round; ``openings`` ``(R, P, 3, I)`` are its own
      best package, interim ceasefire and settlement, possible where ``can_open`` ``(R, P, 3)``.
    - What was said: ``offers`` ``(R, P, I)`` is each party's last offer, where ``made`` ``(R, P)``; ``refused[r, a,
      b]`` tells whether b said no to what a last had on the table (to the text, where there is one); ``heard``,
      ``tally``, and the ``memory`` of what was tabled in earlier rounds.
    - The text ``(R, I)``, that of the round ``before`` ``(R, I)``, who accepted it as it stands (``agreeing``
      ``(R, P)``), its steps to the lines at the best (``distance`` ``(R,)``) and the rounds since then (``idle``
      ``(R,)``).
    - What holds: ``standing`` ``(R, I)`` is in force, of stage ``in_force`` ``(R,)``.
    - How it ends: ``last`` ``(R,)`` is the round after which it does at the latest; ``hope`` ``(R, P)`` what each could
      gain at most across nobody's declared line; ``ending``, ``ended`` (round), ``agreed`` ``(R, I)``, ``left`` (who
      walked out, or -1).
    - This round: ``exchanges`` in order; ``signed`` ``(R,)`` where one was signed, ``deal`` ``(R, I)`` what, ``empty``
      ``(R,)`` where it could not be carried out, ``recalled`` ``(R,)`` the earlier round in which it was tabled (0 for
      this one), ``leaves`` ``(R, P)`` whose delegation left the table; while wishes are stated, what lies ``far`` from
      the text, across endings (None where that is still to be looked up; it numbers the runs of this batch, so it goes
      before any of them are picked).
    """

    round: int
    topic: int | None
    shelf: Shelf
    reservation: FloatArray
    outlook: Outlook | None
    front: Front | None
    rung: IntArray
    binding: BitArray
    best: FloatArray
    asked: FloatArray
    openings: OptionArray
    can_open: BoolArray
    offers: OptionArray
    made: BoolArray
    refused: BoolArray
    heard: Heard
    tally: Tally
    memory: Memory
    last: IntArray
    hope: FloatArray
    text: OptionArray
    before: OptionArray
    agreeing: BoolArray
    distance: IntArray
    idle: IntArray
    standing: OptionArray
    in_force: StageArray
    ending: EndingArray
    ended: IntArray
    agreed: OptionArray
    left: IntArray
    signed: BoolArray
    empty: BoolArray
    recalled: IntArray
    leaves: BoolArray
    deal: OptionArray
    exchanges: tuple[Exchange, ...] = ()
    far: Across | None = None
    by_run: ClassVar[tuple[str, ...]] = (
        "shelf", "reservation", "outlook", "front", "rung", "binding", "best", "asked", "openings", "can_open",
        "offers", "made", "refused", "heard", "tally", "memory", "last", "hope", "text", "before", "agreeing",
        "distance", "idle", "standing", "in_force", "ending", "ended", "agreed", "left", "signed", "empty", "recalled",
        "leaves", "deal",
    )  # fmt: skip

    @property
    def runs(self) -> int:
        """R."""
        return len(self.ending)

    @property
    def open(self) -> BoolArray:
        """Which runs ``(R,)`` still go on."""
        return self.ending == Ending.OPEN


def put_column(table: npt.NDArray[Any], place: int, column: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """A copy of a table ``(R, P, ...)`` with the column at one place replaced."""
    changed = table.copy()
    changed[:, place] = column
    return changed
