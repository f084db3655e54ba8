"""Plain data held against a schema: what it says, or the first complaint in the words of its author.

Files that extend others are put together by the loader, which knows the place of each complaint.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from sim.errors import ScenarioError, nearest
from sim.scenario.yamltext import read_yaml

YamlPath = tuple[int | str, ...]
TAGS = ("bounds", "options", "rule", "counted", "beliefs", "textbook", "[key]")
"""Words of pydantic in the place of an error, which no file contains."""
Shape = TypeVar("Shape", bound=BaseModel)


def validated(shape: type[Shape], data: Any) -> Shape:
    """The scenario, or what else of a shape, that plain data says.

    Raises:
        ScenarioError: with the path, in the words of the data's author.
    """
    try:
        return shape.model_validate(data)
    except ValidationError as error:
        # A misspelt key is also a missing one: name the misspelling.
        first, *others = sorted(error.errors(), key=lambda entry: entry["type"] != "extra_forbidden")
        path = _real_path(data, first["loc"])
        more = f" (and {len(others)} more)" if others else ""
        raise ScenarioError(_phrase(shape, dict(first), path) + more, path=path) from None


def read_as(shape: type[Shape], path: Path) -> Shape:
    """What a YAML file says that has to be of a shape.

    Raises:
        ScenarioError: with file, line and path.
    """
    tree = read_yaml(path)
    try:
        return validated(shape, tree.plain())
    except ScenarioError as error:
        raise error.located(tree.place(error.path), error.path) from None


def with_ids(data: Any, path: YamlPath) -> YamlPath:
    """A path in which items of lists are called by their ids, as `--set` calls them."""
    named: list[str | int] = []
    for part in path:
        inside = data[part] if _has(data, part) else None
        has_id = isinstance(part, int) and isinstance(inside, dict) and part is not path[-1]
        named.append(inside.get("id", part) if has_id and isinstance(inside, dict) else part)
        data = inside
    return tuple(named)


def _has(data: Any, part: str | int) -> bool:
    if isinstance(data, list):
        return isinstance(part, int) and part < len(data)
    return isinstance(data, dict) and part in data


def _real_path(data: Any, loc: YamlPath) -> YamlPath:
    """A pydantic location without the names of union members in it."""
    path: list[int | str] = []
    for place, part in enumerate(loc):
        if _has(data, part):
            path.append(part)
            data = data[part]
        elif place == len(loc) - 1 and isinstance(part, str) and part not in TAGS:
            path.append(part)
    return tuple(path)


def _phrase(shape: type[BaseModel], error: dict[str, Any], path: YamlPath) -> str:
    """One pydantic error in the words of the data's author."""
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        return f"there is no such field{nearest(str(path[-1]), _fields_at(shape, path[:-1]))}"
    if kind == "missing":
        return "is missing"
    if kind == "literal_error":
        words = [word.strip(" '") for word in str(context["expected"]).replace(" or ", ",").split(",")]
        return f'"{error["input"]}" is not known{nearest(str(error["input"]), words)}'
    if kind == "string_pattern_mismatch":
        return f'"{error["input"]}" must be lower-case letters, digits, "_" and "-"'
    given = error["input"]
    shown = f", not {given!r}" if isinstance(given, str | int | float | bool) or given is None else ""
    return str(error["msg"]).removeprefix("Input ").replace("Value error, ", "") + (shown if len(shown) < 80 else "")


def _fields_at(model: Any, path: YamlPath) -> list[str]:
    """The field names of the model that stands at a path below another one."""
    for n, part in enumerate(path):
        if not (isinstance(model, type) and issubclass(model, BaseModel)):
            break
        field = model.model_fields.get(str(part))
        if field is None:
            return []
        below = _models_in(field.annotation)
        if not below:
            return []
        skips = 1 if any(word in str(field.annotation) for word in ("dict[", "list[")) else 0
        return _fields_at(below[0], path[n + 1 + skips :])
    return list(model.model_fields)


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for inner in get_args(annotation) for model in _models_in(inner)]
