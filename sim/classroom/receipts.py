"""Signed receipts: what a student was given for an answer, so that nobody can alter it unseen.

A receipt is one JSON object with a keyed digest (HMAC-SHA256) under the instructor's secret, chained to the student's
receipt before it. It holds no part of the right answer.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.classroom.handed_in import read_text
from sim.errors import AnswerError
from sim.files import read_bounded, read_json, unread, write_once

SHORTEST = 16
"""Bytes that a secret must have."""
LARGEST = 4_000_000
"""Bytes of a file of receipts, or of a secret, that are read at most."""
FIRST = ""


def new_secret(path: Path) -> None:
    """Write a new secret to a file that must not exist and that only its owner may read; whole or not at all.

    Raises:
        OutputError: when it exists or cannot be written.
    """
    write_once(path, secrets.token_hex(32) + "\n", "a secret is never overwritten", mode=0o600)


def read_secret(path: Path) -> bytes:
    """The secret in a file.

    Raises:
        AnswerError: when it cannot be read or is too short to keep anything secret.
    """
    try:
        secret = read_bounded(path, LARGEST).strip()
    except OSError as error:
        raise AnswerError(f"the secret: {unread(path, error)}") from None
    if len(secret) < SHORTEST:
        raise AnswerError(
            f"the secret in {path} is shorter than {SHORTEST} bytes; `ceasefire exercise secret` makes one"
        )
    return secret


def sign(receipt: dict[str, Any], secret: bytes) -> dict[str, Any]:
    """The receipt with its digest."""
    return receipt | {"mac": _digest(receipt, secret)}


def intact(receipt: Any, secret: bytes) -> bool:
    """Whether a receipt is as it was signed."""
    if not isinstance(receipt, dict) or not isinstance(receipt.get("mac"), str):
        return False
    unsigned = {key: value for key, value in receipt.items() if key != "mac"}
    return hmac.compare_digest(_digest(unsigned, secret).encode(), receipt["mac"].encode("utf-8", "replace"))


def _digest(receipt: dict[str, Any], secret: bytes) -> str:
    text = json.dumps(receipt, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Chain:
    """A student's receipts for one exercise, oldest first, and what is wrong with them."""

    receipts: tuple[dict[str, Any], ...]
    faults: tuple[str, ...]

    def issued(self, receipt: dict[str, Any], secret: bytes) -> Chain:
        """The chain with one more receipt."""
        before = self.receipts[-1]["mac"] if self.receipts else FIRST
        signed = sign(receipt | {"attempt": len(self.receipts) + 1, "before": before}, secret)
        return Chain((*self.receipts, signed), self.faults)

    @property
    def whose(self) -> str:
        """Student and exercise in words."""
        return shown(self.receipts[0]) if self.receipts else "nobody"

    @property
    def scores(self) -> list[int]:
        """The scores of the receipts that are as they were signed, oldest first."""
        return [receipt.get("score", 0) for receipt in self.receipts]

    @property
    def text(self) -> str:
        """A line a receipt."""
        return "".join(_line(receipt) + "\n" for receipt in self.receipts)

    def of(self, whose: Mapping[str, Any]) -> Chain:
        """The chain as that of one student and exercise: what is signed for another is a fault and gives nothing."""
        theirs = tuple(receipt for receipt in self.receipts if owner(receipt) == whose)
        others = [receipt for receipt in self.receipts if owner(receipt) != whose]
        said = (f"holds a receipt of {shown(others[0])}, not of {shown(whose)}",) if others else ()
        return Chain(theirs, (*self.faults, *said))


OWNER = ("exercise", "names", "student")


def owner(receipt: Mapping[str, Any]) -> dict[str, Any]:
    """What a receipt is bound to: the student and the exercise."""
    return {field: receipt.get(field) for field in OWNER}


def shown(whose: Mapping[str, Any]) -> str:
    """The same in words."""
    names = " (fictional names)" if whose.get("names") == "fictional" else ""
    return f"{str(whose.get('student'))[:80]} for exercise {str(whose.get('exercise'))[:20]}{names}"


def _line(receipt: Mapping[str, Any]) -> str:
    return json.dumps(receipt, ensure_ascii=False)


def read_chain(path: Path, secret: bytes) -> Chain:
    """The receipts in a file, none when there is no file; altered, missing and foreign ones are named by line.

    Raises:
        AnswerError: when the file cannot be read.
    """
    if not path.exists() and not path.is_symlink():
        return Chain((), ())
    good: list[dict[str, Any]] = []
    faults = []
    for number, line in enumerate(read_text(path, LARGEST).splitlines(), 1):
        receipt = _read_line(line)
        if not intact(receipt, secret):
            faults.append(f"line {number} is not as it was signed")
            continue
        if receipt.get("before") != (good[-1]["mac"] if good else FIRST) and not faults:
            faults.append(f"a receipt before line {number} is missing")
        good.append(receipt)
    return Chain(tuple(good), tuple(faults))


def _read_line(line: str) -> Any:
    """The receipt in a line, if the line is as a receipt is written: otherwise it may say more than was signed."""
    try:
        receipt = read_json(line)
        return receipt if _line(receipt) == line else None
    except ValueError:
        return None
