"""Who talks under each protocol: who may propose, who is asked, on which track, and whose yes an agreement needs.

The order in which they speak, and what they hear, is `talks.protocols`' business.
"""

from __future__ import annotations

import numpy as np

from sim.errors import ScenarioError, nearest
from sim.scenario import schema, talks_schema
from sim.scenario.names import Names, YamlPath
from sim.stakes.seats import Party, Track


def proposers_and_asked(
    scenario: schema.Scenario, names: Names, parties: tuple[Party, ...]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Who makes offers, in turn, and who is asked about them: all who sign, or who proposes if others are left out.

    Raises:
        ScenarioError: for a proposer that does not sign, or none where it has to be known who talks.
    """
    given = scenario.protocol
    signatories = {party.id: n for n, party in enumerate(parties) if party.signs}
    proposers = tuple(
        _among(names, party_id, signatories, "not a signatory", ("protocol", "proposers"))
        for party_id in given.proposers or signatories
    )
    if given.name != "bilateral_excluding":
        return proposers, tuple(signatories.values())
    if given.proposers is None:
        raise ScenarioError("needs to know who talks: name the proposers", path=("protocol", "proposers"))
    return proposers, tuple(dict.fromkeys(proposers))


def agreement(
    names: Names, given: talks_schema.Protocol, asked: tuple[int, ...], parties: tuple[Party, ...]
) -> tuple[int, tuple[int, ...]]:
    """How many of those asked must accept, and who must be among them.

    Raises:
        ScenarioError: where that can never be met.
    """
    if not isinstance(given.agreement, talks_schema.Agreement):
        return len(asked), asked
    path: YamlPath = ("protocol", "agreement")
    known = {parties[n].id: n for n in asked}
    if given.agreement.at_least > len(asked):
        raise ScenarioError(f"only {len(asked)} are asked, so at most {len(asked)} can agree", path=(*path, "at_least"))
    vetoes = [_among(names, party_id, known, "not asked", (*path, "vetoes")) for party_id in given.agreement.vetoes]
    return given.agreement.at_least, tuple(vetoes)


def _among(names: Names, party_id: str, known: dict[str, int], otherwise: str, path: YamlPath) -> int:
    number = names.party(party_id, path)
    if party_id in names.party_number and party_id not in known:
        raise ScenarioError(f'"{party_id}" is {otherwise}{nearest(party_id, known)}', path=path)
    return number


def tracks(names: Names, given: talks_schema.Protocol, quorum: int, vetoes: tuple[int, ...]) -> tuple[Track, ...]:
    """The tables of a protocol with tracks: who is asked at each, and about which issues.

    Raises:
        ScenarioError: where there are too few, or none asks everybody whose word is needed.
    """
    if given.name == "two_track" and len(given.tracks) < 2:
        raise ScenarioError("needs two tracks at least", path=("protocol", "tracks"))
    found = []
    for n, track in enumerate(given.tracks):
        path: YamlPath = ("protocol", "tracks", n)
        issues = np.zeros(len(names.axis), dtype=bool)
        for issue_id in track.issues:
            issues[names.issue(issue_id, (*path, "issues"), at=())] = True
        found.append(Track(names.parties(track.parties, (*path, "parties")), issues))
    signing = [track for track in found if set(vetoes) <= set(track.parties) and len(track.parties) >= quorum]
    if given.name == "two_track" and not signing:
        raise ScenarioError(
            "no track asks everybody whose word is needed: nothing could be signed", path=("protocol", "tracks")
        )
    return tuple(found)
