"""The part of a scenario file that tells of the war: its state, each party's beliefs, and what a deal makes of it.

What it says of the two issues with a role, the line and the ending, is `issue_roles`'.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sim.scenario.issue_roles import Beyond, EndingIssue, Hold, KindsOfEnding, LineIssue, SharesOfTheLine
from sim.scenario.keys import Word
from sim.scenario.schema_part import Part
from sim.scenario.texts_and_numbers import Drift, Months, Points, Share, follows, number


class Beliefs(Part):
    """What a party expects of the war going on, and what it costs the party."""

    drift: Drift = number(..., "monthly change of the share held by the first belligerent", "share a month")
    win: dict[Word, Share] = number(
        ..., "chance, if the war ends, that it ends on each belligerent's terms", "probability"
    )
    cost: float = number(
        ..., "cost of a month of war, in abstract points that leave people out", "points a month", ge=0, le=200
    )
    impatience: float = number(0.0, "growth of that cost for each month of talks", "points a month²", ge=0, le=10)
    discount: float = number(
        0.985,
        "worth of next month against this one",
        "a month",
        follows("Rubinstein 1982"),
        gt=0,
        lt=1,
    )
    attacked: dict[Word, Points] = number(
        {}, "what it loses when a belligerent breaks a deal by attacking; never its own attack", "points"
    )
    beyond: Beyond | None = None


class Lottery(Part):
    """The textbook war: all of the stake with some chance, at a cost."""

    win: Share = number(..., "chance to win all of the stake", "probability", follows("Fearon 1995"))
    cost: float = number(
        ...,
        "cost of fighting as a share of the stake",
        "share of the stake",
        follows("Fearon 1995"),
        ge=-10,
        le=10,
    )


class LotteryWar(Part):
    """A party whose alternative is the textbook war."""

    lottery: Lottery


class Ratification(Part):
    """A second level that must agree at home (Putnam 1988): members ask for evenly spread values around the party's."""

    quorum: Share = number(..., "share of members that must be in favour", "share", follows("Putnam 1988"))
    spread: float = number(
        ..., "how far the most and the least demanding member lie from the party", "points a month", ge=0, le=200
    )


class Lever(Part):
    """Something outside the talks that moves the front: what is sent, withheld or sanctioned."""

    index: Share = number(..., "where it stands", "index 0-1")
    base: Share = number(..., "where it stood when the beliefs were formed", "index 0-1")
    drift: Drift = number(..., "change of every believed drift at one index point more", "share a month")


class Resume(Part):
    """What the terms of a deal make of the war that would follow it."""

    scale: float = number(1.0, "a factor on all numbers below", "factor", ge=0, le=10)
    win: dict[Word, dict[Word, Annotated[float, Field(ge=-1, le=1)]]] = number(
        {},
        "what an option adds to the first belligerent's odds in that war",
        "probability",
        "signs: Fortna 2003, disputed by Lo, Hashimoto & Reiter 2008; sizes: assumption",
    )
    mirror: float = number(
        0.5, "how much of that comes off the second belligerent's odds", "share of the shift", ge=0, le=2
    )


class War(Part):
    """The war that parties return to without a deal, as they all see it; each party's `war` holds its beliefs."""

    share: Share = number(..., "share held by the first belligerent", "share")
    hazard: Share = number(0.02, "chance that the war ends by itself in a month", "probability a month")
    horizon: Months = number(240, "months that parties look ahead", "months")
    drift: Drift = number(
        0.0, "monthly change of that share in fact, which parties learn of in the talks", "share a month"
    )
    sigma: float = number(0.0005, "monthly noise of the share", "share a month", ge=0, le=0.05)
    prior: Share = number(
        0.0005, "how unsure parties are of their believed drift at first (standard deviation)", "share a month"
    )
    frozen: bool = Field(
        False, description="the front stands still during the talks, and the war does not end meanwhile"
    )
    line: LineIssue
    shares: SharesOfTheLine
    levers: dict[Word, Lever] = Field({}, max_length=16)
    terms: dict[Word, dict[Word, Word]] = Field(
        description="what each belligerent would impose if it won; issues left out stand at the status quo"
    )
    ending: EndingIssue
    kinds: KindsOfEnding
    hold: Hold = Hold.model_construct()
    slope: float = number(
        8.0, "gain over the war by which the odds of peace rise by a factor of e", "points a month", ge=0.1, le=100
    )
    start: Points = number(10.0, "what it takes to begin a war anew", "points a month")
    resume: Resume = Resume.model_construct()
    limited_cost: Share = number(0.8, "share of the cost of war that a limited truce leaves", "share")
