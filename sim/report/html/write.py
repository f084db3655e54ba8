"""Reports on disk: what a name stands for, and one HTML file that appears whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from os import PathLike, fspath
from pathlib import Path
from typing import TypeVar

from sim.errors import ArgumentError, CeasefireError, ResultError, type_of
from sim.files import ready, write_whole
from sim.given import a_path
from sim.overwriting import HTML, only_ours
from sim.scenario.loader import AnyScenario, Loaded, load
from sim.study.many import Batch, run_many
from sim.study.measures import ZoneMeasures
from sim.study.record import folder_of, folder_of_many, whole_folder, write_batch, write_run
from sim.study.run import Run
from sim.study.run import run as run_once
from sim.study.saved import SavedBatch, SavedRun, is_result, kind_of, read_batch, read_run, saved, saved_batch
from sim.zone.region import Progress

Made = TypeVar("Made")
REPORT = "report.html"
"""The file's name in a folder of results."""


def report_of(found: Run | Batch | SavedRun | SavedBatch) -> str:
    """The report of one run, or of many, as HTML."""
    from sim.report.html.run_page import batch_page, run_page

    if isinstance(found, Batch | SavedBatch):
        return batch_page(saved_batch(found) if isinstance(found, Batch) else found)
    return run_page(saved(found) if isinstance(found, Run) else found)


def write_report(found: Run | Batch | SavedRun | SavedBatch | AnyScenario, path: str | PathLike[str]) -> Path:
    """Write the report of a run, or of many, to a file; what stood there is replaced only by a whole one.

    Args:
        found: what `sim.run` returns; the folder of a result; or a scenario, which is run once, with seed 0, first.
        path: the file; its card alone where the name ends in ``.svg`` or ``.png``.

    Raises:
        OutputError: when the place cannot be written, or holds what is no report.
        ResultError: when a folder holds no result that a report can be made of.
        ArgumentError: for what no report can be made of.
    """
    path = a_path(path, "a report is known by its file")
    _only_report(path)
    if isinstance(found, str | PathLike) and is_result(fspath(found)):
        return _of_folder(Path(found), path)
    if isinstance(found, Loaded | str | PathLike):
        found = run_once(found)
    if not isinstance(found, Run | Batch | SavedRun | SavedBatch):
        raise ArgumentError(f"a report is made of a run, a folder of results or a scenario, not of {type_of(found)}")
    return write_as(found, path)


def write_as(found: Run | Batch | SavedRun | SavedBatch, path: Path) -> Path:
    """The report, or its card alone where the name ends in ``.svg`` or ``.png``."""
    from sim.report.pictures.card import KINDS, write_card

    if path.suffix.removeprefix(".") not in KINDS:
        return write_html(report_of(found), path)
    return write_card(found.loaded, _measures(found), path)


def _only_report(path: Path) -> None:
    """Refuse to replace anything but a page, or a card where the name ends like one's."""
    from sim.report.pictures.card import KINDS, is_card

    if path.suffix.removeprefix(".") in KINDS:
        only_ours(path, is_card, "card")
    else:
        only_ours(path, HTML, "page")


def _measures(found: Run | Batch | SavedRun | SavedBatch) -> ZoneMeasures:
    return found.zone if isinstance(found, SavedRun | SavedBatch) else found.zone_measures


def write_in(found: Run | Batch | SavedRun | SavedBatch, folder: Path) -> Path:
    """Write the report into a folder of results, and beside it the card to share, as SVG and PNG."""
    from sim.report.pictures.card import KINDS, write_card

    for kind in KINDS:
        write_card(found.loaded, _measures(found), folder / f"card.{kind}")
    return write_html(report_of(found), folder / REPORT)


