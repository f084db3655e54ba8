"""Delegations of somebody's own in a sweep: their names, which code they were, and whether other processes find them.

Code is never loaded because a folder names it: whoever goes on with such a sweep hands the classes over again.
"""

from __future__ import annotations

import hashlib
import inspect
import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import ArgumentError, SweepError
from sim.given import agents_by_party

if TYPE_CHECKING:
    from sim.talks.model import PartyAgent


@dataclass(frozen=True)
class OwnAgent:
    """A delegation's ``name``, a ``fingerprint`` of its code, and its class, where it is at hand.

    The fingerprint is of the file that defines the class, or of the class alone where there is no file; what that
    imports is not in it.
    """

    name: str
    fingerprint: str
    kind: type[PartyAgent] | None = None


def own_agents(agents: Mapping[str, type[PartyAgent]] | None, parties: list[str]) -> dict[str, OwnAgent]:
    """The delegations for parties, by party.

    Raises:
        ArgumentError: for what is no mapping of parties to subclasses of `PartyAgent`.
        DelegationError: for a party that is not there.
    """
    agents = agents_by_party(agents)
    if not agents:
        return {}
    from sim.talks.model import check_kinds

    check_kinds(agents, parties)
    return {
        party: OwnAgent(f"{kind.__module__}:{kind.__qualname__}", _fingerprint(kind), kind)
        for party, kind in agents.items()
    }


def at_hand(agents: Mapping[str, OwnAgent]) -> dict[str, type[PartyAgent]]:
    """Their classes.

    Raises:
        SweepError: where only their names are known.
    """
    missing = [f"{party}: {own.name}" for party, own in agents.items() if own.kind is None]
    if missing:
        raise SweepError(
            f"its runs were played by code of somebody's own ({', '.join(missing)}), which is not loaded from a "
            "folder's word: hand the classes over in Python, sim.conduct(sim.sweep(…, agents={…}), folder)"
        )
    return {party: own.kind for party, own in agents.items() if own.kind is not None}


def require_portable(agents: Mapping[str, OwnAgent]) -> None:
    """Refuse classes that another process could not find.

    Raises:
        ArgumentError: with what helps.
    """
    for party, own in agents.items():
        try:
            held = pickle.loads(pickle.dumps(own.kind)) is own.kind
        except (pickle.PicklingError, AttributeError, ImportError):
            held = False
        if not held or (own.kind is not None and own.kind.__module__ == "__main__"):
            raise ArgumentError(
                f"{own.name}, the delegation of {party}, can be found by this process alone: put it into a file of its "
                "own and import it from there, or take workers=1"
            )


def _fingerprint(kind: type) -> str:
    """Sixteen hexadecimal digits of its code, or a word where there is none to be seen."""
    try:
        file = Path(inspect.getfile(kind))
        code = file.read_text("utf-8") if file.suffix == ".py" and file.is_file() else inspect.getsource(kind)
    except (OSError, TypeError):
        return "code not seen"
    return hashlib.sha256(code.encode()).hexdigest()[:16]
