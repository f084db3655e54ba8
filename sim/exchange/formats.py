"""Which format some files are in, and all that can be written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from sim.errors import OutputError, ScenarioError, ScenarioNotFoundError
from sim.exchange import genius, geniusweb, negmas, negolog, scores
from sim.exchange.domain import Domain, checked, domain_of
from sim.exchange.foreign_files import LARGEST, json_of
from sim.files import write_once
from sim.scenario.loader import Loaded

FORMATS: Mapping[str, ModuleType] = {
    "genius": genius,
    "geniusweb": geniusweb,
    "negolog": negolog,
    "negmas": negmas,
    "scores": scores,
}
SUFFIXES = (".xml", ".json", ".yml", ".yaml", ".csv", ".tsv")
MOST_FILES = 64


@dataclass(frozen=True)
class Imported:
    """A negotiation that was read: in which format, from how many files, and what it says."""

    format: str
    files: int
    domain: Domain


def read_domain(place: Path, asked: int | None = None) -> Imported:
    """The negotiation in a file or in the files of a folder, whatever format they are in.

    Args:
        place: a file, or a folder with a file a party.
        asked: how many evenly spaced values an issue over numbers gets; its own steps by default.

    Raises:
        ScenarioError: for what cannot be said here, with the file and the reason.
        ScenarioNotFoundError: where nothing is there.
    """
    paths = _files(place)
    kind = _format(paths)
    reader: Callable[[Sequence[Path], int | None], Domain] = FORMATS[kind].read
    return Imported(kind, len(paths), checked(reader(paths, asked), str(place)))


def _files(place: Path) -> list[Path]:
    if not place.exists():
        raise ScenarioNotFoundError(f"{place}: no such file or folder")
    found = sorted(path for path in place.iterdir() if path.suffix.lower() in SUFFIXES) if place.is_dir() else [place]
    kinds = {".yaml": ".yml", ".tsv": ".csv"}
    suffixes = [kinds.get(path.suffix.lower(), path.suffix.lower()) for path in found]
    if not found or (not place.is_dir() and suffixes[0] not in SUFFIXES):
        raise ScenarioError(f"holds no file of a known kind ({', '.join(SUFFIXES)})", where=str(place))
    most = max(set(suffixes), key=suffixes.count)
    kept = [path for path, suffix in zip(found, suffixes, strict=True) if suffix == most]
    if len(kept) > MOST_FILES:
        raise ScenarioError(f"holds {len(kept):,} files; {MOST_FILES} parties would be too many", where=str(place))
    if len(kept) > 1 and (size := sum(path.stat().st_size for path in kept)) > LARGEST:
        raise ScenarioError(f"holds {size // 1000:,} kB of files, more than {LARGEST // 1000:,} kB", where=str(place))
    return kept


def _format(paths: Sequence[Path]) -> str:
    suffix = paths[0].suffix.lower()
    if suffix == ".json":
        for path in paths:
            data = json_of(path)
            for kind in ("geniusweb", "negolog"):
                if FORMATS[kind].recognises(data):
                    return kind
        raise ScenarioError("is neither a GeniusWeb nor a NegoLog profile", where=str(paths[0]))
    return {".xml": "genius", ".csv": "scores", ".tsv": "scores"}.get(suffix, "negmas")


def export(loaded: Loaded, kind: str, folder: Path) -> tuple[list[Path], list[str]]:
    """Write a scenario in another format to a folder.

    Returns:
        The files, and a sentence for each thing that the format cannot say.

    Raises:
        OutputError: when a file is there already or cannot be written.
    """
    domain = domain_of(loaded)
    module = FORMATS[kind]
    if domain.at_least is not None and module is not scores:
        losses = [f"that {domain.at_least} of {len(domain.profiles)} suffice is left out: all must accept there"]
    else:
        losses = []
    if domain.discount < 1 and module not in (genius, negmas):
        losses.append(f"what waiting costs is left out: a discount of {domain.discount:g} a round")
    losses = [*domain.losses, *losses, *(module.lost(domain) if hasattr(module, "lost") else ())]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: {(error.strerror or 'cannot be made').lower()}") from None
    written = []
    for name, text in module.written(domain).items():
        write_once(folder / name, text, "choose another folder")
        written.append(folder / name)
    return written, losses
