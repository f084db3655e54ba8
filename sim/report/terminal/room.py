"""A room of a class as a replay tells it: round by round, who tabled what and who said yes, and how it ended."""

from __future__ import annotations

from sim.classroom.room import Room
from sim.markup import counted
from sim.report import sentences, talks_sentences


def room_lines(room: Room) -> list[str]:
    """The room in lines."""
    scenario, case = room.loaded.scenario, room.case
    names = [party.name for party in case.parties]
    people = ", ".join(names[party] for party in room.people)
    lines = [
        scenario.title,
        f"People spoke for {people}; seed {room.seed}; {counted(len(room.decisions), 'decision')}.",
    ]
    for one in room.tabled:
        who = "The text" if one.author is None else names[one.author]
        yes = ", ".join(names[party] for party in one.yes) or "nobody"
        package = "; ".join(
            sentences.label(scenario, issue, option)
            for (issue, option), left in zip(case.space.names(one.package).items(), case.space.left, strict=True)
            if len(left) > 1
        )
        lines.append(f"{one.round:>3}. {who}: {package}. Yes from {yes}{' (it suited all)' if one.suits else ''}.")
    left = "" if room.left is None else f"; {names[room.left]} left"
    ending = (
        f"{talks_sentences.ending_name(room.ending)} in round {room.round}{left}"
        if room.over
        else "the talks were not over"
    )
    vain = talks_sentences.in_vain([names[party] for party in room.undone])
    return [*lines, f"Ending: {ending}.", *vain, "Played again from its decisions: the same, line by line."]
