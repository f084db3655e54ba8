"""Files that people hand in or give back, read without being trusted: ordinary files of a bounded size, as text.

Windows writes UTF-16 where it says "Unicode", with a mark at the start; it is read like UTF-8. What a file means is not
known here. What is written beside such files must not take their place.
"""

from __future__ import annotations

import codecs
import json
from pathlib import Path
from typing import Any

from sim.errors import AnswerError, OutputError, UnsafeFileError
from sim.scenario.yamltext import LARGEST_FILE, Node, parse_yaml

BOTH_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_text(path: Path, most: int) -> str:
    """The text of an ordinary file of at most so many bytes.

    Raises:
        AnswerError: for anything else, with the file.
    """
    try:
        if path.exists() and not path.is_file():
            raise AnswerError(f"{path} is no ordinary file")
        with path.open("rb") as file:
            raw = file.read(most + 1)
    except OSError as error:
        raise AnswerError(f"cannot read {path}: {(error.strerror or str(error)).lower()}") from None
    if len(raw) > most:
        raise AnswerError(f"{path} is larger than {most // 1000:,} kB")
    try:
        return raw.decode("utf-16" if raw.startswith(BOTH_UTF16) else "utf-8-sig")
    except UnicodeDecodeError:
        raise AnswerError(f"{path} is not UTF-8 text; save it as UTF-8") from None


def read_sheet(path: Path, what: str) -> Node:
    """The mapping in a YAML file that somebody handed in, with its places; ``what`` it should hold.

    Raises:
        AnswerError: for what is no ordinary file, or holds no mapping.
        ScenarioError: for a text that is not safe to read.
    """
    if path.is_symlink():
        raise AnswerError(f"{path} is no ordinary file")
    tree = parse_yaml(read_text(path, LARGEST_FILE), str(path))
    if tree.value is None:
        raise UnsafeFileError("is empty", where=str(path))
    if not isinstance(tree.value, dict):
        raise AnswerError(f"{tree.where}: is not a mapping with {what}")
    return tree


def read_json(text: str) -> Any:
    """The data in a JSON text that says nothing twice.

    Raises:
        ValueError: for any other text.
        RecursionError: for one that is nested too deeply.
    """
    return json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands there twice")
    return found


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number")


def only_ours(path: Path, head: str, what: str) -> None:
    """Refuse to replace what we did not write: our own kind of file begins with ``head``; ``what`` it is.

    Raises:
        OutputError: when something else stands there.
    """
    try:
        if not path.exists():
            return
        with path.open("rb") as file:
            found = file.read(len(head.encode()))
    except OSError as error:
        raise OutputError(f"cannot write {path}: {(error.strerror or str(error)).lower()}") from None
    if found and found != head.encode():
        raise OutputError(f"{path} is no {what} and is not overwritten; name another file, or delete it")
