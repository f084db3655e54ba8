"""Files read without being trusted, and files written whole: ordinary ones of a bounded size, and never half a one.

It knows nothing of what a file means; who calls says how much a file of its kind may hold.
"""

from __future__ import annotations

import errno
import glob
import hashlib
import json
import os
import platform
import re
import stat
import time
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import mkstemp
from typing import Any

from sim.errors import OutputError

ABANDONED = 24 * 3600
"""Seconds after which an unfinished file was left behind, even where a process of that number is at work."""
DEEPEST = 100
"""Levels of lists and mappings in a JSON text that is read: a rule of ours, for how deep Python itself reads depends on
its version.
"""
DRAFT = ".tmp-"
"""How the names of unfinished files begin."""
UNFINISHED = re.compile(r"\..+?-(?:([0-9a-f]{6})-)?(\d+)-[A-Za-z0-9_]+(-old)?")
"""The name of an unfinished file or folder: what it is to be called, by which machine and process, a few letters."""


def read_bounded(path: Path, most: int) -> bytes:
    """The bytes of an ordinary file of at most so many.

    Raises:
        OSError: with a reason that can be shown, for anything else.
    """
    raw = beginning(path, most + 1)
    if len(raw) > most:
        raise OSError(errno.EFBIG, f"is larger than {most // 1000:,} kB")
    return raw


def beginning(path: Path, most: int) -> bytes:
    """The first bytes of an ordinary file; pipes and devices are not waited for.

    Raises:
        OSError: with a reason that can be shown, for anything else.
    """
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "is a folder, not a file")
        number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except ValueError:
        raise OSError(errno.EINVAL, "no file can have that name") from None
    with os.fdopen(number, "rb") as file:
        mode = os.fstat(file.fileno()).st_mode
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, "is not an ordinary file")
        return file.read(most)


def why(error: OSError | ValueError) -> str:
    """What the system says of a file, in words that can follow its name."""
    return str(getattr(error, "strerror", None) or error).lower().replace(" kb", " kB")


def unread(path: Path, error: OSError) -> str:
    """What to say of a file that could not be read."""
    said = why(error)
    return f"{path} {said}" if said.startswith("is ") else f"cannot read {path}: {said}"


def read_json(text: str) -> Any:
    """The data in a JSON text that says nothing twice and is at most `DEEPEST` levels deep.

    Raises:
        ValueError: for any other text.
    """
    with suppress(RecursionError):
        data = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
        if not _deeper(data, DEEPEST):
            return data
    raise ValueError(f"nested deeper than {DEEPEST} levels")


def _deeper(data: Any, levels: int) -> bool:
    """Whether lists and mappings stand in each other more levels deep than this."""
    level = [data]
    for _ in range(levels):
        level = [inner for outer in level for inner in _inside(outer)]
    return any(isinstance(held, list | dict) for held in level)


def _inside(held: Any) -> Iterable[Any]:
    """What a list or a mapping holds; other data hold nothing."""
    return held.values() if isinstance(held, dict) else held if isinstance(held, list) else ()


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key appears twice")
    return found


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is not a number")


def draft_name(path: Path) -> str:
    """How the name of an unfinished file begins: with what it is to be called, and who writes it."""
    return f"{DRAFT}{path.name[:40]}-{writer()}-"


def writer() -> str:
    """This process, among those of all machines that share a disk."""
    return f"{_machine()}-{os.getpid()}"


@cache
def _machine() -> str:
    return hashlib.sha256(platform.node().encode()).hexdigest()[:6]


def clear_drafts(path: Path) -> None:
    """Take away what killed processes left behind of a file and of its copies."""
    for draft in path.parent.glob(f"{glob.escape(f'{DRAFT}{path.name[:40]}')}-*-*"):
        if abandoned(draft):
            draft.unlink(missing_ok=True)


def abandoned(draft: Path) -> bool:
    """Whether who began an unfinished file was killed; another may be writing its own right now.

    Of processes on other machines that share the disk nothing is known but how old their files are.
    """
    name = UNFINISHED.fullmatch(draft.name)
    if name is None:
        return False
    try:
        if os.name == "posix" and name[1] in (None, _machine()):
            os.kill(int(name[2]), 0)
        return time.time() - draft.stat().st_mtime > ABANDONED
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False


def write_text(path: Path, text: str) -> None:
    """A text file in UTF-8 with line feeds, on every platform."""
    path.write_bytes(text.encode("utf-8"))


def write_whole(path: Path, content: str | bytes, within: Path | None = None) -> None:
    """A file that is there whole or not at all: a reader, or whoever comes after a crash, finds the old or the new one.

    Args:
        path: the file; folders above it are made.
        content: bytes, or text to be written in UTF-8 with its line feeds.
        within: the folder that a complaint names, where the user knows that and not the file.

    Raises:
        OutputError: when the place cannot be written.
    """
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "is a folder")
        path.parent.mkdir(parents=True, exist_ok=True)
        if within is None:  # a sweep's thousands of files are cleared at once, by the sweep
            clear_drafts(path)
        draft = _drafted(path, content, 0o644)
        try:
            draft.replace(path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
    except (OSError, ValueError) as error:
        where = path if within is None else f"to {within}"
        raise OutputError(f"cannot write {where}: {why(error)}") from None


def write_once(path: Path, content: str | bytes, taken: str, mode: int = 0o644) -> None:
    """A file of a name that nobody has yet, whole or not at all; ``taken`` is said where somebody has it.

    Raises:
        OutputError: when there is such a file, or the place cannot be written.
    """
    draft = None
    try:
        clear_drafts(path)
        if path.exists() or path.is_symlink():
            raise FileExistsError
        draft = _drafted(path, content, mode)
        _name_once(draft, path)
    except FileExistsError:
        raise OutputError(f"{path} exists already; {taken}") from None
    except (OSError, ValueError) as error:
        raise OutputError(f"cannot write {path}: {why(error)}") from None
    finally:
        with suppress(OSError):
            if draft is not None:
                draft.unlink(missing_ok=True)


def _drafted(path: Path, content: str | bytes, mode: int) -> Path:
    """The content in an unfinished file beside ``path``, which goes again where it cannot be written."""
    number, name = mkstemp(prefix=draft_name(path), dir=path.parent)  # readable by its owner alone until it is whole
    draft = Path(name)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content.encode("utf-8") if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(mode)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return draft


def _name_once(draft: Path, path: Path) -> None:
    """Give a finished draft its name, which nobody may have taken meanwhile."""
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        raise
    except OSError:  # a disk that knows no links, such as a USB stick's
        if path.exists():
            raise FileExistsError from None
        draft.replace(path)


def ready(place: Path) -> None:
    """Learn whether a file can be written in a folder before the work whose result it is to hold.

    Raises:
        OutputError: when it cannot.
    """
    try:
        place.mkdir(parents=True, exist_ok=True)
        _drafted(place / "ready", "", 0o600).unlink()
    except (OSError, ValueError) as error:
        raise OutputError(f"cannot write to {place}: {why(error)}") from None


def ready_for(path: Path) -> None:
    """The same of a file's own place.

    Raises:
        OutputError: when it cannot be written.
    """
    if path.is_dir():
        raise OutputError(f"cannot write {path}: is a folder")
    try:
        ready(path.parent)
    except OutputError as error:
        raise OutputError(f"cannot write {path}: {str(error).partition(': ')[2]}") from None
