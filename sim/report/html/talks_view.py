"""What a page says about the talks of one run: how they ended, and each round with offers, answers and reasons.

It arranges the transcript; a kind of event it does not know is shown plainly.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any

from sim.markup import capital
from sim.report import sentences, talks_sentences
from sim.report.finding_sentences import PLAIN_VERDICTS, talks_answer
from sim.report.html.who import party_view
from sim.report.terminal.talks import answers_in_words, exchanges, moved_since
from sim.scenario.loader import Loaded
from sim.scenario.schema import Scenario
from sim.stakes.space import Package
from sim.study.run import RunMeasures
from sim.talks.transcript import Line, Reply, Silence, Tabled, Unknown, Wish

MOST_ENTRIES = 120
"""Entries written out; rounds in which nothing changes share one."""
Slot = tuple[str, str]
"""A party, or nobody for the text, and what its offers are about where there are several at once."""


def talks_view(loaded: Loaded, result: RunMeasures, transcript: list[Line]) -> dict[str, Any]:
    """Everything about one run's talks that a page shows without a script."""
    scenario = loaded.scenario
    entries = _entries(scenario, transcript)
    shown = (
        entries if len(entries) <= MOST_ENTRIES else entries[: MOST_ENTRIES * 3 // 4] + entries[-MOST_ENTRIES // 4 :]
    )
    single = loaded.case.protocol.drafted
    drafter = scenario.protocol.mediator.party
    return {
        "ending": talks_sentences.ending_name(result.ending),
        "ending_words": talks_sentences.ending_means(result.ending),
        "verdict": result.verdict,
        "verdict_words": talks_sentences.VERDICTS[result.verdict],
        "verdict_plain": PLAIN_VERDICTS[result.verdict],
        "round": result.round,
        "deadline": scenario.protocol.deadline,
        "seed": result.seed,
        "path": _path(scenario, result),
        **_headline(result, scenario),
        "protocol": scenario.protocol.name.replace("_", " "),
        "single": single,
        "drafter": party_view(scenario, drafter)["name"] if single and drafter else None,
        "entries": shown,
        "stages": any(isinstance(line, Tabled) and line.about for line in transcript),
        "left_out": len(entries) - len(shown),
        "package": _package(scenario, result.package),
        "worth": _worth(scenario, result),
        "holds": result.holds,
        "held_months": result.held_months,
    }


def _headline(result: RunMeasures, scenario: Scenario) -> dict[str, Any]:
    """The run in a sentence, and what the sentence rests on."""
    return {
        "agreed": result.verdict == "reached",
        "answer": talks_answer(scenario, result),
        "small_print": f"Ending: {talks_sentences.ending_name(result.ending)}, "
        f"{talks_sentences.ending_means(result.ending)}. "
        f"Verdict: {result.verdict}, {talks_sentences.VERDICTS[result.verdict]}. "
        f"One run, seed {result.seed}. Simulated.",
    }


def _path(scenario: Scenario, result: RunMeasures) -> list[str]:
    """Who left, why a zone was missed, when one opened, who gained what: sentences on the run as it went."""
    ended = talks_sentences.ending(scenario, result).partition(". ")[2]
    return [said for said in (ended, *talks_sentences.path(scenario, result)) if said]


def _package(scenario: Scenario, package: Package | None) -> list[dict[str, str]]:
    return [
        {"issue": sentences.issue_name(scenario, issue), "option": sentences.label(scenario, issue, option)}
        for issue, option in (package or {}).items()
    ]


def _worth(scenario: Scenario, result: RunMeasures) -> list[dict[str, Any]]:
    """What was signed against what each party expected without a deal."""
    shown = [
        {"party": party_view(scenario, party), "value": value, "reservation": result.reservation[party]}
        for party, value in (result.values or {}).items()
    ]
    return sorted(shown, key=lambda entry: str(entry["party"]["name"]))


def _entries(scenario: Scenario, transcript: list[Line]) -> list[dict[str, Any]]:
    """One entry a round, or one for a row of rounds in which nothing changes."""
    found: list[dict[str, Any]] = []
    before: dict[Slot, Package] = {}
    asked: dict[Slot, Package] = {}
    same: object = None
    for number, group in groupby(transcript, key=lambda line: line.round):
        lines = list(group)
        tables, others, now = [], [], []
        asked |= {(line.party, ""): line.package for line in lines if isinstance(line, Wish)}
        for line, replies in exchanges(lines):
            if not isinstance(line, Tabled | Silence):
                others.append(_happened(scenario, line))
                continue
            slot, package = _slot(line), line.package if isinstance(line, Tabled) else {}
            tables.append(_table(scenario, line, replies, before.get(slot), asked))
            before[slot] = package
            if line.event == "offer":
                asked[slot] = package
            now.append((slot, package, [(reply.party, reply.answer, reply.crosses) for reply in replies]))
        entry = {"first": number, "last": number, "tables": tables, "others": others}
        if found and (now, dict(asked)) == same and not others and not found[-1]["others"]:
            entry["first"] = found.pop()["first"]
        found.append(entry)
        same = (now, dict(asked))
    return found


def _slot(line: Tabled | Silence) -> Slot:
    """Whose package it is, nobody's when it is the text, and what it is about."""
    about = line.about if isinstance(line, Tabled) else None
    return "" if line.event == "text" else str(line.party), about or ""


def _table(
    scenario: Scenario,
    line: Tabled | Silence,
    replies: list[Reply],
    before: Package | None,
    asked: dict[Slot, Package],
) -> dict[str, Any]:
    """One package on the table, with what others ask for and what they answer."""
    package, text, (author, about) = line.package if isinstance(line, Tabled) else {}, line.event == "text", _slot(line)
    signing = {party for party, entry in scenario.parties.items() if entry.signs}
    others = {party: wish for (party, what), wish in asked.items() if what == ("" if text else about)}
    if not text:
        others.pop(author, None)
    columns = sorted(signing & others.keys(), key=lambda party: (sentences.name_of(scenario, party), party))
    who = "The text" if text else sentences.name_of(scenario, line.party) if line.party else "Nobody"
    return {
        "text": text,
        "who": f"{who} ({about})" if about else who,
        "moved": moved_since(scenario, line.party, before, package),
        "answers": answers_in_words(scenario, replies),
        "columns": [party_view(scenario, party) for party in columns],
        "rows": _rows(scenario, package, before, replies, [others[party] for party in columns]),
        "replies": sorted((_reply(scenario, reply) for reply in replies), key=lambda view: str(view["party"]["name"])),
    }


def _rows(
    scenario: Scenario,
    package: Package,
    before: Package | None,
    replies: list[Reply],
    wishes: list[Package],
) -> list[dict[str, Any]]:
    """A row an issue: the option on the table, whether it moved, whose lines it crosses, what others ask for."""
    crossed = {line for reply in replies for line in reply.crosses}
    lines = {line.id: line for line in scenario.red_lines if line.id in crossed}
    rows = []
    for issue, option in package.items():
        if issue in scenario.pins:
            continue
        rows.append(
            {
                "issue": sentences.issue_name(scenario, issue),
                "option": sentences.label(scenario, issue, option),
                "moved": before is not None and before.get(issue) != option,
                "crosses": [
                    {"wording": sentences.wording(scenario, line), "party": party_view(scenario, line.party)}
                    for line in lines.values()
                    if issue in line.requires
                ],
                "wishes": [
                    {"option": sentences.label(scenario, issue, wish[issue]), "same": wish[issue] == option}
                    for wish in wishes
                ],
            }
        )
    return rows


def _reply(scenario: Scenario, reply: Reply) -> dict[str, Any]:
    """One party's answer and its reasons."""
    known = {line.id: line for line in scenario.red_lines}
    return {
        "party": party_view(scenario, reply.party),
        "accepts": reply.answer == "accept",
        "answer": {"accept": "yes", "reject": "no"}.get(reply.answer, reply.answer.replace("_", " ")),
        "crosses": [
            {"id": line, "wording": sentences.wording(scenario, known[line]) if line in known else line}
            for line in reply.crosses
        ],
        "utility": reply.utility,
        "value": reply.value,
        "target": reply.target,
        "floor": reply.floor,
        "short": reply.short_of_target,
        "unit": f"{sentences.unit(scenario)}{' if it lasted' if scenario.war else ''}",
    }


def _happened(scenario: Scenario, line: Line) -> str:
    """What happened in a round besides offers and answers."""
    if isinstance(line, Unknown):
        return _plainly(scenario, line)
    return capital(talks_sentences.happened(scenario, line))


def _plainly(scenario: Scenario, line: Unknown) -> str:
    """A line of any kind in words: its kind, who, and whatever else it holds."""
    who = line.held.get("party")
    name = scenario.parties[who].name if who in scenario.parties else who
    kind = line.event.replace("_", " ")
    rest = {key: value for key, value in line.held.items() if key != "party"}
    told = "; ".join(f"{key.replace('_', ' ')}: {_told(value)}" for key, value in rest.items())
    return ": ".join(part for part in (f"{name}, {kind}" if name else kind, told) if part)


def _told(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_told(entry) for entry in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} {_told(entry)}" for key, entry in value.items())
    return str(value).replace("_", " ")
