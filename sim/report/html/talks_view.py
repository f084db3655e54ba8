"""What a page says about the talks of one run: how they ended, and each round with offers, answers and reasons.

It arranges the transcript; a kind of event it does not know is shown plainly.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any

from sim.report import sentences
from sim.report.html.who import party_view
from sim.report.terminal.talks import answers_in_words, exchanges, moved_since
from sim.scenario.loader import Loaded
from sim.scenario.schema import Scenario

MOST_ENTRIES = 120
"""Entries written out; rounds in which nothing changes share one."""
TABLED = ("text", "offer", "silence")
HAPPENINGS = ("happening", "softens", "hardens", "lever", "signed", "lapses")


def talks_view(loaded: Loaded, result: dict[str, Any], transcript: list[dict[str, Any]]) -> dict[str, Any]:
    """Everything about one run's talks that a page shows without a script."""
    scenario = loaded.scenario
    entries = _entries(scenario, transcript)
    shown = (
        entries if len(entries) <= MOST_ENTRIES else entries[: MOST_ENTRIES * 3 // 4] + entries[-MOST_ENTRIES // 4 :]
    )
    single = loaded.case.protocol.drafted
    drafter = scenario.protocol.mediator.party
    return {
        "ending": sentences.ending_name(result["ending"]),
        "ending_words": sentences.ending_means(result["ending"]),
        "verdict": result["verdict"],
        "verdict_words": sentences.VERDICTS[result["verdict"]],
        "round": result["round"],
        "deadline": scenario.protocol.deadline,
        "seed": result["seed"],
        "path": _path(scenario, result),
        **_headline(result, scenario),
        "protocol": scenario.protocol.name.replace("_", " "),
        "single": single,
        "drafter": party_view(scenario, drafter)["name"] if single and drafter else None,
        "entries": shown,
        "stages": any("about" in event for event in transcript),
        "left_out": len(entries) - len(shown),
        "package": _package(scenario, result["package"]),
        "worth": _worth(scenario, result),
        "holds": result.get("holds"),
        "held_months": result.get("held_months"),
    }


def _headline(result: dict[str, Any], scenario: Scenario) -> dict[str, Any]:
    """The run in a number, a few words and what the number rests on."""
    rounds = result["round"]
    return {
        "agreed": result["verdict"] == "reached",
        "number": rounds,
        "headline": f"{'Yes' if result['verdict'] == 'reached' else 'No'}: {sentences.ending_name(result['ending'])}",
        "small_print": f"{sentences.ending_means(result['ending'])}; one run of at most "
        f"{scenario.protocol.deadline} rounds, seed {result['seed']}. Simulated.",
    }


def _path(scenario: Scenario, result: dict[str, Any]) -> list[str]:
    """Who left, why a zone was missed, when one opened, who gained what: sentences on the run as it went."""
    if "path" not in result:
        return []
    ended = sentences.ending(scenario, result).partition(". ")[2]
    return [said for said in (ended, *sentences.path(scenario, result)) if said]


def _package(scenario: Scenario, package: dict[str, str] | None) -> list[dict[str, str]]:
    return [
        {"issue": sentences.issue_name(scenario, issue), "option": sentences.label(scenario, issue, option)}
        for issue, option in (package or {}).items()
    ]


def _worth(scenario: Scenario, result: dict[str, Any]) -> list[dict[str, Any]]:
    """What was signed against what each party expected without a deal."""
    shown = [
        {"party": party_view(scenario, party), "value": value, "reservation": result["reservation"][party]}
        for party, value in (result["values"] or {}).items()
    ]
    return sorted(shown, key=lambda entry: str(entry["party"]["name"]))


def _entries(scenario: Scenario, transcript: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One entry a round, or one for a row of rounds in which nothing changes."""
    found: list[dict[str, Any]] = []
    before: dict[tuple[str, str], dict[str, str]] = {}
    asked: dict[tuple[str, str], dict[str, str]] = {}
    same: object = None
    for number, group in groupby(transcript, key=lambda event: event.get("round", 0)):
        events = list(group)
        tables, others, now = [], [], []
        for event in events:
            if event["event"] == "wish":
                asked[event["party"], ""] = event["package"]
        for tabled, replies in exchanges(events):
            if tabled["event"] not in TABLED:
                others.append(_happened(scenario, tabled))
                continue
            text, about = tabled["event"] == "text", tabled.get("about", "")
            slot = ("" if text else str(tabled.get("party")), about)
            tables.append(_table(scenario, tabled, replies, before.get(slot), asked))
            before[slot] = tabled.get("package", {})
            if tabled["event"] == "offer":
                asked[slot] = tabled["package"]
            now.append((slot, tabled.get("package"), [(r["party"], r["answer"], r.get("crosses")) for r in replies]))
        entry = {"first": number, "last": number, "tables": tables, "others": others}
        if found and (now, dict(asked)) == same and not others and not found[-1]["others"]:
            entry["first"] = found.pop()["first"]
        found.append(entry)
        same = (now, dict(asked))
    return found


def _table(
    scenario: Scenario,
    tabled: dict[str, Any],
    replies: list[dict[str, Any]],
    before: dict[str, str] | None,
    asked: dict[tuple[str, str], dict[str, str]],
) -> dict[str, Any]:
    """One package on the table, with what others ask for and what they answer."""
    package, text, about = tabled.get("package", {}), tabled["event"] == "text", tabled.get("about", "")
    signing = {party for party, entry in scenario.parties.items() if entry.signs}
    others = {party: wish for (party, what), wish in asked.items() if what == ("" if text else about)}
    if not text:
        others.pop(str(tabled.get("party")), None)
    columns = sorted(signing & others.keys(), key=lambda party: (sentences.name_of(scenario, party), party))
    who = "The text" if text else sentences.name_of(scenario, tabled["party"]) if tabled.get("party") else "Nobody"
    return {
        "text": text,
        "who": f"{who} ({about})" if about else who,
        "moved": moved_since(scenario, before, package),
        "answers": answers_in_words(scenario, replies),
        "columns": [party_view(scenario, party) for party in columns],
        "rows": _rows(scenario, package, before, replies, [others[party] for party in columns]),
        "replies": sorted(
            (_reply(scenario, reply) for reply in replies), key=lambda reply: str(reply["party"]["name"])
        ),
    }


def _rows(
    scenario: Scenario,
    package: dict[str, str],
    before: dict[str, str] | None,
    replies: list[dict[str, Any]],
    wishes: list[dict[str, str]],
) -> list[dict[str, Any]]:
    """A row an issue: the option on the table, whether it moved, whose lines it crosses, what others ask for."""
    crossed = {line for reply in replies for line in reply.get("crosses", ())}
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
                    {"id": line.id, "party": party_view(scenario, line.party)}
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


def _reply(scenario: Scenario, reply: dict[str, Any]) -> dict[str, Any]:
    """One party's answer and its reasons."""
    known = {line.id: line for line in scenario.red_lines}
    return {
        "party": party_view(scenario, reply["party"]),
        "accepts": reply["answer"] == "accept",
        "answer": {"accept": "yes", "reject": "no"}.get(reply["answer"], reply["answer"].replace("_", " ")),
        "crosses": [
            {"id": line, "wording": sentences.wording(scenario, known[line]) if line in known else line}
            for line in reply.get("crosses", ())
        ],
        "utility": reply.get("utility"),
        "value": reply.get("value"),
        "target": reply.get("target"),
        "floor": reply.get("floor"),
        "short": reply.get("short_of_target") or 0,
    }


def _happened(scenario: Scenario, event: dict[str, Any]) -> str:
    """What happened in a round besides offers and answers."""
    if event["event"] in HAPPENINGS:
        said = sentences.happened(scenario, event)
        return said[:1].upper() + said[1:]
    return _plainly(scenario, event)


def _plainly(scenario: Scenario, event: dict[str, Any]) -> str:
    """An event of any kind in words: its kind, who, and whatever else it holds."""
    who = event.get("party")
    name = scenario.parties[who].name if who in scenario.parties else who
    kind = str(event["event"]).replace("_", " ")
    rest = {key: value for key, value in event.items() if key not in ("round", "event", "party")}
    told = "; ".join(f"{key.replace('_', ' ')}: {_told(value)}" for key, value in rest.items())
    return ": ".join(part for part in (f"{name}, {kind}" if name else kind, told) if part)


def _told(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_told(entry) for entry in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} {_told(entry)}" for key, entry in value.items())
    return str(value).replace("_", " ")
