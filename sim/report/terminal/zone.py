"""A zone as text for a terminal, in one screen: tables and sentences, no decision of its own."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding

from sim import BANNER
from sim.markup import counted
from sim.report import package_sentences, reading_sentences, sentences, talks_sentences, truce_sentences
from sim.report.conflict_sentences import clashes, has_two_zones, what_counts
from sim.report.terminal.finding import MOST_LISTED, print_finding, print_list
from sim.report.terminal.tables import Sheet
from sim.scenario.loader import Loaded
from sim.scenario.schema import Scenario
from sim.stakes.clauses import NO_WAY_OUT
from sim.stakes.stages import ZONE_NAMES, ZoneName
from sim.study.measures import PointMeasures, ZoneMeasures
from sim.zone.constraints import READING_WORDS
from sim.zone.steps import Steps

if TYPE_CHECKING:
    from sim.study.score import PackageMeasures

WIDEST_HEADING = 21
"""Letters of a column's heading before it is broken."""
CUT_SHORT = "The search ended before it had seen all: those of one and two are complete, the rest are right (--search)."
NOT_ALL_GROUPS = "More groups could sign than were looked at, so there may be others; these are right."


def print_heading(console: Console, loaded: Loaded) -> None:
    """Title, date, banner."""
    scenario = loaded.scenario
    console.print(f"[bold]{escape(scenario.title)}[/]  ({escape(loaded.slug)})")
    if loaded.options:
        console.print(f"changed by {escape(' '.join(loaded.options))}")
    console.print(f"[dim]{BANNER}[/]\n")


def print_zone(console: Console, scenario: Scenario, found: ZoneMeasures, full: bool = False) -> None:
    """The finding, then sizes under every reading, then why the zone is empty in full sentences."""
    print_finding(console, scenario, found)
    _print_sizes(console, scenario, found)
    if scenario.red_lines and not any(line.softens_to for line in scenario.red_lines):
        console.print("  [dim]no true lines are assumed here: they are the declared ones[/]")
    if found.weight_sets:
        sets = ", ".join(f"{name} {size:,}" for name, size in found.weight_sets.items())
        what = "ceasefire zone" if has_two_zones(scenario) else "zone"
        console.print(f"  [dim]{what} under each weight set: {escape(sets)}[/]")
    if found.plain_truce:
        gains = ", ".join(f"{sentences.name_of(scenario, p)} {gain:+.2f}" for p, gain in found.plain_truce.items())
        said = f"a bare truce compared with fighting on (points a month): {escape(gains)}"
        console.print(Padding(said, (0, 0, 0, 2)))
    for refusal in found.refusals:
        console.print(Padding(escape(truce_sentences.refusal(scenario, refusal)), (0, 0, 0, 2)))
    size = found.zone["declared"]["ceasefire"]
    for said in truce_sentences.motives(scenario, found.motives, size):
        console.print(Padding(escape(said), (0, 0, 0, 2)))
    if found.signable != size:
        more = f"{found.signable - size:,} more could be signed"
        console.print(f"  {more}, but would not be carried out by all whose deeds they need")
    if not found.definition["ceasefire"]:
        console.print(
            f"\nNo coherent package counts as {what_counts(scenario)} at all: zone, pins and validity rules leave none."
        )
    console.print()
    both = "ceasefire or settlement zone" if has_two_zones(scenario) else "zone"
    shared = [line for clash in clashes(scenario, found) for line in clash.shared]
    for name in ZONE_NAMES[:1] if found.one_diagnosis else ZONE_NAMES:
        what = both if found.one_diagnosis else f"{name} zone"
        _print_diagnosis(console, scenario, found, name, what, full, shared if name == "ceasefire" else [])
    if found.conflicts["ceasefire"] or found.conflicts["settlement"]:
        _print_articles(console, scenario, found.conflicts)
    if size:
        _print_points(console, scenario, found)
        _print_tightness(console, scenario, found)


def _print_sizes(console: Console, scenario: Scenario, found: ZoneMeasures) -> None:
    """How many packages are in the zone by what binds, a column for each reading where there is one."""
    table = Sheet()
    table.add_column("packages in the zone under", no_wrap=True)
    shown = reading_sentences.columns(scenario, found)
    for heading, _ in shown:
        table.add_column(heading, justify="right", max_width=WIDEST_HEADING)
    for reading, words in READING_WORDS.items():
        table.add_row(words, *(f"{column[reading]:,}" for _, column in shown))
    console.print(Padding(table, (1, 0, 0, 2)))
    if found.readings is not None:
        console.print(f"  [dim]{reading_sentences.own_reading(found)}[/]")


