"""What people do in a seat: decide, build a package, write to others, come back. A POST leads back to the page."""

from __future__ import annotations

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from sim.classroom.decisions import DEEDS, WALK_OUT, Decision, Key
from sim.classroom.seat import feedback
from sim.scenario.loader import Loaded
from sim.serve import codes, seat_page
from sim.serve.at_seat import AtSeat
from sim.serve.gate import questions
from sim.serve.guard import LONGEST_TEXT, Rates, form_of, tidy
from sim.serve.host import LATE, Host
from sim.serve.table import Sitting, Table
from sim.serve.views import draft_of, drafted
from sim.stakes.space import Package


class Deeds:
    """The addresses below `/s` that change something."""

    def __init__(self, host: Host, seats: AtSeat) -> None:
        self.host, self.lesson, self.seats = host, host.lesson, seats
        self.deeds, self.says, self.drafts = Rates(0.5, 4), Rates(1.0, 3), Rates(0.1, 20)

    def routes(self) -> list[Route]:
        """All of them."""
        return [Route("/s/{token}/{deed:str}", self.act, methods=["POST"])]

    async def act(self, request: Request) -> Response:
        """Decide, keep a draft, say something, or come back."""
        sitting = self.seats.sitting(request)
        deed = request.path_params["deed"]
        if deed not in ("decide", "draft", "say", "back", "use", "gate"):
            raise HTTPException(404, "There is nothing here.")
        table = await self.host.ready(sitting.room)
        form = await form_of(request)
        if not sitting.present and not sitting.forced:
            self.host.note("back", room=sitting.room, party=sitting.party)
        if deed == "draft":
            return self._draft(sitting, table, form)
        deeds = {"decide": self._decide, "say": self._say, "use": self._use, "gate": self._gate}
        note = deeds[deed](sitting, table, form) if deed in deeds else None  # to come back is enough
        where = {"say": "#talk", "use": "#form", "gate": "#gate"}.get(deed, "")
        return RedirectResponse(f"/s/{sitting.token}{f'?note={note}' if note else ''}{where}", 303)

    def _decide(self, sitting: Sitting, table: Table, form: dict[str, str]) -> str | None:
        """Take a decision; a note where it was not."""
        if not self.deeds.allows(sitting.place):
            return "soon"
        key, deed = _key(form.get("key", "")), form.get("deed", "")
        if key is None or deed not in (*DEEDS, WALK_OUT):
            raise HTTPException(422, "That is not a decision.")
        if deed == WALK_OUT and form.get("sure") != "yes":
            return "sure"
        package = None
        if deed == "offer":
            package = _package(self.lesson.loaded, form)
            self._keep(sitting, package=package)
        refused = self.host.decide(sitting, key, Decision(deed, package, form.get("more") == "yes"))  # type: ignore[arg-type]
        if refused == LATE:
            return "late"
        if refused is None:
            if deed == "offer":
                self._keep(sitting, package=None)
            return None
        if DEEDS.get(deed, key.at) != key.at:
            return "late"
        if package is None or table.room is None:
            return "mandate"
        case = self.lesson.loaded.case
        seen = feedback(case, sitting.party, table.room.now, case.space.package(package))
        return "apart" if seen.breaks else "mandate" if seen.crosses else "nothing"

    def _keep(self, sitting: Sitting, **said: Any) -> None:
        """Keep what is typed and not sent."""
        self.lesson.drafts[sitting.place] = self.lesson.drafts.get(sitting.place, {}) | said
        self.lesson.log.keep_draft(sitting.place, self.lesson.drafts[sitting.place])

    def _draft(self, sitting: Sitting, table: Table, form: dict[str, str]) -> Response:
        """Keep a package and a text that are being made, and say what the package is worth to this seat."""
        if self.drafts.allows(sitting.place):
            if any(name.startswith("i-") for name in form):
                self._keep(sitting, package=_package(self.lesson.loaded, form))
            if "text" in form:
                self._keep(sitting, text=tidy(form["text"], LONGEST_TEXT))
        if form.get("page") != "part":
            return RedirectResponse(f"/s/{sitting.token}?note=saved#form", 303)
        return HTMLResponse(seat_page.worth(self.host, sitting, table))

    def _use(self, sitting: Sitting, table: Table, form: dict[str, str]) -> str | None:
        """Fill the form with a package that came with a message, or with what is on the table."""
        draft = draft_of(self.host, sitting)
        package = next(
            (m.package for m in self.lesson.thread(sitting.room, sitting.party) if str(m.n) == form.get("message")),
            None,
        )
        ask = None if table.room is None else table.room.ask_of(sitting.party)
        if form.get("message") == "table" and ask is not None and ask.package is not None:
            package = self.lesson.loaded.case.space.names(ask.package)
        if package is None:
            return "late"
        self._keep(sitting, package=package, filled=int(draft.get("filled", 0)) + 1)
        return None

    def _gate(self, sitting: Sitting, table: Table, form: dict[str, str]) -> str | None:
        """Keep what was answered to the questions on the brief."""
        asked = questions(self.lesson.loaded, sitting.party)
        given = {one.id: form[one.id] for one in asked if one.answered(form) is not None}
        if not self.drafts.allows(sitting.place):
            return "soon"
        if self.lesson.stage == "lobby" and given != sitting.gate:
            self.host.note("gate", room=sitting.room, party=sitting.party, body={"given": given})
        return None

    def _say(self, sitting: Sitting, table: Table, form: dict[str, str]) -> str | None:
        """Send a message to some of those at the table."""
        if not self.says.allows(sitting.place):
            return "soon"
        case = self.lesson.loaded.case
        others = [p for p in case.signatories if p != sitting.party]
        to = others if len(others) == 1 else [p for p in others if form.get(f"to-{p}") == "yes"]
        text = tidy(form.get("text", ""), LONGEST_TEXT)
        package = None
        if form.get("with") == "yes":
            assert table.room is not None
            package = case.space.names(drafted(table.room, sitting.party, draft_of(self.host, sitting)))
        if not to or not (text or package) or self.lesson.stage == "revealed":
            return "empty"
        nonce = form.get("nonce", "")[:64] or codes.token()
        body = {"to": to, "text": text, "package": package, "round": table.room.round if table.room else 0}
        self._keep(sitting, text="")
        self.host.note("said", room=sitting.room, party=sitting.party, body=body, nonce=f"{sitting.token}:{nonce}")
        return None


def _key(text: str) -> Key | None:
    """A moment as a form writes it."""
    round_, _, rest = text.partition(":")
    at, _, exchanges = rest.partition(":")
    if not (round_.isdecimal() and exchanges.isdecimal() and len(text) < 30) or at not in ("offer", "reply"):
        return None
    return Key(int(round_), at, int(exchanges))  # type: ignore[arg-type]


def _package(loaded: Loaded, form: dict[str, str]) -> Package:
    """The package in a form: every open issue with an option that is left; pinned ones as they are.

    Raises:
        HTTPException: when it is none.
    """
    space = loaded.case.space
    names = {issue.id: issue.options[left[0]] for issue, left in zip(space.issues, space.left, strict=True)}
    for issue, left in zip(space.issues, space.left, strict=True):
        if len(left) > 1:
            chosen = form.get(f"i-{issue.id}")
            if chosen not in [issue.options[k] for k in left]:
                raise HTTPException(422, "That is not a whole package.")
            names[issue.id] = chosen
    return names
