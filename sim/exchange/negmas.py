"""A folder of YAML as NegMAS writes it: a domain with issues, and an additive utility function for each party."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from sim.errors import ScenarioError
from sim.exchange.domain import Domain, a_round_of, one_discount
from sim.exchange.foreign_files import file_name, finite, mapping, steps
from sim.markup import counted
from sim.scenario.scores import Profile
from sim.scenario.yamltext import read_yaml

DISCOUNTED = "ExpDiscountedUFun"
ADDITIVE = ("LinearAdditiveUtilityFunction", "LinearUtilityAggregationFunction")


def _kind(found: dict[str, Any]) -> str:
    return str(found.get("type") or found.get("__python_class__") or "nothing").rpartition(".")[2]


def read(paths: Sequence[Path], asked: int | None) -> Domain:
    """The negotiation of a domain's file and those of its utility functions."""
    found = [(path, read_yaml(path, what="NegMAS file").plain()) for path in paths]
    domains = [(path, data) for path, data in found if isinstance(data, dict) and "issues" in data]
    functions = [
        (path, data) for path, data in found if isinstance(data, dict) and "issues" not in data and "type" in data
    ]
    if len(domains) != 1 or not functions:
        raise ScenarioError(
            "should hold one domain with issues, and a utility function a party", where=str(paths[0].parent)
        )
    where, domain = str(domains[0][0]), domains[0][1]
    issues: dict[str, list[str]] = {}
    levels = set()
    for issue in domain["issues"] if isinstance(domain["issues"], list) else ():
        said = mapping(issue, "an issue", where)
        name = str(said.get("name"))
        issues[name] = _values(said, name, where, asked)
        if _kind(said) in ("ContiguousIssue", "ContinuousIssue", "DiscreteOrdinalIssue"):
            levels.add(name)
    profiles, rates = [], dict[str, float]()
    for path, data in functions:
        plain, rates[path.name] = _undiscounted(mapping(data, "a utility function", str(path)), str(path))
        profiles.append(_profile(plain, issues, path))
    discount, losses = one_discount(rates)
    title = str(domain.get("name") or domains[0][0].stem)
    return Domain(title, issues, profiles, frozenset(levels), losses=losses, discount=discount)


def _undiscounted(said: dict[str, Any], where: str) -> tuple[dict[str, Any], float]:
    """A utility function without its discount, and what that leaves after each round.

    NegMAS counts by ``factor``: steps from 0 on, or time from 0 to 1. Its reserved value is discounted alike.
    """
    if _kind(said) != DISCOUNTED:
        return said, 1.0
    inner = mapping(said.get("ufun"), "a discounted utility function", where)
    rate = finite(1 if said.get("discount") is None else said["discount"], "discount", where)
    by = said.get("factor", "step")
    if by not in ("step", "relative_time") or not 0 < rate <= 1 or said.get("dynamic_reservation") is False:
        raise ScenarioError(
            "discounts otherwise than by a factor up to 1 for steps or relative time, of the reserved value too",
            where=where,
        )
    reserved = inner.get("reserved_value", said.get("reserved_value"))
    name = inner.get("name") or said.get("name")
    return inner | {"reserved_value": reserved, "name": name}, rate if by == "step" else a_round_of(rate)


def _values(said: dict[str, Any], name: str, where: str, asked: int | None) -> list[str]:
    values = said.get("values")
    if not isinstance(values, list) or not values:
        raise ScenarioError(f"values of {name!r} should be a list", where=where)
    if _kind(said) in ("ContiguousIssue", "ContinuousIssue"):
        low, high = (finite(value, f"a bound of {name!r}", where) for value in (values[0], values[-1]))
        step = 1.0 if _kind(said) == "ContiguousIssue" else None
        return [f"{value:.10g}" for value in steps(low, high, step, asked, name, where)]
    return [str(value) for value in values]


def _profile(said: dict[str, Any], issues: dict[str, list[str]], path: Path) -> Profile:
    where = str(path)
    if _kind(said) not in ADDITIVE:
        raise ScenarioError(f"is a {_kind(said)}: only additive utility functions can be said here", where=where)
    weights, values = said.get("weights"), said.get("values")
    if not isinstance(weights, list) or not isinstance(values, list) or {len(weights), len(values)} != {len(issues)}:
        raise ScenarioError(f"should give weights and values for {counted(len(issues), 'issue')}", where=where)
    bias = finite(said.get("bias") or 0, "bias", where)
    scores = {
        issue: [finite(weight, f"weight of {issue!r}", where) * one for one in _worth(of, options, issue, where)]
        for (issue, options), weight, of in zip(issues.items(), weights, values, strict=True)
    }
    reserved = said.get("reserved_value")
    if reserved is None or (isinstance(reserved, float) and math.isinf(reserved) and reserved < 0):
        threshold = None
    else:
        threshold = finite(reserved, "reserved_value", where) - bias
    return Profile(str(said.get("name") or path.stem), scores, threshold)


def _worth(of: Any, options: list[str], issue: str, where: str) -> list[float]:
    said = mapping(of, f"values of {issue!r}", where)
    kind = _kind(said)
    if kind == "TableFun":
        worth = mapping(said.get("mapping"), f"values of {issue!r}", where)
        return [finite(worth.get(option), f"value of {issue}.{option}", where) for option in options]
    slopes = {
        "AffineFun": ("slope", "bias"),
        "LinearFun": ("slope", None),
        "IdentityFun": (None, None),
        "ConstFun": (None, "bias"),
    }
    if kind not in slopes:
        raise ScenarioError(f"values {issue!r} by a {kind}, which cannot be said here", where=where)
    slope_key, bias_key = slopes[kind]
    slope = (
        finite(said.get(slope_key), f"slope of {issue!r}", where) if slope_key else 0.0 if kind == "ConstFun" else 1.0
    )
    bias = finite(said.get(bias_key, 0), f"bias of {issue!r}", where) if bias_key else 0.0
    return [slope * finite(option, f"option of {issue!r}", where) + bias for option in options]


def written(domain: Domain) -> dict[str, str]:
    """The files of a domain by name: `domain.yml` and one utility function a party."""
    issues = [{"name": issue, "type": "CategoricalIssue", "values": list(of)} for issue, of in domain.issues.items()]
    space = {"name": "domain", "type": "DiscreteCartesianOutcomeSpace", "issues": issues}
    files = {"domain.yml": yaml.safe_dump(space, sort_keys=False, allow_unicode=True)}
    for number, profile in enumerate(domain.profiles, 1):
        said = {
            "name": profile.name,
            "type": ADDITIVE[0],
            "reserved_value": float(profile.least() if profile.threshold is None else profile.threshold),
            "weights": [1.0] * len(domain.issues),
            "values": [
                {"type": "TableFun", "mapping": dict(zip(options, map(float, profile.scores[issue]), strict=True))}
                for issue, options in domain.issues.items()
            ],
        }
        if domain.discount < 1:
            rate = {"discount": domain.discount, "factor": "step", "dynamic_reservation": True}
            said = {
                "name": profile.name,
                "type": DISCOUNTED,
                "reserved_value": said["reserved_value"],
                **rate,
                "ufun": said,
            }
        files[file_name(number, profile.name, ".yml")] = yaml.safe_dump(said, sort_keys=False, allow_unicode=True)
    return files