def _print_diagnosis(
    console: Console, scenario: Scenario, found: ZoneMeasures, name: ZoneName, what: str, full: bool, shared: list[str]
) -> None:
    """Which red lines collide, and the smallest sets of them that would have to give.

    Conflicts that are those of a settlement with ``shared`` lines besides are told there.
    """
    if not found.conflicts[name]:
        return
    most = None if full else MOST_LISTED
    console.print(f"[bold]Why there is no {what}[/]")
    of_lines, hanging = sentences.by_ground(found.conflicts[name])
    whole = found.complete.conflicts[name]
    if shared and not full:
        said = [f"{party} requires {what}" for party, what in map(partial(sentences.requirement, scenario), shared)]
        print_list(console, [f"{' and '.join(said)}; and no settlement suits all, as is said below."])
    else:
        print_list(console, [sentences.conflict(scenario, ids) for ids in of_lines], whole, most)
    if hanging and (full or not of_lines):
        console.print("   With reservation values, which depends on the assumptions:")
        print_list(console, [sentences.conflict(scenario, ids) for ids in hanging], whole, most)
    elif hanging:
        least = "" if whole else "at least "
        console.print(
            f"   Reservation values have a part in {least}{len(hanging):,} more, which depends on the assumptions "
            "(--full lists them)."
        )
    if not whole:
        console.print(f"   {CUT_SHORT if found.steps[name].whole else NOT_ALL_GROUPS}")
    ways, whole = found.relaxations[name], found.complete.relaxations[name]
    fewest = min((len(way) for way in ways), default=0)
    many = f"{'' if whole else 'at least '}{counted(len(ways), 'way')}"
    console.print(f"\n[bold]What would open it[/]  ({many}, none longer than needed; the shortest gives up {fewest})")
    print_list(console, [sentences.relaxation(scenario, way) for way in ways], whole, most)
    console.print()
    _print_steps(console, scenario, found.steps[name])


def _print_steps(console: Console, scenario: Scenario, steps: Steps) -> None:
    """How the fewest steps can be shared, all parties side by side."""
    if steps.fewest is None:
        console.print(
            "No package is worth every signatory's reservation value, so moving red lines alone opens nothing.\n"
        )
        return
    ways = steps.fewest_ways
    console.print(
        f"[bold]How far red lines would have to move[/]  (fewest steps in all: {steps.bound}{steps.fewest}; a step is "
        "a level, counted on\nthis model's scale, not a cost, not a recommendation)"
    )
    parties = sorted(scenario.parties, key=lambda party: sentences.name_of(scenario, party))
    table = Sheet()
    for party in parties:
        table.add_column(escape(sentences.name_of(scenario, party)), justify="right")
    table.add_column("packages opened", justify="right")
    for way in ways[:MOST_LISTED]:
        table.add_row(*(str(way.by_party[party]) for party in parties), f"{way.packages:,}")
    console.print(Padding(table, (0, 0, 0, 2)))
    if len(ways) > MOST_LISTED:
        console.print(f"   … and {len(ways) - MOST_LISTED:,} more (--json lists them)")
    console.print()


def _print_points(console: Console, scenario: Scenario, found: ZoneMeasures) -> None:
    """The frontier's size and the named points."""
    frontier = found.frontier
    console.print(
        f"[bold]Named points of the zone[/]  (on the frontier: {counted(frontier.packages, 'package')} with "
        f"{counted(frontier.vectors, 'distinct value')};\n{sentences.unit(scenario)}, never compared across parties)"
    )
    for group in dict.fromkeys(tuple(point.values) for point in found.points):
        if found.several_groups:
            names = " and ".join(sentences.name_of(scenario, party) for party in group)
            console.print(f"  if {escape(names)} sign:")
        _print_points_of(console, scenario, [point for point in found.points if tuple(point.values) == group])


def _print_points_of(console: Console, scenario: Scenario, points: list[PointMeasures]) -> None:
    """The named points of one group that could sign."""
    table = Sheet()
    table.add_column("point", no_wrap=True)
    signing = list(points[0].values)
    for party in signing:
        table.add_column(escape(sentences.name_of(scenario, party)), justify="right")
    lasting = any(point.holds for point in points)  # where nothing can break, how long it holds is no question
    if lasting:
        table.add_column("holds 1, 5 years", justify="right")
    table.add_column("ties", justify="right")
    table.add_column("formula")
    for point in points:
        values = (f"{point.values[party]:.1f}" for party in signing)
        table.add_row(
            point.name.replace("_", "–"),
            *values,
            *([sentences.holds(point.holds)] if lasting else []),
            f"{point.ties:,}",
            point.formula,
        )
    console.print(Padding(table, (0, 0, 1, 2)))


