"""What somebody in a seat is told of it, in the terminal and on a page alike."""

from __future__ import annotations

from sim.report import sentences, talks_sentences
from sim.scenario.loader import Loaded


def without_a_deal(loaded: Loaded, party: int) -> list[str]:
    """What a seat has without a deal and, where its quorum at home asks for more, what it needs to sign.

    Where waiting takes something of a deal, what its points are.
    """
    case, scenario = loaded.case, loaded.scenario
    batna = scenario.parties[case.parties[party].id].batna or "nothing is agreed"
    worth, floor = float(case.reservation[0, party]), float(case.floor(party)[0])
    said = [f"Without a deal: {batna}. That is worth {worth:.1f} {sentences.unit(scenario)} to you."]
    said += [f"To sign you need {floor:.1f}: your quorum at home asks for so much."] * (floor > worth)
    return said + talks_sentences.waiting(scenario)
