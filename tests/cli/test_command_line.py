"""The command line as a user meets it, in an empty folder: bad input, results and interruptions in a real process."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sim import load, run
from sim.zone.diagnosis import conflicts
from tests.conftest import ROOT, SMALL, Cli, Write
from tests.waiting import NET
from tests.zones import zone

READ = "reading=ceasefire"


def test_a_conflict_of_three_parties_with_other_issues_is_a_yaml_file(cli: Cli) -> None:
    done = cli("run", str(ROOT / "tests/cases/valid/river.yaml"), "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["verdict"] == "reached" and found["ending"] in ("settlement", "ceasefire_only")
    assert set(found["utilities"]) == {"upland", "midland", "delta"}
    assert all(found["utilities"][party] >= floor for party, floor in found["reservation"].items())


@pytest.mark.fine_pictures
def test_run_writes_a_whole_folder_with_the_same_bytes_every_time(cli: Cli, process: Cli, tmp_path: Path) -> None:
    for place, called in (("one", cli), ("two", process)):
        done = called("run", "toy/two-issues", "--seed", "3", "--pictures", "--out", place, "--quiet")
        assert done.returncode == 0 and done.stderr == ""
        assert done.stdout.splitlines() == [str(Path(place, *Path(done.stdout.strip()).parts[1:]))]
    one, two = (sorted(path for path in (tmp_path / place).rglob("*") if path.is_file()) for place in ("one", "two"))
    assert [path.name for path in one] == [
        "manifest.json", "offers.png", "offers.svg", "ranges.png", "ranges.svg", "rounds.csv", "run.json",
        "stable.json", "transcript.jsonl", "values.png", "values.svg", "zone.json",
    ]  # fmt: skip
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]
    assert int.from_bytes((one[0].parent / "offers.png").read_bytes()[16:20]) == 1375  # dots across
    assert one[0].parent.name == two[0].parent.name and one[0].parent.parent.name == "two-issues"
    again = cli("run", "toy/two-issues", "--seed", "4", "--out", "one", "--json")
    assert again.returncode == 0 and len(list((tmp_path / "one" / "toy" / "two-issues").iterdir())) == 2


def test_run_json_and_the_files_say_the_same(cli: Cli, tmp_path: Path) -> None:
    found = json.loads(cli("run", "toy/two-issues", "--json").stdout)
    assert (found["ending"], found["verdict"], found["emerged"]) == ("settlement", "reached", None)
    assert found["package"] == {"fence": "iras_plan", "tree": "left_alone"}
    assert found["utilities"] == {"ira": 75.0, "joe": 75.0}
    folder = tmp_path / found.pop("folder")
    assert json.loads((folder / "run.json").read_text("utf-8")) == found
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert manifest["command"] == ["ceasefire", "run", "toy/two-issues", "--seed", "0"]
    events = [json.loads(line) for line in (folder / "transcript.jsonl").read_text("utf-8").splitlines()]
    assert events[0]["event"] == "offer" and events[-1]["event"] == "signed"
    assert [event["answer"] for event in events if event["event"] == "reply"][-1] == "accept"
    assert (
        (folder / "rounds.csv")
        .read_text("utf-8")
        .startswith("round,party,utility,value,target,reservation,accepts\n1,ira,")
    )


def test_zone_prints_conflicts_with_their_sources(cli: Cli) -> None:
    text = " ".join(cli("zone", "2025-12-stalemate", "--full").stdout.split())
    assert "None of 1,466,656 possible deals suits all 4 signatories" in text
    assert "no forecast" in text and "dates inferred" in text
    assert (
        "Russia requires that Ukraine never joins NATO [002 ¶9]; Ukraine requires that its constitutional path towards "
        "NATO stays open [002 ¶14]; no package meets both." in text
    )


def test_one_flag_changes_a_line_and_shows_what_moves(cli: Cli) -> None:
    def left(*words: str) -> int:
        """How many conflicts of red lines alone close the settlement zone."""
        sets = json.loads(cli("zone", "2025-12-stalemate", "--json", *words).stdout)["conflicts"]["settlement"]
        return sum(not any(name.startswith("reservation:") for name in found) for found in sets)

    assert left() == 5
    assert left("--without", "russia-no-nato") == 4
    assert left("--set", "red_lines.ukraine-euro-atlantic-path.requires.alignment.at_most=permanent_neutrality") == 4


def test_new_copies_a_scenario_and_never_overwrites(cli: Cli) -> None:
    assert cli("new", "my.yaml", "--from", "2025-12-stalemate").returncode == 0
    assert "17 red lines" in cli("check", "my.yaml").stdout
    again = cli("new", "my.yaml", "--from", "toy/two-issues")
    assert again.returncode == 1 and "exists already" in again.stderr
    assert "no/my.yaml" in cli("new", "no/my.yaml", "--from", "toy/two-issues").stderr


def test_scenarios_check_and_schema_list_what_there_is(cli: Cli) -> None:
    listed = cli("scenarios").stdout
    assert "2025-12-stalemate" in listed and "base/" not in listed
    entries = json.loads(cli("scenarios", "--json").stdout)
    slugs = [entry["scenario"] for entry in entries]
    assert list(dict.fromkeys(entry["group"] for entry in entries))[:3] == ["dated", "variants", "what-if"]
    assert "toy/two-issues" in cli("scenarios", "toy").stdout and "2025" not in cli("scenarios", "toy").stdout
    assert 'no group of scenarios called "toys" (did you mean "toy"?)' in cli("scenarios", "toys").stderr
    assert len(cli("check", "--all").stdout.splitlines()) == len(slugs)
    assert json.loads(cli("check", "--schema").stdout)["title"] == "Ceasefire scenario"
    assert cli("--version").stdout.startswith("ceasefire-zone ")


HOSTILE = {
    "empty.yaml": b"",
    "binary.yaml": bytes(range(256)) * 4,
    "deep.yaml": b"[" * 100_000,
    "bomb.yaml": b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
    "twice.yaml": b"format: 1\nformat: 1\n",
    "circle.yaml": b"extends: circle\n",
    "baseless.yaml": b"extends: no-such-base\n",
    "typo.yaml": SMALL.replace("reservation", "reservatoin", 1).encode(),
}


@pytest.mark.parametrize("name", [*HOSTILE, "missing.yaml", "folder.yaml", "huge.yaml"])
def test_a_wrong_file_is_one_line_on_stderr_and_exit_1(cli: Cli, process: Cli, tmp_path: Path, name: str) -> None:
    if name in HOSTILE:
        (tmp_path / name).write_bytes(HOSTILE[name])
    elif name == "folder.yaml":
        (tmp_path / name).mkdir()
    elif name == "huge.yaml":
        with (tmp_path / name).open("wb") as file:
            file.truncate(10**9)
    done = (process if name == "deep.yaml" else cli)("check", name)  # one that could end Python itself
    assert done.returncode == 1 and done.stdout == ""
    assert len(done.stderr.splitlines()) == 1 and name.split(".")[0] in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("changes", "ending"),
    [
        (["protocol.deadline=1"], "stalemate"),
        (["parties.buyer.roles=[observer]"], "settlement"),
        (["pins={place: there}"], "settlement"),
        (["pins={place: there, price: middle}"], "settlement"),
        (["parties.buyer.reservation=1000"], "walk_out"),
        (["parties.buyer.weights={}"], "walk_out"),
    ],
)
def test_odd_but_lawful_scenarios_run_to_a_sensible_ending(write: Write, changes: list[str], ending: str) -> None:
    assert run(load(write(SMALL), changes)).measures()["ending"] == ending


def test_one_party_and_one_issue_with_one_option_agree_with_themselves(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "alone.yaml").write_text(
        "format: 1\ntitle: Alone\nissues: {it: {status_quo: a, options: [a]}}\n"
        "parties: {me: {name: Me, reservation: 0, weights: {it: 1}, values: {it: {a: 1}}}}\n",
        encoding="utf-8",
    )
    found = json.loads(cli("run", "alone.yaml", "--json").stdout)
    assert (found["ending"], found["verdict"], found["round"]) == ("settlement", "reached", 1)


def test_all_red_lines_at_once_and_none_both_give_a_result() -> None:
    lines = [line.id for line in load("2025-12-stalemate").scenario.red_lines]
    none = zone("2025-12-stalemate", without=tuple(lines))
    assert none.size("declared") == none.size("none") > 0 and not conflicts(none).bits
    one_issue = (
        "red_lines=[{id: a, party: russia, requires: {sanctions: [kept]}, basis: assumption},"
        "{id: b, party: us, requires: {sanctions: [full_lifting]}, basis: assumption}]"
    )
    both = zone("2025-12-stalemate", one_issue)
    collide = conflicts(both, name="settlement").bits
    assert [both.constraints.names(mask) for mask in collide] == [["a", "b"]]
    assert both.size() > 0 and not conflicts(both).bits  # read as demands on a settlement, they leave a ceasefire


def test_a_space_too_large_says_what_to_pin(cli: Cli) -> None:
    done = cli("zone", "2025-12-stalemate", "--set", "pins={}")
    assert done.returncode == 1 and "96,000,000 packages" in done.stderr and "pin an issue" in done.stderr


def test_all_issues_frees_the_pins_and_counts_the_whole_space(cli: Cli) -> None:
    found = json.loads(cli("zone", "toy/two-issues", "--set", "pins={tree: trimmed}", "--all-issues", "--json").stdout)
    assert found["packages"] == 12 and found["changes"][-1] == "pins={}"


def test_a_package_is_held_against_the_zone(cli: Cli, tmp_path: Path) -> None:
    words = "hostilities=final_treaty,alignment=moratorium"
    found = json.loads(cli("zone", "2025-12-stalemate", "--package", words, "--json").stdout)
    assert found["crosses"]["russia-recognition"] == 1  # an armistice is a step away, and binds nobody to it
    read = json.loads(cli("zone", "2025-12-stalemate", "--reading", "ceasefire", "--package", words, "--json").stdout)
    assert read["crosses"]["russia-recognition"] == 4 and read["crosses"]["ukraine-euro-atlantic-path"] == 1
    assert not found["in_zone"] and found["nearest"] is None and found["stage"] == "settlement"
    assert found["values"]["russia"]["enough"] is False and found["values"]["us"]["enough"] is True
    (tmp_path / "offer.yaml").write_text("fence: joes_plan\ntree: felled\n", encoding="utf-8")
    text = cli("zone", "toy/two-issues", "--package", "offer.yaml").stdout
    assert "Joe requires that the tree is not felled [assumption]; 1 step away" in " ".join(text.split())
    assert "The zone is 2 steps away" in text
    for wrong, said in [
        ("fense=halfway", 'there is no issue "fense" (did you mean "fence"?)'),
        ("fence=half", 'fence has no option "half" (did you mean "halfway"?)'),
        ("fence=", 'fence has no option ""'),
        ("nothing.yaml", "nothing.yaml: no such file"),
    ]:
        done = cli("zone", "toy/two-issues", "--package", wrong)
        assert done.returncode == 1 and said in done.stderr and len(done.stderr.splitlines()) == 1


def test_a_package_says_what_its_ending_cannot_carry_and_why(cli: Cli) -> None:
    words = "hostilities=truce_30_days,sanctions=full_lifting,guarantees=snap_back"
    text = " ".join(cli("zone", "2025-03-truce-offer", "--package", words).stdout.split())
    lifting = "Sanctions: full lifting, assets released takes 3 months to carry out and can never be undone"
    within = "“30-day truce, renewable” carries only what is carried out within a month and undone within a month"
    assert f"{lifting}; {within}." in text
    found = json.loads(cli("zone", "2025-03-truce-offer", "--package", words, "--json").stdout)
    assert [entry["issue"] for entry in found["uncarried"]] == ["guarantees", "sanctions"]
    assert found["uncarried"][0]["undo"] == 12 and found["uncarried"][1]["undo"] is None and not found["in_zone"]
    armistice = cli("zone", "2025-03-truce-offer", "--package", words.replace("truce_30_days", "armistice")).stdout
    said = " ".join(armistice.split())
    assert "can never be undone; “open-ended armistice on the line” carries only what is undone within 24" in said
    assert said.count("carries only") == 1
    peaceful = json.loads(cli("zone", "toy/two-issues", "--package", "fence=halfway", "--json").stdout)
    assert peaceful["uncarried"] == []


def test_reading_is_a_short_word_for_set(cli: Cli) -> None:
    for command in (("zone",), ("run", "--out", "."), ("explain", "russia", "--scenario")):
        known = [*command, "2025-03-truce-offer", "--json"]
        said = [json.loads(cli(*known, *more).stdout) for more in (("--reading", "ceasefire"), ("--set", READ))]
        assert said[0] == said[1] and said[0]["changes"] == [READ]
    wrong = cli("zone", "2025-03-truce-offer", "--reading", "truce")
    assert wrong.returncode == 2 and "settlement" in wrong.stderr
    toy = cli("zone", "toy/two-issues", "--reading", "ceasefire")
    assert toy.returncode == 1 and "needs a settlement that is one of the endings" in toy.stderr


def test_a_dated_case_prints_both_readings_and_a_peaceful_one_neither_word(cli: Cli) -> None:
    text = cli("zone", "2025-03-truce-offer", "--full").stdout
    (row,) = [line for line in text.splitlines() if "declared lines and reservation values" in line]
    assert row.split()[-3:] == ["2,772", "0", "0"]
    assert "--reading ceasefire" in text
    for toy in ("toy/two-issues", "toy/split-the-pie", "toy/where-to-meet", "classroom/03-logroll"):
        said = cli("zone", toy, "--full").stdout.lower()
        for word in ("ceasefire", "settlement", "a month", "truce", "war", "holds 1, 5 years"):
            assert not re.search(rf"\b{word}\b", said), (toy, word)


def test_the_first_screen_tells_the_finding_in_25_lines_of_80_columns(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = cli("run", "2025-12-stalemate").stdout.splitlines()
    assert len(lines) <= 25 and max(map(len, lines[:-2])) <= 80
    for said in (
        "Does a zone exist? No, however issues are weighed: red lines alone close it.",
        "None of 1,466,656 possible deals suits all 4 signatories",
        "No settlement: red lines exclude each other [article ¶; earlier: still assumed]",
        "Legal status: Russia [002 ¶8] against Ukraine [002 ¶13, 002 ¶14, 003 ¶12]",
        "No ceasefire without a settlement: Russia requires that fighting stops only on a final treaty [002 ¶9]",
        "To open a ceasefire zone: drop 1 demand (Russia: russia-no-temporary-ceasefire), or move red lines 1 step",
        "Security guarantees: Russia [003 ¶7, earlier] against Ukraine [002 ¶14]",
        "To open a settlement zone: drop 5 demands, or move red lines 5 steps in all",
        "Do talks find one? No: the mediator (United States) gave up in round 13 of 24.",
        "Next: ceasefire zone 2025-12-stalemate --without russia-no-temporary-ceasefire",
    ):
        assert said in " ".join(" ".join(lines).split()), said
    opened = cli(*lines[-2].removeprefix("Next: ceasefire ").split()).stdout
    assert "Does a zone exist?  Yes" in opened and len(opened.splitlines()) <= 25
    assert "--full" in lines[-1] and "outputs" in lines[-1]


def test_the_first_screen_of_many_runs_says_how_sure_the_zone_is_in_25_lines(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = cli("run", "2025-03-truce-offer", "--runs", "60").stdout.splitlines()
    assert len(lines) <= 25 and max(map(len, lines[:-1])) <= 80
    said = " ".join(" ".join(lines).split())
    assert "Does a zone exist? Yes, in each of 200 draws of the assumed numbers." in said
    assert said.index("200 draws") < said.index("In 52 % (39 to 64 %) of 60 runs, seed 0.")
    assert "Kaplan-Meier" not in said and "outputs" in lines[-1]
    assert "Agreements: " in cli("run", "toy/two-issues", "--runs", "60", "--full").stdout


def test_full_prints_every_list_and_round(cli: Cli) -> None:
    short, whole = (cli("run", "2025-12-stalemate", *full).stdout for full in ((), ("--full",)))
    assert "(verdict structural" in whole and "asked anew" not in short and "--full" not in whole
    assert whole.count("• ") > 20 * short.count("• ")


def test_zone_pictures_are_written_whole_with_the_subset_table(cli: Cli, tmp_path: Path) -> None:
    files, tables = {"manifest.json", "zone.json"}, {"subsets-ceasefire.json", "subsets-settlement.json"}
    for slug, pictures in [
        ("2025-12-stalemate", {"ranges", "values", "maps", "conflicts", "moves"}),  # too many lines for a table
        ("toy/two-issues", {"ranges", "values", "maps"}),
    ]:
        done = cli("zone", slug, "--pictures", "--json")
        assert done.returncode == 0, done.stderr
        folder = tmp_path / json.loads(done.stdout)["folder"]
        wanted = files | {f"{name}.{kind}" for name in pictures for kind in ("svg", "png")}
        assert {path.name for path in folder.iterdir()} == wanted | (tables if slug.startswith("toy") else set())
    table = json.loads((folder / "subsets-ceasefire.json").read_text("utf-8"))
    assert len(table["sizes"]) == 2 ** len(table["constraints"])
    assert table["sizes"][-1] == json.loads(done.stdout)["zone"]["declared"]["ceasefire"]


def test_usage_errors_exit_with_2(cli: Cli, process: Cli) -> None:
    assert process("zone").returncode == 2
    assert cli("check").returncode == 2
    assert cli("run", "toy/two-issues", "--seed", "-1").returncode == 2


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_an_unwritable_folder_is_one_line(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    done = cli("run", "toy/two-issues", "--out", "locked")
    assert done.returncode == 1 and "cannot write to locked" in done.stderr


def test_a_file_where_the_folder_should_be_is_one_line(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    done = cli("run", "toy/two-issues", "--out", "taken")
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1 and "cannot write to taken" in done.stderr


@pytest.mark.parametrize(
    "words", [("run", "toy/two-issues"), ("report", "toy/two-issues"), ("sweep", "sweeps/weights"), ("tournament",)]
)
def test_a_file_s_name_for_a_folder_is_a_slip_and_makes_nothing(cli: Cli, tmp_path: Path, words: list[str]) -> None:
    done = cli(*words, "--out", "page.html")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "ceasefire: --out page.html: results are written into a folder; leave .html out of its name\n"
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX")
@pytest.mark.parametrize(("at", "files"), [("write_text", 0), ("_take_place", 6)])
def test_a_killed_run_leaves_no_half_written_result(cli: Cli, tmp_path: Path, at: str, files: int) -> None:
    pause = f"import sys, time; from sim.study import record; record.{at} = lambda *_: print('here', flush=True) or "
    code = pause + f"time.sleep({NET}); from sim.cli.main import main; main()"
    words = [sys.executable, "-c", code, "run", "toy/two-issues", "--quiet"]
    with subprocess.Popen(words, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as doomed:
        assert doomed.stdout is not None and doomed.stdout.readline() == "here\n"
        doomed.kill()
    (draft,) = (tmp_path / "outputs/toy/two-issues").iterdir()
    assert draft.name.startswith(".") and len(list(draft.iterdir())) == files
    folder = tmp_path / cli("run", "toy/two-issues", "--quiet").stdout.strip()
    assert len(list(folder.iterdir())) == 6
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_output_cut_short_by_a_pipe_leaves_no_traceback(tmp_path: Path) -> None:
    command = f"'{sys.executable}' -m sim check --schema | head -c 10"
    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True)
    assert "Traceback" not in done.stderr


def test_signs_that_mean_something_to_a_renderer_are_shown_as_they_are(cli: Cli, tmp_path: Path) -> None:
    title = "costs $5 and $x_{$ [bold]not bold[/] :russia: <script> \u202eabc"
    (tmp_path / "odd name.yaml").write_text(SMALL.replace("A small case", f"'{title}'"), encoding="utf-8")
    done = cli("run", "odd name.yaml")
    assert done.returncode == 0 and done.stderr == ""
    assert done.stdout.splitlines()[0].startswith(title.replace("\u202e", "⟨U+202E⟩"))
    assert "odd name" in done.stdout.splitlines()[-1]


def test_a_console_that_cannot_show_a_letter_shows_a_mark(process: Cli) -> None:
    done = process("evidence", "2025-12-stalemate", env=os.environ | {"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0 and "?" in done.stdout


def test_one_broken_file_does_not_hide_the_others(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "broken.yaml").write_text("format: 9\n", encoding="utf-8")
    listed = cli("scenarios")
    assert "2025-12-stalemate" in listed.stdout and "broken.yaml" in listed.stderr
    checked = cli("check", "--all")
    assert checked.returncode == 1 and "toy/two-issues: in order" in checked.stdout


def test_a_folder_of_results_does_not_shadow_a_scenario(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "toy" / "two-issues").mkdir(parents=True)
    assert cli("check", "toy/two-issues").returncode == 0
    assert "is a folder" in cli("check", "toy").stderr


def test_a_round_without_an_offer_has_no_value_in_the_table(cli: Cli, tmp_path: Path) -> None:
    done = cli("run", "toy/split-the-pie", "--set", "parties.ann.reservation=101", "--quiet")
    rows = (tmp_path / done.stdout.strip() / "rounds.csv").read_text("utf-8").splitlines()
    assert rows[1].startswith("1,ann,0.0,0.0,")  # the other one spoke in the same round
    alone = ["--set", "parties.ben.reservation=101", "--set", "protocol.proposers=[ann]"]
    done = cli("run", "toy/split-the-pie", "--set", "parties.ann.reservation=101", *alone, "--quiet")
    rows = (tmp_path / done.stdout.strip() / "rounds.csv").read_text("utf-8").splitlines()
    assert rows[1] == "1,ann,,,,101.0,False"


def test_two_equal_runs_at_once_both_end_well(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "sim", "run", "toy/two-issues", "--quiet"]
    both = [subprocess.Popen(words, cwd=tmp_path, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]
    (folder,) = (tmp_path / "outputs" / "toy" / "two-issues").iterdir()
    assert len(list(folder.iterdir())) == 6


def test_the_manifests_command_makes_the_result_again(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "my.yaml").write_text(SMALL, encoding="utf-8")
    folder = tmp_path / cli("run", "my.yaml", "--set", "parties.buyer.reservation=10", "--quiet").stdout.strip()
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    command = json.loads(before["manifest.json"])["command"]
    assert cli(*command[1:]).returncode == 0
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_check_says_what_zone_and_run_would_refuse(write: Write, cli: Cli) -> None:
    issues = "".join(f"  i{n}: {{status_quo: a, options: [a, b, c]}}\n" for n in range(16))
    party = "{name: Ann, reservation: 0, weights: {}, values: {}}"
    done = cli("check", write(f"format: 1\ntitle: Wide\nissues:\n{issues}parties: {{ann: {party}}}\n"))
    assert done.returncode == 0 and "in order" in done.stdout
    assert "43,046,721 packages are more than 20,000,000: run plays its talks and looks for no zone" in " ".join(
        done.stdout.split()
    )
