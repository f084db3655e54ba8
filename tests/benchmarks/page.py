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
FLIPPED = """async () => {
    const result = document.querySelector('.result'), busy = () => result.getAttribute('aria-busy') !== 'false', took = [];
    const breath = () => new Promise((next) => { const to = new MessageChannel(); to.port1.onmessage = next; to.port2.postMessage(0); });
    const counted = async () => { while (busy()) await breath(); };
    let began = performance.now();
    document.querySelector('.switchboard').scrollIntoView({behavior: 'instant'});
    await counted();
    const first = performance.now() - began;
    for (const node of document.querySelectorAll('.switch')) {
        began = performance.now();
        node.click();
        await counted();
        took.push(performance.now() - began);
    }
    return [first, took];
}"""  # noqa: E501


def main() -> None:
    """Print the median and the longest."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        page = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"]).new_page()
        page.goto(write_html(report_of(run(load(SLUG))), Path(folder) / "page.html").as_uri())
        first, took = page.evaluate(FLIPPED)
        print(f"first count {first:.0f} ms; {len(took)} switches: ", end="")
        print(f"median {statistics.median(took):.1f} ms, longest {max(took):.1f} ms")


if __name__ == "__main__":
    main()
