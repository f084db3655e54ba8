"""The way into a class: where a code is typed, what it is about, and a seat for whoever asks for one.

Looking takes no seat; only a form does.
"""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from sim.serve import codes, html
from sim.serve.guard import LONGEST_NAME, Rates, form_of, tidy
from sim.serve.host import Host
from sim.serve.notes import note_of


class Entrance:
    """The addresses below `/` and `/j`, and what all pages look like."""

    def __init__(self, host: Host) -> None:
        self.host, self.lesson = host, host.lesson
        self.joins = Rates(0.05, 200)

    def routes(self) -> list[Route]:
        """All of them."""
        return [
            Route("/", self.door),
            Route("/j/{code}", self.welcome),
            Route("/j/{code}", self.join, methods=["POST"]),
            Route("/j/{code}/explore.html", self.explorer),
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
        code = codes.as_typed(request.query_params.get("code", ""))
        if code:
            return RedirectResponse(f"/j/{code[: 2 * codes.CODE]}", 303)
        return html.page("door.html", {"note": note_of(request)})

    def _coded(self, request: Request) -> bool:
        return codes.as_typed(request.path_params["code"]) == self.lesson.code

    async def welcome(self, request: Request) -> Response:
        """What a class is about, and a button; looking at it takes no seat."""
        if not self._coded(request):
            return RedirectResponse("/?note=wrong", 303)
        mine = self.lesson.sitting(request.cookies.get("seat", ""))
        loaded = self.lesson.loaded
        view = {
            "note": note_of(request),
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

    async def explorer(self, request: Request) -> Response:
        """The page to try the scenario out on, once all is revealed; it is one file, and forbids itself to fetch."""
        if not self._coded(request) or not self.lesson.explorer:
            raise HTTPException(404, "There is nothing here.")
        return HTMLResponse(self.lesson.explorer, headers={"content-security-policy": "frame-ancestors 'none'"})

    async def join(self, request: Request) -> Response:
        """Take a seat; a name that sits already is not taken twice, and opens no seat either."""
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
        place = self.lesson.free(wanted, name)
        # a name that sits is no proof: whoever typed it would get the seat, and twins could not be told apart
        wrong = "name" if not name else "taken" if self.lesson.sits(name) else "full" if place is None else ""
        if wrong or place is None:
            return RedirectResponse(f"{back}?note={wrong}", 303)
        token = codes.token()
        self.host.note("joined", room=place[0], party=place[1], body={"token": token, "name": name})
        answer = RedirectResponse(f"/s/{token}", 303)
        answer.set_cookie("seat", token, httponly=True, samesite="lax", path="/j", max_age=12 * 3600)
        return answer
