"""Scores in units of a party's own, and the one way in which they become weights of 100 points and values from 0 to 1.

A scenario asks for it by `scale: as_given`; files of other platforms always need it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

AS_GIVEN = "as_given"
"""What a scenario says where its points are in each party's own units."""

SPANS = (("ratification", "spread"), ("tactic", "stay"))
"""Numbers of a party that are differences of its points."""

Scores = Mapping[str, Sequence[float]]
"""By issue, what each option adds to a party's utility, in the order of the options."""


@dataclass(frozen=True)
class Scaled:
    """A profile on one scale: weights that share 1, values from 0 to 1 by issue and option, and the threshold there."""

    weights: Mapping[str, float]
    values: Mapping[str, Sequence[float]]
    threshold: float


@dataclass(frozen=True)
class Profile:
    """What one party wants: scores by issue, and the least that it accepts (None where the file says none)."""

    name: str
    scores: Scores
    threshold: float | None = None

    def scaled(self) -> Scaled:
        """The same wishes with options from 0 to 1 and weights that share 1, as most formats have them.

        An issue with a negative score is shifted to begin at 0, and the threshold with it: no comparison changes.
        """
        below, top, total = self._shift(), self._top(), self.span()
        floor = self.least() if self.threshold is None else self.threshold
        return Scaled(
            {issue: most / total for issue, most in top.items()},
            {
                issue: [min((score - below[issue]) / top[issue], 1.0) if top[issue] > 0 else 0.0 for score in of]
                for issue, of in self.scores.items()
            },
            (floor - self.shift()) / total,
        )

    def shift(self) -> float:
        """Where 0 points lie once they are scaled, in its own units: below 0 where an issue has a negative score."""
        return sum(self._shift().values())

    def _shift(self) -> dict[str, float]:
        return {issue: min(0.0, *of) for issue, of in self.scores.items()}

    def _top(self) -> dict[str, float]:
        shift = self._shift()
        return {issue: max(of) - shift[issue] for issue, of in self.scores.items()}

    def span(self) -> float:
        """What 100 points are in its own units: the sum of each issue's best score, counted from its worst below 0."""
        return sum(self._top().values())

    def most(self) -> float:
        """The most that a package can be worth to it."""
        return sum(max(of) for of in self.scores.values())

    def least(self) -> float:
        """The least that a package can be worth to it."""
        return sum(min(of) for of in self.scores.values())


def rescaled(scenario: Any) -> Any:
    """The data of a scenario whose parties' points, where it says `scale: as_given`, share 100 and begin at 0.

    A score is weight times value, and a weight 1 where a party gives none at all. In the same units are its reservation
    value, the spread at home, the points for which it stays, ranges of these three, and what interactions add. What is
    not in order is left for the schema to refuse.
    """
    profiles = dict(_profiles(scenario))
    if not profiles:
        return scenario
    parties = {party_id: _party(party, profiles.get(party_id)) for party_id, party in scenario["parties"].items()}
    found = scenario | {"parties": parties}
    if isinstance(scenario.get("ranges"), dict):
        found["ranges"] = {path: _range(path, given, profiles) for path, given in scenario["ranges"].items()}
    if isinstance(scenario.get("interactions"), list):
        found["interactions"] = [_effect(effect, profiles) for effect in scenario["interactions"]]
    return found


def units(scenario: Any) -> dict[str, float]:
    """By party, how many of its 100 points one point of the file is, where it says `scale: as_given`."""
    return {party_id: 100 / profile.span() for party_id, profile in _profiles(scenario)}


@dataclass(frozen=True)
class Scaling:
    """How a number of the file became one of a party's 100 points: less ``shift``, times 100, by ``span``."""

    span: float
    shift: float = 0.0

    def of_file(self, points: float) -> float:
        """What so many of a party's 100 points are in the units of the file."""
        return points * self.span / 100 + self.shift


