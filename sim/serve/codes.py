"""Codes, tokens and secrets of a live class: what the machine is asked for, and how a secret is kept as its digest."""

from __future__ import annotations

import hashlib
import hmac
import secrets

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Letters of a code that cannot be taken for one another: no 0, O, 1, I or L."""
CODE, KEY = 6, 10


def code() -> str:
    """What a class is joined by."""
    return "".join(secrets.choice(LETTERS) for _ in range(CODE))


def teacher_key() -> str:
    """What a teacher signs in with: 49 bits, typed once."""
    return "".join(secrets.choice(LETTERS) for _ in range(KEY))


def token() -> str:
    """128 bits that name a seat, or a teacher's browser."""
    return secrets.token_urlsafe(16)


def digest(secret: str) -> str:
    """A secret as it is kept."""
    return hashlib.sha256(f"ceasefire {secret}".encode()).hexdigest()


def matches(secret: str, kept: str) -> bool:
    """Whether a secret is the one that was kept; it takes as long for a wrong one."""
    return hmac.compare_digest(digest(secret), kept)


def as_typed(text: str) -> str:
    """A code or a key as a person may type it: any case, spaces and hyphens.

    >>> as_typed(" abc-2 3d ")
    'ABC23D'
    """
    return "".join(letter for letter in text.upper() if letter.isalnum())[:64]
