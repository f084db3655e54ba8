"""A tournament on disk: where it belongs, and its files, pictures aside.

Nothing is computed here but names.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from sim.files import write_text
from sim.scenario.loader import Loaded
from sim.scenario.talks_schema import Tactic
from sim.study.ranking import bout_rows, tournament_measures
from sim.study.record import manifest, result_hash, text_of
from sim.study.tournament import Tournament


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
) -> dict[str, Any]:
    """Manifest, ranking and bouts. Returns the result as plain data."""
    found = tournament_measures(played)
    first = manifest(scenarios[0], "tournament", played.seed)
    resolved = {loaded.slug: loaded.scenario.model_dump(mode="json", exclude_none=True) for loaded in scenarios}
    names = [loaded.name for loaded in scenarios]
    drawn = ["--runs", str(played.runs), "--seed", str(played.seed)]
    told = {key: value for key, value in first.items() if key not in ("scenario", "scenario_resolved", "hash")}
    told |= {
        "command": ["ceasefire", "tournament", *names, *drawn, *scenarios[0].options],
        "runs": played.runs,
        "tactics": tactics_as_data(tactics),
        "scenarios_resolved": resolved,
    }
    write_text(folder / "manifest.json", text_of(told))
    write_text(folder / "tournament.json", text_of(found))
    write_text(folder / "ranking.csv", _table(found["ranking"]))
    write_text(folder / "bouts.csv", _table(bout_rows(played)))
    return found


def _table(rows: list[dict[str, Any]]) -> str:
    """Rows as CSV; an interval becomes two columns."""
    flat: list[dict[str, Any]] = []
    for row in rows:
        flat.append({})
        for key, value in row.items():
            pair = {f"{key}_low": value[0], f"{key}_high": value[1]} if isinstance(value, list) else {key: value}
            flat[-1].update(pair)
    out = StringIO()
    writer = csv.DictWriter(out, list(flat[0]) if flat else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows(flat)
    return out.getvalue()
