"""A class and whoever wishes it ill: odd requests of many kinds, other people's seats, and kills at any moment."""

from __future__ import annotations

import json
import random
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from tests.serve.live import Class, served, soon
from tests.serve.test_serve import PIE, decisions
from tests.waiting import NET

SEED = 20270105
TEXTS = [
    *("", "..", "../../etc/passwd", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "%00", "%0d%0aset-cookie:%20a=b", "9" * 5_000),
    *("é" * 300, "<script>", "1:offer:0", "-1", "1e999", "‮", "null", "[" * 2_000, "%ff%fe"),
]
PLACES = ["/", "/j/{}", "/s/{}", "/s/{}/board", "/s/{}/stream", "/s/{}/{}", "/t/{}", "/t/room/{}/as/{}", "/{}", "/t"]
HEADERS = [
    *({}, {"host": "evil.example"}, {"host": "["}, {"origin": "http://["}, {"origin": "null"}),
    *({"cookie": "seat=; teacher="}, {"cookie": "a" * 5_000}, {"content-type": "multipart/form-data; boundary="}),
]
BODIES = [
    b"",
    b"a",
    b"&" * 300,
    b"=" * 300,
    b"\xff\xfe",
    b"name=%00%0d%0a",
    b"key=1:offer:0&deed=accept",
    b"x" * 90_000,
]


def odd_requests(many: int) -> Iterator[tuple[str, str, dict[str, str], bytes]]:
    """So many requests that no page makes: method, address, headers, body."""
    dice = random.Random(SEED)
    for _ in range(many):
        place = dice.choice(PLACES).replace("{}", dice.choice(TEXTS), 1).replace("{}", dice.choice(TEXTS), 1)
        method = dice.choice(["GET", "POST", "HEAD", "PUT", "OPTIONS"])
        yield method, place, dice.choice(HEADERS), dice.choice(BODIES) if method == "POST" else b""


def by_hand(made: Class, raw: bytes) -> bytes:
    """What a class answers to bytes on the wire."""
    host, _, port = made.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), 20) as line:
        line.sendall(raw)
        with suppress(OSError):
            return line.recv(65_536)
    return b""


def test_odd_requests_are_refused_and_tell_nothing_of_a_seat(tmp_path: Path) -> None:
    with served(tmp_path, "toy/split-the-pie", "--rounds", "8", "--seconds", "600") as made:
        ann, ben = made.join("Ana", "0"), made.join("Ben", "1")
        made.teacher().post("open")
        visitor = httpx.Client(base_url=made.url, timeout=NET, trust_env=False)
        for number, (method, place, headers, body) in enumerate(odd_requests(120)):
            with suppress(httpx.InvalidURL, httpx.RemoteProtocolError, UnicodeEncodeError, httpx.LocalProtocolError):
                answer = visitor.request(method, place, headers=headers, content=body)
                assert answer.status_code < 500, (number, method, place, headers)
                assert ann.token not in answer.text and ben.token not in answer.text, number
                assert "set-cookie" not in answer.headers or place.startswith(("/t/login", "/j")), number
        upgrade = f"GET /s/{ann.token}/stream HTTP/1.1\r\nHost: {made.url[7:]}\r\nConnection: Upgrade\r\n"
        upgrade += (
            "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        assert b" 101 " not in by_hand(made, upgrade.encode())
        long = b"POST /t/login HTTP/1.1\r\nHost: " + made.url[7:].encode() + b"\r\nTransfer-Encoding: chunked\r\n\r\n"
        assert b" 413 " in by_hand(made, long + (b"ffff\r\n" + b"a" * 0xFFFF + b"\r\n") * 2)
        assert ben.web.post(f"{ann.place}/decide", headers={"origin": "http://evil.example"}).status_code == 403
        foreign = {"key": "1:reply:0", "deed": "accept"}
        assert "accept" not in str(decisions(tmp_path)), ben.post("decide", **foreign).status_code
        visitor.close()
        assert "Ana</bdi> speaks for Ann" in ann.page() and made.process.poll() is None
        assert "Traceback" not in made.said.read_text("utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("number", range(20))
def test_a_class_killed_at_any_moment_keeps_what_it_has_answered_for(tmp_path: Path, number: int) -> None:
    with served(tmp_path, "toy/split-the-pie", "--rounds", "30", "--seconds", "600") as made:
        ann, ben, teacher = made.join("Ana", "0"), made.join("Ben", "1"), made.teacher()
        teacher.post("open")
        doom = threading.Timer(random.Random(f"{SEED} {number}").uniform(0, 3), made.process.kill)
        doom.start()
        kept: list[tuple[int, str]] = []
        with suppress(httpx.HTTPError):  # until nobody answers
            while True:
                for party, student in enumerate((ann, ben)):
                    key = student.key()
                    if key is not None:
                        deed = {"deed": "reject"} if ":reply:" in key else {"deed": "offer", **PIE}
                        if student.post("decide", key=key, **deed).url.query == b"":
                            kept.append((party, key))
        doom.join()
        made.process.wait()
        made.start()
        assert "Ana</bdi> speaks for Ann" in ann.page() and "Ben</bdi> speaks for Ben" in ben.page()
        rows = decisions(tmp_path)
        there = [(party, key) for _, party, key, *_ in rows]
        assert set(kept) <= set(there) and len(there) == len(set(there)), "nothing is lost, and nothing is there twice"
        assert all(json.loads(str(row[3])) for row in rows)
        soon(lambda: ann.key() or ben.key() or "The talks are over" in ann.page())
        names = {path.name for path in tmp_path.iterdir()} - {"said.txt"}
        assert all(".class.sqlite" in name for name in names), names
