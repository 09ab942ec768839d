"""The sound of every cue that can be set, measured in the file that the walker's speaker would get,
and the page that states the figures.
"""

import re
import wave
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hearing import SOFT_RISE, Samples, decibels, lasting, programme_loudness, rise
from hypothesis import given
from hypothesis import strategies as st

from gaitcue.cue import CueWav
from gaitcue.cue.level import (
    LOUDEST_LEVEL,
    PEAK_CAP,
    SOFTEST_LEVEL,
    cue_gain,
    next_gain,
    speech_gain,
)
from gaitcue.cue.sounds import SOUND_RATE, SOUNDS, Sound, sound_named
from gaitcue.cue.sounds.loudness import LOUDNESS, loudest_reading
from gaitcue.cue.sounds.speech import Phrase, text_of
from gaitcue.errors import InputError
from gaitcue.events import CueChange, CueEnd, CuePattern, CueStart, CueStrength

PAGE = (Path(__file__).parents[2] / "docs/reference/sounds.md").read_text(encoding="utf-8")
LEVELS = range(SOFTEST_LEVEL, LOUDEST_LEVEL + 1)
START, TEMPO, BEATS = 0.5, 140.0, 14

every_sound = pytest.mark.parametrize("sound", [kind() for kind in SOUNDS], ids=lambda s: s.name)


def cue_file(path: Path, sound: Sound, level: int, *strengths: CueStrength) -> Samples:
    """A cue of `BEATS` beats of each strength in turn, as its file has it."""
    length = BEATS * 60 / TEMPO
    with CueWav(path, sound, level) as wav:
        wav.begin(0.0)
        wav.take(
            CueStart(
                time=START, decided=START, reason="test", tempo=TEMPO, latency=0.0,
                pattern=CuePattern.BEAT, strength=strengths[0],
            )
        )  # fmt: skip
        for k, strength in enumerate(strengths[1:], start=1):
            at = START + k * length - 0.01
            wav.take(
                CueChange(
                    time=at, decided=at, start=START, reason="test", tempo=TEMPO,
                    pattern=CuePattern.BEAT, strength=strength,
                )
            )  # fmt: skip
        end = START + len(strengths) * length - 0.01
        beats = BEATS * len(strengths)
        wav.take(CueEnd(time=end, decided=end, start=START, beats=beats, reason="test"))
        wav.finish(end)
    with wave.open(str(path)) as file:
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2") / 32767


@every_sound
@pytest.mark.parametrize("strength", CueStrength)
def test_every_sound_at_every_level(tmp_path: Path, sound: Sound, strength: CueStrength) -> None:
    for level in LEVELS:
        heard = cue_file(tmp_path / "cue.wav", sound, level, strength)
        expected = LOUDNESS + decibels(cue_gain(level, strength))
        assert np.abs(heard).max() <= PEAK_CAP
        assert np.abs(heard).max() <= cue_gain(level, strength) * 1.01, "nothing is clipped"
        assert loudest_reading(heard) == pytest.approx(expected, abs=0.3)
        first = heard[round(START * SOUND_RATE) - 100 :][: round(0.15 * SOUND_RATE)]
        assert rise(first) >= SOFT_RISE
        assert not heard[: round(START * SOUND_RATE)].any()


@every_sound
def test_a_cue_swells_from_beat_to_beat_and_again_when_it_becomes_clear(
    tmp_path: Path, sound: Sound
) -> None:
    strengths = (CueStrength.DISCREET, CueStrength.CLEAR)
    heard = cue_file(tmp_path / "cue.wav", sound, 9, *strengths)
    period = round(60 / TEMPO * SOUND_RATE)
    at = round(START * SOUND_RATE)
    readings = [loudest_reading(heard[at + k * period :][:period]) for k in range(2 * BEATS)]
    steps = np.diff(readings)
    assert steps.max() < 5, "dB from a beat to the next; no two steps on gravel are alike"
    assert readings[0] < readings[BEATS - 1] - 10
    assert readings[2 * BEATS - 1] == pytest.approx(readings[BEATS - 1] + 6, abs=1.5)


@given(
    level=st.integers(1, 10),
    strengths=st.lists(st.sampled_from(CueStrength), min_size=1, max_size=30),
)
def test_no_gain_passes_its_level_nor_rises_by_more_than_a_step(
    level: int, strengths: list[CueStrength]
) -> None:
    gain = None
    for strength in strengths:
        full = cue_gain(level, strength)
        after = next_gain(gain, full)
        assert 0 < after <= full <= PEAK_CAP
        assert after <= full * 10 ** (-12 / 20) if gain is None else after <= gain * 1.413
        gain = after
    for _ in range(7):
        gain = next_gain(gain, full)
    assert gain == pytest.approx(full)


def test_a_level_is_louder_than_the_one_below_and_clear_than_discreet() -> None:
    for below, level in pairwise(LEVELS):
        for strength in CueStrength:
            step = cue_gain(level, strength) / cue_gain(below, strength)
            assert decibels(step) == pytest.approx(3)
    for level in LEVELS:
        clearer = cue_gain(level, CueStrength.CLEAR) / cue_gain(level, CueStrength.DISCREET)
        assert decibels(clearer) == pytest.approx(6)
        assert speech_gain(level) <= PEAK_CAP


@pytest.mark.parametrize("level", [0, 11, -1])
def test_no_other_level_is_taken(level: int) -> None:
    with pytest.raises(InputError, match=f"from 1 .softest. to 10 .loudest., not {level}"):
        cue_gain(level, CueStrength.CLEAR)


def rows(heading: str) -> list[list[str]]:
    """Cells of the table below a heading of the page, without its own two heading lines."""
    section = re.split(r"^## ", PAGE, flags=re.MULTILINE)
    (text,) = [part for part in section if part.startswith(heading)]
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_the_figures_of_the_page_are_those_measured() -> None:
    table = {row[0]: [float(cell) for cell in row[1:]] for row in rows("As measured")}
    assert set(table) == {kind.name for kind in SOUNDS}
    for name, stated in table.items():
        sound = sound_named(name)
        heard = PEAK_CAP * lasting(sound, 100)
        measured = [
            decibels(float(np.abs(heard).max())),
            loudest_reading(heard),
            programme_loudness(heard),
            min(rise(beat) for beat in sound.beats(100)),
        ]
        assert stated == pytest.approx(measured, abs=0.06), name


def test_the_levels_of_the_page_are_those_of_the_program() -> None:
    table = {int(row[0]): [float(cell) for cell in row[1:]] for row in rows("Levels")}
    assert list(table) == list(LEVELS)
    for level, stated in table.items():
        gains = [
            cue_gain(level, strength) for strength in (CueStrength.DISCREET, CueStrength.CLEAR)
        ]
        assert stated == pytest.approx([decibels(gain) for gain in gains], abs=0.06)


def test_the_page_tells_all_that_can_be_said() -> None:
    assert rows("What is said") == [[phrase.value, text_of(phrase)] for phrase in Phrase]
