"""What several tests of sweeps on many machines hold against: the small sweep as one process makes it."""

from __future__ import annotations

import pytest

from sim import conduct
from tests.sweep_child import CHUNK, files, small


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of the small sweep as one process makes them."""
    folder = tmp_path_factory.mktemp("alone") / "sweep"
    conduct(small(), folder, chunk=CHUNK)
    return files(folder)
