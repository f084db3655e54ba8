"""Tables and lists for a terminal of any width: words may be broken over lines, a number never is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.markup import escape
from rich.padding import Padding
from rich.table import Column, Table

GAP = 2
"""Blanks after each column."""
LONG_WORD = 14
"""Letters from which a word without a digit may be broken."""


class Sheet(Table):
    """A table without lines; columns that align to the right hold numbers and are never narrower than these.

    Where its columns do not fit side by side, rows and columns change places; where that does not fit either, every
    row becomes a heading with a line for each column.
    """

    def __init__(self) -> None:
        super().__init__(box=None, padding=(0, GAP, 0, 0), header_style="dim")

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for sheet in (self, self._turned()):
            widths = sheet._fitting(console, options.max_width)
            if widths is not None:
                for column, width in zip(sheet.columns, widths, strict=True):
                    column.no_wrap, column.overflow, column.max_width = False, "fold", None
                    column.width = width
                yield from super(Sheet, sheet).__rich_console__(console, options)
                return
        yield from self._told()

    def _fitting(self, console: Console, room: int) -> list[int] | None:
        """The width of each column in so many letters, or None where words or numbers would have to be cut."""
        measured = [_measured(console, column) for column in self.columns]
        room -= GAP * len(measured)
        for kept in (True, False):
            widths = [natural for natural, _ in measured]
            least = [
                natural if kept and column.no_wrap else fewest
                for column, (natural, fewest) in zip(self.columns, measured, strict=True)
            ]
            while sum(widths) > room and widths != least:
                widest = max((n for n in range(len(widths)) if widths[n] > least[n]), key=widths.__getitem__)
                widths[widest] -= 1
            if sum(widths) <= room:
                return widths
        return None

    def _turned(self) -> Sheet:
        """The same with rows for columns."""
        turned = Sheet()
        first, *others = self.columns
        turned.add_column(first.header, no_wrap=True)
        for heading in first.cells:
            turned.add_column(heading, justify="right")
        for column in others:
            turned.add_row(column.header, *column.cells)
        return turned

    def _told(self) -> RenderResult:
        """The same row by row."""
        first, *others = self.columns
        for title, *cells in zip(first.cells, *(column.cells for column in others), strict=True):
            yield str(title) or str(first.header)
            for column, cell in zip(others, cells, strict=True):
                if cell:
                    yield Padding(f"{column.header}: {cell}" if column.header else str(cell), (0, 0, 0, GAP))


def _measured(console: Console, column: Column) -> tuple[int, int]:
    """The letters that a column takes where there is room, and the fewest it can do with."""
    heading, *cells = (console.render_str(str(cell)).plain for cell in (column.header, *column.cells))
    needed = [_least(word) for text in (heading, *cells) for word in text.split()]
    if column.justify == "right":
        needed += [cell_len(cell) for cell in cells if any(map(str.isdigit, cell))]
    fewest = max(needed, default=0)
    natural = max(cell_len(line) for text in (heading, *cells) for line in text.split("\n"))
    return max(fewest, min(natural, column.max_width or natural)), fewest


def _least(word: str) -> int:
    return cell_len(word) if any(map(str.isdigit, word)) else min(cell_len(word), LONG_WORD)


def dotted(lines: Iterable[str]) -> Table:
    """Lines of plain text with a dot before each."""
    return aligned((" •", escape(line)) for line in lines)


def aligned(rows: Iterable[Sequence[str]]) -> Table:
    """Rows of two columns, a mark and a text in markup."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for row in rows:
        grid.add_row(*row)
    return grid
