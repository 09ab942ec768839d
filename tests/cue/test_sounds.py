import importlib.metadata
from itertools import pairwise

import numpy as np
import pytest
from hearing import SOFT_RISE, decibels, lasting, levels, pitch, rise
from hypothesis import given, settings
from hypothesis import strategies as st

from gaitcue.cue.sounds import SOUND_RATE, SOUNDS, Sound, Waveform, known_sounds, sound_named
from gaitcue.cue.sounds.count import beat_of
from gaitcue.cue.sounds.loudness import LOUDNESS, loudest_reading
from gaitcue.cue.sounds.shape import one_round
from gaitcue.cue.sounds.speech import counted
from gaitcue.errors import InputError

TEMPI = (60.0, 100.0, 140.0)
NAMES = [kind.name for kind in SOUNDS]

every_sound = pytest.mark.parametrize("sound", [kind() for kind in SOUNDS], ids=NAMES)
every_tempo = pytest.mark.parametrize("tempo", TEMPI)


@every_sound
@every_tempo
def test_all_sounds_are_equally_loud(sound: Sound, tempo: float) -> None:
    assert loudest_reading(lasting(sound, tempo)) == pytest.approx(LOUDNESS, abs=0.1)


@every_sound
@every_tempo
def test_no_beat_begins_abruptly(sound: Sound, tempo: float) -> None:
    for beat in sound.beats(tempo):
        assert rise(beat) >= SOFT_RISE


@every_sound
@every_tempo
def test_beats_begin_and_end_in_silence(sound: Sound, tempo: float) -> None:
    for beat in sound.beats(tempo):
        assert beat.dtype == np.float32
        assert beat.ndim == 1
        assert np.abs(beat[[0, -1]]).max() < 1e-6


@every_sound
@settings(max_examples=8, deadline=None)
@given(tempo=st.floats(60, 140))
def test_no_peak_passes_full_scale_however_beats_overlap(sound: Sound, tempo: float) -> None:
    beats = sound.beats(tempo)
    assert max(np.abs(beat).max() for beat in beats) <= 1
    assert np.abs(one_round(beats, tempo)).max() <= 1


@every_sound
def test_the_same_tempo_gives_the_same_samples(sound: Sound) -> None:
    for first, second in zip(sound.beats(97.3), type(sound)().beats(97.3), strict=True):
        np.testing.assert_array_equal(first, second)


@every_sound
def test_most_of_a_sound_is_where_small_loudspeakers_and_old_ears_are_good(sound: Sound) -> None:
    heard = lasting(sound, 100)
    power = np.abs(np.fft.rfft(heard)) ** 2
    frequency = np.fft.rfftfreq(len(heard), 1 / SOUND_RATE)
    assert power[(frequency > 200) & (frequency < 5000)].sum() > 0.75 * power.sum()


@every_tempo
def test_footsteps_never_break_off(tempo: float) -> None:
    heard = levels(lasting(sound_named("footsteps"), tempo))
    assert heard.min() > heard.max() - 30


@every_tempo
def test_every_footstep_stands_out_of_the_rolling(tempo: float) -> None:
    sound = sound_named("footsteps")
    heard = one_round(sound.beats(tempo), tempo)
    steps = len(sound.beats(tempo))
    period = len(heard) // steps

    def level(step: int, start: float, end: float) -> float:
        rows = np.arange(round(start * period), round(end * period)) + step * period
        return decibels(float(np.sqrt(np.mean(heard.take(rows, mode="wrap") ** 2))))

    for step in range(steps):
        assert level(step, 0.02, 0.12) > level(step, 0.3, 0.7) + 10
        assert level(step, 0.02, 0.12) > level(step, -0.12, -0.02) + 3, "the beat is the heel's"


