"""Results as pandas tables for a notebook: words as categoricals, null where there is nothing to say.

It knows nothing of what it tabulates, and loads pandas only when somebody asks for a table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pandas as pd

    from sim.stakes.space import OptionArray, OutcomeSpace

Array = npt.NDArray[Any]


def words(
    places: Array, names: Sequence[str], known: Array | None = None, *, ordered: bool = False
) -> pd.Categorical[str]:
    """Names by their places ``(N,)``, null where they are not ``known``.

    >>> words(np.array([1, 0, 0]), ["no", "yes"], np.array([True, True, False])).tolist()
    ['yes', 'no', nan]
    """
    import pandas as pd

    codes = places.astype(np.int64) if known is None else np.where(known, places, -1)
    return pd.Categorical.from_codes(codes, pd.Index(list(names)), ordered=ordered)


def numbers(column: Array, known: Array) -> Any:
    """Numbers ``(N,)``, null where they are not ``known``: whole ones stay whole."""
    import pandas as pd

    if column.dtype.kind in "iu":
        return pd.arrays.IntegerArray(column.astype(np.int64), ~np.asarray(known, dtype=bool))
    return np.where(known, column, np.nan)


def frame(columns: Mapping[str, Any]) -> pd.DataFrame:
    """A table of columns of one length."""
    import pandas as pd

    return pd.DataFrame(dict(columns))


def package_columns(space: OutcomeSpace, packages: OptionArray, known: Array | None = None) -> dict[str, Any]:
    """A column for each issue of packages ``(N, I)``, its levels in their order; null where not ``known``."""
    return {
        issue.id: words(packages[:, axis], issue.options, known, ordered=issue.ordered)
        for axis, issue in enumerate(space.issues)
    }
