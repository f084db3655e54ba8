"""A tournament on disk: where it belongs, and its files, pictures aside.

Nothing is computed here but names.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from sim.files import write_text
from sim.plain import text_of
from sim.scenario.loader import Loaded
from sim.scenario.talks_schema import Tactic
from sim.study.ranking import Pair, Ranked, TournamentMeasures, pairs, tournament_measures
from sim.study.record import MANIFEST, Versions, manifest, result_hash
from sim.study.tournament import Tournament


@dataclass(frozen=True)
class TournamentManifest:
    """What is needed to make a tournament again: what its ``manifest.json`` holds."""

    format: int
    banner: str
    command: list[str]
    seed: int
    versions: Versions
    platform: str
    runs: int
    tactics: dict[str, Any]
    scenarios_resolved: dict[str, Any]


def tactics_as_data(tactics: Mapping[str, Tactic]) -> dict[str, Any]:
    """Tactics as plain data, every field named."""
    return {name: tactic.model_dump(mode="json") for name, tactic in tactics.items()}


def tournament_folder(
    scenarios: Sequence[Loaded], tactics: Mapping[str, Tactic], runs: int, seed: int, out: Path
) -> Path:
    """Where it belongs: ``<out>/tournament-<hash8>``, by scenarios, tactics, runs and seed."""
    named = [[result_hash(loaded, seed, runs) for loaded in scenarios], tactics_as_data(tactics)]
    return out / f"tournament-{hashlib.sha256(json.dumps(named).encode()).hexdigest()[:8]}"


def write_tournament(
    played: Tournament, scenarios: Sequence[Loaded], tactics: Mapping[str, Tactic], folder: Path
) -> TournamentMeasures:
    """Manifest, ranking and bouts. Returns the result in numbers."""
    found = tournament_measures(played)
    first = manifest(scenarios[0], "tournament", played.seed)
    names = [loaded.name for loaded in scenarios]
    drawn = ["--runs", str(played.runs), "--seed", str(played.seed)]
    told = TournamentManifest(
        format=first.format,
        banner=first.banner,
        command=["ceasefire", "tournament", *names, *drawn, *scenarios[0].options],
        seed=first.seed,
        versions=first.versions,
        platform=first.platform,
        runs=played.runs,
        tactics=tactics_as_data(tactics),
        scenarios_resolved={s.slug: s.scenario.model_dump(mode="json", exclude_none=True) for s in scenarios},
    )
    write_text(folder / MANIFEST, text_of(told))
    write_text(folder / "tournament.json", text_of(found))
    write_text(folder / "ranking.csv", _table(found.ranking))
    write_text(folder / "bouts.csv", _table(pairs(played)))
    return found


def _table(rows: Sequence[Ranked] | Sequence[Pair]) -> str:
    """Rows as CSV; an interval becomes two columns."""
    flat = [list(_columns(row)) for row in rows]
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([name for name, _ in flat[0]] if flat else [])
    writer.writerows([value for _, value in row] for row in flat)
    return out.getvalue()


def _columns(row: Ranked | Pair) -> Iterator[tuple[str, Any]]:
    for name, value in vars(row).items():
        if isinstance(value, tuple) or name == "interval":
            yield from zip((f"{name}_low", f"{name}_high"), value or (None, None), strict=True)
        else:
            yield name, value
