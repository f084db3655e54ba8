"""What a seat may know before anybody speaks: its private brief, the issues and their points, what others say aloud.

It is the same all through a class, so it is worked out once for each party.
"""

from __future__ import annotations

from typing import Any

from sim.report import sentences
from sim.report.seat_sentences import without_a_deal
from sim.scenario.evidence import cited
from sim.scenario.loader import Loaded
from sim.stakes.run_axis import once


@once
def option_points(loaded: Loaded, party: int) -> list[list[float]]:
    """Points of each option of each issue to a party, interactions aside."""
    return loaded.case.preferences.of(party).by_option.tolist()


@once
def issues_view(loaded: Loaded) -> list[dict[str, Any]]:
    """The issues that are open, with their options."""
    case, scenario = loaded.case, loaded.scenario
    return [
        {
            "axis": axis,
            "id": issue.id,
            "name": sentences.issue_name(scenario, issue.id),
            "options": [(issue.options[k], sentences.label(scenario, issue.id, issue.options[k]), k) for k in left],
        }
        for axis, (issue, left) in enumerate(zip(case.space.issues, case.space.left, strict=True))
        if len(left) > 1
    ]


@once
def brief_view(loaded: Loaded, party: int) -> dict[str, Any]:
    """The private brief of a party: story, lines, points, and what the others say aloud."""
    case, scenario = loaded.case, loaded.scenario
    me = case.parties[party].id
    told, points = scenario.parties[me], option_points(loaded, party)
    issues = [
        {"name": issue["name"], "options": [(label, points[issue["axis"]][k]) for _, label, k in issue["options"]]}
        for issue in issues_view(loaded)
    ]
    return {
        "title": scenario.title,
        "about": scenario.about,
        "name": told.name,
        "story": None if told.story is None else told.story.model_dump(),
        "sources": _sources(loaded, me),
        "without": without_a_deal(loaded, party),
        "unit": sentences.unit(scenario),
        "lines": _lines(loaded, me),
        "issues": sorted(issues, key=lambda issue: -max(p for _, p in issue["options"])),
        "others": [
            {"name": other.name, "lines": _lines(loaded, other.id), "story": _public(loaded, other.id)}
            for n, other in enumerate(case.parties)
            if n != party and other.signs
        ],
        "war": case.endings is not None,
        "settled": any(len(left) == 1 and points[axis][left[0]] != 0 for axis, left in enumerate(case.space.left)),
        "drafted": case.protocol.drafted,
        "mediates": case.protocol.drafted and case.protocol.mediator == party,
        "mediator": None if case.protocol.mediator is None else case.parties[case.protocol.mediator].name,
        "deadline": case.protocol.deadline,
        "quorum": sentences.who_signs(scenario),
    }


def _public(loaded: Loaded, party_id: str) -> str | None:
    story = loaded.scenario.parties[party_id].story
    return None if story is None else story.public


def _sources(loaded: Loaded, party_id: str) -> list[dict[str, Any]]:
    """What the public part of a story and the red lines of all rest on: each article, where it can be read, and what
    is said of the story in it.
    """
    scenario = loaded.scenario
    story = scenario.grounds.get(f"parties.{party_id}.story.public")
    told = [] if story is None else story.articles
    lines = {source.article for line in scenario.red_lines for source in line.sources}
    return [
        {
            "article": sentences.article(scenario, article),
            "address": sentences.address(scenario, article),
            "said": [f"¶{one.paragraph}: {one.paraphrase}" for one in told if one.article == article],
        }
        for article in sorted({source.article for source in told} | lines)
    ]


def _lines(loaded: Loaded, party_id: str) -> list[dict[str, str]]:
    scenario = loaded.scenario
    return [
        {
            "id": line.id,
            "wording": sentences.wording(scenario, line),
            "cited": cited(line),
            "when": sentences.binds_when(scenario, line),
        }
        for line in scenario.red_lines
        if line.party == party_id
    ]
