"""Every number of a scenario with its unit, default, valid range and basis, read off the schema that checks it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, get_args

from pydantic.fields import FieldInfo

from sim.markup import counted
from sim.scenario.evidence import grounds_said
from sim.scenario.evidence_schema import Grounds
from sim.scenario.schema import RedLine, Scenario
from sim.scenario.schema_part import Part
from sim.scenario.texts_and_numbers import ASSUMED

BASES = ("literature", "stated", "reported", "inferred", "carried_forward", ASSUMED)
"""What a number may rest on, in the order that lists sorted by basis have."""


@dataclass(frozen=True)
class Assumption:
    """A number: where it stands, what it is, and what it rests on. ``default`` is None when it must be given.

    ``rests_on`` is the basis in a word, one of `BASES`;
    ``bounds`` says with ``ge``, ``gt``, ``le``, ``lt`` what ``range`` says to people.
    """

    path: str
    value: float
    unit: str
    default: float | None
    range: str
    basis: str
    what: str
    rests_on: str = ASSUMED
    bounds: Mapping[str, float] = field(default_factory=dict, repr=False)


def assumptions(scenario: Scenario) -> list[Assumption]:
    """All numbers of a scenario, in the order of its fields: assumptions, but for those that the scenario grounds."""
    found = (_grounded(entry, scenario.grounds) for entry in _of_part(scenario, ""))
    return [replace(entry, unit=unit_in(scenario, entry.unit)) for entry in found]


def unit_in(scenario: Scenario, unit: str) -> str:
    """A unit in a scenario: a month means something only where a war goes on meanwhile."""
    return unit if scenario.war else unit.removesuffix(" a month")


def numbers_below(scenario: Scenario, paths: Iterable[str]) -> list[Assumption]:
    """The numbers at or below some paths, whatever the scenario grounds: without a look at all others."""
    stems = [f"{path}." for path in paths]

    def wanted(here: str) -> bool:
        return any(f"{here}.".startswith(stem) or stem.startswith(f"{here}.") for stem in stems)

    return [entry for entry in _of_part(scenario, "", wanted) if any(f"{entry.path}.".startswith(s) for s in stems)]


def _grounded(entry: Assumption, grounds: dict[str, Grounds]) -> Assumption:
    """A number with where it is said, if its path, or a path above it, has grounds."""
    over = [path for path in grounds if f"{entry.path}.".startswith(f"{path}.")]
    if not over:
        return entry
    nearest = grounds[max(over, key=len)]
    if nearest.basis != ASSUMED:
        return replace(entry, basis=grounds_said(nearest), rests_on=nearest.basis)
    if not nearest.sources:
        return entry
    return replace(entry, basis=f"{entry.basis}, {grounds_said(nearest).removeprefix('assumption, ')}")


def by_basis(found: Iterable[Assumption]) -> list[Assumption]:
    """Numbers sorted by what they rest on, assumptions last; else in the order given."""
    return sorted(found, key=lambda entry: BASES.index(entry.rests_on))


def share_assumed(found: Sequence[Assumption]) -> str:
    """How many numbers are assumptions, in words: ``350 of 360 numbers are assumptions (97 %)``."""
    assumed = sum(entry.rests_on == ASSUMED for entry in found)
    whole = counted(len(found), "number")
    are = "is an assumption" if assumed == 1 else "are assumptions"
    return f"{assumed:,} of {whole} {are} ({100 * assumed / max(len(found), 1):.0f} %)"


def _of_part(part: Part, path: str, wanted: Callable[[str], bool] = lambda path: True) -> Iterator[Assumption]:
    for name, info in type(part).model_fields.items():
        value = getattr(part, name)
        here = f"{path}{name}"
        if not wanted(here):
            continue
        extra = info.json_schema_extra
        if isinstance(extra, dict) and "unit" in extra:
            for at, number in _numbers(value, here):
                yield _assumption(part, info, at, number, dict(extra))
        else:
            yield from _below(value, here, wanted)


def _below(value: Any, path: str, wanted: Callable[[str], bool]) -> Iterator[Assumption]:
    """The numbers of the parts inside a value."""
    if isinstance(value, Part):
        yield from _of_part(value, f"{path}.", wanted)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _below(inner, f"{path}.{key}", wanted)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _below(inner, f"{path}.{getattr(inner, 'id', place)}", wanted)


def _numbers(value: Any, path: str) -> Iterator[tuple[str, float]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _numbers(inner, f"{path}.{key}")
    elif isinstance(value, int | float):
        yield path, value


def _assumption(part: Part, info: FieldInfo, path: str, value: float, extra: dict[str, Any]) -> Assumption:
    default = info.default if isinstance(info.default, int | float) else None
    bounds = _bounds([*info.metadata, *_annotated(info.annotation)])
    basis = str(extra["basis"])
    if isinstance(part, RedLine) and part.sources:
        basis += " on a line that has a source"
    return Assumption(
        path=path,
        value=value,
        unit=str(extra["unit"]),
        default=default,
        range=_range(bounds),
        basis=basis,
        what=info.description or "",
        bounds=bounds,
    )


def _annotated(annotation: Any) -> list[Any]:
    """What the innermost number of an annotation is annotated with."""
    found = list(getattr(annotation, "__metadata__", ()))
    for inner in get_args(annotation):
        found += _annotated(inner)
    return found


def _bounds(metadata: list[Any]) -> dict[str, float]:
    """The bounds in an annotation."""
    bounds: dict[str, float] = {}
    for item in metadata:
        for inner in (item, *getattr(item, "metadata", ())):
            for kind in ("ge", "gt", "le", "lt"):
                if getattr(inner, kind, None) is not None:
                    bounds.setdefault(kind, getattr(inner, kind))
    return bounds


def _range(bounds: Mapping[str, float]) -> str:
    """The bounds as people write them."""
    low = f"[{bounds['ge']:g}" if "ge" in bounds else f"({bounds['gt']:g}" if "gt" in bounds else "(-∞"
    high = f"{bounds['le']:g}]" if "le" in bounds else f"{bounds['lt']:g})" if "lt" in bounds else "∞)"
    return f"{low}, {high}"
