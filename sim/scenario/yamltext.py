"""YAML text to a tree that remembers its lines, read from parse events so that nothing hostile is ever built.

Refused on sight: more than 128 kB, nesting over 20, aliases, anchors, tags, merge keys, several documents, duplicate
keys, text that is not UTF-8. Scalars follow the YAML 1.2 core schema, so `no` and `012` and `12:30:00` stay text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from errno import EFBIG, EINVAL
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn

import yaml

from sim.errors import ScenarioNotFoundError, UnsafeFileError
from sim.files import read_bounded, why

QUICK = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The parser of our own files, in C where PyYAML has it; files of others are read by the one whose refusals we know."""
LARGEST_FILE = 128_000
DEEPEST = 20

_NULL = {"", "~", "null", "Null", "NULL"}
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


@dataclass(frozen=True)
class Node:
    """A value of a YAML file and the place it stands at; ``text`` is how a number, a truth or nothing was written."""

    value: dict[str, Node] | list[Node] | str | int | float | bool | None
    where: str
    text: str | None = None

    def plain(self) -> Any:
        """The value without places."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def place(self, path: tuple[str | int, ...]) -> str:
        """File and line of what stands at a path, or of the nearest thing above it."""
        node = self
        for part in path:
            node = node.below(part) or node
        return node.where

    def written(self, path: tuple[str | int, ...]) -> str | None:
        """How the number, truth or nothing at a path was written; None for anything else."""
        node: Node | None = self
        for part in path:
            node = node.below(part) if node is not None else None
        return None if node is None else node.text

    def below(self, part: str | int) -> Node | None:
        """What stands under a key, or at a place of a list."""
        if isinstance(self.value, dict):
            return self.value.get(str(part))
        if isinstance(self.value, list) and isinstance(part, int) and part < len(self.value):
            return self.value[part]
        return None


def read_yaml(path: Path, own: bool = False, what: str = "scenario file") -> Node:
    """The tree of a file; of ``own``, shipped ones in a sixth of the time. ``what`` it should be, complaints say.

    Raises:
        UnsafeFileError: for anything this module refuses.
        ScenarioNotFoundError: when the file cannot be read at all.
    """
    shown = str(path)
    try:
        raw = read_bounded(path, LARGEST_FILE)
    except IsADirectoryError:
        raise UnsafeFileError(f"is a folder, not a {what}", where=shown) from None
    except OSError as error:
        if error.errno in (EFBIG, EINVAL):
            raise UnsafeFileError(why(error), where=shown) from None
        raise ScenarioNotFoundError(f"{shown}: {why(error)}") from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnsafeFileError(f"is not UTF-8 text, so it is not a {what}", where=shown) from None
    tree = parse_yaml(text, shown, own)
    if tree.value is None:
        raise UnsafeFileError("is empty", where=shown)
    return tree


def read_once(path: Path, own: bool = False) -> Node:
    """The tree of a file that others extend, or of a shipped one, parsed again only when it has changed."""
    try:
        changed = path.stat()
    except OSError:
        return read_yaml(path, own)
    return _kept(path, changed.st_mtime_ns, changed.st_size, own)


@lru_cache(maxsize=64)
def _kept(path: Path, changed: int, size: int, own: bool) -> Node:
    return read_yaml(path, own)


def parse_yaml(text: str, where: str, own: bool = False) -> Node:
    """The tree of a text; ``where`` is what its places begin with."""
    if own:
        with suppress(yaml.YAMLError):  # said below, in the usual words
            return _Reader(where).document(yaml.parse(text, Loader=QUICK))
    try:
        return _Reader(where).document(yaml.parse(text, Loader=yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = f" line {mark.line + 1}" if mark else ""
        raise UnsafeFileError(f"is not YAML: {error.problem or error.context}", where=where + at) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        found = f"the character #x{ord(text[error.position]):04x}"
        raise UnsafeFileError(f"is not YAML: {found} is not allowed", where=f"{where} line {line}") from None


def parse_scalar(text: str, where: str) -> Any:
    """A value given on the command line, read like a value in a file.

    >>> [parse_scalar(text, "--set") for text in ("30", "no", "[a, b]", "012")]
    [30, 'no', ['a', 'b'], '012']
    """
    return parse_yaml(text, where).plain()


class _Reader:
    """Builds nodes from parse events, one after the other, refusing what must not be built."""

    def __init__(self, where: str) -> None:
        self.where = where

    def document(self, events: Iterator[yaml.Event]) -> Node:
        root: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    self.refuse(event, "holds several YAML documents, and only one is allowed")
                root = self.node(next(events), events, depth=1)
        return root or Node(None, self.where)

    def node(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int, place: str | None = None) -> Node:
        """The value that begins with an event; it stands where it is written, or at a place, that of its key."""
        self.guard(event, depth)
        place = place or self.place(event)
        if isinstance(event, yaml.ScalarEvent):
            value = _scalar(event)
            return Node(value, place, None if isinstance(value, str) else event.value)
        if isinstance(event, yaml.SequenceStartEvent):
            entries: list[Node] = []
            while not isinstance(entry := next(events), yaml.SequenceEndEvent):
                entries.append(self.node(entry, events, depth + 1))
            return Node(entries, place)
        mapping: dict[str, Node] = {}
        while not isinstance(key := next(events), yaml.MappingEndEvent):
            self.guard(key, depth)
            if not isinstance(key, yaml.ScalarEvent):
                self.refuse(key, "uses a list or a mapping as a key")
            elif key.value == "<<":
                self.refuse(key, "uses a merge key (<<), which is not allowed")
            elif key.value in mapping:
                self.refuse(key, f'says "{key.value}" twice')
            mapping[key.value] = self.node(next(events), events, depth + 1, self.place(key))
        return Node(mapping, place)

    def guard(self, event: yaml.Event, depth: int) -> None:
        if depth > DEEPEST:
            self.refuse(event, f"is nested deeper than {DEEPEST} levels")
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if anchor is None and tag is None:
            return
        if isinstance(event, yaml.AliasEvent):
            self.refuse(event, f"uses an alias (*{anchor}), which is not allowed")
        if anchor is not None:
            self.refuse(event, f"uses an anchor (&{anchor}), which is not allowed")
        if tag not in (None, "!"):
            self.refuse(event, f"uses a tag ({tag}), which is not allowed")

    def place(self, event: yaml.Event) -> str:
        mark = event.start_mark
        return f"{self.where} line {mark.line + 1}" if mark else self.where

    def refuse(self, event: yaml.Event, what: str) -> NoReturn:
        raise UnsafeFileError(what, where=self.place(event))


def _scalar(event: yaml.ScalarEvent) -> str | int | float | bool | None:
    text: str = event.value
    if not event.implicit[0]:
        return text
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    if _INT.fullmatch(text) and len(text) < 20:
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text
