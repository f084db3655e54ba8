"""Tactics by name, and a file of somebody's own: numbers for the fields of a scenario's `tactic`, never code.

A name stands for values of fields that the talks know anyhow; how they work is `sim.talks`' business.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from pydantic import ValidationError

from sim.errors import ScenarioError, nearest
from sim.scenario.talks_schema import Tactic
from sim.scenario.yamltext import Node, read_yaml

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
"""What a tactic may be called."""
MOST = 200
"""Tactics in a file at most: every pair of them is played."""

TACTICS: Mapping[str, Tactic] = {
    # Names: Boulware (Raiffa 1982), time-dependent with exponent below 1 (Faratin, Sierra & Jennings 1998).
    "boulware": Tactic(exponent=0.2),
    # Names: linear, time-dependent with exponent 1 (Faratin, Sierra & Jennings 1998).
    "linear": Tactic(exponent=1.0),
    # Names: conceder (Pruitt 1981), time-dependent with exponent above 1 (Faratin, Sierra & Jennings 1998).
    "conceder": Tactic(exponent=4.0),
    # Names: hardliner, take-it-or-leave-it, hawk (Maynard Smith 1982); gives way in the last rounds alone.
    "hardliner": Tactic(exponent=0.05),
    # Names: modest opening, the other end of extremity against moderation (Bartos 1974; Galinsky & Mussweiler 2001).
    "modest": Tactic(exponent=1.0, opening=0.6),
    # Names: tit for tat (Axelrod 1984); relative tit for tat (Faratin, Sierra & Jennings 1998).
    "tit_for_tat": Tactic(tit_for_tat=1.0),
    # Names: mixtures of the clock and of imitation (Faratin, Sierra & Jennings 1998): half mirror of a patient party.
    "half_mirror": Tactic(exponent=0.2, tit_for_tat=0.5),
    # Names: half mirror of a party in a hurry (the same).
    "soft_mirror": Tactic(exponent=4.0, tit_for_tat=0.5),
    # Names: patience as bargaining power (Rubinstein 1982); here rounds before walking out on talks that lead nowhere.
    "patient": Tactic(exponent=0.5, patience=1_000),
    "impatient": Tactic(exponent=2.0, patience=2),
    # Names: stalling, side effects of talks (Iklé 1964): the last offer again while the front is believed to move well.
    "stall": Tactic(stall=True),
    # Names: listener, Bayesian opponent model (Hindriks & Tykhonov 2008): whose red lines are meant.
    "listener": Tactic(learns="bayes"),
    # Names: deaf, no opponent model: every issue of the others counts the same.
    "deaf": Tactic(learns="nothing"),
}
"""The tactics that come with the package; what a tactic does not name has its usual value. Numbers are assumptions."""


def chosen(names: Iterable[str], among: Mapping[str, Tactic] = TACTICS) -> dict[str, Tactic]:
    """Some tactics by name, in the order given.

    Raises:
        ScenarioError: for a name that there is not, with the nearest.
    """
    found = {}
    for name in names:
        if name not in among:
            raise ScenarioError(f'there is no tactic "{name[:80]}"{nearest(name, among)}')
        found[name] = among[name]
    return found


def read_tactics(path: Path, beside: Collection[str] = ()) -> dict[str, Tactic]:
    """The tactics of a YAML file, ``name: {exponent: 0.5, opening: 0.9}``, in its order.

    Args:
        path: the file.
        beside: names that others bear which they are to play against.

    Raises:
        ScenarioError: with file, line and the nearest valid field.
        ScenarioNotFoundError: where there is no such file.
    """
    tree = read_yaml(path, what="file of tactics")
    if not isinstance(tree.value, dict) or not tree.value:
        raise ScenarioError("is not a list of tactics, such as {mine: {exponent: 0.5}}", where=tree.where)
    if len(tree.value) > MOST:
        raise ScenarioError(f"holds {len(tree.value)} tactics; the maximum is {MOST}", where=tree.where)
    names = [str(name) for name in tree.value]
    for name in names:
        if name in beside:
            taken = {*beside, *names}
            free = next(f"my_{name}{n}" for n in ("", *range(2, MOST)) if f"my_{name}{n}" not in taken)
            said = f'comes with the package, so "{name}" is taken (did you mean "{free}"?)'
            raise ScenarioError(said, path=(name,), where=tree.place((name,)))
    return {str(name): _tactic(str(name), node, tree) for name, node in tree.value.items()}


def _tactic(name: str, node: Node, tree: Node) -> Tactic:
    if not NAME.fullmatch(name):
        said = f'"{name[:40]}" should be lower-case letters, digits, "_" and "-", 40 at most'
        raise ScenarioError(said, where=node.where)
    if not isinstance(node.value, dict):
        raise ScenarioError("should be a tactic, such as {exponent: 0.5}", path=(name,), where=node.where)
    try:
        return Tactic.model_validate(node.plain())
    except ValidationError as error:
        field, said = first_wrong(error)
        path = (name, field) if field else (name,)
        raise ScenarioError(said, path=path, where=tree.place(path)) from None


def first_wrong(error: ValidationError) -> tuple[str, str]:
    """The first field of a tactic that is wrong, and what is wrong with it."""
    first = error.errors()[0]
    field = str(first["loc"][0]) if first["loc"] else ""
    if first["type"] == "extra_forbidden":
        return field, f"there is no such field{nearest(field, Tactic.model_fields)}"
    return field, str(first["msg"]).removeprefix("Input ")
