"""A zone's packages as files: every one of them with its options, values and distances, whole or not at all."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from sim.errors import ArgumentError, OutputError
from sim.study import members as files
from sim.study.members import member_columns, write_members
from sim.study.score import package_measures
from sim.zone.region import members
from tests.conftest import Cli
from tests.zones import load, zone

MARCH = "2025-03-truce-offer"


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_file_of_march_holds_every_package_of_the_zone_by_name_with_its_values(tmp_path: Path) -> None:
    found, case = zone(MARCH), load(MARCH).case
    (written,) = write_members(found, tmp_path / "zone.csv")
    rows, inside = rows_of(tmp_path / "zone.csv"), members(found)
    assert written.rows == written.packages == len(rows) == found.size()
    for row, package, values in zip(rows, inside.packages, inside.values, strict=True):
        assert {issue: row[issue] for issue in case.space.names(package)} == case.space.names(package)
        told = [float(row[f"value:{case.parties[p].id}"]) for p in case.signatories]
        assert told == pytest.approx(values.tolist(), abs=1e-6)


def test_csv_and_parquet_hold_the_same_and_the_frontiers_file_is_the_rows_marked_as_on_it(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    write_members(zone(MARCH), tmp_path / "zone.csv", tmp_path / "frontier.csv")
    write_members(zone(MARCH), tmp_path / "zone.parquet", tmp_path / "frontier.parquet")
    every = rows_of(tmp_path / "zone.csv")
    assert rows_of(tmp_path / "frontier.csv") == [row for row in every if row["on_frontier"] == "True"]
    for name in ("zone", "frontier"):
        table = parquet.read_table(tmp_path / f"{name}.parquet").to_pylist()
        assert [{key: str(cell) for key, cell in row.items()} for row in table] == rows_of(tmp_path / f"{name}.csv")


def test_a_package_lies_as_far_from_frontier_and_nash_point_as_the_zones_file_says() -> None:
    loaded, found = load(MARCH), zone(MARCH)
    inside = members(found)
    columns = member_columns(loaded.case, inside, np.arange(len(inside.packages)))
    for n in (0, 5, len(inside.packages) - 1, int(columns["to_nash"].argmin())):
        away = package_measures(loaded, found, inside.packages[n]).away
        assert away is not None
        told = (away.to_frontier, away.to_nash)
        assert told == pytest.approx((columns["to_frontier"][n], columns["to_nash"][n]), abs=2e-6)
    assert min(columns["to_nash"]) == 0
    stale = load("2025-12-stalemate")
    assert package_measures(stale, zone("2025-12-stalemate"), stale.case.space.package({})).away is None


def test_run_and_zone_say_how_far_an_agreement_lies_from_frontier_and_nash_point(cli: Cli, tmp_path: Path) -> None:
    told = json.loads(cli("run", "toy/two-issues", "--out", tmp_path, "--json").stdout)
    package = ",".join(f"{issue}={option}" for issue, option in told["package"].items())
    held = json.loads(cli("zone", "toy/two-issues", "--package", package, "--json").stdout)
    assert told["path"]["surplus"]["away"] == held["away"]
    said = " ".join(cli("zone", "toy/two-issues", "--package", package).stdout.split())
    full = " ".join(cli("run", "toy/two-issues", "--out", tmp_path, "--full").stdout.split())
    sentence = (
        f"It lies {held['away']['to_frontier']:.2f} from the zone's frontier and {held['away']['to_nash']:.2f} from"
    )
    assert sentence in said and sentence in full


def test_an_empty_zone_makes_a_file_of_headings_alone(tmp_path: Path) -> None:
    (written,) = write_members(zone("2025-12-stalemate"), tmp_path / "none.csv")
    assert written.rows == 0 and rows_of(tmp_path / "none.csv") == []
    head = (tmp_path / "none.csv").read_text("utf-8").splitlines()
    assert len(head) == 1 and "hostilities" in head[0] and "on_frontier" in head[0]
    none = zone("2025-12-stalemate")
    assert not member_columns(none.case, members(none), np.arange(0))["on_frontier"].any()


def test_a_huge_zone_is_cut_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_ROWS", 100)
    (written,) = write_members(zone(MARCH), tmp_path / "zone.csv")
    assert len(rows_of(tmp_path / "zone.csv")) == 100
    assert str(written).endswith(f"zone.csv: the first 100 packages of {zone(MARCH).size():,}")


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "zone.csv"
    write_members(zone("toy/two-issues"), place)
    old = place.read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    monkeypatch.setattr("os.fdopen", full)
    with pytest.raises(OutputError, match="no space"):
        write_members(zone(MARCH), place)
    assert place.read_bytes() == old


def test_python_writes_over_nothing_but_a_table_of_packages(tmp_path: Path) -> None:
    found, mine, new = zone("toy/two-issues"), tmp_path / "mine.csv", tmp_path / "new.csv"
    mine.write_text("id,name\n1,Ada\n", "utf-8")
    for wanted in ({"to": mine}, {"to": str(mine)}, {"to": new, "frontier_to": mine}):
        with pytest.raises(OutputError, match=r"mine\.csv is not a table of packages and is not overwritten"):
            write_members(found, **wanted)
    with pytest.raises(OutputError, match="is where --members writes; name another file"):
        write_members(found, new, tmp_path / "." / "new.csv")
    with pytest.raises(OutputError, match=r"must end in \.csv or \.parquet"):
        write_members(found, tmp_path / "new.txt")
    with pytest.raises(ArgumentError, match="a table of packages is known by its file, not by an int"):
        write_members(found, 3)  # type: ignore[arg-type]
    assert mine.read_text("utf-8") == "id,name\n1,Ada\n" and sorted(tmp_path.iterdir()) == [mine]
    assert [one.rows for one in write_members(found, str(new))] == [one.rows for one in write_members(found, new)]


def test_the_command_writes_both_files_and_says_how_many(cli: Cli, tmp_path: Path) -> None:
    every, best = tmp_path / "all.csv", tmp_path / "best.csv"
    told = cli("zone", "toy/two-issues", "--members", every, "--frontier", best, "--json")
    written = json.loads(told.stdout)["written"]
    assert written == {str(path): [len(rows_of(path))] * 2 for path in (every, best)}
    shown = cli("zone", "toy/two-issues", "--members", every).stdout
    assert f"all.csv: {len(rows_of(every))} packages" in shown.replace("\n", "")


@pytest.mark.parametrize(("name", "said"), [("zone.txt", "must end in .csv or .parquet"), ("", "must end in")])
def test_another_ending_is_refused_before_anything_is_looked_at(cli: Cli, tmp_path: Path, name: str, said: str) -> None:
    refused = cli("zone", "toy/two-issues", "--members", tmp_path / name)
    assert refused.returncode == 1 and said in refused.stderr and not list(tmp_path.iterdir())
