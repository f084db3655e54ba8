"""Where scenarios are found: a path, then `./scenarios/`, then those shipped with the package.

A shipped scenario's path below its folder, without `.yaml`, is its slug. Nothing is parsed here.
"""

from __future__ import annotations

from pathlib import Path

import sim
from sim.errors import OutputError, ScenarioNotFoundError, nearest

HIDDEN = ("base/", "articles")
"""What scenarios are built from; not scenarios themselves."""


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
    """The slugs of every scenario that can be run, in order."""
    found = {
        path.relative_to(folder).with_suffix("").as_posix() for folder in folders() for path in folder.rglob("*.yaml")
    }
    return sorted(slug for slug in found if not slug.startswith(HIDDEN))


def find(name: str, beside: Path | None = None) -> Path:
    """The file that a slug or a path names.

    ``beside`` is a file whose own folder is searched too: that is how `extends` finds its base.

    Raises:
        ScenarioNotFoundError: with the nearest slug.
    """
    places = [Path(name), *([beside.parent / name, beside.parent / f"{name}.yaml"] if beside else [])]
    for folder in folders():
        places += [folder / f"{name}.yaml", folder / "base" / f"{name}.yaml"]
    for place in places:
        if place.exists() and not (place.is_dir() and place.with_suffix(".yaml").exists()):
            return place
    raise ScenarioNotFoundError(f'no scenario file and no scenario called "{name}"{nearest(name, slugs())}')


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
    """Copy a scenario's file, as it is, to a new place.

    Raises:
        OutputError: when the target exists or cannot be written.
    """
    source = find(name).read_bytes()
    try:
        with target.open("xb") as file:
            file.write(source)
    except FileExistsError:
        raise OutputError(f"{target} exists already; choose another name") from None
    except OSError as error:
        raise OutputError(f"cannot write {target}: {(error.strerror or str(error)).lower()}") from None
