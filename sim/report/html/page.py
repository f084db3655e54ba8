"""One HTML file from templates and plain data: style and script inlined, everything escaped, nothing fetched.

What a page says is decided elsewhere; this file only puts it together.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from sim import BANNER, __version__
from sim.markup import visible, visible_everywhere

if TYPE_CHECKING:
    from jinja2 import Environment

PARTS = "sim.report.html.parts"
COUNTING = "sim.report.explorer"
"""Where the one count of subsets of constraints stands, for pages of every kind."""


def part(name: str, package: str = PARTS) -> str:
    """The text of a file beside the templates, or of another package."""
    return files(package).joinpath(name).read_text(encoding="utf-8")


def report_script() -> str:
    """What makes a report live: the explorer's count of subsets, what all pages do with commands, its own controls."""
    return part("clipboard.js") + part("counting.js", COUNTING) + part("report.js")


def environment(text: Callable[[str], str]) -> Environment:
    """How every page is made from templates, which ``text`` gives by name: all escaped, hidden letters written out."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    made = Environment(
        loader=FunctionLoader(text),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["count"] = lambda number: f"{number:,}"
    made.filters["signed"] = lambda number: f"{number:+.2f}".replace("-", "−")
    made.filters["points"] = lambda number: f"{number:.1f}".replace("-", "−")
    return made


@cache
def _environment() -> Environment:
    return environment(part)


def _shown(value: Any) -> Any:
    """What a template prints, with hidden letters written out; markup made by the package's own code stays."""
    return visible(value) if type(value) is str else value


def inlined_json(data: Any) -> str:
    """Plain data as JSON that cannot end the element it stands in: no ``<``, ``>``, ``&``, no letter beyond ASCII.

    >>> inlined_json({"a": "</script>"})
    '{"a":"\\\\u003c/script\\\\u003e"}'
    """
    text = json.dumps(visible_everywhere(data), ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def page(template: str, view: dict[str, Any]) -> str:
    """A whole page. The browser is told to fetch nothing and to run no script but the one inlined."""
    from markupsafe import Markup

    style, script = part("colours.css") + part("report.css"), report_script()
    policy = (
        f"default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; script-src {policy_hash(script)}; "
        f"style-src-elem {policy_hash(style)}; style-src-attr 'unsafe-inline'"
    )
    frame = {
        "banner": BANNER,
        "version": __version__,
        "policy": policy,
        "style": Markup(style),
        "script": Markup(script),
        "data": Markup(inlined_json(view.get("live", {}))),
    }
    return _environment().get_template(template).render(frame | view)


def policy_hash(text: str) -> str:
    """How a content security policy names an inlined text."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
