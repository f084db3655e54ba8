"""A sweep as pandas tables: a row a run or a row a case, and the two tables that EMA Workbench's tools take."""

from __future__ import annotations

from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import SweepError
from sim.sweeps.export import By, pieces
from sim.sweeps.files import arrow
from sim.sweeps.outcomes import ZONES
from sim.sweeps.results import gather
from sim.sweeps.store import Folder, opened

if TYPE_CHECKING:
    import pandas as pd

    from sim.stakes.space import FloatArray


def sweep_frame(folder: Folder, by: By = "run") -> pd.DataFrame:
    """What is done of a sweep, a row a run or a case: the design beside the outcomes, words as categoricals.

    Raises:
        SweepError: where nothing is done yet.
    """
    pa, tables = arrow(), list(pieces(folder, by))
    if not tables:
        raise SweepError(f"{folder.path}: holds no finished runs yet")
    table = pa.concat_tables(tables).to_pandas(use_threads=False)  # as chunks are read
    texts = [name for name in table.columns if table[name].dtype.kind not in "biuf"]
    return table.astype(dict.fromkeys(texts, "category"))


def to_ema(folder: str | PathLike[str] | Folder) -> tuple[pd.DataFrame, dict[str, FloatArray]]:
    """A sweep as EMA Workbench has its experiments: opens its tools for discovering scenarios, with no import of it.

    A row is a case. Zones are 1 where there is one and 0 where there is none, ``agreement`` and ``ending.<how>`` are
    shares of the case's runs. Cases that failed are left out.

    Args:
        folder: where a sweep was conducted.

    Returns:
        The experiments, with EMA's own columns ``scenario`` (the case's number), ``policy`` and ``model`` at the end;
        and the outcomes ``(N,)`` by name.

    Raises:
        SweepError: where nothing is done yet.
        ArgumentError: for what is no folder.
    """
    folder = opened(folder)
    cases = gather(folder)
    known = np.flatnonzero(cases.known)
    if not len(known):
        raise SweepError(f"{folder.path}: holds no finished runs yet")
    table = sweep_frame(folder, "case").set_index("case").loc[known]
    experiments = table[[factor.path for factor in folder.sweep.factors]].reset_index(drop=True)
    experiments["scenario"], experiments["policy"] = known, "as it is"
    experiments["model"] = folder.sweep.loaded.slug
    outcomes: dict[str, Any] = {name: cases.zones[name][known].astype(float) for name in ZONES}
    outcomes["agreement"] = cases.share[known]
    outcomes |= {f"ending.{name}": column[known] / cases.runs[known] for name, column in cases.endings.items()}
    return experiments, outcomes
