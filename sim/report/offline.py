"""One offline HTML file with scripts: parts inlined and named by their hashes, so that nothing else runs or is fetched.

What a page says is decided by whoever asks for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from sim import BANNER, __version__
from sim.report.html.page import environment, inlined_json, policy_hash

if TYPE_CHECKING:
    from jinja2 import Environment


def text(place: str) -> str:
    """The text of a file of the package, as ``sim.report.explorer/engine.js``."""
    package, _, name = place.partition("/")
    return files(package).joinpath(name).read_text(encoding="utf-8")


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
    policy = (
        f"default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; worker-src blob:; "
        f"script-src {policy_hash(first)} {policy_hash(inlined)} blob:; style-src-elem {policy_hash(style)}; "
        "style-src-attr 'unsafe-inline'"
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
