"""From a slug or a path to a checked scenario: `extends` merged, changes applied, every complaint with its place.

How YAML is read is `yamltext`'s business, what names mean is `compile`'s.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from os import PathLike
from typing import Any

from sim.errors import ArgumentError, CeasefireError, ScenarioError, nearest, type_of
from sim.scenario import library
from sim.scenario.changes import Changes, listed, path_of, texts
from sim.scenario.compile import compile_case
from sim.scenario.evidence import first_missing
from sim.scenario.extending import no_such_line, of_a_line, resolved_tree
from sim.scenario.reading import as_read
from sim.scenario.schema import Scenario
from sim.scenario.scores import units
from sim.scenario.stepped import interpolated, with_range
from sim.scenario.validation import YamlPath, placed, validated, with_ids
from sim.scenario.yamltext import Node, parse_yaml
from sim.stakes.case import Case


@dataclass(frozen=True)
class Loaded:
    """A scenario that was read and checked, with the case it compiles to and the changes made on the way.

    ``name`` is what the user called it, ``slug`` what its results are called.
    """

    name: str
    slug: str
    scenario: Scenario
    case: Case
    changes: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    @property
    def options(self) -> list[str]:
        """The command-line options that make the same changes again."""
        pairs = [("--set", change) for change in self.changes] + [("--without", line) for line in self.without]
        return [word for pair in pairs for word in pair]

    @property
    def known(self) -> dict[tuple[Any, ...], Any]:
        """What was worked out of its case, by what was asked."""
        return self.case.known


AnyScenario = Loaded | str | PathLike[str]
"""A scenario in each form that stands for one: what `load` returns, a slug, or a path."""


def load(name: AnyScenario, changes: Changes = (), without: Iterable[str] = ()) -> Loaded:
    """Read, change and check a scenario.

    Args:
        name: a slug such as ``2025-12-stalemate``, a path, or a scenario that was loaded before.
        changes: ``{"protocol.deadline": 12}`` or ``["protocol.deadline=12"]``, each checked like the file.
        without: ids of red lines to leave out.

    Raises:
        ScenarioError: with file, line and YAML path, or with the change that is wrong.
        ScenarioNotFoundError: with the nearest slug.
        ArgumentError: for what stands for no scenario, or for no changes.
    """
    if isinstance(name, Loaded):
        return with_changes(name, changes, without)
    name = name_of(name)
    path = library.find(name)
    tree = resolved_tree(path, ())
    scenario, case = _checked(tree.plain(), tree)
    return with_changes(Loaded(name, library.slug_of(path), scenario, case), changes, without)


def units_of(name: str) -> dict[str, float]:
    """By party, how many points one point of a scenario's file came to, where the file asks for that."""
    return units(interpolated(resolved_tree(library.find(name), ()).plain()))


def name_of(given: Any) -> str:
    """A slug or a path as text.

    Raises:
        ArgumentError: for anything else.
    """
    name = os.fspath(given) if isinstance(given, str | PathLike) else None
    if not isinstance(name, str):
        raise ArgumentError(f"a scenario is a slug, a path or what sim.load returns, not {type_of(given)}")
    return name


def load_all(given: AnyScenario | Iterable[AnyScenario]) -> list[Loaded]:
    """Several scenarios, or one alone, each in any form.

    Raises:
        ArgumentError: for anything else.
    """
    if isinstance(given, Loaded | str | PathLike) or not isinstance(given, Iterable):
        return [load(given)]
    return [load(name) for name in given]


def case_of(given: AnyScenario | Case) -> Case:
    """The case of a scenario in any form; a case stands for itself.

    Raises:
        ArgumentError: for anything else.
    """
    return given if isinstance(given, Case) else load(given).case


def with_changes(loaded: Loaded, changes: Changes = (), without: Iterable[str] = ()) -> Loaded:
    """A scenario after changes, made together, and without some red lines; each checked like the file.

    Raises:
        ScenarioError: with the change that is wrong.
        ArgumentError: for what stands for no changes.
    """
    scenario, case = loaded.scenario, loaded.case
    changes, without = listed(changes), texts(without, "without", "ids of red lines")
    if not changes and not without:
        return loaded
    if changes:
        scenario, case = _changed(scenario, changes)
    if without:
        scenario, case = _without(scenario, without)
    again = {path_of(change) for change in changes}
    before = [change for change in loaded.changes if path_of(change) not in again]
    return Loaded(loaded.name, loaded.slug, scenario, case, (*before, *changes), (*loaded.without, *without))


def restored(name: str, slug: str, resolved: Any, changes: Iterable[str] = (), without: Iterable[str] = ()) -> Loaded:
    """A scenario from the resolved copy that a result holds, whatever its file says by now."""
    scenario = as_read(validated(Scenario, resolved))
    return Loaded(name, slug, scenario, compile_case(scenario), tuple(changes), tuple(without))


