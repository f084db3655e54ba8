"""Ceasefire: does a zone of agreement exist, exactly, and do simulated talks find it? A teaching model.

Importing it loads neither mesa nor matplotlib; public names arrive when they are first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.2.0"

BANNER = "Exploratory teaching model: no forecast, no advice; parameters are assumptions."
"""Said by every screen, file and picture."""

__all__ = [
    "BANNER",
    "AnswerError",
    "ArgumentError",
    "CeasefireError",
    "ConformanceError",
    "DelegationError",
    "MissingLibraryError",
    "NegotiationModel",
    "Offers",
    "OutputError",
    "PartyAgent",
    "Replies",
    "ResultError",
    "ScenarioError",
    "ScenarioNotFoundError",
    "SpaceTooLargeError",
    "SweepError",
    "UnsafeFileError",
    "__version__",
    "analyse",
    "check_delegation",
    "conduct",
    "conflicts",
    "find_zone",
    "load",
    "negotiate",
    "ranking",
    "relaxations",
    "run",
    "run_many",
    "sweep",
    "to_ema",
    "tournament",
    "write_report",
]

if TYPE_CHECKING:  # what editors and type checkers see; the table below says the same to Python
    from sim.delegation_checks import check_delegation
    from sim.errors import (
        AnswerError,
        ArgumentError,
        CeasefireError,
        ConformanceError,
        DelegationError,
        MissingLibraryError,
        OutputError,
        ResultError,
        ScenarioError,
        ScenarioNotFoundError,
        SpaceTooLargeError,
        SweepError,
        UnsafeFileError,
    )
    from sim.report.html.write import write_report
    from sim.scenario.loader import load
    from sim.study.asking import conflicts, find_zone, negotiate, relaxations
    from sim.study.many import run_many
    from sim.study.model import NegotiationModel
    from sim.study.ranking import ranking
    from sim.study.run import run
    from sim.study.tournament import tournament
    from sim.sweeps.analyse import analyse
    from sim.sweeps.conduct import conduct
    from sim.sweeps.frames import to_ema
    from sim.sweeps.sweep import sweep
    from sim.talks.model import PartyAgent
    from sim.talks.state import Offers, Replies
else:
    _HOME = {
        "NegotiationModel": "sim.study.model",
        "Offers": "sim.talks.state",
        "PartyAgent": "sim.talks.model",
        "Replies": "sim.talks.state",
        "analyse": "sim.sweeps.analyse",
        "check_delegation": "sim.delegation_checks",
        "conduct": "sim.sweeps.conduct",
        "conflicts": "sim.study.asking",
        "find_zone": "sim.study.asking",
        "load": "sim.scenario.loader",
        "negotiate": "sim.study.asking",
        "ranking": "sim.study.ranking",
        "relaxations": "sim.study.asking",
        "run": "sim.study.run",
        "run_many": "sim.study.many",
        "sweep": "sim.sweeps.sweep",
        "to_ema": "sim.sweeps.frames",
        "tournament": "sim.study.tournament",
        "write_report": "sim.report.html.write",
    } | {name: "sim.errors" for name in __all__ if name.endswith("Error")}

    def __getattr__(name):
        from importlib import import_module

        if name not in _HOME:
            raise AttributeError(f"module 'sim' has no attribute {name!r}")
        return getattr(import_module(_HOME[name]), name)

    def __dir__():
        return sorted({*globals(), *__all__})
