"""Intervals of shares once more, in loops and sums as they stand on paper, to referee `sim.sweeps.intervals`.

Answers are lists of lists, a list a case: 1, 0, or None where a run failed.
"""

from __future__ import annotations

from math import sqrt

from scipy.stats import beta, t

Z = 1.959963984540054


def variance(values: list[float]) -> float:
    mean = sum(values) / len(values)
    return sum((value - mean) ** 2 for value in values) / (len(values) - 1)


def parts(answers: list[list[int]]) -> tuple[float, float, float]:
    """Variance of the share by cases, by draws and by both together (A, B, I), the last from every single residual."""
    cases, draws = len(answers), len(answers[0])
    case = [sum(row) / draws for row in answers]
    draw = [sum(row[r] for row in answers) / cases for r in range(draws)]
    mean = sum(case) / cases
    residual = sum((answers[i][r] - case[i] - draw[r] + mean) ** 2 for i in range(cases) for r in range(draws))
    both = residual / ((cases - 1) * (draws - 1) * cases * draws) if cases > 1 else 0.0
    return variance(case) / cases if cases > 1 else 0.0, variance(draw) / draws, both


def interval(answers: list[list[int | None]], common: bool, exhaustive: bool) -> tuple[float, float] | None:
    """Both ends, or None."""
    rows = [[y for y in row if y is not None] for row in answers]
    rows = [row for row in rows if row]
    whole = [row for row in rows if len(row) == len(answers[0])]
    cases, draws = len(rows), len(answers[0])
    case = [sum(row) / len(row) for row in rows]
    if not cases:
        return None
    mean = sum(case) / cases
    rarer = min(mean, 1 - mean)
    if common:
        if draws < 4 or not whole or (not exhaustive and len(whole) < 2):
            return None
        _, by_draw, both = parts(whole)
        if exhaustive:
            square, sure = t.ppf(0.975, draws - 1) ** 2 * by_draw, draws
        else:
            by_case, sure = variance(case) / cases, min(cases, draws)
            if draws > cases:
                square = t.ppf(0.975, cases - 1) ** 2 * by_case
                square += t.ppf(0.975, draws - 1) ** 2 * max(by_draw - both, 0)
            else:
                square = t.ppf(0.975, draws - 1) ** 2 * by_draw
                square += t.ppf(0.975, cases - 1) ** 2 * max(by_case - both, 0)
    elif exhaustive:
        if draws < 2:
            return None
        within = sum(a * (1 - a) / max(len(row) - 1, 1) for a, row in zip(case, rows, strict=True)) / cases**2
        square, sure = t.ppf(0.975, cases * (draws - 1)) ** 2 * within, cases * draws
    else:
        if cases < 2:
            return None
        square, sure = t.ppf(0.975, cases - 1) ** 2 * variance(case) / cases, cases
    if exhaustive and square < 1e-24:  # nothing varied by luck: 0 of so many runs, or draws, went otherwise
        yes, no = sum(a == 1 for a in case), sum(a == 0 for a in case)
        each = min(map(len, rows))
        at_most = [1 - 0.025 ** (1 / (draws if common else max(n, 1) * each)) for n in (yes, no)]
        return mean - mean * at_most[0], mean + (1 - mean) * at_most[1]
    trials = float(sure)
    if sqrt(square) > 1e-12:
        worth = mean * (1 - mean) * Z**2 / square
        if exhaustive and not common:
            trials = max(cases * draws, worth) if cases * draws * rarer >= 10 else cases * draws
        else:
            trials = min(cases * draws, worth)
    if sure * rarer < 1:
        trials = min(trials, sure)
    low = 0.0 if mean == 0 else beta.ppf(0.025, mean * trials, trials - mean * trials + 1)
    high = 1.0 if mean == 1 else beta.ppf(0.975, mean * trials + 1, trials - mean * trials)
    return float(low), float(high)
