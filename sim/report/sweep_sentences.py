"""What a sweep says, in sentences: both results, what moves them, regions with base rates, the nearest miss.

Shares are of cases asked for, never chances of anything outside the model.
"""

from __future__ import annotations

from sim.markup import counted, percent, two_digits
from sim.report.conflict_sentences import has_two_zones
from sim.report.sentences import conflict, issue_name, label, name_of, unit
from sim.report.share_sentences import ONE_RUN, exact, one_run_each, share_as, share_of
from sim.report.sweep_names import basis_text, field_name, limit_text, value_text
from sim.scenario.schema import Scenario
from sim.study.shares import digits_of
from sim.sweeps.analyse import AnalysisMeasures
from sim.sweeps.nearest_miss import MissByLines, NearestMiss
from sim.sweeps.noise import FEWEST_OWN, FEWEST_SHARED
from sim.sweeps.pairs import Pair
from sim.sweeps.sensitivity import ByValue, Sensitivity
from sim.sweeps.sweep import Sweep

SUBJECT = {
    "zone": ("a zone exists", "no zone exists", "cases"),
    "plain_truce": (
        "a plain truce suits every signatory",
        "a plain truce leaves somebody worse off than the war",
        "cases",
    ),
    "agreement": ("the talks agree", "the talks do not agree", "runs"),
    "agreement_where_a_zone_exists": (
        "the talks find a zone that exists",
        "the talks miss a zone that exists",
        "runs",
    ),
}
"""How an outcome and its absence are said, and what its share is of."""


def finding(scenario: Scenario, found: AnalysisMeasures) -> str:
    """How often a zone exists, without the interval."""
    first = results(scenario, found)[0]
    short = first.partition(" (")[0].partition(";")[0].removesuffix(".")
    return f"{short} of cases" if "(" in first else short


def results(scenario: Scenario, found: AnalysisMeasures) -> list[str]:
    """Both results, never mixed."""
    said, zones = found.results, found.results.zone_exists
    where = said.talks_agree_where_a_zone_exists
    inside = "" if where.share is None else f"; where a zone exists in {share_of(where)}"
    settlements = f"; a settlement zone in {share_of(zones['settlement_zone'])}" if has_two_zones(scenario) else ""
    these = "this one case" if said.cases_done == 1 else f"these {said.cases_done:,} cases"
    cases = these if found.exhaustive else "the cases"
    nothing_sampled = f"; {exact(found.design, said).partition(',')[0]}" if found.exhaustive else ""
    bare = f"; no interval: {ONE_RUN}" if one_run_each(said.talks_agree) else ""
    lines = [
        f"A zone exists in {share_of(zones['zone'])} of {cases}{settlements}{nothing_sampled}.",
        f"The talks agree in {share_of(said.talks_agree)} of the runs{inside}{bare}.",
    ]
    uncut = said.talks_agree_unless_the_war_ended_them
    if uncut.of < said.runs_done:
        lines.append(
            f"Of the runs that the war did not end first, {share_as(uncut, said.talks_agree)} agree: "
            f"{uncut.hits or 0:,} of {uncut.of:,}."
        )
    truce = zones["plain_truce"]
    if truce.hits:
        lines.append(
            f"A plain truce, with nothing else settled, suits every signatory in {share_of(truce)} of {cases}."
        )
    if zones["true_zone"].hits != zones["zone"].hits:
        lines.append(
            f"Under the true lines (an assumption) a zone exists in {share_of(zones['true_zone'])} of {cases}."
        )
    zone, agreement = found.rare.zone, found.rare.agreement
    if zone is not None:
        lines.append(
            f"No case has a zone, so at most about {two_digits(100 * zone)} % of the cases in these ranges would "
            "(rule of three, 95 % confidence)."
        )
    if agreement is not None:
        lines.append(
            f"No run agrees, so at most about {two_digits(100 * agreement)} % of the runs would (95 % interval)."
        )
    if said.failed:
        lines.append(f"Failed and in no share: {counted(said.failed, 'run')}; failures.jsonl says where and why.")
    return lines


INFLUENCED = {
    "zone": "whether a zone exists",
    "plain_truce": "whether a plain truce suits everybody",
    "agreement": "how often the talks agree",
}


def influences(sweep: Sweep, found: AnalysisMeasures) -> list[str]:
    """Which fields explain how much of each result, most first."""
    scenario, lines = sweep.loaded.scenario, []
    for name, what in INFLUENCED.items():
        entry = found.sensitivity[name]
        if name in found.results.zone_exists and not found.results.differs(name):
            continue
        parts = [f"{field_name(scenario, path)} {_explained(entry, path)}" for path in entry.ranked[:3]]
        if parts:
            kind = "Of the variance" if entry.sobol else "Of the variance, each field alone,"
            lines.append(f"{kind} of {what}: {'; '.join(parts)}.")
        if entry.pairs:
            told = [_pair(scenario, pair) for pair in entry.pairs[:3]]
            lines.append(f"Two fields together, beyond each alone, of {what}: {'; '.join(told)}.")
    if found.results.talks_agree.share:
        lines.append(_chance(found))
    return lines


PARTS = {
    "case": "lies between cases",
    "draw": "between draws that all cases share",
    "both": "in what a case makes of a draw",
    "within": "is chance within a case",
}
"""Where the variance of a single run's agreement lies."""


