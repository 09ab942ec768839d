"""The sound of cues, in a WAV file and in blocks: judged by its samples."""

import itertools
import wave
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gaitcue.cue import Beats, CueWav, Renderer
from gaitcue.cue.level import PEAK_CAP
from gaitcue.cue.sounds import SOUND_RATE, SOUNDS, Waveform, sound_named
from gaitcue.cue.tables import SoundTables
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

SOUND_NAMES = [kind.name for kind in SOUNDS]

TICK = sound_named("tick").beats(100.0)[0]
TABLES = {name: SoundTables(sound_named(name)) for name in SOUND_NAMES}
STEEPEST = {
    name: [b for s in {name, "get_ready", "count"} for b in sound_named(s).beats(100.0)]
    for name in SOUND_NAMES
}
for _tables in TABLES.values():
    _tables.prepare(100.0)
FULL_SCALE = 32767


def walk_start(time: float) -> WalkStart:
    return WalkStart(
        time=time, decided=time, sensor="s", placement=Placement.WAIST, side=Side.NONE, rate=100,
        gyroscope=True, profile=Profile.QUIET, software="test",
    )  # fmt: skip


def walk_end(time: float) -> WalkEnd:
    return WalkEnd(time=time, decided=time, samples=1, missing=0)


def cue(start: float, end: float, tempo: float) -> tuple[CueStart, CueEnd]:
    beats = Beats(start, tempo).before(end)
    return (
        CueStart(
            time=start,
            decided=start,
            reason="freeze",
            tempo=tempo,
            latency=0.0,
            pattern=CuePattern.BEAT,
            strength=CueStrength.CLEAR,
        ),
        CueEnd(time=end, decided=end, start=start, beats=beats, reason="stepping"),
    )


def sound_of(folder: Path, events: Iterable[Event]) -> NDArray[np.int16]:
    path = folder / "cues.wav"
    with CueWav(path, level=10) as wav:
        for event in events:
            wav.take(event)
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (48000, 1, 2)
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")


def onsets(sound: NDArray[np.int16]) -> list[int]:
    """First sample of every tick, found from the sound alone: by its match with one tick."""
    shape = TICK
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


def renderer(tempo: float = 100.0, sound: str = "tick") -> Renderer:
    tables = SoundTables(sound_named(sound))
    tables.prepare(tempo)
    return Renderer(tables, level=10)


def block(cue: Renderer, samples: int, time: float) -> Waveform:
    out = np.empty(samples, dtype=np.float32)
    cue.render(out, time)
    return out


def test_an_hour_of_beats_does_not_drift() -> None:
    cue = renderer(111.0)
    cue.start(Beats(0.0, 111.0), CuePattern.BEAT, CueStrength.CLEAR)
    begun = []
    out = np.empty(SOUND_RATE, dtype=np.float32)
    for second in range(3601):
        begun += cue.render(out, float(second))
    assert begun[6660] == (6660, 3600.0)
    assert onsets(out * FULL_SCALE) == [0, round(60 / 111 * SOUND_RATE)]


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
@settings(max_examples=40)
def test_the_beats_heard_are_the_beats_counted(
    start: float, tempo: float, beats: int, cuts: list[float]
) -> None:
    cue = renderer(tempo)
    cue.start(Beats(start, tempo), CuePattern.BEAT, CueStrength.CLEAR)
    end = half_beat(start, tempo, beats)
    edges = [0, *(round(min(cut, end) * SOUND_RATE) for cut in cuts), round(end * SOUND_RATE)]
    parts = [block(cue, b - a, a / SOUND_RATE) for a, b in itertools.pairwise(edges)]
    cue.stop()
    parts.append(block(cue, SOUND_RATE, end))
    sound = np.concatenate(parts) * FULL_SCALE
    assert Beats(start, tempo).before(end) == beats == len(onsets(sound))


@given(tempo=st.floats(60, 140), start=st.floats(0, 1e6), length=st.floats(0, 60))
def test_the_count_agrees_with_the_times_of_the_beats(
    tempo: float, start: float, length: float
) -> None:
    end = start + length
    beats = Beats(start, tempo)
    assert beats.before(end) == sum(beats.time(k) < end for k in range(150))


def test_the_level_never_passes_the_cap_and_swells_over_the_first_beats(tmp_path: Path) -> None:
    events = [walk_start(0.0), *cue(1.0, half_beat(1.0, 140, 12), 140), walk_end(9.0)]
    sound = np.abs(sound_of(tmp_path, events).astype(float)) / FULL_SCALE
    peaks = [sound[at : at + 6000].max() for at in onsets(sound * FULL_SCALE)]
    assert max(peaks) <= PEAK_CAP + 1e-4
    in_db = 20 * np.log10(np.array(peaks) / (PEAK_CAP * TICK.max()))
    assert in_db == pytest.approx([-12, -9, -6, -3, *[0] * 8], abs=0.05)


