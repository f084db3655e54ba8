"""The tutorial notebook: run every cell in a fresh kernel and an empty folder, and compare or rewrite what it shows.

`python -m tests.notebook` rewrites docs/tutorial.ipynb.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from tests.waiting import NET

ROOT = Path(__file__).resolve().parent.parent
TUTORIAL = ROOT / "docs/tutorial.ipynb"


def executed(path: Path, folder: Path) -> Any:
    """The notebook with what its cells show when they are run here and now; a cell that fails raises."""
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=NET, kernel_name="python3", resources={"metadata": {"path": str(folder)}})
    settings = {"PYTHONPATH": str(ROOT), "IPYTHONDIR": str(folder / "ipython"), "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    client.execute(env=os.environ | settings)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = _joined(cell.outputs)
    notebook.metadata.language_info = {"name": "python"}
    return notebook


def _joined(outputs: list[Any]) -> list[Any]:
    """Outputs with printed text in one piece, however the kernel happened to deliver it."""
    found: list[Any] = []
    for output in outputs:
        if found and output.output_type == "stream" == found[-1].output_type and output.name == found[-1].name:
            found[-1].text += output.text
        else:
            found.append(output)
    return found


def shown(notebook: Any) -> list[list[dict[str, Any]]]:
    """What each code cell shows, without how it was run."""
    return [
        [{key: output[key] for key in ("text", "data") if key in output} for output in cell.outputs]
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


if __name__ == "__main__":
    import nbformat

    with tempfile.TemporaryDirectory() as empty:
        nbformat.write(executed(TUTORIAL, Path(empty)), TUTORIAL)
