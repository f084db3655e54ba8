"""What an ending can carry and who must agree, written badly in a file: where it stands, what it is, what would do."""

from __future__ import annotations

import pytest

from sim import load
from sim.errors import ScenarioError
from tests.conftest import Write

OPTIONS = "issues:\n  sanctions:\n    options:\n"
STANDING = "issues:\n  guarantees:\n    options:\n"
RULE = "protocol:\n  agreement:\n"


@pytest.mark.parametrize(
    ("text", "line", "where", "said"),
    [
        (
            OPTIONS + "      broad_relief: {name: broad relief, takes: -1}\n",
            6,
            "issues.sanctions.options.broad_relief.takes",
            "should be greater than or equal to 0, not -1",
        ),
        (
            OPTIONS + "      broad_relief:\n        name: broad relief\n        carries: {takes: 1, undo: 1}\n",
            8,
            "issues.sanctions.options.broad_relief.carries",
            "sanctions does not say how the fighting stops: only hostilities does",
        ),
        (
            STANDING + "      political_assurances:\n        name: assurances\n        undo: never\n",
            8,
            "issues.guarantees.options.political_assurances.undo",
            "limited carries 1 at most, not never, and political_assurances stands when nothing is agreed",
        ),
        (RULE + "    at_least: 5\n", 5, "protocol.agreement.at_least", "only 4 are asked, so at most 4 can agree"),
        (
            "parties: {europe: {roles: [guarantor]}}\n" + RULE + "    at_least: 2\n    vetoes: [europe]\n",
            7,
            "protocol.agreement.vetoes",
            '"europe" is not asked (one of: russia, ukraine, us)',
        ),
        (
            RULE + "    at_least: 2\n    vetoes: [ukrane]\n",
            6,
            "protocol.agreement.vetoes",
            'there is no party "ukrane" (did you mean "ukraine"?)',
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_with_file_line_and_what_would_do(
    write: Write, text: str, line: int, where: str, said: str
) -> None:
    path = write(f"extends: 2025-12-stalemate\ntitle: x\n{text}")
    with pytest.raises(ScenarioError) as caught:
        load(path)
    assert f"{path} line {line}: {where}: " in str(caught.value) and said in str(caught.value)


def test_months_of_a_pinned_issue_or_under_an_ending_that_carries_anything_are_no_fault() -> None:
    assert load("2025-12-stalemate", ["issues.military_aid.options.free={name: free, takes: 30}"]).case.war is not None
    anything = [
        f"issues.hostilities.options.{ending}.carries=null" for ending in ("limited", "truce_30_days", "armistice")
    ]
    slow = "issues.guarantees.options.political_assurances={name: assurances, takes: 30}"
    assert load("2025-12-stalemate", [*anything, slow]).case.war is not None
