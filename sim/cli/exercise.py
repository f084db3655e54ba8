"""`ceasefire exercise`: what is handed out, classroom exercises with a personal variant for each student.

The commands for what is handed in stand in `marks`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import app
from sim.cli.groups import Whole
from sim.cli.options import AsJson, console, file_option, print_json, progress_bar
from sim.markup import command_line, counted

exercise = typer.Typer(
    cls=Whole,
    help="Hand out classroom exercises, a variant for each student.",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(exercise, name="exercise")

Number = Annotated[int, typer.Argument(metavar="N", help="The exercise's number (see `ceasefire exercise list`).")]
Student = Annotated[str | None, typer.Option("--student", metavar="ID", help="Whose variant; any id will do.")]
Fictional = Annotated[bool, typer.Option("--fictional", help="Use fictional names; the numbers stay the same.")]
NoSources = Annotated[bool, typer.Option("--no-sources", help="Leave out where red lines are reported.")]
CLASS = "The class: an id on each line, or an exported table (CSV)."
Column = Annotated[
    str | None, typer.Option("--id", metavar="COLUMN", help="The column with the ids, if headings do not tell.")
]


@exercise.command("list")
def list_(fictional: Fictional = False, as_json: AsJson = False) -> None:
    """List the exercises and what each is for."""
    from sim.classroom.exercise_files import exercises

    rows = [
        {"exercise": e.number, "scenario": e.slug, "title": e.loaded.scenario.title, "objective": e.asked.objective}
        for e in exercises(fictional)
    ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        console().print(f"{row['exercise']:>2}  {row['scenario']}", markup=False)
        console().print(f"    {row['objective']}", markup=False)


@exercise.command()
def show(
    number: Number,
    student: Student = None,
    guide: Annotated[bool, typer.Option("--guide", help="The instructor's guide in place of the handout.")] = False,
    fictional: Fictional = False,
    html: Annotated[Path | None, file_option("--html", "Write a page that prints well.")] = None,
    no_sources: NoSources = False,
) -> None:
    """Show an exercise's handout, with a student's own case when --student names one."""
    from sim.classroom.exercise_files import exercise as find
    from sim.classroom.student_ids import known_as
    from sim.classroom.student_variants import assign
    from sim.files import write_whole
    from sim.overwriting import HTML, only_ours
    from sim.report.sheets import addressed, page, paper_sheets, personal_sheet

    if html is not None:
        only_ours(html, HTML, "page")
    entry, student = find(number, fictional), None if student is None else known_as(student)
    if html is not None and not guide:
        texts = paper_sheets(entry, student, not no_sources)
    else:
        texts = [addressed(entry.paper("guide" if guide else "handout"), entry, student)]
        texts += [] if guide else [personal_sheet(assign(entry, student), student, not no_sources)]
    if html is not None:
        write_whole(html, page(entry.loaded.scenario.title, *texts))
        console().print(str(html), markup=False, soft_wrap=True)
        return
    from rich.markdown import Markdown

    for text in texts:
        console().print(Markdown(text))


@exercise.command()
def sheets(
    number: Number,
    students: Annotated[Path, typer.Argument(metavar="CLASS", help=CLASS)],
    out: Annotated[Path | None, file_option("--out", "The page to print; sheets-N.html by default.")] = None,
    column: Column = None,
    fictional: Fictional = False,
    no_sources: NoSources = False,
) -> None:
    """Write one page with a whole class's handouts and cases, to print."""
    from sim.classroom.exercise_files import exercise as find
    from sim.report.sheets import class_page

    def make(ids: list[str], progress: Callable[[float], None]) -> str:
        return class_page(find(number, fictional), ids, progress, not no_sources)

    _for_class(students, column, out or Path(f"sheets-{number}.html"), make, "print it from a browser")


@exercise.command()
def pages(
    number: Number,
    students: Annotated[Path, file_option("--class", CLASS)],
    out: Annotated[Path | None, file_option("--out", "The page to hand out; exercise-N.html by default.")] = None,
    column: Column = None,
    fictional: Fictional = False,
    no_sources: NoSources = False,
) -> None:
    """Write one page with a whole class's cases, to work in.

    It needs a browser but no network, and holds no solutions. Students save answers as files for `exercise grade`.
    """
    from sim.classroom.exercise_files import exercise as find
    from sim.report.exercise_page.page import class_pages

    def make(ids: list[str], progress: Callable[[float], None]) -> str:
        return class_pages(find(number, fictional), ids, fictional, progress, not no_sources)

    _for_class(students, column, out or Path(f"exercise-{number}.html"), make, "hand it out as a file")


def _for_class(
    students: Path, column: str | None, out: Path, make: Callable[[list[str], Callable[[float], None]], str], then: str
) -> None:
    """Write the page that is made of a class's ids, over nothing but an older one."""
    from sim.classroom.roster import read_roster
    from sim.files import write_whole
    from sim.overwriting import HTML, only_ours

    only_ours(out, HTML, "page")
    roster = read_roster(students, column)
    ids = [*roster.ids]
    with progress_bar("making the page") as progress:
        text = make(ids, progress)
    write_whole(out, text)
    without = f"{counted(roster.without, 'row')} without an id; " if roster.without else ""
    console().print(f"{out}  {counted(len(ids), 'student')}; {without}{then}", markup=False, soft_wrap=True)


@exercise.command()
def start(
    number: Number,
    student: Annotated[str, typer.Option("--student", metavar="ID", help="Whose variant; any id will do.")],
    folder: Annotated[Path, typer.Option("--folder", help="Where the files go.")] = Path(),
    fictional: Fictional = False,
) -> None:
    """Write a student's own scenario and an answer sheet to fill in."""
    from sim.classroom.papers import start as write

    scenario, answer = write(number, student, folder, fictional)
    out = console()
    named = ["--fictional"] * fictional
    look = command_line("exercise", "show", number, *named, "--student", student)
    check = command_line("exercise", "check", number, answer)
    out.print(f"{scenario}  your case; look at it with: {look}", markup=False, soft_wrap=True)
    out.print(f"{answer}  fill it in, then: {check}", markup=False, soft_wrap=True)
