"""A hundred people at once, and a kill in the middle of them: figures are printed, verdicts hang on what happened.

`python -m tests.serve.test_serve_load` prints the figures.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import sys
import tempfile
import time
from pathlib import Path

import httpx
import pytest

from tests.serve.live import Class, Teacher, exported, logged, served, soon
from tests.serve.test_serve import decisions
from tests.waiting import NET

PEOPLE, ROOMS, ASKED = 100, 25, 7
"""In a round of a room all four answer the text, and the three who do not draft it say their wish."""
SCENARIO = ("classroom/07-live-table", "--rooms", str(ROOMS), "--seconds", "600")


async def sit(web: httpx.AsyncClient, made: Class, n: int) -> str:
    """Take a seat; the path of it."""
    web.cookies.clear()  # each is somebody else
    answer = await web.post(f"/j/{made.code}", data={"name": f"p{n}"})
    place: str = answer.headers["location"]
    assert place.startswith("/s/"), place
    return place


async def negotiate(web: httpx.AsyncClient, place: str, rounds: int, took: dict[str, list[float]]) -> int:
    """Answer whatever is asked for so many rounds; the decisions that were taken."""
    dice, made = random.Random(place), 0
    await asyncio.sleep(dice.uniform(0.0, 3.0))
    while True:
        begun = time.perf_counter()
        page = await web.get(place)
        took["reload"].append(time.perf_counter() - begun)
        assert page.status_code == 200
        begun = time.perf_counter()
        await web.get(f"{place}/version")  # what a request costs that asks for next to nothing: the machine's share
        took["bare"].append(time.perf_counter() - begun)
        asked = re.search(r'name="key" value="([^"]+)"', page.text)
        if asked is None:
            await asyncio.sleep(dice.uniform(0.5, 1.5))
            continue
        if int(asked[1].partition(":")[0]) > rounds:
            return made
        deed = "reject" if ":reply:" in asked[1] else "stay"
        begun = time.perf_counter()
        answer = await web.post(f"{place}/decide", data={"key": asked[1], "deed": deed})
        took["submit"].append(time.perf_counter() - begun)
        assert answer.status_code == 303
        made += "note=" not in answer.headers["location"]
        await asyncio.sleep(dice.uniform(1.0, 3.0))


async def crowd(made: Class, rounds: int, took: dict[str, list[float]]) -> tuple[int, list[str]]:
    """A hundred people who sit down, and then negotiate side by side."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx.AsyncClient(base_url=made.url, timeout=NET, limits=limits, verify=False, trust_env=False) as web:
        places = [await sit(web, made, n) for n in range(PEOPLE)]
        Teacher(made).post("open")
        done = await asyncio.gather(*(negotiate(web, place, rounds, took) for place in places))
        begun = time.perf_counter()
        await asyncio.gather(*(web.get(place) for place in places))
        took["all at once"].append(time.perf_counter() - begun)
    return sum(done), places


def memory(made: Class) -> float:
    """Megabytes that the server holds; 0 where the system does not tell."""
    status = Path(f"/proc/{made.process.pid}/status")
    found = re.search(r"VmRSS:\s+(\d+)", status.read_text()) if status.is_file() else None
    return int(found[1]) / 1000 if found else 0.0