def _chance(found: AnalysisMeasures) -> str:
    """How much is chance, or how many draws it would take to say so."""
    parts = [f"{_share(part)} {PARTS[name]}" for name, part in found.noise.parts.items()]
    if parts:
        return f"Of the variance of whether a single run agrees, {', '.join(parts[:-1])} and {parts[-1]}."
    fewest = FEWEST_SHARED if found.common_random_numbers else FEWEST_OWN
    if found.replications < fewest:
        return f"Chance and cases cannot be told apart for the talks: that takes {fewest} runs of each case."
    return "All runs end alike: there is no chance to tell from cases."


def _pair(scenario: Scenario, pair: Pair) -> str:
    """What two fields explain together, and whether that is a clear effect."""
    ends = None if pair.half_95 is None else (pair.index - pair.half_95, pair.index + pair.half_95)
    names = " with ".join(field_name(scenario, path) for path in pair.fields)
    return f"{names} {_index(pair.index, ends)}" + ("" if pair.sure else ", no clear effect")


def _explained(entry: Sensitivity, path: str) -> str:
    if entry.sobol:
        index = entry.sobol[path]
        both = (index.first, index.first_95), (index.total, index.total_95)
        alone, whole = (_index(x, None if half is None else (x - half, x + half)) for x, half in both)
        return f"{alone} alone, {whole} with its interactions"
    only = entry.first_order[path]
    ends = None if only.low is None or only.high is None else (only.low, only.high)
    return _index(only.index, ends) + ("" if only.sure else ", no clear effect")


def _index(x: float, ends: tuple[float, float] | None) -> str:
    """A share of the variance, its interval where there is one, and a warning where it lies below none."""
    said = [] if ends is None else [f"{round(100 * ends[0])} to {round(100 * ends[1])}"]
    said += ["below zero: too few cases to tell"] if round(100 * x) < 0 else []
    return f"{round(100 * x)} %" + (f" ({'; '.join(said)})" if said else "")


def _share(x: float) -> str:
    return percent(min(max(x, 0.0), 1.0))


def region_lines(sweep: Sweep, found: AnalysisMeasures) -> list[str]:
    """Regions as they hold on cases kept back, with the base rate beside and the sources of the red lines concerned."""
    scenario, lines = sweep.loaded.scenario, []
    for name, entry in found.regions.items():
        present, gone, unit = SUBJECT[name]
        what = gone if entry.of == "absence" else present
        for box in entry.boxes:
            where = " and ".join(limit_text(scenario, limit) for limit in box.limits)
            lines.append(
                f"Where {where}: {what} in {share_of(box.density)} of the {unit}, judged by "
                f"{counted(box.density.of, 'case')} kept back (base rate {_share(entry.base_rate.known)}; "
                f"{_share(box.density_where_found)} in the cases it was found on). "
                f"That is {_share(box.coverage)} of all such {unit}. "
                f"It rests on: {basis_text(scenario, box.limits)}."
            )
        if entry.tree is not None and not entry.boxes and entry.base_rate.hits:
            lines.append(f"No region stands out in which {what}: the base rate is {share_of(entry.base_rate)}.")
    return lines


def miss_lines(scenario: Scenario, miss: NearestMiss | None) -> list[str]:
    """How near the nearest case comes to a zone."""
    if miss is None:
        return []
    looked = (
        f"the nearest of {counted(miss.looked_at, 'case')} looked at, out of {miss.without_a_zone:,} without a zone"
    )
    if isinstance(miss, MissByLines):
        steps = "no number of steps" if miss.steps is None else counted(miss.steps, "step")
        lines = [
            f"Nearest miss: the declared lines alone leave no package; they would have to move {steps} in all "
            "(counted on this model's scale, not a cost, not a recommendation)."
        ]
        return lines + [conflict(scenario, sorted(said)) for said in miss.conflicts]
    short = {p: s for p, s in miss.short_by_party.items() if s > 1e-9}
    who = ", ".join(f"{name_of(scenario, p)} {s:.2f}" for p, s in sorted(short.items(), key=lambda item: -item[1]))
    package = "; ".join(
        f"{issue_name(scenario, issue)}: {label(scenario, issue, option)}" for issue, option in miss.package.items()
    )
    values = ", ".join(f"{field_name(scenario, p)} {value_text(scenario, p, v)}" for p, v in miss.values.items())
    return [
        f"Nearest miss: {miss.short:.2f} {unit(scenario)}, in case {miss.case:,} ({values}); {looked}. "
        f"The package crosses no declared line and leaves short of signing: {who}. {package}."
    ]


def value_table(scenario: Scenario, path: str, rows: list[ByValue]) -> list[list[str]]:
    """Both results by a field's value, the heading first: shares of cases, then of runs by how they ended."""
    endings = [name for name in rows[0].endings if any(row.endings[name] for row in rows)]
    heading = [
        field_name(scenario, path),
        "zone exists, of cases",
        *(["plain truce suits all, of cases"] if scenario.war else []),
        "talks agree, of runs",
    ]
    found = [[*heading, *(name.replace("_", " ") for name in endings)]]
    for row in rows:
        value = " to ".join(value_text(scenario, path, end) for end in row.ends)
        runs = sum(row.endings.values())
        fine = digits_of(row.zone.of)  # runs of one case are alike
        parts = [percent(row.endings[name] / runs, fine) if runs else "–" for name in endings]
        agree = "–" if row.agree is None else percent(row.agree, fine)
        truce = [share_of(row.plain_truce)] if scenario.war else []
        found.append([value, share_of(row.zone), *truce, agree, *parts])
    return found
