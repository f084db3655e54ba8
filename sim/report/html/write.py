"""Reports on disk: what a name stands for, and one HTML file that appears whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from sim.errors import OutputError, ResultError
from sim.study.run import Run
from sim.study.saved import SavedRun, read_manifest, read_run, saved

FILE = "report.html"


def report_of(run: Run | SavedRun) -> str:
    """The report of one run as HTML."""
    from sim.report.html.run_page import run_page

    return run_page(saved(run) if isinstance(run, Run) else run)


def report_of_folder(folder: Path) -> str:
    """The report of a result that stands on disk.

    Raises:
        ResultError: when the folder holds no result that a report can be made of.
    """
    kind = str(read_manifest(folder).get("command", ["", ""])[1:2] or [""])
    if "run" not in kind:
        raise ResultError(f"{folder}: holds the result of another command; a report is made of a run")
    try:
        return report_of(read_run(folder))
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, ResultError):
            raise
        raise ResultError(f"{folder}: is damaged: {type(error).__name__} {error}") from None


def write_report(run: Run | SavedRun, path: str | Path) -> Path:
    """Write the report of a run to a file; what stood there is replaced only by a whole one.

    Raises:
        OutputError: when the place cannot be written.
    """
    return write_html(report_of(run), Path(path))


def write_html(html: str, path: Path) -> Path:
    """Put a page in its place at once."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise OutputError(f"cannot write {path}: is a folder")
        with NamedTemporaryFile("wb", dir=path.parent, prefix=f".{path.name}-", delete=False) as draft:
            draft.write(html.encode("utf-8"))
        try:
            Path(draft.name).chmod(0o644)
            os.replace(draft.name, path)  # noqa: PTH105  one step on every platform
        finally:
            Path(draft.name).unlink(missing_ok=True)
    except OutputError:
        raise
    except OSError as error:
        raise OutputError(f"cannot write {path}: {(error.strerror or str(error)).lower()}") from None
    return path
