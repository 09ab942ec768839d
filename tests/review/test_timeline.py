import pickle
import re
from dataclasses import replace

import pytest
from walks import RATE, freeze, recording, sensor, walk

from gaitcue.events import FreezeStart, SensorGap, Turn
from gaitcue.review import SummaryFold
from gaitcue.review.chart import chart
from gaitcue.review.excerpts import draw_excerpts, read_excerpts
from gaitcue.review.summary import summarise
from gaitcue.review.timeline import CurveFold, SpanFold, TimelineFold


def timeline(events, seconds=60.0):
    fold = TimelineFold(events[0].time)
    for event in events:
        fold.add(event)
    return fold.result(events[0].time + seconds)


def test_a_curve_keeps_means_and_tops_however_long_it_grows():
    fold = CurveFold(100.0)
    for k in range(4000):  # a value a second: bins of 1 s, then 2, then 4
        fold.add(100.5 + k, float(k % 4))
    curve = fold.result()
    assert curve.width == 4.0
    assert len(curve.bins) == 1000
    assert {b.mean for b in curve.bins} == {1.5}
    assert {b.top for b in curve.bins} == {3.0}
    assert curve.bins[0].time == pytest.approx(102)


def test_a_curve_leaves_out_what_is_no_number():
    fold = CurveFold(0.0)
    for value in (None, float("nan"), float("inf")):
        fold.add(1.0, value)
    assert fold.result().bins == ()


def test_few_spans_stay_apart_and_many_are_joined_but_counted():
    few, many = SpanFold(), SpanFold()
    for k in range(100):
        few.add(k, k + 0.5)
    for k in range(5000):
        many.add(k, k + 0.5)
    assert len(few.result()) == 100
    joined = many.result()
    assert len(joined) <= 400
    assert sum(span.count for span in joined) == 5000
    assert (joined[0].start, joined[-1].end) == (0, 4999.5)


def test_whatever_is_under_way_at_the_end_is_cut_off_there():
    begin, *_, end = walk(60)
    freezes = timeline([begin, *freeze(50, 30)[:2], end]).freezes
    assert [(s.start, s.end) for s in freezes] == [(50, 60)]


def test_memory_does_not_grow_with_the_walk():
    def size(hours):
        events = walk(3600 * hours, freezes=300 * hours)
        events[1:1] = [
            SensorGap(time=k, decided=k, end=k + 0.1, samples=10, reset=False)
            for k in range(600 * hours)
        ]
        summary = SummaryFold([replace(sensor(), read=iter)])
        over_time = TimelineFold(0.0)
        for event in events:
            summary.add(event)
            over_time.add(event)
        return len(pickle.dumps(summary)) + len(pickle.dumps(over_time))

    assert size(3) < 1.1 * size(1)


def test_bars_stand_where_things_happened():
    one = sensor()
    drawn = chart(
        timeline(walk(60)), recording(one), judged=True, turns_seen=True, posture_known=True
    )
    row = next(r for r in drawn.rows if r.label == "Freezes")
    bars = re.findall(r'<rect x="([\d.]+)%" y="18%" width="([\d.]+)%"', row.drawing)
    expected = [(100 * 5 / 60, 5.0), (100 * 30 / 60, 5.0)]
    assert [(float(x), float(w)) for x, w in bars] == [pytest.approx(e, abs=0.01) for e in expected]
    assert "<title>Freezes at 0:05.0 for 3.0 s</title>" in row.drawing
    assert drawn.ticks[1][1] == "0:10"
    assert drawn.ticks[1][0] == pytest.approx(100 / 6)


def test_gaps_are_hatched_in_every_row():
    drawn = chart(
        timeline(walk(60)), recording(sensor()), judged=True, turns_seen=True, posture_known=True
    )
    assert "<title>Missing data at 0:30.0 for 1.0 s</title>" in drawn.definitions
    assert all('href="#gaps"' in row.drawing for row in drawn.rows)


def test_a_curve_is_broken_where_nobody_walked():
    begin, *events, end = walk(60)
    broken = [e for e in events if not 20 < e.time < 40]
    rows = chart(
        timeline([begin, *broken, end]),
        recording(sensor()),
        judged=True,
        turns_seen=True,
        posture_known=True,
    ).rows
    cadence = next(r for r in rows if r.label == "Cadence")
    assert re.search(r' d="([^"]*)" class="curve cadence"', cadence.drawing)[1].count("M") == 2


