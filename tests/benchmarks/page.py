"""How long new numbers take after a switch of the report is flipped: the median over its switches, in Chromium.

Run it with `python tests/benchmarks/page.py`. It should be 50 milliseconds at most; no test is timed.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from sim import load
from sim.report.html.write import report_of, write_html
from sim.study.run import run

SLUG = "2025-12-stalemate"
FLIPPED = """() => [...document.querySelectorAll('[data-place]')].map((node) => {
    const began = performance.now();
    node.click();
    document.body.offsetHeight;
    return performance.now() - began;
})"""


def main() -> None:
    """Print the median and the longest."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        page = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"]).new_page()
        page.goto(write_html(report_of(run(load(SLUG))), Path(folder) / "page.html").as_uri())
        took = page.evaluate(FLIPPED)
        print(f"{len(took)} switches: median {statistics.median(took):.1f} ms, longest {max(took):.1f} ms")


if __name__ == "__main__":
    main()
