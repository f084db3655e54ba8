"""What the columns of a sweep's files mean and in which unit: told inside every file and in the folder's README.

Nothing is read or written here.
"""

from __future__ import annotations

from sim import BANNER
from sim.markup import counted
from sim.sweeps.sweep import Sweep

COLUMNS = {
    "case": ("number", "the case, a point of the design"),
    "replication": ("number", "which of the case's runs; the run's number is case times runs of a case plus this"),
    "ending": ("name", "how the talks ended; null where the run failed"),
    "round": ("rounds", "the round in which they ended"),
    "seen": ("rounds", "the first round in which what was on the table suited everybody; 0 for none"),
    "left": ("name", "the party that walked out; null where nobody did"),
    "package": ("number", "what was agreed, by its place among all packages; null where nothing was"),
    "held_months": ("months", "how long the agreement held; null where nothing was agreed"),
    "zone": ("1 or 0", "whether a package suits every signatory under the declared lines; null where unknown"),
    "settlement_zone": ("1 or 0", "the same for a settlement"),
    "true_zone": ("1 or 0", "the same under the true lines, which are an assumption"),
    "plain_truce": ("1 or 0", "whether a truce with nothing else settled suits every signatory"),
    "verdict": ("name", "reached, missed, hidden (a zone under the true lines alone), structural (none), or censored: "
                "the war ended the talks before a zone was found"),
}  # fmt: skip
"""Unit and meaning by column."""


def meaning(column: str) -> tuple[str, str]:
    """Unit and meaning of a column."""
    if column.startswith("value."):
        party = column.removeprefix("value.")
        return "points a month", f"what the agreement is worth to {party}; null where nothing was agreed"
    return COLUMNS[column]


def described(sweep: Sweep) -> str:
    """The README of a sweep's folder: what was run, what the files hold, how to go on."""
    parties = [f"value.{party.id}" for party in sweep.loaded.case.parties]
    lines = [f"# A sweep of {sweep.loaded.scenario.title}", "", f"> {BANNER}", ""]
    lines += [
        "`manifest.json` holds all that it takes to make every run again: the whole scenario, what varies "
        f"({counted(len(sweep.factors), 'field')}), design, seed, and the code that it was begun with. `runs/` holds "
        "a Parquet file for each chunk of runs, which DuckDB, polars, pandas and R read as they are. Values of the "
        "fields are not repeated: `ceasefire sweeps table` writes one table with them beside the outcomes.",
        "",
        "Shares are of the cases asked for, under the ranges given; they are not chances of anything in the world.",
        "",
        "| column | unit | meaning |",
        "|---|---|---|",
    ]
    lines += [f"| `{name}` | {' | '.join(meaning(name))} |" for name in (*COLUMNS, *parties)]
    lines += [
        "",
        "`ceasefire sweeps status|analyse|verify|extend` and `ceasefire replay … --run N` go on from here.",
        "",
    ]
    return "\n".join(lines)
