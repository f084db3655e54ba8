"""Which code made a result: a fingerprint of the program's own files, the same from a clone and from its wheel."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import sim

KINDS = (".py", ".html", ".css", ".js", ".json")


@cache
def source_hash() -> str:
    """Sixteen hexadecimal digits of all files of the program, by name and content; ends of lines make no difference."""
    root = Path(sim.__file__).parent
    found = hashlib.sha256()
    for path in sorted(path for path in root.rglob("*") if path.suffix in KINDS and "__pycache__" not in path.parts):
        found.update(f"{path.relative_to(root).as_posix()}\n".encode())
        found.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return found.hexdigest()[:16]
