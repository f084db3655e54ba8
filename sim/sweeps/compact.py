"""Many small files of a finished sweep as a few large ones, cut at the same runs whoever made them.

Compacted folders of sweeps that were asked for in the same steps are the same, file by file; one that was extended has
its later runs in files of their own. Nothing is lost at any moment: the old files go when the manifest names the new
ones.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from sim.errors import SweepError
from sim.files import write_whole
from sim.sweeps.cut_and_join import cut, together
from sim.sweeps.files import clear_drafts, encoded
from sim.sweeps.locking import alone
from sim.sweeps.segments import Segment
from sim.sweeps.store import Folder, open_folder, read_chunk, resized

LARGE = 1 << 20
"""Runs of a large file: some ten megabytes on disk and a hundred in memory."""


@dataclass(frozen=True)
class Compacted:
    """Files and megabytes before and after: what ``sweeps compact --json`` prints."""

    folder: str
    files_before: int
    files: int
    megabytes_before: float
    megabytes: float


def compact(path: Path, large: int = LARGE, progress: Callable[[float], None] = lambda share: None) -> Compacted:
    """Put the files of a finished sweep together.

    Args:
        path: the sweep's folder.
        large: runs of a file at most, whole cases.
        progress: told the share that is done.

    Raises:
        SweepError: where chunks are still to come.
        OutputError: when the folder cannot be written.
    """
    clear_drafts(path)
    before = _sized(path)
    with alone(path):
        folder = open_folder(path)
        if len(folder.done()) < len(folder.chunks()):
            raise SweepError(f"{path} is not finished, and others may be at work on it: finish it first")
        segments = tuple(replace(old, chunk=max(large - large % old.each, old.each)) for old in folder.segments)
        for old, new in zip(folder.segments, segments, strict=True):
            for start, stop in new.chunks():
                _put_together(folder, old, start, stop)
                progress(stop / folder.sweep.runs)
        compacted = resized(folder, segments)
        for file in {*(path / "runs").glob("*.parquet")} - {compacted.file(*chunk) for chunk in compacted.chunks()}:
            file.unlink(missing_ok=True)
    after = _sized(path)
    return Compacted(str(path), before[0], after[0], before[1], after[1])


def _put_together(folder: Folder, old: Segment, start: int, stop: int) -> None:
    """Write the large file of some places, unless it is there."""
    file = folder.file(start, stop)
    if not file.exists():
        chunks = list(old.chunks(start, stop))
        parts = [cut(read_chunk(folder, a, b), max(a, start), min(b, stop)) for a, b in chunks]
        write_whole(file, encoded(together(parts)), folder.path)


def _sized(path: Path) -> tuple[int, float]:
    """Files of runs and their megabytes."""
    sizes = [file.stat().st_size for file in (path / "runs").glob("*.parquet")]
    return len(sizes), round(sum(sizes) / 1e6, 2)
