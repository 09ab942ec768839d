import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from walks import recording, reference, sensor, walk

from gaitcue.bluetooth.latency import Latency
from gaitcue.errors import InputError
from gaitcue.events import CueEnd, CueStart, DataProblem, Event, SensorGap, WalkEnd, WalkStart
from gaitcue.imu import Placement
from gaitcue.recording.model import Annotation, Kind, Recording, Sensor
from gaitcue.review import WalkSummary, summarise
from gaitcue.review.numbers import numbers
from gaitcue.review.report import write_report
from gaitcue.review.words import duration

HOSTILE = "<script>alert(1)</script>\"'&]]>{{7*7}}\x00\x1b\u202e\udcff"
VOID = {"meta", "link", "br", "hr", "img", "input"}


class Page(HTMLParser):
    """Checks that tags are balanced, and gathers text by id, tags, and outside addresses."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.text: dict[str, list[str]] = {}
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        values = {key: value or "" for key, value in attrs}
        self.tags.append(tag)
        self.links += [
            values[key] for key in ("src", "href", "xlink:href", "data") if key in values
        ]
        if "id" in values:
            self.ids.append(values["id"])
        assert not any(key.startswith("on") for key in values)
        if tag not in VOID:
            self.open.append((tag, values.get("id", "")))

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        for _, name in self.open:
            if name:
                self.text.setdefault(name, []).append(data)

    def words(self, name: str) -> str:
        return " ".join("".join(self.text[name]).split())


def written(recording: Recording, one: Sensor, events: list[Event], folder: Path) -> str:
    path = folder / "report.html"
    write_report(recording, [one], iter(events), path)
    return path.read_text(encoding="utf-8")


def bare(seconds: float = 60.0) -> list[Event]:
    return [e for e in walk(seconds) if isinstance(e, (WalkStart, WalkEnd))]


def far_walk() -> tuple[Recording, Sensor, list[Event]]:
    one = sensor(60, start=1.7e9)
    return recording(one, **reference(60, 1.7e9)), one, walk(60, start=1.7e9)


def hostile_walk() -> tuple[Recording, Sensor, list[Event]]:
    one = replace(sensor(60), device=HOSTILE, name=HOSTILE)
    begin, *rest = walk(60)
    events: list[Event] = [
        replace(begin, recording=HOSTILE, software=HOSTILE, sensor=HOSTILE)  # type: ignore[call-arg]
    ]
    for event in rest:
        if isinstance(event, CueEnd):
            events.append(replace(event, reason=HOSTILE))
        elif isinstance(event, DataProblem):
            events.append(replace(event, kind=HOSTILE, detail=HOSTILE))
        else:
            events.append(event)
    label = Annotation(onset=3, duration=2, kind=Kind.FREEZE, detail=HOSTILE)
    walked = recording(
        one, name=HOSTILE, subject=HOSTILE, condition=HOSTILE, source=HOSTILE, note=HOSTILE,
        annotations=(label,), annotated=frozenset({Kind.FREEZE}),
    )  # fmt: skip
    return walked, one, events


def no_gyroscope() -> tuple[Recording, Sensor, list[Event]]:
    one = sensor(gyroscope=False, placement=Placement.SHANK)
    return recording(one), one, walk(60, speed=False, turns=False)


WALKS = {
    "rich": lambda: (recording(sensor(), **reference()), sensor(), walk(60)),
    "calm": lambda: (recording(sensor()), sensor(), walk(60, freezes=0, problems=0)),
    "bare": lambda: (recording(sensor()), sensor(), bare()),
    "one sample": lambda: (recording(sensor(0.01)), sensor(0.01), bare(0.01)),
    "broken off": lambda: (recording(sensor()), sensor(), walk(60, ended=False)),
    "far from zero": far_walk,
    "no gyroscope": no_gyroscope,
    "hostile": hostile_walk,
}


@pytest.fixture(params=WALKS)
def any_walk(request):
    return WALKS[request.param]()


def test_the_page_stands_alone_and_is_well_formed(any_walk, tmp_path):
    html = written(*any_walk, tmp_path)
    page = Page(html)
    assert "http:" not in html
    assert "https:" not in html
    assert "@import" not in html
    assert re.findall(r"url\((?!#)", html) == []
    assert {link for link in page.links if not link.startswith("#")} == {"data:,"}
    assert set(page.tags).isdisjoint({"img", "iframe", "object", "embed", "form", "base"})
    assert len(page.ids) == len(set(page.ids))
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)


def test_the_only_script_is_data(any_walk, tmp_path):
    html = written(*any_walk, tmp_path)
    assert Page(html).tags.count("script") == 1
    assert re.findall(r"<script[^>]*>", html) == ['<script type="application/json" id="numbers">']


def test_drawings_are_well_formed_and_have_titles(any_walk, tmp_path):
    html = written(*any_walk, tmp_path)
    starts = [at.start() for at in re.finditer('<svg role="img"', html)]
    roots = [ET.fromstring(_whole(html, start)) for start in starts]  # noqa: S314 - our own page
    assert len(roots) >= 7
    assert all(root[0].tag == "title" and root[0].text for root in roots)


def _whole(html: str, start: int) -> str:
    """The element of the drawing that begins at `start`, with the drawings inside it."""
    depth = 0
    for tag in re.finditer(r"<(/?)svg\b", html[start:]):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return html[start : start + tag.end()] + ">"
    raise AssertionError("a drawing is not closed")


def test_no_number_is_no_number(any_walk, tmp_path):
    html = written(*any_walk, tmp_path)
    assert (
        re.findall(
            r"\b(?:nan|inf|None|null%)\b", re.sub("<style>.*?</style>", "", html, flags=re.DOTALL)
        )
        == []
    )
    data = Page(html).text["numbers"]

    def refuse(constant):
        raise AssertionError(constant)

    json.loads("".join(data), parse_constant=refuse)


def test_hostile_names_are_shown_as_they_are(tmp_path):
    html = written(*hostile_walk(), tmp_path)
    page = Page(html)
    assert "alert" in page.words("numbers")
    assert "<script>alert" not in html
    assert "49" not in html.split("<h1>")[1].split("</h1>")[0]
    assert html.split("<h1>")[1].startswith("<bdi>&lt;script&gt;alert(1)&lt;/script&gt;")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f]", html.replace("\n", "").replace("\t", ""))


def test_the_numbers_shown_are_those_of_the_summary(tmp_path):
    one = sensor(300)
    events = walk(300, freezes=6)
    walked = recording(one, height=1.8)
    summary = summarise(events, [one], 1.8)
    page = Page(written(walked, one, events, tmp_path))
    assert page.words("tile-percent_time_frozen").startswith(
        f"Percent time frozen {summary.percent_time_frozen:.1f} %"
    )
    assert page.words("tile-freezes").startswith(f"Freezes {summary.freezes}")
    assert page.words("tile-steps").startswith(f"Steps {summary.steps}")
    assert page.words("tile-cues").startswith(f"Cues {summary.cues}")
    assert page.words("tile-walking_time").startswith(
        f"Walking time {duration(summary.walking_time)}"
    )
    for name, label, value, unit in (
        ("freeze_duration", "Median freeze", f"{summary.freeze_duration.median:.1f}", "s"),
        ("cadence", "Cadence", f"{summary.cadence.median:.0f}", "steps/min"),
        ("speed", "Gait speed", f"{summary.speed.mean:.2f}", "m/s"),
        ("stride_length", "Stride length", f"{summary.stride_length.median:.2f}", "m"),
    ):
        assert page.words(f"tile-{name}").startswith(f"{label} {value} {unit}")
    assert f"± {summary.speed_sd:.2f}" in page.words("tile-speed")
    assert json.loads("".join(page.text["numbers"])) == numbers(summary)


def test_the_embedded_numbers_hold_every_attribute_but_the_motion():
    live = replace(sensor(), records=lambda: iter(()))  # of a live walk, kept by its raw log
    summary = summarise(walk(60), [live])
    plain = json.loads(json.dumps(numbers(summary)))
    assert set(plain) == set(WalkSummary.__slots__)
    assert not {"read", "records"} & set(plain["sensors"][0])
    assert plain["freezes"] == 2
    assert plain["cadence"]["median"] == summary.cadence.median
    assert plain["reasons"] == dict(summary.reasons)


def test_what_has_no_number_says_why(tmp_path):
    walked, one, events = no_gyroscope()
    summary = summarise(events, [one])
    html = written(walked, one, events, tmp_path)
    page = Page(html)
    assert page.words("tile-speed").startswith("Gait speed \N{EN DASH}")
    assert summary.reasons["speed"] in page.words("tile-speed")
    for reason in summary.reasons.values():
        assert html.count(reason.replace("'", "&#39;")) >= 1


def test_an_unjudged_walk_does_not_claim_to_be_free_of_freezes(tmp_path):
    html = written(recording(sensor()), sensor(), bare(), tmp_path)
    assert "Whether the walker froze is not known." in html
    assert "found no freezing" not in html
    assert "Freezes: not measured" in html


def test_a_trial_is_told_where_there_is_one_and_without_a_claim_while_it_is_small(tmp_path):
    one = sensor()
    drawn = [
        replace(event, reason="drawn") if isinstance(event, CueStart) else event
        for event in walk(60)
    ]
    with_trial = Page(written(recording(one), one, drawn, tmp_path)).words("trial")
    assert "With a beat: 1 freeze, lasting on" in with_trial
    assert "Not enough freezes yet" in with_trial
    assert "own trial" not in written(recording(one), one, walk(60), tmp_path)


def test_reference_labels_stand_apart_and_only_where_there_are_any(tmp_path):
    one = sensor()
    with_labels = written(recording(one, **reference()), one, walk(60), tmp_path)
    without = written(recording(one), one, walk(60), tmp_path)
    above, below = with_labels.split("Reference labels.")
    assert below.count('class="reference"') == 3
    assert 'class="reference"' not in above
    assert "Reference labels." not in without
    looked = written(recording(one, annotated=frozenset({Kind.FREEZE})), one, walk(60), tmp_path)
    assert "Freezes: 0" in looked.split("Reference labels.")[1]


@pytest.mark.parametrize(
    ("change", "grade"),
    [
        ({}, "Good"),
        ({"problems": 1}, "Limited"),
        ({"missing": 0.02}, "Limited"),
        ({"missing": 0.2}, "Poor"),
        ({"clipped": 0.2}, "Poor"),
        ({"ended": False}, "Limited"),
    ],
)
def test_the_badge_follows_its_rule(change, grade, tmp_path):
    events = walk(20, problems=change.get("problems", 0), ended=change.get("ended", True))
    lost = change.get("missing", 0) * 20
    if lost:
        events.insert(5, SensorGap(time=3, decided=3, end=3 + lost, samples=1, reset=False))
    if "clipped" in change:
        count = int(change["clipped"] * 2000)
        events.insert(5, DataProblem(time=3, decided=3, kind="clipped", count=count, detail="x"))
    html = written(recording(sensor(20)), sensor(20), events, tmp_path)
    assert f"<strong>{grade}</strong>" in html
    assert f'class="badge {grade.lower()}"' in html


def test_an_hour_with_sixty_freezes_stays_small(tmp_path):
    one = sensor(3600)
    html = written(recording(one), one, walk(3600, freezes=60), tmp_path)
    assert len(html.encode()) < 500_000
    assert html.count("<figcaption>") == 12
    assert "Motion around the 12 longest" in html


def test_the_page_does_not_grow_with_the_walk(tmp_path):
    sizes = [
        len(written(recording(sensor(60)), sensor(60), walk(3600 * h, freezes=1200 * h), tmp_path))
        for h in (1, 4)
    ]
    assert sizes[1] < 1.1 * sizes[0]
    assert sizes[1] < 1_000_000


def test_the_motion_is_read_once_and_no_further_than_needed(tmp_path):
    blocks = []
    one = sensor(300)

    def watched():
        for block in one.read():
            blocks.append(float(block.time[0]))
            yield block

    seen = replace(one, read=watched)
    calm = walk(300, freezes=0)
    write_report(recording(seen), [seen], calm, tmp_path / "calm.html")
    assert blocks == []
    write_report(recording(seen), [seen], walk(300, freezes=1), tmp_path / "early.html")
    assert blocks == sorted(set(blocks))
    assert max(blocks) <= 20.0


def test_missing_samples_are_left_blank_in_the_excerpts(tmp_path):
    one = sensor(60)
    events = walk(60, freezes=2)  # the second freeze is at 30 s, where a second is missing
    html = written(recording(one), one, events, tmp_path)
    first, second = re.findall(r"<figure>.*?</figure>", html, flags=re.DOTALL)
    assert [d.count("M") for d in re.findall(r' d="([^"]*)"', first)] == [1, 1]
    assert [d.count("M") for d in re.findall(r' d="([^"]*)"', second)] == [2, 2]


def test_the_same_walk_gives_the_same_bytes(tmp_path):
    one = sensor()
    pages = {written(recording(one, **reference()), one, walk(60), tmp_path) for _ in range(2)}
    assert len(pages) == 1


def test_a_report_that_cannot_be_written_is_told_in_a_sentence(tmp_path):
    one = sensor()
    with pytest.raises(InputError, match="cannot be written"):
        write_report(recording(one), [one], walk(60), tmp_path / "nowhere" / "report.html")


@pytest.mark.parametrize("events", [[], walk(60)[1:]])
def test_events_that_are_no_walk_leave_no_file(events, tmp_path):
    with pytest.raises(InputError):
        write_report(recording(sensor()), [sensor()], events, tmp_path / "report.html")
    assert list(tmp_path.iterdir()) == []


def _luminance(colour: str) -> float:
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_text_and_marks_stand_out(tmp_path):
    css = written(*WALKS["calm"](), tmp_path)
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", css))
    for paper in ("#ffffff", colours["wash"]):
        assert _contrast(colours["ink"], paper) >= 7  # WCAG 2.2, 1.4.6
        assert _contrast(colours["soft"], paper) >= 7
        for mark in ("freeze", "cue", "bout", "turn", "rest", "reference"):
            assert _contrast(colours[mark], paper) >= 3  # WCAG 2.2, 1.4.11
    for grade in ("good", "limited", "poor"):
        paper, ink = re.findall(rf"\.{grade} {{ background: (#\w+); color: (#\w+)", css)[0]
        assert _contrast(ink, paper) >= 7


def test_the_page_has_headings_in_order_and_captions(tmp_path):
    page = Page(written(*WALKS["rich"](), tmp_path))
    levels = [int(tag[1]) for tag in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    assert page.tags.count("caption") == page.tags.count("table")
    assert page.tags.count("table") == 5


def test_how_late_the_samples_came_is_told_where_it_was_measured(tmp_path: Path) -> None:
    unknown = sensor()
    assert "came late" not in written(recording(unknown), unknown, bare(), tmp_path)
    known = replace(unknown, latency=Latency(0.032, 0.009))
    page = written(recording(known), known, bare(), tmp_path)
    assert "Samples came late by" in page
    assert "about 32 ms, give or take 9 ms" in page
