"""Ceasefire: does a zone of agreement exist, exactly, and do simulated talks find it? A teaching model.

Importing it loads neither mesa nor matplotlib; public names arrive when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

BANNER = "Exploratory teaching model; not a forecast, not advice; parameters are assumptions."
"""Said by every screen, file and picture."""

_HOME = {
    "load": "sim.scenario.loader",
    "find_zone": "sim.zone.region",
    "run": "sim.study.run",
    "write_report": "sim.report.html.write",
    "NegotiationModel": "sim.talks.model",
    "PartyAgent": "sim.talks.model",
}
__all__ = ["BANNER", "__version__", *_HOME]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
