"""What a person reads after a game: how it ended, whether there was a zone, what was left on the table, the path."""

from __future__ import annotations

from typing import Any

from sim.classroom.game import Game
from sim.markup import capital, counted
from sim.report import conflict_sentences, sentences, talks_sentences
from sim.report.terminal.play import HEAD, PLAIN, QUIET, Line
from sim.scenario.schema import Scenario
from sim.stakes.space import Package

BY_CHANCE = ("military_end", "breakdown")
"""Endings that nobody at the table brings about."""


def debrief_lines(game: Game, found: dict[str, Any]) -> list[Line]:
    """The debrief: ending, zone, what was left on the table, the path."""
    scenario = game.loaded.scenario
    unit = sentences.unit(scenario)
    you = game.loaded.case.parties[game.party].id
    names = {party_id: "you" if party_id == you else party.name for party_id, party in scenario.parties.items()}
    left = "" if found["left"] is None else f"; {names[found['left']]} left the table"
    size, means = found["zone"]["ceasefire"], talks_sentences.ending_means(found["ending"])
    by_chance = found["ending"] in BY_CHANCE
    there = f"there was a zone: {counted(size, 'package')} suited everybody"
    lines: list[Line] = [
        ("Debrief", HEAD),
        (f"Ending: {found['ending'].replace('_', ' ')} in round {found['round']}{left}.", PLAIN),
        *[(f"  {capital(means)}: by chance, whatever was said at the table.", PLAIN)] * by_chance,
        *[(f"  {said}", PLAIN) for said in talks_sentences.in_vain([names[party] for party in found["undone"]])],
        (f"Zone: {there if size else 'there was no zone under the declared lines'}.", PLAIN),
    ]
    lines += [(f"  {said}", PLAIN) for said in talks_sentences.waiting(scenario)]
    for party, floor in found["without_a_deal"].items():
        signed = "" if found["values"] is None else f"{found['values'][party]:.1f} {unit}, "
        lines.append((f"  {names[party]}: {signed}without a deal {floor:.1f}", PLAIN))
    lines += [(f"  What shuts it: {conflict_sentences.short(scenario, ids)}.", PLAIN) for ids in found["conflicts"][:3]]
    best = found["yours"]["best_in_zone"]
    if found["values"] is None and best is not None:
        lines.append((f"The zone held up to {best:.1f} {unit} for you:", PLAIN))
        lines.append((f"  {_in_words(game, found['yours']['package'])}", PLAIN))
    left_over = found["left_on_the_table"]
    if left_over is not None:
        lines.append((f"Left on the table: {_left(left_over, unit)}.", PLAIN))
        if left_over["best_for_you"] is not None:
            lines.append((f"  {_in_words(game, left_over['best_for_you'], found['package'])}", PLAIN))
    lines.append(("Path:", PLAIN))
    lines += [_path_line(scenario, step) for step in found["path"]]
    return [*lines, ("The points are invented to teach with. Ask what they leave out.", QUIET)]


def _in_words(game: Game, package: Package, since: Package | None = None) -> str:
    """A package on a line, the pinned issues left out; with another, only what is different in it."""
    scenario, space = game.loaded.scenario, game.loaded.case.space
    free = [issue.id for issue, left in zip(space.issues, space.left, strict=True) if len(left) > 1]
    told = [one for one in free if since is None or since[one] != package[one]]
    return "; ".join(
        f"{sentences.issue_name(scenario, one)}: {sentences.label(scenario, one, package[one])}" for one in told
    )


def _left(found: dict[str, Any], unit: str) -> str:
    """What was left on the table, in words."""
    if not found["no_worse_for_anybody"]:
        return "nothing: no package is better for one and worse for none"
    many = counted(found["no_worse_for_anybody"], "package")
    return (
        f"{many} would have been better for somebody and worse for nobody, "
        f"up to {found['gain']:.1f} {unit} more for you"
    )


def _path_line(scenario: Scenario, step: dict[str, Any]) -> Line:
    if step["package"] is None:
        return f"  {step['round']:>2}. nothing on the table", PLAIN
    who = "text" if step["author"] is None else scenario.parties[step["author"]].name
    yes = ", ".join(scenario.parties[party].name for party in step["yes"]) or "nobody"
    return f"  {step['round']:>2}. {who}: {step['value_to_you']:.1f} points to you; yes from {yes}", PLAIN