def report_on(
    names: Sequence[str],
    *,
    seed: int = 0,
    runs: int = 1,
    changes: Sequence[str] = (),
    without: Sequence[str] = (),
    to: Path | None = None,
    out: Path = Path("outputs"),
    progress: Progress = lambda share: None,
) -> Path:
    """Write a report on what the names stand for, and return where it is.

    One name: the report of that run; several: a timeline of them in the order given. A folder that a run wrote keeps
    its report beside the other files; a scenario is run first. ``to`` puts the page elsewhere.

    Raises:
        ResultError: a folder holds no result that a report can be made of, or is asked to be changed.
        OutputError: the place cannot be written.
    """
    folders = [Path(name) for name in names if is_result(name)]
    if folders and (changes or without or seed or runs > 1):
        raise ResultError(f"{folders[0]}: is a result already: no --seed, --runs, --set or --without can change it")
    if len(names) > 1 and runs > 1:
        raise ResultError("a timeline plays every scenario once: leave --runs out, or name one scenario")
    if len(names) > 1:
        for folder in folders:
            if kind_of(folder) != "run":
                raise ResultError(f"{folder}: is not a run; a timeline is made of runs and scenarios")
    given = [Path(name) if is_result(name) else load(name, changes, without) for name in names]
    _only_report(to) if to is not None else ready(folders[0] if folders and len(names) == 1 else out)
    if len(given) > 1:
        return _timeline(given, seed, to, out, progress)
    if folders:
        return _of_folder(folders[0], to, progress)
    (loaded,) = given
    assert isinstance(loaded, Loaded)
    found: Run | Batch = (
        run_many(loaded, runs, seed, progress) if runs > 1 else run_once(loaded, seed, progress=progress)
    )
    if to is not None:
        return write_report(found, to)
    folder = folder_of(found.loaded, "report", seed, out, runs)
    with whole_folder(folder) as draft:
        write_batch(found, draft) if isinstance(found, Batch) else write_run(found, draft)
        write_in(found, draft)
    return folder / REPORT


def _of_folder(folder: Path, to: Path | None, progress: Progress = lambda share: None) -> Path:
    """Write the report of whatever result a folder holds: into the folder, or elsewhere."""
    kind = kind_of(folder)
    if kind == "sweep":
        return _of_sweep(folder, to, progress)
    if kind not in ("run", "runs", ""):
        raise ResultError(f'{folder}: holds what "ceasefire {kind}" wrote; a report is made of runs and sweeps')

    def written() -> Path:
        found = read_batch(folder) if kind == "runs" else read_run(folder)
        return write_in(found, folder) if to is None else write_report(found, to)

    return _guarded([folder], written)


def _of_sweep(place: Path, to: Path | None, progress: Progress) -> Path:
    """Write the report of a sweep, and where it goes into its folder, the card to share."""
    from sim.report.html.page import page
    from sim.report.html.sweep_page import sweep_view
    from sim.report.pictures.card import KINDS, drawn
    from sim.report.pictures.many_card import sweep_card, write_cards
    from sim.sweeps.analyse import analyse
    from sim.sweeps.store import open_folder

    folder = open_folder(place)
    found = analyse(folder, progress)
    if to is not None and (kind := to.suffix.removeprefix(".")) in KINDS:
        write_whole(to, drawn(sweep_card(folder, found), kind))
        return to
    if to is None:
        write_cards(sweep_card(folder, found), place)
    return write_html(page("sweep.html", sweep_view(folder, found)), to or place / REPORT)


def _timeline(given: Sequence[Path | Loaded], seed: int, to: Path | None, out: Path, progress: Progress) -> Path:
    from sim.report.html.timeline_page import timeline_page

    runs = []
    for place, one in enumerate(given):
        runs.append(read_run(one) if isinstance(one, Path) else saved(run_once(one, seed)))
        progress((place + 1) / len(given))
    html = _guarded([one for one in given if isinstance(one, Path)], lambda: timeline_page(runs))
    from sim.report.pictures.card import KINDS, drawn
    from sim.report.pictures.many_card import timeline_card, write_cards

    if to is not None and (kind := to.suffix.removeprefix(".")) in KINDS:
        write_whole(to, drawn(timeline_card(runs), kind))
        return to
    if to is not None:
        return write_html(html, to)
    folder = folder_of_many([run.loaded for run in runs], "report", out, seed)
    with whole_folder(folder) as draft:
        write_html(html, draft / REPORT)
        write_cards(timeline_card(runs), draft)
    return folder / REPORT


def _guarded(folders: Sequence[Path], make: Callable[[], Made]) -> Made:
    """What is made of results on disk; when one lacks what it should hold, the folders are named."""
    try:
        return make()
    except CeasefireError:
        raise
    except (LookupError, ArithmeticError, StopIteration, TypeError, ValueError, AttributeError) as error:
        if not folders:
            raise
        where = ", ".join(str(folder) for folder in folders)
        raise ResultError(
            f"{where}: holds no run that a report can be made of ({type(error).__name__}: {error})"
        ) from None


def write_html(html: str, path: Path) -> Path:
    """Put a page in its place at once.

    Raises:
        OutputError: when the place cannot be written.
    """
    write_whole(path, html)
    return path
