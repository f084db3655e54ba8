"""Files that people hand in or give back, read without being trusted: ordinary files of a bounded size, as text.

Windows writes UTF-16 where it says "Unicode", with a mark at the start; it is read like UTF-8. What a file means is not
known here.
"""

from __future__ import annotations

import codecs
from pathlib import Path

from sim.errors import AnswerError, UnsafeFileError
from sim.files import read_bounded, unread
from sim.scenario.yamltext import LARGEST_FILE, Node, parse_yaml

BOTH_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_text(path: Path, most: int) -> str:
    """The text of an ordinary file of at most so many bytes.

    Raises:
        AnswerError: for anything else, with the file.
    """
    try:
        raw = read_bounded(path, most)
    except OSError as error:
        raise AnswerError(unread(path, error)) from None
    try:
        return raw.decode("utf-16" if raw.startswith(BOTH_UTF16) else "utf-8-sig")
    except UnicodeDecodeError:
        raise AnswerError(f"{path} is not UTF-8 text; save it as UTF-8") from None


def read_sheet(path: Path, what: str) -> Node:
    """The mapping in a YAML file that somebody handed in, with its places; ``what`` it should hold.

    Raises:
        AnswerError: for what is not an ordinary file, or holds no mapping.
        ScenarioError: for a text that is not safe to read.
    """
    if path.is_symlink():
        raise AnswerError(f"{path} is not an ordinary file")
    tree = parse_yaml(read_text(path, LARGEST_FILE), str(path))
    if tree.value is None:
        raise UnsafeFileError("is empty", where=str(path))
    if not isinstance(tree.value, dict):
        raise AnswerError(f"{tree.where}: is not a mapping with {what}")
    return tree
