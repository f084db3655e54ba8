"""Issues, options and the outcome space: an N-dimensional array with an issue for an axis and an option for an index.

It knows nothing of parties, red lines or utilities; a pinned issue keeps its axis with one option left on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.errors import SpaceTooLargeError

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.signedinteger[Any]]
OptionArray = npt.NDArray[np.int8]
"""Packages as option numbers: ``(..., I)``."""
BitArray = npt.NDArray[np.uint64]
"""One bit a red line."""
CountArray = npt.NDArray[np.int16]
"""Rounds, months or steps."""
Package = dict[str, str]
"""An option by name for every issue."""

LARGEST_SPACE = 20_000_000
"""Packages of a space that is looked at without being asked twice; above it an issue has to be pinned."""
LARGEST_IN_SLABS = 100_000_000
"""Packages of the largest space that is looked at at all, piece by piece."""


@dataclass(frozen=True)
class Issue:
    """One thing to be settled; its options lie in level order when ``ordered``.

    >>> Issue("aid", ("free", "ceilings", "barred"), status_quo=0).steps_between()[0].tolist()
    [0, 1, 2]
    >>> Issue("troops", ("ours", "theirs", "none"), status_quo=2, ordered=False).steps_between()[0].tolist()
    [0, 1, 1]
    """

    id: str
    options: tuple[str, ...]
    status_quo: int
    ordered: bool = True

    def steps_between(self) -> IntArray:
        """Steps from each option to each other ``(K, K)``: levels when ordered, else 1 for any change."""
        level = np.arange(len(self.options))
        apart = np.abs(level[:, None] - level)
        return apart if self.ordered else np.minimum(apart, 1)

    @property
    def span(self) -> int:
        """Steps between the two options farthest apart, at least 1."""
        return max(1, len(self.options) - 1) if self.ordered else 1


@dataclass(frozen=True)
class OutcomeSpace:
    """Every package there is: one option for every issue, out of the options left on it.

    A pinned issue has one option left; a zone, or a slab of a large space, is the same space with fewer left.

    >>> toy = OutcomeSpace((Issue("a", ("x", "y"), 0), Issue("b", ("p", "q", "r"), 0)), ((0, 1), (2,)))
    >>> toy.shape, toy.size
    ((2, 1), 2)
    >>> toy.packages([0, 1]).tolist()
    [[0, 2], [1, 2]]
    """

    issues: tuple[Issue, ...]
    left: tuple[tuple[int, ...], ...]

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """Options left per issue ``(I,)``."""
        return tuple(len(options) for options in self.left)

    @property
    def size(self) -> int:
        """How many packages there are."""
        return prod(self.shape)

    @property
    def width(self) -> int:
        """The largest number of options of any issue: K of every padded ``(I, K)`` table."""
        return max(len(issue.options) for issue in self.issues)

    def axis(self, issue_id: str) -> int:
        """The axis of an issue."""
        return [issue.id for issue in self.issues].index(issue_id)

    def standing(self) -> OptionArray:
        """What stands ``(I,)`` when nothing is agreed, whatever the pins: the war goes on under it."""
        return np.array([issue.status_quo for issue in self.issues], dtype=np.int8)

    def status_quo(self) -> OptionArray:
        """The package ``(I,)`` nearest to what stands within the options left: what a text begins from."""
        return np.array(
            [
                issue.status_quo if issue.status_quo in left else left[0]
                for issue, left in zip(self.issues, self.left, strict=True)
            ],
            dtype=np.int8,
        )

    def everywhere(self, combine: np.ufunc, tables: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Combine per-option numbers ``(I, K)`` over all packages: an array of this space's shape.

        Raises:
            SpaceTooLargeError: above ``LARGEST_SPACE`` packages.
        """
        self.require_countable()
        return reduce(combine.outer, (tables[axis, list(left)] for axis, left in enumerate(self.left)))

    def require_countable(self, largest: int = LARGEST_SPACE) -> None:
        """Refuse a space of more packages than ``largest``, and say what to pin."""
        if self.size > largest:
            free = [(issue.id, n) for issue, n in zip(self.issues, self.shape, strict=True) if n > 1]
            widest = ", ".join(name for name, _ in sorted(free, key=lambda entry: -entry[1])[:3])
            raise SpaceTooLargeError(
                f"{self.size:,} packages are more than {largest:,}: "
                f"pin an issue to one option under `pins` (the widest are {widest})"
            )

    def packages(self, ids: npt.ArrayLike) -> OptionArray:
        """Packages ``(..., I)`` from their ids, counted along the options left in issue order."""
        places = np.unravel_index(np.asarray(ids), self.shape)
        return np.stack(
            [np.array(left, dtype=np.int8)[place] for left, place in zip(self.left, places, strict=True)],
            axis=-1,
        )

    def ids(self, packages: npt.ArrayLike) -> npt.NDArray[np.intp]:
        """Ids of packages ``(..., I)``; the inverse of `packages`."""
        options = np.moveaxis(np.asarray(packages), -1, 0)
        places = tuple(np.searchsorted(left, chosen) for left, chosen in zip(self.left, options, strict=True))
        return np.ravel_multi_index(places, self.shape)

    def names(self, package: Sequence[int] | npt.NDArray[Any]) -> Package:
        """A package as people read it: issue id to option id."""
        return {issue.id: issue.options[int(k)] for issue, k in zip(self.issues, package, strict=True)}

    def package(self, names: Mapping[str, str]) -> OptionArray:
        """The package ``(I,)`` of these options; issues left out stand at the status quo."""
        package = self.status_quo()
        for issue_id, option in names.items():
            axis = self.axis(issue_id)
            package[axis] = self.issues[axis].options.index(option)
        return package

    def within(self, box: BoolArray) -> OutcomeSpace:
        """The part of this space whose options lie in a box ``(I, K)``."""
        kept = (tuple(k for k in left if row[k]) for left, row in zip(self.left, box, strict=True))
        return replace(self, left=tuple(kept))

    def beyond(self, box: BoolArray) -> Iterator[OutcomeSpace]:
        """The rest of this space beside what lies `within` a box ``(I, K)``, in parts that share no package."""
        within = self.within(box).left
        for axis, left in enumerate(self.left):
            out = tuple(k for k in left if not box[axis, k])
            if out:
                yield replace(self, left=(*within[:axis], out, *self.left[axis + 1 :]))

    def slabs(self, largest: int) -> Iterator[OutcomeSpace]:
        """This space cut into parts of at most ``largest`` packages, along its first open issues."""
        open_axes = [axis for axis, n in enumerate(self.shape) if n > 1]
        if self.size <= largest or not open_axes:
            yield self
            return
        axis = open_axes[0]
        for option in self.left[axis]:
            one = (*self.left[:axis], (option,), *self.left[axis + 1 :])
            yield from replace(self, left=one).slabs(largest)

    def spread(self, box: BoolArray) -> BoolArray:
        """Which packages lie in a box ``(I, K)``, as an array that broadcasts to the shape: axis 1 where it is open."""
        inside: Any = np.ones([1] * len(self.left), dtype=bool)
        for axis, left in enumerate(self.left):
            along = box[axis, list(left)]
            if not along.all():
                inside = inside & along.reshape(self.along(axis))
        return inside

    def along(self, axis: int) -> list[int]:
        """The shape of numbers by option of one issue that broadcast to the shape of the space."""
        return [-1 if a == axis else 1 for a in range(len(self.left))]


