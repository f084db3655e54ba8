"""What many tests of sweeps hold against or take further: the small sweep as one process makes it, made once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sim import conduct
from tests.sweep_child import CHUNK, files, small


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small sweep, uninterrupted, in this process; tests only read it."""
    folder = tmp_path_factory.mktemp("whole") / "sweep"
    assert conduct(small(), folder, chunk=CHUNK).complete
    return folder


@pytest.fixture
def swept(whole: Path, tmp_path: Path) -> Path:
    """A copy of it, to damage or to go on with."""
    return Path(shutil.copytree(whole, tmp_path / "sweep"))


@pytest.fixture(scope="session")
def alone(whole: Path) -> dict[str, bytes]:
    """Its files."""
    return files(whole)
