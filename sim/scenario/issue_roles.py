"""The roles an issue can have in the war, and what its options are: where the line runs, how fighting stops.

Only these two mean something beyond their weights and values; `compile_war` turns them into the arrays of the war.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sim.scenario.pieces import Share, Word, number
from sim.stakes.endings import KindWord

LineIssue = Annotated[Word, Field(description="the issue that says where the line runs")]
SharesOfTheLine = Annotated[
    dict[Word, Share], number(..., "share held by the first belligerent under each option of that issue", "share")
]
EndingIssue = Annotated[Word, Field(description="the issue that says how the fighting stops")]
KindsOfEnding = Annotated[dict[Word, KindWord], Field(description="what each option of that issue is")]
