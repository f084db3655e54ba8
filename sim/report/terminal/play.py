"""What a person in a game reads: the brief, a draft, a round, each as plain lines; the debrief is in `play_debrief`.

A line is a text and a style that a terminal may show or leave out; no meaning hangs on the style. Nothing here is
computed but percentages and widths.
"""

from __future__ import annotations

from textwrap import wrap

from sim import BANNER
from sim.classroom.game import Game
from sim.classroom.seat import Feedback, Heard, Standing
from sim.markup import counted, percent, told_apart
from sim.report import sentences
from sim.report.seat_sentences import without_a_deal
from sim.scenario.schema import Scenario
from sim.stakes.case import Case
from sim.stakes.space import OptionArray

Line = tuple[str, str]
WIDTH, MOST_LINES, MOST_OPENING = 80, 30, 3
"""Letters of a line and lines to the first answer, its own included; red lines told there where not all fit."""
TIED = "\0"
"""A space at which no line is broken."""
MOVED = 0.05
"""Points by which a value must have changed before it is said again."""
HEAD, GOOD, BAD, QUIET, PLAIN = "head", "good", "bad", "quiet", ""


def opening(game: Game, rest: list[Line]) -> list[Line]:
    """What is read before the first question: who one is, what there is without a deal, as many own lines as fit.

    ``rest`` is what follows of the same screen, with the question.
    """
    scenario, case = game.loaded.scenario, game.loaded.case
    me = case.parties[game.party].id
    own = [line.id for line in scenario.red_lines if line.party == me]
    before: list[Line] = [
        (scenario.title, HEAD),
        (BANNER, QUIET),
        (f"You speak for {scenario.parties[me].name}.", HEAD),
    ]
    before += [(said, PLAIN) for said in without_a_deal(game.loaded, game.party)]
    most = f"{counted(case.protocol.deadline, 'round')} at most"
    known = "if nothing ends them sooner. b: your brief, o: your points."
    after = [(f"{most}, {known}" if sudden(case) else f"{most}. Type b for your brief, o for your points.", PLAIN)]
    left = MOST_LINES - height([*before, *after, *rest]) - 1  # the head of the red lines
    shown = own[: len(own) if left >= len(own) else max(0, min(left - 1, MOST_OPENING))]
    told = "Your red lines; you have no mandate to sign across one:"
    if not shown:
        told = (
            f"{counted(len(own), 'red line')}: no mandate to sign across one. b lists them." if own else "No red lines."
        )
    lines: list[Line] = [(told, PLAIN)]
    lines += [(_clipped(f"  {one}: {sentences.requirement(scenario, one)[1]}"), PLAIN) for one in shown]
    lines += [(f"  and {len(own) - len(shown)} more", PLAIN)] if shown and own != shown else []
    return [*before, *lines, *after]


def sudden(case: Case) -> list[str]:
    """What may end the talks before their time, whatever is said at the table."""
    hazard = 0.0 if case.war is None or case.war.frozen else float(case.war.hazard.max())
    found = [f"the war may end by itself, with a chance of {percent(hazard)} in each round"] * (hazard > 0)
    for event in case.protocol.events:
        if event.breakdown > 0:
            found.append(f"{event.note} may break them off in round {event.round} ({percent(event.breakdown)})")
    return found


def height(lines: list[Line]) -> int:
    """Rows that some lines take on a screen."""
    return sum(max(1, len(wrap(text, WIDTH))) for text, _ in lines)


def table_lines(game: Game, package: OptionArray) -> list[Line]:
    """What each option is worth to a seat, an issue after the other, what a package holds in brackets."""
    scenario, case = game.loaded.scenario, game.loaded.case
    points, found = case.preferences.of(game.party).by_option, []
    for axis, (issue_id, issue) in enumerate(scenario.issues.items()):
        left, labels = case.space.left[axis], list(issue.labels.values())
        if len(left) < 2:
            continue
        said = [f"{points[axis, k]:.1f}{TIED}{labels[k]}" for k in left]
        said = [f"[{one}]" if k == package[axis] else one for k, one in zip(left, said, strict=True)]
        text = f"{axis + 1:>2}. {sentences.issue_name(scenario, issue_id)}: {'; '.join(said)}"
        found += [(row.replace(TIED, " "), PLAIN) for row in wrap(text, WIDTH, subsequent_indent="    ")]
    return found


