"""One offline HTML file from templates and plain data: parts inlined and named by their hashes, all escaped, so that
nothing else runs or is fetched.

What a page says is decided by whoever asks for it.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from sim import BANNER, __version__
from sim.markup import counted, unit_of, visible, visible_everywhere

if TYPE_CHECKING:
    from jinja2 import Environment

PARTS = "sim.report.html.parts"
"""Where a template stands whose name says no package."""
ENGINE = ("sim.report.explorer/engine.js", "sim.report.explorer/worker.js")
"""What counts, in every page that does: in a worker made of the page's own text."""


def text(place: str) -> str:
    """The text of a file of the package, as ``sim.report.explorer/engine.js``."""
    package, _, name = place.rpartition("/")
    return files(package or PARTS).joinpath(name).read_text(encoding="utf-8")


def offline_page(
    template: str,
    styles: Sequence[str],
    scripts: Sequence[str],
    view: dict[str, Any],
    data: dict[str, Any],
    early: str | None = None,
) -> str:
    """A page from a template, with its style, its scripts in order, and plain data for them; all are `text` places.
    What is ``early`` runs before anything is painted.
    """
    from markupsafe import Markup

    style, inlined, first = (
        "".join(map(text, styles)),
        "".join(map(text, scripts)),
        "" if early is None else text(early),
    )
    known = " ".join(map(policy_hash, filter(None, (first, inlined))))
    counting = set(ENGINE) <= set(scripts)
    policy = (
        f"default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
        f"script-src {known}{' blob:; worker-src blob:' if counting else ''}; "
        f"style-src-elem {policy_hash(style)}; style-src-attr 'unsafe-inline'"
    )
    frame = {
        "banner": BANNER,
        "version": __version__,
        "policy": policy,
        "style": Markup(style),
        "early": Markup(first),
        "script": Markup(inlined),
        "data": Markup(inlined_json(data)),
    }
    return _environment().get_template(template).render(frame | view)


@cache
def _environment() -> Environment:
    return environment(text)


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
    made.filters |= {"counted": counted, "unit_of": unit_of}
    made.filters["minus"] = _minus
    made.filters["signed"] = lambda number: _minus(f"{number:+.2f}")
    made.filters["points"] = lambda number: _minus(f"{number:.1f}")
    return made


def _minus(number: str) -> str:
    """A number in words with a minus sign for its hyphen."""
    return number.replace("-", "−")


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


def policy_hash(text: str) -> str:
    """How a content security policy names an inlined text."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
