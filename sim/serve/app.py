"""The addresses of the class that students use: join, sit, read, build, decide, say, watch.

A GET changes nothing; a POST leads back to the page. What a seat may see is decided in `views`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from sim.classroom import seat
from sim.classroom.seats import DEEDS, WALK_OUT, Decision, Key
from sim.errors import AnswerError
from sim.scenario.loader import Loaded
from sim.serve import html, keys, views
from sim.serve.guard import LONGEST_NAME, LONGEST_TEXT, Guard, Rates, form_of, tidy
from sim.serve.host import LATE, Host
from sim.serve.lesson import Sitting, Table
from sim.stakes.space import OptionArray

MOST_STREAMS = 3
HEARTBEAT = 15.0
SAID = {
    "late": "That was no longer asked: here is what stands.",
    "soon": "Too fast: try again in a second.",
    "empty": "There was nothing to send.",
    "saved": "Kept. Nobody sees it until you send it.",
    "sent": "Sent.",
    "sure": "Tick the box to say that you mean it.",
    "full": "Every seat is taken. Ask your teacher for one.",
    "wrong": "No class here has that code.",
    "name": "Type a name of 1 to 24 letters.",
}
"""Notes that an address may ask for; nothing else is shown from it."""


class Students:
    """The addresses below `/`, `/j` and `/s`."""

    def __init__(self, host: Host) -> None:
        self.host, self.lesson = host, host.lesson
        self.joins, self.deeds, self.says, self.drafts = Rates(0.05, 60), Rates(0.5, 4), Rates(1.0, 3), Rates(0.1, 20)

    def routes(self) -> list[Route]:
        """All of them."""
        return [
            Route("/", self.door),
            Route("/j/{code}", self.welcome),
            Route("/j/{code}", self.join, methods=["POST"]),
            Route("/s/{token}", self.seat),
            Route("/s/{token}/board", self.board),
            Route("/s/{token}/stream", self.stream),
            Route("/s/{token}/version", self.version),
            Route("/s/{token}/{deed:str}", self.act, methods=["POST"]),
            Route("/class.css", self.style),
            Route("/class.js", self.script),
        ]

    async def style(self, request: Request) -> Response:
        """The style."""
        return Response(html.style(), media_type="text/css", headers={"cache-control": "max-age=3600"})

    async def script(self, request: Request) -> Response:
        """The script."""
        return Response(html.script(), media_type="text/javascript", headers={"cache-control": "max-age=3600"})

    async def door(self, request: Request) -> Response:
        """Where a code is typed."""
        code = keys.as_typed(request.query_params.get("code", ""))
        if code:
            return RedirectResponse(f"/j/{code[: 2 * keys.CODE]}", 303)
        return html.page("door.html", {"note": _note(request)})

    def _coded(self, request: Request) -> bool:
        return keys.as_typed(request.path_params["code"]) == self.lesson.code

    async def welcome(self, request: Request) -> Response:
        """What a class is about, and a button; looking at it takes no seat."""
        if not self._coded(request):
            return RedirectResponse("/?note=wrong", 303)
        mine = self.lesson.sitting(request.cookies.get("seat", ""))
        loaded = self.lesson.loaded
        view = {
            "note": _note(request),
            "code": self.lesson.code,
            "title": loaded.scenario.title,
            "about": loaded.scenario.about,
            "parties": [
                {"number": p, "name": loaded.case.parties[p].name, "free": self.lesson.free(p) is not None}
                for p in self.lesson.people
            ],
            "mine": None if mine is None else mine.token,
            "most": LONGEST_NAME,
        }
        return html.page("welcome.html", view)

    async def join(self, request: Request) -> Response:
        """Take a seat."""
        if not self._coded(request):
            return RedirectResponse("/?note=wrong", 303)
        back = f"/j/{self.lesson.code}"
        if not self.joins.allows("all"):
            return RedirectResponse(f"{back}?note=soon", 303)
        mine = self.lesson.sitting(request.cookies.get("seat", ""))
        form = await form_of(request)
        if mine is not None and form.get("anew") != "yes":
            return RedirectResponse(f"/s/{mine.token}", 303)
        name = tidy(form.get("name", ""), LONGEST_NAME)
        wanted = next((p for p in self.lesson.people if str(p) == form.get("party")), None)
        place = self.lesson.free(wanted)
        if not name or place is None:
            return RedirectResponse(f"{back}?note={'name' if not name else 'full'}", 303)
        token = keys.token()
        self.host.note("joined", room=place[0], party=place[1], body={"token": token, "name": name})
        answer = RedirectResponse(f"/s/{token}", 303)
        answer.set_cookie("seat", token, httponly=True, samesite="lax", path="/j", max_age=12 * 3600)
        return answer

    def _sitting(self, request: Request) -> Sitting:
        sitting = self.lesson.sitting(request.path_params["token"])
        if sitting is None:
            gone = request.path_params["token"] in self.lesson.banned
            raise HTTPException(404, "Your teacher has freed this seat." if gone else "There is no such seat.")
        sitting.seen = time.time()
        return sitting

    async def _view(self, request: Request, sitting: Sitting) -> dict[str, Any]:
        table = await self.host.ready(sitting.room)
        view = views.seat_view(self.host, sitting, table, time.time())
        return view | {"note": _note(request), "token": sitting.token, "nonce": keys.token(), "mirror": False}

    async def seat(self, request: Request) -> Response:
        """The whole page of a seat."""
        sitting = self._sitting(request)
        view = await self._view(request, sitting)
        view["brief"] = views.brief_view(self.lesson.loaded, sitting.party)
        view["debrief"] = _debrief(self, sitting)
        return html.page("seat.html", view)

    async def board(self, request: Request) -> Response:
        """The parts of it that change while it is open."""
        return html.page("parts.html", await self._view(request, self._sitting(request)))

    async def version(self, request: Request) -> Response:
        """Whether they did."""
        return PlainTextResponse(self.host.version(self._sitting(request).room))

    async def stream(self, request: Request) -> Response:
        """The same, told as it happens."""
        sitting = self._sitting(request)
        if sitting.streams >= MOST_STREAMS:
            return PlainTextResponse("Enough streams.", status_code=429)
        return StreamingResponse(self._versions(sitting), media_type="text/event-stream")

    async def _versions(self, sitting: Sitting) -> AsyncIterator[str]:
        sitting.streams += 1
        token = sitting.token
        try:
            while sitting.token == token:
                changed = self.host.changed(sitting.room)
                yield f"data: {self.host.version(sitting.room)}\n\n"
                sitting.seen = time.time()
                try:
                    await asyncio.wait_for(changed.wait(), HEARTBEAT)
                except TimeoutError:
                    continue
            yield "data: moved\n\n"
        finally:
            sitting.streams -= 1

    async def act(self, request: Request) -> Response:
        """Decide, keep a draft, say something, or come back."""
        sitting = self._sitting(request)
        deed = request.path_params["deed"]
        if deed not in ("decide", "draft", "say", "back", "use"):
            raise HTTPException(404, "There is nothing here.")
        table = await self.host.ready(sitting.room)
        form = await form_of(request)
        if not sitting.present and not sitting.forced:
            self.host.note("back", room=sitting.room, party=sitting.party)
        if deed == "draft":
            return await self._draft(request, sitting, table, form)
        note = {"decide": self._decide, "say": self._say, "use": self._use, "back": lambda *_: None}[deed](
            sitting, table, form
        )
        where = "#talk" if deed == "say" else "#form" if deed == "use" else ""
        return RedirectResponse(f"/s/{sitting.token}{f'?note={note}' if note else ''}{where}", 303)

    def _decide(self, sitting: Sitting, table: Table, form: dict[str, str]) -> str | None:
        """Take a decision; a note where it was not."""
        if not self.deeds.allows(f"{sitting.room}:{sitting.party}"):
            return "soon"
        key, deed = _key(form.get("key", "")), form.get("deed", "")
        if key is None or deed not in (*DEEDS, WALK_OUT):
            raise HTTPException(422, "That is no decision.")
        if deed == WALK_OUT and form.get("sure") != "yes":
            return "sure"
        package = None
        if deed == "offer":
            package = _package(self.lesson.loaded, form)
            self._keep(sitting, package=package)
        refused = self.host.decide(sitting, key, Decision(deed, package, form.get("more") == "yes"))  # type: ignore[arg-type]
        if refused == LATE:
            return "late"
        if refused is None and deed == "offer":
            self._keep(sitting, package=None)
        return "mandate" if refused is not None else None

    def _keep(self, sitting: Sitting, **said: Any) -> None:
        """Keep what is typed and not sent."""
        place = f"{sitting.room}:{sitting.party}"
        self.lesson.drafts[place] = self.lesson.drafts.get(place, {}) | said
        self.lesson.log.keep_draft(place, self.lesson.drafts[place])

    async def _draft(self, request: Request, sitting: Sitting, table: Table, form: dict[str, str]) -> Response:
        """Keep a package and a text that are being made, and say what the package is worth to this seat."""
        if self.drafts.allows(f"{sitting.room}:{sitting.party}"):
            if any(name.startswith("i-") for name in form):
                self._keep(sitting, package=_package(self.lesson.loaded, form))
            if "text" in form:
                self._keep(sitting, text=tidy(form["text"], LONGEST_TEXT))
        if form.get("page") != "part":
            return RedirectResponse(f"/s/{sitting.token}?note=saved#form", 303)
        view = await self._view(request, sitting)
        return html.page("worth.html", {"worth": view["form"]["worth"], "hints": view["hints"]})

    def _use(self, sitting: Sitting, table: Table, form: dict[str, str]) -> str | None:
        """Fill the form with a package that came with a message, or with what is on the table."""
        draft = self.lesson.drafts.get(f"{sitting.room}:{sitting.party}", {})
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

    def _say(self, sitting: Sitting, table: Table, form: dict[str, str]) -> str | None:
        """Send a message to some of those at the table."""
        if not self.says.allows(f"{sitting.room}:{sitting.party}"):
            return "soon"
        case = self.lesson.loaded.case
        others = [p for p in case.signatories if p != sitting.party]
        to = others if len(others) == 1 else [p for p in others if form.get(f"to-{p}") == "yes"]
        text = tidy(form.get("text", ""), LONGEST_TEXT)
        package = None
        if form.get("with") == "yes":
            draft = self.lesson.drafts.get(f"{sitting.room}:{sitting.party}", {}).get("package")
            room = table.room
            assert room is not None
            last = seat.last_offer(room.now, sitting.party)
            start: OptionArray = case.protocol.start_text if last is None else last
            package = draft or case.space.names(start)
        if not to or not (text or package) or self.lesson.stage == "revealed":
            return "empty"
        nonce = form.get("nonce", "")[:64] or keys.token()
        body = {"to": to, "text": text, "package": package, "round": table.room.round if table.room else 0}
        self._keep(sitting, text="")
        self.host.note("said", room=sitting.room, party=sitting.party, body=body, nonce=f"{sitting.token}:{nonce}")
        return None


def _debrief(students: Students, sitting: Sitting) -> dict[str, Any] | None:
    """What is told after the reveal, to every seat alike."""
    from sim.serve.reveal import debrief_view

    return debrief_view(students.host, sitting.room, sitting.party) if students.lesson.stage == "revealed" else None


def _note(request: Request) -> str | None:
    """The note that an address asks for, if it is one of ours."""
    said = SAID | {"mandate": "You have no mandate for that: see the red lines below."}
    return said.get(request.query_params.get("note", ""))


def _key(text: str) -> Key | None:
    """A moment as a form writes it."""
    round_, _, rest = text.partition(":")
    at, _, exchanges = rest.partition(":")
    if not (round_.isdecimal() and exchanges.isdecimal() and len(text) < 30) or at not in ("offer", "reply"):
        return None
    return Key(int(round_), at, int(exchanges))  # type: ignore[arg-type]


def _package(loaded: Loaded, form: dict[str, str]) -> dict[str, str]:
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
                raise HTTPException(422, "That is no whole package.")
            names[issue.id] = chosen
    return names


async def refused(request: Request, error: Exception) -> HTMLResponse:
    """What went wrong, on a page, without how the program works inside."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    detail = error.detail if isinstance(error, HTTPException) else "That did not work. Go back and try again."
    if isinstance(error, AnswerError):
        status, detail = 422, str(error)
    return html.page("refused.html", {"detail": detail, "note": None}, status)


def make_app(host: Host, hosts: frozenset[str], lan: bool, address: str) -> Starlette:
    """The whole application of a class."""
    from sim.serve.teacher import Teacher

    students = Students(host)
    routes = [*Teacher(host, address).routes(), *students.routes()]
    handlers: Any = {HTTPException: refused, AnswerError: refused, Exception: refused}
    made = Starlette(routes=routes, exception_handlers=handlers, middleware=[Middleware(Guard, hosts=hosts, lan=lan)])
    made.state.host = host
    return made
