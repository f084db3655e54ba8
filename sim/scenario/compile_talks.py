"""The protocol of a scenario, from names to arrays.

Who takes part in it is `who_talks`'s business. Every complaint is a `ScenarioError` with the YAML path; the loader
adds file and line.
"""

from __future__ import annotations

import numpy as np

from sim.errors import ScenarioError, nearest
from sim.scenario import schema, who_talks
from sim.scenario.by_run import Numbers, mediation
from sim.scenario.names import Names, YamlPath, check_side
from sim.stakes.seats import Event, Hearing, Party, Protocol, Pull, Softening
from sim.stakes.space import BoolArray, FloatArray, IntArray, OptionArray


def compile_protocol(scenario: schema.Scenario, names: Names, parties: tuple[Party, ...]) -> Protocol:
    """How offers are exchanged, and what happens meanwhile."""
    given, mediator = scenario.protocol, scenario.protocol.mediator
    proposers, asked = who_talks.proposers_and_asked(scenario, names, parties)
    quorum, vetoes = who_talks.agreement(names, given, asked, parties)
    _refuse_contradictions(scenario)
    camps = _camps(scenario, names, parties)
    return Protocol(
        name=given.name,
        earliest=given.deadline if given.earliest is None else given.earliest,
        deadline=given.deadline,
        proposers=proposers,
        asked=asked,
        quorum=quorum,
        vetoes=vetoes,
        start_text=_start_text(scenario, names),
        weights=_weights(scenario, names, parties, camps),
        camps=camps,
        mediator=None if mediator.party is None else names.party(mediator.party, ("protocol", "mediator", "party")),
        drafts=_drafts(scenario, names),
        step=mediator.step,
        softening=Softening(**given.softening.model_dump()),
        hearing=Hearing(**given.hearing.model_dump()),
        memory=given.memory,
        tries=given.tries,
        pulls=tuple(_pull(scenario, names, n) for n in range(len(mediator.levers))),
        tracks=who_talks.tracks(names, given, quorum, vetoes),
        events=tuple(event(scenario, n) for n in range(len(scenario.events))),
        **mediation(scenario, Numbers(scenario)),
    )


def _refuse_contradictions(scenario: schema.Scenario) -> None:
    """Refuse what one place of a scenario says and another rules out."""
    given = scenario.protocol
    if given.mediator.bias and len(scenario.belligerents) != 2:
        raise ScenarioError("leans to one of two belligerents; name them", path=("protocol", "mediator", "bias"))
    if given.earliest is not None and given.earliest > given.deadline:
        raise ScenarioError("lies after the deadline", path=("protocol", "earliest"))
    if scenario.war is not None and given.discount is not None:
        said = "a war prices time itself, by `impatience` and the `discount` of each party's `war`; leave this one out"
        raise ScenarioError(said, path=("protocol", "discount"))


def _start_text(scenario: schema.Scenario, names: Names) -> OptionArray:
    """The package ``(I,)`` that a text begins from."""
    given = scenario.protocol.start_text
    for issue_id, option in given.items():
        path: YamlPath = ("protocol", "start_text", issue_id)
        names.option(issue_id, option, path)
        if scenario.pins.get(issue_id, option) != option:
            raise ScenarioError(f"{issue_id} is pinned to {scenario.pins[issue_id]}", path=path)
    return names.space.package(given)


def _camps(scenario: schema.Scenario, names: Names, parties: tuple[Party, ...]) -> IntArray:
    """Who stands with the first belligerent (1), with the second (-1), or with neither (0) ``(P,)``."""
    found, path = np.zeros(len(parties), dtype=np.int64), ("camps",)
    given = scenario.camps
    for side in given:
        check_side(scenario, side, path)
    for side, sign in zip(scenario.belligerents, (1, -1), strict=False):
        for party_id in given.get(side, [side]):
            party = names.party(party_id, (*path, side))
            if found[party] not in (0, sign):
                raise ScenarioError(f"{party_id} stands in both camps", path=(*path, side))
            found[party] = sign
    return found


def _weights(scenario: schema.Scenario, names: Names, parties: tuple[Party, ...], camps: IntArray) -> FloatArray:
    """How much each party's wishes and lines count ``(P,)``; they sum to 1 where anybody's do."""
    mediator, path = scenario.protocol.mediator, ("protocol", "mediator", "weights")
    counts = np.array([party.signs and party.id != mediator.party for party in parties])
    if mediator.weights is not None:
        found = np.zeros(len(parties))
        for party_id, weight in mediator.weights.items():
            party = names.party(party_id, path)
            if weight and not counts[party]:
                raise ScenarioError(f"{party_id} mediates or does not sign: it states no wish", path=(*path, party_id))
            found[party] = weight
    elif len(scenario.belligerents) == 2:
        found = np.zeros(len(parties))
        for sign in (1, -1):
            camp = counts & (camps == sign)
            found += np.where(camp, 0.5 / max(camp.sum(), 1), 0.0)
    else:
        found = counts.astype(float)
    return found / found.sum() if found.any() else found


def _drafts(scenario: schema.Scenario, names: Names) -> BoolArray:
    """The box that drafts keep within; it must leave an option on every issue."""
    path: YamlPath = ("protocol", "mediator", "drafts_within")
    box = names.box(scenario.protocol.mediator.drafts_within, path)
    for axis, left in enumerate(names.space.left):
        if not box[axis, list(left)].any():
            raise ScenarioError("leaves no option that the pins allow", path=(*path, names.space.issues[axis].id))
    return box


def _lever(scenario: schema.Scenario, lever: str, path: YamlPath) -> int:
    levers = list(scenario.war.levers) if scenario.war else []
    if lever not in levers:
        raise ScenarioError(f'the war has no lever "{lever}"{nearest(lever, levers)}', path=path)
    return levers.index(lever)


def _pull(scenario: schema.Scenario, names: Names, n: int) -> Pull:
    given, path = scenario.protocol.mediator.levers[n], ("protocol", "mediator", "levers", n)
    lever = _lever(scenario, given.lever, (*path, "lever"))
    return Pull(given.lever, lever, names.party(given.against, (*path, "against")), given.to, given.after)


def event(scenario: schema.Scenario, n: int) -> Event:
    """The n-th event of a scenario.

    Raises:
        ScenarioError: for a lever that the war has not, or a shift of a front where there is no war.
    """
    given, path = scenario.events[n], ("events", n)
    if given.share and scenario.war is None:
        raise ScenarioError("there is no war whose front could shift", path=(*path, "share"))
    levers = tuple((_lever(scenario, lever, (*path, "levers")), index) for lever, index in given.levers.items())
    return Event(given.round, levers, given.share, given.breakdown, given.note)
