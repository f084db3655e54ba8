"""GENIUS XML: a domain with a profile for each party, discrete or integer issues, additive utilities.

Utility: weight x evaluation, evaluations of an issue divided by the largest, times the discount factor to the power of
the time from 0 to 1; the reservation value likewise (Lin et al. 2014), so a gain above it shrinks by that factor.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from sim.errors import ScenarioError
from sim.exchange.domain import LEAST, ROUNDS, Domain, a_round_of, one_discount
from sim.exchange.foreign_files import file_name, finite, steps, xml_of
from sim.markup import counted
from sim.scenario.scores import Profile

SUFFIX = ".xml"


def is_profile(root: Element) -> bool:
    """Whether an XML tree is a party's profile rather than a domain without anybody's wishes."""
    return root.find(".//weight") is not None or root.find(".//ufun") is not None


def read(paths: Sequence[Path], asked: int | None) -> Domain:
    """The negotiation of the profiles among some files; what a domain file says stands in every profile too."""
    roots = [(path, xml_of(path)) for path in paths]
    found = [(path, root) for path, root in roots if is_profile(root)]
    if not found:
        raise ScenarioError("holds no profile: give the folder, or the profiles of all parties", where=str(paths[0]))
    issues: dict[str, list[str]] = {}
    profiles, levels, factors = [], set(), dict[str, float]()
    for path, root in found:
        own, scores, integer = _profile(root, str(path), asked)
        issues = issues or own
        if list(own) != list(issues) or any(set(own[issue]) != set(issues[issue]) for issue in own):
            raise ScenarioError(f"speaks of other issues or options than {found[0][0].name}", where=str(path))
        ordered = {issue: [scores[issue][own[issue].index(name)] for name in issues[issue]] for issue in issues}
        reserve = root.find(".//reservation")
        threshold = 0.0 if reserve is None else finite(reserve.get("value"), "reservation", str(path))
        profiles.append(Profile(re.sub(r"^\d+-", "", path.stem), ordered, threshold))
        levels |= integer
        discount = root.find(".//discount_factor")
        factors[path.name] = _factor(discount, str(path))
    title = next((objective.get("name", "") for objective in found[0][1].iter("objective")), "")
    if title in ("", "any", "root"):
        title = found[0][0].parent.resolve().name
    whole, losses = one_discount(factors)
    return Domain(title, issues, profiles, frozenset(levels), losses=losses, discount=a_round_of(whole))


def _factor(said: Element | None, where: str) -> float:
    """What all the talks leave of a deal; GENIUS takes what does not lie between 0 and 1 for no discount."""
    factor = 1.0 if said is None else finite(said.get("value"), "discount_factor", where)
    return factor if 0 < factor < 1 else 1.0


def _profile(
    root: Element, where: str, asked: int | None
) -> tuple[dict[str, list[str]], dict[str, list[float]], set[str]]:
    """Options and scores by issue, and which issues are integers."""
    if root.get("type") == "nonlinear" or root.find(".//ufun") is not None:
        raise ScenarioError("is a non-linear utility space, which scores by issue cannot say", where=where)
    weights = {one.get("index"): finite(one.get("value"), "weight", where) for one in root.iter("weight")}
    options: dict[str, list[str]] = {}
    scores: dict[str, list[float]] = {}
    integer = set()
    for issue in root.iter("issue"):
        name = issue.get("name") or ""
        if issue.get("index") not in weights:
            raise ScenarioError(f"{name!r} has no weight", where=where)
        if name in options:
            raise ScenarioError(f"{name!r} appears twice", where=where)
        options[name], worth = (
            _discrete(issue, where) if issue.find("item") is not None else _range(issue, where, asked)
        )
        if issue.find("item") is None or issue.get("vtype") == "integer":
            integer.add(name)
        top = max(worth, default=0.0)
        weight = weights[issue.get("index")]
        scores[name] = [weight * one / top if top > 0 else 0.0 for one in worth]
    return options, scores, integer


def _discrete(issue: Element, where: str) -> tuple[list[str], list[float]]:
    items = list(issue.iter("item"))
    names = [item.get("value", "") for item in items]
    return names, [
        finite(item.get("evaluation", 0), f"evaluation of {name!r}", where)
        for name, item in zip(names, items, strict=True)
    ]


def _range(issue: Element, where: str, asked: int | None) -> tuple[list[str], list[float]]:
    """An integer or real issue with a linear evaluation between its bounds."""
    name, kind = issue.get("name", ""), issue.get("type", "")
    low = finite(issue.get("lowerbound"), f"lowerbound of {name!r}", where)
    high = finite(issue.get("upperbound"), f"upperbound of {name!r}", where)
    evaluator = issue.find("evaluator")
    if evaluator is None or evaluator.get("ftype") != "linear":
        said = "none" if evaluator is None else evaluator.get("ftype")
        raise ScenarioError(f"{name!r} has the evaluator {said}; only items and linear ones can be said", where=where)
    offset = finite(evaluator.get("offset", evaluator.get("parameter0", 0)), f"offset of {name!r}", where)
    slope = finite(evaluator.get("slope", evaluator.get("parameter1", 0)), f"slope of {name!r}", where)
    values = steps(low, high, 1.0 if kind == "integer" else None, asked, name, where)
    return [f"{value:g}" for value in values], [offset + slope * value for value in values]


def written(domain: Domain) -> dict[str, str]:
    """The files of a domain by name: `domain.xml` and one profile a party."""
    plain = Element("negotiation_template")
    _space(plain, domain, None)
    files = {"domain.xml": _shown(plain)}
    for number, profile in enumerate(domain.profiles, 1):
        files[file_name(number, profile.name, SUFFIX)] = _shown(_space(None, domain, profile))
    return files


def _space(parent: Element | None, domain: Domain, profile: Profile | None) -> Element:
    """A domain under ``parent``, or a party's profile on its own."""
    space = Element("utility_space") if parent is None else SubElement(parent, "utility_space")
    space.set("number_of_issues", str(len(domain.issues)))
    about = {"index": "0", "etype": "objective", "type": "objective", "description": "", "name": domain.title}
    objective = SubElement(space, "objective", about)
    scaled = None if profile is None else profile.scaled()
    for index, (issue, options) in enumerate(domain.issues.items(), 1):
        kind = {"index": str(index), "etype": "discrete", "type": "discrete", "vtype": "discrete", "name": issue}
        entry = SubElement(objective, "issue", kind)
        for place, option in enumerate(options):
            item = SubElement(entry, "item", {"index": str(place + 1), "value": option})
            if scaled is not None:
                item.set("evaluation", repr(scaled.values[issue][place]))
    if scaled is not None:
        for index, weight in enumerate(scaled.weights.values(), 1):
            SubElement(objective, "weight", {"index": str(index), "value": repr(weight)})
        SubElement(space, "discount_factor", {"value": repr(domain.whole_discount)})
        SubElement(space, "reservation", {"value": repr(scaled.threshold)})
    return space


def _shown(root: Element) -> str:
    indent(root)
    return tostring(root, encoding="unicode") + "\n"


def lost(domain: Domain) -> list[str]:
    """What this format cannot say of a domain."""
    if domain.discount == 1:
        return []
    if domain.whole_discount == LEAST:
        return [
            f"a discount of {domain.discount:g} in each of {counted(domain.rounds, 'round')} is left out: "
            f"all of them leave less than any number there, so {LEAST:g} stands for it"
        ]
    if domain.rounds == ROUNDS:
        return []
    there = f"{'is' if domain.rounds == 1 else 'are'} {counted(domain.rounds, 'round')} is"
    return [f"that there {there} left out: the discount of all of them is kept"]
