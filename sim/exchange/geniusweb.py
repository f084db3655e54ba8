"""GeniusWeb JSON: a profile a party, each with the domain in it; additive utilities over discrete or number values."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.errors import ScenarioError
from sim.exchange.domain import Domain
from sim.exchange.foreign_files import file_name, finite, json_of, mapping, steps
from sim.scenario.scores import Profile

DISCRETE, NUMBERS = ("DiscreteValueSetUtilities", "discreteutils"), ("NumberValueSetUtilities", "numberutils")
"""What newer and older versions call the utilities of an issue."""
SPACE = "LinearAdditiveUtilitySpace"
OTHERS = (
    "DefaultPartialOrdering",
    "SumOfGroupsUtilitySpace",
    "MOPACProfile",
    "PartialOrdering",
    "BilinearUtilitySpace",
)


def recognises(found: Any) -> bool:
    """Whether JSON data look like a GeniusWeb profile."""
    return isinstance(found, dict) and len(found) == 1 and next(iter(found)) in (SPACE, *OTHERS)


def read(paths: Sequence[Path], asked: int | None) -> Domain:
    """The negotiation of some profiles, which must speak of one domain."""
    found = [(path, data) for path, data in ((path, json_of(path)) for path in paths) if recognises(data)]
    issues: dict[str, list[str]] = {}
    profiles: list[Profile] = []
    levels: set[str] = set()
    title = ""
    for path, data in found:
        kind, where = next(iter(data)), str(path)
        if kind != SPACE:
            raise ScenarioError(f"is a {kind}: only {SPACE} gives every package a number by issue", where=where)
        said = mapping(data[SPACE], SPACE, where)
        domain = mapping(said.get("domain"), "domain", where)
        values = mapping(domain.get("issuesValues"), "issuesValues", where)
        own = {issue: _values(of, issue, where, asked) for issue, of in values.items()}
        issues = issues or own
        if own != issues:
            raise ScenarioError(f"speaks of other issues or values than {found[0][0].name}", where=where)
        levels |= {issue for issue, of in values.items() if isinstance(of, dict) and "range" in of}
        title = title or str(domain.get("name") or path.parent.name)
        profiles.append(_profile(said, own, where, path.stem))
    return Domain(title, issues, profiles, frozenset(levels))


def _values(of: Any, issue: str, where: str, asked: int | None) -> list[str]:
    said = mapping(of, f"values of {issue!r}", where)
    if "range" in said:
        bounds = mapping(said["range"], f"range of {issue!r}", where)
        low, high, step = (finite(bounds.get(key), f"{key} of {issue!r}", where) for key in ("low", "high", "step"))
        return [f"{value:.10g}" for value in steps(low, high, step if step > 0 else None, asked, issue, where)]
    listed = said.get("values")
    if not isinstance(listed, list):
        raise ScenarioError(f"values of {issue!r} should be a list or a range", where=where)
    return [str(value) for value in listed]


def _profile(said: dict[str, Any], issues: dict[str, list[str]], where: str, stem: str) -> Profile:
    weights = mapping(said.get("issueWeights"), "issueWeights", where)
    utilities = mapping(said.get("issueUtilities"), "issueUtilities", where)
    scores: dict[str, list[float]] = {}
    for issue, options in issues.items():
        if issue not in utilities or issue not in weights:
            raise ScenarioError(f"gives {issue!r} no utility or no weight", where=where)
        weight = finite(weights[issue], f"weight of {issue!r}", where)
        scores[issue] = [weight * one for one in _utilities(utilities[issue], options, issue, where)]
    bid = said.get("reservationBid")
    threshold = None
    if bid is not None:
        chosen = mapping(mapping(bid, "reservationBid", where).get("issuevalues", bid), "reservationBid", where)
        threshold = 0.0
        for issue, option in chosen.items():
            if issue not in issues or str(option) not in issues[issue]:
                raise ScenarioError(f"the reservation bid names {issue!r}: {option!r}, not an option", where=where)
            threshold += scores[issue][issues[issue].index(str(option))]
    return Profile(str(said.get("name") or stem), scores, threshold)


def _utilities(of: Any, options: list[str], issue: str, where: str) -> list[float]:
    said = mapping(of, f"utilities of {issue!r}", where)
    kind = next(iter(said))
    if kind in DISCRETE:
        inner = mapping(said[kind], f"utilities of {issue!r}", where)
        worth = mapping(inner.get("valueUtilities"), f"valueUtilities of {issue!r}", where)
        return [finite(worth.get(option, 0), f"utility of {option!r}", where) for option in options]
    if kind in NUMBERS:
        line = mapping(said[kind], f"utilities of {issue!r}", where)
        keys = ("lowValue", "lowUtility", "highValue", "highUtility")
        low, at_low, high, at_high = (finite(line.get(key), f"{key} of {issue!r}", where) for key in keys)
        slope = (at_high - at_low) / (high - low) if high != low else 0.0
        return [at_low + slope * (float(option) - low) for option in options]
    raise ScenarioError(f"values {issue!r} by {kind}, which cannot be said here", where=where)


def written(domain: Domain) -> dict[str, str]:
    """The files of a domain by name: `domain.json` and one profile a party, without its threshold."""
    values = {issue: {"values": list(options)} for issue, options in domain.issues.items()}
    about = {"name": domain.title, "issuesValues": values}
    files = {"domain.json": about} | {
        file_name(number, one.name, ".json"): {SPACE: _said(one, about, domain)}
        for number, one in enumerate(domain.profiles, 1)
    }
    return {name: json.dumps(said, ensure_ascii=False, indent=1) + "\n" for name, said in files.items()}


def _said(profile: Profile, about: dict[str, Any], domain: Domain) -> dict[str, Any]:
    scaled = profile.scaled()
    return {
        "domain": about,
        "name": profile.name,
        "issueUtilities": {
            issue: {DISCRETE[0]: {"valueUtilities": dict(zip(options, scaled.values[issue], strict=True))}}
            for issue, options in domain.issues.items()
        },
        "issueWeights": dict(scaled.weights),
    }


def lost(domain: Domain) -> list[str]:
    """What this format cannot say of a domain."""
    said = [one.name for one in domain.profiles if one.threshold is not None and one.threshold > one.least()]
    accept = "accepts" if len(said) == 1 else "accept"
    return [f"the least that {', '.join(said)} {accept} is left out: only a bid can stand for it"] if said else []
