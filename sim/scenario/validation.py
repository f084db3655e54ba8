"""Plain data held against a schema: what it says, or all that is wrong in the words of its author.

Files that extend others are put together by the loader, which knows the place of each complaint.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from sim.errors import ScenarioError, nearest, together
from sim.scenario.changes import written
from sim.scenario.issue_schema import NO_IDS
from sim.scenario.scores import scaling
from sim.scenario.stepped import interpolated
from sim.scenario.yamltext import read_yaml

YamlPath = tuple[int | str, ...]
TAGS = ("bounds", "options", "rule", "counted", "beliefs", "textbook", "months", "never", "[key]")
"""Words of pydantic in the place of an error, which no file contains."""
WANTED = {
    "string_type": "should be text",
    "dict_type": "should be a mapping",
    "model_type": "should be a mapping of fields",
    "model_attributes_type": "should be a mapping of fields",
    "list_type": "should be a list",
    "float_type": "should be a number",
    "int_type": "should be a whole number",
    "int_from_float": "should be a whole number",
    "bool_type": "should be true or false",
}
"""What a field wants, in other words than the library's."""
Shape = TypeVar("Shape", bound=BaseModel)


def validated(shape: type[Shape], data: Any, written: Callable[[YamlPath], str | None] = lambda path: None) -> Shape:
    """The scenario, or what else of a shape, that plain data says.

    Args:
        shape: the model.
        data: mappings, lists and scalars.
        written: how the number, truth or nothing at a path was written. Where a word is wanted it is taken as one: the
            field decides how a text is read, so an option may be called `10` or `null`.

    Raises:
        ScenarioError: with the path, in the words of the data's author; all that is wrong at once.
    """
    try:
        return shape.model_validate(data)
    except ValidationError as error:
        found = error.errors()
    reread = [path for path in map(partial(_wants_word, data), found) if path is not None]
    words = {path: text for path in reread if (text := written(path))}
    if words:
        return validated(shape, _with(data, words), written)
    raise together(_complaints(shape, data, found))


def _wants_word(data: Any, error: Any) -> YamlPath | None:
    """Where a word is wanted and something else stands, its path."""
    path = _real_path(data, error["loc"])
    if error["type"] == NO_IDS:
        return (*path, error["ctx"]["place"])
    return path if error["type"] == "string_type" else None


def _with(data: Any, words: Mapping[YamlPath, str]) -> Any:
    """The data with words at some paths."""

    def copied(data: Any, path: YamlPath) -> Any:
        if path in words:
            return words[path]
        if isinstance(data, dict):
            return {key: copied(value, (*path, key)) for key, value in data.items()}
        return [copied(item, (*path, n)) for n, item in enumerate(data)] if isinstance(data, list) else data

    return copied(data, ())


def _complaints(shape: type[BaseModel], data: Any, found: Sequence[Any]) -> list[ScenarioError]:
    """A complaint for each place: of a misspelt key that misspelling, and not that the key is missing too."""
    said: dict[YamlPath, ScenarioError] = {}
    for error in sorted(found, key=lambda entry: entry["type"] != "extra_forbidden"):
        path = _real_path(data, error["loc"])
        meant = f'(did you mean "{path[-1]}"?)' if error["type"] == "missing" and path else None
        if any(meant and other.path[:-1] == path[:-1] and other.what.endswith(meant) for other in said.values()):
            continue
        said.setdefault(path, ScenarioError(_phrase(shape, _as_given(data, dict(error), path), path), path=path))
    return list(said.values())


def read_as(shape: type[Shape], path: Path) -> Shape:
    """What a YAML file says that has to be of a shape.

    Raises:
        ScenarioError: with file, line and path.
    """
    tree = read_yaml(path)
    try:
        return validated(shape, tree.plain(), tree.written)
    except ScenarioError as error:
        raise placed(error, tree.place) from None


def placed(
    error: ScenarioError, place: Callable[[YamlPath], str], path_of: Callable[[YamlPath], YamlPath] = lambda path: path
) -> ScenarioError:
    """All complaints with their places, and their paths as people write them."""
    found = [one.located(place(one.path), path_of(one.path)) for one in (error, *error.others)]
    return together(sorted(found, key=lambda one: _in_order(one.where)))


def _in_order(where: str) -> tuple[str, int]:
    """A file, and its line as a number."""
    file, _, line = where.rpartition(" line ")
    return (file, int(line)) if line.isdigit() else (where, 0)


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
        return f'"{error["input"]}" is not known{nearest(str(error["input"]), [*words, *_shapes_at(shape, path)])}'
    if kind == "string_pattern_mismatch":
        return f'"{error["input"]}" must be lower-case letters, digits, "_" and "-"'
    given = error["input"]
    if kind in ("too_long", "too_short"):
        what = "characters" if isinstance(given, str) else "entries"
        long = kind == "too_long"
        limit = f"the maximum is {context['max_length']}" if long else f"the minimum is {context['min_length']}"
        return f"has {len(given):,} {what}; {limit}"
    wanted = WANTED.get(kind) or str(error["msg"]).removeprefix("Input ").replace("Value error, ", "")
    word = written(given) if given is None or isinstance(given, bool) else repr(given)
    shown = f", not {word}" if isinstance(given, str | int | float) or given is None else ""
    return wanted + (shown if len(shown) < 80 else "")


def _as_given(data: Any, error: dict[str, Any], path: YamlPath) -> dict[str, Any]:
    """An error about points that were scaled, with the number that the file gives and the limit in its units."""
    limit = next((key for key in ("le", "ge", "lt", "gt") if key in error.get("ctx", {})), None)
    found = None if limit is None else scaling(interpolated(data), path)
    if limit is None or found is None:
        return error
    given = data
    for part in path:
        given = given[part]
    bound = found.of_file(error["ctx"][limit])
    said = f"{error['msg'].rpartition(' ')[0]} {bound:.10g}"
    return error | {"msg": said, "input": given}


def _fields_at(model: type[BaseModel], path: YamlPath) -> list[str]:
    """The field names of the model that stands at a path below another one."""
    found = _model_at(model, path)
    return [] if found is None else [field.alias or name for name, field in found.model_fields.items()]


def _model_at(model: type[BaseModel], path: YamlPath) -> type[BaseModel] | None:
    if not path:
        return model
    field = model.model_fields.get(str(path[0]))
    below = [] if field is None else _models_in(field.annotation)
    if field is None or not below:
        return None
    skips = 1 if any(word in str(field.annotation) for word in ("dict[", "list[")) else 0
    return _model_at(below[0], path[1 + skips :])


def _shapes_at(model: type[BaseModel], path: YamlPath) -> list[str]:
    """What may stand at a path beside words, as people write it: ``{at_least: …, vetoes: […]}``."""
    above = _model_at(model, path[:-1])
    field = None if above is None else above.model_fields.get(str(path[-1]))
    return [] if field is None else [_shape(part) for part in _models_in(field.annotation)]


def _shape(part: type[BaseModel]) -> str:
    fields = {name: "[…]" if "list[" in str(info.annotation) else "…" for name, info in part.model_fields.items()}
    return "{" + ", ".join(f"{name}: {inside}" for name, inside in fields.items()) + "}"


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for inner in get_args(annotation) for model in _models_in(inner)]
