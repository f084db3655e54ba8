"""A class in a process of its own, on loopback, and people who speak to it over HTTP as a browser would."""

from __future__ import annotations

import io
import re
import sqlite3
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.children import Child
from tests.waiting import NET, wait_until


def logged(folder: Path, question: str) -> list[tuple[Any, ...]]:
    """What the file of the class in a folder says to a question in SQL."""
    (base,) = folder.glob("*.class.sqlite")
    with closing(sqlite3.connect(base)) as log:
        return log.execute(question).fetchall()


class Class:
    """A running class: where it listens, how it is joined, and what it said so far."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.folder, self.words = folder, words
        self.webs: list[httpx.Client] = []
        self.said = folder / "said.txt"
        self.port = "0"
        self.start()

    def start(self) -> None:
        """Start the server, on the same port as before where there was one."""
        self.said.touch()
        before = self.said.stat().st_size
        self.process = Child(("serve", *self.words, "--port", self.port), self.folder, self.said)
        wait_until(lambda: self.process.poll() is not None or b"Ctrl+C" in self.said.read_bytes()[before:])
        text = self.said.read_bytes()[before:].decode()
        assert self.process.poll() is None, text
        self.url = found(r"(http://[\d.:]+)/j/", text)
        self.port = self.url.rpartition(":")[2]
        self.code, self.key = found(r"code (\w+)", text), found(r"/t#(\w+)", text)

    def kill(self) -> None:
        """What a power cut does."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """What Ctrl+C does."""
        self.process.interrupt()
        self.process.wait()

    def person(self) -> httpx.Client:
        """Somebody with a browser of their own."""
        web = httpx.Client(base_url=self.url, timeout=NET, follow_redirects=True, verify=False, trust_env=False)
        self.webs.append(web)
        return web

    def teacher(self) -> Teacher:
        """Whoever has the key."""
        return Teacher(self)

    def join(self, name: str, party: str = "") -> Student:
        """Somebody who takes a seat."""
        return Student(self, name, party)


class Student:
    """Somebody in a seat."""

    def __init__(self, served: Class, name: str, party: str) -> None:
        self.served, self.web = served, served.person()
        answer = self.web.post(f"/j/{served.code}", data={"name": name, "party": party})
        assert "/s/" in str(answer.url), answer.text
        self.place = answer.url.path
        self.token = self.place.removeprefix("/s/")

    def page(self) -> str:
        """The page of the seat."""
        return self.web.get(self.place).raise_for_status().text

    def key(self) -> str | None:
        """The moment that the seat is asked for, if it is asked."""
        keys = re.findall(r'name="key" value="([^"]+)"', self.page())
        return keys[0] if keys else None

    def post(self, button: str, **form: Any) -> httpx.Response:
        """Press a button."""
        return self.web.post(f"{self.place}/{button}", data=form)

    def decide(self, deed: str, key: str | None = None, **form: Any) -> httpx.Response:
        """Decide, once the seat is asked."""
        asked: list[str | None] = [key]
        if key is None:
            soon(lambda: asked.append(self.key()) or asked[-1])
        return self.post("decide", key=asked[-1], deed=deed, **form)


class Teacher:
    """Whoever steers."""

    def __init__(self, served: Class) -> None:
        self.web = served.person()
        page = self.web.post("/t/login", data={"key": served.key}).text
        self.form_token = found(r'name="form_token" value="(\w+)"', page)

    def post(self, deed: str, **form: Any) -> httpx.Response:
        """Press a button."""
        return self.web.post(f"/t/{deed}", data={"form_token": self.form_token, **form})

    def page(self, place: str = "/t") -> str:
        """A page of the teacher's."""
        return self.web.get(place).raise_for_status().text


def exported(teacher: Teacher) -> zipfile.ZipFile:
    """All that a class exports."""
    return zipfile.ZipFile(io.BytesIO(teacher.web.get("/t/export.zip").content))


def soon(happened: Callable[[], object]) -> None:
    """Wait until something is true that costs the server work to ask."""

    def asked() -> object:
        time.sleep(0.1)
        return happened()

    wait_until(asked)


def found(pattern: str, text: str) -> str:
    """What a pattern holds in a text."""
    match = re.search(pattern, text)
    assert match, (pattern, text[:2000])
    return match[1]


@contextmanager
def served(folder: Path, *words: str) -> Iterator[Class]:
    """A class that runs while the block does."""
    made = Class(folder, *words)
    try:
        yield made
    finally:
        made.kill()
        for web in made.webs:
            web.close()
