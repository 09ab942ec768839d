"""Posture and slipped straps as the report tells them."""

import math
import re

import pytest
from walks import recording, sensor, walk

from gaitcue.events import MountingSlip, Posture, PostureChange
from gaitcue.imu import Placement
from gaitcue.review import summarise, summary_lines
from gaitcue.review.report import write_report
from gaitcue.review.timeline import TimelineFold

LIES, RISES = 40.0, 50.0


def events():
    begin, *rest, end = walk(60)
    rest += [
        PostureChange(time=LIES, decided=LIES + 5, posture=Posture.LYING),
        PostureChange(time=RISES, decided=RISES + 1, posture=Posture.UPRIGHT),
        MountingSlip(time=20.0, decided=24.0, angle=math.radians(33)),
    ]
    return [begin, *sorted(rest, key=lambda e: e.decided), end]


def test_the_time_in_each_posture_adds_up_from_when_it_was_known():
    summary = summarise(events(), [sensor()])
    assert summary.postures[Posture.LYING] == pytest.approx(RISES - LIES)
    assert sum(summary.postures.values()) == pytest.approx(60 - 7, abs=0.02)  # told from 7 s on
    assert [slip.time for slip in summary.slips] == [20.0]


def test_posture_that_is_not_known_has_its_reason():
    known = [e for e in walk(60) if not isinstance(e, PostureChange)]
    assert "walking" in summarise(known, [sensor()]).reasons["postures"]
    shank = sensor(placement=Placement.SHANK)
    assert "cannot tell" in summarise(known, [shank]).reasons["postures"]


def test_the_summary_and_the_report_tell_posture_and_slip(tmp_path):
    lines = "\n".join(summary_lines(summarise(events(), [sensor()])))
    assert "lying 10.0 s" in lines
    assert "Slipped strap at 0:20.0: the sensor sits turned by 33°" in lines
    path = tmp_path / "report.html"
    write_report(recording(sensor()), [sensor()], events(), path)
    html = path.read_text(encoding="utf-8")
    assert re.search(r"<dt>Lying</dt><dd>10\.0 s</dd>", html)
    assert "turned by 33°" in html
    assert "Sitting or lying at 0:40.0 for 10.0 s" in html


def test_who_still_lies_at_the_end_lies_to_the_end():
    fold = TimelineFold(0.0)
    fold.add(PostureChange(time=40.0, decided=45.0, posture=Posture.LYING))
    (span,) = fold.result(60.0).rests
    assert (span.start, span.end) == (40.0, 60.0)
