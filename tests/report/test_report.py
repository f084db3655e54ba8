"""The report as a file: what it holds, that nothing in it can run, and what happens to bad folders."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

import sim
from sim.errors import OutputError, ResultError
from sim.report import offline, sentences, talks_sentences
from sim.report.finding_sentences import headline, talks_answer
from sim.report.html.page import part
from sim.report.html.run_page import run_page
from sim.report.html.talks_view import talks_view
from sim.report.html.timeline_page import strip_view, timeline_page
from sim.report.html.write import REPORT, report_of, report_on, write_report
from sim.report.terminal.finding import print_finding
from sim.scenario.library import slugs
from sim.stakes.stages import ZONE_NAMES
from sim.study.record import write_run
from sim.study.run import Run, run
from sim.study.saved import SavedRun, read_run, saved
from sim.talks.transcript import line_of
from sim.zone.diagnosis import distinct, subsets
from tests.conftest import ROOT, SMALL, Cli, Write
from tests.zones import ran, zone

LARGEST = 2_500_000
MARK = chr(0x202E)
EVIL = f"""<script>alert(1)</script>"'&amp;<img src=x onerror=alert(2)>{MARK}]]>"""
HOSTILE = json.dumps(  # JSON is YAML
    {
        "format": 1,
        "title": f"T {EVIL}",
        "about": f"A {EVIL}",
        "lines_from": f"R {EVIL}",
        "issues": {
            "price": {
                "name": f"I {EVIL[:60]}",
                "status_quo": "low",
                "options": {"low": f"O {EVIL[:60]}", "high": "up"},
            }
        },
        "parties": {
            "seller": {
                "name": f"S {EVIL[:60]}",
                "batna": f"B {EVIL}",
                "reservation": 0,
                "weights": {"price": 1},
                "values": {"price": {"low": 0, "high": 1}},
            },
            "buyer": {
                "name": "</script><b>",
                "reservation": 0,
                "weights": {"price": 1},
                "values": {"price": {"low": 1, "high": 0}},
            },
        },
        "articles": {"a1": {"title": f"X {EVIL}", "outlet": EVIL, "date": EVIL, "caveat": EVIL, "paragraphs": 3}},
        "red_lines": [
            {
                "id": "seller-high",
                "party": "seller",
                "wording": f"W {EVIL}",
                "requires": {"price": ["high"]},
                "basis": "stated",
                "sources": [{"article": "a1", "paragraph": 1, "paraphrase": f"P {EVIL}"}],
            },
            {"id": "buyer-low", "party": "buyer", "requires": {"price": ["low"]}, "basis": "assumption"},
        ],
    },
    indent=1,
)


@pytest.fixture(scope="module")
def done() -> Run:
    return ran("2025-12-stalemate")


@pytest.fixture(scope="module")
def stalemate(done: Run) -> SavedRun:
    return saved(done)


@pytest.fixture(scope="module")
def html(stalemate: SavedRun) -> str:
    return run_page(stalemate)


