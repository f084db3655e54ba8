"""What the commands cost: medians of CPU seconds of whole processes, with peak memory.

Run it with `python tests/benchmarks/commands.py`; it prints each with its ratio to starting Python with NumPy alone in
the same run, and the seconds that passed meanwhile. No test is timed.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time

COMMANDS = {
    "--help": 0.6,
    "check 2025-12-stalemate": 0.6,
    "zone 2025-12-stalemate": 0.8,
    "zone ukraine-war --all-issues": 20.0,
    "run 2025-12-stalemate": 2.5,
    "run 2025-03-truce-offer": 5.0,
    "robust 2025-03-truce-offer": 10.0,
    "check deep.yaml": 2.0,
    "check huge.yaml": 2.0,
    "check --all": 8.0,
    "exercise grade fifty": 6.0,
}
"""CPU seconds that each command may take; five hundred answers are graded within a minute."""
REPEATS = 5
NUMBERS = (1, 2, 3, 4, 5, 6, 8, 9)
"""Exercises that are answered by a file."""


def timed(words: list[str], folder: str) -> tuple[float, float, float]:
    """Median CPU seconds, median seconds that passed, and peak MiB of a process."""
    used, passed, peak = [], [], 0.0
    for _ in range(REPEATS):
        start = time.perf_counter()
        process = subprocess.Popen(words, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, _, taken = os.wait4(process.pid, 0)
        passed.append(time.perf_counter() - start)
        used.append(taken.ru_utime + taken.ru_stime)
        peak = max(peak, taken.ru_maxrss / 1024)
    return statistics.median(used), statistics.median(passed), peak


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "deep.yaml"), "w") as file:  # noqa: PTH118, PTH123
            file.write("[" * 60_000)
        with open(os.path.join(folder, "huge.yaml"), "wb") as file:  # noqa: PTH118, PTH123
            file.truncate(10**9)
        os.mkdir(os.path.join(folder, "fifty"))  # noqa: PTH102, PTH118
        for n in range(50):
            with open(os.path.join(folder, "fifty", f"{n}.yaml"), "w") as file:  # noqa: PTH118, PTH123
                file.write(f"exercise: {NUMBERS[n % len(NUMBERS)]}\nstudent: student {n}\nanswer: {{quorum: 0.7}}\n")
        base, _, _ = timed([sys.executable, "-c", "import numpy"], folder)
        print(f"{'command':<28} {'CPU s':>9} {'x numpy':>8} {'passed s':>9} {'peak MiB':>9}  allowed CPU s")
        for command, allowed in COMMANDS.items():
            seconds, passed, peak = timed([sys.executable, "-m", "sim", *command.split()], folder)
            print(f"{command:<28} {seconds:9.2f} {seconds / base:8.1f} {passed:9.2f} {peak:9.0f}  {allowed}")


if __name__ == "__main__":
    main()
