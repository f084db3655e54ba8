"""The talks of a scenario alone, where its packages are too many to look at each: how they end, and what is signed.

Whether there was a zone to be found is not known here, so nothing is said of reached, missed or hidden.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from sim.files import write_text
from sim.plain import OPTIONAL, text_of
from sim.scenario.loader import AnyScenario, Loaded, load
from sim.stakes.space import LARGEST_SPACE, Package
from sim.study.measures import DIGITS, Heading, heading
from sim.study.record import MANIFEST, manifest, rounds_text, transcript_text
from sim.study.shares import Share, shared
from sim.talks.batch import negotiate
from sim.talks.discounting import agreed_values
from sim.talks.how_talks_end import Ending
from sim.talks.single import Played, SingleRun


@dataclass(frozen=True)
class TalksMeasures(Heading):
    """How talks ended: the first run in full, values in points a month; ``endings`` are shares where there are more."""

    seed: int
    runs: int
    packages: int
    ending: str
    round: int
    package: Package | None
    values: dict[str, float] | None
    reservation: dict[str, float]
    endings: dict[str, Share] | None = field(default=None, kw_only=True, metadata=OPTIONAL)


@dataclass(frozen=True)
class Talked:
    """The talks of a scenario without its zone."""

    loaded: Loaded
    measured: TalksMeasures
    played: Played


def countable(loaded: Loaded) -> bool:
    """Whether the zone can be found exactly; talks need no look at every package."""
    return loaded.case.space.size <= LARGEST_SPACE


def talk(
    scenario: AnyScenario, seed: int = 0, runs: int = 1, progress: Callable[[float], None] = lambda share: None
) -> Talked:
    """Play the talks of a scenario and leave its zone aside.

    Args:
        scenario: a slug, a path, or what `sim.load` returns.
        seed: with a run's number it names every draw.
        runs: how many; the first is the one that is told in full.
        progress: told the share that is done.
    """
    loaded = load(scenario)
    case, played = loaded.case, SingleRun(loaded.case, seed)
    played.run_to_end()
    talks, endings = played.talks, None
    if runs > 1:
        ended = negotiate(case, runs, seed, progress=progress).ending
        counts = {ending.word: int(np.count_nonzero(ended == ending)) for ending in Ending}
        endings = {word: shared(count, runs) for word, count in counts.items() if count}
    agreed = played.ending.agreed
    ids = [party.id for party in case.parties]
    values = [round(value, DIGITS) for value in agreed_values(case, talks)[0].tolist()]
    return Talked(
        loaded,
        TalksMeasures(
            **vars(heading(loaded)),
            seed=seed,
            runs=runs,
            packages=case.space.size,
            ending=played.ending.word,
            round=int(talks.ended[0]),
            package=case.space.names(talks.agreed[0]) if agreed else None,
            values=dict(zip(ids, values, strict=True)) if agreed else None,
            reservation={party: round(float(talks.reservation[0, n]), DIGITS) for n, party in enumerate(ids)},
            endings=endings,
        ),
        played,
    )


def write_talks(talked: Talked, folder: Path) -> None:
    """The files of talks alone: manifest, transcript, per-round table and result."""
    measured = talked.measured
    made = manifest(talked.loaded, "run", measured.seed, measured.runs)
    write_text(folder / MANIFEST, text_of(replace(made, command=[*made.command, "--talks-only"])))
    write_text(folder / "transcript.jsonl", transcript_text(talked.played.transcript))
    write_text(folder / "rounds.csv", rounds_text(talked.played))
    write_text(folder / "talks.json", text_of(measured))
