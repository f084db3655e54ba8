"""The evidence items and what uses each of them, as text for a terminal or as Markdown."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.markup import escape

from sim.markup import counted
from sim.report.terminal.evidence import markdown_table
from sim.report.terminal.tables import aligned
from sim.scenario.library import group_of, shipped

NO_ITEMS = "The list holds no items."
COLUMNS = ("item", "party", "what is said", "where", "certainty", "used in")


def print_coverage(console: Console, rows: list[dict[str, Any]]) -> None:
    """A block for each item: who, what, where; then what uses it, or why nothing does."""
    if not rows:
        console.print(NO_ITEMS)
        return
    lines: list[tuple[str, str]] = []
    for row in rows:
        number, party, says, where, certainty, used = coverage_cells(row)
        who = f"{party}, {row['kind']}" if party else row["kind"]
        lines.append((f"[bold]{number:>2}[/]", escape(f"{who}: {says}")))
        lines += [("", f"[dim]{escape(where)} ({certainty})[/]"), ("", escape(used))]
    console.print(aligned(lines))
    console.print(f"\n{summary(rows)}", markup=False)


def print_coverage_markdown(console: Console, rows: list[dict[str, Any]]) -> None:
    """The same as a Markdown table, a row an item, or that there are none."""
    if not rows:
        console.print(NO_ITEMS)
        return
    console.print(markdown_table(COLUMNS, map(coverage_cells, rows)), markup=False, soft_wrap=True)


def summary(rows: list[dict[str, Any]]) -> str:
    """How many items are used, in a sentence."""
    used = sum(bool(row["used_in"]) for row in rows)
    silent = sum(not row["used_in"] and not row["not_modelled"] for row in rows)
    told = len(rows) - used - silent
    left = []
    if told:
        left = ["1 is not modelled, with its reason" if told == 1 else f"{told} are not modelled, each with its reason"]
        left += [f"{silent} without a reason"] if silent else []
    elif silent:
        left = [f"{silent} {'is' if silent == 1 else 'are'} not modelled, without a reason"]
    said = f"{used} of {counted(len(rows), 'item')} {'is' if used == 1 else 'are'} used"
    return f"{said}; {', '.join(left)}." if left else f"{said}."


def coverage_cells(row: dict[str, Any]) -> tuple[str, str, str, str, str, str]:
    """An item as plain texts, in the order of the columns."""
    where = [f"{article} {', '.join(f'¶{n}' for n in paragraphs)}" for article, paragraphs in row["at"].items()]
    by_place: dict[str, list[str]] = {}
    for path, slugs in row["used_in"].items():
        by_place.setdefault(_where(slugs), []).append(_what(path))
    used = "; ".join(f"{', '.join(paths)} in {place}" for place, paths in by_place.items())
    return (
        str(row["item"]),
        ", ".join(row["parties"]),
        row["says"],
        "; ".join(where),
        ", ".join(row["certainty"]),
        used or f"not modelled: {row['not_modelled'] or 'no reason given'}",
    )


def _what(path: str) -> str:
    """A red line's id, or the path of a field."""
    inside = path.removeprefix("red_lines.")
    return inside if "." not in inside else path


def _where(slugs: list[str]) -> str:
    """The dated scenarios of a list; their variants only where no dated one is in it."""
    dated = [slug for slug in slugs if group_of(slug) == "dated"]
    return "every dated scenario" if dated == shipped("dated") else ", ".join(dated or slugs)
