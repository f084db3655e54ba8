"""The application of a class: all its addresses, and what is said when something goes wrong."""

from __future__ import annotations

from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse

from sim.errors import AnswerError
from sim.serve import html
from sim.serve.at_seat import AtSeat
from sim.serve.deeds import Deeds
from sim.serve.entrance import Entrance
from sim.serve.guard import Guard
from sim.serve.host import Host
from sim.serve.teacher import Teacher


async def refused(request: Request, error: Exception) -> HTMLResponse:
    """What went wrong, on a page, without how the program works inside."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    detail = error.detail if isinstance(error, HTTPException) else "That did not work. Go back and try again."
    if isinstance(error, AnswerError):
        status, detail = 422, str(error)
    return html.page("refused.html", {"detail": detail, "note": None}, status)


def make_app(host: Host, hosts: frozenset[str], lan: bool, address: str) -> Starlette:
    """The whole application of a class."""
    seats = AtSeat(host)
    rooms = [Teacher(host, address), Entrance(host), seats, Deeds(host, seats)]
    routes = [route for room in rooms for route in room.routes()]  # type: ignore[attr-defined]
    handlers: Any = {HTTPException: refused, AnswerError: refused, Exception: refused}
    made = Starlette(routes=routes, exception_handlers=handlers, middleware=[Middleware(Guard, hosts=hosts, lan=lan)])
    made.state.host = host
    return made