def test_a_tick_swells_softly(tmp_path: Path) -> None:
    events = [walk_start(0.0), *cue(1.0, half_beat(1.0, 60, 6), 60), walk_end(9.0)]
    sound = sound_of(tmp_path, events).astype(float) / FULL_SCALE
    full = sound[6 * 48000 - 48 : 6 * 48000 + 6240]  # the sixth beat is at full level
    envelope = np.maximum.accumulate(np.abs(full))
    rise = (
        np.argmax(envelope >= 0.9 * envelope[-1]) - np.argmax(envelope >= 0.1 * envelope[-1])
    ) / 48
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
        np.diff(TICK * PEAK_CAP * FULL_SCALE)
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


@given(
    sound=st.sampled_from(SOUND_NAMES),
    pattern=st.sampled_from(list(CuePattern)),
    changes=st.lists(
        st.tuples(
            st.floats(0, 4), st.floats(60, 140), st.sampled_from(list(CuePattern)),
            st.sampled_from(list(CueStrength)),
        ),
        max_size=3,
    ).map(lambda found: sorted(found, key=lambda change: change[0])),
    end=st.floats(0.0, 5.0),
    words=st.none() | st.floats(0, 5),
    size=st.integers(100, 4000),
)  # fmt: skip
def test_whatever_is_commanded_there_is_no_click_and_no_sound_above_the_cap(
    sound: str,
    pattern: CuePattern,
    changes: list[tuple[float, float, CuePattern, CueStrength]],
    end: float,
    words: float | None,
    size: int,
) -> None:
    tables = TABLES[sound]
    cue = Renderer(tables, level=10)
    cue.start(Beats(0.1, 100.0), pattern, CueStrength.CLEAR)
    said = tables.beat(CuePattern.COUNT, 100.0, 0)
    assert said is not None
    parts = []
    for start in range(0, 6 * SOUND_RATE, size):
        time = start / SOUND_RATE
        while changes and changes[0][0] <= time:
            _, tempo, *rest = changes.pop(0)
            tables.prepare(tempo)
            cue.change(tempo, *rest)
        if end <= time:
            cue.stop()
        if words is not None and words <= time:
            cue.say(said)
            words = None
        parts.append(block(cue, size, time))
    heard = np.concatenate(parts)
    steepest = max(float(np.abs(np.diff(s)).max()) for s in STEEPEST[sound])
    assert np.abs(heard).max() <= PEAK_CAP
    # Three beats at most sound into each other (gravel and words are longer than a beat).
    assert np.abs(np.diff(heard)).max() <= 3 * PEAK_CAP * steepest + 1e-3


def test_a_change_of_tempo_keeps_the_phase() -> None:
    cue = renderer(120.0)
    cue.start(Beats(0.0, 120.0), CuePattern.BEAT, CueStrength.CLEAR)
    times = []
    for row in range(0, 4 * SOUND_RATE, 480):
        if row == round(1.2 * SOUND_RATE):
            cue.change(60.0, CuePattern.BEAT, CueStrength.CLEAR)
        times += [time for _, time in cue.render(np.empty(480, dtype=np.float32), row / SOUND_RATE)]
    assert times == pytest.approx([0.0, 0.5, 1.0, 1.5, 2.5, 3.5])


def test_getting_ready_is_heard_once_and_then_the_beat() -> None:
    tables = SoundTables(sound_named("tick"))
    tables.prepare(100.0)
    ready = [tables.beat(CuePattern.GET_READY, 100.0, k) for k in range(6)]
    notes = sound_named("get_ready").beats(100.0)
    for heard, expected in zip(ready, [*notes, TICK, TICK], strict=True):
        np.testing.assert_array_equal(heard, expected)


def test_what_passed_unrendered_is_left_out_and_never_bunched_up() -> None:
    cue = renderer(100.0)
    cue.start(Beats(0.0, 100.0), CuePattern.BEAT, CueStrength.CLEAR)
    out = np.empty(4800, dtype=np.float32)
    assert cue.render(out, 0.0) == [(0, 0.0)]
    assert cue.render(out, 1.75) == [(3, pytest.approx(1.8))]


def test_words_are_said_one_after_the_other_and_can_be_hushed() -> None:
    cue = renderer()
    word = np.sin(np.linspace(0, 2000, SOUND_RATE)).astype(np.float32)
    cue.say(word)
    cue.say(word)
    sound = np.concatenate([block(cue, 4800, k / 10) for k in range(15)])
    assert sound[round(1.45 * SOUND_RATE) :].any(), "the second follows the first"
    cue.hush()
    after = block(cue, SOUND_RATE, 1.5)
    assert not after[480:].any()