def each_once(values: npt.NDArray[Any], axis: int | None = None) -> npt.NDArray[Any]:
    """The distinct values, or rows along an axis, in order: `numpy.unique` alone would load masked arrays first."""
    return np.unique(values, axis=axis, return_counts=True)[0]


def by_issue(packages: OptionArray) -> npt.NDArray[np.intp]:
    """The options of packages ``(..., I)`` issue by issue ``(I, ...)``, ready to look things up with."""
    return np.array(packages.T if packages.ndim == 2 else np.moveaxis(packages, -1, 0), np.intp, order="C")


def bearing(box: BoolArray) -> tuple[int, ...]:
    """The issues of which a box ``(I, K)`` leaves something out."""
    return tuple(np.flatnonzero(~box.all(axis=1)).tolist())


def inside(box: BoolArray, issues: tuple[int, ...], options: npt.NDArray[np.intp]) -> BoolArray:
    """Which packages, `by_issue` ``(I, ...)``, lie in a box ``(I, K)``, given the issues it is `bearing` on."""
    if not issues:
        return np.ones(options.shape[1:], dtype=bool)
    found: BoolArray = box[issues[0]].take(options[issues[0]])
    for issue in issues[1:]:
        found &= box[issue].take(options[issue])
    return found


def holds(boxes: BoolArray, packages: OptionArray) -> BoolArray:
    """Which packages ``(..., I)`` lie in a box ``(I, K)`` of options, or in each of several ``(B, I, K)``.

    Returns ``(...)`` for one box, ``(B, ...)`` for several.
    """
    options = by_issue(packages)
    if boxes.ndim == 3:
        found = [inside(box, bearing(box), options) for box in boxes]
        return np.array(found, dtype=bool).reshape(-1, *packages.shape[:-1])
    return inside(boxes, bearing(boxes), options)
