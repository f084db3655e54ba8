"""`ceasefire exercise …`: what students hand in, checked by recomputing, marked, signed, played against each other."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.exercise import CLASS, Column, Number, exercise
from sim.cli.options import AsJson, Changes, Out, console, file_option, print_json, progress_bar
from sim.markup import counted

SHOWN = 10
"""Damaged files that are named."""

Secret = Annotated[Path | None, file_option("--secret", "The instructor's secret, for signing receipts.")]
Receipts = Annotated[Path, typer.Option("--receipts", metavar="FOLDER", help="Where receipts are kept.")]


@exercise.command()
def check(
    number: Number,
    answer: Annotated[Path, typer.Argument(metavar="ANSWER", help="The answer sheet, filled in.")],
    secret: Secret = None,
    receipts: Receipts = Path("receipts"),
    as_json: AsJson = False,
) -> None:
    """Check an answer: which properties it has and lacks; of a prediction, only whether it can be read."""
    from sim.classroom.grading import issue
    from sim.classroom.papers import locked, mark, read_answer, unread
    from sim.classroom.receipts import read_secret
    from sim.errors import AnswerError

    submission = read_answer(answer)
    if submission.number != number:
        raise AnswerError(f"{answer} answers exercise {submission.number}, not {number}")
    if locked(submission) and secret is None:
        _check_prediction(submission.student, number, unread(submission), as_json)
        return
    marked = mark(submission)
    chain = None if secret is None else issue(submission, marked.score, read_secret(secret), receipts)
    if as_json:
        signed = {} if chain is None else {"receipt": chain.receipts[-1]}
        print_json({"exercise": number, "student": submission.student, **asdict(marked), **signed})
        return
    for message in marked.messages:
        console().print(message, markup=False, soft_wrap=True)
    console().print(f"Score: {marked.score} of 100" + (" (passed)" if marked.passed else ""), markup=False)


def _check_prediction(student: str, number: int, faults: tuple[str, ...], as_json: bool) -> None:
    """Say of a prediction whether it is filled in: right and wrong are told when it is graded, once."""
    if as_json:
        print_json({"exercise": number, "student": student, "filled_in": not faults, "messages": list(faults)})
        return
    for message in faults or ("All of it can be read.",):
        console().print(message, markup=False, soft_wrap=True)
    console().print(
        "It is marked when it is graded, and the first graded answer counts: hand it in, then run.", markup=False
    )


@exercise.command()
def grade(
    place: Annotated[
        Path,
        typer.Argument(metavar="PLACE", help="A folder of answer files, or the table (CSV) of a form's responses."),
    ],
    out: Annotated[Path, file_option("--out", "The table of marks.")] = Path("grades.csv"),
    roster: Annotated[Path | None, typer.Option("--roster", metavar="CLASS", help=CLASS)] = None,
    form: Annotated[
        str,
        typer.Option(
            "--format", metavar="FORM", help="long (a row for each answer), canvas or moodle (for each student)."
        ),
    ] = "long",
    number: Annotated[
        int | None, typer.Option("--exercise", metavar="N", help="Which exercise a form's responses answer.")
    ] = None,
    fictional: Annotated[bool, typer.Option("--fictional", help="The form's exercise uses fictional names.")] = False,
    column: Column = None,
    secret: Secret = None,
    receipts: Receipts = Path("receipts"),
    as_json: AsJson = False,
) -> None:
    """Grade answer files, or the responses of a form, into a CSV table.

    An answer that cannot be read gets zero and a message; the rest are graded all the same. With --roster, also says
    who is missing, and which ids are not on the list.
    """
    from sim.classroom.grading import grade as grade_all
    from sim.classroom.grading import graded
    from sim.classroom.marks_table import by_roster, form_of, marks_tables, only_marks, write_marks
    from sim.classroom.receipts import read_secret
    from sim.classroom.responses import read_responses
    from sim.classroom.roster import read_roster

    chosen = form_of(form, roster is not None)
    table = None if place.is_dir() or place.suffix.lower() not in (".csv", ".tsv", ".txt") else place
    others = [path for path in (roster, table, secret) if path is not None]
    only_marks(out, others)
    key = None if secret is None else read_secret(secret)
    listed = None if roster is None else read_roster(roster, None if table else column)
    with progress_bar("marking answers") as progress:
        if table is None:
            own = [path for path in (out, receipts, secret, roster) if path is not None]
            rows = grade_all(place, key, receipts, progress, own)
        else:
            rows = graded(read_responses(table, number, fictional, column, progress), key, receipts)
    found = None if listed is None else by_roster(rows, listed)
    rows = rows if found is None else list(found.rows)
    made = write_marks(out, marks_tables(rows, chosen, listed), others)
    if as_json:
        measures = [row.measures() for row in rows]
        print_json(measures if found is None else {"rows": measures, **found.measures()})
        return
    unread = sum(row.exercise is None for row in rows)
    differing = sum(row.score is None for row in rows)
    said = f"; {unread} could not be read" if unread else ""
    said += f"; {differing} without a score, for answers of one student differ" if differing else ""
    where = ", ".join(map(str, made))
    console().print(f"{counted(len(rows), 'answer')}, marks in {where}{said}", markup=False, soft_wrap=True)
    for line in [] if found is None or listed is None else found.sentences(listed):
        console().print(line, markup=False, soft_wrap=True)


@exercise.command()
def tournament(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Tactics, one YAML file for each student.")],
    scenario: Annotated[
        str, typer.Option("--scenario", metavar="SCENARIO", help="The scenario to play.")
    ] = "classroom/08-tournament",
    runs: Annotated[int, typer.Option("--runs", min=2, max=1_000, help="Runs of each pair in each seat.")] = 20,
    changes: Changes = None,
    out: Out = Path("outputs"),
    as_json: AsJson = False,
) -> None:
    """Play a class's tactics against each other, and write a page for each student.

    Each YAML file is {student: ID, tactic: {exponent: 0.5}} or an answer sheet of exercise 8.
    """
    from sim.classroom.class_tournament import class_tournament
    from sim.files import ready
    from sim.report.tournament_pages import write_class_tournament
    from sim.scenario.loader import load
    from sim.study.ranking import FEWEST, few_runs
    from sim.study.record import folder_of, whole_folder

    loaded = load(scenario, changes or ())
    ready(out)
    with progress_bar("playing every pair") as progress:
        played = class_tournament(loaded, folder, runs, progress, [out, out / loaded.slug])
    place = folder_of(loaded, "tournament", played.number, out)
    found = played.measured
    with whole_folder(place) as draft:
        write_class_tournament(found, loaded.scenario.title, draft)
    if as_json:
        print_json(found, place)
        return
    screen = console()
    for row in found.ranking:
        sure = "" if row.interval is None else f" ({row.interval[0]:.2f} to {row.interval[1]:.2f})"
        screen.print(f"{row.place:>3}  {row.score:.2f}{sure}  {row.name}", markup=False)
    if found.runs < FEWEST:
        screen.print(few_runs(found))
    for entry in found.refused:
        screen.print(f"left out: {entry.file}: {entry.why}", markup=False, soft_wrap=True)
    screen.print(str(place), markup=False, soft_wrap=True)


@exercise.command()
def verify(
    receipts: Annotated[Path, typer.Argument(metavar="PLACE", help="A file of receipts, or a folder of them.")],
    secret: Annotated[Path, file_option("--secret", "The instructor's secret.")],
    as_json: AsJson = False,
) -> None:
    """Check that receipts are unchanged since they were signed, and show whose they are and the scores.

    A file is bound to its student and its exercise: under another's name it is a fault.
    """
    from sim.classroom.receipts import read_secret
    from sim.classroom.verifying import check_receipts
    from sim.errors import AnswerError

    found = check_receipts(receipts, read_secret(secret))
    if as_json:
        measures = [checked.measures() for checked in found]
        print_json(measures if receipts.is_dir() else measures[0])
    bad = [checked for checked in found if checked.chain.faults]
    for chain in [] if as_json else [checked.chain for checked in found if not checked.chain.faults]:
        scores = ", ".join(str(score) for score in chain.scores)
        said = f"{chain.whose}: {scores} of 100; {counted(len(chain.scores), 'receipt')}, as signed"
        console().print(said, markup=False, soft_wrap=True)
    if bad:
        said = "; ".join(f"{checked.file}: {', '.join(checked.chain.faults)}" for checked in bad[:SHOWN])
        raise AnswerError(said + (f"; and {counted(len(bad) - SHOWN, 'more file')}" if len(bad) > SHOWN else ""))


@exercise.command("secret")
def secret_(file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.")]) -> None:
    """Make a secret for signing receipts; keep it where no student can read it."""
    from sim.classroom.receipts import new_secret

    new_secret(file)
    console().print(f"{file} holds your secret", markup=False, soft_wrap=True)
