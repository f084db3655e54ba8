"""What a page says about many runs: shares with their intervals, never one run and never of the world.

It arranges what the measures of the runs hold; nothing is counted here.
"""

from __future__ import annotations

from typing import Any

from sim.report import sentences, talks_sentences
from sim.report.html.who import party_view
from sim.report.terminal.batch import details
from sim.scenario.loader import Loaded
from sim.study.many import BatchMeasures
from sim.study.run import VERDICT_WORDS
from sim.study.shares import Share, in_percent, interval
from sim.talks.how_talks_end import Ending


def many_view(loaded: Loaded, found: BatchMeasures) -> dict[str, Any]:
    """Everything about many runs of one scenario that a page shows."""
    scenario, agree = loaded.scenario, found.talks_agree
    return {
        "runs": found.runs,
        "seed": found.seed,
        "deadline": scenario.protocol.deadline,
        "agree": bar_of("an agreement", "", agree),
        "agreed": bool(agree.hits),
        "endings": [
            bar_of(talks_sentences.ending_name(name), talks_sentences.ending_means(name), entry)
            | {"agreed": Ending[name.upper()].agreed}
            for name, entry in found.endings.items()
        ],
        "verdicts": [bar_of(name, VERDICT_WORDS[name], entry) for name, entry in found.verdicts.items()],
        "rounds": found.rounds,
        "details": details(scenario, found),
        "packages": {
            "distinct": found.packages.distinct,
            "most_often": [
                {
                    "runs": entry.runs,
                    "package": [
                        {"issue": sentences.issue_name(scenario, i), "option": sentences.label(scenario, i, option)}
                        for i, option in entry.package.items()
                        if i not in scenario.pins
                    ],
                }
                for entry in found.packages.most_often
            ],
        },
        "moves": _moves(loaded, found.moves),
    }


def bar_of(name: str, words: str, entry: Share) -> dict[str, Any]:
    """A share in words and as a bar with its interval, in per cent."""
    return {
        "name": name,
        "words": words,
        "hits": entry.hits,
        "of": entry.of,
        "said": in_percent(entry),
        "interval": interval(entry),
        "share": None if entry.share is None else 100 * entry.share,
        "low": None if entry.low is None else 100 * entry.low,
        "high": None if entry.high is None else 100 * entry.high,
    }


def _moves(loaded: Loaded, moves: dict[str, dict[str, float]]) -> dict[str, Any]:
    """How often offers changed, mean of a run, by party and issue, parties side by side."""
    scenario = loaded.scenario
    parties = sorted((party for party in moves if moves[party]), key=lambda party: sentences.name_of(scenario, party))
    issues = [issue for issue in scenario.issues if any(issue in moves[party] for party in parties)]
    most = max((changes for party in parties for changes in moves[party].values()), default=0) or 1
    return {
        "parties": [party_view(scenario, party) for party in parties],
        "rows": [
            {
                "issue": sentences.issue_name(scenario, issue),
                "cells": [
                    {"changes": moves[party].get(issue, 0.0), "share": 100 * moves[party].get(issue, 0.0) / most}
                    for party in parties
                ],
            }
            for issue in issues
        ],
    }
