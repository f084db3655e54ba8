"""The conversation of `ceasefire play`: prompts, keys, and the offer that is built option by option.

It asks and shows; what may be decided and what it leads to is the game's business.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Protocol

from sim.classroom.decisions import WALK_OUT, Decision
from sim.classroom.game import Game, Paused
from sim.classroom.seat import Feedback, Heard, feedback, last_offer, standing
from sim.report import sentences
from sim.report.terminal import play as play_text
from sim.report.terminal.play import Line
from sim.stakes.space import OptionArray
from sim.talks.state import Talks

HELP = {
    "b": "read your brief again",
    "o": "what each option is worth to you",
    "p": "the path so far",
    "h": "hints on or off",
    "w": "walk out: the talks end",
    "q": "save and quit; the same command goes on from here",
    "?": "these keys",
}
REPLY = {"a": "accept", "r": "reject"}
BUILD = {"NUMBER": "change that issue", "s": "send", "u": "undo the last change", "n": "no new offer this time"}


class Screen(Protocol):
    """Where lines are shown and answers typed."""

    def show(self, lines: list[Line]) -> None:
        """Show some lines."""
        ...

    def ask(self, prompt: str) -> str:
        """One line typed by the person; raises `Paused` where there is nobody any more."""
        ...


class Dialogue:
    """Asks a person for decisions. ``hints`` tells it what a package is worth before it is sent; what is ``new`` is
    introduced before the first question.
    """

    def __init__(self, screen: Screen, hints: bool, keep: Callable[[Game], None], new: bool = False) -> None:
        self.screen, self.hints, self.keep, self.new = screen, hints, keep, new

    def told(self, game: Game, heard: Heard) -> None:
        """Show a round, once the person has decided all it was asked in it."""
        if game.live:
            self._introduced(game)
            self.screen.show(play_text.round_lines(game, heard))

    def _introduced(self, game: Game) -> None:
        """Say who the person is, where something else comes before the first question."""
        if self.new:
            self.screen.show(play_text.opening(game, []))
        self.new = False

    def decide(self, game: Game, talks: Talks, package: OptionArray | None) -> Decision:
        """The person's next decision."""
        return self._offer(game, talks) if package is None else self._reply(game, talks, package)

    def _reply(self, game: Game, talks: Talks, package: OptionArray) -> Decision:
        case = game.loaded.case
        others = [heard.package for heard in game.rounds if heard.author != game.party]
        alike = len(case.signatories) == 2 or case.protocol.drafted
        since = others[-1] if others and alike else None
        seen = feedback(case, game.party, talks, package)
        self._shown(game, talks, "On the table", package, since, seen, _question("Your answer", REPLY))
        while True:
            key = self._key(game, "Your answer", REPLY)
            if key == "a" and self._may_accept(game, seen):
                return Decision("accept")
            if key == "r":
                return Decision("reject")
            if key == "w":
                return Decision(WALK_OUT)

    def _may_accept(self, game: Game, seen: Feedback) -> bool:
        """Whether the person may say yes, and means it where it would be worse off."""
        if seen.against_accepting is not None:
            self.screen.show([(f"You cannot accept that; {seen.against_accepting}.", play_text.BAD)])
            return False
        if self.hints and not seen.enough:
            vain = ", and your side would not carry it out" if seen.in_vain else ""
            sure = self.screen.ask(f"That is less than you need to sign{vain}. Accept all the same? Type yes")
            return sure.strip().lower() == "yes"
        return True

    def _offer(self, game: Game, talks: Talks) -> Decision:
        case = game.loaded.case
        what = "Your wish for the text" if case.protocol.drafted else "Your offer"
        start = last_offer(talks, game.party)
        draft = case.protocol.start_text if start is None else start
        draft = draft if game.draft is None else case.space.package(game.draft)
        undo: list[OptionArray] = []
        head: str | None = what
        while True:
            seen = feedback(case, game.party, talks, draft)
            self._shown(game, talks, head, draft, start, seen, _question(what, BUILD))
            head = None
            key = self._key(game, what, BUILD)
            if key == "s" and self._may_send(seen):
                return Decision("offer", case.space.names(draft))
            if key == "n":
                return Decision("stay")
            if key == "w":
                return Decision(WALK_OUT)
            if key == "u" and undo:
                draft = undo.pop()
            elif _is_number(key):
                changed = self._changed(game, talks, draft, int(key) - 1)
                undo += [draft] if changed is not draft else []
                draft = changed
            game.draft = case.space.names(draft)
            self.keep(game)

    def _may_send(self, seen: Feedback) -> bool:
        if seen.against_sending is not None:
            self.screen.show([(f"That cannot be sent as it stands; {seen.against_sending}.", play_text.BAD)])
        return seen.allowed

    def _changed(self, game: Game, talks: Talks, draft: OptionArray, axis: int) -> OptionArray:
        """The draft with another option of one issue; each option shows what it would make of the whole."""
        case, scenario = game.loaded.case, game.loaded.scenario
        if not 0 <= axis < len(case.space.issues) or len(case.space.left[axis]) < 2:
            self.screen.show([("There is no such issue to change.", play_text.BAD)])
            return draft
        issue = case.space.issues[axis]
        lines: list[Line] = [(sentences.issue_name(scenario, issue.id), play_text.HEAD)]
        tried = {}
        for place, option in enumerate(case.space.left[axis], 1):
            tried[place] = draft.copy()
            tried[place][axis] = option
            seen = feedback(case, game.party, talks, tried[place])
            label = sentences.label(scenario, issue.id, issue.options[option])
            said = f"  {place:>2}. {label}" + ("  (as it is)" if option == draft[axis] else "")
            if self.hints:
                said += f"  {seen.value:.1f} points" + "".join(f", crosses {line}" for line in seen.crosses)
            lines.append((said, play_text.BAD if self.hints and not seen.allowed else play_text.PLAIN))
        self.screen.show(lines)
        typed = self.screen.ask("Which option? Enter leaves it").strip()
        if _is_number(typed) and int(typed) in tried:
            return tried[int(typed)]
        if typed:
            self.screen.show([("There is no such option.", play_text.BAD)])
        return draft

    def _shown(
        self,
        game: Game,
        talks: Talks,
        what: str | None,
        package: OptionArray,
        since: OptionArray | None,
        seen: Feedback,
        question: str,
    ) -> None:
        """Show how things stand, under the head ``what`` where there is one, a package, and what it is to one.

        The ``question`` comes after it.
        """
        case, scenario = game.loaded.case, game.loaded.scenario
        before: list[Line] = []
        if what is not None:
            before = play_text.standing_lines(game, standing(case, game.party, talks))
            before.append((f"Round {talks.round} of {case.protocol.deadline}. {what}:", play_text.HEAD))
        after = play_text.feedback_lines(scenario, seen, self.hints)
        if self.new:
            self.screen.show(play_text.first_screen(game, before, package, after, question))
        else:
            self.screen.show([*before, *play_text.package_lines(scenario, case, package, since), *after])
        self.new = False

    def _key(self, game: Game, what: str, keys: dict[str, str]) -> str:
        """A key of those given, or a number where one is wanted; the keys that do not decide are dealt with here."""
        while True:
            typed = self.screen.ask(_question(what, keys)).strip().lower()
            if typed in keys or typed == "w" or ("NUMBER" in keys and _is_number(typed)):
                if typed != "w" or self.screen.ask("Walk out and end the talks? Type yes").strip().lower() == "yes":
                    return typed
            elif typed == "q":
                raise Paused
            elif typed == "b":
                self.screen.show(play_text.brief(game))
            elif typed == "o":
                self.screen.show(play_text.option_lines(game))
            elif typed == "p" and not game.rounds:
                self.screen.show([("Nothing was tabled yet.", play_text.PLAIN)])
            elif typed == "p":
                for heard in game.rounds:
                    self.screen.show(play_text.round_lines(game, heard))
            elif typed == "h":
                self.hints = not self.hints
                self.screen.show([(f"Hints are {'on' if self.hints else 'off'}.", play_text.PLAIN)])
            else:
                more = [(f"  {key}  {said}", play_text.PLAIN) for key, said in (keys | HELP).items()]
                self.screen.show(
                    more if typed in ("?", "") else [(f'"{typed[:20]}" is not a key here.', play_text.BAD), *more]
                )