def test_turns_that_cannot_be_seen_are_not_said_to_be_none():
    events = [e for e in walk(60) if not isinstance(e, Turn)]
    for seen, words in ((True, "Turns: 0"), (False, "Turns: not measured")):
        rows = chart(
            timeline(events), recording(sensor()), judged=True, turns_seen=seen, posture_known=True
        ).rows
        assert words in next(r for r in rows if r.label == "Turns").drawing


@pytest.mark.parametrize("seconds", [0.01, 1, 59, 3600, 86400, 30 * 86400])
def test_the_axis_has_a_few_round_times(seconds):
    begin = walk(60)[0]
    ticks = chart(
        timeline([begin], seconds),
        recording(sensor()),
        judged=False,
        turns_seen=True,
        posture_known=True,
    ).ticks
    assert 1 <= len(ticks) <= 10
    assert all(0 <= at < 100 for at, _ in ticks)
    assert len({label for _, label in ticks}) == len(ticks)


def test_excerpts_hold_the_motion_around_the_episode():
    one = sensor(60)
    episodes = summarise(walk(60), [one]).episodes
    first, second = read_excerpts(one, episodes)
    assert (first.start, first.end) == (0, 13)
    assert first.time[0] == pytest.approx(0)
    assert first.time[-1] == pytest.approx(13 - 1 / RATE, abs=0.011)
    assert first.acc.shape == first.time.shape
    assert second.acc[(second.time > 30.1) & (second.time < 30.9)].tolist() == pytest.approx(
        [float("nan")] * 79, nan_ok=True
    )


def test_only_the_longest_episodes_are_shown_and_long_ones_are_cut():
    begin, *rest, end = walk(1000, freezes=0)
    for k in range(20):
        rest += freeze(20 + 45 * k, 2 + k / 10)
    rest += freeze(940, 50)
    rest.sort(key=lambda e: e.decided)
    one = sensor(1000)
    episodes = summarise([begin, *rest, end], [one]).episodes
    shown = read_excerpts(one, episodes)
    assert len(shown) == 12
    assert min(e.episode.duration for e in shown) == pytest.approx(2.9)
    assert [e.start for e in shown] == sorted(e.start for e in shown)
    assert shown[-1].end - shown[-1].start == 40


def test_a_long_excerpt_is_thinned_without_losing_its_extremes():
    one = sensor(60)
    begin, *rest, end = walk(60, freezes=0)
    episodes = summarise([begin, *rest, *freeze(6, 26), end], [one]).episodes
    ((caption, picture),) = draw_excerpts(read_excerpts(one, episodes), begin.time)
    assert caption == "Freeze at 0:06.0 for 26.0 s"
    assert len(picture) < 20_000
    heights = _heights(re.search(r' d="([^"]*)"', picture)[1])
    (excerpt,) = read_excerpts(one, episodes)
    low, high = (f(excerpt.acc[excerpt.time < 29]) for f in (min, max))
    assert min(heights) == pytest.approx(200 * (1 - high / 15), abs=1)
    assert max(heights) == pytest.approx(200 * (1 - low / 15), abs=1)


def _heights(path):
    """Heights of the first run of a path, from its steps."""
    start, steps = re.match(r"M\d+ (\d+)l([-\d ]*)", path).groups()
    heights = [int(start)]
    for step in steps.split()[1::2]:
        heights.append(heights[-1] + int(step))
    return heights


def test_an_excerpt_without_motion_is_empty_and_drawn():
    one = replace(sensor(), read=lambda: iter(()))
    episodes = summarise(walk(60), [sensor()]).episodes
    drawn = draw_excerpts(read_excerpts(one, episodes), 0.0)
    assert len(drawn) == 2
    assert "<path" not in drawn[0][1]


def test_a_freeze_that_never_ended_still_has_its_excerpt():
    begin, *rest, _ = walk(60, freezes=0)
    unfinished = [begin, *(e for e in rest if e.decided < 40), freeze(38, 9)[0]]
    assert isinstance(unfinished[-1], FreezeStart)
    (excerpt,) = read_excerpts(sensor(60), summarise(unfinished, [sensor(60)]).episodes)
    assert excerpt.start == 33
