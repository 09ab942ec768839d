import numpy as np
import pytest

from gaitcue.cue.sounds import Sound, Waveform, sound_named
from gaitcue.cue.tables import SoundTables
from gaitcue.events import CuePattern


class Marked:
    """A sound whose beats tell for which tempo they were made, and which they are."""

    name = "marked"
    tempo_step = 4.0

    def beats(self, tempo: float) -> tuple[Waveform, ...]:
        return tuple(np.array([0, tempo, k, 0], dtype=np.float32) for k in range(3))


def made_for(tables: SoundTables, tempo: float, number: int = 0) -> tuple[float, float] | None:
    beat = tables.beat(CuePattern.BEAT, tempo, number)
    return (float(beat[1]), float(beat[2])) if beat is not None and len(beat) == 4 else None


def test_a_sound_is_made_for_rounded_tempi_and_its_beats_take_turns() -> None:
    tables = SoundTables(Marked())
    tables.prepare(101.0)
    assert [made_for(tables, 101.0, k) for k in range(4)] == [
        (100, 0),
        (100, 1),
        (100, 2),
        (100, 0),
    ]


def test_the_nearest_that_is_made_stands_in_until_the_right_one_is() -> None:
    tables = SoundTables(Marked())
    tables.prepare(100.0)
    assert made_for(tables, 107.0) == (100, 0)
    tables.prepare(107.0)
    assert made_for(tables, 107.0) == (108, 0)
    assert made_for(tables, 101.0) == (100, 0)


def test_far_from_all_that_is_made_a_tick_stands_in() -> None:
    tables = SoundTables(Marked())
    tables.prepare(80.0)
    (tick,) = sound_named("tick").beats(80.0)
    beat = tables.beat(CuePattern.BEAT, 95.0, 0)
    assert beat is not None
    np.testing.assert_allclose(beat, tick, atol=0.02)


def test_before_anything_is_made_there_is_silence() -> None:
    assert SoundTables(Marked()).beat(CuePattern.BEAT, 100.0, 0) is None


@pytest.mark.parametrize("name", ["footsteps", "count"])
@pytest.mark.parametrize("tempo", [62.0, 100.0, 138.0])
def test_what_stands_in_at_a_near_tempo_stays_below_full_scale(name: str, tempo: float) -> None:
    sound: Sound = sound_named(name)
    for off in (-2 * sound.tempo_step, 2 * sound.tempo_step):
        beats = sound.beats(min(max(tempo + off, 60.0), 140.0))
        period = round(60 / tempo * 48_000)
        heard = np.zeros(period * (len(beats) + 3))
        for k, beat in enumerate(beats):
            heard[k * period :][: len(beat)] += beat[: len(heard) - k * period]
        assert np.abs(heard).max() <= 1.05, "the cap is never needed at any level below the last"
