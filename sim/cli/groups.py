"""Help in groups, with one example for each command: what somebody who types `--help` wants to do.

The commands register themselves; this file says only in which group they stand and how one is typed.
"""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup

GROUPS: dict[str, dict[str, str]] = {
    "Look": {
        "run": "run 2025-12-stalemate",
        "zone": "zone toy/two-issues --without joe-keeps-the-tree",
        "report": "report 2025-12-stalemate",
        "explore": "explore 2025-12-stalemate",
        "scenarios": "scenarios",
        "compare": "compare 2025-03-truce-offer 2025-12-stalemate",
        "evidence": "evidence 2025-12-stalemate",
        "explain": "explain ira --scenario toy/two-issues",
        "robust": "robust 2025-03-truce-offer",
        "stable": "stable 2025-03-truce-offer",
    },
    "Play": {
        "play": "play toy/two-issues --as ira",
        "tournament": "tournament toy/two-issues",
    },
    "Study": {
        "new": "new my.yaml --from 2025-12-stalemate",
        "check": "check my.yaml",
        "sweep": "sweep sweeps/truce-beliefs-and-costs",
        "sweeps": "sweeps status outputs/my-sweep",
        "replay": "replay outputs/my-sweep --run 17",
        "import": "import domain.xml --to my.yaml",
        "export": "export toy/two-issues --format geniusweb --to exported",
    },
    "Teach": {
        "exercise": "exercise list",
        "serve": "serve toy/two-issues",
    },
}
"""Commands in the order in which they are listed, each with an example, typed after ``ceasefire``."""
UNDER = {
    "sweeps": {
        "status": "sweeps status outputs/my-sweep",
        "extend": "sweeps extend outputs/my-sweep --cases 256",
        "verify": "sweeps verify outputs/my-sweep --all",
        "table": "sweeps table outputs/my-sweep --out runs.csv --by case",
        "levers": "sweeps levers outputs/my-sweep --outcome zone",
        "screen": "sweeps screen outputs/my-sweep",
        "analyse": "sweeps analyse outputs/my-sweep",
        "work": "sweeps work outputs/my-sweep --shard 3/64",
        "compact": "sweeps compact outputs/my-sweep",
    },
    "exercise": {
        "list": "exercise list --fictional",
        "show": "exercise show 1 --student ana",
        "sheets": "exercise sheets 1 class.txt",
        "pages": "exercise pages 1 --class class.txt",
        "start": "exercise start 1 --student ana",
        "check": "exercise check 1 01-find-the-zone-ana.answer.yaml",
        "grade": "exercise grade answers --roster class.txt",
        "tournament": "exercise tournament answers",
        "verify": "exercise verify receipts --secret secret.txt",
        "secret": "exercise secret secret.txt",
    },
}
"""An example for each command of a command that has commands of its own."""


class Grouped(TyperGroup):
    """The whole command: its commands listed in groups, each with its example at the end of its own help."""

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """A command, with its example."""
        example = next((of[cmd_name] for of in GROUPS.values() if cmd_name in of), None)
        return _with_example(super().get_command(ctx, cmd_name), example)

    def list_commands(self, ctx: Any) -> list[str]:
        """The commands in the order of their groups."""
        known = super().list_commands(ctx)
        listed = [name for of in GROUPS.values() for name in of if name in known]
        return [*listed, *(name for name in known if name not in listed)]

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Each group under its name, and where to start."""
        names = self.list_commands(ctx)
        rest = [name for name in names if not any(name in of for of in GROUPS.values())]
        groups = [(title, list(of)) for title, of in GROUPS.items()] + [("More", rest)]
        wide = max(map(len, names))
        for title, group in groups:
            shown = [(name.ljust(wide), first_sentence(self, ctx, name)) for name in group if name in names]
            if shown:
                with formatter.section(title):
                    formatter.write_dl(shown)
        formatter.write_paragraph()
        formatter.write_text(
            "Start here: ceasefire run 2025-12-stalemate. Each command's own --help ends with an example."
        )


class Whole(TyperGroup):
    """A command with commands of its own, whose lines of help are never cut."""

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """A command, with its example."""
        return _with_example(super().get_command(ctx, cmd_name), UNDER.get(self.name or "", {}).get(cmd_name))

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The commands, each with its first sentence."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, first_sentence(self, ctx, name)) for name in self.list_commands(ctx)])


def _with_example(command: Any, example: str | None) -> Any:
    """A command whose help ends with its example, where it has one."""
    if command is not None and example is not None:
        command.epilog = f"Example: ceasefire {example}"
    return command


def first_sentence(group: TyperGroup, ctx: Any, name: str) -> str:
    """What a command does, whole: the first paragraph of its help."""
    found = group.get_command(ctx, name)
    told = "" if found is None else (found.short_help or found.help or "")
    return " ".join(told.partition("\n\n")[0].split())
