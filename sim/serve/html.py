"""Pages of the class from templates: everything escaped, hidden letters written out, nothing fetched from elsewhere."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from jinja2 import Environment
from markupsafe import Markup
from starlette.responses import HTMLResponse

from sim import BANNER
from sim.markup import listed, percent
from sim.report.html.page import part as report_part
from sim.report.offline import environment

PAGES = "sim.serve.pages"


def part(name: str) -> str:
    """The text of a file beside the templates."""
    return files(PAGES).joinpath(name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    made = environment(part)
    made.filters["clock"] = lambda seconds: f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
    made.filters["percent"] = percent
    made.filters["listed"] = listed
    return made


def markup(drawn: str) -> Markup:
    """A drawing that the package made itself, to stand in a page as it is."""
    return Markup(drawn)


def text(template: str, view: dict[str, Any]) -> str:
    """A template with plain data."""
    return _environment().get_template(template).render({"banner": BANNER, "look": look()} | view)


def part_of(template: str, view: dict[str, Any]) -> Markup:
    """A template as a part of another, rendered already."""
    return Markup(text(template, view))


def page(template: str, view: dict[str, Any], status: int = 200) -> HTMLResponse:
    """The same as an answer."""
    return HTMLResponse(text(template, view), status_code=status)


@cache
def style() -> str:
    """The style of all pages: the colours of the reports, and the class's own."""
    return report_part("colours.css") + part("class.css")


@cache
def script() -> str:
    """The script of all pages; they work without it."""
    return part("class.js")


@cache
def look() -> str:
    """Tells style and script from those of another version, which a browser may have kept: pages ask for them by it."""
    return sha256(f"{style()}{script()}".encode()).hexdigest()[:12]