def _question(what: str, keys: dict[str, str]) -> str:
    """What is asked, with the keys that decide."""
    return f"{what} ({', '.join(f'{key} {said}' for key, said in keys.items())}, ? more)"


def _is_number(typed: str) -> bool:
    """Whether something typed is a number that could be meant."""
    return typed.isdecimal() and len(typed) < 4


class Terminal:
    """Lines for people and answers from stdin; ``plain`` leaves out all styles, for screen readers and old terminals.

    ``aside`` shows them on stderr, where stdout is for a program.
    """

    STYLES = {"head": "bold", "good": "green", "bad": "red", "quiet": "dim", "": ""}

    def __init__(self, plain: bool, aside: bool = False) -> None:
        from sim.cli.options import console

        self.plain, self.stream, self.aside = plain, sys.stderr if aside else sys.stdout, aside
        self.console = console()
        self.console.file = self.stream

    def show(self, lines: list[Line]) -> None:
        """Show some lines, wrapped where the terminal is narrow."""
        for text, style in lines:
            if self.plain:
                self.stream.write(f"{text}\n")
            else:
                self.console.print(text, style=self.STYLES[style], markup=False)

    def ask(self, prompt: str) -> str:
        """One typed line."""
        self.show([(f"{prompt}:", "")])
        self.stream.flush()
        try:
            if sys.stdin is None:
                raise EOFError
            return input() if self.aside else input("> ")
        except (EOFError, KeyboardInterrupt, OSError):
            raise Paused from None
        except UnicodeDecodeError:
            return "letters that cannot be read"
