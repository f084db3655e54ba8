"""A package named by a user: a YAML file of options, or ``issue=option`` pairs."""

from __future__ import annotations

from pathlib import Path

from sim.errors import ScenarioError, ScenarioNotFoundError, UnsafeFileError, nearest
from sim.scenario.keys import number_word
from sim.scenario.yamltext import read_yaml
from sim.stakes.space import OptionArray, OutcomeSpace


def read_package(space: OutcomeSpace, text: str) -> tuple[OptionArray, tuple[str, ...]]:
    """The package ``(I,)`` that a text names, and the issues that it names; others stand at the status quo.

    Args:
        space: the outcome space it must lie in.
        text: ``issue=option,issue=option`` or the path of a YAML file that maps issues to options.

    Raises:
        ScenarioError: for a name that means nothing here, or an option that a pin rules out.
        ScenarioNotFoundError: for a file that cannot be read.
    """
    where = f"--package {text}" if text.strip() else "--package"
    if "=" in text:
        pairs = [pair.partition("=") for pair in text.split(",") if pair.strip()]
        named: dict[str, object] = {}
        for issue, _, said in pairs:
            if issue.strip() in named:
                raise ScenarioError(f'says "{issue.strip()}" twice', where=where)
            named[issue.strip()] = said.strip()
    elif not text.strip():
        raise ScenarioError("names no package; say ISSUE=OPTION,… or name a file", where=where)
    else:
        try:
            tree = read_yaml(Path(text), what="file of options")
        except UnsafeFileError as error:
            raise error.located(where, ()) if error.where == str(Path(text)) else error from None
        except ScenarioNotFoundError as error:
            raise ScenarioNotFoundError(f"--package {error}; say ISSUE=OPTION,… or name a file") from None
        where = tree.where
        if not isinstance(tree.value, dict):
            raise ScenarioError("is not a mapping of issues to options", where=where)
        named = {issue: node.plain() if node.text is None else node.text for issue, node in tree.value.items()}
    axes = {issue.id: axis for axis, issue in enumerate(space.issues)}
    for issue_id, option in named.items():
        if issue_id not in axes:
            raise ScenarioError(f'there is no issue "{issue_id}"{nearest(issue_id, axes)}', where=where)
        axis = axes[issue_id]
        options = space.issues[axis].options
        left = [options[k] for k in space.left[axis]]
        option = number_word(option)
        if option not in left:
            pinned = " left after pins" if option in options else ""
            raise ScenarioError(f'{issue_id} has no option "{option}"{pinned}{nearest(str(option), left)}', where=where)
    return space.package({issue_id: str(number_word(option)) for issue_id, option in named.items()}), tuple(named)
