import wave
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from gaitcue.cue import SOUND_RATE, CueWav, Metronome, beat_time, beats_before, tick
from gaitcue.errors import InputError
from gaitcue.events import (
    CueEnd,
    CuePattern,
    CueStart,
    CueStrength,
    Event,
    Placement,
    Profile,
    Side,
    WalkEnd,
    WalkStart,
)

FULL_SCALE = 32767


def walk_start(time: float) -> WalkStart:
    return WalkStart(
        time=time, decided=time, sensor="s", placement=Placement.WAIST, side=Side.NONE, rate=100,
        gyroscope=True, profile=Profile.QUIET, software="test",
    )  # fmt: skip


def walk_end(time: float) -> WalkEnd:
    return WalkEnd(time=time, decided=time, samples=1, missing=0)


def cue(start: float, end: float, tempo: float) -> tuple[CueStart, CueEnd]:
    beats = beats_before(start, tempo, end)
    return (
        CueStart(
            time=start,
            decided=start,
            reason="freeze",
            tempo=tempo,
            latency=0.0,
            pattern=CuePattern.BEAT,
            strength=CueStrength.DISCREET,
        ),
        CueEnd(time=end, decided=end, start=start, beats=beats, reason="stepping"),
    )


def sound_of(folder: Path, events: Iterable[Event]) -> NDArray[np.int16]:
    path = folder / "cues.wav"
    with CueWav(path) as wav:
        for event in events:
            wav.take(event)
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (48000, 1, 2)
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")


