"""A report as one HTML file: which templates, styles and scripts it is made of.

What a page says is decided elsewhere.
"""

from __future__ import annotations

from typing import Any

from sim.report.offline import ENGINE, PARTS, offline_page, text

STYLES = (f"{PARTS}/colours.css", f"{PARTS}/report.css")


def part(name: str) -> str:
    """The text of a file beside the templates."""
    return text(f"{PARTS}/{name}")


def page(template: str, view: dict[str, Any]) -> str:
    """A whole page; the explorer's engine is in it where there is something for it to count."""
    live = view.get("live", {})
    scripts = (f"{PARTS}/clipboard.js", *(ENGINE if live else ()), f"{PARTS}/report.js")
    return offline_page(template, STYLES, scripts, view, live)
