"""Shipped data that is no scenario, read as safely as one; it knows no file by name."""

from __future__ import annotations

from typing import TypeVar

from pydantic import ValidationError

from sim.errors import ScenarioError
from sim.scenario.library import data_file
from sim.scenario.pieces import Part
from sim.scenario.yamltext import read_yaml

Shape = TypeVar("Shape", bound=Part)


def read_data(name: str, shape: type[Shape]) -> Shape:
    """The data of a file in the scenario folder's `data/`.

    Raises:
        ScenarioError: when it has not the shape it should have, with the first place that is wrong.
    """
    tree = read_yaml(data_file(name))
    try:
        return shape.model_validate(tree.plain())
    except ValidationError as error:
        first = error.errors()[0]
        raise ScenarioError(first["msg"], path=first["loc"], where=tree.place(first["loc"])) from None
