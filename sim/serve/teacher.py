"""The addresses of the class that only its teacher uses: sign in, watch all rooms, steer, project, reveal, export.

Whoever has typed the key is known by a cookie that no other site is sent; each form carries what only this page knows.
"""

from __future__ import annotations

import time
from typing import Any

import segno
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from sim.report import talks_sentences
from sim.serve import codes, gate, html, seat_page
from sim.serve.export import export_zip
from sim.serve.guard import LONGEST_TEXT, Rates, form_of, tidy
from sim.serve.host import Host
from sim.serve.reveal import Revealing
from sim.serve.reveal_views import class_view, whatif_view
from sim.serve.table import News, Sitting, Table

COOKIE = "teacher"
DEEDS = ("open", "pause", "resume", "minute", "advance", "auto", "kick", "swap", "reveal", "hints", "news", "whatif")


class Teacher:
    """The addresses below `/t`."""

    def __init__(self, host: Host, address: str) -> None:
        self.host, self.lesson, self.address = host, host.lesson, address
        self.tries = Rates(1.0, 10)
        self.revealing = Revealing(host)

    def routes(self) -> list[Route]:
        """All of them."""
        return [
            Route("/t", self.desk),
            Route("/t/login", self.login, methods=["POST"]),
            Route("/t/board", self.board),
            Route("/t/reveal", self.reveal),
            Route("/t/export.zip", self.export),
            Route("/t/room/{number:int}/as/{party:int}", self.mirror),
            Route("/t/{deed:str}", self.act, methods=["POST"]),
        ]

    def _known(self, request: Request) -> bool:
        return codes.digest(request.cookies.get(COOKIE, "")) in self.lesson.browsers

    def _form_token(self, request: Request) -> str:
        return codes.digest("form " + request.cookies.get(COOKIE, ""))[:32]

    def _need(self, request: Request) -> None:
        if not self._known(request):
            raise HTTPException(403, "Sign in as the teacher first.")

    async def login(self, request: Request) -> Response:
        """Sign in with the key that was printed when the class began."""
        form = await form_of(request)
        if not self.tries.allows("key") or not codes.matches(codes.as_typed(form.get("key", "")), self.lesson.teacher):
            return RedirectResponse("/t?note=key", 303)
        token = codes.token()
        self.host.note("browser", body={"digest": codes.digest(token)})
        answer = RedirectResponse("/t", 303)
        answer.set_cookie(COOKIE, token, httponly=True, samesite="lax", path="/t", max_age=7 * 24 * 3600)
        return answer

    async def desk(self, request: Request) -> Response:
        """The grid of all rooms."""
        if not self._known(request):
            wrong = request.query_params.get("note") == "key"
            return html.page("login.html", {"note": "That is not the key of this class." if wrong else None})
        return html.page("desk.html", await self._view() | {"form_token": self._form_token(request)})

    async def board(self, request: Request) -> Response:
        """For the projector: how to join, and how far the rooms are; nothing secret."""
        if not self._known(request):
            return RedirectResponse("/t", 303)
        url = f"{self.address}/j/{self.lesson.code}"
        drawn = segno.make(url, error="m").svg_inline(border=3, omitsize=True)
        return html.page("board.html", await self._view() | {"url": url, "qr": html.markup(drawn)})

    async def mirror(self, request: Request) -> Response:
        """A seat as the one who sits there sees it."""
        self._need(request)
        place = (request.path_params["number"], request.path_params["party"])
        sitting = self.lesson.seats.get(place)
        if sitting is None:
            raise HTTPException(404, "There is no such seat.")
        table = await self.host.ready(sitting.room)
        words = {"note": None, "token": "", "nonce": "", "mirror": True}
        return HTMLResponse(seat_page.whole(self.host, sitting, table, time.time(), **words))

    async def reveal(self, request: Request) -> Response:
        """All rooms beside each other, and beside simulated ones; only after the reveal."""
        self._need(request)
        if self.lesson.stage != "revealed":
            return RedirectResponse("/t", 303)
        view = class_view(self.host) | whatif_view(self.lesson, self.revealing.under_way)
        return html.page("reveal.html", view | {"form_token": self._form_token(request)})

    async def export(self, request: Request) -> Response:
        """Everything that happened, as files."""
        self._need(request)
        for number in list(self.lesson.tables):
            await self.host.ready(number)
        name = f'attachment; filename="class-{self.lesson.code}.zip"'
        return Response(export_zip(self.lesson), media_type="application/zip", headers={"content-disposition": name})

    async def act(self, request: Request) -> Response:
        """Steer the class."""
        self._need(request)
        form, deed = await form_of(request), request.path_params["deed"]
        if form.get("form_token") != self._form_token(request):
            raise HTTPException(403, "This form comes from another page.")
        if deed not in DEEDS:
            raise HTTPException(404, "There is nothing here.")
        await getattr(self, f"_{deed}")(form)
        return RedirectResponse("/t/reveal" if deed in ("reveal", "whatif") else "/t", 303)

    def _sitting(self, form: dict[str, str], name: str = "seat") -> Sitting:
        room, _, party = form.get(name, "").partition(":")
        place = (int(room), int(party)) if room.isdecimal() and party.isdecimal() else (0, 0)
        if place not in self.lesson.seats:
            raise HTTPException(422, "There is no such seat.")
        return self.lesson.seats[place]

    def _room(self, form: dict[str, str]) -> int | None:
        """The room that a form is about, or None for all."""
        text = form.get("room", "")
        if text and not (text.isdecimal() and int(text) in self.lesson.tables):
            raise HTTPException(422, "There is no such room.")
        return int(text) if text else None

    async def _open(self, form: dict[str, str]) -> None:
        if self.lesson.stage == "lobby":
            self.host.note("open")

    async def _pause(self, form: dict[str, str]) -> None:
        if self.lesson.paused is None:
            self.host.note("pause")

    async def _resume(self, form: dict[str, str]) -> None:
        if self.lesson.paused is not None:
            self.host.note("resume")

    async def _minute(self, form: dict[str, str]) -> None:
        self.host.note("minute", room=self._room(form))

    async def _advance(self, form: dict[str, str]) -> None:
        room = self._room(form)
        for number in self.lesson.tables if room is None else [room]:
            self.host.advance(number)

    async def _auto(self, form: dict[str, str]) -> None:
        sitting = self._sitting(form)
        self.host.note("auto", room=sitting.room, party=sitting.party, body={"on": not sitting.forced})

    async def _kick(self, form: dict[str, str]) -> None:
        sitting = self._sitting(form)
        if sitting.token is not None:
            self.lesson.forget(sitting)
            self.host.note("kicked", room=sitting.room, party=sitting.party)

    async def _swap(self, form: dict[str, str]) -> None:
        one, other = self._sitting(form, "one"), self._sitting(form, "other")
        if one is not other:
            self.lesson.forget(one, other)
            self.host.note("swap", body={"seats": [[one.room, one.party], [other.room, other.party]]})

    async def _reveal(self, form: dict[str, str]) -> None:
        if form.get("sure") != "yes":
            raise HTTPException(422, "Tick the box to say that you mean it.")
        if self.lesson.stage != "revealed":
            self.host.note("reveal")
        self.revealing.begin()

    async def _hints(self, form: dict[str, str]) -> None:
        self.host.note("hints", body={"on": not self.lesson.hints})

    async def _news(self, form: dict[str, str]) -> None:
        text, to = tidy(form.get("text", ""), LONGEST_TEXT), form.get("to", "")
        if not text:
            raise HTTPException(422, "There is nothing to announce.")
        room = party = None
        if ":" in to:
            sitting = self._sitting(form, "to")
            room, party = sitting.room, sitting.party
        elif to != "all":
            room = self._room({"room": to or "none"})
        levers = self._levers(form)
        if levers and party is not None:
            raise HTTPException(422, "What changes the war is news for a whole room, or for all.")
        await self.host.announce(room, party, text, levers)

    def _levers(self, form: dict[str, str]) -> dict[str, float]:
        """The lever of the war that news sets, if it does."""
        lever, to = form.get("lever", ""), form.get("index", "").replace(",", ".")
        if not lever:
            return {}
        try:
            index = float(to)
        except ValueError:
            index = -1.0
        if lever not in self._war() or not 0 <= index <= 1:
            raise HTTPException(422, "Choose a lever of the war, and where it stands from 0 to 1.")
        return {lever: index}

    def _war(self) -> dict[str, float]:
        """The levers of the war, each with where it stands when the talks begin."""
        war = self.lesson.loaded.scenario.war
        return {} if war is None else {name: lever.index for name, lever in war.levers.items()}

    async def _whatif(self, form: dict[str, str]) -> None:
        if self.lesson.stage != "revealed":
            raise HTTPException(422, "Play on once all is revealed.")
        if not self.revealing.play_on(form.get("place", "")):
            raise HTTPException(422, "There is no such answer.")

    async def _view(self) -> dict[str, Any]:
        """The whole class as its teacher sees it."""
        now = time.time()
        rooms = [self._room_view(await self.host.ready(number), now) for number in sorted(self.lesson.tables)]
        case = self.lesson.loaded.case
        return {
            "title": self.lesson.loaded.scenario.title,
            "code": self.lesson.code,
            "url": f"{self.address}/j/{self.lesson.code}",
            "stage": self.lesson.stage,
            "paused": self.lesson.paused is not None,
            "hints": self.lesson.hints,
            "seconds": self.lesson.seconds,
            "rooms": rooms,
            "joined": sum(one["taken"] for one in rooms),
            "over": sum(one["over"] for one in rooms),
            "deadline": case.protocol.deadline,
            "announced": [one.text for one in self.lesson.news if one.room is None and one.party is None][::-1][:3],
            "news": [
                {"to": self._told(one), "text": one.text, "moves": talks_sentences.levers(one.levers)}
                for one in self.lesson.news[::-1]
            ],
            "levers": [(name, talks_sentences.levers({name: index})) for name, index in self._war().items()],
            "seats": [
                (f"{s.room}:{s.party}", f"{s.room} {case.parties[s.party].name}: {s.name or 'nobody'}")
                for s in sorted(self.lesson.seats.values(), key=lambda s: (s.room, s.party))
            ],
        }

    def _told(self, one: News) -> str:
        """Whom an announcement was for."""
        if one.room is None:
            return "for everybody"
        party = "" if one.party is None else f", {self.lesson.loaded.case.parties[one.party].name} alone"
        return f"for room {one.room}{party}"

    def _room_view(self, table: Table, now: float) -> dict[str, Any]:
        lesson, room = self.lesson, table.room
        assert room is not None
        case = room.case
        asks = table.asks()
        playing = lesson.playing(table) and not room.over
        return {
            "number": table.number,
            "round": max(room.round, 1),
            "over": room.over,
            "ending": talks_sentences.ending_name(room.ending) if room.over else None,
            "undone": [case.parties[p].name for p in room.undone],
            "left": max(0, round(lesson.left(table, now))) if playing else None,
            "since": max(0, round(now - table.since)) if playing else None,
            "waits": [case.parties[ask.party].name for ask in asks] if playing else [],
            "taken": len(lesson.taken(table.number)),
            "messages": sum(m.room == table.number for m in lesson.messages),
            "seats": [self._seat_view(lesson.seats[table.number, p], now) for p in lesson.people],
        }

    def _seat_view(self, sitting: Sitting, now: float) -> dict[str, Any]:
        return {
            "id": sitting.place,
            "number": sitting.party,
            "css": f"p{sitting.party % 8}",
            "party": self.lesson.loaded.case.parties[sitting.party].name,
            "name": sitting.name,
            "here": sitting.streams > 0 or now - sitting.seen < 12,
            "away": sitting.token is not None and not sitting.present,
            "forced": sitting.forced,
            "token": sitting.token,
            "read": gate.read(self.lesson.loaded, sitting.party, sitting.gate),
        }