def first_screen(game: Game, before: list[Line], package: OptionArray, after: list[Line], question: str) -> list[Line]:
    """All that is read before the first question: a table of all options where 30 lines of 80 letters hold it, with
    the question and the row to answer in.

    Ten open issues fill them by themselves; there the package stands alone, and `o` prints the table.
    """
    asked: list[Line] = [(f"{question}:", PLAIN), ("> ", PLAIN)]
    told = [(f"{text[:-1]} (in brackets; points of each option to you):", style) for text, style in before[-1:]]
    table = [*before[:-1], *told, *table_lines(game, package), *after]
    whole = [*opening(game, [*table, *asked]), *table]
    if height([*whole, *asked]) <= MOST_LINES:
        return whole
    plain = [*before, *package_lines(game.loaded.scenario, game.loaded.case, package), *after]
    return [*opening(game, [*plain, *asked]), *plain]


def _clipped(text: str) -> str:
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 1].rstrip()}…"


def option_lines(game: Game) -> list[Line]:
    """What each option is worth to a seat, issue by issue, an option a line."""
    scenario, case = game.loaded.scenario, game.loaded.case
    points, found = case.preferences.of(game.party).by_option, []
    for axis, (issue_id, issue) in enumerate(scenario.issues.items()):
        if len(case.space.left[axis]) < 2:
            continue
        found.append((f"  {axis + 1:>2}. {sentences.issue_name(scenario, issue_id)}", HEAD))
        for k, label in enumerate(issue.labels.values()):
            if k in case.space.left[axis]:
                found.append((f"     {points[axis, k]:>6.1f}  {label}", PLAIN))
    return found


def brief(game: Game) -> list[Line]:
    """The private brief of a seat: who it is, what it has without a deal, lines, points, and who sits opposite."""
    scenario, case = game.loaded.scenario, game.loaded.case
    me = case.parties[game.party].id
    party, unit = scenario.parties[me], sentences.unit(scenario)
    lines: list[Line] = [(scenario.title, HEAD), (BANNER, QUIET)]
    lines += [(scenario.about, PLAIN)] if scenario.about else []
    story = party.story
    lines += [
        (f"You speak for {party.name}. This brief is for your eyes only.", HEAD),
        *([(story.public, PLAIN), (f"Only you know this: {story.private}", PLAIN)] if story is not None else []),
        *[(said, PLAIN) for said in without_a_deal(game.loaded, game.party)],
        ("Your red lines; you have no mandate to sign across one:", PLAIN),
    ]
    own = [line.id for line in scenario.red_lines if line.party == me]
    lines += [(f"  {line_id}: {sentences.requirement(scenario, line_id)[1]}", PLAIN) for line_id in own]
    lines += [] if own else [("  none", PLAIN)]
    lines.append((f"What each option is worth to you, in {unit}:", PLAIN))
    lines += option_lines(game)
    lines.append(("The others, and the red lines they declare:", PLAIN))
    for other in case.signatories:
        if other != game.party:
            lines += _other(scenario, case.parties[other].id)
    rule = "a text is put to the parties and redrafted" if case.protocol.drafted else "offers in turn"
    lines.append(
        (f"Talks: {rule}, {counted(case.protocol.deadline, 'round')} at most. No agreement by then is no deal.", PLAIN)
    )
    lines += [(f"Whatever is said at the table: {'; '.join(sudden(case))}. Then they are over.", PLAIN)] * bool(
        sudden(case)
    )
    return lines + _articles(scenario)


def _articles(scenario: Scenario) -> list[Line]:
    """What the numbers in brackets beside red lines stand for."""
    cited = sorted({source.article for line in scenario.red_lines for source in line.sources})
    listed: list[Line] = [(f"  {sentences.article_to_read(scenario, article)}", QUIET) for article in cited]
    return [("Articles:", PLAIN), *listed] if listed else []


def _other(scenario: Scenario, party_id: str) -> list[Line]:
    lines = [line for line in scenario.red_lines if line.party == party_id]
    said: list[Line] = [(f"  {scenario.parties[party_id].name}{'' if lines else ': none declared'}", PLAIN)]
    return said + [(f"    {line.id}: {sentences.requirement(scenario, line.id)[1]}", PLAIN) for line in lines]