def scaling(scenario: Any, path: Sequence[str | int]) -> Scaling | None:
    """How the number at a path was scaled; None where it is the file's own."""
    first, *below = path
    profiles = dict(_profiles(scenario))
    if first == "interactions" and below[1:] == ["points"]:
        profile = profiles.get(str(scenario["interactions"][below[0]].get("party")))
        return None if profile is None else Scaling(profile.span())
    profile = profiles.get(str(below[0])) if first == "parties" and below else None
    if profile is None or (below[1:] != ["reservation"] and tuple(below[1:]) not in SPANS):
        return None
    return Scaling(profile.span(), profile.shift() if below[1:] == ["reservation"] else 0.0)


def _profiles(scenario: Any) -> Iterator[tuple[str, Profile]]:
    if not isinstance(scenario, dict) or scenario.get("scale") != AS_GIVEN:
        return
    parties = scenario.get("parties")
    for party_id, party in parties.items() if isinstance(parties, dict) else ():
        if not isinstance(party, dict):
            continue
        values, weights = party.get("values"), party.get("weights")
        if not isinstance(values, dict) or not all(isinstance(of, dict) and of for of in values.values()):
            continue
        weights = dict.fromkeys(values, 1) if weights is None else weights
        reservation = party.get("reservation")
        numbers = [number for of in values.values() for number in of.values()] + [
            0 if reservation is None else reservation
        ]
        if not isinstance(weights, dict) or not all(map(_is_number, [*numbers, *weights.values()])):
            continue
        scores = {issue: [weights.get(issue, 0) * score for score in of.values()] for issue, of in values.items()}
        profile = Profile(party_id, scores, reservation)
        if min(weights.values(), default=0) >= 0 and profile.span() > 0:
            yield party_id, profile


def _party(party: Any, profile: Profile | None) -> Any:
    if profile is None:
        return party
    scaled, values = profile.scaled(), party["values"]
    weighed = values if party.get("weights") is None else party["weights"]
    found = {
        "weights": {issue: 100 * scaled.weights.get(issue, 0.0) for issue in weighed},
        "values": {issue: dict(zip(of, scaled.values[issue], strict=True)) for issue, of in values.items()},
    }
    if profile.threshold is not None:
        found["reservation"] = 100 * scaled.threshold
    for part, field in SPANS:
        inner = party.get(part)
        if isinstance(inner, dict) and _is_number(inner.get(field)):
            found[part] = inner | {field: inner[field] * 100 / profile.span()}
    return party | found


def _range(path: Any, given: Any, profiles: Mapping[str, Profile]) -> Any:
    """A range of a party's points, ends or factors, in those that share 100; any other stays.

    Raises:
        ValueError: for factors, or a log scale, of points that begin below 0, which scaling shifts.
    """
    of, party_id, *field = str(path).split(".") if str(path).count(".") > 1 else ("", "")
    profile = profiles.get(party_id) if of == "parties" else None
    if profile is None or (field != ["reservation"] and tuple(field) not in SPANS):
        return given
    *ends, scale = _ends(given)
    shift = profile.shift() if field == ["reservation"] else 0.0
    if shift and scale != "linear":
        raise ValueError(
            f"{path}: {scale} of points that begin below 0 has no meaning once they are scaled; say linear"
        )
    if scale in ("factor", "log_factor") or not ends or not all(map(_is_number, ends)):
        return given
    return [*((end - shift) * 100 / profile.span() for end in ends), scale]


def _ends(given: Any) -> list[Any]:
    """The two ends and the scale of a range in either form, or a scale alone where it is in none."""
    if isinstance(given, list) and len(given) in (2, 3):
        return [*given, "linear"][:3]
    if isinstance(given, dict) and {"low", "high"} <= set(given) <= {"low", "high", "scale"}:
        return [given["low"], given["high"], given.get("scale", "linear")]
    return ["linear"]


def _effect(effect: Any, profiles: Mapping[str, Profile]) -> Any:
    profile = profiles.get(str(effect.get("party"))) if isinstance(effect, dict) else None
    if profile is None or not _is_number(effect.get("points")):
        return effect
    return effect | {"points": effect["points"] * 100 / profile.span()}


def _is_number(given: Any) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool) and abs(given) < 1e100
