"""What `extends` and `without` mean: a file's tree over that of what it extends, less the red lines taken away.

Every node keeps the place it was written at, so that complaints name the right file and line.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sim.errors import CeasefireError, ScenarioError, nearest
from sim.scenario import library
from sim.scenario.yamltext import Node, read_once, read_yaml

LONGEST_CHAIN = 8
"""Files that may extend one another."""
REPLACED_WHOLE = frozenset({"when", "requires", "softens_to", "sources", "ceasefire", "settlement", "start_text"})
"""Keys whose value a file states anew; everything else merges with what the base says."""


def resolved_tree(path: Path, chain: tuple[Path, ...]) -> Node:
    """The tree of a file over the tree of what it extends."""
    ours = path.resolve().is_relative_to(library.shipped_folder())
    own = read_once(path, ours) if chain or ours else read_yaml(path)
    if not isinstance(own.value, dict):
        raise ScenarioError("is not a mapping of scenario fields", where=own.where)
    base = own.value.get("extends")
    if base is None:
        return _dropped(own)
    if not isinstance(base.value, str):
        raise ScenarioError("must name a scenario", path=("extends",), where=base.where)
    chain = (*chain, path.resolve())
    try:
        found = library.find(base.value, beside=path)
    except CeasefireError as error:
        raise ScenarioError(str(error), path=("extends",), where=base.where) from None
    if found.resolve() in chain:
        raise ScenarioError(f'goes round in a circle: "{base.value}"', path=("extends",), where=base.where)
    if len(chain) >= LONGEST_CHAIN:
        raise ScenarioError(f"is a chain of more than {LONGEST_CHAIN} files", path=("extends",), where=base.where)
    return _dropped(_merged(resolved_tree(found, chain), own))


def _merged(base: Node, own: Node) -> Node:
    """Mappings merge key by key and lists of things with an id merge by id; a null takes away; the rest replaces."""
    if isinstance(base.value, dict) and isinstance(own.value, dict):
        merged = dict(base.value)
        for key, node in own.value.items():
            if key in merged and node.value is None:
                del merged[key]
            elif key in merged and key not in REPLACED_WHOLE:
                merged[key] = _merged(merged[key], node)
            else:
                merged[key] = node
        return Node(merged, own.where)
    if isinstance(base.value, list) and isinstance(own.value, list):
        mine, theirs = _by_id(own.value), _by_id(base.value)
        if mine is not None and theirs is not None:
            items = theirs | {id_: _merged(theirs[id_], n) if id_ in theirs else n for id_, n in mine.items()}
            return Node(list(items.values()), own.where)
    return own


def _by_id(items: list[Node]) -> dict[str, Node] | None:
    """List items by their ids, or None when one has none or two share one."""
    ids = [str(node.value["id"].value) if isinstance(node.value, dict) and "id" in node.value else "" for node in items]
    return dict(zip(ids, items, strict=True)) if all(ids) and len(set(ids)) == len(ids) else None


def _dropped(tree: Node) -> Node:
    """The tree after its own `without`: these red lines taken away."""
    assert isinstance(tree.value, dict)
    drop, lines = tree.value.get("without"), tree.value.get("red_lines")
    by_id = _by_id(lines.value) if lines and isinstance(lines.value, list) else {}
    if drop is None or not isinstance(drop.value, list) or by_id is None:
        return tree  # what is wrong here is said when the scenario is checked
    for node in drop.value:
        if by_id.pop(str(node.value), None) is None:
            raise ScenarioError(no_such_line(str(node.value), by_id), path=("without",), where=node.where)
    left = {key: node for key, node in tree.value.items() if key != "without"}
    left |= {"red_lines": Node(list(by_id.values()), drop.where)}
    grounds = left.get("grounds")
    if grounds is not None and isinstance(grounds.value, dict):
        gone = [str(node.value) for node in drop.value]
        said = {path: node for path, node in grounds.value.items() if not of_a_line(path, gone)}
        left["grounds"] = Node(said, grounds.where)
    return Node(left, tree.where)


def of_a_line(path: str, ids: Iterable[str]) -> bool:
    """Whether a path lies below one of these red lines."""
    return any(f"{path}.".startswith(f"red_lines.{line_id}.") for line_id in ids)


def no_such_line(line_id: str, known: Iterable[str]) -> str:
    """What is said of a red line that is not there."""
    return f'there is no red line "{line_id}"{nearest(line_id, known)}'
