"""The roles an issue can have in the war, and what its options are: where the line runs, how fighting stops.

Only these two mean something beyond their weights and values; `compile_war` turns them into the arrays of the war.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.scenario.pieces import Share, Word, number

Kind = Literal["none", "limited", "truce", "armistice", "treaty"]

LineIssue = Annotated[Word, Field(description="the issue that says where the line runs")]
SharesOfTheLine = Annotated[
    dict[Word, Share], number(..., "share held by the first belligerent under each option of that issue", "share")
]
EndingIssue = Annotated[Word, Field(description="the issue that says how the fighting stops")]
KindsOfEnding = Annotated[dict[Word, Kind], Field(description="what each option of that issue is")]
