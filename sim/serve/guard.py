"""What stands between the network and the class: hosts, headers, sizes, rates, names, and who may ask for what.

It must not know what a request is about.
"""

from __future__ import annotations

import ipaddress
import time
import unicodedata
from collections.abc import Awaitable, Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sim.markup import visible

MOST_BODY = 64_000
MOST_FIELDS = 200
LONGEST_NAME, LONGEST_TEXT = 24, 500
HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "referrer-policy": "same-origin",  # with none at all a browser calls its own forms foreign
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}


class Guard:
    """Lets through only what is addressed to this machine, and puts the headers on what goes out."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str], lan: bool) -> None:
        self.app, self.hosts, self.lan = app, frozenset(hosts), lan

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                known = {name.lower() for name, _ in message["headers"]}
                added = [(k.encode(), v.encode()) for k, v in HEADERS.items() if k.encode() not in known]
                message["headers"] = [*message["headers"], *added]
            await send(message)

        request = Request(scope)
        refused = self._refused(request)
        if refused is not None:
            await PlainTextResponse(refused, status_code=403)(scope, receive, with_headers)
            return
        await self.app(scope, receive, with_headers)

    def _refused(self, request: Request) -> str | None:
        host = request.headers.get("host", "")
        if not self._known(host):
            return "This address is not the class's."
        if request.method not in ("GET", "HEAD"):
            origin = request.headers.get("origin")
            if origin is not None and origin.partition("://")[2] != host:
                return "This form comes from another page."
        return None

    def _known(self, host: str) -> bool:
        """Whether a host is this machine: by a name that it has, or by number, which no foreign name can stand for."""
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        if name in self.hosts:
            return True
        try:
            return self.lan and bool(ipaddress.ip_address(name))
        except ValueError:
            return False


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form, the last of each name.

    Raises:
        HTTPException: for what is too long, or no form.
    """
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BODY:
            raise HTTPException(413, "That is too long.")
    return dict(await _pairs(body))


async def _pairs(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="replace")
    except ValueError:
        raise HTTPException(400, "That is not a form.") from None


def tidy(text: str, most: int) -> str:
    """Typed text as it is kept: composed letters, no control or direction marks, spaces made one; at most so long.

    >>> tidy("  Ana" + chr(0x202E) + "  B ", 24)
    'Ana B'
    """
    composed = unicodedata.normalize("NFC", text[: 8 * most])
    kept = "".join(" " if letter.isspace() else letter for letter in composed)
    shown = "".join(
        letter
        for letter in kept
        if letter == " " or (unicodedata.category(letter)[0] != "C" and visible(letter) == letter)
    )
    return " ".join(shown.split())[:most].strip()


class Rates:
    """How often somebody may do something: so many seconds apart, a few at once to begin with."""

    def __init__(self, apart: float, at_once: int) -> None:
        self.apart, self.at_once = apart, at_once
        self._due: dict[str, float] = {}

    def allows(self, who: str) -> bool:
        """Whether this time is not too soon; counts it if so."""
        now = time.monotonic()
        if len(self._due) > 5_000:
            self._due = {name: due for name, due in self._due.items() if due > now}
        due = max(self._due.get(who, 0.0), now - self.apart * self.at_once)
        if due > now:
            return False
        self._due[who] = due + self.apart
        return True


Handler = Callable[[Request], Awaitable[Any]]