def onsets(sound: NDArray[np.int16]) -> list[int]:
    """First sample of every tick, found from the sound alone: by its match with one tick."""
    shape = tick()
    loud = np.flatnonzero(np.abs(sound) > 200)
    firsts = loud[np.flatnonzero(np.diff(loud, prepend=-SOUND_RATE) > SOUND_RATE // 10)]
    padded = np.concatenate([np.zeros(SOUND_RATE), sound, np.zeros(SOUND_RATE)])
    return [
        max(
            range(first - 500, first + 100),
            key=lambda at: float(np.dot(padded[SOUND_RATE + at :][: len(shape)], shape)),
        )
        for first in firsts.tolist()
    ]


def half_beat(start: float, tempo: float, beats: int) -> float:
    return start + (beats - 0.5) * 60 / tempo


@pytest.mark.parametrize("tempo", [60.0, 103.7, 140.0])
def test_every_beat_is_on_the_sample_of_its_own_time(tmp_path: Path, tempo: float) -> None:
    origin, start = 1234.56, 1236.1234567
    end = half_beat(start, tempo, 40)
    sound = sound_of(tmp_path, [walk_start(origin), *cue(start, end, tempo), walk_end(end + 1.0)])
    expected = [round((start + k * 60 / tempo - origin) * 48000) for k in range(40)]
    assert onsets(sound) == expected


def test_an_hour_of_beats_does_not_drift() -> None:
    metronome = Metronome(0.0)
    start, _ = cue(0.0, 3600.0, 111.0)
    metronome.start(start)
    for _ in metronome.render(3600.0):
        pass
    beats = 6660
    assert metronome.sample_at(beat_time(0.0, 111.0, beats)) == 3600 * SOUND_RATE
    (last,) = metronome.render(3600.2)
    assert onsets(last) == [0]


def test_the_file_has_the_length_of_the_walk_and_silence_between_cues(tmp_path: Path) -> None:
    first, second = cue(3.0, half_beat(3.0, 90, 8), 90), cue(20.0, half_beat(20.0, 120, 9), 120)
    sound = sound_of(tmp_path, [walk_start(0.0), *first, *second, walk_end(30.0)])
    assert len(sound) == round(30.01 * 48000)
    assert not sound[: 3 * 48000].any()
    assert not sound[round(first[1].time * 48000) : 20 * 48000].any()
    assert len(onsets(sound)) == first[1].beats + second[1].beats == 17


@given(
    start=st.floats(0, 3), tempo=st.floats(60, 140), beats=st.integers(1, 6),
    cuts=st.lists(st.floats(0, 9), max_size=5).map(sorted),
)  # fmt: skip
def test_the_beats_heard_are_the_beats_counted(
    start: float, tempo: float, beats: int, cuts: list[float]
) -> None:
    metronome = Metronome(0.0)
    begin, end = cue(start, half_beat(start, tempo, beats), tempo)
    parts = [*metronome.render(start)]
    metronome.start(begin)
    for cut in cuts:
        parts += metronome.render(min(cut, end.time))
    parts += metronome.render(end.time)
    metronome.stop(end)
    parts += metronome.render(10.0)
    sound = np.concatenate(parts)
    assert end.beats == beats == len(onsets(sound))


@given(tempo=st.floats(60, 140), start=st.floats(0, 1e6), length=st.floats(0, 60))
def test_the_count_agrees_with_the_times_of_the_beats(
    tempo: float, start: float, length: float
) -> None:
    end = start + length
    times = [beat_time(start, tempo, k) for k in range(150)]
    assert beats_before(start, tempo, end) == sum(time < end for time in times)


def test_the_level_never_passes_the_cap_and_swells_over_the_first_beats(tmp_path: Path) -> None:
    events = [walk_start(0.0), *cue(1.0, half_beat(1.0, 140, 12), 140), walk_end(9.0)]
    sound = np.abs(sound_of(tmp_path, events).astype(float)) / FULL_SCALE
    peaks = [sound[at : at + 6000].max() for at in onsets(sound * FULL_SCALE)]
    assert max(peaks) <= 0.5 + 1e-4
    in_db = 20 * np.log10(np.array(peaks) / 0.5)
    assert in_db == pytest.approx([-12, -9, -6, -3, *[0] * 8], abs=0.02)


def test_a_tick_swells_softly(tmp_path: Path) -> None:
    events = [walk_start(0.0), *cue(1.0, half_beat(1.0, 60, 6), 60), walk_end(9.0)]
    sound = sound_of(tmp_path, events).astype(float) / FULL_SCALE
    full = sound[6 * 48000 - 48 : 6 * 48000 + 6240]  # the sixth beat is at full level
    envelope = np.maximum.accumulate(np.abs(full))
    rise = (np.argmax(envelope >= 0.9 * 0.5) - np.argmax(envelope >= 0.1 * 0.5)) / 48
    assert rise > 5.0, "ms from 10 to 90 % of the peak"
    assert envelope[48 + 48] < 0.02, "level after the first ms"
    assert np.abs(np.diff(full[: 48 + 96])).max() < 0.01, "steepest jump in the first 2 ms"
    assert np.abs(full[-48:]).max() < 0.001, "gone before the next beat"


def test_a_cue_cut_within_a_tick_fades_in_ten_milliseconds(tmp_path: Path) -> None:
    start, end = cue(1.0, 1.0 + 5 + 0.008, 60)  # 8 ms into the sixth beat
    sound = sound_of(tmp_path, [walk_start(0.0), start, end, walk_end(9.0)]).astype(float)
    cut = round(end.time * 48000)
    assert end.beats == 6
    assert np.abs(sound[cut : cut + 48]).max() > 5000, "it does not break off"
    assert not sound[cut + 480 :].any()
    assert np.abs(np.diff(sound[cut - 10 : cut + 490])).max() <= np.abs(
        np.diff(tick() * 0.5 * FULL_SCALE)
    ).max() * 1.01, "no jump steeper than the tick's own"  # fmt: skip


def test_a_cue_at_the_very_end_of_the_walk_fades_too(tmp_path: Path) -> None:
    start, end = cue(1.0, 6.008, 60)
    sound = sound_of(tmp_path, [walk_start(0.0), start, end, walk_end(6.008)])
    assert len(sound) == round(6.018 * 48000)
    assert abs(int(sound[-1])) < 10


def test_a_walk_too_long_for_wav_is_refused_in_words(tmp_path: Path) -> None:
    with CueWav(tmp_path / "long.wav") as wav:
        wav.take(walk_start(0.0))
        with pytest.raises(InputError, match=r"at most 12\.4 h"):
            wav.take(walk_end(46_000.0))


def test_a_file_that_cannot_be_written_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        CueWav(tmp_path / "nowhere" / "cues.wav")
