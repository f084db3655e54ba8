"""The endings an agreement may have, declared once."""

from __future__ import annotations

from typing import get_args

import pytest

from sim.scenario.loader import load
from sim.scenario.war_schema import War
from sim.stakes.endings import Kind, KindWord


def test_scenario_files_know_the_kinds_of_ending_and_no_others() -> None:
    (kinds,) = War.model_json_schema()["properties"]["kinds"]["patternProperties"].values()
    assert kinds["enum"] == [*get_args(KindWord)] == [kind.name.lower() for kind in Kind]


@pytest.mark.parametrize("slug", ["2025-12-stalemate", "fictional/stalemate"])
def test_each_option_of_the_ending_is_of_the_kind_that_the_file_says(slug: str) -> None:
    loaded = load(slug)
    war, endings = loaded.scenario.war, loaded.case.endings
    assert war is not None and endings is not None
    options = loaded.scenario.issues[war.ending].options
    assert [Kind(kind).word for kind in endings.kinds] == [war.kinds[option] for option in options]
