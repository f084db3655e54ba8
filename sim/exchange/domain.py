"""What all other formats can say: issues with options, and for each party additive scores and a threshold.

A score is in the file's own units. In a scenario the options of an issue run from 0 to 1 and weights share 100 points,
so scores are shifted and scaled; that changes no comparison, and the threshold moves with them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from sys import float_info
from typing import Any

import yaml

from sim.errors import ScenarioError
from sim.markup import counted
from sim.scenario.loader import Loaded, restored
from sim.scenario.scores import Profile
from sim.scenario.yamltext import LARGEST_FILE, parse_yaml

ROUNDS = 60
"""Rounds of the talks that an imported scenario gets, for these formats name none."""
LEAST = float_info.min
"""What all the talks leave at least, where a format counts time from 0 to 1: the least number of full precision."""


@dataclass(frozen=True)
class Domain:
    """A negotiation in other people's terms.

    Args:
        title: what it is called.
        issues: names of the options of each issue, by the issue's name; two names of an issue never coincide.
        profiles: one a party.
        levels: the issues whose options are levels, so that one step is one level.
        at_least: how many must accept; everybody where it is None.
        vetoes: names of the parties that must be among them.
        losses: what the file says and this cannot, each in a sentence.
        discount: what a round leaves of a deal's gain above no deal.
        rounds: how many rounds that is meant for.
    """

    title: str
    issues: Mapping[str, Sequence[str]]
    profiles: Sequence[Profile]
    levels: frozenset[str] = frozenset()
    at_least: int | None = None
    vetoes: Sequence[str] = ()
    losses: Sequence[str] = field(default=())
    discount: float = 1.0
    rounds: int = ROUNDS

    @property
    def whole_discount(self) -> float:
        """What all the talks leave, as formats have it that count time from 0 to 1: see `a_round_of`.

        They take 0 for no discount, so it is `LEAST` where it would be less.
        """
        return max(LEAST, float(f"{self.discount ** (self.rounds + 1):.12g}"))


def one_discount(by_file: Mapping[str, float]) -> tuple[float, list[str]]:
    """The discount that all files share; where they differ there is none, and a sentence says so."""
    if len(set(by_file.values())) == 1:
        return next(iter(by_file.values())), []
    told = ", ".join(f"{name} {factor:g}" for name, factor in by_file.items())
    return 1.0, [f"the discounts are left out, for they differ: {told}"]


def a_round_of(whole: float, rounds: int = ROUNDS) -> float:
    """What a round leaves where all the talks leave ``whole``: GENIUS has round t of T at the time t / (T + 1)."""
    return float(whole ** (1 / (rounds + 1)))


def checked(domain: Domain, where: str) -> Domain:
    """The domain, if a scenario can be made of it.

    Raises:
        ScenarioError: with what is wrong, in the words of the file.
    """
    if not domain.issues:
        raise ScenarioError("names no issue", where=where)
    if len({profile.name for profile in domain.profiles}) < len(domain.profiles):
        raise ScenarioError("two parties have one name", where=where)
    for issue, options in domain.issues.items():
        if len(set(options)) < len(options) or not options:
            raise ScenarioError(f"the options of {issue!r} are none, or one appears twice", where=where)
    for profile in domain.profiles:
        numbers = [number for of in profile.scores.values() for number in of]
        if not all(map(isfinite, [*numbers, profile.threshold or 0.0])):
            raise ScenarioError(f"a score of {profile.name!r} is not a number", where=where)
        if profile.most() <= profile.least():
            raise ScenarioError(f"every package is worth the same to {profile.name!r}", where=where)
    return domain


def scenario_text(domain: Domain, where: str) -> str:
    """A scenario file in YAML that says what the domain says, and is in order.

    Raises:
        ScenarioError: for what a scenario cannot be, such as a name of 200 letters.
    """
    issues = identifiers(domain.issues, "issue")
    options = {issue: identifiers(names, "option") for issue, names in domain.issues.items()}
    parties = identifiers([profile.name for profile in domain.profiles], "party")
    said: dict[str, Any] = {
        "format": 1,
        "title": domain.title[:200] or "A negotiation",
        "lines_from": "scores of another platform, no red lines",
        "issues": {
            issues[issue]: {
                "name": issue,
                **({} if issue in domain.levels else {"ordered": False}),
                "options": {options[issue][name]: name for name in names},
            }
            for issue, names in domain.issues.items()
        },
        "parties": {parties[one.name]: _party(one, issues, options, domain.issues) for one in domain.profiles},
        "protocol": {"name": "alternating", "deadline": domain.rounds, **_rules(domain, parties)},
    }
    head = "".join(f"# {line}\n" for line in ("Imported.", *domain.losses))
    text = head + yaml.safe_dump(said, sort_keys=False, allow_unicode=True, width=120, default_flow_style=None)
    if len(text.encode()) > LARGEST_FILE:
        raise ScenarioError(f"needs a scenario file larger than {LARGEST_FILE // 1000} kB", where=where)
    try:
        restored(where, where, parse_yaml(text, where).plain())
    except ScenarioError as error:
        raise error.located(where, error.path) from None
    return text


def _rules(domain: Domain, parties: Mapping[str, str]) -> dict[str, Any]:
    """What waiting costs and who must accept, where that is not nothing and everybody."""
    found: dict[str, Any] = {} if domain.discount == 1 else {"discount": domain.discount}
    if domain.at_least is not None:
        found["agreement"] = {"at_least": domain.at_least, "vetoes": [parties[name] for name in domain.vetoes]}
    return found


def _party(
    profile: Profile, issues: Mapping[str, str], options: Mapping[str, Mapping[str, str]], names: Mapping[str, Any]
) -> dict[str, Any]:
    """A party whose weights share 100 points."""
    scaled = profile.scaled()
    return {
        "name": profile.name,
        "reservation": min(max(100 * scaled.threshold, -1000.0), 1000.0),
        "weights": {issues[issue]: weight for issue, weight in scaled.weights.items() if weight > 0},
        "values": {
            issues[issue]: dict(zip((options[issue][name] for name in names[issue]), of, strict=True))
            for issue, of in scaled.values.items()
            if scaled.weights[issue] > 0
        },
    }


def identifiers(names: Iterable[str], kind: str) -> dict[str, str]:
    """An id for each name: its letters and digits where it has Latin ones, else its place; never the same twice.

    >>> identifiers(["Price (€)", "price €", "価格"], "issue")
    {'Price (€)': 'price', 'price €': 'price_2', '価格': 'issue_3'}
    """
    found: dict[str, str] = {}
    for place, name in enumerate(names, 1):
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        word = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:60] or f"{kind}_{place}"
        taken, many = set(found.values()), 2
        stem = word
        while word in taken:
            word, many = f"{stem}_{many}", many + 1
        found[name] = word
    return found


def domain_of(loaded: Loaded) -> Domain:
    """What of a scenario other formats can say; `losses` names all that they cannot."""
    scenario, case = loaded.scenario, loaded.case
    names = {issue_id: issue.name or issue_id for issue_id, issue in scenario.issues.items()}
    issues = {names[issue_id]: _labels(issue.labels) for issue_id, issue in scenario.issues.items()}
    signing = [(seat, key) for seat, key in enumerate(scenario.parties) if scenario.parties[key].signs]
    profiles = []
    for seat, key in signing:
        party = scenario.parties[key]
        total = sum(party.weights.values())
        scores = {
            names[issue_id]: [
                100 * party.weights.get(issue_id, 0.0) / total * party.values[issue_id][option]
                if issue_id in party.values and party.weights.get(issue_id)
                else 0.0
                for option in issue.options
            ]
            for issue_id, issue in scenario.issues.items()
        }
        profiles.append(Profile(party.name, scores, float(case.reservation[0, seat])))
    agreement = scenario.protocol.agreement
    by_key = {key: scenario.parties[key].name for _, key in signing}
    return Domain(
        scenario.title,
        issues,
        profiles,
        frozenset(names[issue_id] for issue_id, issue in scenario.issues.items() if issue.ordered),
        None if isinstance(agreement, str) else agreement.at_least,
        () if isinstance(agreement, str) else [by_key[key] for key in agreement.vetoes],
        _unsaid(loaded),
        scenario.protocol.discount or 1.0,
        scenario.protocol.deadline,
    )


def _labels(labels: Mapping[str, str]) -> list[str]:
    """What people call the options, or their ids where two are called the same."""
    return list(labels.values() if len(set(labels.values())) == len(labels) else labels)


def _unsaid(loaded: Loaded) -> list[str]:
    """What a scenario says and additive scores with a threshold cannot, each in a sentence."""
    said = loaded.scenario
    silent = [party.name for party in said.parties.values() if not party.signs]
    left = {
        f"what scores do not know is left out: {counted(len(said.red_lines), 'red line')}": said.red_lines,
        "what each issue stands at without a deal is left out": said.issues,
        "the war is left out; what each party expects of it stands as its threshold": said.war,
        "how long a deal lasts is left out: a score is a utility, not what a deal is worth": said.war,
        f"what scores do not know is left out: {counted(len(said.interactions), 'interaction')}": said.interactions,
        f"what scores do not know is left out: {counted(len(said.validity), 'validity rule')}": said.validity,
        "issues held at one option can move there": said.pins,
        "what counts as a ceasefire is left out: every package counts": said.zones.ceasefire,
        "whose deeds an option needs is left out": said.consent,
        f"who does not sign is left out: {', '.join(silent)}": silent,
    }
    return [sentence for sentence, there in left.items() if there]
