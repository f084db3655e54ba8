"""Who speaks for a party reads who it is: a paragraph for all with its sources, and one for its own people alone."""

from __future__ import annotations

import json

import pytest

from sim.classroom.exercise_files import exercises
from sim.serve.briefs import brief_view

CLASS = [pytest.param(entry, id=entry.slug) for fictional in (False, True) for entry in exercises(fictional)]
MOST_WORDS = 75
"""A paragraph that is read in half a minute."""


@pytest.mark.parametrize("entry", CLASS)
def test_each_party_of_a_class_scenario_has_a_story_with_sources_and_private_facts_of_its_own(entry: object) -> None:
    scenario = entry.loaded.scenario  # type: ignore[attr-defined]
    for party_id, party in scenario.parties.items():
        assert party.story is not None, party_id
        public, private = party.story.public, party.story.private
        assert all(8 <= len(text.split()) <= MOST_WORDS for text in (public, private)), party_id
        assert party.name in public and " you" in f" {private.lower()}", "one is told of it, the other is told to it"
        said = scenario.grounds[f"parties.{party_id}.story.public"]
        assert said.articles and all(source.paraphrase for source in said.articles)
        assert f"parties.{party_id}.story.private" not in scenario.grounds, "nobody reported it: it is invented"


@pytest.mark.parametrize("entry", CLASS)
def test_a_brief_holds_the_private_story_of_its_own_party_and_of_no_other(entry: object) -> None:
    loaded = entry.loaded  # type: ignore[attr-defined]
    stories = {p: loaded.scenario.parties[party.id].story for p, party in enumerate(loaded.case.parties)}
    for reader in loaded.case.signatories:
        brief = brief_view(loaded, reader)
        shown = json.dumps(brief, ensure_ascii=False)
        assert brief["sources"], "what is public says where it is reported"
        for party, story in stories.items():
            assert (story.private in shown) == (party == reader)
            assert story.public in shown or party not in loaded.case.signatories
