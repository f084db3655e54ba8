"""How what talks found relates to what was there to be found, in a word and in plain words."""

from __future__ import annotations

from typing import Literal

Verdict = Literal["reached", "missed", "censored", "hidden", "structural"]
VERDICT_WORDS: dict[Verdict, str] = {
    "reached": "the parties signed",
    "missed": "a zone was there under the declared lines, and the talks did not find it",
    "censored": "a zone was there under the declared lines, and the war ended before the talks could find or miss it",
    "hidden": "no zone under the declared lines, but one under the true lines (an assumption)",
    "structural": "no zone under declared or true lines, so there was none to find",
}


def verdict_where(declared: bool, true: bool, agreed: bool, war_ended: bool) -> Verdict:
    """The verdict where a zone exists or not under declared and under true lines."""
    if agreed:
        return "reached"
    if declared:
        return "censored" if war_ended else "missed"
    return "hidden" if true else "structural"