def test_no_two_footsteps_are_alike_and_the_loop_has_no_seam() -> None:
    beats = sound_named("footsteps").beats(100)
    for k, one in enumerate(beats):
        for other in beats[:k]:
            assert abs(np.corrcoef(one[:9600], other[:9600])[0, 1]) < 0.6
    heard = one_round(beats, 100).astype(float)
    joint = np.abs(np.diff(np.roll(heard, SOUND_RATE // 2)))
    seam = joint[SOUND_RATE // 2 - 480 : SOUND_RATE // 2 + 480]
    assert seam.max() < joint.max(), "no click"
    at_beats = levels(heard, 0.6)
    assert abs(at_beats[-1] - at_beats[:-1].mean()) < 3 * at_beats[:-1].std() + 0.5


def test_the_accent_is_on_every_other_beat_and_higher() -> None:
    high, low = (pitch(beat) for beat in sound_named("tick_tock").beats(100))
    assert high / low == pytest.approx(4 / 3, rel=0.02)
    (plain,) = sound_named("tick").beats(100)
    assert pitch(plain) == pytest.approx(low, rel=0.01)


def test_the_notes_to_get_ready_by_rise_and_the_last_rings_longest() -> None:
    notes = sound_named("get_ready").beats(100)
    assert all(second > 1.15 * first for first, second in pairwise(map(pitch, notes)))
    assert len(notes[-1]) == max(map(len, notes))
    assert max(map(len, sound_named("get_ready").beats(140))) < 60 / 140 * SOUND_RATE


@every_tempo
def test_counted_words_are_heard_evenly_though_some_begin_early(tempo: float) -> None:
    heard = lasting(sound_named("count"), tempo)
    period = 60 / tempo * SOUND_RATE
    for beat in range(1, 7):
        middle = round(beat * period)
        around = heard[middle - round(period / 2) : middle + round(period / 2)]
        late = beat_of(around) - round(period / 2)
        assert 0 < late / SOUND_RATE < 0.06
    assert beat_of(counted()[2]) > beat_of(counted()[0]) + 0.1 * SOUND_RATE, "the s of step"


def test_each_counted_word_is_over_before_the_next() -> None:
    heard = lasting(sound_named("count"), 140)
    period = 60 / 140 * SOUND_RATE
    for beat in range(1, 6):
        before = heard[round((beat - 0.35) * period) : round((beat + 0.02) * period)]
        assert levels(before, 0.01).min() < levels(heard, 0.01).max() - 25


def test_a_reading_is_that_of_a_sound_level_meter() -> None:
    time = np.arange(2 * SOUND_RATE) / SOUND_RATE
    # Table of the A-weighting in IEC 61672-1: 0 dB at 1 kHz.
    for frequency, weight in ((125, -16.1), (250, -8.6), (500, -3.2), (2000, 1.2), (4000, 1.0)):
        tone = np.sin(2 * np.pi * frequency * time)
        assert loudest_reading(tone) == pytest.approx(weight, abs=0.1)
    # A tone burst of 200 ms reads 1.0 dB below the lasting tone, one of 20 ms 8.3 dB (F, 5.9).
    for length, below in ((0.2, -1.0), (0.02, -8.3)):
        burst = np.sin(2 * np.pi * 4000 * time) * (time < length)
        assert loudest_reading(burst) == pytest.approx(1.0 + below, abs=0.15)
    assert loudest_reading(np.zeros(100)) == -np.inf


def test_an_unknown_sound_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InputError, match=r"no sound 'bell': it is one of tick, .*, music:FILE"):
        sound_named("bell")


class Bell:
    name = "bell"
    tempo_step = 140.0

    def beats(self, tempo: float) -> tuple[Waveform, ...]:
        return (np.zeros(round(60 / tempo), dtype=np.float32),)


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    entry = importlib.metadata.EntryPoint("bell", request.param, "gaitcue.sounds")
    offers = {"gaitcue.sounds": [entry]}
    monkeypatch.setattr("gaitcue.cue.sounds.registry.entry_points", lambda group: offers[group])


@pytest.mark.usefixtures("offered")
@pytest.mark.parametrize("offered", [f"{__name__}:Bell"], indirect=True)
def test_a_sound_of_another_package_is_found() -> None:
    assert isinstance(sound_named("bell"), Bell)
    assert [kind.name for kind in known_sounds()] == [*NAMES, "bell"]


@pytest.mark.usefixtures("offered")
@pytest.mark.parametrize("offered", ["nowhere:Bell", f"{__name__}:NAMES"], indirect=True)
def test_a_broken_sound_of_another_package_is_told_in_words() -> None:
    with pytest.raises(InputError, match="the sound 'bell'"):
        sound_named("bell")