def _print_tightness(console: Console, scenario: Scenario, found: ZoneMeasures) -> None:
    """What each constraint alone keeps out of the zone."""
    tight = [(entry.blocked_alone, name) for name, entry in found.tightness["ceasefire"].items()]
    kept = [(blocked, name) for blocked, name in sorted(tight, key=lambda entry: (-entry[0], entry[1])) if blocked]
    if kept:
        console.print("[bold]Packages that one constraint alone keeps out[/]")
        print_list(console, [f"{sentences.relaxation(scenario, [name])}: {blocked:,}" for blocked, name in kept])


def print_opposition(console: Console, found: float | None) -> None:
    """How opposed the domain is, as tournaments of automated negotiators report it."""
    if found is not None:
        console.print(
            f"Opposition of the domain: {found:.3f}  (how far the package nearest to everybody's best lies from it, "
            "each\nparty's values scaled from its worst to its best package; Baarslag et al. 2013)"
        )


def print_package(console: Console, scenario: Scenario, found: PackageMeasures) -> None:
    """One package held against the zone: what it crosses, what it is worth, how far it lies from the zone."""
    console.print("[bold]The package[/]")
    for issue_id, option in found.package.items():
        note = " (not named: as it stands)" if issue_id in found.not_named else ""
        console.print(f"  {escape(_option(scenario, issue_id, option))}{note}")
    console.print(f"\nIn the zone? {'Yes' if found.in_zone else 'No'} ({found.stage}).")
    if found.breaks:
        console.print(f"It is not coherent: it breaks {escape(', '.join(found.breaks))}.")
    if found.uncarried:
        console.print("\n[bold]What its ending cannot carry[/]")
        print_list(console, [package_sentences.not_carried(scenario, entry) for entry in found.uncarried])
    if found.crosses:
        console.print("\n[bold]Red lines it crosses[/]")
        print_list(console, sorted(_crossed(scenario, found, line, steps) for line, steps in found.crosses.items()))
    if found.crosses_of_others:
        one = len(found.crosses_of_others) == 1
        what = "a red line of a party that does not sign" if one else "red lines of parties that do not sign"
        console.print(f"It crosses {what}: {escape(', '.join(found.crosses_of_others))}.")
    for said in package_sentences.undone(scenario, found.undone or {}):
        console.print(escape(said))
    _print_worth(console, scenario, found)
    if found.nearest is None:
        console.print("The zone is empty, so nothing lies near it.")
    elif found.nearest.steps:
        away, ties = counted(found.nearest.steps, "step"), counted(found.nearest.ties, "package")
        which = f" ({ties} as near); for one of them" if found.nearest.ties > 1 else ", at the package with"
        console.print(f"The zone is {away} away{which}:")
        print_list(console, [_option(scenario, *move) for move in found.nearest.moves.items()])
    if found.away is not None:
        console.print(escape(talks_sentences.away(found.away)))


def _option(scenario: Scenario, issue_id: str, option: str) -> str:
    return f"{sentences.issue_name(scenario, issue_id)}: {sentences.label(scenario, issue_id, option)}"


def _crossed(scenario: Scenario, found: PackageMeasures, line: str, steps: int) -> str:
    """A red line that a package crosses, by how much, and whether on an issue of which the package said nothing."""
    party, what = sentences.requirement(scenario, line)
    away = counted(steps, "step") if steps < NO_WAY_OUT else "no step respects it within the pins"
    (issue_id,) = next(entry.requires for entry in scenario.red_lines if entry.id == line)
    unsaid = f" (on {sentences.issue_name(scenario, issue_id)}, not named)" if issue_id in found.not_named else ""
    return f"{party} requires {what}; {away} away{unsaid}"


def _print_worth(console: Console, scenario: Scenario, found: PackageMeasures) -> None:
    """What a package is worth to those who sign, what they need, and how long it may hold."""
    table = Sheet()
    table.add_column(sentences.unit(scenario))
    for heading in ("this package", "needed to sign"):
        table.add_column(heading, justify="right")
    for party, entry in found.values.items():
        enough = "" if entry.enough else "too little"
        name = escape(sentences.name_of(scenario, party))
        table.add_row(name, f"{entry.value:.1f}", f"{entry.floor:.1f}", enough)
    console.print(Padding(table, (1, 0, 1, 2)))
    if found.holds:
        console.print(f"Chance that it holds 1 and 5 years under these assumptions: {sentences.holds(found.holds)}.\n")


def _print_articles(console: Console, scenario: Scenario, conflicts: dict[ZoneName, list[list[str]]]) -> None:
    """The articles behind the conflicts, with their dates and caveats."""
    named = {constraint for sets in conflicts.values() for ids in sets for constraint in ids}
    cited = {source.article for line in scenario.red_lines if line.id in named for source in line.sources}
    if cited:
        console.print("[bold]Reported in[/]")
        print_list(console, [sentences.article(scenario, article) for article in sorted(cited)])
        console.print()
