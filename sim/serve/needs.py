"""Whether the libraries of the live class are there, and how to get them; it loads none of them."""

from __future__ import annotations

from importlib.util import find_spec

from sim.errors import MissingLibraryError

LIBRARIES = ("starlette", "uvicorn", "segno")


def need() -> None:
    """Check that they are installed.

    Raises:
        MissingLibraryError: with the command that installs them.
    """
    missing = [name for name in LIBRARIES if find_spec(name) is None]
    if missing:
        raise MissingLibraryError(
            f'a class in the browser needs {", ".join(missing)}; install with: python -m pip install -e ".[serve]"'
        )
