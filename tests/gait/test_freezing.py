"""The freezing model and the decisions taken from it."""

import io
from dataclasses import replace

import numpy as np
import pytest
from gait_walks import SHORT, track, tracker_for, walk

from gaitcue.events import FreezeEnd, FreezeScore, FreezeStart, Phenotype, Profile
from gaitcue.gait.freezing import FreezeDetector, detector
from gaitcue.gait.freezing.detector import CONFIRMED, EARLIEST, OVER_AFTER, WARM_UP
from gaitcue.gait.freezing.features import LEVELS, RELATIVE, ROTATION, WAVE, WAVE_SAMPLES
from gaitcue.gait.freezing.model import Network, Weights, weights
from gaitcue.imu import Placement

TICK = 0.25
MOVING, STILL = 1.0, -6.0
"""Log (m/s²)² of the power in every band."""


class Scripted:
    """A network that says what it is told to."""

    def __init__(self, odds):
        self._odds = iter(odds)

    def __call__(self, rows):
        return [next(self._odds) for _ in rows]


def decide(
    monkeypatch,
    odds,
    *,
    level=MOVING,
    profile=Profile.ASSIST,
    sensitivity=0.0,
    last_step=1.0,
    turned=None,
):
    """The events of a detector whose model, after the warm-up, says `odds`; threshold 1 or 2."""
    lead = round(WARM_UP / TICK)
    script = Scripted([-9.0] * lead + list(odds))
    monkeypatch.setattr(detector, "Network", lambda *_, **__: script)
    learned = replace(weights(), thresholds=np.array([[1.0, 2.0], [9.0, 9.0]]))
    monkeypatch.setattr(detector, "weights", lambda: learned)
    freezes = FreezeDetector(
        Placement.LOWER_BACK, profile, gyroscope=False, sensitivity=sensitivity
    )
    rows = np.zeros((lead + len(odds), WAVE.stop))
    rows[:, LEVELS] = level
    events = []
    for tick, look in enumerate(freezes.look(rows)):
        angle = None if turned is None else turned[max(tick - lead, 0)]
        events += freezes(tick * TICK, tick * TICK, look, last_step, turned=angle)
    return events


def of(kind, events):
    return [event for event in events if isinstance(event, kind)]


def test_one_high_decision_is_no_freeze(monkeypatch):
    assert CONFIRMED == 2
    assert of(FreezeStart, decide(monkeypatch, [-3, 3, -3, 3, -3])) == []


def test_a_freeze_begins_where_the_score_rose(monkeypatch):
    (start,) = of(FreezeStart, decide(monkeypatch, [-3, 0.8, 0.9, 1.5, 1.5, 1.5]))
    assert start.time == WARM_UP + TICK
    assert start.decided == WARM_UP + 4 * TICK


def test_a_freeze_is_not_dated_back_for_ever(monkeypatch):
    (start,) = of(FreezeStart, decide(monkeypatch, [*[0.8] * 40, 1.5, 1.5], last_step=9.0))
    assert start.decided - start.time == EARLIEST


def test_a_freeze_ends_only_when_the_score_stays_low(monkeypatch):
    dip = [3, 3, -1, 3, 3]
    assert of(FreezeEnd, decide(monkeypatch, dip)) == []
    (end,) = of(FreezeEnd, decide(monkeypatch, [*dip, -1, -1, -1, -1]))
    assert end.time == WARM_UP + len(dip) * TICK
    assert end.decided == pytest.approx(end.time + OVER_AFTER)


def test_a_score_just_below_the_threshold_keeps_a_freeze_going(monkeypatch):
    events = decide(monkeypatch, [3, 3, *[0.8] * 20])
    assert len(of(FreezeStart, events)) == 1
    assert of(FreezeEnd, events) == []


@pytest.mark.parametrize(
    ("profile", "sensitivity", "found"),
    [
        (Profile.ASSIST, 0.0, 1),
        (Profile.QUIET, 0.0, 0),
        (Profile.QUIET, 1.0, 1),
        (Profile.ASSIST, -1.0, 0),
    ],
)
def test_profile_and_sensitivity_move_the_threshold(monkeypatch, profile, sensitivity, found):
    events = decide(monkeypatch, [1.5] * 4, profile=profile, sensitivity=sensitivity)
    assert len(of(FreezeStart, events)) == found