def package_lines(scenario: Scenario, case: Case, package: OptionArray, since: OptionArray | None = None) -> list[Line]:
    """A package, a numbered line for each open issue; what moved since another is said in words."""
    found = []
    for axis, (issue_id, option) in enumerate(case.space.names(package).items()):
        if len(case.space.left[axis]) < 2:
            continue
        moved = "" if since is None or since[axis] == package[axis] else "  (moved)"
        name, label = sentences.issue_name(scenario, issue_id), sentences.label(scenario, issue_id, option)
        found.append((f"  {axis + 1:>2}. {name}: {label}{moved}", PLAIN))
    return found


def feedback_lines(scenario: Scenario, seen: Feedback, hints: bool) -> list[Line]:
    """What a package is to the seat; without hints only what it has no mandate for."""
    lines: list[Line] = []
    if not seen.ceasefire:
        left = "the fighting would go on" if scenario.war else "it leaves things as they are"
        return [(f"There is nothing to sign in it: {left}.", BAD)]
    if hints:
        verdict = "enough to sign" if seen.enough else "less than that"
        value, needed = told_apart(seen.value, seen.needed)
        said = f"Worth {value} {sentences.unit(scenario)} to you; you need {needed}: {verdict}."
        lines.append((said, GOOD if seen.enough else BAD))
    for line_id in seen.crosses:
        lines.append(
            (f"Crosses your red line {line_id}: you require {sentences.requirement(scenario, line_id)[1]}.", BAD)
        )
    for rule in seen.breaks:
        lines.append((f"Does not hang together: it breaks the rule {scenario.validity[rule].id}.", BAD))
    if hints and not lines[1:]:
        lines.append(("Crosses none of your red lines.", GOOD))
    return lines


def round_lines(game: Game, heard: Heard) -> list[Line]:
    """A round as it was heard: what was tabled and what moved in it, who said yes, who said no and why."""
    scenario, case = game.loaded.scenario, game.loaded.case
    since = tabled_before(game, heard.round, heard.author)
    lines: list[Line] = [(f"Round {heard.round} of {case.protocol.deadline}", HEAD)]
    if heard.package is None:
        return [*lines, ("Nobody puts anything on the table.", PLAIN)]
    who = "The text" if heard.author is None else case.parties[heard.author].name
    lines.append((f"You ({who}):" if heard.author == game.party else f"{who}:", PLAIN))
    lines += package_lines(scenario, case, heard.package, since)
    for answer in heard.answers:
        name = "You" if answer.party == game.party else case.parties[answer.party].name
        if answer.accepts:
            lines.append((f"  {name}: yes", GOOD))
            continue
        why = [f"it crosses {line_id}" for line_id in answer.crosses]
        why += ["it is less than is asked for at this stage"] if answer.asks_more and answer.party != game.party else []
        lines.append((f"  {name}: no{'; ' + ', '.join(why) if why else ''}", BAD))
    for party, wish in heard.wishes.items():
        if party != game.party:
            other = package_difference(scenario, case, heard.package, wish)
            lines.append((f"  {case.parties[party].name} would rather have {other or 'this text'}", QUIET))
    return lines


def tabled_before(game: Game, round_: int, author: int | None) -> OptionArray | None:
    """What the same author last had on the table before a round."""
    earlier = [heard for heard in game.rounds if heard.round < round_ and heard.author == author]
    return earlier[-1].package if earlier else None


def standing_lines(game: Game, now: Standing) -> list[Line]:
    """How things stand in a round: what is talked about, what is in force, what there is without a deal."""
    lines: list[Line] = []
    if now.topic is not None:
        lines.append((f"This round is about {now.topic}.", PLAIN))
    if now.in_force is not None:
        lines.append((f"In force: {now.in_force}.", PLAIN))
    if abs(now.without_a_deal - float(game.loaded.case.reservation[0, game.party])) >= MOVED:
        unit = sentences.unit(game.loaded.scenario)
        lines.append((f"Without a deal you would now have {now.without_a_deal:.1f} {unit}.", PLAIN))
    return lines


def package_difference(scenario: Scenario, case: Case, package: OptionArray, other: OptionArray) -> str:
    """What is different in another package, in words."""
    names, others = case.space.names(package), case.space.names(other)
    moved = [issue_id for issue_id in names if names[issue_id] != others[issue_id]]
    return "; ".join(
        f"{sentences.issue_name(scenario, issue_id)}: {sentences.label(scenario, issue_id, others[issue_id])}"
        for issue_id in moved
    )
