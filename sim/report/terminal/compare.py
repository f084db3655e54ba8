"""Scenarios side by side for a terminal, and the picture of how the room for agreement moved.

A column or a panel holds one reading of red lines: sizes under different readings are never set beside one another.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding

from sim import BANNER
from sim.markup import capital, counted
from sim.report.reading_sentences import BINDS
from sim.report.sentences import by_ground
from sim.report.terminal.tables import Sheet
from sim.study.compare import Compared
from sim.study.what_changed import Changes, Moved
from sim.zone.rereading import Sizes

MOST_FIGURES = 6
"""Figures that moved, told on a screen; the JSON has them all."""
SizesOf = Callable[[Compared], Sizes | None]


def print_comparison(console: Console, rows: list[Compared]) -> None:
    """A table of sizes, then what changed from each scenario to the next."""
    console.print(f"[dim]{BANNER}[/]\n")
    alike = len({row.reading for row in rows}) == 1
    views = _views(rows)
    table = Sheet()
    table.add_column("scenario", overflow="fold")
    for heading in ("lines", *views, "settlement", *(("conflicts", "give up") if alike else ())):
        table.add_column(heading, justify="right", max_width=21)
    for row in rows:
        cells = [str(row.red_lines), *(_cell(of(row)) for of in views.values())]
        cells.append(f"{row.zone['declared']['settlement']:,}")
        if alike:
            cells += [str(len(row.conflicts["ceasefire"])), str(row.smallest_relaxation["ceasefire"] or "–")]
        table.add_row(escape(row.scenario), *cells)
    console.print(table)
    fewest = "; conflicts and give up, the fewest constraints whose loss opens a zone" if alike else ""
    fewest += ": of ceasefires" if alike and any(row.readings for row in rows) else ""
    console.print(
        "[dim]two numbers: packages that cross no declared line, and those of them worth the reservation values too; "
        f"only a column is comparable{fewest}[/]\n"
    )
    for before, row in zip([None, *rows], rows, strict=False):
        when = f"{row.as_of or 'no date'}; {row.under or 'no source given'}"
        console.print(f"[bold]{escape(row.title)}[/]  ({escape(when)})")
        for said in [*_changes(before, row), *_clashing(row)]:
            console.print(Padding(escape(said), (0, 0, 0, 2)))
    console.print()


def _views(rows: list[Compared]) -> dict[str, SizesOf]:
    """A heading for each reading that some scenario has, and for those that have none."""
    views: dict[str, SizesOf] = {}
    if any(row.readings for row in rows):
        for read, binds in BINDS.items():
            views[f"ceasefire if lines bind {binds}"] = lambda row, read=read: (row.readings or {}).get(read)  # type: ignore[misc]
    if not all(row.readings for row in rows):
        heading = "zone, lines as written" if views else "zone"
        views[heading] = lambda row: None if row.readings else row.zone
    return views


def _cell(sizes: Sizes | None) -> str:
    return "–" if sizes is None else f"{sizes['lines_only']['ceasefire']:,} / {sizes['declared']['ceasefire']:,}"


def _changes(before: Compared | None, row: Compared) -> list[str]:
    """What changed since the scenario before, and what that did to each zone, reading by reading."""
    if before is None or row.changed is None:
        return []
    if row.changed.none:
        return ["nothing changed: the same lines, the same figures"]
    found = _in_words(row.changed)
    for heading, of in _views([before, row]).items():
        one, other = of(before), of(row)
        if one is not None and other is not None:
            was, now = one["declared"]["ceasefire"], other["declared"]["ceasefire"]
            found.append(f"{heading}: {now:,}, as before" if was == now else f"{heading}: from {was:,} to {now:,}")
    return found


def _in_words(changed: Changes) -> list[str]:
    found = []
    if changed.reading is not None:
        was, now = (f"bind {BINDS[read]}" if read else "bind as each says" for read in changed.reading)
        found.append(f"read differently: red lines {now}, where before they {was}")
    found += [f"lines {kind}: {', '.join(ids)}" for kind, ids in vars(changed.lines).items() if ids]
    if not any(vars(changed.lines).values()):
        found.append("the same lines")
    if changed.figures:
        told = ", ".join(map(_moved, changed.figures[:MOST_FIGURES]))
        more = len(changed.figures) - MOST_FIGURES
        found.append(f"figures moved: {told}{f' and {more} more (--json lists them)' if more > 0 else ''}")
    else:
        found.append("the same figures")
    if changed.rules:
        found.append(f"rules that differ: {', '.join(changed.rules)}")
    return found


def _moved(figure: Moved) -> str:
    was, now = ("none" if value is None else f"{value:g}" for value in (figure.before, figure.after))
    return f"{figure.path} {was} → {now}"


def _clashing(row: Compared) -> list[str]:
    """The conflicts of red lines alone under the scenario's own reading; how many others there are."""
    lines, hanging = by_ground(row.conflicts["ceasefire"])
    if not lines and not hanging:
        return []
    said = "; ".join(" × ".join(ids) for ids in lines) or "no red lines alone"
    more = f"; with reservation values {len(hanging):,} more sets" if hanging else ""
    return [f"collide{f' if lines bind {BINDS[row.reading]}' if row.reading else ''}: {said}{more}"]


def draw_comparison(rows: list[Compared], folder: Path) -> None:
    """Write the picture of the comparison into a folder, as SVG and PNG: a panel for each reading."""
    from sim.report.pictures import titles
    from sim.report.pictures.colours import FAINT, HALF_OPEN, INK, OPEN
    from sim.report.style import on_lines, panels, save, titled

    views = _views(rows)
    tall = 0.5 * len(rows) + 0.4
    figure, axes = panels(len(views), width=11, height=tall, label=2.4, below=0.5, columns=1, head=0.35)
    most = max(row.zone["none"]["ceasefire"] for row in rows) * 1.25 + 1
    for panel, (heading, of) in zip(axes, views.items(), strict=True):
        for place, row in enumerate(rows):
            sizes = of(row)
            if sizes is None:
                continue
            zone = sizes["declared"]["ceasefire"]
            bars = (sizes["none"]["ceasefire"], zone, sizes["declared"]["settlement"])
            for size, ink, thick in zip(bars, (FAINT, HALF_OPEN, OPEN), (0.7, 0.5, 0.25), strict=True):
                panel.barh(place, size, height=thick, color=ink)
            said = counted(zone, "package") if zone else "empty"
            panel.text(bars[0], place, f"  {said}", va="center", fontsize=8, color=INK)
        panel.set_yticks(range(len(rows)), [on_lines(row.title, 34, 2) for row in rows], fontsize=8)
        panel.set_ylim(len(rows) - 0.5, -0.5)
        panel.set_xlim(0, most)
        panel.xaxis.set_major_formatter(lambda size, _: f"{size:,.0f}")
        panel.set_title(capital(heading))
    axes[-1].set_xlabel("packages", fontsize=8)
    titled(
        figure,
        titles.compared({heading: [of(row) for row in rows] for heading, of in views.items()}),
        "The room for agreement, one reading of red lines at a time. "
        "Grey: packages worth every signatory's reservation value, red lines aside. Light blue-green: the zone under "
        "declared lines. Dark: the settlements in it. Text: the zone's size.",
    )
    save(figure, folder, "compare")
