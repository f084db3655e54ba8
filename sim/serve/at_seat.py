"""The page of a seat and what tells it that something changed. A GET changes nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from sim.serve import codes, seat_page
from sim.serve.host import Host
from sim.serve.notes import note_of
from sim.serve.table import Sitting

MOST_STREAMS = 3
HEARTBEAT = 15.0


class AtSeat:
    """The addresses below `/s` that only show something."""

    def __init__(self, host: Host) -> None:
        self.host, self.lesson = host, host.lesson

    def routes(self) -> list[Route]:
        """All of them."""
        return [
            Route("/s/{token}", self.seat),
            Route("/s/{token}/board", self.board),
            Route("/s/{token}/stream", self.stream),
            Route("/s/{token}/version", self.version),
        ]

    def sitting(self, request: Request) -> Sitting:
        """Who asks, by the address of the seat."""
        sitting = self.lesson.sitting(request.path_params["token"])
        if sitting is None:
            gone = request.path_params["token"] in self.lesson.banned
            raise HTTPException(404, "Your teacher has freed this seat." if gone else "There is no such seat.")
        sitting.seen = time.time()
        return sitting

    async def _shown(self, request: Request, whole: bool) -> Response:
        sitting = self.sitting(request)
        table = await self.host.ready(sitting.room)
        shown = seat_page.whole if whole else seat_page.changing
        words = {"note": note_of(request), "token": sitting.token, "nonce": codes.token(), "mirror": False}
        return HTMLResponse(shown(self.host, sitting, table, time.time(), **words))

    async def seat(self, request: Request) -> Response:
        """The whole page of a seat."""
        return await self._shown(request, True)

    async def board(self, request: Request) -> Response:
        """The parts of it that change while it is open."""
        return await self._shown(request, False)

    async def version(self, request: Request) -> Response:
        """Whether they did."""
        return PlainTextResponse(self.host.version(self.sitting(request).room))

    async def stream(self, request: Request) -> Response:
        """The same, told as it happens."""
        sitting = self.sitting(request)
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
