"""The analysis of a sweep for a terminal, and as a folder: `summary.md`, the numbers as JSON, pictures."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.markup import escape

from sim import BANNER
from sim.files import write_text
from sim.markup import capital, counted
from sim.plain import text_of
from sim.report.sentences import under
from sim.report.share_sentences import scope, unfinished
from sim.report.sweep_names import field_name, values_of
from sim.report.sweep_sentences import influences, miss_lines, region_lines, results, value_table
from sim.report.terminal.sweep import print_described
from sim.study.record import whole_folder
from sim.sweeps.analyse import Analysis, AnalysisMeasures
from sim.sweeps.store import Folder

PICTURES = {
    "heat": "Both results over the two fields that move them most",
    "influence": "How much each field explains",
    "ranges": "Where in each field's range a zone exists",
    "tree": "All regions as a tree",
}


def print_analysis(console: Console, folder: Folder, found: Analysis) -> None:
    """The analysis in a screen."""
    print_described(console, found.measured)
    if only_part(found.measured):
        console.print(only_part(found.measured))
    for heading, lines in sections(folder, found):
        if lines:
            console.print(f"\n[bold]{heading}[/]")
            for line in lines:
                console.print(f" • {escape(line)}")


def only_part(said: AnalysisMeasures) -> str:
    """That only some of the cases were looked at, or some runs are still to come; nothing where this is the whole."""
    told = [unfinished(said.results.runs_to_come, said.runs)] if said.results.runs_to_come else []
    if said.of_cases > said.cases:
        told.append(f'These are the first of {said.of_cases:,} cases; "sweeps analyse --memory" takes more.')
    return " ".join(told)


def sections(folder: Folder, found: Analysis) -> list[tuple[str, list[str]]]:
    """What the analysis says, in sentences under headings."""
    sweep, said = folder.sweep, found.measured
    return [
        ("Zone exists, talks find it", results(sweep.loaded.scenario, said)),
        ("What moves them", influences(sweep, said)),
        ("Regions, checked on cases kept back", region_lines(sweep, said)),
        ("How near to a zone", miss_lines(sweep.loaded.scenario, said.nearest_miss)),
    ]


def write_analysis(folder: Folder, found: Analysis, target: Path) -> None:
    """Write `summary.md`, `analysis.json` and the pictures, all or nothing."""
    with whole_folder(target) as draft:
        write_text(draft / "analysis.json", text_of(found.measured))
        draw_analysis(folder, found, draft)
        write_text(draft / "summary.md", summary(folder, found, draft))


def draw_analysis(folder: Folder, found: Analysis, place: Path) -> None:
    """Write the pictures that there is something to draw for into a folder."""
    from sim.report.pictures.sweep_bars import draw_influence, draw_ranges
    from sim.report.pictures.sweep_heat import draw_heat
    from sim.report.pictures.sweep_tree import draw_tree

    for draw in (draw_heat, draw_influence, draw_ranges, draw_tree):
        draw(folder, found, place)


def summary(folder: Folder, found: Analysis, drawn: Path) -> str:
    """The analysis as Markdown, with the pictures that were drawn."""
    said, scenario = found.measured, folder.sweep.loaded.scenario
    lines = [f"# {said.title}", "", f"> {BANNER}", ""]
    if under(scenario):
        lines += [under(scenario), ""]
    lines += [
        f"{counted(said.cases, 'case')} ({said.design} design) of `{said.scenario}`, "
        f"{counted(said.replications, 'run')} each, seed {said.seed}, "
        + ("common random numbers." if said.common_random_numbers else "draws of its own for every run."),
        "",
    ]
    lines += [only_part(said), ""] if only_part(said) else []
    lines += [f"- {field_name(scenario, path)} (`{path}`): {values_of(vary)}" for path, vary in said.vary.items()]
    for heading, told in sections(folder, found):
        if told:
            lines += ["", f"## {heading}", "", *(f"- {line}" for line in told)]
    lines += ["", "## By value", ""]
    for path, rows in said.by_value.items():
        columns, *table = value_table(scenario, path, rows)
        lines += [f"| {' | '.join(columns)} |", "|---" * len(columns) + "|"]
        lines += [f"| {' | '.join(row)} |" for row in table] + [""]
    for name, caption in PICTURES.items():
        if (drawn / f"{name}.png").exists():
            lines += [f"![{caption}]({name}.png)", ""]
    lines.append(f"{capital(scope(said.design, said.exhaustive, said.results))}.")
    return "\n".join(lines) + "\n"
