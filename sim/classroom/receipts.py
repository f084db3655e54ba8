"""Signed receipts: what a student was given for an answer, so that nobody can alter it unseen.

A receipt is one JSON object with a keyed digest (HMAC-SHA256) under the instructor's secret, chained to the student's
receipt before it. It holds no part of the right answer.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import AnswerError, OutputError

SHORTEST = 16
"""Bytes that a secret must have."""
LARGEST = 4_000_000
"""Bytes of a file of receipts that are read at most."""
FIRST = ""


def new_secret(path: Path) -> None:
    """Write a new secret to a file that must not exist and that only its owner may read.

    Raises:
        OutputError: when it exists or cannot be written.
    """
    try:
        path.touch(mode=0o600, exist_ok=False)
        path.write_text(secrets.token_hex(32) + "\n", encoding="utf-8")
    except FileExistsError:
        raise OutputError(f"{path} exists already; a secret is never overwritten") from None
    except OSError as error:
        raise OutputError(f"cannot write {path}: {(error.strerror or str(error)).lower()}") from None


def read_secret(path: Path) -> bytes:
    """The secret in a file.

    Raises:
        AnswerError: when it cannot be read or is too short to keep anything secret.
    """
    try:
        with path.open("rb") as file:
            secret = file.read(LARGEST).strip()
    except OSError as error:
        raise AnswerError(f"cannot read the secret {path}: {(error.strerror or str(error)).lower()}") from None
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
    def text(self) -> str:
        """A line a receipt."""
        return "".join(json.dumps(receipt, ensure_ascii=False) + "\n" for receipt in self.receipts)


def read_chain(path: Path, secret: bytes) -> Chain:
    """The receipts in a file, none when there is no file; altered, missing and foreign ones are named by line.

    Raises:
        AnswerError: when the file cannot be read.
    """
    if not path.exists():
        return Chain((), ())
    try:
        with path.open("rb") as file:
            text = file.read(LARGEST).decode("utf-8", "replace")
    except OSError as error:
        raise AnswerError(f"cannot read {path}: {(error.strerror or str(error)).lower()}") from None
    good: list[dict[str, Any]] = []
    faults = []
    for number, line in enumerate(text.splitlines(), 1):
        try:
            receipt = json.loads(line)
        except (ValueError, RecursionError):
            receipt = None
        if not intact(receipt, secret):
            faults.append(f"line {number} is not as it was signed")
            continue
        if receipt.get("before") != (good[-1]["mac"] if good else FIRST) and not faults:
            faults.append(f"a receipt before line {number} is missing")
        good.append(receipt)
    return Chain(tuple(good), tuple(faults))