class Tags(HTMLParser):
    """Every element of a page with its attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_report_holds_what_a_reader_without_a_script_needs(html: str, stalemate: SavedRun) -> None:
    text = " ".join(Tags(html).text.split())
    scenario = stalemate.loaded.scenario
    for line in scenario.red_lines:
        assert text.count(sentences.wording(scenario, line)) >= 3  # board or conflict, switches, evidence
        for source in line.sources:
            assert source.paraphrase in text
    assert sim.BANNER in text
    rounds = stalemate.talks.round
    assert talks_answer(scenario, stalemate.talks) in text and headline(scenario, stalemate.zone) in text
    assert "1,466,656" in text and "under declared lines as reported by five secondary articles" in text
    assert text.count("No package meets all of these") >= 5
    spans = [[int(end) for end in span.split("–")] for span in re.findall(r'<span class="when">(.*?)</span>', html)]
    assert [n for span in spans for n in range(span[0], span[-1] + 1)] == list(range(1, rounds + 1))
    assert "ceasefire run 2025-12-stalemate --seed 0" in text
    for path in ("parties.russia.war.cost", "war.hazard", "protocol.deadline"):
        assert path in text
    for section in ("verdict", "zone", "switches", "moves", "talks", "values", "durability", "evidence", "assumptions"):
        assert f'<section id="{section}">' in html


def test_a_page_has_both_readings_and_a_peaceful_one_tells_no_ceasefires_from_settlements(html: str) -> None:
    text = " ".join(Tags(html).text.split())
    for said in ("ceasefire if lines bind a settlement alone", "ceasefire if lines bind any ceasefire"):
        assert said in text
    assert (
        "Russia refuses a plain truce, but narrowly" in text and "--reading ceasefire shows the other reading" in text
    )
    peaceful = Tags(run_page(saved(ran("toy/two-issues"))).partition('id="assumptions"')[0]).text.lower()
    for word in ("settlements", "as a ceasefire", "ceasefire packages", "a month", "truce", "break down", "may hold"):
        assert word not in peaceful, word
    assert peaceful.count("ceasefire zone") == peaceful.count("ceasefire zone toy/two-issues")  # the command


def test_every_reference_inside_a_page_leads_somewhere(html: str, stalemate: SavedRun) -> None:
    other = saved(ran("2022-istanbul"))
    for page in (html, timeline_page([other, stalemate])):
        tags = Tags(page).tags
        ids = [said["id"] for _, said in tags if "id" in said]
        assert len(ids) == len(set(ids))
        targets = {said["href"][1:] for tag, said in tags if tag == "a" and said.get("href")}
        targets |= {word for _, said in tags for word in (said.get("aria-labelledby") or "").split()}
        assert targets <= set(ids)


def test_a_page_names_no_other_place_to_fetch_from(html: str) -> None:
    for tag, said in Tags(html).tags:
        assert tag not in ("iframe", "object", "embed", "img", "base", "form")
        assert not {"src", "action", "srcset", "ping"} & said.keys()
        if "href" in said:
            assert (said["href"] or "").startswith(("#", "data:,"))
    for name in ("colours.css", "report.css"):
        assert "url(" not in part(name) and "@import" not in part(name)
    script = "".join(part(name) for name in ("clipboard.js", "report.js")) + "".join(map(offline.text, offline.ENGINE))
    assert not re.search(r"fetch|XMLHttp|import\(|innerHTML|eval|WebSocket|sendBeacon", script)


def test_a_report_of_a_folder_is_that_of_the_run(done: Run, stalemate: SavedRun, html: str, tmp_path: Path) -> None:
    write_run(done, tmp_path)
    assert report_on([str(tmp_path)]) == tmp_path / REPORT
    assert (tmp_path / REPORT).read_text("utf-8") == html
    back = read_run(tmp_path)
    for name in ("manifest", "zone", "talks", "transcript", "rounds"):
        assert getattr(back, name) == getattr(stalemate, name)
    assert back.loaded.scenario == stalemate.loaded.scenario


def test_a_folder_keeps_changes_and_a_name_with_blanks(write: Write, tmp_path: Path) -> None:
    text = SMALL + "red_lines:\n  - {id: a-line, party: buyer, requires: {price: [low]}, basis: assumption}\n"
    loaded = sim.load(write(text), ["protocol.deadline=5"], ["a-line"])
    write_run(run(loaded, seed=3), tmp_path)
    back = read_run(tmp_path)
    assert (back.loaded.name, back.loaded.changes, back.loaded.without) == (loaded.name, loaded.changes, loaded.without)
    page = run_page(back)
    assert "Changed by <code>--set protocol.deadline=5 --without a-line</code>" in page
    assert "--seed 3" in page


def test_a_report_is_small_and_the_same_when_it_is_made_again(stalemate: SavedRun, html: str) -> None:
    assert run_page(stalemate) == html
    assert len(html.encode()) < LARGEST / 3


def test_hostile_text_stays_text_everywhere(write: Write) -> None:
    done = saved(run(sim.load(write(HOSTILE))))
    for page in (run_page(done), timeline_page([done, done])):
        found = Tags(page)
        assert [tag for tag, _ in found.tags if tag == "script"] == ["script", "script"]
        assert not any(tag in ("img", "b<") or any(name.startswith("on") for name in said) for tag, said in found.tags)
        assert MARK not in page and "⟨U+202E⟩" in page
        for prefix in ("T", "A", "R", "I", "O", "S", "B", "X", "W", "P"):
            assert f"{prefix} <script>alert(1)</script>" in found.text
        (data,) = re.findall(r'<script type="application/json" id="live">(.*?)</script>', page, re.S)
        assert not set("<>&") & set(data) and data.isascii()
        assert next(iter(json.loads(data).values()))["tables"]["constraints"][:2] == ["seller-high", "buyer-low"]


def test_the_scenario_in_a_page_is_the_whole_scenario(write: Write, html: str, stalemate: SavedRun) -> None:
    hostile = saved(run(sim.load(write(HOSTILE))))
    for page, made in ((html, stalemate), (run_page(hostile), hostile)):
        (yaml,) = re.findall(r"<pre[^>]*><code>(.*?)</code></pre>", page, re.S)
        again = sim.load(write(unescape(yaml))).scenario
        assert again.model_dump(exclude={"extends"}) == made.loaded.scenario.model_dump(exclude={"extends"})


def test_distinct_masks_tell_the_size_of_every_subset() -> None:
    back = zone("2025-02-backchannel")
    rng = np.random.default_rng(0)
    for name in ZONE_NAMES:
        table, found = subsets(back, name=name), distinct(back, name=name)
        assert table is not None
        for _ in range(50):
            held = [constraint for constraint in found.ids if rng.random() < 0.5]
            assert found.size(held) == table.size(held)


def many_lines() -> str:
    """A scenario with 35 red lines, 18 of them on low prices and 17 on high ones."""
    ends = [("seller", "low"), ("buyer", "high")]
    lines = [
        {"id": f"line-{n}", "party": ends[n % 2][0], "requires": {"price": [ends[n % 2][1]]}, "basis": "assumption"}
        for n in range(35)
    ]
    return f"{SMALL}red_lines: {json.dumps(lines)}\n"


def test_more_constraints_than_a_table_holds_are_counted_one_by_one(write: Write) -> None:
    done = run(sim.load(write(many_lines())))
    found = distinct(done.zone)
    assert len(found.ids) == 37 and subsets(done.zone) is None
    assert found.size([]) == done.zone.masks["ceasefire"].coherent
    assert found.size(["line-0"]) == done.zone.size("declared", without=sum(1 << n for n in range(1, 37)))
    page = run_page(saved(done))
    assert "37 constraints are more than 30" in page
    assert re.findall(r'id="live">(.*?)</script>', page) == ["{}"]


def test_odd_scenarios_have_reports_too(write: Write) -> None:
    alone = SMALL[: SMALL.index("  buyer:")]
    rule = "{id: v, when: {price: [high]}, requires: {place: [there]}}"
    barred = f"{SMALL}zones: {{ceasefire: {{price: [high], place: [here]}}}}\nvalidity: [{rule}]\n"
    watching = SMALL + (
        "  other: {name: Other, roles: [observer], reservation: 0, weights: {price: 1},\n"
        "          values: {price: {low: 0, middle: 0, high: 0}}}\n"
        "red_lines: [{id: other-line, party: other, requires: {price: [low]}, basis: assumption}]\n"
    )
    for text, said in (
        (alone, "the one signatory"),
        (barred, "No coherent package counts as a ceasefire at all"),
        (watching, "Lines of parties that do not sign bind neither zone nor talks"),
        (SMALL, "This scenario has no red lines"),
    ):
        page = " ".join(Tags(run_page(saved(run(sim.load(write(text)))))).text.split())
        assert said in page


@pytest.mark.e2e
def test_long_talks_stay_within_the_size(write: Write) -> None:
    slow = many_lines() + "protocol: {deadline: 1200}\n"
    page = run_page(saved(run(sim.load(write(slow)))))
    assert len(page.encode()) < LARGEST


def test_events_and_endings_not_known_are_shown_plainly(stalemate: SavedRun) -> None:
    odd = {
        "round": 90,
        "event": "line_bends",
        "party": "russia",
        "line": "russia-no-nato",
        "to": ["moratorium", {"x": 1}],
    }
    known = {"round": 92, "event": "softens", "party": "russia", "red_line": "russia-no-nato", "step": 1}
    lines = [*stalemate.transcript, *map(line_of, (odd, {"round": 91, "event": "storm"}, known))]
    shown = talks_view(stalemate.loaded, replace(stalemate.talks, ending="lunar_eclipse"), lines)
    assert shown["ending"] == shown["ending_words"] == "lunar eclipse"
    assert [entry["others"] for entry in shown["entries"][-3:]] == [
        ["Russia, line bends: line: russia-no-nato; to: moratorium, x 1"],
        ["storm"],
        ["Russia softens a red line (that Ukraine never joins NATO), now 1 step from what was declared"],
    ]


def test_every_ending_and_event_of_the_talks_has_words(stalemate: SavedRun) -> None:
    from sim.talks.how_talks_end import Ending

    assert {ending.word for ending in Ending if ending is not Ending.OPEN} <= set(talks_sentences.ENDINGS)


def appended(path: Path, line: str) -> None:
    path.write_text(f"{path.read_text('utf-8')}{line}\n")


def changed(path: Path, **fields: object) -> None:
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | fields))


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda folder: (folder / "zone.json").unlink(), "zone.json: is missing"),
        (lambda folder: (folder / "run.json").write_text("{"), "run.json:1: is damaged: no JSON"),
        (lambda folder: (folder / "run.json").write_text("[]"), "run.json:1: is damaged: no mapping"),
        (lambda folder: (folder / "run.json").write_text("{}"), "run.json: is damaged: banner: is missing"),
        (
            lambda folder: changed(folder / "run.json", package={"price": "none such"}),
            "holds no run that a report can be made of",
        ),
        (lambda folder: changed(folder / "run.json", round="many"), "run.json: is damaged: round: should be a valid"),
        (lambda folder: appended(folder / "rounds.csv", "9,buyer,dear,,,1,True"), "rounds.csv:"),
        (lambda folder: appended(folder / "transcript.jsonl", '{"round": 9, "event": "reply"}'), "party: is missing"),
        (lambda folder: (folder / "zone.json").write_bytes(b"\xff"), "zone.json: is damaged: no UTF-8"),
        (lambda folder: changed(folder / "zone.json", conflicts={"ceasefire": 7}), "damaged: conflicts.ceasefire: "),
        (lambda folder: (folder / "transcript.jsonl").write_text("{}\n1\n"), "transcript.jsonl:1: is damaged: round: "),
        (lambda folder: appended(folder / "transcript.jsonl", "1"), "is damaged: no mapping"),
        (lambda folder: (folder / "manifest.json").write_text('{"format": 9}'), "is of format 9, not 1"),
        (
            lambda folder: (folder / "manifest.json").write_text('{"format": 1}'),
            "manifest.json: is damaged: banner: is missing",
        ),
        (
            lambda folder: changed(folder / "manifest.json", scenario_resolved={"parties": 3}),
            "holds no scenario that this version reads",
        ),
    ],
)
def test_a_damaged_folder_is_named_in_one_line(
    damage: Callable[[Path], object], said: str, write: Write, tmp_path: Path, cli: Cli
) -> None:
    folder = tmp_path / "a run"
    folder.mkdir()
    write_run(run(sim.load(write(SMALL))), folder)
    (folder / REPORT).write_text("older")
    damage(folder)
    done = cli("report", str(folder))
    assert done.returncode == 1 and said in done.stderr and len(done.stderr.splitlines()) == 1
    assert (folder / REPORT).read_text() == "older"


def test_a_result_cannot_be_changed_afterwards(write: Write, tmp_path: Path) -> None:
    write_run(run(sim.load(write(SMALL))), tmp_path)
    with pytest.raises(ResultError, match="is a result already"):
        report_on([str(tmp_path)], changes=["protocol.deadline=3"])


def test_a_report_that_cannot_be_written_leaves_nothing(write: Write, tmp_path: Path) -> None:
    done = run(sim.load(write(SMALL)))
    (tmp_path / "taken").mkdir()
    (tmp_path / "file").write_text("")
    for place in ("taken", "file/report.html", "x" * 300, "nul\0"):
        with pytest.raises(OutputError) as caught:
            write_report(done, tmp_path / place)
        assert str(caught.value).count("cannot write") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["case.yaml", "file", "taken"]


def test_run_writes_the_same_report_as_report_does(cli: Cli, write: Write, tmp_path: Path) -> None:
    case = write(HOSTILE)
    folder = tmp_path / cli("run", case, "--quiet", "--report").stdout.strip()
    first = (folder / REPORT).read_bytes()
    assert cli("report", str(folder)).stdout.strip() == str(folder / REPORT)
    assert (folder / REPORT).read_bytes() == first
    told = json.loads(cli("report", case, "--json").stdout)
    assert (tmp_path / told["report"]).read_bytes() == first
    assert told["bytes"] == len(first)
    assert cli("report", case, "--to", "mine/r.html").stdout.strip() == str(Path("mine/r.html"))
    assert (tmp_path / "mine/r.html").read_bytes() == first


def test_several_scenarios_are_a_timeline_in_the_order_given(cli: Cli, tmp_path: Path) -> None:
    done = cli("report", "2025-02-backchannel", "toy/two-issues", "2025-12-stalemate", "--json")
    page = (tmp_path / json.loads(done.stdout)["report"]).read_text("utf-8")
    text = " ".join(Tags(page).text.split())
    titles = [sim.load(name).scenario.title for name in ("2025-02-backchannel", "toy/two-issues", "2025-12-stalemate")]
    places = [page.index(f'<a href="#scenario-{n}"><bdi>{title}') for n, title in enumerate(titles, 1)]
    assert places == sorted(places)
    assert "2 of 3 scenarios" in text and "1 of 3 runs" in text
    assert len(page.encode()) < LARGEST
    assert set(json.loads(re.findall(r'id="live">(.*?)</script>', page)[0])) == {"s1-", "s2-", "s3-"}


def test_the_bars_of_a_timeline_are_all_under_one_reading() -> None:
    same = [saved(ran("2025-03-truce-offer", *more)) for more in ((), ("reading=ceasefire",))]
    page = timeline_page(same)
    text = " ".join(Tags(page).text.split())
    assert "under one reading, by which red lines bind a settlement alone" in text
    labels = re.findall(r"in the zone under that reading; ([\d,]+) cross no red line", text)
    assert text.count("2,772 in the zone under that reading") == 2 and len(set(labels)) == 1 == len(labels) / 2
    assert "If lines bind any ceasefire, as it is read here: No deal suits all four" in text


def test_the_strip_of_a_timeline_is_true_to_time_and_its_labels_have_rows_of_their_own() -> None:
    days = ["2022-04-01", "2025-02-10", "2025-02-18", None, "2025-12-05"]
    strip = strip_view([{"as_of": day, "size": n} for n, day in enumerate(days)])
    assert strip is not None and strip["rows"] == 4
    whole = (date(2025, 12, 5) - date(2022, 4, 1)).days
    between = [date(2022, 4, 1), date(2025, 2, 10), date(2025, 2, 18), date(2025, 12, 5)]
    assert [moment["at"] for moment in strip["moments"]] == [
        pytest.approx(100 * (day - between[0]).days / whole) for day in between
    ]
    assert sorted(moment["row"] for moment in strip["moments"]) == [0, 1, 2, 3]
    assert [moment["height"] for moment in strip["moments"]] == [0, 25, 50, 100]
    assert [entry["year"] for entry in strip["years"]] == [2023, 2024, 2025]
    assert strip_view([{"as_of": "2025-01-01", "size": 1}] * 2) is None is strip_view([{"as_of": None, "size": 1}])


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_colours_have_contrast_in_light_dark_and_print() -> None:
    themes = re.findall(r":root \{(.*?)\}", part("colours.css"), re.S)
    assert len(themes) == 3
    for theme in themes:
        colours = {}
        for name, value in re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})", theme):
            colours[name] = value if len(value) == 7 else "#" + "".join(2 * letter for letter in value[1:])
        for ground in ("paper", "panel"):
            for text in ("ink", "soft", "red", "open"):
                assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
            for party in range(8):
                assert contrast(colours[f"p{party}"], colours[ground]) >= 3, (party, ground)
        assert contrast(colours["ink"], colours["red-wash"]) >= 4.5


def test_the_words_of_a_page_keep_to_the_wording_rules(html: str) -> None:
    from tests.test_house import REFUSED

    texts = [path.read_text("utf-8") for path in (ROOT / "sim/report/html/parts").iterdir() if path.is_file()]
    assert len(texts) > 10
    for text in [*texts, Tags(html).text]:
        assert not re.search(REFUSED, text, re.I)


def two_clashes(stalemate: SavedRun) -> SavedRun:
    """Its one conflict without a line carried forward closes the ceasefire zone, all of them the settlement zone."""
    carried = {line.id for line in stalemate.loaded.scenario.red_lines if line.basis == "carried_forward"}
    every = stalemate.zone.conflicts["settlement"]
    stated = next(ids for ids in every if not carried & set(ids))
    return replace(stalemate, zone=replace(stalemate.zone, conflicts={"ceasefire": [stated], "settlement": every}))


def test_a_page_says_once_and_below_all_clashes_what_stands_in_brackets(stalemate: SavedRun) -> None:
    page = run_page(two_clashes(stalemate))
    legend = "In brackets: article ¶paragraph; carried forward: reported by an earlier article, assumed still to hold."
    assert page.count('<section class="why">') == 2 and page.count("In brackets: article") == 1
    assert page.index(legend) > page.rindex('<section class="why">')


def test_the_terminal_says_what_earlier_means_where_a_clash_has_it(stalemate: SavedRun) -> None:
    console = Console(width=80, record=True, file=io.StringIO())
    print_finding(console, stalemate.loaded.scenario, two_clashes(stalemate).zone)
    ceasefire, settlement = console.export_text().split("No settlement: ")
    assert "No ceasefire: red lines exclude each other [article ¶paragraph]\n" in ceasefire
    assert "earlier" not in ceasefire and "earlier]" in settlement
    assert settlement.startswith("red lines exclude each other [article ¶; earlier: still assumed]\n")


@pytest.mark.slow
@pytest.mark.parametrize("name", slugs())
def test_every_shipped_scenario_has_a_report(name: str) -> None:
    page = report_of(run(sim.load(name)))
    sections = re.findall('<section id="([a-z]+)"', page)
    assert len(page.encode()) < LARGEST and len(sections) == len(set(sections))
    assert set(sections) - {"durability"} == {
        "verdict", "zone", "sure", "switches", "moves", "talks", "values", "evidence", "assumptions", "reproduce"
    }  # fmt: skip