def _checked(data: Any, tree: Node) -> tuple[Scenario, Case]:
    """Validate and compile; complaints carry the place in the tree."""
    try:
        scenario = as_read(validated(Scenario, data, tree.written))
        return scenario, compile_case(scenario)
    except ScenarioError as error:
        raise placed(error, tree.place, partial(with_ids, data)) from None


def _changed(scenario: Scenario, changes: tuple[str, ...]) -> tuple[Scenario, Case]:
    """The scenario after all ``PATH=VALUE`` changes, checked once they are made together."""
    data, made = scenario.model_dump(mode="json"), dict[YamlPath, tuple[str, Node]]()
    for change in changes:
        path, node = _make(data, change)
        if path in made:
            raise ScenarioError(f"changes what --set {made[path][0]} already changes", where=f"--set {change}")
        made[path] = change, node
    for gone in filter(lambda field: first_missing(data, field), scenario.grounds):
        data.get("grounds", {}).pop(gone, None)  # what a change took away needs no grounds
    try:
        changed = as_read(validated(Scenario, data, partial(_written, data, made)))
        return changed, compile_case(changed)
    except ScenarioError as error:

        def guilty(path: YamlPath) -> str:
            said = ".".join(str(part) for part in with_ids(data, path))
            found = [change for change in changes if said.startswith(change.partition("=")[0].strip())]
            return " ".join(f"--set {change}" for change in found or changes)

        raise placed(error, guilty, partial(with_ids, data)) from None
    except CeasefireError as error:
        raise ScenarioError(str(error), where=" ".join(f"--set {change}" for change in changes)) from None


def _written(data: Any, made: Mapping[YamlPath, tuple[str, Node]], path: YamlPath) -> str | None:
    """How a change wrote the value that now stands at a path."""
    called = with_ids(data, (*path, ""))[:-1]
    for place, (_, node) in made.items():
        if called[: len(place)] == place:
            return node.written(path[len(place) :])
    return None


def _make(data: Any, change: str) -> tuple[YamlPath, Node]:
    """Make one change in plain data; a null takes away what stands there. Returns its path, by ids, and its value."""
    where = f"--set {change}"
    name, equals, text = change.partition("=")
    *above, last = (part.strip() for part in name.split("."))
    if not equals or not last:
        raise ScenarioError("wants PATH=VALUE, such as parties.NAME.reservation=30", where=where)
    if (above or [last])[0] in ("extends", "without", "format"):
        raise ScenarioError("cannot be changed here; --without leaves a red line out", where=where)
    if above[:1] == ["issues"] and "range" in (*above[2:3], last if len(above) == 2 else ""):
        with_range(data, above[1], last)
    here: Any = data
    path: YamlPath = ()
    for depth, part in enumerate(above):
        key = _key(here, part, where, tuple(above[:depth]))
        here, path = here[key], (*path, key)
    node = parse_yaml(text, where)
    value = node.plain()
    if isinstance(here, list):
        key = _key(here, last, where, tuple(above))
        called = with_ids(data, (*path, key, ""))[:-1]
        here[key : key + 1] = [] if value is None else [value]
    elif isinstance(here, dict):
        called = with_ids(data, (*path, last, ""))[:-1]
        here.pop(last, None)
        if value is not None:
            here[last] = value
    else:
        raise ScenarioError("is not a mapping or list; give its whole value", path=tuple(above), where=where)
    return called, node


def _key(data: Any, part: str, where: str, path: tuple[str, ...]) -> Any:
    """The key of one part of a `--set` path: a mapping's key, an item's id, or a place in a list."""
    if isinstance(data, list):
        ids = [item.get("id", str(n)) if isinstance(item, dict) else str(n) for n, item in enumerate(data)]
        places = {id_: n for n, id_ in enumerate(ids)} | {str(n): n for n in range(len(data))}
        known: list[str] = ids
    else:
        places = {key: key for key in data} if isinstance(data, dict) else {}
        known = list(places)
    if part not in places:
        raise ScenarioError(f'there is no "{part}"{nearest(part, known)}', path=path, where=where)
    return places[part]


def _without(scenario: Scenario, ids: tuple[str, ...]) -> tuple[Scenario, Case]:
    """The scenario without these red lines."""
    known = {line.id: line for line in scenario.red_lines}
    for place, line_id in enumerate(ids):
        if line_id in ids[:place]:
            raise ScenarioError("is given twice", where=f"--without {line_id}")
        if line_id not in known:
            raise ScenarioError(no_such_line(line_id, known), where=f"--without {line_id}")
    kept = [line for line in scenario.red_lines if line.id not in ids]
    grounds = {path: said for path, said in scenario.grounds.items() if not of_a_line(path, ids)}
    changed = scenario.model_copy(update={"red_lines": kept, "grounds": grounds})
    return changed, compile_case(changed)
