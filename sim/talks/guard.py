"""Holds a delegation of somebody's own to the rules of the table: legal offers and replies, in time, and no surprises.

It judges form alone; whether a delegation bargains well, or keeps its lines, is not asked here. Standard agents never
pass through it.

Python cannot stop a thread. In the main thread of a POSIX system a timer interrupts a call that hangs; elsewhere, and
where somebody else uses that timer, the call runs in a thread that is given up when its time is over and ends with the
program. A call stuck inside a C function is reported only when that function returns.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from sim.errors import DelegationError, type_of
from sim.stakes.case import Case
from sim.stakes.run_axis import with_fields
from sim.stakes.space import FloatArray, OptionArray
from sim.talks.delegation import Delegation
from sim.talks.state import Offers, Replies, Talks

LIMIT = 5.0
"""Seconds that a delegation may take for one offer or one answer."""

Made = TypeVar("Made")


class TooLongError(BaseException):
    """Raised inside a call whose time is over; no `Exception`, so that a delegation's own `except` lets it pass."""


class Guarded:
    """A `Delegation` that calls another one and checks all that comes back; R = 1."""

    by_the_model = False
    limit = LIMIT

    def __init__(self, inner: Delegation, case: Case, party: int) -> None:
        self.inner, self.case, self.party = inner, case, party

    def propose(self, talks: Talks, draw: FloatArray) -> Offers:
        """The other's offer, if it is one.

        Raises:
            DelegationError: when it raises, takes too long, or returns no legal offer.
        """
        return self._checked("propose", talks, draw, lambda found: legal_offers(self.case, found))

    def respond(self, talks: Talks, offer: OptionArray) -> Replies:
        """The other's answer, if it is one.

        Raises:
            DelegationError: when it raises, takes too long, or returns no legal answer.
        """
        return self._checked("respond", talks, offer, legal_replies)

    def _checked(self, name: str, talks: Talks, given: npt.NDArray[Any], legal: Callable[[Any], Made]) -> Made:
        party, what = self.case.parties[self.party].id, f"{type(self.inner).__name__}.{name}"
        seen, locked = read_only(talks), _locked(given)
        found = called(party, what, lambda: getattr(self.inner, name)(seen, locked), talks.round, self.limit)
        try:
            return legal(found)
        except ValueError as error:
            raise DelegationError(party, f"{what} returned {error}", talks.round) from None


def called(party: str, what: str, call: Callable[[], Made], round_: int = 0, limit: float = LIMIT) -> Made:
    """What a call to a delegation's code returns, within its time.

    Raises:
        DelegationError: when it raises, or takes longer than ``limit`` seconds.
    """
    start = time.perf_counter()
    try:
        found = _timed(call, limit)
    except TooLongError:
        pass
    except (Exception, SystemExit) as error:
        said = " ".join(str(error).split())[:200]
        kind = type(error).__name__
        raise DelegationError(party, f"{what} raised {kind}{f': {said}' if said else ''}", round_) from error
    else:
        if time.perf_counter() - start <= limit:
            return found
    raise DelegationError(party, f"{what} took longer than {limit:g} second{'' if limit == 1 else 's'}", round_)


def _timed(call: Callable[[], Made], limit: float) -> Made:
    if (
        hasattr(signal, "setitimer")
        and threading.current_thread() is threading.main_thread()
        and signal.getitimer(signal.ITIMER_REAL)[0] == 0
    ):
        return _with_timer(call, limit)
    return _in_thread(call, limit)


def _with_timer(call: Callable[[], Made], limit: float) -> Made:
    """The call, interrupted by a signal once its time is over, and again each second should it go on all the same."""

    def over(number: int, frame: FrameType | None) -> None:
        raise TooLongError

    before = signal.signal(signal.SIGALRM, over)
    try:
        signal.setitimer(signal.ITIMER_REAL, limit, 1.0)
        try:
            return call()
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    finally:
        signal.signal(signal.SIGALRM, before)


def _in_thread(call: Callable[[], Made], limit: float) -> Made:
    """The call in a thread of its own, which is left behind once its time is over."""
    found: list[Made] = []
    raised: list[BaseException] = []

    def run() -> None:
        try:
            found.append(call())
        except BaseException as error:
            raised.append(error)

    worker = threading.Thread(target=run, daemon=True, name="delegation")
    worker.start()
    worker.join(limit)
    if raised:
        raise raised[0]
    if not found:
        raise TooLongError
    return found[0]


def legal_offers(case: Case, given: Any) -> Offers:
    """A copy of what was given, if it is an offer in one run: packages ``(1, I)`` of options that there are.

    Raises:
        ValueError: with what it is instead.
    """
    if not isinstance(given, Offers):
        raise ValueError(f"{type_of(given)} where Offers(packages, made) are due")
    made = _row(given.made, np.bool_, "made")
    issues = case.space.issues
    packages = np.asarray(given.packages)
    if packages.shape != (1, len(issues)) or not np.issubdtype(packages.dtype, np.integer):
        raise ValueError(
            f"packages of shape {packages.shape} and type {packages.dtype} where option numbers of shape "
            f"(1, {len(issues)}) are due"
        )
    for issue, left, option in zip(issues, case.space.left, packages[0].tolist(), strict=True):
        if made[0] and option not in left:
            there = 0 <= option < len(issue.options)
            why = f"pinned away: {issue.options[option]}" if there else f"not there: 0 to {len(issue.options) - 1} are"
            raise ValueError(f"a package with option {option} of {issue.id}, which is {why}")
    silent = np.zeros_like(packages) if not made[0] else packages
    if given.positions is not None:
        legal_offers(case, Offers(given.positions, made))
        return Offers(silent.astype(np.int8), made, np.array(given.positions, dtype=np.int8))
    return Offers(silent.astype(np.int8), made)


def legal_replies(given: Any) -> Replies:
    """A copy of what was given, if it is an answer in one run.

    Raises:
        ValueError: with what it is instead.
    """
    if not isinstance(given, Replies):
        raise ValueError(f"{type_of(given)} where Replies(accepts, crossed, shortfall) are due")
    shortfall = _row(given.shortfall, np.floating, "shortfall").astype(np.float64)
    if not shortfall[0] >= 0 or not np.isfinite(shortfall[0]):
        raise ValueError(f"a shortfall of {shortfall[0]:g} points where 0 or more are due")
    return Replies(
        _row(given.accepts, np.bool_, "accepts"),
        _row(given.crossed, np.uint64, "crossed"),
        shortfall,
        None if given.walks is None else _row(given.walks, np.bool_, "walks"),
    )


def _row(given: Any, kind: Any, name: str) -> npt.NDArray[Any]:
    """A copy of an array ``(1,)`` of a type."""
    found = np.asarray(given)
    if found.shape != (1,) or not np.issubdtype(found.dtype, kind):
        due = "numbers" if kind is np.floating else kind.__name__.rstrip("_")
        raise ValueError(f"{name} of shape {found.shape} and type {found.dtype} where {due} of shape (1,) are due")
    return found.copy()


def read_only(held: Any) -> Any:
    """A record of arrays, such as `Talks`, whose arrays cannot be written to; nothing is copied."""
    fields = {}
    for name in held.by_run:
        part = getattr(held, name)
        if isinstance(part, np.ndarray):
            fields[name] = _locked(part)
        elif hasattr(part, "by_run"):
            fields[name] = read_only(part)
    return with_fields(held, **fields)


def _locked(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    view = array.view()
    view.flags.writeable = False
    return view
