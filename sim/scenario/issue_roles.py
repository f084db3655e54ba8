"""The roles an issue can have in the war: the line says where the front runs, the ending how the fighting stops.

Only these two mean something beyond their weights and values. `war_schema.War` lists the fields below among its others,
`compile_war` checks them and makes arrays of them; where options draw the line is `stakes.war`'s business, which kinds
of ending there are `stakes.endings`'.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sim.scenario.keys import Word
from sim.scenario.schema_part import Part
from sim.scenario.texts_and_numbers import Share, number
from sim.stakes.endings import KindWord

LineIssue = Annotated[Word, Field(description="the issue that says where the line runs")]
SharesOfTheLine = Annotated[
    dict[Word, Share], number(..., "share held by the first belligerent under each option of that issue", "share")
]


class Beyond(Part):
    """Where a party's value of the line goes beyond its last option."""

    share: Share = number(..., "share held at which the value is reached", "share")
    value: float = number(..., "value there; it stays so beyond", "value", ge=-10, le=10)


EndingIssue = Annotated[Word, Field(description="the issue that says how the fighting stops")]
KindsOfEnding = Annotated[dict[Word, KindWord], Field(description="what each option of that issue is")]


class Hold(Part):
    """How well kinds of ending hold before anybody wants to break them."""

    armistice: Share = number(0.95, "chance that an armistice holds a year when nobody attacks", "probability")
    treaty: Share = number(0.98, "chance that a treaty holds a year when nobody attacks", "probability")
