"""NegoLog JSON: `profileA.json` and `profileB.json`, each with weights, values and a reservation value."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.errors import ScenarioError
from sim.exchange.domain import Domain
from sim.exchange.foreign_files import finite, json_of, mapping
from sim.scenario.scores import Profile


def recognises(found: Any) -> bool:
    """Whether JSON data look like a NegoLog profile."""
    return isinstance(found, dict) and {"issueWeights", "issues"} <= set(found)


def read(paths: Sequence[Path], asked: int | None) -> Domain:
    """The negotiation of some profiles."""
    found = [(path, data) for path, data in ((path, json_of(path)) for path in paths) if recognises(data)]
    issues: dict[str, list[str]] = {}
    profiles = []
    for path, data in found:
        where = str(path)
        weights = mapping(data["issueWeights"], "issueWeights", where)
        worth = {
            issue: mapping(of, f"issues.{issue}", where)
            for issue, of in mapping(data["issues"], "issues", where).items()
        }
        own = {issue: list(of) for issue, of in worth.items()}
        issues = issues or own
        if {issue: set(of) for issue, of in own.items()} != {issue: set(of) for issue, of in issues.items()}:
            raise ScenarioError(f"speaks of other issues or values than {found[0][0].name}", where=where)
        scores = {}
        for issue, options in issues.items():
            weight = finite(weights.get(issue), f"weight of {issue!r}", where)
            scores[issue] = [weight * finite(worth[issue][one], f"value of {issue}.{one}", where) for one in options]
        threshold = finite(data.get("reservationValue", 0), "reservationValue", where)
        profiles.append(Profile(path.stem, scores, threshold))
    return Domain(found[0][0].parent.resolve().name, issues, profiles)


def written(domain: Domain) -> dict[str, str]:
    """The files of a domain by name: `profileA.json`, `profileB.json`, ….

    Raises:
        ScenarioError: for more parties than letters.
    """
    if len(domain.profiles) > 26:
        raise ScenarioError(f"{len(domain.profiles)} parties are more than NegoLog has letters for")
    files = {}
    for letter, profile in zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", domain.profiles, strict=False):
        scaled = profile.scaled()
        said = {
            "reservationValue": scaled.threshold,
            "issueWeights": dict(scaled.weights),
            "issues": {
                issue: dict(zip(options, scaled.values[issue], strict=True)) for issue, options in domain.issues.items()
            },
        }
        files[f"profile{letter}.json"] = json.dumps(said, ensure_ascii=False, indent=1) + "\n"
    return files