def burnt(made: Class) -> float:
    """Seconds of processor time that the server has used; 0 where the system does not tell."""
    stat = Path(f"/proc/{made.process.pid}/stat")
    if not stat.is_file():
        return 0.0
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measured(folder: Path, rounds: int) -> dict[str, float]:
    """The figures of one crowd, killed and taken up again at the end."""
    took: dict[str, list[float]] = {"reload": [], "submit": [], "bare": [], "all at once": []}
    with served(folder, *SCENARIO) as made:
        before, begun = burnt(made), time.perf_counter()
        decided, places = asyncio.run(crowd(made, rounds, took))
        used, lasted = burnt(made) - before, time.perf_counter() - begun
        requests = PEOPLE + sum(len(took[name]) for name in ("reload", "submit", "bare")) + PEOPLE
        figures = {"decisions": float(decided), "logged": float(len(decisions(folder))), "MB": memory(made)}
        figures |= {"requests": float(requests), "seconds": lasted, "server CPU, s": used}
        figures["server CPU a request, ms"] = 1000 * used / requests
        made.kill()
        begun = time.perf_counter()
        made.start()
        soon(lambda: made.person().get(places[0]).status_code == 200)
        figures["seconds to be back"] = time.perf_counter() - begun
        figures["logged then"] = float(len(decisions(folder)))
        assert all("speaks for" in made.person().get(place).text for place in random.sample(places, 5))
    for name, times in took.items():
        times.sort()
        for share in (50, 95, 100):
            figures[f"{name} p{share}, ms"] = 1000 * times[min(len(times) - 1, len(times) * share // 100)]
    return figures


@pytest.mark.slow
@pytest.mark.e2e
def test_no_decision_of_a_hundred_people_is_lost_and_none_is_there_twice(tmp_path: Path) -> None:
    found = measured(tmp_path, rounds=2)
    assert found["decisions"] == found["logged"] == found["logged then"] == 2 * ASKED * ROOMS


async def stubborn(web: httpx.AsyncClient, place: str, rounds: int, told: set[tuple[str, str]]) -> None:
    """Answer whatever is asked for so many rounds, again where nothing came back; ``told`` is what was confirmed."""
    while True:
        try:
            page = await web.get(place)
            asked = re.search(r'name="key" value="([^"]+)"', page.text)
            if asked is None:
                await asyncio.sleep(0.3)
                continue
            key = asked[1]
            if int(key.partition(":")[0]) > rounds:
                return
            deed = "reject" if ":reply:" in key else "stay"
            answer = await web.post(f"{place}/decide", data={"key": key, "deed": deed})
            if answer.status_code == 303 and "note=" not in answer.headers["location"]:
                told.add((place, key))
            await web.post(f"{place}/decide", data={"key": key, "deed": deed})  # a second click
        except httpx.TransportError:
            await asyncio.sleep(0.2)


async def killed_crowd(made: Class, people: int, kills: int, told: set[tuple[str, str]]) -> None:
    """People who go on while the server is killed and started again under them."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx.AsyncClient(base_url=made.url, timeout=NET, limits=limits, verify=False, trust_env=False) as web:
        places = [await sit(web, made, n) for n in range(people)]
        Teacher(made).post("open")
        work = asyncio.gather(*(stubborn(web, place, 3, told) for place in places))
        for n in range(kills):
            wanted = (n + 1) * people // 2
            while len(told) < wanted and not work.done():
                await asyncio.sleep(0.05)
            await asyncio.to_thread(made.kill)
            await asyncio.to_thread(made.start)
        await work


@pytest.mark.slow
@pytest.mark.e2e
def test_a_server_that_is_killed_under_load_loses_no_decision_and_takes_none_twice(tmp_path: Path) -> None:
    people, told = 24, set[tuple[str, str]]()
    words = ("classroom/07-live-table", "--rooms", "6", "--seconds", "600")
    with served(tmp_path, *words) as made:
        asyncio.run(killed_crowd(made, people, 4, told))
        rows = [row[:3] for row in decisions(tmp_path)]
        sat = logged(tmp_path, "SELECT room, party, body FROM events WHERE type = 'joined'")
        seats = {f"/s/{json.loads(body)['token']}": (room, party) for room, party, body in sat}
        assert len(rows) == len(set(rows)) == 3 * ASKED * 6, "none is there twice, and none is missing"
        assert {(*seats[place], key) for place, key in told} <= set(rows), "what was confirmed is kept"
        first = exported(Teacher(made)).read("room-1.json")
        made.kill()
        made.start()
        assert exported(Teacher(made)).read("room-1.json") == first


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        for name, figure in measured(Path(place), rounds=4).items():
            sys.stdout.write(f"{name:24} {figure:10.1f}\n")
