"""A class's tournament as pages: the ranking for all, and for each student whom they met and how they fared.

It computes nothing that the tournament's measures do not hold.
"""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

from sim.classroom.class_tournament import ClassMeasures
from sim.classroom.spreadsheet import cell
from sim.classroom.student_ids import file_name
from sim.files import write_text
from sim.markup import counted, percent, plain
from sim.plain import text_of
from sim.report.sheets import page, table
from sim.study.ranking import FEWEST, TournamentMeasures, few_runs
from sim.study.shares import scored


def ranking_table(found: TournamentMeasures) -> str:
    """The ranking as a Markdown table."""
    rows = [
        [
            str(row.place),
            row.name,
            *scored(row.score, row.interval),
            "–" if row.beaten_by is None else str(row.beaten_by),
            percent(row.agreement),
        ]
        for row in found.ranking
    ]
    return table([["Place", "Tactic", "Score", "95 % interval", "Clearly beaten by", "Signs"], *rows])


def student_page(found: TournamentMeasures, name: str) -> str:
    """One student's tournament as Markdown: place, and every opponent with what each scored against the other."""
    mine = next(row for row in found.ranking if row.name == name)
    rows = [["Against", "You scored", "They scored", "Signed"]]
    for other, got in found.against[name].items():
        back, signed = found.against[other][name], found.agreement[name][other]
        whom = f"{other} (yourself)" if other == name else other
        rows.append([whom, f"{got:.2f}", f"{back:.2f}", percent(signed)])
    score, ends = scored(mine.score, mine.interval)
    place = f"Place {mine.place} of {len(found.ranking)}: {score}" + (f" ({ends})" if mine.interval else "")
    return f"# Tournament: {plain(name)}\n\n{place}.\n\n{_note(found)}\n\n{table(rows)}\n"


def _note(found: TournamentMeasures) -> str:
    few = f" {few_runs(found)}" if found.runs < FEWEST else ""
    return plain(f"Over {counted(found.runs, 'run')}. {found.note[0].upper()}{found.note[1:]}.{few}")


def write_class_tournament(found: ClassMeasures, title: str, folder: Path) -> None:
    """All files of a tournament: data, ranking, and a page for each student."""
    write_text(folder / "tournament.json", text_of(found))
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["place", "id", "score", "low", "high", "beaten_by"])
    for row in found.ranking:
        writer.writerow([row.place, cell(row.name), row.score, *(row.interval or (None, None)), row.beaten_by])
    write_text(folder / "ranking.csv", out.getvalue())
    refused = "".join(f"- {plain(entry.file)}: {plain(entry.why)}\n" for entry in found.refused)
    left_out = f"\n\n**Left out**\n\n{refused}" if refused else ""
    text = f"# {plain(title)}\n\n{_note(found)}\n\n{ranking_table(found)}{left_out}"
    write_text(folder / "index.html", page(title, text))
    (folder / "students").mkdir()
    for student in found.students:
        text = student_page(found, student)
        write_text(folder / "students" / f"{file_name(student)}.html", page(f"{title}: {student}", text))
