"""The page of a seat, put together: what seldom changes in it is rendered once and kept, the rest anew each time.

What may stand in it is decided in `views`, `heard` and `briefs`.
"""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from sim.serve import html, views
from sim.serve.briefs import brief_view
from sim.serve.gate import gate_view
from sim.serve.heard import path_view, worth_view
from sim.serve.host import Host
from sim.serve.reveal_views import debrief_view
from sim.serve.table import Sitting, Table


def whole(host: Host, sitting: Sitting, table: Table, now: float, **words: Any) -> str:
    """The whole page; ``words`` are what only this request knows."""
    view = _view(host, sitting, table, now, words)
    lobby = view["stage"] == "lobby"
    view["brief_part"] = host.once(("brief", sitting.party, lobby), lambda: _brief(host, sitting.party, view["stage"]))
    view["gate"] = gate_view(host.lesson.loaded, sitting.party, sitting.gate) if lobby else None
    told = host.lesson.stage == "revealed"
    view["debrief"] = debrief_view(host, sitting.room, sitting.party) if told else None
    return html.text("seat.html", view)


def changing(host: Host, sitting: Sitting, table: Table, now: float, **words: Any) -> str:
    """The parts of it that change while it is open."""
    return html.text("parts.html", _view(host, sitting, table, now, words))


def worth(host: Host, sitting: Sitting, table: Table) -> str:
    """What the package that a seat is building is worth to it."""
    room = table.room
    assert room is not None
    package = views.drafted(room, sitting.party, views.draft_of(host, sitting))
    seen = worth_view(room.loaded, sitting.party, views.as_seen(host, table), package)
    return html.text("worth.html", {"worth": seen, "hints": host.lesson.hints})


def _view(host: Host, sitting: Sitting, table: Table, now: float, words: dict[str, Any]) -> dict[str, Any]:
    view = words | views.seat_view(host, sitting, table, now, words["mirror"])
    return view | {"build_part": _build(host, sitting, table, view), "path_part": _path(sitting, table, view)}


def _brief(host: Host, party: int, stage: str) -> Markup:
    view = {"brief": brief_view(host.lesson.loaded, party), "stage": stage, "sources": host.lesson.sources}
    return html.part_of("brief.html", view)


def _path(sitting: Sitting, table: Table, view: dict[str, Any]) -> Markup:
    """What was tabled; it changes with the room alone."""
    room, party, hints = table.room, sitting.party, view["hints"]
    assert room is not None

    def drawn() -> Markup:
        return html.part_of("path.html", {"path": path_view(room, party), "hints": hints})

    return table.once(("path", party, hints), drawn)


def _build(host: Host, sitting: Sitting, table: Table, view: dict[str, Any]) -> Markup:
    """The form with the package that a seat is building."""
    room, party = table.room, sitting.party
    assert room is not None
    draft = {} if view["mirror"] else views.draft_of(host, sitting)
    ask = views.asked(host, sitting, table)
    shown = {name: view[name] for name in ("over", "away", "hints", "mirror", "token", "drafted", "ask")}
    package = tuple((draft.get("package") or {}).items())
    moment = None if ask is None else ask.key
    told = (view["stage"], view["over"], view["away"], view["hints"], view["mirror"], view["token"])

    def drawn() -> Markup:
        return html.part_of(
            "build.html", shown | {"form": views.form_view(room, views.as_seen(host, table), party, draft, ask)}
        )

    return table.once(("build", party, package, draft.get("filled", 0), moment, told), drawn)
