"""A hook of the documentation site: explorer files that readers can open there, made when the site is built.

They are not kept in the repository. A page links to them as ``explore-SLUG.html``.
"""

from __future__ import annotations

from typing import Any

EXPLORERS = ("2025-12-stalemate", "2025-03-truce-offer")
"""The dated cases that the site holds a file of."""


def on_files(files: Any, config: Any) -> Any:
    """Add the explorers to the site's files, so that links to them are checked like any other."""
    from mkdocs.structure.files import File

    from sim.report.explorer.page import explorer_page

    for slug in EXPLORERS:
        files.append(File.generated(config, f"explore-{slug}.html", content=explorer_page(slug)))
    return files
