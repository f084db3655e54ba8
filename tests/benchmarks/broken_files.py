"""Broken and hostile files of other platforms: each is refused in one line, and what that takes.

Run it with `python -m tests.benchmarks.broken_files`. A child that has all libraries reads each file alone; CPU seconds
are its own, and memory is its peak, libraries and all. Children are forked, so this wants POSIX.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import defusedxml.ElementTree  # noqa: F401  the children find it there

from sim.errors import CeasefireError
from sim.exchange.domain import scenario_text
from sim.exchange.foreign_files import LARGEST
from sim.exchange.formats import read_domain

GIGABYTE, FULL = 1_000_000_000, LARGEST
SUFFIXES = (".xml", ".json", ".csv", ".yml")
BOMB = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "&a{n - 1};&a{n - 1};">' for n in range(1, 40))
QUADRATIC = f'<!DOCTYPE z [<!ENTITY a "{"a" * 100_000}">]><z>{"&a;" * 10_000}</z>'
YAML_BOMB = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))


def whole(fill: str, ends: tuple[str, str] = ("", "")) -> bytes:
    """Some text again and again, as much as is read at all."""
    first, last = ends
    return (first + fill * ((FULL - len(first) - len(last)) // len(fill)) + last).encode()


def files() -> Iterator[tuple[str, bytes | int]]:
    """Names with contents, or with a size of nothing but zeros."""
    yield "entity bomb.xml", f"<!DOCTYPE z [{BOMB}]><z>&a39;</z>".encode()
    yield "quadratic bomb.xml", QUADRATIC.encode()
    for where in ("file:///etc/passwd", "http://127.0.0.1:9/x"):
        yield f"external {where[:4]}.xml", f'<!DOCTYPE z [<!ENTITY a SYSTEM "{where}">]><z>&a;</z>'.encode()
    yield "external dtd.xml", b'<!DOCTYPE z SYSTEM "http://127.0.0.1:9/z.dtd"><z/>'
    yield "parameter entity.xml", b'<!DOCTYPE z [<!ENTITY % a SYSTEM "file:///etc/passwd"> %a;]><z/>'
    yield "alias bomb.yml", YAML_BOMB.encode()
    yield "tag.yml", b"!!python/object/apply:os.system ['true']\n"
    for suffix in SUFFIXES:
        yield f"one gigabyte{suffix}", GIGABYTE
        yield f"nothing{suffix}", b""
        for code in ("utf-16", "utf-32", "latin-1"):
            yield f"{code}{suffix}", '<?xml version="1.0"?><a>é</a>'.encode(code)
        yield f"zeros{suffix}", b"\0" * 1000
        yield f"lone byte{suffix}", b"\xff\xfe\xfa"
    for code in ("utf-16", "utf-7", "koi8-r", "x-none"):
        yield f"says {code}.xml", f'<?xml version="1.0" encoding="{code}"?><a/>'.encode()
    yield "deep.xml", whole("<a>")
    yield "deep closed.xml", b"<a>" * 250_000 + b"</a>" * 250_000
    yield "wide.xml", whole("<a/>", ("<z>", "</z>"))
    yield "just wide enough.xml", b"<z>" + b"<a b=''/>" * 49_990 + b"</z>"
    yield "just deep enough.xml", b"<a>" * 50_000 + b"</a>" * 50_000
    yield "just wide enough.json", b"[" + b"[]," * 49_990 + b"[]]"
    yield "just long enough.csv", b"issue,option,Ann\n" + b"x,a,1\n" * 33_000
    yield "wide attributes.xml", whole("<a b=''/>", ("<z>", "</z>"))
    yield "one tag.xml", whole("a", ("<", "/>"))
    yield "many attributes.xml", ("<a " + " ".join(f"b{n}=''" for n in range(150_000)) + "/>").encode()
    yield "deep.json", whole("[")
    yield "deep mappings.json", whole('{"a":')
    yield "wide.json", whole("[],", ("[", "[]]"))
    yield "wide mappings.json", whole("{},", ("[", "{}]"))
    yield "one number.json", whole("9")
    yield "one text.json", whole("a", ('"', '"'))
    yield "wide.csv", whole(",")
    yield "long.csv", whole("x,a,1\n", ("issue,option,Ann\n", ""))
    yield "one quote.csv", whole("a", ('"', ""))
    yield "wide.yml", whole("- a\n")
    yield "deep.yml", b"[" * 60_000


def read(path: Path, told: int) -> None:
    """Read a file and tell what was said of it."""
    try:
        scenario_text(read_domain(path).domain, str(path))
        said = "TAKEN"
    except CeasefireError as error:
        said = str(error)
    except BaseException as error:  # what no user should see
        said = f"CRASHED {error!r}"
    os.write(told, said.encode()[:60_000])


def in_a_child(path: Path) -> tuple[str, float, float]:
    """What is said of a file, CPU seconds and the peak of memory in MB."""
    heard, told = os.pipe()
    child = os.fork()
    if not child:
        read(path, told)
        os._exit(0)
    os.close(told)
    said = b"".join(iter(lambda: os.read(heard, 65_536), b"")).decode()
    os.close(heard)
    _, code, used = os.wait4(child, 0)
    return said or f"CRASHED {code}", used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main() -> None:
    """Print what was said of each file, and the most that one took."""
    most_cpu = most_memory = 0.0
    with TemporaryDirectory() as folder:
        for name, content in files():
            path = Path(folder) / name
            with path.open("wb") as file:
                file.truncate(content) if isinstance(content, int) else file.write(content)
            said, cpu, memory = in_a_child(path)
            path.unlink()
            most_cpu, most_memory = max(most_cpu, cpu), max(most_memory, memory)
            bad = "  <<<" if "\n" in said or said.startswith(("TAKEN", "CRASHED")) else ""
            print(f"{cpu:6.2f} s {memory:5.0f} MB  {said.replace(str(path), name)[:110]}{bad}", flush=True)
    print(f"at most {most_cpu:.2f} CPU seconds and {most_memory:.0f} MB")


if __name__ == "__main__":
    main()
