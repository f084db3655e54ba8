"""A run as text for a terminal: a line a round, how it ended, the verdict."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding

from sim.markup import counted
from sim.report import sentences, talks_sentences
from sim.report.finding_sentences import PLAIN_VERDICTS
from sim.report.terminal.tables import Sheet
from sim.scenario.schema import Scenario
from sim.stakes.space import Package
from sim.study.run import Run, RunMeasures
from sim.study.shares import interval
from sim.study.talks_only import Talked, TalksMeasures
from sim.talks.single import Played
from sim.talks.transcript import Line, Reply, Silence, Tabled, Wish, line_of

NOTHING = "nothing"
SILENT = "no offer: nothing {within}is worth its reservation value"


def print_talks(console: Console, run: Run) -> None:
    """The run in a screen or two: a line a round, how it ended, the verdict."""
    scenario, result = run.loaded.scenario, run.measured
    console.print(f"[bold]Do the talks find one?[/]  (seed {result.seed}, {talks_sentences.protocol(scenario)})")
    _print_rounds(console, scenario, run.transcript)
    console.print(f"[bold]Ending:[/] {escape(talks_sentences.ending(scenario, result))}")
    _print_in_vain(console, scenario, run.played)
    if result.package:
        _print_agreement(console, scenario, result, result.package)
        _print_hold(console, result)
    plain, term = PLAIN_VERDICTS[result.verdict], f"{result.verdict}: {talks_sentences.VERDICTS[result.verdict]}"
    console.print(f"[bold]{plain}.[/]  (verdict {term})")
    for said in (*talks_sentences.path(scenario, result), *talks_sentences.mediator(scenario, result.mediator_minds)):
        console.print(escape(said))


def print_talks_only(console: Console, talked: Talked) -> None:
    """Talks whose zone nobody looked for: a line a round, how they ended, and how often so where they were many."""
    scenario, result = talked.loaded.scenario, talked.measured
    console.print(f"[bold]Do the talks agree?[/]  (seed {result.seed}, {talks_sentences.protocol(scenario)})")
    _print_rounds(console, scenario, [line_of(event) for event in talked.played.transcript])
    word = talks_sentences.ending_name(result.ending)
    console.print(f"[bold]Ending:[/] {word} in round {result.round}.")
    _print_in_vain(console, scenario, talked.played)
    if result.package:
        _print_agreement(console, scenario, result, result.package)
    if result.endings:
        shares = [
            f"{talks_sentences.ending_name(name)} {share.hits:,} ({interval(share)})"
            for name, share in result.endings.items()
        ]
        console.print(f"[bold]Of {counted(result.runs, 'run')}:[/] {escape('; '.join(shares))}.")


def _print_in_vain(console: Console, scenario: Scenario, played: Played) -> None:
    """Who would not carry out what was agreed."""
    for said in talks_sentences.in_vain([sentences.name_of(scenario, party) for party in played.undone]):
        console.print(escape(said))


def _print_rounds(console: Console, scenario: Scenario, transcript: list[Line]) -> None:
    table = Sheet()
    for heading in ("round", "on the table", "moved since the last", "answers"):
        table.add_column(heading, overflow="fold")
    for first, last, author, moved, answers in _rows(scenario, transcript):
        rounds = str(first) if first == last else f"{first}–{last}"
        table.add_row(rounds, escape(author), escape(moved), escape(answers))
    console.print(Padding(table, (0, 0, 1, 2)))


def _print_agreement(
    console: Console, scenario: Scenario, result: RunMeasures | TalksMeasures, package: Package
) -> None:
    """What was signed, and what it is worth to each."""
    for issue_id, option in package.items():
        words = f"{sentences.issue_name(scenario, issue_id)}: {sentences.label(scenario, issue_id, option)}"
        console.print(f"  {escape(words)}")
    values = ", ".join(
        f"{sentences.name_of(scenario, party)} {value:.1f} (without a deal {result.reservation[party]:.1f})"
        for party, value in (result.values or {}).items()
    )
    waiting = "" if scenario.protocol.discount in (None, 1) else f", {talks_sentences.discounted(scenario)}"
    console.print(f"  {sentences.unit(scenario)}{waiting}: {escape(values)}")


def _print_hold(console: Console, result: RunMeasures) -> None:
    """How long what was signed may hold."""
    if result.holds:
        console.print(
            f"  chance that it holds 1 and 5 years under these assumptions: {sentences.holds(result.holds)}; "
            f"in this run it held {counted(result.held_months or 0, 'month')}"
        )


Row = tuple[int, int, str, str, str]
"""First and last round, who tabled, what moved, answers."""


def _rows(scenario: Scenario, transcript: list[Line]) -> list[Row]:
    """A row for each package tabled and each thing that happened; repetitions share a row."""
    rows: list[Row] = []
    before: dict[tuple[str, str], Package] = {}
    same: dict[tuple[str, str], tuple[object, int]] = {}
    for line, replies in exchanges(transcript):
        number = line.round
        if not isinstance(line, Tabled | Silence):
            rows.append((number, number, "", talks_sentences.happened(scenario, line), ""))
            continue
        who = "text" if line.event == "text" else sentences.name_of(scenario, line.party) if line.party else "nobody"
        about, package = (line.about or "", line.package) if isinstance(line, Tabled) else ("", {})
        moved = moved_since(scenario, line.party, before.get((who, about)), package)
        before[who, about] = package
        if isinstance(line, Tabled) and line.before and moved not in (NOTHING, "opens"):
            moved += f" (tabled before, in round {line.before})"
        now = [(reply.party, reply.answer, reply.crosses) for reply in replies]
        answers, (then, place) = answers_in_words(scenario, replies), same.get((who, about), (None, -1))
        if moved == NOTHING and now == then and rows[place][3] == NOTHING:
            rows[place] = (rows[place][0], number, *rows[place][2:4], f"by round {number}: {answers}")
            continue
        same[who, about] = (now, len(rows))
        rows.append((number, number, f"{who} ({about})" if about else who, moved, answers))
    return rows


def exchanges(transcript: list[Line]) -> list[tuple[Line, list[Reply]]]:
    """Each thing that happened, in order, with the replies that follow it."""
    found: list[tuple[Line, list[Reply]]] = []
    for line in transcript:
        if isinstance(line, Reply):
            found[-1][1].append(line)
        elif not isinstance(line, Wish):
            found.append((line, []))
    return found


def moved_since(scenario: Scenario, party: str | None, before: Package | None, package: Package) -> str:
    """What moved since the last package of its author, a ``party`` or nobody, in words."""
    if not package:
        held = any(line.party == party for line in scenario.red_lines) or party is None
        return SILENT.format(within="within its own red lines " if held else "")
    if before is None:
        return "opens"
    moved = [
        f"{sentences.issue_name(scenario, issue_id)}: {sentences.label(scenario, issue_id, option)}"
        for issue_id, option in package.items()
        if before.get(issue_id) != option
    ]
    return "; ".join(moved) or NOTHING


def answers_in_words(scenario: Scenario, replies: list[Reply]) -> str:
    """Who said yes, and who said no for which reasons."""
    yes = [sentences.name_of(scenario, reply.party) for reply in replies if reply.answer == "accept"]
    said = [f"{', '.join(yes)}: yes"] if yes else []
    for reply in replies:
        if reply.answer == "reject":
            lines = len(reply.crosses)
            short = f"{_points(reply.short_of_target)} short" if reply.short_of_target else ""
            crossed = f"{lines} line{'s' if lines > 1 else ''} crossed" if lines else ""
            why = ", ".join(part for part in (crossed, short) if part) or "no reason given"
            said.append(f"{sentences.name_of(scenario, reply.party)}: no ({why})")
    return "; ".join(said)


def _points(short: float) -> str:
    """Points in few digits, never rounded down to none."""
    return f"{max(short, 0.1):.1f} points" if short < 1.5 else f"{short:.0f} points"
