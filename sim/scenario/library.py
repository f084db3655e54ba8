"""Where scenarios are found: a path, then `./scenarios/`, then those shipped with the package.

A shipped scenario's path below its folder, without `.yaml`, is its slug. Nothing is parsed here.
"""

from __future__ import annotations

import re
from pathlib import Path

import sim
from sim.errors import ScenarioNotFoundError, UnsafeFileError, nearest
from sim.files import write_once
from sim.scenario.yamltext import read_yaml

WHAT_IF = "-what-if"
"""How the slug of a scenario with assumed true lines ends."""
HERE = ("./", "../", ".\\", "..\\")
"""How a path begins that is never a slug."""
FIRST = ("dated", "variants", "what-if", "fictional", "toy")
"""Groups in the order they are listed in; others follow."""


def shipped_folder() -> Path:
    """The folder of shipped scenarios: inside an installed wheel, or at the top of a checkout."""
    package = Path(sim.__file__).resolve().parent
    inside = package / "shipped"
    return inside if inside.is_dir() else package.parent / "scenarios"


def folders() -> list[Path]:
    """Where slugs are looked up, the user's own folder first."""
    own = Path("scenarios")
    return [own, shipped_folder()] if own.is_dir() else [shipped_folder()]


def slugs() -> list[str]:
    """The slugs of every scenario that can be run, in order: not the bases, articles, studies, data and sweeps."""
    return _slugs_in(folders())


def _slugs_in(places: list[Path]) -> list[str]:
    found = {path.relative_to(place).with_suffix("").as_posix() for place in places for path in place.rglob("*.yaml")}
    return sorted(
        slug
        for slug in found
        if slug not in ("articles", "literature") and not slug.startswith(("base/", "data/", "sweeps/"))
    )


def group_of(slug: str) -> str:
    """What a scenario is among its like: the folder it lies in; at the top level `dated`, or `what-if` by its name.

    >>> [group_of(slug) for slug in ("2025-12-stalemate", "2025-12-stalemate-what-if", "toy/two-issues")]
    ['dated', 'what-if', 'toy']
    """
    folder, inside, _ = slug.partition("/")
    if inside:
        return folder
    if slug.endswith(WHAT_IF):
        return "what-if"
    return "dated" if slug[:4].isdigit() else "other"


def grouped(only: str | None = None) -> dict[str, list[str]]:
    """The slugs by group, the dated scenarios and what is made of them first, own ones last.

    Raises:
        ScenarioNotFoundError: with the nearest group, when ``only`` names none.
    """
    found: dict[str, list[str]] = {group: [] for group in FIRST}
    for slug in slugs():
        found.setdefault(group_of(slug), []).append(slug)
    found = {group: inside for group, inside in found.items() if inside}
    if only is not None and only not in found:
        raise ScenarioNotFoundError(f'there is no group of scenarios called "{only[:200]}"{nearest(only, found)}')
    return {group: inside for group, inside in found.items() if only in (None, group)}


def shipped(group: str) -> list[str]:
    """The slugs of one group among those shipped with the package."""
    return [slug for slug in _slugs_in([shipped_folder()]) if group_of(slug) == group]


def data_file(name: str) -> Path:
    """A file of shipped data that is no scenario, such as the evidence items."""
    return shipped_folder() / "data" / f"{name}.yaml"


def find(name: str, beside: Path | None = None) -> Path:
    """The file that a slug or a path names.

    ``beside`` is the file that says `extends`: then its own folder is searched instead of the current one, so that a
    file means the same wherever it is read from.

    Raises:
        ScenarioNotFoundError: with the nearest slug.
        UnsafeFileError: when only a folder has that name.
    """
    first = Path(name)
    placed = name.startswith(HERE) or name.endswith(("/", "\\")) or first.is_absolute()
    called = [folder / kind / f"{name}.yaml" for folder in ([] if placed else folders()) for kind in ("", "base")]
    # Whatever lies here, a slug is a slug; `./name` means the file.
    near = [] if beside is None else [beside.parent / name, beside.parent / f"{name}.yaml"]
    places = [*near, *called, *([first] if beside is None else [])]
    for place in places:
        if _exists(place) and not place.is_dir():
            return place
    if name.strip() and _exists(first) and beside is None:
        raise UnsafeFileError("is a folder, not a scenario file", where=name)
    raise ScenarioNotFoundError(f'no scenario file and no scenario called "{name[:200]}"{nearest(name, slugs())}')


def folder_named(name: str) -> Path | None:
    """The folder that a name stands for: one that lies there, where no scenario is called so.

    `./name` and `name/` never stand for a slug, so they name the folder although there is a scenario too.
    """
    try:
        find(name)
    except UnsafeFileError:
        return Path(name)
    except ScenarioNotFoundError:
        pass
    return None


def _exists(place: Path) -> bool:
    """Whether there is anything of that name; names that no system could hold count as absent."""
    try:
        return place.exists()
    except (OSError, ValueError):
        return False


def slug_of(path: Path) -> str:
    """What a scenario file is called: its path below a scenario folder, or its bare name.

    The slug names the result's folder, so a path elsewhere gives the file's stem alone.
    """
    for folder in folders():
        try:
            return path.resolve().relative_to(folder.resolve()).with_suffix("").as_posix()
        except ValueError:
            continue
    return path.stem


def copy_to(name: str, target: Path) -> None:
    """Copy a scenario's file to a new place; an `extends` that would not be found from there is made to point back.

    Raises:
        OutputError: when the target exists or cannot be written.
    """
    source = find(name)
    said = read_yaml(source).value
    if not isinstance(said, dict) or not {"format", "extends"} & set(said):
        raise UnsafeFileError("is not a scenario: it has neither `format` nor `extends`", where=str(source))
    text = source.read_bytes()
    extends = re.search(rb"^extends: *([^ #\r\n]+)", text, re.MULTILINE)
    if extends is not None:
        base = extends[1].decode("utf-8", "replace").strip("\"'")
        there = find(base, beside=source)
        try:
            same = find(base, beside=target).resolve() == there.resolve()
        except (ScenarioNotFoundError, UnsafeFileError):
            same = False
        if not same:
            text = text[: extends.start(1)] + there.resolve().as_posix().encode() + text[extends.end(1) :]
    write_once(target, text, "choose another name")
