"""A column of values for a field, put into a case: one row a case of a study, everything that follows recomputed.

Which fields the case keeps a run axis for is said in `by_run`; all others have to be compiled anew. No name is checked
here.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.scenario import by_run
from sim.scenario.by_run import Columns, Numbers
from sim.scenario.loader import Loaded
from sim.scenario.war_schema import Beliefs
from sim.stakes.case import Case
from sim.stakes.run_axis import with_fields


def refused(loaded: Loaded, columns: Columns) -> dict[int, str]:
    """Rows whose values do not go together, with the complaint; each value alone has been checked."""
    found: dict[int, str] = {}
    scenario, numbers = loaded.scenario, Numbers(loaded.scenario, columns)
    for party_id, party in scenario.parties.items():
        if isinstance(party.war, Beliefs):
            odds = f"parties.{party_id}.war.win"
            total = np.asarray(sum(numbers(f"{odds}.{side}", 0.0) for side in scenario.belligerents))
            for row in np.flatnonzero(total > 1):
                found[int(row)] = f"{odds}: probabilities sum to {total[row]:g}, more than 1"
    return found


def with_columns(loaded: Loaded, columns: Columns) -> Case:
    """The case with a row for each entry of the columns, outlook and reservation values recomputed for all at once.

    A field that is a number where the scenario returns to the war (``parties.X.reservation``) must be one already in
    the scenario given: `sim.scenario.loader.with_changes` puts it there.
    """
    case, scenario = loaded.case, loaded.scenario
    if not columns:
        return case
    numbers = Numbers(scenario, columns)
    preferences = case.preferences  # which may be another reading of the scenario's weights
    if any(".weights." in path for path in columns):
        preferences = replace(preferences, weights=by_run.weights(scenario, numbers))
    case = replace(
        case,
        tactics=by_run.tactics(scenario, numbers),
        resolve=by_run.resolve(scenario, numbers),
        protocol=with_fields(case.protocol, **by_run.mediation(scenario, numbers)),
        war=case.war and with_fields(case.war, **by_run.war_state(scenario, numbers)),
        endings=case.endings and with_fields(case.endings, **by_run.ending_state(scenario, numbers)),
        reservation=by_run.reservations(scenario, numbers),
        home=by_run.home(scenario, numbers),
        audience=by_run.audience(scenario, numbers),
    )
    # What is worked out once depends on nothing that differs between rows, so the scenario's own serves all columns.
    return with_fields(case.under(preferences), known=loaded.case.known)