@pytest.mark.parametrize(
    ("level", "phenotype"), [(MOVING, Phenotype.TREMBLING), (STILL, Phenotype.AKINETIC)]
)
def test_the_two_hypotheses_are_kept_apart(monkeypatch, level, phenotype):
    events = decide(monkeypatch, [3.0] * 4, level=level)
    (start,) = of(FreezeStart, events)
    assert start.phenotype is phenotype
    last = of(FreezeScore, events)[-1]
    assert last.trembling + last.akinetic == pytest.approx(last.score)
    assert (last.akinetic > last.trembling) == (phenotype is Phenotype.AKINETIC)


@pytest.mark.parametrize("last_step", [None, -29.0])
def test_who_has_not_walked_freezes_only_on_more_evidence(monkeypatch, last_step):
    assert of(FreezeStart, decide(monkeypatch, [1.9] * 4, last_step=last_step)) == []
    assert len(of(FreezeStart, decide(monkeypatch, [2.5] * 4, last_step=last_step))) == 1


@pytest.mark.parametrize(
    ("turned", "turning"),
    [(None, None), ([0.0] * 4, False), ([1.5, 0.0, 0.0, 0.0], False), ([0.0, 1.5, 0.0, 0.0], True)],
)
def test_a_freeze_is_one_while_turning_by_where_it_began(monkeypatch, turned, turning):
    (start,) = of(FreezeStart, decide(monkeypatch, [-3, 0.8, 1.5, 1.5], turned=turned))
    assert start.turning is turning


def test_a_sensitivity_beyond_the_dial_is_refused():
    samples, _ = walk(SHORT)
    with pytest.raises(ValueError, match="sensitivity"):
        tracker_for(samples, sensitivity=3.0)


@pytest.mark.parametrize("placement", [Placement.LOWER_BACK, Placement.SHANK])
def test_the_heading_does_not_matter(placement):
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(20, WAVE.stop))
    turned = rows.copy()
    wave = rows[:, WAVE].reshape(20, 3, WAVE_SAMPLES)
    cos, sin = np.cos(0.7), np.sin(0.7)
    turned[:, WAVE] = np.stack(
        [wave[:, 0], cos * wave[:, 1] - sin * wave[:, 2], sin * wave[:, 1] + cos * wave[:, 2]], 1
    ).reshape(20, -1)
    one, other = (Network(weights(), placement, gyroscope=True) for _ in range(2))
    assert one(rows) == pytest.approx(other(turned), abs=1e-9)


def test_without_gyroscope_rotation_says_nothing():
    rows = np.random.default_rng(2).normal(size=(10, WAVE.stop))
    other = rows.copy()
    for part in (LEVELS, RELATIVE):
        other[:, part][:, ROTATION] = 5.0
    networks = [Network(weights(), Placement.SHANK, gyroscope=False) for _ in range(2)]
    assert networks[0](rows) == networks[1](other)


def test_ticks_together_are_as_ticks_one_by_one():
    rows = np.random.default_rng(3).normal(size=(30, WAVE.stop))
    together, apart = (Network(weights(), Placement.SHANK, gyroscope=True) for _ in range(2))
    assert together(rows) == [odds for row in rows for odds in apart(row[np.newaxis])]


def test_weights_come_back_as_they_were_written():
    learned = weights()
    file = io.BytesIO()
    learned.write(file)
    file.seek(0)
    again = Weights.read(file)
    assert all(
        np.array_equal(getattr(again, name), getattr(learned, name)) for name in Weights.__slots__
    )


def test_assist_is_at_least_as_sensitive_as_quiet():
    assert all(assist <= quiet for assist, quiet in weights().thresholds)


def test_scores_are_probabilities_four_a_second():
    samples, _ = walk(SHORT)
    scores = of(FreezeScore, track(samples))
    assert all(0 <= s.score <= 1 and s.freeze_index >= 0 for s in scores)
    assert np.diff([s.time for s in scores]) == pytest.approx(0.25)


def test_without_gravity_freezes_are_not_looked_for():
    samples, _ = walk(SHORT, Placement.FOOT)
    down = samples.acc.mean(axis=0)
    events = track(replace(samples, acc=samples.acc - down, gravity=False), gravity=False)
    assert of(FreezeScore, events) == []
    assert any(event.type == "step" for event in events)
