"""Results on disk: a folder that appears whole or not at all, with the same bytes for the same scenario and seed."""

from __future__ import annotations

import csv
import hashlib
import json
import platform
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from io import StringIO
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import sim
from sim.errors import CeasefireError, OutputError
from sim.files import abandoned, why, write_text, writer
from sim.plain import as_plain, text_of
from sim.scenario.evidence_schema import NOWHERE
from sim.scenario.loader import Loaded
from sim.stakes.stages import ZONE_NAMES
from sim.study.many import Batch
from sim.study.measures import DIGITS, ZoneMeasures
from sim.study.redrawn import Drawn
from sim.study.run import Run
from sim.study.source import source_hash
from sim.talks.how_talks_end import Ending
from sim.talks.single import TABLE, Played
from sim.zone.diagnosis import subsets
from sim.zone.region import Zone

FORMAT = 1
"""Version of the folder's layout."""
MANIFEST = "manifest.json"
"""The file of a result's folder that says how it was made."""
Versions = dict[str, str]
"""What a result was made with, by name."""


@dataclass(frozen=True)
class Manifest:
    """What is needed to make a scenario's result again: what ``manifest.json`` holds beside it."""

    format: int
    banner: str
    command: list[str]
    scenario: str
    scenario_resolved: dict[str, Any]
    hash: str
    seed: int
    versions: Versions
    platform: str


def result_hash(loaded: Loaded, seed: int, runs: int = 1, drawn: Drawn | None = None) -> str:
    """Eight hexadecimal digits that name a result: resolved scenario, seed, runs, what runs draw anew, and version."""
    told: Any = {
        "exercise": True,
        "parties": {"__all__": {"story"}},
    }  # what students are asked and told changes no result
    said = loaded.scenario.model_dump(mode="json", exclude=told | NOWHERE)
    named = [said, seed, runs, sim.__version__, *([drawn] if drawn else [])]
    return hashlib.sha256(json.dumps(named, sort_keys=True).encode()).hexdigest()[:8]


def folder_of(loaded: Loaded, kind: str, seed: int, out: Path, runs: int = 1, drawn: Drawn | None = None) -> Path:
    """Where a result belongs: ``<out>/<slug>/<kind>-<hash8>``."""
    return out / loaded.slug / f"{kind}-{result_hash(loaded, seed, runs, drawn)}"


def folder_of_many(scenarios: list[Loaded], kind: str, out: Path, seed: int = 0) -> Path:
    """Where a result over several scenarios belongs: ``<out>/<kind>-<hash8>``."""
    hashes = "".join(result_hash(loaded, seed) for loaded in scenarios)
    return out / f"{kind}-{hashlib.sha256(hashes.encode()).hexdigest()[:8]}"


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """A new folder to write into, which takes the place of ``folder`` only when the block ends well.

    It is there before the block's work, so that a place that cannot be written is known first; what killed commands
    left unfinished beside it goes.

    Raises:
        OutputError: when the place cannot be written.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        for left_over in folder.parent.glob(".*-*-*"):
            if abandoned(left_over):
                shutil.rmtree(left_over, ignore_errors=True)
        draft = Path(mkdtemp(prefix=f".{folder.name}-{writer()}-", dir=folder.parent))
    except (OSError, ValueError) as error:
        raise OutputError(f"cannot write to {folder.parent}: {why(error)}") from None
    try:
        yield draft
        draft.chmod(0o755)
        _take_place(draft, folder)
    except OutputError as error:  # of a file in the draft, which is a name that nobody gave
        raise OutputError(str(error).replace(str(draft), str(folder))) from None
    except CeasefireError:
        raise
    except OSError as error:
        raise OutputError(f"cannot write {folder}: {why(error)}") from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _take_place(draft: Path, folder: Path) -> None:
    """Put a finished draft where an older result may stand; when two do so at once, either is right."""
    for _ in range(3):
        old = folder.with_name(f"{draft.name}-old")
        try:
            if folder.exists():
                folder.replace(old)
            draft.replace(folder)
        except OSError:
            if not folder.exists():
                if old.exists():
                    old.replace(folder)  # the older result stays
                raise
            continue
        finally:
            shutil.rmtree(old, ignore_errors=True)
        return


def transcript_text(events: Iterable[Mapping[str, Any]]) -> str:
    """A transcript as text, an event a line."""
    return "\n".join(json.dumps(event, ensure_ascii=False) for event in events) + "\n"


def rounds_text(played: Played) -> str:
    """The table of a run's rounds as CSV; a cell is empty where nothing was on the table."""
    text = StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(TABLE)
    rows.writerows(["" if cell != cell else cell for cell in row] for row in played.table)
    return text.getvalue()


