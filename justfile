# Short names for the commands in docs/contributing.md. `just` lists them; `just` itself is optional.

python := env("PYTHON", "python")

_list:
    @just --list --unsorted

# units, toys and small cases: half a minute
quick *words:
    {{python}} -m pytest -m "not slow and not scenario and not e2e" {{words}}

# one room, e.g. `just room talks`; more words go to pytest
room name *words:
    {{python}} -m pytest tests/{{name}} {{ if path_exists("sim/" + name) == "true" { "sim/" + name } else { "" } }} {{words}}

# write code as it is written here
format:
    {{python}} -m ruff format .

# format, lint and types, and change nothing
check: lint types
    {{python}} -m ruff format --check .

lint:
    {{python}} -m ruff check .

types:
    {{python}} -m mypy

# everything but what is marked slow
all: check
    {{python}} -m pytest

# what is marked slow: before a release, and after a change of rules
slow:
    {{python}} -m pytest -m slow

# write down the versions under which the tests pass, for any system (needs `uv`)
lock:
    uv pip compile --quiet --universal --python-version 3.11 --extra test --extra dev --no-emit-index-url --custom-compile-command "just lock" pyproject.toml --output-file tests/requirements.lock
