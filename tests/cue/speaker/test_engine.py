import numpy as np
import pytest

from gaitcue.cue import Renderer
from gaitcue.cue.sounds import SOUND_RATE, sound_named
from gaitcue.cue.speaker.engine import Engine, Played, Told
from gaitcue.cue.tables import SoundTables
from gaitcue.events import CueEnd, CuePattern, CueStart, CueStrength

BLOCK = 480
"""Samples, 10 ms."""

CUE = CueStart(
    time=5.0, decided=5.0, reason="test", tempo=120.0, latency=0.0,
    pattern=CuePattern.BEAT, strength=CueStrength.CLEAR,
)  # fmt: skip
END = CueEnd(time=5.0, decided=5.0, start=5.0, beats=0, reason="test")


class Said:
    """A clock that believes the device."""

    def block(self, samples: int, said: float) -> float:  # noqa: ARG002
        return said


@pytest.fixture
def engine() -> Engine:
    tables = SoundTables(sound_named("tick"))
    tables.prepare(120.0)
    return Engine(Renderer(tables, 7), 0.0)


def fill(engine: Engine, start: float, seconds: float) -> np.ndarray:
    """What is played from `start` s on."""
    sound = np.zeros(round(seconds * SOUND_RATE), dtype=np.float32)
    for first in range(0, len(sound), BLOCK):
        engine.fill(sound[first : first + BLOCK], Said(), start + first / SOUND_RATE)
    return sound


def first_heard(sound: np.ndarray, start: float) -> float:
    return start + (np.flatnonzero(sound)[0] - 1) / SOUND_RATE  # a tick begins at 0


def test_the_first_beat_is_heard_when_it_is_to_be_and_told_once(engine: Engine) -> None:
    engine.orders.append(Told(CUE, 100.037, 99.9))
    sound = fill(engine, 100.0, 2.0)
    assert first_heard(sound, 100.0) == pytest.approx(100.037, abs=1 / SOUND_RATE)
    assert list(engine.played) == [Played(5.0, 100.037, 99.9)]


def test_a_command_that_comes_too_late_is_obeyed_at_once(engine: Engine) -> None:
    engine.orders.append(Told(CUE, 99.0, 98.9))
    fill(engine, 100.0, 0.02)
    assert list(engine.played) == [Played(5.0, 100.0, 98.9)]


def test_when_no_sound_flows_at_the_first_beat_the_first_that_is_heard_is_told(
    engine: Engine,
) -> None:
    engine.orders.append(Told(CUE, 100.037, 99.9))
    fill(engine, 100.0, 0.02)
    fill(engine, 101.0, 0.3)  # the device stood still for a second
    assert [report.time for report in engine.played] == [pytest.approx(101.037)]


def test_a_cue_that_ends_before_it_is_heard_is_never_told(engine: Engine) -> None:
    engine.orders.append(Told(CUE, 100.037, 99.9))
    fill(engine, 100.0, 0.02)
    engine.orders.append(Told(END, 100.0, 100.0))
    assert not fill(engine, 100.02, 1.0).any()
    assert not engine.played


def test_a_loudspeaker_that_is_late_gets_its_beats_earlier() -> None:
    tables = SoundTables(sound_named("tick"))
    tables.prepare(120.0)
    engine = Engine(Renderer(tables, 7), 0.2)
    engine.orders.append(Told(CUE, 100.5, 99.9))
    sound = fill(engine, 100.0, 1.0)
    assert first_heard(sound, 100.0) == pytest.approx(100.3, abs=1 / SOUND_RATE)
    assert engine.played[0].time == 100.5, "when it is heard"
