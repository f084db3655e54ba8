"""How soon an explorer shows numbers after a move, and what it takes: run by hand in Chromium, on a machine at rest.

python -m tests.benchmarks.explorer [SLUG]
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from sim.report.explorer.page import write_explorer
from tests.report.test_browser import CHROMIUM, FLAGS
from tests.waiting import wait_until

READY = "Boolean(document.getElementById('self-test').textContent && explorer.state().deeper)"
PAINTED = "performance.getEntriesByType('paint').map((entry) => entry.startTime)[0] || 0"
MOVES = """async () => {
  const taken = [], ranges = [...document.querySelectorAll('.slider input[type=range]')];
  const breath = () => new Promise((next) => { const to = new MessageChannel(); to.port1.onmessage = next; to.port2.postMessage(0); });
  for (let i = 0; i < 100; i += 1) {
    const range = ranges[(i * 7) % ranges.length], before = explorer.state().found, start = performance.now();
    range.value = Number(range.min) + (range.max - range.min) * ((i * 37) % 100) / 100;
    range.dispatchEvent(new Event('input'));
    while (explorer.state().busy || explorer.state().found === before) await breath();
    taken.push(performance.now() - start);
    if (i % 10 === 9) document.getElementById('reset').click();
    await new Promise((next) => setTimeout(next, i % 3 ? 30 : 700));
  }
  return taken.sort((a, b) => a - b);
}"""  # noqa: E501


def renderers() -> list[int]:
    """Memory held by each renderer of Chromium, in MB."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if "--type=renderer" in (place / "cmdline").read_text():
                found.append(int(re.findall(r"VmRSS:\s+(\d+)", (place / "status").read_text())[0]) // 1024)
        except (OSError, IndexError):
            continue
    return sorted(found)


def main(slug: str) -> None:
    with TemporaryDirectory() as folder, sync_playwright() as driver:
        path = write_explorer(slug, Path(folder) / "explorer.html")
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        bare = Path(folder) / "bare.html"
        bare.write_text("<!doctype html><title>bare</title><p>One line", "utf-8")
        paints = {name: [] for name in ("explorer", "one line of text")}
        for _ in range(7):
            for found, address in zip(paints.values(), (f"{path.as_uri()}#skip=1", bare.as_uri()), strict=True):
                page = browser.new_page()
                page.goto(address)
                wait_until(lambda: page.evaluate(PAINTED))  # noqa: B023  waited for in this turn
                found.append(page.evaluate(PAINTED))
                page.close()
        page = browser.new_page()
        page.goto(f"{path.as_uri()}#skip=1")
        wait_until(lambda: page.evaluate(READY))
        taken = page.evaluate(MOVES)
        print(f"{slug}: {path.stat().st_size:,} bytes")
        for name, found in paints.items():
            said = ", ".join(f"{each:.0f}" for each in found)
            print(f"first paint of {name}: median {sorted(found)[3]:.0f} ms of {said}")
        print(f"input to numbers: p50 {taken[50]:.0f} ms, p95 {taken[95]:.0f} ms, longest {taken[-1]:.0f} ms")
        print(f"renderers: {renderers()} MB")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "2025-03-truce-offer")