def write_run(run: Run, folder: Path) -> None:
    """The files of one run, pictures aside: manifest, transcript, per-round table, zone and result."""
    write_text(folder / MANIFEST, text_of(manifest(run.loaded, "run", run.seed)))
    write_text(folder / "transcript.jsonl", transcript_text(run.played.transcript))
    write_text(folder / "rounds.csv", rounds_text(run.played))
    write_text(folder / "zone.json", text_of(run.zone_measures))
    if run.stable is not None:
        write_text(folder / "stable.json", json.dumps(as_plain(run.stable), ensure_ascii=False) + "\n")
    write_text(folder / "run.json", text_of(run.measured))


def write_batch(batch: Batch, folder: Path) -> None:
    """The files of many runs, pictures aside: manifest, measures, and a row a run."""
    case, results = batch.loaded.case, batch.results
    parties = [party.id for party in case.parties]
    head = ["run", "ending", "round", *(issue.id for issue in case.space.issues), *(f"value:{p}" for p in parties)]
    text = StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(head)
    for n, agreed in enumerate(results.agreeing):
        package = case.space.names(results.agreed[n]).values() if agreed else [""] * len(case.space.issues)
        values = [f"{value:.{DIGITS}f}" for value in results.values[n]] if agreed else [""] * len(parties)
        rows.writerow([int(results.runs[n]), Ending(results.ending[n]).word, int(results.ended[n]), *package, *values])
    write_text(folder / MANIFEST, text_of(manifest(batch.loaded, "run", batch.seed, batch.runs, batch.drawn)))
    write_text(folder / "runs.json", text_of(batch.measured))
    write_text(folder / "runs.csv", text.getvalue())
    write_text(folder / "zone.json", text_of(batch.zone_measures))
    if batch.stable is not None:
        write_text(folder / "stable.json", json.dumps(as_plain(batch.stable), ensure_ascii=False) + "\n")


def versions(*libraries: str) -> Versions:
    """What a result was made with: the package, its files, Python and these libraries."""
    own = {"ceasefire-zone": sim.__version__, "source": source_hash(), "python": platform.python_version()}
    return own | {name: version(name) for name in libraries}


def manifest(loaded: Loaded, command: str, seed: int, runs: int = 1, drawn: Drawn | None = None) -> Manifest:
    """What is needed to make a result again."""
    seeded = ["--seed", str(seed)] if command == "run" else []
    seeded += ["--runs", str(runs)] if runs > 1 else []
    seeded += ["--drawn", drawn] if drawn else []
    return Manifest(
        format=FORMAT,
        banner=sim.BANNER,
        command=["ceasefire", command, loaded.name, *seeded, *loaded.options],
        scenario=loaded.slug,
        scenario_resolved=loaded.scenario.model_dump(mode="json", exclude_none=True),
        hash=result_hash(loaded, seed, runs, drawn),
        seed=seed,
        versions=versions("mesa", "numpy", "matplotlib", "pydantic"),
        platform=platform.platform(),
    )


def write_zone(loaded: Loaded, zone: Zone, found: ZoneMeasures, folder: Path) -> None:
    """The files of a zone, pictures aside: manifest, measures, and the size for every subset of constraints."""
    write_text(folder / MANIFEST, text_of(manifest(loaded, "zone", 0)))
    write_text(folder / "zone.json", text_of(found))
    for name in ZONE_NAMES:
        table = subsets(zone, name=name)
        if table is not None:
            tabled = {"constraints": table.ids, "sizes": table.sizes.tolist()}
            write_text(folder / f"subsets-{name}.json", json.dumps(tabled) + "\n")
